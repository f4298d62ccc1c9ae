/* Keys and good tokens: named and shaped as promised. Signatures are checked in test_corpus_signatures.c. */
#include <gcrypt.h>
#include <stdio.h>

#include "corpus/make/sign.h"
#include "tests/corpus_fixture.h"

#define SIGNATURE_MAX 2048

static struct keyring *small_ring(void) {
  struct keyring *ring = keyring_new_sized(KEYRING_SMALL, 1, 2, NULL, NULL);
  cr_assert_not_null(ring);
  return ring;
}

static void finish(struct draft *draft) {
  draft_encode(draft);
  draft_sign(draft);
  draft_join(draft);
}

/* ---- keys ---- */

static unsigned count_kind(const struct ring_issuer *issuer, enum key_kind kind, unsigned bits) {
  unsigned count = 0;
  for (size_t i = 0; i < issuer->key_count; i++)
    count += issuer->keys[i].kind == kind && issuer->keys[i].bits == bits;
  return count;
}

Test(keyring, the_full_ring_has_every_key_of_the_corpus) {
  struct keyring *ring = keyring_new(1, 2, NULL, NULL);
  cr_assert_eq(ring->issuer_count, 5);
  for (size_t i = 0; i < 3; i++) {
    const struct ring_issuer *issuer = &ring->issuers[i];
    cr_expect_eq(count_kind(issuer, KEY_RSA, 2048), 2);
    cr_expect_eq(count_kind(issuer, KEY_RSA, 3072), 1);
    cr_expect_eq(count_kind(issuer, KEY_RSA, 4096), 1);
    cr_expect_eq(count_kind(issuer, KEY_P256, 0), 2);
    cr_expect_eq(count_kind(issuer, KEY_P384, 0), 1);
    cr_expect_eq(count_kind(issuer, KEY_P521, 0), 1);
    cr_expect_eq(count_kind(issuer, KEY_SECP256K1, 0), 1);
    cr_expect_eq(count_kind(issuer, KEY_ED25519, 0), 2);
    cr_expect_eq(count_kind(issuer, KEY_ED448, 0), 1);
    cr_expect_eq(issuer->key_count, 12);
  }
  for (size_t i = 3; i < 5; i++) {
    cr_expect_eq(ring->issuers[i].key_count, 4);
    cr_expect_eq(count_kind(&ring->issuers[i], KEY_OCT, 0), 4);
    cr_expect_eq(ring->issuers[i].keys[0].k.len, 64);
  }
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
    cr_expect_not_null(keyring_stranger(ring, (enum assay_alg)alg));
  cr_expect_eq(ring->weak->bits, 1024);
  cr_expect_eq(ring->weak->n.len, 128);
  keyring_free(ring);
}

static void assert_octets(struct assay_bytes a, struct assay_bytes b, const char *what) {
  cr_expect(bytes_eq(a, b), "%s differs", what);
}

Test(keyring, the_same_seed_gives_the_same_keys_on_any_number_of_threads) {
  struct keyring *one = keyring_new_sized(KEYRING_SMALL, 7, 1, NULL, NULL);
  struct keyring *four = keyring_new_sized(KEYRING_SMALL, 7, 4, NULL, NULL);
  struct keyring *other = keyring_new_sized(KEYRING_SMALL, 8, 2, NULL, NULL);
  for (size_t i = 0; i < one->issuer_count; i++)
    for (size_t j = 0; j < one->issuers[i].key_count; j++) {
      const struct signing_key *a = &one->issuers[i].keys[j], *b = &four->issuers[i].keys[j];
      cr_expect_str_eq(a->kid, b->kid);
      assert_octets(a->n, b->n, "n");
      assert_octets(a->d, b->d, "d");
      assert_octets(a->x, b->x, "x");
      assert_octets(a->k, b->k, "k");
      cr_expect_str_neq(a->kid, other->issuers[i].keys[j].kid);
    }
  keyring_free(one);
  keyring_free(four);
  keyring_free(other);
}

/* RFC 7638 3: SHA-256 over the required members in order, computed here from the JWK alone. */
static void assert_thumbprint(const json_t *jwk) {
  static const char *const members[] = {"crv", "e", "k", "kty", "n", "x", "y"};
  struct text canonical = {0}, thumbprint = {0};
  uint8_t digest[32];
  text_add_str(&canonical, "{");
  for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
    const char *value = json_string_value(json_object_get(jwk, members[i]));
    if (value)
      text_addf(&canonical, "%s\"%s\":\"%s\"", canonical.len > 1 ? "," : "", members[i], value);
  }
  text_add_str(&canonical, "}");
  gcry_md_hash_buffer(GCRY_MD_SHA256, digest, canonical.ptr, canonical.len);
  text_add_b64url(&thumbprint, digest, sizeof digest);
  cr_expect(
      bytes_eq_str(bytes_of(thumbprint.ptr, thumbprint.len), json_string_value(json_object_get(jwk, "kid"))),
      "the kid is no thumbprint of %.*s", (int)canonical.len, (const char *)canonical.ptr);
  text_free(&canonical);
  text_free(&thumbprint);
}

