/* Wrong signatures on curves, without a point multiplication: forge.h says how. Scalars and field elements
 * are GMP numbers, modulo the order or the prime of the curve. */
#include <gmp.h>
#include <nettle/bignum.h>
#include <nettle/sha2.h>
#include <nettle/sha3.h>

#include "corpus/base/fatal.h"
#include "corpus/spoil/forge.h"

#define ED_OCTETS_MAX 57

struct edwards {
  const char *order, *prime; /* RFC 8032 5.1, 5.2; hexadecimal */
  int sign;                  /* the curve is sign x^2 + y^2 = 1 + d x^2 y^2, sign being 1 or -1 */
  unsigned minus_d_over;     /* d = -minus_d_over / d_under modulo the prime */
  int d_under;
};

static const struct edwards ed25519 = {"1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed",
                                       "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed", -1,
                                       121665, 121666};
static const struct edwards ed448 = {"3fffffffffffffffffffffffffffffffffffffffffffffffffffffff7cca23e9c44edb4"
                                     "9aed63690216cc2728dc58f552378c292ab5844f3",
                                     "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffffffffffff"
                                     "fffffffffffffffffffffffffffffffffffffffff",
                                     1, 39081, 1};

/* ---- ECDSA ---- */

static const char *ec_order_hex(enum key_kind kind) {
  switch (kind) { /* FIPS 186-5 / SP 800-186 3.2.1, SEC 2 2.4.1 */
  case KEY_P256: return "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
  case KEY_P384:
    return "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973";
  case KEY_P521:
    return "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a"
           "5d03bb5c9b8899c47aebb6fb71e91386409";
  case KEY_SECP256K1: return "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
  default: fatal("a key of kind %d has no order of an ECDSA curve", (int)kind);
  }
}

/* One of a signature's numbers, big-endian. */
static void half_read(mpz_t number, const uint8_t *octets, size_t width) {
  nettle_mpz_init_set_str_256_u(number, width, octets);
}

/* The digest as a number: its leftmost bits, as many as the order has (FIPS 186-5 6.4.1). */
static void digest_read(mpz_t number, struct assay_bytes digest, const mpz_t order) {
  size_t bits = 8 * digest.len, most = mpz_sizeinbase(order, 2);
  nettle_mpz_init_set_str_256_u(number, digest.len, digest.ptr);
  if (bits > most)
    mpz_fdiv_q_2exp(number, number, bits - most);
}

void forge_ec_order(const struct signing_key *key, uint8_t *order) {
  mpz_t n;
  mpz_init_set_str(n, ec_order_hex(key->kind), 16);
  nettle_mpz_get_str_256(key->x.len, order, n);
  mpz_clear(n);
}

/* s = (z + r d) / k, so s' = s (z' + r d) / (z + r d). */
void forge_ecdsa_resign(const struct signing_key *key, struct assay_bytes from, struct assay_bytes to,
                        uint8_t *sig) {
  size_t width = key->x.len;
  mpz_t n, d, r, s, z, z_to;
  mpz_init_set_str(n, ec_order_hex(key->kind), 16);
  half_read(d, key->d.ptr, key->d.len);
  half_read(r, sig, width);
  half_read(s, sig + width, width);
  digest_read(z, from, n);
  digest_read(z_to, to, n);
  mpz_addmul(z, r, d);
  mpz_addmul(z_to, r, d);
  mpz_invert(z, z, n);
  mpz_mul(s, s, z);
  mpz_mul(s, s, z_to);
  mpz_mod(s, s, n);
  nettle_mpz_get_str_256(width, sig + width, s);
  mpz_clears(n, d, r, s, z, z_to, NULL);
}

