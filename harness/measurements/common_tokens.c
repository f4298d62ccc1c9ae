/* Speed is compared on the same tokens in every arm, and only on tokens that are answered rightly. Backends
 * accept every valid token, or the run has failed already; a verifier may refuse some for reasons of its own
 * (a typ, say). They are left out for all subjects, and the run says so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/job/job.h"
#include "harness/job/own_answers.h"
#include "harness/measurements/measurement.h"
#include "harness/terminal/progress.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define FEW_TOKENS 50 /* of an algorithm */

/* Whose opinion counts: a verifier's; with somebody's own tokens, of which nothing may be expected, a
 * backend's too. */
static bool is_voter(const struct job *job, unsigned subject) {
  return !subject_is_floor(&job->subjects[subject]) &&
         (subject_is_verifier(&job->subjects[subject]) || job_is_foreign(job));
}

static bool any_voter(const struct job *job) {
  bool any = false;
  for (unsigned s = 0; s < job->subject_count; s++)
    any = any || is_voter(job, s);
  return any;
}

/* Asks every voter about the tokens of all cells. */
static void ask_voters(struct job *job) {
  for (unsigned s = 0; s < job->subject_count && !stop_asked; s++) {
    struct check check = {.subjects = &job->subjects[s],
                          .subject_count = 1,
                          .list_at = 0,
                          .list_len = job->check_at,
                          .stop = &stop_asked,
                          .progress = progress_show};
    if (is_voter(job, s) && job->check_at)
      check_run(&check);
  }
}

static bool accepts(const struct job *job, unsigned subject, uint32_t token) {
  return subject_answer(&job->subjects[subject], token) == REASON_OK;
}

static uint32_t count_accepted(const struct job *job, const struct cell *cell, unsigned subject) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < cell->list_len; i++)
    count += accepts(job, subject, job->list[cell->list_at + i]);
  return count;
}

/* What a verifier refuses, in all cells together. */
struct refusals {
  uint64_t refused, of; /* tokens, where it accepts any */
  struct tally none;    /* where it does not, and so has no figure: "RS256 2048" */
};

static void add_refusals(struct refusals *refusals, const struct cell *cell, uint32_t accepted) {
  if (accepted) {
    refusals->refused += cell->list_len - accepted;
    refusals->of += cell->list_len;
    return;
  }
  char *name = result_alg_text(assay_alg_name(cell->alg), cell->key_bits);
  names_add(&refusals->none, name);
  free(name);
}

/* The voters whose opinion counts in a cell: those that accept any of its tokens. */
static bool voters_find(struct job *job, struct cell *cell, struct refusals *refusals, bool *voters) {
  bool any = false;
  for (unsigned s = 0; s < job->subject_count; s++) {
    if (!is_voter(job, s) || !subject_has_alg(&job->subjects[s], cell->alg))
      continue;
    uint32_t accepted = count_accepted(job, cell, s);
    add_refusals(&refusals[s], cell, accepted);
    voters[s] = accepted > 0;
    cell->refused_by[s] = accepted == 0;
    any = any || accepted;
  }
  return any;
}

/* One line a kind, however many verifiers and cells: what else there is to warn of stands beside it. Takes
 * the words over. */
static void warn_of(struct job *job, struct tally *who, const char *what) {
  char *names = names_join(who, " and "), *text = NULL;
  if (who->count) {
    result_setf(&text, "%s; %s", names, what);
    strings_add(&job->result->warnings, text);
  }
  free(text);
  free(names);
  tally_fini(who);
}

