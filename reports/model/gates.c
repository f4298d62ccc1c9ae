/* What the rows of a gate come to. */
#include <stdlib.h>

#include "reports/model/result.h"
#include "reports/text/allocate.h"

enum result_gate_answer gate_answer(const struct result_gate *gate) {
  return gate->answer != GATE_UNANSWERED && word_is_known(&gate_answer_words, gate->answer) ? gate->answer
                                                                                            : GATE_NOISY;
}

enum result_gate_answer result_gates_answer(const struct result *result) {
  enum result_gate_answer worst = result->gate_count ? GATE_HOLDS : GATE_NOISY;
  for (size_t i = 0; i < result->gate_count; i++)
    if (gate_answer(&result->gates[i]) > worst)
      worst = gate_answer(&result->gates[i]);
  return worst;
}

bool gate_is_of_verdicts(const struct result_gate *gate) {
  return gate->kind == GATE_VERDICTS;
}

bool gate_is_comparison(const struct result_gate *gate) {
  return !gate_is_of_verdicts(gate) && gate->alg[0];
}

struct placed {
  struct result_gate_finding finding;
  size_t place;
};

static int by_gravity(const void *a, const void *b) {
  const struct placed *x = a, *y = b;
  if (x->finding.gravity != y->finding.gravity)
    return x->finding.gravity > y->finding.gravity ? -1 : 1;
  int order = severity_order(x->finding.severity, y->finding.severity);
  return order ? order : (x->place > y->place) - (x->place < y->place);
}

void gate_sort_findings(struct result_gate_finding *findings, size_t count) {
  struct placed *placed = allocate_items(count, sizeof *placed);
  for (size_t i = 0; i < count; i++)
    placed[i] = (struct placed){findings[i], i};
  if (count)
    qsort(placed, count, sizeof *placed, by_gravity);
  for (size_t i = 0; i < count; i++)
    findings[i] = placed[i].finding;
  free(placed);
}
