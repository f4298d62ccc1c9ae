/* assay choose: the arithmetic against figures worked out by hand, who is out and why, and the command. */
#include "harness/base/error.h"
#include "reports/choose/choice.h"
#include "tests/cli.h"
#include "tests/sample_result.h"

static struct result_speed *add_speed(struct result *result, const char *subject, enum assay_alg alg,
                                      double ns) {
  struct result_speed *row = sample_speed_row(result, subject, alg, alg == ASSAY_RS256 ? 2048 : 0, "verify");
  row->ns = ns;
  row->ns_low = ns * 0.99;
  row->ns_high = ns * 1.01;
  row->p99_ns = ns * 2;
  return row;
}

/* 20 us and 50 us; with 70 % and 30 %: 29 us a token. */
static struct result *plain(void) {
  struct result *result = result_new();
  sample_fill_head(result);
  add_speed(result, "openssl", ASSAY_RS256, 20000);
  add_speed(result, "openssl", ASSAY_ES256, 50000);
  sample_verdict(result, "openssl", "exp-past", "registered-claims", ASSAY_RS256,
                 "reject registered-claims.expired");
  return result;
}

static struct choice_wish wish_of(double rate) {
  return (struct choice_wish){.mix = {{"RS256", 0, 70}, {"ES256", 0, 30}},
                              .mix_count = 2,
                              .rate_per_s = rate,
                              .latency_ns = NAN,
                              .busy_limit = 0.7};
}

static struct choices chosen(const struct result *result, struct choice_wish wish) {
  struct assay_error error = {0};
  struct choices choices;
  cr_assert(choose(&choices, result, &wish, &error), "%s", error.text);
  return choices;
}

#define NEAR(actual, expected) cr_expect_float_eq(actual, expected, fabs((double)(expected)) * 1e-6 + 1e-12)

Test(choice, the_mean_and_the_cores_are_those_worked_out_by_hand) {
  struct result *result = plain();
  struct choices choices = chosen(result, wish_of(20000));
  const struct choice *choice = &choices.items[0];
  cr_assert_eq(choices.usable, 1);
  NEAR(choice->ns, 29000);
  NEAR(choice->ns_low, 29000 * 0.99);
  NEAR(choice->squared_ns, 0.7 * 4e8 + 0.3 * 25e8);
  NEAR(choice->busy, 0.58);
  NEAR(choice->up_to_per_s, 0.7e9 / 29000);
  NEAR(choice->p99_ns, 100000);
  cr_expect(choice->p99_is_worst);
  cr_expect_eq(choice->cores_needed, 1);
  choices_fini(&choices);
  choices = chosen(result, wish_of(24200)); /* 0.7018 core-seconds: over 70 % of one core */
  cr_expect_eq(choices.items[0].cores_needed, 2);
  choices_fini(&choices);
  result_free(result);
}

Test(choice, waiting_is_that_of_the_textbook) {
  /* M/M/1 at half load: P(wait > t) = 0.5 e^(-t / 2 s). */
  NEAR(choice_wait_ns(5e5, 1000, 2e6, 1), 2000 * log(50));
  /* The same with constant times: half of it. */
  NEAR(choice_wait_ns(5e5, 1000, 1e6, 1), 1000 * log(50));
  /* M/M/2 with one core's work: Erlang's C is 1/3. */
  NEAR(choice_wait_ns(1e6, 1000, 2e6, 2), 1000 * log(100.0 / 3));
  NEAR(choice_wait_ns(1e3, 1000, 2e6, 1), 0); /* one in a thousand waits */
  cr_expect(isinf(choice_wait_ns(1e6, 1000, 2e6, 1)));
}

/* Whether a sentence below the answer has these words. */
static bool mentions(const struct choices *choices, const char *words) {
  OWNED_DOCUMENT struct document document = {0};
  bool found = false;
  content_choices(&document, choices, false);
  for (size_t b = 0; b < document.block_count; b++)
    found = found || (!document.blocks[b].table && strstr(document.blocks[b].text.text, words));
  return found;
}

