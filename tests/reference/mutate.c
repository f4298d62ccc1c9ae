/* Spoils tokens at random: bytes of the token, bytes of the JSON inside it, and whole members. */
#include "tests/reference/mutate.h"

#include <jansson.h>
#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/base/random.h"
#include "tests/reference/nettle_check.h"
#include "tests/reference/scrap.h"

/* A string that grows, in memory that is given back with the question. */
struct draft_text {
  uint8_t *ptr;
  size_t len;
};

struct mutant {
  struct mutator *from;
  const struct trust *trust;
  int64_t now;
  struct scrap scrap;
  struct draft_text part[3]; /* decoded */
};

#define ROOM (MUTANT_BYTES_MAX / 8) /* of a part: base64 and three of them must fit into a token */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static size_t below(struct mutator *mutator, size_t bound) {
  return (size_t)(random_next(&mutator->random) % bound);
}

static bool one_in(struct mutator *mutator, size_t n) {
  return below(mutator, n) == 0;
}

/* ---- bytes ---- */

static struct draft_text text_of(struct mutant *mutant, struct assay_bytes bytes) {
  struct draft_text text = {scrap_take(&mutant->scrap, ROOM), bytes.len < ROOM ? bytes.len : ROOM};
  if (text.len)
    memcpy(text.ptr, bytes.ptr, text.len);
  return text;
}

/* Replaces `cut` bytes at `at`; does nothing where there is no room. */
static void splice(struct draft_text *text, size_t at, size_t cut, const void *with, size_t len) {
  if (text->len - cut + len > ROOM)
    return;
  memmove(text->ptr + at + len, text->ptr + at + cut, text->len - at - cut);
  memcpy(text->ptr + at, with, len);
  text->len += len - cut;
}

static void splice_str(struct draft_text *text, size_t at, size_t cut, const char *with) {
  splice(text, at, cut, with, strlen(with));
}

/* Bytes and fragments at which readers of tokens and JSON stumble. */
static const struct assay_bytes fragments[] = {BYTES_LIT("."),
                                               BYTES_LIT("="),
                                               BYTES_LIT("+"),
                                               BYTES_LIT("/"),
                                               BYTES_LIT(" "),
                                               BYTES_LIT("\n"),
                                               BYTES_LIT("\0"),
                                               BYTES_LIT("\x80"),
                                               BYTES_LIT("\xff"),
                                               BYTES_LIT("{"),
                                               BYTES_LIT("}"),
                                               BYTES_LIT("["),
                                               BYTES_LIT("]"),
                                               BYTES_LIT(","),
                                               BYTES_LIT(":"),
                                               BYTES_LIT("\""),
                                               BYTES_LIT("\\"),
                                               BYTES_LIT("\\u"),
                                               BYTES_LIT("\\u0000"),
                                               BYTES_LIT("\\ud800"),
                                               BYTES_LIT("\\udc00"),
                                               BYTES_LIT("\\ud834\\udd1e"),
                                               BYTES_LIT("\\ud800\\u0041"),
                                               BYTES_LIT("\\x"),
                                               BYTES_LIT("\xc3\xa9"),
                                               BYTES_LIT("\xc3"),
                                               BYTES_LIT("\xc0\x80"),
                                               BYTES_LIT("\xed\xa0\x80"),
                                               BYTES_LIT("\xf4\x8f\xbf\xbf"),
                                               BYTES_LIT("\xf4\x90\x80\x80"),
                                               BYTES_LIT("\xe0\x80\x80"),
                                               BYTES_LIT("\xef\xbb\xbf"),
                                               BYTES_LIT("\x1f"),
                                               BYTES_LIT("\x7f"),
                                               BYTES_LIT("0"),
                                               BYTES_LIT("-"),
                                               BYTES_LIT("e"),
                                               BYTES_LIT("1e400"),
                                               BYTES_LIT("null"),
                                               BYTES_LIT("true"),
                                               BYTES_LIT("{}"),
                                               BYTES_LIT("[]"),
                                               BYTES_LIT("\"\""),
                                               BYTES_LIT("\"a\":1,"),
                                               BYTES_LIT("A"),
                                               BYTES_LIT("Bearer "),
                                               BYTES_LIT("\t"),
                                               BYTES_LIT("\r"),
                                               BYTES_LIT("\\u00e9"),
                                               BYTES_LIT("//"),
                                               BYTES_LIT("NaN")};

