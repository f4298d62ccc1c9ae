/* Sentences of a command on standard error. */
#include "harness/terminal/complain.h"

#include <stdarg.h>
#include <stdio.h>

#include "harness/base/error.h"
#include "harness/terminal/progress.h"

int complain(const char *command, const char *format, ...) {
  struct assay_error sentence;
  char text[sizeof sentence.text];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  error_set(&sentence, "%s", text);
  progress_hide();
  fprintf(stderr, "assay%s%s: %s\n", command ? " " : "", command ? command : "", sentence.text);
  return EXIT_USAGE;
}
