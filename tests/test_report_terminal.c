/* The report at a terminal: exact text of a small result, widths, colours, and what must never be left out.
 */
#include <criterion/criterion.h>

#include "reports/content/compared.h"
#include "reports/document/terminal.h"
#include "reports/text/display.h"
#include "tests/sample_result.h"

static void small_speed(struct result *result, const char *subject, enum assay_alg alg, double ns) {
  struct result_speed *row = sample_speed_row(result, subject, alg, alg == ASSAY_RS256 ? 2048 : 0, "verify");
  if (isnan(ns)) {
    speed_add_missing(row, "ns", "not in this library");
    return;
  }
  row->ns = ns;
  row->tokens_per_s = 1e9 / ns;
  row->p50_ns = ns;
  row->p99_ns = ns * 1.5;
  row->of_primitive = 0.98;
  speed_add_missing(row, "p999_ns", "too few samples");
}

/* Two subjects and the floor, two algorithms, one forgery accepted. */
static struct result *small_result(void) {
  struct result *result = result_new();
  sample_fill_head(result);
  result->run.launches = 1;
  result->run.steal = NAN;
  result_set(&result->machine.hypervisor, "KVM");
  result_set(&result->machine.counters, "none");
  result->machine.cores = 2;
  result->machine.timer_ns = 38;
  result_set(&result->corpus.profile, "quick");
  result->corpus.seed = 7;
  result->corpus.tokens = 1200;
  result->corpus.classes = 2;
  for (size_t i = 0; i < 2; i++) {
    struct result_subject *subject = result_add_subject(result);
    result_set(&subject->name, i ? "wolfssl" : "openssl");
    result_set(&subject->version, i ? "5.5.4" : "3.0.22");
    result_set(&subject->note, i ? "no asm" : "");
    result_set(&subject->package, "from Debian");
  }
  small_speed(result, "openssl", ASSAY_ES256, 71234);
  small_speed(result, "wolfssl", ASSAY_ES256, NAN);
  small_speed(result, "wolfssl", ASSAY_RS256, 102034);
  small_speed(result, "openssl", ASSAY_RS256, 26912);
  small_speed(result, "null", ASSAY_RS256, 384);
  sample_verdict(result, "openssl", "exp-past", "registered-claims", ASSAY_RS256,
                 "reject registered-claims.expired");
  struct result_verdict *wrong = sample_verdict(result, "wolfssl", "pkcs1-missing-null", "signature",
                                                ASSAY_RS256, "reject signature.invalid");
  wrong->right = 7;
  wrong->accepted = 1;
  strings_add(&wrong->examples, "signature/pkcs1-missing-null/0003");
  return result;
}

static const char small_text[] =
    "assay 0.1.0   corpus quick, seed 7: 1,200 tokens, 2 classes\n"
    "machine       2 cores, KVM, no counters, clock 38.0 ns, blocks 200 us\n"
    "run           2026-01-01T12:00:00Z, 1 launch, 480 rounds, pinned to CPU 1, took 38 s\n"
    "speed         not watched; rows of different algorithms were measured at different moments, between\n"
    "              which it may have moved\n"
    "noise         not known: `assay selftest` measures it\n"
    "\n"
    "Verify, one thread                    tokens/s  per token     p50     p99    p99.9    of bare\n"
    " RS256 2048  openssl 3.0.22               37 k      27 us   27 us   40 us  too few       0.98\n"
    "             wolfssl 5.5.4 (no asm)      9.8 k     100 us  100 us  150 us  too few       0.98\n"
    "\n"
    " ES256       openssl 3.0.22               14 k      71 us   71 us  110 us  too few       0.98\n"
    "             wolfssl 5.5.4 (no asm)   not in this library\n"
    "\n"
    " floor       null, RS256 2048 tokens     2.6 M     380 ns  380 ns  580 ns  too few  no crypto\n";

static void assert_widths(const char *text, size_t width) {
  for (const char *line = text; *line;) {
    size_t length = strcspn(line, "\n");
    char *copy = strndup(line, length);
    cr_assert_leq(display_width(copy), width, "%s", copy);
    cr_assert(length == 0 || line[length - 1] != ' ', "a line ends in a space: %s", copy);
    free(copy);
    line += length + (line[length] == '\n');
  }
}

static void assert_no_control(const char *text) {
  for (const char *at = text; *at;) {
    int32_t c = utf8_next(&at);
    cr_assert(c == '\n' || (c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0)), "control character %d", c);
    cr_assert(!(c >= 0x202a && c <= 0x202e) && c != 0x200b && c != 0xfeff, "invisible character %x", c);
  }
}

