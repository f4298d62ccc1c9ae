/* Every good token verifies, by implementations that did not sign it and with keys from the JWKS alone:
 * libgcrypt for what Nettle signed, and plain affine arithmetic for secp256k1, which libgcrypt signed.
 * Nothing is shared with the generator or the pipeline but the mapped corpus. */
#include <gcrypt.h>
#include <gmp.h>
#include <jansson.h>
#include <nettle/base64.h>

#include "corpus/spoil/mutation.h"
#include "corpus/store/store.h"
#include "tests/corpus_fixture.h"

/* ---- a token taken apart ---- */

struct octets {
  uint8_t bytes[4096];
  size_t len;
};

struct taken {
  struct assay_bytes input;
  struct octets signature;
  json_t *header, *claims, *jwk;
};

static struct octets decode(const char *chars, size_t len) {
  struct octets out;
  struct base64_decode_ctx decoder;
  base64url_decode_init(&decoder);
  cr_assert_leq(BASE64_DECODE_LENGTH(len), sizeof out.bytes);
  cr_assert(base64_decode_update(&decoder, &out.len, out.bytes, len, chars));
  return out;
}

static struct octets member(const json_t *jwk, const char *name) {
  const char *text = json_string_value(json_object_get(jwk, name));
  cr_assert_not_null(text, "the JWK has no %s", name);
  return decode(text, strlen(text));
}

static json_t *decode_json(const char *chars, size_t len) {
  struct octets text = decode(chars, len);
  json_t *json = json_loadb((char *)text.bytes, text.len, JSON_REJECT_DUPLICATES, NULL);
  cr_assert_not_null(json);
  return json;
}

static json_t *key_for(const struct corpus *corpus, const char *iss, const char *kid) {
  const struct corpus_setting *setting = &corpus->settings[0];
  for (uint32_t i = 0; i < setting->key_count; i++) {
    const struct corpus_key *set = &corpus->keys[setting->first_key + i];
    if (!bytes_eq_str(corpus_bytes(corpus, set->iss), iss))
      continue;
    struct assay_bytes text = corpus_bytes(corpus, set->jwks);
    json_t *jwks = json_loadb((const char *)text.ptr, text.len, 0, NULL), *jwk;
    size_t j;
    json_array_foreach(json_object_get(jwks, "keys"), j, jwk) {
      if (strcmp(json_string_value(json_object_get(jwk, "kid")), kid) == 0) {
        json_incref(jwk);
        json_decref(jwks);
        return jwk;
      }
    }
    json_decref(jwks);
  }
  cr_assert_fail("no key %s of %s", kid, iss);
  return NULL;
}

static struct taken take_apart(const struct corpus *corpus, struct assay_bytes token) {
  struct taken taken;
  const char *text = (const char *)token.ptr;
  const char *dot = memchr(text, '.', token.len), *last = memrchr(text, '.', token.len);
  cr_assert(dot && last && dot != last);
  taken.input = bytes_of(text, (size_t)(last - text));
  taken.header = decode_json(text, (size_t)(dot - text));
  taken.claims = decode_json(dot + 1, (size_t)(last - dot - 1));
  taken.signature = decode(last + 1, token.len - taken.input.len - 1);
  taken.jwk = key_for(corpus, json_string_value(json_object_get(taken.claims, "iss")),
                      json_string_value(json_object_get(taken.header, "kid")));
  return taken;
}

static void drop(struct taken *taken) {
  json_decref(taken->header);
  json_decref(taken->claims);
  json_decref(taken->jwk);
}

/* ---- by libgcrypt ---- */

static int digest_algorithm(enum assay_alg alg) {
  switch (assay_alg_info(alg)->digest_bytes) {
  case 32: return GCRY_MD_SHA256;
  case 48: return GCRY_MD_SHA384;
  default: return GCRY_MD_SHA512;
  }
}

static struct octets digest_of(enum assay_alg alg, struct assay_bytes input) {
  struct octets digest = {.len = assay_alg_info(alg)->digest_bytes};
  gcry_md_hash_buffer(digest_algorithm(alg), digest.bytes, input.ptr, input.len);
  return digest;
}