Test(choice, cores_that_slow_each_other_down_count_less) {
  struct result *result = plain();
  static const enum assay_alg algs[] = {ASSAY_RS256, ASSAY_ES256};
  for (int i = 0; i < 2; i++) {
    struct result_scaling *row = result_add_scaling(result);
    result_set(&row->subject, "openssl");
    result_set(&row->alg, assay_alg_name(algs[i]));
    row->key_bits = i ? 0 : 2048;
    row->threads = 2;
    row->of_one = 1.6;
  }
  struct choices choices = chosen(result, wish_of(44000)); /* 1.276 alone, 1.595 together; 1.4 is the limit */
  cr_expect_eq(choices.items[0].cores_needed, 3);
  NEAR(choices.items[0].ns_together, 36250);
  cr_expect_not(mentions(&choices, "What cores do together"), "an older result does not tell");
  result->machine.cores = result->machine.cpus = 2;
  cr_expect(mentions(&choices, "was measured with 2 threads; cores are not visible here: the 2 CPUs may be"));
  result->machine.physical_cores = 1;
  cr_expect(
      mentions(&choices, "was measured with 2 threads on the 2 halves of one core: what is counted as a"));
  result->machine.physical_cores = 2;
  cr_expect(mentions(&choices, "What cores do together was measured with 2 threads on 2 cores."));
  choices_fini(&choices);
  result_free(result);
}

static bool has_cell(const struct document *document, const char *text) {
  bool found = false;
  for (size_t b = 0; b < document->block_count; b++) {
    const struct document_table *table = document->blocks[b].table;
    for (size_t r = 0; table && r < table->row_count; r++)
      for (size_t c = 0; c < table->rows[r].cell_count; c++)
        found = found || strcmp(table->rows[r].cells[c].forms[FORM_FULL], text) == 0;
  }
  return found;
}

Test(choice, histograms_give_the_p99_of_the_mix) {
  struct result *result = plain();
  for (int i = 0; i < 2; i++) {
    struct result_histogram *histogram = &result->speed[i].histogram;
    histogram_add_slot(histogram, hist_slot_low(hist_slot(i ? 50000 : 20000)), i ? 900 : 9900);
    histogram_add_slot(histogram, hist_slot_low(hist_slot(i ? 90000 : 30000)), 100);
  }
  /* ES256 above 90 us: 10 % of 30 %, which is 3 %. */
  struct choices choices = chosen(result, wish_of(100));
  cr_expect_not(choices.items[0].p99_is_worst);
  cr_expect_float_eq(choices.items[0].p99_ns, 90000, 100);
  choices_fini(&choices);
  /* With 5 % of ES256 it is 0.5 %, and what lies below decides. */
  struct choice_wish wish = wish_of(100);
  wish.mix[0].share = 95;
  wish.mix[1].share = 5;
  choices = chosen(result, wish);
  cr_expect_float_eq(choices.items[0].p99_ns, 50000, 100);
  choices_fini(&choices);
  result_free(result);
}

/* As the tables tell no percentile with fewer than ten samples beyond it: 299 of ES256 at 30 % of the tokens
 * are one too few. */
Test(choice, too_few_samples_promise_no_latency) {
  struct result *result = plain();
  for (int i = 0; i < 2; i++) {
    struct result_speed *row = &result->speed[i];
    histogram_add_slot(&row->histogram, hist_slot_low(hist_slot(i ? 50000 : 20000)), i ? 299 : 1000);
    row->p99_ns = i ? NAN : 20000;
  }
  speed_add_missing(&result->speed[1], "p99_ns", "too few samples");
  struct choice_wish wish = wish_of(100);
  struct choices choices = chosen(result, wish);
  cr_expect(isnan(choices.items[0].p99_ns));
  struct document document = {0};
  content_choices(&document, &choices, true);
  cr_expect(has_cell(&document, "too few samples"));
  document_fini(&document);
  choices_fini(&choices);
  wish.latency_ns = 5e6;
  choices = chosen(result, wish);
  cr_assert_eq(choices.usable, 0);
  cr_expect_str_eq(choices.items[0].out,
                   "p99 of ES256 is not known (too few samples), so that 5.00 ms cannot be promised");
  choices_fini(&choices);
  result->speed[1].histogram.counts[0] = 300;
  choices = chosen(result, wish);
  cr_expect_eq(choices.usable, 1);
  cr_expect_float_eq(choices.items[0].p99_ns, 50000, 100);
  choices_fini(&choices);
  result_free(result);
}

