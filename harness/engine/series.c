#include "harness/engine/series.h"

#include <stdlib.h>

#include "harness/base/grow.h"
#include "harness/engine/runner.h"

struct series *group_add(struct group *group, unsigned subject, const struct control_command *command) {
  struct series *grown = grown_by_one(group->series, group->count, sizeof *grown);
  if (!grown)
    abort();
  group->series = grown;
  grown[group->count] = (struct series){.subject = subject, .command = *command, .first_wrong = CORPUS_NONE};
  return &grown[group->count++];
}

void group_pair(struct group *group, unsigned of, unsigned with) {
  struct pair *grown = grown_by_one(group->pairs, group->pair_count, sizeof *grown);
  if (!grown)
    abort();
  group->pairs = grown;
  grown[group->pair_count++] = (struct pair){.of = of, .with = with};
}

const struct pair *group_pair_of(const struct group *group, unsigned of, unsigned with) {
  for (unsigned i = 0; i < group->pair_count; i++)
    if (group->pairs[i].of == of && group->pairs[i].with == with)
      return &group->pairs[i];
  return NULL;
}

const struct series *group_series(const struct group *group, unsigned subject, unsigned tag) {
  for (unsigned i = 0; i < group->count; i++)
    if (group->series[i].subject == subject && group->series[i].tag == tag)
      return &group->series[i];
  return NULL;
}

bool group_has_wrong(const struct group *group) {
  for (unsigned i = 0; i < group->count; i++)
    if (group->series[i].wrong > 0)
      return true;
  return false;
}

void group_fini(struct group *group) {
  for (unsigned i = 0; i < group->count; i++) {
    samples_free(&group->series[i].rounds_ns);
    samples_free(&group->series[i].ns);
    free(group->series[i].latency);
  }
  for (unsigned i = 0; i < group->pair_count; i++) {
    samples_free(&group->pairs[i].log_ratio);
    samples_free(&group->pairs[i].log_sum_ratio);
  }
  samples_free(&group->drift);
  samples_free(&group->readings);
  free(group->series);
  free(group->pairs);
  group->series = NULL;
  group->pairs = NULL;
  group->count = group->pair_count = 0;
}
