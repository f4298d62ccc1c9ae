/* The answer in one sentence. */
#include <math.h>
#include <stdlib.h>

#include "reports/advise/advice_parts.h"
#include "reports/model/measured.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define NAMED_MOST 3

/* Clauses, in the order in which they are said. */
static void add_clause(struct tally *clauses, char *clause) {
  if (clause)
    names_add(clauses, clause);
  free(clause);
}

/* ---- verdicts ---- */

static char *verdict_words(const struct advice *advice) {
  struct change_sum all = advice_sum(advice, CHANGE_ACCEPTS, CHANGE_MENDED);
  char tokens[FIGURE_NOUN_BYTES];
  if (!advice->is_judged || (!all.count && advice->result->partial))
    return NULL;
  if (!all.count)
    return allocate_copy("no verdict changes");
  if (!all.tokens)
    return allocate_copy("some tokens are answered otherwise, none worse");
  return allocate_format("%s %s answered otherwise, none worse", figure_noun(tokens, all.tokens, "token"),
                         all.tokens == 1 ? "is" : "are");
}

/* "new accepts bad tokens that old refuses" */
static char *worse_deed(const struct advice *advice, enum change_kind kind) {
  static const char *const words[][2] = {
      [CHANGE_ACCEPTS] = {"accepts bad tokens that ", " refuses"},
      [CHANGE_BREAKS] = {"crashes, hangs or fails on tokens that ", " answers"},
      [CHANGE_REFUSES] = {"refuses good tokens that ", " accepts"},
      [CHANGE_WORSE] = {"refuses tokens for a worse reason than ", ", or without one"},
  };
  return allocate_format("%s %s%s%s", advice->to, words[kind][0], advice->from, words[kind][1]);
}

static size_t count_classes(const struct advice *advice, enum change_kind kind) {
  OWNED_TALLY struct tally classes = {0};
  for (size_t i = 0; i < advice->change_count; i++)
    if (advice->changes[i].kind == kind)
      names_add(&classes, advice->changes[i].class_id);
  return classes.count;
}

/* The gravest, and how much more there is. */
static char *worse_words(const struct advice *advice) {
  struct change_sum all = advice_sum(advice, CHANGE_ACCEPTS, CHANGE_WORSE);
  char tokens[FIGURE_NOUN_BYTES], classes[FIGURE_NOUN_BYTES];
  if (!all.count)
    return NULL;
  const struct advice_change *first = all.first;
  struct change_sum same = advice_sum(advice, first->kind, first->kind);
  OWNED_TEXT char *deed = worse_deed(advice, first->kind);
  char *text = allocate_format("%s: ", deed);
  if (same.tokens)
    result_setf(&text, "%s%s of ", text, figure_noun(tokens, same.tokens, "token"));
  const char *severity = assay_severity_word(first->severity);
  result_setf(&text, "%s%s, such as %s%s%s%s", text,
              figure_noun(classes, count_classes(advice, first->kind), "class"), first->class_id,
              severity[0] ? " (" : "", severity, severity[0] ? ")" : "");
  if (all.count > same.count && all.tokens > same.tokens)
    result_setf(&text, "%s; %s answered worse", text,
                figure_noun(tokens, all.tokens - same.tokens, "more token"));
  return text;
}

/* Wrong as it has been, which is no change and no reason to go either. */
static char *wrong_words(const struct advice *advice) {
  char tokens[FIGURE_NOUN_BYTES];
  if (!advice->wrong || advice_sum(advice, CHANGE_ACCEPTS, CHANGE_WORSE).count)
    return NULL;
  return allocate_format("%s answers %s wrongly, and so does %s", advice->to,
                         figure_noun(tokens, advice->wrong, "token"), advice->from);
}

static char *void_words(const struct advice *advice) {
  OWNED_TEXT char *algs = names_join(&advice->voided, " and ");
  return advice->voided.count
             ? allocate_format("%s answers tokens of %s wrongly while it is measured", advice->to, algs)
             : NULL;
}

/* ---- the mix ---- */

static char *cores_words(char *out, const struct choice *choice) {
  if (choice->cores_needed)
    return figure_noun(out, choice->cores_needed, "core");
  snprintf(out, FIGURE_NOUN_BYTES, "more than %d cores", CHOICE_CORES_MAX);
  return out;
}

