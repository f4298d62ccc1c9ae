/* Speed is compared on the same tokens in every arm, and only on tokens that are answered rightly. Backends
 * accept every valid token, or the run has failed already; a verifier may refuse some for reasons of its own
 * (a typ, say). They are left out for all subjects, and the run says so. */
#include <stdio.h>
#include <string.h>

#include "harness/cli/job.h"
#include "harness/cli/progress.h"

static bool any_whole(const struct job *job) {
  bool any = false;
  for (unsigned s = 0; s < job->subject_count; s++)
    any = any || job->is_whole[s];
  return any;
}

/* Asks every verifier about the tokens of all cells. */
static void ask_whole(struct job *job) {
  for (unsigned s = 0; s < job->subject_count && !job_stop; s++) {
    struct check check = {.subjects = &job->subjects[s],
                          .subject_count = 1,
                          .list_at = 0,
                          .list_len = job->check_at,
                          .stop = &job_stop,
                          .progress = progress_show};
    if (job->is_whole[s] && job->check_at)
      check_run(&check);
  }
}

static bool accepts(const struct job *job, unsigned subject, uint32_t token) {
  return control_answers(job->subjects[subject].control)[token] == REASON_OK;
}

static uint32_t count_accepted(const struct job *job, const struct bench_cell *cell, unsigned subject) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < cell->list_len; i++)
    count += accepts(job, subject, job->list[cell->list_at + i]);
  return count;
}

static void note_refusals(struct job *job, const struct bench_cell *cell, unsigned subject,
                          uint32_t accepted) {
  char text[300];
  const char *rest =
      accepted ? "all subjects are measured on those that every verifier accepts" : "it has no figure there";
  snprintf(text, sizeof text, "%s refuses %u of %u valid %s tokens; %s", job->subjects[subject].spec.label,
           cell->list_len - accepted, cell->list_len, assay_alg_name(cell->alg), rest);
  strings_add(&job->result->warnings, text);
}

/* The verifiers whose opinion counts in a cell: those that accept any of its tokens. */
static uint64_t voters_of(struct job *job, struct bench_cell *cell) {
  uint64_t voters = 0;
  for (unsigned s = 0; s < job->subject_count; s++) {
    if (!job->is_whole[s] || !(job->algs[s] & ASSAY_ALG_BIT(cell->alg)))
      continue;
    uint32_t accepted = count_accepted(job, cell, s);
    if (accepted < cell->list_len)
      note_refusals(job, cell, s, accepted);
    *(accepted ? &voters : &cell->refused_by) |= UINT64_C(1) << s;
  }
  return voters;
}

static bool all_accept(const struct job *job, uint64_t voters, uint32_t token) {
  for (unsigned s = 0; s < job->subject_count; s++)
    if ((voters >> s & 1) && !accepts(job, s, token))
      return false;
  return true;
}

static void cell_narrow(struct job *job, struct bench_cell *cell) {
  uint64_t voters = voters_of(job, cell);
  uint32_t kept = 0, *list = job->list + cell->list_at;
  for (uint32_t i = 0; i < cell->list_len; i++)
    if (all_accept(job, voters, list[i]))
      list[kept++] = list[i];
  cell->list_len = kept;
}

/* A cell whose verifiers have no token in common is not measured. */
static void cells_drop_empty(struct job *job) {
  unsigned kept = 0;
  for (unsigned i = 0; i < job->cell_count; i++) {
    char text[200];
    if (job->cells[i].list_len) {
      job->cells[kept++] = job->cells[i];
      continue;
    }
    snprintf(text, sizeof text, "%s is not measured: no token is accepted by every verifier",
             assay_alg_name(job->cells[i].alg));
    strings_add(&job->result->warnings, text);
  }
  job->cell_count = kept;
}

bool job_common(struct job *job, struct assay_error *error) {
  if (!any_whole(job))
    return true;
  if (!job->options->check) /* otherwise the verdict pass has asked */
    ask_whole(job);
  for (unsigned i = 0; i < job->cell_count; i++)
    cell_narrow(job, &job->cells[i]);
  cells_drop_empty(job);
  for (unsigned s = 0; s < job->subject_count; s++)
    memcpy(control_lists(job->subjects[s].control), job->list, job->check_at * sizeof *job->list);
  return job->cell_count > 0 || error_set(error, "no valid token is accepted by every verifier");
}
