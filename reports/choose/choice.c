/* Who can carry the mix, who cannot and why, and in which order. */
#include "reports/choose/choice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "harness/base/error.h"
#include "reports/choose/choice_capacity.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

/* ---- the mix ---- */

static bool is_candidate(const struct result_speed *row) {
  return row->metric == METRIC_VERIFY && row->threads <= 1 && row->batch <= 1 &&
         result_is_default_mode(row) && !result_is_floor(row->subject);
}

static bool is_measured(const struct result_speed *row) {
  return is_candidate(row) && figure_known(row->ns) && row->ns > 0;
}

/* "RS256 2048, RS256 4096, ES256": what can be wished for. free() it. */
static char *measured_algs(const struct result *result) {
  OWNED_TALLY struct tally names = {0};
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
    for (size_t i = 0; i < result->speed_count; i++) {
      const struct result_speed *row = &result->speed[i];
      if (!is_measured(row) || strcmp(row->alg, assay_alg_name((enum assay_alg)alg)) != 0)
        continue;
      OWNED_TEXT char *name =
          row->key_bits ? allocate_format("%s:%u", row->alg, row->key_bits) : allocate_copy(row->alg);
      names_add(&names, name);
    }
  char *text = names_join(&names, ", ");
  return text;
}

/* The key wished for, or the smallest that any subject was measured with: the algorithm's main size. */
static bool settle_key(const struct result *result, struct choice_share *share) {
  unsigned smallest = 0;
  bool found = false;
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (!is_measured(row) || strcmp(row->alg, share->alg) != 0 ||
        (share->key_bits && row->key_bits != share->key_bits))
      continue;
    if (!found || row->key_bits < smallest)
      smallest = row->key_bits;
    found = true;
  }
  share->key_bits = found ? smallest : share->key_bits;
  return found;
}

static bool settle_mix(struct choices *choices, struct assay_error *error) {
  double sum = 0;
  for (unsigned m = 0; m < choices->wish.mix_count; m++) {
    struct choice_share *share = &choices->wish.mix[m];
    sum += share->share;
    if (settle_key(choices->result, share))
      continue;
    OWNED_TEXT char *name = result_alg_text(share->alg, share->key_bits),
                    *names = measured_algs(choices->result);
    error_set(error, "no subject of the result was measured with %s; measured are: %s", name,
              names[0] ? names : "none");
    return false;
  }
  for (unsigned m = 0; m < choices->wish.mix_count; m++)
    choices->wish.mix[m].share /= sum;
  return true;
}

/* ---- why a subject is out ---- */

/* Takes the clause over. */
static void put_out(struct choice *choice, enum choice_out kind, char *why) {
  if (choice->out) {
    free(why);
    return;
  }
  choice->kind = kind;
  choice->out = why;
}

static void take_parts(const struct choices *choices, struct choice *choice) {
  for (unsigned m = 0; m < choices->wish.mix_count; m++) {
    const struct choice_share *share = &choices->wish.mix[m];
    OWNED_TEXT char *name = result_alg_text(share->alg, share->key_bits);
    for (size_t i = 0; i < choices->result->speed_count && !choice->parts[m]; i++) {
      const struct result_speed *row = &choices->result->speed[i];
      if (is_candidate(row) && strcmp(row->subject, choice->subject) == 0 &&
          strcmp(row->alg, share->alg) == 0 && row->key_bits == share->key_bits)
        choice->parts[m] = row;
    }
    const struct result_speed *row = choice->parts[m];
    if (!row)
      put_out(choice, CHOICE_UNMEASURED, allocate_format("%s was not measured", name));
    else if (!row->verdicts_ok)
      put_out(choice, CHOICE_WRONG, allocate_format("%s: wrong verdicts in the measured loop", name));
    else if (!figure_known(row->ns) || row->ns <= 0)
      put_out(choice, CHOICE_UNMEASURED, allocate_format("%s: %s", name, content_why_missing(row, "ns")));
  }
}

