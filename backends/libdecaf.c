/* libdecaf: decaf_ed448_verify and decaf_ed25519_verify, the pure forms (RFC 8032 5.1, 5.2), without context.
 *
 * build: include /usr/include/decaf
 * build: library /usr/lib/${multiarch}/libdecaf.so
 * prefix: include decaf
 * prefix: header decaf/ed448.h
 * prefix: library decaf
 *
 * It compares by the equation that is multiplied by the cofactor, which RFC 8032 5.1.7 and 5.2.7 allow; other
 * libraries compare without it. And it cannot decode an R with x = 0. Signatures on which that makes a
 * difference are made on purpose, with parts of small order, under a key of the signer's own making. */
#include "backends/backend.h"
#include "backends/loaded_path.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <decaf/ed255.h>
#include <decaf/ed448.h>

/* The library keeps no state, and allocates nothing. */
struct assay_ctx {
  char nothing;
};

struct assay_key {
  enum assay_alg alg;
  size_t sig_bytes;
  uint8_t point[DECAF_EDDSA_448_PUBLIC_BYTES]; /* encoded: a verify takes it in no other form */
};

/* Build facts ------------------------------------------------------------------------------------------- */

static char library_path[PATH_MAX];

/* "abi 0" of libdecaf.so.0. */
static const char *version_of(const char *path) {
  static char version[24];
  const char *abi = strstr(path, ".so.");
  snprintf(version, sizeof version, "%s%.12s", abi ? "abi " : "unknown", abi ? abi + strlen(".so.") : "");
  return version;
}

static const struct assay_build *build(void) {
  static const struct assay_fact facts[] = {
      {"the version is that of the file's name; neither library nor header tells one", SOURCE_INFERRED},
      {"no CPU path is chosen at run time: the processor that it was compiled for decides", SOURCE_INFERRED}};
  static struct assay_build told = {
      .library = "libdecaf", .note = "", .facts = facts, .fact_count = sizeof facts / sizeof facts[0]};
  told.path = loaded_path((const void *)(uintptr_t)&decaf_ed448_verify, library_path);
  told.version = version_of(told.path);
  return &told;
}

/* Context ----------------------------------------------------------------------------------------------- */

static enum assay_outcome ctx_open(struct assay_ctx **out) {
  *out = calloc(1, sizeof **out);
  return *out ? ASSAY_MATCH : ASSAY_FAULT;
}

static void ctx_close(struct assay_ctx *ctx) {
  free(ctx);
}

/* Key import -------------------------------------------------------------------------------------------- */

/* Whether the octets are those of a point on the curve (RFC 8032 5.1.3, 5.2.3). */
static bool is_point(enum assay_alg alg, const uint8_t *octets) {
  decaf_255_point_t point_255;
  decaf_448_point_t point_448;
  return decaf_successful(alg == ASSAY_ED25519
                              ? decaf_255_point_decode_like_eddsa_and_mul_by_ratio(point_255, octets)
                              : decaf_448_point_decode_like_eddsa_and_mul_by_ratio(point_448, octets));
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *from,
                                   struct assay_key **out) {
  (void)ctx;
  const struct assay_alg_info *info = assay_alg_info(from->alg);
  if (info->family != FAMILY_EDDSA)
    return ASSAY_UNSUPPORTED;
  if (from->x.len != info->key_bytes || !is_point(from->alg, from->x.ptr))
    return ASSAY_MALFORMED;
  struct assay_key *key = calloc(1, sizeof *key);
  if (!key)
    return ASSAY_FAULT;
  key->alg = from->alg;
  key->sig_bytes = info->signature_bytes;
  memcpy(key->point, from->x.ptr, from->x.len);
  *out = key;
  return ASSAY_MATCH;
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  free(key);
}

/* Verify ------------------------------------------------------------------------------------------------ */

/* Not prehashed. The empty context of Ed448 is part of its pure form; that of Ed25519 would make it
 * Ed25519ctx, so the library has a pointer that means none. */
static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx;
  const uint8_t *message = input.len ? input.ptr : (const uint8_t *)"";
  if (sig.len != key->sig_bytes)
    return ASSAY_MALFORMED;
  decaf_error_t said =
      key->alg == ASSAY_ED25519
          ? decaf_ed25519_verify(sig.ptr, key->point, message, input.len, 0, DECAF_ED25519_NO_CONTEXT, 0)
          : decaf_ed448_verify(sig.ptr, key->point, message, input.len, 0, NULL, 0);
  return said == DECAF_SUCCESS ? ASSAY_MATCH : ASSAY_MISMATCH;
}

const struct assay_backend assay_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "libdecaf",
    .summary = "decaf_ed448_verify and decaf_ed25519_verify, not prehashed",
    .build = build,
    .algs = ASSAY_ALGS_OF_FAMILY(EDDSA),
    .ctx_open = ctx_open,
    .ctx_close = ctx_close,
    .key_open = key_open,
    .key_close = key_close,
    .verify = verify,
};
