/* From a result to the answer: what counts, and in which order. */
#include "reports/advise/advice_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "harness/base/error.h"
#include "reports/content/builds.h"
#include "reports/model/measured.h"
#include "reports/text/allocate.h"

/* ---- who ---- */

static bool find_side(const struct result *result, const char *label, const struct result_subject **side,
                      struct assay_error *error) {
  OWNED_TALLY struct tally names = {0};
  *side = result_is_floor(label) ? NULL : result_find_subject(result, label);
  for (size_t i = 0; i < result->subject_count; i++)
    if (!result_is_floor(result->subjects[i].name))
      names_addf(&names, "%s%s%s", result->subjects[i].name, result->subjects[i].variant[0] ? ":" : "",
                 result->subjects[i].variant);
  OWNED_TEXT char *all = names_join(&names, ", ");
  return *side ||
         error_set(error, "the result has no subject '%s'; it has: %s", label, all[0] ? all : "none");
}

/* ---- algorithms ---- */

static bool has_alg(const struct result_subject *subject, const char *alg) {
  for (size_t i = 0; i < subject->algorithms.count; i++)
    if (strcmp(subject->algorithms.items[i], alg) == 0)
      return true;
  return false;
}

static bool is_about(const struct result *result, const char *alg) {
  for (size_t i = 0; i < result->speed_count; i++)
    if (strcmp(result->speed[i].alg, alg) == 0)
      return true;
  for (size_t i = 0; i < result->verdict_count; i++)
    if (strcmp(result->verdicts[i].alg, alg) == 0)
      return true;
  return false;
}

static bool is_wished(const struct choice_wish *mix, const char *alg) {
  for (unsigned m = 0; m < mix->mix_count; m++)
    if (strcmp(mix->mix[m].alg, alg) == 0)
      return true;
  return mix->mix_count == 0;
}

static void add_algorithms(struct advice *advice, const struct result_subject *from,
                           const struct result_subject *to) {
  for (int i = 0; i < ASSAY_ALG_COUNT; i++) {
    const char *alg = assay_alg_name((enum assay_alg)i);
    bool before = has_alg(from, alg), after = has_alg(to, alg);
    if (before == after || !is_about(advice->result, alg))
      continue;
    names_add(before ? &advice->lost : &advice->gained, alg);
    if (before && is_wished(&advice->wish.mix, alg))
      names_add(&advice->missing, alg);
  }
}

/* ---- the answer ---- */

static bool any_counts(const struct advice *advice, enum pace pace) {
  for (size_t i = 0; i < advice->verify.count; i++)
    if (advice->verify.items[i].counts && advice->verify.items[i].pace == pace)
      return true;
  return false;
}

static bool any_notable(const struct advice *advice) {
  for (size_t i = 0; i < advice->verify.count; i++)
    if (advice->verify.items[i].counts && speed_is_notable(advice, &advice->verify.items[i]))
      return true;
  return false;
}

/* Of a mix it is the whole that counts, not each of its algorithms. */
static bool costs_more(const struct advice *advice) {
  if (!advice->wish.mix.mix_count)
    return any_counts(advice, PACE_SLOWER);
  return advice->mix_pace == PACE_SLOWER || advice_needs_more(advice);
}

static bool is_gained(const struct advice *advice, const char *alg) {
  size_t at;
  return tally_find(&advice->gained, alg, &at);
}

/* What `from` has not got is no gap of the run. */
static bool lacks_figures(const struct advice *advice) {
  for (size_t i = 0; i < advice->verify.count; i++) {
    const struct advice_speed *speed = &advice->verify.items[i];
    const struct result_speed *row = speed_row(speed);
    size_t at;
    if (speed->counts && speed->pace == PACE_ABSENT && !is_gained(advice, row->alg) &&
        !tally_find(&advice->lost, row->alg, &at))
      return true;
  }
  return false;
}

static bool cannot_tell(const struct advice *advice) {
  bool open = advice->wish.mix.mix_count ? advice->mix_pace == PACE_OPEN : any_counts(advice, PACE_OPEN);
  return advice->result->partial || !advice->is_judged || advice->unasked || !advice->is_timed ||
         !advice->verify.count || open || lacks_figures(advice);
}

static bool gains(const struct advice *advice) {
  for (size_t i = 0; i < advice->gained.count; i++)
    if (is_wished(&advice->wish.mix, advice->gained.items[i]))
      return true;
  return false;
}

static bool is_better(const struct advice *advice) {
  bool faster = advice->wish.mix.mix_count
                    ? advice->mix_pace == PACE_FASTER &&
                          (advice->mix.times >= 1 + advice->wish.threshold || advice_needs_fewer(advice))
                    : any_notable(advice);
  return faster || gains(advice) || advice_sum(advice, CHANGE_MENDED, CHANGE_MENDED).count;
}

static enum advice_answer answer_of(const struct advice *advice) {
  if (advice_sum(advice, CHANGE_ACCEPTS, CHANGE_WORSE).count || advice->wrong || advice->voided.count)
    return ADVICE_WAIT_VERDICTS;
  if (advice->missing.count || costs_more(advice))
    return ADVICE_WAIT_COST;
  if (cannot_tell(advice))
    return ADVICE_UNKNOWN;
  return is_better(advice) ? ADVICE_GO : ADVICE_SAME;
}

bool advise(struct advice *advice, const struct result *result, const char *from, const char *to,
            const struct advice_wish *wish, struct assay_error *error) {
  const struct result_subject *before, *after;
  *advice = (struct advice){.result = result,
                            .wish = *wish,
                            .from = from,
                            .to = to,
                            .answer = ADVICE_SAME,
                            .mix = {NAN, NAN, NAN, false},
                            .mix_pace = PACE_ABSENT};
  if (!find_side(result, from, &before, error) || !find_side(result, to, &after, error))
    return false;
  const struct build_pair pair = {before, after};
  advice->is_same_build = build_is_same(&pair);
  if (advice->is_same_build)
    return true;
  advice_add_changes(advice);
  add_algorithms(advice, before, after);
  if (!advice_add_speeds(advice, error))
    return false;
  advice->answer = answer_of(advice);
  advice_add_notes(advice, before, after);
  return true;
}

void advice_fini(struct advice *advice) {
  free(advice->changes);
  free(advice->verify.items);
  free(advice->imports.items);
  for (size_t i = 0; i < advice->note_count; i++)
    free(advice->notes[i].text);
  free(advice->notes);
  tally_fini(&advice->voided);
  tally_fini(&advice->lost);
  tally_fini(&advice->gained);
  tally_fini(&advice->missing);
  choices_fini(&advice->choices);
  *advice = (struct advice){0};
}
