/* assay advise: every answer that a result can give, on results made up for it; the command; one short run. */
#include "build_facts.h"
#include "harness/base/error.h"
#include "reports/advise/advice.h"
#include "tests/stored_results.h"

#define LAUNCHES 12

static void add_side(struct result *result, const char *name, const char *version) {
  struct result_subject *subject = result_add_subject(result);
  result_set(&subject->name, name);
  result_set(&subject->kind, "backend");
  result_set(&subject->library, "OpenSSL");
  result_set(&subject->version, version);
  result_printf(&subject->path, "/opt/%s/lib/libcrypto.so.3", name);
  result_printf(&subject->sha256, "%s", version);
  result_set(&subject->module_sha256, "m");
  strings_add(&subject->algorithms, "RS256");
  strings_add(&subject->algorithms, "ES256");
}

static struct result_speed *add_time(struct result *result, const char *subject, enum assay_alg alg,
                                     double ns) {
  struct result_speed *row = sample_speed_row(result, subject, alg, alg == ASSAY_RS256 ? 2048 : 0, "verify");
  row->ns = ns;
  row->ns_low = ns * 0.99;
  row->ns_high = ns * 1.01;
  row->p99_ns = ns * 2;
  for (int i = 0; i < LAUNCHES; i++)
    speed_add_sample(row, ns * (1 + 0.0001 * i));
  return row;
}

/* reach: of the interval, either way, as a share. */
static void add_times(struct result *result, enum assay_alg alg, double from, double to, double reach) {
  add_time(result, "old", alg, from)->ratio = 1;
  struct result_speed *row = add_time(result, "new", alg, to);
  row->ratio = from / to;
  row->ratio_low = row->ratio * (1 - reach);
  row->ratio_high = row->ratio * (1 + reach);
  row->resolved = row->ratio_low > 1 || row->ratio_high < 1;
}

static struct result_verdict *add_asked(struct result *result, const char *subject) {
  return sample_verdict(result, subject, "exp-past", "registered-claims", ASSAY_RS256,
                        "reject registered-claims.expired");
}

/* RS256 and ES256: times of the new one over those of the old. */
static struct result *pair(double rs256, double es256, double reach) {
  struct result *result = result_new();
  sample_fill_head(result);
  sample_fill_place(result);
  result->machine.cores = 4;
  result_set(&result->machine.hypervisor, "none");
  result_set(&result->reference, "old");
  add_side(result, "old", "3.0.22");
  add_side(result, "new", "3.5.7");
  add_times(result, ASSAY_RS256, 100000, 100000 * rs256, reach);
  add_times(result, ASSAY_ES256, 200000, 200000 * es256, reach);
  add_asked(result, "old");
  add_asked(result, "new");
  return result;
}

static struct result_drift *add_drift(struct result *result, const char *class_id, const char *expected,
                                      const char *was, const char *is) {
  struct result_drift *drift = result_add_drift(result);
  result_set(&drift->class_id, class_id);
  result_set(&drift->alg, "RS256");
  result_printf(&drift->example, "signature/%s/RS256/0001", class_id);
  result_set(&drift->expected, expected);
  drift->tokens = 6;
  const char *const answers[][2] = {{"old", was}, {"new", is}};
  for (int i = 0; i < 2; i++) {
    struct result_answer *answer = drift_add_answer(drift);
    result_set(&answer->subject, answers[i][0]);
    result_set(&answer->answer, answers[i][1]);
  }
  return drift;
}

static const struct advice_wish plain_wish = {.mix = {.latency_ns = NAN, .busy_limit = 0.7},
                                              .threshold = 0.05};

/* 130 us a token of the old one. */
static struct advice_wish mix_at(double rate) {
  struct advice_wish wish = plain_wish;
  wish.mix.mix[0] = (struct choice_share){"RS256", 0, 70};
  wish.mix.mix[1] = (struct choice_share){"ES256", 0, 30};
  wish.mix.mix_count = 2;
  wish.mix.rate_per_s = rate;
  return wish;
}

static struct advice advised(const struct result *result, struct advice_wish wish) {
  struct assay_error error = {0};
  struct advice advice;
  cr_assert(advise(&advice, result, "old", "new", &wish, &error), "%s", error.text);
  return advice;
}

