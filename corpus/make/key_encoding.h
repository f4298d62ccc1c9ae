/* Public keys as files have them: what an attacker holds who can read what is public. Written by hand,
 * so that the very octets are known: DER (X.690), PEM (RFC 7468), SSH (RFC 4253 6.6). Everything is
 * appended to out. */
#ifndef ASSAY_CORPUS_MAKE_KEY_ENCODING_H
#define ASSAY_CORPUS_MAKE_KEY_ENCODING_H

#include "corpus/make/draft.h"

/* SubjectPublicKeyInfo (RFC 5280 4.1.2.7), of any asymmetric key. */
void key_add_spki(const struct signing_key *key, struct text *out);
/* RSAPublicKey (RFC 8017 A.1.1), of an RSA key. */
void key_add_pkcs1(const struct signing_key *key, struct text *out);
/* SEC 1 2.3.3: 04 x y, or 02/03 x; an Edwards key is its octets either way. */
void key_add_point(const struct signing_key *key, bool compressed, struct text *out);
/* "ecdsa-sha2-nistp256 AAAA.." without a comment or a line's end; RSA, NIST curves and Ed25519. */
void key_add_ssh(const struct signing_key *key, struct text *out);
/* An X.509 certificate for the subject's key that the issuer's key signs; both names are common names. */
void key_add_certificate(const struct signing_key *subject, const char *subject_name,
                         const struct signing_key *issuer, const char *issuer_name, struct rng *random,
                         struct text *out);

/* Base64 with padding (RFC 4648 4), in one line. */
void text_add_base64(struct text *out, const void *octets, size_t len);
/* BEGIN and END lines around lines of 64 characters; every line ends with `newline`, the last one too. */
void text_add_pem(struct text *out, const char *label, const char *newline, const struct text *der);

#endif
