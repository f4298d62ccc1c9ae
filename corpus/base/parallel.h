/* The same work for every index, on several threads. */
#ifndef ASSAY_CORPUS_BASE_PARALLEL_H
#define ASSAY_CORPUS_BASE_PARALLEL_H

#include <stddef.h>

/* Calls work(arg, i) once for every i < count, in order of i but from `threads` threads at once (at least
 * 1; the caller's is one of them), and returns when all are done. Where no thread can be started it goes
 * on with fewer. */
void parallel_for(unsigned threads, size_t count, void (*work)(void *arg, size_t index), void *arg);

/* The processors that this process may use; at least 1. */
unsigned parallel_cores(void);

#endif