static bool verify_hmac(enum assay_alg alg, const struct taken *taken) {
  static const int macs[] = {GCRY_MAC_HMAC_SHA256, GCRY_MAC_HMAC_SHA384, GCRY_MAC_HMAC_SHA512};
  struct octets k = member(taken->jwk, "k");
  gcry_mac_hd_t mac;
  cr_assert_eq(gcry_mac_open(&mac, macs[alg - ASSAY_HS256], 0, NULL), 0);
  bool ok = gcry_mac_setkey(mac, k.bytes, k.len) == 0 &&
            gcry_mac_write(mac, taken->input.ptr, taken->input.len) == 0 &&
            gcry_mac_verify(mac, taken->signature.bytes, taken->signature.len) == 0;
  gcry_mac_close(mac);
  return ok;
}

/* Takes over the three expressions. */
static bool verify_sexp(gcry_sexp_t signature, gcry_sexp_t data, gcry_sexp_t key) {
  bool ok = gcry_pk_verify(signature, data, key) == 0;
  gcry_sexp_release(signature);
  gcry_sexp_release(data);
  gcry_sexp_release(key);
  return ok;
}

static bool verify_rsa(enum assay_alg alg, const struct taken *taken) {
  const struct octets n = member(taken->jwk, "n"), e = member(taken->jwk, "e"), *s = &taken->signature;
  const struct octets digest = digest_of(alg, taken->input);
  gcry_sexp_t key, data, signature;
  const char *hash = gcry_md_algo_name(digest_algorithm(alg));
  bool pss = assay_alg_info(alg)->family == FAMILY_RSA_PSS;
  cr_assert_eq(s->len, n.len);
  cr_assert_eq(gcry_sexp_build(&key, NULL, "(public-key (rsa (n %b) (e %b)))", (int)n.len, n.bytes,
                               (int)e.len, e.bytes),
               0);
  cr_assert_eq(gcry_sexp_build(&signature, NULL, "(sig-val (rsa (s %b)))", (int)s->len, s->bytes), 0);
  if (pss)
    cr_assert_eq(gcry_sexp_build(&data, NULL, "(data (flags pss) (salt-length %d) (hash %s %b))",
                                 (int)digest.len, hash, (int)digest.len, digest.bytes),
                 0);
  else
    cr_assert_eq(gcry_sexp_build(&data, NULL, "(data (flags pkcs1) (hash %s %b))", hash, (int)digest.len,
                                 digest.bytes),
                 0);
  return verify_sexp(signature, data, key);
}

/* alg: of the curve; hash_alg: of the hash. */
static bool verify_ecdsa(enum assay_alg alg, enum assay_alg hash_alg, const struct taken *taken) {
  const struct octets x = member(taken->jwk, "x"), y = member(taken->jwk, "y"), *s = &taken->signature;
  const struct octets digest = digest_of(hash_alg, taken->input);
  struct octets point = {.len = 1 + x.len + y.len};
  gcry_sexp_t key, data, signature;
  const char *curve = alg == ASSAY_ES256    ? "NIST P-256"
                      : alg == ASSAY_ES384  ? "NIST P-384"
                      : alg == ASSAY_ES256K ? "secp256k1"
                                            : "NIST P-521";
  cr_assert_eq(s->len, assay_alg_info(alg)->signature_bytes);
  cr_assert_eq(x.len, s->len / 2);
  point.bytes[0] = 4;
  memcpy(point.bytes + 1, x.bytes, x.len);
  memcpy(point.bytes + 1 + x.len, y.bytes, y.len);
  cr_assert_eq(
      gcry_sexp_build(&key, NULL, "(public-key (ecc (curve %s) (q %b)))", curve, (int)point.len, point.bytes),
      0);
  /* The leftmost bits, as many as the order has (FIPS 186-5 6.4.2); libgcrypt takes a raw value as it is. */
  int kept = (int)(digest.len < x.len ? digest.len : x.len);
  cr_assert_eq(gcry_sexp_build(&data, NULL, "(data (flags raw) (value %b))", kept, digest.bytes), 0);
  cr_assert_eq(gcry_sexp_build(&signature, NULL, "(sig-val (ecdsa (r %b) (s %b)))", (int)s->len / 2, s->bytes,
                               (int)s->len / 2, s->bytes + s->len / 2),
               0);
  return verify_sexp(signature, data, key);
}

