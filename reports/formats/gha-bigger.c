/* github-action-benchmark, customBiggerIsBetter: throughput, and right verdicts, and those that a gate saw
 * kept, which every wrong one is missing from. */
#include "reports/content/content.h"
#include "reports/formats/shared/gha.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

static double scaled(const struct result_speed *row, double ns) {
  return figure_known(ns) && ns > 0 ? row->tokens_per_s * row->ns / ns : -1;
}

/* A void row is 0 tokens a second: it must not look like a row that is merely absent. */
static void add_row(json_t *list, const char *name, const struct result_speed *row) {
  OWNED_TEXT char *unit = allocate_format("%ss/s", row_operation(row));
  if (result_is_void(row)) {
    gha_add(list, name, unit, 0, -1, -1, RESULT_VOID);
    return;
  }
  OWNED_TEXT char *extra = gha_extra(row);
  gha_add(list, name, unit, row->tokens_per_s, scaled(row, row->ns_high), scaled(row, row->ns_low), extra);
}

static void add_right(json_t *list, const char *name, const struct verdict_sum *sum, const char *extra) {
  gha_add(list, name, "right verdicts", (double)sum->of[KIND_RIGHT], -1, -1, extra);
}

static void add_gate(json_t *list, const char *name, const struct result_gate *gate) {
  gha_add(list, name, "kept verdicts", gate->tokens > gate->wrong ? (double)(gate->tokens - gate->wrong) : 0,
          -1, -1, gate->reason);
}

static bool write_gha_bigger(const struct result *result, const struct result_view *view, FILE *stream) {
  (void)view;
  struct row_names names = row_names_of(result);
  json_t *list = json_array();
  for (size_t i = 0; i < result->speed_count; i++)
    add_row(list, names.of[i], &result->speed[i]);
  gha_each_sum(list, result, &names, add_right);
  for (size_t i = 0; i < result->gate_count; i++)
    if (gate_is_of_verdicts(&result->gates[i]))
      add_gate(list, row_names_add_gate(&names, &result->gates[i]), &result->gates[i]);
  row_names_fini(&names);
  bool ok = json_put(list, JSON_INDENT(1), stream);
  fputc('\n', stream);
  return ok;
}

const struct result_format format_gha_bigger = {
    .name = "gha-bigger",
    .summary = "throughput and right verdicts: bigger is better",
    .extension = "json",
    .readers = "github-action-benchmark customBiggerIsBetter",
    .write = write_gha_bigger,
};