/* Frees the result. */
static void answers(struct result *result, struct advice_wish wish, enum advice_answer answer,
                    const char *sentence) {
  struct advice advice = advised(result, wish);
  char *said = advice_sentence(&advice);
  cr_expect_eq(advice.answer, answer, "%d: %s", advice.answer, said);
  cr_expect_str_eq(said, sentence);
  free(said);
  advice_fini(&advice);
  result_free(result);
}

/* Whether a note says so. */
static bool notes(const struct advice *advice, const char *about, const char *text) {
  for (size_t i = 0; i < advice->note_count; i++)
    if (strcmp(advice->notes[i].about, about) == 0 && strstr(advice->notes[i].text, text))
      return true;
  return false;
}

static bool has_no_notes(const struct advice *advice) {
  return advice->note_count == 0;
}

/* ---- go ---- */

Test(advise, what_verifies_the_mix_with_fewer_cores_is_a_reason_to_go) {
  answers(
      pair(0.7, 0.7, 0.01), mix_at(20000), ADVICE_GO,
      "Go: new verifies your mix with 3 cores instead of 4; no verdict changes; RS256 2048 is 1.43 times as "
      "fast [1.41, 1.44], and 1 more algorithm is faster.");
}

Test(advise, without_a_rate_the_mix_has_a_ratio) {
  answers(
      pair(1, 0.5, 0.01), mix_at(0), ADVICE_GO,
      "Go: new verifies your mix 1.30 times as fast [1.30, 1.30]; no verdict changes; ES256 is 2.00 times as fast "
      "[1.98, 2.02].");
}

Test(advise, without_a_mix_every_algorithm_counts) {
  answers(pair(1, 0.5, 0.01), plain_wish, ADVICE_GO,
          "Go: no verdict changes; ES256 is 2.00 times as fast [1.98, 2.02].");
}

Test(advise, an_algorithm_more_is_a_reason_to_go) {
  struct result *result = pair(1, 1, 0.01);
  strings_add(&result->subjects[1].algorithms, "EdDSA");
  speed_add_missing(sample_speed_row(result, "old", ASSAY_ED25519, 0, "verify"), "ns", "not in this library");
  add_time(result, "new", ASSAY_ED25519, 90000);
  answers(
      result, plain_wish, ADVICE_GO,
      "Go: no verdict changes; new has EdDSA, which old lacks; no algorithm is slower or faster by more than 5 %.");
}

Test(advise, what_is_mended_is_a_reason_to_go) {
  struct result *result = pair(1, 1, 0.01);
  add_drift(result, "sig-high-s", "reject signature.invalid", "accept", "reject signature.invalid");
  answers(
      result, plain_wish, ADVICE_GO,
      "Go: 6 tokens are answered otherwise, none worse; no algorithm is slower or faster by more than 5 %.");
}

/* ---- no difference ---- */

Test(advise, what_is_within_the_threshold_is_no_difference) {
  answers(pair(1.02, 0.98, 0.01), plain_wish, ADVICE_SAME,
          "No difference: no verdict changes; no algorithm is slower or faster by more than 5 %.");
  answers(pair(1.02, 0.98, 0.01), mix_at(20000), ADVICE_SAME,
          "No difference: new verifies your mix with 4 cores, as old does; no verdict changes.");
}

/* Its launches lie far apart, but those of both sides not in the same way. */
Test(advise, a_mix_is_known_no_worse_than_its_algorithms) {
  struct result *result = pair(1, 1, 0.01);
  for (size_t i = 0; i < result->speed_count; i += 2)
    for (size_t launch = 0; launch < 6; launch++)
      result->speed[i].samples[launch] *= 0.7;
  answers(result, mix_at(20000), ADVICE_SAME,
          "No difference: new verifies your mix with 4 cores, as old does; no verdict changes.");
}

/* 3 cores and 4, since the time lies at the edge. */
Test(advise, cores_that_differ_by_chance_are_no_difference) {
  struct advice_wish only = mix_at(20990);
  only.mix.mix_count = 1;
  struct result *result = pair(1.005, 1, 0.01);
  struct advice advice = advised(result, only);
  cr_expect_eq(advice.cost_from->cores_needed, 3);
  cr_expect_eq(advice.cost_to->cores_needed, 4);
  cr_expect(notes(&advice, "cores", "more of them is within what this run can tell"));
  advice_fini(&advice);
  answers(result, only, ADVICE_SAME,
          "No difference: new verifies your mix 0.995 times as fast [0.985, 1.00]; no verdict changes.");
}

