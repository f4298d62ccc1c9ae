/* The JSON reader of json.h. Every scan function takes the place where it begins and returns the place behind
 * what it read, or NULL after setting the scanner's fault. */
#include "harness/pipeline/json/json.h"

#include <assert.h>

#include "harness/pipeline/json/hash.h"
#include "harness/pipeline/json/json_text.h"
#include "harness/pipeline/json/known_names.h"

#define NODE_BYTES sizeof(struct json_node)

/* Objects of up to so many members look for a duplicate name by name; others have the name set do it. */
#define SMALL_OBJECT 16

struct scanner {
  const uint8_t *begin, *end;
  const struct json_limits *limits;
  struct arena *arena;
  struct name_set *names;
  const struct known_names *known;
  const struct json_node *known_in; /* the object whose known names are looked for, or NULL */
  struct members *members;          /* those of known_in */
  uint64_t seen[2];                 /* names_seen of known_in: of known names by id, of the others */
  struct json_node *nodes;
  uint8_t *stops;          /* of the text: find_stops */
  uint8_t *spare;          /* where unescaped strings go; NULL before the first */
  bool names_used, secret; /* the set has been begun for this text, or shall be with its secret */
  enum json_fault fault;
  bool flooded;
  const uint8_t *fault_at;
};

/* Every node but the open containers' has two bytes of its own: a value its first byte and the comma, colon
 * or bracket behind it, a container both its brackets. */
static size_t nodes_max(size_t text_bytes, size_t depth) {
  return text_bytes / 2 + (depth < text_bytes ? depth : text_bytes) / 2 + 2;
}

size_t json_space_bytes(size_t text_bytes, size_t depth) {
  return nodes_max(text_bytes, depth) * NODE_BYTES + stop_map_bytes(text_bytes) + text_bytes + JSON_SLACK +
         3 * 16;
}

size_t json_names_max(size_t text_bytes) {
  return text_bytes / 5 + 1; /* "":1, */
}

static const uint8_t *fail_scan(struct scanner *s, enum json_fault fault, const uint8_t *at) {
  s->fault = fault;
  s->fault_at = at;
  return NULL;
}

/* A byte that cannot stand here: a fault of the text's encoding before it is one of its grammar. */
static const uint8_t *unexpected(struct scanner *s, enum json_fault fault, const uint8_t *at) {
  return fail_scan(s, *at >= 0x80 && utf8_sequence(at) == 0 ? JSON_UTF8 : fault, at);
}

static inline void set_node(struct json_node *node, enum json_type type, const uint8_t *at, size_t len) {
  *node = (struct json_node){.ptr = at, .len = (uint32_t)len, .span = 1, .type = type};
}

static const uint8_t *skip_run_of_space(const uint8_t *p) {
  while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
    p++;
  return p;
}

/* Tokens are written without white space, so that case has to be quick. */
static inline const uint8_t *skip_space(const uint8_t *p) {
  return *p > ' ' ? p : skip_run_of_space(p);
}

/* Strings. */

static inline const uint8_t *skip(const struct scanner *s, const uint8_t *p) {
  return skip_plain(s->begin, (size_t)(p - s->begin), s->stops);
}

static const uint8_t *scan_unicode(struct scanner *s, const uint8_t *p, uint8_t **out) {
  int32_t unit = hex_4(p + 2);
  if (unit < 0)
    return unexpected(s, JSON_SYNTAX, hex_end(p + 2));
  if (unit < 0xd800 || unit > 0xdfff) {
    *out += utf8_write(*out, (uint32_t)unit);
    return p + 6;
  }
  int32_t low = unit < 0xdc00 && p[6] == '\\' && p[7] == 'u' ? hex_4(p + 8) : -1;
  if (low < 0xdc00 || low > 0xdfff)
    return fail_scan(s, JSON_SURROGATE, p);
  *out += utf8_write(*out, 0x10000 + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(low - 0xdc00));
  return p + 12;
}

