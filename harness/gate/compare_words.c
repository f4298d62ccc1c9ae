/* What people read of two results: the answer in a sentence, the builds, what is worse, and the times. */
#include <math.h>
#include <string.h>

#include "harness/gate/compare_pair.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

/* Rows of times by what was found of them. */
struct row_counts {
  size_t all, faster, slower, open, fails, noisy;
};

static struct row_counts count_rows(const struct pair *pair) {
  struct row_counts found = {0};
  for (size_t i = 0; i < pair->count; i++) {
    enum compared_answer answer = compared_answer(&pair->rows[i]);
    if (result_is_floor(pair->rows[i].first->subject)) /* of assay, and of no library */
      continue;
    found.all++;
    found.faster += answer == COMPARED_FASTER;
    found.slower += answer == COMPARED_SLOWER;
    found.open += answer == COMPARED_OPEN;
    found.fails += pair->rows[i].fails;
    found.noisy += pair->rows[i].open;
  }
  return found;
}

/* "3 rows"; of none "no row". */
static char *rows_words(char *out, size_t count) {
  if (count == 0) {
    snprintf(out, FIGURE_NOUN_BYTES, "no row");
    return out;
  }
  return figure_noun(out, count, "row");
}

/* ---- the answer that was asked for ---- */

static char *slower_words(const struct pair *pair, const struct row_counts *found) {
  char rows[FIGURE_NOUN_BYTES], some[FIGURE_BYTES];
  return allocate_format("%s of %s %s slower in %s by more than %g %%", figure_count(some, found->fails),
                         figure_noun(rows, found->all, "row"), found->fails == 1 ? "is" : "are", pair->other,
                         pair->threshold * 100);
}

static char *judged_words(const struct pair *pair) {
  struct row_counts found = count_rows(pair);
  char rows[FIGURE_NOUN_BYTES], some[FIGURE_BYTES], tokens[FIGURE_NOUN_BYTES];
  double threshold = pair->threshold * 100;
  figure_noun(rows, found.all, "row");
  switch (pair->answer) {
  case GATE_WRONG: return allocate_format("%s answers tokens worse than %s", pair->other, pair->first);
  case GATE_SLOWER: return slower_words(pair, &found);
  case GATE_INCOMPLETE:
    return allocate_format(
        "Not everything could be compared, which is no pass; what is missing stands below");
  case GATE_NOISY:
    return allocate_format("%s of %s cannot rule out a slowdown of more than %g %%; this is no pass",
                           figure_count(some, found.noisy), rows, threshold);
  default:
    return allocate_format("No slowdown of more than %g %% in %s, and of %s asked none is answered worse",
                           threshold, rows, figure_noun(tokens, pair->changes.tokens, "token"));
  }
}

/* ---- what differs, where nothing was asked ---- */

static char *times_words(const struct pair *pair) {
  struct row_counts found = count_rows(pair);
  char slower[FIGURE_NOUN_BYTES], faster[FIGURE_BYTES], open[FIGURE_BYTES], rows[FIGURE_NOUN_BYTES];
  if (found.all == 0)
    return allocate_copy("no times are of the same subject and algorithm");
  if (found.slower + found.faster == 0)
    return allocate_format("none of %s is told apart in speed", figure_noun(rows, found.all, "row"));
  return allocate_format("slower in %s and faster in %s, with %s not told apart",
                         rows_words(slower, found.slower),
                         found.faster ? figure_count(faster, found.faster) : "none",
                         found.open ? figure_count(open, found.open) : "none");
}

static char *shown_words(const struct pair *pair) {
  char worse[FIGURE_NOUN_BYTES], tokens[FIGURE_NOUN_BYTES];
  OWNED_TEXT char *times = times_words(pair);
  char *text = allocate_format("%s against %s: %s", pair->other, pair->first, times);
  if (pair->changes.graver_count)
    result_setf(&text, "%s; answers are worse in %s", text,
                figure_noun(worse, pair->changes.graver_count, "row"));
  else if (pair->changes.tokens)
    result_setf(&text, "%s; of %s asked of both none is answered worse", text,
                figure_noun(tokens, pair->changes.tokens, "token"));
  return text;
}

