/* Laying out a document for people at a terminal: the report's own layout, for other answers too. */
#ifndef ASSAY_REPORTS_TERMINAL_H
#define ASSAY_REPORTS_TERMINAL_H

#include <stdio.h>

#include "reports/document.h"
#include "reports/result.h"

void terminal_put(const struct document *document, const struct result_view *view, FILE *stream);

#endif
