/* What is being done while something takes long, on stderr: on a terminal one line, redrawn and gone when
 * finished; anywhere else a plain line every ten seconds, so that a log shows life. Not for two threads at a
 * time. */
#ifndef ASSAY_TERMINAL_PROGRESS_H
#define ASSAY_TERMINAL_PROGRESS_H

/* Pairs may stand within each other: nothing is shown outside the outermost. */
void progress_begin(void);
void progress_end(void);

/* what: a few words; share: 0..1 done, or less than 0 where that cannot be told. Where share falls by much,
 * something new begins, of which the time that is left is told anew; where it falls by less, the one before
 * stands. Redraws at most ten times a second. arg is ignored: fits every progress callback. */
void progress_show(void *arg, const char *what, double share);

/* Clears the line, for what else is to be said on stderr. */
void progress_hide(void);

#endif
