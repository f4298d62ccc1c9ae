/* Tokens and a trust made by hand, and a backend that says what it is told to: so that every stage of the
 * pipeline can be asked alone. Nothing here can sign; with the scripted backend nothing has to. */
#ifndef ASSAY_TESTS_TOKEN_KIT_H
#define ASSAY_TESTS_TOKEN_KIT_H

#include <criterion/criterion.h>
#include <stdio.h>

#include "harness/pipeline/pipeline.h"

#define KIT_NOW INT64_C(1767225600)
#define KIT_ISS "\"iss\":\"https://a.example\""
#define KIT_TIMES "\"exp\":1767229200,\"iat\":1767225600"
#define KIT_CLAIMS "{" KIT_ISS "," KIT_TIMES "}"
#define KIT_HEADER "{\"alg\":\"HS256\",\"kid\":\"hs\"}"

/* The scripted backend. */

static enum assay_outcome kit_verdict = ASSAY_MATCH, kit_import = ASSAY_MATCH, kit_context = ASSAY_MATCH;
static struct assay_bytes kit_seen_input, kit_seen_sig;
static unsigned kit_keys_open, kit_contexts_open, kit_verifies;
static char kit_thing;

static enum assay_outcome kit_ctx_open(struct assay_ctx **ctx) {
  *ctx = (struct assay_ctx *)&kit_thing;
  kit_contexts_open += kit_context == ASSAY_MATCH;
  return kit_context;
}

static void kit_ctx_close(struct assay_ctx *ctx) {
  cr_assert_eq((void *)ctx, (void *)&kit_thing);
  kit_contexts_open--;
}

static enum assay_outcome kit_key_open(struct assay_ctx *ctx, const struct assay_public_key *key,
                                       struct assay_key **out) {
  (void)ctx, (void)key;
  kit_keys_open += kit_import == ASSAY_MATCH;
  *out = (struct assay_key *)&kit_thing;
  return kit_import;
}

static void kit_key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  cr_assert_eq((void *)key, (void *)&kit_thing);
  kit_keys_open--;
}

static enum assay_outcome kit_verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                     struct assay_bytes sig) {
  (void)ctx;
  cr_assert_eq((void *)key, (void *)&kit_thing);
  kit_seen_input = input;
  kit_seen_sig = sig;
  kit_verifies++;
  return kit_verdict;
}

static const struct assay_backend kit_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "kit",
    .algs = ASSAY_ALG_BIT(ASSAY_ALG_COUNT) - 1,
    .ctx_open = kit_ctx_open,
    .ctx_close = kit_ctx_close,
    .key_open = kit_key_open,
    .key_close = kit_key_close,
    .verify = kit_verify,
};

/* The trust: https://a.example with one key per kind, named as below, and https://b.example with one HMAC key
 * that has no kid. */

enum kit_key { KIT_HS, KIT_RSA, KIT_P256, KIT_P384, KIT_P521, KIT_K256, KIT_ED25519, KIT_ED448, KIT_KEYS };

struct kit {
  struct trust trust;
  struct issuer issuers[2];
  struct jwk a_keys[KIT_KEYS], b_keys[2];
};

static const uint8_t kit_octets[512] = {[0 ... 511] = 0xc5};

static inline struct jwk kit_jwk(const char *kid, enum jwk_type type, enum jwk_curve curve) {
  struct jwk jwk = {.has_kid = kid != NULL,
                    .kid = bytes_str(kid),
                    .type = type,
                    .curve = curve,
                    .use_allows = true,
                    .ops_allow = true,
                    .algs = UINT32_MAX,
                    .active_from = TIME_UNSET};
  if (type == JWK_OCT)
    jwk.k = bytes_of(kit_octets, 64);
  if (type == JWK_RSA) {
    jwk.n = bytes_of(kit_octets, 256);
    jwk.e = BYTES_LIT("\1\0\1");
  }
  if (type == JWK_EC || type == JWK_OKP)
    jwk.x = jwk.y = bytes_of(kit_octets, 32);
  return jwk;
}

static inline void kit_issuer(struct issuer *issuer, const char *iss, struct jwk *keys, size_t count) {
  *issuer = (struct issuer){.iss = bytes_str(iss),
                            .keys = {.keys = keys, .count = count},
                            .algorithms = (1u << JOSE_ALG_COUNT) - 1,
                            .max_lifetime_s = TIME_UNSET,
                            .max_age_s = TIME_UNSET,
                            .replay_window_s = TIME_UNSET,
                            .max_auth_age_s = TIME_UNSET};
}

