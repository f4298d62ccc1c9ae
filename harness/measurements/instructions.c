/* Instructions a token, of a worker of its own: repeatable where times on a shared machine are not. The
 * kernel's counter counts them where there is one, and Callgrind elsewhere: exactly, but it hides some
 * instruction sets from the program, so the library's dispatch is compared with that of the subject outside. A
 * block of N tokens and one of 2N run over the same ones, and the difference is taken, so that what a block
 * costs apart from its tokens cancels. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/files/file.h"
#include "harness/base/files/leftover.h"
#include "harness/base/stats.h"
#include "harness/engine/counter.h"
#include "harness/job/job.h"
#include "harness/measurements/measurement.h"
#include "harness/programs/run_program.h"
#include "harness/terminal/progress.h"

#define TOKENS 40        /* N; a P-521 signature takes 0.1 s under Callgrind */
#define HMAC_TOKENS 500  /* cheap, and their sizes differ more than their cost */
#define KERNEL_REPEATS 5 /* the median: an interrupt counts as an instruction or two */
#define START_FACTOR 60  /* Callgrind makes everything that much slower, a hang's limit too */

struct counting {
  struct job *job;
  bool by_kernel;         /* or by Callgrind */
  struct counter counter; /* of the worker that is counted */
  char folder[4096], prefix[4112];
  unsigned dumps; /* files that Callgrind has written so far */
};

/* The sum that a dump file gives in its line "totals: N". */
static bool dump_read(struct counting *counting, double *total, struct assay_error *error) {
  char path[4200], *text;
  size_t len;
  snprintf(path, sizeof path, "%s.%u", counting->prefix, ++counting->dumps);
  if (!file_read(path, &text, &len, error))
    return error_prefix(error, "Callgrind left no count: ");
  const char *line = strstr(text, "\ntotals: ");
  *total = line ? strtod(line + strlen("\ntotals: "), NULL) : (double)NAN;
  free(text);
  unlink(path);
  return !isnan(*total) || error_set(error, "%s has no totals", path);
}

/* by_kernel: since the worker was started; by Callgrind: of the block that ended last. */
static bool total_read(struct counting *counting, double *total, struct assay_error *error) {
  uint64_t count;
  if (!counting->by_kernel)
    return dump_read(counting, total, error);
  if (!counter_read(&counting->counter, &count, error))
    return false;
  *total = (double)count;
  return true;
}

/* What one block of the first tokens of a cell costs. False with an empty sentence: interrupted. */
static bool block_count(struct counting *counting, struct subject *subject, const struct cell *cell,
                        uint32_t count, double *total, struct assay_error *error) {
  const struct control_command command = {.kind = COMMAND_BLOCK,
                                          .block = BLOCK_VERIFY,
                                          .cpu = -1,
                                          .threads = 1,
                                          .list_at = cell->list_at,
                                          .list_len = cell->list_len,
                                          .count = count};
  double before = 0;
  if (counting->by_kernel && !total_read(counting, &before, error))
    return false;
  enum subject_event event = subject_do(subject, &command, &stop_asked);
  if (event == EVENT_NONE)
    return false;
  if (event != EVENT_DONE)
    return error_set(error, "%s: %s", subject->spec.label,
                     event == EVENT_ERROR ? subject->error.text : subject->last_cause);
  if (subject->outcome.wrong)
    return error_set(error, "%s %s: a wrong verdict while it was counted", subject->spec.label,
                     assay_alg_name(cell->alg));
  if (!total_read(counting, total, error))
    return false;
  *total -= before;
  return true;
}

static bool cell_count(struct counting *counting, struct subject *subject, const struct cell *cell,
                       double *each, struct assay_error *error) {
  uint32_t tokens = assay_alg_info(cell->alg)->family == FAMILY_HMAC ? HMAC_TOKENS : TOKENS;
  double warm, once, twice, counts[KERNEL_REPEATS];
  size_t repeats = counting->by_kernel ? KERNEL_REPEATS : 1;
  if (tokens * 2 > cell->list_len)
    tokens = cell->list_len > 1 ? cell->list_len / 2 : 1;
  if (!block_count(counting, subject, cell, tokens, &warm, error))
    return false;
  for (size_t i = 0; i < repeats; i++) {
    if (!block_count(counting, subject, cell, tokens, &once, error) ||
        !block_count(counting, subject, cell, 2 * tokens, &twice, error))
      return false;
    counts[i] = (twice - once) / tokens;
  }
  *each = median_of(counts, repeats);
  return true;
}

