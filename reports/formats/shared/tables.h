/* The tables that every report for people has. */
#ifndef ASSAY_REPORTS_FORMATS_SHARED_TABLES_H
#define ASSAY_REPORTS_FORMATS_SHARED_TABLES_H

#include "reports/document/document.h"
#include "reports/model/result.h"

/* All of them, in their order. all: every row; bars: latency as bars, too. */
void put_tables(struct document *document, const struct result *result, bool all, bool bars);

#endif
