/* A short group that is run again and again between all others. It does the same work each time, so
 * what its times move by is the machine: how far its speed moved in the run, and how much of that lies between
 * groups that were not measured in the same moments.
 *
 *   anchor_make -> group_add, on its group -> engine_run -> read -> anchor_fini */
#ifndef ASSAY_ENGINE_ANCHOR_H
#define ASSAY_ENGINE_ANCHOR_H

#include "harness/engine/series.h"

struct anchor {
  struct group group; /* none of the engine's groups; its budget means nothing */
  /* Found. */
  struct samples readings; /* of the whole run: ln of the time of a round over what the calibration found */
  /* The engine's own. */
  struct samples launch_readings;
  uint64_t read_ns; /* when the last one was taken; 0: none in this launch */
};

/* Without series as yet. */
void anchor_make(struct anchor *anchor, double block_ns, double warm_ns);
void anchor_fini(struct anchor *anchor);

/* The share by which the machine's speed moved: its fastest against its slowest moments, each without the
 * most extreme twentieth. 0.12: they differ by 12 %. NAN: too few readings, or a wrong verdict in one, whose
 * time means nothing. */
double anchor_moved(const struct anchor *anchor);
/* The share by which two of these groups may differ for no reason but the moments in which they were measured.
 * NAN: no group has a drift. */
double anchor_apart(const struct group *const *groups, unsigned count);

#endif
