/* Reading the lists of a result file row by row, without a tree of the whole file. */
#ifndef ASSAY_REPORTS_MODEL_RESULT_ROWS_H
#define ASSAY_REPORTS_MODEL_RESULT_ROWS_H

#include "reports/model/record_read.h"

/* Appends every row of the lists in a JSON text to the result. Returns the object without them: each list in
 * it is empty; json_decref() it. NULL: the text is no object, not valid JSON, or a row is wrong; what was
 * appended so far stays in the result. */
json_t *rows_read(struct reader *reader, const char *text, size_t len, struct result *result);

#endif
