/* What it costs to turn a bad token down: every kind of bad token that the corpus' own policy refuses, by
 * itself, in turns with good ones; and then throughput against the share of bad tokens, of the costliest kind.
 * Kinds that bring a policy, a clock or a token to send first are left out: they are no traffic that one
 * verifier would meet. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/random.h"
#include "harness/measurements/measurement.h"

#define BLOCK_NS 60e3
#define LATE_LEAST 2     /* tokens of a block that get as far as the signature */
#define EARLY_TOKENS 100 /* of one that do not: they cost next to nothing */
#define LEAD_LEAST 8
#define WARM_NS 50e3
#define ROUNDS_LEAST 3
#define SHARES 6
#define MIX_TOKENS 1000
#define KINDS_SHARE 0.75 /* of the budget; the rest is for the mixes */

static const double shares[SHARES] = {0, 0.1, 0.25, 0.5, 0.75, 1};

/* The bad tokens of one reason and variant under the cell's algorithm. */
struct kind {
  uint32_t list_at, list_len, first; /* first: a token of it */
};

struct kinds {
  struct kind *items;
  unsigned count;
};

/* Tokens with other right reasons, too, have no one verdict that a measured loop could check. */
static bool is_bad_here(const struct job *job, const struct cell *cell, const struct corpus_token *t) {
  (void)job;
  return t->setting == 0 && t->now == CORPUS_NOW_UNSET && t->after == CORPUS_NONE &&
         t->verdict == EXPECT_REJECT && t->only_answer != ANSWER_NONE && t->alg == (uint16_t)cell->alg &&
         t->key_bits == cell->key_bits;
}

static int by_kind(const void *a, const void *b, void *arg) {
  const struct corpus_token *tokens = arg, *x = &tokens[*(const uint32_t *)a],
                            *y = &tokens[*(const uint32_t *)b];
  if (x->only_answer != y->only_answer)
    return x->only_answer < y->only_answer ? -1 : 1;
  return x->variant != y->variant ? (x->variant < y->variant ? -1 : 1) : 0;
}

static bool kinds_find(struct job *job, const struct cell *cell, struct kinds *kinds) {
  const struct corpus *corpus = &job->corpus;
  uint32_t count = 0, *found = calloc(corpus->header->token_count + 1, sizeof *found);
  kinds->items = calloc(corpus->header->token_count + 1, sizeof *kinds->items);
  kinds->count = 0;
  if (!found || !kinds->items)
    abort();
  for (uint32_t i = 0; i < corpus->header->token_count; i++)
    if (is_bad_here(job, cell, &corpus->tokens[i]))
      found[count++] = i;
  qsort_r(found, count, sizeof *found, by_kind, (void *)corpus->tokens);
  uint32_t at = measure_list(job, found, count);
  for (uint32_t from = 0, to; at != CORPUS_NONE && from < count; from = to) {
    for (to = from + 1; to < count && by_kind(&found[from], &found[to], (void *)corpus->tokens) == 0;)
      to++;
    kinds->items[kinds->count++] = (struct kind){at + from, to - from, found[from]};
  }
  free(found);
  return at != CORPUS_NONE;
}

static uint32_t late_tokens(struct job *job, const struct cell *cell) {
  uint32_t count = measure_tokens(job, cell, BLOCK_NS);
  return count < LATE_LEAST ? LATE_LEAST : count;
}

static struct series *series_add(struct group *group, unsigned subject, struct control_command command) {
  if (command.lead < LEAD_LEAST && command.count >= LEAD_LEAST)
    command.lead = LEAD_LEAST;
  return group_add(group, subject, &command);
}

/* Of every subject: good tokens, then each kind. */
static void series_make(struct job *job, const struct cell *cell, const struct kinds *kinds,
                        struct group *group) {
  uint32_t late = late_tokens(job, cell), early = late > EARLY_TOKENS ? late : EARLY_TOKENS;
  for (unsigned s = 0; s < job->subject_count; s++) {
    if (!measure_has(job, s, cell) || subject_is_floor(&job->subjects[s]))
      continue;
    unsigned good = group->count;
    series_add(group, s, measure_command(job, cell, late));
    for (unsigned k = 0; k < kinds->count; k++) {
      const struct kind *kind = &kinds->items[k];
      enum assay_reason reason = (enum assay_reason)job->corpus.tokens[kind->first].only_answer;
      bool is_late = subject_is_verifier(&job->subjects[s]) || assay_reason_stage(reason) >= STAGE_SIGNATURE;
      struct control_command command = measure_command(job, cell, is_late ? late : early);
      command.list_at = kind->list_at;
      command.list_len = kind->list_len;
      series_add(group, s, command);
      group_pair(group, group->count - 1, good);
    }
  }
}

static void file_reason(struct job *job, const struct cell *cell, const struct series *costliest,
                        const struct samples *log_ratio, const struct corpus_token *token) {
  const struct corpus_variant *variant = &job->corpus.variants[token->variant];
  struct result_rejection_cost *row = result_add_rejection_cost(job->result);
  result_set(&row->subject, job->subjects[costliest->subject].spec.label);
  result_set(&row->alg, assay_alg_name(cell->alg));
  row->key_bits = cell->key_bits;
  result_set(&row->reason, assay_reason_dotted((enum assay_reason)token->only_answer));
  result_set(&row->class_id, span_text(&job->corpus, variant->class_id));
  result_set(&row->variant, span_text(&job->corpus, variant->name));
  row->ns = samples_median(&costliest->ns);
  row->tokens_per_s = 1e9 / row->ns;
  row->of_good = exp(samples_median(log_ratio));
  sign_interval(&costliest->ns, BENCH_LEVEL, &row->ns_low, &row->ns_high);
  if (sign_interval(log_ratio, BENCH_LEVEL, &row->of_good_low, &row->of_good_high)) {
    row->of_good_low = exp(row->of_good_low);
    row->of_good_high = exp(row->of_good_high);
  }
}

