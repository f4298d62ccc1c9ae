/* Facts of the machine that a number means nothing without. */
#ifndef ASSAY_JOB_MACHINE_H
#define ASSAY_JOB_MACHINE_H

#include "reports/model/result.h"

void machine_read(struct result_machine *machine);

/* What all cores did since boot, and this process with all that it started, in clock ticks. */
struct machine_watch {
  uint64_t from_ns;
  unsigned long long all, stolen, busy, own;
};
struct machine_watch machine_watch_begin(void);
/* Steal, other load and duration of the run, which began then; other load that bears on the figures is warned
 * of. */
void machine_watch_end(const struct machine_watch *watch, struct result *result);

/* The cores that this process may run on, the one with the least to do in the last tenth of a second first,
 * of equal ones the last. Returns how many; 0: that cannot be told. */
size_t machine_quiet_cores(int *cores, size_t most);
/* The last core that this process may run on; -1 if that cannot be told. */
int machine_last_core(void);
/* Whether this process may be pinned to the core: it is online, and no limit of a container keeps it away. */
bool machine_has_core(int core);

#endif