Test(advise, two_names_of_one_build_are_no_difference) {
  struct result *result = pair(1, 1, 0.5);
  for (int i = 0; i < 2; i++) {
    result_set(&result->subjects[i].version, "3.0.22");
    result_set(&result->subjects[i].sha256, "same");
  }
  answers(result, plain_wish, ADVICE_SAME,
          "No difference: old and new are the same library and module, byte for byte.");
}

/* Of which nothing is expected: told, and no reason to wait. */
Test(advise, answers_to_what_is_not_scored_are_told_and_decide_nothing) {
  struct result *result = pair(1, 1, 0.01);
  add_drift(result, "ed-cofactor", "any", "reject signature.invalid", "accept");
  add_drift(result, "ed-small-order", "any", "accept", "reject key-import.invalid-key");
  struct advice advice = advised(result, plain_wish);
  cr_expect_eq(advice.answer, ADVICE_SAME);
  cr_assert_eq(advice.change_count, 2);
  cr_expect_eq(advice.changes[0].kind, CHANGE_LAXER);
  cr_expect_eq(advice.changes[1].kind, CHANGE_STRICTER);
  cr_expect(
      notes(&advice, "verdicts", "laxer, where no one answer is expected: 6 tokens, such as of ed-cofactor"));
  cr_expect(notes(&advice, "verdicts", "stricter"));
  advice_fini(&advice);
  result_free(result);
}

/* ---- wait ---- */

Test(advise, laxer_verdicts_are_a_reason_to_wait_however_fast) {
  struct result *result = pair(0.5, 0.5, 0.01);
  add_drift(result, "hdr-bom", "reject header-json.bom", "accept", "reject header-json.bom");
  add_drift(result, "typ-case", "reject header-policy.typ-wrong", "reject header-policy.typ-wrong", "accept")
      ->severity = SEVERITY_FORM;
  add_drift(result, "sig-high-s", "reject signature.invalid", "reject signature.invalid", "accept")
      ->severity = SEVERITY_FORGERY;
  add_drift(result, "exp-boundary", "accept", "accept", "reject registered-claims.expired");
  answers(
      result, mix_at(20000), ADVICE_WAIT_VERDICTS,
      "Wait: new accepts bad tokens that old refuses: 12 tokens of 2 classes, such as sig-high-s (forgery); 6 more "
      "tokens answered worse.");
}

Test(advise, how_an_answer_is_worse_is_told_worst_first) {
  static const struct {
    const char *expected, *was, *is;
    enum change_kind kind;
  } cases[] = {{"reject signature.invalid", "reject signature.invalid", "accept", CHANGE_ACCEPTS},
               {"any", "accept", "crash", CHANGE_BREAKS},
               {"accept", "accept", "reject signature.invalid", CHANGE_REFUSES},
               {"reject signature.invalid", "reject signature.invalid", "reject registered-claims.expired",
                CHANGE_WORSE},
               {"any", "reject signature.invalid", "accept", CHANGE_LAXER},
               {"any", "accept", "reject signature.invalid", CHANGE_STRICTER},
               {"reject header-policy.*", "reject signature.invalid", "reject registered-claims.expired",
                CHANGE_REASON},
               {"accept", "hang", "accept", CHANGE_MENDED}};
  struct result *result = pair(1, 1, 0.01);
  size_t count = sizeof cases / sizeof cases[0];
  for (size_t i = count; i-- > 0;)
    add_drift(result, "some-class", cases[i].expected, cases[i].was, cases[i].is);
  struct advice advice = advised(result, plain_wish);
  cr_assert_eq(advice.change_count, count);
  for (size_t i = 0; i < count; i++)
    cr_expect_eq(advice.changes[i].kind, cases[i].kind, "%s: %s, then %s: %s", cases[i].expected,
                 cases[i].was, cases[i].is, change_word(advice.changes[i].kind));
  advice_fini(&advice);
  result_free(result);
}

Test(advise, wrong_as_before_is_still_wrong) {
  struct result *result = pair(0.5, 0.5, 0.01);
  result->verdicts[1].right = 6;
  result->verdicts[1].accepted = 2;
  answers(result, plain_wish, ADVICE_WAIT_VERDICTS, "Wait: new answers 2 tokens wrongly, and so does old.");
}