static void file_count(struct job *job, unsigned index, const struct cell *cell, double each) {
  struct result_speed *row = measure_row(job, cell, index, METRIC_VERIFY);
  row->instructions = each;
  speed_add_missing(row, "ns", "instructions only");
}

/* "avx2, bmi2": the code paths that a worker's library takes. */
static void dispatch_text(const struct subject *subject, char *out, size_t size) {
  const struct identity_lines *dispatch = &subject->identity.dispatch;
  size_t used = 0;
  snprintf(out, size, "none");
  for (size_t i = 0; i < dispatch->count; i++) {
    int written = snprintf(out + used, size - used, "%s%s", i ? ", " : "", dispatch->items[i].text);
    used += written > 0 && used + (size_t)written < size ? (size_t)written : 0;
  }
}

/* Another code path than in a timed run would make the counts those of another program. */
static void compare_dispatch(struct job *job, unsigned index, const struct subject *counted) {
  char timed[160], under[160], text[512];
  dispatch_text(&job->subjects[index], timed, sizeof timed);
  dispatch_text(counted, under, sizeof under);
  if (strcmp(timed, under) == 0)
    return;
  snprintf(text, sizeof text, "%s takes other code where it is counted (%s) than where it is timed (%s)",
           job->subjects[index].spec.label, under, timed);
  strings_add(&job->result->warnings, text);
}

/* The worker would be counted, which hands tokens on, and not the program that checks them. */
static void leave_elsewhere(struct job *job, unsigned index) {
  char text[200];
  snprintf(text, sizeof text, "%s: instructions are not counted: it runs " JOB_ELSEWHERE,
           job->subjects[index].spec.label);
  job_file_trouble(job, index, text);
}

static bool subject_count(struct counting *counting, unsigned index, struct assay_error *error) {
  struct job *job = counting->job;
  struct subject_host host = job->host;
  struct subject counted;
  bool ok = true;
  host.repeatable = true;
  host.callgrind = counting->by_kernel ? NULL : counting->prefix;
  host.hang_ns *= counting->by_kernel ? 1 : START_FACTOR;
  counting->dumps = 0;
  if (!subject_open(&counted, &job->subjects[index].spec, &host, error))
    return false;
  ok = !counting->by_kernel || counter_open(&counting->counter, COUNTER_INSTRUCTIONS, counted.pid, error);
  for (unsigned i = 0; ok && i < job->cell_count; i++)
    subject_list_set(&counted, 0, job->list, job->check_at);
  compare_dispatch(job, index, &counted);
  for (unsigned i = 0; ok && i < job->cell_count && !stop_asked; i++) {
    const struct cell *cell = &job->cells[i];
    double each, share = (index + (double)i / job->cell_count) / job->subject_count;
    progress_show(NULL, "counting instructions", share);
    if (!subject_has_alg(&job->subjects[index], cell->alg) ||
        (subject_is_floor(&job->subjects[index]) && i > 0) || cell_is_refused(cell, index))
      continue;
    ok = cell_count(counting, &counted, cell, &each, error);
    if (ok)
      file_count(job, index, cell, each);
  }
  counter_close(&counting->counter);
  subject_close(&counted);
  return ok;
}

static bool has_valgrind(struct assay_error *error) {
  char waste[256], *version[] = {"valgrind", "--version", NULL};
  const struct program asked = {
      .argv = version, .limit_s = 30, .out = waste, .size = sizeof waste, .quiet = true};
  return program_run(&asked, error) == 0 ||
         error_set(error, "counting instructions needs valgrind where the machine has no counters, and it "
                          "is not installed (package valgrind)");
}

bool measure_instructions(struct job *job, struct assay_error *error) {
  struct counting counting = {.job = job};
  counting.by_kernel = counter_open(&counting.counter, COUNTER_INSTRUCTIONS, 0, NULL);
  counter_close(&counting.counter);
  if (!counting.by_kernel && !has_valgrind(error))
    return false;
  job->result->run.counted_by = counting.by_kernel ? COUNTED_BY_PERF : COUNTED_BY_CALLGRIND;
  if (!file_make_temporary(counting.folder, sizeof counting.folder, "count", error))
    return false;
  snprintf(counting.prefix, sizeof counting.prefix, "%s/count", counting.folder);
  bool ok = true;
  progress_begin();
  for (unsigned s = 0; ok && s < job->subject_count && !stop_asked; s++)
    if (job->subjects[s].identity.is_elsewhere)
      leave_elsewhere(job, s);
    else
      ok = subject_count(&counting, s, error);
  progress_end();
  file_remove_temporary(counting.folder);
  return ok || stop_asked;
}
