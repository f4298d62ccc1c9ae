/* Starting, asking and replacing worker processes. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build_facts.h"
#include "harness/base/clock.h"
#include "harness/base/text/counts.h"
#include "harness/subject/launcher.h"
#include "harness/subject/subject_flight.h"
#include "harness/subject/subject_memory.h"
#include "harness/wire/futex.h"

#define START_LIMIT_NS (60 * INT64_C(1000000000))
#define QUIT_LIMIT_NS (10 * INT64_C(1000000000)) /* of closing 10,000 keys, and of LeakSanitizer after it */
/* What a worker gets for set-up (the import of 10,000 keys, say) and for all its hangs together, before its
 * subject is given up; a block gets twice that. As many hangs fit in all the same, where those are long. */
#define PATIENCE_NS (UINT64_C(30) * 1000000000)
#define PATIENCE_HANGS 3
#define LAUNCHES_MAX 3 /* of a worker that dies while it starts, in place of one that was lost */

static bool is_done(const struct subject *subject) {
  return atomic_load(&subject->memory->control->done) == subject->turn;
}

static enum outcome_kind take_outcome(struct subject *subject, struct assay_error *error) {
  uint64_t now = clock_ns();
  const struct outcome_bounds bounds = {.command = &subject->command,
                                        .list = subject->memory->list + subject->command.list_at,
                                        .took_ns = now - subject->sent_ns,
                                        .lived_ns = now - subject->launched_ns};
  return outcome_take(&subject->memory->control->reply, &bounds, &subject->outcome, error);
}

/* Until the worker has loaded everything. False and a sentence where it died first, or takes too long; one
 * that hangs there hears no command to end. */
static bool wait_ready(struct subject *subject, struct assay_error *error) {
  const struct subject_spec *spec = &subject->spec;
  const char *loaded = spec->library[0] ? spec->library : spec->module;
  uint64_t deadline = clock_ns() + START_LIMIT_NS;
  while (!is_done(subject)) {
    futex_wait(&subject->memory->control->done, 0, 20000000);
    said_read(&subject->said);
    if (launcher_has_ended(subject) && !is_done(subject))
      return error_set(error, "%s: its worker died while it loaded %s (%s)", spec->label, loaded,
                       subject->last_cause);
    if (clock_ns() <= deadline)
      continue;
    launcher_end(subject, 0);
    return error_set(error, "%s: its worker was not ready after 60 s of loading %s", spec->label, loaded);
  }
  return true;
}

/* Whether a file lies in a folder or below, whatever links lead to the two. */
static bool lies_in(const char *path, const char *folder) {
  char real[PATH_MAX], real_folder[PATH_MAX];
  if (!realpath(path, real) || !realpath(folder, real_folder))
    return false;
  size_t len = strlen(real_folder);
  return strncmp(real, real_folder, len) == 0 && (real[len] == '/' || len == 1);
}

/* Of a module that was linked by somebody else, and finds its library by name. What is no shared object, a package
 * of an adapter's language, is not found in a prefix at all. */
static bool prefix_holds(const struct subject *subject, struct assay_error *error) {
  const struct subject_spec *spec = &subject->spec;
  const char *path = subject->identity.path, *slash = strrchr(path, '/');
  if (!path[0])
    return error_set(error, "%s: it loads no library, so there is none under %s", spec->label, spec->prefix);
  if (lies_in(path, spec->prefix))
    return true;
  char why[400];
  snprintf(why, sizeof why,
           strstr(path, ".so")
               ? "%s wants %.200s by its SONAME, and there is none of that name in lib, lib64 or "
                 "lib/" ASSAY_MULTIARCH " there%s"
               : "%s loads no shared library that could lie there",
           spec->name, slash ? slash + 1 : path,
           spec->is_file ? ". NAME@PREFIX builds a module for what is there" : "");
  return error_set(error, "%s: the library loaded is %s, not one under %s: %s", spec->label, path,
                   spec->prefix, why);
}

