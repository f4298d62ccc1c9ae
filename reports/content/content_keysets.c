/* How finding a key scales with the size of its set: a table an algorithm, a column a size. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define SIZES_MAX (DOCUMENT_COLUMNS - 2)
#define LEGEND                                                                                               \
  "Without kid the other keys are for encryption, or several keys could be meant; those rows have a few "    \
  "tokens again and again."

typedef const struct result_speed speed;

static bool is_set(speed *row) {
  return row->key_place != KEY_PLACE_OF_CORPUS && row->metric == METRIC_VERIFY;
}

static bool same_table(speed *a, speed *b) {
  return is_set(a) && is_set(b) && strcmp(a->alg, b->alg) == 0 && a->key_bits == b->key_bits;
}

/* A set of one key has it first and last: it is filed as first. */
static bool same_row(speed *a, speed *b) {
  bool place = a->key_place == b->key_place || a->keys == 1 || b->keys == 1;
  return same_table(a, b) && strcmp(a->subject, b->subject) == 0 && a->kid == b->kid && place;
}

static int by_size(const void *a, const void *b) {
  unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
  return x < y ? -1 : x > y;
}

static size_t sizes_of(const struct result *result, speed *like, unsigned *sizes) {
  size_t count = 0;
  for (size_t i = 0; i < result->speed_count; i++) {
    speed *row = &result->speed[i];
    bool seen = !same_table(row, like);
    for (size_t j = 0; j < count && !seen; j++)
      seen = sizes[j] == row->keys;
    if (!seen && count < SIZES_MAX)
      sizes[count++] = row->keys;
  }
  qsort(sizes, count, sizeof *sizes, by_size);
  return count;
}

static void add_figure(struct document_row *out, const struct result *result, speed *like, unsigned keys) {
  for (size_t i = 0; i < result->speed_count; i++) {
    speed *row = &result->speed[i];
    if (row->keys != keys || !same_row(row, like))
      continue;
    if (!row->verdicts_ok && !result_is_floor(row->subject))
      row_add_cell(out, "void")->style = STYLE_WRONG;
    else
      content_add_time(out, row, "ns", row->ns);
    return;
  }
  content_add_reason(out, "not measured");
}

static void add_row(struct document_table *table, const struct result *result, speed *like,
                    const unsigned *sizes, size_t count) {
  struct document_row *out = table_add_row(table);
  OWNED_TEXT char *subject = content_subject(result, like->subject, false);
  OWNED_TEXT char *how =
      allocate_format("%s, %s", like->kid ? "kid" : "no kid", key_place_word(like->key_place));
  row_add_cell(out, result_is_floor(like->subject) ? "floor" : subject);
  row_add_cell(out, how);
  for (size_t i = 0; i < count; i++)
    add_figure(out, result, like, sizes[i]);
}

/* Rows in the order of the subjects. One key has no row of its own where larger sets have. */
static void add_subject(struct document_table *table, const struct result *result, speed *like,
                        const char *subject, const unsigned *sizes, size_t count) {
  for (size_t i = 0; i < result->speed_count; i++) {
    speed *row = &result->speed[i];
    bool seen = !same_table(row, like) || strcmp(row->subject, subject) != 0 || (row->keys == 1 && count > 1);
    for (size_t j = 0; j < i && !seen; j++)
      seen = (result->speed[j].keys > 1 || count == 1) && same_row(&result->speed[j], row);
    if (!seen)
      add_row(table, result, row, sizes, count);
  }
}

static void keysets_table(struct document *document, const struct result *result, speed *like) {
  unsigned sizes[SIZES_MAX];
  size_t count = sizes_of(result, like, sizes);
  OWNED_TALLY struct tally subjects = {0};
  char figure[FIGURE_BYTES], *alg = result_alg_text(like->alg, like->key_bits);
  OWNED_TEXT char *title = allocate_format("%s, time a token by keys in the set", alg);
  struct document_table *table = document_add_table(document, title);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "right key", COLUMN_LEFT, 0);
  for (size_t i = 0; i < count; i++)
    table_add_column(table, figure_count(figure, sizes[i]), 0, 0);
  double reach = (double)NAN;
  for (size_t i = 0; i < result->speed_count; i++)
    if (same_table(&result->speed[i], like)) {
      names_add(&subjects, result->speed[i].subject);
      reach = fmax(reach, content_reach(&result->speed[i])); /* of those that have one */
    }
  for (size_t i = 0; i < subjects.count; i++)
    add_subject(table, result, like, subjects.items[i], sizes, count);
  content_reach_legend(table, LEGEND, reach);
  free(alg);
}

void content_keysets(struct document *document, const struct result *result) {
  for (size_t i = 0; i < result->speed_count; i++) {
    bool seen = !is_set(&result->speed[i]);
    for (size_t j = 0; j < i && !seen; j++)
      seen = same_table(&result->speed[j], &result->speed[i]);
    if (!seen)
      keysets_table(document, result, &result->speed[i]);
  }
}
