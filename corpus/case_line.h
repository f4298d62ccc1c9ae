/* One case as one line of JSON: the form for people and for exchange (tokens.jsonl, `assay check --cases`).
 *
 *   {"id":"..","token":"..","class":"..","variant":"..","alg":"RS256","key_bits":2048,"group":"..",
 *    "expect":{"verdict":"reject","reason":"registered-claims.expired"},"also":["stage.reason"],
 *    "keys":{"<issuer>":{"keys":[..]}},"policy":{..},"now":1767225600,"after":"<id>","pinned":true,"comment":".."}
 *
 * id and token (or token_b64: RFC 4648 4, where it is not printable ASCII) must be there. verdict is accept,
 * reject (with a reason) or any. Without class a case is of the class "case"; without expect any verdict is
 * fine. */
#ifndef ASSAY_CORPUS_CASE_LINE_H
#define ASSAY_CORPUS_CASE_LINE_H

#include "corpus/casebook.h"

/* Appends one case of a book, with a newline. */
void case_line_add(struct text *out, const struct casebook *book, size_t index);

/* A line that has been read, before it is in a book. */
struct case_line {
  struct corpus_case one;           /* variant, setting and after are not set */
  char *group, *class_id, *variant; /* group, variant: "" where the line has none */
  char *after;                      /* NULL: none */
  bool pinned;
};

/* Reads one line, with or without its newline: any bytes. On failure *column is where (from 1, in
 * characters), and nothing is to be freed. */
bool case_line_read(struct assay_bytes line, struct case_line *out, unsigned *column,
                    struct assay_error *error);
/* Where the value of a member stands in a line that was read without complaint; 1 if it is not there. */
unsigned case_line_column(struct assay_bytes line, const char *member);
void case_line_fini(struct case_line *line);

#endif
