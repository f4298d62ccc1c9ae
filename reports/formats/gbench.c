/* The JSON of Google Benchmark: a benchmark for each speed row, a repetition for each launch (its U test
 * wants nine), and the median over launches as an aggregate. A row without figures is left out, as Google
 * Benchmark does with what was not run; a void one keeps its times, because compare.py must find some, and is
 * marked as failed. Wrong verdicts are in the context, and labels at the rows of their subject. cpu_time
 * repeats real_time: a pinned thread's wall time is what was measured. `iterations` are the tokens of one
 * block, which is what a time was taken over: a repetition is the median of many. Key imports and contexts
 * have no fixed number, and so none. */
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/content/rows.h"
#include "reports/model/json_value.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define NO_HOST "not recorded" /* a result names its machine only where the user did */

static bool is_wrong_about(const struct verdict_sum *sum, const struct result_speed *row) {
  return sum->wrong && strcmp(sum->first->subject, row->subject) == 0 &&
         strcmp(sum->first->alg, row->alg) == 0;
}

/* What the row's subject got wrong with the row's algorithm; "" for nothing. free() it. */
static char *label_of(const struct result_speed *row, const struct verdict_sums *sums) {
  char *label = allocate_copy("");
  for (size_t i = 0; i < sums->count; i++) {
    if (!is_wrong_about(&sums->items[i], row))
      continue;
    OWNED_TEXT char *words = verdict_words(&sums->items[i], KINDS_WRONG);
    result_setf(&label, "%s%swrong verdicts: %s", label, label[0] ? "; " : "", words);
  }
  return label;
}

static json_t *benchmark_json(const struct result_speed *row, const char *name, size_t family, double ns) {
  json_t *json = json_object();
  double per_s = row->tokens_per_s * row->ns / ns; /* all threads together */
  json_object_set_new(json, "name", json_text(name));
  json_object_set_new(json, "family_index", json_integer((json_int_t)family));
  json_object_set_new(json, "per_family_instance_index", json_integer(0));
  json_object_set_new(json, "run_name", json_text(name));
  json_object_set_new(json, "threads", json_integer(row->threads ? row->threads : 1));
  json_object_set_new(json, "repetitions",
                      json_integer(row->sample_count ? (json_int_t)row->sample_count : 1));
  json_object_set_new(json, "real_time", json_figure(ns));
  json_object_set_new(json, "cpu_time", json_figure(ns));
  json_object_set_new(json, "time_unit", json_string("ns"));
  if (figure_known(per_s))
    json_object_set_new(json, "items_per_second", json_figure(per_s));
  if (result_is_void(row)) {
    json_object_set_new(json, "error_occurred", json_true());
    json_object_set_new(json, "error_message", json_string(RESULT_VOID));
  }
  return json;
}

static json_t *aggregate_json(const struct result_speed *row, const char *name, size_t family) {
  json_t *json = benchmark_json(row, name, family, row->ns);
  OWNED_TEXT char *full = allocate_format("%s_median", name);
  json_object_set_new(json, "name", json_text(full));
  json_object_set_new(json, "run_type", json_string("aggregate"));
  json_object_set_new(json, "aggregate_name", json_string("median"));
  json_object_set_new(json, "aggregate_unit", json_string("time"));
  json_object_set_new(json, "iterations",
                      json_integer((json_int_t)row->sample_count)); /* launches, as there */
  return json;
}

/* The list of benchmarks, written one by one: a large result would make a large tree. */
struct list {
  FILE *stream;
  bool any, failed;
};

static void put_benchmark(struct list *list, json_t *json, const char *label) {
  if (label[0])
    json_object_set_new(json, "label", json_text(label));
  fputs(list->any ? ",\n  " : "\n  ", list->stream);
  list->any = true;
  list->failed |= !json_put(json, JSON_COMPACT, list->stream);
}

