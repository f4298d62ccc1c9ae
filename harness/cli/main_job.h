/* What `run`, `check` and `bench` do: the same job with parts left out, and with one table of options. */
#ifndef ASSAY_CLI_MAIN_JOB_H
#define ASSAY_CLI_MAIN_JOB_H

#include "harness/cli/command.h"
#include "harness/job/job.h"

/* Whose an option is: `of` of a usage. */
enum { JOB_RUN = 1, JOB_CHECK = 2, JOB_BENCH = 4 };

extern const struct option_row job_rows[];
extern const struct option_conflict job_conflicts[];

/* job_options.c: reads them into `options`, which holds what to do, and does it. Returns an exit code. */
int job_command(const struct usage *usage, struct job_options *options, int argc, char **argv);
/* Does the job on a corpus, or on what people bring; prints to stdout; returns the exit code. */
int main_job(struct job_options *options, int argc, char **argv);

/* Its parts, for commands that show something else of the same job: does what the options ask for of a job
 * that is set up, verdicts before speed. False: interrupted, or a sentence. */
bool main_job_work(struct job *job, struct assay_error *error);
/* What is said where it could not be set up, and the exit code. */
int main_job_not_set_up(const struct job_options *options, const struct assay_error *error);

#endif