/* Nonces k, found by counting, and r = x(k G). The last is 1 / 2 modulo the order. */
static const struct short_r {
  enum key_kind kind;
  unsigned zeros;
  const char *k, *r; /* hexadecimal */
} short_rs[] = {
    {KEY_P256, 1, "57fc", "4e0f2cd330590352aba4ed25f5123586a779b631ca392a2281dc1f177634cf"},
    {KEY_P256, 2, "9dc9", "3f5f178aa0706c4231eb6e5495aa1642c5b8a994127c89465f22994a42f9"},
    {KEY_P256, 3, "1686cd", "681931a6ef9f2d17ae79af40a6edcb081751089fdf5f7a9c07b141d4c"},
    {KEY_P384, 1, "48b3",
     "14f5a74afa6aa3240d5a8744bf1a4d48048a8d8e24fb7d00b9f695a59bf2b42f0cda7abc389efb4adbd08887fa74ca"},
    {KEY_P384, 2, "9e9b",
     "b9e29009e0efdeefe09243e368656b5bb47eefe6b666c54b2c116c0913ceee214c538ddf19f410e18f8c51b6f12b"},
    {KEY_P384, 3, "10a9953",
     "4ad7277243eb53f1075de682d12e6cb700aebdfe43cae9e4957629c9b56c19a366874931f9bf9dea2306f02855"},
    {KEY_P521, 1, "4800",
     "99f20e0803b62942dd923d811d575a589ea15ae95e5c12c977e9823944011899db6681f87b1db27a2f158b0f18f461b38ababd7"
     "cb49a2a0576924e88addb9f2d7c"},
    {KEY_P521, 2, "57db",
     "4ce2477a4c6b864fddaa2e231c3b6325c3d9f52ae89f7d515f006f09ce5b3eb9e8beaa56aef17245cc08705f6d8b5fdc5317664"
     "09c28335babccb8430e9d61da"},
    {KEY_P521, 3, "7b05a",
     "3bee1f058bd77866929e80c1ffc8bce84034452efd30bcb421404edcfb7d2a02c91e2ec64b1cda38b6b3f837f4409146045f364"
     "febc616046392d2ba2d6d4c"},
    {KEY_SECP256K1, 1, "4831", "8e562ee11eeb373aa65900be6d604f75d0542181e616d68d1ebf15422b8e46"},
    {KEY_SECP256K1, 2, "ae55", "8f2eca2314ee8bf0c03549e442ff21f750d8f7332bc6f2abc9980aabe9b0"},
    {KEY_SECP256K1, 3, "8459ed", "34a6ec3e6ea746563351aabb42aeb73ee06092ff943cc60b6c57c3a57c"},
    {KEY_SECP256K1, 11, "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1",
     "3b78ce563f89a0ed9414f5aa28ad0d96d6795f9c63"},
};

static const struct short_r *short_r_find(enum key_kind kind, unsigned zeros) {
  for (size_t i = 0; i < sizeof short_rs / sizeof short_rs[0]; i++)
    if (short_rs[i].kind == kind && short_rs[i].zeros == zeros)
      return &short_rs[i];
  fatal("no nonce is known for an r of %u zero octets on a curve of kind %d", zeros, (int)kind);
}

void forge_ecdsa_zeros(const struct signing_key *key, struct assay_bytes digest, unsigned zeros,
                       uint8_t *sig) {
  const struct short_r *known = short_r_find(key->kind, zeros);
  size_t width = key->x.len;
  mpz_t n, d, k, r, z;
  mpz_init_set_str(n, ec_order_hex(key->kind), 16);
  mpz_init_set_str(k, known->k, 16);
  mpz_init_set_str(r, known->r, 16);
  half_read(d, key->d.ptr, key->d.len);
  digest_read(z, digest, n);
  mpz_addmul(z, r, d); /* s = (z + r d) / k */
  mpz_invert(k, k, n);
  mpz_mul(z, z, k);
  mpz_mod(z, z, n);
  nettle_mpz_get_str_256(width, sig, r);
  nettle_mpz_get_str_256(width, sig + width, z);
  mpz_clears(n, d, k, r, z, NULL);
}

/* z + r d = 0. */
void forge_ecdsa_infinity(const struct signing_key *key, struct assay_bytes digest, struct rng *rng,
                          uint8_t *sig) {
  size_t width = key->x.len;
  mpz_t n, d, r;
  mpz_init_set_str(n, ec_order_hex(key->kind), 16);
  half_read(d, key->d.ptr, key->d.len);
  digest_read(r, digest, n);
  mpz_neg(r, r);
  mpz_invert(d, d, n);
  mpz_mul(r, r, d);
  mpz_mod(r, r, n);
  nettle_mpz_get_str_256(width, sig, r);
  rng_bytes(rng, sig + width, width);
  memset(sig + width, 0, 2); /* below every order */
  mpz_clears(n, d, r, NULL);
}

/* INTEGER: no leading zeros, but one where the first bit is set. */
static void der_integer(const uint8_t *number, size_t width, struct text *out) {
  while (width > 1 && *number == 0) {
    number++;
    width--;
  }
  bool high = *number & 0x80;
  uint8_t head[] = {0x02, (uint8_t)(width + high)};
  text_add(out, head, sizeof head);
  text_add(out, "\0", high);
  text_add(out, number, width);
}

