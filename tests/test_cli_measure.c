/* assay bench --measure: every measurement, on test modules where the truth is known. Runs alone. */
#include <sched.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "build_facts.h"
#include "tests/cli.h"

/* Sanitizers bring an allocator of their own; counters of lines do not. */
static bool sanitized(void) {
  return strcmp(ASSAY_SANITIZER, "none") != 0 && strcmp(ASSAY_SANITIZER, "coverage") != 0;
}

static json_t *measured(const char *options) {
  const struct ran *ran = shell(BIN "/assay bench --corpus %s %s --json 2>/dev/null", test_corpus(), options);
  cr_assert_eq(ran->code, 0, "%s: exit %d: %s", options, ran->code, ran->out);
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(result, "%s", ran->out);
  return result;
}

static const char *text_in(const json_t *row, const char *field) {
  const char *text = json_string_value(json_object_get(row, field));
  return text ? text : "";
}

static double number_in(const json_t *row, const char *field) {
  return json_number_value(json_object_get(row, field));
}

Test(cli_measure, names_are_checked_and_listed) {
  COMPLAINS(shell(BIN "/assay bench --measure allocatoins 2>&1"), "no measurement 'allocatoins'",
            "allocations");
  COMPLAINS(shell(BIN "/assay bench --measure '' 2>&1"), "no measurement ''");
  COMPLAINS(shell(BIN "/assay run --measure allocations 2>&1"), "--measure is an option of `assay bench`");
  COMPLAINS(shell(BIN "/assay bench --measure allocations --count instructions 2>&1"), "exclude each other");
  const struct ran *help = shell(BIN "/assay bench --help");
  cr_assert_not_null(strstr(help->out, "\n  allocations "), "%s", help->out);
}

/* However many runs of the engine it takes: what --measure names is one wait. */
Test(cli_measure, the_share_that_is_done_does_not_begin_again) {
  const struct ran *ran = shell(
      "TERM=xterm script -qec '" BIN "/assay bench --corpus %s --measure ledger,modes --seconds 1 "
      "--launches 2 --subject openssl --alg HS256,ES256' /dev/null | tr '\\r' '\\n' | grep -a measuring | "
      "grep -ao '[0-9]* %%'",
      test_corpus());
  int last = 0, count = 0;
  for (const char *line = ran->out; line && *line;
       line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
    cr_expect_geq(atoi(line), last, "%s", ran->out);
    last = atoi(line);
    count++;
  }
  cr_expect(count > 3 && last > 75, "%s", ran->out);
}

Test(cli_measure, allocations_are_counted_exactly_without_what_is_kept) {
  json_t *result =
      measured("--measure allocations --alg HS256,ES256 --subject " TEST_MODULES "/allocator.so,null");
  json_t *row, *rows = json_object_get(result, "memory");
  size_t i;
  cr_assert_eq(json_array_size(rows), 4);
  json_array_foreach(rows, i, row) {
    bool floor = strcmp(text_in(row, "subject"), "null") == 0;
    if (sanitized()) {
      cr_expect_str_eq(text_in(row, "note"), "not counted in a sanitizer build");
      cr_expect(json_is_null(json_object_get(row, "allocations_per_token")));
      continue;
    }
    cr_expect_str_eq(text_in(row, "note"), "");
    cr_expect_eq(number_in(row, "allocations_per_token"), floor ? 0 : 3);
    cr_expect_eq(number_in(row, "bytes_per_token"), floor ? 0 : 500);
  }
  json_decref(result);
}

Test(cli_measure, a_whole_run_counts_allocations_too) {
  json_t *result =
      measured("--alg HS256 --seconds 0.2 --launches 1 --threads 1 --subject " TEST_MODULES "/allocator.so");
  json_t *row, *rows = json_object_get(result, "memory");
  size_t i;
  unsigned counted = 0;
  json_array_foreach(rows, i, row) counted += number_in(row, "bytes_per_token") == 500;
  cr_expect_eq(counted, sanitized() ? 0 : 1);
  json_decref(result);
}