/* "new verifies your mix with 3 cores instead of 4" */
static char *mix_words(const struct advice *advice) {
  const struct choice *from = advice->cost_from, *to = advice->cost_to;
  char cores[FIGURE_NOUN_BYTES], before[FIGURE_NOUN_BYTES];
  bool before_known = from && figure_known(from->ns);
  if (!to || !figure_known(to->ns))
    return NULL;
  OWNED_TEXT char *ratio = advice_ratio_text(&advice->mix);
  if (!(advice->wish.mix.rate_per_s > 0) || advice_cores_are_open(advice))
    return before_known ? allocate_format("%s verifies your mix %s", advice->to, ratio) : NULL;
  char *text = allocate_format("%s verifies your mix with %s", advice->to, cores_words(cores, to));
  if (before_known && advice_more_cores(advice) == 0)
    result_setf(&text, "%s, as %s does", text, advice->from);
  else if (before_known)
    result_setf(&text, "%s instead of %s", text,
                from->cores_needed ? figure_count(before, from->cores_needed) : cores_words(before, from));
  return text;
}

/* ---- algorithms ---- */

static char *missing_words(const struct advice *advice) {
  OWNED_TEXT char *names = names_join(&advice->missing, " and ");
  return advice->missing.count ? allocate_format("%s has no %s", advice->to, names) : NULL;
}

static char *gained_words(const struct advice *advice) {
  OWNED_TEXT char *names = names_join(&advice->gained, " and ");
  return advice->gained.count ? allocate_format("%s has %s, which %s lacks", advice->to, names, advice->from)
                              : NULL;
}

/* How far it is from 1, either way. */
static double size_of(const struct advice_speed *speed) {
  return fabs(log(speed->ratio.times));
}

/* "ES512 is 2.10 times as fast [2.05, 2.15], and 3 more algorithms are faster" */
static char *pace_words(const struct advice *advice, enum pace pace) {
  const struct advice_speed *most = NULL;
  OWNED_TALLY struct tally algs = {0};
  char more[FIGURE_NOUN_BYTES];
  for (size_t i = 0; i < advice->verify.count; i++) {
    const struct advice_speed *speed = &advice->verify.items[i];
    if (speed->pace != pace || !speed_is_notable(advice, speed))
      continue;
    names_add(&algs, speed->from->alg);
    most = !most || size_of(speed) > size_of(most) ? speed : most;
  }
  if (!most)
    return NULL;
  OWNED_TEXT char *alg = result_alg_text(most->from->alg, most->from->key_bits),
                  *ratio = advice_ratio_text(&most->ratio);
  char *text = allocate_format("%s is %s", alg, ratio);
  if (algs.count > 1)
    result_setf(&text, "%s, and %s %s %s", text, figure_noun(more, algs.count - 1, "more algorithm"),
                algs.count == 2 ? "is" : "are", pace_word(pace));
  return text;
}

/* Of all algorithms together where none stands out. */
static char *as_fast_words(const struct advice *advice) {
  return advice->wish.mix.mix_count || !advice->verify.count
             ? NULL
             : allocate_format("no algorithm is slower or faster by more than %g %%",
                               advice->wish.threshold * 100);
}

/* ---- why a run cannot tell ---- */

static void add_open(const struct advice *advice, struct tally *names, enum pace pace) {
  size_t at;
  for (size_t i = 0; i < advice->verify.count; i++) {
    const struct advice_speed *speed = &advice->verify.items[i];
    const struct result_speed *row = speed_row(speed);
    if (speed->pace == pace && speed->counts && !tally_find(&advice->gained, row->alg, &at) &&
        !tally_find(&advice->lost, row->alg, &at))
      names_add(names, row->alg);
  }
}

static char *few_names(const struct tally *names) {
  OWNED_TALLY struct tally few = {0};
  for (size_t i = 0; i < names->count && i < NAMED_MOST; i++)
    names_add(&few, names->items[i]);
  if (names->count > NAMED_MOST)
    names_addf(&few, "%zu more", names->count - NAMED_MOST);
  char *text = names_join(&few, " and ");
  return text;
}

