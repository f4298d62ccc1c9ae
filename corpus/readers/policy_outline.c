/* Finds clock and key files in a policy by libyaml, which knows where everything is written. */
#include "corpus/readers/policy_outline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "corpus/base/fatal.h"
#include "corpus/store/store.h"
#include "harness/base/utf8.h"

#define BYTES_MAX ((size_t)4 << 20)
#define DEPTH_MAX 64 /* a policy needs no more, and libyaml grows slow */

struct reader {
  struct assay_bytes text;
  const char *name;
  yaml_document_t document;
  struct assay_error *error;
  size_t characters, octets; /* as far as they have been counted */
};

static bool not_yaml(const struct reader *reader, const yaml_parser_t *parser) {
  const char *problem = parser->problem ? parser->problem : "no reason given";
  size_t line = parser->problem_mark.line + 1;
  for (size_t i = 0; parser->error == YAML_READER_ERROR && i < parser->problem_offset; i++)
    line += i < reader->text.len && reader->text.ptr[i] == '\n';
  return error_set(reader->error, "%s:%zu: not YAML: %s", reader->name, line, problem);
}

static void parser_begin(const struct reader *reader, yaml_parser_t *parser) {
  if (!yaml_parser_initialize(parser))
    fatal("no memory for a YAML parser");
  yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(parser, reader->text.ptr, reader->text.len);
}

/* Goes through it once before it is built, so that neither depth nor aliases can make it large. */
static bool check_events(const struct reader *reader) {
  yaml_parser_t parser;
  unsigned depth = 0;
  bool ok = true, done = false;
  parser_begin(reader, &parser);
  while (ok && !done) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) {
      ok = not_yaml(reader, &parser);
      break;
    }
    size_t line = event.start_mark.line + 1;
    done = event.type == YAML_STREAM_END_EVENT;
    depth += event.type == YAML_SEQUENCE_START_EVENT || event.type == YAML_MAPPING_START_EVENT;
    depth -= event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
    if (depth > DEPTH_MAX)
      ok = error_set(reader->error, "%s:%zu: nested more than %d deep", reader->name, line, DEPTH_MAX);
    if (event.type == YAML_ALIAS_EVENT)
      ok = error_set(reader->error, "%s:%zu: an alias cannot stand in a policy: write its value out",
                     reader->name, line);
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  return ok;
}

static bool load(struct reader *reader) {
  yaml_parser_t parser;
  if (reader->text.len > BYTES_MAX)
    return error_set(reader->error, "%s: longer than %zu MiB", reader->name, BYTES_MAX >> 20);
  const char *foreign = foreign_text(reader->text);
  if (foreign)
    return error_set(reader->error, "%s: %s", reader->name, foreign);
  if (!check_events(reader))
    return false;
  parser_begin(reader, &parser);
  bool ok = yaml_parser_load(&parser, &reader->document) || not_yaml(reader, &parser);
  yaml_parser_delete(&parser);
  return ok;
}

static const yaml_node_t *member_of(struct reader *reader, const yaml_node_t *mapping, const char *name) {
  if (!mapping || mapping->type != YAML_MAPPING_NODE)
    return NULL;
  const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
  for (; pair < mapping->data.mapping.pairs.top; pair++) {
    const yaml_node_t *key = yaml_document_get_node(&reader->document, pair->key);
    if (key->type == YAML_SCALAR_NODE && strcmp((const char *)key->data.scalar.value, name) == 0)
      return yaml_document_get_node(&reader->document, pair->value);
  }
  return NULL;
}

