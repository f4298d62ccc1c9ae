/* Public keys in DER (X.690) as JWKs. The DER is libtasn1's business, by the definitions of pkix.asn; here is
 * what the names and numbers in it mean to JOSE. */
#ifndef ASSAY_CORPUS_READERS_KEY_DER_H
#define ASSAY_CORPUS_READERS_KEY_DER_H

#include <jansson.h>

#include "harness/base/bytes.h"
#include "harness/base/error.h"

/* DER_OTHER_*: no public key, and told apart to be named. */
enum der_form {
  DER_SPKI,        /* SubjectPublicKeyInfo (RFC 5280 4.1.2.7) */
  DER_RSA_KEY,     /* RSAPublicKey (RFC 8017 A.1.1) */
  DER_CERTIFICATE, /* X.509 (RFC 5280 4.1): its key alone; names, dates and signature are not looked at */
  DER_OTHER_PRIVATE,
  DER_OTHER_PKCS12,
  DER_OTHER_CMS,
  DER_UNKNOWN
};

/* What the octets are: the first form of which they are a whole, strict encoding. */
enum der_form der_form_of(struct assay_bytes der);

/* Appends to the array `keys` the JWK of a public key in that form, one of the first three. kid: NULL for
 * none. An RSASSA-PSS key gets its `alg`; one that leaves the hash open stands there once for each, without a
 * kid. False and a sentence that goes on after "FILE: ": "an EC key on the curve 1.2.3, which ..." */
bool key_der_add(enum der_form form, struct assay_bytes der, const char *kid, json_t *keys,
                 struct assay_error *error);

#endif
