/* Claims of one token in words; see own_claims.h. */
#include "harness/job/own_claims.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/base/utf8.h"
#include "harness/pipeline/json/base64url.h"
#include "reports/text/figures.h"

#define PART_CHARS_MAX (1 << 20)
#define LATEST_S INT64_C(253402300799) /* the last second with a year of four digits */

/* ---- reading ---- */

static json_t *part_read(struct assay_bytes part) {
  uint8_t *octets =
      part.len <= PART_CHARS_MAX ? malloc(base64url_decoded_bytes(part.len) + BASE64URL_SLACK) : NULL;
  json_t *json = NULL;
  if (octets && base64url_decode(part, octets) == REASON_OK)
    json = json_loadb((const char *)octets, base64url_decoded_bytes(part.len), JSON_ALLOW_NUL, NULL);
  free(octets);
  return json;
}

void own_claims_read(struct assay_bytes token, struct own_claims *out) {
  const uint8_t *end = token.ptr + token.len;
  const uint8_t *first = token.len ? memchr(token.ptr, '.', token.len) : NULL;
  const uint8_t *second = first ? memchr(first + 1, '.', (size_t)(end - first) - 1) : NULL;
  *out = (struct own_claims){0};
  if (!first || !second)
    return;
  out->header = part_read(bytes_of(token.ptr, (size_t)(first - token.ptr)));
  out->claims = part_read(bytes_of(first + 1, (size_t)(second - first) - 1));
}

void own_claims_fini(struct own_claims *claims) {
  json_decref(claims->header);
  json_decref(claims->claims);
}

/* ---- times ---- */

static bool time_in(const struct own_claims *claims, const char *name, int64_t *out) {
  const json_t *value = json_object_get(claims->claims, name);
  double number = json_number_value(value);
  if (!json_is_number(value) || !(fabs(number) <= (double)LATEST_S))
    return false;
  *out = (int64_t)number;
  return true;
}

