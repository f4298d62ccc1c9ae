/* Verdict tables, and below them what was wrong: every wrong verdict, crash, hang and fault in every format.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/allocate.h"
#include "reports/content.h"
#include "reports/display.h"
#include "reports/figures.h"

#define REASONS_SHOWN 10 /* right verdicts with another reason, without --verbose */

enum wrong_kind {
  WRONG_ACCEPTED,
  WRONG_REFUSED,
  WRONG_FAULT,
  WRONG_CRASH,
  WRONG_HANG,
  WRONG_REASON,
  WRONG_KINDS
};

static bool expects_any(const struct result_verdict *row) {
  return strcmp(row->expected, "any") == 0;
}

/* How many of the row's tokens were answered wrongly in this way. */
static uint64_t count_of(const struct result_verdict *row, enum wrong_kind kind) {
  bool good = strcmp(row->expected, "accept") == 0;
  switch (kind) {
  case WRONG_ACCEPTED: return good ? 0 : row->wrong_verdict;
  case WRONG_REFUSED: return good ? row->wrong_verdict : 0;
  case WRONG_FAULT: return row->fault;
  case WRONG_CRASH: return row->crash;
  case WRONG_HANG: return row->hang;
  case WRONG_REASON: return row->wrong_reason;
  case WRONG_KINDS: break;
  }
  return 0;
}

static const char *kind_verb(enum wrong_kind kind) {
  static const char *const verbs[WRONG_KINDS] = {"accepted",   "refused", "gave a fault on",
                                                 "crashed on", "hung on", "gave another reason for"};
  return verbs[kind];
}

struct totals {
  uint64_t scored, right, unscored, unmapped, differs, unsupported, wrong[WRONG_KINDS];
  struct content_names unsupported_algs;
};

static struct totals sum_of(const struct result *result, const char *level, const char *subject) {
  struct totals totals = {0};
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (strcmp(row->level, level) != 0 || strcmp(row->subject, subject) != 0)
      continue;
    uint64_t answered = row->tokens > row->unsupported ? row->tokens - row->unsupported : 0;
    for (int kind = 0; kind < WRONG_KINDS; kind++)
      totals.wrong[kind] += count_of(row, (enum wrong_kind)kind);
    totals.unsupported += row->unsupported;
    if (row->unsupported && row->alg[0])
      names_add(&totals.unsupported_algs, row->alg);
    totals.unmapped += row->unmapped;
    totals.differs += row->pinned_differs;
    totals.unscored += expects_any(row) ? answered : 0;
    totals.scored += expects_any(row) ? 0 : answered;
    totals.right += expects_any(row) ? 0 : row->right;
  }
  return totals;
}

static void add_count(struct document_row *row, uint64_t count, bool is_wrong) {
  char figure[FIGURE_BYTES];
  struct document_cell *cell = row_add_cell(row, figure_count(figure, count));
  if (is_wrong && count)
    cell->style = STYLE_WRONG;
}

static void add_total_row(struct document_table *table, const struct result *result, const char *subject,
                          const struct totals *totals, bool unmapped, bool differs) {
  char right[FIGURE_BYTES], scored[FIGURE_BYTES];
  struct document_row *row = table_add_row(table);
  char *name = content_subject(result, subject, false);
  row_add_cell(row, name);
  free(name);
  if (totals->scored == 0 && totals->unscored == 0) {
    row_set_rest(row, totals->unsupported ? "not in this library" : "not measured", STYLE_PLAIN);
    return;
  }
  char *share =
      allocate_format("%s / %s", figure_count(right, totals->right), figure_count(scored, totals->scored));
  row_add_cell(row, share);
  free(share);
  add_count(row, totals->wrong[WRONG_REASON], false);
  if (unmapped)
    add_count(row, totals->unmapped, false);
  if (differs)
    add_count(row, totals->differs, false);
  for (int kind = WRONG_ACCEPTED; kind <= WRONG_HANG; kind++)
    add_count(row, totals->wrong[kind], true);
}

/* "2,304 tokens not in this library (ES256K)"; NULL where there is nothing to say. free() it. */
static char *unsupported_note(const struct totals *totals) {
  char figure[FIGURE_BYTES];
  if (totals->unsupported == 0)
    return NULL;
  char *algs = names_join(&totals->unsupported_algs, ", ");
  char *note =
      allocate_format("%s tokens not in this library%s%s%s", figure_count(figure, totals->unsupported),
                      algs[0] ? " (" : "", algs, algs[0] ? ")" : "");
  free(algs);
  return note;
}

