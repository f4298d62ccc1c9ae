/* What the rows of a gate come to. */
#include "reports/model/result.h"

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
