/* One table of verdicts a level: every subject's answers, counted. */
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/content/verdicts/matrix.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

/* The table's columns after "right"; those that are not common stand only where some subject has any. */
static const struct total_column {
  enum answer_kind kind;
  const char *head, *brief;
  bool common, is_wrong;
  unsigned drop; /* where no subject has any */
} total_columns[] = {
    {KIND_REASON, "wrong reason", "wrong r.", false, false, 0},
    {KIND_UNMAPPED, "unmapped", "unmap.", false, false, 0},
    {KIND_UNDECIDED, "undecided", "undec.", false, false, 0},
    {KIND_DIFFERS, "differs", "differs", false, false, 0},
    {KIND_UNSUPPORTED, "unsupported", "unsup.", false, false, 0},
    {KIND_ACCEPTED, "accepted", "accepted", true, true, 0},
    {KIND_REFUSED, "refused", "refused", true, true, 0},
    {KIND_FAULT, "fault", "fault", true, true, 1},
    {KIND_CRASH, "crash", "crash", true, true, 2},
    {KIND_HANG, "hang", "hang", true, true, 3},
};
#define TOTAL_COLUMNS (sizeof total_columns / sizeof total_columns[0])

/* The sums of one subject at one level, by kind. What it lacks the algorithm for is counted apart. */
struct totals {
  uint64_t scored, unscored, lacking, of[KIND_COUNT];
  uint64_t verdict_right;
  uint64_t reasoned,
      reason_right;             /* bad tokens refused with a reason, where one is expected; with that one */
  bool reasons_asked;           /* whether one is expected of any that were refused */
  enum assay_severity accepted; /* the gravest of bad tokens that were accepted */
  struct tally lacking_algs;
};

static void add_row(struct totals *totals, const struct result *result, const struct result_verdict *row) {
  bool any = result_expects(row) == EXPECT_ANY;
  uint64_t answered = row->tokens > row->unsupported ? row->tokens - row->unsupported : 0;
  for (int kind = 0; kind < KIND_COUNT; kind++)
    totals->of[kind] += result_count(row, (enum answer_kind)kind);
  totals->verdict_right += result_verdict_right(row);
  if (row->accepted && severity_is_graver(row->severity, totals->accepted))
    totals->accepted = row->severity;
  if (result_expects(row) == EXPECT_REJECT && strcmp(row->expected, "reject") != 0) {
    uint64_t refused = result_verdict_right(row), without = row->unmapped + row->undecided;
    totals->reasons_asked |= refused > 0;
    totals->reasoned += refused > without ? refused - without : 0;
    totals->reason_right += row->right;
  }
  totals->unscored += any ? answered : 0;
  totals->scored += any ? 0 : answered;
  if (!result_lacks_alg(result, row) && row->level == LEVEL_WHOLE)
    return;
  totals->of[KIND_UNSUPPORTED] -= row->unsupported;
  totals->lacking += row->unsupported;
  if (row->unsupported && row->alg[0])
    names_add(&totals->lacking_algs, row->alg);
}

static void add_share(struct document_row *row, uint64_t count, uint64_t of) {
  char right[FIGURE_BYTES], all[FIGURE_BYTES], share[FIGURE_BYTES];
  OWNED_TEXT char *text = allocate_format("%s / %s", figure_count(right, count), figure_count(all, of));
  struct document_cell *cell = row_add_cell(row, of ? text : "-");
  if (of)
    cell_set_mark(cell, figure_percent(share, (double)count / (double)of));
}

static void add_total_row(struct document_table *table, const struct result *result, const char *subject,
                          const struct totals *totals, const bool *shown) {
  char figure[FIGURE_BYTES];
  struct document_row *row = table_add_row(table);
  OWNED_TEXT char *name = content_subject(result, subject, false);
  cell_set_mark(row_add_cell(row, name), subject);
  if (totals->scored == 0 && totals->unscored == 0) {
    bool unsupported = totals->lacking || totals->of[KIND_UNSUPPORTED];
    row_set_rest(row, unsupported ? "not in this library" : "not measured", STYLE_PLAIN);
    return;
  }
  add_share(row, totals->verdict_right, totals->scored);
  if (totals->reasons_asked && totals->reasoned == 0)
    cell_set_brief(row_add_cell(row, "tells none"), "none");
  else
    add_share(row, totals->reason_right, totals->reasoned);
  for (size_t i = 0; i < TOTAL_COLUMNS; i++) {
    const struct total_column *column = &total_columns[i];
    uint64_t count = totals->of[column->kind];
    if (!shown[i])
      continue;
    struct document_cell *cell = row_add_cell(row, figure_count(figure, count));
    if (count && column->is_wrong)
      cell->style = STYLE_WRONG;
    else if (count && column->kind == KIND_UNSUPPORTED)
      cell->style = STYLE_UNSUPPORTED;
  }
}