static void assert_fits_everywhere(const struct result *result) {
  for (int columns = 60; columns <= 200; columns += 5)
    for (int verbose = 0; verbose <= 1; verbose++) {
      struct result_view view = {.columns = columns, .verbose = verbose};
      char *text = sample_render("terminal", result, view);
      assert_widths(text, (size_t)columns);
      assert_no_control(text);
      free(text);
    }
}

Test(report_terminal, fits_a_rich_result_into_any_width) {
  struct result *result = sample_rich();
  assert_fits_everywhere(result);
  result_free(result);
}

Test(report_terminal, fits_hostile_names_into_any_width) {
  struct result *result = sample_hostile();
  assert_fits_everywhere(result);
  result_free(result);
}

Test(report_terminal, takes_an_empty_result) {
  struct result *result = result_new();
  assert_fits_everywhere(result);
  result_free(result);
}

Test(report_terminal, does_not_squeeze_tables_below_60_columns) {
  struct result *result = sample_hostile();
  char *narrow = sample_render("terminal", result, (struct result_view){.columns = 20});
  assert_widths(narrow, 60);
  free(narrow);
  result_free(result);
}

Test(report_terminal, falls_back_to_100_columns) {
  struct result *result = sample_rich();
  char *unset = sample_render("terminal", result, (struct result_view){0});
  char *hundred = sample_render("terminal", result, (struct result_view){.columns = 100});
  cr_assert_str_eq(unset, hundred);
  free(hundred);
  free(unset);
  result_free(result);
}

Test(report_terminal, leaves_out_the_least_important_columns_first) {
  struct result *result = sample_rich();
  char *wide = sample_render("terminal", result, (struct result_view){.columns = 140});
  char *hundred = sample_render("terminal", result, (struct result_view){.columns = 100});
  char *eighty = sample_render("terminal", result, (struct result_view){.columns = 80});
  cr_assert(strstr(wide, "x openssl") && strstr(wide, "too few samples"));
  cr_assert(!strstr(hundred, "x openssl"));
  cr_assert(strstr(hundred, "p99.9") && strstr(hundred, "p50") && strstr(hundred, "too few"));
  cr_assert(!strstr(eighty, "p99.9") && !strstr(eighty, "p50"));
  cr_assert(strstr(eighty, "p99") && strstr(eighty, "of bare") && strstr(eighty, "per token"));
  free(eighty);
  free(hundred);
  free(wide);
  result_free(result);
}

Test(report_terminal, colours_only_where_asked) {
  struct result *result = sample_rich();
  for (size_t i = 0; i < result->speed_count; i++)
    if (strcmp(result->speed[i].alg, "ES256") == 0)
      result->speed[i].resolved = false;
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100, .colour = true});
  cr_assert(strstr(text, "\x1b[1m826 k"), "best of a group is bold");
  cr_assert(strstr(text, "\x1b[2mboringssl (small)"), "unresolved is dim");
  cr_assert(strstr(text, "\x1b[31mpkcs1-missing-null RS256: wolfssl accepted 2 bad tokens of 8"),
            "wrong is red");
  char *plain = sample_render("terminal", result, (struct result_view){.columns = 100});
  cr_assert(!strchr(plain, 0x1b));
  /* Colour changes nothing but colour. */
  char *out = text;
  for (const char *at = text; *at;)
    if (*at == 0x1b)
      at = strchr(at, 'm') + 1;
    else
      *out++ = *at++;
  *out = '\0';
  cr_assert_str_eq(text, plain);
  free(plain);
  free(text);
  result_free(result);
}

/* The text between the line that begins with `from` and the next empty line after it. */
static char *section(const char *text, const char *from) {
  const char *start = strstr(text, from);
  cr_assert(start != NULL, "no section %s", from);
  const char *end = strstr(start, "\n\n");
  return strndup(start, end ? (size_t)(end - start) + 1 : strlen(start));
}

Test(report_terminal, writes_exactly_this) {
  struct result *result = small_result();
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  char *start = strndup(text, sizeof small_text - 1);
  cr_assert_str_eq(start, small_text);
  const char *rest = text + sizeof small_text - 1;
  cr_assert_str_eq(
      rest,
      "\n"
      "Rejection: 2 classes, 1 algorithm\n"
      "                 right verdict  right reason  accepted  refused  fault  crash  hang\n"
      " openssl 3.0.22          8 / 8         8 / 8         0        0      0      0     0\n"
      " wolfssl 5.5.4           7 / 8         7 / 7         1        0      0      0     0\n"
      "   pkcs1-missing-null RS256: wolfssl accepted 1 bad token of 8; expected: reject signature.invalid\n"
      "     reproduce: assay check --subject wolfssl --explain signature/pkcs1-missing-null/0003\n"
      "\n"
      "Wrong: wolfssl accepted 1 bad token.\n"
      "openssl gave no wrong verdict.\n"
      "Not resolved for RS256: openssl was 3.79 times as fast as wolfssl; this run cannot tell them apart.\n"
      "One launch is too few for an interval: these figures are not resolved, and small differences may be\n"
      "chance.\n"
      "These are builds, not libraries: wolfssl 5.5.4 is \"no asm\".\n");
  free(start);
  free(text);
  result_free(result);
}