static void put_row(struct list *list, const struct result_speed *row, const char *name, size_t family,
                    const struct verdict_sums *sums) {
  OWNED_TEXT char *label = label_of(row, sums);
  size_t repetitions = row->sample_count ? row->sample_count : 1;
  for (size_t i = 0; i < repetitions; i++) {
    double ns = row->sample_count ? row->samples[i] : row->ns;
    if (!figure_known(ns) || ns <= 0)
      continue;
    json_t *json = benchmark_json(row, name, family, ns);
    json_object_set_new(json, "run_type", json_string("iteration"));
    json_object_set_new(json, "repetition_index", json_integer((json_int_t)i));
    if (row->block_operations)
      json_object_set_new(json, "iterations", json_count(row->block_operations));
    put_benchmark(list, json, label);
  }
  if (row->sample_count > 1)
    put_benchmark(list, aggregate_json(row, name, family), label);
}

static void set_known_machine(json_t *context, const struct result_machine *machine) {
  json_t *load = json_array();
  if (figure_known(machine->load))
    json_array_append_new(load, json_figure(machine->load));
  json_object_set_new(context, "load_avg", load);
  if (strcmp(machine->governor, "performance") == 0)
    json_object_set_new(context, "cpu_scaling_enabled", json_false());
  if (strcmp(machine->governor, "powersave") == 0 || strcmp(machine->governor, "ondemand") == 0 ||
      strcmp(machine->governor, "schedutil") == 0)
    json_object_set_new(context, "cpu_scaling_enabled", json_true());
  if (strcmp(machine->aslr, "0") == 0 || strcmp(machine->aslr, "1") == 0 || strcmp(machine->aslr, "2") == 0)
    json_object_set_new(context, "aslr_enabled", json_boolean(machine->aslr[0] != '0'));
}

static json_t *wrong_json(const struct result *result) {
  json_t *list = json_array();
  for (size_t i = 0; i < result->verdict_count; i++) {
    if (!verdict_wrong(&result->verdicts[i]))
      continue;
    OWNED_TEXT char *sentence = verdict_sentence(&result->verdicts[i], KINDS_WRONG);
    json_array_append_new(list, json_text(sentence));
  }
  for (size_t i = 0; i < result->gate_count; i++)
    for (size_t j = 0; j < result->gates[i].finding_count; j++) {
      OWNED_TEXT char *words = gate_finding_words(&result->gates[i].findings[j]);
      json_array_append_new(list, json_text(words));
    }
  return list;
}

static json_t *context_json(const struct result *result) {
  json_t *context = json_object();
  json_object_set_new(context, "date", json_text(result->started));
  json_object_set_new(context, "host_name",
                      result->machine.host[0] ? json_text(result->machine.host) : json_string(NO_HOST));
  json_object_set_new(context, "executable", json_string("assay"));
  json_object_set_new(context, "num_cpus", json_integer(result->machine.cores));
  if (figure_known(result->machine.mhz))
    json_object_set_new(context, "mhz_per_cpu", json_integer((json_int_t)(result->machine.mhz + 0.5)));
  json_object_set_new(context, "cpu_model", json_text(result->machine.cpu));
  json_object_set_new(context, "caches", json_array());
  set_known_machine(context, &result->machine);
  json_object_set_new(context, "library_version", json_text(result->tool.version));
  json_object_set_new(context, "library_build_type",
                      json_string(result_is_sanitized(result) ? "debug" : "release"));
  json_object_set_new(context, "json_schema_version", json_integer(1));
  json_object_set_new(context, "wrong_verdicts", wrong_json(result));
  return context;
}

static bool write_gbench(const struct result *result, const struct result_view *view, FILE *stream) {
  (void)view;
  struct row_names names = row_names_of(result);
  struct verdict_sums sums = verdict_sums_by(result, key_of_alg);
  struct list list = {.stream = stream};
  fputs("{\n \"context\":", stream);
  list.failed = !json_put(context_json(result), JSON_COMPACT, stream);
  fputs(",\n \"benchmarks\":[", stream);
  for (size_t i = 0; i < result->speed_count; i++)
    if (figure_known(result->speed[i].ns) && result->speed[i].ns > 0)
      put_row(&list, &result->speed[i], names.of[i], i, &sums);
  fputs("\n ]\n}\n", stream);
  verdict_sums_fini(&sums);
  row_names_fini(&names);
  return !list.failed;
}

const struct result_format format_gbench = {
    .name = "gbench",
    .summary = "the JSON of Google Benchmark, one repetition a launch",
    .extension = "json",
    .readers = "Google Benchmark's compare.py, Bencher, github-action-benchmark googlecpp",
    .write = write_gbench,
};
