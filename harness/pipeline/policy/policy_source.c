/* Parses the text of a policy with libyaml and finds its nodes again by path. */
#include "harness/pipeline/policy/policy_source.h"

#include <stdlib.h>

static size_t line_at(struct assay_bytes text, size_t offset) {
  size_t line = 1;
  for (size_t i = 0; i < offset && i < text.len; i++)
    line += text.ptr[i] == '\n';
  return line;
}

static bool parser_fail(const yaml_parser_t *parser, struct assay_bytes text, const char *name,
                        struct assay_error *error) {
  const char *problem = parser->problem ? parser->problem : "no reason given";
  if (parser->error == YAML_MEMORY_ERROR)
    return error_set(error, "%s: no memory to read it", name);
  if (parser->error == YAML_READER_ERROR)
    return error_set(error, "%s:%zu: not YAML: %s", name, line_at(text, parser->problem_offset), problem);
  return error_set(error, "%s:%zu:%zu: not YAML: %s%s%s", name, parser->problem_mark.line + 1,
                   parser->problem_mark.column + 1, parser->context ? parser->context : "",
                   parser->context ? " " : "", problem);
}

/* What has been seen of a text. */
struct seen {
  unsigned documents, depth;
  size_t values;
};

/* Time and memory of everything that follows grow with these, some of it faster than they do. */
static bool is_in_bounds(struct seen *seen, const yaml_event_t *event, const char *name,
                         struct assay_error *error) {
  bool begins = event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;
  bool ends = event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT;
  size_t line = event->start_mark.line + 1;
  seen->depth = seen->depth + begins - ends;
  seen->values += begins || event->type == YAML_SCALAR_EVENT;
  if (seen->depth > POLICY_MAX_DEPTH)
    return error_set(error, "%s:%zu: values in values more than %d deep", name, line, POLICY_MAX_DEPTH);
  return seen->values <= POLICY_MAX_VALUES ||
         error_set(error, "%s:%zu: more than %d names and values", name, line, POLICY_MAX_VALUES);
}

/* Refuses what is YAML and still has no business in a policy. An alias makes one value stand in two places,
 * and a few of them nested make a small text huge. */
static bool event_check(const yaml_event_t *event, struct seen *seen, const char *name,
                        struct assay_error *error) {
  size_t line = event->start_mark.line + 1;
  if (event->type == YAML_ALIAS_EVENT)
    return error_set(error, "%s:%zu: the alias '*%s' cannot stand in a policy: write its value out", name,
                     line, (const char *)event->data.alias.anchor);
  if (event->type == YAML_DOCUMENT_START_EVENT && ++seen->documents > 1)
    return error_set(error, "%s:%zu: a second YAML document begins here, and a policy is one", name, line);
  return is_in_bounds(seen, event, name, error);
}

static bool parser_begin(yaml_parser_t *parser, struct assay_bytes text, const char *name,
                         struct assay_error *error) {
  if (!yaml_parser_initialize(parser))
    return error_set(error, "%s: no memory to read it", name);
  yaml_parser_set_input_string(parser, text.ptr, text.len);
  yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING); /* no guessing by a byte order mark */
  return true;
}

/* Goes through the text once, for its syntax. */
static bool text_check(struct assay_bytes text, const char *name, struct assay_error *error) {
  yaml_parser_t parser;
  struct seen seen = {0};
  bool ok = true, done = false;
  if (!parser_begin(&parser, text, name, error))
    return false;
  while (ok && !done) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) {
      ok = parser_fail(&parser, text, name, error);
      break;
    }
    done = event.type == YAML_STREAM_END_EVENT;
    ok = event_check(&event, &seen, name, error);
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  return ok && (seen.documents == 1 || error_set(error, "%s: the policy is empty", name));
}

static bool document_load(struct policy_source *source, struct assay_bytes text, struct assay_error *error) {
  yaml_parser_t parser;
  if (!parser_begin(&parser, text, source->name, error))
    return false;
  bool ok = yaml_parser_load(&parser, &source->document) || parser_fail(&parser, text, source->name, error);
  yaml_parser_delete(&parser);
  return ok;
}

bool policy_source_open(struct policy_source *source, struct assay_bytes text, const char *name,
                        struct assay_error *error) {
  *source = (struct policy_source){.name = name};
  if (text.len > POLICY_MAX_BYTES)
    return error_set(error, "%s: longer than %zu MiB", name, POLICY_MAX_BYTES >> 20);
  if (text.len == 0)
    return error_set(error, "%s: the policy is empty", name);
  return text_check(text, name, error) && document_load(source, text, error);
}

void policy_source_close(struct policy_source *source) {
  yaml_document_delete(&source->document);
}

static yaml_node_t *member_find(yaml_document_t *document, const yaml_node_t *mapping,
                                struct assay_bytes name) {
  const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start, *end = mapping->data.mapping.pairs.top;
  for (; pair < end; pair++) {
    const yaml_node_t *key = yaml_document_get_node(document, pair->key);
    if (key->type == YAML_SCALAR_NODE &&
        bytes_eq(bytes_of(key->data.scalar.value, key->data.scalar.length), name))
      return yaml_document_get_node(document, pair->value);
  }
  return NULL;
}

static yaml_node_t *entry_find(yaml_document_t *document, const yaml_node_t *sequence, size_t index) {
  const yaml_node_item_t *start = sequence->data.sequence.items.start;
  size_t count = (size_t)(sequence->data.sequence.items.top - start);
  return index < count ? yaml_document_get_node(document, start[index]) : NULL;
}

static yaml_node_t *step(yaml_document_t *document, const yaml_node_t *node, struct assay_bytes name) {
  if (node->type == YAML_MAPPING_NODE)
    return member_find(document, node, name);
  if (node->type == YAML_SEQUENCE_NODE)
    return entry_find(document, node, strtoul((const char *)name.ptr, NULL, 10));
  return NULL;
}

/* Follows the path as far as it leads; *whole says whether that was to its end. */
static yaml_node_t *walk_path(struct policy_source *source, const char *path, bool *whole) {
  yaml_node_t *node = yaml_document_get_root_node(&source->document);
  while (*path) {
    size_t len = strcspn(path, "/");
    yaml_node_t *next = step(&source->document, node, bytes_of(path, len));
    if (!next)
      break;
    node = next;
    path += len + (path[len] == '/');
  }
  *whole = *path == '\0';
  return node;
}

yaml_node_t *policy_source_find(struct policy_source *source, const char *path) {
  bool whole;
  yaml_node_t *node = walk_path(source, path, &whole);
  return whole ? node : NULL;
}

size_t policy_source_line(struct policy_source *source, const char *path) {
  bool whole;
  return walk_path(source, path, &whole)->start_mark.line + 1;
}
