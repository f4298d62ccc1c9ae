/* What `run`, `check` and `bench` do: the same job with parts left out. */
#ifndef ASSAY_CLI_MAIN_JOB_H
#define ASSAY_CLI_MAIN_JOB_H

#include "harness/job/job.h"

/* job_options.c: parses the options that they share into `options`, which holds the defaults. Returns -1 to
 * go on, or an exit code. */
int job_parse(struct job_options *options, int argc, char **argv);
/* Does the job on a corpus, or on what people bring; prints to stdout; returns the exit code. */
int main_job(struct job_options *options, int argc, char **argv);

#endif
