/* What it costs to turn bad tokens down, by reason: a table an algorithm, a column a subject. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define COSTLIEST 6 /* reasons shown where not all are */
#define SUBJECTS_MAX (DOCUMENT_COLUMNS - 3)

typedef const struct result_rejection_cost cost;

/* Of one algorithm: subjects as columns, and the reasons as rows, each by the row of its first subject. */
struct costs {
  const struct result *result;
  cost *like;
  struct tally subjects;
  cost **reasons;
  size_t reason_count;
};

static bool same_alg(cost *a, cost *b) {
  return strcmp(a->alg, b->alg) == 0 && a->key_bits == b->key_bits;
}

static cost *find_cost(const struct costs *costs, const char *subject, const char *reason) {
  for (size_t i = 0; i < costs->result->rejection_cost_count; i++) {
    cost *row = &costs->result->rejection_cost[i];
    if (same_alg(row, costs->like) && strcmp(row->subject, subject) == 0 && strcmp(row->reason, reason) == 0)
      return row;
  }
  return NULL;
}

/* How costly a reason is, as the geometric mean over subjects: one subject's noise makes no
 * reason the costliest. */
static double costliness(const struct costs *costs, const char *reason) {
  double sum = 0;
  size_t count = 0;
  for (size_t i = 0; i < costs->subjects.count; i++) {
    cost *row = find_cost(costs, costs->subjects.items[i], reason);
    if (row && figure_known(row->of_good) && row->of_good > 0) {
      sum += log(row->of_good);
      count++;
    }
  }
  return count ? exp(sum / (double)count) : 0;
}

static int by_cost(const void *a, const void *b, void *arg) {
  double x = costliness(arg, (*(cost *const *)a)->reason), y = costliness(arg, (*(cost *const *)b)->reason);
  return x != y ? (x > y ? -1 : 1) : strcmp((*(cost *const *)a)->reason, (*(cost *const *)b)->reason);
}

static void costs_make(struct costs *costs, const struct result *result, cost *like) {
  *costs = (struct costs){.result = result, .like = like};
  for (size_t i = 0; i < result->rejection_cost_count; i++) {
    cost *row = &result->rejection_cost[i];
    if (!same_alg(row, like))
      continue;
    if (costs->subjects.count < SUBJECTS_MAX)
      names_add(&costs->subjects, row->subject);
    bool seen = false;
    for (size_t j = 0; j < costs->reason_count && !seen; j++)
      seen = strcmp(costs->reasons[j]->reason, row->reason) == 0;
    if (seen)
      continue;
    costs->reasons = allocate_one_more(costs->reasons, costs->reason_count, sizeof *costs->reasons);
    costs->reasons[costs->reason_count++] = row;
  }
  qsort_r(costs->reasons, costs->reason_count, sizeof *costs->reasons, by_cost, costs);
}

/* Whether the interval leaves no doubt that it costs more, or less, than a good token. */
static bool is_resolved(cost *row) {
  return !figure_known(row->of_good_low) || row->of_good_low > 1 || row->of_good_high < 1;
}

static void add_cost(struct document_row *out, cost *row) {
  char time[FIGURE_BYTES], times[FIGURE_BYTES];
  if (!row || !figure_known(row->ns)) {
    content_add_reason(out, "not measured");
    return;
  }
  figure_time_to(time, row->ns, content_digits(row->ns, row->ns_low, row->ns_high));
  figure_plain_to(times, row->of_good, content_digits(row->of_good, row->of_good_low, row->of_good_high));
  if (figure_known(row->of_good))
    row_addf(out, "%s  x %s%s", time, row->of_good < 0.01 ? "< 0.01" : times, is_resolved(row) ? "" : " ?");
  else
    row_add_cell(out, time);
}

/* Whether any subject turns the reason's tokens down for more than a good one costs, beyond doubt. */
static bool costs_more(const struct costs *costs, const char *reason) {
  bool more = false;
  for (size_t i = 0; i < costs->subjects.count; i++) {
    cost *row = find_cost(costs, costs->subjects.items[i], reason);
    more = more || (row && row->of_good > 1 && is_resolved(row));
  }
  return more;
}

/* Names the costliest of all: the first row's kind. */
static void costs_legend(struct document_table *table, const struct costs *costs) {
  char times[FIGURE_BYTES];
  cost *first = costs->reasons[0];
  OWNED_TEXT char *legend = allocate_copy(
      "A row is the costliest kind of token refused for that reason, a few of them over and over; "
      "x: times what a good token costs; ?: this run cannot tell the two apart.");
  if (costs_more(costs, first->reason))
    result_setf(&legend, "%s The costliest of all is %s %s: %s times, averaged over subjects.", legend,
                first->class_id, first->variant, figure_plain(times, costliness(costs, first->reason)));
  else
    result_setf(&legend, "%s No kind cost more than a good token in this run.", legend);
  table_set_legends(table, legend);
}

static void costs_table(struct document *document, const struct costs *costs, bool all) {
  OWNED_TEXT char *alg = result_alg_text(costs->like->alg, costs->like->key_bits);
  OWNED_TEXT char *title = allocate_format("%s, cost of refusing", alg);
  struct document_table *table = document_add_table(document, title);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(table, "costliest kind", COLUMN_LEFT, 1);
  for (size_t i = 0; i < costs->subjects.count; i++)
    table_add_column(table, costs->subjects.items[i], 0, 0);
  size_t shown = all || costs->reason_count <= COSTLIEST + 1 ? costs->reason_count : COSTLIEST;
  for (size_t i = 0; i < shown; i++) {
    cost *row = costs->reasons[i];
    struct document_row *out = table_add_row(table);
    OWNED_TEXT char *kind = allocate_format("%s %s", row->class_id, row->variant);
    row_add_cell(out, row->reason);
    row_add_cell(out, kind);
    for (size_t j = 0; j < costs->subjects.count; j++)
      add_cost(out, find_cost(costs, costs->subjects.items[j], row->reason));
  }
  if (shown < costs->reason_count) {
    char figure[FIGURE_NOUN_BYTES];
    figure_noun(figure, costs->reason_count - shown, "cheaper reason");
    struct document_row *out = table_add_row(table);
    row_add_cell(out, figure);
    row_set_rest(out, "--verbose", STYLE_PLAIN);
  }
  costs_legend(table, costs);
}

void content_costs(struct document *document, const struct result *result, bool all) {
  for (size_t i = 0; i < result->rejection_cost_count; i++) {
    bool seen = false;
    for (size_t j = 0; j < i && !seen; j++)
      seen = same_alg(&result->rejection_cost[j], &result->rejection_cost[i]);
    if (seen)
      continue;
    struct costs costs;
    costs_make(&costs, result, &result->rejection_cost[i]);
    costs_table(document, &costs, all);
    tally_fini(&costs.subjects);
    free(costs.reasons);
  }
}
