/* The table of algorithms against what the RFCs say, written down a second time, and what hangs on it. */
#include <criterion/criterion.h>

#include "corpus/make/alg_sets.h"
#include "corpus/make/sign.h"
#include "harness/base/alg.h"

/* RFC 7518 3.2 to 3.5 and 6.2.1.2, RFC 8812 3.2, RFC 8037 2 with RFC 8032 5.1.5, 5.1.6, 5.2.5 and 5.2.6. */
static const struct {
  const char *name, *called, *in_headers, *kty, *crv;
  unsigned digest_bits, key_octets, signature_octets;
  enum key_kind kind;
} facts[] = {
    {"HS256", "HS256", "HS256", "oct", "", 256, 32, 32, KEY_OCT},
    {"HS384", "HS384", "HS384", "oct", "", 384, 48, 48, KEY_OCT},
    {"HS512", "HS512", "HS512", "oct", "", 512, 64, 64, KEY_OCT},
    {"RS256", "RS256", "RS256", "RSA", "", 256, 256, 0, KEY_RSA},
    {"RS384", "RS384", "RS384", "RSA", "", 384, 256, 0, KEY_RSA},
    {"RS512", "RS512", "RS512", "RSA", "", 512, 256, 0, KEY_RSA},
    {"PS256", "PS256", "PS256", "RSA", "", 256, 256, 0, KEY_RSA},
    {"PS384", "PS384", "PS384", "RSA", "", 384, 256, 0, KEY_RSA},
    {"PS512", "PS512", "PS512", "RSA", "", 512, 256, 0, KEY_RSA},
    {"ES256", "ES256", "ES256", "EC", "P-256", 256, 32, 64, KEY_P256},
    {"ES384", "ES384", "ES384", "EC", "P-384", 384, 48, 96, KEY_P384},
    {"ES512", "ES512", "ES512", "EC", "P-521", 512, 66, 132, KEY_P521},
    {"ES256K", "ES256K", "ES256K", "EC", "secp256k1", 256, 32, 64, KEY_SECP256K1},
    {"Ed25519", "EdDSA", "EdDSA", "OKP", "Ed25519", 0, 32, 64, KEY_ED25519},
    {"Ed448", "Ed448", "EdDSA", "OKP", "Ed448", 0, 57, 114, KEY_ED448},
};
#define FACT_COUNT (sizeof facts / sizeof facts[0])

Test(alg, facts_are_those_of_the_rfcs) {
  cr_assert_eq(FACT_COUNT, ASSAY_ALG_COUNT, "a row of the table is held by no fact");
  for (int i = 0; i < ASSAY_ALG_COUNT; i++) {
    enum assay_alg alg = (enum assay_alg)i;
    const struct assay_alg_info *info = assay_alg_info(alg);
    cr_expect_str_eq(jose_alg_name((enum jose_alg)i), facts[i].name);
    cr_expect_str_eq(assay_alg_name(alg), facts[i].called);
    cr_expect_str_eq(jose_alg_name(jose_alg_of(alg)), facts[i].in_headers);
    cr_expect_str_eq(jwk_type_name(info->key_type), facts[i].kty);
    cr_expect_str_eq(jwk_curve_name(info->curve), facts[i].crv);
    cr_expect_eq(info->digest_bytes, facts[i].digest_bits / 8, "%s", facts[i].name);
    cr_expect_eq(info->key_bytes, facts[i].key_octets, "%s", facts[i].name);
    cr_expect_eq(info->signature_bytes, facts[i].signature_octets, "%s", facts[i].name);
    cr_expect_eq(key_kind_of(alg), facts[i].kind, "%s", facts[i].name);
  }
}

Test(alg, names_lead_back) {
  for (int i = 0; i < ASSAY_ALG_COUNT; i++)
    cr_assert_eq(assay_alg_by_name(assay_alg_name((enum assay_alg)i)), i);
  for (int i = 0; i < JOSE_ALG_COUNT; i++)
    cr_assert_eq(jose_alg_by_name(bytes_str(jose_alg_name((enum jose_alg)i))), i);
  for (int i = 0; i <= ASSAY_ES256K; i++)
    cr_assert_str_eq(assay_alg_name((enum assay_alg)i), jose_alg_name((enum jose_alg)i));
  cr_assert_eq(jose_alg_by_name(bytes_str("none")), JOSE_ALG_COUNT);
  cr_assert_eq(jose_alg_by_name(bytes_str("hs256")), JOSE_ALG_COUNT);
  cr_assert_eq(jose_alg_by_name(bytes_of("HS256\0", 6)), JOSE_ALG_COUNT);
}

