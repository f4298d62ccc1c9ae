/* github-action-benchmark, customSmallerIsBetter: times per token, and wrong verdicts. */
#include "reports/content/content.h"
#include "reports/formats/shared/gha.h"
#include "reports/text/allocate.h"

static void add_percentile(json_t *list, const char *name, const char *which, double ns) {
  OWNED_TEXT char *full = allocate_format("%s %s", name, which);
  gha_add(list, full, "ns/token", ns, -1, -1, "");
}

static void add_row(json_t *list, const char *name, const struct result_speed *row) {
  if (result_is_void(row)) {
    OWNED_TEXT char *full = allocate_format("%s void", name);
    gha_add(list, full, "rows", 1, -1, -1, RESULT_VOID);
    return;
  }
  OWNED_TEXT char *extra = gha_extra(row);
  OWNED_TEXT char *unit = allocate_format("ns/%s", row_operation(row));
  gha_add(list, name, unit, row->ns, row->ns_low, row->ns_high, extra);
  add_percentile(list, name, "p50", row->p50_ns);
  add_percentile(list, name, "p99", row->p99_ns);
  add_percentile(list, name, "p99.9", row->p999_ns);
}

static void add_wrong(json_t *list, const char *name, const struct verdict_sum *sum, const char *extra) {
  gha_add(list, name, "wrong verdicts", (double)sum->wrong, -1, -1, extra);
}

static void add_gate(json_t *list, const char *name, const struct result_gate *gate) {
  gha_add(list, name, "wrong verdicts", (double)gate->wrong, -1, -1, gate->reason);
}

static bool write_gha_smaller(const struct result *result, const struct result_view *view, FILE *stream) {
  (void)view;
  struct row_names names = row_names_of(result);
  json_t *list = json_array();
  for (size_t i = 0; i < result->speed_count; i++)
    add_row(list, names.of[i], &result->speed[i]);
  gha_each_sum(list, result, &names, add_wrong);
  for (size_t i = 0; i < result->gate_count; i++)
    if (gate_is_of_verdicts(&result->gates[i]))
      add_gate(list, row_names_add_gate(&names, &result->gates[i]), &result->gates[i]);
  row_names_fini(&names);
  bool ok = json_put(list, JSON_INDENT(1), stream);
  fputc('\n', stream);
  return ok;
}

const struct result_format format_gha_smaller = {
    .name = "gha-smaller",
    .summary = "times per token and wrong verdicts: smaller is better",
    .extension = "json",
    .readers = "github-action-benchmark customSmallerIsBetter",
    .write = write_gha_smaller,
};
