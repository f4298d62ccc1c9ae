/* What a whole verifier is asked: it gets the policy as JSON and the key sets as texts, and answers alone. As
 * with trusts, setting 0 stays open, and of the others one at a time. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "harness/base/file.h"
#include "harness/base/grow.h"
#include "harness/pipeline/policy/policy_json.h"
#include "harness/worker/worker.h"

/* Texts of a setting while it is opened. Everything in it is owned. */
struct texts {
  char *policy;
  struct assay_setting_keys *keys;
  size_t key_count;
};

static void texts_fini(struct texts *texts) {
  for (size_t i = 0; i < texts->key_count; i++) {
    free((char *)texts->keys[i].iss);
    free((char *)texts->keys[i].jwks);
  }
  free(texts->keys);
  free(texts->policy);
}

static bool keys_add(struct texts *texts, char *iss, char *jwks) {
  struct assay_setting_keys *keys = grown_by_one(texts->keys, texts->key_count, sizeof *keys);
  if (keys)
    texts->keys = keys;
  if (!keys || !iss || !jwks) {
    free(iss);
    free(jwks);
    return false;
  }
  texts->keys[texts->key_count++] = (struct assay_setting_keys){iss, jwks};
  return true;
}

static char *text_copy(struct assay_bytes bytes) {
  return strndup((const char *)bytes.ptr, bytes.len);
}

static bool texts_of_corpus(struct worker *worker, uint32_t number, struct texts *texts,
                            struct assay_error *error) {
  const struct corpus *corpus = &worker->corpus;
  uint32_t count = corpus->settings[number].key_count;
  struct trust_keys *keys = setting_keys(corpus, number);
  bool ok = keys != NULL;
  for (uint32_t i = 0; ok && i < count; i++)
    ok = keys_add(texts, text_copy(keys[i].iss), text_copy(keys[i].jwks));
  free(keys);
  if (!ok)
    return error_set(error, "no memory for the key sets of setting %u", number);
  texts->policy = policy_json(corpus_bytes(corpus, corpus->settings[number].policy), "policy", error);
  return texts->policy != NULL;
}

/* A policy that the user named has its keys in files. */
struct key_files {
  struct worker *worker;
  struct texts *texts;
  struct assay_error *error;
  bool failed;
};

static void key_file(void *arg, const char *iss, const char *path, size_t line) {
  (void)line;
  struct key_files *files = arg;
  char whole[8300], *jwks;
  size_t len;
  bool relative = path[0] != '/';
  snprintf(whole, sizeof whole, "%s%s%s", relative ? files->worker->policy_folder : "", relative ? "/" : "",
           path);
  if (files->failed)
    return;
  files->failed = !file_read(whole, &jwks, &len, files->error);
  if (files->failed)
    return;
  files->failed = !keys_add(files->texts, strdup(iss), text_copy(bytes_of(jwks, len)));
  free(jwks);
}

static bool texts_of_file(struct worker *worker, struct texts *texts, struct assay_error *error) {
  struct assay_bytes policy = bytes_of(worker->policy_text, worker->policy_len);
  struct key_files files = {worker, texts, error, false};
  texts->policy = policy_json(policy, worker->policy_name, error);
  return texts->policy && policy_key_paths(policy, worker->policy_name, key_file, &files, error) &&
         !files.failed;
}

static int64_t now_of(const char *policy) {
  json_t *object = json_loads(policy, 0, NULL);
  const json_t *now = json_object_get(object, "now");
  int64_t value = json_is_integer(now) ? json_integer_value(now) : CORPUS_NOW_UNSET;
  json_decref(object);
  return value;
}

static void close_one(struct worker *worker, struct whole *whole) {
  if (whole->setting != CORPUS_NONE)
    worker->verifier->close(whole->state);
  whole->setting = CORPUS_NONE;
}

struct whole *whole_open(struct worker *worker, uint32_t setting, struct assay_error *error) {
  struct whole *whole = &worker->whole[setting != 0];
  if (whole->setting == setting)
    return whole;
  close_one(worker, whole);
  struct texts texts = {0};
  bool ok = setting == 0 && worker->policy_text ? texts_of_file(worker, &texts, error)
                                                : texts_of_corpus(worker, setting, &texts, error);
  if (ok) {
    const struct assay_setting given = {texts.policy, texts.keys, texts.key_count};
    whole->now = now_of(texts.policy);
    ok = worker->verifier->open(&given, &whole->state) == ASSAY_MATCH ||
         error_set(error, "%s cannot open setting %u", worker->verifier->name, setting);
  }
  texts_fini(&texts);
  if (ok)
    whole->setting = setting;
  return ok ? whole : NULL;
}

void whole_ask(const struct worker *worker, const struct whole *whole, const struct corpus_token *token,
               struct assay_answer *answer) {
  answer->reason = REASON_FAULT;
  answer->words[0] = '\0';
  int64_t now = token->now != CORPUS_NOW_UNSET ? token->now : whole->now;
  worker->verifier->verify(whole->state, corpus_bytes(&worker->corpus, token->token),
                           now != CORPUS_NOW_UNSET ? now : (int64_t)time(NULL), answer);
}

void whole_close(struct worker *worker) {
  close_one(worker, &worker->whole[0]);
  close_one(worker, &worker->whole[1]);
}