static inline void kit_init(struct kit *kit) {
  *kit = (struct kit){.trust = {.now = KIT_NOW,
                                .leeway_s = 30,
                                .limits = {.token_bytes = 16384,
                                           .json_depth = 32,
                                           .json_members = 256,
                                           .kid_bytes = 256,
                                           .replay_entries = 65536},
                                .issuer_count = 2,
                                .algorithms = (1u << JOSE_ALG_COUNT) - 1}};
  kit->trust.issuers = kit->issuers;
  kit->a_keys[KIT_HS] = kit_jwk("hs", JWK_OCT, CURVE_NONE);
  kit->a_keys[KIT_RSA] = kit_jwk("rsa", JWK_RSA, CURVE_NONE);
  kit->a_keys[KIT_P256] = kit_jwk("p256", JWK_EC, CURVE_P256);
  kit->a_keys[KIT_P384] = kit_jwk("p384", JWK_EC, CURVE_P384);
  kit->a_keys[KIT_P521] = kit_jwk("p521", JWK_EC, CURVE_P521);
  kit->a_keys[KIT_K256] = kit_jwk("k256", JWK_EC, CURVE_SECP256K1);
  kit->a_keys[KIT_ED25519] = kit_jwk("ed25519", JWK_OKP, CURVE_ED25519);
  kit->a_keys[KIT_ED448] = kit_jwk("ed448", JWK_OKP, CURVE_ED448);
  kit->b_keys[0] = kit_jwk(NULL, JWK_OCT, CURVE_NONE);
  kit_issuer(&kit->issuers[0], "https://a.example", kit->a_keys, KIT_KEYS);
  kit_issuer(&kit->issuers[1], "https://b.example", kit->b_keys, 1);
}

/* A list of up to four strings; the memory is the test process's to keep. */
static inline struct string_list kit_list(const char *a, const char *b, const char *c, const char *d) {
  const char *const texts[] = {a, b, c, d};
  struct string_list list = {.items = (struct assay_bytes *)calloc(4, sizeof *list.items)};
  for (size_t i = 0; i < 4 && texts[i]; i++)
    list.items[list.count++] = bytes_str(texts[i]);
  return list;
}

/* Tokens. */

static inline size_t kit_encode(struct assay_bytes bytes, char *out) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  uint32_t bits = 0, held = 0;
  size_t at = 0;
  for (size_t i = 0; i < bytes.len; i++) {
    bits = bits << 8 | bytes.ptr[i];
    for (held += 8; held >= 6;)
      out[at++] = alphabet[bits >> (held -= 6) & 63];
  }
  if (held)
    out[at++] = alphabet[bits << (6 - held) & 63];
  return at;
}

#define KIT_TOKEN_MAX (64 * 1024)

/* The result is good until the next token. */
static inline struct assay_bytes kit_token(struct assay_bytes header, struct assay_bytes claims,
                                           struct assay_bytes sig) {
  static char token[KIT_TOKEN_MAX];
  cr_assert_lt((header.len + claims.len + sig.len) * 4 / 3 + 16, sizeof token);
  size_t at = kit_encode(header, token);
  token[at++] = '.';
  at += kit_encode(claims, token + at);
  token[at++] = '.';
  at += kit_encode(sig, token + at);
  return bytes_of(token, at);
}

/* A signature that passes the form checks of an algorithm. */
static inline struct assay_bytes kit_signature(enum jose_alg alg) {
  static uint8_t sig[512];
  static const size_t lengths[JOSE_ALG_COUNT] = {
      [JOSE_HS256] = 32,  [JOSE_HS384] = 48,  [JOSE_HS512] = 64,   [JOSE_RS256] = 256,
      [JOSE_RS384] = 256, [JOSE_RS512] = 256, [JOSE_PS256] = 256,  [JOSE_PS384] = 256,
      [JOSE_PS512] = 256, [JOSE_ES256] = 64,  [JOSE_ES384] = 96,   [JOSE_ES512] = 132,
      [JOSE_ES256K] = 64, [JOSE_EDDSA] = 64,  [JOSE_ED25519] = 64, [JOSE_ED448] = 114};
  memset(sig, 1, sizeof sig);
  if (alg == JOSE_ED448)
    sig[56] = sig[113] = 0;
  return bytes_of(sig, lengths[alg]);
}

static inline struct session *kit_open(const struct kit *kit) {
  struct assay_error error = {0};
  const struct trust *trusts[] = {&kit->trust};
  struct session *session = session_open(&kit_backend, trusts, 1, &error);
  cr_assert(session, "%s", error.text);
  return session;
}

static unsigned kit_dropped;

static inline void kit_drop(struct trust *trust) {
  (void)trust; /* a kit is its test's */
  kit_dropped++;
}

static inline struct trust_current *kit_current(struct kit *kit) {
  struct trust_current *current = trust_current_open(&kit->trust, kit_drop);
  cr_assert(current);
  return current;
}

/* What the pipeline says of a token with this header and payload and a signature of the right form for HS256.
 */
static inline enum assay_reason kit_judge(const struct kit *kit, const char *header, const char *claims) {
  struct session *session = kit_open(kit);
  enum assay_reason reason =
      pipeline_verify(session, kit_token(bytes_str(header), bytes_str(claims), kit_signature(JOSE_HS256)));
  session_close(session);
  return reason;
}

#define kit_expect(kit, header, claims, expected)                                                            \
  do {                                                                                                       \
    enum assay_reason kit_got = kit_judge(kit, header, claims);                                              \
    cr_expect_eq(kit_got, expected, "%s %s: %s instead of %s", header, claims, assay_reason_dotted(kit_got), \
                 assay_reason_dotted(expected));                                                             \
  } while (0)

#endif
