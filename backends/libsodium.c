/* libsodium: HMAC states that are keyed once per key and copied for each token, and
 * crypto_sign_ed25519_verify_detached.
 *
 * build: pkg-config libsodium
 * prefix: header sodium.h
 * prefix: library sodium
 *
 * It has no SHA-384, and of curves and RSA that JWS signs with Ed25519 alone. Unlike most, it refuses
 * signatures whose R is a point of small order, which only a signer makes who wants to. */
#include "backends/backend.h"
#include "backends/loaded_path.h"
#include "backends/version_fits.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

/* The library keeps no state of a thread. */
struct assay_ctx {
  char nothing;
};

struct assay_key {
  enum assay_alg alg;
  size_t sig_bytes;
  union {
    crypto_auth_hmacsha256_state hmac256; /* keyed, before the first octet of a message */
    crypto_auth_hmacsha512_state hmac512;
    uint8_t edwards[crypto_sign_ed25519_PUBLICKEYBYTES];
  };
};

/* Build facts ------------------------------------------------------------------------------------------- */

static char library_path[PATH_MAX];

/* Before sodium_init it knows of none. */
static const char *features_text(void) {
  const struct {
    int there;
    const char *name;
  } features[] = {{sodium_runtime_has_neon(), "neon"},     {sodium_runtime_has_ssse3(), "ssse3"},
                  {sodium_runtime_has_sse41(), "sse4.1"},  {sodium_runtime_has_avx(), "avx"},
                  {sodium_runtime_has_avx2(), "avx2"},     {sodium_runtime_has_avx512f(), "avx512f"},
                  {sodium_runtime_has_pclmul(), "pclmul"}, {sodium_runtime_has_aesni(), "aes-ni"},
                  {sodium_runtime_has_rdrand(), "rdrand"}};
  static char text[160] = "finds ";
  size_t used = strlen(text), first = used;
  for (size_t i = 0; i < sizeof features / sizeof features[0]; i++)
    if (features[i].there)
      used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used > first ? ", " : "",
                               features[i].name);
  snprintf(text + used, sizeof text - used, "%s for other algorithms", used > first ? "" : "nothing");
  return text;
}

static const struct assay_build *build(void) {
  static struct assay_fact facts[3] = {
      {"SHA-256, SHA-512 and Ed25519 are there once, in portable C: it chooses no CPU path for them",
       SOURCE_INFERRED}};
  static struct assay_build told = {.library = "libsodium", .note = "", .facts = facts, .fact_count = 1};
  if (told.version)
    return &told;
  if (sodium_init() >= 0)
    facts[told.fact_count++] = (struct assay_fact){features_text(), SOURCE_LIBRARY};
  if (sodium_library_minimal())
    facts[told.fact_count++] = (struct assay_fact){"--enable-minimal", SOURCE_LIBRARY};
  told.path = loaded_path((const void *)(uintptr_t)&crypto_sign_ed25519_verify_detached, library_path);
  told.version = sodium_version_string();
  told.problem = version_problem(SODIUM_VERSION_STRING, &told);
  return &told;
}

/* Context ----------------------------------------------------------------------------------------------- */

/* sodium_init may be called from several threads at once, and again. A library whose states are of another
 * size than the headers have it would write past them. */
static enum assay_outcome ctx_open(struct assay_ctx **out) {
  if (sodium_init() < 0 || crypto_auth_hmacsha256_statebytes() != sizeof(crypto_auth_hmacsha256_state) ||
      crypto_auth_hmacsha512_statebytes() != sizeof(crypto_auth_hmacsha512_state))
    return ASSAY_FAULT;
  *out = calloc(1, sizeof **out);
  return *out ? ASSAY_MATCH : ASSAY_FAULT;
}

static void ctx_close(struct assay_ctx *ctx) {
  free(ctx);
}

/* Key import -------------------------------------------------------------------------------------------- */

