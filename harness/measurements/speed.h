/* The main measurement of a run, as groups of the engine: for each cell the whole verification beside the
 * bare primitive of the same library on the same tokens, then latencies, key import and threads; and context
 * set-up. What they come to is filed as result rows by speed_rows.c. For speed.c and speed_rows.c alone. */
#ifndef ASSAY_MEASUREMENTS_SPEED_H
#define ASSAY_MEASUREMENTS_SPEED_H

#include "harness/engine/claims.h"
#include "harness/engine/engine.h"
#include "harness/job/job.h"

/* Of a cell. */
enum speed_group {
  SPEED_TIMES,     /* tags: BLOCK_VERIFY, BLOCK_PRIMITIVE */
  SPEED_LATENCIES, /* tag: 0 */
  SPEED_IMPORTS,   /* tag: 0 */
  SPEED_THREADS,   /* tags: 1, and the number of threads */
  SPEED_GROUPS
};

struct speed {
  struct job *job;
  struct engine engine;
  struct group *groups;     /* SPEED_GROUPS of each cell, then that of contexts */
  struct anchor anchor;     /* the floor, and one primitive */
  const char *anchor_words; /* as result_set keeps them: "null and the RS256 primitive of openssl" */
  struct claim *claims;     /* against the reference: of each cell, of each subject */
  const char **absent;      /* likewise: why it has no series in the cell; NULL: it has */
};

struct group *speed_group(const struct speed *speed, unsigned cell, enum speed_group kind);
struct group *speed_contexts(const struct speed *speed);
/* Where a cell's and subject's claim stands, and why it is absent. */
unsigned speed_place(const struct speed *speed, unsigned cell, unsigned subject);
/* The pair of the whole verification with another series of its group; NULL: there is none. */
const struct pair *speed_pair(const struct speed *speed, unsigned cell, unsigned subject,
                              unsigned with_subject, unsigned with_tag);

/* Wrong verdicts in all series of a cell's subject, those of the anchor too; first: one that has any, or NULL. */
uint64_t speed_wrong(const struct speed *speed, unsigned cell, unsigned subject, const struct series **first);
/* Everything into result rows, after the claims have been judged. */
void speed_file(struct speed *speed);

#endif
