/* Randomness that is the same on every machine: a stream of its own for every (seed, labels), so that neither
 * threads nor new classes move anything. Not for secrets: the seed is public. */
#ifndef ASSAY_CORPUS_BASE_RNG_H
#define ASSAY_CORPUS_BASE_RNG_H

#include <nettle/chacha.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
  struct chacha_ctx stream;
};

/* labels: NULL-terminated; the stream depends on each one and on where one ends and the next begins. */
void rng_init(struct rng *rng, uint64_t seed, const char *const *labels);
void rng_bytes(struct rng *rng, void *out, size_t len);
uint32_t rng_below(struct rng *rng, uint32_t bound); /* uniform, 0 <= r < bound; bound > 0 */
/* As Nettle's nettle_random_func; ctx is a struct rng. */
void rng_nettle(void *ctx, size_t len, uint8_t *out);

#endif
