/* Tables of throughput and latency: verify, batches, the bare primitive, and all against the reference. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "reports/content/content.h"
#include "reports/model/ratio.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

/* Rows of one table, in the order in which they are shown. */
struct selection {
  const struct result *result;
  double level; /* of ratio.h */
  const struct result_speed **rows;
  size_t count;
};

static int compare_rows(const void *a, const void *b, void *result) {
  const struct result_speed *first = *(const struct result_speed *const *)a;
  const struct result_speed *second = *(const struct result_speed *const *)b;
  bool first_floor = result_is_floor(first->subject), second_floor = result_is_floor(second->subject);
  if (first_floor != second_floor)
    return first_floor ? 1 : -1;
  int order = result_compare_cells(result, (struct result_cell){first->alg, first->subject, first->key_bits},
                                   (struct result_cell){second->alg, second->subject, second->key_bits});
  return order ? order : (first > second) - (first < second); /* as they stand in the result */
}

static bool same_setting(const struct result_speed *a, const struct result_speed *b) {
  if (result_is_default_mode(a) || result_is_default_mode(b))
    return result_is_default_mode(a) && result_is_default_mode(b);
  bool same_share = a->bad_share == b->bad_share || (!(a->bad_share > 0) && !(b->bad_share > 0));
  return a->mode == b->mode && same_share;
}

/* Not timed: content_instructions shows it. */
static bool is_counted_only(const struct result_speed *row) {
  return figure_known(row->instructions) && !figure_known(row->ns);
}

/* Rows of a metric that were measured like `like`, on one thread. */
static struct selection select_rows(const struct result *result, enum result_metric metric,
                                    const struct result_speed *like) {
  struct selection selection = {.result = result, .level = ratio_level(result)};
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (row->metric != metric || row->threads > 1 || !same_setting(row, like) || is_counted_only(row))
      continue;
    selection.rows = allocate_one_more(selection.rows, selection.count, sizeof *selection.rows);
    selection.rows[selection.count++] = row;
  }
  if (selection.count)
    qsort_r(selection.rows, selection.count, sizeof *selection.rows, compare_rows, (void *)result);
  return selection;
}

static void add_of_bare(struct document_row *row, const struct result_speed *speed) {
  char figure[FIGURE_BYTES];
  if (result_is_floor(speed->subject)) {
    row_add_cell(row, "no crypto");
    return;
  }
  if (!figure_known(speed->of_primitive)) {
    content_add_reason(row, content_why_missing(speed, "of_primitive"));
    return;
  }
  snprintf(figure, sizeof figure, speed->of_primitive < 1e6 ? "%.2f" : "%.2e", speed->of_primitive);
  content_add_bounded(row, figure, result_of_primitive_is_possible(speed->of_primitive));
}

static void add_interval(struct document_row *row, const struct result_speed *speed) {
  char low[FIGURE_BYTES], high[FIGURE_BYTES];
  if (!figure_known(speed->ns_low) || !figure_known(speed->ns_high)) {
    content_add_reason(row, content_why_missing(speed, "ns_low"));
    return;
  }
  char reach[FIGURE_BYTES];
  OWNED_TEXT char *text =
      allocate_format("%s to %s", figure_time(low, speed->ns_low), figure_time(high, speed->ns_high));
  cell_set_brief(row_add_cell(row, text), figure_share(reach, content_reach(speed)));
}

/* The ratio, with the digits of its interval or, where there is none, of the time's. */
static void add_times(struct document_row *row, const struct result_speed *speed) {
  char figure[FIGURE_BYTES];
  double reach = content_reach_of(speed->ratio, speed->ratio_low, speed->ratio_high);
  if (!figure_known(reach))
    reach = content_known_within(speed);
  if (figure_known(speed->ratio))
    row_add_cell(row, figure_plain_to(figure, speed->ratio, figure_digits(speed->ratio, reach)));
  else
    content_add_reason(row, content_why_missing(speed, "ratio"));
}

static void add_ratio(struct document_row *row, const struct result *result,
                      const struct result_speed *speed) {
  if (result_is_floor(speed->subject))
    row_add_cell(row, "no crypto");
  else if (strcmp(speed->subject, result->reference) == 0)
    row_add_cell(row, "reference");
  else
    add_times(row, speed);
}

static bool is_unresolved(const struct result_speed *row) {
  return figure_known(row->ratio_low) && figure_known(row->ratio_high) && !row->resolved;
}

