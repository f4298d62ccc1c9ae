/* What is trusted at the moment. A trust never changes; what changes is which one holds: one thread puts
 * another in its place while others verify, and each of these goes over to it between two tokens
 * (session_follow).
 *
 * Who owns:  trust_current, from when a trust is put into it. Readers borrow.
 * Who frees: only the thread that puts, sweeps or closes, never one that verifies.
 * When:      once another trust holds and no reader has it any more, at the next put or sweep. During a
 *            change at least two are in memory.
 * Costs:     a reader that asks whether its trust still holds makes one load of a word that nobody writes
 *            to but at a change. Acquiring and releasing take a lock: once a change and a reader. */
#ifndef ASSAY_PIPELINE_POLICY_TRUST_CURRENT_H
#define ASSAY_PIPELINE_POLICY_TRUST_CURRENT_H

#include <stddef.h>

#include "harness/pipeline/policy/trust.h"

struct trust_current;

/* drop: called once for every trust, `first` included, when it is not needed any more: trust_free, as a rule.
 * NULL: no memory; first stays the caller's. */
struct trust_current *trust_current_open(struct trust *first, void (*drop)(struct trust *trust));
/* After all readers have released theirs. */
void trust_current_close(struct trust_current *current);

/* From here on `next` holds, and every reader that asks is told so. Drops what nobody has any more. False: no
 * memory; next stays the caller's, and what held holds on. Threads: any. */
bool trust_current_put(struct trust_current *current, struct trust *next);
/* Drops what nobody has any more, and says how many old ones readers still have. Threads: any. */
size_t trust_current_sweep(struct trust_current *current);

/* The trust that holds; it stays as it is until it is released. Threads: any, for each its own. */
const struct trust *trust_current_acquire(struct trust_current *current);
void trust_current_release(struct trust_current *current, const struct trust *held);

/* Whether what a reader has acquired still holds. No other trust can have its address meanwhile. */
bool trust_current_is(const struct trust_current *current, const struct trust *held);

#endif
