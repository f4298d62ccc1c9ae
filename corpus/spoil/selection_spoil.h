/* Hooks that spoil what selects the key, by what they confuse: kid_spoil.c, key_confusion.c,
 * jwk_spoil.c, issuer_spoil.c. All are for `edit` where nothing else is said. What a row gives them
 * stands beside their names. */
#ifndef ASSAY_CORPUS_SPOIL_SELECTION_SPOIL_H
#define ASSAY_CORPUS_SPOIL_SELECTION_SPOIL_H

#include "corpus/spoil/mutation.h"

/* ---- for the hooks themselves ---- */

void kid_set(struct draft *draft, const char *kid);
void kid_drop(struct draft *draft);

/* ---- kid ---- */

mutation_hook kid_none;           /* row_text: the keys of the set, a letter each: see kid_spoil.c */
mutation_hook kid_random;         /* of no key */
mutation_hook kid_random_one_key; /* the same, in a set of only the signer's key */
mutation_hook kid_written;        /* row_text: the kid, '@' for the right one, '#' for a number */
mutation_hook kid_behind_nul;     /* the right one, NUL, and more */
mutation_hook kid_shortened, kid_recased;
mutation_hook kid_decomposed; /* NFD, where the set has NFC */
mutation_hook kid_long;       /* row_number: bytes of the kid, which a key has */
mutation_hook kid_twice, kid_twice_other_type;

/* ---- kinds of keys ---- */

mutation_hook confusion_claim_no_kid;    /* see hmac_confusion.h */
mutation_hook confusion_empty_secret;    /* the set's own HMAC key is empty */
mutation_hook confusion_forge_own_empty; /* `forge`: under that key */
mutation_hook jwk_of_other_padding;      /* the JWK's alg: PSS for PKCS #1, and the reverse */
mutation_hook jwk_of_any_padding;
mutation_hook key_of_row; /* row_text: the algorithm of the stranger's key that kid names and that signs */
mutation_hook key_of_other_edwards;  /* the header names one curve, the key is on the other */
mutation_hook key_forge_hash_of_alg; /* `forge`: the other curve's signature over the header's hash */
mutation_hook jwk_montgomery;        /* X25519, X448 */

/* ---- JWK and set ---- */

mutation_hook jwk_set; /* row_text: an object for the draft's JWK, the only one of the set; null takes away */
mutation_hook jwk_alg_sibling, jwk_alg_own;
mutation_hook jwks_mixed; /* symmetric beside asymmetric */
mutation_hook jwks_with_private, jwks_with_primes, jwks_with_private_stranger;
mutation_hook jwks_with_unknown; /* row_text: a key of a type that nobody knows */
mutation_hook jwks_unknown_selected;

#define OWN_DOMAIN "prod.example"
#define OWN_TENANT "a3f0c7d2" /* of the issuers that share a key set with others */

/* ---- issuers, and keys that had their time ---- */

mutation_hook svid_of_sub;                     /* row_text: sub as JSON, @ standing for the trust domain */
mutation_hook svid_of_use, svid_of_use_no_kid; /* row_text: the use of the only key */
mutation_hook svid_beside_certificates;
mutation_hook jwk_of_issuer; /* row_text: the issuer that the JWK names, as JSON: see issuer_spoil.c */
mutation_hook jwk_of_issuer_no_kid, jwk_by_issuer_no_kid;
mutation_hook issuer_claim_other;      /* one issuer's key, another's name */
mutation_hook issuer_collide_sign_own; /* two issuers, one kid */
mutation_hook issuer_collide_sign_other;
mutation_hook issuer_collide_tamper;   /* `tamper`: to go with the one before */
mutation_hook issuer_claim_discovered; /* row_text: a base URL under which a stranger offers keys */
mutation_hook key_rotated_out, key_revoke_own, key_revoke_other;
mutation_hook key_activate; /* row_number: seconds from now to the key's first day */

#endif
