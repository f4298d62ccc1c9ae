/* Says what was really loaded: the library's own words and the path that dladdr gave, not what a header
 * promised. */
#include <jansson.h>

#include "build_facts.h"
#include "harness/worker/worker.h"

static const char *source_name(enum assay_source source) {
  static const char *const names[] = {
      [SOURCE_LIBRARY] = "library", [SOURCE_PACKAGE] = "package", [SOURCE_INFERRED] = "inferred"};
  return names[source];
}

static json_t *text_or_empty(const char *text) {
  json_t *string = json_string(text ? text : "");
  return string ? string : json_string("");
}

static json_t *facts_json(const struct assay_fact *facts, size_t count) {
  json_t *list = json_array();
  for (size_t i = 0; i < count; i++)
    json_array_append_new(list, json_pack("{s:o, s:s}", "fact", text_or_empty(facts[i].text), "source",
                                          source_name(facts[i].source)));
  return list;
}

static json_t *dispatch_json(const struct assay_build *build) {
  json_t *list = json_array();
  for (size_t i = 0; i < build->dispatch_count; i++)
    json_array_append_new(list, text_or_empty(build->dispatch[i].text));
  return list;
}

static json_t *algorithms_json(uint64_t algs) {
  json_t *list = json_array();
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
    if (algs & ASSAY_ALG_BIT(alg))
      json_array_append_new(list, json_string(assay_alg_name((enum assay_alg)alg)));
  return list;
}

static json_t *variants_json(const struct assay_backend *const *variants) {
  json_t *list = json_array();
  for (const struct assay_backend *const *v = variants; v && *v; v++)
    json_array_append_new(
        list, json_pack("{s:s, s:o}", "name", (*v)->name, "summary", text_or_empty((*v)->summary)));
  return list;
}

static json_t *gaps_json(const struct asker_facts *facts) {
  json_t *list = json_array();
  for (size_t i = 0; i < facts->gap_count; i++)
    json_array_append_new(list, json_pack("{s:o, s:o}", "reasons", text_or_empty(facts->gaps[i].reasons),
                                          "why", text_or_empty(facts->gaps[i].why)));
  return list;
}

/* "elsewhere": false, ...: every flag by its name. */
static void flags_add(json_t *identity, unsigned flags) {
#define X(id, name, sentence) json_object_set_new(identity, name, json_boolean(flags &ASKER_##id));
  ASKER_FLAGS(X)
#undef X
}

void identity_write(const struct worker *worker) {
  const struct asker_facts *facts = &worker->facts;
  const struct assay_build *build = facts->build;
  json_t *identity =
      json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:s, s:s*}", "kind",
                worker->asker->kind, "name", facts->name, "summary", text_or_empty(facts->summary), "library",
                text_or_empty(build->library), "version", text_or_empty(build->version), "path",
                text_or_empty(build->path), "note", text_or_empty(build->note), "build",
                facts_json(build->facts, build->fact_count), "dispatch", dispatch_json(build), "algorithms",
                algorithms_json(facts->algs), "variants", variants_json(facts->variants), "gaps",
                gaps_json(facts), "module_compiler", ASSAY_COMPILER, "module_flags", ASSAY_FLAGS,
                "module_sanitizer", ASSAY_SANITIZER, "allocations_missing", allocations_missing());
  flags_add(identity, facts->flags);
  char *out = worker->control->identity;
  size_t size = sizeof worker->control->identity;
  size_t len = identity ? json_dumpb(identity, out, size - 1, JSON_COMPACT) : 0;
  out[len < size ? len : 0] = '\0';
  json_decref(identity);
}
