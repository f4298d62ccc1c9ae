/* From lines to cases; see own_tokens.h. */
#include "corpus/readers/own_tokens.h"

#include <errno.h>
#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corpus/base/fatal.h"
#include "corpus/readers/case_keys.h"
#include "corpus/readers/key_pem.h"
#include "corpus/readers/token_json.h"
#include "corpus/store/token_alg.h"
#include "harness/base/utf8.h"

#define CLASS "token"
#define ISSUERS_SHOWN 3

struct own_tokens {
  struct casebook *book;
  struct corpus_case *cases; /* until they go into the book */
  size_t count;
};

/* ---- lines ---- */

static bool is_blank(uint8_t octet) {
  return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

static struct assay_bytes trimmed(struct assay_bytes text) {
  while (text.len > 0 && is_blank(text.ptr[0]))
    text = bytes_of(text.ptr + 1, text.len - 1);
  while (text.len > 0 && is_blank(text.ptr[text.len - 1]))
    text.len--;
  return text;
}

static struct assay_bytes without_word(struct assay_bytes text, const char *word) {
  size_t len = strlen(word);
  bool has = text.len > len && strncasecmp((const char *)text.ptr, word, len) == 0;
  return has ? trimmed(bytes_of(text.ptr + len, text.len - len)) : text;
}

/* The token in a line: alone, in quotes, behind its scheme (RFC 6750 2.1), or behind a header's name. */
static struct assay_bytes token_in(struct assay_bytes line) {
  struct assay_bytes text = trimmed(line);
  if (text.len > 1 && (text.ptr[0] == '"' || text.ptr[0] == '\'') && text.ptr[text.len - 1] == text.ptr[0])
    text = bytes_of(text.ptr + 1, text.len - 2);
  return without_word(without_word(text, "Authorization:"), "Bearer ");
}

struct line {
  const char *name; /* of the file */
  unsigned number;
};

static bool refuse_line(const struct line *line, const char *what, struct assay_error *error) {
  return error_set(error, "%s:%u: %s", line->name, line->number, what);
}

static bool has_blank(struct assay_bytes text) {
  for (size_t i = 0; i < text.len; i++)
    if (is_blank(text.ptr[i]))
      return true;
  return false;
}

static bool has_control(struct assay_bytes text) {
  for (size_t i = 0; i < text.len; i++)
    if (text.ptr[i] < 0x20 && !is_blank(text.ptr[i]))
      return true;
  return false;
}

static const char *json_words(struct assay_bytes text) {
  static const char member[] = "\"payload\"";
  return memmem(text.ptr, text.len, member, sizeof member - 1)
             ? "a JWS in JSON (RFC 7515 7.2), and compact tokens alone are asked about"
             : "a JSON object, not a compact token: `assay check --cases` takes those";
}

/* What a line is that is no token, right or wrong; NULL: it may be one. */
static const char *no_token(struct assay_bytes text) {
  const char *foreign = foreign_text(text);
  if (foreign)
    return foreign;
  if (key_pem_begins(text))
    return "PEM, not a token: public keys are named with --keys";
  if (text.ptr[0] == '{')
    return json_words(text);
  if (!has_blank(text))
    return NULL;
  return has_control(text) ? "binary data, not a token"
                           : "blanks stand in the line, and one token alone belongs there";
}

static bool is_token(const struct line *line, struct assay_bytes token, struct assay_error *error) {
  const char *what = no_token(token);
  return !what || refuse_line(line, what, error);
}

static size_t signature_octets(struct assay_bytes token) {
  const uint8_t *dot = memrchr(token.ptr, '.', token.len);
  return dot ? (size_t)(token.ptr + token.len - dot - 1) * 3 / 4 : 0;
}

static void take_token(struct own_tokens *own, const struct line *line, struct assay_bytes token) {
  char id[32];
  snprintf(id, sizeof id, "line-%u", line->number);
  own->cases = must_have_one_more(own->cases, own->count, sizeof *own->cases);
  json_t *header = token_json(token, 0);
  size_t signature = signature_octets(token);
  enum assay_alg alg = token_alg_by_length(token_json_text(header, "alg"), signature);
  own->cases[own->count++] = (struct corpus_case){.id = must(strdup(id)),
                                                  .token = (uint8_t *)must_copy(token.ptr, token.len),
                                                  .token_len = token.len,
                                                  .after = CORPUS_NONE,
                                                  .verdict = EXPECT_ANY,
                                                  .now = CORPUS_NOW_UNSET,
                                                  .alg = alg,
                                                  .key_bits = token_rsa_bits(alg, signature),
                                                  .line = line->number};
  json_decref(header);
}

static bool take_lines(struct own_tokens *own, FILE *stream, const char *name, struct assay_error *error) {
  struct line line = {.name = name};
  char *text = NULL;
  size_t size = 0;
  bool ok = true;
  for (ssize_t len; ok && (len = getline(&text, &size, stream)) >= 0;) {
    struct assay_bytes whole = bytes_of(text, (size_t)len);
    struct assay_bytes token = token_in(line.number++ ? whole : utf8_without_mark(whole));
    if (token.len == 0 || token.ptr[0] == '#')
      continue;
    ok = is_token(&line, token, error);
    if (ok)
      take_token(own, &line, token);
  }
  free(text);
  if (ok && ferror(stream))
    return error_set(error, "%s: cannot be read: %s", name, strerror(errno));
  return ok && (own->count > 0 || error_set(error, "%s: there is no token in it", name));
}

static bool take_file(struct own_tokens *own, const char *path, struct assay_error *error) {
  if (strcmp(path, "-") == 0)
    return take_lines(own, stdin, "standard input", error);
  FILE *stream = fopen(path, "re");
  if (!stream)
    return error_set(error, "%s: cannot be opened: %s", path, strerror(errno));
  bool ok = take_lines(own, stream, path, error);
  fclose(stream);
  return ok;
}

/* ---- the issuer, where nobody has said it ---- */

static char *iss_of(const struct corpus_case *one) {
  json_t *claims = token_json(bytes_of(one->token, one->token_len), 1);
  const char *iss = token_json_text(claims, "iss");
  char *copy = iss ? must(strdup(iss)) : NULL;
  json_decref(claims);
  return copy;
}

struct said_issuer {
  char *iss;
  size_t tokens;
};

/* The first few issuers that the tokens name; *others counts tokens of further ones. */
static size_t issuers_said(const struct own_tokens *own, struct said_issuer *said, size_t *others) {
  size_t count = 0;
  for (size_t i = 0; i < own->count; i++) {
    char *iss = iss_of(&own->cases[i]);
    size_t at = 0;
    while (iss && at < count && strcmp(said[at].iss, iss) != 0)
      at++;
    if (iss && at == count && count < ISSUERS_SHOWN)
      said[count++] = (struct said_issuer){.iss = must(strdup(iss))};
    *(iss && at < count ? &said[at].tokens : others) += iss != NULL;
    free(iss);
  }
  return count;
}

/* Whom to trust is the reader's to say: a token that names its own judge proves nothing. */
static bool ask_issuer(const struct own_tokens *own, struct assay_error *error) {
  struct said_issuer said[ISSUERS_SHOWN];
  size_t others = 0, count = issuers_said(own, said, &others), used = 0;
  char list[700] = "";
  for (size_t i = 0; i < count; i++) {
    if (used < sizeof list - 1)
      used += (size_t)snprintf(list + used, sizeof list - used, "%s'%.180s' (%zu of %zu)", i ? ", " : "",
                               said[i].iss, said[i].tokens, own->count);
    free(said[i].iss);
  }
  if (count == 0)
    return error_set(error,
                     "--issuer is missing, and no token has an iss that could be asked about: say with "
                     "--issuer whose tokens they have to be");
  return error_set(
      error,
      "--issuer is missing: whose tokens are they to be? Unverified, they say of themselves %s%s; give it "
      "with --issuer if you trust it",
      list, others ? ", and others" : "");
}

/* ---- into the book ---- */

/* The first kid that a key without one is to serve becomes the key's own, so that the default policy serves
 * most tokens: what is measured is measured with that one. */
static void settle_default(const struct own_tokens *own, struct policy_keys *policy) {
  struct keyfile *keys = &policy->sets[0].keyfile;
  char *bound = NULL;
  for (size_t i = 0; i < own->count && !bound && json_array_size(keys->unnamed) > 0; i++) {
    json_t *header = token_json(bytes_of(own->cases[i].token, own->cases[i].token_len), 0);
    bound = keyfile_for(keys, token_json_text(header, "kid"), token_json_text(header, "alg"));
    json_decref(header);
  }
  struct book_keys *book_keys = must(calloc(1, sizeof *book_keys));
  *book_keys = (struct book_keys){.iss = must(strdup(policy->sets[0].iss)),
                                  .path = must(strdup(policy->sets[0].path)),
                                  .jwks = bound ? bound : must(strdup(keys->jwks))};
  own->book->clock = policy->now;
  book_set_default(own->book, must(strdup(policy->policy)), book_keys, 1);
}

static void add_case(struct own_tokens *own, struct corpus_case *one) {
  struct assay_error why;
  one->variant = book_variant(own->book, &(struct book_variant){.class_id = CLASS});
  if (!book_add(own->book, one, &why))
    fatal("a token of its own policy: %s", why.text);
  *one = (struct corpus_case){0};
}

static bool add_cases(struct own_tokens *own, struct policy_keys *policy, struct assay_error *error) {
  struct case_keys keys;
  bool ok = true;
  settle_default(own, policy);
  case_keys_init(&keys, policy);
  for (size_t i = 0; ok && i < own->count; i++) {
    ok = case_keys_settle(&keys, &own->cases[i], error);
    if (ok)
      add_case(own, &own->cases[i]);
  }
  case_keys_fini(&keys);
  return ok;
}

bool own_tokens_read(const char *path, const struct own_trust *trust, struct casebook *book,
                     struct assay_error *error) {
  struct own_tokens own = {.book = book};
  struct policy_keys policy = {0};
  *book = (struct casebook){.profile = "import", .clock = CORPUS_NOW_UNSET};
  bool ok = own_trust_holds(trust, path, error) && take_file(&own, path, error) &&
            (trust->issuer || ask_issuer(&own, error)) && own_trust_policy(trust, &policy, error) &&
            add_cases(&own, &policy, error);
  for (size_t i = 0; i < own.count; i++)
    corpus_case_fini(&own.cases[i]);
  free(own.cases);
  policy_keys_fini(&policy);
  return ok;
}
