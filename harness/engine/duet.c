/* Plan and claims of a duet. */
#include "harness/engine/duet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/base/grow.h"
#include "harness/base/text/counts.h"
#include "harness/engine/claims.h"

/* Twice the 0.2 ms that pair best cost little of the pairing and halve what hand-overs take. */
#define BLOCK_NS 400e3
#define WARM_NS 5e6
#define LEAD_SHARE 0.5
/* Of a launch, where the budget allows: long against a hand-over, short against drift. */
#define ITEM_S 0.25
#define LAUNCHES_MOST 240
#define ROUNDS_LEAST 5
#define ROUNDS_PLANNED 8

struct group *duet_item(struct duet *duet, const char *what) {
  struct engine *engine = &duet->engine;
  struct group *grown = grown_by_one(engine->groups, engine->group_count, sizeof *grown);
  if (!grown)
    abort();
  engine->groups = grown;
  struct group *group = &grown[engine->group_count++];
  *group = (struct group){
      .block_ns = BLOCK_NS, .lead_share = LEAD_SHARE, .warm_ns = WARM_NS, .rounds_least = ROUNDS_LEAST};
  snprintf(group->what, sizeof group->what, "%s", what);
  return group;
}

static unsigned clamp(double value, unsigned least, unsigned most) {
  return value < least ? least : value > most ? most : (unsigned)value;
}

/* Many short launches rather than a few long ones: what a launch is lucky with (addresses, neighbours) makes
 * most of the noise. */
static bool share_out(struct duet *duet, double start_s, struct assay_error *error) {
  unsigned items = duet->engine.group_count;
  unsigned least = launches_needed(DUET_MEASURES * items, DUET_LEVEL);
  double arm_s = (WARM_NS + (1 + LEAD_SHARE) * BLOCK_NS * ROUNDS_PLANNED) / 1e9;
  double least_s = least * (start_s + arm_s * duet->engine.runner->count * items);
  char algs[FIGURE_NOUN_BYTES];
  if (duet->budget_s < least_s)
    return error_set(error,
                     "a budget of %g s is too short: %u launches, fewer prove nothing, take %.0f s for %s; "
                     "raise --budget%s",
                     duet->budget_s, least, ceil(least_s), figure_noun(algs, items, "algorithm"),
                     items == 1 ? "" : " or name fewer with --alg");
  duet->launches = clamp(duet->budget_s / (start_s + ITEM_S * items), least, LAUNCHES_MOST);
  duet->item_s = (duet->budget_s / duet->launches - start_s) / items;
  return true;
}

/* All against the base. */
static void pairs_make(struct group *group) {
  for (unsigned base = 0; base < group->count; base++)
    if (group->series[base].subject == DUET_BASE)
      for (unsigned i = 0; i < group->count; i++)
        group_pair(group, i, base);
}

/* Without the base at both ends there is no noise to hold a difference against. */
static bool has_both_ends(const struct duet *duet, struct assay_error *error) {
  for (unsigned i = 0; i < duet->engine.group_count; i++)
    if (!duet_series(duet, i, DUET_BASE) || !duet_series(duet, i, duet->engine.runner->count - 1))
      return error_set(error, "%s is not measured of the base at both ends", duet->engine.groups[i].what);
  return true;
}

bool duet_plan(struct duet *duet, struct assay_error *error) {
  const struct runner *runner = duet->engine.runner;
  uint64_t from_ns = runner->now_ns(runner->arg);
  if (!has_both_ends(duet, error))
    return false;
  for (unsigned s = 0; s < runner->count; s++)
    if (!runner->prepare(runner->arg, s, error))
      return false;
  uint64_t start_ns = runner->now_ns(runner->arg) - from_ns;
  if (!share_out(duet, (double)start_ns / 1e9, error))
    return false;
  /* Later starts may take longer than the first: they are paid from the same budget. */
  duet->engine.starts_are_paid = true;
  for (unsigned i = 0; i < duet->engine.group_count; i++) {
    duet->engine.groups[i].budget_s = duet->budget_s / duet->engine.group_count;
    duet->engine.groups[i].used_ns = start_ns / duet->engine.group_count;
    pairs_make(&duet->engine.groups[i]);
  }
  duet->engine.launches = duet->launches;
  duet->engine.first_is_fresh = true;
  return true;
}

bool duet_run(struct duet *duet) {
  return engine_run(&duet->engine);
}

void duet_fini(struct duet *duet) {
  for (unsigned i = 0; i < duet->engine.group_count; i++)
    group_fini(&duet->engine.groups[i]);
  free(duet->engine.groups);
  duet->engine.groups = NULL;
  duet->engine.group_count = 0;
}

/* ---- claims ---- */

const struct series *duet_series(const struct duet *duet, unsigned item, unsigned subject) {
  return group_series(&duet->engine.groups[item], subject, 0);
}

const struct samples *duet_samples(const struct duet *duet, unsigned item, unsigned subject,
                                   enum duet_measure measure) {
  const struct series *series = duet_series(duet, item, subject), *base = duet_series(duet, item, DUET_BASE);
  const struct group *group = &duet->engine.groups[item];
  const struct pair *pair = series && base ? group_pair_of(group, (unsigned)(series - group->series),
                                                           (unsigned)(base - group->series))
                                           : NULL;
  return !pair ? NULL : measure == DUET_MEDIAN ? &pair->log_ratio : &pair->log_sum_ratio;
}

void duet_judge(const struct samples *const *heads, const struct samples *const *again, unsigned count,
                struct duet_effect *effects) {
  struct claim *claims = calloc(count + 1, sizeof *claims);
  if (!claims)
    abort();
  for (unsigned i = 0; i < count; i++)
    claims[i].samples = heads[i];
  claims_judge(claims, count, DUET_LEVEL);
  for (unsigned i = 0; i < count; i++) {
    effects[i].launches = (unsigned)heads[i]->count;
    effects[i].effect = claims[i].middle;
    effects[i].resolved = claims[i].resolved;
    effects[i].low = claims[i].low;
    effects[i].high = claims[i].high;
    effects[i].floor = claim_reach(again[i], claims[i].level);
  }
  free(claims);
}

unsigned duet_effects(const struct duet *duet, unsigned head, unsigned first, unsigned items,
                      struct duet_effect *effects) {
  const struct samples **heads = calloc(2 * (size_t)items * DUET_MEASURES + 1, sizeof(void *));
  unsigned count = 0, last = duet->engine.runner->count - 1;
  if (!heads)
    abort();
  const struct samples **again = heads + (size_t)items * DUET_MEASURES;
  for (unsigned item = first; item < first + items; item++)
    for (int measure = 0; measure < DUET_MEASURES; measure++) {
      heads[count] = duet_samples(duet, item, head, (enum duet_measure)measure);
      again[count] = duet_samples(duet, item, last, (enum duet_measure)measure);
      if (!heads[count] || heads[count]->count == 0)
        continue;
      effects[count] = (struct duet_effect){.item = item, .measure = (enum duet_measure)measure};
      count++;
    }
  duet_judge(heads, again, count, effects);
  free(heads);
  return count;
}

enum duet_answer duet_answer(const struct duet_effect *effect, double threshold) {
  if (isnan(effect->low))
    return DUET_NOISY;
  if (effect->resolved && effect->effect > effect->floor && effect->effect > threshold)
    return DUET_SLOWER;
  /* A head that is faster beyond all noise holds, however noisy the run was. */
  bool quiet = effect->floor <= threshold || effect->high < -effect->floor;
  return quiet && effect->high <= threshold ? DUET_HOLDS : DUET_NOISY;
}
