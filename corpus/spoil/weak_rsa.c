/* RSA with chosen primes and exponents; see weak_rsa.h. */
#include "corpus/spoil/weak_rsa.h"

#include <nettle/bignum.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/make/draft_tools.h"
#include "corpus/spoil/forge.h"

#define ROCA_PRIMES_BELOW 701 /* the product of the first 126 primes: for moduli of 2048 bits */

void weak_rsa_init(struct weak_rsa *key) {
  mpz_init_set_ui(key->n, 1);
  mpz_init_set_ui(key->e, 65537);
  key->count = 0;
}

void weak_rsa_fini(struct weak_rsa *key) {
  for (size_t i = 0; i < key->count; i++)
    mpz_clear(key->primes[i]);
  mpz_clears(key->n, key->e, NULL);
}

/* ---- primes ---- */

void weak_rsa_add(struct weak_rsa *key, const mpz_t prime) {
  if (key->count == WEAK_RSA_PRIMES_MAX)
    fatal("a weak RSA key takes at most %d primes", WEAK_RSA_PRIMES_MAX);
  mpz_init_set(key->primes[key->count++], prime);
  mpz_mul(key->n, key->n, prime);
}

static void add_below_power(struct weak_rsa *key, unsigned power, unsigned distance) {
  mpz_t prime;
  mpz_init(prime);
  mpz_ui_pow_ui(prime, 2, power);
  mpz_sub_ui(prime, prime, distance);
  weak_rsa_add(key, prime);
  mpz_clear(prime);
}

void weak_rsa_add_1024(struct weak_rsa *key, unsigned nth) {
  static const unsigned distances[20] = {179,   1397,  6083,  9497,  9749,  10139, 10157,
                                         10457, 11549, 12467, 15533, 17555, 27569, 31325,
                                         31865, 32159, 32885, 36473, 37103, 41219};
  add_below_power(key, 1024, distances[nth % 20]);
}

void weak_rsa_add_1016(struct weak_rsa *key, unsigned nth) {
  static const unsigned distances[4] = {5015, 6695, 8375, 8933};
  add_below_power(key, 1016, distances[nth % 4]);
}

void weak_rsa_add_1032(struct weak_rsa *key, unsigned nth) {
  static const unsigned distances[4] = {5807, 5813, 5837, 6947};
  add_below_power(key, 1032, distances[nth % 4]);
}

/* The largest k that leaves the sum at 1024 bits, and powers for which it is prime. */
void weak_rsa_add_roca(struct weak_rsa *key, unsigned nth) {
  static const unsigned powers[8] = {17, 82, 194, 250, 285, 316, 391, 399};
  mpz_t m, prime, power;
  mpz_inits(m, prime, power, NULL);
  mpz_primorial_ui(m, ROCA_PRIMES_BELOW);
  mpz_ui_pow_ui(prime, 2, 1024);
  mpz_fdiv_q(prime, prime, m);
  mpz_sub_ui(prime, prime, 1);
  mpz_mul(prime, prime, m);
  mpz_set_ui(power, 65537);
  mpz_powm_ui(power, power, powers[nth % 8], m);
  mpz_add(prime, prime, power);
  weak_rsa_add(key, prime);
  mpz_clears(m, prime, power, NULL);
}

void weak_rsa_add_pair(struct weak_rsa *key, const struct signing_key *rsa) {
  mpz_t prime;
  nettle_mpz_init_set_str_256_u(prime, rsa->p.len, rsa->p.ptr);
  weak_rsa_add(key, prime);
  nettle_mpz_set_str_256_u(prime, rsa->q.len, rsa->q.ptr);
  weak_rsa_add(key, prime);
  mpz_clear(prime);
}

/* ---- exponents ---- */

/* d modulo one prime less one; false where e has no inverse there. */
static bool invert_exponent(mpz_t d, const mpz_t e, const mpz_t prime) {
  mpz_t order;
  mpz_init(order);
  mpz_sub_ui(order, prime, 1);
  bool ok = mpz_invert(d, e, order) != 0;
  mpz_clear(order);
  return ok;
}

static bool exponent_serves(const struct weak_rsa *key) {
  mpz_t d;
  bool ok = true;
  mpz_init(d);
  for (size_t i = 0; i < key->count && ok; i++)
    ok = invert_exponent(d, key->e, key->primes[i]);
  mpz_clear(d);
  return ok;
}

void weak_rsa_exponent(struct weak_rsa *key, uint64_t from) {
  mpz_set_ui(key->e, from);
  while (!exponent_serves(key))
    mpz_add_ui(key->e, key->e, 1);
}

/* ---- use ---- */

static void set_number(json_t *jwk, const char *name, const mpz_t number) {
  size_t len = nettle_mpz_sizeinbase_256_u(number);
  uint8_t *octets = must(malloc(len));
  nettle_mpz_get_str_256(len, octets, number);
  jwk_set_octets(jwk, name, bytes_of(octets, len));
  free(octets);
}

json_t *weak_rsa_jwk(const struct weak_rsa *key) {
  json_t *jwk = must(json_pack("{s:s, s:s}", "kty", "RSA", "use", "sig"));
  set_number(jwk, "n", key->n);
  set_number(jwk, "e", key->e);
  return jwk;
}

/* block^d mod n, one prime at a time (RFC 8017 5.1.2): the sum of m_i c_i (1 / c_i mod p_i), c_i =
 * n / p_i. */
static void private_power(const struct weak_rsa *key, const mpz_t block, mpz_t result) {
  mpz_t d, power, rest;
  mpz_inits(d, power, rest, NULL);
  mpz_set_ui(result, 0);
  for (size_t i = 0; i < key->count; i++) {
    if (!invert_exponent(d, key->e, key->primes[i]))
      fatal("a weak RSA key cannot sign with its exponent");
    mpz_powm(power, block, d, key->primes[i]);
    mpz_divexact(rest, key->n, key->primes[i]);
    mpz_mul(power, power, rest);
    mpz_invert(rest, rest, key->primes[i]);
    mpz_addmul(result, power, rest);
  }
  mpz_mod(result, result, key->n);
  mpz_clears(d, power, rest, NULL);
}

/* The encoded message (RFC 8017 9.1.1, 9.2). */
static void encode_message(struct draft *draft, uint8_t *block, size_t width) {
  const struct nettle_hash *hash = forge_hash(draft->sign_alg);
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX];
  OWNED_BYTES struct text input = {0};
  draft_signing_input(draft, &input);
  forge_digest(hash, bytes_of(input.ptr, input.len), digest);
  if (assay_alg_info(draft->sign_alg)->family == FAMILY_RSA_PSS) {
    struct forge_pss pss = forge_pss_right(hash);
    forge_pss(&pss, digest, &draft->rng, block, width);
  } else {
    forge_block(FORGE_PKCS1, hash, digest, &draft->rng, block, width);
  }
}

void weak_rsa_sign(const struct weak_rsa *key, struct draft *draft) {
  size_t width = nettle_mpz_sizeinbase_256_u(key->n);
  uint8_t *octets = must(malloc(width));
  mpz_t block, result;
  encode_message(draft, octets, width);
  nettle_mpz_init_set_str_256_u(block, width, octets);
  mpz_init(result);
  private_power(key, block, result);
  nettle_mpz_get_str_256(width, octets, result);
  text_set(&draft->signature, octets, width);
  mpz_clears(block, result, NULL);
  free(octets);
}
