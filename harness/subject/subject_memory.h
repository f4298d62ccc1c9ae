/* The memory that a subject shares with its worker, and beside it what the host alone can write to: where
 * everything lies there, and the answers as they were taken over. Private to this folder. */
#ifndef ASSAY_SUBJECT_SUBJECT_MEMORY_H
#define ASSAY_SUBJECT_SUBJECT_MEMORY_H

#include "harness/subject/subject.h"
#include "harness/wire/control.h"

struct subject_memory {
  struct control *control; /* anything may stand in it at any time */
  struct control_layout layout;
  int fd;
  uint32_t *list;    /* [layout.list_len]: what was written to the worker's */
  uint16_t *answers; /* [layout.token_count]: known reasons, outcomes, or answers of the host's own */
  uint64_t *timed;   /* [layout.hist_count]: operations of each thread since subject_latency_reset */
};

/* Of a subject whose host is set. What was made until a failure is subject_memory_free's. */
bool subject_memory_make(struct subject *subject, struct assay_error *error);
/* Before a worker starts: whatever the one before may have written over is as the host has it. */
void subject_memory_renew(struct subject *subject);
void subject_memory_free(struct subject *subject);

/* Of the positions from `from` on of a command's slice: none is answered. */
void answers_clear(struct subject *subject, const struct control_command *command);
/* The first position from `from` on that the worker has not answered yet; list_len: there is none. */
uint32_t answers_reached(const struct subject *subject, const struct control_command *command, uint32_t from);
/* Takes over the answers at the positions command->start up to `end`. What is no answer stays ANSWER_NONE. */
void answers_take(struct subject *subject, const struct control_command *command, uint32_t end);

#endif