Test(advise, a_wrong_verdict_in_the_measured_loop_is_a_reason_to_wait) {
  struct result *result = pair(0.5, 0.5, 0.01);
  result->speed[1].verdicts_ok = false;
  answers(result, plain_wish, ADVICE_WAIT_VERDICTS,
          "Wait: new answers tokens of RS256 wrongly while it is measured.");
}

Test(advise, a_lost_algorithm_is_a_reason_to_wait_where_it_counts) {
  struct result *result = pair(1, 0.5, 0.01);
  strings_add(&result->subjects[0].algorithms, "EdDSA");
  add_time(result, "old", ASSAY_ED25519, 90000);
  speed_add_missing(sample_speed_row(result, "new", ASSAY_ED25519, 0, "verify"), "ns", "not in this library");
  struct advice advice = advised(result, mix_at(20000));
  cr_expect_eq(advice.answer, ADVICE_GO, "it is not in the mix");
  cr_expect(notes(&advice, "algorithms", "new has no EdDSA, which old has"));
  advice_fini(&advice);
  answers(result, plain_wish, ADVICE_WAIT_COST,
          "Wait: new has no EdDSA; no verdict changes; ES256 is 2.00 times as fast [1.98, 2.02].");
}

Test(advise, slower_is_a_reason_to_wait_where_it_counts) {
  struct advice_wish only = plain_wish;
  only.mix.mix[0] = (struct choice_share){"RS256", 0, 1};
  only.mix.mix_count = 1;
  answers(
      pair(0.8, 1.9, 0.01), plain_wish, ADVICE_WAIT_COST,
      "Wait: ES256 is 0.526 times as fast [0.521, 0.532]; no verdict changes; RS256 2048 is 1.25 times as fast "
      "[1.24, 1.26].");
  answers(
      pair(1.9, 1.9, 0.01), mix_at(20000), ADVICE_WAIT_COST,
      "Wait: new verifies your mix with 8 cores instead of 4, 0.526 times as fast [0.526, 0.526]; RS256 2048 is "
      "0.526 times as fast [0.521, 0.532], and 1 more algorithm is slower; no verdict changes.");
  struct result *result = pair(0.8, 1.9, 0.01);
  struct advice advice = advised(result, only);
  cr_expect_eq(advice.answer, ADVICE_GO);
  cr_expect(notes(&advice, "speed", "slower by more than 5 %: ES256 0.526 times as fast"));
  advice_fini(&advice);
  result_free(result);
}

/* ---- the run cannot tell ---- */

Test(advise, a_slowdown_that_is_not_ruled_out_is_no_answer) {
  answers(
      pair(0.5, 1.03, 0.06), plain_wish, ADVICE_UNKNOWN,
      "This run cannot tell: whether ES256 becomes slower by more than 5 % is not resolved; no verdict changes; "
      "RS256 2048 is 2.00 times as fast [1.88, 2.12].");
  struct result *result = pair(1, 1, 0.01);
  for (size_t i = 0; i < result->speed_count; i++) {
    result->speed[i].sample_count = 1;
    result->speed[i].ratio = result->speed[i].ratio_low = result->speed[i].ratio_high = NAN;
  }
  answers(
      result, mix_at(20000), ADVICE_UNKNOWN,
      "This run cannot tell: whether your mix becomes slower by more than 5 % is not resolved; no verdict changes.");
}

Test(advise, what_was_cut_off_is_no_answer) {
  struct result *result = pair(0.5, 0.5, 0.01);
  result->partial = true;
  answers(
      result, plain_wish, ADVICE_UNKNOWN,
      "This run cannot tell: it was interrupted; RS256 2048 is 2.00 times as fast [1.98, 2.02], and 1 more "
      "algorithm is faster.");
  result = pair(1, 1, 0.01);
  result->partial = true;
  add_drift(result, "sig-high-s", "reject signature.invalid", "reject signature.invalid", "accept");
  answers(result, plain_wish, ADVICE_WAIT_VERDICTS,
          "Wait: new accepts bad tokens that old refuses: 6 tokens of 1 class, such as sig-high-s.");
}

