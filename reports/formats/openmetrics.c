/* OpenMetrics 1.0.0 text for Prometheus and kin. Families stand together, units are seconds, no series occurs
 * twice: rows that cannot be told apart by their labels get one more, `row`. Bounds of buckets are the same
 * for all series; a sample, known to three significant digits, counts by the least value of its slot. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/formats/shared/latency.h"
#include "reports/text/allocate.h"
#include "reports/text/escape.h"
#include "reports/text/figures.h"

#define PREFIX "reject "

static void put_family(FILE *stream, const char *name, const char *type, const char *unit, const char *help) {
  fprintf(stream, "# TYPE %s %s\n", name, type);
  if (unit)
    fprintf(stream, "# UNIT %s %s\n", name, unit);
  fprintf(stream, "# HELP %s %s\n", name, help);
}

static void put_pair(FILE *stream, const char *label, const char *value) {
  fprintf(stream, "%s=\"", label);
  put_label(stream, value);
  fputc('"', stream);
}

static void put_build(FILE *stream, const struct result *result) {
  put_family(stream, "assay_build", "info", NULL, "What measured.");
  fputs("assay_build_info{", stream);
  put_pair(stream, "version", result->tool.version);
  put_pair(stream, ",commit", result->tool.commit);
  put_pair(stream, ",compiler", result->tool.compiler);
  put_pair(stream, ",sanitizer", result->tool.sanitizer);
  fputs("} 1\n", stream);
}

/* Text written to memory; free() it. */
struct text {
  char *bytes;
  size_t length;
  FILE *stream;
};

static void text_open(struct text *text) {
  text->stream = allocated(open_memstream(&text->bytes, &text->length));
}

static char *text_close(struct text *text) {
  fclose(text->stream);
  return allocated(text->bytes);
}

/* The labels, or with `row` added what makes them new. */
static const char *labels_new(struct tally *taken, char *labels) {
  bool added;
  size_t index = tally_index(taken, labels, &added);
  for (unsigned number = 2; !added; number++) {
    OWNED_TEXT char *numbered = allocate_format("%s,row=\"%u\"", labels, number);
    index = tally_index(taken, numbered, &added);
  }
  free(labels);
  return taken->items[index];
}

static void put_subjects(FILE *stream, const struct result *result) {
  OWNED_TALLY struct tally taken = {0};
  put_family(stream, "assay_subject", "info", NULL, "What was measured.");
  for (size_t i = 0; i < result->subject_count; i++) {
    const struct result_subject *subject = &result->subjects[i];
    OWNED_TEXT char *label = verdict_class(subject->name, "");
    if (subject->variant[0])
      result_setf(&label, "%s:%s", subject->name, subject->variant);
    struct text text;
    text_open(&text);
    put_pair(text.stream, "subject", label);
    put_pair(text.stream, ",kind", subject->kind);
    put_pair(text.stream, ",library", subject->library);
    put_pair(text.stream, ",version", subject->version);
    put_pair(text.stream, ",package", subject->package);
    fprintf(stream, "assay_subject_info{%s} 1\n", labels_new(&taken, text_close(&text)));
  }
}

static char *labels_of(const struct result_speed *row, bool with_metric) {
  struct text text;
  char share[FIGURE_BYTES];
  text_open(&text);
  put_pair(text.stream, "subject", row->subject);
  put_pair(text.stream, ",alg", row->alg);
  if (with_metric)
    put_pair(text.stream, ",metric", metric_word(row->metric));
  if (row->key_bits)
    fprintf(text.stream, ",key_bits=\"%u\"", row->key_bits);
  put_pair(text.stream, ",mode", mode_word(row->mode));
  fprintf(text.stream, ",threads=\"%u\"", row->threads ? row->threads : 1);
  if (row->batch > 1)
    fprintf(text.stream, ",batch=\"%u\"", row->batch);
  if (row->keys)
    fprintf(text.stream, ",keys=\"%u\"", row->keys);
  if (!row->kid)
    fputs(",kid=\"false\"", text.stream);
  if (row->key_place != KEY_PLACE_OF_CORPUS)
    put_pair(text.stream, ",key_place", key_place_word(row->key_place));
  if (row->bad_share > 0)
    fprintf(text.stream, ",bad_share=\"%s\"", figure_six(share, row->bad_share));
  return text_close(&text);
}

/* 1, 1.5, 2, 3, 5, 7 in each decade from 100 ns to 1 s. */
static void put_buckets(FILE *stream, const struct hist *hist, const char *labels) {
  static const unsigned tenths[] = {10, 15, 20, 30, 50, 70};
  uint64_t seen = 0;
  unsigned slot = 0;
  for (uint64_t decade = 100; decade < 1000000000; decade *= 10)
    for (unsigned i = 0; i < sizeof tenths / sizeof tenths[0]; i++) {
      uint64_t bound = tenths[i] * decade / 10;
      for (; slot < HIST_SLOTS && hist_slot_low(slot) <= bound; slot++)
        seen += hist->counts[slot];
      fprintf(stream, "assay_verify_seconds_bucket{%s,le=\"%.15g\"} %" PRIu64 "\n", labels,
              (double)bound / 1e9, seen);
    }
  fprintf(stream, "assay_verify_seconds_bucket{%s,le=\"+Inf\"} %" PRIu64 "\n", labels, hist->total);
  fprintf(stream, "assay_verify_seconds_count{%s} %" PRIu64 "\n", labels, hist->total);
  fprintf(stream, "assay_verify_seconds_sum{%s} %.15g\n", labels, (double)hist->sum_ns / 1e9);
}