Test(keyring, public_keys_are_named_by_thumbprint_and_carry_nothing_private) {
  struct keyring *ring = small_ring();
  for (size_t i = 0; i < ring->issuer_count; i++) {
    json_t *jwks = ring_issuer_jwks(&ring->issuers[i]), *jwk;
    size_t j;
    json_array_foreach(json_object_get(jwks, "keys"), j, jwk) {
      cr_expect_str_eq(json_string_value(json_object_get(jwk, "use")), "sig");
      cr_expect_null(json_object_get(jwk, "alg"));
      cr_expect_null(json_object_get(jwk, "d"));
      cr_expect_null(json_object_get(jwk, "p"));
      cr_expect_eq(json_string_length(json_object_get(jwk, "kid")), 43);
      assert_thumbprint(jwk);
    }
    cr_expect_eq(json_array_size(json_object_get(jwks, "keys")), ring->issuers[i].key_count);
    json_decref(jwks);
  }
  keyring_free(ring);
}

Test(keyring, pick_wraps_and_keeps_to_the_issuers_algorithms) {
  struct keyring *ring = small_ring();
  const struct ring_issuer *north = &ring->issuers[0], *west = &ring->issuers[3];
  const struct signing_key *first = keyring_pick(north, ASSAY_ES256, 0, 0),
                           *second = keyring_pick(north, ASSAY_ES256, 0, 1);
  cr_expect_neq(first, second);
  cr_expect_eq(keyring_pick(north, ASSAY_ES256, 0, 2), first);
  cr_expect_eq(keyring_pick(north, ASSAY_PS384, 4096, 5)->bits, 4096);
  cr_expect_null(keyring_pick(&ring->issuers[1], ASSAY_PS384, 4096, 0), "the small ring has 4,096 bits once");
  cr_expect_null(keyring_pick(north, ASSAY_HS256, 0, 0));
  cr_expect_null(keyring_pick(west, ASSAY_RS256, 0, 0));
  cr_expect_eq(keyring_pick(west, ASSAY_HS512, 0, 0)->kind, KEY_OCT);
  keyring_free(ring);
}

/* ---- signing, against published signatures ---- */

Test(sign, ed25519_gives_the_signature_of_rfc8037_a4) {
  static const uint8_t d[] = {0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a,
                              0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32,
                              0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60};
  static const uint8_t x[] = {0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe,
                              0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6,
                              0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};
  const struct signing_key key = {
      .kind = KEY_ED25519, .d = bytes_of(d, sizeof d), .x = bytes_of(x, sizeof x)};
  uint8_t sig[SIGNATURE_MAX];
  struct text text = {0};
  size_t len = signing_key_sign(
      &key, ASSAY_ED25519, BYTES_LIT("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"), NULL, sig);
  text_add_b64url(&text, sig, len);
  cr_expect(
      bytes_eq_str(bytes_of(text.ptr, text.len),
                   "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"));
  text_free(&text);
}

/* RFC 4231 4.3: key "Jefe". */
Test(sign, hmac_gives_the_tags_of_rfc4231) {
  static const struct {
    enum assay_alg alg;
    size_t len;
    uint8_t head[8];
  } rows[] = {{ASSAY_HS256, 32, {0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e}},
              {ASSAY_HS384, 48, {0xaf, 0x45, 0xd2, 0xe3, 0x76, 0x48, 0x40, 0x31}},
              {ASSAY_HS512, 64, {0x16, 0x4b, 0x7a, 0x7b, 0xfc, 0xf8, 0x19, 0xe2}}};
  const struct signing_key key = {.kind = KEY_OCT, .k = BYTES_LIT("Jefe")};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    uint8_t sig[SIGNATURE_MAX];
    cr_expect_eq(signing_key_sign(&key, rows[i].alg, BYTES_LIT("what do ya want for nothing?"), NULL, sig),
                 rows[i].len);
    cr_expect_arr_eq(sig, rows[i].head, sizeof rows[i].head);
  }
}

/* ---- drafts ---- */

Test(draft, is_good_and_within_its_promises) {
  struct keyring *ring = small_ring();
  for (unsigned i = 0; i < 300; i++) {
    struct draft draft;
    cr_assert(draft_init(&draft, ring, 1, "valid", "", ASSAY_ES256, 0, i));
    json_int_t iat = json_integer_value(json_object_get(draft.claims, "iat"));
    json_int_t exp = json_integer_value(json_object_get(draft.claims, "exp"));
    cr_expect(iat < CORPUS_NOW && iat >= CORPUS_NOW - 1800);
    cr_expect(exp >= CORPUS_NOW + 119);
    cr_expect(exp - iat >= 300 && exp - iat <= 12 * 3600);
    cr_expect(json_object_size(draft.claims) >= 6 && json_object_size(draft.claims) <= 25);
    cr_expect_str_eq(json_string_value(json_object_get(draft.claims, "iss")), draft.issuer->iss);
    cr_expect_str_eq(json_string_value(json_object_get(draft.header, "kid")), draft.key->kid);
    cr_expect_str_eq(json_string_value(json_object_get(draft.header, "typ")), draft.typ);
    cr_expect_eq(json_object_size(draft.header), 3);
    finish(&draft);
    cr_expect(draft.token.len >= 300 && draft.token.len <= 1500, "%zu bytes", draft.token.len);
    draft_fini(&draft);
  }
  keyring_free(ring);
}