static bool same_group(const struct result_speed *a, const struct result_speed *b) {
  return strcmp(a->alg, b->alg) == 0 && a->key_bits == b->key_bits &&
         result_is_floor(a->subject) == result_is_floor(b->subject);
}

bool content_is_best(const struct result *result, double level, const struct speed_rows *rows,
                     const struct result_speed *row) {
  size_t others = 0;
  if (result_is_floor(row->subject) || result_is_void(row) || !figure_known(row->ns))
    return false;
  for (size_t i = 0; i < rows->count; i++) {
    const struct result_speed *other = rows->rows[i];
    if (other == row || !same_group(row, other) || result_is_void(other) || !figure_known(other->ns))
      continue;
    if (other->ns <= row->ns || ratio_is_open(result, level, row, other))
      return false;
    others++;
  }
  return others > 0;
}

static bool is_best(const struct selection *selection, size_t index) {
  const struct speed_rows rows = {selection->rows, selection->count};
  return content_is_best(selection->result, selection->level, &rows, selection->rows[index]);
}

static char *row_subject(const struct result *result, const struct result_speed *row) {
  char *subject = content_subject(result, row->subject, true);
  if (row->batch > 1)
    result_setf(&subject, "%s, batches of %u", subject, row->batch);
  return subject;
}

/* Whether a figure of these rows is known, or somebody said why it is not. */
static bool has_field(const struct selection *selection, const char *field, size_t offset) {
  for (size_t i = 0; i < selection->count; i++) {
    const struct result_speed *row = selection->rows[i];
    const void *at = (const char *)row + offset;
    if (figure_known(*(const double *)at))
      return true;
    for (size_t j = 0; j < row->missing_count; j++)
      if (strcmp(row->missing[j].field, field) == 0)
        return true;
  }
  return false;
}
#define HAS(selection, field) has_field((selection), #field, offsetof(struct result_speed, field))

static bool has_intervals(const struct selection *selection) {
  for (size_t i = 0; i < selection->count; i++)
    if (figure_known(selection->rows[i]->ns_low) && figure_known(selection->rows[i]->ns_high))
      return true;
  return false;
}

static void fill_figures(struct document_row *out, const struct selection *selection,
                         const struct result_speed *row) {
  content_add_rate(out, row->tokens_per_s, content_known_within(row),
                   content_why_missing(row, "tokens_per_s"));
  content_add_median(out, row);
  if (has_intervals(selection))
    add_interval(out, row);
  if (HAS(selection, p50_ns)) {
    content_add_time(out, row, "p50_ns", row->p50_ns);
    content_add_time(out, row, "p99_ns", row->p99_ns);
    content_add_time(out, row, "p999_ns", row->p999_ns);
  }
  if (row->metric != METRIC_PRIMITIVE && HAS(selection, of_primitive))
    add_of_bare(out, row);
}

static bool has_ratios(const struct selection *selection) {
  for (size_t i = 0; i < selection->count; i++)
    if (figure_known(selection->rows[i]->ratio))
      return true;
  return false;
}

static void fill_all_figures(struct document_row *out, const struct result *result,
                             const struct selection *selection, const struct result_speed *row) {
  fill_figures(out, selection, row);
  if (has_ratios(selection))
    add_ratio(out, result, row);
}

static void mark_row(struct document_row *out, const struct selection *selection, size_t index) {
  if (is_unresolved(selection->rows[index]))
    for (size_t i = 1; i < out->cell_count; i++)
      out->cells[i].style = STYLE_UNSURE;
  else if (is_best(selection, index))
    out->cells[2].style = out->cells[3].style = STYLE_BEST;
}

static void add_speed_row(struct document_table *table, const struct result *result,
                          const struct selection *selection, size_t index) {
  const struct result_speed *row = selection->rows[index];
  struct document_row *out = table_add_row(table);
  OWNED_TEXT char *alg =
      result_is_floor(row->subject) ? allocate_copy("floor") : result_alg_text(row->alg, row->key_bits);
  OWNED_TEXT char *subject = row_subject(result, row);
  if (result_is_floor(row->subject)) {
    OWNED_TEXT char *of = result_alg_text(row->alg, row->key_bits);
    result_setf(&subject, "%s, %s tokens", subject, of);
  }
  OWNED_TEXT char *brief = content_subject_brief(result, row->subject);
  row_add_cell(out, alg);
  struct document_cell *cell = row_add_cell(out, subject);
  /* The version stands in other tables, and what is compared needs its room. */
  if (row->batch > 1)
    result_setf(&brief, "%s, %u a batch", brief, row->batch);
  if ((row->batch > 1 || has_intervals(selection) || has_ratios(selection)) && !result_is_floor(row->subject))
    cell_set_brief(cell, brief);
  if (result_is_void(row) && figure_known(row->ns))
    row_set_rest(out, RESULT_VOID, STYLE_WRONG);
  else if (!figure_known(row->ns))
    row_set_rest(out, content_why_missing(row, "ns"), STYLE_PLAIN);
  else
    fill_all_figures(out, result, selection, row);
  mark_row(out, selection, index);
}