Test(advise, what_is_missing_is_no_answer) {
  struct result *result = pair(1, 1, 0.01);
  result->verdicts[1].tokens = result->verdicts[1].right = 5;
  answers(result, plain_wish, ADVICE_UNKNOWN,
          "This run cannot tell: new left 3 tokens without an answer; no verdict changes.");
  result = pair(1, 1, 0.01);
  result->speed[3].ns = NAN;
  speed_add_missing(&result->speed[3], "ns", "crashed");
  answers(result, plain_wish, ADVICE_UNKNOWN,
          "This run cannot tell: ES256 could not be measured with both; no verdict changes.");
  result = pair(1, 1, 0.01);
  result_set(&result->tool.sanitizer, "address");
  answers(result, mix_at(20000), ADVICE_UNKNOWN,
          "This run cannot tell: times of a sanitizer build mean nothing; no verdict changes.");
  result = pair(1, 1, 0.01);
  for (size_t i = 0; i < result->verdict_count; i++)
    result->verdicts[i].level = LEVEL_PRIMITIVE;
  answers(result, plain_wish, ADVICE_UNKNOWN, "This run cannot tell: nobody's verdicts were asked for.");
}

Test(advise, a_mix_that_the_one_before_cannot_verify_has_no_ratio) {
  struct result *result = pair(1, 1, 0.01);
  struct advice_wish wish = mix_at(20000);
  wish.mix.mix[1] = (struct choice_share){"EdDSA", 0, 30};
  strings_add(&result->subjects[1].algorithms, "EdDSA");
  speed_add_missing(sample_speed_row(result, "old", ASSAY_ED25519, 0, "verify"), "ns", "not in this library");
  add_time(result, "new", ASSAY_ED25519, 90000);
  answers(result, wish, ADVICE_GO,
          "Go: new verifies your mix with 3 cores; no verdict changes; new has EdDSA, which old lacks.");
}

Test(advise, a_result_without_the_two_or_the_mix_is_an_error) {
  struct result *result = pair(1, 1, 0.01);
  struct advice_wish wish = mix_at(20000);
  struct assay_error error = {0};
  struct advice advice;
  cr_expect_not(advise(&advice, result, "old", "newer", &plain_wish, &error));
  cr_expect_str_eq(error.text, "the result has no subject 'newer'; it has: old, new");
  advice_fini(&advice);
  wish.mix.mix[1].alg = "ES512";
  cr_expect_not(advise(&advice, result, "old", "new", &wish, &error));
  cr_expect_not_null(strstr(error.text, "no subject of the result was measured with ES512"), "%s",
                     error.text);
  advice_fini(&advice);
  result_free(result);
}

/* ---- what to watch ---- */

Test(advise, watches_memory_key_import_kinds_and_the_machine) {
  struct result *result = pair(1, 1, 0.01);
  struct advice advice = advised(result, plain_wish);
  cr_expect(has_no_notes(&advice), "%s", advice.note_count ? advice.notes[0].text : "");
  advice_fini(&advice);
  const char *const sides[] = {"old", "new"};
  for (int i = 0; i < 2; i++) {
    struct result_memory *memory = result_add_memory(result);
    result_set(&memory->subject, sides[i]);
    result_set(&memory->alg, MEMORY_PROCESS);
    memory->peak_rss_bytes = i ? 2.4e7 : 1.2e7;
    memory = result_add_memory(result);
    result_set(&memory->subject, sides[i]);
    result_set(&memory->alg, "RS256");
    memory->allocations_per_token = i ? 3 : 0;
    struct result_speed *row = add_time(result, sides[i], ASSAY_RS256, i ? 3e5 : 1e5);
    row->metric = METRIC_KEY_IMPORT;
  }
  result_set(&result->subjects[1].kind, "verifier");
  result->machine.cores = 1;
  result_set(&result->machine.hypervisor, "KVM");
  advice = advised(result, plain_wish);
  cr_expect(notes(&advice, "memory", "the process takes 24 MB at most instead of 12 MB"));
  cr_expect(notes(&advice, "memory", "more allocations a token: RS256"));
  cr_expect(notes(&advice, "key import", "slower by more than 5 %: RS256 2048 0.333 times as fast"));
  cr_expect(notes(&advice, "kinds",
                  "old is a crypto library behind assay's own checks, new checks tokens by itself"));
  cr_expect(notes(&advice, "machine", "one core"));
  cr_expect(notes(&advice, "machine", "a virtual machine (KVM)"));
  advice_fini(&advice);
  result_free(result);
}

