/* A subject as the host sees it: a worker process that can be asked, watched, and replaced when it dies.
 *
 *   subject_open -> subject_send / subject_poll ... -> subject_close
 *
 * A crash or a hang is an answer about the token in flight, not an error of the run: the subject restarts
 * itself and the caller goes on after that token. Threads: one host thread drives all subjects. */
#ifndef ASSAY_SUBJECT_SUBJECT_H
#define ASSAY_SUBJECT_SUBJECT_H

#include <signal.h>
#include <sys/types.h>

#include "corpus/store/store.h"
#include "harness/base/error.h"
#include "harness/subject/outcome.h"
#include "harness/subject/said.h"
#include "harness/subject/subject_identity.h"
#include "harness/subject/subject_spec.h"
#include "harness/wire/command.h"
#include "harness/wire/kept_words.h"

struct subject_host {
  const struct corpus *corpus; /* NULL: only the identity is wanted */
  const char *policy_path;     /* NULL: the corpus' own */
  uint64_t hang_ns;            /* a token that takes longer is a hang */
  uint64_t patience_ns; /* with what takes longer than a token, see subject.c; 0: as much as is usual */
  const uint32_t *list; /* copied into every subject's `lists` */
  uint32_t list_len;
  uint32_t timed_threads; /* the most that a command has which asks for latencies; 0: one */
  uint32_t answer_count;  /* without a corpus: how many things can be asked about */
  int vectors_fd;         /* without a corpus: what vectors_seal returned; 0: there are none */
  bool keep_words;        /* what whole verifiers say of each token is kept, see kept_words.h */
  bool repeatable;        /* workers leave nothing to chance that could change what they execute */
  const char *callgrind;  /* run workers under Callgrind, which writes what each block of BLOCK_VERIFY cost to
                             files that begin with this path; NULL: no */
};

enum subject_state {
  SUBJECT_IDLE,
  SUBJECT_BUSY,
  SUBJECT_DEAD /* could not be started again */
};

enum subject_event {
  EVENT_NONE,  /* still at work */
  EVENT_DONE,  /* `outcome` is there */
  EVENT_CRASH, /* died; `last_token` names the token in flight. Already restarted; where that failed the state
                  is SUBJECT_DEAD, and `error` says why */
  EVENT_HANG,  /* killed; likewise, or given up, as one that hangs over and over is */
  EVENT_ERROR  /* cannot go on: `error` says why */
};

struct subject {
  struct subject_spec spec;
  const struct subject_host *host;
  struct subject_memory *memory;    /* what it shares with its worker, see subject_memory.h */
  struct subject_identity identity; /* what the first worker said of itself */
  struct said said;                 /* what its worker prints */
  pid_t pid;                        /* of the worker, while it is there */
  pid_t keeper;                     /* of the process that started it, see harness/keeper */
  int report_fd;
  enum subject_state state;
  uint32_t last_token;    /* CORPUS_NONE: none was in flight */
  uint32_t last_position; /* of that token in its list */
  uint32_t turn;          /* of the command given last */
  struct control_command command;
  uint64_t launched_ns, sent_ns;
  struct outcome outcome; /* of that command, after EVENT_DONE */
  char last_cause[700];   /* "signal 6 (Aborted), having printed: double free", "no answer in 2 s" */
  uint64_t seen, seen_ns; /* what moves while it gets on, as last seen, and since when */
  unsigned hangs;
  uint64_t waited_ns, hung_ns; /* in the last hang, and in all */
  bool said_done;              /* without having answered */
  unsigned restarts;
  uint64_t switches_before; /* involuntary ones of its earlier workers: subject_involuntary_switches */
  struct assay_error error;
};

static inline bool subject_is_floor(const struct subject *subject) {
  return subject->identity.is_floor;
}
static inline bool subject_is_verifier(const struct subject *subject) {
  return subject->identity.kind == SUBJECT_VERIFIER;
}
/* A backend with a library: it has primitives, keys, contexts and threads that can be measured apart. */
static inline bool subject_has_parts(const struct subject *subject) {
  return !subject_is_verifier(subject) && !subject_is_floor(subject);
}
static inline bool subject_has_alg(const struct subject *subject, enum assay_alg alg) {
  return identity_has_alg(&subject->identity, alg);
}
static inline struct answerer subject_answerer(const struct subject *subject) {
  return (struct answerer){subject_is_verifier(subject), &subject->identity.gaps};
}

/* Starts the worker and waits until it has loaded module and corpus. */
bool subject_open(struct subject *subject, const struct subject_spec *spec, const struct subject_host *host,
                  struct assay_error *error);
/* A fresh process for the same subject: a new launch. */
bool subject_relaunch(struct subject *subject, struct assay_error *error);
void subject_close(struct subject *subject);

/* The most memory that the worker of this launch has held at once, shared pages included; 0 where that cannot
 * be told. */
uint64_t subject_peak_bytes(const struct subject *subject);
/* Of all its workers so far. */
uint64_t subject_involuntary_switches(const struct subject *subject);

/* Gives the worker other tokens from a position of the host's list on, which lies within it. They stay until
 * the next launch, for which the host's list is copied anew. */
void subject_list_set(struct subject *subject, uint32_t at, const uint32_t *tokens, uint32_t len);

/* What the subject answered about a token in the last verdict pass: a known reason, an answer of the host's
 * own (answer.h), an outcome of COMMAND_PRIMITIVE, or ANSWER_NONE. */
uint16_t subject_answer(const struct subject *subject, uint32_t token);
void subject_answer_set(struct subject *subject, uint32_t token, uint16_t answer);
/* What a whole verifier said of it, see kept_words.h. False: nothing. */
bool subject_words(const struct subject *subject, uint32_t token, char words[ASSAY_WORDS_BYTES]);

/* The times of the last BLOCK_TIMES, in nanoseconds. */
void subject_times(const struct subject *subject, uint32_t *times, uint32_t count);
/* The histogram of all blocks with `latency` since it was reset, or the launch after that. False and an
 * `error` where it cannot be one of so many samples. */
void subject_latency_reset(struct subject *subject);
uint64_t subject_latency_samples(const struct subject *subject);
bool subject_latency_add(struct subject *subject, struct hist *into);

/* Copies the command and wakes the worker; the subject must be idle. */
void subject_send(struct subject *subject, const struct control_command *command);
/* Waits at most wait_ns for the answer. A worker that says it is done without having answered is an
 * EVENT_ERROR, and is replaced. */
enum subject_event subject_poll(struct subject *subject, int64_t wait_ns);
/* Sends and waits until something other than EVENT_NONE happens, or `stop` becomes non-zero (EVENT_NONE). */
enum subject_event subject_do(struct subject *subject, const struct control_command *command,
                              const volatile sig_atomic_t *stop);

/* How far a busy worker says it is in the command's list, 0..1: for a progress line. */
double subject_share(const struct subject *subject);

/* Of an idle subject: whether its worker is still there. One that died after it had answered is replaced, and
 * `error` tells of it. */
bool subject_check_alive(struct subject *subject);

#endif
