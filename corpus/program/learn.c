/* From tokens to sums. Nothing of a token outlives learning_take but numbers, registered names and salted
 * hashes of issuers. */
#include "corpus/program/learn.h"

#include <errno.h>
#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "corpus/base/fatal.h"
#include "corpus/program/learn_sums.h"
#include "corpus/store/token_alg.h"

struct learning *learning_open(struct assay_error *error) {
  struct learning *learning = must(calloc(1, sizeof *learning));
  if (getrandom(learning->salt, sizeof learning->salt, 0) == sizeof learning->salt)
    return learning;
  free(learning);
  error_set(error, "the system gives no random numbers: %s", strerror(errno));
  return NULL;
}

void learning_close(struct learning *learning) {
  if (!learning)
    return;
  explicit_bzero(learning->salt, sizeof learning->salt);
  pool_fini(&learning->shape_of);
  pool_fini(&learning->issuer_of);
  free(learning->shapes);
  free(learning->issuers);
  free(learning);
}

/* ---- one token ---- */

/* The JSON object of a part; NULL: it is none. New reference. */
static json_t *decode_part(struct assay_bytes part) {
  struct base64_decode_ctx decoder;
  size_t len = BASE64_DECODE_LENGTH(part.len);
  uint8_t *octets = must(malloc(len + 1));
  base64url_decode_init(&decoder);
  bool ok = base64_decode_update(&decoder, &len, octets, part.len, (const char *)part.ptr) == 1;
  json_t *json = ok ? json_loadb((const char *)octets, len, JSON_ALLOW_NUL, NULL) : NULL;
  free(octets);
  if (json_is_object(json))
    return json;
  json_decref(json);
  return NULL;
}

static enum learned_kind kind_of(const json_t *value) {
  switch (json_typeof(value)) {
  case JSON_STRING: return KIND_STRING;
  case JSON_INTEGER: return KIND_INTEGER;
  case JSON_REAL: return KIND_REAL;
  case JSON_NULL: return KIND_NULL;
  case JSON_ARRAY: return KIND_ARRAY;
  case JSON_OBJECT: return KIND_OBJECT;
  default: return KIND_BOOLEAN;
  }
}

static struct name_sum *sum_of(struct name_sum *sums, const char *name) {
  for (size_t i = 0; i < LEARN_NAMES_MAX; i++) {
    if (!sums[i].name)
      sums[i].name = name;
    if (sums[i].name == name)
      return &sums[i];
  }
  fatal("more registered names than there is room for");
}

static void add_value(struct name_sum *sum, const json_t *value) {
  sum->count++;
  sum->kinds[kind_of(value)]++;
  sum->bytes += (double)json_dumpb(value, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY);
}

static void add_members(struct learning *learning, json_t *header, json_t *claims) {
  const char *name;
  json_t *value;
  json_object_foreach(header, name, value) {
    const char *known = registered_header(name);
    if (known)
      add_value(sum_of(learning->header, known), value);
  }
  json_object_foreach(claims, name, value) {
    const char *known = registered_claim(name);
    add_value(known ? sum_of(learning->claims, known) : &learning->others, value);
  }
}

/* The number of a key in a pool, from 0 in the order of arrival. */
static uint32_t number_of(struct pool *pool, const void *key, size_t len, size_t count) {
  uint32_t *value = pool_value(pool, bytes_of(key, len));
  if (*value == CORPUS_NONE)
    *value = (uint32_t)count;
  return *value;
}

static void add_issuer(struct learning *learning, const json_t *claims) {
  const json_t *iss = json_object_get(claims, "iss");
  struct hmac_sha256_ctx hmac;
  uint8_t hash[LEARN_HASH_BYTES];
  if (!json_is_string(iss))
    return;
  hmac_sha256_set_key(&hmac, sizeof learning->salt, learning->salt);
  hmac_sha256_update(&hmac, json_string_length(iss), (const uint8_t *)json_string_value(iss));
  hmac_sha256_digest(&hmac, sizeof hash, hash);
  uint32_t at = number_of(&learning->issuer_of, hash, sizeof hash, learning->issuer_count);
  if (at == learning->issuer_count) {
    learning->issuers = must_have_one_more(learning->issuers, at, sizeof *learning->issuers);
    learning->issuers[learning->issuer_count++] = (struct issuer_sum){0};
    memcpy(learning->issuers[at].hash, hash, sizeof hash);
  }
  learning->issuers[at].count++;
}