/* Whether a sentence of the report is this one. */
static bool says(const struct choices *choices, const char *sentence) {
  struct document document = {0};
  bool found = false;
  content_choices(&document, choices, false);
  for (size_t b = 0; b < document.block_count; b++)
    found = found || (!document.blocks[b].table && strcmp(document.blocks[b].text.text, sentence) == 0);
  document_fini(&document);
  return found;
}

/* The first sentence, with 29 us a token. */
Test(choice, the_answer_comes_first_in_words) {
  struct result *result = plain();
  static const struct {
    double rate, latency_ns;
    unsigned cores;
    const char *sentence, *arithmetic;
  } cases[] = {
      {20000, NAN, 0,
       "assay choose: openssl would, with 1 core: busy 58.0 % of the time, with room for 24.1 k tokens/s.",
       "openssl: 70 % x 20.0 us + 30 % x 50.0 us = 29.0 us a token; x 20,000 tokens/s = 0.580 "
       "core-seconds a second; / 70 % = 0.829, so 1 core; p99 100 us + 172 us of waiting = 272 us."},
      {20000, NAN, 4,
       "assay choose: openssl would, with 1 core; the 4 there are would be busy 14.5 % of the time, with room "
       "for 96.6 k tokens/s.",
       "openssl: 70 % x 20.0 us + 30 % x 50.0 us = 29.0 us a token; x 20,000 tokens/s = 0.580 "
       "core-seconds a second; / 70 % = 0.829, so 1 core; p99 100 us with no waiting."},
      {120000, NAN, 4,
       "assay choose: openssl would not, with 4 cores. openssl would, with 5 cores; with 4 it carries 96.6 k "
       "tokens/s.",
       "openssl: 70 % x 20.0 us + 30 % x 50.0 us = 29.0 us a token; x 120,000 tokens/s = 3.48 core-seconds "
       "a second; / 70 % = 4.97, so 5 cores; p99 100 us before any waiting."},
      {20000, 101000, 0,
       "assay choose: openssl would, with 4 cores: busy 14.5 % of the time, with room for 29.4 k tokens/s.",
       "openssl: 70 % x 20.0 us + 30 % x 50.0 us = 29.0 us a token; x 20,000 tokens/s = 0.580 "
       "core-seconds a second; / 70 % = 0.829, so 4 cores, since on fewer too many wait longer than 101 us; "
       "p99 100 us with no waiting, target 101 us."},
      {20000, 90000, 0,
       "assay choose: openssl would not. No number of cores helps: 99 % within 90.0 us was asked for, and the "
       "nearest is openssl with 100 us before any waiting.",
       "openssl: 70 % x 20.0 us + 30 % x 50.0 us = 29.0 us a token; x 20,000 tokens/s = 0.580 "
       "core-seconds a second; / 70 % = 0.829, so 1 core for the work alone; p99 100 us before any waiting, "
       "target 90.0 us."},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct choice_wish wish = wish_of(cases[i].rate);
    wish.latency_ns = cases[i].latency_ns;
    wish.cores = cases[i].cores;
    struct choices choices = chosen(result, wish);
    struct document document = {0};
    content_choices(&document, &choices, false);
    cr_expect_str_eq(document.blocks[0].text.text, cases[i].sentence);
    document_fini(&document);
    cr_expect(says(&choices, cases[i].arithmetic), "case %zu: nothing says: %s", i, cases[i].arithmetic);
    choices_fini(&choices);
  }
  result_free(result);
}

/* The nearest to what was asked for, before those that nothing would help. */
Test(choice, where_nobody_can_the_nearest_is_named) {
  struct result *result = plain();
  add_speed(result, "slower", ASSAY_RS256, 80000);
  add_speed(result, "slower", ASSAY_ES256, 80000);
  add_speed(result, "faster", ASSAY_RS256, 10000);
  add_speed(result, "faster", ASSAY_ES256, 10000)->verdicts_ok = false;
  struct choice_wish wish = wish_of(120000);
  wish.cores = 4;
  struct choices choices = chosen(result, wish);
  cr_expect(says(&choices, "assay choose: none of the 3 subjects would, with 4 cores. openssl would, with 5 "
                           "cores; with 4 it carries 96.6 k tokens/s."));
  cr_expect_str_eq(choices.items[2].subject, "faster");
  choices_fini(&choices);
  result_free(result);
}

