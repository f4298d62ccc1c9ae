/* What every command ends with, and how it says what is wrong. */
#ifndef ASSAY_TERMINAL_COMPLAIN_H
#define ASSAY_TERMINAL_COMPLAIN_H

/* Exit codes of every command. */
enum exit_code {
  EXIT_HOLDS = 0,
  EXIT_REGRESSION = 1,
  EXIT_WRONG = 2, /* wrong verdict, crash, hang or fault of a backend */
  EXIT_NOISY = 3,
  EXIT_USAGE = 4, /* usage or set-up */
  EXIT_INTERRUPTED = 130
};

/* "assay NAME: sentence" on stderr; returns EXIT_USAGE. */
int complain(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
