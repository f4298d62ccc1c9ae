/* libtomcrypt: rsa_verify_hash_ex, ecc_verify_hash_rfc7518, which takes JOSE's R || S as it is, and HMAC on
 * the library's hash states.
 *
 * build: pkg-config libtomcrypt
 * prefix: header tomcrypt.h
 * prefix: library tomcrypt
 *
 * Its numbers are another library's, which the program chooses: GMP here where this build has it, which is
 * nearly three times as fast for RSA as libtommath, its usual one and the variant `libtommath`. GMP ends the
 * process where there is no memory.
 *
 * HMAC: hmac_init allocates and hashes the key anew for every token, and a keyed hmac_state cannot be copied,
 * since hmac_done frees what it points to. The hash states behind it are plain structs: they are keyed once
 * (RFC 2104 2) and copied.
 *
 * 1.18 has neither EdDSA nor curves other than y^2 = x^3 - 3x + b, so no secp256k1. RSA with PKCS #1 v1.5
 * asks for the padding without ASN.1 (NA1) and hands over the whole DigestInfo: the form with ASN.1 parses it
 * and takes one without the NULL of its parameters too.
 *
 * What it answers wrongly: of a modulus of 8k + 1 bits, PSS does not look at the first octet of what the
 * signature holds, so such keys are not taken. Some valid ECDSA signatures are refused, those whose sum of
 * two points meets a point with itself or its opposite on the way, which does not happen by chance. */
#include "backends/backend.h"
#include "backends/hmac_pads.h"
#include "backends/loaded_path.h"
#include "backends/rsa_forms.h"
#include "backends/version_fits.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define GMP_DESC
#define LTM_DESC
#include <tomcrypt.h>

/* A build has one of them or both. */
extern const ltc_math_descriptor gmp_desc __attribute__((weak));
extern const ltc_math_descriptor ltm_desc __attribute__((weak));

/* The library keeps its state in its keys. */
struct assay_ctx {
  char nothing;
};

struct assay_key {
  enum assay_family family;
  const struct ltc_hash_descriptor *hash;
  int hash_id; /* of the hash in the library's table */
  size_t sig_bytes;
  union {
    struct {
      hash_state inner, outer; /* keyed */
    } hmac;
    rsa_key rsa;
    ecc_key ec;
  };
};

#define ALGS                                                                                                 \
  (ASSAY_ALGS_OF_FAMILY(HMAC) | ASSAY_ALGS_OF_TYPE(RSA) |                                                    \
   (ASSAY_ALGS_OF_FAMILY(ECDSA) & ~ASSAY_ALG_BIT(ASSAY_ES256K)))

/* Build facts ------------------------------------------------------------------------------------------- */

static char library_path[PATH_MAX];

/* NULL: this build has no numbers at all. */
static const ltc_math_descriptor *usual_math(void) {
  return &gmp_desc ? &gmp_desc : &ltm_desc;
}

/* What crypt_build_settings tells, of what bears on speed. */
static void read_options(char *out, size_t size) {
  static const char *const options[] = {"LTC_FAST", "LTC_ROx_ASM", "LTC_ECC_SHAMIR", "LTC_SMALL_CODE",
                                        "LTC_NO_ASM"};
  size_t length = (size_t)snprintf(out, size, "options:");
  for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
    if (strstr(crypt_build_settings, options[i]))
      length += (size_t)snprintf(out + length, size - length, " %s", options[i]);
}

/* The first line of crypt_build_settings is "LibTomCrypt 1.18.2 (www.libtom.net)". */
static const char *read_version(void) {
  static char version[24];
  return sscanf(crypt_build_settings, "LibTomCrypt %23s", version) == 1 ? version : "";
}

static const struct assay_build *build_over(const ltc_math_descriptor *math) {
  static char numbers[64], options[96];
  static struct assay_fact facts[3];
  static struct assay_build told = {.library = "libtomcrypt", .note = "", .facts = facts};
  if (told.version)
    return &told;
  snprintf(numbers, sizeof numbers, "numbers: %s", math ? math->name : "none");
  read_options(options, sizeof options);
  facts[told.fact_count++] = (struct assay_fact){numbers, SOURCE_LIBRARY};
  facts[told.fact_count++] = (struct assay_fact){options, SOURCE_LIBRARY};
  facts[told.fact_count++] =
      (struct assay_fact){"hashes are plain C, the same for all CPUs", SOURCE_INFERRED};
  told.path = loaded_path((const void *)(uintptr_t)&rsa_verify_hash_ex, library_path);
  told.version = read_version();
  told.problem = version_problem(SCRYPT, &told);
  return &told;
}