static char *unscored_note(const struct totals *totals) {
  char figure[FIGURE_BYTES];
  if (totals->unscored == 0)
    return NULL;
  return allocate_format("%s tokens not scored, since libraries differ on them by design",
                         figure_count(figure, totals->unscored));
}

/* Says each different note once, after the subjects that it holds for. */
static void add_notes(struct document *document, const struct content_names *subjects,
                      const struct totals *totals, char *(*note_of)(const struct totals *)) {
  struct content_names said = {0};
  for (size_t i = 0; i < subjects->count; i++) {
    char *note = note_of(&totals[i]);
    size_t before = said.count;
    if (note)
      names_add(&said, note);
    if (said.count > before) {
      struct content_names alike = {0};
      for (size_t j = i; j < subjects->count; j++) {
        char *other = note_of(&totals[j]);
        if (other && strcmp(other, note) == 0)
          names_add(&alike, subjects->items[j]);
        free(other);
      }
      char *who = names_join(&alike, " and ");
      document_add_text(document, 1, "", "%s: %s", who, note);
      free(who);
      names_fini(&alike);
    }
    free(note);
  }
  names_fini(&said);
}

/* What a verdict level is called above its table, and which subjects and classes it has. */
struct level {
  const char *name;
  struct content_names subjects, classes, algs;
};

static struct level level_of(const struct result *result, const char *name) {
  struct level level = {.name = name};
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (strcmp(row->level, name) != 0 || content_is_floor(row->subject))
      continue;
    names_add(&level.subjects, row->subject);
    if (strcmp(row->class_id, "valid") != 0) /* good tokens are no class of failure */
      names_add(&level.classes, row->class_id);
    if (row->alg[0] && strcmp(row->alg, "-") != 0)
      names_add(&level.algs, row->alg);
  }
  return level;
}

static void level_fini(struct level *level) {
  names_fini(&level->subjects);
  names_fini(&level->classes);
  names_fini(&level->algs);
}

static char *level_title(const struct level *level) {
  const char *what = strcmp(level->name, "pipeline") == 0    ? "Rejection"
                     : strcmp(level->name, "whole") == 0     ? "Rejection by whole verifiers"
                     : strcmp(level->name, "primitive") == 0 ? "Rejection by the bare primitive"
                                                             : level->name;
  return allocate_format("%s: %zu class%s, %zu algorithm%s", what, level->classes.count,
                         level->classes.count == 1 ? "" : "es", level->algs.count,
                         level->algs.count == 1 ? "" : "s");
}

/* What any subject of the level has: such columns are shown, or are not left out. */
struct presence {
  bool unmapped, differs, wrong[WRONG_KINDS];
};

static struct presence presence_of(const struct totals *totals, size_t count) {
  struct presence presence = {0};
  for (size_t i = 0; i < count; i++) {
    presence.unmapped |= totals[i].unmapped > 0;
    presence.differs |= totals[i].differs > 0;
    for (int kind = 0; kind < WRONG_KINDS; kind++)
      presence.wrong[kind] |= totals[i].wrong[kind] > 0;
  }
  return presence;
}

static void level_columns(struct document_table *table, const struct presence *presence) {
  static const char *const heads[] = {"accepted", "refused", "fault", "crash", "hang"};
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(table, "right / tokens", 0, 0);
  column_set_brief(table_add_column(table, "wrong reason", 0, 0), "reason");
  if (presence->unmapped)
    table_add_column(table, "unmapped", 0, 0);
  if (presence->differs)
    table_add_column(table, "differs", 0, 0);
  for (int kind = WRONG_ACCEPTED; kind <= WRONG_HANG; kind++) {
    bool may_drop = kind >= WRONG_FAULT && !presence->wrong[kind];
    table_add_column(table, heads[kind], 0, may_drop ? (unsigned)(kind - WRONG_FAULT) + 1 : 0);
  }
}

static void level_table(struct document *document, const struct result *result, const struct level *level,
                        const struct totals *totals) {
  struct presence presence = presence_of(totals, level->subjects.count);
  char *title = level_title(level);
  struct document_table *table = document_add_table(document, title);
  free(title);
  level_columns(table, &presence);
  for (size_t i = 0; i < level->subjects.count; i++)
    add_total_row(table, result, level->subjects.items[i], &totals[i], presence.unmapped, presence.differs);
}

