/* What `assay gate` was answered: the answer in a sentence, what became wrong, and the times compared. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/content/builds.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define FINDINGS_SHOWN 5 /* without --verbose */

/* Rows that compare times, how many of them gave one answer, and what they differ in. */
struct comparisons {
  const struct result_gate *first;
  size_t count, of[GATE_ANSWERS];
  bool conditions, measures, thresholds;
};

static struct comparisons count_comparisons(const struct result *result) {
  struct comparisons found = {0};
  for (size_t i = 0; i < result->gate_count; i++) {
    const struct result_gate *gate = &result->gates[i];
    if (!gate_is_comparison(gate))
      continue;
    found.first = found.first ? found.first : gate;
    found.count++;
    found.of[gate_answer(gate)]++;
    found.conditions |= gate->conditions[0] != '\0';
    found.measures |= gate->measure != found.first->measure;
    found.thresholds |= fabs(gate->threshold - found.first->threshold) > 1e-9;
  }
  return found;
}

static enum document_style answer_style(enum result_gate_answer answer) {
  static const enum document_style styles[GATE_ANSWERS] = {[GATE_NOISY] = STYLE_UNSURE,
                                                           [GATE_INCOMPLETE] = STYLE_UNSURE,
                                                           [GATE_SLOWER] = STYLE_WRONG,
                                                           [GATE_WRONG] = STYLE_WRONG};
  return styles[answer];
}

const char *content_gate_word(enum result_gate_answer answer) {
  return answer == GATE_NOISY ? "too noisy to say" : gate_answer_word(answer);
}

static bool is_of_history(const struct result_gate *gate) {
  return gate->kind == GATE_HISTORY;
}

/* More than usual, and still below the threshold that was named. */
static bool is_let_through(const struct result_gate *gate) {
  return gate_answer(gate) == GATE_HOLDS && gate->change > gate->noise;
}

/* "5 %", or "what is let through" where that differs from one algorithm to the next. free() it. */
static char *threshold_text(const struct comparisons *found) {
  if (found->thresholds)
    return allocate_copy("what is let through");
  return allocate_format("%g %%", found->first ? found->first->threshold * 100 : (double)NAN);
}

static size_t count_incomplete(const struct result *result) {
  size_t count = 0;
  for (size_t i = 0; i < result->gate_count; i++)
    count += gate_answer(&result->gates[i]) == GATE_INCOMPLETE;
  return count;
}

/* The reason, where there is one alone; else they stand below, each in its line. */
static char *incomplete_sentence(const struct result *result) {
  size_t count = count_incomplete(result);
  for (size_t i = 0; i < result->gate_count && count == 1; i++)
    if (gate_answer(&result->gates[i]) == GATE_INCOMPLETE)
      return allocate_format("This is no pass: %s.", result->gates[i].reason);
  return allocate_format("This is no pass: %zu things of the base could not be compared.", count);
}

/* Whether the headline has said already what a row could not compare. */
static bool is_told(const struct result *result, const struct result_gate *gate) {
  return gate_answer(gate) == GATE_INCOMPLETE && result_gates_answer(result) == GATE_INCOMPLETE &&
         count_incomplete(result) == 1;
}

static char *slower_sentence(const struct comparisons *found, const char *threshold) {
  char all[FIGURE_NOUN_BYTES];
  const char *are = found->count == 1 ? "is" : "are";
  figure_noun(all, found->count, "comparison");
  if (is_of_history(found->first))
    return allocate_format("%zu of %s %s slower by more than past changes.", found->of[GATE_SLOWER], all,
                           are);
  return allocate_format("%zu of %s %s slower by more than %s and more than the noise.",
                         found->of[GATE_SLOWER], all, are, threshold);
}

/* Where no times were compared, the verdicts alone hold. */
static char *holds_sentence(const struct result *result, const struct comparisons *found,
                            const char *threshold) {
  char all[FIGURE_NOUN_BYTES];
  if (found->count == 0) {
    char *reason = allocate_format("%s.", result->gate_count ? result->gates[0].reason : "");
    reason[0] = (char)toupper((unsigned char)reason[0]);
    return reason;
  }
  return allocate_format("No slowdown of more than %s in %s.", threshold,
                         figure_noun(all, found->count, "comparison"));
}