static void spoil_bytes(struct mutator *mutator, struct draft_text *text) {
  const struct assay_bytes *fragment = &fragments[below(mutator, COUNT(fragments))];
  size_t at = text->len ? below(mutator, text->len) : 0;
  if (one_in(mutator, 6))
    at = 0;
  if (one_in(mutator, 6))
    at = text->len;
  size_t left = text->len - at, cut = left ? below(mutator, left < 4 ? left + 1 : 4) : 0;
  uint8_t byte = (uint8_t)random_next(&mutator->random);
  switch (below(mutator, 7)) {
  case 0: splice(text, at, 0, fragment->ptr, fragment->len); return;
  case 1: splice(text, at, cut, fragment->ptr, fragment->len); return;
  case 2: splice(text, at, cut, "", 0); return;
  case 3: splice(text, at, left != 0, &byte, 1); return;
  case 4: splice(text, at, 0, &byte, 1); return;
  case 5:
    if (left)
      text->ptr[at] ^= (uint8_t)(1 << below(mutator, 8));
    return;
  default: text->len = one_in(mutator, 4) ? at : text->len;
  }
}

/* ---- values ---- */

static const char *const plain_values[] = {"null",
                                           "true",
                                           "false",
                                           "0",
                                           "-0",
                                           "-1",
                                           "1",
                                           "256",
                                           "\"\"",
                                           "[]",
                                           "{}",
                                           "\"x\"",
                                           "[\"\"]",
                                           "[1]",
                                           "1e400",
                                           "-1e400",
                                           "1e-400",
                                           "1e30",
                                           "9007199254740991",
                                           "9007199254740992",
                                           "-9007199254740992",
                                           "9007199254740991.5",
                                           "9.007199254740991e15",
                                           "9223372036854775808",
                                           "18446744073709551616",
                                           "0.5",
                                           "1E+2",
                                           "\"1\"",
                                           "[null]",
                                           "[[]]",
                                           "{\"a\":1}",
                                           "\"none\"",
                                           "\"HS256\"",
                                           "\"hs256\"",
                                           "\"HS384\"",
                                           "\"HS512\"",
                                           "\"RS256\"",
                                           "\"ES256\"",
                                           "\"EdDSA\"",
                                           "\"A128KW\"",
                                           "[\"exp\"]",
                                           "[\"b64\"]",
                                           "[\"alg\"]",
                                           "[\"x\",\"x\"]",
                                           "[\"x\"]",
                                           "[\"\"]",
                                           "[\"kid\",\"y\"]",
                                           "[\"iss\"]",
                                           "\"JWT\"",
                                           "\"jwt\"",
                                           "\"at+jwt\"",
                                           "\"application/at+jwt\"",
                                           "\"APPLICATION/AT+JWT\"",
                                           "\"application/jwt\"",
                                           "\"application/\"",
                                           "\"a/jwt\"",
                                           "\"application/application/jwt\"",
                                           "\"HS256\\u0000\"",
                                           "\"JWT\\u0000\"",
                                           "\"\\ud834\\udd1e\"",
                                           "{\"jkt\":\"k\"}",
                                           "{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}",
                                           "{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J\"}",
                                           "{\"jkt\":\"\"}",
                                           "{\"jkt\":1}",
                                           "{\"jwk\":{}}",
                                           "{\"sub\":1}",
                                           "{\"sub\":\"x\",\"act\":1}",
                                           "{\"act\":{}}",
                                           "[1,2,{\"a\":[]}]",
                                           "\" \"",
                                           "\"  a  b \""};

