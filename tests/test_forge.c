/* Forgeries are only as good as the arithmetic below them: built rightly, each construction must verify.
 * Checked with Nettle and libgcrypt, which know nothing of forge.c, and against numbers that others have
 * published. */
#include <criterion/criterion.h>
#include <gcrypt.h>
#include <nettle/bignum.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include <nettle/eddsa.h>
#include <nettle/rsa.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <nettle/sha3.h>

#include "corpus/make/sign.h"
#include "corpus/spoil/forge.h"

static const struct assay_bytes message = {(const uint8_t *)"eyJhbGciOiJ0ZXN0In0.e30", 23};

static struct rng stream(const char *label) {
  struct rng rng;
  rng_init(&rng, 7, (const char *const[]){"test_forge", label, NULL});
  return rng;
}

static struct signing_key key_of(enum key_kind kind) {
  struct signing_key key = {0};
  struct rng rng = stream("key");
  signing_key_make(&key, kind, kind == KEY_RSA ? 2048 : 0, &rng);
  return key;
}

static void from_hex(const char *hex, uint8_t *octets) {
  for (size_t i = 0; hex[2 * i]; i++)
    cr_assert_eq(sscanf(hex + 2 * i, "%2hhx", &octets[i]), 1);
}

/* ---- RSA ---- */

struct rsa_check {
  struct rsa_public_key public_key;
  mpz_t s;
};

static void rsa_check_init(struct rsa_check *check, const struct signing_key *key, const uint8_t *sig) {
  rsa_public_key_init(&check->public_key);
  nettle_mpz_set_str_256_u(check->public_key.n, key->n.len, key->n.ptr);
  nettle_mpz_set_str_256_u(check->public_key.e, key->e.len, key->e.ptr);
  cr_assert(rsa_public_key_prepare(&check->public_key));
  nettle_mpz_init_set_str_256_u(check->s, key->n.len, sig);
}

static void rsa_check_fini(struct rsa_check *check) {
  rsa_public_key_clear(&check->public_key);
  mpz_clear(check->s);
}

static bool pkcs1_verifies(const struct signing_key *key, enum assay_alg alg, const uint8_t *digest,
                           const uint8_t *sig) {
  struct rsa_check check;
  rsa_check_init(&check, key, sig);
  bool ok = alg == ASSAY_RS256   ? rsa_sha256_verify_digest(&check.public_key, digest, check.s)
            : alg == ASSAY_RS512 ? rsa_sha512_verify_digest(&check.public_key, digest, check.s)
                                 : false;
  rsa_check_fini(&check);
  return ok;
}

static bool pkcs1_sketch_verifies(enum assay_alg alg, const char *sketch) {
  struct signing_key key = key_of(KEY_RSA);
  struct rng rng = stream("garbage");
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX], block[ASSAY_RSA_BYTES_MAX], sig[ASSAY_RSA_BYTES_MAX];
  forge_digest(forge_hash(alg), message, digest);
  forge_block(sketch, forge_hash(alg), digest, &rng, block, key.n.len);
  forge_rsa(&key, block, sig);
  bool ok = pkcs1_verifies(&key, alg, digest, sig);
  signing_key_fini(&key);
  return ok;
}

Test(forge_rsa, a_right_pkcs1_block_verifies) {
  cr_assert(pkcs1_sketch_verifies(ASSAY_RS256, FORGE_PKCS1));
  cr_assert(pkcs1_sketch_verifies(ASSAY_RS512, FORGE_PKCS1));
}

Test(forge_rsa, a_wrong_pkcs1_block_does_not) {
  cr_assert_not(pkcs1_sketch_verifies(ASSAY_RS256, "00 01 P 00 30(30(06(O))04(H))"));
  cr_assert_not(pkcs1_sketch_verifies(ASSAY_RS256, "00 01 ffffffffffffffff 00 30(30(06(O)0500)04(H)) G"));
}