static char *same_words(const struct pair *pair) {
  return allocate_format("%s and %s are the same result, byte for byte: there is nothing to compare",
                         pair->first, pair->other);
}

static void add_answer(struct document *document, const struct pair *pair) {
  OWNED_TEXT char *words = pair->same             ? same_words(pair)
                           : pair_is_judged(pair) ? judged_words(pair)
                                                  : shown_words(pair);
  bool word = pair_is_judged(pair);
  struct document_text *text =
      document_add_text(document, 0, "", "assay compare: %s%s%s.",
                        word ? content_gate_word(pair->answer) : "", word ? ". " : "", words);
  if (pair->changes.graver_count || (word && pair->answer > GATE_INCOMPLETE))
    text->style = STYLE_WRONG;
  else if (word && pair->answer != GATE_HOLDS)
    text->style = STYLE_UNSURE;
  text->gap = true;
}

/* ---- below it ---- */

char *pair_worse_words(const struct result_gate_finding *finding) {
  return allocate_format("%s: %s; before %s%s%s", finding->where, finding->head, finding->base,
                         finding->example[0] ? "; one is " : "", finding->example);
}

static void add_worse(struct document *document, const struct pair *pair) {
  size_t shown = content_findings_shown(pair->changes.graver, pair->changes.graver_count);
  for (size_t i = 0; i < shown; i++) {
    OWNED_TEXT char *words = pair_worse_words(&pair->changes.graver[i]);
    document_add_text(document, 0, "worse", "%s", words)->style = STYLE_WRONG;
  }
  if (shown < pair->changes.graver_count)
    document_add_text(document, 0, "worse", "and %zu more; --json has them all",
                      pair->changes.graver_count - shown);
}

static void add_open(struct document *document, const struct result_strings *lines) {
  for (size_t i = 0; i < lines->count; i++)
    document_add_text(document, 0, "not compared", "%s", lines->items[i])->style = STYLE_UNSURE;
}

/* Of a subject, the row in which both sides lie furthest apart, by how much; NULL: none is told apart. */
static const struct compared *widest_of(const struct pair *pair, const char *subject, double *times) {
  const struct compared *widest = NULL;
  *times = UNEXPLAINED_LEAST;
  for (size_t i = 0; i < pair->count; i++) {
    const struct compared *row = &pair->rows[i];
    double apart = row->ratio < 1 ? 1 / row->ratio : row->ratio;
    if (!result_is_main_verify(row->first) || strcmp(row->first->subject, subject) != 0 ||
        compared_answer(row) == COMPARED_OPEN || apart < *times)
      continue;
    widest = row;
    *times = apart;
  }
  return widest;
}

/* Builds that show the same and differ in speed. */
static void add_unexplained(struct document *document, const struct pair *pair) {
  for (size_t i = 0; i < pair->builds.count; i++) {
    const struct build_pair *builds = &pair->builds.items[i];
    char figure[FIGURE_BYTES];
    double times;
    const struct compared *row = widest_of(pair, builds->base->name, &times);
    if (!row || !build_is_other_file(builds) || !build_shows_same(builds))
      continue;
    OWNED_TEXT char *alg = result_alg_text(row->first->alg, row->first->key_bits);
    document_add_text(
        document, 0, "",
        "%s shows the same version and facts in both, and verifies %s %s times as fast in %s: the "
        "facts that they show do not explain it.",
        builds->base->name, alg, figure_plain(figure, times), row->ratio > 1 ? pair->other : pair->first);
  }
}

void pair_tell(struct document *document, const struct pair *pair) {
  add_answer(document, pair);
  if (pair->same)
    return;
  add_worse(document, pair);
  add_open(document, &pair->changes.open);
  add_open(document, &pair->lacking);
  content_build_pairs(document, &pair->builds, "first", "other");
  add_unexplained(document, pair);
  if (pair->count == 0)
    return;
  document_add_text(document, 0, "",
                    "speed is how many times as fast the other is, with the widest interval that both "
                    "intervals allow; measured at different times, so differences are hints.")
      ->gap = true;
  content_compared(document, pair->rows, pair->count);
}
