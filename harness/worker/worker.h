/* Inside a worker process: one module, one corpus, the threads. Private to the worker. */
#ifndef ASSAY_WORKER_WORKER_H
#define ASSAY_WORKER_WORKER_H

#include "harness/wire/sealed_vectors.h"
#include "harness/worker/lane.h"

/* A setting that is open; setting NULL: none is. */
struct open_setting {
  uint32_t number;
  struct asker_setting *setting;
  struct asking *asking; /* of the main thread; NULL until it is first asked under */
};

struct worker {
  struct control *control;
  const struct asker *asker;
  struct asker_subject *subject;
  struct asker_facts facts;
  struct corpus corpus;
  bool has_corpus;
  char *policy_text; /* NULL: the corpus' own */
  size_t policy_len;
  const char *policy_name;
  char policy_folder[4096];
  struct open_setting settings[2]; /* number 0, and one other */

  struct lane lanes[CONTROL_THREADS_MAX];
  unsigned lane_count;        /* lanes with a running thread, lane 0 included */
  pthread_mutex_t lanes_gate; /* held until all lanes are there, or none is to be */
  pthread_barrier_t begin, end;
  bool lanes_quit;
  int cpu; /* the core pinned to, -1: none */
};

static inline const uint32_t *worker_lists(const struct worker *worker) {
  return control_lists(worker->control, &worker->control->layout);
}

/* worker_module.c: checks the file's exported symbols, loads it, and lets the kind that it is of make a
 * subject of it: asker, subject and facts. argument: what stands behind its name. */
bool module_load(struct worker *worker, const char *path, const char *argument, struct assay_error *error);

/* worker_identity.c: what was really loaded, as JSON, into control->identity. */
void identity_write(const struct worker *worker);

/* worker_setting.c: reads setting 0. */
bool worker_setting_read(struct worker *worker, struct assay_error *error);
/* The main thread's asking of a setting, which stays open until another one than 0 is asked for. NULL and a
 * sentence on failure. */
struct asking *worker_asking(struct worker *worker, uint32_t number, struct assay_error *error);
void worker_settings_close(struct worker *worker);

/* worker_check.c, worker_block.c: carry out control->command and fill control->reply. */
bool worker_check(struct worker *worker, struct assay_error *error);
bool worker_vectors(struct worker *worker, struct assay_error *error);
bool worker_block(struct worker *worker, struct assay_error *error);

/* A pass over raw vectors. */
struct vector_pass {
  bool is_guarded; /* behind the pipeline's key import and form checks: answers are enum assay_reason.
                      Otherwise they are enum assay_outcome, see command.h */
  struct vectors_view view;
  const uint32_t *list;
  uint16_t *answers;
  _Atomic uint64_t *in_flight;
  uint32_t at, end; /* positions in the list */
};
/* The next one to be answered, NULL at the end; and its answer. */
const struct vector_record *vector_pass_next(struct vector_pass *pass);
void vector_pass_answer(struct vector_pass *pass, uint16_t answer);

/* worker_lanes.c: so many lanes begin anew, with nothing counted. */
void lanes_clear(struct worker *worker, unsigned count);
/* BLOCK_VERIFY on so many threads at once, lane 0's included. */
bool lanes_verify(struct worker *worker, unsigned count, struct assay_error *error);
/* Ends all but the main thread. */
void lanes_stop(struct worker *worker);

/* worker_loop.c: BLOCK_VERIFY over this lane's tokens. */
void lane_verify(struct lane *lane, const struct control_command *command);
/* BLOCK_COLD, without a lead: nothing stays warm. False: no memory to write through. */
bool lane_cold(struct lane *lane, const struct control_command *command, struct assay_error *error);
/* BLOCK_TIMES. False and a sentence where it is asked for too much. */
bool lane_times(struct lane *lane, const struct control_command *command, struct assay_error *error);

/* worker_allocations.c: counts calls and bytes asked for, of the whole process, between begin and end. A
 * realloc counts with its new size. */
void allocations_begin(void);
void allocations_end(uint64_t *call_count, uint64_t *byte_count);
/* NULL, or why this build cannot count them. */
const char *allocations_missing(void);

#endif
