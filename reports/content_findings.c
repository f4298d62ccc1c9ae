/* Below a verdict table, what was wrong: every wrong verdict, crash, hang and fault, and other reasons. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "reports/allocate.h"
#include "reports/content.h"
#include "reports/display.h"
#include "reports/figures.h"

#define REASONS_SHOWN 10  /* right verdicts with another reason, without --verbose */
#define UNSCORED_SHOWN 20 /* answers to tokens of which none is expected, likewise */

static const char *kind_verb(enum answer_kind kind) {
  static const char *const verbs[KIND_COUNT] = {
      [KIND_ACCEPTED] = "accepted", [KIND_REFUSED] = "refused", [KIND_FAULT] = "gave a fault on",
      [KIND_CRASH] = "crashed on",  [KIND_HANG] = "hung on",    [KIND_REASON] = "gave another reason for"};
  return verbs[kind];
}

/* The same thing done wrong by one subject to one class, over all algorithms. */
struct finding {
  const struct result_verdict *first;
  enum answer_kind kind;
  uint64_t wrong, tokens;
  struct tally algs;
  const char *example;
};

static bool same_class(const struct result_verdict *a, const struct result_verdict *b) {
  return strcmp(a->level, b->level) == 0 && strcmp(a->subject, b->subject) == 0 &&
         strcmp(a->class_id, b->class_id) == 0 && strcmp(a->variant, b->variant) == 0 &&
         strcmp(a->expected, b->expected) == 0;
}

struct findings {
  struct finding *items;
  size_t count;
};

static void findings_add(struct findings *findings, const struct result_verdict *row, enum answer_kind kind) {
  struct finding *found = NULL;
  for (size_t i = findings->count; i-- > 0 && !found;)
    if (findings->items[i].kind == kind && same_class(findings->items[i].first, row))
      found = &findings->items[i];
  if (!found) {
    findings->items = allocate_one_more(findings->items, findings->count, sizeof *findings->items);
    found = &findings->items[findings->count++];
    *found = (struct finding){.first = row, .kind = kind};
  }
  found->wrong += result_count(row, kind);
  found->tokens += row->tokens;
  if (row->alg[0])
    names_add(&found->algs, row->alg);
  if (!found->example && row->examples.count)
    found->example = row->examples.items[0];
}

static struct findings collect(const struct result *result, const char *level, enum answer_kind kind) {
  struct findings findings = {0};
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (strcmp(row->level, level) == 0 && !content_is_floor(row->subject) && result_count(row, kind))
      findings_add(&findings, row, kind);
  }
  return findings;
}

static void findings_fini(struct findings *findings) {
  for (size_t i = 0; i < findings->count; i++)
    tally_fini(&findings->items[i].algs);
  free(findings->items);
}

static const struct result_drift *drift_of(const struct result *result, const struct result_verdict *row) {
  for (size_t i = 0; i < result->drift_count; i++) {
    const struct result_drift *drift = &result->drift[i];
    if (strcmp(drift->class_id, row->class_id) == 0 && strcmp(drift->variant, row->variant) == 0 &&
        strcmp(drift->alg, row->alg) == 0)
      return drift;
  }
  return NULL;
}

char *content_answers(const struct result_drift *drift) {
  struct tally answers = {0}, parts = {0};
  for (size_t i = 0; i < drift->answer_count; i++)
    names_add(&answers, drift->answers[i].answer);
  for (size_t i = 0; i < answers.count; i++) {
    struct tally subjects = {0};
    for (size_t j = 0; j < drift->answer_count; j++)
      if (strcmp(drift->answers[j].answer, answers.items[i]) == 0 &&
          !content_is_floor(drift->answers[j].subject))
        names_add(&subjects, drift->answers[j].subject);
    char *who = names_join(&subjects, " and ");
    char *part = allocate_format("%s: %s", who, answers.items[i]);
    if (subjects.count)
      names_add(&parts, part);
    free(part);
    free(who);
    tally_fini(&subjects);
  }
  char *text = allocate_copy("");
  for (size_t i = 0; i < parts.count; i++)
    result_setf(&text, "%s%s%s", text, i ? "; " : "", parts.items[i]);
  tally_fini(&parts);
  tally_fini(&answers);
  return text;
}

static void add_finding(struct document *document, const struct result *result,
                        const struct finding *finding) {
  const struct result_verdict *row = finding->first;
  const struct result_drift *drift = drift_of(result, row);
  char wrong[FIGURE_BYTES], tokens[FIGURE_BYTES];
  char *algs = names_join(&finding->algs, ", ");
  struct document_text *text =
      document_add_text(document, 1, "", "%s%s%s%s%s: %s %s %s of %s tokens; expected: %s", row->class_id,
                        row->variant[0] ? "/" : "", row->variant, algs[0] ? " " : "", algs, row->subject,
                        kind_verb(finding->kind), figure_count(wrong, finding->wrong),
                        figure_count(tokens, finding->tokens), row->expected);
  text->style = finding->kind == KIND_REASON ? STYLE_PLAIN : STYLE_WRONG;
  if (drift && drift->answer_count) {
    char *answers = content_answers(drift);
    document_add_text(document, 2, "", "%s", answers);
    free(answers);
  }
  const char *example = finding->example ? finding->example : drift ? drift->example : "";
  if (example[0] && content_is_raw(finding->first->level)) { /* no token to be explained */
    document_add_text(document, 2, "", "vector: %s", example);
  } else if (example[0]) {
    char *command = content_explain_command(result, row->subject, example);
    text_set_code(document_add_text(document, 2, "", "reproduce:"), command);
    free(command);
  }
  free(algs);
}

static void add_wrong_verdicts(struct document *document, const struct result *result, const char *level) {
  for (int kind = KIND_ACCEPTED; kind < KIND_UNDECIDED; kind++) {
    struct findings findings = collect(result, level, (enum answer_kind)kind);
    for (size_t i = 0; i < findings.count; i++)
      add_finding(document, result, &findings.items[i]);
    findings_fini(&findings);
  }
}

static void add_wrong_reasons(struct document *document, const struct result *result, const char *level,
                              bool all) {
  struct findings findings = collect(result, level, KIND_REASON);
  size_t shown = all || findings.count <= REASONS_SHOWN ? findings.count : REASONS_SHOWN;
  for (size_t i = 0; i < shown; i++)
    add_finding(document, result, &findings.items[i]);
  if (findings.count > shown)
    document_add_text(document, 1, "", "%zu more with the right verdict and another reason: --verbose",
                      findings.count - shown);
  findings_fini(&findings);
}

void content_findings(struct document *document, const struct result *result, const char *level, bool all) {
  add_wrong_verdicts(document, result, level);
  add_wrong_reasons(document, result, level, all);
}

void content_unscored(struct document *document, const struct result *result, bool all) {
  size_t count = 0, most = all ? SIZE_MAX : UNSCORED_SHOWN;
  for (size_t i = 0; i < result->drift_count; i++) {
    const struct result_drift *drift = &result->drift[i];
    if (strcmp(drift->expected, "any") != 0 || count++ >= most)
      continue;
    if (count == 1)
      document_add_text(document, 0, "", "Answers that are not scored:")->gap = true;
    char *answers = content_answers(drift);
    document_add_text(document, 1, "", "%s: %s", drift->example, answers);
    free(answers);
  }
  if (count > most)
    document_add_text(document, 1, "", "%zu more: --verbose", count - most);
}
