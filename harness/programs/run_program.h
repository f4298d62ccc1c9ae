/* Running a sibling or system program and reading what it prints. */
#ifndef ASSAY_PROGRAMS_RUN_PROGRAM_H
#define ASSAY_PROGRAMS_RUN_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/error.h"

/* Zeroes are what most want. */
struct program {
  char *const *argv; /* argv[0] is looked up in PATH unless it has a slash */
  double limit_s;    /* one that takes longer is ended: a helper never keeps us for ever */
  char *out;         /* what it prints, NUL-terminated, cut off at size */
  size_t size;
  bool quiet; /* its standard error is lost; otherwise it goes where ours goes, or with `mixed` to `out`, */
  bool mixed; /* and its standard output is lost */
  const char *what;            /* for the progress line while it runs; NULL: it shows its own, or nothing */
  const char *const *settings; /* "NAME=VALUE" in its environment, NULL behind the last; NULL: none */
  bool swept; /* whatever it has started itself ends with it, and with us: a keeper stands between */
};

/* Returns its exit status, or 128 + signal; -1 and a sentence where it could not be started, was ended at its
 * limit, or because of Ctrl-C (stop.h), which is looked at meanwhile. */
int program_run(const struct program *program, struct assay_error *error);

#endif