void forge_ecdsa_der(const uint8_t *sig, size_t width, struct text *out) {
  OWNED_BYTES struct text pair = {0};
  der_integer(sig, width, &pair);
  der_integer(sig + width, width, &pair);
  uint8_t head[] = {0x30, 0x81, (uint8_t)pair.len};
  if (pair.len < 0x80) {
    head[1] = (uint8_t)pair.len;
    text_add(out, head, 2);
  } else {
    text_add(out, head, 3);
  }
  text_add(out, pair.ptr, pair.len);
}

/* ---- EdDSA ---- */

static bool is_ed25519(const struct signing_key *key) {
  return key->kind == KEY_ED25519;
}

static const struct edwards *edwards_of(const struct signing_key *key) {
  return is_ed25519(key) ? &ed25519 : &ed448;
}

static void little_read(mpz_t number, const uint8_t *octets, size_t len) {
  mpz_init(number);
  mpz_import(number, len, -1, 1, -1, 0, octets);
}

static void little_write(uint8_t *octets, size_t len, const mpz_t number) {
  memset(octets, 0, len);
  mpz_export(octets, NULL, -1, 1, -1, 0, number);
}

static void hex_write(uint8_t *octets, size_t len, const char *hex) {
  mpz_t number;
  mpz_init_set_str(number, hex, 16);
  little_write(octets, len, number);
  mpz_clear(number);
}

void forge_ed_order(const struct signing_key *key, uint8_t *order) {
  hex_write(order, key->x.len, edwards_of(key)->order);
}

void forge_ed_prime(const struct signing_key *key, uint8_t *prime) {
  hex_write(prime, key->x.len, edwards_of(key)->prime);
}

void forge_ed_domain(const struct signing_key *key, uint8_t prehashed, struct assay_bytes context,
                     struct text *out) {
  uint8_t head[] = {prehashed, (uint8_t)context.len};
  text_add_str(out, is_ed25519(key) ? "SigEd25519 no Ed25519 collisions" : "SigEd448");
  text_add(out, head, sizeof head);
  text_add(out, context.ptr, context.len);
}

void forge_ed_plain_domain(const struct signing_key *key, struct text *out) {
  if (!is_ed25519(key))
    forge_ed_domain(key, 0, bytes_of(NULL, 0), out);
}

static void shake256(struct assay_bytes input, uint8_t *out, size_t len) {
  struct sha3_256_ctx state;
  sha3_256_init(&state);
  sha3_256_update(&state, input.len, input.ptr);
  sha3_256_shake(&state, len, out);
}

void forge_ed_prehash(const struct signing_key *key, struct assay_bytes message, uint8_t *digest) {
  if (is_ed25519(key))
    forge_digest(&nettle_sha512, message, digest);
  else
    shake256(message, digest, 64);
}

/* The scheme's own hash: twice the width of a scalar. */
static void ed_hash(const struct signing_key *key, struct assay_bytes input, uint8_t *digest) {
  if (is_ed25519(key))
    forge_digest(&nettle_sha512, input, digest);
  else
    shake256(input, digest, 2 * ED_OCTETS_MAX);
}

/* The secret scalar (RFC 8032 5.1.5, 5.2.5). */
static void ed_secret(mpz_t a, const struct signing_key *key) {
  uint8_t digest[2 * ED_OCTETS_MAX];
  ed_hash(key, key->d, digest);
  if (is_ed25519(key)) {
    digest[0] &= 0xf8;
    digest[31] = (digest[31] & 0x7f) | 0x40;
  } else {
    digest[0] &= 0xfc;
    digest[55] |= 0x80;
    digest[56] = 0;
  }
  little_read(a, digest, key->x.len);
}

/* H(domain || R || A || message), initialised. */
static void ed_challenge(mpz_t h, const struct signing_key *key, struct assay_bytes domain,
                         const uint8_t *point, struct assay_bytes message) {
  uint8_t digest[2 * ED_OCTETS_MAX];
  OWNED_BYTES struct text input = {0};
  text_add(&input, domain.ptr, domain.len);
  text_add(&input, point, key->x.len);
  text_add(&input, key->x.ptr, key->x.len);
  text_add(&input, message.ptr, message.len);
  ed_hash(key, bytes_of(input.ptr, input.len), digest);
  little_read(h, digest, 2 * key->x.len);
}