/* p: at the backslash. */
static const uint8_t *scan_escape(struct scanner *s, const uint8_t *p, uint8_t **out) {
  uint8_t plain;
  switch (p[1]) {
  case '"': plain = '"'; break;
  case '\\': plain = '\\'; break;
  case '/': plain = '/'; break;
  case 'b': plain = '\b'; break;
  case 'f': plain = '\f'; break;
  case 'n': plain = '\n'; break;
  case 'r': plain = '\r'; break;
  case 't': plain = '\t'; break;
  case 'u': return scan_unicode(s, p, out);
  default: return unexpected(s, JSON_SYNTAX, p + 1);
  }
  *(*out)++ = plain;
  return p + 2;
}

/* A string from its first escape on. Unescaping never makes it longer, so the room of the text is enough. */
static const uint8_t *scan_escaped(struct scanner *s, const uint8_t *start, const uint8_t *p,
                                   struct json_node *node) {
  if (!s->spare && !(s->spare = arena_take(s->arena, (size_t)(s->end - start) + JSON_SLACK)))
    return fail_scan(s, JSON_SPACE, p);
  uint8_t *out = s->spare, *begin = out;
  while (p && *p != '"') {
    const uint8_t *run = p;
    if (*p == '\\') {
      memcpy(out, start, (size_t)(p - start));
      out += p - start;
      p = start = scan_escape(s, p, &out);
    } else if (*p < ' ') {
      return fail_scan(s, JSON_SYNTAX, p);
    } else if (*p >= 0x80) {
      p += utf8_sequence(p);
      if (p == run)
        return fail_scan(s, JSON_UTF8, p);
    } else {
      p = skip(s, p);
    }
  }
  if (!p)
    return NULL;
  memcpy(out, start, (size_t)(p - start));
  out += p - start;
  set_node(node, JSON_STRING, begin, (size_t)(out - begin));
  s->spare = out;
  return p + 1;
}

/* A string with more than plain ASCII in it. p: where that begins. */
static const uint8_t *scan_unplain(struct scanner *s, const uint8_t *start, const uint8_t *p,
                                   struct json_node *node) {
  for (; *p != '"'; p = skip(s, p)) {
    if (*p == '\\')
      return scan_escaped(s, start, p, node);
    size_t sequence = *p >= 0x80 ? utf8_sequence(p) : 0;
    if (sequence == 0)
      return fail_scan(s, *p >= 0x80 ? JSON_UTF8 : JSON_SYNTAX, p);
    p += sequence;
  }
  set_node(node, JSON_STRING, start, (size_t)(p - start));
  return p + 1;
}

/* start: behind the opening quote. text: as in the node, which is only just on its way to memory. */
static inline const uint8_t *scan_string(struct scanner *s, const uint8_t *start, struct json_node *node,
                                         struct assay_bytes *text) {
  const uint8_t *p = skip(s, start);
  if (*p != '"') {
    p = scan_unplain(s, start, p, node);
    if (p)
      *text = json_bytes(node);
    return p;
  }
  *text = bytes_of(start, (size_t)(p - start));
  set_node(node, JSON_STRING, start, text->len);
  return p + 1;
}

/* Other scalars. */

static const uint8_t *scan_literal(struct scanner *s, const uint8_t *p, struct json_node *node,
                                   enum json_type type, const char *rest) {
  set_node(node, type, p, 0);
  for (p++; *rest; rest++, p++)
    if (*p != (uint8_t)*rest)
      return unexpected(s, JSON_SYNTAX, p);
  return p;
}

static inline bool is_digit(uint8_t c) {
  return (uint8_t)(c - '0') < 10;
}

/* At least one digit. */
static inline const uint8_t *scan_digits(struct scanner *s, const uint8_t *p) {
  if (!is_digit(*p))
    return unexpected(s, JSON_SYNTAX, p);
  while (are_8_digits(load_8(p)))
    p += 8;
  while (is_digit(*p))
    p++;
  return p;
}

static inline const uint8_t *scan_number(struct scanner *s, const uint8_t *p, struct json_node *node) {
  const uint8_t *start = p;
  p += *p == '-';
  p = *p == '0' ? p + 1 : scan_digits(s, p);
  if (p && *p == '.')
    p = scan_digits(s, p + 1);
  if (p && (*p | 0x20) == 'e') {
    p++;
    p = scan_digits(s, p + (*p == '+' || *p == '-'));
  }
  if (p)
    set_node(node, JSON_NUMBER, start, (size_t)(p - start));
  return p;
}