/* What the gravest of the findings is, which stands first. */
static char *wrong_sentence(const struct result *result) {
  const struct result_gate *row = &result->gates[0];
  unsigned gravity = row->finding_count ? row->findings[0].gravity : 0;
  bool forged = row->finding_count && row->findings[0].severity == SEVERITY_FORGERY;
  const char *did = "answers tokens worse than the base did";
  if (gravity == answer_kind_gravity(KIND_ACCEPTED))
    did = forged ? "accepts forged tokens that the base did not" : "accepts bad tokens that the base did not";
  else if (gravity == answer_kind_gravity(KIND_CRASH))
    did = "crashes or hangs where the base did not";
  else if (gravity == answer_kind_gravity(KIND_FAULT))
    did = "fails where the base did not";
  else if (gravity == answer_kind_gravity(KIND_REFUSED))
    did = "refuses good tokens that the base did not";
  return allocate_format("The head %s; speed was not judged.", did);
}

char *content_gate_sentence(const struct result *result) {
  struct comparisons found = count_comparisons(result);
  char all[FIGURE_NOUN_BYTES], *threshold = threshold_text(&found), *sentence;
  switch (result_gates_answer(result)) {
  case GATE_WRONG: sentence = wrong_sentence(result); break;
  case GATE_SLOWER: sentence = slower_sentence(&found, threshold); break;
  case GATE_INCOMPLETE: sentence = incomplete_sentence(result); break;
  case GATE_NOISY:
    sentence = allocate_format("%zu of %s cannot rule out a slowdown of more than %s; this is no pass.",
                               found.of[GATE_NOISY], figure_noun(all, found.count, "comparison"), threshold);
    break;
  default: sentence = holds_sentence(result, &found, threshold);
  }
  free(threshold);
  return sentence;
}

void content_gate_headline(struct document *document, const struct result *result) {
  if (result->gate_count == 0)
    return;
  enum result_gate_answer answer = result_gates_answer(result);
  OWNED_TEXT char *sentence = content_gate_sentence(result);
  document_add_text(document, 0, "", "assay gate: %s. %s", content_gate_word(answer), sentence)->style =
      answer_style(answer);
}

char *content_gate_interval(const struct result_gate *gate) {
  return isfinite(gate->low) && isfinite(gate->high)
             ? allocate_format("[%+.2f, %+.2f]", gate->low * 100, gate->high * 100)
             : allocate_copy("no interval");
}

char *gate_finding_words(const struct result_gate_finding *finding) {
  if (finding->tokens == 0) /* of which tokens is not known */
    return allocate_format("%s: base %s, head %s", finding->where, finding->base, finding->head);
  char tokens[FIGURE_NOUN_BYTES];
  return allocate_format("%s, %s: base %s, head %s", finding->where,
                         figure_noun(tokens, finding->tokens, "token"), finding->base, finding->head);
}

static bool is_of_vectors(const struct result *result) {
  return result->verdict_count && result_is_raw(result->verdicts[0].level);
}

static void add_finding(struct document *document, const struct result *result,
                        const struct result_gate_finding *finding) {
  OWNED_TEXT char *words = gate_finding_words(finding);
  OWNED_TEXT char *command = content_explain_command(result, finding->subject, finding->example);
  document_add_text(document, 1, "", "%s", words)->style = STYLE_WRONG;
  if (finding->example[0] && is_of_vectors(result)) /* no token to be explained */
    document_add_text(document, 2, "", "vector: %s", finding->example);
  else if (finding->example[0])
    text_set_code(document_add_text(document, 2, "", "reproduce:"), command);
}

static bool is_forgery(const struct result_gate_finding *finding) {
  return finding->gravity == answer_kind_gravity(KIND_ACCEPTED) && finding->severity == SEVERITY_FORGERY;
}

