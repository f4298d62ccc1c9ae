/* What one result has and another lacks, a sentence for each subject: the whole subject, or the algorithms that
 * are missing, or else the single rows. */
#ifndef ASSAY_GATE_STORED_MISSING_H
#define ASSAY_GATE_STORED_MISSING_H

#include "harness/gate/stored_verdicts.h"
#include "reports/text/tally.h"

struct missing_part {
  const char *subject; /* borrowed from the result that has it */
  char *names;         /* "HS256, HS384 and 5 more"; NULL: the other has nothing of the subject */
  uint64_t tokens;     /* of verdicts */
};
struct missing_parts {
  struct missing_part *items;
  size_t count;
};

enum missing_what { MISSING_TIMES, MISSING_COUNTS, MISSING_VERDICTS };

/* Of measured rows: those of which `counts` says so and of which `other` has no such figure: no time, or no
 * count of instructions. */
struct missing_parts missing_figures(const struct result *has, const struct result *other,
                                     enum missing_what what, bool (*counts)(const struct result_speed *row));
/* Of verdicts: rows that `other` lacks or has of fewer tokens. */
struct missing_parts missing_verdicts(const struct result *has, const struct verdict_rows *other);
/* A sentence for each subject: "the head lacks times of openssl: HS256 and HS384", or "only the head has all
 * times of openssl". start: "the head lacks". Frees the parts. */
typedef void missing_act(void *arg, const char *subject, const char *sentence);
void missing_tell(struct missing_parts parts, enum missing_what what, const char *start, missing_act *act,
                  void *arg);

/* The first few names of a list, and how many more; NULL for none; free() it. */
char *names_short(const struct tally *names);

#endif