static inline const uint8_t *scan_scalar(struct scanner *s, const uint8_t *p, struct json_node *node) {
  struct assay_bytes text;
  if (*p == '"')
    return scan_string(s, p + 1, node, &text);
  if (is_digit(*p) || *p == '-')
    return scan_number(s, p, node);
  switch (*p) {
  case 't': return scan_literal(s, p, node, JSON_TRUE, "rue");
  case 'f': return scan_literal(s, p, node, JSON_FALSE, "alse");
  case 'n': return scan_literal(s, p, node, JSON_NULL, "ull");
  default: return unexpected(s, JSON_SYNTAX, p);
  }
}

/* Members. */

/* name: an object's newest. The names before it are added when the object outgrows SMALL_OBJECT. */
static enum name_seen look_up_large(struct scanner *s, const struct json_node *object,
                                    const struct json_node *name) {
  uint32_t owner = (uint32_t)(object - s->nodes);
  if (!s->names_used) {
    name_set_begin(s->names, json_names_max((size_t)(s->end - s->begin)), s->secret);
    s->names_used = true;
  }
  const struct json_node *at = object->len == SMALL_OBJECT + 1 ? json_first(object) : name;
  for (; at < name; at = json_after(at + 1))
    if (name_set_add(s->names, json_bytes(at), owner) == NAME_FLOOD)
      return NAME_FLOOD;
  return name_set_add(s->names, json_bytes(name), owner);
}

static enum name_seen look_up_small(const struct json_node *object, const struct json_node *name) {
  for (const struct json_node *at = json_first(object); at < name; at = json_after(at + 1))
    if (bytes_eq(json_bytes(at), json_bytes(name)))
      return NAME_SEEN;
  return NAME_NEW;
}

static inline unsigned name_bit(uint64_t word, size_t len) {
  return (unsigned)((word + len) * HASH_A >> 58);
}

/* False: this object has no such name so far. */
static inline bool may_be_seen(struct json_node *object, struct assay_bytes text, uint64_t word) {
  uint64_t bit = UINT64_C(1) << name_bit(word, text.len);
  bool seen = object->names_seen & bit;
  object->names_seen |= bit;
  return seen;
}

static bool look_up(struct scanner *s, const struct json_node *object, const struct json_node *name) {
  enum name_seen seen =
      object->len <= SMALL_OBJECT ? look_up_small(object, name) : look_up_large(s, object, name);
  s->flooded = seen == NAME_FLOOD;
  return seen == NAME_NEW;
}

/* The same for the outermost object, and notes its known names. Which of a token's names are known cannot be
 * foreseen, so that nothing here branches on it. */
static inline bool may_be_seen_outermost(struct scanner *s, const struct json_node *name,
                                         struct assay_bytes text, uint64_t word) {
  uint64_t hash = known_hash(s->known, word);
  const struct known_slot *slot = known_slot_of(s->known, hash);
  uint64_t match = known_slot_match(slot, text, word), other = (hash >> 50) + text.len;
  uint64_t bit = UINT64_C(1) << ((other ^ ((other ^ slot->id) & match)) & 63);
  uint64_t *set = &s->seen[1 + (int64_t)match], before = *set;
  *set = before | bit;
  s->members->at[NAME_COUNT ^ ((NAME_COUNT ^ slot->id) & match)] = name + 1;
  return before & bit;
}

/* Whether an object has the name already. Most names are new, and most of those set a bit that no other name
 * has set. */
static inline bool is_new_name(struct scanner *s, struct json_node *object, const struct json_node *name,
                               struct assay_bytes text) {
  uint64_t word = word_of(text.ptr, text.len);
  bool maybe_seen =
      object == s->known_in ? may_be_seen_outermost(s, name, text, word) : may_be_seen(object, text, word);
  return !maybe_seen && object->len <= SMALL_OBJECT ? true : look_up(s, object, name);
}

