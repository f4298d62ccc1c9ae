/* Laying out a document for people at a terminal: the report's own layout, for other answers too. */
#ifndef ASSAY_REPORTS_DOCUMENT_TERMINAL_H
#define ASSAY_REPORTS_DOCUMENT_TERMINAL_H

#include <stdio.h>

#include "reports/document/document.h"
#include "reports/model/result.h"

/* The whole report as a document, with what the view selects of it. False and a sentence where the selection
 * names what is not there. */
bool terminal_document(struct document *document, const struct result *result, const struct result_view *view,
                       struct assay_error *error);
void terminal_put(const struct document *document, const struct result_view *view, FILE *stream);

#endif
