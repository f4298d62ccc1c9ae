/* The result model: making, filling and freeing it, by the tables of fields.h. */
#include "reports/model/result.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "reports/model/fields.h"
#include "reports/text/allocate.h"
#include "reports/text/tally.h"

/* The texts of all fields. */
static struct tally texts;
static size_t results_alive;

struct result *result_new(void) {
  struct result *result = calloc(1, sizeof *result);
  if (!result)
    return NULL;
  record_init(&result_shape, result);
  results_alive++;
  return result;
}

void result_free(struct result *result) {
  if (!result)
    return;
  record_fini(&result_shape, result);
  free(result);
  if (--results_alive > 0)
    return;
  tally_fini(&texts);
  words_forget();
}

/* result_add_subject and its like: a list of the result, and what it is a list of. */
#define LIST(name, list, count)                                                                              \
  struct result_##name *result_add_##name(struct result *result) {                                           \
    return record_append(&name##_shape, &result->list, &result->count);                                      \
  }
LIST(subject, subjects, subject_count)
LIST(verdict, verdicts, verdict_count)
LIST(taxon, taxonomy, taxon_count)
LIST(left_out, left_out, left_out_count)
LIST(drift, drift, drift_count)
LIST(token, tokens, token_count)
LIST(speed, speed, speed_count)
LIST(memory, memory, memory_count)
LIST(scaling, scaling, scaling_count)
LIST(ledger, ledger, ledger_count)
LIST(rejection_cost, rejection_cost, rejection_cost_count)
LIST(gate, gates, gate_count)

struct result_answer *drift_add_answer(struct result_drift *drift) {
  return record_append(&answer_shape, &drift->answers, &drift->answer_count);
}

void verdict_add_given(struct result_verdict *verdict, enum answer_kind kind, const char *answer,
                       const char *example) {
  const char *counter = answer_kind_words(kind)->counter;
  struct result_given *given = NULL;
  for (size_t i = 0; i < verdict->given_count && !given; i++)
    if (strcmp(verdict->given[i].answer, answer) == 0 && strcmp(verdict->given[i].kind, counter) == 0)
      given = &verdict->given[i];
  if (!given) {
    given = record_append(&given_shape, &verdict->given, &verdict->given_count);
    result_set(&given->kind, counter);
    result_set(&given->answer, answer);
    result_set(&given->example, example);
  }
  given->tokens++;
}

static int most_first(const void *a, const void *b) {
  const struct result_given *x = a, *y = b;
  if (x->tokens != y->tokens)
    return x->tokens > y->tokens ? -1 : 1;
  return strcmp(x->answer, y->answer);
}

void verdict_sort_given(struct result_verdict *verdict) {
  if (verdict->given_count)
    qsort(verdict->given, verdict->given_count, sizeof *verdict->given, most_first);
}

void ledger_add_stage(struct result_ledger *ledger, const char *stage, double ns) {
  struct result_stage *row = record_append(&stage_shape, &ledger->stages, &ledger->stage_count);
  result_set(&row->stage, stage);
  row->ns = ns;
}

struct result_gate_finding *gate_add_finding(struct result_gate *gate) {
  return record_append(&gate_finding_shape, &gate->findings, &gate->finding_count);
}

void result_drop_gates(struct result *result) {
  records_drop(&gate_shape, &result->gates, &result->gate_count);
  records_drop(&subject_shape, &result->base_subjects, &result->base_subject_count);
}

void result_take_base(struct result *result, struct result *base) {
  records_drop(&subject_shape, &result->base_subjects, &result->base_subject_count);
  result->base_subjects = base->subjects;
  result->base_subject_count = base->subject_count;
  base->subjects = NULL;
  base->subject_count = 0;
}

static void append_count(uint64_t **items, size_t *count, uint64_t value) {
  *items = allocate_one_more(*items, *count, sizeof **items);
  (*items)[(*count)++] = value;
}

uint64_t histogram_samples(const struct result_histogram *histogram) {
  uint64_t samples = 0;
  for (size_t i = 0; i < histogram->count_count; i++)
    samples += histogram->counts[i];
  return samples;
}

void histogram_add_slot(struct result_histogram *histogram, uint64_t low_ns, uint64_t count) {
  append_count(&histogram->low_ns, &histogram->slot_count, low_ns);
  append_count(&histogram->counts, &histogram->count_count, count);
}

void speed_add_missing(struct result_speed *speed, const char *field, const char *why) {
  struct result_missing *missing = NULL;
  for (size_t i = 0; i < speed->missing_count && !missing; i++)
    if (strcmp(speed->missing[i].field, field) == 0)
      missing = &speed->missing[i];
  if (!missing)
    missing = record_append(&missing_shape, &speed->missing, &speed->missing_count);
  result_set(&missing->field, field);
  result_set(&missing->why, why);
}

void speed_add_sample(struct result_speed *speed, double ns) {
  speed->samples = allocate_one_more(speed->samples, speed->sample_count, sizeof *speed->samples);
  speed->samples[speed->sample_count++] = ns;
}

void subject_add_fact(struct result_subject *subject, const char *fact, const char *source) {
  struct result_fact *row = record_append(&fact_shape, &subject->build, &subject->build_count);
  result_set(&row->fact, fact);
  result_set(&row->source, source);
}

void subject_add_gap(struct result_subject *subject, const char *reasons, const char *why) {
  struct result_gap *row = record_append(&gap_shape, &subject->gaps, &subject->gap_count);
  result_set(&row->reasons, reasons);
  result_set(&row->why, why);
}

void strings_add(struct result_strings *strings, const char *text) {
  strings_add_part(strings, text ? text : "", text ? strlen(text) : 0);
}

void strings_add_part(struct result_strings *strings, const char *text, size_t length) {
  strings->items = allocate_one_more(strings->items, strings->count, sizeof *strings->items);
  strings->items[strings->count++] = allocated(strndup(text, length));
}

void result_set(const char **field, const char *value) {
  result_set_part(field, value, value ? strlen(value) : 0);
}

void result_set_part(const char **field, const char *value, size_t length) {
  *field = "";
  if (length) {
    size_t index = tally_part(&texts, value, length, NULL); /* which may move the items */
    *field = texts.items[index];
  }
}

void result_printf(const char **field, const char *format, ...) {
  va_list args;
  va_start(args, format);
  OWNED_TEXT char *text = allocate_vformat(format, args);
  va_end(args);
  result_set(field, text);
}

void result_setf(char **text, const char *format, ...) {
  va_list args;
  va_start(args, format);
  char *longer = allocate_vformat(format, args);
  va_end(args);
  free(*text);
  *text = longer;
}

const struct result_format *result_format_by_name(const char *name) {
  for (const struct result_format *const *format = result_formats; *format; format++)
    if (strcmp((*format)->name, name) == 0)
      return *format;
  return NULL;
}
