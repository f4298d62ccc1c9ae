/* The rules of the gate: what is worse, what is slower, and what proves nothing. They stand here for
 * every form of `assay gate`. Gravity of answers is harness/base/answer.h's, how two builds side by side are
 * told apart harness/engine/duet.h's, which rows of two stored results belong together stored.h's, and which
 * verdicts of theirs became worse stored_changes.h's. */
#ifndef ASSAY_GATE_GATE_RULES_H
#define ASSAY_GATE_GATE_RULES_H

#include "harness/base/answer.h"
#include "harness/base/stats.h"
#include "harness/gate/gate.h"
#include "reports/content/compared.h"

struct duet_effect;

/* Slowdowns that are let through unless --threshold says otherwise, as shares: of what was measured side by
 * side, of what was measured at different times, and of instructions. */
#define THRESHOLD_DUET 0.01
#define THRESHOLD_STORED 0.05
#define THRESHOLD_COUNT 0.005
#define HISTORY_LEAST 10          /* older results that show what is usual */
#define HISTORY_CHANGE_LEAST 0.01 /* no history is so quiet that less than this were news */

/* Whether a row is of whole verifications, and of no floor. */
bool gate_is_of_tokens(const struct result_speed *row);
/* Whether a row's figure is that of whole verifications, of right verdicts, and of no floor. */
bool gate_may_judge(const struct result_speed *row, double figure);

/* Whether a token is answered worse than before. */
bool gate_is_graver(uint16_t base, uint16_t head, const struct expectation *expected);
/* Answers the row of the verdicts, once all findings are filed. */
void gate_answer_verdicts(struct gate *gate);

/* Each fills in change, interval and noise of a row that has its threshold, and answers it. */
void gate_judge_duet(struct result_gate *row, const struct duet_effect *effect);
/* How many times the time of the measurement would have answered a row that is too noisy, if intervals and noise
 * halve with four times the time and the change stays where it is; NAN: nothing tells that. */
double gate_times_longer(const struct result_gate *row);
void gate_judge_stored(struct result_gate *row, const struct result_speed *head,
                       const struct result_speed *base);
/* times: of the older results, in the order of time. */
void gate_judge_history(const struct gate_options *options, struct result_gate *row,
                        const struct samples *times, const struct result_speed *speed);
/* Of instructions. again: of the base once more, NULL where that was not counted. */
void gate_judge_count(struct result_gate *row, const struct result_speed *head,
                      const struct result_speed *base, const struct result_speed *again);

/* One row of `assay compare`. */
struct compared gate_judge_compared(const struct result_speed *first, const struct result_speed *other,
                                    double threshold);

int gate_answer_exit(enum result_gate_answer answer); /* an exit code */
int gate_exit(const struct gate *gate);

#endif
