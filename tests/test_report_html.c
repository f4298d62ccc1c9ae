/* The HTML report: what stands on the page, that nothing from a result can become markup or script, how large
 * it is, and what it leaves out. */
#include <criterion/criterion.h>
#include <jansson.h>

#include "tests/sample_result.h"

#define MIB (1 << 20)
#define CLASSES 192 /* of the default corpus */

static char *page_of(struct result *result) {
  char *page = sample_render("html", result, (struct result_view){0});
  result_free(result);
  return page;
}

static void expect_part(const char *page, const char *part) {
  cr_expect_not_null(strstr(page, part), "not on the page: %s", part);
}

static void expect_none(const char *page, const char *part) {
  const char *at = strstr(page, part);
  cr_expect_null(at, "on the page: %.80s", at ? at : "");
}

/* The data of the matrix, which the drawer tells from. */
static json_t *verdict_data(const char *page) {
  const char *at = strstr(page, "id=verdict-data>");
  cr_assert_not_null(at);
  at = strchr(at, '>') + 1;
  json_t *data = json_loadb(at, (size_t)(strstr(at, "</script>") - at), 0, NULL);
  cr_assert_not_null(data);
  return data;
}

/* What a place in one of its lists stands for. */
static const char *listed(const json_t *data, const char *list, const json_t *place) {
  return json_string_value(json_array_get(json_object_get(data, list), (size_t)json_integer_value(place)));
}

static json_t *cells_of(const json_t *data, const char *class_id) {
  const json_t *row;
  size_t i;
  json_array_foreach(json_object_get(data, "rows"), i, row) {
    if (strcmp(json_string_value(json_object_get(row, "class")), class_id) == 0)
      return json_object_get(row, "cells");
  }
  cr_assert_fail("no row of %s", class_id);
  return NULL;
}

static size_t count_of(const char *page, const char *part) {
  size_t count = 0;
  for (const char *at = page; (at = strstr(at, part)); at += strlen(part))
    count++;
  return count;
}

Test(report_html, answers_in_words_first) {
  char *page = page_of(sample_rich());
  const char *heading = strstr(page, "<h1>"), *section = strstr(page, "<h2>");
  cr_assert_not_null(heading);
  cr_assert_not_null(section);
  cr_expect_lt(heading, section);
  expect_part(page, "<span>For RS256, openssl verifies 1.18 times as fast as boringssl [1.15, 1.21].</span>");
  expect_part(page, "openssl and boringssl gave no wrong verdict.");
  expect_part(page, "Wrong: wolfssl accepted 2 bad tokens.");
  expect_part(page, "These are builds, not libraries: boringssl 13.0.0 is &quot;small&quot; (OPENSSL_SMALL)");
  expect_part(page, "0.3&nbsp;% of CPU time was stolen by other guests");
  expect_part(page, "lacks ES256K, Ed448");
  free(page);
}

/* Without an interval the headline only tells what was seen; one that spans 1 tells nothing apart. */
Test(report_html, claims_no_more_than_was_resolved) {
  struct result *single = sample_rich(), *open = sample_rich();
  single->run.launches = 1;
  for (size_t i = 0; i < single->speed_count; i++)
    single->speed[i].ratio_low = single->speed[i].ratio_high = NAN;
  for (size_t i = 0; i < open->speed_count; i++)
    open->speed[i].resolved = false;
  char *seen = page_of(single), *page = page_of(open);
  expect_part(seen, "<span>For RS256, this run cannot tell openssl and boringssl apart.</span>");
  expect_part(seen, "<li>One launch is too few for an interval: these figures are not resolved");
  expect_part(page, "<span>For RS256, this run cannot tell openssl and boringssl apart.</span>");
  expect_part(page, "comparisons with openssl stay unresolved by this run.");
  free(page);
  free(seen);
}

