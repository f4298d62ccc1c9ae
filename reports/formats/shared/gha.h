/* The two formats of github-action-benchmark, which differ in what is better: its setting holds for
 * a whole file. */
#ifndef ASSAY_REPORTS_FORMATS_SHARED_GHA_H
#define ASSAY_REPORTS_FORMATS_SHARED_GHA_H

#include "reports/content/rows.h"
#include "reports/model/json_value.h"

/* Appends {"name", "unit", "value", "range", "extra"} where the value is known. low and high: the interval;
 * not known: no range. */
void gha_add(json_t *list, const char *name, const char *unit, double value, double low, double high,
             const char *extra);
/* What stands beside a row's figure: its interval, and that it is void. free() it. */
char *gha_extra(const struct result_speed *row);
/* Calls add for every subject and level with the verdicts added up. name: "verdicts/pipeline/openssl". extra:
 * them in words. */
void gha_each_sum(json_t *list, const struct result *result, struct row_names *names,
                  void (*add)(json_t *list, const char *name, const struct verdict_sum *sum,
                              const char *extra));

#endif
