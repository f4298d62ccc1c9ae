/* Counted instructions in a gate: a second opinion that no neighbour on the machine disturbs.
 * Counts have no interval; counting the base twice shows what they repeat to. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/gate/gate.h"
#include "harness/gate/gate_rules.h"
#include "harness/job/job.h"
#include "harness/measurements/measurement.h"

static const struct result_speed *counted(const struct result *result, const char *subject,
                                          const struct cell *cell) {
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (gate_may_judge(row, row->instructions) && strcmp(row->subject, subject) == 0 &&
        row->key_bits == cell->key_bits && strcmp(row->alg, assay_alg_name(cell->alg)) == 0)
      return row;
  }
  return NULL;
}

int gate_count(struct gate *gate, struct job *job, struct assay_error *error) {
  const struct result *result = job->result;
  if (!measure_instructions(job, error))
    return EXIT_USAGE;
  if (stop_asked)
    return EXIT_INTERRUPTED;
  for (unsigned i = 0; i < job->cell_count; i++) {
    const struct cell *cell = &job->cells[i];
    const struct result_speed *base = counted(result, job->subjects[SIDE_BASE].spec.label, cell),
                              *head = counted(result, job->subjects[SIDE_HEAD].spec.label, cell),
                              *again = counted(result, job->subjects[SIDE_AGAIN].spec.label, cell);
    if (base && head && again)
      gate_judge_count(gate_add_row_of(gate, head, GATE_INSTRUCTIONS), head, base, again);
    else /* nothing compared proves nothing */
      gate_add_incomplete(gate, NULL, "the instructions of %s were not counted of both base and head",
                          assay_alg_name(cell->alg));
  }
  snprintf(gate->remark, sizeof gate->remark,
           "Counted by %s, the base twice: what it repeats to is the noise.",
           result->run.counted_by == COUNTED_BY_PERF ? "the processor" : "Callgrind");
  return -1;
}
