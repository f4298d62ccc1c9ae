/* The sections that are tables alone: the gate, key sets, memory. */
#include "reports/html/page.h"

static bool has_gates(const struct page *page) {
  return page->result->gate_count > 0;
}

static void put_gates(struct page *page) {
  OWNED_DOCUMENT struct document document = {0};
  content_gates(&document, page->result, true);
  page_document_open(page, &document);
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

static bool has_keysets(const struct page *page) {
  for (size_t i = 0; i < page->result->speed_count; i++)
    if (page->result->speed[i].key_place != KEY_PLACE_OF_CORPUS)
      return true;
  return false;
}

static void put_keysets(struct page *page) {
  page_tables(page, content_keysets);
}

const struct page_part page_keysets = {
    .id = "key-sets", .title = "Key sets", .intro = "", .has = has_keysets, .put = put_keysets};

static bool has_memory(const struct page *page) {
  return page->result->memory_count > 0;
}

static void content_all_memory(struct document *document, const struct result *result) {
  content_memory(document, result, true);
}

static void put_memory(struct page *page) {
  page_tables(page, content_all_memory);
}

const struct page_part page_memory = {
    .id = "memory", .title = "Memory", .intro = "", .has = has_memory, .put = put_memory};