Test(forge_rsa, a_right_pkcs1_block_is_the_signers) {
  struct signing_key key = key_of(KEY_RSA);
  struct rng rng = stream("signer");
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX], block[ASSAY_RSA_BYTES_MAX], sig[ASSAY_RSA_BYTES_MAX],
      theirs[ASSAY_RSA_BYTES_MAX];
  forge_digest(forge_hash(ASSAY_RS384), message, digest);
  forge_block(FORGE_PKCS1, forge_hash(ASSAY_RS384), digest, &rng, block, key.n.len);
  forge_rsa(&key, block, sig);
  cr_assert_eq(signing_key_sign(&key, ASSAY_RS384, message, &rng, theirs), key.n.len);
  cr_assert_arr_eq(sig, theirs, key.n.len);
  signing_key_fini(&key);
}

static bool pss_verifies(const struct forge_pss *pss) {
  struct signing_key key = key_of(KEY_RSA);
  struct rng rng = stream("salt");
  struct rsa_check check;
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX], block[ASSAY_RSA_BYTES_MAX], sig[ASSAY_RSA_BYTES_MAX];
  forge_digest(pss->hash, message, digest);
  forge_pss(pss, digest, &rng, block, key.n.len);
  forge_rsa(&key, block, sig);
  rsa_check_init(&check, &key, sig);
  bool ok = pss->hash->digest_size == 32
                ? rsa_pss_sha256_verify_digest(&check.public_key, pss->salt, digest, check.s)
                : rsa_pss_sha512_verify_digest(&check.public_key, pss->salt, digest, check.s);
  rsa_check_fini(&check);
  signing_key_fini(&key);
  return ok;
}

Test(forge_rsa, a_right_pss_block_verifies) {
  struct forge_pss pss256 = forge_pss_right(&nettle_sha256), pss512 = forge_pss_right(&nettle_sha512);
  cr_assert(pss_verifies(&pss256));
  cr_assert(pss_verifies(&pss512));
}

/* Nettle is told the salt's length, so that another one verifies and shows that the encoding is otherwise
 * right. */
Test(forge_rsa, another_salt_is_the_only_fault_of_a_pss_block) {
  struct forge_pss none = forge_pss_right(&nettle_sha256), longest = none;
  none.salt = 0;
  longest.salt = forge_pss_salt_max(&nettle_sha256, 256);
  cr_assert(pss_verifies(&none));
  cr_assert(pss_verifies(&longest));
}

Test(forge_rsa, every_change_of_a_pss_block_matters) {
  struct forge_pss right = forge_pss_right(&nettle_sha256), wrong[6];
  for (size_t i = 0; i < 6; i++)
    wrong[i] = right;
  wrong[0].mgf = &nettle_sha512;
  wrong[1].zeros = 0;
  wrong[2].padding = 1;
  wrong[3].separator = 2;
  wrong[4].trailer = 0xcc;
  wrong[5].mgf = &nettle_sha1;
  for (size_t i = 0; i < 6; i++)
    cr_assert_not(pss_verifies(&wrong[i]), "change %zu", i);
}

Test(forge_rsa, a_cube_root_keeps_what_it_is_to_show) {
  uint8_t digest[32], block[256], sig[256], cube[256];
  struct rng rng = stream("cube");
  mpz_t s;
  forge_digest(&nettle_sha256, message, digest);
  forge_block("00 01 ffffffffffffffff 00 30(30(06(O)0500)04(H)) ff Z", &nettle_sha256, digest, &rng, block,
              256);
  forge_cube_root(block, sig, sizeof sig);
  nettle_mpz_init_set_str_256_u(s, sizeof sig, sig);
  mpz_pow_ui(s, s, 3);
  nettle_mpz_get_str_256(sizeof cube, cube, s);
  mpz_clear(s);
  cr_assert_arr_eq(cube, block, 2 + 8 + 1 + 19 + 32);
}

/* ---- sketches ---- */

