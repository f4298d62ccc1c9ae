/* The folder of what assay keeps between runs: the default corpus, modules made for builds of libraries, the
 * self-test's answer. What lies there is believed, so nobody else may have put it there. */
#ifndef ASSAY_PROGRAMS_CACHE_H
#define ASSAY_PROGRAMS_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "harness/base/error.h"

/* $ASSAY_CACHE, else $XDG_CACHE_HOME/assay, else ~/.cache/assay; without a HOME a temporary folder that goes
 * with this run, which is told once. It need not exist. */
void cache_folder(char *folder, size_t size);

/* What is made from here on only its owner may write, whatever the umask was (002 is common): else nothing in it
 * would be believed the next time. Returns the umask, to be set again. */
mode_t cache_umask(void);

/* Makes the cache where it is not there yet. False and a sentence where it, or `entry` in it (a path; it need not exist), could be
 * somebody else's or be exchanged by somebody else. */
bool cache_open(const char *folder, const char *entry, struct assay_error *error);

/* Locks the cache, for one maker at a time; waits where another has it, with `what` ("the default corpus") in
 * words on stderr. The lock goes with the descriptor, which the caller closes. Less than 0 and a sentence:
 * there is none, or Ctrl-C came first. */
int cache_lock(const char *folder, const char *what, struct assay_error *error);

#endif
