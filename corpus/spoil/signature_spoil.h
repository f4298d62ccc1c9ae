/* Hooks that spoil signatures (`forge`), by scheme: rsa_spoil.c, ecdsa_spoil.c, eddsa_spoil.c.
 * Each one signs, or forges, so that the rest of the token is right. What a row gives them stands
 * beside their names. */
#ifndef ASSAY_CORPUS_SPOIL_SIGNATURE_SPOIL_H
#define ASSAY_CORPUS_SPOIL_SIGNATURE_SPOIL_H

#include "corpus/spoil/forge.h"
#include "corpus/spoil/mutation.h"

/* ---- for the hooks themselves ---- */

void signature_set(struct draft *draft, const uint8_t *octets, size_t len);
/* Some octets, all alike, in place of the signature. */
void signature_fill(struct draft *draft, uint8_t octet, size_t len);
/* S of an ECDSA or EdDSA signature. */
uint8_t *signature_second_half(struct draft *draft);
/* The hash of what is signed. */
void digest_input(const struct draft *draft, const struct nettle_hash *hash, uint8_t *digest);

/* ---- RSA ---- */

mutation_hook rsa_strip_zero;  /* a signature that begins with a zero octet, without it */
mutation_hook rsa_add_modulus; /* s + n, where that has the modulus' length */
mutation_hook rsa_set_modulus; /* row_number: added to n; 0 or -1 */
mutation_hook rsa_set_small;   /* row_number: s */
mutation_hook rsa_set_factor;  /* s = p */

mutation_hook pkcs1_block;          /* row_text: a sketch for forge_block */
mutation_hook pkcs1_sha1;           /* SHA-1 throughout, OID and digest */
mutation_hook pkcs1_cube_root;      /* under an exponent of three: see pkcs1_exponent_three */
mutation_hook pkcs1_exponent_three; /* `edit`: the JWK's exponent */

mutation_hook pss_salt;     /* row_number: octets of salt */
mutation_hook pss_salt_off; /* row_number: octets more than the hash has */
mutation_hook pss_salt_max;
mutation_hook pss_mgf_sha1;
mutation_hook pss_mgf_other; /* MGF1 with another hash of SHA-2 */
mutation_hook pss_trailer;   /* row_number: the last octet */
mutation_hook pss_padding;   /* an octet of PS that is not zero */
mutation_hook pss_separator; /* row_number: the octet between PS and salt */
mutation_hook pss_top_bit;   /* set, and not cleared as it should be */
mutation_hook pss_no_zeros;  /* M' without its eight zeros */

/* ---- ECDSA ---- */

mutation_hook ecdsa_zero_r, ecdsa_zero_s, ecdsa_zero_both;
mutation_hook ecdsa_order_r, ecdsa_order_s, ecdsa_order_both; /* n + row_number */
mutation_hook ecdsa_add_order_r, ecdsa_add_order_s;           /* where it fits: P-521 */
mutation_hook ecdsa_ones_r, ecdsa_ones_s;                     /* all bits set */
mutation_hook ecdsa_one_both;                                 /* r = s = 1 */
mutation_hook ecdsa_infinity;                                 /* u1 G + u2 Q is no affine point */
mutation_hook ecdsa_der, ecdsa_der_zero;
mutation_hook ecdsa_widen;        /* row_number: zero octets in front of each half */
mutation_hook ecdsa_strip_zero;   /* an S that begins with a zero octet, without it */
mutation_hook ecdsa_zeros_r;      /* row_number: zero octets that r begins with, 1 to 3 or 11 */
mutation_hook ecdsa_zero_s_first; /* s begins with one */
mutation_hook ecdsa_zeros_both;   /* both of these */
mutation_hook ecdsa_zeros_other;  /* as ecdsa_zeros_r, and s is another */
mutation_hook ecdsa_raise_s;      /* the larger of s and n - s */
mutation_hook ecdsa_negate_r;     /* n - r */
mutation_hook ecdsa_digest_cut;   /* row_number: how many octets of the digest are signed */
mutation_hook ecdsa_sha1, ecdsa_other_sha2, ecdsa_unhashed;

/* ---- EdDSA ---- */

mutation_hook ed_add_order;        /* row_number: how often L is added to S */
mutation_hook ed_order, ed_ones_s; /* S = L; S all bits set */
mutation_hook ed_identity_r;       /* R = y 1 + p, and the equation holds */
mutation_hook ed_zero_r;           /* R = y 0 + p, and the cofactored equation holds */
mutation_hook ed_above_prime_r, ed_ones_r, ed_high_bits_r;
mutation_hook ed_negative_zero_r;   /* R the identity with the sign bit set, and the equation holds */
mutation_hook ed_mixed_order_r;     /* R + (0, -1): only the cofactored equation holds */
mutation_hook ed_small_order_r;     /* R = (0, -1): likewise */
mutation_hook ed_neutral_r;         /* R the neutral point, and the equation holds */
mutation_hook ed_mixed_key;         /* A + (0, -1): both equations hold */
mutation_hook ed_mixed_key_residue; /* likewise: only the cofactored one */
mutation_hook ed_mixed_key_reduced; /* likewise: both hold where h is reduced modulo L, else the cofactored */
mutation_hook ed_mixed_key_and_r;   /* A + (0, -1) and R + (0, -1): both hold */
mutation_hook ed_mixed_key_small_order_r;   /* A + (0, -1) and R = (0, -1): both hold */
mutation_hook ed_negative_zero_order_two_r; /* the same with R's sign bit set */
mutation_hook ed_off_curve_r;               /* R's y belongs to no point */
mutation_hook ed_prehashed;                 /* Ed25519ph, Ed448ph. row_text: the context */
mutation_hook ed_prehashed_plainly;         /* the prehash signed as if it were the message */
mutation_hook ed_context;                   /* Ed25519ctx; Ed448 with a context. row_text: the context */
mutation_hook ed_no_domain;                 /* Ed448 without dom4 */
mutation_hook ed_other_curve;               /* a signature of the other Edwards curve */

#endif
