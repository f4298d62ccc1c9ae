/* Signatures that are wrong on purpose. This is the one place where cryptographic arithmetic is assay's own,
 * and it serves bad tokens only: hashes are Nettle's, numbers are GMP's, and no curve is needed, because what
 * a forgery needs of one (a nonce with its point) is taken from an honest signature of the same key.
 *
 * Nothing here is constant-time: every key of a corpus is public knowledge. Widths are the key's: n.len
 * octets of an RSA number, x.len of a coordinate, a scalar or an Edwards point. */
#ifndef ASSAY_CORPUS_SPOIL_FORGE_H
#define ASSAY_CORPUS_SPOIL_FORGE_H

#include <nettle/nettle-meta.h>

#include "corpus/make/draft.h"

/* ---- hashes ---- */

/* The hash of an algorithm other than EdDSA (RFC 7518 3.1). */
const struct nettle_hash *forge_hash(enum assay_alg alg);
/* digest_size octets. */
void forge_digest(const struct nettle_hash *hash, struct assay_bytes input, uint8_t *digest);
void forge_hmac(const struct nettle_hash *hash, struct assay_bytes key, struct assay_bytes input,
                uint8_t *tag);

/* ---- numbers of equal width ---- */

enum forge_endian { FORGE_BIG, FORGE_LITTLE };

/* number += addend. False, and number is as before, where the sum does not fit. */
bool forge_add(uint8_t *number, const uint8_t *addend, size_t width, enum forge_endian endian);
/* number = from - number; number <= from. Big-endian. */
void forge_subtract_from(const uint8_t *from, uint8_t *number, size_t width);

/* ---- RSA (RFC 8017) ---- */

/* sig = block^d mod n. block, sig: n.len octets, block below n. */
void forge_rsa(const struct signing_key *key, const uint8_t *block, uint8_t *sig);
/* The largest s whose cube is at most `block` (8.2.2 with e = 3, no private key needed). */
void forge_cube_root(const uint8_t *block, uint8_t *sig, size_t width);

/* Writes a block of `width` octets from a sketch of it, such as that of EMSA-PKCS1-v1_5 (9.2):
 *
 *   "00 01 P 00 30(30(06(O)0500)04(H))"
 *
 *   00       an octet
 *   30(..)   that tag, the DER length of what is inside, and what is inside; 30:1(..) and 30:2(..) have one
 * and two octets of length in the long form (BER), 30:i(..) the indefinite form O H      the hash's OID, the
 * digest g        eight random octets, none of them zero P Z G    octets 0xff, zeros, or random ones that are
 * not zero: as many as fill the block; at most one of these */
void forge_block(const char *sketch, const struct nettle_hash *hash, const uint8_t *digest, struct rng *rng,
                 uint8_t *block, size_t width);
#define FORGE_PKCS1 "00 01 P 00 30(30(06(O)0500)04(H))"

/* EMSA-PSS (9.1.1) with every part open to change. */
struct forge_pss {
  const struct nettle_hash *hash, *mgf;
  size_t salt;       /* octets */
  size_t zeros;      /* in front of digest and salt, where they are hashed: 8 */
  uint8_t padding;   /* what the first octet of PS is: 0 */
  uint8_t separator; /* 0x01 */
  uint8_t trailer;   /* 0xbc */
  bool top_bit;      /* the bit above the encoded message is set, and not cleared */
};

/* As RFC 7518 3.5 has it: MGF1 with the same hash, a salt of its length. */
struct forge_pss forge_pss_right(const struct nettle_hash *hash);
/* The longest salt that a block of that width has room for. */
size_t forge_pss_salt_max(const struct nettle_hash *hash, size_t width);
/* The modulus is to have 8 * width bits. The block may be above n where top_bit is set. */
void forge_pss(const struct forge_pss *pss, const uint8_t *digest, struct rng *rng, uint8_t *block,
               size_t width);

/* ---- ECDSA (FIPS 186-5 6.4) ---- */

/* The order n, x.len octets. */
void forge_ec_order(const struct signing_key *key, uint8_t *order);
/* sig is a signature (R || S) of one digest and becomes that of another, with the same nonce. Digests may
 * have any length, 0 too. */
void forge_ecdsa_resign(const struct signing_key *key, struct assay_bytes from, struct assay_bytes to,
                        uint8_t *sig);
/* A right signature whose r begins with so many zero octets: 1, 2, 3, and on secp256k1 11. The nonce is
 * public, and so is whatever key signs with it. */
void forge_ecdsa_zeros(const struct signing_key *key, struct assay_bytes digest, unsigned zeros,
                       uint8_t *sig);
/* r and s in range, for which u1 G + u2 Q is the point at infinity. */
void forge_ecdsa_infinity(const struct signing_key *key, struct assay_bytes digest, struct rng *rng,
                          uint8_t *sig);
/* The DER form of r, s (RFC 3279 2.2.3), appended to out. */
void forge_ecdsa_der(const uint8_t *sig, size_t width, struct text *out);

/* ---- EdDSA (RFC 8032) ---- */

/* Little-endian, x.len octets each. */
void forge_ed_order(const struct signing_key *key, uint8_t *order);
void forge_ed_prime(const struct signing_key *key, uint8_t *prime);

/* dom2 or dom4 (RFC 8032 2) for that flag and context, appended to out. */
void forge_ed_domain(const struct signing_key *key, uint8_t prehashed, struct assay_bytes context,
                     struct text *out);
/* What goes before R in the challenge of the plain scheme: nothing for Ed25519, dom4(0, "") for Ed448. */
void forge_ed_plain_domain(const struct signing_key *key, struct text *out);
/* PH (5.1, 5.2): 64 octets. */
void forge_ed_prehash(const struct signing_key *key, struct assay_bytes message, uint8_t *digest);

/* A random scalar r and the point r B. */
void forge_ed_nonce(const struct signing_key *key, struct rng *rng, uint8_t *scalar, uint8_t *point);
/* The second half of a signature: r + H(domain || point || A || message) a mod L. */
void forge_ed_scalar(const struct signing_key *key, struct assay_bytes domain, const uint8_t *point,
                     struct assay_bytes message, const uint8_t *nonce, uint8_t *scalar);
/* The challenge H(domain || point || A || message) modulo the order of a small component of A, which decides
 * whether that component shows: taken whole, as RFC 8032 5.1.7 has it, and reduced modulo L first, as nearly
 * all verifiers do. A is key->x, whoever's it is. */
struct forge_challenge {
  unsigned whole, reduced;
};
struct forge_challenge forge_ed_challenge_modulo(const struct signing_key *key, struct assay_bytes domain,
                                                 const uint8_t *point, struct assay_bytes message,
                                                 unsigned order);
/* Adds (0, -1), the point of order 2: (x, y) becomes (-x, -y). */
void forge_ed_add_order_two(const struct signing_key *key, uint8_t *point);
/* Whether y, the sign bit aside, belongs to a point. */
bool forge_ed_is_point(const struct signing_key *key, const uint8_t *point);

#endif