static void assert_block(const char *sketch, const char *hex, size_t width) {
  static const uint8_t digest[32] = {0xd1, 0xd2};
  uint8_t block[64], expected[64];
  struct rng rng = stream("sketch");
  from_hex(hex, expected);
  forge_block(sketch, &nettle_sha256, digest, &rng, block, width);
  cr_assert_arr_eq(block, expected, width, "%s", sketch);
}

Test(forge_block, draws_lengths_and_fillings) {
  assert_block("00 01 P 00", "0001ffffff00", 6);
  assert_block("Z 30(0500)", "000030020500", 6);
  assert_block("30:1(0500) Z", "308102050000", 6);
  assert_block("30:2(0500)", "308200020500", 6);
  assert_block("30:i(0500)", "308005000000", 6);
  assert_block("06(O)", "0609608648016503040201", 11);
  assert_block("05()P", "0500ff", 3);
}

Test(forge_block, fills_with_octets_that_are_not_zero) {
  static const uint8_t digest[32];
  uint8_t block[256];
  struct rng rng = stream("garbage");
  forge_block("g G", &nettle_sha256, digest, &rng, block, sizeof block);
  cr_assert_null(memchr(block, 0, sizeof block));
}

/* ---- numbers ---- */

Test(forge_numbers, add_and_subtract) {
  uint8_t big[] = {0x00, 0xff, 0xff}, little[] = {0xff, 0xff, 0x00}, one[] = {0, 0, 1}, eno[] = {1, 0, 0};
  cr_assert(forge_add(big, one, 3, FORGE_BIG));
  cr_assert_arr_eq(big, ((uint8_t[]){0x01, 0x00, 0x00}), 3);
  cr_assert(forge_add(little, eno, 3, FORGE_LITTLE));
  cr_assert_arr_eq(little, ((uint8_t[]){0x00, 0x00, 0x01}), 3);
  uint8_t most[] = {0xff, 0xff, 0xff};
  cr_assert_not(forge_add(most, one, 3, FORGE_BIG));
  cr_assert_arr_eq(most, ((uint8_t[]){0xff, 0xff, 0xff}), 3);
  uint8_t number[] = {0x00, 0x00, 0x02};
  forge_subtract_from(big, number, 3);
  cr_assert_arr_eq(number, ((uint8_t[]){0x00, 0xff, 0xfe}), 3);
}

/* ---- ECDSA ---- */

static bool nettle_ecdsa_verifies(const struct signing_key *key, struct assay_bytes digest,
                                  const uint8_t *sig) {
  const struct ecc_curve *curve = key->kind == KEY_P256   ? nettle_get_secp_256r1()
                                  : key->kind == KEY_P384 ? nettle_get_secp_384r1()
                                                          : nettle_get_secp_521r1();
  struct ecc_point point;
  struct dsa_signature pair;
  mpz_t x, y;
  ecc_point_init(&point, curve);
  dsa_signature_init(&pair);
  nettle_mpz_init_set_str_256_u(x, key->x.len, key->x.ptr);
  nettle_mpz_init_set_str_256_u(y, key->y.len, key->y.ptr);
  cr_assert(ecc_point_set(&point, x, y));
  nettle_mpz_set_str_256_u(pair.r, key->x.len, sig);
  nettle_mpz_set_str_256_u(pair.s, key->x.len, sig + key->x.len);
  bool ok = ecdsa_verify(&point, digest.len, digest.ptr, &pair);
  mpz_clears(x, y, NULL);
  dsa_signature_clear(&pair);
  ecc_point_clear(&point);
  return ok;
}

