/* The sentences that say what the tables come to. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "reports/content/content.h"
#include "reports/content/rows.h"
#include "reports/model/ratio.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

/* "1.18 times as fast as boringssl [1.15, 1.21]" */
static char *ratio_text(const struct ratio *ratio, const char *slow) {
  char times[FIGURE_BYTES], low[FIGURE_BYTES], high[FIGURE_BYTES];
  char *text = allocate_format("%s times as fast as %s", figure_plain(times, ratio->times), slow);
  if (figure_known(ratio->low))
    result_setf(&text, "%s [%s, %s]", text, figure_plain(low, ratio->low), figure_plain(high, ratio->high));
  return text;
}

static struct document_text *add_no_interval(struct document *document, const struct result *result) {
  OWNED_TEXT char *why = content_no_interval(result);
  struct document_text *text = document_add_text(
      document, 0, "", "%s: these figures are not resolved, and small differences may be chance.", why);
  return text;
}

/* Subjects with wrong verdicts: nobody may call them the faster ones. */
static struct tally wrong_subjects(const struct result *result) {
  struct tally wrong = {0};
  for (size_t i = 0; i < result->verdict_count; i++)
    if (verdict_wrong(&result->verdicts[i]))
      names_add(&wrong, result->verdicts[i].subject);
  return wrong;
}

static bool is_in(const struct result_speed *row, const char *alg, unsigned key_bits) {
  return result_is_main_verify(row) && strcmp(row->alg, alg) == 0 && row->key_bits == key_bits;
}

static const struct result_speed *fastest(const struct result *result, const char *alg, unsigned key_bits,
                                          const struct tally *wrong) {
  const struct result_speed *best = NULL;
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    size_t index;
    if (is_in(row, alg, key_bits) && !tally_find(wrong, row->subject, &index) &&
        (!best || row->ns < best->ns))
      best = row;
  }
  return best;
}

static bool all_packaged(const struct result *result) {
  for (size_t i = 0; i < result->subject_count; i++)
    if (!result->subjects[i].package[0] && !result_is_floor(result->subjects[i].name))
      return false;
  return true;
}

/* The others, as the fastest is compared with them. */
struct compared_alg {
  struct tally resolved, open; /* open: the run cannot tell: its interval holds 1, or there is none */
  bool intervals;              /* all of them have one */
};

static void compare_with(struct compared_alg *compared, const struct result *result, double level,
                         const struct result_speed *best, const struct result_speed *row) {
  struct ratio ratio = ratio_between(result, level, best, row);
  OWNED_TEXT char *text = ratio_text(&ratio, row->subject);
  compared->intervals &= figure_known(ratio.low);
  names_add(ratio.resolved ? &compared->resolved : &compared->open, text);
}

static void add_compared(struct document *document, const struct result *result, const char *subject,
                         const char *alg, const struct compared_alg *compared) {
  const char *origin = all_packaged(result) ? "packaged" : "built";
  OWNED_TEXT char *resolved = names_join(&compared->resolved, " and "),
                  *open = names_join(&compared->open, " and ");
  if (resolved[0])
    document_add_text(document, 0, "", "%s verifies %s %s, as %s here.", subject, alg, resolved, origin);
  if (open[0])
    document_add_text(document, 0, "", "Not resolved for %s: %s was %s; this run cannot tell them apart.",
                      alg, subject, open);
}

/* Compares the fastest subject with all others for one algorithm. Returns whether every
 * interval was known. */
static bool compare_alg(struct document *document, const struct result *result, double level, const char *alg,
                        unsigned key_bits, const struct tally *wrong) {
  const struct result_speed *best = fastest(result, alg, key_bits, wrong);
  struct compared_alg compared = {.intervals = true};
  for (size_t i = 0; best && i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (is_in(row, alg, key_bits) && row != best && row->ns >= best->ns)
      compare_with(&compared, result, level, best, row);
  }
  if (best)
    add_compared(document, result, best->subject, alg, &compared);
  tally_fini(&compared.resolved);
  tally_fini(&compared.open);
  return compared.intervals;
}

void content_comparisons(struct document *document, const struct result *result) {
  static const char *const main_algs[] = {"RS256", "ES256"};
  size_t before = document->block_count;
  double level = ratio_level(result);
  unsigned key_bits;
  bool intervals = true;
  OWNED_TALLY struct tally wrong = wrong_subjects(result);
  for (size_t i = 0; i < 2; i++)
    if (result_main_size(result, main_algs[i], &key_bits))
      intervals &= compare_alg(document, result, level, main_algs[i], key_bits, &wrong);
  for (int alg = 0; alg < ASSAY_ALG_COUNT && document->block_count == before; alg++)
    if (result_main_size(result, assay_alg_name((enum assay_alg)alg), &key_bits))
      intervals &=
          compare_alg(document, result, level, assay_alg_name((enum assay_alg)alg), key_bits, &wrong);
  if (!intervals)
    add_no_interval(document, result);
}