/* ---- the page ---- */

static struct result *rich_pair(void) {
  struct result *result = pair(1.9, 0.5, 0.01);
  add_drift(result, "sig-high-s", "reject signature.invalid", "reject signature.invalid", "accept")
      ->severity = SEVERITY_FORGERY;
  for (int i = 0; i < 20; i++) {
    struct result_drift *drift = add_drift(result, "", "any", "accept", "reject signature.invalid");
    result_printf(&drift->class_id, "class-%d", i);
  }
  return result;
}

static char *page_of(const struct result *result, struct result_view view, const char *format) {
  char *text = NULL;
  size_t size = 0;
  struct document document = {0};
  struct advice advice = advised(result, mix_at(20000));
  FILE *stream = open_memstream(&text, &size);
  content_advice(&document, &advice, view.verbose);
  result_format_by_name(format)->put_document(&document, "Should I upgrade?", &view, stream);
  fclose(stream);
  document_fini(&document);
  advice_fini(&advice);
  return text;
}

Test(advise, the_page_fits_its_width_and_the_answer_comes_first) {
  struct result *result = rich_pair();
  for (int columns = 80; columns <= 100; columns += 20) {
    char *text = page_of(result, (struct result_view){.columns = columns}, "terminal");
    cr_expect_eq(strncmp(text, "Wait: new accepts bad tokens", 28), 0, "%.80s", text);
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
      if (!strstr(line, "assay check") ||
          strstr(line, "assay check") > strchr(line, '\n')) /* to be copied whole */
        cr_expect_leq(strcspn(line, "\n"), (size_t)columns, "%.*s", (int)strcspn(line, "\n"), line);
    cr_expect_not_null(strstr(text, "9 more: --verbose"));
    free(text);
  }
  char *all = page_of(result, (struct result_view){.columns = 100, .verbose = true}, "terminal");
  cr_expect_not_null(strstr(all, "class-19"));
  cr_expect_null(strstr(all, "more: --verbose"));
  free(all);
  result_free(result);
}

/* Whose median is of one group, by chance. */
Test(advise, times_of_launches_in_two_groups_are_marked) {
  struct result *result = pair(1, 1, 0.01);
  add_time(result, "old", ASSAY_ES256, 2000)->metric = METRIC_KEY_IMPORT;
  add_time(result, "new", ASSAY_ES256, 2000)->metric = METRIC_KEY_IMPORT;
  char *text = page_of(result, (struct result_view){.columns = 100}, "terminal");
  cr_expect_null(strstr(text, " ~ "), "%s", text);
  free(text);
  for (size_t i = 0; i < result->speed_count; i++)
    for (size_t launch = 0; launch < 5 && strcmp(result->speed[i].subject, "new") == 0; launch++)
      result->speed[i].samples[launch] *= 0.6;
  text = page_of(result, (struct result_view){.columns = 100}, "terminal");
  const char *imports = strstr(text, "Time of a key import");
  cr_assert_not_null(imports, "%s", text);
  cr_expect_lt(strstr(text, " ~ "), imports, "%s", text);
  cr_expect_not_null(strstr(imports, " ~ "), "%s", imports);
  cr_expect_not_null(strstr(imports, "~: launches lie far apart"), "%s", imports);
  free(text);
  result_free(result);
}

/* A fact is a sentence, of which no word is left out. */
Test(advise, facts_of_builds_that_differ_stay_whole) {
  struct result *result = pair(1, 1, 0.01);
  subject_add_fact(&result->subjects[0], "with tables: P-384 has code of its own", "inferred");
  subject_add_fact(&result->subjects[1], "without tables: P-384 runs on general code", "inferred");
  char *text = page_of(result, (struct result_view){.columns = 300}, "terminal");
  cr_expect_not_null(strstr(text,
                            "(with tables: P-384 has code of its own against without tables: P-384 runs on "
                            "general code)"),
                     "%s", text);
  free(text);
  result_free(result);
}

