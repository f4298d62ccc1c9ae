/* The order of a report's tables. */
#include "reports/formats/shared/tables.h"

#include "reports/content/content.h"

void put_tables(struct document *document, const struct result *result, bool all, bool bars) {
  content_speed(document, result, all);
  if (bars)
    content_bars(document, result, all);
  content_instructions(document, result);
  content_setup(document, result);
  content_uses(document, result);
  content_scaling(document, result);
  content_ledger(document, result);
  content_costs(document, result, all);
  content_shares(document, result);
  content_keysets(document, result);
  content_memory(document, result, all);
  content_verdicts(document, result, all);
  content_matrix(document, result, all);
  content_unscored(document, result, all);
}