/* The next behind the fastest; of those without wrong verdicts as long as there is one. */
static const struct result_speed *runner_up(const struct result *result, const struct result_speed *best,
                                            const struct tally *wrong, bool *is_wrong) {
  const struct result_speed *next = NULL;
  *is_wrong = true;
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    size_t index;
    bool row_is_wrong = tally_find(wrong, row->subject, &index);
    if (!is_in(row, best->alg, best->key_bits) || row == best || row->ns < best->ns ||
        row_is_wrong > *is_wrong)
      continue;
    if (!next || row_is_wrong < *is_wrong || row->ns < next->ns)
      next = row;
    *is_wrong = row_is_wrong;
  }
  return next;
}

/* "For RS256, boringssl verifies 1.20 times as fast as openssl [1.17, 1.23]", of the fastest and the next.
 * Returns whether the interval is known. */
static bool lead_alg(struct tally *leads, const struct result *result, double level, const char *alg,
                     unsigned key_bits, const struct tally *wrong) {
  const struct result_speed *best = fastest(result, alg, key_bits, wrong);
  bool is_wrong = false;
  const struct result_speed *next = best ? runner_up(result, best, wrong, &is_wrong) : NULL;
  if (!next)
    return true;
  struct ratio ratio = ratio_between(result, level, best, next);
  OWNED_TEXT char *text = ratio_text(&ratio, next->subject);
  bool interval = figure_known(ratio.low);
  if (ratio.resolved)
    result_setf(&text, "For %s, %s verifies %s", alg, best->subject, text);
  else
    result_setf(&text, "For %s, this run cannot tell %s and %s apart", alg, best->subject, next->subject);
  if (is_wrong)
    result_setf(&text, "%s; %s gave wrong verdicts", text, next->subject);
  names_add(leads, text);
  return interval;
}

void content_lead(struct document *document, const struct result *result) {
  static const char *const main_algs[] = {"RS256", "ES256"};
  OWNED_TALLY struct tally leads = {0};
  unsigned key_bits;
  bool intervals = true;
  if (result_is_sanitized(result))
    return;
  double level = ratio_level(result);
  OWNED_TALLY struct tally wrong = wrong_subjects(result);
  for (size_t i = 0; i < 2; i++)
    if (result_main_size(result, main_algs[i], &key_bits))
      intervals &= lead_alg(&leads, result, level, main_algs[i], key_bits, &wrong);
  for (int alg = 0; alg < ASSAY_ALG_COUNT && leads.count == 0; alg++)
    if (result_main_size(result, assay_alg_name((enum assay_alg)alg), &key_bits))
      intervals &= lead_alg(&leads, result, level, assay_alg_name((enum assay_alg)alg), key_bits, &wrong);
  for (size_t i = 0; i < leads.count; i++)
    document_add_text(document, 0, "", "%s.", leads.items[i]);
  if (!intervals)
    add_no_interval(document, result)->style = STYLE_UNSURE;
}

/* A subject's answers, summed up for a sentence. */
struct judgement {
  bool asked, whole;                    /* whole: it answers by itself, outside assay's own pipeline */
  uint64_t of[KIND_COUNT];              /* tokens */
  struct tally classes[KIND_UNDECIDED]; /* classes with such tokens */
};

static void judgement_add(struct judgement *judgement, const struct result_verdict *row) {
  judgement->asked |= result_expects(row) != EXPECT_ANY && row->tokens > row->unsupported;
  judgement->whole |= row->level == LEVEL_WHOLE;
  judgement->of[KIND_UNSUPPORTED] += row->unsupported;
  judgement->of[KIND_REASON] += row->wrong_reason;
  for (int kind = 0; kind < KIND_UNDECIDED; kind++) {
    uint64_t count = result_count(row, (enum answer_kind)kind);
    judgement->of[kind] += count;
    if (count)
      names_add(&judgement->classes[kind], row->class_id);
  }
}

static void judgement_fini(struct judgement *judgement) {
  for (int kind = 0; kind < KIND_UNDECIDED; kind++)
    tally_fini(&judgement->classes[kind]);
}

/* One of each subject, in the order of their first rows. free() it, after judgement_fini() of each. */
static struct judgement *judge_subjects(const struct result *result, struct tally *subjects) {
  struct judgement *judgements = NULL;
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    bool is_new;
    if (result_is_floor(row->subject))
      continue;
    size_t index = tally_index(subjects, row->subject, &is_new);
    if (is_new) {
      judgements = allocate_one_more(judgements, index, sizeof *judgements);
      judgements[index] = (struct judgement){0};
    }
    judgement_add(&judgements[index], row);
  }
  return judgements;
}

static bool has_wrong(const struct judgement *judgement) {
  uint64_t sum = 0;
  for (int kind = 0; kind < KIND_UNDECIDED; kind++)
    sum += judgement->of[kind];
  return sum > 0;
}