static const struct assay_build *build(void) {
  return build_over(usual_math());
}

static const struct assay_build *build_libtommath(void) {
  return build_over(&ltm_desc);
}

/* Errors ------------------------------------------------------------------------------------------------ */

static enum assay_outcome refusal(int ret) {
  switch (ret) {
  case CRYPT_MEM: return ASSAY_FAULT;
  case CRYPT_OK: return ASSAY_MISMATCH;
  default: return ASSAY_MALFORMED;
  }
}

/* The verdict is written apart: both are looked at, always. */
static enum assay_outcome outcome_of(int ret, int verified) {
  return ret == CRYPT_OK && verified == 1 ? ASSAY_MATCH : refusal(ret);
}

/* Context ----------------------------------------------------------------------------------------------- */

/* The library's numbers and its table of hashes are the process's: set before its first use and never
 * again. */
static bool library_open(const ltc_math_descriptor *math) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  static bool is_open;
  pthread_mutex_lock(&lock);
  if (!is_open && math && register_hash(&sha256_desc) != -1 && register_hash(&sha384_desc) != -1 &&
      register_hash(&sha512_desc) != -1) {
    ltc_mp = *math;
    is_open = true;
  }
  bool is_ours = is_open && strcmp(ltc_mp.name, math->name) == 0;
  pthread_mutex_unlock(&lock);
  return is_ours;
}

static enum assay_outcome ctx_open_over(const ltc_math_descriptor *math, struct assay_ctx **out) {
  if (!library_open(math))
    return ASSAY_FAULT;
  *out = malloc(sizeof **out);
  return *out ? ASSAY_MATCH : ASSAY_FAULT;
}

static enum assay_outcome ctx_open(struct assay_ctx **out) {
  return ctx_open_over(usual_math(), out);
}

static enum assay_outcome ctx_open_libtommath(struct assay_ctx **out) {
  return ctx_open_over(&ltm_desc, out);
}

static void ctx_close(struct assay_ctx *ctx) {
  free(ctx);
}

/* Key import -------------------------------------------------------------------------------------------- */

static bool hash_octets(const struct ltc_hash_descriptor *hash, struct assay_bytes input, uint8_t *digest) {
  hash_state state;
  return hash->init(&state) == CRYPT_OK && hash->process(&state, bytes_start(input), input.len) == CRYPT_OK &&
         hash->done(&state, digest) == CRYPT_OK;
}

static bool state_key(hash_state *state, const struct ltc_hash_descriptor *hash, const uint8_t *pad) {
  return hash->init(state) == CRYPT_OK && hash->process(state, pad, hash->blocksize) == CRYPT_OK;
}

static enum assay_outcome import_hmac(struct assay_key *key, const struct assay_public_key *from) {
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX];
  struct assay_bytes k = from->k;
  struct hmac_pads pads;
  if (k.len > key->hash->blocksize) {
    if (!hash_octets(key->hash, k, digest))
      return ASSAY_FAULT;
    k = bytes_of(digest, key->hash->hashsize);
  }
  hmac_pads_fill(&pads, key->hash->hashsize, k);
  return state_key(&key->hmac.inner, key->hash, pads.inner) &&
                 state_key(&key->hmac.outer, key->hash, pads.outer)
             ? ASSAY_MATCH
             : ASSAY_FAULT;
}

static enum assay_outcome import_rsa(struct assay_key *key, const struct assay_public_key *from) {
  if (!rsa_key_is_sane(from)) /* the library looks at neither */
    return ASSAY_MALFORMED;
  if (key->family == FAMILY_RSA_PSS && from->n.ptr[0] == 1) /* 8k + 1 bits: see above */
    return ASSAY_UNSUPPORTED;
  key->sig_bytes = from->n.len;
  int ret = rsa_set_key(from->n.ptr, from->n.len, from->e.ptr, from->e.len, NULL, 0, &key->rsa);
  return ret == CRYPT_OK ? ASSAY_MATCH : refusal(ret);
}

