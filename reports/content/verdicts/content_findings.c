/* Below a verdict table, what was wrong: every wrong verdict, crash, hang and fault, and other reasons. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/content/rows.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/figures.h"

#define REASONS_SHOWN 10  /* pairs of reasons, expected and given, without --verbose */
#define GIVEN_SHOWN 3     /* answers below a finding */
#define UNSCORED_SHOWN 20 /* answers to tokens of which none is expected, likewise */

/* The same thing done wrong by one subject to one class, over all algorithms. */
struct finding {
  const struct result_verdict *first;
  enum answer_kind kind;
  uint64_t wrong, tokens;
  struct tally algs;
  const char *example;
};

struct findings {
  struct tally keys;
  struct finding *items; /* by index of the key */
  size_t count;
};

static size_t finding_index(struct findings *findings, const struct result_verdict *row) {
  OWNED_TEXT char *key = allocate_format("%s\n%s\n%s\n%s\n%d", row->subject, row->class_id, row->variant,
                                         row->expected, row->pinned);
  size_t index = tally_index(&findings->keys, key, NULL);
  return index;
}

static void findings_add(struct findings *findings, const struct result_verdict *row, enum answer_kind kind) {
  size_t index = finding_index(findings, row);
  if (index == findings->count) {
    findings->items = allocate_one_more(findings->items, findings->count, sizeof *findings->items);
    findings->items[findings->count++] = (struct finding){.first = row, .kind = kind, .example = ""};
  }
  struct finding *found = &findings->items[index];
  found->wrong += result_count(row, kind);
  found->tokens += row->tokens;
  if (row->alg[0])
    names_add(&found->algs, row->alg);
  if (!found->example[0])
    found->example = verdict_example(row, 1u << kind);
}

static struct findings collect(const struct result *result, enum result_level level, enum answer_kind kind) {
  struct findings findings = {0};
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (result_count(row, kind) && row->level == level && !result_is_floor(row->subject))
      findings_add(&findings, row, kind);
  }
  return findings;
}

static int gravest_first(const void *a, const void *b) {
  const struct finding *x = a, *y = b;
  int order = severity_order(x->first->severity, y->first->severity);
  return order ? order : (x->first > y->first) - (x->first < y->first);
}

static void findings_fini(struct findings *findings) {
  for (size_t i = 0; i < findings->count; i++)
    tally_fini(&findings->items[i].algs);
  free(findings->items);
  tally_fini(&findings->keys);
}

char *content_answers(const struct result_drift *drift) {
  OWNED_TALLY struct tally answers = {0}, parts = {0};
  for (size_t i = 0; i < drift->answer_count; i++)
    names_add(&answers, drift->answers[i].answer);
  for (size_t i = 0; i < answers.count; i++) {
    OWNED_TALLY struct tally subjects = {0};
    for (size_t j = 0; j < drift->answer_count; j++)
      if (strcmp(drift->answers[j].answer, answers.items[i]) == 0 &&
          !result_is_floor(drift->answers[j].subject))
        names_add(&subjects, drift->answers[j].subject);
    OWNED_TEXT char *who = names_join(&subjects, " and ");
    OWNED_TEXT char *part = allocate_format("%s: %s", who, answers.items[i]);
    if (subjects.count)
      names_add(&parts, part);
  }
  char *text = allocate_copy("");
  for (size_t i = 0; i < parts.count; i++)
    result_setf(&text, "%s%s%s", text, i ? "; " : "", parts.items[i]);
  return text;
}

/* What was answered to all subjects where they differ, else what this one answered. */
static void add_answers(struct document *document, const struct finding *finding,
                        const struct result_drift *drift) {
  bool differ = drift && drift->answer_count;
  OWNED_TEXT char *answers =
      differ ? content_answers(drift) : verdict_given(finding->first, 1u << finding->kind, GIVEN_SHOWN);
  if (answers[0])
    document_add_text(document, 2, "", "%s%s", differ ? "" : "answered ", answers);
}

static void add_example(struct document *document, const struct result *result,
                        const struct result_verdict *row, const char *example) {
  if (example[0] && result_is_raw(row->level)) { /* no token to be explained */
    document_add_text(document, 2, "", "vector: %s", example);
  } else if (example[0]) {
    OWNED_TEXT char *command = content_explain_command(result, row->subject, example);
    text_set_code(document_add_text(document, 2, "", "reproduce:"), command);
  }
}

static void add_finding(struct document *document, const struct result *result,
                        const struct finding *finding) {
  const struct result_verdict *row = finding->first;
  const struct result_drift *drift = verdict_drift(result, row, finding->kind);
  struct verdict_sum sum = {.tokens = finding->tokens};
  sum.of[finding->kind] = finding->wrong;
  OWNED_TEXT char *algs = names_join(&finding->algs, ", "), *did = verdict_words(&sum, ~0u);
  OWNED_TEXT char *expected = verdict_expected(row);
  struct document_text *text = document_add_text(document, 1, "", "%s%s%s%s%s: %s %s; expected: %s",
                                                 row->class_id, row->variant[0] ? "/" : "", row->variant,
                                                 algs[0] ? " " : "", algs, row->subject, did, expected);
  text->style = STYLE_WRONG;
  add_answers(document, finding, drift);
  add_example(document, result, row, drift && drift->example[0] ? drift->example : finding->example);
}