/* libgcrypt takes the number as it is: the leftmost bits are left to us (FIPS 186-5 6.4.2). */
static bool gcrypt_ecdsa_verifies(const struct signing_key *key, struct assay_bytes digest,
                                  const uint8_t *sig) {
  uint8_t q[65] = {0x04};
  gcry_sexp_t public_key, data, pair;
  memcpy(q + 1, key->x.ptr, 32);
  memcpy(q + 33, key->y.ptr, 32);
  cr_assert_eq(gcry_sexp_build(&public_key, NULL, "(public-key (ecc (curve secp256k1) (q %b)))", 65, q), 0);
  cr_assert_eq(gcry_sexp_build(&data, NULL, "(data (flags raw) (value %b))",
                               digest.len < 32 ? (int)digest.len : 32, digest.ptr),
               0);
  cr_assert_eq(gcry_sexp_build(&pair, NULL, "(sig-val (ecdsa (r %b) (s %b)))", 32, sig, 32, sig + 32), 0);
  bool ok = gcry_pk_verify(pair, data, public_key) == 0;
  gcry_sexp_release(public_key);
  gcry_sexp_release(data);
  gcry_sexp_release(pair);
  return ok;
}

static bool ecdsa_verifies(const struct signing_key *key, struct assay_bytes digest, const uint8_t *sig) {
  return key->kind == KEY_SECP256K1 ? gcrypt_ecdsa_verifies(key, digest, sig)
                                    : nettle_ecdsa_verifies(key, digest, sig);
}

static const enum assay_alg ec_algs[] = {ASSAY_ES256, ASSAY_ES384, ASSAY_ES512, ASSAY_ES256K};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

Test(forge_ecdsa, a_signature_moves_from_one_digest_to_another) {
  for (size_t i = 0; i < COUNT(ec_algs); i++) {
    struct signing_key key = key_of(key_kind_of(ec_algs[i]));
    struct rng rng = stream("sign");
    uint8_t from[ASSAY_DIGEST_BYTES_MAX], sig[2 * ASSAY_POINT_BYTES_MAX], to[64];
    struct assay_bytes old = bytes_of(from, forge_hash(ec_algs[i])->digest_size),
                       moved = bytes_of(to, sizeof to);
    forge_digest(forge_hash(ec_algs[i]), message, from);
    rng_bytes(&rng, to, sizeof to);
    signing_key_sign(&key, ec_algs[i], message, &rng, sig);
    cr_assert(ecdsa_verifies(&key, old, sig));
    forge_ecdsa_resign(&key, old, moved, sig); /* 64 octets: longer than all but one of the orders */
    cr_assert_not(ecdsa_verifies(&key, old, sig));
    cr_assert(ecdsa_verifies(&key, moved, sig), "%s", assay_alg_name(ec_algs[i]));
    forge_ecdsa_resign(&key, moved, bytes_of(to, 20), sig);
    cr_assert(ecdsa_verifies(&key, bytes_of(to, 20), sig), "%s", assay_alg_name(ec_algs[i]));
    signing_key_fini(&key);
  }
}

Test(forge_ecdsa, the_other_s_verifies_and_the_other_r_does_not) {
  for (size_t i = 0; i < COUNT(ec_algs); i++) {
    struct signing_key key = key_of(key_kind_of(ec_algs[i]));
    struct rng rng = stream("sign");
    uint8_t digest[ASSAY_DIGEST_BYTES_MAX], sig[2 * ASSAY_POINT_BYTES_MAX], order[ASSAY_POINT_BYTES_MAX];
    struct assay_bytes right = bytes_of(digest, forge_hash(ec_algs[i])->digest_size);
    forge_digest(forge_hash(ec_algs[i]), message, digest);
    signing_key_sign(&key, ec_algs[i], message, &rng, sig);
    forge_ec_order(&key, order);
    forge_subtract_from(order, sig + key.x.len, key.x.len);
    cr_assert(ecdsa_verifies(&key, right, sig));
    forge_subtract_from(order, sig, key.x.len);
    cr_assert_not(ecdsa_verifies(&key, right, sig));
    signing_key_fini(&key);
  }
}