/* Whether both coordinates are below p, which no import asks. */
static enum assay_outcome range_check(const ltc_ecc_set_type *curve, const struct assay_public_key *from) {
  uint8_t prime[ASSAY_POINT_BYTES_MAX];
  unsigned long bytes = sizeof prime;
  int ret = radix_to_bin(curve->prime, 16, prime, &bytes);
  if (ret != CRYPT_OK || bytes != from->x.len)
    return ret == CRYPT_MEM ? ASSAY_FAULT : ASSAY_UNSUPPORTED;
  return memcmp(from->x.ptr, prime, bytes) < 0 && memcmp(from->y.ptr, prime, bytes) < 0 ? ASSAY_MATCH
                                                                                        : ASSAY_MALFORMED;
}

/* The import of X9.63 does not look at the point. That of the library's own format asks whether it is on the
 * curve: it takes what the first read. */
static enum assay_outcome import_ec(struct assay_key *key, const struct assay_public_key *from) {
  size_t field = key->sig_bytes / 2;
  uint8_t point[1 + 2 * ASSAY_POINT_BYTES_MAX] = {0x04}, packet[ECC_BUF_SIZE];
  unsigned long packet_bytes = sizeof packet;
  ecc_key unchecked;
  if (from->x.len != field || from->y.len != field)
    return ASSAY_MALFORMED;
  memcpy(point + 1, from->x.ptr, field);
  memcpy(point + 1 + field, from->y.ptr, field);
  int ret = ecc_ansi_x963_import(point, 1 + 2 * field, &unchecked);
  if (ret != CRYPT_OK)
    return refusal(ret) == ASSAY_FAULT ? ASSAY_FAULT : ASSAY_UNSUPPORTED;
  enum assay_outcome outcome = range_check(unchecked.dp, from);
  ret = ecc_export(packet, &packet_bytes, PK_PUBLIC, &unchecked);
  ecc_free(&unchecked);
  if (outcome != ASSAY_MATCH || ret != CRYPT_OK)
    return outcome != ASSAY_MATCH ? outcome : refusal(ret);
  ret = ecc_import(packet, packet_bytes, &key->ec);
  return ret == CRYPT_OK ? ASSAY_MATCH : refusal(ret);
}

/* Of what was not imported, nothing is left to free. */
static enum assay_outcome key_import(struct assay_key *key, const struct assay_public_key *from) {
  switch (key->family) {
  case FAMILY_HMAC: return import_hmac(key, from);
  case FAMILY_RSA_PKCS1:
  case FAMILY_RSA_PSS: return import_rsa(key, from);
  case FAMILY_ECDSA: return import_ec(key, from);
  case FAMILY_EDDSA: return ASSAY_UNSUPPORTED;
  }
  return ASSAY_UNSUPPORTED;
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  switch (key->family) {
  case FAMILY_RSA_PKCS1:
  case FAMILY_RSA_PSS: rsa_free(&key->rsa); break;
  case FAMILY_ECDSA: ecc_free(&key->ec); break;
  default: break;
  }
  free(key);
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *from,
                                   struct assay_key **out) {
  (void)ctx;
  if (!(ALGS & ASSAY_ALG_BIT(from->alg)))
    return ASSAY_UNSUPPORTED;
  struct assay_key *key = calloc(1, sizeof *key);
  if (!key)
    return ASSAY_FAULT;
  const struct assay_alg_info *info = assay_alg_info(from->alg);
  key->family = info->family;
  key->sig_bytes = info->signature_bytes;
  key->hash = info->digest_bytes == 32   ? &sha256_desc
              : info->digest_bytes == 48 ? &sha384_desc
                                         : &sha512_desc;
  key->hash_id = find_hash(key->hash->name);
  enum assay_outcome outcome = key_import(key, from);
  if (outcome != ASSAY_MATCH) {
    free(key);
    return outcome;
  }
  *out = key;
  return ASSAY_MATCH;
}

