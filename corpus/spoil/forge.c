/* Wrong signatures, computed rightly; see forge.h. RSA and the octets that all of them share; the curves are
 * in forge_curve.c. */
#include "corpus/spoil/forge.h"

#include <gmp.h>
#include <nettle/bignum.h>
#include <nettle/hmac.h>
#include <nettle/pss-mgf1.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <nettle/sha3.h>

#include "corpus/base/fatal.h"

/* Room for any hash that a forgery uses. */
union hash_state {
  struct sha1_ctx sha1;
  struct sha256_ctx sha256;
  struct sha512_ctx sha512;
  struct sha3_512_ctx sha3;
};

/* ---- hashes ---- */

const struct nettle_hash *forge_hash(enum assay_alg alg) {
  switch (assay_alg_info(alg)->digest_bytes) {
  case SHA256_DIGEST_SIZE: return &nettle_sha256;
  case SHA384_DIGEST_SIZE: return &nettle_sha384;
  case SHA512_DIGEST_SIZE: return &nettle_sha512;
  default: fatal("%s has no hash of its own", assay_alg_name(alg));
  }
}

void forge_digest(const struct nettle_hash *hash, struct assay_bytes input, uint8_t *digest) {
  union hash_state state;
  hash->init(&state);
  hash->update(&state, input.len, input.ptr);
  hash->digest(&state, hash->digest_size, digest);
}

void forge_hmac(const struct nettle_hash *hash, struct assay_bytes key, struct assay_bytes input,
                uint8_t *tag) {
  union hash_state outer, inner, state;
  hmac_set_key(&outer, &inner, &state, hash, key.len, key.ptr);
  hmac_update(&state, hash, input.len, input.ptr);
  hmac_digest(&outer, &inner, &state, hash, hash->digest_size, tag);
}

/* ---- numbers ---- */

bool forge_add(uint8_t *number, const uint8_t *addend, size_t width, enum forge_endian endian) {
  uint8_t sum[ASSAY_RSA_BYTES_MAX];
  unsigned carry = 0;
  for (size_t i = 0; i < width; i++) {
    size_t at = endian == FORGE_LITTLE ? i : width - 1 - i;
    carry += number[at] + addend[at];
    sum[at] = (uint8_t)carry;
    carry >>= 8;
  }
  if (carry == 0)
    memcpy(number, sum, width);
  return carry == 0;
}

void forge_subtract_from(const uint8_t *from, uint8_t *number, size_t width) {
  int borrow = 0;
  for (size_t at = width; at-- > 0;) {
    int difference = from[at] - number[at] - borrow;
    borrow = difference < 0;
    number[at] = (uint8_t)(difference & 0xff);
  }
}

/* ---- RSA ---- */

static void mpz_read(mpz_t number, struct assay_bytes octets) {
  nettle_mpz_init_set_str_256_u(number, octets.len, octets.ptr);
}

/* block^d modulo one prime. */
static void power_modulo(mpz_t result, const mpz_t block, const mpz_t d, const mpz_t prime) {
  mpz_t exponent;
  mpz_init(exponent);
  mpz_sub_ui(exponent, prime, 1);
  mpz_mod(exponent, d, exponent);
  mpz_powm(result, block, exponent, prime);
  mpz_clear(exponent);
}

/* By the Chinese remainder theorem, which is four times as fast (RFC 8017 5.1.2). */
void forge_rsa(const struct signing_key *key, const uint8_t *block, uint8_t *sig) {
  mpz_t c, d, p, q, n, mp, mq;
  mpz_read(c, bytes_of(block, key->n.len));
  mpz_read(d, key->d);
  mpz_read(p, key->p);
  mpz_read(q, key->q);
  mpz_read(n, key->n);
  mpz_inits(mp, mq, NULL);
  if (mpz_cmp(c, n) >= 0)
    fatal("a forged RSA block is not below the modulus");
  power_modulo(mp, c, d, p);
  power_modulo(mq, c, d, q);
  mpz_sub(mp, mp, mq); /* m = mq + q ((mp - mq) / q mod p) */
  mpz_invert(c, q, p);
  mpz_mul(mp, mp, c);
  mpz_mod(mp, mp, p);
  mpz_addmul(mq, mp, q);
  nettle_mpz_get_str_256(key->n.len, sig, mq);
  mpz_clears(c, d, p, q, n, mp, mq, NULL);
}

void forge_cube_root(const uint8_t *block, uint8_t *sig, size_t width) {
  mpz_t root;
  mpz_read(root, bytes_of(block, width));
  mpz_root(root, root, 3);
  nettle_mpz_get_str_256(width, sig, root);
  mpz_clear(root);
}

/* ---- sketches of blocks ---- */

struct sketch {
  const char *at; /* what is still to be read */
  const struct nettle_hash *hash;
  const uint8_t *digest;
  struct rng *rng;
  size_t fill; /* how many octets P, Z or G stand for */
};

/* The last arc of 2.16.840.1.101.3.4.2 (RFC 8017 B.1). */
static uint8_t oid_arc(const struct nettle_hash *hash) {
  return hash == &nettle_sha256 ? 1 : hash == &nettle_sha384 ? 2 : 3;
}

static void add_repeated(struct text *out, uint8_t octet, size_t count) {
  for (size_t i = 0; i < count; i++)
    text_add(out, &octet, 1);
}

static void add_nonzero(struct text *out, struct rng *rng, size_t count) {
  for (size_t i = 0; i < count; i++)
    add_repeated(out, (uint8_t)(1 + rng_below(rng, 255)), 1);
}