Test(report_terminal, says_that_a_result_is_partial) {
  struct result *result = sample_rich();
  result->partial = true;
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  cr_assert(strstr(text, "partial result: interrupted after 38 s; what is missing was not measured\n"));
  free(text);
  result->run.duration_s = NAN;
  text = sample_render("terminal", result, (struct result_view){.columns = 100});
  cr_assert(strstr(text, "partial result: interrupted; what is missing was not measured\n"));
  free(text);
  result_free(result);
}

Test(report_terminal, shows_three_warnings_and_how_many_more) {
  struct result *result = sample_rich();
  for (int i = 0; i < 5; i++) {
    char text[32];
    snprintf(text, sizeof text, "warning number %d", i);
    strings_add(&result->warnings, text);
    strings_add(&result->warnings, text); /* said twice, shown once */
  }
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  const char *machine = strstr(text, "warning       the governor cannot be read: ");
  const char *stolen = strstr(text, "warning       0.3 % of CPU time was stolen");
  cr_assert(machine && stolen && machine < stolen, "the machine's first: %s", text);
  cr_assert(strstr(text, "warning number 1\n") && !strstr(text, "warning number 2"));
  cr_assert(strstr(text, "\n3 more warnings: --verbose\n"));
  free(text);
  text = sample_render("terminal", result, (struct result_view){.columns = 100, .verbose = true});
  cr_assert(strstr(text, "warning number 4\n") && !strstr(text, "more warning"));
  free(text);
  result_free(result);
}

Test(report_terminal, compares_nothing_that_a_sanitizer_slowed) {
  struct result *result = sample_rich();
  result_set(&result->subjects[1].module_sanitizer, "address");
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  cr_assert(strstr(text, "warning       sanitizer build: "));
  cr_assert(!strstr(text, "times as fast"));
  free(text);
  result_free(result);
}

/* The text on one line, every run of spaces and line ends as one space. free() it. */
static char *on_one_line(const char *text) {
  char *line = malloc(strlen(text) + 1), *end = line;
  for (; *text; text++)
    if (!strchr(" \n", *text) || (end > line && end[-1] != ' '))
      *end++ = *text == '\n' ? ' ' : *text;
  *end = '\0';
  return line;
}

/* It is all that the row says: cut off, nobody would learn why there are no figures. */
Test(report_terminal, lays_out_a_reason_on_as_many_lines_as_it_takes) {
  static const char *const why =
      "its module needs a provider that this build of the library has not got, and says so when it is opened";
  struct result *result = sample_rich();
  for (size_t i = 0; i < result->speed_count; i++)
    if (result->speed[i].missing_count && strcmp(result->speed[i].missing[0].field, "ns") == 0)
      result_set(&result->speed[i].missing[0].why, why);
  for (int columns = 80; columns <= 200; columns += 60) {
    char *text = sample_render("terminal", result, (struct result_view){.columns = columns});
    assert_widths(text, (size_t)columns);
    char *line = on_one_line(text);
    cr_expect_not_null(strstr(line, why), "%d columns: %s", columns, text);
    free(line);
    free(text);
  }
  result_free(result);
}

Test(report_terminal, shows_the_interval_at_every_width) {
  struct result *result = sample_rich();
  for (size_t i = 0; i < result->speed_count; i++) {
    result->speed[i].ns_low = result->speed[i].ns * 0.99;
    result->speed[i].ns_high = result->speed[i].ns * 1.015;
  }
  for (int columns = 80; columns <= 100; columns += 20) {
    char *text = sample_render("terminal", result, (struct result_view){.columns = columns});
    char *verify = section(text, "Verify, one thread");
    cr_assert(strstr(verify, "  per token     +- "), "%s", verify);
    cr_assert(strstr(verify, " 1.5 % "), "%s", verify);
    cr_assert(strstr(text, "+-: how far the 95 % interval"), "%s", text);
    free(verify);
    free(text);
  }
  char *text = sample_render("terminal", result, (struct result_view){.columns = 140});
  cr_assert(strstr(text, "95 % interval"), "%s", text);
  free(text);
  result_free(result);
}

Test(report_terminal, voids_figures_of_wrong_verdicts) {
  struct result *result = sample_rich();
  result->speed[0].verdicts_ok = false;
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  cr_assert(strstr(text, " HS256       openssl             void: a verdict in the measured loop was wrong\n"),
            "%s", strstr(text, "Verify"));
  cr_assert(!strstr(text, "826 k"));
  free(text);
  result_free(result);
}