/* One row of the floor is enough: the first algorithm's, where the harness weighs most. */
static bool is_shown(const struct selection *selection, size_t index, bool all) {
  return all || index == 0 || !result_is_floor(selection->rows[index]->subject) ||
         !result_is_floor(selection->rows[index - 1]->subject);
}

static int family_of(const char *alg) {
  enum assay_alg known = assay_alg_by_name(alg);
  return known == ASSAY_ALG_NONE ? -1 : (int)assay_alg_info(known)->family;
}

static bool begins_family(const struct result_speed *previous, const struct result_speed *row) {
  return family_of(previous->alg) != family_of(row->alg) ||
         result_is_floor(previous->subject) != result_is_floor(row->subject);
}

static char *speed_title(const char *what, const struct result_speed *like) {
  char *title = allocate_copy(what);
  if (result_is_default_mode(like))
    return title;
  if (!result_is_diverse(like->mode))
    result_setf(&title, "%s, %s", title, mode_word(like->mode));
  char share[FIGURE_BYTES];
  if (like->bad_share > 0)
    result_setf(&title, "%s, %s bad tokens", title, figure_percent(share, like->bad_share));
  return title;
}

static void speed_columns(struct document_table *table, const struct result *result,
                          enum result_metric metric, const struct selection *selection) {
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(table, "tokens/s", 0, 0);
  table_add_column(table, "per token", 0, 0);
  if (has_intervals(selection))
    column_set_brief(table_add_column(table, "95 % interval", 0, 6), "+-");
  if (HAS(selection, p50_ns)) {
    table_add_column(table, "p50", 0, 3);
    table_add_column(table, "p99", 0, 5);
    table_add_column(table, "p99.9", 0, 2);
  }
  if (metric != METRIC_PRIMITIVE && HAS(selection, of_primitive))
    table_add_column(table, "of bare", 0, 4);
  if (!has_ratios(selection))
    return;
  OWNED_TEXT char *head = allocate_format("x %s", result->reference[0] ? result->reference : "reference");
  table_add_column(table, head, 0, 1);
}

static bool has_doubtful(const struct selection *selection) {
  for (size_t i = 0; i < selection->count; i++)
    if (!result_of_primitive_is_possible(selection->rows[i]->of_primitive) &&
        !result_is_floor(selection->rows[i]->subject))
      return true;
  return false;
}

static const char *mode_legend(enum result_mode mode) {
  switch (mode) {
  case MODE_HOT: return "hot: one token of middle size again and again.";
  case MODE_COLD:
    return "cold: before each token 64 MB are written through, which empties the core's caches up to that "
           "size; each token is timed alone, one clock reading included.";
  default: return "";
  }
}

static void add_sentence(char **text, const char *sentence) {
  result_setf(text, "%s%s%s", *text, (*text)[0] && sentence[0] ? " " : "", sentence);
}

/* What the mode means, the marks, and the short form of the interval. */
static void speed_legend(struct document_table *table, const struct selection *selection,
                         enum result_mode mode) {
  OWNED_TEXT char *apart = content_apart(selection->rows, selection->count);
  OWNED_TEXT char *marks = allocate_format("%s%s", apart ? "~: " : "", apart ? apart : "");
  OWNED_TEXT char *text = allocate_copy(mode_legend(mode));
  add_sentence(&text, has_doubtful(selection) ? CONTENT_OF_BARE_LEGEND : "");
  add_sentence(&text, marks);
  if (text[0])
    table_set_legends(table, text);
  if (!has_intervals(selection))
    return;
  OWNED_TEXT char *brief =
      allocate_copy("+-: how far the 95 % interval over launches reaches from the figure.");
  add_sentence(&brief, text);
  table_set_legend(table, FORM_BRIEF, brief);
}

