/* A session for fuzzing: the null backend, one issuer with a key of every kind, and a policy that asks for
 * all that can be asked for. */
#ifndef ASSAY_TESTS_FUZZ_TRUST_H
#define ASSAY_TESTS_FUZZ_TRUST_H

#include <stdio.h>
#include <stdlib.h>

#include "backends/null.c"
#include "harness/pipeline/pipeline.h"

#define FUZZ_NOW INT64_C(1767225600)
#define FUZZ_TOKEN_MAX 16384

static struct assay_bytes fuzz_words[] = {{(const uint8_t *)"a", 1}, {(const uint8_t *)"b", 1}};

static inline struct jwk fuzz_jwk(const char *kid, enum jwk_type type, enum jwk_curve curve) {
  static const uint8_t octets[256] = {[0 ... 255] = 0xc5};
  struct assay_bytes number = bytes_of(octets, type == JWK_OCT ? 64 : type == JWK_RSA ? 256 : 32);
  return (struct jwk){.has_kid = true,
                      .kid = bytes_str(kid),
                      .type = type,
                      .curve = curve,
                      .k = number,
                      .n = number,
                      .e = number,
                      .x = number,
                      .y = number,
                      .use_allows = true,
                      .ops_allow = true,
                      .algs = UINT32_MAX,
                      .active_from = TIME_UNSET};
}

static inline struct session *fuzz_session(void) {
  static struct jwk keys[7];
  static struct issuer issuer;
  static struct trust trust;
  static const struct trust *const trusts[] = {&trust};
  static struct session *session;
  if (session)
    return session;
  const struct string_list one = {fuzz_words, 1}, two = {fuzz_words, 2};
  keys[0] = fuzz_jwk("hs", JWK_OCT, CURVE_NONE);
  keys[1] = fuzz_jwk("rsa", JWK_RSA, CURVE_NONE);
  keys[2] = fuzz_jwk("p256", JWK_EC, CURVE_P256);
  keys[3] = fuzz_jwk("p384", JWK_EC, CURVE_P384);
  keys[4] = fuzz_jwk("p521", JWK_EC, CURVE_P521);
  keys[5] = fuzz_jwk("ed25519", JWK_OKP, CURVE_ED25519);
  keys[6] = fuzz_jwk("ed448", JWK_OKP, CURVE_ED448);
  issuer = (struct issuer){.iss = BYTES_LIT("i"),
                           .keys = {.keys = keys, .count = 7},
                           .algorithms = UINT32_MAX,
                           .audience = two,
                           .required_other = one,
                           .max_lifetime_s = 86400,
                           .max_age_s = 3600,
                           .replay_window_s = 600,
                           .azp = two,
                           .nonce = CLAIM_OPTIONAL,
                           .acr = two,
                           .max_auth_age_s = 900,
                           .cnf_jkt = {.required = true},
                           .scope = one,
                           .roles = one,
                           .tenant = BYTES_LIT("t"),
                           .has_actors = true,
                           .actors_allow = two,
                           .actors_max_depth = 2,
                           .revoked_sub = {fuzz_words + 1, 1}};
  trust = (struct trust){.now = FUZZ_NOW,
                         .leeway_s = 30,
                         .issuers = &issuer,
                         .issuer_count = 1,
                         .algorithms = UINT32_MAX,
                         .limits = {.token_bytes = FUZZ_TOKEN_MAX,
                                    .json_depth = 32,
                                    .json_members = 256,
                                    .kid_bytes = 256,
                                    .replay_entries = 65536},
                         .typ_allow = {fuzz_words, 1}};
  session = session_open(&assay_backend, trusts, 1, NULL);
  if (!session)
    abort();
  session_replay(session, true);
  return session;
}

/* Verifies a token that lies in a block of exactly its length, and checks what the answer promises. */
static inline enum assay_reason fuzz_verify(struct assay_bytes token) {
  struct session *session = fuzz_session();
  uint8_t *copy = (uint8_t *)malloc(token.len + 1);
  if (!copy)
    abort();
  memcpy(copy + 1, token.ptr, token.len);
  session_replay_reset(session);
  enum assay_reason reason = pipeline_verify(session, bytes_of(copy + 1, token.len));
  if (reason == REASON_FAULT || reason == REASON_UNSUPPORTED || strcmp(assay_reason_dotted(reason), "?") == 0)
    abort();
  if ((reason == REASON_OK) != (session_accepted(session).issuer != NULL))
    abort();
  free(copy);
  return reason;
}

/* header.payload.signature with `sig_bytes` octets of 1 as the signature; NULL where it would be too long. */
static inline const char *fuzz_token(struct assay_bytes header, struct assay_bytes payload, size_t sig_bytes,
                                     size_t *len) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  static uint8_t sig[256];
  static char token[2 * FUZZ_TOKEN_MAX];
  memset(sig, 1, sizeof sig);
  const struct assay_bytes parts[] = {header, payload, bytes_of(sig, sig_bytes)};
  if (header.len + payload.len + sig_bytes > FUZZ_TOKEN_MAX)
    return NULL;
  size_t at = 0;
  for (size_t part = 0; part < 3; part++) {
    uint32_t bits = 0, held = 0;
    for (size_t i = 0; i < parts[part].len; i++) {
      bits = bits << 8 | parts[part].ptr[i];
      for (held += 8; held >= 6;)
        token[at++] = alphabet[bits >> (held -= 6) & 63];
    }
    if (held)
      token[at++] = alphabet[bits << (6 - held) & 63];
    if (part < 2)
      token[at++] = '.';
  }
  *len = at;
  return token;
}

#endif
