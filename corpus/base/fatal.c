/* Ends the generator with one sentence. */
#include "corpus/base/fatal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/grow.h"

_Thread_local const char *fatal_subject;

void fatal(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fprintf(stderr, "assay corpus: %s%s", fatal_subject ? fatal_subject : "", fatal_subject ? ": " : "");
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  abort();
}

void *must(void *p) {
  if (!p)
    fatal("no memory");
  return p;
}

void *must_have_one_more(void *items, unsigned long count, unsigned long item_bytes) {
  return must(grown_by_one(items, count, item_bytes));
}

char *must_copy(const void *octets, unsigned long len) {
  char *copy = must(malloc(len + 1));
  if (len)
    memcpy(copy, octets, len);
  copy[len] = '\0';
  return copy;
}
