/* One line on stderr while something takes long: what is done, how much of it, how long still. Only on a
 * terminal, and gone when finished. One thread at a time. */
#ifndef ASSAY_CORPUS_BASE_METER_H
#define ASSAY_CORPUS_BASE_METER_H

#include <stdbool.h>
#include <stdint.h>

struct meter {
  bool on;
  const char *what; /* what the clock runs for */
  uint64_t start_ns, shown_ns;
};

void meter_init(struct meter *meter);
/* share 0..1; another `what` starts the clock anew. Draws at most ten times a second. */
void meter_show(struct meter *meter, const char *what, double share);
void meter_clear(struct meter *meter);

#endif
