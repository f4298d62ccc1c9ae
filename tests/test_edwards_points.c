/* What the classes about Edwards points say of orders and equations is so, by plain affine arithmetic that
 * shares nothing with forge.c (RFC 8032 5.1, 5.2): of which order key and R are, and which of the two equations
 * of verification hold for whoever decodes points leniently. */
#include <gmp.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <nettle/sha3.h>

#include "corpus/make/draft_tools.h"
#include "corpus/program/generate.h"
#include "corpus/spoil/mutation.h"
#include "tests/corpus_fixture.h"

#define OCTETS_MAX 57

/* a x^2 + y^2 = 1 + d x^2 y^2 */
struct curve {
  size_t len;
  unsigned long cofactor;
  mpz_t p, l, d;
  int a;
};

struct point {
  mpz_t x, y;
};

/* ---- arithmetic ---- */

static void curve_init(struct curve *curve, enum assay_alg alg) {
  bool is_25519 = alg == ASSAY_ED25519;
  curve->len = is_25519 ? 32 : 57;
  curve->cofactor = is_25519 ? 8 : 4;
  curve->a = is_25519 ? -1 : 1;
  mpz_inits(curve->p, curve->l, curve->d, NULL);
  mpz_ui_pow_ui(curve->p, 2, is_25519 ? 255 : 448);
  mpz_ui_pow_ui(curve->l, 2, is_25519 ? 252 : 446);
  mpz_set_str(curve->d, is_25519 ? "27742317777372353535851937790883648493" : "0", 10);
  if (is_25519) {
    mpz_add(curve->l, curve->l, curve->d);
    mpz_sub_ui(curve->p, curve->p, 19);
    mpz_set_ui(curve->d, 121666); /* d = -121665 / 121666 */
    mpz_invert(curve->d, curve->d, curve->p);
    mpz_mul_si(curve->d, curve->d, -121665);
  } else {
    mpz_t less;
    mpz_init_set_str(less, "13818066809895115352007386748515426880336692474882178609894547503885", 10);
    mpz_sub(curve->l, curve->l, less);
    mpz_ui_pow_ui(less, 2, 224);
    mpz_sub(curve->p, curve->p, less);
    mpz_sub_ui(curve->p, curve->p, 1);
    mpz_set_si(curve->d, -39081);
    mpz_clear(less);
  }
  mpz_mod(curve->d, curve->d, curve->p);
}

static void curve_fini(struct curve *curve) {
  mpz_clears(curve->p, curve->l, curve->d, NULL);
}

static void point_init(struct point *point) { /* the neutral one */
  mpz_init(point->x);
  mpz_init_set_ui(point->y, 1);
}

static void point_fini(struct point *point) {
  mpz_clears(point->x, point->y, NULL);
}

static bool is_neutral(const struct point *point) {
  return mpz_sgn(point->x) == 0 && mpz_cmp_ui(point->y, 1) == 0;
}

static void divide(mpz_t quotient, mpz_t by, const mpz_t p) {
  mpz_mod(by, by, p);
  cr_assert(mpz_invert(by, by, p));
  mpz_mul(quotient, quotient, by);
  mpz_mod(quotient, quotient, p);
}

/* The formulas are complete: they hold for all pairs of points, equal ones too. */
static void add(const struct curve *curve, struct point *to, const struct point *other) {
  mpz_t product, crossed, straight, by;
  mpz_inits(product, crossed, straight, by, NULL);
  mpz_mul(crossed, to->x, other->y);
  mpz_addmul(crossed, to->y, other->x);
  mpz_mul(straight, to->x, other->x);
  mpz_mul(product, to->y, other->y);
  mpz_mul_si(by, straight, -curve->a);
  mpz_mul(straight, straight, product);
  mpz_add(product, product, by);
  mpz_mul(straight, straight, curve->d);
  mpz_mod(straight, straight, curve->p);
  mpz_add_ui(by, straight, 1);
  divide(crossed, by, curve->p);
  mpz_ui_sub(by, 1, straight);
  divide(product, by, curve->p);
  mpz_set(to->x, crossed);
  mpz_set(to->y, product);
  mpz_clears(product, crossed, straight, by, NULL);
}

static void multiply(const struct curve *curve, struct point *point, const mpz_t scalar) {
  struct point sum;
  point_init(&sum);
  for (size_t bit = mpz_sizeinbase(scalar, 2); bit-- > 0;) {
    add(curve, &sum, &sum);
    if (mpz_tstbit(scalar, bit))
      add(curve, &sum, point);
  }
  mpz_swap(point->x, sum.x);
  mpz_swap(point->y, sum.y);
  point_fini(&sum);
}

