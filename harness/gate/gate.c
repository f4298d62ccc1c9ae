/* The rows and findings of a gate. */
#include "harness/gate/gate.h"

#include "reports/content/content.h"
#include "reports/model/fields.h"
#include "reports/text/allocate.h"

static struct result_gate *new_row(struct gate *gate, enum result_gate_kind kind) {
  struct result_gate *row = result_add_gate(gate->result);
  row->kind = kind;
  result_set(&row->subject, gate->head);
  result_set(&row->base, gate->base);
  return row;
}

struct result_gate *gate_verdict_row(struct gate *gate) {
  if (gate->result->gate_count == 0)
    new_row(gate, GATE_VERDICTS);
  return &gate->result->gates[0];
}

struct result_gate_finding *gate_file_finding(struct gate *gate) {
  return gate_add_finding(gate_verdict_row(gate));
}

bool gate_is_wrong(const struct gate *gate) {
  return gate->result->gate_count && gate->result->gates[0].finding_count;
}

double gate_threshold(const struct gate *gate, const char *alg, double general) {
  enum assay_alg known = assay_alg_by_name(alg);
  double own = known == ASSAY_ALG_NONE ? 0 : gate->options->threshold_of[known];
  return own > 0 ? own : general;
}

struct result_gate *gate_add_row(struct gate *gate, enum result_gate_measure measure) {
  struct result_gate *row = new_row(gate, gate->options->form);
  row->measure = measure;
  row->threshold = gate->options->threshold;
  return row;
}

struct result_gate *gate_add_row_of(struct gate *gate, const struct result_speed *speed,
                                    enum result_gate_measure measure) {
  struct result_gate *row = gate_add_row(gate, measure);
  OWNED_TEXT char *words = content_conditions(speed, false);
  if (gate->options->form != GATE_DUET)
    result_set(&row->subject, speed->subject);
  result_set(&row->alg, speed->alg);
  row->threshold = gate_threshold(gate, speed->alg,
                                  measure == GATE_INSTRUCTIONS ? gate->options->count_threshold
                                                               : gate->options->threshold);
  row->key_bits = speed->key_bits;
  result_set(&row->conditions, words);
  return row;
}

static void add_text(struct result_strings *strings, const char *format, va_list args) {
  OWNED_TEXT char *text = allocate_vformat(format, args);
  strings_add(strings, text);
}

void gate_note(struct gate *gate, const char *format, ...) {
  va_list args;
  va_start(args, format);
  add_text(&gate->notes, format, args);
  va_end(args);
}

void gate_verdicts_open(struct gate *gate, const char *format, ...) {
  va_list args;
  gate_verdict_row(gate);
  va_start(args, format);
  add_text(&gate->open, format, args);
  va_end(args);
}

void gate_add_incomplete(struct gate *gate, const char *subject, const char *format, ...) {
  va_list args;
  va_start(args, format);
  OWNED_TEXT char *text = allocate_vformat(format, args);
  va_end(args);
  struct result_gate *row = new_row(gate, gate->options->form);
  row->answer = GATE_INCOMPLETE;
  if (subject)
    result_set(&row->subject, subject);
  result_set(&row->reason, text);
}

void gate_add_same(struct gate *gate, const char *reason) {
  struct result_gate *row = gate_verdict_row(gate);
  row->answer = GATE_HOLDS;
  result_set(&row->reason, reason);
}

void gate_fini(struct gate *gate) {
  result_free(gate->result);
  strings_drop(&gate->notes);
  strings_drop(&gate->open);
  gate_free_ignored(gate);
}
