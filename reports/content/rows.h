/* What the formats for programs share: a name for every row of figures, and verdicts summed up and in words.
 * The null backend's verdicts mean nothing and are in none of it. */
#ifndef ASSAY_REPORTS_CONTENT_ROWS_H
#define ASSAY_REPORTS_CONTENT_ROWS_H

#include "reports/model/result.h"
#include "reports/text/tally.h"

/* "verify/openssl/RS256/bits:2048/threads:1" for every speed row, in their order, none twice; what is as
 * usual (diverse tokens, single ones, a kid, no bad tokens) is not in it.  */
struct row_names {
  const char **of;
  struct tally taken;
};
struct row_names row_names_of(const struct result *result);
void row_names_fini(struct row_names *names);

/* Verdict rows that have the same key, added up. */
struct verdict_sum {
  const struct result_verdict *first; /* of its rows: whatever the key holds is the same in all */
  uint64_t tokens, of[KIND_COUNT];
  size_t last;    /* index of the last of its rows */
  uint64_t wrong; /* accepted, refused, fault, crash or hang */
  bool fails;     /* as result_fails has it, of any of its rows */
};
struct verdict_sums {
  struct verdict_sum *items;
  size_t count;
  size_t *of_row;   /* for every verdict row the index of its sum; SIZE_MAX: left out */
  size_t *next_row; /* the next row of the same sum; SIZE_MAX: none */
};
/* key: free()d after use; rows with equal keys are added up. */
struct verdict_sums verdict_sums_by(const struct result *result,
                                    char *(*key)(const struct result_verdict *row));
void verdict_sums_fini(struct verdict_sums *sums);
/* Keys: level and subject; also the algorithm; also the class. */
char *key_of_subject(const struct result_verdict *row);
char *key_of_alg(const struct result_verdict *row);
char *key_of_class(const struct result_verdict *row);

/* "accepted", "crash", ..: for labels and columns. */
const char *kind_name(enum answer_kind kind);
/* "accepted 2,000 bad tokens", "crashed on 1 token". free() it. */
char *kind_phrase(enum answer_kind kind, uint64_t count);
/* How many of the row's tokens were answered wrongly: accepted, refused, fault, crash or hang. 0 for
 * the null backend. */
uint64_t verdict_wrong(const struct result_verdict *row);
/* "accepted 2 bad tokens of 8; crashed on 1 token of 8", of the kinds in a mask of 1 << KIND; "" for none.
 * free() it. */
char *verdict_words(const struct verdict_sum *sum, unsigned kinds);
/* What was answered to tokens of these kinds, the first `most` answers: "reject a.b: 3 tokens, e.g. ID;
 * reject c.d: 1 token, e.g. ID; and 2 more"; "" where the row does not say. free() it. */
char *verdict_given(const struct result_verdict *row, unsigned kinds, size_t most);
/* "reject signature.invalid", "reject header-policy.typ-wrong (pinned)". free() it. */
char *verdict_expected(const struct result_verdict *row);
/* "wolfssl accepted 2 bad tokens of 8; pkcs1-missing-null/one, RS256; expected reject signature.invalid".
 * free() it. */
char *verdict_sentence(const struct result_verdict *row, unsigned kinds);
#define KINDS_WRONG                                                                                          \
  (1u << KIND_ACCEPTED | 1u << KIND_REFUSED | 1u << KIND_FAULT | 1u << KIND_CRASH | 1u << KIND_HANG)
/* "class", or "class/variant". free() it. */
char *verdict_class(const char *class_id, const char *variant);

/* What a row's figures are of: "token", "key import", "context". */
const char *row_operation(const struct result_speed *row);

/* "verdicts/pipeline/openssl" for the verdicts of a subject, unlike every name before; valid as
 * long as names. */
const char *row_names_add(struct row_names *names, const struct verdict_sum *sum);

/* "gate/stored/openssl/RS256/bits:2048/hot/time" for a gate, likewise. */
const char *row_names_add_gate(struct row_names *names, const struct result_gate *gate);

/* Every wrong verdict, of a gate too, and void row as a comment: lines that begin with "# ", for formats of
 * figures alone. */
void put_wrong_comments(FILE *stream, const struct result *result, const struct row_names *names);

#endif