Test(alg, buffers_hold_whatever_the_table_has) {
  for (size_t i = 0; i < FACT_COUNT; i++) {
    cr_expect_geq(ASSAY_SIGNATURE_BYTES_MAX, facts[i].signature_octets);
    cr_expect_geq(ASSAY_DIGEST_BYTES_MAX, facts[i].digest_bits / 8);
    cr_expect(!facts[i].crv[0] || ASSAY_POINT_BYTES_MAX >= facts[i].key_octets);
  }
  cr_expect_eq(ASSAY_SIGNATURE_BYTES_MAX, 16384 / 8, "of the largest modulus, and no more");
  cr_expect_eq(ASSAY_DIGEST_BYTES_MAX, 64);
  cr_expect_eq(ASSAY_POINT_BYTES_MAX, 66);
}

Test(alg, sets_are_those_of_the_families) {
  uint64_t of_type[JWK_TYPE_COUNT] = {ASSAY_ALGS_OF_TYPE(OCT), ASSAY_ALGS_OF_TYPE(RSA),
                                      ASSAY_ALGS_OF_TYPE(EC), ASSAY_ALGS_OF_TYPE(OKP)};
  for (int i = 0; i < ASSAY_ALG_COUNT; i++) {
    char first = facts[i].name[0], second = facts[i].name[1];
    cr_expect_eq(ALGS_HMAC >> i & 1, first == 'H');
    cr_expect_eq(ALGS_PKCS1 >> i & 1, first == 'R');
    cr_expect_eq(ALGS_PSS >> i & 1, first == 'P');
    cr_expect_eq(ALGS_EC >> i & 1, first == 'E' && second == 'S');
    cr_expect_eq(ALGS_ED >> i & 1, first == 'E' && second == 'd');
    for (int type = 0; type < JWK_TYPE_COUNT; type++)
      cr_expect_eq(of_type[type] >> i & 1, strcmp(facts[i].kty, jwk_type_name((enum jwk_type)type)) == 0);
  }
  cr_expect_eq(ALGS_HMAC | ALGS_ASYMMETRIC, ALGS_ALL);
}

Test(alg, is_found_by_family_and_hash) {
  for (int i = 0; i < ASSAY_ALG_COUNT; i++) {
    const struct assay_alg_info *info = assay_alg_info((enum assay_alg)i);
    enum assay_alg found = assay_alg_of(info->family, info->digest_bytes);
    cr_expect_leq(found, i);
    cr_expect_eq(assay_alg_info(found)->family, info->family);
    cr_expect_eq(assay_alg_info(found)->digest_bytes, info->digest_bytes);
  }
  cr_expect_eq(assay_alg_of(FAMILY_HMAC, 20), ASSAY_ALG_NONE);
}

Test(alg, keys_serve_what_their_type_and_curve_say) {
  for (int i = 0; i < ASSAY_ALG_COUNT; i++) {
    enum jwk_type type = jwk_type_by_name(bytes_str(facts[i].kty));
    enum jwk_curve curve = jwk_curve_by_name(bytes_str(facts[i].crv));
    uint32_t algs = jose_algs_of_key(type, curve);
    for (int other = 0; other < ASSAY_ALG_COUNT; other++)
      cr_expect_eq(algs >> other & 1, strcmp(facts[i].kty, facts[other].kty) == 0 &&
                                          strcmp(facts[i].crv, facts[other].crv) == 0);
    cr_expect_eq(algs >> JOSE_EDDSA & 1, strcmp(facts[i].kty, "OKP") == 0);
    cr_expect_eq(jose_algs_of_key(type, CURVE_NONE) & algs, algs);
    cr_expect_eq(jose_alg_primitive(jose_alg_of((enum assay_alg)i), curve), i);
    cr_expect_eq(jose_alg_primitive((enum jose_alg)i, curve), i);
    enum assay_alg first = jwk_alg_of(type, curve);
    cr_assert_neq(first, ASSAY_ALG_NONE);
    cr_expect(strcmp(facts[first].kty, facts[i].kty) == 0 && strcmp(facts[first].crv, facts[i].crv) == 0);
  }
  cr_expect_eq(jose_algs_of_key(JWK_EC, CURVE_ED25519), 0);
  cr_expect_eq(jwk_alg_of(JWK_OKP, CURVE_P256), ASSAY_ALG_NONE);
  cr_expect_eq(jwk_type_by_name(bytes_str("ec")), JWK_TYPE_COUNT);
  cr_expect_eq(jwk_curve_by_name(bytes_str("X25519")), CURVE_NONE);
}