/* A JSON text for a member: something plain, a time near a limit, or a word that the policy knows. */
static const char *time_value(struct mutant *mutant) {
  static const char *const forms[] = {"%lld",     "%lld.0", "%lld.5",  "%lld.000001",
                                      "%lld.999", "%llde0", "%lld0e-1"};
  const struct issuer *issuer = &mutant->trust->issuers[below(mutant->from, mutant->trust->issuer_count)];
  const int64_t steps[] = {
      0, mutant->trust->leeway_s, issuer->max_lifetime_s, issuer->max_age_s, issuer->max_auth_age_s, 3600};
  int64_t step = steps[below(mutant->from, COUNT(steps))], at = mutant->now;
  if (step != TIME_UNSET)
    at += one_in(mutant->from, 2) ? step : -step;
  at += (int64_t)below(mutant->from, 3) - 1;
  char *out = scrap_take(&mutant->scrap, 64);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  snprintf(out, 64, forms[one_in(mutant->from, 2) ? 0 : below(mutant->from, COUNT(forms))], (long long)at);
#pragma GCC diagnostic pop
  return out;
}

static struct assay_bytes policy_word(struct mutant *mutant) {
  const struct issuer *issuer = &mutant->trust->issuers[below(mutant->from, mutant->trust->issuer_count)];
  const struct string_list *const lists[] = {&issuer->audience,     &issuer->azp,
                                             &issuer->acr,          &issuer->scope,
                                             &issuer->roles,        &issuer->revoked_jti,
                                             &issuer->revoked_sid,  &issuer->revoked_sub,
                                             &issuer->actors_allow, &mutant->trust->typ_allow};
  const struct string_list *list = lists[below(mutant->from, COUNT(lists))];
  size_t which = below(mutant->from, 4);
  if (which == 0)
    return issuer->iss;
  if (which == 1 && issuer->tenant.len)
    return issuer->tenant;
  if (which == 2 && issuer->keys.count)
    return issuer->keys.keys[below(mutant->from, issuer->keys.count)].kid;
  return list->count ? list->items[below(mutant->from, list->count)] : BYTES_LIT("word");
}

static const char *word_value(struct mutant *mutant) {
  static const char *const frames[][2] = {{"\"", "\""},
                                          {"[\"", "\"]"},
                                          {"[\"z\",\"", "\"]"},
                                          {"\"z ", "\""},
                                          {"{\"sub\":\"", "\"}"},
                                          {"[1,\"", "\"]"},
                                          {"\"", "x\""},
                                          {"\"", "\\u0000\""},
                                          {"\"", " z\""},
                                          {"\"", "\\t\""},
                                          {"{\"act\":{},\"sub\":\"", "\"}"},
                                          {"{\"act\":{\"sub\":\"y\"},\"sub\":\"", "\"}"},
                                          {"{\"act\":1,\"sub\":\"", "\"}"}};
  struct assay_bytes word = policy_word(mutant);
  size_t frame = one_in(mutant->from, 2) ? 0 : below(mutant->from, COUNT(frames));
  char *out = scrap_take(&mutant->scrap, word.len + 64);
  sprintf(out, "%s%.*s%s", frames[frame][0], (int)word.len, (const char *)word.ptr, frames[frame][1]);
  return out;
}

/* As deep, or with as many members, as the policy allows, and one more or less. */
static const char *large_value(struct mutant *mutant) {
  bool deep = one_in(mutant->from, 2);
  size_t limit = deep ? mutant->trust->limits.json_depth : mutant->trust->limits.json_members;
  size_t count = limit + 1 - below(mutant->from, 4), used = 0;
  if (limit > 400)
    return "{\"a\":{}}";
  char *out = scrap_take(&mutant->scrap, 16 * (count + 1));
  if (!deep)
    out[used++] = '{';
  for (size_t i = 0; i < count; i++)
    used += (size_t)(deep ? sprintf(out + used, "[") : sprintf(out + used, "%s\"%zu\":1", i ? "," : "", i));
  if (!deep)
    out[used++] = '}';
  for (size_t i = 0; deep && i < count; i++)
    out[used++] = ']';
  return out;
}

