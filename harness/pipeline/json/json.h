/* A strict JSON reader for text that nobody vouches for yet (RFC 8259): one pass from left to right, no
 * recursion, and the first fault by position is the one reported.
 *
 * The result is a flat array of nodes in document order. A container is followed by what it contains, every
 * member is a name node and then its value, and `span` counts a value's nodes:
 *
 *   {"a":[1,2],"b":""}   ->   object(span 7)  "a"  array(span 3)  1  2  "b"  "" */
#ifndef ASSAY_PIPELINE_JSON_JSON_H
#define ASSAY_PIPELINE_JSON_JSON_H

#include "harness/base/bytes.h"
#include "harness/pipeline/json/arena.h"
#include "harness/pipeline/json/name_set.h"

enum json_type { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_node {
  union {
    const uint8_t *ptr;  /* string: its bytes, unescaped; other scalars: where they begin in the text */
    uint64_t names_seen; /* object: for the reader only */
  };
  uint32_t len;       /* string, number: bytes; array: elements; object: members */
  uint32_t span : 28; /* this node and all that it contains */
  uint32_t type : 4;  /* enum json_type */
};

#define JSON_TEXT_MAX ((size_t)1 << 27) /* bytes: what span can count with room to spare */

struct json_doc {
  const struct json_node *nodes; /* nodes[0] is the outermost value */
  uint32_t count;
  size_t fault_at; /* where the fault begins, in bytes from the start of the text */
};

struct json_limits {
  size_t depth;    /* the outermost value is depth 1 */
  size_t members;  /* in any one object */
  bool duplicates; /* let a name occur twice in one object */
};

enum json_fault {
  JSON_OK,
  JSON_UTF8, /* also overlong forms, surrogates and what lies above U+10FFFF (RFC 3629 3) */
  JSON_BOM,
  JSON_SYNTAX,
  JSON_TRAILING,
  JSON_DUPLICATE, /* two names of one object are equal after unescaping */
  JSON_SURROGATE, /* an escape is half of a surrogate pair (RFC 8259 8.2) */
  JSON_DEPTH,
  JSON_MEMBERS,
  JSON_SPACE /* text above JSON_TEXT_MAX, or an arena below json_space_bytes: a mistake of the caller */
};

/* Readable bytes behind every text: the first is 0, which no JSON contains and which so ends every scan; the
 * others may be anything. */
#define JSON_SLACK 64

/* Most arena bytes that a text of this length can need. */
size_t json_space_bytes(size_t text_bytes, size_t depth);
/* Most names that a text of this length can hold: what name_set_init wants to know. */
size_t json_names_max(size_t text_bytes);

/* Reads a text of at most JSON_TEXT_MAX bytes, followed by JSON_SLACK bytes. Nodes, and strings that had
 * escapes, go to the arena; all else points into the text. Allocates nothing. A byte from 0x80 on outside a
 * string is JSON_UTF8 where it is not UTF-8 and otherwise what any other byte would be there. */
enum json_fault json_parse(struct assay_bytes text, const struct json_limits *limits, struct arena *arena,
                           struct name_set *names, struct json_doc *doc);

/* The same, and notes the members of the outermost object that have known names (known_names.h): all of them
 * where the text is good, and none where it is something other than an object.
 * limits: such that refuse duplicates. */
struct known_names;
struct members;
enum json_fault json_parse_members(struct assay_bytes text, const struct json_limits *limits,
                                   struct arena *arena, struct name_set *names, struct json_doc *doc,
                                   const struct known_names *known, struct members *members);

static inline struct assay_bytes json_bytes(const struct json_node *node) {
  return bytes_of(node->ptr, node->len);
}

/* Walking: the first child of a container (of an object: the first name), and the sibling of a value. */
static inline const struct json_node *json_first(const struct json_node *container) {
  return container + 1;
}
static inline const struct json_node *json_after(const struct json_node *value) {
  return value + value->span;
}

/* The value of a member by its exact name, or NULL. For rare look-ups: it walks the members. */
const struct json_node *json_member(const struct json_node *object, struct assay_bytes name);

enum json_range { JSON_IN_RANGE, JSON_OUT_OF_RANGE };

/* The text of a JSON number as whole seconds, rounded up, computed exactly (NumericDate, RFC 7519 2). Beyond
 * +-(2^53 - 1) it is out of range, and *seconds is left alone. */
enum json_range json_seconds(struct assay_bytes number, int64_t *seconds);

/* How far two numbers in range are below their json_seconds, compared exactly: negative where a is further
 * below than b, 0 where they are alike. Decides between times whose whole seconds do not. */
int json_fraction_order(struct assay_bytes a, struct assay_bytes b);
/* Whether the number is below its json_seconds. */
bool json_has_fraction(struct assay_bytes number);

#endif
