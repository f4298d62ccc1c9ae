/* The drift report: what every subject made of every class, worst first, and a token to reproduce it with. */
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/content/verdicts/matrix.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/figures.h"

/* Without --verbose. Forgeries that were accepted are not counted: all of them are shown. */
#define ROWS_SHOWN 25
#define EXAMPLES_SHOWN 5
#define SUBJECTS_ABREAST 12 /* in one table; more go into the next */

const struct kind_text kind_texts[KIND_COUNT + 1] = {
    [KIND_ACCEPTED] = {"accepted", "A", "accepted a bad token", STYLE_WRONG, false},
    [KIND_REFUSED] = {"refused", "R", "refused a good one", STYLE_WRONG, false},
    [KIND_FAULT] = {"fault", "F", "fault", STYLE_WRONG, false},
    [KIND_CRASH] = {"crash", "C", "crash", STYLE_WRONG, false},
    [KIND_HANG] = {"hang", "H", "hang", STYLE_WRONG, false},
    [KIND_UNDECIDED] = {"undecided", "?", "refused by accident, not by decision", STYLE_UNSURE, false},
    [KIND_REASON] = {"reason", "o", "refused for another reason", STYLE_PLAIN, false},
    [KIND_UNMAPPED] = {"unmapped", "u", "refused without saying why", STYLE_UNSURE, true},
    [KIND_DIFFERS] = {"differs", "d", "differs from what the policy pins", STYLE_UNSURE, true},
    [KIND_UNSUPPORTED] = {"cannot", "x", "cannot: lacks the algorithm, or has no setting for the rule",
                          STYLE_UNSUPPORTED, true},
    [KIND_RIGHT] = {".", ".", "right", STYLE_PLAIN, true},
    [KIND_COUNT] = {"-", "-", "not asked, or not scored", STYLE_PLAIN, true},
};

static void add_cell(struct document_row *row, const struct matrix_cell *cell) {
  enum answer_kind kind = matrix_worst(cell);
  const struct kind_text *text = &kind_texts[kind];
  char count[FIGURE_BYTES] = "", whole[FIGURE_BYTES], out_of[FIGURE_BYTES];
  uint64_t of = kind < KIND_RIGHT ? cell->of[kind] : 0, all = matrix_out_of(cell, kind);
  if (of)
    figure_count(count, of);
  bool shown = of && !(text->only_some && of == all);
  snprintf(whole, sizeof whole, "/%s", figure_count(out_of, all));
  OWNED_TEXT char *full = allocate_format("%s%s%s%s", text->word, shown ? " " : "", shown ? count : "",
                                          kind == KIND_ACCEPTED || kind == KIND_REFUSED ? whole : "");
  OWNED_TEXT char *brief = allocate_format("%s%s", text->letter, shown ? count : "");
  struct document_cell *out = row_add_cell(row, full);
  cell_set_brief(out, brief);
  cell_set_mark(out, text->letter);
  out->style = text->style;
}

/* Of bad tokens that were accepted, and of nothing else: that a good token is refused lets nobody in. */
static void add_severity(struct document_row *row, enum assay_severity accepted) {
  static const char *const briefs[SEVERITY_COUNT] = {[SEVERITY_NONE] = "-",
                                                     [SEVERITY_FORGERY] = "forgery",
                                                     [SEVERITY_CONTEXT] = "aud/time",
                                                     [SEVERITY_PARSING] = "parsing",
                                                     [SEVERITY_FORM] = "form"};
  const char *brief = briefs[accepted < SEVERITY_COUNT ? accepted : SEVERITY_NONE];
  struct document_cell *cell = row_add_cell(row, accepted == SEVERITY_NONE ? "-" : severity_word(accepted));
  cell_set_brief(cell, brief);
  cell_set_mark(cell, accepted == SEVERITY_NONE ? "" : brief); /* the marks tell legends what occurs */
}

