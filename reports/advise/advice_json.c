/* The advice as JSON: schema assay-advice/1. Figures that are not known are null. */
#include "reports/advise/advice.h"
#include "reports/content/builds.h"
#include "reports/model/json_value.h"
#include "reports/text/allocate.h"

static const char *answer_word(enum advice_answer answer) {
  static const char *const words[] = {[ADVICE_GO] = "go",
                                      [ADVICE_SAME] = "no difference",
                                      [ADVICE_WAIT_COST] = "wait: cost",
                                      [ADVICE_WAIT_VERDICTS] = "wait: verdicts",
                                      [ADVICE_UNKNOWN] = "cannot tell"};
  return words[answer];
}

static json_t *names_json(const struct tally *names) {
  json_t *list = json_array();
  for (size_t i = 0; i < names->count; i++)
    json_array_append_new(list, json_text(names->items[i]));
  return list;
}

static json_t *changes_json(const struct advice *advice) {
  json_t *list = json_array();
  for (size_t i = 0; i < advice->change_count; i++) {
    const struct advice_change *change = &advice->changes[i];
    json_array_append_new(list, json_pack("{s:s, s:b, s:o, s:s, s:o, s:o, s:o, s:o}", "change",
                                          change_word(change->kind), "worse", change_is_worse(change->kind),
                                          "class", json_text(change->class_id), "severity",
                                          assay_severity_word(change->severity), "tokens",
                                          json_count(change->tokens), "from", json_text(change->was), "to",
                                          json_text(change->is), "example", json_text(change->example)));
  }
  return list;
}

static json_t *ratio_json(const struct ratio *ratio, enum pace pace) {
  return json_pack("{s:o, s:o, s:o, s:s}", "ratio", json_figure(ratio->times), "ratio_low",
                   json_figure(ratio->low), "ratio_high", json_figure(ratio->high), "answer",
                   pace_word(pace));
}

static json_t *ns_of(const struct result_speed *row) {
  return row ? json_figure(row->ns) : json_null();
}

static json_t *speeds_json(const struct advice_speeds *speeds) {
  json_t *list = json_array();
  for (size_t i = 0; i < speeds->count; i++) {
    const struct advice_speed *speed = &speeds->items[i];
    const struct result_speed *row = speed_row(speed);
    json_t *json =
        json_pack("{s:o, s:i, s:o, s:o, s:b}", "alg", json_text(row->alg), "key_bits", (int)row->key_bits,
                  "from_ns", ns_of(speed->from), "to_ns", ns_of(speed->to), "counts", speed->counts);
    json_t *ratio = ratio_json(&speed->ratio, speed->pace);
    json_object_update(json, ratio);
    json_decref(ratio);
    json_array_append_new(list, json);
  }
  return list;
}

static json_t *notes_json(const struct advice *advice) {
  json_t *list = json_array();
  for (size_t i = 0; i < advice->note_count; i++)
    json_array_append_new(list, json_pack("{s:s, s:o}", "about", advice->notes[i].about, "text",
                                          json_text(advice->notes[i].text)));
  return list;
}

static json_t *builds_json(const struct advice *advice) {
  const struct build_pair pair = {result_find_subject(advice->result, advice->from),
                                  result_find_subject(advice->result, advice->to)};
  OWNED_TEXT char *differences = build_differences(&pair);
  json_t *json = json_text(differences);
  return json;
}

/* null: there is no mix, or nobody can be told of it. */
static json_t *mix_json(const struct advice *advice) {
  if (!advice->cost_from && !advice->cost_to)
    return json_null();
  json_t *json = ratio_json(&advice->mix, advice->mix_pace);
  json_object_set_new(json, "choice", choices_json(&advice->choices));
  return json;
}

json_t *advice_json(const struct advice *advice) {
  OWNED_TEXT char *sentence = advice_sentence(advice);
  json_t *json = allocated(json_pack(
      "{s:s, s:s, s:o, s:o, s:o, s:f, s:o}", "schema", "assay-advice/1", "answer",
      answer_word(advice->answer), "sentence", json_text(sentence), "from", json_text(advice->from), "to",
      json_text(advice->to), "threshold", advice->wish.threshold, "tokens", json_count(advice->tokens)));
  json_object_set_new(json, "changes", changes_json(advice));
  json_object_set_new(json, "lost", names_json(&advice->lost));
  json_object_set_new(json, "gained", names_json(&advice->gained));
  json_object_set_new(json, "mix", mix_json(advice));
  json_object_set_new(json, "verify", speeds_json(&advice->verify));
  json_object_set_new(json, "key_import", speeds_json(&advice->imports));
  json_object_set_new(json, "watch", notes_json(advice));
  json_object_set_new(json, "builds_differ_in", builds_json(advice));
  return json;
}
