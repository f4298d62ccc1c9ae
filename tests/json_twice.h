/* Reads a text once more, by the JSON reader that looks out for known names, and compares. */
#ifndef ASSAY_TESTS_JSON_TWICE_H
#define ASSAY_TESTS_JSON_TWICE_H

#include "harness/pipeline/json/json.h"
#include "harness/pipeline/json/known_names.h"

static inline bool json_nodes_agree(const struct json_node *a, const struct json_node *b) {
  if (a->type != b->type || a->len != b->len || a->span != b->span)
    return false;
  if (a->type == JSON_STRING)
    return bytes_eq(json_bytes(a), json_bytes(b));
  return a->type == JSON_ARRAY || a->type == JSON_OBJECT || a->ptr == b->ptr;
}

/* Whether `members` holds what looking for each name finds. */
static inline bool json_members_are(const struct members *members, const struct json_node *root) {
#define X(id, name, registered)                                                                              \
  if (MEMBER(members, id) !=                                                                                 \
      (root->type == JSON_OBJECT ? json_member(root, BYTES_LIT(name)) : (const struct json_node *)0))        \
    return false;
  KNOWN_NAMES(X)
#undef X
  return true;
}

/* fault, doc: what json_parse says of the text. limits: such that refuse duplicates. */
static inline bool json_members_agree(struct assay_bytes text, const struct json_limits *limits,
                                      struct arena *arena, struct name_set *names, enum json_fault fault,
                                      const struct json_doc *doc) {
  static struct known_names known;
  struct members members;
  struct json_doc other;
  if (known.multiplier == 0)
    known_names_init(&known);
  arena_reset(arena);
  arena->size = json_space_bytes(text.len, limits->depth);
  if (json_parse_members(text, limits, arena, names, &other, &known, &members) != fault)
    return false;
  if (fault != JSON_OK)
    return other.fault_at == doc->fault_at;
  for (uint32_t i = 0; i < doc->count; i++)
    if (!json_nodes_agree(doc->nodes + i, other.nodes + i))
      return false;
  return other.count == doc->count && json_members_are(&members, other.nodes);
}

#endif