Test(report_terminal, says_why_figures_are_missing) {
  struct result *result = result_new();
  struct result_speed *row = sample_speed_row(result, "openssl", ASSAY_HS256, 0, "verify");
  row->ns = 1000;
  char *text = sample_render("terminal", result, (struct result_view){.columns = 140});
  cr_assert(strstr(text, "Verify, one thread\n                     tokens/s  per token\n"
                         " HS256  openssl  not measured     1.0 us\n"),
            "a column of which nothing was measured: %s", text);
  free(text);
  sample_speed_row(result, "openssl", ASSAY_ES256, 0, "key_import");
  struct result_scaling *scaling = result_add_scaling(result);
  result_set(&scaling->subject, "openssl");
  scaling->threads = 3;
  result_set(&result_add_memory(result)->subject, "openssl");
  text = sample_render("terminal", result, (struct result_view){.columns = 140});
  cr_assert(strstr(text, " openssl  not measured  not measured\n"), "key import and context");
  cr_assert(strstr(text, "Three threads"));
  cr_assert(!strstr(text, "nan") && !strstr(text, "-1") && !strstr(text, "inf"));
  free(text);
  result_free(result);
}

Test(report_terminal, orders_rows_by_algorithm_key_and_subject) {
  struct result *result = sample_rich();
  /* The same rows in reverse. */
  for (size_t i = 0, j = result->speed_count - 1; i < j; i++, j--) {
    struct result_speed swap = result->speed[i];
    result->speed[i] = result->speed[j];
    result->speed[j] = swap;
  }
  struct result *straight = sample_rich();
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  char *expected = sample_render("terminal", straight, (struct result_view){.columns = 100});
  char *rows = section(text, " ES256 "), *expected_rows = section(expected, " ES256 ");
  cr_assert_str_eq(rows, expected_rows);
  rows[strcspn(rows, "\n")] = '\0';
  cr_assert(strstr(rows, "openssl"));
  free(expected_rows);
  free(rows);
  free(expected);
  free(text);
  result_free(straight);
  result_free(result);
}

Test(report_terminal, gives_other_modes_tables_of_their_own) {
  struct result *result = sample_rich();
  struct result_speed *hot = sample_speed_row(result, "openssl", ASSAY_ES256, 0, "verify");
  hot->mode = MODE_HOT;
  sample_fill_figures(hot, 60000);
  struct result_speed *bad = sample_speed_row(result, "openssl", ASSAY_ES256, 0, "verify");
  bad->bad_share = 0.1;
  sample_fill_figures(bad, 50000);
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  char *main_table = section(text, "Verify, one thread  ");
  char *hot_table = section(text, "Verify, one thread, hot");
  char *bad_table = section(text, "Tokens/s by share of bad ones");
  cr_assert(strstr(hot_table, "60.0 us") && !strstr(hot_table, "50.0 us"));
  cr_assert(strstr(bad_table, " 10 %") && strstr(bad_table, "20.0 k") && !strstr(bad_table, "16.7 k"));
  cr_assert(!strstr(main_table, "60.0 us"));
  free(bad_table);
  free(hot_table);
  free(main_table);
  free(text);
  result_free(result);
}

Test(report_terminal, lists_every_kind_of_wrong_answer) {
  struct result *result = result_new();
  const char *const expected[] = {"reject signature.invalid", "accept", "reject signature.invalid",
                                  "reject signature.invalid", "reject signature.invalid"};
  for (size_t i = 0; i < 5; i++) {
    char class_id[16];
    snprintf(class_id, sizeof class_id, "class-%zu", i);
    struct result_verdict *row =
        sample_verdict(result, "lib", class_id, "signature", ASSAY_ES256, expected[i]);
    row->right = 7;
    *(unsigned *[]){&row->accepted, &row->refused, &row->fault, &row->crash, &row->hang}[i] = 1;
    strings_add(&row->examples, "it's one");
  }
  struct result_verdict *more =
      sample_verdict(result, "lib", "class-0", "signature", ASSAY_ES384, expected[0]);
  more->accepted = 2;
  char *text = sample_render("terminal", result, (struct result_view){.columns = 200});
  cr_assert(strstr(
      text, "class-0 ES256, ES384: lib accepted 3 bad tokens of 16; expected: reject signature.invalid\n"));
  cr_assert(strstr(text, "class-1 ES256: lib refused 1 good token of 8; expected: accept\n"));
  cr_assert(strstr(text, "class-2 ES256: lib gave a fault on 1 token of 8"));
  cr_assert(strstr(text, "class-3 ES256: lib crashed on 1 token of 8"));
  cr_assert(strstr(text, "class-4 ES256: lib hung on 1 token of 8"));
  cr_assert(strstr(text, "reproduce: assay check --explain $'it\\'s one'\n"));
  cr_assert(strstr(
      text, "Wrong: lib accepted 3 bad tokens, lib crashed on 1 token, lib hung on 1 token, lib gave a "
            "fault on 1 token and lib refused 1 good token.\n"));
  free(text);
  result_free(result);
}