size_t content_findings_shown(const struct result_gate_finding *findings, size_t count) {
  size_t shown = count < FINDINGS_SHOWN ? count : FINDINGS_SHOWN;
  while (shown < count && is_forgery(&findings[shown]))
    shown++;
  return shown;
}

static void add_verdicts(struct document *document, const struct result *result,
                         const struct result_gate *gate, bool all) {
  size_t shown = all ? gate->finding_count : content_findings_shown(gate->findings, gate->finding_count);
  for (size_t i = 0; i < shown; i++)
    add_finding(document, result, &gate->findings[i]);
  if (shown < gate->finding_count)
    document_add_text(document, 1, "", "and %zu more", gate->finding_count - shown);
  bool is_headline = is_told(result, gate) || (gate->tokens == 0 && gate_answer(gate) == GATE_HOLDS);
  if (!is_headline)
    document_add_text(document, 0, "", "Verdicts: %s.", gate->reason);
}

/* What the columns of comparisons mean that do not say it themselves. */
static void explain(struct document_table *table, const struct comparisons *found) {
  const struct result_gate *first = found->first;
  const char *noise = "how far two measurements of the base differ";
  if (first->kind == GATE_STORED)
    noise = "how far the base's own interval reaches";
  else if (first->kind == GATE_HISTORY)
    noise = "up to how far changes are usual";
  if (first->measure == GATE_INSTRUCTIONS && first->kind == GATE_DUET)
    noise = "by how much two counts of the base differ";
  OWNED_TEXT char *legend = allocate_format(
      "%snoise: %s; let through: slowdowns up to this much pass",
      first->kind == GATE_DUET && found->measures
          ? "median: of pairs of blocks, which a rare cost does not move; sum: of all blocks but the longest "
            "few, which it does; "
          : "",
      noise);
  table_set_legends(table, legend);
}

static struct document_table *new_table(struct document *document, const struct comparisons *found) {
  const struct result_gate *first = found->first;
  OWNED_TEXT char *title = allocate_format(
      "%s per token against %s", first->measure == GATE_INSTRUCTIONS ? "Instructions" : "Time", first->base);
  struct document_table *table = document_add_table(document, title);
  table->tight = true;
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  if (found->conditions)
    table_add_column(table, "conditions", COLUMN_LEFT, 0);
  table_add_column(table, "measure", COLUMN_LEFT, found->measures ? 0 : 1); /* else the title says it */
  table_add_column(table, "change", 0, 0);
  table_add_column(table, "interval (%)", 0, 0);
  table_add_column(table, "noise", 0, 3);
  table_add_column(table, "let through", 0, 2);
  table_add_column(table, "answer", COLUMN_LEFT, 0);
  explain(table, found);
  return table;
}

static void add_share(struct document_row *row, double share) {
  char figure[FIGURE_BYTES];
  row_add_cell(row, figure_percent(figure, share));
}

/* Without its brackets where space is short. */
static void add_interval(struct document_row *row, const struct result_gate *gate) {
  OWNED_TEXT char *interval = content_gate_interval(gate);
  struct document_cell *cell = row_add_cell(row, interval);
  if (interval[0] == '[') {
    interval[strlen(interval) - 1] = '\0';
    cell_set_mark(cell, interval + 1);
  }
}

static void add_figures(struct document_row *row, const struct result_gate *gate) {
  char change[FIGURE_BYTES];
  row_add_cell(row, figure_change(change, gate->change));
  add_interval(row, gate);
  add_share(row, gate->noise);
  add_share(row, is_of_history(gate) && !is_let_through(gate) ? gate->noise : gate->threshold);
  row_add_cell(row, gate_answer_word(gate->answer))->style = answer_style(gate_answer(gate));
}

static void add_why(struct document_row *row, const struct result_gate *gate) {
  OWNED_TEXT char *why = allocate_format("%s: %s", gate_answer_word(gate->answer), gate->reason);
  row_set_rest(row, why, answer_style(gate_answer(gate)));
}

