/* The result model, and its way into JSON and back. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <jansson.h>

#include "tests/sample_result.h"

static const struct result_view plain = {.columns = 100};

Test(result, is_blank_when_new) {
  struct result *result = result_new();
  cr_assert_str_eq(result->tool.version, "");
  cr_assert_str_eq(result->machine.cpu, "");
  cr_assert(isnan(result->run.steal));
  cr_assert_eq(result->run.pinned_cpu, -1);
  struct result_speed *speed = result_add_speed(result);
  cr_assert_str_eq(speed->subject, "");
  cr_assert(isnan(speed->ns) && isnan(speed->ratio_high) && isnan(speed->bad_share));
  cr_assert(!(speed->verdicts_ok));
  struct result_subject *subject = result_add_subject(result);
  cr_assert_str_eq(subject->module_flags, "");
  cr_assert(isnan(result_add_memory(result)->bytes_per_token));
  cr_assert(isnan(result_add_scaling(result)->of_one));
  cr_assert_str_eq(result_add_verdict(result)->expected, "");
  result_free(result);
}

Test(result, free_takes_null) {
  result_free(NULL);
}

Test(result, keeps_rows_as_lists_grow) {
  struct result *result = result_new();
  for (int i = 0; i < 1000; i++) {
    struct result_speed *row = result_add_speed(result);
    result_printf(&row->subject, "subject %d", i);
    for (int j = 0; j < i % 7; j++)
      speed_add_sample(row, i + j);
  }
  cr_assert_eq(result->speed_count, 1000);
  for (int i = 0; i < 1000; i++) {
    char name[32];
    snprintf(name, sizeof name, "subject %d", i);
    cr_assert_str_eq(result->speed[i].subject, name);
    cr_assert_eq(result->speed[i].sample_count, (size_t)(i % 7));
    for (int j = 0; j < i % 7; j++)
      cr_assert_eq(result->speed[i].samples[j], (double)(i + j));
  }
  result_free(result);
}

Test(result, sets_a_field_from_itself) {
  struct result *result = result_new();
  result_set(&result->reference, "boringssl");
  result_set(&result->reference, result->reference + 6);
  cr_assert_str_eq(result->reference, "ssl");
  result_set(&result->reference, NULL);
  cr_assert_str_eq(result->reference, "");
  result_free(result);
  char *text = NULL;
  result_setf(&text, "%s", "ssl");
  result_setf(&text, "%s 1.%d", text, 2);
  cr_assert_str_eq(text, "ssl 1.2");
  free(text);
}

Test(result, keeps_a_text_until_the_last_result_goes) {
  struct result *first = result_new(), *second = result_new();
  char text[] = "wolfssl";
  result_set(&first->reference, text);
  result_set(&second->reference, text);
  text[0] = 'W';
  cr_assert_eq(first->reference, second->reference);
  result_free(first);
  cr_assert_str_eq(second->reference, "wolfssl");
  result_free(second);
  struct result *third = result_new();
  result_set(&third->reference, "libjwt");
  cr_assert_str_eq(third->reference, "libjwt");
  result_free(third);
}

Test(result, says_why_once_per_field) {
  struct result *result = result_new();
  struct result_speed *row = result_add_speed(result);
  speed_add_missing(row, "p999_ns", "not measured");
  speed_add_missing(row, "ratio", "no reference");
  speed_add_missing(row, "p999_ns", "too few samples");
  cr_assert_eq(row->missing_count, 2);
  cr_assert_str_eq(row->missing[0].why, "too few samples");
  result_free(result);
}

Test(result_json, leaves_out_zero_counters_and_takes_them_as_zero) {
  struct result *result = result_new();
  struct result_verdict *row =
      sample_verdict(result, "openssl", "exp-past", "registered-claims", ASSAY_RS256, "accept");
  row->crash = 1;
  row->right = 7;
  char *text = sample_render("json", result, plain);
  cr_assert(strstr(text, "\"exceptions\":[{\"subject\":\"openssl\",\"right\":7,\"crash\":1}]"), "%s", text);
  struct assay_error error = {0};
  struct result *again = result_parse(text, strlen(text), "x.json", &error);
  cr_assert(again != NULL, "%s", error.text);
  cr_assert_eq(again->verdicts[0].crash, 1);
  cr_assert_eq(again->verdicts[0].right, 7);
  cr_assert_eq(again->verdicts[0].accepted + again->verdicts[0].refused + again->verdicts[0].hang +
                   again->verdicts[0].undecided,
               0);
  cr_assert_eq(again->verdicts[0].examples.count, 0);
  result_free(again);
  free(text);
  result_free(result);
}

Test(result_json, keeps_gaps_and_undecided) {
  struct result *result = sample_rich();
  subject_add_gap(&result->subjects[1], "authorisation", "it checks no claims");
  result->verdicts[3].undecided = 5;
  result->verdicts[3].unscored = 3;
  char *text = sample_render("json", result, plain);
  cr_assert(strstr(text, "\"gaps\":[{\"reasons\":\"authorisation\",\"why\":\"it checks no claims\"}]"));
  struct assay_error error = {0};
  struct result *again = result_parse(text, strlen(text), "x.json", &error);
  cr_assert(again != NULL, "%s", error.text);
  cr_assert_eq(again->subjects[0].gap_count, 0);
  cr_assert_eq(again->subjects[1].gap_count, 1);
  cr_assert_str_eq(again->subjects[1].gaps[0].why, "it checks no claims");
  cr_assert_eq(again->verdicts[3].undecided, 5);
  result_free(again);
  free(text);
  result_free(result);
}

Test(result, finds_subjects_by_label) {
  struct result *result = result_new();
  result_set(&result_add_subject(result)->name, "openssl");
  struct result_subject *variant = result_add_subject(result);
  result_set(&variant->name, "openssl");
  result_set(&variant->variant, "init-per-call");
  cr_assert_eq(result_find_subject(result, "openssl"), &result->subjects[0]);
  cr_assert_eq(result_find_subject(result, "openssl:init-per-call"), &result->subjects[1]);
  cr_assert_eq(result_find_subject(result, "openssl:"), NULL);
  cr_assert_eq(result_find_subject(result, "openss"), NULL);
  cr_assert_eq(result_find_subject(result, ""), NULL);
  result_free(result);
}

Test(result, formats_are_found_by_name) {
  cr_assert_str_eq(result_format_by_name("json")->name, "json");
  cr_assert_str_eq(result_format_by_name("terminal")->name, "terminal");
  cr_assert_str_eq(result_format_by_name("markdown")->extension, "md");
  cr_assert_eq(result_format_by_name("jso"), NULL);
}

/* model -> JSON -> model -> JSON: both texts are the same, byte by byte. */
static void assert_round_trip(const struct result *result) {
  char *first = sample_render("json", result, plain);
  struct assay_error error = {0};
  struct result *again = result_parse(first, strlen(first), "first.json", &error);
  cr_assert(again != NULL, "%s", error.text);
  char *second = sample_render("json", again, plain);
  cr_assert_str_eq(second, first);
  cr_assert_eq(again->speed_count, result->speed_count);
  free(second);
  free(first);
  result_free(again);
}