/* By the labels that the two had in the run, whether the user gave them or not. */
Test(advise, a_token_is_laid_open_with_the_two_as_they_were_named) {
  static const char *const named[][3] = {
      {"openssl", "openssl@/opt/x", "--subject old=openssl,new=openssl@/opt/x --explain"},
      {"old=openssl", "new=openssl@/opt/x", "--subject old=openssl,new=openssl@/opt/x --explain"}};
  for (int i = 0; i < 2; i++) {
    struct result *result = rich_pair();
    while (result->command.count > 1)
      free(result->command.items[--result->command.count]);
    const char *const words[] = {"advise", "--from", named[i][0], "--to", named[i][1]};
    for (int w = 0; w < 5; w++)
      strings_add(&result->command, words[w]);
    char *text = page_of(result, (struct result_view){.columns = 100}, "markdown");
    cr_expect_not_null(strstr(text, named[i][2]), "%s", text);
    free(text);
    result_free(result);
  }
}

Test(advise, hostile_names_drive_no_page) {
  struct result *result = sample_hostile();
  struct assay_error error = {0};
  struct advice advice;
  for (size_t i = 0; i < SAMPLE_HOSTILE; i++) {
    struct document document = {0};
    char label[400];
    snprintf(label, sizeof label, "%s:%s", sample_hostile_names[i], sample_hostile_names[i]);
    cr_assert(advise(&advice, result, "openssl", label, &plain_wish, &error), "%s", error.text);
    content_advice(&document, &advice, true);
    json_decref(advice_json(&advice));
    for (size_t b = 0; b < document.block_count; b++)
      if (!document.blocks[b].table)
        cr_expect_null(strchr(document.blocks[b].text.text, '\x1b'));
    document_fini(&document);
    advice_fini(&advice);
  }
  result_free(result);
}

/* ---- the command, on what is stored ---- */

static void set_up_stored(void) {
  set_up();
  keep("go.json", pair(0.7, 0.7, 0.01));
  keep("slow.json", pair(1.9, 1.9, 0.01));
  keep("noisy.json", pair(1, 1, 0.2));
  keep("wrong.json", rich_pair());
}

TestSuite(cli_advise, .init = set_up_stored, .fini = tear_down);

static const struct ran *advise_with(const char *arguments) {
  return shell("cd %s && " BIN "/assay advise %s 2>&1", folder, arguments);
}

Test(cli_advise, the_exit_code_is_the_answer) {
  static const struct {
    const char *file;
    int code;
    const char *begins;
  } cases[] = {{"go.json", 0, "Go: "},
               {"slow.json", 1, "Wait: "},
               {"wrong.json", 2, "Wait: "},
               {"noisy.json", 3, "This run cannot tell: "}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char line[200];
    snprintf(line, sizeof line, "%s --from old --to new", cases[i].file);
    const struct ran *ran = advise_with(line);
    cr_expect_eq(ran->code, cases[i].code, "%s", ran->out);
    cr_expect_eq(strncmp(ran->out, cases[i].begins, strlen(cases[i].begins)), 0, "%s", ran->out);
  }
  cr_expect_eq(advise_with("slow.json --from old --to new --threshold 100")->code, 0);
  cr_expect_eq(advise_with("slow.json --from new --to old")->code, 0);
}

Test(cli_advise, every_format_says_the_same) {
  const struct ran *ran =
      advise_with("wrong.json --from old --to new --mix RS256=70,ES256=30 --rate 20k --json");
  json_t *json = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(json, "%s", ran->out);
  cr_expect_str_eq(json_string_value(json_object_get(json, "schema")), "assay-advice/1");
  cr_expect_str_eq(json_string_value(json_object_get(json, "answer")), "wait: verdicts");
  cr_expect_eq(json_array_size(json_object_get(json, "changes")), 21);
  cr_expect_eq(json_array_size(json_object_get(json, "verify")), 2);
  cr_expect_str_eq(json_string_value(json_object_get(json_object_get(json, "mix"), "answer")), "slower");
  cr_expect_not_null(strstr(json_string_value(json_object_get(json, "builds_differ_in")), "3.5.7"));
  json_decref(json);
  ran = advise_with("go.json --from old --to new --format markdown");
  cr_expect_not_null(strstr(ran->out, "# Should I upgrade?\n"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "RS256 2048 is 1.43 times as fast"), "%s", ran->out);
  ran = advise_with("go.json --from old --to new --format html --output kept");
  cr_expect_not_null(strstr(ran->out, "<h1>Go: "), "%.300s", ran->out);
  cr_expect_eq(
      shell("cd %s/kept && grep -q '<h1>Go: ' advice.html && grep -q '^Go: ' advice.md && grep -q '\"go\"' "
            "advice.json && ! ls result.* 2>/dev/null",
            folder)
          ->code,
      0);
}

