/* Memory that is there or ends the program. */
#include "reports/text/allocate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/grow.h"

void *allocated(void *pointer) {
  if (!pointer) {
    fputs("assay: out of memory while building the report\n", stderr);
    abort();
  }
  return pointer;
}

void *allocate_one_more(void *items, size_t count, size_t item_size) {
  return allocated(grown_by_one(items, count, item_size));
}

void *allocate_items(size_t count, size_t item_size) {
  size_t capacity = 1;
  while (capacity < count)
    capacity *= 2;
  return count ? allocated(calloc(capacity, item_size)) : NULL;
}

char *allocate_copy(const char *text) {
  return allocated(strdup(text ? text : ""));
}

char *allocate_vformat(const char *format, va_list args) {
  char *text = NULL;
  int written = vasprintf(&text, format, args);
  return allocated(written < 0 ? NULL : text);
}

char *allocate_format(const char *format, ...) {
  va_list args;
  va_start(args, format);
  char *text = allocate_vformat(format, args);
  va_end(args);
  return text;
}