/* Rows of one subject, whose series begin at the place of its good tokens; kinds of one reason stand
 * together. Returns the costliest kind of all, or NULL where nothing was measured. */
static const struct kind *file_subject(struct job *job, const struct cell *cell, const struct kinds *kinds,
                                       const struct group *group, unsigned place) {
  const struct series *good = &group->series[place];
  const struct kind *worst = NULL;
  double worst_ns = 0;
  if (!measure_right(job, cell, good))
    return NULL;
  for (unsigned from = 0, to; from < kinds->count; from = to) {
    const struct series *costliest = NULL;
    unsigned best = from;
    uint16_t reason = job->corpus.tokens[kinds->items[from].first].only_answer;
    for (to = from; to < kinds->count && job->corpus.tokens[kinds->items[to].first].only_answer == reason;
         to++) {
      const struct series *series = &good[1 + to];
      if (!measure_right(job, cell, series) || series->ns.count == 0 ||
          (costliest && samples_median(&series->ns) <= samples_median(&costliest->ns)))
        continue;
      costliest = series;
      best = to;
    }
    if (!costliest)
      continue;
    file_reason(job, cell, costliest, &group_pair_of(group, place + 1 + best, place)->log_ratio,
                &job->corpus.tokens[kinds->items[best].first]);
    if (samples_median(&costliest->ns) > worst_ns) {
      worst_ns = samples_median(&costliest->ns);
      worst = &kinds->items[best];
    }
  }
  return worst;
}

/* The kinds, one by one. Returns the costliest for the reference, or for the first subject that has any. */
static const struct kind *measure_kinds(struct job *job, const struct cell *cell, const struct kinds *kinds,
                                        double budget_s) {
  const struct kind *worst = NULL;
  struct group group = measure_group("rejection", budget_s, 0, WARM_NS, ROUNDS_LEAST);
  series_make(job, cell, kinds, &group);
  bool ok = measure_run(job, NULL, &group, measure_launches(job));
  for (unsigned i = 0; ok && i < group.count; i += kinds->count + 1) {
    const struct kind *own = file_subject(job, cell, kinds, &group, i);
    if (!worst || (int)group.series[i].subject == job->reference)
      worst = own ? own : worst;
  }
  group_fini(&group);
  return worst;
}

/* Good and bad tokens in random order, so that no predictor can learn it. */
static uint32_t mix_make(struct job *job, const struct cell *cell, const struct kind *bad, double share) {
  uint32_t mix[MIX_TOKENS], bad_count = (uint32_t)(share * MIX_TOKENS + 0.5);
  for (uint32_t i = 0; i < MIX_TOKENS; i++)
    mix[i] = i < bad_count ? job->list[bad->list_at + i % bad->list_len]
                           : job->list[cell->list_at + i % cell->list_len];
  for (uint32_t i = MIX_TOKENS - 1; i > 0; i--) {
    uint32_t j = (uint32_t)(measure_random(job) % (i + 1)), kept = mix[i];
    mix[i] = mix[j];
    mix[j] = kept;
  }
  return measure_list(job, mix, MIX_TOKENS);
}

static bool measure_mixes(struct job *job, const struct cell *cell, const struct kind *bad, double budget_s) {
  struct group group = measure_group("share of bad tokens", budget_s, 0, WARM_NS, ROUNDS_LEAST);
  uint32_t count = late_tokens(job, cell) * 4; /* as many of either sort as the share asks for, nearly */
  for (unsigned share = 0; share < SHARES; share++) {
    struct control_command command = measure_command(job, cell, count);
    command.list_at = mix_make(job, cell, bad, shares[share]);
    command.list_len = MIX_TOKENS;
    for (unsigned s = 0; s < job->subject_count && command.list_at != CORPUS_NONE; s++)
      if (measure_has(job, s, cell) && !subject_is_floor(&job->subjects[s]))
        series_add(&group, s, command)->tag = share;
  }
  bool ok = measure_run(job, NULL, &group, measure_launches(job));
  for (unsigned i = 0; ok && i < group.count; i++) {
    const struct series *series = &group.series[i];
    if (series->tag > 0 || !measure_is_filed(job, cell, series))
      measure_speed_row(job, cell, series, NULL)->bad_share = shares[series->tag];
  }
  group_fini(&group);
  return ok;
}

static bool rejection_of(struct job *job, const struct cell *cell, double budget_s,
                         struct assay_error *error) {
  struct kinds kinds;
  measure_lists_clear(job);
  bool ok = kinds_find(job, cell, &kinds) || error_set(error, "no room for the lists of bad tokens");
  if (ok && kinds.count > 0) {
    const struct kind *worst = measure_kinds(job, cell, &kinds, budget_s * KINDS_SHARE);
    ok = !stop_asked && (!worst || measure_mixes(job, cell, worst, budget_s * (1 - KINDS_SHARE)));
  }
  free(kinds.items);
  return ok;
}

static bool measure_rejection_run(struct job *job, double budget_s, struct assay_error *error) {
  return measure_each_lead(job, budget_s, rejection_of, error);
}

const struct measurement measurement_rejection = {
    .name = "rejection",
    .summary = "what refusing a token costs, by reason, and throughput by share of bad tokens",
    .takes = "80 s",
    .seconds = 80,
    .run = measure_rejection_run,
};
