/* Gets the token that explains a class, and takes it apart as far as it can be. */
#include "corpus/program/show_example.h"

#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/base/parallel.h"
#include "corpus/program/generate.h"

/* ---- generated ---- */

/* The shortest tokens are the easiest to read. */
static enum assay_alg readable_alg(const struct mutation_class *class) {
  static const enum assay_alg first[] = {ASSAY_ES256, ASSAY_HS256, ASSAY_ED25519, ASSAY_RS256, ASSAY_PS256};
  uint64_t algs = class->variants[0].algs ? class->variants[0].algs : class->algs;
  for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
    if (algs & ASSAY_ALG_BIT(first[i]))
      return first[i];
  return (enum assay_alg)__builtin_ctzll(algs);
}

static json_t *json_or_null(const char *text) {
  return text ? must(json_loads(text, JSON_ALLOW_NUL, NULL)) : NULL;
}

static void from_case(struct show_example *example, const struct casebook *book) {
  const struct corpus_case *one = &book->cases[book->case_count - 1];
  example->id = must(strdup(one->id));
  example->alg = one->alg;
  example->now = one->now;
  example->policy = one->policy ? must(strdup(one->policy)) : NULL;
  example->keys = json_or_null(one->keys);
  text_set(&example->token, one->token, one->token_len);
  if (one->after == CORPUS_NONE)
    return;
  const struct corpus_case *first = &book->cases[one->after];
  text_set(&example->first, first->token, first->token_len);
}

static void generated(struct show_example *example, const struct mutation_group *group,
                      const struct mutation_class *class) {
  struct generate_options options;
  struct casebook book;
  generate_profile("small", &options);
  options.threads = parallel_cores();
  generate_example(&options, group, class, readable_alg(class), &book);
  from_case(example, &book);
  example->source = must(strdup("generated with seed 1"));
  book_fini(&book);
}

/* ---- from a corpus ---- */

static bool is_of(const struct corpus *corpus, const struct corpus_token *token, const char *class_id,
                  const char *variant) {
  const struct corpus_variant *its = &corpus->variants[token->variant];
  return bytes_eq_str(corpus_bytes(corpus, its->class_id), class_id) &&
         (!variant || bytes_eq_str(corpus_bytes(corpus, its->name), variant));
}

/* The first variant's first token; another of the class where the corpus has none of it. */
static const struct corpus_token *find_token(const struct corpus *corpus,
                                             const struct mutation_class *class) {
  const struct corpus_token *other = NULL;
  for (uint64_t i = 0; i < corpus->header->token_count; i++) {
    const struct corpus_token *token = &corpus->tokens[i];
    if (is_of(corpus, token, class->id, class->variants[0].name))
      return token;
    if (!other && is_of(corpus, token, class->id, NULL))
      other = token;
  }
  return other;
}

static char *copy_span(const struct corpus *corpus, struct corpus_span span) {
  struct assay_bytes bytes = corpus_bytes(corpus, span);
  return must_copy(bytes.ptr, bytes.len);
}

static json_t *setting_keys(const struct corpus *corpus, const struct corpus_setting *setting) {
  json_t *keys = must(json_object());
  for (uint32_t i = 0; i < setting->key_count; i++) {
    const struct corpus_key *key = &corpus->keys[setting->first_key + i];
    struct assay_bytes iss = corpus_bytes(corpus, key->iss), jwks = corpus_bytes(corpus, key->jwks);
    json_t *set = json_loadb((const char *)jwks.ptr, jwks.len, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);
    json_object_setn_new(keys, (const char *)iss.ptr, iss.len,
                         set ? set : json_stringn((const char *)jwks.ptr, jwks.len));
  }
  return keys;
}

static void from_token(struct show_example *example, const struct corpus *corpus,
                       const struct corpus_token *token) {
  struct assay_bytes bytes = corpus_bytes(corpus, token->token);
  example->id = copy_span(corpus, token->id);
  example->alg = (enum assay_alg)token->alg;
  example->now = token->now;
  text_set(&example->token, bytes.ptr, bytes.len);
  if (token->after != CORPUS_NONE) {
    struct assay_bytes first = corpus_bytes(corpus, corpus->tokens[token->after].token);
    text_set(&example->first, first.ptr, first.len);
  }
  if (token->setting == 0)
    return;
  example->policy = copy_span(corpus, corpus->settings[token->setting].policy);
  example->keys = setting_keys(corpus, &corpus->settings[token->setting]);
}

static bool found(struct show_example *example, const struct mutation_class *class, const char *folder,
                  struct assay_error *error) {
  struct corpus corpus;
  if (!corpus_open(&corpus, folder, error))
    return false;
  const struct corpus_token *token = find_token(&corpus, class);
  if (token)
    from_token(example, &corpus, token);
  corpus_close(&corpus);
  if (!token)
    return error_set(error, "corpus %s has no token of the class '%s'", folder, class->id);
  if (asprintf(&example->source, "from corpus %s", folder) < 0)
    fatal("no memory");
  return true;
}

bool show_example_get(struct show_example *example, const struct mutation_group *group,
                      const struct mutation_class *class, const char *folder, struct assay_error *error) {
  *example = (struct show_example){.now = CORPUS_NOW_UNSET};
  if (folder)
    return found(example, class, folder, error);
  generated(example, group, class);
  return true;
}

void show_example_fini(struct show_example *example) {
  free(example->id);
  free(example->policy);
  free(example->source);
  json_decref(example->keys);
  text_free(&example->token);
  text_free(&example->first);
}

/* ---- parts ---- */

static bool decode(struct assay_bytes part, struct text *out) {
  struct base64_decode_ctx decoder;
  size_t len = BASE64_DECODE_LENGTH(part.len);
  uint8_t *octets = must(malloc(len + 1));
  base64url_decode_init(&decoder); /* update alone: JOSE leaves the padding out (RFC 7515 2) */
  bool ok = base64_decode_update(&decoder, &len, octets, part.len, (const char *)part.ptr) == 1;
  if (ok)
    text_set(out, octets, len);
  free(octets);
  return ok;
}

/* From the part's first byte to the byte behind its last; the last part goes on to the end. */
static bool part_of(const struct show_example *example, int number, struct assay_bytes *part) {
  const uint8_t *at = example->token.ptr, *end = at + example->token.len;
  for (int i = 0; at && i < number; i++) {
    at = memchr(at, '.', (size_t)(end - at));
    at = at ? at + 1 : NULL;
  }
  *part = bytes_of(at, at ? (size_t)(end - at) : 0);
  if (!at)
    return false;
  const uint8_t *dot = number < 2 && part->len ? memchr(at, '.', part->len) : NULL;
  part->len = dot ? (size_t)(dot - at) : part->len;
  return true;
}

bool show_example_part(const struct show_example *example, int number, struct text *out) {
  struct assay_bytes part;
  text_clear(out);
  if (!part_of(example, number, &part))
    return false;
  if (decode(part, out))
    return true;
  text_set(out, part.ptr, part.len);
  return false;
}

struct assay_bytes show_example_signature(const struct show_example *example) {
  struct assay_bytes part;
  part_of(example, 2, &part);
  return part;
}