static void speed_table(struct document *document, const struct result *result, enum result_metric metric,
                        const char *what, const struct result_speed *like, bool all) {
  struct selection selection = select_rows(result, metric, like);
  if (selection.count == 0)
    return;
  OWNED_TEXT char *title = speed_title(what, like);
  struct document_table *table = document_add_table(document, title);
  speed_columns(table, result, metric, &selection);
  speed_legend(table, &selection, like->mode);
  const struct result_speed *previous = NULL;
  for (size_t i = 0; i < selection.count; i++) {
    if (!is_shown(&selection, i, all))
      continue;
    add_speed_row(table, result, &selection, i);
    table->rows[table->row_count - 1].gap = previous && begins_family(previous, selection.rows[i]);
    previous = selection.rows[i];
  }
  free(selection.rows);
}

/* A table for every setting in which the metric was measured, the default one first. */
static void speed_tables(struct document *document, const struct result *result, enum result_metric metric,
                         const char *what, bool all) {
  for (int defaults = 1; defaults >= 0; defaults--)
    for (size_t i = 0; i < result->speed_count; i++) {
      const struct result_speed *row = &result->speed[i];
      if (row->metric != metric || row->threads > 1 || result_is_default_mode(row) != defaults ||
          row->bad_share > 0 || result_is_use(row->mode) ||
          row->key_place != KEY_PLACE_OF_CORPUS) /* content_shares.c, content_setup.c, content_keysets.c */
        continue;
      bool seen = false;
      for (size_t j = 0; j < i && !seen; j++)
        seen = result->speed[j].metric == metric && result->speed[j].threads <= 1 &&
               same_setting(&result->speed[j], row);
      if (!seen)
        speed_table(document, result, metric, what, row, all);
    }
}

/* Why no row of the metric has a figure, where all have the same reason; NULL: some has one, or there is none.
 */
static const char *why_none(const struct result *result, enum result_metric metric, struct tally *subjects) {
  const char *why = NULL;
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (row->metric != metric)
      continue;
    const char *own = content_why_missing(row, "ns");
    if (figure_known(row->ns) || (why && strcmp(own, why) != 0))
      return NULL;
    why = own;
    names_add(subjects, row->subject);
  }
  return why;
}

/* Most libraries have no call for it: a table of that alone would say the same in every row. */
static void add_batches(struct document *document, const struct result *result, bool all) {
  OWNED_TALLY struct tally subjects = {0};
  const char *why = why_none(result, METRIC_BATCH, &subjects);
  OWNED_TEXT char *names = names_join(&subjects, " and ");
  if (why)
    document_add_text(document, 0, "", "Verify in batches: not measured of %s: %s.", names, why)->gap = true;
  else
    speed_tables(document, result, METRIC_BATCH, "Verify in batches, one thread", all);
}

void content_speed(struct document *document, const struct result *result, bool all) {
  speed_tables(document, result, METRIC_VERIFY, "Verify, one thread", all);
  add_batches(document, result, all);
  if (all)
    speed_tables(document, result, METRIC_PRIMITIVE, "Bare primitive, one thread", all);
}

/* ---- the ratios with their intervals, which the tables above have no room for ---- */

static void add_ratio_row(struct document_table *table, const struct result_speed *row) {
  char *alg = result_alg_text(row->alg, row->key_bits);
  struct document_row *out = table_add_row(table);
  row_add_cell(out, alg);
  free(alg);
  row_add_cell(out, row->subject);
  add_times(out, row);
  if (!figure_known(row->ratio_low) || !figure_known(row->ratio_high)) {
    row_set_rest(out, content_why_missing(row, "ratio_low"), STYLE_PLAIN);
    return;
  }
  content_add_interval(out, row->ratio_low, row->ratio_high);
  row_add_cell(out, row->resolved ? "yes" : "not resolved")->style =
      row->resolved ? STYLE_PLAIN : STYLE_UNSURE;
}

static bool has_ratio(const struct result_speed *row) {
  return result_is_main_verify(row) && figure_known(row->ratio);
}

void content_ratios(struct document *document, const struct result *result) {
  struct speed_rows sorted = speed_rows_sorted(result, has_ratio);
  OWNED_TEXT char *title = allocate_format("Throughput against %s, with intervals", result->reference);
  struct document_table *table = document_add_table(document, title);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT, 0);
  table_add_column(table, "times as fast", 0, 0);
  table_add_column(table, "interval", 0, 0);
  table_add_column(table, "told apart", COLUMN_LEFT, 0);
  for (size_t i = 0; i < sorted.count; i++)
    if (strcmp(sorted.rows[i]->subject, result->reference) != 0)
      add_ratio_row(table, sorted.rows[i]);
  free(sorted.rows);
}
