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
 * of equal ones the last; other halves of a core that stands before come behind all others. Returns how many;
 * 0: that cannot be told. */
size_t machine_quiet_cores(int *cores, size_t most);
/* The last core that this process may run on; -1 if that cannot be told. */
int machine_last_core(void);
/* Whether this process may be pinned to the core: it is online, and no limit of a container keeps it away. */
bool machine_has_core(int core);

/* machine_cores.c: which of these CPUs are halves of one core, as a folder like /sys/devices/system/cpu tells
 * it: to each a number that CPUs of one core share. Returns how many cores they are of; 0: it does not tell,
 * and each has a number of its own. */
size_t machine_cores_of(const char *folder, const int *cpus, size_t count, int *cores);
/* Puts the first CPU of each core before any further one; else they stay as they were. */
void machine_spread(int *cpus, const int *cores, size_t count);

#endif