/* z + r d = 0 modulo n, so that u1 G + u2 Q = (z + r d) / s G is infinite. */
Test(forge_ecdsa, infinity_is_where_it_is_said_to_be) {
  struct signing_key key = key_of(KEY_P256);
  struct rng rng = stream("sign");
  uint8_t digest[32], sig[64], order[32];
  mpz_t n, z, r, d;
  forge_digest(&nettle_sha256, message, digest);
  forge_ecdsa_infinity(&key, bytes_of(digest, 32), &rng, sig);
  forge_ec_order(&key, order);
  nettle_mpz_init_set_str_256_u(n, 32, order);
  nettle_mpz_init_set_str_256_u(z, 32, digest);
  nettle_mpz_init_set_str_256_u(r, 32, sig);
  nettle_mpz_init_set_str_256_u(d, key.d.len, key.d.ptr);
  cr_assert(mpz_cmp(r, n) < 0 && mpz_sgn(r) > 0);
  mpz_addmul(z, r, d);
  cr_assert(mpz_divisible_p(z, n));
  mpz_clears(n, z, r, d, NULL);
  signing_key_fini(&key);
}

Test(forge_ecdsa, der) {
  uint8_t sig[4] = {0x00, 0x80, 0x00, 0x00},
          expected[] = {0x30, 0x07, 0x02, 0x02, 0x00, 0x80, 0x02, 0x01, 0x00};
  struct text out = {0};
  forge_ecdsa_der(sig, 2, &out);
  cr_assert_eq(out.len, sizeof expected);
  cr_assert_arr_eq(out.ptr, expected, sizeof expected);
  text_clear(&out);
  uint8_t zeros[64] = {0};
  forge_ecdsa_der(zeros, 32, &out);
  struct text b64 = {0};
  text_add_b64url(&b64, out.ptr, out.len);
  cr_assert(bytes_eq_str(bytes_of(b64.ptr, b64.len), "MAYCAQACAQA"));
  text_free(&out);
  text_free(&b64);
}

/* ---- EdDSA ---- */

static bool ed_verifies(const struct signing_key *key, struct assay_bytes text, const uint8_t *sig) {
  return key->kind == KEY_ED25519 ? ed25519_sha512_verify(key->x.ptr, text.len, text.ptr, sig)
                                  : ed448_shake256_verify(key->x.ptr, text.len, text.ptr, sig);
}

/* S over the plain scheme, or over dom2/dom4 with that flag and context. */
static void ed_sign(const struct signing_key *key, const struct text *domain, struct assay_bytes text,
                    uint8_t *sig) {
  uint8_t nonce[57];
  struct rng rng = stream("nonce");
  forge_ed_nonce(key, &rng, nonce, sig);
  forge_ed_scalar(key, bytes_of(domain->ptr, domain->len), sig, text, nonce, sig + key->x.len);
}

Test(forge_eddsa, a_plain_signature_verifies_and_a_variant_does_not) {
  static const enum key_kind kinds[] = {KEY_ED25519, KEY_ED448};
  for (size_t i = 0; i < COUNT(kinds); i++) {
    struct signing_key key = key_of(kinds[i]);
    struct text domain = {0};
    uint8_t sig[114];
    forge_ed_plain_domain(&key, &domain);
    ed_sign(&key, &domain, message, sig);
    cr_assert(ed_verifies(&key, message, sig));
    text_clear(&domain);
    forge_ed_domain(&key, 0, BYTES_LIT("x"), &domain);
    ed_sign(&key, &domain, message, sig);
    cr_assert_not(ed_verifies(&key, message, sig));
    text_free(&domain);
    signing_key_fini(&key);
  }
}

Test(forge_eddsa, adding_the_order_changes_no_more_than_the_number) {
  struct signing_key key = key_of(KEY_ED25519);
  struct text domain = {0};
  uint8_t sig[64], order[32], again[32];
  ed_sign(&key, &domain, message, sig);
  memcpy(again, sig + 32, 32);
  forge_ed_order(&key, order);
  cr_assert(forge_add(sig + 32, order, 32, FORGE_LITTLE));
  mpz_t s, l, old;
  mpz_inits(s, l, old, NULL);
  mpz_import(s, 32, -1, 1, -1, 0, sig + 32);
  mpz_import(old, 32, -1, 1, -1, 0, again);
  mpz_import(l, 32, -1, 1, -1, 0, order);
  mpz_mod(s, s, l);
  cr_assert_eq(mpz_cmp(s, old), 0);
  mpz_clears(s, l, old, NULL);
  signing_key_fini(&key);
}