static size_t tables_of(const struct choices *choices, bool all) {
  struct document document = {0};
  size_t count = 0;
  content_choices(&document, choices, all);
  for (size_t b = 0; b < document.block_count; b++)
    count += document.blocks[b].table != NULL;
  document_fini(&document);
  return count;
}

/* 0.7 of each core at 29 us. */
Test(choice, verbose_shows_each_algorithm_and_what_more_cores_carry) {
  struct result *result = plain();
  struct choices choices = chosen(result, wish_of(20000));
  struct document document = {0};
  cr_expect_eq(tables_of(&choices, false), 1);
  cr_expect_eq(tables_of(&choices, true), 3);
  content_choices(&document, &choices, true);
  static const char *const cells[] = {"19.8 us to 20.2 us", "48.3 %", "51.7 %", "24.1 k", "48.3 k", "1.54 M"};
  for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
    cr_expect(has_cell(&document, cells[i]), "no cell '%s'", cells[i]);
  document_fini(&document);
  choices_fini(&choices);
  result_free(result);
}

static void add_launches(struct result *result, const char *subject, const double *times, size_t count) {
  static const double ns[] = {20000, 50000};
  for (int i = 0; i < 2; i++) {
    struct result_speed *row = add_speed(result, subject, i ? ASSAY_ES256 : ASSAY_RS256, 0);
    for (size_t launch = 0; launch < count; launch++)
      speed_add_sample(row, ns[i] * times[launch]);
    row->ns = ns[i] * times[count / 2];
  }
}

/* Also where the counts of cores differ, as 5 and 6 do here. */
Test(choice, an_order_that_is_not_resolved_is_told) {
  static const double base[] = {1, 1, 1, 1, 1, 1, 1, 1, 1},
                      tie[] = {0.99, 1.02, 1.03, 0.98, 1.02, 1.02, 1.01, 1, 1.03};
  static const double clear[] = {1.8, 1.9, 1.7, 2, 2.1, 2.2, 1.9, 1.9, 1.7};
  static const double other[] = {1.9, 1.8, 1.9, 2, 2.11, 2.1, 2, 2, 1.9};
  struct result *result = result_new();
  sample_fill_head(result);
  add_launches(result, "openssl", base, 9);
  add_launches(result, "near", tie, 9);
  add_launches(result, "far", clear, 9);
  add_launches(result, "farther", other, 9);
  struct choices choices = chosen(result, wish_of(120000));
  cr_assert_eq(choices.usable, 4);
  cr_assert_lt(choices.items[0].cores_needed, choices.items[1].cores_needed);
  cr_expect_str_eq(choices.items[1].subject, "near");
  cr_expect(says(&choices, "That it comes before near is not resolved: this run cannot tell them apart."));
  cr_expect(says(&choices, "Behind it, this run cannot tell apart far and farther."));
  cr_expect(choices.items[2].behind.resolved);
  NEAR(choices.items[2].behind.times, 1.9);
  choices_fini(&choices);
  for (size_t i = 0; i < result->speed_count; i++)
    result->speed[i].sample_count = 1;
  result->run.launches = 1;
  choices = chosen(result, wish_of(120000));
  cr_expect(says(&choices,
                 "One launch is too few for an interval: that it comes before near, far and farther is not "
                 "resolved, and neither is their order."));
  choices_fini(&choices);
  result_free(result);
}

static void add_cost(struct result *result, const char *alg, const char *reason, double ns) {
  struct result_rejection_cost *row = result_add_rejection_cost(result);
  result_set(&row->subject, "openssl");
  result_set(&row->alg, alg);
  result_set(&row->reason, reason);
  row->ns = ns;
}

Test(choice, the_dearest_bad_token_of_the_mix_says_how_many_are_survived) {
  struct result *result = plain();
  add_cost(result, "RS256", "compact-split.too-long", 500);
  add_cost(result, "RS256", "signature.invalid", 42000);
  add_cost(result, "ES512", "signature.invalid", 900000); /* not in the mix */
  struct choices choices = chosen(result, wish_of(20000));
  NEAR(choices.items[0].bad_ns, 42000);
  NEAR(choices.items[0].bad_per_s, 10000); /* 0.42 s of the core are left */
  NEAR(choices.items[0].bad_share, 1.0 / 3);
  cr_expect_str_eq(choices.items[0].bad_what, "signature.invalid");
  choices_fini(&choices);
  result_free(result);
}