/* The worker of an adapter only hands tokens on: its memory says nothing of the interpreter's. */
Test(cli_measure, the_peak_of_another_process_is_not_told) {
  if (shell(BIN "/assay list pyjwt >/dev/null 2>&1")->code != 0)
    cr_skip_test("there is no PyJWT");
  json_t *result =
      measured("--alg HS256 --seconds 0.2 --launches 1 --threads 1 --subject openssl,null,pyjwt");
  json_t *row, *rows = json_object_get(result, "memory");
  double openssl = 0, null = 0;
  size_t i;
  json_array_foreach(rows, i, row) {
    const char *subject = text_in(row, "subject");
    if (strcmp(text_in(row, "alg"), "-") != 0)
      continue;
    bool elsewhere = strcmp(subject, "pyjwt") == 0;
    cr_expect_str_eq(text_in(row, "note"), elsewhere ? "in another process" : "", "%s", subject);
    cr_expect_eq(json_is_null(json_object_get(row, "peak_rss_bytes")), elsewhere, "%s", subject);
    *(strcmp(subject, "null") == 0 ? &null : &openssl) += number_in(row, "peak_rss_bytes");
  }
  cr_expect(null > 0 && null < openssl, "null %g, openssl %g", null, openssl);
  json_decref(result);
}

Test(cli_measure, the_ledger_has_every_stage_and_its_sum_comes_out) {
  static const char *const stages[] = {"compact-split", "base64url",         "header-json",
                                       "header-policy", "claims-json",       "key-selection",
                                       "signature",     "registered-claims", "authorisation"};
  json_t *result =
      measured("--measure ledger --seconds 1 --launches 2 --alg HS256,ES256,ES384 --subject openssl,null");
  json_t *row, *rows = json_object_get(result, "ledger"), *stage;
  size_t i;
  cr_assert_eq(json_array_size(rows), 4, "HS256 and ES256, which lead their families, of two subjects");
  json_array_foreach(rows, i, row) {
    const char *name;
    size_t at = 0;
    double sum = number_in(row, "residual_ns");
    json_object_foreach(json_object_get(row, "stages"), name, stage) {
      cr_assert_str_eq(name, stages[at++]);
      sum += json_number_value(stage);
    }
    cr_assert_eq(at, 9);
    cr_expect_float_eq(sum, number_in(row, "ns"), 0.001 * number_in(row, "ns"));
  }
  json_decref(result);
}

Test(cli_measure, a_wrong_verdict_in_a_measured_block_leaves_no_row_and_fails) {
  const struct ran *ran =
      shell("ASSAY_TEST_TRIGGER=. " BIN "/assay bench --corpus %s --measure ledger --seconds 1 "
            "--launches 1 --alg HS256 --subject " TEST_MODULES "/liar.so 2>/dev/null",
            test_corpus());
  cr_expect_eq(ran->code, 2, "exit %d: %s", ran->code, ran->out);
  cr_expect_not_null(strstr(ran->out, "wrong verdicts while it was measured"), "%s", ran->out);
  cr_expect_null(strstr(ran->out, "by stage"), "%s", ran->out);
}

Test(cli_measure, refusals_are_timed_by_reason_and_by_share) {
  json_t *result =
      measured("--measure rejection --seconds 0.5 --launches 1 --alg HS256 --subject openssl,null");
  json_t *row, *costs = json_object_get(result, "rejection_cost"), *rows = json_object_get(result, "speed");
  size_t i;
  double shares = 0;
  bool signature = false, expired = false;
  cr_assert_gt(json_array_size(costs), 30);
  json_array_foreach(costs, i, row) {
    signature = signature || strcmp(text_in(row, "reason"), "signature.invalid") == 0;
    expired = expired || strcmp(text_in(row, "reason"), "registered-claims.expired") == 0;
    cr_expect_str_eq(text_in(row, "subject"), "openssl", "the floor refuses nothing");
    cr_expect_str_neq(text_in(row, "class"), "");
    cr_expect_gt(number_in(row, "of_good"), 0);
    cr_expect(json_is_null(json_object_get(row, "of_good_low")), "one launch gives no interval");
  }
  cr_expect(signature && expired);
  cr_assert_eq(json_array_size(rows), 6);
  json_array_foreach(rows, i, row) {
    shares += number_in(row, "bad_share");
    cr_expect(json_is_true(json_object_get(row, "verdicts_ok")));
  }
  cr_expect_float_eq(shares, 0.1 + 0.25 + 0.5 + 0.75 + 1, 1e-6);
  json_decref(result);
}

#define CHOOSY "exec:" ASSAY_SOURCE_DIR "/tests/programs/odd_verifier.py choosy"