/* The class, and the variant that went worst. */
static void add_label(struct document_row *row, const struct matrix *matrix, const struct matrix_row *from) {
  const struct matrix_cell *worst = matrix_worst_cell(matrix, from);
  enum answer_kind kind = matrix_worst(worst);
  const struct result_verdict *by = kind < KIND_RIGHT ? worst->by[kind] : NULL;
  const char *variant = by ? by->variant : "";
  OWNED_TEXT char *label = allocate_format("%s%s%s%s", from->class_id, variant[0] ? "/" : "", variant,
                                           by && by->pinned ? " (pinned)" : "");
  cell_set_mark(row_add_cell(row, label), from->class_id);
}

/* The last part of a label: "exec:adapters/jose" -> "jose". */
static const char *last_part(const char *label) {
  const char *part = label;
  for (const char *at = label; *at; at++)
    if (strchr("/: ", *at) && at[1] && !strchr("/: ", at[1]))
      part = at + 1;
  return part;
}

static bool is_taken(const struct tally *names, const char *name) {
  for (size_t i = 0; i < names->count; i++)
    if (strcmp(names->items[i], name) == 0)
      return true;
  return false;
}

/* A head of at most `width` columns that no subject before has: the start of its name, or that
 * and a number. */
static void add_short_head(struct tally *heads, const char *label, size_t width) {
  OWNED_TEXT char *clean = display_clean(last_part(label));
  OWNED_TEXT char *head = allocate_format("%.*s", (int)display_prefix(clean, width), clean);
  for (unsigned n = 2; is_taken(heads, head); n++) {
    size_t digits = n > 9 ? 2 : 1;
    result_setf(&head, "%.*s%u", (int)display_prefix(clean, width - digits), clean, n);
  }
  names_add(heads, head);
}

/* Which subjects a table shows. */
struct span {
  size_t from, count;
};

/* "ope openssl, bor boringssl": the heads that are not the name itself. */
static char *heads_legend(const struct matrix *matrix, struct span span, const struct tally *heads) {
  char *text = allocate_copy("");
  for (size_t i = 0; i < span.count; i++) {
    const char *label = matrix->subjects[span.from + i].label;
    if (strcmp(heads->items[i], label) != 0)
      result_setf(&text, "%s%s%s: %s", text, text[0] ? ", " : "", heads->items[i], label);
  }
  return text;
}

/* What the words or letters mean that occur in the table. */
static char *kinds_legend(const struct document_table *table, bool letters) {
  static const char *const plain[] = {"fault", "crash", "hang"};
  char *text = allocate_copy("");
  for (int kind = 0; kind <= KIND_COUNT; kind++) {
    const struct kind_text *of = &kind_texts[kind];
    bool occurs = false, speaks = false;
    for (size_t r = 0; r < table->row_count; r++)
      for (size_t c = 1; c < table->rows[r].cell_count; c++)
        occurs |= strcmp(table->rows[r].cells[c].forms[FORM_MARK], of->letter) == 0;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
      speaks |= !letters && strcmp(of->word, plain[i]) == 0;
    if (!occurs || speaks)
      continue;
    const char *word = letters ? of->letter : of->word;
    bool says_itself = !letters && strncmp(of->meaning, word, strlen(word)) == 0;
    result_setf(&text, "%s%s%s%s%s", text, text[0] ? "; " : "", says_itself ? "" : word,
                says_itself ? "" : " ", of->meaning);
  }
  return text;
}

static void add_legend(struct document_table *table, enum document_form form, const char *heads) {
  OWNED_TEXT char *kinds = kinds_legend(table, form > FORM_FULL);
  OWNED_TEXT char *text = allocate_format("%s%s%s", kinds, kinds[0] && heads[0] ? ". " : "", heads);
  if (text[0])
    table_set_legend(table, form, text);
}

/* The gravest stands first; results of before severities were kept tell none. */
static bool tells_severity(const struct matrix *matrix) {
  return matrix->row_count && matrix_row_accepted(matrix, &matrix->rows[0]) != SEVERITY_NONE;
}