static void add_row(struct document_table *table, const struct result *result, const struct result_gate *gate,
                    bool conditions) {
  OWNED_TEXT char *alg = result_alg_text(gate->alg, gate->key_bits);
  OWNED_TEXT char *subject = content_subject(result, gate->subject, true);
  OWNED_TEXT char *brief = content_subject_brief(result, gate->subject);
  struct document_row *row = table_add_row(table);
  row_add_cell(row, alg);
  struct document_cell *cell = row_add_cell(row, subject);
  cell_set_brief(cell, brief);
  cell_set_mark(cell, gate->subject);
  if (conditions)
    row_add_cell(row, gate->conditions);
  row_add_cell(row, gate_measure_word(gate->measure));
  if (isfinite(gate->change))
    add_figures(row, gate);
  else
    add_why(row, gate);
}

void content_gate_findings(struct document *document, const struct result *result, bool all) {
  for (size_t i = 0; i < result->gate_count; i++) {
    const struct result_gate *gate = &result->gates[i];
    if (gate_is_of_verdicts(gate))
      add_verdicts(document, result, gate, all);
    else if (!gate_is_comparison(gate) && !is_told(result, gate))
      document_add_text(document, 0, "", "Not compared: %s.", gate->reason)->style =
          answer_style(gate_answer(gate));
  }
}

void content_gate_rows(struct document *document, const struct result *result, bool only_bad) {
  struct comparisons found = count_comparisons(result);
  struct document_table *table = NULL;
  for (size_t i = 0; i < result->gate_count; i++) {
    const struct result_gate *gate = &result->gates[i];
    if (!gate_is_comparison(gate) || (only_bad && gate_answer(gate) == GATE_HOLDS))
      continue;
    table = table ? table : new_table(document, &found);
    add_row(table, result, gate, found.conditions);
  }
}

void content_gates(struct document *document, const struct result *result, bool all) {
  content_gate_findings(document, result, all);
  content_gate_rows(document, result, false);
  content_gate_builds(document, result);
}

/* The two subjects of one run that its gates compared. */
static struct build_pairs pair_of_run(const struct result *result) {
  struct build_pairs pairs = {0};
  for (size_t i = 0; i < result->gate_count && pairs.count == 0; i++) {
    const struct build_pair pair = {result_find_subject(result, result->gates[i].base),
                                    result_find_subject(result, result->gates[i].subject)};
    if (!pair.base || !pair.head)
      continue;
    pairs.items = allocate_items(1, sizeof *pairs.items);
    pairs.items[pairs.count++] = pair;
  }
  return pairs;
}

/* Whether the gates tell the two apart in speed by more than the layout of the same code does. */
static bool are_told_apart(const struct result *result, const struct build_pair *pair) {
  const double least = UNEXPLAINED_LEAST - 1;
  bool apart = false;
  for (size_t i = 0; i < result->gate_count && !apart; i++) {
    const struct result_gate *gate = &result->gates[i];
    apart = gate_is_comparison(gate) && strcmp(gate->subject, pair->head->name) == 0 &&
            (gate->low > least || gate->high < -least);
  }
  return apart;
}

static void add_unexplained(struct document *document, const struct result *result,
                            const struct build_pairs *pairs) {
  for (size_t i = 0; i < pairs->count; i++) {
    const struct build_pair *pair = &pairs->items[i];
    if (build_is_other_file(pair) && build_shows_same(pair) && are_told_apart(result, pair))
      document_add_text(
          document, 0, "",
          "Base and head of %s show the same version and facts and differ in speed: the facts that "
          "they show do not explain it.",
          pair->head->name);
  }
}

void content_gate_builds(struct document *document, const struct result *result) {
  struct build_pairs pairs = result->base_subject_count
                                 ? build_pairs_of(result->base_subjects, result->base_subject_count,
                                                  result->subjects, result->subject_count)
                                 : pair_of_run(result);
  content_build_pairs(document, &pairs, "base", "head");
  add_unexplained(document, result, &pairs);
  free(pairs.items);
}