/* A sentence of usual length is not cut off: the page has room. */
Test(report_html, shows_warnings_whole) {
  static const char *const warning =
      "libjwt refuses 2,906 of 3,400 valid tokens and rhonabwy 1,069 of 3,400; all subjects are measured on "
      "those that every verifier accepts";
  struct result *result = sample_rich();
  strings_add(&result->warnings, warning);
  char *page = page_of(result);
  expect_part(page, warning);
  expect_none(page, "warnings in full");
  free(page);
}

static void accept_bad(struct result *result, const char *subject) {
  struct result_verdict *row =
      sample_verdict(result, subject, "exp-past", "registered-claims", ASSAY_ES256, "reject x");
  row->accepted = 1;
  row->right = 7;
}

/* wolfssl, the slowest, is wrong in the sample. */
Test(report_html, compares_the_fastest_with_one_that_is_right) {
  struct result *result = sample_rich();
  for (size_t i = 0; i < result->verdict_count; i++)
    result->verdicts[i].accepted = 0;
  accept_bad(result, "boringssl");
  char *page = sample_render("html", result, (struct result_view){0});
  expect_part(page, "<span>For RS256, openssl verifies 3.79 times as fast as wolfssl [3.69, 3.88].</span>");
  free(page);
  accept_bad(result, "wolfssl");
  page = page_of(result);
  expect_part(page, "<span>For RS256, openssl verifies 1.18 times as fast as boringssl [1.15, 1.21]; "
                    "boringssl gave wrong verdicts.</span>");
  free(page);
}

/* But not in commands and names, which are there to be copied. */
Test(report_html, sets_sentences_with_code_and_figures_beside_their_units) {
  struct result *result = sample_rich();
  result->noise.trials = 0;
  strings_add(&result->warnings, "a `b` of 9 ms, 3 samples and 2 `s < t");
  strings_add(&result->command, "1 % `x`");
  char *page = page_of(result);
  expect_part(page, "not known: <code>assay selftest</code> measures it");
  expect_part(page, "a <code>b</code> of 9&nbsp;ms, 3 samples and 2 `s &lt; t");
  expect_part(page, " &#39;1 % `x`&#39;</code>");
  expect_part(page, "<dd>0.312&nbsp;%</dd>");
  expect_part(page, ">95&nbsp;% interval</th>");
  free(page);
}

/* Where the board has no heads of its own, narrow and without scripts, each figure says what it is of. */
Test(report_html, names_algorithm_and_unit_in_each_cell_of_the_board) {
  char *page = page_of(sample_rich());
  const char *board = strstr(page, "<table class=board>");
  cr_assert_not_null(board);
  char *rows = strndup(board, (size_t)(strstr(board, "</table>") - board));
  size_t cells = count_of(rows, "<td");
  cr_expect_eq(count_of(rows, ", tokens/s\">") + count_of(rows, " data-head=verdicts>"), cells, "%s", rows);
  expect_part(rows, "<td class=\"n best\" data-head=\"RS256 2048, tokens/s\">");
  free(rows);
  free(page);
}

Test(report_html, has_every_section_and_its_figures_in_tables) {
  static const char *const sections[] = {"throughput", "latency", "rejection", "drift",  "ledger",
                                         "refusal",    "keys",    "scaling",   "memory", "conditions"};
  static const char *const charts[] = {"throughput", "ratio",          "bare",       "latency",
                                       "ledger",     "rejection-cost", "key-import", "scaling"};
  char *page = page_of(sample_rich()), text[64];
  for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
    snprintf(text, sizeof text, "<section id=%s>", sections[i]);
    expect_part(page, text);
    snprintf(text, sizeof text, "<a href=#%s>", sections[i]);
    expect_part(page, text);
  }
  for (size_t i = 0; i < sizeof charts / sizeof charts[0]; i++) {
    snprintf(text, sizeof text, "id=chart-%s>", charts[i]);
    expect_part(page, text);
    snprintf(text, sizeof text, "data-chart=%s>", charts[i]);
    expect_part(page, text);
  }
  expect_part(page, "<td class=\"n best\">37.1 k</td>");
  expect_part(page, "<td>registered-claims.expired</td>");
  expect_part(page, "assay run --subject openssl,boringssl,wolfssl,null</code>");
  free(page);
}

