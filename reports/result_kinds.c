/* What the counters of a verdict row and the answers of gates come to. */
#include <string.h>

#include "harness/base/alg.h"
#include "reports/result.h"

uint64_t result_count(const struct result_verdict *row, enum answer_kind kind) {
  bool good = strcmp(row->expected, "accept") == 0;
  switch (kind) {
  case KIND_ACCEPTED: return good ? 0 : row->wrong_verdict;
  case KIND_CRASH: return row->crash;
  case KIND_HANG: return row->hang;
  case KIND_FAULT: return row->fault;
  case KIND_REFUSED: return good ? row->wrong_verdict : 0;
  case KIND_UNDECIDED: return row->undecided;
  case KIND_REASON: return row->wrong_reason;
  case KIND_UNMAPPED: return row->unmapped;
  case KIND_DIFFERS: return row->pinned_differs;
  case KIND_UNSUPPORTED: return row->unsupported;
  case KIND_RIGHT: return row->right;
  case KIND_COUNT: break;
  }
  return 0;
}

bool result_lacks_alg(const struct result *result, const struct result_verdict *row) {
  if (row->unsupported == 0 || assay_alg_by_name(row->alg) == ASSAY_ALG_NONE)
    return false;
  const struct result_subject *subject = result_find_subject(result, row->subject);
  for (size_t i = 0; subject && i < subject->algorithms.count; i++)
    if (strcmp(subject->algorithms.items[i], row->alg) == 0)
      return false;
  return true;
}

bool scaling_shares_keys(const struct result_scaling *row) {
  return strcmp(row->contexts, "shared") == 0;
}

static const char *const gate_answers[GATE_ANSWERS] = {[GATE_HOLDS] = "holds",
                                                       [GATE_NOISY] = "too noisy",
                                                       [GATE_SLOWER] = "slower",
                                                       [GATE_WRONG] = "wrong verdicts"};

const char *gate_answer_name(enum result_gate_answer answer) {
  return gate_answers[answer];
}

enum result_gate_answer gate_answer(const struct result_gate *gate) {
  for (int answer = 0; answer < GATE_ANSWERS; answer++)
    if (strcmp(gate->answer, gate_answers[answer]) == 0)
      return (enum result_gate_answer)answer;
  return GATE_NOISY;
}

enum result_gate_answer result_gates_answer(const struct result *result) {
  enum result_gate_answer worst = result->gate_count ? GATE_HOLDS : GATE_NOISY;
  for (size_t i = 0; i < result->gate_count; i++)
    if (gate_answer(&result->gates[i]) > worst)
      worst = gate_answer(&result->gates[i]);
  return worst;
}

bool gate_is_of_verdicts(const struct result_gate *gate) {
  return strcmp(gate->kind, "verdicts") == 0;
}
