/* The histograms of a result for the formats that carry them whole. */
#ifndef ASSAY_REPORTS_FORMATS_SHARED_LATENCY_H
#define ASSAY_REPORTS_FORMATS_SHARED_LATENCY_H

#include "harness/base/hist.h"
#include "reports/content/rows.h"

/* Whether the row has a histogram that may be shown, and its name holds `only`, which may have the wildcards
 * * and ?; NULL or "": any name does. */
bool latency_is_chosen(const struct result_speed *row, const char *name, const char *only);
/* How many rows are. */
size_t latency_count(const struct result *result, const char *only);
/* What formats of histograms tell beside them, as comments: what was answered wrongly; where there is no
 * histogram, that there is none, and no more: who wants verdicts takes another format. */
void put_latency_comments(FILE *stream, const struct result *result, const struct row_names *names,
                          const char *only);
/* The histogram as it was measured. Samples beyond what it can hold count as its largest; a result that was
 * edited by hand may have any. */
void latency_load(struct hist *hist, const struct result_histogram *from);

#endif