/* Key sets and shares of bad tokens too, of which the sample has none. */
static struct result *sample_of_every_table(void) {
  struct result *result = sample_rich();
  struct result_speed *row = sample_speed_row(result, "openssl", ASSAY_RS256, 2048, "verify");
  sample_fill_figures(row, 27000);
  row->keys = 1000;
  row->key_place = KEY_PLACE_LAST;
  row = sample_speed_row(result, "openssl", ASSAY_RS256, 2048, "verify");
  sample_fill_figures(row, 28000);
  row->bad_share = 0.3;
  return result;
}

Test(report_html, has_every_table_of_the_other_reports) {
  struct result *result = sample_of_every_table();
  char *markdown = sample_render("markdown", result, (struct result_view){0}), *page = page_of(result), *rest;
  size_t tables = 0;
  for (char *line = strtok_r(markdown, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
    char summary[200];
    if (strncmp(line, "## ", 3) != 0 || strcmp(line, "## Builds") == 0 || strcmp(line, "## Reproduce") == 0)
      continue;
    snprintf(summary, sizeof summary, "<summary>%s <span", line + 3);
    expect_part(page, summary);
    tables++;
  }
  cr_expect_gt(tables, 8);
  free(page);
  free(markdown);
}

Test(report_html, shows_the_worst_answer_of_each_class_and_subject) {
  char *page = page_of(sample_rich());
  const char *row = strstr(page, "<th scope=row>pkcs1-missing-null</th>");
  cr_assert_not_null(row);
  char *line = strndup(row, strcspn(row, "\n"));
  cr_expect_eq(count_of(line, "<td class=k10>"), 2, "%s", line);
  expect_part(line, "<td class=k0>A<small>2</small></td>");
  expect_part(page, "signature/pkcs1-missing-null/RS256/0003");
  expect_part(page, "\"reject registered-claims.expired\":\"");
  free(line);
  free(page);
}

/* exp-past and its boundary are added before signatures are. */
Test(report_html, groups_classes_by_the_stages_of_the_pipeline) {
  struct result *result = sample_rich();
  sample_verdict(result, "openssl", "valid", "-", ASSAY_RS256, "accept");
  char *page = page_of(result);
  static const char *const heads[] = {
      "good tokens and controls <small>1 row, none answered wrongly<",
      "signature <small>1 of 3 classes answered wrongly by at least one subject<",
      "registered-claims <small>2 classes, none answered wrongly<"};
  const char *before = page;
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
    const char *at = strstr(page, heads[i]);
    cr_assert_not_null(at, "%s", heads[i]);
    cr_expect_gt(at, before, "%s", heads[i]);
    before = at;
  }
  free(page);
}

/* The drawer of a cell appends a token to its subject's command. */
Test(report_html, asks_again_about_the_corpus_and_the_subjects_of_the_run) {
  struct result *result = sample_rich();
  strings_add(&result->command, "--corpus=my corpus");
  char *page = page_of(result);
  expect_part(
      page,
      "\"name\":\"wolfssl\",\"level\":\"pipeline\",\"command\":\"assay check --subject wolfssl --corpus "
      "'my corpus' --explain\"");
  cr_expect_eq(count_of(page,
                        "<code class=command>assay check --subject openssl,boringssl,wolfssl,null --corpus "
                        "&#39;my corpus&#39; --explain TOKEN</code>"),
               3, "beside what was answered wrongly, beside the drift, and in the last section");
  expect_none(page, "assay check --explain");
  free(page);
}