/* Adding (0, -1) twice changes nothing; (x, y) and (-x, -y) are points, and so are 1 and -1. */
Test(forge_eddsa, points) {
  static const enum key_kind kinds[] = {KEY_ED25519, KEY_ED448};
  for (size_t i = 0; i < COUNT(kinds); i++) {
    struct signing_key key = key_of(kinds[i]);
    uint8_t point[57], one[57] = {1};
    size_t on_curve = 0;
    memcpy(point, key.x.ptr, key.x.len);
    cr_assert(forge_ed_is_point(&key, point));
    forge_ed_add_order_two(&key, point);
    cr_assert(forge_ed_is_point(&key, point));
    cr_assert(memcmp(point, key.x.ptr, key.x.len) != 0);
    forge_ed_add_order_two(&key, point);
    cr_assert_arr_eq(point, key.x.ptr, key.x.len);
    cr_assert(forge_ed_is_point(&key, one));
    for (uint8_t y = 2; y < 102; y++) { /* about half of all y are on the curve */
      one[0] = y;
      on_curve += forge_ed_is_point(&key, one);
    }
    cr_assert(on_curve > 30 && on_curve < 70, "%zu", on_curve);
    signing_key_fini(&key);
  }
}

/* RFC 8032 7.2, 7.3, 7.4: the nonce is made as a signer makes it, so that S must be the published one. */
struct published {
  enum key_kind kind;
  uint8_t prehashed;
  const char *secret, *message, *context, *sig;
};

static const struct published published[] = {
    {KEY_ED25519, 0, "0305334e381af78f141cb666f6199f57bc3495335a256a95bd2a55bf546663f6",
     "f726936d19c800494e3fdaff20b276a8", "foo",
     "55a4cc2f70a54e04288c5f4cd1e45a7bb520b36292911876cada7323198dd87a"
     "8b36950b95130022907a7fb7c4e9b2d5f6cca685a587b4b21f4b888e4e7edb0d"},
    {KEY_ED25519, 1, "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42", "616263", "",
     "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41"
     "31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406"},
    {KEY_ED448, 0,
     "c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463afbea67c5e8d2877c5e3bc397a659949ef8021e9"
     "54e0a1227"
     "4e",
     "03", "foo",
     "d4f8f6131770dd46f40867d6fd5d5055de43541f8c5e35abbcd001b32a89f7d2151f7647f11d8ca2ae279fb842d607217fce6e0"
     "42f6815ea"
     "000c85741de5c8da1144a6a1aba7f96de42505d7a7298524fda538fccbbb754f578c1cad10d54d0d5428407e85dcbc98a49155c"
     "13764e66c"
     "3c00"},
};

/* The scheme's hash, reduced modulo the order: twice as wide as a scalar before, as wide after. */
static void reduced_hash(const struct signing_key *key, const struct text *input, uint8_t *scalar) {
  uint8_t wide[114], order[57];
  mpz_t number, l;
  if (key->kind == KEY_ED25519) {
    forge_digest(&nettle_sha512, bytes_of(input->ptr, input->len), wide);
  } else {
    struct sha3_256_ctx shake;
    sha3_256_init(&shake);
    sha3_256_update(&shake, input->len, input->ptr);
    sha3_256_shake(&shake, sizeof wide, wide);
  }
  forge_ed_order(key, order);
  mpz_inits(number, l, NULL);
  mpz_import(number, 2 * key->x.len, -1, 1, -1, 0, wide);
  mpz_import(l, key->x.len, -1, 1, -1, 0, order);
  mpz_mod(number, number, l);
  memset(scalar, 0, key->x.len);
  mpz_export(scalar, NULL, -1, 1, -1, 0, number);
  mpz_clears(number, l, NULL);
}

