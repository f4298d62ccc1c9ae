/* How the launches of a row lie to each other. A median stands for them where they lie together; where they fall
 * into two groups it is of one of them, by chance. */
#ifndef ASSAY_REPORTS_MODEL_LAUNCHES_H
#define ASSAY_REPORTS_MODEL_LAUNCHES_H

#include "reports/model/result.h"

#define LAUNCHES_APART 0.3 /* of the fastest: what lies further above it is told of */

struct launches {
  size_t count;
  double low, high;        /* ns a token, of the fastest and the slowest; NAN: there is none */
  size_t fast;             /* where they fall into two groups, how many are in the faster one; else 0 */
  double fast_ns, slow_ns; /* the groups' medians */
};

struct launches launches_of(const struct result_speed *row);
/* They fall into two groups, or lie further apart than LAUNCHES_APART. */
bool launches_are_apart(const struct launches *launches);

#endif