static char *open_words(const struct advice *advice) {
  OWNED_TALLY struct tally open = {0};
  add_open(advice, &open, PACE_OPEN);
  OWNED_TEXT char *names = few_names(&open);
  double percent = advice->wish.threshold * 100;
  if (advice->wish.mix.mix_count && advice->mix_pace == PACE_OPEN)
    return allocate_format("whether your mix becomes slower by more than %g %% is not resolved", percent);
  if (advice->wish.mix.mix_count || !open.count)
    return NULL;
  return allocate_format("whether %s %s slower by more than %g %% is not resolved", names,
                         open.count == 1 ? "becomes" : "become", percent);
}

static char *absent_words(const struct advice *advice) {
  OWNED_TALLY struct tally absent = {0};
  add_open(advice, &absent, PACE_ABSENT);
  OWNED_TEXT char *names = few_names(&absent);
  return absent.count ? allocate_format("%s could not be measured with both", names) : NULL;
}

static void add_reasons(const struct advice *advice, struct tally *clauses) {
  char tokens[FIGURE_NOUN_BYTES];
  if (advice->result->partial) { /* which is why all else is missing */
    names_add(clauses, "it was interrupted");
    return;
  }
  if (!advice->is_judged)
    names_add(clauses, "nobody's verdicts were asked for");
  if (advice->unasked)
    names_addf(clauses, "%s left %s without an answer", advice->to,
               figure_noun(tokens, advice->unasked, "token"));
  if (!advice->is_timed)
    names_add(clauses, "times of a sanitizer build mean nothing");
  else if (!advice->verify.count)
    names_add(clauses, "no times were measured");
  add_clause(clauses, absent_words(advice));
  add_clause(clauses, open_words(advice));
}

/* ---- all of it ---- */

static void add_go(const struct advice *advice, struct tally *clauses) {
  add_clause(clauses, mix_words(advice));
  add_clause(clauses, verdict_words(advice));
  add_clause(clauses, gained_words(advice));
  OWNED_TEXT char *faster = pace_words(advice, PACE_FASTER), *slower = pace_words(advice, PACE_SLOWER);
  if (faster)
    names_add(clauses, faster);
  if (slower)
    names_add(clauses, slower);
  if (!faster && !slower)
    add_clause(clauses, as_fast_words(advice));
}

static void add_cost(const struct advice *advice, struct tally *clauses) {
  add_clause(clauses, missing_words(advice));
  if (advice->cost_to && advice->mix_pace != PACE_ABSENT) {
    OWNED_TEXT char *ratio = advice_ratio_text(&advice->mix);
    OWNED_TEXT char *words = mix_words(advice);
    if (advice->wish.mix.rate_per_s > 0)
      names_addf(clauses, "%s, %s", words, ratio);
    else
      names_add(clauses, words);
  }
  add_clause(clauses, pace_words(advice, PACE_SLOWER));
  add_clause(clauses, verdict_words(advice));
  add_clause(clauses, pace_words(advice, PACE_FASTER));
}

static void add_worse(const struct advice *advice, struct tally *clauses) {
  add_clause(clauses, worse_words(advice));
  add_clause(clauses, wrong_words(advice));
  add_clause(clauses, void_words(advice));
}

static void add_unknown(const struct advice *advice, struct tally *clauses) {
  add_reasons(advice, clauses);
  add_clause(clauses, verdict_words(advice));
  add_clause(clauses, pace_words(advice, PACE_FASTER));
}

char *advice_sentence(const struct advice *advice) {
  static const struct {
    const char *head;
    void (*add)(const struct advice *advice, struct tally *clauses);
  } answers[] = {
      [ADVICE_GO] = {"Go", add_go},
      [ADVICE_SAME] = {"No difference", add_go},
      [ADVICE_WAIT_COST] = {"Wait", add_cost},
      [ADVICE_WAIT_VERDICTS] = {"Wait", add_worse},
      [ADVICE_UNKNOWN] = {"This run cannot tell", add_unknown},
  };
  OWNED_TALLY struct tally clauses = {0};
  if (advice->is_same_build)
    names_addf(&clauses, "%s and %s are the same library and module, byte for byte", advice->from,
               advice->to);
  else
    answers[advice->answer].add(advice, &clauses);
  OWNED_TEXT char *text = names_list(&clauses, "; ", "; ");
  return allocate_format("%s: %s.", answers[advice->answer].head, text);
}