static void add_wrongs(struct tally *wrong, const char *subject, const struct judgement *judgement) {
  for (int kind = 0; kind < KIND_UNDECIDED; kind++) {
    if (judgement->of[kind] == 0)
      continue;
    OWNED_TEXT char *phrase = kind_phrase((enum answer_kind)kind, judgement->of[kind]);
    names_addf(wrong, "%s %s", subject, phrase);
  }
}

/* "libjwt accepted bad tokens of 7 classes and crashed on tokens of 1 class" */
static void add_whole(struct tally *found, const char *subject, const struct judgement *judgement) {
  OWNED_TALLY struct tally parts = {0};
  char figure[FIGURE_NOUN_BYTES];
  for (int kind = 0; kind < KIND_UNDECIDED; kind++) {
    size_t classes = judgement->classes[kind].count;
    const struct answer_kind_words *words = answer_kind_words((enum answer_kind)kind);
    OWNED_TEXT char *part =
        allocate_format("%s %ss of %s", words->did, words->object, figure_noun(figure, classes, "class"));
    if (classes)
      names_add(&parts, part);
  }
  OWNED_TEXT char *what = names_join(&parts, " and "), *text = allocate_format("%s %s", subject, what);
  names_add(found, text);
}

/* Who gave no wrong verdict, and on all that they were asked or only on what they could be told. */
struct judged {
  struct tally right, right_where_told, wrong, found;
  struct tally reasons; /* of verifiers, who gave others than expected */
};

/* The name, and what qualifies that no verdict was wrong. */
static void add_right(struct judged *judged, const char *subject, const struct judgement *judgement) {
  bool untold = judgement->whole && judgement->of[KIND_UNSUPPORTED];
  names_add(untold ? &judged->right_where_told : &judged->right, subject);
  if (judgement->of[KIND_REASON] == 0)
    return;
  OWNED_TEXT char *phrase = kind_phrase(KIND_REASON, judgement->of[KIND_REASON]);
  names_addf(judgement->whole ? &judged->reasons : &judged->wrong, "%s %s", subject, phrase);
}

static void judge_all(const struct result *result, struct judged *judged) {
  OWNED_TALLY struct tally subjects = {0};
  struct judgement *judgements = judge_subjects(result, &subjects);
  for (size_t i = 0; i < subjects.count; i++) {
    const char *subject = subjects.items[i];
    struct judgement *judgement = &judgements[i];
    if (has_wrong(judgement) && judgement->whole)
      add_whole(&judged->found, subject, judgement);
    else if (has_wrong(judgement))
      add_wrongs(&judged->wrong, subject, judgement);
    else if (judgement->asked)
      add_right(judged, subject, judgement);
    judgement_fini(judgement);
  }
  free(judgements);
}

static void judged_fini(struct judged *judged) {
  tally_fini(&judged->wrong);
  tally_fini(&judged->right);
  tally_fini(&judged->right_where_told);
  tally_fini(&judged->reasons);
  tally_fini(&judged->found);
}

void content_judgement(struct document *document, const struct result *result) {
  struct judged judged = {0};
  judge_all(result, &judged);
  OWNED_TEXT char *wrong = names_join(&judged.wrong, " and "), *found = names_list(&judged.found, "; ", "; ");
  OWNED_TEXT char *right = names_join(&judged.right, " and "),
                  *told = names_join(&judged.right_where_told, " and ");
  OWNED_TEXT char *reasons = names_join(&judged.reasons, " and ");
  if (judged.wrong.count)
    document_add_text(document, 0, "", "Wrong: %s.", wrong)->style = STYLE_WRONG;
  if (judged.right.count)
    document_add_text(document, 0, "", "%s gave no wrong verdict.", right);
  if (judged.right_where_told.count)
    document_add_text(document, 0, "", "%s gave no wrong verdict on what %s can check.", told,
                      judged.right_where_told.count == 1 ? "it" : "they");
  if (judged.reasons.count)
    document_add_text(document, 0, "", "%s.", reasons);
  if (judged.found.count)
    document_add_text(document, 0, "", "%s.", found);
  judged_fini(&judged);
}

void content_build_notes(struct document *document, const struct result *result) {
  OWNED_TEXT char *text = allocate_copy("");
  for (size_t i = 0; i < result->subject_count; i++) {
    const struct result_subject *subject = &result->subjects[i];
    if (!subject->note[0])
      continue;
    result_setf(&text, "%s%s%s %s is \"%s\"", text, text[0] ? "; " : "", subject->name, subject->version,
                subject->note);
    if (subject->build_count && strcmp(subject->build[0].source, "measured") != 0)
      result_setf(&text, "%s (%s)", text, subject->build[0].fact);
  }
  if (text[0])
    document_add_text(document, 0, "", "These are builds, not libraries: %s.", text);
}

void content_summary(struct document *document, const struct result *result) {
  content_judgement(document, result);
  if (!result_is_sanitized(result))
    content_comparisons(document, result);
  content_unexplained(document, result);
  content_build_notes(document, result);
}