/* Verify ------------------------------------------------------------------------------------------------ */

static enum assay_outcome verify_hmac(const struct assay_key *key, struct assay_bytes input,
                                      struct assay_bytes sig) {
  uint8_t tag[ASSAY_DIGEST_BYTES_MAX];
  hash_state state = key->hmac.inner;
  if (key->hash->process(&state, bytes_start(input), input.len) != CRYPT_OK ||
      key->hash->done(&state, tag) != CRYPT_OK)
    return ASSAY_FAULT;
  state = key->hmac.outer;
  if (key->hash->process(&state, tag, sig.len) != CRYPT_OK || key->hash->done(&state, tag) != CRYPT_OK)
    return ASSAY_FAULT;
  return mem_neq(tag, sig.ptr, sig.len) == 0 ? ASSAY_MATCH : ASSAY_MISMATCH; /* in constant time */
}

static enum assay_outcome verify_pkcs1(struct assay_key *key, struct assay_bytes input,
                                       struct assay_bytes sig) {
  struct rsa_digest_info info;
  int verified = 0;
  rsa_digest_info_init(&info, key->hash->hashsize);
  if (!hash_octets(key->hash, input, info.octets + RSA_DIGEST_INFO_PREFIX))
    return ASSAY_FAULT;
  int ret = rsa_verify_hash_ex(sig.ptr, sig.len, info.octets, info.bytes, LTC_PKCS_1_V1_5_NA1, key->hash_id,
                               0, &verified, &key->rsa);
  return outcome_of(ret, verified);
}

/* MGF1 with the same hash, salt as long as its output (RFC 7518 3.5). */
static enum assay_outcome verify_pss(struct assay_key *key, struct assay_bytes input,
                                     struct assay_bytes sig) {
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX];
  int verified = 0;
  if (!hash_octets(key->hash, input, digest))
    return ASSAY_FAULT;
  int ret = rsa_verify_hash_ex(sig.ptr, sig.len, digest, key->hash->hashsize, LTC_PKCS_1_PSS, key->hash_id,
                               key->hash->hashsize, &verified, &key->rsa);
  return outcome_of(ret, verified);
}

static enum assay_outcome verify_ecdsa(struct assay_key *key, struct assay_bytes input,
                                       struct assay_bytes sig) {
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX];
  int verified = 0;
  if (!hash_octets(key->hash, input, digest))
    return ASSAY_FAULT;
  int ret = ecc_verify_hash_rfc7518(sig.ptr, sig.len, digest, key->hash->hashsize, &verified, &key->ec);
  return outcome_of(ret, verified);
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx;
  if (sig.len != key->sig_bytes) /* RFC 8017 8.2.2, RFC 7518 3.4 */
    return ASSAY_MALFORMED;
  switch (key->family) {
  case FAMILY_HMAC: return verify_hmac(key, input, sig);
  case FAMILY_RSA_PKCS1: return verify_pkcs1(key, input, sig);
  case FAMILY_RSA_PSS: return verify_pss(key, input, sig);
  case FAMILY_ECDSA: return verify_ecdsa(key, input, sig);
  case FAMILY_EDDSA: break;
  }
  return ASSAY_FAULT;
}

#define HOOKS(facts, open)                                                                                   \
  .abi = ASSAY_BACKEND_ABI, .size = sizeof(struct assay_backend), .build = facts, .ctx_open = open,          \
  .ctx_close = ctx_close, .key_open = key_open, .key_close = key_close, .verify = verify

static const struct assay_backend libtommath = {
    .name = "libtommath",
    .summary = "the same calls over libtommath's numbers",
    .algs = ALGS & ~ASSAY_ALGS_OF_FAMILY(HMAC),
    HOOKS(build_libtommath, ctx_open_libtommath),
};

static const struct assay_backend *const variants[] = {&libtommath, NULL};

const struct assay_backend assay_backend = {
    .name = "libtomcrypt",
    .summary = "HMAC on hash states keyed once, rsa_verify_hash_ex, ecc_verify_hash_rfc7518; GMP's numbers",
    .variants = variants,
    .algs = ALGS,
    HOOKS(build, ctx_open),
};