Test(draft, long_signatures_do_not_push_tokens_over_the_promised_length) {
  struct keyring *ring = small_ring();
  for (unsigned i = 0; i < 20; i++) {
    struct draft draft;
    cr_assert(draft_init(&draft, ring, 1, "valid", "", ASSAY_RS256, 4096, i));
    cr_expect_eq(draft.key_bits, 4096);
    finish(&draft);
    cr_expect_leq(draft.token.len, 1500);
    draft_fini(&draft);
  }
  keyring_free(ring);
}

Test(draft, fits_the_length_that_is_asked_for) {
  static const size_t lengths[] = {420, 500, 501, 502, 503, 777, 1000, 4096, 16000};
  struct keyring *ring = small_ring();
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
    for (unsigned j = 0; j < 20; j++) {
      struct draft draft;
      cr_assert(draft_init(&draft, ring, 1, "valid", "", ASSAY_ES256, 0, j));
      draft_fit(&draft, lengths[i]);
      finish(&draft);
      cr_expect(draft.token.len <= lengths[i] && draft.token.len + 2 >= lengths[i], "%zu bytes for %zu",
                draft.token.len, lengths[i]);
      draft_fini(&draft);
    }
  keyring_free(ring);
}

Test(draft, is_as_short_as_the_policy_allows_where_the_signature_leaves_no_room) {
  struct keyring *ring = small_ring();
  struct draft draft;
  cr_assert(draft_init(&draft, ring, 1, "valid", "", ASSAY_RS256, 2048, 0));
  draft_fit(&draft, 500);
  cr_expect_eq(json_object_size(draft.claims), 7);
  cr_expect_str_eq(json_string_value(json_object_get(draft.claims, "scope")), "read");
  cr_expect_str_eq(json_string_value(json_object_get(draft.claims, "aud")), draft.issuer->audience);
  finish(&draft);
  cr_expect_lt(draft.token.len, 680);
  draft_fini(&draft);
  keyring_free(ring);
}

Test(draft, has_a_policy_and_keys_of_its_own_once_they_are_asked_for) {
  struct keyring *ring = small_ring();
  struct draft draft;
  cr_assert(draft_init(&draft, ring, 1, "valid", "", ASSAY_ED448, 0, 0));
  cr_expect_null(draft.policy);
  json_t *issuer = draft_policy_issuer(&draft);
  cr_expect_eq(json_array_size(json_object_get(draft_policy(&draft), "issuers")), 1);
  cr_expect_str_eq(json_string_value(json_object_get(issuer, "iss")), draft.issuer->iss);
  cr_expect_null(json_object_get(issuer, "keys"));
  cr_expect_eq(draft_policy_issuer(&draft), issuer);
  cr_expect_str_eq(json_string_value(json_object_get(draft_jwk(&draft), "crv")), "Ed448");
  cr_expect_eq(json_array_size(json_object_get(draft_jwks(&draft), "keys")), draft.issuer->key_count);
  cr_expect_eq(json_array_size(json_object_get(draft_jwks_empty(&draft), "keys")), 0);
  draft_fini(&draft);
  keyring_free(ring);
}

Test(draft, needs_a_key_of_that_size) {
  struct keyring *ring = small_ring();
  struct draft draft;
  cr_expect_not(draft_init(&draft, ring, 1, "valid", "", ASSAY_RS256, 8192, 0));
  draft_fini(&draft);
  keyring_free(ring);
}

Test(draft, hangs_on_seed_class_variant_algorithm_and_index) {
  struct keyring *ring = small_ring();
  struct {
    uint64_t seed;
    const char *class_id, *variant;
    unsigned index;
  } rows[] = {{1, "a", "b", 0}, {2, "a", "b", 0}, {1, "ab", "", 0}, {1, "a", "c", 0}, {1, "a", "b", 1}};
  struct text tokens[sizeof rows / sizeof rows[0]] = {0};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    for (int twice = 0; twice < 2; twice++) {
      struct draft draft;
      cr_assert(draft_init(&draft, ring, rows[i].seed, rows[i].class_id, rows[i].variant, ASSAY_PS256, 2048,
                           rows[i].index));
      finish(&draft);
      if (twice)
        cr_expect(
            bytes_eq(bytes_of(draft.token.ptr, draft.token.len), bytes_of(tokens[i].ptr, tokens[i].len)));
      text_set(&tokens[i], draft.token.ptr, draft.token.len);
      draft_fini(&draft);
    }
  for (size_t i = 1; i < sizeof rows / sizeof rows[0]; i++)
    cr_expect_not(bytes_eq(bytes_of(tokens[0].ptr, tokens[0].len), bytes_of(tokens[i].ptr, tokens[i].len)));
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    text_free(&tokens[i]);
  keyring_free(ring);
}