/* A member's name and colon, on to its value. */
static inline const uint8_t *scan_name(struct scanner *s, const uint8_t *p, struct json_node *object,
                                       struct json_node *name) {
  const uint8_t *quote = p;
  if (*p != '"')
    return unexpected(s, JSON_SYNTAX, p);
  if (object->len++ == s->limits->members)
    return fail_scan(s, JSON_MEMBERS, p);
  struct assay_bytes text;
  p = scan_string(s, p + 1, name, &text);
  if (!p)
    return NULL;
  if (!s->limits->duplicates && !is_new_name(s, object, name, text))
    return fail_scan(s, JSON_DUPLICATE, quote);
  p = skip_space(p);
  if (*p != ':')
    return unexpected(s, JSON_SYNTAX, p);
  return skip_space(p + 1);
}

/* Simple members: those of the outermost object whose name is short and whose value is a plain string or a
 * whole number, with nothing before the next one but a comma. Nearly all that tokens have are such, so that
 * a loop of their own pays. */

struct place {
  const uint8_t *p;
  struct json_node *node;
};

/* Names up to this long: the value's first byte still is among the stops that were loaded for the name. */
#define SIMPLE_NAME_MAX 48

/* p: the value's first byte. stops: those behind it. Returns what is behind the value, or p itself where that
 * is not simple. */
static inline const uint8_t *scan_simple_value(const struct scanner *s, const uint8_t *p, uint64_t stops,
                                               struct json_node *node) {
  if (*p == '"') {
    size_t len = stops ? (size_t)__builtin_ctzll(stops) : (size_t)(skip(s, p + 1) - p - 1);
    const uint8_t *end = p + 1 + len;
    set_node(node, JSON_STRING, p + 1, len);
    return *end == '"' ? end + 1 : p;
  }
  unsigned digits = count_digits(p);
  set_node(node, JSON_NUMBER, p, digits);
  return *p != '0' || digits == 1 ? p + digits : p;
}

/* As many simple members as follow. p: the first one's name. Returns the first name that is none of them, or
 * that may have been there before, or the brace that closes the object; and the node that comes next. */
static struct place scan_simple_members(struct scanner *s, const uint8_t *p, struct json_node *object,
                                        struct json_node *node) {
  const uint8_t *begin = s->begin, *stop_map = s->stops;
  size_t members_max = s->limits->members < SMALL_OBJECT ? s->limits->members : SMALL_OBJECT;
  while (object->len < members_max) {
    const uint8_t *name = p + 1;
    uint64_t stops = stops_from(stop_map, (size_t)(name - begin));
    size_t len = (size_t)__builtin_ctzll(stops | UINT64_C(1) << SIMPLE_NAME_MAX);
    const uint8_t *value = name + len + 2;
    if (value[-2] != '"' || value[-1] != ':')
      break;
    const uint8_t *behind = scan_simple_value(s, value, stops >> (len + 3), node + 1);
    bool last = *behind == '}';
    if (behind == value || !(last || (behind[0] == ',' && behind[1] == '"')))
      break;
    set_node(node, JSON_STRING, name, len);
    if (may_be_seen_outermost(s, node, bytes_of(name, len), word_of(name, len)))
      break;
    object->len++;
    node += 2;
    p = behind + 1;
    if (last)
      return (struct place){behind, node};
  }
  return (struct place){p, node};
}

static inline uint8_t closer_of(const struct json_node *container) {
  return container->type == JSON_OBJECT ? '}' : ']';
}

/* Until a container is closed, its span is the way back to the one around it. */
static inline struct json_node *open_container(struct json_node *node, const struct json_node *around,
                                               enum json_type type) {
  *node = (struct json_node){.span = around ? (uint32_t)(node - around) : 0, .type = type};
  return node;
}

/* end: the node behind its last. Returns the container around it. */
static inline struct json_node *close_container(struct json_node *open, const struct json_node *end) {
  struct json_node *around = open->span ? open - open->span : NULL;
  open->span = (uint32_t)(end - open);
  return around;
}

/* p: behind the text's one value. */
static void check_end(struct scanner *s, const uint8_t *p) {
  if (p < s->end)
    unexpected(s, JSON_TRAILING, p);
}

/* A state machine whose states are its labels. open: the innermost open container, and closer what ends it.
 * Returns the node behind the last. */
