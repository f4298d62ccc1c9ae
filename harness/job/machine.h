/* Facts of the machine that a number means nothing without. */
#ifndef ASSAY_JOB_MACHINE_H
#define ASSAY_JOB_MACHINE_H

#include "reports/model/result.h"

void machine_read(struct result_machine *machine);

/* Clock ticks stolen by the hypervisor and all ticks, since boot. */
struct machine_ticks {
  unsigned long long stolen, all;
};
struct machine_ticks machine_steal(void);
/* The share stolen since then, 0 to 1. */
double machine_steal_since(struct machine_ticks then);

/* The last core that this process may run on; -1 if that cannot be told. */
int machine_last_core(void);
/* Whether this process may be pinned to the core: it is online, and no limit of a container keeps it away. */
bool machine_has_core(int core);

#endif