/* However many verifiers and cells there are: other warnings would drown. */
Test(cli_measure, refusals_of_good_tokens_are_a_warning_a_kind) {
  unsigned first[2], second[2];
  json_t *result = measured("--quick --alg HS256,HS384 --seconds 0.2 --threads 1 "
                            "--subject 'openssl,a=" CHOOSY ",b=" CHOOSY "'");
  const json_t *warnings = json_object_get(result, "warnings");
  size_t before = strcmp(ASSAY_SANITIZER, "none") != 0; /* that of the build */
  cr_assert_eq(json_array_size(warnings), before + 2);
  const char *some = json_string_value(json_array_get(warnings, before));
  int end = 0;
  sscanf(some,
         "a refuses %u of %u valid tokens and b %u of %u; all subjects are measured on those that every "
         "verifier accepts%n",
         &first[0], &first[1], &second[0], &second[1], &end);
  cr_expect_eq(end, (int)strlen(some), "%s", some);
  cr_expect(first[0] > 0 && first[0] < first[1] && first[0] == second[0] && first[1] == second[1], "%s",
            some);
  cr_expect_str_eq(json_string_value(json_array_get(warnings, before + 1)),
                   "a accepts no valid token of HS384 and b none of HS384; no figures there");
  json_decref(result);
}

Test(cli_measure, modes_are_three_rows_that_carry_their_names) {
  json_t *result = measured("--measure modes --seconds 0.5 --alg HS256,ES384 --subject openssl");
  json_t *row, *rows = json_object_get(result, "speed");
  static const char *const modes[] = {"diverse", "hot", "cold"};
  size_t i;
  cr_assert_eq(json_array_size(rows), 3);
  json_array_foreach(rows, i, row) {
    cr_expect_str_eq(text_in(row, "mode"), modes[i]);
    cr_expect(json_is_true(json_object_get(row, "verdicts_ok")));
    cr_expect_gt(number_in(row, "ns_low"), 0);
    cr_expect_leq(number_in(row, "ns_low"), number_in(row, "ns"));
    cr_expect_leq(number_in(row, "ns"), number_in(row, "ns_high"));
    cr_expect_eq(json_array_size(json_object_get(row, "samples")), 6, "a launch is a sample");
  }
  json_decref(result);
}

/* The line `noise` of a measurement; "" where it has none. */
static const char *noise_of(const char *folder, const char *options) {
  static char line[400];
  const struct ran *ran =
      shell("ASSAY_CACHE=%s " BIN "/assay bench --corpus %s --alg HS256 --subject openssl "
            "--launches 1 --seconds 0.2 %s 2>/dev/null",
            folder, test_corpus(), options);
  cr_assert_eq(ran->code, 0, "%s: exit %d: %s", options, ran->code, ran->out);
  const char *found = strstr(ran->out, "\nnoise ");
  snprintf(line, sizeof line, "%.*s", found ? (int)strcspn(found + 1, "\n") : 0, found ? found + 1 : "");
  return line;
}

/* Leaves a self-test of this machine in a folder, as one of so many comparisons found it. */
static void keep_selftest(const char *folder, unsigned comparisons) {
  json_t *result = measured("--measure allocations --alg HS256 --subject openssl");
  json_t *machine = json_object_get(result, "machine");
  char path[128];
  snprintf(path, sizeof path, "%s/selftest.json", folder);
  json_t *kept = json_pack("{s:s, s:{s:O, s:O}, s:{s:f}, s:{s:i, s:f}, s:f}", "schema", "assay-selftest/2",
                           "machine", "cpu", json_object_get(machine, "cpu"), "cores",
                           json_object_get(machine, "cores"), "comparison", "budget_s", 10.0, "aa", "trials",
                           (int)comparisons, "false_positive_rate", 0.0, "min_detectable", 2.0);
  cr_assert_eq(json_dump_file(kept, path, 0), 0);
  json_decref(kept);
  json_decref(result);
}