struct forge_challenge forge_ed_challenge_modulo(const struct signing_key *key, struct assay_bytes domain,
                                                 const uint8_t *point, struct assay_bytes message,
                                                 unsigned order) {
  struct forge_challenge left;
  mpz_t h, l;
  ed_challenge(h, key, domain, point, message);
  mpz_init_set_str(l, edwards_of(key)->order, 16);
  left.whole = (unsigned)mpz_fdiv_ui(h, order);
  mpz_mod(h, h, l);
  left.reduced = (unsigned)mpz_fdiv_ui(h, order);
  mpz_clears(h, l, NULL);
  return left;
}

/* That number times the secret scalar, mod L, initialised. */
static void ed_challenge_by_secret(mpz_t h, const struct signing_key *key, struct assay_bytes domain,
                                   const uint8_t *point, struct assay_bytes message) {
  mpz_t a, order;
  ed_challenge(h, key, domain, point, message);
  ed_secret(a, key);
  mpz_init_set_str(order, edwards_of(key)->order, 16);
  mpz_mul(h, h, a);
  mpz_mod(h, h, order);
  mpz_clears(a, order, NULL);
}

void forge_ed_scalar(const struct signing_key *key, struct assay_bytes domain, const uint8_t *point,
                     struct assay_bytes message, const uint8_t *nonce, uint8_t *scalar) {
  mpz_t h, r, order;
  ed_challenge_by_secret(h, key, domain, point, message);
  little_read(r, nonce, key->x.len);
  mpz_init_set_str(order, edwards_of(key)->order, 16);
  mpz_add(h, h, r);
  mpz_mod(h, h, order);
  little_write(scalar, key->x.len, h);
  mpz_clears(h, r, order, NULL);
}

/* An honest signature (R, S) of something random gives away its nonce: r = S - H(..) a. */
void forge_ed_nonce(const struct signing_key *key, struct rng *rng, uint8_t *scalar, uint8_t *point) {
  uint8_t message[32], sig[2 * ED_OCTETS_MAX];
  OWNED_BYTES struct text domain = {0};
  mpz_t h, r, order;
  rng_bytes(rng, message, sizeof message);
  signing_key_sign(key, is_ed25519(key) ? ASSAY_ED25519 : ASSAY_ED448, bytes_of(message, sizeof message), rng,
                   sig);
  forge_ed_plain_domain(key, &domain);
  ed_challenge_by_secret(h, key, bytes_of(domain.ptr, domain.len), sig, bytes_of(message, sizeof message));
  little_read(r, sig + key->x.len, key->x.len);
  mpz_init_set_str(order, edwards_of(key)->order, 16);
  mpz_sub(r, r, h);
  mpz_mod(r, r, order);
  little_write(scalar, key->x.len, r);
  memcpy(point, sig, key->x.len);
  mpz_clears(h, r, order, NULL);
}

/* y becomes p - y; x becomes p - x, whose last bit, the sign, is the other one since p is odd. x = 0, which
 * has but one sign, does not come up in a random point. */
void forge_ed_add_order_two(const struct signing_key *key, uint8_t *point) {
  uint8_t sign = point[key->x.len - 1] & 0x80;
  mpz_t y, prime;
  point[key->x.len - 1] &= 0x7f;
  little_read(y, point, key->x.len);
  mpz_init_set_str(prime, edwards_of(key)->prime, 16);
  mpz_sub(y, prime, y);
  little_write(point, key->x.len, y);
  point[key->x.len - 1] |= sign ^ 0x80;
  mpz_clears(y, prime, NULL);
}

/* With d = -o / u: x^2 = (1 - y^2) u / (sign u + o y^2), which has a root where the product of both sides of
 * the fraction is a square. */
bool forge_ed_is_point(const struct signing_key *key, const uint8_t *point) {
  const struct edwards *curve = edwards_of(key);
  uint8_t octets[ED_OCTETS_MAX];
  mpz_t y2, under, prime;
  memcpy(octets, point, key->x.len);
  octets[key->x.len - 1] &= 0x7f;
  little_read(y2, octets, key->x.len);
  mpz_init_set_str(prime, curve->prime, 16);
  mpz_init_set_si(under, curve->sign * curve->d_under);
  mpz_mul(y2, y2, y2);
  mpz_addmul_ui(under, y2, curve->minus_d_over);
  mpz_ui_sub(y2, 1, y2);
  mpz_mul_si(y2, y2, curve->d_under);
  mpz_mul(y2, y2, under);
  bool is = mpz_legendre(y2, prime) >= 0;
  mpz_clears(y2, under, prime, NULL);
  return is;
}
