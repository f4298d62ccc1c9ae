/* The checks of nettle_check.c as a backend, for a pipeline inside a test process: no module is opened. */
#include <gcrypt.h>
#include <stdlib.h>

#include "tests/reference/nettle_check.h"

struct assay_ctx {
  char unused;
};

struct assay_key {
  struct assay_public_key public_key; /* its octets are copies */
};

static const struct assay_build *build(void) {
  static const struct assay_build facts = {.library = "Nettle", .version = "", .path = "", .note = ""};
  return &facts;
}

static enum assay_outcome ctx_open(struct assay_ctx **ctx) {
  static struct assay_ctx only;
  gcry_check_version(NULL);
  gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
  gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
  *ctx = &only;
  return ASSAY_MATCH;
}

static void ctx_close(struct assay_ctx *ctx) {
  (void)ctx;
}

/* Copies what it keeps, as the contract says. */
static struct assay_bytes octets_copy(struct assay_bytes octets) {
  uint8_t *copy = malloc(octets.len + 1);
  if (!copy)
    abort();
  if (octets.len)
    memcpy(copy, octets.ptr, octets.len);
  return bytes_of(copy, octets.len);
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *public_key,
                                   struct assay_key **key) {
  (void)ctx;
  if (!nettle_key_usable(public_key))
    return ASSAY_MALFORMED;
  *key = calloc(1, sizeof **key);
  if (!*key)
    return ASSAY_FAULT;
  (*key)->public_key = (struct assay_public_key){.alg = public_key->alg,
                                                 .k = octets_copy(public_key->k),
                                                 .n = octets_copy(public_key->n),
                                                 .e = octets_copy(public_key->e),
                                                 .x = octets_copy(public_key->x),
                                                 .y = octets_copy(public_key->y)};
  return ASSAY_MATCH;
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  free((void *)key->public_key.k.ptr);
  free((void *)key->public_key.n.ptr);
  free((void *)key->public_key.e.ptr);
  free((void *)key->public_key.x.ptr);
  free((void *)key->public_key.y.ptr);
  free(key);
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx;
  return nettle_signature_matches(&key->public_key, input, sig) ? ASSAY_MATCH : ASSAY_MISMATCH;
}

const struct assay_backend nettle_backend = {.abi = ASSAY_BACKEND_ABI,
                                             .size = sizeof(struct assay_backend),
                                             .name = "nettle",
                                             .summary = "the reference's own checks",
                                             .build = build,
                                             .algs = ASSAY_ALG_BIT(ASSAY_ALG_COUNT) - 1,
                                             .ctx_open = ctx_open,
                                             .ctx_close = ctx_close,
                                             .key_open = key_open,
                                             .key_close = key_close,
                                             .verify = verify};
