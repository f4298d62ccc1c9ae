/* Ctrl-C, and what else asks a program to end: noted, so that files are whole when it does. */
#ifndef ASSAY_PROGRAMS_STOP_H
#define ASSAY_PROGRAMS_STOP_H

#include <signal.h>

/* Not zero once somebody has asked. Waits of every kind look at it. */
extern volatile sig_atomic_t stop_asked;

/* From here on SIGINT, SIGTERM and SIGHUP set it and end nothing themselves. */
void stop_catch(void);

#endif
