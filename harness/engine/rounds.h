/* One launch of one group; for the engine alone. */
#ifndef ASSAY_ENGINE_ROUNDS_H
#define ASSAY_ENGINE_ROUNDS_H

#include "harness/engine/engine.h"

/* Calibrated once; warm, and at a place of its list, in every launch. Returns when it began to use its budget. */
uint64_t group_begin(struct engine *engine, struct group *group);
void group_launch(struct engine *engine, struct group *group, unsigned launch);
/* The next block begins where this one ended. */
void series_move_on(struct series *series);
/* Of a launch: makes the anchor ready; takes a reading where the last one is old enough, and notes it for the
 * group; then, what the readings come to. Nothing, where the engine has no anchor. */
void anchor_begin(struct engine *engine);
void anchor_read(struct engine *engine, struct group *around);
void anchor_end(struct engine *engine);

/* What it needs of the engine. */
bool engine_stopped(const struct engine *engine);
/* Its whole arm falls out, and the finding is told. */
void engine_drop(struct engine *engine, struct series *series, enum subject_event event, uint32_t token,
                 const char *why);
/* Moves the progress line on. running_ns: of the launch at hand, not yet in the group's used_ns. */
void engine_tell(const struct engine *engine, const struct group *group, uint64_t running_ns);
/* One block of that command in place of the series' own, outside of any round, by the same rules. */
struct block engine_block(struct engine *engine, struct series *series,
                          const struct control_command *command);

#endif
