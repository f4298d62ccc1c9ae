/* A worked example of the JOSE RFCs as a case: most of them are good signatures over no claims at all, which
 * as a JWT must be refused. For which reason is told here from their form alone. */
#ifndef ASSAY_CORPUS_IMPORT_SHARED_RFC_EXAMPLE_H
#define ASSAY_CORPUS_IMPORT_SHARED_RFC_EXAMPLE_H

#include <jansson.h>

#include "corpus/store/casebook.h"

struct rfc_example {
  const char *id, *token; /* borrowed */
  const char *variant;    /* "rfc7515" */
  json_t *keys;           /* array of public JWKs, borrowed */
  bool accepts;           /* the verdict of a bare JWS check */
};

/* Adds the case. False and a sentence where the token has not three parts and a JSON object for a header, or
 * where it is not known for which reason it is to be refused. line: 0 where the file has no lines. */
bool rfc_example_add(struct casebook *book, const struct rfc_example *example, unsigned line,
                     struct assay_error *why);

#endif
