/* Inside a worker process: one module, one corpus, the sessions of each thread. Private to the worker. */
#ifndef ASSAY_WORKER_WORKER_H
#define ASSAY_WORKER_WORKER_H

#include <pthread.h>

#include "backends/verifiers/verifier.h"
#include "corpus/store/store.h"
#include "harness/pipeline/pipeline.h"
#include "harness/wire/control.h"

struct worker;

/* One thread's part of a measured block. Thread 0 is the worker's main thread. */
struct lane {
  struct worker *worker;
  unsigned number;
  pthread_t thread;
  struct session *session; /* of setting 0; opened by this thread */
  uint64_t elapsed_ns, wrong;
  uint32_t first_wrong;
  uint16_t wrong_reason;
  struct assay_error error; /* text empty: none */
};

/* Tokens of the current list, ready for the bare primitive. */
struct prepared {
  uint32_t list_at, list_len;
  struct assay_check *checks;
  uint8_t *signatures;
};

/* A setting that a whole verifier has open, and its clock. */
struct whole {
  uint32_t setting; /* CORPUS_NONE: none is open */
  struct assay_verifier_state *state;
  int64_t now; /* CORPUS_NOW_UNSET: the real clock */
};

struct worker {
  struct control *control;
  const struct assay_backend *backend;   /* NULL: the subject is a verifier */
  const struct assay_verifier *verifier; /* NULL: the subject is a backend */
  const struct assay_verifier_facts *facts;
  const struct assay_build *build;
  struct corpus corpus;
  bool has_corpus;
  char *policy_text; /* NULL: the corpus' own */
  size_t policy_len;
  const char *policy_name;
  char policy_folder[4096];

  struct trust *trust;    /* setting 0 */
  uint32_t other_setting; /* the one setting besides 0 that is open; CORPUS_NONE */
  struct trust *other_trust;
  struct session *other_session;
  struct whole whole[2]; /* of a verifier, instead of trusts: setting 0, and the one other that is open */

  struct lane lanes[CONTROL_THREADS_MAX];
  unsigned lane_count;        /* lanes with a running thread, lane 0 included */
  pthread_mutex_t lanes_gate; /* held until all lanes are there, or none is to be */
  pthread_barrier_t begin, end;
  bool lanes_quit;

  struct prepared prepared;
  int cpu; /* the core pinned to, -1: none */
};

static inline const uint32_t *worker_lists(const struct worker *worker) {
  return control_lists(worker->control, &worker->control->layout);
}

/* worker_module.c: checks the file's exported symbols, loads it, checks abi and size, and finds the variant
 * or asks the verifier for its facts. Fills in backend and build, or verifier, facts and build.
 * argument: a backend's variant; for a verifier what stands behind its name. */
bool module_load(struct worker *worker, const char *path, const char *argument, struct assay_error *error);

/* worker_identity.c: what was really loaded, as JSON, into control->identity. */
void identity_write(const struct worker *worker);

/* worker_trust.c: the trust and session of a setting; the session belongs to thread 0 and stays open until
 * another setting than 0 is asked for. NULL and a sentence on failure. */
struct session *worker_session(struct worker *worker, uint32_t setting, struct assay_error *error);
bool worker_trust(struct worker *worker, struct assay_error *error);
/* The key sets of a corpus setting, as views into the corpus; free() the array. NULL: no memory. */
struct trust_keys *setting_keys(const struct corpus *corpus, uint32_t number);
void worker_trust_close(struct worker *worker);

/* worker_whole.c: opens a setting of a verifier, if it is not open; NULL and a sentence on failure. */
struct whole *whole_open(struct worker *worker, uint32_t setting, struct assay_error *error);
/* Asks the verifier. */
void whole_ask(const struct worker *worker, const struct whole *whole, const struct corpus_token *token,
               struct assay_answer *answer);
void whole_close(struct worker *worker);

/* worker_check.c, worker_block.c: carry out control->command and fill control->reply. */
bool worker_check(struct worker *worker, struct assay_error *error);
bool worker_block(struct worker *worker, struct assay_error *error);
/* worker_vectors.c */
bool worker_primitive(struct worker *worker, struct assay_error *error);
bool worker_guarded(struct worker *worker, struct assay_error *error);
void worker_block_close(struct worker *worker);

/* worker_allocations.c: counts calls and bytes asked for, of the whole process, between begin and end. A
 * realloc counts with its new size. */
void allocations_begin(void);
void allocations_end(uint64_t *call_count, uint64_t *byte_count);
/* NULL, or why this build cannot count them. */
const char *allocations_missing(void);

/* The loop of BLOCK_VERIFY over this lane's tokens (worker_loop.c). */
void lane_verify(struct lane *lane, const struct control_command *command);
void lane_primitive(struct lane *lane, const struct control_command *command);
/* Of BLOCK_BATCH; the backend has verify_batch. */
void lane_batch(struct lane *lane, const struct control_command *command);
/* Of BLOCK_COLD, without a lead: nothing stays warm. False: no memory to write through. */
bool lane_cold(struct lane *lane, const struct control_command *command);
/* Of BLOCK_TIMES. False and a sentence where it is asked for too much. */
bool lane_times(struct lane *lane, const struct control_command *command, struct assay_error *error);
/* Of BLOCK_PREFIX. Only tokens that every stage accepts have a right verdict there. */
void lane_prefix(struct lane *lane, const struct control_command *command);

#endif