Test(report_terminal, never_counts_unsupported_or_unscored_as_right) {
  struct result *result = sample_rich();
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  cr_assert(strstr(text, " boringssl 13.0.0        24 / 24       16 / 16 "));
  cr_assert(strstr(text, "boringssl: 8 tokens not in this library (ES256K)\n"));
  cr_assert(strstr(text, "openssl, boringssl and wolfssl: 8 tokens not scored, because several answers "
                         "are acceptable\n"));
  free(text);
  result_free(result);
}

Test(report_terminal, leaves_the_floor_out_of_verdicts) {
  struct result *result = result_new();
  sample_verdict(result, "null", "exp-past", "registered-claims", ASSAY_RS256, "accept")->refused = 5;
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  cr_assert(!strstr(text, "Rejection") && !strstr(text, "null"));
  free(text);
  result_free(result);
}

/* Of what the short report says "N more: --verbose", the long one shows all, and says nothing of the kind. */
Test(report_terminal, shows_all_of_it_with_verbose) {
  struct result *result = sample_rich();
  for (int i = 0; i < 9; i++)
    strings_add(&result->warnings, (const char *[]){"a", "b", "c", "d", "e", "f", "g", "h", "i"}[i]);
  char *brief = sample_render("terminal", result, (struct result_view){.columns = 100});
  char *whole = sample_render("terminal", result, (struct result_view){.columns = 100, .verbose = true});
  cr_expect_not_null(strstr(brief, "7 more warnings: --verbose\n"), "%s", brief);
  cr_expect_null(strstr(whole, "--verbose"), "%s", strstr(whole, "--verbose"));
  cr_expect_not_null(strstr(whole, "\nwarning       i\n"), "%s", whole);
  free(brief);
  free(whole);
  result_free(result);
}

/* Key sets and whole policies are of no algorithm. */
Test(report_terminal, counts_no_algorithms_where_there_are_none) {
  struct result *result = result_new();
  struct result_verdict *row =
      sample_verdict(result, "lib", "set-syntax", "key-import", ASSAY_RS256, "reject key-import.set-syntax");
  result_set(&row->alg, "-");
  row->right = row->tokens;
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  cr_expect_not_null(strstr(text, "Rejection: 1 class\n"), "%s", text);
  free(text);
  result_free(result);
}

/* Right verdicts for other reasons: which reasons, of how many tokens, and one of them. */
Test(report_terminal, names_both_reasons) {
  struct result *result = result_new();
  for (int i = 0; i < 14; i++) {
    char answer[64];
    snprintf(answer, sizeof answer, "reject stage.reason-%02d", i);
    struct result_verdict *row = sample_verdict(result, "lib", i % 2 ? "even" : "odd", "claims-json",
                                                ASSAY_RS256, "reject claims-json.utf8");
    row->right = 6;
    row->wrong_reason = 2;
    verdict_add_given(row, KIND_REASON, answer, "claims-json/x/RS256/0001");
    verdict_add_given(row, KIND_REASON, answer, "claims-json/x/RS256/0002");
  }
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  cr_expect_not_null(strstr(text, " lib      112 / 112      84 / 112            28 "), "%s", text);
  cr_expect_not_null(strstr(text, "   lib: expected claims-json.utf8, answered stage.reason-09: 2 tokens\n"
                                  "     reproduce: assay check --explain claims-json/x/RS256/0001\n"),
                     "%s", text);
  cr_expect(!strstr(text, "reason-10"));
  cr_expect_not_null(strstr(text, "   4 more pairs of reasons: --verbose\n"));
  cr_expect_not_null(
      strstr(text, "Wrong: lib gave another reason for 28 tokens.\nlib gave no wrong verdict.\n"));
  free(text);
  result_free(result);
}