Test(result_json, refuses_a_histogram_with_a_slot_too_many) {
  struct result *result = sample_rich();
  histogram_add_slot(&result->speed[0].histogram, 1, 1);
  char *text = sample_render("json", result, plain);
  struct assay_error error = {0};
  cr_assert_null(result_parse(text, strlen(text), "x.json", &error));
  cr_assert_str_eq(error.text, "x.json: speed[0].histogram: low_ns must ascend, with one of counts for each");
  free(text);
  result_free(result);
}

Test(result_json, keeps_differences_below_zero) {
  struct result *result = sample_rich();
  result->ledger[0].residual_ns = -12.5;
  char *text = sample_render("json", result, plain);
  struct assay_error error = {0};
  struct result *again = result_parse(text, strlen(text), "x.json", &error);
  cr_assert(again != NULL, "%s", error.text);
  cr_assert_eq(again->ledger[0].residual_ns, -12.5);
  cr_assert_eq(again->ledger[0].stage_count, 9);
  cr_assert_lt(again->ledger[0].stages[8].ns, 0);
  result_free(again);
  free(text);
  result_free(result);
}

Test(result_json, keeps_gates_and_what_they_found) {
  struct result *result = sample_rich();
  sample_fill_gates(result);
  char *text = sample_render("json", result, plain);
  struct assay_error error = {0};
  struct result *again = result_parse(text, strlen(text), "x.json", &error);
  cr_assert(again != NULL, "%s", error.text);
  cr_assert_eq(again->gate_count, 6);
  cr_assert_str_eq(again->gates[0].findings[0].head, "accept");
  cr_assert_eq(again->gates[0].findings[0].tokens, 3);
  cr_assert_eq(again->gates[1].change, -0.0213);
  cr_assert(isnan(again->gates[4].high));
  cr_assert_eq(again->gates[3].answer, GATE_SLOWER);
  result_drop_gates(again);
  cr_assert_eq(again->gate_count, 0);
  result_free(again);
  free(text);
  result_free(result);
}

