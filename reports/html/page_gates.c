/* What `assay gate` was answered. */
#include "reports/html/page.h"

static bool has_gates(const struct page *page) {
  return page->result->gate_count > 0;
}

static void put_gates(struct page *page) {
  struct document document = {0};
  content_gates(&document, page->result, true);
  page_document_open(page, &document);
  document_fini(&document);
}

const struct page_part page_gates = {
    .id = "gate",
    .title = "Gate",
    .intro =
        "What the new build was asked before it may go in. A slowdown counts only where its interval leaves "
        "out 0 and it exceeds the noise; what cannot be told is no pass.",
    .has = has_gates,
    .put = put_gates,
};
