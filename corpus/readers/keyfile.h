/* Public keys as people have them, read as a JWK Set (RFC 7517 5):
 *
 *   a JWK Set, an array of JWKs, one JWK
 *   PEM: PUBLIC KEY, RSA PUBLIC KEY, CERTIFICATE, any number of them; and their DER, bare or in base64
 *   an X.509 map, {kid: PEM}, as Firebase and Google publish
 *   a secret as it is
 *
 * Whatever else a file holds is told by what it is. A private key is refused by name and never quoted.
 *
 * PEM and DER know no kid, and who names such a file means that key, whatever kid a token has. The pipeline
 * keeps to the kid, so such a key gets the kid of the token that it is to check: keyfile_for. A JWK Set is
 * taken by the word: its keys serve the kids that they name. */
#ifndef ASSAY_CORPUS_READERS_KEYFILE_H
#define ASSAY_CORPUS_READERS_KEYFILE_H

#include <jansson.h>

#include "harness/base/alg.h"
#include "harness/base/error.h"

struct keyfile {
  char *jwks;      /* JSON; of a JWK Set its own text, without a byte order mark */
  json_t *unnamed; /* those of its JWKs that serve any kid: an array, mostly empty */
};

/* Reads a file, a pipe, or with "-" standard input. False and a sentence that begins with the path. */
bool keyfile_read(const char *path, struct keyfile *out, struct assay_error *error);
/* The same of what has been read, any octets. name: how messages call it. */
bool keyfile_of_text(struct assay_bytes text, const char *name, struct keyfile *out,
                     struct assay_error *error);
/* Reads a secret for HMAC: every octet counts, but for the end of the line behind a line of text. */
bool keyfile_read_secret(const char *path, struct keyfile *out, struct assay_error *error);
/* Takes what stands in JSON in place of a JWK Set: a JWK, an X.509 map, a string of PEM. What is none of
 * these is kept as it stands, for the pipeline to judge; but a string must hold keys. */
bool keyfile_of_json(const json_t *value, struct keyfile *out, struct assay_error *error);

/* Whether a JSON value is a JWK Set (RFC 7517 5), of whatever keys or none; whether what a file was read as
 * has a key, or is no JWK Set, which is the pipeline's to judge. False and a sentence that goes on after the
 * name of the thing. */
bool keyfile_is_set(const json_t *value, struct assay_error *error);
bool keyfile_has_key(const struct keyfile *keyfile, struct assay_error *error);

/* Adds the keys of another file. False and a sentence where one of them is not a JWK Set in strict JSON. */
bool keyfile_merge(struct keyfile *into, const struct keyfile *other, struct assay_error *error);

/* The JWK Set that a token with this kid and alg meets, for free(): NULL where that is jwks as it stands.
 * Where no key has the kid, the one unnamed key that has it as its thumbprint (RFC 7638), or else the only
 * unnamed key that fits alg, gets it. kid, alg: NULL where the header has none that is a string. */
char *keyfile_for(const struct keyfile *keyfile, const char *kid, const char *alg);

/* The algorithms that a JWK can serve by its kty and crv, as JOSE_ALG_BITs (RFC 7518 3.1, RFC 8037 3.1, RFC
 * 8812 3.2). 0: none that is known. */
uint32_t keyfile_jwk_algs(const json_t *jwk);

void keyfile_fini(struct keyfile *keyfile);

#endif
