/* Keys that nobody should have must be just what they are said to be, and sign rightly: checked with GMP's
 * plain powers, which know nothing of the primes. And the JWEs are opened with what they were closed for. */
#include <criterion/criterion.h>
#include <nettle/base64.h>
#include <nettle/bignum.h>
#include <nettle/gcm.h>
#include <nettle/rsa.h>
#include <stdlib.h>

#include "corpus/make/sign.h"
#include "corpus/spoil/forge.h"
#include "corpus/spoil/jwe.h"
#include "corpus/spoil/weak_rsa.h"

static struct rng stream(void) {
  struct rng rng;
  rng_init(&rng, 7, (const char *const[]){"test_weak_rsa", NULL});
  return rng;
}

/* A draft of which only the signing input matters. */
static struct draft draft_of(enum assay_alg alg) {
  struct draft draft = {.rng = stream(), .alg = alg, .sign_alg = alg};
  text_set_str(&draft.signing_input, "eyJhbGciOiJ0ZXN0In0.e30");
  return draft;
}

static size_t bits_of(const struct weak_rsa *key) {
  return mpz_sizeinbase(key->n, 2);
}

/* sig^e mod n, as octets of the modulus' length. */
static void open_signature(const struct weak_rsa *key, const struct draft *draft, uint8_t *block) {
  mpz_t s;
  nettle_mpz_init_set_str_256_u(s, draft->signature.len, draft->signature.ptr);
  cr_assert_lt(mpz_cmp(s, key->n), 0);
  mpz_powm(s, s, key->e, key->n);
  nettle_mpz_get_str_256(draft->signature.len, block, s);
  mpz_clear(s);
}

static void expect_signs(const struct weak_rsa *key) {
  struct draft draft = draft_of(ASSAY_RS384);
  size_t width = (bits_of(key) + 7) / 8;
  uint8_t *opened = malloc(width), *expected = malloc(width), digest[48];
  weak_rsa_sign(key, &draft);
  cr_assert_eq(draft.signature.len, width);
  open_signature(key, &draft, opened);
  forge_digest(forge_hash(ASSAY_RS384), bytes_of(draft.signing_input.ptr, draft.signing_input.len), digest);
  forge_block(FORGE_PKCS1, forge_hash(ASSAY_RS384), digest, &draft.rng, expected, width);
  cr_expect_arr_eq(opened, expected, width);
  free(opened);
  free(expected);
  draft_fini(&draft);
}

Test(weak_rsa, has_the_bits_that_it_is_made_for_and_signs) {
  static const struct {
    unsigned small, middle, large; /* primes of 1,016, 1,024 and 1,032 bits */
    size_t bits;
  } rows[] = {{1, 1, 0, 2040}, {0, 2, 0, 2048}, {0, 15, 1, 16392}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct weak_rsa key;
    weak_rsa_init(&key);
    for (unsigned j = 0; j < rows[i].small; j++)
      weak_rsa_add_1016(&key, j);
    for (unsigned j = 0; j < rows[i].middle; j++)
      weak_rsa_add_1024(&key, j);
    for (unsigned j = 0; j < rows[i].large; j++)
      weak_rsa_add_1032(&key, j);
    cr_expect_eq(bits_of(&key), rows[i].bits);
    expect_signs(&key);
    weak_rsa_fini(&key);
  }
}

Test(weak_rsa, every_prime_is_one) {
  struct weak_rsa key;
  void (*const adders[])(struct weak_rsa *, unsigned) = {weak_rsa_add_1016, weak_rsa_add_1024,
                                                         weak_rsa_add_1032, weak_rsa_add_roca};
  const unsigned counts[] = {4, 20, 4, 8};
  for (size_t i = 0; i < 4; i++)
    for (unsigned nth = 0; nth < counts[i]; nth++) {
      weak_rsa_init(&key);
      adders[i](&key, nth);
      cr_expect_neq(mpz_probab_prime_p(key.primes[0], 20), 0, "%zu, %u", i, nth);
      cr_expect(i != 1 || mpz_fdiv_ui(key.primes[0], 3) == 2, "%u does not serve the exponent 3", nth);
      weak_rsa_fini(&key);
    }
}

Test(weak_rsa, takes_any_exponent_that_has_an_inverse) {
  static const uint64_t exponents[] = {1, 3, 65537, UINT64_C(0x100000001)};
  for (size_t i = 0; i < 4; i++) {
    struct weak_rsa key;
    weak_rsa_init(&key);
    weak_rsa_add_1024(&key, 2);
    weak_rsa_add_1024(&key, 5);
    weak_rsa_exponent(&key, exponents[i]);
    cr_expect(i == 3 || mpz_cmp_ui(key.e, exponents[i]) == 0);
    cr_expect_geq(mpz_get_ui(key.e), exponents[i]);
    cr_expect_eq(mpz_get_ui(key.e) & 1, 1);
    expect_signs(&key);
    weak_rsa_fini(&key);
  }
}