static const char *any_value(struct mutant *mutant) {
  switch (below(mutant->from, 16)) {
  case 0:
  case 1:
  case 2:
  case 3:
  case 4: return time_value(mutant);
  case 5:
  case 6:
  case 7:
  case 8: return word_value(mutant);
  case 9: return one_in(mutant->from, 4) ? large_value(mutant) : "1";
  default: return plain_values[below(mutant->from, COUNT(plain_values))];
  }
}

/* ---- members ---- */

static const char *const header_names[] = {"alg", "kid", "typ", "cty", "zip",      "crit", "b64", "enc",
                                           "epk", "apu", "apv", "iv",  "tag",      "p2s",  "p2c", "jwk",
                                           "jku", "x5u", "x5c", "x5t", "x5t#S256", "iss",  "sub", "aud",
                                           "exp", "x",   "Alg", "",    "jti",      "nonce"};
static const char *const claim_names[] = {"iss",       "sub",       "aud",    "exp",    "nbf",     "iat",
                                          "jti",       "scope",     "roles",  "tenant", "azp",     "nonce",
                                          "acr",       "auth_time", "cnf",    "act",    "may_act", "sid",
                                          "client_id", "scp",       "groups", "x",      "",        "EXP"};

static const char *any_name(struct mutant *mutant, int part) {
  if (one_in(mutant->from, 12))
    part = !part;
  return part == 0 ? header_names[below(mutant->from, COUNT(header_names))]
                   : claim_names[below(mutant->from, COUNT(claim_names))];
}

static const char *nth_name(json_t *object, size_t n) {
  void *at = json_object_iter(object);
  for (; n && at; n--)
    at = json_object_iter_next(object, at);
  return at ? json_object_iter_key(at) : NULL;
}

#define PLACE "@place@" /* stands for a text that Jansson could not hold */

static void edit_members(struct mutant *mutant, json_t *object, int part) {
  struct mutator *mutator = mutant->from;
  size_t count = json_object_size(object);
  const char *one = count ? nth_name(object, below(mutator, count)) : "x";
  const char *other = count ? nth_name(object, below(mutator, count)) : "x";
  switch (below(mutator, 6)) {
  case 0: json_object_del(object, one); return;
  case 1: {
    json_t *a = json_incref(json_object_get(object, one)), *b = json_object_get(object, other);
    if (a && b) {
      json_object_set(object, one, b);
      json_object_set(object, other, a);
    }
    json_decref(a);
    return;
  }
  case 2:
    if (json_object_get(object, one))
      json_object_set(object, any_name(mutant, part), json_object_get(object, one));
    return;
  case 3: json_object_set_new(object, one, json_string(PLACE)); return;
  default: json_object_set_new(object, any_name(mutant, part), json_string(PLACE));
  }
}

/* The name again at the end of the object, perhaps written in another way. */
static void double_member(struct mutant *mutant, struct draft_text *text, const char *name) {
  char member[512];
  size_t last = text->len;
  while (last && text->ptr[last - 1] != '}')
    last--;
  if (!last || strlen(name) > 100 || !*name)
    return;
  bool escaped = one_in(mutant->from, 2);
  char first[8] = {name[0]};
  if (escaped)
    snprintf(first, sizeof first, "\\u%04x", (unsigned char)name[0]);
  snprintf(member, sizeof member, ",\"%s%s\":%.200s", first, name + 1,
           one_in(mutant->from, 2) ? "1" : plain_values[below(mutant->from, 50)]);
  splice_str(text, last - 1, 0, member);
}

