/* Verifies so many HS256 tokens of a corpus in the plainest of loops, with no measurement in it, to be run
 * under Callgrind. count_instructions MODULE CORPUS TOKENS
 * Instructions per token are (those of 2N tokens - those of N tokens) / N: start-up cancels. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "backends/backend.h"
#include "corpus/store/store.h"
#include "harness/pipeline/pipeline.h"

static struct trust *trust_of(const struct corpus *corpus, struct assay_error *error) {
  struct trust_keys keys[64];
  const struct corpus_setting *setting = &corpus->settings[0];
  uint32_t count = setting->key_count < 64 ? setting->key_count : 64;
  for (uint32_t i = 0; i < count; i++) {
    const struct corpus_key *key = &corpus->keys[setting->first_key + i];
    keys[i] = (struct trust_keys){corpus_bytes(corpus, key->iss), corpus_bytes(corpus, key->jwks)};
  }
  return trust_read(corpus_bytes(corpus, setting->policy), "policy.yaml", NULL, keys, count, error);
}

static bool is_measured(const struct corpus *corpus, const struct corpus_token *token) {
  return token->alg == ASSAY_HS256 && token->setting == 0 && token->verdict == EXPECT_ACCEPT &&
         bytes_eq_str(corpus_bytes(corpus, corpus->variants[token->variant].class_id), "valid");
}

/* The measured tokens' indices; returns how many. */
static size_t pick_tokens(const struct corpus *corpus, uint32_t *picked, size_t room) {
  size_t count = 0;
  for (uint32_t i = 0; i < corpus->header->token_count && count < room; i++)
    if (is_measured(corpus, &corpus->tokens[i]))
      picked[count++] = i;
  return count;
}

/* False at a wrong verdict, or where there is nothing to verify. */
static bool verify_tokens(const struct corpus *corpus, struct session *session, long wanted) {
  static uint32_t picked[1000];
  size_t count = pick_tokens(corpus, picked, 1000);
  for (long i = 0; i < wanted && count > 0; i++)
    if (pipeline_verify(session, corpus_bytes(corpus, corpus->tokens[picked[(size_t)i % count]].token)) !=
        REASON_OK)
      return false;
  return count > 0;
}

static const struct assay_backend *backend_of(const char *path, struct assay_error *error) {
  void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  const struct assay_backend *backend = module ? dlsym(module, ASSAY_BACKEND_SYMBOL) : NULL;
  if (!backend)
    error_set(error, "%s", dlerror());
  return backend;
}

static int fail(const struct assay_error *error) {
  fprintf(stderr, "count_instructions: %s\n", error->text);
  return 4;
}

int main(int argc, char **argv) {
  struct corpus corpus;
  struct assay_error error = {0};
  if (argc != 4)
    return error_set(&error, "usage: count_instructions MODULE CORPUS TOKENS"), fail(&error);
  const struct assay_backend *backend = backend_of(argv[1], &error);
  if (!backend || !corpus_open(&corpus, argv[2], &error))
    return fail(&error);
  struct trust *trust = trust_of(&corpus, &error);
  const struct trust *const trusts[] = {trust};
  struct session *session = trust ? session_open(backend, trusts, 1, &error) : NULL;
  if (!session)
    return fail(&error);
  bool right = verify_tokens(&corpus, session, atol(argv[3]));
  session_close(session);
  trust_free(trust);
  corpus_close(&corpus);
  return right ? 0 : 2;
}
