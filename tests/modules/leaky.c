/* A backend that leaks: its HMAC is right, and it compares octet by octet and stops at the first that
 * differs, with some work for each, so that how many are right can be told by the time.
 *
 * build: pkg-config libcrypto
 */
#include "backends/backend.h"

#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#define WORK 20 /* steps for every octet that is right */

struct assay_key {
  size_t len;
  uint8_t secret[256];
};

static const struct assay_build *build(void) {
  static const struct assay_build told = {.library = "leaky", .version = "1", .path = "", .note = "test"};
  return &told;
}

static enum assay_outcome ctx_open(struct assay_ctx **ctx) {
  static char nothing;
  *ctx = (struct assay_ctx *)&nothing;
  return ASSAY_MATCH;
}

static void ctx_close(struct assay_ctx *ctx) {
  (void)ctx;
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *public_key,
                                   struct assay_key **key) {
  (void)ctx;
  struct assay_key *made = malloc(sizeof *made);
  if (!made || public_key->k.len > sizeof made->secret) {
    free(made);
    return ASSAY_FAULT;
  }
  made->len = public_key->k.len;
  memcpy(made->secret, public_key->k.ptr, made->len);
  *key = made;
  return ASSAY_MATCH;
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  free(key);
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx;
  uint8_t mac[EVP_MAX_MD_SIZE];
  unsigned mac_len = 0;
  if (!HMAC(EVP_sha256(), key->secret, (int)key->len, input.ptr, input.len, mac, &mac_len))
    return ASSAY_FAULT;
  if (sig.len != mac_len)
    return ASSAY_MALFORMED;
  for (unsigned i = 0; i < mac_len; i++) {
    if (sig.ptr[i] != mac[i])
      return ASSAY_MISMATCH;
    for (volatile int step = 0; step < WORK; step++)
      continue;
  }
  return ASSAY_MATCH;
}

const struct assay_backend assay_backend = {.abi = ASSAY_BACKEND_ABI,
                                            .size = sizeof(struct assay_backend),
                                            .name = "leaky",
                                            .summary = "a test module",
                                            .build = build,
                                            .algs = ASSAY_ALG_BIT(ASSAY_HS256),
                                            .ctx_open = ctx_open,
                                            .ctx_close = ctx_close,
                                            .key_open = key_open,
                                            .key_close = key_close,
                                            .verify = verify};
