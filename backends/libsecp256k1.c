/* libsecp256k1: ECDSA on its one curve (RFC 8812 3.2). It takes digests and offers no plain SHA-256; that of
 * Nettle hashes the input.
 *
 * build: pkg-config libsecp256k1 nettle
 * prefix: header secp256k1.h
 * prefix: library secp256k1
 * prefix: beside nettle
 *
 * JWS takes either of the two S that a signature can have, the library only the lower: each is normalised
 * first, as secp256k1.h tells those to do who do not make all signatures themselves. */
#include "backends/backend.h"
#include "backends/loaded_path.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <nettle/sha2.h>
#include <nettle/version.h>
#include <secp256k1.h>
#include <secp256k1_preallocated.h>

#ifndef ASSAY_PACKAGE_VERSION
#define ASSAY_PACKAGE_VERSION "" /* compiled by hand */
#endif

#define FIELD_BYTES 32
#define UNCOMPRESSED 0x04 /* SEC 1 2.3.3 */

struct assay_ctx {
  secp256k1_context
      *context; /* in `memory`, so that a want of memory is ours to tell: its own way is abort */
  max_align_t memory[];
};

struct assay_key {
  secp256k1_pubkey point;
};

/* Build facts ------------------------------------------------------------------------------------------- */

static char library_path[PATH_MAX];

static const struct assay_build *build(void) {
  static char hash[80];
  static struct assay_fact facts[] = {
      {"the version is that of the package it was built against; the library tells none", SOURCE_INFERRED},
      {hash, SOURCE_LIBRARY}};
  static struct assay_build told = {.library = "libsecp256k1",
                                    .version = ASSAY_PACKAGE_VERSION,
                                    .note = "",
                                    .facts = facts,
                                    .fact_count = sizeof facts / sizeof facts[0]};
  snprintf(hash, sizeof hash, "SHA-256 is that of Nettle %d.%d", nettle_version_major(),
           nettle_version_minor());
  told.path = loaded_path((const void *)(uintptr_t)&secp256k1_ecdsa_verify, library_path);
  return &told;
}

/* Context ----------------------------------------------------------------------------------------------- */

static enum assay_outcome ctx_open(struct assay_ctx **out) {
  struct assay_ctx *ctx = malloc(sizeof *ctx + secp256k1_context_preallocated_size(SECP256K1_CONTEXT_NONE));
  if (!ctx)
    return ASSAY_FAULT;
  ctx->context = secp256k1_context_preallocated_create(ctx->memory, SECP256K1_CONTEXT_NONE);
  if (!ctx->context) {
    free(ctx);
    return ASSAY_FAULT;
  }
  *out = ctx;
  return ASSAY_MATCH;
}

static void ctx_close(struct assay_ctx *ctx) {
  secp256k1_context_preallocated_destroy(ctx->context);
  free(ctx);
}

/* Key import -------------------------------------------------------------------------------------------- */

/* secp256k1_ec_pubkey_parse refuses coordinates that are too large or not on the curve. */
static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *from,
                                   struct assay_key **out) {
  uint8_t point[1 + 2 * FIELD_BYTES] = {UNCOMPRESSED};
  if (from->alg != ASSAY_ES256K)
    return ASSAY_UNSUPPORTED;
  if (from->x.len != FIELD_BYTES || from->y.len != FIELD_BYTES)
    return ASSAY_MALFORMED;
  memcpy(point + 1, from->x.ptr, FIELD_BYTES);
  memcpy(point + 1 + FIELD_BYTES, from->y.ptr, FIELD_BYTES);
  struct assay_key *key = calloc(1, sizeof *key);
  if (!key)
    return ASSAY_FAULT;
  if (secp256k1_ec_pubkey_parse(ctx->context, &key->point, point, sizeof point) != 1) {
    free(key);
    return ASSAY_MALFORMED;
  }
  *out = key;
  return ASSAY_MATCH;
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  free(key);
}

/* Verify ------------------------------------------------------------------------------------------------ */

static void digest_input(struct assay_bytes input, uint8_t digest[SHA256_DIGEST_SIZE]) {
  struct sha256_ctx hash;
  sha256_init(&hash);
  sha256_update(&hash, input.len, input.ptr);
  sha256_digest(&hash, SHA256_DIGEST_SIZE, digest);
}

/* Its compact form is JOSE's R || S (RFC 7518 3.4), and R and S not below the order are refused. */
static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  secp256k1_ecdsa_signature signature;
  uint8_t digest[SHA256_DIGEST_SIZE];
  if (sig.len != 2 * FIELD_BYTES ||
      secp256k1_ecdsa_signature_parse_compact(ctx->context, &signature, sig.ptr) != 1)
    return ASSAY_MALFORMED;
  secp256k1_ecdsa_signature_normalize(ctx->context, &signature, &signature); /* tells whether S was high */
  digest_input(input, digest);
  return secp256k1_ecdsa_verify(ctx->context, &signature, digest, &key->point) == 1 ? ASSAY_MATCH
                                                                                    : ASSAY_MISMATCH;
}

const struct assay_backend assay_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "libsecp256k1",
    .summary = "secp256k1_ecdsa_verify on a normalised S; SHA-256 by Nettle",
    .build = build,
    .algs = ASSAY_ALG_BIT(ASSAY_ES256K),
    .ctx_open = ctx_open,
    .ctx_close = ctx_close,
    .key_open = key_open,
    .key_close = key_close,
    .verify = verify,
};