static void negate(const struct curve *curve, struct point *point) {
  mpz_sub(point->x, curve->p, point->x);
  mpz_mod(point->x, point->x, curve->p);
}

/* ---- octets ---- */

static void number_read(mpz_t number, const uint8_t *octets, size_t len) {
  mpz_import(number, len, -1, 1, 0, 0, octets);
}

/* A root of the number, which has one: p is 3 modulo 4, or 5 modulo 8. */
static void root(mpz_t number, const mpz_t p) {
  mpz_t found, exponent;
  mpz_inits(found, exponent, NULL);
  bool is_3_of_4 = mpz_fdiv_ui(p, 4) == 3;
  mpz_add_ui(exponent, p, is_3_of_4 ? 1 : 3);
  mpz_fdiv_q_2exp(exponent, exponent, is_3_of_4 ? 2 : 3);
  mpz_powm(found, number, exponent, p);
  mpz_mul(exponent, found, found);
  mpz_sub(exponent, exponent, number);
  if (!mpz_divisible_p(exponent, p)) { /* times the root of -1 */
    mpz_sub_ui(exponent, p, 1);
    mpz_fdiv_q_2exp(exponent, exponent, 2);
    mpz_set_ui(number, 2);
    mpz_powm(number, number, exponent, p);
    mpz_mul(found, found, number);
    mpz_mod(found, found, p);
  }
  mpz_set(number, found);
  mpz_clears(found, exponent, NULL);
}

/* As a lenient decoder does it: y is reduced, and a negative zero is zero. */
static void point_read(const struct curve *curve, struct point *point, const uint8_t *octets) {
  uint8_t copy[OCTETS_MAX];
  mpz_t by;
  mpz_init(by);
  memcpy(copy, octets, curve->len);
  copy[curve->len - 1] &= 0x7f;
  number_read(point->y, copy, curve->len);
  mpz_mod(point->y, point->y, curve->p);
  mpz_mul(point->x, point->y, point->y); /* x^2 = (1 - y^2) / (a - d y^2) */
  mpz_mul(by, point->x, curve->d);
  mpz_neg(by, by);
  if (curve->a > 0)
    mpz_add_ui(by, by, 1);
  else
    mpz_sub_ui(by, by, 1);
  mpz_ui_sub(point->x, 1, point->x);
  divide(point->x, by, curve->p);
  cr_assert(mpz_legendre(point->x, curve->p) >= 0, "no point of the curve");
  root(point->x, curve->p);
  if (mpz_odd_p(point->x) != (octets[curve->len - 1] >> 7))
    negate(curve, point);
  mpz_clear(by);
}

/* 4/5 and its even x, and RFC 8032 5.2. */
static void base_read(const struct curve *curve, struct point *base) {
  static const uint8_t ed448[OCTETS_MAX] = {
      0x14, 0xfa, 0x30, 0xf2, 0x5b, 0x79, 0x08, 0x98, 0xad, 0xc8, 0xd7, 0x4e, 0x2c, 0x13, 0xbd,
      0xfd, 0xc4, 0x39, 0x7c, 0xe6, 0x1c, 0xff, 0xd3, 0x3a, 0xd7, 0xc2, 0xa0, 0x05, 0x1e, 0x9c,
      0x78, 0x87, 0x40, 0x98, 0xa3, 0x6c, 0x73, 0x73, 0xea, 0x4b, 0x62, 0xc7, 0xc9, 0x56, 0x37,
      0x20, 0x76, 0x88, 0x24, 0xbc, 0xb6, 0x6e, 0x71, 0x46, 0x3f, 0x69, 0x00};
  uint8_t ed25519[32];
  memset(ed25519, 0x66, sizeof ed25519);
  ed25519[0] = 0x58;
  point_read(curve, base, curve->len == 32 ? ed25519 : ed448);
}

/* ---- a token's two equations ---- */

enum order { SMALL, PRIME, MIXED };
static const char *const order_words[] = {"small", "prime", "mixed"};

static enum order order_of(const struct curve *curve, const struct point *of) {
  struct point point;
  mpz_t cofactor;
  point_init(&point);
  mpz_init_set_ui(cofactor, curve->cofactor);
  mpz_set(point.x, of->x);
  mpz_set(point.y, of->y);
  multiply(curve, &point, cofactor);
  bool is_small = is_neutral(&point);
  mpz_set(point.x, of->x);
  mpz_set(point.y, of->y);
  multiply(curve, &point, curve->l);
  bool is_prime = is_neutral(&point);
  point_fini(&point);
  mpz_clear(cofactor);
  return is_small ? SMALL : is_prime ? PRIME : MIXED;
}