/* On every launch: files are exchanged while runs last. */
static bool is_as_it_was(const struct subject_spec *spec, const char *path, const struct file_stamp *was,
                         struct assay_error *error) {
  struct file_stamp is = file_stamp(path);
  return file_stamp_is(&is, was) ||
         error_set(error, "%s: %s was exchanged while this ran", spec->label, path);
}

static bool build_is_as_it_was(const struct subject_spec *spec, struct assay_error *error) {
  return !spec->library[0] || (is_as_it_was(spec, spec->library, &spec->library_stamp, error) &&
                               is_as_it_was(spec, spec->module, &spec->module_stamp, error));
}

/* A library that is not the one that was promised would make every number a lie. */
static bool library_holds(const struct subject *subject, struct assay_error *error) {
  const struct subject_spec *spec = &subject->spec;
  char loaded[PATH_MAX];
  const char *due = spec->is_static ? spec->module : spec->library;
  if (!spec->library[0])
    return !spec->prefix[0] || prefix_holds(subject, error);
  return (realpath(subject->identity.path, loaded) && strcmp(loaded, due) == 0) ||
         error_set(
             error,
             "%s: the library loaded is %s, not %s: something else, LD_PRELOAD perhaps, brings it along",
             spec->label, subject->identity.path, due);
}

/* The text that the worker wrote of itself, ended where its room ends. */
static bool take_identity(struct subject *subject, struct assay_error *error) {
  if (subject->identity.json)
    return true;
  char *text = strndup(subject->memory->control->identity, CONTROL_IDENTITY_BYTES - 1);
  bool ok = text ? subject_identity_read(&subject->identity, text, error)
                 : error_set(error, "there is no memory for it");
  free(text);
  subject->identity.is_floor = subject->spec.is_floor;
  if (!ok)
    return error_prefix(error, "%s: what it says of itself, in %zu bytes at most, cannot be read: ",
                        subject->spec.label, (size_t)CONTROL_IDENTITY_BYTES);
  if (!library_holds(subject, error))
    return false;
  if (subject->spec.is_static)
    subject_identity_set_archive(&subject->identity, subject->spec.library);
  return true;
}

/* Starts a worker and waits for its first word. */
static bool start(struct subject *subject, struct assay_error *error) {
  subject_memory_renew(subject);
  subject->turn = 1;
  subject->command = (struct control_command){.kind = COMMAND_CHECK};
  subject->launched_ns = subject->sent_ns = clock_ns();
  if (!launcher_start(subject, error) || !wait_ready(subject, error))
    return false;
  enum outcome_kind kind = take_outcome(subject, error);
  if (kind == OUTCOME_HOLDS)
    return take_identity(subject, error);
  bool is_named = kind == OUTCOME_REFUSED && !subject->spec.library[0]; /* by its module's own path */
  return is_named ? false : error_prefix(error, "%s: ", subject->spec.label);
}

/* A library that was exchanged is what is told, whatever came of it. */
static bool launch(struct subject *subject, struct assay_error *error) {
  bool ok = start(subject, error);
  return build_is_as_it_was(&subject->spec, error) && ok;
}

bool subject_open(struct subject *subject, const struct subject_spec *spec, const struct subject_host *host,
                  struct assay_error *error) {
  memset(subject, 0, sizeof *subject);
  subject->spec = *spec;
  subject->host = host;
  subject->said.fd = -1;
  subject->last_token = CORPUS_NONE;
  if (subject_memory_make(subject, error) && launch(subject, error))
    return true;
  subject_close(subject);
  return false;
}

uint64_t subject_involuntary_switches(const struct subject *subject) {
  return subject->switches_before + subject->outcome.involuntary_switches;
}

/* A death that cost no answer is a fault all the same. */
static bool note_late_death(struct subject *subject) {
  if (!launcher_has_ended(subject))
    return false;
  error_set(&subject->error, "%s: its worker died after it had answered: %s", subject->spec.label,
            subject->last_cause);
  return true;
}