/* Of the plain scheme's challenge, H(dom || R || A || M), what is left modulo an order, with and without mod L. */
Test(forge_eddsa, a_challenge_is_reduced_modulo_l_and_then_the_order) {
  static const enum key_kind kinds[] = {KEY_ED25519, KEY_ED448};
  for (size_t i = 0; i < COUNT(kinds); i++) {
    struct signing_key key = key_of(kinds[i]);
    struct text domain = {0}, input = {0};
    uint8_t scalar[57], wide[64];
    forge_ed_plain_domain(&key, &domain);
    text_add(&input, domain.ptr, domain.len);
    text_add(&input, key.x.ptr, key.x.len); /* a point as good as any */
    text_add(&input, key.x.ptr, key.x.len);
    text_add(&input, message.ptr, message.len);
    reduced_hash(&key, &input, scalar);
    struct forge_challenge left =
        forge_ed_challenge_modulo(&key, bytes_of(domain.ptr, domain.len), key.x.ptr, message, 8);
    cr_expect_eq(left.reduced, scalar[0] % 8);
    if (key.kind == KEY_ED25519) {
      forge_digest(&nettle_sha512, bytes_of(input.ptr, input.len), wide);
      cr_expect_eq(left.whole, wide[0] % 8);
    }
    text_free(&domain);
    text_free(&input);
    signing_key_fini(&key);
  }
}

/* The half of the hashed secret that nonces are made of. */
static void add_prefix(const struct signing_key *key, struct text *out) {
  uint8_t wide[114];
  if (key->kind == KEY_ED25519) {
    forge_digest(&nettle_sha512, key->d, wide);
  } else {
    struct sha3_256_ctx shake;
    sha3_256_init(&shake);
    sha3_256_update(&shake, key->d.len, key->d.ptr);
    sha3_256_shake(&shake, sizeof wide, wide);
  }
  text_add(out, wide + key->x.len, key->x.len);
}

Test(forge_eddsa, published_variants) {
  for (size_t i = 0; i < COUNT(published); i++) {
    const struct published *p = &published[i];
    size_t width = strlen(p->secret) / 2;
    uint8_t secret[57], public_key[57], text[64], prehash[64], sig[114], nonce[57], scalar[57];
    struct signing_key key = {.kind = p->kind, .d = {secret, width}, .x = {public_key, width}};
    struct assay_bytes signed_text = bytes_of(text, strlen(p->message) / 2);
    struct text domain = {0}, input = {0};
    from_hex(p->secret, secret);
    from_hex(p->message, text);
    from_hex(p->sig, sig);
    if (p->kind == KEY_ED25519)
      ed25519_sha512_public_key(public_key, secret);
    else
      ed448_shake256_public_key(public_key, secret);
    if (p->prehashed) {
      forge_ed_prehash(&key, signed_text, prehash);
      signed_text = bytes_of(prehash, sizeof prehash);
    }
    forge_ed_domain(&key, p->prehashed, bytes_str(p->context), &domain);
    text_add(&input, domain.ptr, domain.len);
    add_prefix(&key, &input);
    text_add(&input, signed_text.ptr, signed_text.len);
    reduced_hash(&key, &input, nonce);
    forge_ed_scalar(&key, bytes_of(domain.ptr, domain.len), sig, signed_text, nonce, scalar);
    cr_assert_arr_eq(scalar, sig + width, width, "number %zu", i);
    text_free(&domain);
    text_free(&input);
  }
}

/* ---- HMAC ---- */

Test(forge_hmac, rfc_4231_test_case_2) {
  uint8_t tag[ASSAY_DIGEST_BYTES_MAX], expected[32];
  from_hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", expected);
  forge_hmac(&nettle_sha256, BYTES_LIT("Jefe"), BYTES_LIT("what do ya want for nothing?"), tag);
  cr_assert_arr_eq(tag, expected, sizeof expected);
}