static void add_shape(struct learning *learning, struct shape_key key) {
  uint32_t at = number_of(&learning->shape_of, &key, sizeof key, learning->shape_count);
  if (at == learning->shape_count) {
    learning->shapes = must_have_one_more(learning->shapes, at, sizeof *learning->shapes);
    learning->shapes[learning->shape_count++] = (struct shape_sum){.key = key};
  }
  learning->shapes[at].count++;
}

/* Cuts at dots; how many parts there are, of which at most `most` are kept. */
static unsigned cut_parts(struct assay_bytes token, struct assay_bytes *parts, unsigned most) {
  unsigned count = 0;
  for (const uint8_t *at = token.ptr, *end = at + token.len;; count++) {
    const uint8_t *dot = memchr(at, '.', (size_t)(end - at));
    if (count < most)
      parts[count] = bytes_of(at, (size_t)((dot ? dot : end) - at));
    if (!dot)
      return count + 1;
    at = dot + 1;
  }
}

void learning_take(struct learning *learning, struct assay_bytes token) {
  struct assay_bytes parts[3];
  unsigned count = cut_parts(token, parts, 3);
  json_t *header = count == 3 ? decode_part(parts[0]) : NULL, *claims = header ? decode_part(parts[1]) : NULL;
  size_t signature = count == 3 ? parts[2].len * 3 / 4 : 0;
  enum assay_alg alg = claims
                           ? token_alg_by_length(json_string_value(json_object_get(header, "alg")), signature)
                           : ASSAY_ALG_NONE;
  if (!claims)
    learning->skipped[count == 5 ? SKIPPED_ENCRYPTED : SKIPPED_NO_TOKEN]++;
  else if (alg == ASSAY_ALG_NONE)
    learning->skipped[SKIPPED_ALG]++;
  else {
    learning->tokens++;
    add_members(learning, header, claims);
    add_issuer(learning, claims);
    add_shape(learning, (struct shape_key){.alg = (uint32_t)alg,
                                           .key_bits = token_rsa_bits(alg, signature),
                                           .claims = (uint32_t)json_object_size(claims),
                                           .steps = (uint32_t)((token.len + LEARN_STEP / 2) / LEARN_STEP)});
  }
  json_decref(header);
  json_decref(claims);
}

/* ---- lines ---- */

static void take_line(struct learning *learning, const char *line, size_t len) {
  static const char scheme[] = "Bearer ";
  while (len > 0 && strchr(" \t\r\n", line[0]))
    line++, len--;
  while (len > 0 && strchr(" \t\r\n", line[len - 1]))
    len--;
  if (len > sizeof scheme && strncasecmp(line, scheme, sizeof scheme - 1) == 0)
    line += sizeof scheme - 1, len -= sizeof scheme - 1;
  if (len > 0)
    learning_take(learning, bytes_of(line, len));
}

static void take_matches(struct learning *learning, const regex_t *regex, const char *line) {
  regmatch_t match[2];
  for (int flags = 0; regexec(regex, line, 2, match, flags) == 0; flags = REG_NOTBOL) {
    if (match[1].rm_so >= 0)
      take_line(learning, line + match[1].rm_so, (size_t)(match[1].rm_eo - match[1].rm_so));
    if (match[0].rm_eo == 0)
      return;
    line += match[0].rm_eo;
  }
}

static bool compile(regex_t *regex, const char *pattern, struct assay_error *error) {
  char why[200];
  int problem = regcomp(regex, pattern, REG_EXTENDED);
  if (problem != 0) {
    regerror(problem, regex, why, sizeof why);
    return error_set(error, "--pattern '%s': %s", pattern, why);
  }
  if (regex->re_nsub > 0)
    return true;
  regfree(regex);
  return error_set(error, "--pattern '%s' has no group: put parentheses around the token", pattern);
}

bool learning_read(struct learning *learning, FILE *stream, const char *name, const char *pattern,
                   struct assay_error *error) {
  char *line = NULL;
  size_t size = 0;
  regex_t regex;
  if (pattern && !compile(&regex, pattern, error))
    return false;
  for (ssize_t len; (len = getline(&line, &size, stream)) >= 0;)
    if (pattern)
      take_matches(learning, &regex, line);
    else
      take_line(learning, line, (size_t)len);
  free(line);
  if (pattern)
    regfree(&regex);
  return !ferror(stream) || error_set(error, "%s: cannot be read: %s", name, strerror(errno));
}