/* good, bad, unscored and lacking tokens; none was answered wrongly. */
Test(report_html, tells_what_is_not_scored_from_what_was_not_asked) {
  struct result *result = sample_rich();
  sample_fill_unscored(result);
  char *page = page_of(result);
  json_t *data = verdict_data(page), *cells = cells_of(data, "ed-cofactor"), *none = json_pack("[[], []]");
  static const char *const said[] = {"accept", "reject signature.invalid"};
  for (size_t i = 0; i < 2; i++) {
    const json_t *cell = json_array_get(cells, i), *answer = json_array_get(json_array_get(cell, 6), 0);
    cr_expect_eq(json_integer_value(json_array_get(cell, 2)), 8);
    cr_expect(json_equal(json_array_get(cell, 4), json_array_get(none, 0)));
    cr_expect_str_eq(listed(data, "answers", json_array_get(answer, 0)), said[i]);
    cr_expect_str_eq(listed(data, "ids", json_array_get(answer, 1)), "signature/ed-cofactor/Ed25519/0001");
  }
  json_decref(none);
  json_decref(data);
  free(page);
}

/* Not one a variant and algorithm: sums that say the same. */
Test(report_html, tells_each_answer_in_place_of_another_once) {
  struct result *result = sample_rich();
  static const enum assay_alg algs[] = {ASSAY_RS256, ASSAY_ES256, ASSAY_HS256};
  for (size_t i = 0; i < 3; i++) {
    struct result_verdict *row =
        sample_verdict(result, "openssl", "exp-past", "registered-claims", algs[i], "reject x");
    result_set(&row->variant, i ? "far" : "");
    row->right = 6;
    row->wrong_reason = 2;
    verdict_add_given(row, KIND_REASON, "reject header-policy.alg-unknown",
                      "registered-claims/exp-past/0001");
    verdict_add_given(row, KIND_REASON, "reject header-policy.alg-unknown",
                      "registered-claims/exp-past/0002");
  }
  char *page = page_of(result);
  json_t *data = verdict_data(page);
  const json_t *given = json_array_get(json_array_get(cells_of(data, "exp-past"), 0), 7);
  cr_assert_eq(json_array_size(given), 1);
  const json_t *one = json_array_get(given, 0);
  cr_expect_str_eq(listed(data, "answers", json_array_get(one, 0)), "reject x");
  cr_expect_str_eq(listed(data, "answers", json_array_get(one, 1)), "reject header-policy.alg-unknown");
  cr_expect_eq(json_integer_value(json_array_get(one, 2)), 6);
  cr_expect_str_eq(listed(data, "ids", json_array_get(one, 3)), "registered-claims/exp-past/0001");
  json_decref(data);
  free(page);
}

/* Header and payload of three parts. */
Test(report_html, holds_the_tokens_that_the_result_has_kept) {
  char *page = page_of(sample_rich());
  json_t *data = verdict_data(page);
  const json_t *token = json_array_get(json_object_get(data, "tokens"), 0);
  const char *text = json_string_value(json_array_get(token, 2));
  size_t length = (size_t)(strrchr(SAMPLE_TOKEN, '.') - SAMPLE_TOKEN);
  cr_expect_str_eq(listed(data, "ids", json_array_get(token, 0)), "signature/pkcs1-missing-null/RS256/0003");
  cr_expect_str_eq(json_string_value(json_array_get(token, 1)), "pkcs1-missing-null");
  cr_expect_eq(strlen(text), length);
  cr_expect_eq(strncmp(text, SAMPLE_TOKEN, length), 0, "%s", text);
  cr_expect_eq(json_integer_value(json_array_get(token, 3)), 3);
  json_decref(data);
  free(page);
}

Test(report_html, is_closed_to_the_network) {
  char *page = page_of(sample_rich());
  expect_part(page, "Content-Security-Policy content=\"default-src 'none'");
  expect_none(page, " src=");
  expect_none(page, "@import");
  expect_none(page, "url(");
  expect_none(page, "href=\"http");
  free(page);
}

/* What ends a script early, or changes how a browser reads it, occurs only where the page itself says so. */
static void expect_closed(const char *page) {
  cr_expect_eq(count_of(page, "<script"), count_of(page, "</script>"));
  expect_none(page, "<!--");
  expect_none(page, "<script>alert");
  expect_none(page, "\x1b");
}

