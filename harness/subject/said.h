/* What a worker prints on its standard output and error. A library under test may print anything, and nobody
 * asked it: none of it reaches ours, where a result is expected and a terminal obeys. The end of it is kept
 * for the sentence that tells of a death. */
#ifndef ASSAY_SUBJECT_SAID_H
#define ASSAY_SUBJECT_SAID_H

#include <stdbool.h>
#include <stddef.h>

#define SAID_BYTES 512 /* that are kept, of the end */

struct said {
  int fd; /* the reading end of a pipe; -1: none */
  size_t len;
  char tail[SAID_BYTES];
};

/* Makes the pipe. *writing is for the worker, and the caller's to close. A writer who finds the pipe full is
 * told so and never waits. False with errno. */
bool said_open(struct said *said, int *writing);
/* Takes what is there, without waiting. */
void said_read(struct said *said);
/* Forgets what was said so far. */
void said_clear(struct said *said);
/* The last line of it, with nothing in it that drives a terminal; "" if there is none. Valid until the next
 * call. */
const char *said_last(struct said *said);
void said_close(struct said *said);

#endif