/* False where the part is no JSON object. */
static bool spoil_members(struct mutant *mutant, int part) {
  struct draft_text *text = &mutant->part[part];
  json_t *object = json_loadb((const char *)text->ptr, text->len, JSON_ALLOW_NUL, NULL);
  if (!json_is_object(object)) {
    json_decref(object);
    return false;
  }
  const char *name = any_name(mutant, part);
  for (size_t i = 1 + below(mutant->from, 2); i; i--)
    edit_members(mutant, object, part);
  char *dumped = json_dumps(object, one_in(mutant->from, 4) ? JSON_INDENT(1) | JSON_ENSURE_ASCII
                                                            : JSON_COMPACT | JSON_ESCAPE_SLASH);
  json_decref(object);
  if (!dumped)
    return false;
  *text = text_of(mutant, bytes_str(dumped));
  free(dumped);
  for (uint8_t *at; (at = memmem(text->ptr, text->len, "\"" PLACE "\"", sizeof PLACE + 1)) != NULL;) {
    size_t before = text->len;
    splice_str(text, (size_t)(at - text->ptr), sizeof PLACE + 1, any_value(mutant));
    if (text->len > ROOM - 4096 || (before > ROOM - 4096))
      break;
  }
  if (one_in(mutant->from, 10))
    double_member(mutant, text, name);
  return true;
}

/* ---- signatures ---- */

static void sign_again(struct mutant *mutant, struct assay_bytes input) {
  struct assay_bytes key = {0};
  struct draft_text *header = &mutant->part[0], *sig = &mutant->part[2];
  for (size_t i = 0; i < mutant->trust->issuer_count; i++) {
    const struct key_set *set = &mutant->trust->issuers[i].keys;
    for (size_t j = 0; j < set->count; j++)
      if (set->keys[j].type == JWK_OCT && set->keys[j].k.len &&
          (!key.len || (set->keys[j].kid.len &&
                        memmem(header->ptr, header->len, set->keys[j].kid.ptr, set->keys[j].kid.len))))
        key = set->keys[j].k;
  }
  if (!key.len)
    return;
  unsigned bytes = memmem(header->ptr, header->len, "HS512", 5)   ? 64
                   : memmem(header->ptr, header->len, "HS384", 5) ? 48
                                                                  : 32;
  nettle_hmac(bytes, key, input, sig->ptr);
  sig->len = bytes;
}

static void spoil_signature(struct mutator *mutator, struct draft_text *sig) {
  size_t half = sig->len / 2;
  switch (below(mutator, 7)) {
  case 0: memset(sig->ptr, 0, half); return;
  case 1: memset(sig->ptr + half, 0, sig->len - half); return;
  case 2: memset(sig->ptr, 0xff, half); return;
  case 3: memset(sig->ptr + half, 0xff, sig->len - half); return;
  case 4: memset(sig->ptr, one_in(mutator, 2) ? 0 : 0xff, sig->len); return;
  default: spoil_bytes(mutator, sig);
  }
}

/* ---- tokens ---- */

static void decode_part(struct mutant *mutant, int part, struct assay_bytes text) {
  struct base64_decode_ctx base64;
  uint8_t *out = scrap_take(&mutant->scrap, BASE64_DECODE_LENGTH(text.len));
  size_t len = 0;
  base64url_decode_init(&base64);
  if (!base64_decode_update(&base64, &len, out, text.len, (const char *)text.ptr))
    len = 0;
  mutant->part[part] = text_of(mutant, bytes_of(out, len));
}

static void decode_token(struct mutant *mutant, struct assay_bytes token) {
  const uint8_t *at = token.ptr, *end = token.ptr + token.len;
  for (int part = 0; part < 3; part++) {
    const uint8_t *dot = at < end ? memchr(at, '.', (size_t)(end - at)) : NULL;
    const uint8_t *stop = dot && part < 2 ? dot : end;
    decode_part(mutant, part, bytes_of(at, (size_t)(stop - at)));
    at = stop < end ? stop + 1 : end;
  }
}