static const char *text_of(const yaml_node_t *node) {
  return node && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

/* libyaml counts characters. Places are asked for from front to back, so that a long list costs no more than
 * one way through the text. */
static size_t octets_before(struct reader *reader, size_t characters) {
  struct assay_bytes text = reader->text;
  if (characters < reader->characters)
    reader->characters = reader->octets = 0;
  for (; reader->octets < text.len && reader->characters < characters; reader->characters++)
    for (reader->octets++; reader->octets < text.len && (text.ptr[reader->octets] & 0xc0) == 0x80;)
      reader->octets++;
  return reader->octets;
}

static bool read_issuer(struct reader *reader, const yaml_node_t *node,
                        struct policy_outline_issuer *issuer) {
  const yaml_node_t *keys = member_of(reader, node, "keys");
  const char *iss = text_of(member_of(reader, node, "iss")), *path = text_of(keys);
  size_t line = node->start_mark.line + 1;
  if (!iss)
    iss = text_of(member_of(reader, node, "trust_domain"));
  if (!iss)
    return error_set(reader->error, "%s:%zu: not a policy with issuers: an issuer has no iss", reader->name,
                     line);
  if (keys && !path)
    return error_set(reader->error, "%s:%zu: 'keys' names a file, and here is something else", reader->name,
                     keys->start_mark.line + 1);
  *issuer = (struct policy_outline_issuer){.iss = must(strdup(iss)), .line = line};
  if (path) {
    issuer->keys = must(strdup(path));
    issuer->line = keys->start_mark.line + 1;
    issuer->at = octets_before(reader, keys->start_mark.index);
    issuer->written = octets_before(reader, keys->end_mark.index) - issuer->at;
  }
  return true;
}

static bool read_issuers(struct reader *reader, const yaml_node_t *root, struct policy_outline *outline) {
  const yaml_node_t *list = member_of(reader, root, "issuers");
  if (!list || list->type != YAML_SEQUENCE_NODE)
    return error_set(reader->error, "%s:%zu: not a policy with issuers: there is no list of issuers",
                     reader->name, root ? root->start_mark.line + 1 : 1);
  const yaml_node_item_t *item = list->data.sequence.items.start, *end = list->data.sequence.items.top;
  outline->issuers = must(calloc((size_t)(end - item) + 1, sizeof *outline->issuers));
  for (; item < end; item++)
    if (!read_issuer(reader, yaml_document_get_node(&reader->document, *item),
                     &outline->issuers[outline->issuer_count++]))
      return false;
  return true;
}

static bool read_now(struct reader *reader, const yaml_node_t *root, int64_t *now) {
  const yaml_node_t *node = member_of(reader, root, "now");
  const char *text = text_of(node);
  char *end = NULL;
  *now = CORPUS_NOW_UNSET;
  if (!node)
    return true;
  errno = 0;
  *now = text ? strtoll(text, &end, 10) : 0;
  return (text && end != text && *end == '\0' && errno == 0) ||
         error_set(reader->error, "%s:%zu: 'now' is no number of seconds since 1970", reader->name,
                   node->start_mark.line + 1);
}

bool policy_outline_read(struct assay_bytes text, const char *name, struct policy_outline *outline,
                         struct assay_error *error) {
  struct reader reader = {.text = text, .name = name, .error = error};
  *outline = (struct policy_outline){0};
  if (!load(&reader))
    return false;
  const yaml_node_t *root = yaml_document_get_root_node(&reader.document);
  bool ok = read_now(&reader, root, &outline->now) && read_issuers(&reader, root, outline);
  yaml_document_delete(&reader.document);
  if (!ok)
    policy_outline_fini(outline);
  return ok;
}

void policy_outline_fini(struct policy_outline *outline) {
  for (size_t i = 0; i < outline->issuer_count; i++) {
    free(outline->issuers[i].iss);
    free(outline->issuers[i].keys);
  }
  free(outline->issuers);
  *outline = (struct policy_outline){0};
}

/* The new name, and as many ends of lines as the old one had. */
static void add_name(struct text *out, const char *path, struct assay_bytes old) {
  text_addf(out, "\"%s\"", path);
  for (size_t i = 0; i < old.len; i++)
    if (old.ptr[i] == '\n')
      text_add_str(out, "\n");
}

char *policy_outline_rename(const struct policy_outline *outline, struct assay_bytes text,
                            char *const *paths) {
  struct text out = {0};
  size_t at = 0;
  for (size_t i = 0; i < outline->issuer_count; i++) {
    const struct policy_outline_issuer *issuer = &outline->issuers[i];
    if (!issuer->keys || !paths[i])
      continue;
    text_add(&out, text.ptr + at, issuer->at - at);
    add_name(&out, paths[i], bytes_of(text.ptr + issuer->at, issuer->written));
    at = issuer->at + issuer->written;
  }
  text_add(&out, text.ptr + at, text.len - at);
  text_add(&out, "", 1);
  return (char *)out.ptr;
}
