/* Key import and context set-up: by subject, and of each key. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define FAMILIES 5
_Static_assert(FAMILY_EDDSA + 1 == FAMILIES, "one column a family");

/* The row that stands for a family in the set-up table: of its first algorithm and smallest key
 * that was measured. */
static const struct result_speed *family_example(const struct result *result, enum assay_family family) {
  const struct result_speed *best = NULL;
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    enum assay_alg alg = assay_alg_by_name(row->alg);
    if (row->metric != METRIC_KEY_IMPORT || alg == ASSAY_ALG_NONE || assay_alg_info(alg)->family != family)
      continue;
    int order = best ? result_compare_algs(row->alg, best->alg) : -1;
    if (order < 0 || (order == 0 && row->key_bits < best->key_bits))
      best = row;
  }
  return best;
}

/* like: for which algorithm and key; NULL: for any. */
static const struct result_speed *find_setup(const struct result *result, enum result_metric metric,
                                             const char *subject, const struct result_speed *like) {
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (row->metric == metric && strcmp(row->subject, subject) == 0 &&
        (!like || (strcmp(row->alg, like->alg) == 0 && row->key_bits == like->key_bits)))
      return row;
  }
  return NULL;
}

/* The times of a table, for its legend. */
struct shown {
  const struct result_speed **rows;
  size_t count;
};

static void add_us(struct document_row *out, const struct result_speed *row, struct shown *shown) {
  char figure[FIGURE_BYTES];
  if (!row || !figure_known(row->ns)) {
    content_add_reason(out, row ? content_why_missing(row, "ns") : "not measured");
    return;
  }
  struct launches launches = launches_of(row);
  bool apart = launches_are_apart(&launches);
  figure_plain_to(figure, row->ns / 1000, figure_digits(row->ns, content_known_within(row)));
  row_addf(out, "%s%s", figure, apart ? CONTENT_APART : "")->style = apart ? STYLE_UNSURE : STYLE_PLAIN;
  shown->rows[shown->count++] = row;
}

static void add_setup(struct document_table *table, const struct result *result, const char *subject,
                      const struct result_speed *const *examples, struct shown *shown) {
  struct document_row *row = table_add_row(table);
  OWNED_TEXT char *name = content_subject(result, subject, true);
  row_add_cell(row, name);
  for (int family = 0; family < FAMILIES; family++)
    if (examples[family])
      add_us(row, find_setup(result, METRIC_KEY_IMPORT, subject, examples[family]), shown);
  add_us(row, find_setup(result, METRIC_CONTEXT, subject, NULL), shown);
}

static struct tally setup_subjects(const struct result *result) {
  struct tally subjects = {0};
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    bool is_setup = row->metric == METRIC_KEY_IMPORT || row->metric == METRIC_CONTEXT;
    if (is_setup && !result_is_floor(row->subject))
      names_add(&subjects, row->subject);
  }
  return subjects;
}

void content_setup(struct document *document, const struct result *result) {
  OWNED_TALLY struct tally subjects = setup_subjects(result);
  const struct result_speed *examples[FAMILIES];
  if (subjects.count == 0)
    return;
  struct document_table *table = document_add_table(document, "Key import and context set-up, in us");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  for (int family = 0; family < FAMILIES; family++) {
    examples[family] = family_example(result, (enum assay_family)family);
    if (!examples[family])
      continue;
    OWNED_TEXT char *head = result_alg_text(examples[family]->alg, examples[family]->key_bits);
    table_add_column(table, head, 0, 0);
  }
  table_add_column(table, "context", 0, 0);
  struct shown shown = {.rows = allocate_items(subjects.count * (FAMILIES + 1), sizeof *shown.rows)};
  for (size_t i = 0; i < subjects.count; i++)
    add_setup(table, result, subjects.items[i], examples, &shown);
  content_apart_legend(table, "", shown.rows, shown.count);
  free(shown.rows);
}

static bool is_first_use(const struct result_speed *row) {
  return row->mode == MODE_FIRST_USE;
}

/* The row of another use of the same subject and key. */
static const struct result_speed *other_use(const struct result *result, const struct result_speed *like,
                                            enum result_mode mode) {
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (row->mode == mode && strcmp(row->subject, like->subject) == 0 && strcmp(row->alg, like->alg) == 0 &&
        row->key_bits == like->key_bits)
      return row;
  }
  return NULL;
}

void content_uses(struct document *document, const struct result *result) {
  static const struct {
    enum result_mode mode;
    const char *head;
  } uses[] = {{MODE_FIRST_USE, "first"}, {MODE_SECOND_USE, "second"}, {MODE_TENTH_USE, "tenth"}};
  struct speed_rows sorted = speed_rows_sorted(result, is_first_use);
  struct document_table *table =
      sorted.count ? document_add_table(document, "Bare primitive, uses of a key") : NULL;
  for (size_t i = 0; table && i < 2; i++)
    table_add_column(table, "", COLUMN_LEFT | (i == 0 ? COLUMN_GROUPED : 0), 0);
  for (size_t u = 0; table && u < sizeof uses / sizeof uses[0]; u++)
    table_add_column(table, uses[u].head, 0, 0);
  for (size_t i = 0; i < sorted.count; i++) {
    const struct result_speed *row = sorted.rows[i];
    struct document_row *out = table_add_row(table);
    content_add_names(out, row->alg, row->key_bits, result, row->subject);
    for (size_t u = 0; u < sizeof uses / sizeof uses[0]; u++) {
      const struct result_speed *use = other_use(result, row, uses[u].mode);
      if (use)
        content_add_time(out, use, "ns", use->ns);
      else
        content_add_reason(out, "not measured");
    }
  }
  if (table)
    table_set_legends(table,
                      "Each use is timed alone, one clock reading included, of a key imported into a fresh "
                      "context: a library that keeps tables of a key builds them on the way.");
  free(sorted.rows);
}

void content_key_imports(struct document *document, const struct result *result) {
  struct speed_rows sorted = speed_rows_sorted(result, result_is_key_import);
  struct document_table *table = document_add_table(document, "Key import");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT, 0);
  table_add_column(table, "per key", 0, 0);
  for (size_t i = 0; i < sorted.count; i++) {
    const struct result_speed *row = sorted.rows[i];
    struct document_row *out = table_add_row(table);
    content_add_names(out, row->alg, row->key_bits, result, row->subject);
    content_add_median(out, row);
  }
  content_apart_legend(table, "", sorted.rows, sorted.count);
  free(sorted.rows);
}