static bool verify_edwards(enum assay_alg alg, const struct taken *taken) {
  const struct octets x = member(taken->jwk, "x"), *s = &taken->signature;
  gcry_sexp_t key, data, signature;
  int half = (int)s->len / 2;
  cr_assert_eq(s->len, assay_alg_info(alg)->signature_bytes);
  cr_assert_eq(gcry_sexp_build(&key, NULL, "(public-key (ecc (curve %s) (flags eddsa) (q %b)))",
                               alg == ASSAY_ED25519 ? "Ed25519" : "Ed448", (int)x.len, x.bytes),
               0);
  cr_assert_eq(gcry_sexp_build(&data, NULL, "(data (flags eddsa) (hash-algo %s) (value %b))",
                               alg == ASSAY_ED25519 ? "sha512" : "shake256", (int)taken->input.len,
                               taken->input.ptr),
               0);
  cr_assert_eq(gcry_sexp_build(&signature, NULL, "(sig-val (eddsa (r %b) (s %b)))", half, s->bytes, half,
                               s->bytes + half),
               0);
  return verify_sexp(signature, data, key);
}

/* ---- secp256k1 by plain arithmetic (SEC 2 2.4.1, FIPS 186-5 6.4.2) ---- */

static mpz_t k256_p, k256_n;

struct point {
  mpz_t x, y;
  bool infinite;
};

static void point_init(struct point *point) {
  mpz_inits(point->x, point->y, NULL);
  point->infinite = true;
}

static void point_set(struct point *to, const struct point *from) {
  mpz_set(to->x, from->x);
  mpz_set(to->y, from->y);
  to->infinite = from->infinite;
}

static void point_add(struct point *sum, const struct point *a, const struct point *b) {
  mpz_t slope, run, x;
  if (a->infinite || b->infinite) {
    point_set(sum, a->infinite ? b : a);
    return;
  }
  mpz_inits(slope, run, x, NULL);
  bool twice = mpz_cmp(a->x, b->x) == 0;
  cr_assert(!twice || mpz_cmp(a->y, b->y) == 0, "a point met its negative");
  if (twice) { /* 3 x^2 / 2 y */
    mpz_mul(slope, a->x, a->x);
    mpz_mul_ui(slope, slope, 3);
    mpz_mul_ui(run, a->y, 2);
  } else {
    mpz_sub(slope, b->y, a->y);
    mpz_sub(run, b->x, a->x);
  }
  mpz_mod(run, run, k256_p);
  mpz_invert(run, run, k256_p);
  mpz_mul(slope, slope, run);
  mpz_mul(x, slope, slope);
  mpz_sub(x, x, a->x);
  mpz_sub(x, x, b->x);
  mpz_mod(x, x, k256_p);
  mpz_sub(run, a->x, x);
  mpz_mul(run, run, slope);
  mpz_sub(run, run, a->y);
  mpz_mod(sum->y, run, k256_p);
  mpz_set(sum->x, x);
  sum->infinite = false;
  mpz_clears(slope, run, x, NULL);
}

static void point_mul(struct point *product, const mpz_t scalar, const struct point *base) {
  product->infinite = true;
  for (size_t bit = mpz_sizeinbase(scalar, 2); bit-- > 0;) {
    struct point kept;
    point_init(&kept);
    point_set(&kept, product);
    point_add(product, &kept, &kept);
    point_set(&kept, product);
    if (mpz_tstbit(scalar, bit))
      point_add(product, &kept, base);
    mpz_clears(kept.x, kept.y, NULL);
  }
}

static void import_octets(mpz_t number, const uint8_t *octets, size_t len) {
  mpz_import(number, len, 1, 1, 0, 0, octets);
}

