/* SARIF 2.1.0: a result for every wrong verdict, crash, hang and fault, every other reason of a backend,
 * every void row, every drift, and all that a gate found to have become wrong. Where it happened is a token,
 * by its id below the corpus; who did it is a logical location. */
#include <string.h>

#include "reports/content/content.h"
#include "reports/content/rows.h"
#include "reports/model/json_value.h"
#include "reports/text/allocate.h"
#include "reports/text/escape.h"

/* The run in the making. */
struct log {
  json_t *rules, *results;
  struct tally rule_ids;
};

static json_t *message_json(const char *text) {
  json_t *message = json_object();
  json_object_set_new(message, "text", json_text(text));
  return message;
}

static void add_rule(struct log *log, const char *id, const char *text) {
  json_t *rule = json_object();
  json_object_set_new(rule, "id", json_text(id));
  json_object_set_new(rule, "shortDescription", message_json(text));
  json_array_append_new(log->rules, rule);
}

/* ---- what is known of a class ---- */

/* The first RFC that a reference names: "RFC 7519 4.1.4, RFC 8725 3.9". NULL: none. free() it. */
static char *reference_url(const char *reference) {
  unsigned rfc;
  char section[24] = "";
  if (sscanf(reference, "RFC %u %23[0-9.]", &rfc, section) < 1)
    return NULL;
  char *url = allocate_format("https://www.rfc-editor.org/rfc/rfc%u%s%s", rfc, section[0] ? "#section-" : "",
                              section);
  return url;
}

/* By which GitHub sorts: a CVSS score in the middle of what is called critical, high, medium and low. */
static const char *severity_score(enum assay_severity severity) {
  static const char *const scores[SEVERITY_COUNT] = {[SEVERITY_FORGERY] = "9.5",
                                                     [SEVERITY_CONTEXT] = "8.0",
                                                     [SEVERITY_PARSING] = "5.5",
                                                     [SEVERITY_FORM] = "2.0"};
  return severity < SEVERITY_COUNT ? scores[severity] : NULL;
}

static json_t *severity_properties(enum assay_severity severity) {
  json_t *properties = json_object(), *tags = json_array();
  json_array_append_new(tags, json_string("security"));
  json_array_append_new(tags, json_string(assay_severity_word(severity)));
  json_object_set_new(properties, "security-severity", json_string(severity_score(severity)));
  json_object_set_new(properties, "tags", tags);
  return properties;
}

/* grave: whether the rule is of answers that can let a bad token in. */
static void describe_rule(json_t *rule, const struct result_taxon *taxon, bool grave) {
  const char *meaning = assay_severity_meaning(taxon->severity);
  OWNED_TEXT char *url = reference_url(taxon->reference);
  OWNED_TEXT char *help =
      allocate_format("%s%s%s%s%s%s", taxon->sentence, taxon->reference[0] ? " (" : "", taxon->reference,
                      taxon->reference[0] ? ")" : "", meaning[0] ? " " : "", meaning);
  if (taxon->sentence[0]) {
    json_object_set_new(rule, "fullDescription", message_json(taxon->sentence));
    json_object_set_new(rule, "help", message_json(help));
  }
  if (url)
    json_object_set_new(rule, "helpUri", json_string(url));
  if (grave && severity_score(taxon->severity))
    json_object_set_new(rule, "properties", severity_properties(taxon->severity));
}

/* Adds what the result knows of a class to the last rule, if that is new. */
static void describe_class(struct log *log, size_t rules_before, const struct result *result,
                           const char *class_id, bool grave) {
  const struct result_taxon *taxon = result_find_taxon(result, class_id);
  if (taxon && json_array_size(log->rules) > rules_before)
    describe_rule(json_array_get(log->rules, rules_before), taxon, grave);
}

/* ---- results ---- */

/* A relative reference: it may not begin with a slash, nor be empty. */
static json_t *artifact_json(const char *id) {
  OWNED_TEXT char *escaped = percent_encode(id, "/@+");
  json_t *artifact = json_object();
  json_t *uri = json_sprintf("%s%s", escaped[0] == '/' || !escaped[0] ? "./" : "", escaped);
  json_object_set_new(artifact, "uri", uri);
  json_object_set_new(artifact, "uriBaseId", json_string("CORPUS"));
  return artifact;
}