static void add_columns(struct document_table *table, const struct matrix *matrix, struct span span,
                        char *legends[DOCUMENT_FORMS]) {
  static const size_t widths[DOCUMENT_FORMS] = {[FORM_BRIEF] = 5, [FORM_MARK] = 3};
  struct tally heads[DOCUMENT_FORMS] = {0};
  table_add_column(table, "class", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  if (tells_severity(matrix))
    table_add_column(table, "severity", COLUMN_LEFT, 1);
  for (int form = FORM_BRIEF; form < DOCUMENT_FORMS; form++) {
    for (size_t i = 0; i < span.count; i++)
      add_short_head(&heads[form], matrix->subjects[span.from + i].label, widths[form]);
    legends[form] = heads_legend(matrix, span, &heads[form]);
  }
  for (size_t i = 0; i < span.count; i++) {
    struct document_column *column = table_add_column(table, matrix->subjects[span.from + i].label, 0, 0);
    column_set_brief(column, heads[FORM_BRIEF].items[i]);
    column_set_mark(column, heads[FORM_MARK].items[i]);
  }
  for (int form = FORM_BRIEF; form < DOCUMENT_FORMS; form++)
    tally_fini(&heads[form]);
}

/* Of the rows from..to. */
static size_t class_count(const struct matrix *matrix, size_t from, size_t to) {
  size_t count = 0;
  for (size_t i = from; i < to; i++)
    count += result_is_class(matrix->rows[i].class_id);
  return count;
}

static void add_table(struct document *document, const struct matrix *matrix, struct span span,
                      size_t row_count) {
  char *legends[DOCUMENT_FORMS] = {allocate_copy("")};
  OWNED_TEXT char *part =
      span.count < matrix->subject_count
          ? allocate_format(", subjects %zu to %zu", span.from + 1, span.from + span.count)
          : allocate_copy("");
  char classes[FIGURE_NOUN_BYTES], subjects[FIGURE_NOUN_BYTES];
  OWNED_TEXT char *title =
      allocate_format("Drift: %s, %s%s, worst first",
                      matrix_classes_words(classes, class_count(matrix, 0, matrix->row_count)),
                      figure_noun(subjects, matrix->subject_count, "subject"), part);
  struct document_table *table = document_add_table(document, title);
  table->tight = true;
  add_columns(table, matrix, span, legends);
  for (size_t i = 0; i < row_count; i++) {
    struct document_row *row = table_add_row(table);
    add_label(row, matrix, &matrix->rows[i]);
    if (tells_severity(matrix))
      add_severity(row, matrix_row_accepted(matrix, &matrix->rows[i]));
    for (size_t s = 0; s < span.count; s++)
      add_cell(row, &matrix->rows[i].cells[span.from + s]);
  }
  for (int form = 0; form < DOCUMENT_FORMS; form++) {
    add_legend(table, (enum document_form)form, legends[form]);
    free(legends[form]);
  }
}

/* Whether a subject answered this token so, as far as the result can tell: it is the one to show of the
 * subject, or the subject was wrong about all that it was asked of the class. */
static bool did_so(const struct result *result, const struct matrix_cell *cell, enum answer_kind kind,
                   const char *token) {
  bool is_wrong = kind == KIND_ACCEPTED || kind == KIND_REFUSED;
  if (matrix_worst(cell) != kind)
    return false;
  const char *own = matrix_example(result, cell, kind);
  return (own && strcmp(own, token) == 0) ||
         (is_wrong && !cell->lacking && cell->of[kind] == matrix_out_of(cell, kind));
}

/* "libjwt and cjose accepted it; rhonabwy gave another reason for it": all who did. */
static char *who_did_what(const struct result *result, const struct matrix *matrix,
                          const struct matrix_row *row, const char *example) {
  char *text = allocate_copy("");
  for (int i = 0; i < KIND_RIGHT; i++) {
    enum answer_kind kind = (enum answer_kind)i;
    OWNED_TALLY struct tally who = {0};
    for (size_t s = 0; s < matrix->subject_count; s++)
      if (did_so(result, &row->cells[s], kind, example))
        names_add(&who, matrix->subjects[s].label);
    OWNED_TEXT char *names = names_join(&who, " and ");
    if (who.count)
      result_setf(&text, "%s%s%s %s it", text, text[0] ? "; " : "", names, answer_kind_words(kind)->did);
  }
  return text;
}

/* The tokens that a row's cells lead to, worst first. */
static struct tally examples_of(const struct result *result, const struct matrix *matrix,
                                const struct matrix_row *row) {
  struct tally examples = {0};
  for (int kind = 0; kind < KIND_RIGHT; kind++)
    for (size_t s = 0; s < matrix->subject_count; s++) {
      const struct matrix_cell *cell = &row->cells[s];
      const char *example =
          (int)matrix_worst(cell) == kind ? matrix_example(result, cell, (enum answer_kind)kind) : NULL;
      if (example)
        names_add(&examples, example);
    }
  return examples;
}

static void add_example(struct document *document, const struct result *result, const struct matrix *matrix,
                        const struct matrix_row *row, const char *example) {
  OWNED_TEXT char *what = who_did_what(result, matrix, row, example);
  OWNED_TEXT char *command = content_explain_command(result, "", example);
  document_add_text(document, 1, "", "%s: %s", row->class_id, what);
  text_set_code(document_add_text(document, 2, "", "%s", ""),
                command); /* alone: it is long, and to be copied */
}

static void add_examples(struct document *document, const struct result *result, const struct matrix *matrix,
                         size_t row_count, bool all) {
  size_t shown = 0, more = 0, most = EXAMPLES_SHOWN, forgeries = matrix_forgeries(matrix);
  most = forgeries > most ? forgeries : most;
  char figure[FIGURE_BYTES];
  for (size_t i = 0; i < row_count; i++) {
    OWNED_TALLY struct tally examples = examples_of(result, matrix, &matrix->rows[i]);
    for (size_t e = 0; e < examples.count; e++) {
      if (all || (shown < most && e == 0)) {
        add_example(document, result, matrix, &matrix->rows[i], examples.items[e]);
        shown++;
      } else {
        more++;
      }
    }
  }
  if (more)
    document_add_text(document, 1, "", "%s more to reproduce: --verbose", figure_count(figure, more));
}

/* How many rows at the head have something that is not right. */
static size_t differing(const struct matrix *matrix) {
  size_t count = 0;
  while (count < matrix->row_count && !matrix_all_right(matrix, &matrix->rows[count]))
    count++;
  return count;
}

/* Of the rows behind those: whether anything of it was scored at all. */
static size_t all_right(const struct matrix *matrix, size_t different) {
  size_t count = 0;
  for (size_t i = different; i < matrix->row_count; i++)
    count += result_is_class(matrix->rows[i].class_id) &&
             matrix_worst(matrix_worst_cell(matrix, &matrix->rows[i])) == KIND_RIGHT;
  return count;
}

static void add_rest(struct document *document, const struct matrix *matrix, size_t shown, size_t different) {
  size_t right = all_right(matrix, different), more = class_count(matrix, shown, different);
  char figure[FIGURE_NOUN_BYTES];
  if (more)
    document_add_text(document, 1, "", "%s: --verbose", figure_noun(figure, more, "more class"));
  if (right)
    document_add_text(document, 1, "", "%s in which every subject is right",
                      figure_noun(figure, right, "class"));
}

static bool has_whole(const struct matrix *matrix) {
  return matrix->subject_count && matrix->subjects[matrix->subject_count - 1].level == LEVEL_WHOLE;
}

void content_matrix(struct document *document, const struct result *result, bool all) {
  struct matrix matrix;
  matrix_init(&matrix, result);
  if (has_whole(&matrix)) {
    size_t different = differing(&matrix);
    size_t most = matrix_forgeries(&matrix) > ROWS_SHOWN ? matrix_forgeries(&matrix) : ROWS_SHOWN;
    size_t shown = all ? matrix.row_count : different < most ? different : most;
    for (size_t from = 0; shown && from < matrix.subject_count; from += SUBJECTS_ABREAST) {
      size_t left = matrix.subject_count - from;
      struct span span = {from, left < SUBJECTS_ABREAST ? left : SUBJECTS_ABREAST};
      add_table(document, &matrix, span, shown);
    }
    add_rest(document, &matrix, shown < different ? shown : different, different);
    add_examples(document, result, &matrix, different, all);
  }
  matrix_fini(&matrix);
}