static uint8_t hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return (uint8_t)(c - '0');
  if (c >= 'a' && c <= 'f')
    return (uint8_t)(c - 'a' + 10);
  fatal("a sketch has '%c' where two hexadecimal digits or a letter of forge.h are meant", c);
}

/* form: 0 for the shortest, else how many octets follow the first one. */
static void add_length(struct text *out, size_t len, unsigned form) {
  if (form == 0 && len >= 0x80)
    form = len < 0x100 ? 1 : 2;
  add_repeated(out, (uint8_t)(form ? 0x80 | form : len), 1);
  for (; form > 0; form--)
    add_repeated(out, (uint8_t)(len >> 8 * (form - 1)), 1);
}

static void sketch_draw(struct sketch *sketch, struct text *out);

/* What stands behind a tag: form, parenthesis, contents. */
static void sketch_nested(struct sketch *sketch, struct text *out) {
  char form = '0';
  if (*sketch->at == ':') {
    form = sketch->at[1];
    sketch->at += 2;
  }
  if (*sketch->at++ != '(')
    fatal("a sketch has a length form without a parenthesis");
  OWNED_BYTES struct text inside = {0};
  sketch_draw(sketch, &inside);
  if (*sketch->at++ != ')')
    fatal("a sketch has no closing parenthesis");
  if (form == 'i') {
    add_repeated(out, 0x80, 1);
    text_add(&inside, "\0\0", 2);
  } else {
    add_length(out, inside.len, hex_digit(form));
  }
  text_add(out, inside.ptr, inside.len);
}

static void sketch_octet(struct sketch *sketch, struct text *out) {
  add_repeated(out, (uint8_t)(hex_digit(sketch->at[0]) << 4 | hex_digit(sketch->at[1])), 1);
  sketch->at += 2;
  if (*sketch->at == '(' || *sketch->at == ':')
    sketch_nested(sketch, out);
}

/* One letter; false where it is none. */
static bool sketch_letter(struct sketch *sketch, struct text *out) {
  const uint8_t oid[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, oid_arc(sketch->hash)};
  switch (*sketch->at) {
  case ' ': break;
  case 'O': text_add(out, oid, sizeof oid); break;
  case 'H': text_add(out, sketch->digest, sketch->hash->digest_size); break;
  case 'g': add_nonzero(out, sketch->rng, 8); break;
  case 'P': add_repeated(out, 0xff, sketch->fill); break;
  case 'Z': add_repeated(out, 0x00, sketch->fill); break;
  case 'G': add_nonzero(out, sketch->rng, sketch->fill); break;
  default: return false;
  }
  sketch->at++;
  return true;
}

/* Up to the end, or to the parenthesis that closes this level. */
static void sketch_draw(struct sketch *sketch, struct text *out) {
  while (*sketch->at && *sketch->at != ')')
    if (!sketch_letter(sketch, out))
      sketch_octet(sketch, out);
}

void forge_block(const char *sketch, const struct nettle_hash *hash, const uint8_t *digest, struct rng *rng,
                 uint8_t *block, size_t width) {
  struct sketch pen = {.at = sketch, .hash = hash, .digest = digest, .rng = rng};
  OWNED_BYTES struct text out = {0};
  sketch_draw(&pen, &out); /* once without the filling, to see how much it takes */
  if (out.len > width)
    fatal("a sketch takes %zu octets, the block has %zu: %s", out.len, width, sketch);
  pen.at = sketch;
  pen.fill = width - out.len;
  text_clear(&out);
  sketch_draw(&pen, &out);
  if (out.len != width || *pen.at)
    fatal("a sketch makes %zu octets of %zu: %s", out.len, width, sketch);
  memcpy(block, out.ptr, width);
}

/* ---- PSS ---- */

struct forge_pss forge_pss_right(const struct nettle_hash *hash) {
  return (struct forge_pss){
      .hash = hash, .mgf = hash, .salt = hash->digest_size, .zeros = 8, .separator = 0x01, .trailer = 0xbc};
}

size_t forge_pss_salt_max(const struct nettle_hash *hash, size_t width) {
  return width - hash->digest_size - 2;
}

/* H = Hash(zeros || digest || salt). */
static void pss_hash(const struct forge_pss *pss, const uint8_t *digest, const uint8_t *salt, uint8_t *h) {
  OWNED_BYTES struct text input = {0};
  add_repeated(&input, 0, pss->zeros);
  text_add(&input, digest, pss->hash->digest_size);
  text_add(&input, salt, pss->salt);
  forge_digest(pss->hash, bytes_of(input.ptr, input.len), h);
}

/* block: DB, H and the trailer; the mask is laid over DB = PS || separator || salt. */
void forge_pss(const struct forge_pss *pss, const uint8_t *digest, struct rng *rng, uint8_t *block,
               size_t width) {
  union hash_state seed;
  uint8_t mask[ASSAY_RSA_BYTES_MAX];
  size_t db = width - pss->hash->digest_size - 1;
  uint8_t *salt = block + db - pss->salt, *h = block + db;
  memset(block, 0, db);
  rng_bytes(rng, salt, pss->salt);
  salt[-1] = pss->separator;
  if (pss->padding)
    block[0] = pss->padding;
  pss_hash(pss, digest, salt, h);
  pss->mgf->init(&seed);
  pss->mgf->update(&seed, pss->hash->digest_size, h);
  pss_mgf1(&seed, pss->mgf, db, mask);
  for (size_t i = 0; i < db; i++)
    block[i] ^= mask[i];
  block[0] = pss->top_bit ? block[0] | 0x80 : block[0] & 0x7f;
  block[width - 1] = pss->trailer;
}
