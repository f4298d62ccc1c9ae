/* The algorithm that a token is signed with, by its own header: no label says it better. */
#ifndef ASSAY_CORPUS_STORE_TOKEN_ALG_H
#define ASSAY_CORPUS_STORE_TOKEN_ALG_H

#include "corpus/store/casebook.h"

/* What a compact token's header says of its algorithm. */
struct token_header {
  enum jose_alg alg; /* JOSE_ALG_COUNT: none that is known */
  char *alg_text;    /* as written, whatever it is; NULL where the header has none that is a string */
  char *kid;         /* NULL: none, or none that is a string */
  bool is_readable;  /* base64url of a JSON object without duplicate names */
};

/* Any bytes. token_header_fini frees. */
void token_header_read(struct assay_bytes token, struct token_header *header);
void token_header_fini(struct token_header *header);

/* The algorithm of a case that is in a book; "EdDSA" leaves the curve to the key (RFC 8037 3.1), so the key
 * sets of its setting are asked. ASSAY_ALG_NONE where the header names none that is known. */
enum assay_alg token_alg(const struct casebook *book, uint32_t setting, const struct token_header *header);
/* By the header's name alone and, for EdDSA, the signature's length; name may be NULL. */
enum assay_alg token_alg_by_length(const char *name, size_t signature);
/* RSA signatures are as long as the modulus (RFC 8017 8). 0: not RSA, or longer than any that is taken. */
unsigned token_rsa_bits(enum assay_alg alg, size_t signature);

#endif
