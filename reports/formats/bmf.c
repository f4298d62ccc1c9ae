/* Bencher Metric Format: benchmark, measure, value. Latencies are nanoseconds and throughputs tokens a
 * second, which are Bencher's own units for those two measures. Every subject has a benchmark that counts its
 * wrong verdicts, also when there are none, so that a threshold can stand on it. */
#include <math.h>

#include "reports/content/content.h"
#include "reports/content/rows.h"
#include "reports/model/json_value.h"
#include "reports/text/figures.h"

/* low and high: NAN where there is no interval. */
static void set_measure(json_t *benchmark, const char *measure, double value, double low, double high) {
  if (!figure_known(value))
    return;
  json_t *metric = json_object();
  json_object_set_new(metric, "value", json_figure(value));
  if (figure_known(low))
    json_object_set_new(metric, "lower_value", json_figure(low));
  if (figure_known(high))
    json_object_set_new(metric, "upper_value", json_figure(high));
  json_object_set_new(benchmark, measure, metric);
}

static double or_unknown(double value) {
  return value > 0 ? value : -1; /* which no figure is */
}

static void set_row(json_t *benchmark, const struct result_speed *row) {
  if (result_is_void(row)) {
    set_measure(benchmark, "void", 1, -1, -1);
    return;
  }
  double per_s = row->tokens_per_s;
  set_measure(benchmark, "latency", row->ns, row->ns_low, row->ns_high);
  set_measure(benchmark, "throughput", per_s, per_s * row->ns / or_unknown(row->ns_high),
              per_s * row->ns / or_unknown(row->ns_low));
  set_measure(benchmark, "p50-latency", row->p50_ns, -1, -1);
  set_measure(benchmark, "p90-latency", row->p90_ns, -1, -1);
  set_measure(benchmark, "p99-latency", row->p99_ns, -1, -1);
  set_measure(benchmark, "p999-latency", row->p999_ns, -1, -1);
  set_measure(benchmark, "max-latency", row->max_ns, -1, -1);
  set_measure(benchmark, "instructions", row->instructions, -1, -1);
}

/* A change may be negative, which no figure is. */
static void set_change(json_t *benchmark, const struct result_gate *gate) {
  json_t *metric = json_object();
  json_object_set_new(metric, "value", json_difference(gate->change));
  if (isfinite(gate->low) && isfinite(gate->high)) {
    json_object_set_new(metric, "lower_value", json_difference(gate->low));
    json_object_set_new(metric, "upper_value", json_difference(gate->high));
  }
  json_object_set_new(benchmark, "slowdown", metric);
}

static json_t *gate_json(const struct result_gate *gate) {
  json_t *benchmark = json_object();
  if (gate_is_of_verdicts(gate))
    set_measure(benchmark, "wrong-verdicts", (double)gate->wrong, -1, -1);
  else if (isfinite(gate->change))
    set_change(benchmark, gate);
  return benchmark;
}

/* Bencher takes no benchmark without a measure. */
static void add_benchmark(json_t *root, const char *name, json_t *benchmark) {
  if (json_object_size(benchmark))
    json_object_set(root, name, benchmark);
  json_decref(benchmark);
}

static void add_verdicts(json_t *root, const struct result *result, struct row_names *names) {
  struct verdict_sums sums = verdict_sums_by(result, key_of_subject);
  for (size_t i = 0; i < sums.count; i++) {
    const struct verdict_sum *sum = &sums.items[i];
    json_t *benchmark = json_object();
    set_measure(benchmark, "wrong-verdicts", (double)sum->wrong, -1, -1);
    set_measure(benchmark, "wrong-reasons", (double)sum->of[KIND_REASON], -1, -1);
    add_benchmark(root, row_names_add(names, sum), benchmark);
  }
  verdict_sums_fini(&sums);
}

static bool write_bmf(const struct result *result, const struct result_view *view, FILE *stream) {
  (void)view;
  struct row_names names = row_names_of(result);
  json_t *root = json_object();
  for (size_t i = 0; i < result->speed_count; i++) {
    json_t *benchmark = json_object();
    set_row(benchmark, &result->speed[i]);
    add_benchmark(root, names.of[i], benchmark);
  }
  add_verdicts(root, result, &names);
  for (size_t i = 0; i < result->gate_count; i++)
    add_benchmark(root, row_names_add_gate(&names, &result->gates[i]), gate_json(&result->gates[i]));
  row_names_fini(&names);
  bool ok = json_put(root, JSON_INDENT(1), stream);
  fputc('\n', stream);
  return ok;
}

const struct result_format format_bmf = {
    .name = "bmf",
    .summary = "Bencher Metric Format, with intervals and a count of wrong verdicts",
    .extension = "json",
    .readers = "Bencher (adapter json)",
    .write = write_bmf,
};
