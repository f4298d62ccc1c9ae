/* BearSSL: what its br_*_get_default functions recommend on this machine, asked once per thread. The library
 * never allocates, and its keys are octets: of HMAC the two hash states, of RSA and EC what was given.
 *
 * build: library /usr/lib/${multiarch}/libbearssl.so
 * prefix: header bearssl.h
 * prefix: library bearssl
 *
 * 0.6, the last release, has neither PSS (but for encryption, OAEP) nor Edwards curves nor secp256k1.
 *
 * br_rsa_pkcs1_vrfy reads the encoding and takes it also without the hash's NULL, as it documents. Here
 * br_rsa_public computes it, and it is compared whole (RFC 8017 8.2.2). */
#include "backends/backend.h"
#include "backends/loaded_path.h"
#include "backends/rsa_forms.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <bearssl.h>

enum {
  RSA_BYTES_MAX = 2048, /* of a buffer; what the library takes it tells, and is 512 in 0.6 */
  POINT_BYTES_MAX = 1 + 2 * ASSAY_POINT_BYTES_MAX,
  PKCS1_BYTES_MIN = 11 /* 00 01, eight times ff, 00 (RFC 8017 9.2) */
};

struct assay_ctx {
  br_rsa_public rsa_public;
  br_ecdsa_vrfy ecdsa_verify;
  const br_ec_impl *curves;
  size_t rsa_bytes_max;
};

struct rsa_state {
  br_rsa_public_key key;
  uint8_t *encoded; /* EMSA-PKCS1-v1_5 of a digest that is still to come; as long as n */
  uint8_t octets[]; /* n, e and the encoding */
};

struct ec_state {
  br_ec_public_key key;
  uint8_t point[POINT_BYTES_MAX];
};

struct assay_key {
  enum assay_family family;
  const br_hash_class *hash;
  size_t digest_bytes, sig_bytes;
  struct rsa_state *rsa;
  union {
    br_hmac_key_context hmac;
    struct ec_state ec;
  };
};

/* Build facts ------------------------------------------------------------------------------------------- */

static char library_path[PATH_MAX];

/* An option that the library was compiled with; 0 where it is not set or not known. */
static long option_value(const char *name) {
  for (const br_config_option *option = br_get_config(); option->name; option++)
    if (strcmp(option->name, name) == 0)
      return option->value;
  return 0;
}

/* No function, and no header, tells a version: the file's name does, where it was given one. */
static const char *version_of(const char *path) {
  const char *version = strstr(path, ".so.");
  return version ? version + strlen(".so.") : "unknown";
}

static bool is_debians(const char *path) {
  return strncmp(path, "/usr/lib/", 9) == 0 && strstr(path, "/libbearssl.so.0.6");
}

static const struct assay_build *build(void) {
  static struct assay_fact facts[5];
  static struct assay_build told = {.library = "BearSSL", .note = "", .facts = facts};
  if (told.version)
    return &told;
  told.path = loaded_path((const void *)(uintptr_t)&br_get_config, library_path);
  if (is_debians(told.path)) {
    facts[told.fact_count++] = (struct assay_fact){"Debian builds it with -Os, for size", SOURCE_PACKAGE};
    told.note = "-Os";
  }
  bool i62 = br_rsa_i62_public_get() && br_rsa_public_get_default() == br_rsa_i62_public_get();
  facts[told.fact_count++] = (struct assay_fact){i62 ? "RSA i62: multiplies 64 by 64 bits"
                                                     : "RSA without i62: multiplies 32 by 32 bits or less",
                                                 SOURCE_LIBRARY};
  bool m31 = br_ec_get_default() == &br_ec_all_m31;
  facts[told.fact_count++] =
      (struct assay_fact){m31 ? "curves all_m31: P-256 in 31-bit words of its own, P-384 and P-521 generic"
                              : "curves not all_m31",
                          SOURCE_LIBRARY};
  facts[told.fact_count++] = (struct assay_fact){"SHA-2 is plain C, whatever the CPU has", SOURCE_INFERRED};
  facts[told.fact_count++] =
      (struct assay_fact){"the version is that of the file's name; the library tells none", SOURCE_INFERRED};
  told.version = version_of(told.path);
  return &told;
}

/* Context ----------------------------------------------------------------------------------------------- */

static enum assay_outcome ctx_open(struct assay_ctx **out) {
  struct assay_ctx *ctx = calloc(1, sizeof *ctx);
  if (!ctx)
    return ASSAY_FAULT;
  ctx->rsa_public = br_rsa_public_get_default();
  ctx->ecdsa_verify = br_ecdsa_vrfy_raw_get_default();
  ctx->curves = br_ec_get_default();
  ctx->rsa_bytes_max = (size_t)option_value("BR_MAX_RSA_SIZE") / 8;
  if (ctx->rsa_bytes_max > RSA_BYTES_MAX)
    ctx->rsa_bytes_max = RSA_BYTES_MAX;
  *out = ctx;
  return ASSAY_MATCH;
}

