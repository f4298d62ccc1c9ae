/* Two results beside each other for programs: JSON (assay-compare/1), and its rows alone. */
#include "harness/gate/compare_pair.h"
#include "reports/content/content.h"
#include "reports/model/json_value.h"
#include "reports/text/allocate.h"

static json_t *conditions_json(const struct result_speed *row) {
  OWNED_TEXT char *words = content_conditions(row, false);
  json_t *json = json_pack("{s:i, s:i, s:b, s:s, s:o, s:s}", "batch", (int)row->batch, "keys", (int)row->keys,
                           "kid", row->kid, "key_place", key_place_word(row->key_place), "bad_share",
                           json_figure(row->bad_share), "conditions", words);
  return json;
}

static json_t *row_json(const struct compared *compared) {
  const struct result_speed *row = compared->first;
  json_t *json =
      json_pack("{s:s, s:s, s:i, s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:s}", "subject", row->subject,
                "alg", row->alg, "key_bits", (int)row->key_bits, "metric", metric_word(row->metric), "mode",
                mode_word(row->mode), "threads", (int)row->threads, "first_ns", json_figure(row->ns), "ns",
                json_figure(compared->other->ns), "ratio", json_figure(compared->ratio), "ratio_low",
                json_figure(compared->low), "ratio_high", json_figure(compared->high), "answer",
                compared_answer_word(compared_answer(compared)));
  json_t *conditions = conditions_json(row);
  json_object_update(json, conditions);
  json_decref(conditions);
  return json;
}

static void add_lines(json_t *list, const struct result_strings *lines) {
  for (size_t i = 0; i < lines->count; i++)
    json_array_append_new(list, json_string(lines->items[i]));
}

static json_t *worse_json(const struct pair *pair) {
  json_t *list = json_array();
  for (size_t i = 0; i < pair->changes.graver_count; i++) {
    OWNED_TEXT char *words = pair_worse_words(&pair->changes.graver[i]);
    json_array_append_new(list, json_string(words));
  }
  return list;
}

static json_t *side_json(const struct result_subject *subject) {
  return json_pack("{s:s, s:s, s:s, s:s, s:s}", "version", subject->version, "path", subject->path, "sha256",
                   subject->sha256, "module_path", subject->module_path, "module_sha256",
                   subject->module_sha256);
}

/* What differs in builds, in sentences. */
static json_t *notes_json(const struct pair *pair) {
  json_t *list = json_array();
  for (size_t i = 0; i < pair->builds.count; i++) {
    OWNED_TEXT char *differs = build_differences(&pair->builds.items[i]);
    OWNED_TEXT char *line = allocate_format("%s differs in %s", pair->builds.items[i].base->name, differs);
    if (differs[0])
      json_array_append_new(list, json_string(line));
  }
  return list;
}

static json_t *builds_json(const struct pair *pair) {
  json_t *list = json_array();
  for (size_t i = 0; i < pair->builds.count; i++) {
    const struct build_pair *build = &pair->builds.items[i];
    OWNED_TEXT char *differs = build_differences(build);
    json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:s}", "subject", build->base->name, "first",
                                          side_json(build->base), "other", side_json(build->head), "differs",
                                          differs));
  }
  return list;
}

json_t *pair_json(const struct pair *pair) {
  json_t *rows = json_array(), *open = json_array();
  for (size_t i = 0; i < pair->count; i++)
    json_array_append_new(rows, row_json(&pair->rows[i]));
  add_lines(open, &pair->changes.open);
  add_lines(open, &pair->lacking);
  json_t *json = json_pack("{s:s, s:b, s:o, s:o, s:o, s:o, s:o}", "file", pair->other, "same", pair->same,
                           "rows", rows, "worse_verdicts", worse_json(pair), "not_compared", open, "notes",
                           notes_json(pair), "builds", builds_json(pair));
  if (pair_is_judged(pair))
    json_object_set_new(json, "answer", json_string(gate_answer_word(pair->answer)));
  return allocated(json);
}

json_t *pairs_rows(const char *first, const json_t *pairs) {
  json_t *all = json_array();
  for (size_t i = 0; i < json_array_size(pairs); i++) {
    const json_t *pair = json_array_get(pairs, i), *rows = json_object_get(pair, "rows");
    for (size_t j = 0; j < json_array_size(rows); j++) {
      json_t *row = json_pack("{s:s, s:O}", "first_file", first, "file", json_object_get(pair, "file"));
      json_object_update(row, json_array_get(rows, j));
      json_array_append_new(all, row);
    }
  }
  return allocated(all);
}