Test(result, gates_answer_as_the_worst_of_them_does) {
  struct result *result = result_new();
  cr_assert_eq(result_gates_answer(result), GATE_NOISY, "nothing compared is nothing proved");
  sample_gate(result, "stored", "openssl", "time", GATE_HOLDS);
  cr_assert_eq(result_gates_answer(result), GATE_HOLDS);
  sample_gate(result, "stored", "openssl", "time", GATE_HOLDS)->answer =
      gate_answer_value("of a later version");
  cr_assert_eq(result_gates_answer(result), GATE_NOISY, "what is not understood is no pass");
  sample_gate(result, "stored", "openssl", "time", GATE_SLOWER);
  cr_assert_eq(result_gates_answer(result), GATE_SLOWER);
  sample_gate(result, "verdicts", "openssl", "", GATE_WRONG);
  cr_assert_eq(result_gates_answer(result), GATE_WRONG);
  result_free(result);
}

Test(result_json, survives_a_round_trip) {
  struct result *empty = result_new(), *rich = sample_rich(), *hostile = sample_hostile();
  rich->partial = true;
  assert_round_trip(empty);
  assert_round_trip(rich);
  assert_round_trip(hostile);
  result_free(hostile);
  result_free(rich);
  result_free(empty);
}

Test(result_json, keeps_values) {
  struct result *result = sample_rich();
  result->run.pinned_cpu = -1;
  char *text = sample_render("json", result, plain);
  struct assay_error error = {0};
  struct result *again = result_parse(text, strlen(text), "x.json", &error);
  cr_assert(again != NULL, "%s", error.text);
  cr_assert_eq(again->run.order_seed, UINT64_MAX);
  cr_assert_eq(again->run.pinned_cpu, -1);
  cr_assert_eq(again->run.steal, 0.00312);
  cr_assert_eq(again->memory[0].peak_rss_bytes, 12345678.0);
  cr_assert_str_eq(again->reference, "openssl");
  cr_assert_str_eq(again->subjects[1].build[0].fact, "OPENSSL_SMALL");
  cr_assert_str_eq(again->drift[0].answers[2].answer, "accept");
  cr_assert_eq(again->verdicts[12].accepted, 2);
  cr_assert_str_eq(again->verdicts[12].examples.items[0], "signature/pkcs1-missing-null/RS256/0003");
  cr_assert_eq(again->token_count, 2);
  cr_assert_str_eq(again->tokens[0].id, "signature/pkcs1-missing-null/RS256/0003");
  cr_assert_str_eq(again->tokens[0].class_id, "pkcs1-missing-null");
  cr_assert_str_eq(again->tokens[0].token, SAMPLE_TOKEN);
  cr_assert(isnan(again->speed[0].ratio));
  cr_assert_eq(again->speed[0].sample_count, 12);
  cr_assert_eq(again->speed[0].ns, 1210.37);
  result_free(again);
  free(text);
  result_free(result);
}

