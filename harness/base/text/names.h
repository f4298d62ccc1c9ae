/* Lists of names as a user writes them, a,b,c, and as messages tell them. */
#ifndef ASSAY_BASE_TEXT_NAMES_H
#define ASSAY_BASE_TEXT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/error.h"

/* Calls back for each name between commas, in order; empty ones are passed over. Stops, and is false, where
 * `take` is false. A list may be of any length; a name is valid during its call. */
bool names_each(const char *list, bool (*take)(void *arg, const char *name, struct assay_error *error),
                void *arg, struct assay_error *error);

/* "a, b, c"; where that is more than `size` bytes, as many as fit and how many more there are. names: `count`
 * of them. */
void names_fit(char *out, size_t size, const char *const *names, size_t count);

#endif
