/* Suites that only say valid or invalid: an array of tests, each with a token, a key and a result. A mapping
 * says where these stand, so that one reader takes any suite of that shape.
 *
 * What a suite says of a token is a verdict without a reason. Suites of JWS sign any octets; a token whose
 * payload is no claims set with an issuer is no JWT that could be accepted (RFC 7519 7.2), so that nothing is
 * expected of it where its suite calls it valid. */
#ifndef ASSAY_CORPUS_IMPORT_SHARED_SUITE_H
#define ASSAY_CORPUS_IMPORT_SHARED_SUITE_H

#include <jansson.h>

#include "corpus/import/shared/import.h"

/* Paths are JSON Pointers (RFC 6901). Strings are borrowed. */
struct suite_mapping {
  const char *class_id;
  const char *groups;         /* from the root to an array; NULL: the root is the one group */
  const char *tests;          /* from a group to an array */
  const char *token, *result; /* from a test */
  const char *id;             /* from a test, a string or a number; NULL: its place */
  /* From a test, or else its group, or else the root: a JWK Set, a JWK, an X.509 map or a string of PEM. The
   * first that is there; what only a private key has is left out. */
  const char *keys[4];
  const json_t *valid, *invalid; /* what the result is: a text, a truth value, a whole number or an array of
                                    them; NULL: "valid", "invalid". Any other: nothing is expected */
  int64_t now;                   /* the clock, in seconds; CORPUS_NOW_UNSET: the real one */
};

/* Reads a mapping, a JSON object with these members (keys: a string or an array of at most four). False and a
 * sentence that names file and member. The strings live as long as *root, which the caller releases. */
bool suite_mapping_read(const char *path, struct suite_mapping *mapping, json_t **root,
                        struct assay_error *error);

/* Reads the suite that was asked for into an empty book. Results that are neither valid nor invalid are told;
 * where all are, that is a mistake. */
bool suite_read(struct casebook *book, const struct import_request *request,
                const struct suite_mapping *mapping, struct assay_error *error);

#endif
