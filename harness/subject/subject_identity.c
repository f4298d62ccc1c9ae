/* The JSON of worker_identity.c, into fields. */
#include "harness/subject/subject_identity.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *text_in(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

/* The members of a list: texts, or objects of which two members are wanted. */
static bool lines_read(struct identity_lines *lines, const json_t *list, const char *key, const char *about) {
  size_t i;
  json_t *item;
  lines->items = calloc(json_array_size(list) + 1, sizeof *lines->items);
  if (!lines->items)
    return false;
  json_array_foreach(list, i, item) {
    const char *text = json_string_value(item);
    lines->items[lines->count++] = text ? (struct identity_line){text, ""}
                                        : (struct identity_line){text_in(item, key), text_in(item, about)};
  }
  return true;
}

bool identity_lines_have(const struct identity_lines *lines, const char *text) {
  bool have = false;
  for (size_t i = 0; i < lines->count && !have; i++)
    have = strcmp(lines->items[i].text, text) == 0;
  return have;
}

static uint64_t algs_read(const json_t *list) {
  uint64_t algs = 0;
  size_t i;
  json_t *item;
  json_array_foreach(list, i, item) {
    enum assay_alg alg = json_is_string(item) ? assay_alg_by_name(json_string_value(item)) : ASSAY_ALG_NONE;
    algs |= alg == ASSAY_ALG_NONE ? 0 : ASSAY_ALG_BIT(alg);
  }
  return algs;
}

/* "authorisation.*" stands for every reason of the stage. */
static bool gap_covers(const char *pattern, const char *dotted) {
  size_t len = pattern ? strlen(pattern) : 0; /* it always is, which static analysis does not see */
  if (len == 0)
    return false;
  if (len > 1 && strcmp(pattern + len - 2, ".*") == 0)
    return strncmp(pattern, dotted, len - 1) == 0;
  return strcmp(pattern, dotted) == 0;
}

static bool covered(const struct identity_lines *untold, const char *dotted) {
  bool is = false;
  for (size_t i = 0; i < untold->count && !is; i++)
    is = gap_covers(untold->items[i].text, dotted);
  return is;
}

static void gaps_fill(struct subject_identity *identity) {
  for (unsigned number = 1; number < REASON_FAULT; number++)
    if (assay_reason_known(number) &&
        covered(&identity->untold, assay_reason_dotted((enum assay_reason)number)))
      identity->gaps.bits[number / 64] |= UINT64_C(1) << number % 64;
}

static void texts_read(struct subject_identity *identity) {
  const json_t *json = identity->json;
  identity->name = text_in(json, "name");
  identity->summary = text_in(json, "summary");
  identity->library = text_in(json, "library");
  identity->version = text_in(json, "version");
  identity->path = text_in(json, "path");
  identity->note = text_in(json, "note");
  identity->module_compiler = text_in(json, "module_compiler");
  identity->module_flags = text_in(json, "module_flags");
  identity->module_sanitizer = text_in(json, "module_sanitizer");
  identity->allocations_missing = text_in(json, "allocations_missing");
}

/* What a later worker may be, and this host cannot ask, is no backend for want of a better word; one that says
 * nothing is. */
static bool kind_read(struct subject_identity *identity, const char *word, struct assay_error *error) {
  static const char *const kinds[] = {[SUBJECT_BACKEND] = "backend", [SUBJECT_VERIFIER] = "verifier"};
  for (unsigned kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++)
    if (strcmp(word[0] ? word : kinds[SUBJECT_BACKEND], kinds[kind]) == 0) {
      identity->kind = (enum subject_kind)kind;
      return true;
    }
  return error_set(error, "it calls itself '%.40s', which is no kind of subject", word);
}

bool subject_identity_read(struct subject_identity *identity, const char *text, struct assay_error *error) {
  *identity = (struct subject_identity){.json = json_loads(text, 0, NULL)};
  json_t *json = identity->json;
  if (!json_is_object(json)) {
    subject_identity_fini(identity);
    return error_set(error, "it is no JSON object");
  }
  texts_read(identity);
  if (!kind_read(identity, text_in(json, "kind"), error)) {
    subject_identity_fini(identity);
    return false;
  }
  identity->is_elsewhere = json_is_true(json_object_get(json, "elsewhere"));
  identity->has_batch = json_is_true(json_object_get(json, "batch"));
  identity->shares_keys = json_is_true(json_object_get(json, "shares_keys"));
  identity->algs = algs_read(json_object_get(json, "algorithms"));
  if (!lines_read(&identity->build, json_object_get(json, "build"), "fact", "source") ||
      !lines_read(&identity->dispatch, json_object_get(json, "dispatch"), "", "") ||
      !lines_read(&identity->variants, json_object_get(json, "variants"), "name", "summary") ||
      !lines_read(&identity->untold, json_object_get(json, "gaps"), "reasons", "why")) {
    subject_identity_fini(identity);
    return error_set(error, "there is no memory for it");
  }
  gaps_fill(identity);
  return true;
}

void subject_identity_add_fact(struct subject_identity *identity, const char *fact, const char *source) {
  json_t *facts = json_object_get(identity->json, "build");
  json_array_append_new(facts, json_pack("{s:s, s:s}", "fact", fact, "source", source));
  free(identity->build.items);
  identity->build = (struct identity_lines){0};
  lines_read(&identity->build, facts, "fact", "source");
}

void subject_identity_set_archive(struct subject_identity *identity, const char *archive) {
  json_object_set_new(identity->json, "path", json_string(archive));
  identity->path = text_in(identity->json, "path");
  subject_identity_add_fact(identity, "linked into the module, its symbols hidden", "library");
}

void subject_identity_fini(struct subject_identity *identity) {
  free(identity->build.items);
  free(identity->dispatch.items);
  free(identity->variants.items);
  free(identity->untold.items);
  json_decref(identity->json);
  *identity = (struct subject_identity){0};
}