/* "2,304 tokens not in this library (ES256K)"; NULL where there is nothing to say. free() it. */
static char *lacking_note(const struct totals *totals) {
  char tokens[FIGURE_NOUN_BYTES];
  if (totals->lacking == 0)
    return NULL;
  OWNED_TEXT char *algs = names_join(&totals->lacking_algs, ", ");
  char *note = allocate_format("%s not in this library%s%s%s", figure_noun(tokens, totals->lacking, "token"),
                               algs[0] ? " (" : "", algs, algs[0] ? ")" : "");
  return note;
}

static char *unscored_note(const struct totals *totals) {
  char figure[FIGURE_NOUN_BYTES];
  if (totals->unscored == 0)
    return NULL;
  return allocate_format("%s not scored, because several answers are acceptable",
                         figure_noun(figure, totals->unscored, "token"));
}

/* Says each different note once, after the subjects that it holds for. */
static void add_notes(struct document *document, const struct tally *subjects, const struct totals *totals,
                      char *(*note_of)(const struct totals *)) {
  OWNED_TALLY struct tally said = {0};
  for (size_t i = 0; i < subjects->count; i++) {
    OWNED_TEXT char *note = note_of(&totals[i]);
    size_t before = said.count;
    if (note)
      names_add(&said, note);
    if (said.count > before) {
      OWNED_TALLY struct tally alike = {0};
      for (size_t j = i; j < subjects->count; j++) {
        OWNED_TEXT char *other = note_of(&totals[j]);
        if (other && strcmp(other, note) == 0)
          names_add(&alike, subjects->items[j]);
      }
      OWNED_TEXT char *who = names_join(&alike, " and ");
      document_add_text(document, 1, "", "%s: %s", who, note);
    }
  }
}

/* What a verdict level is called above its table, and which subjects and classes it has. */
struct level {
  enum result_level value;
  struct tally subjects, classes, algs;
  struct totals *totals; /* of each subject */
};

static struct totals *totals_of(struct level *level, const char *subject) {
  bool is_new;
  size_t index = tally_index(&level->subjects, subject, &is_new);
  if (is_new) {
    level->totals = allocate_one_more(level->totals, index, sizeof *level->totals);
    level->totals[index] = (struct totals){0};
  }
  return &level->totals[index];
}

/* Most rows name what the row before named, and a result has each text once. */
static void add_name(struct tally *names, const char *name, const char **latest) {
  if (name != *latest)
    names_add(names, name);
  *latest = name;
}

static struct level level_of(const struct result *result, enum result_level value) {
  struct level level = {.value = value};
  const char *class_id = NULL, *alg = NULL;
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (row->level != value || result_is_floor(row->subject))
      continue;
    add_row(totals_of(&level, row->subject), result, row);
    if (result_is_class(row->class_id))
      add_name(&level.classes, row->class_id, &class_id);
    if (row->alg[0] && strcmp(row->alg, "-") != 0)
      add_name(&level.algs, row->alg, &alg);
  }
  return level;
}

static void level_fini(struct level *level) {
  for (size_t i = 0; i < level->subjects.count; i++)
    tally_fini(&level->totals[i].lacking_algs);
  free(level->totals);
  tally_fini(&level->subjects);
  tally_fini(&level->classes);
  tally_fini(&level->algs);
}

static const char *what_rejects(enum result_level level) {
  switch (level) {
  case LEVEL_PIPELINE: return "Rejection";
  case LEVEL_WHOLE: return "Rejection by whole verifiers";
  case LEVEL_PRIMITIVE: return "Rejection by the bare primitive";
  case LEVEL_GUARDED: return "Rejection by key import and signature stage";
  default: return level_word(level);
  }
}

static char *level_title(const struct level *level) {
  char classes[FIGURE_NOUN_BYTES], algs[FIGURE_NOUN_BYTES];
  bool of_algs = level->algs.count > 0; /* key sets and whole policies are of none */
  return allocate_format("%s: %s%s%s", what_rejects(level->value),
                         matrix_classes_words(classes, level->classes.count), of_algs ? ", " : "",
                         of_algs ? figure_noun(algs, level->algs.count, "algorithm") : "");
}

static bool any_has(const struct totals *totals, size_t count, enum answer_kind kind) {
  for (size_t i = 0; i < count; i++)
    if (totals[i].of[kind])
      return true;
  return false;
}