Test(report_html, escapes_whatever_a_result_holds) {
  struct result *plain = sample_rich();
  char *good = page_of(plain), *page = page_of(sample_hostile());
  expect_closed(page);
  cr_expect_eq(count_of(page, "<script"), count_of(good, "<script"), "a name has become an element");
  expect_part(page, "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;");
  expect_part(page, "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e\\u0026amp;");
  expect_part(page, "quote&quot;comma,semicolon;&#39;apostrophe");
  free(page);
  free(good);
}

Test(report_html, escapes_what_could_end_its_json) {
  static const char *const names[] = {"</script><img onerror=alert(1)>", "<!--<script>", "]]>\"\\",
                                      "\xe2\x80\xa8"};
  struct result *result = sample_rich();
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    sample_fill_figures(sample_speed_row(result, names[i], ASSAY_RS256, 2048, "verify"), 1e4);
    sample_verdict(result, names[i], names[i], names[i], ASSAY_RS256, names[i])->right = 0;
    strings_add(&result->verdicts[result->verdict_count - 1].examples, names[i]);
    result->verdicts[result->verdict_count - 1].accepted = 8;
  }
  char *page = page_of(result);
  expect_closed(page);
  expect_none(page, "<img");
  free(page);
}

/* Every block of JSON on the page can be read, also with hostile names in it. */
Test(report_html, embeds_json_that_can_be_read) {
  char *page = page_of(sample_hostile());
  size_t count = 0;
  for (const char *at = page; (at = strstr(at, "<script type=\"application/json\"")); count++) {
    at = strchr(at, '>') + 1;
    json_error_t error;
    json_t *json = json_loadb(at, (size_t)(strstr(at, "</script>") - at), 0, &error);
    cr_expect_not_null(json, "%s", error.text);
    json_decref(json);
  }
  cr_expect_geq(count, 10);
  free(page);
}

#define WHOLE_FROM 3 /* subjects before it are backends, which answer as expected */

static const char *const full_variants[] = {"", "a-second-one", "another-that-differs"};

/* What verifiers make of the tokens of a class: the same reason as others, another one, or they accept them. */
static const char *full_answer(size_t class, size_t subject) {
  static const char *const answers[] = {"reject registered-claims.expired",
                                        "reject registered-claims.aud-mismatch", "reject unmapped", "accept"};
  return answers[subject < WHOLE_FROM ? 0 : class % 3 == 0 ? (class / 3 + subject) % 4 : subject % 3];
}

static struct result_drift *full_drift(struct result *result, const struct result_verdict *row,
                                       const char *example) {
  struct result_drift *drift = result_add_drift(result);
  result_set(&drift->class_id, row->class_id);
  result_set(&drift->variant, row->variant);
  result_set(&drift->alg, row->alg);
  result_set(&drift->expected, row->expected);
  result_set(&drift->example, example);
  return drift;
}

static struct result_verdict *full_verdict(struct result *result, size_t class, size_t subject,
                                           const char *variant, enum assay_alg alg) {
  char name[64], label[32], id[128];
  const char *answer = full_answer(class, subject);
  snprintf(name, sizeof name, "class-of-corpus-%zu", class);
  snprintf(label, sizeof label, "verifier-%zu", subject);
  snprintf(id, sizeof id, "registered-claims/%s/%s/%s/0001", name, variant, assay_alg_name(alg));
  struct result_verdict *row =
      sample_verdict(result, label, name, "registered-claims", alg, full_answer(class, 0));
  row->level = subject < WHOLE_FROM ? LEVEL_PIPELINE : LEVEL_WHOLE;
  result_set(&row->variant, variant);
  if (strcmp(answer, row->expected) == 0)
    return row;
  bool accepts = strcmp(answer, "accept") == 0;
  row->right = 4;
  *(accepts ? &row->accepted : &row->wrong_reason) = 4;
  strings_add(&row->examples, id);
  if (!accepts)
    verdict_add_given(row, KIND_REASON, answer, id);
  return row;
}