static struct json_node *scan_text(struct scanner *s) {
  const uint8_t *p = skip_space(s->begin);
  struct json_node *node = s->nodes, *open = NULL;
  uint8_t closer = 0;
  size_t depth = 0;

value:
  if (*p != '{' && *p != '[') {
    p = scan_scalar(s, p, node++);
    goto behind_value;
  }
  if (depth++ == s->limits->depth)
    return fail_scan(s, JSON_DEPTH, p), node;
  open = open_container(node++, open, *p == '{' ? JSON_OBJECT : JSON_ARRAY);
  closer = closer_of(open);
  p = skip_space(p + 1);
  if (*p == closer)
    goto close;
  goto next;

behind_value:
  if (!p)
    return node;
  if (closer == '}' && p[0] == ',' && p[1] == '"') { /* as nearly always */
    p++;
    goto member;
  }
  p = skip_space(p);
  if (!open)
    return check_end(s, p), node;
  if (*p == ',') {
    p = skip_space(p + 1);
    goto next;
  }
  if (*p != closer)
    return unexpected(s, JSON_SYNTAX, p), node;

close:
  open = close_container(open, node);
  closer = open ? closer_of(open) : 0;
  depth--;
  p++;
  goto behind_value;

next:
  if (closer == ']') {
    open->len++;
    goto value;
  }
member:
  if (open == s->known_in && *p == '"') {
    struct place behind = scan_simple_members(s, p, open, node);
    p = behind.p;
    node = behind.node;
    if (*p == '}')
      goto close;
  }
  p = scan_name(s, p, open, node++);
  if (!p)
    return node;
  goto value;
}

static struct json_node *scan(struct scanner *s, bool secret) {
  s->seen[0] = s->seen[1] = 0;
  s->spare = NULL;
  s->names_used = false;
  s->secret = secret;
  s->fault = JSON_OK;
  s->flooded = false;
  s->fault_at = s->end;
  if (s->begin[0] == 0xef && s->begin[1] == 0xbb && s->begin[2] == 0xbf) {
    fail_scan(s, JSON_BOM, s->begin);
    return s->nodes;
  }
  return scan_text(s);
}

enum json_fault json_parse_members(struct assay_bytes text, const struct json_limits *limits,
                                   struct arena *arena, struct name_set *names, struct json_doc *doc,
                                   const struct known_names *known, struct members *members) {
  size_t capacity = nodes_max(text.len, limits->depth);
  struct json_node *nodes = arena_take(arena, capacity * NODE_BYTES);
  uint8_t *stops = arena_take(arena, stop_map_bytes(text.len));
  *doc = (struct json_doc){.nodes = nodes};
  if (!nodes || !stops || text.len > JSON_TEXT_MAX)
    return JSON_SPACE;
  find_stops(text, stops);
  struct scanner s; /* field by field, or it would be zeroed first: scan sets the others */
  s.begin = text.ptr;
  s.end = text.ptr + text.len;
  s.limits = limits;
  s.arena = arena;
  s.names = names;
  s.known = known;
  s.known_in = members ? nodes : NULL;
  s.members = members;
  s.nodes = nodes;
  s.stops = stops;
  size_t behind_stops = arena->used;
  struct json_node *end = scan(&s, false);
  if (s.flooded) {
    arena->used = behind_stops;
    end = scan(&s, true);
  }
  assert(end <= nodes + capacity);
  if (!s.spare) /* nothing that is still needed lies behind the nodes: give back those not used */
    arena->used = (size_t)((uint8_t *)end - arena->base);
  if (members)
    members->present = s.seen[0];
  doc->count = (uint32_t)(end - nodes);
  doc->fault_at = (size_t)(s.fault_at - s.begin);
  return s.fault;
}

enum json_fault json_parse(struct assay_bytes text, const struct json_limits *limits, struct arena *arena,
                           struct name_set *names, struct json_doc *doc) {
  return json_parse_members(text, limits, arena, names, doc, NULL, NULL);
}

const struct json_node *json_member(const struct json_node *object, struct assay_bytes name) {
  const struct json_node *at = json_first(object);
  for (uint32_t i = 0; i < object->len; i++, at = json_after(at + 1))
    if (bytes_eq(json_bytes(at), name))
      return at + 1;
  return NULL;
}