Test(choice, rows_with_a_share_of_bad_tokens_tell_it_too) {
  struct result *result = plain();
  struct result_speed *row = add_speed(result, "openssl", ASSAY_RS256, 25500);
  row->bad_share = 0.25; /* 0.75 x 20 us + 0.25 x 42 us */
  struct choices choices = chosen(result, wish_of(20000));
  NEAR(choices.items[0].bad_ns, 42000);
  choices_fini(&choices);
  result_free(result);
}

/* The clause why the second subject is out. */
static void expect_out(const struct result *result, struct choice_wish wish, const char *why) {
  struct choices choices = chosen(result, wish);
  cr_assert_eq(choices.count, 2);
  cr_assert_eq(choices.usable, 1, "expected: %s", why);
  cr_expect_not_null(strstr(choices.items[1].out, why), "'%s' is not in: %s", why, choices.items[1].out);
  choices_fini(&choices);
}

Test(choice, who_is_out_is_told_why) {
  struct result *result = plain();
  struct choice_wish wish = wish_of(20000);
  struct result_speed *first = add_speed(result, "other", ASSAY_RS256, 10000);
  expect_out(result, wish, "ES256 was not measured");
  struct result_speed *row = add_speed(result, "other", ASSAY_ES256, NAN);
  first = &result->speed[2]; /* rows move when one is appended */
  speed_add_missing(row, "ns", "not in this library");
  expect_out(result, wish, "ES256: not in this library");
  row->ns = row->ns_low = row->ns_high = 60000;
  first->verdicts_ok = false;
  expect_out(result, wish, "RS256 2048: wrong verdicts in the measured loop");
  first->verdicts_ok = true;
  wish.latency_ns = 110000;
  row->p99_ns = 120000;
  expect_out(result, wish, "p99 of 120 us is over the target of 110 us");
  row->p99_ns = NAN;
  speed_add_missing(row, "p99_ns", "too few samples");
  expect_out(result, wish, "p99 of ES256 is not known (too few samples)");
  row->p99_ns = 70000;
  row->ns = 100000;
  wish.latency_ns = NAN;
  wish.cores = 1;
  expect_out(result, wish, "needs 2 cores, there is 1");
  result_free(result);
}

Test(choice, wrong_verdicts_are_out_only_where_they_concern_the_mix) {
  struct result *result = plain();
  add_speed(result, "other", ASSAY_RS256, 10000);
  add_speed(result, "other", ASSAY_ES256, 10000);
  struct result_verdict *wrong =
      sample_verdict(result, "other", "alg-none", "signature", ASSAY_HS256, "reject signature.invalid");
  wrong->right = 6;
  wrong->accepted = 2;
  struct choices choices = chosen(result, wish_of(20000));
  cr_assert_eq(choices.usable, 2);
  cr_expect_str_eq(choices.items[0].subject, "other");
  cr_expect_not_null(strstr(choices.items[0].aside, "2 tokens of algorithms outside the mix"));
  choices_fini(&choices);
  result_set(&wrong->alg, "RS256");
  expect_out(result, wish_of(20000), "accepted bad tokens: 2 tokens of 1 class, such as alg-none");
  wrong->level = LEVEL_PRIMITIVE; /* a finding, and behind our guards none */
  choices = chosen(result, wish_of(20000));
  cr_expect_eq(choices.usable, 2);
  choices_fini(&choices);
  result_free(result);
}

Test(choice, no_figure_is_made_up_and_the_report_says_what_is_missing) {
  struct result *result = plain();
  result_free(result);
  result = result_new();
  sample_fill_head(result);
  add_speed(result, "openssl", ASSAY_RS256, 20000);
  struct choice_wish wish = {
      .mix = {{"RS256", 0, 1}}, .mix_count = 1, .rate_per_s = 9e4, .latency_ns = NAN, .busy_limit = 0.7};
  struct choices choices = chosen(result, wish);
  static const char *const said[] = {"holds no verdicts", "not hold what it costs to refuse",
                                     "no threads measured side by side", "Waiting is an estimate"};
  for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
    cr_expect(mentions(&choices, said[i]), "nothing says '%s'", said[i]);
  choices_fini(&choices);
  result_free(result);
}