static bool is_in_mix(const struct choice_wish *wish, const char *alg) {
  for (unsigned m = 0; m < wish->mix_count; m++)
    if (strcmp(wish->mix[m].alg, alg) == 0)
      return true;
  return assay_alg_by_name(alg) == ASSAY_ALG_NONE; /* a class that has no algorithm concerns every user */
}

struct wrongs {
  uint64_t inside, outside, of[KIND_UNDECIDED]; /* tokens, by whether their algorithm is in the mix */
  struct tally classes;                         /* of those inside */
};

static struct wrongs count_wrongs(const struct choices *choices, const char *subject) {
  struct wrongs wrongs = {0};
  for (size_t i = 0; i < choices->result->verdict_count; i++) {
    const struct result_verdict *row = &choices->result->verdicts[i];
    if (strcmp(row->subject, subject) != 0 || row->level == LEVEL_PRIMITIVE)
      continue;
    bool inside = is_in_mix(&choices->wish, row->alg);
    for (int kind = 0; kind < KIND_UNDECIDED; kind++) {
      uint64_t count = result_count(row, (enum answer_kind)kind);
      *(inside ? &wrongs.inside : &wrongs.outside) += count;
      wrongs.of[kind] += inside ? count : 0;
      if (count && inside)
        names_add(&wrongs.classes, row->class_id);
    }
  }
  return wrongs;
}

/* "accepted bad tokens" */
static void add_did(struct tally *verbs, const struct answer_kind_words *words) {
  names_addf(verbs, "%s %ss", words->did, words->object);
}

/* "wrong verdicts: accepted bad tokens and crashed, 12 tokens of 3 classes, such as alg-none" */
static void judge_choice(const struct choices *choices, struct choice *choice) {
  struct wrongs wrongs = count_wrongs(choices, choice->subject);
  char figure[FIGURE_NOUN_BYTES], tokens[FIGURE_NOUN_BYTES];
  if (wrongs.inside) {
    OWNED_TALLY struct tally verbs = {0};
    for (int kind = 0; kind < KIND_UNDECIDED; kind++)
      if (wrongs.of[kind])
        add_did(&verbs, answer_kind_words((enum answer_kind)kind));
    OWNED_TEXT char *did = names_join(&verbs, " and ");
    put_out(choice, CHOICE_WRONG,
            allocate_format("%s: %s of %s, such as %s", did, figure_noun(tokens, wrongs.inside, "token"),
                            figure_noun(figure, wrongs.classes.count, "class"), wrongs.classes.items[0]));
  }
  if (wrongs.outside)
    choice->aside = allocate_format("wrong on %s of algorithms outside the mix",
                                    figure_noun(figure, wrongs.outside, "token"));
  tally_fini(&wrongs.classes);
}

static void weigh_latency(const struct choice_wish *wish, struct choice *choice) {
  char p99[FIGURE_BYTES], target[FIGURE_BYTES];
  if (choice->out || isnan(wish->latency_ns))
    return;
  figure_time(target, wish->latency_ns);
  for (unsigned m = 0; m < wish->mix_count && !figure_known(choice->p99_ns); m++)
    if (!figure_known(choice->parts[m]->p99_ns))
      put_out(choice, CHOICE_P99_UNKNOWN,
              allocate_format("p99 of %s is not known (%s), so that %s cannot be promised", wish->mix[m].alg,
                              content_why_missing(choice->parts[m], "p99_ns"), target));
  if (choice->p99_ns > wish->latency_ns)
    put_out(choice, CHOICE_SLOW,
            allocate_format("p99 of %s is over the target of %s before any waiting",
                            figure_time(p99, choice->p99_ns), target));
}

static void weigh_cores(const struct choice_wish *wish, struct choice *choice) {
  char cores[FIGURE_NOUN_BYTES];
  if (choice->out)
    return;
  if (!choice->cores_needed)
    put_out(choice, CHOICE_FEW_CORES, allocate_format("needs more than %d cores", CHOICE_CORES_MAX));
  else if (wish->cores && choice->cores_needed > wish->cores)
    put_out(choice, CHOICE_FEW_CORES,
            allocate_format("needs %s, there %s %u", figure_noun(cores, choice->cores_needed, "core"),
                            wish->cores == 1 ? "is" : "are", wish->cores));
}