static void add_wrong_verdicts(struct document *document, const struct result *result,
                               enum result_level level) {
  for (int kind = KIND_ACCEPTED; kind < KIND_UNDECIDED; kind++) {
    struct findings findings = collect(result, level, (enum answer_kind)kind);
    if (findings.count) /* kept by keys no longer */
      qsort(findings.items, findings.count, sizeof *findings.items, gravest_first);
    for (size_t i = 0; i < findings.count; i++)
      add_finding(document, result, &findings.items[i]);
    findings_fini(&findings);
  }
}

/* ---- right verdicts for other reasons ---- */

/* What one subject answered in place of what was expected, over all classes. */
struct other_reason {
  const struct result_verdict *row; /* one of those with it: its subject and what it expects are in the key */
  const char *answer, *example;     /* answer: "" in results of before it was kept */
  uint64_t tokens;
};

struct other_reasons {
  struct tally keys;
  struct other_reason *items; /* by index of the key */
};

static void other_add(struct other_reasons *others, const struct result_verdict *row, const char *answer,
                      const char *example, uint64_t tokens) {
  bool is_new;
  OWNED_TEXT char *key = allocate_format("%s\n%s\n%s", row->subject, row->expected, answer);
  size_t index = tally_index(&others->keys, key, &is_new);
  if (is_new) {
    others->items = allocate_one_more(others->items, index, sizeof *others->items);
    others->items[index] = (struct other_reason){row, answer, example, 0};
  }
  others->items[index].tokens += tokens;
}

static void other_add_row(struct other_reasons *others, const struct result_verdict *row) {
  uint64_t left = row->wrong_reason;
  for (size_t i = 0; i < row->given_count; i++) {
    const struct result_given *given = &row->given[i];
    if (answer_kind_by_counter(given->kind) != KIND_REASON)
      continue;
    other_add(others, row, given->answer, given->example, given->tokens);
    left -= given->tokens < left ? given->tokens : left;
  }
  if (left)
    other_add(others, row, "", verdict_example(row, 1u << KIND_REASON), left);
}

static int most_first(const void *a, const void *b) {
  const struct other_reason *x = a, *y = b;
  return x->tokens != y->tokens ? (x->tokens > y->tokens ? -1 : 1) : (x->row > y->row) - (x->row < y->row);
}

static const char *reason_of(const char *answer) {
  static const char reject[] = "reject ";
  return strncmp(answer, reject, sizeof reject - 1) == 0 ? answer + sizeof reject - 1 : answer;
}

static void add_other(struct document *document, const struct result *result,
                      const struct other_reason *other) {
  char tokens[FIGURE_NOUN_BYTES];
  bool fails = result_fails(other->row);
  document_add_text(document, 1, "", "%s: expected %s, answered %s: %s%s%s", other->row->subject,
                    reason_of(other->row->expected),
                    other->answer[0] ? reason_of(other->answer) : "another reason, which was not kept",
                    figure_noun(tokens, other->tokens, "token"), fails || !other->example[0] ? "" : ", e.g. ",
                    fails ? "" : other->example);
  if (fails)
    add_example(document, result, other->row, other->example);
}

static void add_wrong_reasons(struct document *document, const struct result *result, enum result_level level,
                              bool all) {
  struct other_reasons others = {0};
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (row->wrong_reason && row->level == level && !result_is_floor(row->subject))
      other_add_row(&others, row);
  }
  char more[FIGURE_NOUN_BYTES];
  size_t count = others.keys.count, shown = all || count <= REASONS_SHOWN ? count : REASONS_SHOWN;
  if (count)
    qsort(others.items, count, sizeof *others.items, most_first);
  if (count)
    document_add_text(document, 0, "", "Right verdicts for other reasons:")->gap = true;
  for (size_t i = 0; i < shown; i++)
    add_other(document, result, &others.items[i]);
  if (count > shown)
    document_add_text(document, 1, "", "%s of reasons: --verbose",
                      figure_noun(more, count - shown, "more pair"));
  free(others.items);
  tally_fini(&others.keys);
}

void content_findings(struct document *document, const struct result *result, enum result_level level,
                      bool all) {
  if (level != LEVEL_WHOLE) /* what verifiers answer wrongly makes up the matrix */
    add_wrong_verdicts(document, result, level);
  add_wrong_reasons(document, result, level, all);
}

/* Raw vectors are in a table of their own (content_vectors_unscored). */
static bool is_about_vectors(const struct result *result) {
  return result->verdict_count && result_is_raw(result->verdicts[0].level);
}

void content_unscored(struct document *document, const struct result *result, bool all) {
  size_t count = 0, most = all ? SIZE_MAX : UNSCORED_SHOWN;
  char figure[FIGURE_BYTES];
  if (is_about_vectors(result))
    return;
  for (size_t i = 0; i < result->drift_count; i++) {
    const struct result_drift *drift = &result->drift[i];
    if (strcmp(drift->expected, "any") != 0 || count++ >= most)
      continue;
    if (count == 1)
      document_add_text(document, 0, "", "Answers that are not scored:")->gap = true;
    OWNED_TEXT char *answers = content_answers(drift);
    document_add_text(document, 1, "", "%s: %s", drift->example, answers);
  }
  if (count > most)
    document_add_text(document, 1, "", "%s more: --verbose", figure_count(figure, count - most));
  if (result->answers_left_out)
    document_add_text(document, 1, "", "%s more, which the result does not keep: assay check --answers FILE",
                      figure_count(figure, result->answers_left_out));
}