Test(cli_measure, whatever_shows_times_quotes_the_self_test_that_is_kept, .timeout = 120) {
  static const char *const timed[] = {"", "--measure modes", "--measure ledger", "--measure rejection",
                                      "--measure scaling --threads 2"};
  const char *folder = fresh_folder();
  keep_selftest(folder, 20);
  for (size_t i = 0; i < sizeof timed / sizeof timed[0]; i++) {
    const char *noise = noise_of(folder, timed[i]);
    cr_expect_not_null(strstr(noise, "by the self-test of 10 s a comparison, 0 of 20 comparisons "),
                       "'%s' says '%s'", timed[i], noise);
  }
  cr_expect_str_eq(noise_of(folder, "--measure allocations"), "", "there are no times");
  keep_selftest(folder, 18);
  cr_expect_not_null(strstr(noise_of(folder, "--measure modes"), "not known"), "nine trials are too few");
  shell("rm -rf %s", folder);
}

Test(cli_measure, key_sets_of_every_size_find_the_right_key, .timeout = 120) {
  json_t *result = measured("--measure keysets --seconds 0.2 --launches 1 --alg HS256 --subject openssl");
  json_t *row, *rows = json_object_get(result, "speed");
  size_t i;
  unsigned with = 0, without = 0;
  json_array_foreach(rows, i, row) {
    *(json_is_true(json_object_get(row, "kid")) ? &with : &without) += 1;
    cr_expect(json_is_true(json_object_get(row, "verdicts_ok")), "%s keys", text_in(row, "key_place"));
    cr_expect_gt(number_in(row, "ns"), 0);
  }
  cr_expect_eq(with, 9, "five sizes, first and last, of which a single key is both");
  cr_expect_eq(without, 9);
  json_decref(result);
}

/* HMAC keys are state of a context, and wolfCrypt's keys of their thread. */
static void scaling_without_shared_keys(const char *alg, const char *subject) {
  char options[120];
  snprintf(options, sizeof options, "--measure scaling --seconds 0.2 --alg %s --threads 2 --subject %s", alg,
           subject);
  json_t *result = measured(options);
  json_t *row, *rows = json_object_get(result, "scaling");
  size_t i;
  cr_assert_eq(json_array_size(rows), 3, "one thread, two, and two with shared keys");
  json_array_foreach(rows, i, row) {
    bool shared = strcmp(text_in(row, "contexts"), "shared") == 0;
    cr_expect_eq(shared, i == 2);
    cr_expect_eq(json_is_null(json_object_get(row, "of_one")), shared);
    cr_expect_eq(text_in(row, "note")[0] != '\0', shared);
    cr_expect_eq(json_is_number(json_object_get(row, "of_one_low")), !shared);
  }
  cr_expect_float_eq(number_in(json_array_get(rows, 0), "of_one"), 1, 1e-6);
  json_decref(result);
}

Test(cli_measure, scaling_says_where_keys_cannot_be_shared) {
  scaling_without_shared_keys("HS256", "openssl");
  scaling_without_shared_keys("ES256", "wolfssl");
}

Test(cli_measure, scaling_of_the_variant_itself_is_of_shared_keys) {
  json_t *result =
      measured("--measure scaling --seconds 0.2 --alg RS256 --threads 2 --subject openssl:shared-keys");
  json_t *rows = json_object_get(result, "scaling");
  cr_assert_eq(json_array_size(rows), 2);
  cr_expect_str_eq(text_in(json_array_get(rows, 1), "contexts"), "shared");
  cr_expect_str_eq(text_in(json_array_get(rows, 1), "note"), "");
  json_decref(result);
}

Test(cli_measure, scaling_is_measured_with_shared_keys_where_they_can_be) {
  json_t *result =
      measured("--measure scaling --seconds 0.2 --alg RS256,ES256 --threads 2 --subject openssl,boringssl");
  json_t *row, *rows = json_object_get(result, "scaling");
  unsigned shared = 0;
  size_t i;
  cr_assert_eq(json_array_size(rows), 12, "of two subjects and algorithms, three rows each");
  json_array_foreach(rows, i, row) {
    cr_expect_str_eq(text_in(row, "note"), "");
    cr_expect_gt(number_in(row, "tokens_per_s"), 0);
    shared += strcmp(text_in(row, "contexts"), "shared") == 0;
  }
  cr_expect_eq(shared, 4);
  json_decref(result);
}

