/* Parts of a result as JSON values, shared by every format that is JSON. Texts are made valid UTF-8; a figure
 * that is not known is null. All return NULL for want of memory. */
#ifndef ASSAY_REPORTS_MODEL_JSON_VALUE_H
#define ASSAY_REPORTS_MODEL_JSON_VALUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Whole numbers below it are exact in every JSON reader. */
#define JSON_EXACT_LIMIT (UINT64_C(1) << 53)

json_t *json_text(const char *text);
json_t *json_figure(double value);     /* six significant digits */
json_t *json_difference(double value); /* the same; may be negative */
json_t *json_count(uint64_t count);

/* Writes a value and drops it. Everything outside ASCII is escaped: a hostile name cannot drive a terminal
 * that shows the file. flags: JSON_COMPACT, JSON_INDENT(n). false: no memory; value may then be NULL. */
bool json_put(json_t *value, size_t flags, FILE *stream);

#endif