/* The same thing done wrong by one subject to one class, over all algorithms. */
struct finding {
  const struct result_verdict *first;
  enum wrong_kind kind;
  uint64_t wrong, tokens;
  struct content_names algs;
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

static void findings_add(struct findings *findings, const struct result_verdict *row, enum wrong_kind kind) {
  struct finding *found = NULL;
  for (size_t i = findings->count; i-- > 0 && !found;)
    if (findings->items[i].kind == kind && same_class(findings->items[i].first, row))
      found = &findings->items[i];
  if (!found) {
    findings->items = allocate_one_more(findings->items, findings->count, sizeof *findings->items);
    found = &findings->items[findings->count++];
    *found = (struct finding){.first = row, .kind = kind};
  }
  found->wrong += count_of(row, kind);
  found->tokens += row->tokens;
  if (row->alg[0])
    names_add(&found->algs, row->alg);
  if (!found->example && row->examples.count)
    found->example = row->examples.items[0];
}

static struct findings collect(const struct result *result, const char *level, enum wrong_kind kind) {
  struct findings findings = {0};
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (strcmp(row->level, level) == 0 && !content_is_floor(row->subject) && count_of(row, kind))
      findings_add(&findings, row, kind);
  }
  return findings;
}

static void findings_fini(struct findings *findings) {
  for (size_t i = 0; i < findings->count; i++)
    names_fini(&findings->items[i].algs);
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

/* "wolfssl: accept; openssl and boringssl: reject signature.invalid" */
static char *answers_text(const struct result_drift *drift) {
  struct content_names answers = {0}, parts = {0};
  for (size_t i = 0; i < drift->answer_count; i++)
    names_add(&answers, drift->answers[i].answer);
  for (size_t i = 0; i < answers.count; i++) {
    struct content_names subjects = {0};
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
    names_fini(&subjects);
  }
  char *text = allocate_copy("");
  for (size_t i = 0; i < parts.count; i++)
    result_setf(&text, "%s%s%s", text, i ? "; " : "", parts.items[i]);
  names_fini(&parts);
  names_fini(&answers);
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
  text->style = finding->kind == WRONG_REASON ? STYLE_PLAIN : STYLE_WRONG;
  if (drift && drift->answer_count) {
    char *answers = answers_text(drift);
    document_add_text(document, 2, "", "%s", answers);
    free(answers);
  }
  const char *example = finding->example ? finding->example : drift ? drift->example : "";
  if (example[0] && strcmp(finding->first->level, "primitive") == 0) {
    document_add_text(document, 2, "", "vector: %s", example);
  } else if (example[0]) {
    char *id = shell_quote(example);
    char *command = allocate_format("assay check --explain %s", id);
    text_set_code(document_add_text(document, 2, "", "reproduce:"), command);
    free(command);
    free(id);
  }
  free(algs);
}

static void add_wrong_verdicts(struct document *document, const struct result *result, const char *level) {
  for (int kind = WRONG_ACCEPTED; kind <= WRONG_HANG; kind++) {
    struct findings findings = collect(result, level, (enum wrong_kind)kind);
    for (size_t i = 0; i < findings.count; i++)
      add_finding(document, result, &findings.items[i]);
    findings_fini(&findings);
  }
}

static void add_wrong_reasons(struct document *document, const struct result *result, const char *level,
                              bool all) {
  struct findings findings = collect(result, level, WRONG_REASON);
  size_t shown = all || findings.count <= REASONS_SHOWN ? findings.count : REASONS_SHOWN;
  for (size_t i = 0; i < shown; i++)
    add_finding(document, result, &findings.items[i]);
  if (findings.count > shown)
    document_add_text(document, 1, "", "%zu more with the right verdict and another reason: --verbose",
                      findings.count - shown);
  findings_fini(&findings);
}

static void add_level(struct document *document, const struct result *result, const struct level *level,
                      bool all) {
  struct totals *totals = allocated(calloc(level->subjects.count, sizeof *totals));
  for (size_t i = 0; i < level->subjects.count; i++)
    totals[i] = sum_of(result, level->name, level->subjects.items[i]);
  level_table(document, result, level, totals);
  add_wrong_verdicts(document, result, level->name);
  add_wrong_reasons(document, result, level->name, all);
  add_notes(document, &level->subjects, totals, unsupported_note);
  add_notes(document, &level->subjects, totals, unscored_note);
  for (size_t i = 0; i < level->subjects.count; i++)
    names_fini(&totals[i].unsupported_algs);
  free(totals);
}

void content_verdicts(struct document *document, const struct result *result, bool all) {
  struct content_names levels = {0};
  names_add(&levels, "pipeline");
  names_add(&levels, "whole");
  names_add(&levels, "primitive");
  for (size_t i = 0; i < result->verdict_count; i++)
    names_add(&levels, result->verdicts[i].level);
  for (size_t i = 0; i < levels.count; i++) {
    struct level level = level_of(result, levels.items[i]);
    if (level.subjects.count)
      add_level(document, result, &level, all);
    level_fini(&level);
  }
  names_fini(&levels);
}