Test(result_json, keeps_how_grave_classes_are_and_what_they_are) {
  struct assay_error error = {0};
  struct result *result = sample_rich();
  sample_classify(result, "pkcs1-missing-null", SEVERITY_PARSING, "RSA signatures without the hash's NULL");
  result_set(&result->taxonomy[0].sentence, "No NULL.");
  result_set(&result->taxonomy[0].reference, "RFC 8017 9.2");
  char *text = sample_render("json", result, plain);
  struct result *again = result_parse(text, strlen(text), "r.json", &error);
  cr_assert_not_null(again, "%s", error.text);
  const struct result_taxon *taxon = result_find_taxon(again, "pkcs1-missing-null");
  cr_assert_not_null(taxon);
  cr_expect_eq(taxon->severity, SEVERITY_PARSING);
  cr_expect_str_eq(taxon->brief, "RSA signatures without the hash's NULL");
  cr_expect_str_eq(taxon->sentence, "No NULL.");
  cr_expect_str_eq(taxon->reference, "RFC 8017 9.2");
  cr_expect_null(result_find_taxon(again, "exp-past"), "a file of before they were kept tells nothing");
  for (size_t i = 0; i < again->verdict_count; i++)
    cr_expect_eq(again->verdicts[i].severity, strcmp(again->verdicts[i].class_id, "pkcs1-missing-null")
                                                  ? SEVERITY_NONE
                                                  : SEVERITY_PARSING);
  cr_expect_eq(again->drift[0].severity, SEVERITY_PARSING);
  result_free(again);
  free(text);
  result_free(result);
}

Test(result_json, has_the_keys_in_the_order_of_the_format) {
  static const char *const top[] = {
      "schema", "tool",     "command", "started", "partial",  "reference",      "run",   "machine",
      "corpus", "subjects", "asked",   "classes", "taxonomy", "left_out",       "drift", "answers_left_out",
      "tokens", "speed",    "memory",  "scaling", "ledger",   "rejection_cost", "gates", "base_subjects",
      "noise",  "warnings", NULL};
  static const char *const exception[] = {
      "subject",        "tokens",   "right",     "accepted",    "refused",  "wrong_reason",
      "pinned_differs", "unmapped", "undecided", "unsupported", "fault",    "crash",
      "hang",           "unscored", "forbidden", "answers",     "examples", NULL};
  struct result *result = sample_rich();
  sample_fill_counters(&result->verdicts[0]);
  result->verdicts[0].tokens++; /* which the counters do not tell */
  char *text = sample_render("json", result, plain);
  json_t *json = json_loads(text, 0, NULL);
  size_t i = 0;
  const char *key;
  json_t *value;
  json_object_foreach(json, key, value) {
    cr_assert(top[i] != NULL);
    cr_assert_str_eq(key, top[i]);
    i++;
  }
  cr_assert_eq(top[i], NULL);
  i = 0;
  const json_t *class = json_array_get(json_object_get(json, "classes"), 0);
  json_object_foreach(json_array_get(json_object_get(class, "exceptions"), 0), key, value) {
    cr_assert(exception[i] != NULL);
    cr_assert_str_eq(key, exception[i]);
    i++;
  }
  cr_assert_eq(exception[i], NULL);
  json_decref(json);
  free(text);
  result_free(result);
}

Test(result_json, writes_figures_with_six_digits_and_missing_ones_as_null) {
  struct result *result = result_new();
  struct result_speed *row = result_add_speed(result);
  row->ns = 26912.34567;
  row->tokens_per_s = 37158222.25;
  row->ns_low = 384;
  row->p50_ns = 1.0 / 3;
  row->p99_ns = INFINITY;
  row->max_ns = -1;
  char *text = sample_render("json", result, plain);
  cr_assert(strstr(text, "\"ns\":26912.3,"));
  cr_assert(strstr(text, "\"tokens_per_s\":37158200,"));
  cr_assert(strstr(text, "\"ns_low\":384,"));
  cr_assert(strstr(text, "\"p50_ns\":0.333333,"));
  cr_assert(strstr(text, "\"p90_ns\":null,"));
  cr_assert(strstr(text, "\"p99_ns\":null,"));
  cr_assert(strstr(text, "\"max_ns\":null,"));
  free(text);
  result_free(result);
}

Test(result_json, is_ascii_and_ends_with_a_newline) {
  struct result *result = sample_hostile();
  char *text = sample_render("json", result, plain);
  for (const char *at = text; *at; at++)
    cr_assert(*at == '\n' || ((unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80), "byte %d at %td", *at,
              at - text);
  cr_assert_eq(text[strlen(text) - 1], '\n');
  free(text);
  result_free(result);
}

Test(result_json, shows_partial_results_and_wrong_verdicts) {
  struct result *result = sample_rich();
  result->partial = true;
  char *text = sample_render("json", result, plain);
  cr_assert(strstr(text, "\"partial\":true"));
  cr_assert(strstr(text, "\"accepted\":2"));
  free(text);
  result_free(result);
}