static void ctx_close(struct assay_ctx *ctx) {
  free(ctx);
}

#define ALGS                                                                                                 \
  (ASSAY_ALGS_OF_FAMILY(HMAC) | ASSAY_ALGS_OF_FAMILY(RSA_PKCS1) | ASSAY_ALG_BIT(ASSAY_ES256) |               \
   ASSAY_ALG_BIT(ASSAY_ES384) | ASSAY_ALG_BIT(ASSAY_ES512))

/* Key import -------------------------------------------------------------------------------------------- */

/* 00 01 ff .. ff 00 and the DigestInfo (RFC 8017 9.2), up to where the digest begins. false: n is too
 * short. */
static bool encoding_start(uint8_t *encoded, size_t bytes, size_t digest_bytes) {
  const unsigned char *oid = digest_bytes == 32   ? BR_HASH_OID_SHA256
                             : digest_bytes == 48 ? BR_HASH_OID_SHA384
                                                  : BR_HASH_OID_SHA512; /* its length comes first */
  uint8_t info[64] = {0x30, 0, 0x30, 0, 0x06};
  size_t at = 5, oid_bytes = 1 + (size_t)oid[0];
  memcpy(info + at, oid, oid_bytes);
  at += oid_bytes;
  const uint8_t end[] = {0x05, 0x00, 0x04, (uint8_t)digest_bytes};
  memcpy(info + at, end, sizeof end);
  at += sizeof end;
  info[1] = (uint8_t)(at - 2 + digest_bytes);
  info[3] = (uint8_t)(at - 6); /* between its own length and the OCTET STRING */
  if (bytes < PKCS1_BYTES_MIN + at + digest_bytes)
    return false;
  size_t info_at = bytes - digest_bytes - at;
  memset(encoded, 0xff, bytes);
  encoded[0] = 0;
  encoded[1] = 1;
  encoded[info_at - 1] = 0;
  memcpy(encoded + info_at, info, at);
  return true;
}

static enum assay_outcome import_rsa(const struct assay_ctx *ctx, struct assay_key *key,
                                     const struct assay_public_key *from) {
  struct assay_bytes n = from->n, e = from->e;
  if (!rsa_key_is_sane(from)) /* the library refuses an even n when it computes, and asks nothing of e */
    return ASSAY_MALFORMED;
  if (n.len > ctx->rsa_bytes_max)
    return ASSAY_UNSUPPORTED;
  struct rsa_state *rsa = key->rsa = malloc(sizeof *rsa + 2 * n.len + e.len);
  if (!rsa)
    return ASSAY_FAULT;
  rsa->key = (br_rsa_public_key){rsa->octets, n.len, rsa->octets + n.len, e.len};
  rsa->encoded = rsa->octets + n.len + e.len;
  memcpy(rsa->key.n, n.ptr, n.len);
  memcpy(rsa->key.e, e.ptr, e.len);
  key->sig_bytes = n.len;
  return encoding_start(rsa->encoded, n.len, key->digest_bytes) ? ASSAY_MATCH : ASSAY_UNSUPPORTED;
}

static int curve_id(enum assay_alg alg) {
  return alg == ASSAY_ES256 ? BR_EC_secp256r1 : alg == ASSAY_ES384 ? BR_EC_secp384r1 : BR_EC_secp521r1;
}

/* No call looks at a key alone. Every multiplication refuses a point that is out of range or not on the
 * curve, and one by 1, of one octet, takes little more than its decoding. */
static enum assay_outcome import_ec(const struct assay_ctx *ctx, struct assay_key *key,
                                    const struct assay_public_key *from) {
  size_t field = key->sig_bytes / 2, bytes = 1 + 2 * field;
  const unsigned char one[] = {1};
  uint8_t product[POINT_BYTES_MAX];
  struct ec_state *ec = &key->ec;
  if (from->x.len != field || from->y.len != field)
    return ASSAY_MALFORMED;
  ec->key = (br_ec_public_key){curve_id(from->alg), ec->point, bytes};
  if (!(ctx->curves->supported_curves >> ec->key.curve & 1))
    return ASSAY_UNSUPPORTED;
  ec->point[0] = 0x04; /* uncompressed */
  memcpy(ec->point + 1, from->x.ptr, field);
  memcpy(ec->point + 1 + field, from->y.ptr, field);
  memcpy(product, ec->point, bytes);
  return ctx->curves->mul(product, bytes, one, sizeof one, ec->key.curve) == 1 ? ASSAY_MATCH
                                                                               : ASSAY_MALFORMED;
}

