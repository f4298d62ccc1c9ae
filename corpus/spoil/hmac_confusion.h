/* HMACs under what is public, as if the text of a public key were a secret (RFC 8725 2.1). Hooks for `edit`
 * and `forge`; what a row gives them stands beside their names. */
#ifndef ASSAY_CORPUS_SPOIL_HMAC_CONFUSION_H
#define ASSAY_CORPUS_SPOIL_HMAC_CONFUSION_H

#include "corpus/spoil/mutation.h"

/* What is done to the text before it serves as the secret. */
enum confusion_edge {
  EDGE_NONE,
  EDGE_NEWLINE,    /* one newline more */
  EDGE_NO_NEWLINE, /* PEM without its last one */
  EDGE_CRLF,       /* PEM with carriage returns */
  EDGE_SPACE_IN_FRONT,
  EDGE_SPACE_BEHIND
};

/* Header and policy name the HMAC with the same hash (SHA-256 for Edwards curves); kid still names the
 * asymmetric key, and the set has only that. */
mutation_hook confusion_claim;

/* row_text: "spki-pem", "spki-der", "pkcs1-pem", "pkcs1-der", "jwk", "ssh", "point", "compressed-point", or
 * "octets" (modulus or x). row_number: an enum confusion_edge. */
mutation_hook confusion_forge;
/* Under the secret of no octets. */
mutation_hook confusion_forge_empty;

#endif
