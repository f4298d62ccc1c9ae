/* One line on stderr while something takes long: what is being done, how far, how long still. Only on a
 * terminal, and gone when finished. */
#ifndef ASSAY_TERMINAL_PROGRESS_H
#define ASSAY_TERMINAL_PROGRESS_H

void progress_begin(void);
/* share 0..1; redraws at most ten times a second. arg is ignored: fits every progress callback. */
void progress_show(void *arg, const char *what, double share);
void progress_end(void);

#endif