struct decoded {
  uint8_t a[OCTETS_MAX], signature[2 * OCTETS_MAX];
  struct text input; /* what is signed */
};

/* H(dom || R || A || message), each point as it stands there. */
static void challenge(mpz_t h, const struct curve *curve, const struct decoded *token) {
  uint8_t digest[2 * OCTETS_MAX];
  struct text text = {0};
  if (curve->len == OCTETS_MAX)
    text_add(&text, "SigEd448\0\0", 10);
  text_add(&text, token->signature, curve->len);
  text_add(&text, token->a, curve->len);
  text_add(&text, token->input.ptr, token->input.len);
  if (curve->len == OCTETS_MAX) {
    struct sha3_256_ctx shake;
    sha3_256_init(&shake);
    sha3_256_update(&shake, text.len, text.ptr);
    sha3_256_shake(&shake, 2 * curve->len, digest);
  } else {
    struct sha512_ctx sha;
    sha512_init(&sha);
    sha512_update(&sha, text.len, text.ptr);
    sha512_digest(&sha, 64, digest);
  }
  number_read(h, digest, 2 * curve->len);
  text_free(&text);
}

/* What a class says of its token. */
struct facts {
  enum order a, r;
  bool plain, cofactored; /* S B = R + (h mod L) A, and the same times the cofactor */
  bool whole;             /* S B = R + h A */
};

/* To becomes what remains of S B once R and so many A are taken away. */
static void remainder_of(const struct curve *curve, const struct decoded *token, const mpz_t h,
                         struct point *to) {
  struct point part;
  mpz_t s;
  mpz_init(s);
  point_init(&part);
  base_read(curve, to);
  number_read(s, token->signature + curve->len, curve->len);
  multiply(curve, to, s);
  point_read(curve, &part, token->signature);
  negate(curve, &part);
  add(curve, to, &part);
  point_read(curve, &part, token->a);
  multiply(curve, &part, h);
  negate(curve, &part);
  add(curve, to, &part);
  point_fini(&part);
  mpz_clear(s);
}

static struct facts facts_of(const struct curve *curve, const struct decoded *token) {
  struct point point;
  struct facts facts;
  mpz_t h, cofactor;
  mpz_init(h);
  mpz_init_set_ui(cofactor, curve->cofactor);
  point_init(&point);
  point_read(curve, &point, token->a);
  facts.a = order_of(curve, &point);
  point_read(curve, &point, token->signature);
  facts.r = order_of(curve, &point);
  challenge(h, curve, token);
  remainder_of(curve, token, h, &point);
  facts.whole = is_neutral(&point);
  mpz_mod(h, h, curve->l);
  remainder_of(curve, token, h, &point);
  facts.plain = is_neutral(&point);
  multiply(curve, &point, cofactor);
  facts.cofactored = is_neutral(&point);
  mpz_clears(h, cofactor, NULL);
  point_fini(&point);
  return facts;
}

/* ---- the classes ---- */

static void octets_of(const json_t *jwk, const char *name, uint8_t *out, size_t len) {
  const char *text = json_string_value(json_object_get(jwk, name));
  struct base64_decode_ctx decoder;
  uint8_t bytes[OCTETS_MAX + 3];
  size_t got;
  base64url_decode_init(&decoder);
  cr_assert(base64_decode_update(&decoder, &got, bytes, strlen(text), text));
  cr_assert_eq(got, len);
  memcpy(out, bytes, len);
}

static struct facts made(const struct keyring *ring, const struct mutation_class *class,
                         const struct mutation_variant *variant, enum assay_alg alg, unsigned index) {
  struct draft draft;
  struct curve curve;
  struct decoded token = {0};
  curve_init(&curve, alg);
  cr_assert(draft_init(&draft, ring, 1, class->id, variant->name, alg, 0, index));
  draft.row_number = variant->number;
  draft_encode(&draft);
  variant->forge(&draft);
  octets_of(draft_jwk(&draft), "x", token.a, curve.len);
  cr_assert_eq(draft.signature.len, 2 * curve.len);
  memcpy(token.signature, draft.signature.ptr, draft.signature.len);
  draft_signing_input(&draft, &token.input);
  struct facts facts = facts_of(&curve, &token);
  text_free(&token.input);
  draft_fini(&draft);
  curve_fini(&curve);
  return facts;
}

