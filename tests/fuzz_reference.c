/* Fuzzes pipeline and reference side by side: where they differ, one of them is wrong. The input's first line
 * is the header and the rest the payload; both are signed, so that every stage is reached. */
#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/pipeline/pipeline.h"
#include "tests/reference/nettle_check.h"
#include "tests/reference/reference.h"

#define PART_MAX 4096
#define NOW INT64_C(1767225600)

/* Small limits, or no input would be long enough to meet them. Issuer a asks for everything, b for nothing,
 * c sets limits to claims that it does not require, d asks for claims of other names and tolerates all that
 * can be tolerated; one issuer is a template, and one a trust domain.
 */
static const char policy[] = "schema: assay-policy/1\n"
                             "now: 1767225600\n"
                             "leeway_s: 30\n"
                             "limits: {token_bytes: 16384, json_depth: 4, json_members: 24, kid_bytes: 8}\n"
                             "typ: {allow: [at+jwt, JWT], required: false}\n"
                             "issuers:\n"
                             "  - iss: a\n"
                             "    algorithms: [HS256, HS384]\n"
                             "    audience: [x, y]\n"
                             "    required: [exp, iat, sub, jti, z]\n"
                             "    max_lifetime_s: 86400\n"
                             "    max_age_s: 3600\n"
                             "    replay_window_s: 600\n"
                             "    azp: [x, y]\n"
                             "    nonce: required\n"
                             "    acr: [x]\n"
                             "    max_auth_age_s: 900\n"
                             "    cnf_jkt: true\n"
                             "    scope: [x, y]\n"
                             "    roles: [x, y]\n"
                             "    tenant: t\n"
                             "    actors: {allow: [x, y], max_depth: 2}\n"
                             "    revoked: {kid: [r], jti: [x], sid: [x], sub: [x]}\n"
                             "    active_from: [{kid: n, at: 1767230000}]\n"
                             "  - iss: b\n"
                             "    algorithms: [HS256, RS256, ES256]\n"
                             "  - iss: c\n"
                             "    algorithms: [HS256]\n"
                             "    max_lifetime_s: 600\n"
                             "    max_age_s: 300\n"
                             "    replay_window_s: 600\n"
                             "    nonce: optional\n"
                             "    max_auth_age_s: 300\n"
                             "    actors: {allow: [x], max_depth: 1}\n"
                             "  - iss: d\n"
                             "    algorithms: [HS256, HS384]\n"
                             "    audience: [x, y]\n"
                             "    sole_audience: true\n"
                             "    scope: {claim: /s/0, all: [x]}\n"
                             "    roles: {claim: s, all: [x]}\n"
                             "    azp: [x]\n"
                             "    client: c\n"
                             "    values: {t: x, u: true, /v/w: 2}\n"
                             "    cnf: {x5t_s256: any}\n"
                             "    tolerate: [key-import.duplicate-kid, header-policy.key-url,\n"
                             "      header-policy.embedded-key, header-policy.embedded-cert,\n"
                             "      key-selection.kid-missing, registered-claims.iat-future]\n"
                             "  - iss: e://e/{t}f\n"
                             "    algorithms: [HS256]\n"
                             "    audience: any\n"
                             "    replay_window_s: 600\n"
                             "    tolerate: [header-policy.key-url]\n"
                             "  - trust_domain: g\n"
                             "    algorithms: [HS256]\n"
                             "    audience: [x]\n";

#define OCTETS_63 "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh"
#define OCT "{\"kty\":\"oct\",\"k\":\"" OCTETS_63 "YQ\""

static const char jwks_a[] =
    "{\"keys\":[" OCT ",\"kid\":\"k\"}," OCT ",\"kid\":\"u\",\"use\":\"enc\"}," OCT ",\"kid\":\"r\"}," OCT
    ",\"kid\":\"n\"}," OCT ",\"kid\":\"l\",\"alg\":\"HS384\"},"
    "{\"kty\":\"oct\",\"k\":\"YWFhYQ\",\"kid\":\"s\"}]}";
static const char jwks_d[] = "{\"keys\":[" OCT ",\"kid\":\"k\",\"use\":\"enc\"}," OCT ",\"kid\":\"k\"},"
                             "{\"kty\":\"oct\",\"k\":\"" OCTETS_63 "Yg\",\"kid\":\"k\"}," OCT "}]}";
static const char jwks_b[] = "{\"keys\":[" OCT "}]}";

static struct trust *trust;

static struct session *session_of_all(void) {
  static struct session *session;
  struct assay_error error = {0};
  if (session)
    return session;
  const struct trust_keys keys[] = {
      {BYTES_LIT("a"), bytes_str(jwks_a)},          {BYTES_LIT("b"), bytes_str(jwks_b)},
      {BYTES_LIT("c"), bytes_str(jwks_b)},          {BYTES_LIT("d"), bytes_str(jwks_d)},
      {BYTES_LIT("e://e/{t}f"), bytes_str(jwks_b)}, {BYTES_LIT("g"), bytes_str(jwks_b)}};
  trust = trust_read(bytes_str(policy), "policy", NULL, keys, 6, &error);
  if (trust)
    session = session_open(&nettle_backend, (const struct trust *const[]){trust}, 1, &error);
  if (!session) {
    fprintf(stderr, "%s\n", error.text);
    abort();
  }
  session_replay(session, true);
  return session;
}

static size_t encode(struct assay_bytes bytes, char *out) {
  struct base64_encode_ctx base64;
  base64url_encode_init(&base64);
  size_t len = base64_encode_update(&base64, out, bytes.len, bytes.ptr);
  len += base64_encode_final(&base64, out + len);
  while (len && out[len - 1] == '=')
    len--;
  return len;
}

static size_t token_make(struct assay_bytes header, struct assay_bytes payload, char *token) {
  uint8_t key[64], tag[64];
  unsigned tag_bytes = memmem(header.ptr, header.len, "HS384", 5) ? 48 : 32;
  memset(key, 'a', sizeof key);
  size_t len = encode(header, token);
  token[len++] = '.';
  len += encode(payload, token + len);
  nettle_hmac(tag_bytes, bytes_of(key, sizeof key), bytes_of(token, len), tag);
  token[len++] = '.';
  return len + encode(bytes_of(tag, tag_bytes), token + len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Twice, for a token that was accepted is a replayed one then. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static char token[3 * PART_MAX];
  struct session *session = session_of_all();
  const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
  if (!line || size > PART_MAX)
    return 0;
  size_t header_len = (size_t)(line - data);
  size_t len = token_make(bytes_of(data, header_len), bytes_of(line + 1, size - header_len - 1), token);
  struct reference reference;
  reference_init(&reference, trust, NOW, true);
  session_replay_reset(session);
  for (int i = 0; i < 2; i++) {
    enum assay_reason expected = reference_verify(&reference, bytes_of(token, len));
    enum assay_reason got = pipeline_verify(session, bytes_of(token, len));
    if (got != expected) {
      fprintf(stderr, "pipeline %s, reference %s: %.*s\n", assay_reason_dotted(got),
              assay_reason_dotted(expected), (int)len, token);
      abort();
    }
  }
  reference_fini(&reference);
  return 0;
}