static void put_histograms(FILE *stream, const struct result *result) {
  OWNED_TALLY struct tally taken = {0};
  struct hist *hist = allocated(malloc(sizeof *hist));
  put_family(stream, "assay_verify_seconds", "histogram", "seconds",
             "Time to verify a single good token, each timed by itself.");
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (row->metric != METRIC_VERIFY || !latency_is_chosen(row, "", NULL))
      continue;
    latency_load(hist, &row->histogram);
    put_buckets(stream, hist, labels_new(&taken, labels_of(row, false)));
  }
  free(hist);
}

static double seconds_of(const struct result_speed *row) {
  return row->ns * 1e-9;
}

static double rate_of(const struct result_speed *row) {
  return row->tokens_per_s;
}

static void put_gauges(FILE *stream, const struct result *result, const char *name,
                       double (*value_of)(const struct result_speed *row)) {
  OWNED_TALLY struct tally taken = {0};
  char figure[FIGURE_BYTES];
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    double value = value_of(row);
    if (figure_known(value) && !result_is_void(row))
      fprintf(stream, "%s{%s} %s\n", name, labels_new(&taken, labels_of(row, true)),
              figure_six(figure, value));
  }
}

static void put_void_rows(FILE *stream, const struct result *result) {
  OWNED_TALLY struct tally taken = {0};
  put_family(stream, "assay_void", "gauge", NULL,
             "Rows without figures: a verdict in the measured loop was wrong.");
  for (size_t i = 0; i < result->speed_count; i++)
    if (result_is_void(&result->speed[i]))
      fprintf(stream, "assay_void{%s} 1\n", labels_new(&taken, labels_of(&result->speed[i], true)));
}

static void put_speed(FILE *stream, const struct result *result) {
  put_histograms(stream, result);
  put_family(stream, "assay_token_seconds", "gauge", "seconds",
             "Time per token of one thread, median over launches.");
  put_gauges(stream, result, "assay_token_seconds", seconds_of);
  put_family(stream, "assay_tokens_per_second", "gauge", NULL, "Throughput of all threads.");
  put_gauges(stream, result, "assay_tokens_per_second", rate_of);
  put_void_rows(stream, result);
}

/* kind: NULL for no more than whose verdicts they are. */
static char *verdict_labels(const struct result_verdict *row, const char *kind) {
  bool rejects = strncmp(row->expected, PREFIX, strlen(PREFIX)) == 0;
  struct text text;
  text_open(&text);
  put_pair(text.stream, "subject", row->subject);
  put_pair(text.stream, ",level", level_word(row->level));
  if (kind) {
    put_pair(text.stream, ",verdict", kind);
    put_pair(text.stream, ",reason", rejects ? row->expected + strlen(PREFIX) : "");
  }
  return text_close(&text);
}

/* Series with their counts: those with the same labels are one. */
struct counters {
  struct tally rows; /* what labels are made of: to make them once, not for every row */
  size_t *series;    /* for each of them the index of its labels */
  struct tally labels;
  uint64_t *values; /* for each of the labels */
};

static size_t series_of(struct counters *counters, const struct result_verdict *row, const char *kind) {
  bool added;
  OWNED_TEXT char *labels = verdict_labels(row, kind);
  size_t index = tally_index(&counters->labels, labels, &added);
  if (added) {
    counters->values = allocate_one_more(counters->values, index, sizeof *counters->values);
    counters->values[index] = 0;
  }
  return index;
}

static void count_tokens(struct counters *counters, const struct result_verdict *row, const char *kind,
                         uint64_t value) {
  bool added;
  OWNED_TEXT char *key = allocate_format("%s\n%s\n%s\n%s", level_word(row->level), row->subject,
                                         kind ? row->expected : "", kind ? kind : "");
  size_t index = tally_index(&counters->rows, key, &added);
  if (added) {
    counters->series = allocate_one_more(counters->series, index, sizeof *counters->series);
    counters->series[index] = series_of(counters, row, kind);
  }
  counters->values[counters->series[index]] += value;
}

static void put_counters(FILE *stream, const char *name, struct counters *counters) {
  for (size_t i = 0; i < counters->labels.count; i++)
    fprintf(stream, "%s{%s} %" PRIu64 "\n", name, counters->labels.items[i], counters->values[i]);
  free(counters->values);
  tally_fini(&counters->labels);
  free(counters->series);
  tally_fini(&counters->rows);
}