Test(cli_advise, bad_input_is_one_sentence) {
  COMPLAINS(advise_with("--to openssl"), "--from is missing");
  COMPLAINS(advise_with("--from openssl"), "--to is missing");
  COMPLAINS(advise_with("go.json --to new"), "--from is missing");
  COMPLAINS(advise_with("--from openssl --to openssl"), "the same subject, openssl", "openssl@PREFIX");
  COMPLAINS(advise_with("--from x=openssl --to x=openssl:init-per-call"), "two subjects are called 'x'");
  COMPLAINS(advise_with("--from opensl --to openssl"), "did you mean 'openssl'?");
  COMPLAINS(advise_with("--from null --to openssl"), "null does nothing");
  COMPLAINS(advise_with("--from openssl --to boringssl --rate 20"), "--rate needs --mix");
  COMPLAINS(advise_with("--from openssl --to boringssl --mix RS265"), "RS265", "RS256");
  COMPLAINS(advise_with("--from openssl --to boringssl --mix RS256,ES256 --alg RS256"),
            "--mix has ES256, which --alg leaves out");
  COMPLAINS(advise_with("--from openssl --to boringssl --threshold 0"), "--threshold");
  COMPLAINS(advise_with("go.json --from old --to new --budget 3"), "--budget is about measuring");
  COMPLAINS(advise_with("go.json --from old --to newer"), "go.json: ", "no subject 'newer'", "old, new");
  COMPLAINS(advise_with("go.json --from old --to new --mix EdDSA"),
            "no subject of the result was measured with EdDSA");
  COMPLAINS(advise_with("go.json slow.json --from old --to new"), "one result file");
  COMPLAINS(advise_with("none.json --from old --to new"), "none.json");
  COMPLAINS(advise_with("go.json --from old --to new --json --format html"), "exclude each other");
}

/* ---- a run ---- */

Test(cli_advise, one_run_asks_and_measures_both) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip_test("times of a sanitizer build are not told");
  const struct ran *ran =
      shell("cd %s && " BIN
            "/assay advise --from openssl --to openssl:init-per-call --alg HS256 --mix HS256 --rate 20k "
            "--budget 2 --corpus %s --json --output out 2>&1",
            folder, test_corpus());
  json_t *json = json_loads(ran->out, 0, NULL);
  cr_assert(json && (ran->code == 0 || ran->code == 1 || ran->code == 3), "%d: %s", ran->code, ran->out);
  const json_t *row = json_array_get(json_object_get(json, "verify"), 0);
  cr_expect_gt(json_number_value(json_object_get(row, "from_ns")), 0);
  cr_expect_gt(json_number_value(json_object_get(row, "to_ns")), 0);
  cr_expect(json_is_number(json_object_get(row, "ratio_low")), "an interval");
  cr_expect_gt(json_integer_value(json_object_get(json, "tokens")), 100);
  cr_expect_eq(json_array_size(json_object_get(json, "changes")), 0);
  json_decref(json);
  ran = shell("cd %s && ls out && " BIN
              "/assay advise out/result.json --from openssl --to openssl:init-per-call 2>&1",
              folder);
  cr_expect_not_null(
      strstr(ran->out, "advice.html\nadvice.json\nadvice.md\nresult.html\nresult.json\nresult.md\n"));
  cr_expect_neq(ran->code, 4, "%s", ran->out);
}

Test(cli_advise, what_cannot_be_measured_is_told_before_it_is_tried) {
  COMPLAINS(
      shell(BIN "/assay advise --from libjwt --to boringssl --mix Ed448 --corpus %s 2>&1", test_corpus()),
      "--mix has Ed448, which neither libjwt nor boringssl has");
  COMPLAINS(shell(BIN "/assay advise --from openssl --to boringssl --mix RS256:1024 --corpus %s 2>&1",
                  test_corpus()),
            "--mix has RS256 1024, of which corpus", "no valid token");
}