static void check(const struct keyring *ring, const char *class_id, const char *name,
                  const struct facts *expected) {
  const struct mutation_group *group;
  const struct mutation_class *class = class_find(class_id, &group);
  const struct mutation_variant *variant = NULL;
  cr_assert_not_null(class, "%s", class_id);
  for (size_t i = 0; i < class->variant_count; i++)
    if (strcmp(class->variants[i].name, name) == 0)
      variant = &class->variants[i];
  cr_assert_not_null(variant, "%s/%s", class_id, name);
  uint64_t algs = variant->algs ? variant->algs : class->algs;
  for (int alg = ASSAY_ED25519; alg <= ASSAY_ED448; alg++)
    for (unsigned index = 0; index < 2 && algs & ASSAY_ALG_BIT(alg); index++) {
      struct facts facts = made(ring, class, variant, (enum assay_alg)alg, index);
      cr_expect(facts.a == expected->a && facts.r == expected->r && facts.plain == expected->plain &&
                    facts.cofactored == expected->cofactored && facts.whole == expected->whole,
                "%s/%s %s/%u: A of %s order, R of %s order, plain %d, cofactored %d, whole %d", class_id,
                name, assay_alg_name((enum assay_alg)alg), index, order_words[facts.a], order_words[facts.r],
                facts.plain, facts.cofactored, facts.whole);
    }
}

Test(edwards_points, have_the_orders_and_equations_that_their_classes_tell) {
  static const struct {
    const char *class_id, *variant;
    struct facts facts;
  } rows[] = {
      {"ed-low-order-A", "order-1", {SMALL, PRIME, true, true, true}},
      {"ed-low-order-A", "order-2", {SMALL, PRIME, true, true, true}},
      {"ed-low-order-A", "order-4", {SMALL, PRIME, true, true, true}},
      {"ed-low-order-A", "order-8", {SMALL, PRIME, true, true, true}},
      {"ed-low-order-A", "zero-s", {SMALL, SMALL, true, true, true}},
      {"ed-noncanonical-A", "neutral", {SMALL, PRIME, true, true, true}},
      {"ed-noncanonical-A", "order-4", {SMALL, PRIME, true, true, true}},
      {"ed-noncanonical-A", "negative-zero", {SMALL, PRIME, true, true, true}},
      {"ed-noncanonical-R", "identity", {PRIME, SMALL, true, true, true}},
      {"ed-noncanonical-R", "zero", {PRIME, SMALL, false, true, false}},
      {"ed-noncanonical-R", "negative-zero", {PRIME, SMALL, true, true, true}},
      {"ed-noncanonical-R", "negative-zero-order-2", {MIXED, SMALL, true, true, true}},
      {"ed-cofactor", "mixed-order", {PRIME, MIXED, false, true, false}},
      {"ed-cofactor", "small-order", {PRIME, SMALL, false, true, false}},
      {"ed-cofactor", "mixed-order-key", {MIXED, PRIME, false, true, false}},
      {"ed-mixed-order-A", "prime-order-r", {MIXED, PRIME, true, true, true}},
      {"ed-mixed-order-A", "mixed-order-r", {MIXED, MIXED, true, true, true}},
      {"ed-mixed-order-A", "challenge-reduced", {MIXED, PRIME, true, true, false}},
      {"ed-low-order-R", "neutral", {PRIME, SMALL, true, true, true}},
      {"ed-low-order-R", "mixed-order-key", {MIXED, SMALL, true, true, true}},
  };
  struct keyring *ring = keyring_new_sized(KEYRING_SMALL, 1, 2, NULL, NULL);
  cr_assert_not_null(ring);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    check(ring, rows[i].class_id, rows[i].variant, &rows[i].facts);
  keyring_free(ring);
}

static void sign_and_change(struct draft *draft) {
  draft_sign(draft);
  draft->signature.ptr[draft->signature.len / 2] ^= 1; /* the lowest bit of S */
}

/* The arithmetic above says no when it should. */
Test(edwards_points, of_a_right_signature_hold_both_equations_and_of_a_changed_one_neither) {
  struct keyring *ring = keyring_new_sized(KEYRING_SMALL, 1, 2, NULL, NULL);
  static const struct mutation_class class = {.id = "valid"};
  static const struct mutation_variant right = {.name = "", .forge = draft_sign},
                                       changed = {.name = "", .forge = sign_and_change};
  for (int alg = ASSAY_ED25519; alg <= ASSAY_ED448; alg++) {
    struct facts facts = made(ring, &class, &right, (enum assay_alg)alg, 0);
    cr_expect(facts.a == PRIME && facts.r == PRIME && facts.plain && facts.cofactored);
    facts = made(ring, &class, &changed, (enum assay_alg)alg, 0);
    cr_expect(facts.a == PRIME && facts.r == PRIME && !facts.plain && !facts.cofactored);
  }
  keyring_free(ring);
}
