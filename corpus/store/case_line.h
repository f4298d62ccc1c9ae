/* One case as one line of JSON: the form for people and for exchange (tokens.jsonl, `assay check --cases`).
 *
 *   {"id":"..","token":"..","class":"..","variant":"..","alg":"RS256","key_bits":2048,"group":"..",
 *    "expect":{"verdict":"reject","reason":"registered-claims.expired"},"also":["signature.*"],
 *    "keys":{"<issuer>":{"keys":[..]}},"policy":{..},"now":1767225600,"after":"<id>","pinned":true,"comment":".."}
 *
 * id and token (or token_b64: RFC 4648 4, where it is not printable ASCII) must be there. verdict is accept,
 * reject or any. reason is one or a list, of reasons and of stages with ".*"; also adds to it; without any
 * every reason is right. now is seconds since 1970 or RFC 3339. The algorithm is the header's: alg may repeat
 * it; target names another that the token attacks, and under which it is filed. Without class a case is of
 * the class "case"; without expect any verdict is fine. `assay help cases` tells the same to users. */
#ifndef ASSAY_CORPUS_STORE_CASE_LINE_H
#define ASSAY_CORPUS_STORE_CASE_LINE_H

#include "corpus/store/casebook.h"

/* Appends one case of a book, with a newline. */
void case_line_add(struct text *out, const struct casebook *book, size_t index);

/* A line that has been read, before it is in a book. */
struct case_line {
  struct corpus_case one;           /* variant, setting, after and alg are not set */
  enum jose_alg alg, target;        /* labels; JOSE_ALG_COUNT: none */
  char *group, *class_id, *variant; /* group, variant: "" where the line has none */
  char *after;                      /* NULL: none */
};

/* Reads one line, with or without its newline: any bytes. On failure *column is where (from 1, in
 * characters), and nothing is to be freed. */
bool case_line_read(struct assay_bytes line, struct case_line *out, unsigned *column,
                    struct assay_error *error);
/* Whether a line that was refused is a JSON object at all. */
bool case_line_is_object(struct assay_bytes line);
/* Where the value of a member stands in a line that was read without complaint; 1 if it is not there. */
unsigned case_line_column(struct assay_bytes line, const char *member);
void case_line_fini(struct case_line *line);

#endif
