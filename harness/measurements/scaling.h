/* More than one thread against one. Blocks take turns while the host sleeps, and nothing is pinned, as in a
 * server; a block ends with its slowest thread. */
#ifndef ASSAY_MEASUREMENTS_SCALING_H
#define ASSAY_MEASUREMENTS_SCALING_H

#include "harness/engine/series.h"
#include "harness/job/job.h"

struct group scaling_group(double budget_s, unsigned rounds_least, unsigned rounds_most);
/* Adds a series on so many threads, which is compared with that at `one`, the same work on one thread; its
 * own place, where it is that. Returns its place. Its tag is the number of threads. */
unsigned scaling_add(struct group *group, unsigned subject, struct control_command command, unsigned threads,
                     unsigned one);
/* A row without figures as yet. */
struct result_scaling *scaling_row(struct job *job, const struct cell *cell, unsigned subject,
                                   unsigned threads);
/* Rate and share of a series, into its row. False where it has none. */
bool scaling_figures(struct result_scaling *row, const struct group *group, unsigned place);

#endif
