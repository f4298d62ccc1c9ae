#include "harness/measurements/scaling.h"

#include <math.h>
#include <stdio.h>

#define BLOCK_NS 25e6 /* long enough for threads to find their cores */
#define LEAD_SHARE (1.0 / 16)
#define WARM_NS                                                                                              \
  50e6 /* in short runs one round follows, and libraries that keep tables for keys have made them then */

struct group scaling_group(double budget_s, unsigned rounds_least, unsigned rounds_most) {
  return (struct group){.what = "threads",
                        .budget_s = budget_s,
                        .block_ns = BLOCK_NS,
                        .lead_share = LEAD_SHARE,
                        .own_lengths = true,
                        .warm_ns = WARM_NS,
                        .rounds_least = rounds_least,
                        .rounds_most = rounds_most};
}

unsigned scaling_add(struct group *group, unsigned subject, struct control_command command, unsigned threads,
                     unsigned one) {
  command.cpu = -1;
  command.threads = threads;
  struct series *series = group_add(group, subject, &command);
  series->tag = threads;
  series->disturbed_too = true;
  group_pair(group, group->count - 1, one);
  return group->count - 1;
}

static const struct pair *pair_of(const struct group *group, unsigned place) {
  for (unsigned i = 0; i < group->pair_count; i++)
    if (group->pairs[i].of == place)
      return &group->pairs[i];
  return NULL;
}

struct result_scaling *scaling_row(struct job *job, const struct cell *cell, unsigned subject,
                                   unsigned threads) {
  struct result_scaling *row = result_add_scaling(job->result);
  result_set(&row->subject, job->subjects[subject].spec.label);
  result_set(&row->alg, assay_alg_name(cell->alg));
  row->key_bits = cell->key_bits;
  row->threads = threads;
  return row;
}

bool scaling_figures(struct result_scaling *row, const struct group *group, unsigned place) {
  const struct series *series = &group->series[place];
  const struct pair *pair = pair_of(group, place);
  double threads = series->tag, low, high;
  if (series->missing[0] || series->ns.count == 0 || !pair || pair->log_ratio.count == 0)
    return false;
  row->tokens_per_s = threads * 1e9 / samples_median(&series->ns);
  row->one_tokens_per_s = 1e9 / samples_median(&group->series[pair->with].ns);
  row->of_one = threads / exp(samples_median(&pair->log_ratio));
  if (sign_interval(&pair->log_ratio, BENCH_LEVEL, &low, &high)) {
    row->of_one_low = threads / exp(high);
    row->of_one_high = threads / exp(low);
  }
  return true;
}
