/* The end of the generator where it cannot go on: no memory, or a bug in a mutation. Bad input from people
 * never comes here; it is told by struct assay_error. */
#ifndef ASSAY_CORPUS_BASE_FATAL_H
#define ASSAY_CORPUS_BASE_FATAL_H

/* What this thread is at, for the sentence: the id of a case, say. NULL: nothing in particular. Borrowed. */
extern _Thread_local const char *fatal_subject;

/* Prints "assay corpus: <subject>: <sentence>" and aborts. */
_Noreturn void fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Returns p, or ends for want of memory where it is NULL. */
void *must(void *p);
/* The same of grown_by_one. */
void *must_have_one_more(void *items, unsigned long count, unsigned long item_bytes);
/* A copy of len octets, with a NUL behind them. */
char *must_copy(const void *octets, unsigned long len);

#endif