/* Every algorithm and variant of a class, as a corpus has them. */
static void add_full_class(struct result *result, size_t class, size_t subjects) {
  for (size_t v = 0; v < sizeof full_variants / sizeof full_variants[0]; v++)
    for (enum assay_alg alg = 0; alg < ASSAY_ALG_COUNT; alg++) {
      struct result_drift *drift = NULL;
      for (size_t i = 0; i < subjects; i++) {
        const struct result_verdict *row = full_verdict(result, class, i, full_variants[v], alg);
        drift = drift ? drift : full_drift(result, row, "registered-claims/class-of-corpus/RS256/0001");
        struct result_answer *answer = drift_add_answer(drift);
        result_set(&answer->subject, row->subject);
        result_set(&answer->answer, full_answer(class, i));
      }
    }
}

/* As long as those of the corpus mostly are. */
static void add_full_token(struct result *result, size_t class) {
  char name[64], id[128], token[960];
  snprintf(name, sizeof name, "class-of-corpus-%zu", class);
  snprintf(id, sizeof id, "registered-claims/%s/RS256/0001", name);
  memset(token, 'e', sizeof token);
  token[sizeof token - 1] = '\0';
  sample_token(result, id, name, token);
}

/* The page of a run of everything, with the default corpus. */
static size_t size_of_page(size_t subjects) {
  struct result *result = sample_rich();
  for (size_t i = 0; i < CLASSES; i++) {
    add_full_class(result, i, subjects);
    add_full_token(result, i);
  }
  char *page = page_of(result);
  size_t size = strlen(page);
  free(page);
  return size;
}

Test(report_html, stays_under_a_mebibyte) {
  size_t backends = size_of_page(3), all = size_of_page(12);
  cr_expect_lt(backends, MIB, "%zu bytes of three subjects", backends);
  cr_expect_lt(all, MIB, "%zu bytes of twelve subjects", all);
}

Test(report_html, thins_long_histograms) {
  struct result *small = sample_rich(), *large = sample_rich();
  for (size_t i = 0; i < large->speed_count; i++) {
    struct result_histogram *histogram = &large->speed[i].histogram;
    uint64_t low = histogram->count_count ? histogram->max_ns : 0;
    for (unsigned slot = hist_slot(low) + 1, end = slot + 400; low && slot < end; slot++)
      histogram_add_slot(histogram, hist_slot_low(slot), 1);
  }
  char *before = page_of(small), *after = page_of(large);
  cr_expect_lt(strlen(after), strlen(before) + 20000, "%zu bytes, %zu with 400 more slots a histogram",
               strlen(before), strlen(after));
  free(after);
  free(before);
}

/* As headings count: good tokens are no class. */
Test(report_html, counts_classes_alike_everywhere) {
  struct result *result = sample_rich();
  sample_verdict(result, "openssl", "valid", "-", ASSAY_RS256, "accept");
  char *page = page_of(result);
  expect_part(page, "Rejection: 5 classes, ");
  expect_part(page, "none wrong in 5 classes</span>");
  free(page);
}

Test(report_html, leaves_out_what_was_not_measured) {
  struct result *result = result_new();
  strings_add(&result->command, "assay");
  char *page = page_of(result);
  expect_part(page, "<h1>Token verification</h1>");
  expect_part(page,
              "Not measured in this run, and so not on this page: Throughput, Latency, Rejection, Drift, ");
  expect_part(page, "<section id=conditions>");
  expect_none(page, "<section id=latency>");
  expect_none(page, "<canvas role");
  expect_none(page, "Chart.js"); /* neither the library nor that it is there */
  expect_none(page, ">nan<");
  free(page);
}

Test(report_html, says_why_a_figure_is_missing) {
  char *page = page_of(sample_rich());
  expect_part(page, "not in this library");
  expect_part(page, "too few samples");
  expect_part(page, "one core is busy with another guest");
  expect_none(page, ">nan");
  expect_none(page, ":nan");
  free(page);
}

Test(report_html, compares_no_times_of_sanitizer_builds) {
  struct result *result = sample_rich();
  result_set(&result->tool.sanitizer, "address");
  char *page = page_of(result);
  expect_part(page, "<h1>Token verification</h1>");
  expect_part(page, "sanitizer build: its times are no measure of any library");
  expect_none(page, "times as fast as");
  free(page);
}