bool subject_relaunch(struct subject *subject, struct assay_error *error) {
  if (subject->state == SUBJECT_BUSY || subject->state == SUBJECT_DEAD)
    return error_set(error, "%s: cannot be started anew", subject->spec.label);
  note_late_death(subject);
  subject->switches_before = subject_involuntary_switches(subject);
  launcher_end(subject, 0);
  if (launch(subject, error))
    return true;
  launcher_end(subject, QUIT_LIMIT_NS);
  subject->state = SUBJECT_DEAD;
  return false;
}

/* Adds one to the turn and wakes the worker. */
static void give(struct subject *subject, const struct control_command *command) {
  struct control *control = subject->memory->control;
  subject->command = control->command = *command;
  subject->sent_ns = clock_ns();
  atomic_store(&control->turn, ++subject->turn);
  futex_wake(&control->turn);
}

void subject_close(struct subject *subject) {
  if (subject->pid > 0 && subject->state == SUBJECT_IDLE) {
    give(subject, &(struct control_command){.kind = COMMAND_QUIT});
    launcher_end(subject, QUIT_LIMIT_NS);
  } else
    launcher_end(subject, 0);
  subject_memory_free(subject);
  said_close(&subject->said);
  subject_identity_fini(&subject->identity);
  subject->state = SUBJECT_DEAD;
}

/* The kernel's own account of the address space, which begins anew when the worker's program is loaded. The
 * ru_maxrss of getrusage does not: it starts from the peak of the process that forked, which is ours. */
uint64_t subject_peak_bytes(const struct subject *subject) {
  char path[64], line[256];
  unsigned long long kib = 0;
  snprintf(path, sizeof path, "/proc/%d/status", (int)subject->pid);
  FILE *status = subject->pid > 0 ? fopen(path, "re") : NULL;
  while (status && fgets(line, sizeof line, status))
    if (sscanf(line, "VmHWM: %llu kB", &kib) == 1)
      break;
  if (status)
    fclose(status);
  return (uint64_t)kib * 1024;
}

void subject_send(struct subject *subject, const struct control_command *command) {
  if (subject->state == SUBJECT_DEAD)
    return;
  said_clear(&subject->said);
  subject->said_done = false;
  subject->memory->control->reply.state = REPLY_NONE;
  subject->seen = 0;
  subject->seen_ns = 0;
  subject->state = SUBJECT_BUSY;
  give(subject, command);
}

/* Once more where it dies on the way: that may have had nothing to do with it. */
static bool launch_again(struct subject *subject) {
  struct assay_error why;
  for (int i = 0; i < LAUNCHES_MAX; i++) {
    if (launch(subject, &why))
      return true;
    if (subject->pid > 0)
      break;
  }
  subject->error = why;
  launcher_end(subject, QUIT_LIMIT_NS);
  subject->state = SUBJECT_DEAD;
  return false;
}

static enum subject_event restart(struct subject *subject, enum subject_event event) {
  char cause[sizeof subject->last_cause];
  struct assay_error why;
  if (build_is_as_it_was(&subject->spec, &why))
    why.text[0] = '\0';
  snprintf(cause, sizeof cause, "%.300s%s%s", subject->last_cause, why.text[0] ? "; " : "", why.text);
  flight_note(subject, event);
  launcher_end(subject, 0);
  subject->restarts++;
  subject->state = SUBJECT_IDLE;
  launch_again(subject);
  snprintf(subject->last_cause, sizeof subject->last_cause, "%s", cause);
  return event;
}

/* A worker that lies about its work may be at it still: another one is started. */
static enum subject_event refuse(struct subject *subject, const struct assay_error *why) {
  subject->said_done = true;
  restart(subject, EVENT_ERROR);
  error_set(&subject->error, "%s: %s", subject->spec.label, why->text);
  return EVENT_ERROR;
}