static void weigh(const struct choices *choices, struct choice *choice) {
  choice->ns = choice->ns_low = choice->ns_high = choice->ns_together = choice->p99_ns = NAN;
  choice->bad_ns = choice->bad_per_s = choice->bad_share = choice->wait_ns = choice->up_to_per_s = NAN;
  choice->busy = NAN;
  choice->behind = choice->next = (struct ratio){NAN, NAN, NAN, false};
  choice->bad_what = choice->bad_alg = "";
  take_parts(choices, choice);
  bool measured = !choice->out;
  judge_choice(choices, choice);
  if (!measured)
    return;
  capacity_mix(&choices->wish, choice);
  capacity_together(choices, choice);
  weigh_latency(&choices->wish, choice);
  capacity_cores(&choices->wish, choice);
  weigh_cores(&choices->wish, choice);
  capacity_flood(choices, choice);
}

/* ---- all of them ---- */

static int compare_figures(double a, double b) {
  return (a > b) - (a < b);
}

/* More than CHOICE_CORES_MAX is more than any number. */
static double cores_of(const struct choice *choice) {
  return choice->cores_needed ? choice->cores_needed : (double)INFINITY;
}

/* Of the same kind: fewer cores, then less time; of those that no core is fast enough for, less of that. Of
 * the others that are out: as the result lists them. */
static int compare_within(const struct choice *x, const struct choice *y) {
  if (x->kind > CHOICE_SLOW)
    return 0;
  if (x->kind == CHOICE_SLOW)
    return compare_figures(x->p99_ns, y->p99_ns);
  int order = compare_figures(cores_of(x), cores_of(y));
  return order ? order : compare_figures(x->ns, y->ns);
}

static int compare_choices(const void *a, const void *b, void *result) {
  const struct choice *x = a, *y = b;
  int order = x->kind != y->kind ? (int)x->kind - (int)y->kind : compare_within(x, y);
  if (order)
    return order;
  size_t first = result_subject_rank(result, x->subject), second = result_subject_rank(result, y->subject);
  return first != second ? (first < second ? -1 : 1) : strcmp(x->subject, y->subject);
}

static void add_choice(struct choices *choices, const char *subject) {
  for (size_t i = 0; i < choices->count; i++)
    if (strcmp(choices->items[i].subject, subject) == 0)
      return;
  choices->items = allocate_one_more(choices->items, choices->count, sizeof *choices->items);
  struct choice *choice = &choices->items[choices->count++];
  *choice = (struct choice){.subject = subject};
  weigh(choices, choice);
  choices->usable += !choice->out;
}

bool choose(struct choices *choices, const struct result *result, const struct choice_wish *wish,
            struct assay_error *error) {
  *choices = (struct choices){.result = result, .wish = *wish};
  if (result_is_sanitized(result))
    return error_set(error, "the result was measured with sanitizers: its times mean nothing");
  if (!settle_mix(choices, error))
    return false;
  for (size_t i = 0; i < result->verdict_count; i++)
    choices->verdicts = choices->verdicts || result->verdicts[i].level != LEVEL_PRIMITIVE;
  for (size_t i = 0; i < result->speed_count; i++)
    if (is_candidate(&result->speed[i]))
      add_choice(choices, result->speed[i].subject);
  qsort_r(choices->items, choices->count, sizeof *choices->items, compare_choices, (void *)result);
  double level = ratio_level(result);
  struct choice *items = choices->items;
  for (size_t i = 1; i < choices->usable; i++) {
    items[i].behind = capacity_ratio(choices, level, &items[0], &items[i]);
    items[i - 1].next = capacity_ratio(choices, level, &items[i - 1], &items[i]);
  }
  return true;
}

void choices_fini(struct choices *choices) {
  for (size_t i = 0; i < choices->count; i++) {
    free(choices->items[i].out);
    free(choices->items[i].aside);
  }
  free(choices->items);
  *choices = (struct choices){0};
}