static json_t *location_json(const char *token, const char *subject) {
  json_t *location = json_object(), *physical = json_object(), *region = json_object();
  json_object_set_new(region, "startLine", json_integer(1));
  json_object_set_new(physical, "artifactLocation", artifact_json(token));
  json_object_set_new(physical, "region", region);
  json_object_set_new(location, "physicalLocation", physical);
  if (subject[0]) {
    json_t *logical = json_object(), *list = json_array();
    json_object_set_new(logical, "name", json_text(subject));
    json_array_append_new(list, logical);
    json_object_set_new(location, "logicalLocations", list);
  }
  return location;
}

/* identity: the same in every run that finds the same. Returns the result, for what else there is to add. */
static json_t *add_result(struct log *log, const char *rule, const char *rule_text, const char *level,
                          const char *message, const char *token, const char *subject, const char *identity) {
  bool added;
  size_t index = tally_index(&log->rule_ids, rule, &added);
  if (added)
    add_rule(log, rule, rule_text);
  json_t *result = json_object(), *locations = json_array(), *prints = json_object();
  json_array_append_new(locations, location_json(token, subject));
  json_object_set_new(prints, "assay/v1", json_text(identity));
  json_object_set_new(result, "ruleId", json_text(rule));
  json_object_set_new(result, "ruleIndex", json_integer((json_int_t)index));
  json_object_set_new(result, "level", json_string(level));
  json_object_set_new(result, "message", message_json(message));
  json_object_set_new(result, "locations", locations);
  json_object_set_new(result, "partialFingerprints", prints);
  json_array_append_new(log->results, result);
  return result;
}

static json_t *counts_json(const struct result_verdict *row, unsigned kinds) {
  json_t *properties = json_object();
  json_object_set_new(properties, "tokens", json_count(row->tokens));
  for (int kind = 0; kind < KIND_COUNT; kind++)
    if (kinds >> kind & 1 && result_count(row, (enum answer_kind)kind))
      json_object_set_new(properties, kind_name((enum answer_kind)kind),
                          json_count(result_count(row, (enum answer_kind)kind)));
  return properties;
}

/* What only accepts bad tokens of the lighter kinds is no error, unless it is one of a backend. */
static const char *level_of(const struct result_verdict *row) {
  static const char *const levels[SEVERITY_COUNT] = {
      [SEVERITY_PARSING] = "warning", [SEVERITY_FORM] = "note"};
  bool only_accepted = row->accepted && !row->refused && !row->fault && !row->crash && !row->hang;
  const char *level = row->severity < SEVERITY_COUNT ? levels[row->severity] : NULL;
  return level && only_accepted && !result_fails(row) ? level : "error";
}

/* Of wrong verdicts, or of right ones for other reasons. */
static void add_verdict(struct log *log, const struct result *whole, const struct result_verdict *row,
                        bool of_reasons) {
  size_t rules_before = json_array_size(log->rules);
  unsigned kinds = of_reasons ? 1u << KIND_REASON : KINDS_WRONG;
  OWNED_TEXT char *rule =
      allocate_format("%s/%s", of_reasons ? "wrong-reason" : "wrong-verdict", row->class_id);
  OWNED_TEXT char *text = allocate_format("Tokens of class %s are %s.", row->class_id,
                                          of_reasons ? "refused for another reason" : "answered wrongly");
  OWNED_TEXT char *message = verdict_sentence(row, kinds);
  OWNED_TEXT char *identity =
      allocate_format("%s/%s/%s/%s/%s/%s%s", level_word(row->level), row->subject, row->class_id,
                      row->variant, row->alg, row->expected, of_reasons ? "/reason" : "");
  const char *example = verdict_example(row, kinds);
  json_t *result = add_result(log, rule, text, level_of(row), message, example[0] ? example : row->class_id,
                              row->subject, identity);
  json_object_set_new(result, "properties", counts_json(row, kinds));
  describe_class(log, rules_before, whole, row->class_id, !of_reasons);
}

static void add_verdicts(struct log *log, const struct result *result) {
  for (size_t i = 0; i < result->verdict_count; i++)
    if (verdict_wrong(&result->verdicts[i]))
      add_verdict(log, result, &result->verdicts[i], false);
  for (size_t i = 0; i < result->verdict_count; i++)
    if (result->verdicts[i].wrong_reason && result_fails(&result->verdicts[i]) &&
        !result_is_floor(result->verdicts[i].subject))
      add_verdict(log, result, &result->verdicts[i], true);
}