static void k256_start(struct point *base) {
  mpz_init_set_str(k256_p, "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 16);
  mpz_init_set_str(k256_n, "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
  point_init(base);
  mpz_set_str(base->x, "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", 16);
  mpz_set_str(base->y, "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8", 16);
  base->infinite = false;
}

static bool verify_k256(const struct taken *taken) {
  const struct octets x = member(taken->jwk, "x"), y = member(taken->jwk, "y"), *sig = &taken->signature;
  const struct octets digest = digest_of(ASSAY_ES256K, taken->input);
  struct point base, key, one, two, sum;
  mpz_t r, s, z;
  cr_assert_eq(sig->len, 64);
  k256_start(&base);
  point_init(&key), point_init(&one), point_init(&two), point_init(&sum);
  mpz_inits(r, s, z, NULL);
  import_octets(key.x, x.bytes, x.len);
  import_octets(key.y, y.bytes, y.len);
  key.infinite = false;
  import_octets(r, sig->bytes, 32);
  import_octets(s, sig->bytes + 32, 32);
  import_octets(z, digest.bytes, digest.len);
  cr_assert(mpz_sgn(r) > 0 && mpz_sgn(s) > 0 && mpz_cmp(r, k256_n) < 0 && mpz_cmp(s, k256_n) < 0);
  mpz_invert(s, s, k256_n);
  mpz_mul(z, z, s);
  mpz_mod(z, z, k256_n);
  mpz_mul(s, s, r);
  mpz_mod(s, s, k256_n);
  point_mul(&one, z, &base);
  point_mul(&two, s, &key);
  point_add(&sum, &one, &two);
  mpz_mod(sum.x, sum.x, k256_n);
  bool ok = !sum.infinite && mpz_cmp(sum.x, r) == 0;
  mpz_clears(r, s, z, base.x, base.y, key.x, key.y, one.x, one.y, two.x, two.y, sum.x, sum.y, k256_p, k256_n,
             NULL);
  return ok;
}

/* ---- the corpus ---- */

static bool verify(enum assay_alg alg, const struct taken *taken) {
  switch (assay_alg_info(alg)->family) {
  case FAMILY_HMAC: return verify_hmac(alg, taken);
  case FAMILY_RSA_PKCS1:
  case FAMILY_RSA_PSS: return verify_rsa(alg, taken);
  case FAMILY_ECDSA: return alg == ASSAY_ES256K ? verify_k256(taken) : verify_ecdsa(alg, alg, taken);
  default: return verify_edwards(alg, taken);
  }
}

static bool has_word(const char *words, const char *word) {
  size_t len = strlen(word);
  for (const char *at = words; (at = strstr(at, word)); at += len)
    if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
      return true;
  return false;
}

/* What the default policy asks for, straight down. */
static void assert_good(const struct corpus_token *token, const struct taken *taken, const char *audience) {
  const json_t *claims = taken->claims, *aud = json_object_get(claims, "aud");
  const char *alg = json_string_value(json_object_get(taken->header, "alg"));
  const char *typ = json_string_value(json_object_get(taken->header, "typ"));
  json_int_t exp = json_integer_value(json_object_get(claims, "exp")),
             iat = json_integer_value(json_object_get(claims, "iat"));
  bool edwards = assay_alg_info((enum assay_alg)token->alg)->family == FAMILY_EDDSA;
  cr_expect_str_eq(alg, edwards ? "EdDSA" : assay_alg_name((enum assay_alg)token->alg));
  cr_expect(strcmp(typ, "at+jwt") == 0 || strcmp(typ, "JWT") == 0);
  cr_expect(exp > CORPUS_NOW && iat < CORPUS_NOW && exp - iat <= 86400);
  cr_expect_gt(json_string_length(json_object_get(claims, "sub")), 0);
  cr_expect_gt(json_string_length(json_object_get(claims, "jti")), 0);
  cr_expect(has_word(json_string_value(json_object_get(claims, "scope")), "read"));
  bool found = json_is_string(aud) && strcmp(json_string_value(aud), audience) == 0;
  for (size_t i = 0; i < json_array_size(aud); i++)
    found = found || strcmp(json_string_value(json_array_get(aud, i)), audience) == 0;
  cr_expect(found, "aud does not hold %s", audience);
  if (token->key_bits)
    cr_expect_eq(member(taken->jwk, "n").len * 8, token->key_bits);
}

static const char *audience_of(const char *iss) {
  static const char *const rows[][2] = {{"https://login.north.example", "https://api.north.example"},
                                        {"https://id.south.example", "https://api.south.example"},
                                        {"https://auth.east.example", "https://api.east.example"},
                                        {"https://sso.west.example", "https://api.west.example"},
                                        {"https://api.centre.example", "https://data.centre.example"}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (strcmp(rows[i][0], iss) == 0)
      return rows[i][1];
  cr_assert_fail("unknown issuer %s", iss);
  return NULL;
}

static void assert_new(struct pool *seen, const void *bytes, size_t len, const char *what) {
  uint32_t *value = pool_value(seen, bytes_of(bytes, len));
  cr_assert_eq(*value, CORPUS_NONE, "a %s comes twice", what);
  *value = 1;
}

Test(signatures, every_good_token_verifies_elsewhere_and_no_two_are_alike) {
  const char *folder = fixture_folder();
  struct corpus corpus;
  struct pool jtis = {0}, claims = {0}, signatures = {0};
  unsigned per_alg[ASSAY_ALG_COUNT] = {0};
  cr_assert(corpus_open(&corpus, fixture_generate(folder, "corpus", 1, 2, 12, 0), NULL));
  for (uint64_t i = 0; i < corpus.header->token_count; i++) {
    const struct corpus_token *token = &corpus.tokens[i];
    struct taken taken = take_apart(&corpus, corpus_bytes(&corpus, token->token));
    cr_expect(verify((enum assay_alg)token->alg, &taken), "%.*s does not verify", (int)token->id.len,
              (const char *)corpus_bytes(&corpus, token->id).ptr);
    assert_good(token, &taken, audience_of(json_string_value(json_object_get(taken.claims, "iss"))));
    const json_t *jti = json_object_get(taken.claims, "jti");
    const char *first_dot = memchr(taken.input.ptr, '.', taken.input.len);
    assert_new(&jtis, json_string_value(jti), json_string_length(jti), "jti");
    assert_new(&claims, first_dot, taken.input.len - (size_t)(first_dot - (const char *)taken.input.ptr),
               "payload");
    assert_new(&signatures, taken.signature.bytes, taken.signature.len, "signature");
    per_alg[token->alg]++;
    drop(&taken);
  }
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++) {
    enum assay_family family = assay_alg_info((enum assay_alg)alg)->family;
    bool rsa = family == FAMILY_RSA_PKCS1 || family == FAMILY_RSA_PSS;
    cr_expect_eq(per_alg[alg], rsa ? 36 : 12, "%u tokens of %s", per_alg[alg],
                 assay_alg_name((enum assay_alg)alg));
  }
  pool_fini(&jtis);
  pool_fini(&claims);
  pool_fini(&signatures);
  corpus_close(&corpus);
  fixture_remove(folder);
}

/* The verifiers above say no when they should: otherwise the test above could not fail. */
Test(signatures, the_tests_own_verifiers_refuse_a_changed_signature) {
  const char *folder = fixture_folder();
  struct corpus corpus;
  cr_assert(corpus_open(&corpus, fixture_generate(folder, "corpus", 1, 2, 1, 0), NULL));
  for (uint64_t i = 0; i < corpus.header->token_count; i++) {
    struct taken taken = take_apart(&corpus, corpus_bytes(&corpus, corpus.tokens[i].token));
    taken.signature.bytes[taken.signature.len / 3] ^= 1;
    cr_expect_not(verify((enum assay_alg)corpus.tokens[i].alg, &taken), "%u", corpus.tokens[i].alg);
    drop(&taken);
  }
  corpus_close(&corpus);
  fixture_remove(folder);
}

/* ---- signatures that begin with zeros ---- */

static size_t zeros_in_front(const uint8_t *octets, size_t len) {
  size_t count = 0;
  while (count < len && octets[count] == 0)
    count++;
  return count;
}

static void check_leading_zero(const struct keyring *ring, const struct mutation_variant *variant,
                               enum assay_alg alg) {
  struct draft draft;
  struct taken taken;
  cr_assert(draft_init(&draft, ring, 1, "sig-leading-zero", variant->name, alg, 0, 0));
  draft.row_number = variant->number;
  draft_encode(&draft);
  variant->forge(&draft);
  draft_join(&draft);
  taken.input = bytes_of(draft.token.ptr, draft.header_part.len + 1 + draft.payload_part.len);
  taken.jwk = draft_jwk(&draft);
  taken.signature.len = draft.signature.len;
  memcpy(taken.signature.bytes, draft.signature.ptr, draft.signature.len);
  cr_expect_eq(verify(alg, &taken), variant->reason == REASON_OK, "%s under %s", variant->name,
               assay_alg_name(alg));
  size_t half = draft.signature.len / 2, first = zeros_in_front(draft.signature.ptr, half),
         second = zeros_in_front(draft.signature.ptr + half, half);
  bool in_second = strcmp(variant->name, "s-one") == 0 || strcmp(variant->name, "edwards-s") == 0;
  if (variant->number)
    cr_expect_eq(first, variant->number, "%s under %s", variant->name, assay_alg_name(alg));
  cr_expect(in_second ? second > 0 : first > 0, "%s under %s", variant->name, assay_alg_name(alg));
  draft_fini(&draft);
}

/* What must be accepted is right, in full length, and begins as its variant says; its twin is not right. */
Test(signatures, leading_zeros_are_as_many_as_their_variants_say) {
  const struct mutation_group *group;
  const struct mutation_class *class = class_find("sig-leading-zero", &group);
  struct keyring *ring = keyring_new_sized(KEYRING_SMALL, 1, 2, NULL, NULL);
  cr_assert(class && ring);
  for (size_t i = 0; i < class->variant_count; i++)
    for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
      if (class->variants[i].algs & ASSAY_ALG_BIT(alg))
        check_leading_zero(ring, &class->variants[i], (enum assay_alg)alg);
  keyring_free(ring);
}

static enum assay_alg alg_of_curve(const char *crv) {
  return strcmp(crv, "P-256") == 0   ? ASSAY_ES256
         : strcmp(crv, "P-384") == 0 ? ASSAY_ES384
         : strcmp(crv, "P-521") == 0 ? ASSAY_ES512
                                     : ASSAY_ES256K;
}

static void check_other_curve(const struct keyring *ring, const struct mutation_variant *variant,
                              enum assay_alg alg) {
  struct draft draft;
  struct taken taken;
  bool hash_of_alg = strstr(variant->name, "hash-of-alg");
  cr_assert(draft_init(&draft, ring, 1, "curve-mismatch", variant->name, alg, 0, 0));
  draft.row_text = variant->text;
  variant->edit(&draft);
  draft_encode(&draft);
  cr_assert_eq(variant->forge != NULL, hash_of_alg);
  (hash_of_alg ? variant->forge : draft_sign)(&draft);
  draft_join(&draft);
  taken.input = bytes_of(draft.token.ptr, draft.header_part.len + 1 + draft.payload_part.len);
  taken.jwk = json_array_get(json_object_get(draft_jwks(&draft), "keys"), 0);
  taken.signature.len = draft.signature.len;
  memcpy(taken.signature.bytes, draft.signature.ptr, draft.signature.len);
  enum assay_alg curve = alg_of_curve(json_string_value(json_object_get(taken.jwk, "crv")));
  cr_expect_neq(curve, alg);
  cr_expect_str_eq(json_string_value(json_object_get(draft.header, "alg")), assay_alg_name(alg));
  cr_expect(verify_ecdsa(curve, hash_of_alg ? alg : curve, &taken), "%s under %s", variant->name,
            assay_alg_name(alg));
  draft_fini(&draft);
}

/* Whoever takes the curve from the key, and the hash from alg or from the key, accepts these tokens. */
Test(signatures, another_curves_signature_is_right_over_the_hash_that_its_variant_names) {
  const struct mutation_group *group;
  const struct mutation_class *class = class_find("curve-mismatch", &group);
  struct keyring *ring = keyring_new_sized(KEYRING_SMALL, 1, 2, NULL, NULL);
  unsigned checked = 0;
  cr_assert(class && ring);
  for (size_t i = 0; i < class->variant_count; i++)
    for (int alg = ASSAY_ES256; alg <= ASSAY_ES256K; alg++)
      if (class->variants[i].algs & ASSAY_ALG_BIT(alg)) {
        check_other_curve(ring, &class->variants[i], (enum assay_alg)alg);
        checked++;
      }
  cr_expect_eq(checked, 4 * 3 + (2 + 3 + 3 + 2),
               "each curve under the others, and where the hash is another");
  keyring_free(ring);
}