Test(choice, sanitizer_results_and_unmeasured_algorithms_are_refused) {
  struct result *result = plain();
  struct choices choices;
  struct assay_error error = {0};
  struct choice_wish wish = wish_of(1);
  wish.mix[1].alg = "ES512";
  cr_expect_not(choose(&choices, result, &wish, &error));
  cr_expect_not_null(strstr(error.text, "ES512; measured are: RS256:2048, ES256"), "%s", error.text);
  choices_fini(&choices);
  result_set(&result->tool.sanitizer, "address");
  wish = wish_of(1);
  cr_expect_not(choose(&choices, result, &wish, &error));
  cr_expect_not_null(strstr(error.text, "sanitizers"), "%s", error.text);
  choices_fini(&choices);
  result_free(result);
}

/* ---- the command ---- */

static char folder[64];

static void set_up(void) {
  char path[96];
  snprintf(folder, sizeof folder, "%s", fresh_folder());
  snprintf(path, sizeof path, "%s/r.json", folder);
  sample_write(path);
}

static void tear_down(void) {
  shell("rm -rf %s", folder);
}

TestSuite(cli_choose, .init = set_up, .fini = tear_down);

static const struct ran *choose_with(const char *arguments) {
  return shell("cd %s && " BIN "/assay choose %s 2>&1", folder, arguments);
}

Test(cli_choose, the_table_and_the_json_agree) {
  const struct ran *ran = choose_with("r.json --mix RS256=70,ES256=30 --rate 20k --latency 2ms --cores 4");
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "Can carry it"), "%s", ran->out);
  cr_expect_null(strstr(ran->out, "nan"), "%s", ran->out);
  cr_expect_null(strchr(ran->out, '\x1b'), "%s", ran->out);
  ran = choose_with("r.json --mix RS256=70,ES256=30 --rate 20k --json");
  json_t *json = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(json, "%s", ran->out);
  cr_expect_str_eq(json_string_value(json_object_get(json, "schema")), "assay-choice/1");
  const json_t *subjects = json_object_get(json, "subjects");
  cr_expect(json_is_null(json_object_get(json_array_get(subjects, 0), "behind")));
  NEAR(json_number_value(json_object_get(json_object_get(json_array_get(subjects, 1), "behind"), "ratio")),
       1.18);
  json_decref(json);
}

Test(cli_choose, nobody_who_can_is_exit_code_1) {
  cr_expect_eq(choose_with("r.json --mix RS256 --rate 20k --latency 1us")->code, 1);
}

Test(cli_choose, bad_input_is_one_sentence) {
  COMPLAINS(choose_with("r.json --mxi RS256"), "--mix");
  COMPLAINS(choose_with("r.json --mix"), "--mix", "needs a value");
  COMPLAINS(choose_with("r.json --mix RS265 --rate 1"), "RS265", "RS256");
  COMPLAINS(choose_with("r.json --mix RS256=x --rate 1"), "'x'");
  COMPLAINS(choose_with("r.json --mix RS256=0 --rate 1"), "'0'");
  COMPLAINS(choose_with("r.json --mix RS256=nan --rate 1"), "'nan'");
  COMPLAINS(choose_with("r.json --mix RS256:big --rate 1"), "'big'");
  COMPLAINS(choose_with("r.json --mix RS256,RS256 --rate 1"), "twice");
  COMPLAINS(choose_with("r.json --mix , --rate 1"), "no algorithm");
  COMPLAINS(choose_with("r.json --mix RS256:1024 --rate 1"), "r.json", "RS256 1024", "RS256:2048");
  COMPLAINS(choose_with("r.json --rate 1"), "--mix is missing");
  COMPLAINS(choose_with("r.json --mix RS256"), "--rate is missing");
  COMPLAINS(choose_with("r.json --mix RS256 --rate -5"), "'-5'");
  COMPLAINS(choose_with("r.json --mix RS256 --rate 5 --latency 2"), "unit", "'2'");
  COMPLAINS(choose_with("r.json --mix RS256 --rate 5 --cores 0"), "--cores");
  COMPLAINS(choose_with("r.json --mix RS256 --rate 5 --busy 100"), "--busy");
  COMPLAINS(choose_with("r.json --mix RS256 --rate 5 --json=1"), "--json takes no value");
  COMPLAINS(choose_with("--mix RS256 --rate 5"), "one result file");
  COMPLAINS(choose_with("none.json --mix RS256 --rate 5"), "none.json");
}