static void add_drift(struct log *log, const struct result *result, const struct result_drift *drift) {
  size_t rules_before = json_array_size(log->rules);
  OWNED_TEXT char *rule = allocate_format("drift/%s", drift->class_id);
  OWNED_TEXT char *text = allocate_format("Subjects differ on tokens of class %s.", drift->class_id);
  OWNED_TEXT char *of = verdict_class(drift->class_id, drift->variant);
  OWNED_TEXT char *answers = content_answers(drift);
  OWNED_TEXT char *message = allocate_format("Subjects differ on %s, %s: %s", of, drift->alg, answers);
  bool is_asked = strcmp(drift->expected, "any") == 0; /* by itself, whatever else is of its class */
  OWNED_TEXT char *identity =
      allocate_format("drift/%s/%s%s%s%s%s", of, drift->alg, drift->expected[0] ? "/" : "", drift->expected,
                      is_asked ? "/" : "", is_asked ? drift->example : "");
  add_result(log, rule, text, "warning", message, drift->example[0] ? drift->example : drift->class_id, "",
             identity);
  describe_class(log, rules_before, result, drift->class_id, false);
}

static void add_gate(struct log *log, const struct result_gate *gate) {
  for (size_t i = 0; i < gate->finding_count; i++) {
    const struct result_gate_finding *finding = &gate->findings[i];
    OWNED_TEXT char *words = gate_finding_words(finding);
    OWNED_TEXT char *identity =
        allocate_format("gate/%s/%s/%s", finding->where, finding->base, finding->head);
    add_result(log, "gate", "Tokens that the base answered rightly are answered wrongly.", "error", words,
               finding->example[0] ? finding->example : finding->where, gate->subject, identity);
  }
}

static void add_void_rows(struct log *log, const struct result *result) {
  struct row_names names = row_names_of(result);
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (!result_is_void(row))
      continue;
    OWNED_TEXT char *message = allocate_format("%s: %s", names.of[i], RESULT_VOID);
    add_result(log, "void", "A verdict in the measured loop was wrong.", "error", message, names.of[i],
               row->subject, names.of[i]);
  }
  row_names_fini(&names);
}

static json_t *run_json(const struct result *result, struct log *log) {
  json_t *run = json_object(), *tool = json_object(), *driver = json_object();
  json_object_set_new(driver, "name", json_string("assay"));
  json_object_set_new(driver, "version", json_text(result->tool.version));
  json_object_set_new(driver, "rules", log->rules);
  json_object_set_new(tool, "driver", driver);
  json_object_set_new(run, "tool", tool);
  json_t *bases = json_object(), *corpus = json_object();
  json_object_set_new(corpus, "description", message_json("the corpus: tokens by their ids"));
  json_object_set_new(bases, "CORPUS", corpus);
  json_object_set_new(run, "originalUriBaseIds", bases);
  json_t *invocation = json_object(), *invocations = json_array();
  json_object_set_new(invocation, "executionSuccessful", json_boolean(!result->partial));
  json_array_append_new(invocations, invocation);
  json_object_set_new(run, "invocations", invocations);
  json_object_set_new(run, "results", log->results);
  return run;
}

static bool write_sarif(const struct result *result, const struct result_view *view, FILE *stream) {
  (void)view;
  struct log log = {.rules = json_array(), .results = json_array()};
  add_verdicts(&log, result);
  for (size_t i = 0; i < result->drift_count; i++)
    if (drift_differs(&result->drift[i]))
      add_drift(&log, result, &result->drift[i]);
  add_void_rows(&log, result);
  for (size_t i = 0; i < result->gate_count; i++)
    add_gate(&log, &result->gates[i]);
  json_t *root = json_object(), *runs = json_array();
  json_object_set_new(root, "$schema", json_string("https://json.schemastore.org/sarif-2.1.0.json"));
  json_object_set_new(root, "version", json_string("2.1.0"));
  json_array_append_new(runs, run_json(result, &log));
  json_object_set_new(root, "runs", runs);
  tally_fini(&log.rule_ids);
  bool ok = json_put(root, JSON_INDENT(1), stream);
  fputc('\n', stream);
  return ok;
}

const struct result_format format_sarif = {
    .name = "sarif",
    .summary = "wrong verdicts, reasons and drift alone (SARIF 2.1.0)",
    .extension = "sarif",
    .readers = "GitHub code scanning, SARIF viewers",
    .write = write_sarif,
};