static void warn_of_refusals(struct job *job, struct refusals *refusals) {
  struct tally some = {0}, none = {0};
  char refused[FIGURE_BYTES], of[FIGURE_BYTES], *text = NULL;
  const char *what = job_is_foreign(job) ? "tokens" : "valid tokens";
  for (unsigned s = 0; s < job->subject_count; s++) {
    const char *label = job->subjects[s].spec.label;
    if (refusals[s].refused) {
      result_setf(&text, some.count ? "%s %s of %s" : "%s refuses %s of %s %s", label,
                  figure_count(refused, refusals[s].refused), figure_count(of, refusals[s].of), what);
      names_add(&some, text);
    }
    if (refusals[s].none.count) {
      char *algs = names_join(&refusals[s].none, " and ");
      result_setf(&text, none.count ? "%s none of %s" : "%s accepts no valid token of %s", label, algs);
      names_add(&none, text);
      free(algs);
    }
    tally_fini(&refusals[s].none);
  }
  free(text);
  warn_of(job, &some,
          job_is_foreign(job) ? "all are measured on those that every subject accepts; `assay check` says why"
                              : "all subjects are measured on those that every verifier accepts");
  warn_of(job, &none, "no figures there");
}

static bool all_accept(const struct job *job, const bool *voters, uint32_t token) {
  for (unsigned s = 0; s < job->subject_count; s++)
    if (voters[s] && !accepts(job, s, token))
      return false;
  return true;
}

static void cell_narrow(struct job *job, struct cell *cell, struct refusals *refusals) {
  bool *voters = allocate_items(job->subject_count, sizeof *voters);
  cell->refused_by = allocate_items(job->subject_count, sizeof *cell->refused_by);
  bool any = voters_find(job, cell, refusals, voters);
  uint32_t kept = 0, *list = job->list + cell->list_at;
  for (uint32_t i = 0; i < cell->list_len; i++)
    if ((any || !job_is_foreign(job)) && all_accept(job, voters, list[i]))
      list[kept++] = list[i];
  cell->list_len = kept;
  free(voters);
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
    free(job->cells[i].refused_by);
    snprintf(text, sizeof text, "%s is not measured: no token is accepted by every %s",
             assay_alg_name(job->cells[i].alg), job_is_foreign(job) ? "subject" : "verifier");
    strings_add(&job->result->warnings, text);
  }
  job->cell_count = kept;
}

/* Diversity is what makes a figure that of a service: keys, lengths and claims that do not stay in the
 * caches. */
static void warn_of_few(struct job *job) {
  for (unsigned i = 0; i < job->cell_count && job_is_foreign(job); i++) {
    char tokens[FIGURE_NOUN_BYTES],
        *text = NULL, *name = result_alg_text(assay_alg_name(job->cells[i].alg), job->cells[i].key_bits);
    if (job->cells[i].list_len < FEW_TOKENS) {
      result_setf(&text,
                  "%s is measured on %s alone, again and again: figures of many different tokens are higher",
                  name, figure_noun(tokens, job->cells[i].list_len, "token"));
      strings_add(&job->result->warnings, text);
    }
    free(text);
    free(name);
  }
}

/* Blocks are measured under one policy and its keys. */
static void warn_of_settings(struct job *job) {
  uint64_t others = 0, all = job->corpus.header->token_count;
  char *text = NULL;
  for (uint64_t i = 0; i < all && job_is_foreign(job); i++)
    others += job->corpus.tokens[i].setting != 0;
  if (others) {
    char some[FIGURE_BYTES], tokens[FIGURE_NOUN_BYTES];
    result_setf(&text, "%s of %s %s not measured: checked with other keys or another policy than the rest",
                figure_count(some, others), figure_noun(tokens, all, "token"), others == 1 ? "is" : "are");
    strings_add(&job->result->warnings, text);
  }
  free(text);
}

bool measure_common_tokens(struct job *job, struct assay_error *error) {
  if (!any_voter(job))
    return true;
  if (!job->options->check) { /* otherwise the verdict pass has asked */
    ask_voters(job);
    job_file_errors(job);
  }
  struct refusals *refusals = allocate_items(job->subject_count, sizeof *refusals);
  for (unsigned i = 0; i < job->cell_count; i++)
    cell_narrow(job, &job->cells[i], refusals);
  warn_of_refusals(job, refusals);
  free(refusals);
  cells_drop_empty(job);
  warn_of_few(job);
  warn_of_settings(job);
  for (unsigned s = 0; s < job->subject_count; s++)
    subject_list_set(&job->subjects[s], 0, job->list, job->check_at);
  return job->cell_count > 0 || own_answers_none(job, error);
}