static enum subject_event take_reply(struct subject *subject) {
  struct assay_error why;
  subject->state = SUBJECT_IDLE;
  enum outcome_kind kind = take_outcome(subject, &why);
  if (kind == OUTCOME_HOLDS) {
    for (unsigned i = 0;
         subject->command.latency && i < flight_lanes(subject) && i < subject->memory->layout.hist_count; i++)
      subject->memory->timed[i] += subject->command.count;
    return EVENT_DONE;
  }
  if (kind != OUTCOME_REFUSED)
    return refuse(subject, &why);
  error_set(&subject->error, "%s: %s", subject->spec.label, why.text); /* its own word */
  return EVENT_ERROR;
}

bool subject_check_alive(struct subject *subject) {
  if (subject->state != SUBJECT_IDLE || !note_late_death(subject))
    return true;
  struct assay_error why = subject->error;
  restart(subject, EVENT_CRASH);
  subject->error = why;
  return false;
}

/* ---- hangs ---- */

static uint64_t patience_ns(const struct subject *subject) {
  const struct subject_host *host = subject->host;
  uint64_t patience = host->patience_ns ? host->patience_ns : PATIENCE_NS;
  return patience > PATIENCE_HANGS * host->hang_ns ? patience : PATIENCE_HANGS * host->hang_ns;
}

/* Between tokens or in set-up (key import, say) it may take longer than for a token. Blocks are
 * made to take less than a second: what is left to bound there is one that moves and does not end. */
static bool hangs(struct subject *subject) {
  uint64_t now = clock_ns(), seen = flight_progress(subject);
  if (seen != subject->seen || subject->seen_ns == 0) {
    subject->seen = seen;
    subject->seen_ns = now;
  }
  subject->waited_ns = flight_is_any(subject) ? subject->host->hang_ns : patience_ns(subject);
  if (now - subject->seen_ns > subject->waited_ns)
    return true;
  subject->waited_ns = 2 * patience_ns(subject);
  return subject->command.kind == COMMAND_BLOCK && now - subject->sent_ns > subject->waited_ns;
}

static void note_hang(struct subject *subject) {
  const char *said = said_last(&subject->said);
  snprintf(subject->last_cause, sizeof subject->last_cause, "no answer in %.1f s%s%s",
           (double)subject->waited_ns / 1e9, said[0] ? ", having printed: " : "", said);
}

/* One that hangs over and over is not waited for again. */
static enum subject_event after_hang(struct subject *subject) {
  subject->hangs++;
  subject->hung_ns += subject->waited_ns;
  note_hang(subject);
  if (subject->hung_ns < patience_ns(subject))
    return restart(subject, EVENT_HANG);
  flight_note(subject, EVENT_HANG);
  launcher_end(subject, 0);
  subject->state = SUBJECT_DEAD;
  note_hang(subject);
  char hangs[FIGURE_NOUN_BYTES];
  error_set(&subject->error, "%s: given up after %s of its worker, the last: %s", subject->spec.label,
            figure_noun(hangs, subject->hangs, "hang"), subject->last_cause);
  return EVENT_HANG;
}

enum subject_event subject_poll(struct subject *subject, int64_t wait_ns) {
  struct control *control = subject->memory->control;
  if (subject->state == SUBJECT_DEAD)
    return EVENT_ERROR;
  uint32_t done = atomic_load(&control->done);
  if (done != subject->turn)
    futex_wait(&control->done, done, wait_ns);
  /* Looked at again after a death: it may have answered between the two. */
  if (is_done(subject) || (launcher_has_ended(subject) && is_done(subject)))
    return take_reply(subject);
  said_read(&subject->said);
  if (subject->pid <= 0)
    return restart(subject, EVENT_CRASH);
  if (done != subject->turn && done != subject->turn - 1) {
    struct assay_error why;
    error_set(&why, "its worker said that it had done what nobody asked for");
    return refuse(subject, &why);
  }
  if (!hangs(subject))
    return EVENT_NONE;
  return after_hang(subject);
}

enum subject_event subject_do(struct subject *subject, const struct control_command *command,
                              const volatile sig_atomic_t *stop) {
  subject_send(subject, command);
  for (;;) {
    enum subject_event event = subject_poll(subject, 20000000);
    if (event != EVENT_NONE || (stop && *stop))
      return event;
  }
}