/* The mark of such keys: modulo every small prime n is a power of 65537 (CVE-2017-15361). */
Test(weak_rsa, roca_moduli_have_their_mark) {
  struct weak_rsa key;
  weak_rsa_init(&key);
  weak_rsa_add_roca(&key, 0);
  weak_rsa_add_roca(&key, 3);
  cr_expect_eq(bits_of(&key), 2048);
  expect_signs(&key);
  for (unsigned prime = 3; prime <= 701; prime += 2) {
    bool is_prime = true, is_power = false;
    for (unsigned factor = 3; factor * factor <= prime; factor += 2)
      is_prime &= prime % factor != 0;
    for (unsigned long power = 1, i = 0; i < prime; i++, power = power * 65537 % prime)
      is_power |= mpz_fdiv_ui(key.n, prime) == power;
    cr_expect(!is_prime || is_power, "%u", prime);
  }
  weak_rsa_fini(&key);
}

/* ---- JWEs ---- */

#define PLAINTEXT "{\"sub\":\"somebody\",\"iss\":\"https://login.example\"}"

struct part {
  uint8_t octets[512];
  size_t len;
};

/* The five parts of a compact JWE, and its first one as it stands. */
static void split(const struct text *jwe, struct part parts[5], struct assay_bytes *header) {
  const uint8_t *at = jwe->ptr, *end = jwe->ptr + jwe->len;
  for (int i = 0; i < 5; i++) {
    struct base64_decode_ctx state;
    const uint8_t *dot = memchr(at, '.', (size_t)(end - at));
    cr_assert_eq(dot == NULL, i == 4);
    size_t len = (size_t)((dot ? dot : end) - at);
    if (i == 0)
      *header = bytes_of(at, len);
    base64url_decode_init(&state);
    cr_assert(base64_decode_update(&state, &parts[i].len, parts[i].octets, len, (const char *)at));
    at += len + 1;
  }
}

static void number_read(mpz_t number, struct assay_bytes octets) {
  nettle_mpz_set_str_256_u(number, octets.len, octets.ptr);
}

static void content_key(const struct signing_key *key, const struct part *wrapped, uint8_t *cek) {
  struct rsa_private_key private_key;
  mpz_t d, c;
  size_t len = 32;
  rsa_private_key_init(&private_key);
  mpz_inits(d, c, NULL);
  number_read(d, key->d);
  number_read(private_key.p, key->p);
  number_read(private_key.q, key->q);
  mpz_sub_ui(c, private_key.p, 1);
  mpz_mod(private_key.a, d, c);
  mpz_sub_ui(c, private_key.q, 1);
  mpz_mod(private_key.b, d, c);
  cr_assert(mpz_invert(private_key.c, private_key.q, private_key.p));
  cr_assert(rsa_private_key_prepare(&private_key));
  number_read(c, bytes_of(wrapped->octets, wrapped->len));
  cr_assert(rsa_decrypt(&private_key, &len, cek, c));
  cr_assert_eq(len, 32);
  mpz_clears(d, c, NULL);
  rsa_private_key_clear(&private_key);
}

Test(jwe, rsa1_5_opens_with_the_private_key) {
  struct rng rng = stream();
  struct signing_key key = {0};
  struct text jwe = {0};
  struct part parts[5] = {0};
  struct assay_bytes header;
  struct gcm_aes256_ctx gcm;
  uint8_t cek[32], plaintext[512], tag[16];
  signing_key_make(&key, KEY_RSA, 2048, &rng);
  struct signing_key named = key;
  named.kid = "kid";
  jwe_rsa1_5(&named, bytes_str(PLAINTEXT), &rng, &jwe);
  split(&jwe, parts, &header);
  content_key(&key, &parts[1], cek);
  gcm_aes256_set_key(&gcm, cek);
  gcm_aes256_set_iv(&gcm, parts[2].len, parts[2].octets);
  gcm_aes256_update(&gcm, header.len, header.ptr);
  gcm_aes256_decrypt(&gcm, parts[3].len, plaintext, parts[3].octets);
  gcm_aes256_digest(&gcm, sizeof tag, tag);
  cr_expect(bytes_eq_str(bytes_of(plaintext, parts[3].len), PLAINTEXT));
  cr_expect(bytes_eq(bytes_of(tag, sizeof tag), bytes_of(parts[4].octets, parts[4].len)));
  text_free(&jwe);
  signing_key_fini(&key);
}