Test(report_terminal, writes_the_tables_of_costs) {
  struct result *result = sample_rich();
  struct result_memory *more = result_add_memory(result);
  result_set(&more->subject, "boringssl");
  result_set(&more->alg, "ES256");
  more->allocations_per_token = 7;
  more->peak_rss_bytes = 23456789;
  struct result_memory *process = &result->memory[2]; /* wolfssl's */
  process->peak_rss_bytes = NAN;
  process = result_add_memory(result);
  result_set(&process->subject, "wolfssl");
  result_set(&process->alg, MEMORY_PROCESS);
  result_set(&process->note, "in another process");
  for (size_t i = 0; i < result->speed_count; i++) { /* one of them is known well enough for three digits */
    struct result_speed *import = &result->speed[i];
    if (import->metric == METRIC_KEY_IMPORT && strcmp(import->subject, "openssl") == 0 &&
        strcmp(import->alg, "ES256") == 0) {
      import->ns_low = 0.999 * import->ns;
      import->ns_high = 1.001 * import->ns;
    }
  }
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  char *setup = section(text, "Key import"), *threads = section(text, "Two threads");
  char *memory = section(text, "Memory");
  cr_assert_str_eq(setup,
                   "Key import and context set-up, in us\n"
                   "                           HS256  RS256 2048  PS256 2048  ES256  EdDSA  context\n"
                   " openssl 3.0.22            0.052         180         170   12.3   0.98      6.0\n"
                   " boringssl 13.0.0 (small)  0.062         210         210     15    1.2      7.1\n"
                   " wolfssl 5.5.4 (no asm)     0.20         660         660     47    3.7       23\n");
  cr_assert_str_eq(
      threads, "Two threads                            tokens/s  one thread  x one thread  95 % interval\n"
               " RS256 2048  openssl 3.0.22              71.6 k      37.1 k          1.93   1.91 to 1.94\n"
               "             boringssl 13.0.0 (small)    60.7 k      31.5 k          1.93   1.91 to 1.94\n"
               "             wolfssl 5.5.4 (no asm)      18.9 k       9.8 k          1.93   1.91 to 1.94\n"
               " ES256       openssl 3.0.22              27.1 k      14.0 k          1.93   1.91 to 1.94\n"
               "             boringssl 13.0.0 (small)    23.0 k      11.9 k          1.93   1.91 to 1.94\n"
               "             wolfssl 5.5.4 (no asm)    one core is busy with another guest\n");
  cr_assert_str_eq(memory, "Memory per token                  allocations         bytes\n"
                           " RS256  openssl 3.0.22                      0           0 B\n"
                           "        boringssl 13.0.0 (small)            3         412 B\n"
                           "        wolfssl 5.5.4 (no asm)              6         824 B\n"
                           " ES256  boringssl 13.0.0 (small)            7  not measured\n");
  char *processes = section(text, "Memory at most");
  cr_assert_str_eq(
      processes,
      "Memory at most                        process  pipeline\n"
      " openssl 3.0.22                         12 MB   3.46 kB\n"
      " boringssl 13.0.0 (small)               23 MB   3.46 kB\n"
      " wolfssl 5.5.4 (no asm)    in another process   3.46 kB\n"
      "   process: with library, corpus and all; pipeline: what assay's own checks take for a token.\n");
  free(processes);
  free(memory);
  free(threads);
  free(setup);
  free(text);
  result_free(result);
}

Test(report_terminal, shows_foreign_verifiers_apart) {
  struct result *result = sample_rich();
  struct result_verdict *row =
      sample_verdict(result, "libjwt", "hdr-bom", "header-json", ASSAY_RS256, "reject header-json.bom");
  row->level = LEVEL_WHOLE;
  row->right = 3;
  row->pinned_differs = 4;
  row->unmapped = 1;
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  char *whole = section(text, "Rejection by whole verifiers: 1 class, 1 algorithm");
  cr_assert_str_eq(
      whole,
      "Rejection by whole verifiers: 1 class, 1 algorithm\n"
      "         right verdict  right reason  unmapped  differs  accepted  refused  fault  crash  hang\n"
      " libjwt          4 / 8         3 / 3         1        4         0        0      0      0     0\n");
  free(whole);
  row->right = 0; /* refuses without saying why: that is no wrong reason */
  row->unmapped = 4;
  char *silent = sample_render("terminal", result, (struct result_view){.columns = 100});
  cr_expect_not_null(strstr(silent, " libjwt          4 / 8    tells none         4 "), "%s", silent);
  free(silent);
  free(text);
  result_free(result);
}

Test(report_terminal, lists_variants_by_their_own_name) {
  struct result *result = sample_rich();
  struct result_subject *variant = result_add_subject(result);
  result_set(&variant->name, "openssl");
  result_set(&variant->variant, "init-per-call");
  result_set(&variant->version, "3.0.22");
  sample_fill_figures(sample_speed_row(result, "openssl:init-per-call", ASSAY_ES256, 0, "verify"), 80000);
  char *text = sample_render("terminal", result, (struct result_view){.columns = 120});
  cr_assert(strstr(text, "             openssl:init-per-call    12.5 k    80.0 us "));
  free(text);
  result_free(result);
}

static void add_count(struct result *result, const char *subject, enum assay_alg alg, double instructions) {
  struct result_speed *row = sample_speed_row(result, subject, alg, 0, "verify");
  row->instructions = instructions;
  speed_add_missing(row, "ns", "instructions only");
}

