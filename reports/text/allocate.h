/* Memory for the result model and the reports. Everything here aborts the program with a sentence when memory
 * runs out: a report that leaves out rows in silence would be worse than none. */
#ifndef ASSAY_REPORTS_TEXT_ALLOCATE_H
#define ASSAY_REPORTS_TEXT_ALLOCATE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

/* The pointer, or the end of the program where it is NULL. */
void *allocated(void *pointer);
/* grown_by_one. */
void *allocate_one_more(void *items, size_t count, size_t item_size);
/* Zeroed room for `count` items, to which allocate_one_more may add; NULL for none. */
void *allocate_items(size_t count, size_t item_size);
/* Before the declaration of a text that has a value at once: it is freed at the end of its block. */
#define OWNED_TEXT __attribute__((cleanup(text_end)))
static inline void text_end(char **text) {
  free(*text);
}

/* text NULL counts as "". */
char *allocate_copy(const char *text);
char *allocate_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *allocate_vformat(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

#endif
