/* Fuzzes the JSON reader: whatever it accepts must hang together as a tree of the promised shape, and cost no
 * more memory than promised. The first byte chooses the limits. */
#include <stdio.h>
#include <stdlib.h>

#include "harness/pipeline/json/json.h"
#include "tests/json_twice.h"

#define check(what) ((what) ? (void)0 : abort())

#define TEXT_MAX 8192

static const struct json_node *check_value(const struct json_doc *doc, const struct json_node *node);

static const struct json_node *check_children(const struct json_doc *doc, const struct json_node *container) {
  const struct json_node *at = json_first(container);
  for (uint32_t i = 0; i < container->len; i++) {
    if (container->type == JSON_OBJECT) {
      check(at->type == JSON_STRING && at->span == 1);
      at++;
    }
    at = check_value(doc, at);
  }
  check(at == json_after(container));
  return at;
}

static const struct json_node *check_value(const struct json_doc *doc, const struct json_node *node) {
  check(node < doc->nodes + doc->count);
  check(node->span >= 1 && node + node->span <= doc->nodes + doc->count);
  if (node->type == JSON_ARRAY || node->type == JSON_OBJECT)
    return check_children(doc, node);
  check(node->span == 1);
  int64_t seconds = 0;
  if (node->type == JSON_NUMBER && json_seconds(json_bytes(node), &seconds) == JSON_IN_RANGE)
    check(seconds <= INT64_C(9007199254740991) && seconds >= -INT64_C(9007199254740991));
  return node + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct name_set names;
  if (!names.slots && !name_set_init(&names, json_names_max(TEXT_MAX)))
    abort();
  if (size == 0 || size > TEXT_MAX)
    return 0;
  struct json_limits limits = {
      .depth = data[0] & 1 ? 8 : 1000, .members = data[0] & 2 ? 20 : 1000, .duplicates = data[0] & 4};
  size_t len = size - 1, space = json_space_bytes(len, limits.depth);
  uint8_t *text = malloc(len + JSON_SLACK), *memory = malloc(space), *other_memory = malloc(space);
  check(text && memory && other_memory);
  memcpy(text, data + 1, len);
  memset(text + len, 0xff, JSON_SLACK);
  text[len] = 0;
  struct arena arena, other_arena;
  struct json_doc doc;
  arena_init(&arena, memory, space);
  arena_init(&other_arena, other_memory, space);
  enum json_fault fault = json_parse(bytes_of(text, len), &limits, &arena, &names, &doc);
  check(fault != JSON_SPACE && arena.used <= space);
  if (fault == JSON_OK)
    check(check_value(&doc, doc.nodes) == doc.nodes + doc.count);
  else
    check(doc.fault_at <= len);
  if (!limits.duplicates)
    check(json_members_agree(bytes_of(text, len), &limits, &other_arena, &names, fault, &doc));
  free(text);
  free(memory);
  free(other_memory);
  return 0;
}