static size_t encode_part(const struct draft_text *part, char *out) {
  struct base64_encode_ctx base64;
  base64url_encode_init(&base64);
  size_t len = base64_encode_update(&base64, out, part->len, part->ptr);
  len += base64_encode_final(&base64, out + len);
  while (len && out[len - 1] == '=')
    len--;
  return len;
}

static struct assay_bytes encode_token(struct mutant *mutant, bool again) {
  char *out = scrap_take(&mutant->scrap, 3 * BASE64_ENCODE_RAW_LENGTH(ROOM) + 2);
  size_t len = encode_part(&mutant->part[0], out);
  out[len++] = '.';
  len += encode_part(&mutant->part[1], out + len);
  if (again)
    sign_again(mutant, bytes_of(out, len));
  if (one_in(mutant->from, again ? 30 : 3))
    spoil_signature(mutant->from, &mutant->part[2]);
  out[len++] = '.';
  len += encode_part(&mutant->part[2], out + len);
  return bytes_of(out, len);
}

/* Inside the parts: members mostly, bytes sometimes. */
static struct assay_bytes spoil_inside(struct mutant *mutant, struct assay_bytes token) {
  struct mutator *mutator = mutant->from;
  decode_token(mutant, token);
  for (size_t i = below(mutator, 3); i; i--) {
    int part = one_in(mutator, 3) ? 0 : 1;
    if (one_in(mutator, 3) || !spoil_members(mutant, part))
      spoil_bytes(mutator, &mutant->part[part]);
  }
  return encode_token(mutant, !one_in(mutator, 8));
}

static struct assay_bytes spoil_token(struct mutant *mutant, struct assay_bytes token) {
  struct mutator *mutator = mutant->from;
  if (!one_in(mutator, 5) && token.len < ROOM)
    return spoil_inside(mutant, token);
  if (token.len > ROOM)
    return token;
  struct draft_text text = text_of(mutant, token);
  for (size_t i = 1 + below(mutator, 2); i; i--)
    spoil_bytes(mutator, &text);
  return bytes_of(text.ptr, text.len);
}

struct duel_question mutator_next(struct mutator *mutator) {
  const struct duel *duel = mutator->duel;
  uint64_t index = mutator->symmetric_count && !one_in(mutator, 3)
                       ? mutator->symmetric[below(mutator, mutator->symmetric_count)]
                       : below(mutator, duel->corpus.header->token_count);
  struct duel_question question = duel_question(duel, index);
  struct mutant mutant = {.from = mutator, .trust = duel->trusts[question.setting]};
  static const int64_t shifts[] = {1, -1, 29, 30, 31, -30, -31, 3600, -3600, 86400};
  mutant.now = question.now != TIME_UNSET        ? question.now
               : mutant.trust->now != TIME_UNSET ? mutant.trust->now
                                                 : 0;
  question.now = mutant.now + (one_in(mutator, 8) ? shifts[below(mutator, COUNT(shifts))] : 0);
  struct assay_bytes token = spoil_token(&mutant, question.token);
  if (token.len > sizeof mutator->token)
    abort();
  if (token.len)
    memcpy(mutator->token, token.ptr, token.len);
  question.token = bytes_of(mutator->token, token.len);
  if (one_in(mutator, 20)) {
    question.replay = true;
    question.before = question.token;
  }
  scrap_free(&mutant.scrap);
  return question;
}

void mutator_init(struct mutator *mutator, const struct duel *duel, uint64_t seed) {
  uint64_t count = duel->corpus.header->token_count;
  mutator->duel = duel;
  mutator->random = seed;
  mutator->symmetric_count = 0;
  mutator->symmetric = calloc(count + 1, sizeof *mutator->symmetric);
  if (!mutator->symmetric)
    abort();
  for (uint64_t i = 0; i < count; i++)
    if (duel->corpus.tokens[i].alg <= ASSAY_HS512)
      mutator->symmetric[mutator->symmetric_count++] = (uint32_t)i;
}

void mutator_fini(struct mutator *mutator) {
  free(mutator->symmetric);
}