Test(cli_measure, the_first_uses_of_a_key_are_told_apart) {
  json_t *result = measured("--measure uses --seconds 0.5 --alg HS256,ES256 --subject openssl,null");
  json_t *row, *rows = json_object_get(result, "speed");
  static const char *const modes[] = {"first-use", "second-use", "tenth-use"};
  size_t i;
  cr_assert_eq(json_array_size(rows), 6, "of two algorithms; the floor has no keys");
  json_array_foreach(rows, i, row) {
    cr_expect_str_eq(text_in(row, "metric"), "primitive");
    cr_expect_str_eq(text_in(row, "mode"), modes[i % 3]);
    cr_expect_gt(number_in(row, "ns"), 0);
    cr_expect(json_is_true(json_object_get(row, "verdicts_ok")));
  }
  json_decref(result);
}

Test(cli_measure, batches_are_measured_where_a_library_has_them) {
  json_t *result =
      measured("--measure batch --seconds 0.5 --alg ES256 --subject openssl," TEST_MODULES "/batcher.so");
  json_t *row, *rows = json_object_get(result, "speed");
  size_t i;
  unsigned figures = 0;
  cr_assert_eq(json_array_size(rows), 2, "the small corpus has too few tokens for a batch of 64");
  json_array_foreach(rows, i, row) {
    cr_expect_str_eq(text_in(row, "metric"), "batch");
    if (strcmp(text_in(row, "subject"), "openssl") == 0)
      cr_expect_str_eq(text_in(json_object_get(row, "missing"), "ns"),
                       "no call for several signatures in this library");
    else
      figures += number_in(row, "ns") > 0 && json_is_true(json_object_get(row, "verdicts_ok"));
  }
  cr_expect_eq(figures, 1);
  json_decref(result);
  const struct ran *ran = shell("ASSAY_TEST_TRIGGER=. " BIN "/assay bench --corpus %s --measure batch "
                                "--seconds 0.5 --alg ES256 --subject " TEST_MODULES "/batcher.so 2>/dev/null",
                                test_corpus());
  cr_expect_eq(ran->code, 2, "a wrong outcome in a batch passes: exit %d", ran->code);
}

Test(cli_measure, the_plain_figure_is_filed_once, .timeout = 120) {
  json_t *result =
      measured("--measure modes,rejection --seconds 0.2 --launches 1 --alg HS256 --subject openssl");
  json_t *row, *rows = json_object_get(result, "speed");
  size_t i;
  unsigned plain = 0;
  json_array_foreach(rows, i, row) plain +=
      strcmp(text_in(row, "mode"), "diverse") == 0 && number_in(row, "bad_share") == 0;
  cr_expect_eq(plain, 1);
  cr_expect_eq(json_array_size(rows), 8);
  json_decref(result);
}

/* ---- the core that is measured on ---- */

#define BRIEF "--subject null --alg HS256 --launches 1 --seconds 0.1 --threads 1"

/* As another run would; waits for those of other tests to end. */
static int claim(int core) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "assay-core-%d", core);
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  for (int i = 0; i < 600; i++) {
    if (bind(fd, (const struct sockaddr *)&address,
             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) == 0)
      return fd;
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
  }
  cr_assert_fail("core %d is never free", core);
  return -1;
}

Test(cli_measure, keeps_to_the_cores_that_it_was_given) {
  cpu_set_t all, one;
  cr_assert_eq(sched_getaffinity(0, sizeof all, &all), 0);
  for (int core = 0; core < 64; core++) {
    if (!CPU_ISSET((size_t)core, &all))
      continue;
    CPU_ZERO(&one);
    CPU_SET((size_t)core, &one);
    cr_assert_eq(sched_setaffinity(0, sizeof one, &one), 0);
    json_t *result = measured(BRIEF);
    cr_expect_eq(json_integer_value(json_object_get(json_object_get(result, "run"), "pinned_cpu")), core);
    json_decref(result);
  }
}

Test(cli_measure, says_when_another_run_is_on_the_core) {
  cpu_set_t all;
  int claims[64], count = 0;
  cr_assert_eq(sched_getaffinity(0, sizeof all, &all), 0);
  for (int core = 0; core < 64; core++)
    if (CPU_ISSET((size_t)core, &all))
      claims[count++] = claim(core);
  json_t *result = measured(BRIEF);
  const char *text = json_dumps(json_object_get(json_object_get(result, "machine"), "warnings"), 0);
  cr_expect_not_null(strstr(text, "another assay measures on CPU"), "%s", text);
  free((char *)text);
  json_decref(result);
  while (count > 0)
    close(claims[--count]);
}