static void put_verdicts(FILE *stream, const struct result *result) {
  struct counters tokens = {0}, wrong = {0};
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (result_is_floor(row->subject))
      continue;
    count_tokens(&wrong, row, NULL, verdict_wrong(row));
    for (int kind = 0; kind < KIND_COUNT; kind++) {
      uint64_t found = result_count(row, (enum answer_kind)kind);
      if (found)
        count_tokens(&tokens, row, kind_name((enum answer_kind)kind), found);
    }
  }
  put_family(stream, "assay_tokens", "counter", NULL,
             "Tokens by how they were answered, and by the reason for which they had to be refused.");
  put_counters(stream, "assay_tokens_total", &tokens);
  put_family(stream, "assay_wrong_verdicts", "gauge", NULL,
             "Tokens answered wrongly: accepted, refused, fault, crash or hang.");
  put_counters(stream, "assay_wrong_verdicts", &wrong);
}

static char *gate_labels(const struct result_gate *gate) {
  struct text text;
  text_open(&text);
  put_pair(text.stream, "kind", gate_kind_word(gate->kind));
  put_pair(text.stream, ",subject", gate->subject);
  put_pair(text.stream, ",base", gate->base);
  put_pair(text.stream, ",alg", gate->alg);
  if (gate->key_bits)
    fprintf(text.stream, ",key_bits=\"%u\"", gate->key_bits);
  if (gate->conditions[0])
    put_pair(text.stream, ",conditions", gate->conditions);
  put_pair(text.stream, ",measure", gate_measure_word(gate->measure));
  return text_close(&text);
}

/* All states of every gate, of which one is 1. */
static void put_gate_answers(FILE *stream, const struct result *result) {
  OWNED_TALLY struct tally taken = {0};
  put_family(stream, "assay_gate", "stateset", NULL,
             "What a gate answered; too noisy and incomplete are no pass.");
  for (size_t i = 0; i < result->gate_count; i++) {
    const char *labels = labels_new(&taken, gate_labels(&result->gates[i]));
    for (enum result_gate_answer answer = GATE_HOLDS; answer < GATE_ANSWERS; answer++)
      fprintf(stream, "assay_gate{%s,assay_gate=\"%s\"} %d\n", labels, gate_answer_word(answer),
              gate_answer(&result->gates[i]) == answer);
  }
}

static double change_of(const struct result_gate *gate) {
  return gate->change;
}

static double low_of(const struct result_gate *gate) {
  return gate->low;
}

static double high_of(const struct result_gate *gate) {
  return gate->high;
}

static double noise_of(const struct result_gate *gate) {
  return gate->noise;
}

static double wrong_of(const struct result_gate *gate) {
  return gate_is_of_verdicts(gate) ? (double)gate->wrong : (double)NAN;
}

static void put_gate_gauge(FILE *stream, const struct result *result, const char *name, const char *unit,
                           const char *help, double (*value_of)(const struct result_gate *gate)) {
  OWNED_TALLY struct tally taken = {0};
  char figure[FIGURE_BYTES];
  put_family(stream, name, "gauge", unit, help);
  for (size_t i = 0; i < result->gate_count; i++) {
    double value = value_of(&result->gates[i]);
    const char *labels = labels_new(&taken, gate_labels(&result->gates[i]));
    if (isfinite(value))
      fprintf(stream, "%s{%s} %s%s\n", name, labels, value < 0 ? "-" : "", figure_six(figure, fabs(value)));
  }
}

static void put_gates(FILE *stream, const struct result *result) {
  if (result->gate_count == 0)
    return;
  put_gate_answers(stream, result);
  put_gate_gauge(stream, result, "assay_gate_change_ratio", "ratio",
                 "Change of the time per token against the base: 0.03 is 3 % slower.", change_of);
  put_gate_gauge(stream, result, "assay_gate_change_low_ratio", "ratio", "Where its interval begins.",
                 low_of);
  put_gate_gauge(stream, result, "assay_gate_change_high_ratio", "ratio", "Where its interval ends.",
                 high_of);
  put_gate_gauge(stream, result, "assay_gate_noise_ratio", "ratio",
                 "What a change must exceed to be more than noise.", noise_of);
  put_gate_gauge(stream, result, "assay_gate_wrong_tokens", NULL,
                 "Tokens that the head answers worse than the base.", wrong_of);
}

static bool write_openmetrics(const struct result *result, const struct result_view *view, FILE *stream) {
  (void)view;
  put_build(stream, result);
  put_subjects(stream, result);
  put_speed(stream, result);
  put_verdicts(stream, result);
  put_gates(stream, result);
  put_family(stream, "assay_partial", "gauge", NULL, "1: the run was interrupted.");
  fprintf(stream, "assay_partial %d\n# EOF\n", result->partial);
  return true;
}

const struct result_format format_openmetrics = {
    .name = "openmetrics",
    .summary = "latency histograms, rates and verdict counts (OpenMetrics 1.0.0)",
    .extension = "txt",
    .readers = "Prometheus, VictoriaMetrics, node_exporter's textfile collector",
    .write = write_openmetrics,
};