Test(report_terminal, shows_instructions_in_a_table_of_their_own) {
  struct result *result = result_new();
  result_set(&result->reference, "openssl");
  add_count(result, "openssl", ASSAY_HS256, 31289);
  add_count(result, "openssl", ASSAY_ES256, 858983.4);
  add_count(result, "wolfssl", ASSAY_HS256, 62578);
  add_count(result, "null", ASSAY_HS256, 4406);
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  cr_assert(strstr(text, "Instructions a token, under Callgrind\n"
                         "                 instructions  of openssl\n"
                         " HS256  openssl        31,289   reference\n"
                         "        wolfssl        62,578       2.000\n"
                         "        null            4,406   no crypto\n"
                         " ES256  openssl       858,983   reference\n"),
            "%s", text);
  cr_assert_null(strstr(text, "Verify"), "%s", text);
  free(text);
  result_free(result);
}

Test(report_terminal, says_what_the_machine_can_tell_apart) {
  struct result *result = sample_rich();
  result->noise = (struct result_noise){200, 0.005, 0.01};
  char *text = sample_render("terminal", result, (struct result_view){.columns = 1000});
  cr_assert(
      strstr(text,
             "noise         by the self-test, 1 of 200 comparisons of identical builds called different; "
             "a slowdown of 1 % was found 9 times in 10\n"),
      "%s", text);
  free(text);
  result->noise.min_detectable = (double)NAN;
  text = sample_render("terminal", result, (struct result_view){.columns = 1000});
  cr_assert(strstr(text, "; no slowdown of 5 % or less was found 9 times in 10\n"), "%s", text);
  free(text);
  result_free(result);
}

Test(report_terminal, names_the_costliest_refusal_and_shows_the_ledger_by_stage) {
  struct result *result = sample_rich();
  strings_add(&result->ledger[0].unresolved, "authorisation"); /* which came out below zero */
  strings_add(&result->ledger[0].unresolved, "base64url");
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  char *ledger = section(text, "HS256, ns a token by stage"),
       *costs = section(text, "HS256, cost of refusing");
  cr_assert(strstr(ledger, "sig.") && strstr(ledger, "whole"), "%s", ledger);
  cr_assert(strstr(ledger, " (") && strstr(ledger, " noise "), "%s", ledger);
  cr_assert(!strstr(ledger, "-"), "no time is below zero: %s", ledger);
  cr_assert(strstr(costs, result->rejection_cost[0].reason), "%s", costs);
  cr_assert(strstr(costs, "costliest"), "%s", costs);
  free(costs);
  free(ledger);
  free(text);
  result_free(result);
}

/* A line end in it would start another command. */
Test(report_terminal, continues_a_command_as_a_shell_reads_it) {
  struct document document = {0};
  char *text = NULL;
  size_t size;
  FILE *stream = open_memstream(&text, &size);
  text_set_code(document_add_text(&document, 2, "", "reproduce:"),
                "printf %s one 'two words that stand together' $'it\\'s three' four five");
  terminal_put(&document, &(struct result_view){.columns = 60}, stream);
  document_fini(&document);
  fclose(stream);
  cr_assert_str_eq(text, "     reproduce: printf %s one \\\n"
                         "       'two words that stand together' $'it\\'s three' four \\\n"
                         "       five\n");
  free(text);
}

/* ---- assay compare ---- */

#define PAIRS 6

static void fill_pairs(struct result *result, struct compared *pairs) {
  static const char *const subjects[] = {"openssl", "boringssl"};
  static const double high[PAIRS] = {0.91, 1.02, 1.3, 0.91, 1.02, 1.3};
  for (size_t i = 0; i < PAIRS; i++) {
    struct result_speed *row = sample_speed_row(result, subjects[i / 3], ASSAY_RS256, 2048, "verify");
    sample_fill_figures(row, 26912.3);
    if (i % 3) {
      row->keys = 10000;
      row->kid = false;
      row->key_place = i % 3 == 1 ? KEY_PLACE_FIRST : KEY_PLACE_LAST;
    }
  }
  for (size_t i = 0; i < PAIRS; i++)
    pairs[i] = (struct compared){&result->speed[i], &result->speed[i], high[i] - 0.05,
                                 high[i] - 0.1,     high[i],           false};
}

static char *compared_text(const struct compared *pairs, int columns) {
  char *text = NULL;
  size_t size;
  FILE *stream = open_memstream(&text, &size);
  struct document document = {0};
  content_compared(&document, pairs, PAIRS);
  terminal_put(&document, &(struct result_view){.columns = columns}, stream);
  document_fini(&document);
  fclose(stream);
  return text;
}

