/* ChaCha20 streams keyed by SHA-256 of the seed and the labels, each label with its length before it. */
#include "corpus/base/rng.h"

#include <nettle/sha2.h>
#include <string.h>

static void hash_number(struct sha256_ctx *hash, uint64_t number) {
  uint8_t octets[8];
  for (int i = 0; i < 8; i++)
    octets[i] = (uint8_t)(number >> (8 * i));
  sha256_update(hash, sizeof octets, octets);
}

void rng_init(struct rng *rng, uint64_t seed, const char *const *labels) {
  static const uint8_t nonce[CHACHA_NONCE_SIZE];
  struct sha256_ctx hash;
  uint8_t key[SHA256_DIGEST_SIZE];
  sha256_init(&hash);
  hash_number(&hash, seed);
  for (; *labels; labels++) {
    hash_number(&hash, strlen(*labels));
    sha256_update(&hash, strlen(*labels), (const uint8_t *)*labels);
  }
  sha256_digest(&hash, sizeof key, key);
  chacha_set_key(&rng->stream, key);
  chacha_set_nonce(&rng->stream, nonce);
}

void rng_bytes(struct rng *rng, void *out, size_t len) {
  memset(out, 0, len);
  chacha_crypt(&rng->stream, len, out, out);
}

/* Draws again where a draw falls into the incomplete last run of `bound` numbers: every
 * result equally likely. */
uint32_t rng_below(struct rng *rng, uint32_t bound) {
  uint32_t limit = UINT32_MAX - UINT32_MAX % bound, draw;
  do {
    uint8_t octets[4];
    rng_bytes(rng, octets, sizeof octets);
    draw = octets[0] | (uint32_t)octets[1] << 8 | (uint32_t)octets[2] << 16 | (uint32_t)octets[3] << 24;
  } while (draw >= limit);
  return draw % bound;
}

void rng_nettle(void *ctx, size_t len, uint8_t *out) {
  rng_bytes(ctx, out, len);
}