static const char *moment(int64_t seconds, char *text, size_t size) {
  time_t at = (time_t)seconds;
  struct tm utc;
  if (!gmtime_r(&at, &utc) || strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
    snprintf(text, size, "%lld", (long long)seconds);
  return text;
}

/* In the largest unit of which there are two: "3 d", "52 min". */
static const char *span_of(int64_t seconds, char *text, size_t size) {
  static const struct {
    int64_t s;
    const char *name;
  } units[] = {{31557600, "years"}, {86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
  size_t i = 0;
  while (i + 1 < sizeof units / sizeof units[0] && seconds < 2 * units[i].s)
    i++;
  snprintf(text, size, "%lld %s", (long long)(seconds / units[i].s), units[i].name);
  return text;
}

bool own_claims_expired(const struct own_claims *claims, int64_t now) {
  int64_t exp;
  return time_in(claims, "exp", &exp) && exp <= now;
}

void own_claims_times(const struct own_claims *claims, int64_t now, char *text, size_t size) {
  char when[64], span[64];
  int64_t exp, nbf;
  text[0] = '\0';
  if (time_in(claims, "nbf", &nbf) && nbf > now)
    snprintf(text, size, "valid only in %s (nbf %s)", span_of(nbf - now, span, sizeof span),
             moment(nbf, when, sizeof when));
  else if (time_in(claims, "exp", &exp) && exp <= now)
    snprintf(text, size, "expired %s ago (exp %s)", span_of(now - exp, span, sizeof span),
             moment(exp, when, sizeof when));
  else if (time_in(claims, "exp", &exp))
    snprintf(text, size, "expires in %s", span_of(exp - now, span, sizeof span));
}

/* ---- words ---- */

/* "'a'" of a string; "5 (no text)" of anything else, which libraries read in ways of their own. */
static const char *value_words(const json_t *value, char *text, size_t size) {
  char *json = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
  if (json)
    snprintf(text, size, "%.60s (no text)", json);
  else
    snprintf(text, size, "'%.200s'", json_string_value(value));
  free(json);
  return text;
}

/* A name of an algorithm needs no quotes. */
static const char *alg_words(const json_t *alg, char *text, size_t size) {
  if (json_is_string(alg))
    snprintf(text, size, "%.20s", json_string_value(alg));
  else
    value_words(alg, text, size);
  return text;
}

void own_claims_describe(const struct own_claims *claims, char *text, size_t size) {
  const json_t *alg = json_object_get(claims->header, "alg"), *kid = json_object_get(claims->header, "kid");
  const json_t *iss = json_object_get(claims->claims, "iss");
  char alg_text[240], kid_text[240], iss_text[240];
  if (!claims->header)
    snprintf(text, size, "no token whose header can be read");
  else
    snprintf(text, size, "%s%s%.80s%s%s", alg ? alg_words(alg, alg_text, sizeof alg_text) : "no alg",
             kid ? ", kid " : "", kid ? value_words(kid, kid_text, sizeof kid_text) : "",
             iss ? ", from " : "", iss ? value_words(iss, iss_text, sizeof iss_text) : "");
  utf8_defuse(text);
}

/* "'a', 'b'" of a string or an array of strings. */
static void list_texts(const json_t *value, char *text, size_t size) {
  size_t count = json_is_array(value) ? json_array_size(value) : 1, used = 0;
  text[0] = '\0';
  for (size_t i = 0; i < count && used < size - 1; i++) {
    const char *one = json_string_value(json_is_array(value) ? json_array_get(value, i) : value);
    if (one)
      used += (size_t)snprintf(text + used, size - used, "%s'%.100s'", used ? ", " : "", one);
  }
}

static void list_audiences(const struct own_options *own, char *text, size_t size) {
  size_t used = 0;
  text[0] = '\0';
  for (unsigned i = 0; i < own->audience_count && used < size - 1; i++)
    used += (size_t)snprintf(text + used, size - used, "%s'%.100s'", i ? ", " : "", own->audiences[i]);
}

static void audience_hint(const struct own_claims *claims, const struct own_options *own, char *text,
                          size_t size) {
  char has[320], said[320];
  const json_t *aud = json_object_get(claims->claims, "aud");
  list_texts(aud, has, sizeof has);
  list_audiences(own, said, sizeof said);
  if (!aud)
    snprintf(text, size, "it has no aud, and --audience says %s", said);
  else if (!has[0])
    snprintf(text, size, "its aud is %s, and names nobody", value_words(aud, has, sizeof has));
  else if (!said[0])
    snprintf(text, size,
             "it is meant for %s: if that is you, add --audience with that name; --audience any takes "
             "whatever is there",
             has);
  else
    snprintf(text, size, "it is meant for %s, and --audience says %s", has, said);
}

static void iss_hint(const struct own_claims *claims, const struct own_options *own, char *text,
                     size_t size) {
  const json_t *iss = json_object_get(claims->claims, "iss");
  char has[240];
  if (iss)
    snprintf(text, size, "it says that it is from %s, and --issuer says '%.200s'",
             value_words(iss, has, sizeof has), own->issuer);
  else
    snprintf(text, size, "it has no iss, and --issuer says '%.200s'", own->issuer);
}

static void kid_hint(const struct own_claims *claims, unsigned unnamed, char *text, size_t size) {
  const json_t *kid = json_object_get(claims->header, "kid");
  char has[240];
  if (!kid)
    snprintf(text, size, "it has no kid; `assay corpus keys FILE` shows which there are");
  else if (unnamed > 1 && json_is_string(kid))
    snprintf(text, size,
             "its kid is %s, and which of %u keys without a kid is meant cannot be known: give that one "
             "alone, or a JWK Set with their kids",
             value_words(kid, has, sizeof has), unnamed);
  else
    snprintf(text, size, "its kid is %s; `assay corpus keys FILE` shows which there are",
             value_words(kid, has, sizeof has));
}

static void alg_hint(const struct own_claims *claims, char *text, size_t size) {
  const json_t *alg = json_object_get(claims->header, "alg");
  char has[240];
  if (alg)
    snprintf(text, size, "its alg is %s, which neither the keys nor --alg allow",
             alg_words(alg, has, sizeof has));
}

void own_claims_hint(const struct own_claims *claims, const struct own_options *own, unsigned unnamed,
                     enum assay_reason reason, char *text, size_t size) {
  text[0] = '\0';
  switch (reason) {
  case REASON_ISS_UNKNOWN: iss_hint(claims, own, text, size); break;
  case REASON_KID_UNKNOWN: kid_hint(claims, unnamed, text, size); break;
  case REASON_ALG_NOT_ALLOWED:
  case REASON_ISSUER_ALG: alg_hint(claims, text, size); break;
  case REASON_AUD_UNEXPECTED:
  case REASON_AUD_OTHERS:
  case REASON_AUD_MISSING:
  case REASON_AUD_MISMATCH: audience_hint(claims, own, text, size); break;
  default: break;
  }
  utf8_defuse(text);
}