/* Of the widest names there are: every figure, whatever the width. */
Test(report_terminal, comparisons_fit_the_width_with_interval_and_answer) {
  struct result *result = result_new();
  struct compared pairs[PAIRS];
  fill_pairs(result, pairs);
  for (int columns = 80; columns <= 100; columns += 20) {
    static const char *const cells[][3] = {
        {"", "0.810-0.910", "slower"}, {"no kid", "0.920-1.020", "?"}, {"no kid", "1.200-1.300", "faster"}};
    char *text = compared_text(pairs, columns), *rest, *line = strtok_r(text, "\n", &rest);
    cr_expect(strstr(line, "first") && strstr(line, "other") && strstr(line, "interval"), "%s", line);
    for (size_t i = 0; i < PAIRS; i++) {
      line = strtok_r(NULL, "\n", &rest);
      cr_assert_not_null(line);
      cr_expect_leq(strlen(line), (size_t)columns, "%s", line);
      cr_expect_null(strstr(line, "..."), "%s", line);
      for (size_t c = 0; c < 3; c++)
        cr_expect(strstr(line, cells[i % 3][c]) || (cells[i % 3][c][0] == '?' && strstr(line, "unresolved")),
                  "no %s at %d columns: %s", cells[i % 3][c], columns, line);
    }
    free(text);
  }
  result_free(result);
}

/* One sentence in place of a table whose rows all say the same. */
Test(report_terminal, says_once_that_no_library_has_a_call_for_batches) {
  struct result *result = result_new();
  static const char *const names[] = {"openssl", "wolfssl", "openssl"};
  for (size_t i = 0; i < 3; i++) {
    struct result_speed *row = result_add_speed(result);
    result_set(&row->subject, names[i]);
    result_set(&row->alg, i < 2 ? "ES256" : "EdDSA");
    row->metric = METRIC_BATCH;
    row->threads = 1;
    row->ns = (double)NAN;
    speed_add_missing(row, "ns", "no call");
  }
  char *text = sample_render("terminal", result, (struct result_view){.columns = 100});
  cr_expect_not_null(strstr(text, "\nVerify in batches: not measured of openssl and wolfssl: no call.\n"),
                     "%s", text);
  free(text);
  result->speed[0].ns = 1000;
  text = sample_render("terminal", result, (struct result_view){.columns = 100});
  cr_expect_not_null(strstr(text, "Verify in batches, one thread"), "%s", text);
  free(text);
  result_free(result);
}

/* Nothing that cannot be is shown as if it were a figure of the library. */
Test(report_terminal, marks_what_cannot_be) {
  struct result *result = sample_rich();
  char *text = sample_render("terminal", result, (struct result_view){.columns = 200});
  cr_expect_null(strstr(text, "cannot be so"));
  free(text);
  for (size_t i = 0; i < result->speed_count; i++)
    if (strcmp(result->speed[i].alg, "ES256") == 0 && strcmp(result->speed[i].subject, "openssl") == 0)
      result->speed[i].of_primitive = 1.26;
  for (size_t i = 0; i < result->scaling_count; i++)
    if (strcmp(result->scaling[i].alg, "ES256") == 0 && strcmp(result->scaling[i].subject, "boringssl") == 0)
      result->scaling[i].of_one = 2.57;
  text = sample_render("terminal", result, (struct result_view){.columns = 200});
  cr_expect_not_null(strstr(text, "1.26 ?"));
  char *threads = section(text, "Two threads");
  cr_expect_not_null(strstr(threads, "2.6 ?"));
  cr_expect_not_null(strstr(threads, "?: cannot be so; the machine's speed moved"));
  free(threads);
  free(text);
  result_free(result);
}

/* Rows whose moments differ are compared under a warning, at the top. */
Test(report_terminal, says_how_far_rows_can_be_compared) {
  struct result *result = sample_rich();
  result_set(&result->run.anchor, "null and the RS256 primitive of openssl");
  result->run.speed_moved = 0.12;
  result->run.rows_apart = 0.011;
  char *text = sample_render("terminal", result, (struct result_view){.columns = 200});
  cr_expect_not_null(
      strstr(text, "speed         moved by 12 % during the run, as null and the RS256 primitive of openssl "
                   "showed; different algorithms can be compared to within 1.1 %\n"));
  cr_expect_null(strstr(text, "only because of when they were measured"));
  free(text);
  result->run.speed_moved = 0.37;
  result->run.rows_apart = 0.27;
  text = sample_render("terminal", result, (struct result_view){.columns = 200});
  cr_expect_not_null(
      strstr(text, "warning       rows of different algorithms differ by up to 27 % only because of when "
                   "they were measured: the machine's speed moved by 37 %\n"));
  free(text);
  result_free(result);
}