static enum assay_outcome import_hmac(struct assay_key *key, struct assay_bytes k) {
  const uint8_t *octets = k.len ? k.ptr : (const uint8_t *)"";
  int ret = key->alg == ASSAY_HS256 ? crypto_auth_hmacsha256_init(&key->hmac256, octets, k.len)
                                    : crypto_auth_hmacsha512_init(&key->hmac512, octets, k.len);
  return ret == 0 ? ASSAY_MATCH : ASSAY_FAULT;
}

/* Nothing is asked of the octets but their number: the point is decoded in every verify. The library's
 * question after points, crypto_core_ed25519_is_valid_point, asks for the prime-order subgroup, too, which is
 * more than RFC 8032 5.1.7 does and than a verify does. */
static enum assay_outcome import_edwards(struct assay_key *key, struct assay_bytes x) {
  if (x.len != sizeof key->edwards)
    return ASSAY_MALFORMED;
  memcpy(key->edwards, x.ptr, sizeof key->edwards);
  return ASSAY_MATCH;
}

static enum assay_outcome key_import(struct assay_key *key, const struct assay_public_key *from) {
  switch (from->alg) {
  case ASSAY_HS256:
  case ASSAY_HS512: return import_hmac(key, from->k);
  case ASSAY_ED25519: return import_edwards(key, from->x);
  default: return ASSAY_UNSUPPORTED;
  }
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  free(key);
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *from,
                                   struct assay_key **out) {
  struct assay_key *key = calloc(1, sizeof *key);
  if (!key)
    return ASSAY_FAULT;
  key->alg = from->alg;
  key->sig_bytes = assay_alg_info(from->alg)->signature_bytes;
  enum assay_outcome outcome = key_import(key, from);
  if (outcome != ASSAY_MATCH) {
    key_close(ctx, key);
    return outcome;
  }
  *out = key;
  return ASSAY_MATCH;
}

/* Verify ------------------------------------------------------------------------------------------------ */

static enum assay_outcome outcome_of(bool computed, const uint8_t *tag, struct assay_bytes sig) {
  if (!computed)
    return ASSAY_FAULT;
  return sodium_memcmp(tag, sig.ptr, sig.len) == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
}

/* A final call wipes the state: it is a copy's. */
static enum assay_outcome verify_hs256(const struct assay_key *key, struct assay_bytes input,
                                       struct assay_bytes sig) {
  crypto_auth_hmacsha256_state state = key->hmac256;
  uint8_t tag[crypto_auth_hmacsha256_BYTES];
  return outcome_of(crypto_auth_hmacsha256_update(&state, input.ptr, input.len) == 0 &&
                        crypto_auth_hmacsha256_final(&state, tag) == 0,
                    tag, sig);
}

static enum assay_outcome verify_hs512(const struct assay_key *key, struct assay_bytes input,
                                       struct assay_bytes sig) {
  crypto_auth_hmacsha512_state state = key->hmac512;
  uint8_t tag[crypto_auth_hmacsha512_BYTES];
  return outcome_of(crypto_auth_hmacsha512_update(&state, input.ptr, input.len) == 0 &&
                        crypto_auth_hmacsha512_final(&state, tag) == 0,
                    tag, sig);
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx;
  if (sig.len != key->sig_bytes)
    return ASSAY_MALFORMED;
  switch (key->alg) {
  case ASSAY_HS256: return verify_hs256(key, input, sig);
  case ASSAY_HS512: return verify_hs512(key, input, sig);
  case ASSAY_ED25519:
    return crypto_sign_ed25519_verify_detached(sig.ptr, input.ptr, input.len, key->edwards) == 0
               ? ASSAY_MATCH
               : ASSAY_MISMATCH;
  default: return ASSAY_FAULT;
  }
}

const struct assay_backend assay_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "libsodium",
    .summary = "crypto_auth_hmacsha256 and hmacsha512 on copies of a keyed state, "
               "crypto_sign_ed25519_verify_detached",
    .build = build,
    .algs = ASSAY_ALG_BIT(ASSAY_HS256) | ASSAY_ALG_BIT(ASSAY_HS512) | ASSAY_ALG_BIT(ASSAY_ED25519),
    .ctx_open = ctx_open,
    .ctx_close = ctx_close,
    .key_open = key_open,
    .key_close = key_close,
    .verify = verify,
};