static void level_table(struct document *document, const struct result *result, const struct level *level,
                        const struct totals *totals) {
  size_t count = level->subjects.count;
  bool shown[TOTAL_COLUMNS];
  OWNED_TEXT char *title = level_title(level);
  struct document_table *table = document_add_table(document, title);
  table->tight = true;
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  column_set_mark(table_add_column(table, "right verdict", 0, 0), "verdict");
  column_set_mark(table_add_column(table, "right reason", 0, 0), "reason");
  for (size_t i = 0; i < TOTAL_COLUMNS; i++) {
    bool has = any_has(totals, count, total_columns[i].kind);
    shown[i] = total_columns[i].common || has;
    if (shown[i])
      column_set_brief(table_add_column(table, total_columns[i].head, 0, has ? 0 : total_columns[i].drop),
                       total_columns[i].brief);
  }
  for (int severity = SEVERITY_FORGERY; severity <= SEVERITY_COUNT; severity++)
    for (size_t i = 0; i < count; i++)
      if (totals[i].accepted ==
          (enum assay_severity)(severity % SEVERITY_COUNT)) /* the gravest first, none last */
        add_total_row(table, result, level->subjects.items[i], &totals[i], shown);
}

/* Reasons as people read them: a whole stage is written "stage.*". */
static void add_reasons(struct tally *reasons, const char *text) {
  size_t length = strlen(text);
  bool stage = length > 2 && strcmp(text + length - 2, ".*") == 0;
  names_addf(reasons, "%.*s", (int)(stage ? length - 2 : length), text);
}

/* "authorisation (it checks no claims), header-policy.typ-wrong (..)"; gaps for the same cause together. */
static char *gaps_text(const struct result_subject *subject) {
  char *text = allocate_copy("");
  OWNED_TALLY struct tally causes = {0};
  for (size_t i = 0; i < subject->gap_count; i++)
    names_add(&causes, subject->gaps[i].why);
  for (size_t c = 0; c < causes.count; c++) {
    OWNED_TALLY struct tally reasons = {0};
    for (size_t i = 0; i < subject->gap_count; i++)
      if (strcmp(subject->gaps[i].why, causes.items[c]) == 0)
        add_reasons(&reasons, subject->gaps[i].reasons);
    OWNED_TEXT char *list = names_join(&reasons, ", ");
    const char *why = causes.items[c];
    result_setf(&text, "%s%s%s%s%s%s", text, c ? "; " : "", list, why[0] ? " (" : "", why, why[0] ? ")" : "");
  }
  return text;
}

#define GAPS_SHOWN 120 /* bytes of a subject's gaps that are shown without --verbose */

static void add_gaps(struct document *document, const struct result *result, const struct level *level,
                     bool all) {
  OWNED_TALLY struct tally others = {0};
  for (size_t i = 0; i < level->subjects.count; i++) {
    const char *label = level->subjects.items[i];
    const struct result_subject *subject = result_find_subject(result, label);
    if (!subject || subject->gap_count == 0)
      continue;
    OWNED_TEXT char *name = content_subject(result, label, false), *gaps = gaps_text(subject);
    if (all || strlen(gaps) <= GAPS_SHOWN)
      document_add_text(document, 1, "", "%s has no setting for: %s", name, gaps);
    else
      names_add(&others, label);
  }
  if (others.count) {
    OWNED_TEXT char *list = names_join(&others, " and ");
    document_add_text(document, 1, "", "%s %s no setting for parts of a policy; which, and why: --verbose",
                      list, others.count == 1 ? "has" : "have");
  }
}

static void add_level(struct document *document, const struct result *result, const struct level *level,
                      bool all) {
  level_table(document, result, level, level->totals);
  content_findings(document, result, level->value, all);
  if (level->value == LEVEL_WHOLE)
    add_gaps(document, result, level, all);
  add_notes(document, &level->subjects, level->totals, lacking_note);
  add_notes(document, &level->subjects, level->totals, unscored_note);
  if (result_is_raw(level->value))
    content_vectors(document, result, level->value, &level->subjects);
}

void content_verdicts(struct document *document, const struct result *result, bool all) {
  OWNED_TALLY struct tally levels = {0};
  const char *latest = NULL;
  for (enum result_level level = LEVEL_PIPELINE; level < level_words.count; level++)
    names_add(&levels, level_word(level));
  for (size_t i = 0; i < result->verdict_count; i++)
    add_name(&levels, level_word(result->verdicts[i].level), &latest);
  for (size_t i = 0; i < levels.count; i++) {
    struct level level = level_of(result, level_value(levels.items[i]));
    if (level.subjects.count)
      add_level(document, result, &level, all);
    level_fini(&level);
  }
}
