/* The runner of real measurements: subjects, each with its worker process. */
#ifndef ASSAY_ENGINE_WORKERS_H
#define ASSAY_ENGINE_WORKERS_H

#include <signal.h>

#include "harness/engine/runner.h"

struct workers {
  struct subject **subjects; /* the caller's, open; numbered as they stand */
  unsigned count;
  const volatile sig_atomic_t *stop;
};

/* workers has to outlive it. */
struct runner workers_runner(struct workers *workers);

#endif