static enum assay_outcome import_hmac(struct assay_key *key, struct assay_bytes k) {
  br_hmac_key_init(&key->hmac, key->hash, k.len ? (const void *)k.ptr : "", k.len);
  return ASSAY_MATCH;
}

static enum assay_outcome key_import(const struct assay_ctx *ctx, struct assay_key *key,
                                     const struct assay_public_key *from) {
  switch (key->family) {
  case FAMILY_HMAC: return import_hmac(key, from->k);
  case FAMILY_RSA_PKCS1: return import_rsa(ctx, key, from);
  case FAMILY_ECDSA: return import_ec(ctx, key, from);
  case FAMILY_RSA_PSS:
  case FAMILY_EDDSA: break;
  }
  return ASSAY_UNSUPPORTED;
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  free(key->rsa);
  free(key);
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *from,
                                   struct assay_key **out) {
  if (!(ALGS & ASSAY_ALG_BIT(from->alg)))
    return ASSAY_UNSUPPORTED;
  struct assay_key *key = calloc(1, sizeof *key);
  if (!key)
    return ASSAY_FAULT;
  const struct assay_alg_info *info = assay_alg_info(from->alg);
  key->family = info->family;
  key->digest_bytes = info->digest_bytes;
  key->sig_bytes = info->signature_bytes;
  key->hash = info->digest_bytes == 32   ? &br_sha256_vtable
              : info->digest_bytes == 48 ? &br_sha384_vtable
                                         : &br_sha512_vtable;
  enum assay_outcome outcome = key_import(ctx, key, from);
  if (outcome != ASSAY_MATCH) {
    key_close(ctx, key);
    return outcome;
  }
  *out = key;
  return ASSAY_MATCH;
}

/* Verify ------------------------------------------------------------------------------------------------ */

static void digest_input(const struct assay_key *key, struct assay_bytes input, uint8_t *digest) {
  br_hash_compat_context state;
  key->hash->init(&state.vtable);
  key->hash->update(&state.vtable, input.ptr, input.len);
  key->hash->out(&state.vtable, digest);
}

static enum assay_outcome verify_hmac(const struct assay_key *key, struct assay_bytes input,
                                      struct assay_bytes sig) {
  uint8_t tag[ASSAY_DIGEST_BYTES_MAX], differs = 0;
  br_hmac_context state;
  br_hmac_init(&state, &key->hmac, 0);
  br_hmac_update(&state, input.ptr, input.len);
  br_hmac_out(&state, tag);
  for (size_t i = 0; i < key->digest_bytes; i++) /* in constant time; the library exports no comparison */
    differs |= tag[i] ^ sig.ptr[i];
  return differs == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
}

static enum assay_outcome verify_rsa(const struct assay_ctx *ctx, const struct assay_key *key,
                                     struct assay_bytes input, struct assay_bytes sig) {
  const struct rsa_state *rsa = key->rsa;
  uint8_t work[RSA_BYTES_MAX];
  digest_input(key, input, rsa->encoded + sig.len - key->digest_bytes);
  memcpy(work, sig.ptr, sig.len);
  if (ctx->rsa_public(work, sig.len, &rsa->key) != 1)
    return ASSAY_MALFORMED;
  return memcmp(work, rsa->encoded, sig.len) == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
}

/* The raw form is R || S (RFC 7518 3.4). */
static enum assay_outcome verify_ecdsa(const struct assay_ctx *ctx, const struct assay_key *key,
                                       struct assay_bytes input, struct assay_bytes sig) {
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX];
  digest_input(key, input, digest);
  return ctx->ecdsa_verify(ctx->curves, digest, key->digest_bytes, &key->ec.key, sig.ptr, sig.len) == 1
             ? ASSAY_MATCH
             : ASSAY_MISMATCH;
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  if (sig.len != key->sig_bytes) /* RFC 8017 8.2.2, RFC 7518 3.4; ECDSA would take a shorter one */
    return ASSAY_MALFORMED;
  switch (key->family) {
  case FAMILY_HMAC: return verify_hmac(key, input, sig);
  case FAMILY_RSA_PKCS1: return verify_rsa(ctx, key, input, sig);
  case FAMILY_ECDSA: return verify_ecdsa(ctx, key, input, sig);
  case FAMILY_RSA_PSS:
  case FAMILY_EDDSA: break;
  }
  return ASSAY_FAULT;
}

const struct assay_backend assay_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "bearssl",
    .summary = "br_hmac_* with a key prepared once, br_rsa_public, br_ecdsa_vrfy (raw): the defaults of this "
               "machine",
    .build = build,
    .algs = ALGS,
    .ctx_open = ctx_open,
    .ctx_close = ctx_close,
    .key_open = key_open,
    .key_close = key_close,
    .verify = verify,
};
