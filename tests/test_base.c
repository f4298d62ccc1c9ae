/* Reason codes, algorithm names, error sentences, files, medians: the leaf that all else stands on. */
#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/alg.h"
#include "harness/base/error.h"
#include "harness/base/files/file.h"
#include "harness/base/files/leftover.h"
#include "harness/base/random.h"
#include "harness/base/reason.h"
#include "harness/base/stats.h"
#include "harness/base/text/names.h"

Test(reason, every_number_has_a_dotted_name_that_leads_back) {
  static const int numbers[] = {
#define X(number, id, stage, name, sentence) number,
      ASSAY_REASONS(X)
#undef X
  };
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
    enum assay_reason reason = (enum assay_reason)numbers[i];
    cr_assert_eq(assay_reason_by_dotted(bytes_str(assay_reason_dotted(reason))), numbers[i]);
    cr_assert_eq(assay_verdict_of(reason), VERDICT_REJECT);
    cr_assert_eq(strncmp(assay_reason_dotted(reason), assay_stage_name(assay_reason_stage(reason)),
                         strlen(assay_stage_name(assay_reason_stage(reason)))),
                 0);
    const char *sentence = assay_reason_sentence(reason);
    cr_assert_eq(sentence[strlen(sentence) - 1], '.');
    for (size_t k = 0; k < i; k++)
      cr_assert_neq(numbers[k], numbers[i], "number %d is used twice", numbers[i]);
  }
}

Test(reason, answers_that_are_no_refusals) {
  cr_assert_eq(assay_verdict_of(REASON_OK), VERDICT_ACCEPT);
  cr_assert_eq(assay_verdict_of(REASON_UNSUPPORTED), VERDICT_UNSUPPORTED);
  cr_assert_eq(assay_verdict_of(REASON_FAULT), VERDICT_FAULT);
  cr_assert_str_eq(assay_reason_name(REASON_OK), "ok");
  cr_assert_str_eq(assay_reason_sentence(REASON_OK), "");
  cr_assert_str_eq(assay_reason_name((enum assay_reason)1500), "?");
  cr_assert_str_eq(assay_reason_sentence((enum assay_reason)1500), "");
  for (int reason = REASON_UNSUPPORTED; reason <= REASON_LAST; reason++) {
    const char *sentence = assay_reason_sentence((enum assay_reason)reason);
    cr_assert(sentence[0] && sentence[strlen(sentence) - 1] == '.', "%d has no sentence", reason);
    cr_assert_str_neq(assay_reason_name((enum assay_reason)reason), "?");
  }
  cr_assert_str_eq(assay_reason_dotted(REASON_EXPIRED), "registered-claims.expired");
  cr_assert_eq(assay_reason_by_dotted(bytes_str("registered-claims.expire")), -1);
  cr_assert_eq(assay_reason_by_dotted(bytes_str("ok")), REASON_OK);
}

Test(error, control_characters_do_not_reach_the_terminal) {
  struct assay_error error;
  cr_assert_not(error_set(&error, "file %s", "a\x1b[31m\nb"));
  cr_assert_str_eq(error.text, "file a?[31m?b");
  error_prefix(&error, "line %d: ", 3);
  cr_assert_str_eq(error.text, "line 3: file a?[31m?b");
}

Test(error, nothing_that_hides_or_reverses_reaches_the_terminal) {
  struct assay_error error;
  /* C1 controls as code points and as bare bytes, marks of direction, a zero-width space. */
  error_write(&error, "%s",
              "a\xc2\x9b"
              "31mb\x9b"
              "c\u202ed\u2066e\u200ff\u061cg\u200bh\xc2\x80\xc2\x9fi");
  cr_assert_str_eq(error.text, "a?31mb?c?d?e?f?g?h??i");
  error_write(&error, "%s", "caf\u00e9 \u00a0\u4e2d\U0001f511");
  cr_assert_str_eq(error.text, "caf\u00e9 \u00a0\u4e2d\U0001f511");
}

Test(error, a_sentence_is_not_cut_within_a_character) {
  struct assay_error error;
  char words[sizeof error.text + 1];
  memset(words, 'a', sizeof words);
  strcpy(words + sizeof words - 3, "\u00e9"); /* its second byte has no room */
  error_write(&error, "%s", words);
  cr_assert_str_eq(error.text + sizeof error.text - 4, "aa?");
}

Test(error, near_misses) {
  static const char *const words[] = {"audience", "algorithms", "issuers", "typ", NULL};
  cr_assert_str_eq(near_miss("audiance", words), "audience");
  cr_assert_str_eq(near_miss("algorithm", words), "algorithms");
  cr_assert_str_eq(near_miss("type", words), "typ");
  cr_assert_null(near_miss("zzzzzz", words));
  const char *const algs[] = {"HS256", "RS256", "PS256", "RS384", NULL};
  cr_assert_str_eq(near_miss("rs256", algs), "RS256");
  cr_assert_str_eq(near_miss("ps265", algs), "PS256");
  const char *const columns[] = {"p50", "p99", "p99.9", "tokens/s", NULL};
  cr_assert_str_eq(near_miss("p999", columns), "p99.9");
  cr_assert_str_eq(near_miss("p98", columns), "p99");
  const char *const names[] = {"markdown", "terminal", "exit-codes", "gha-bigger", "gha-smaller", NULL};
  cr_assert_str_eq(near_miss("md", names), "markdown");
  cr_assert_str_eq(near_miss("exit", names), "exit-codes");
  cr_assert_null(near_miss("gha", names), "of two that begin so, none was meant more than the other");
  cr_assert_null(near_miss("m", names));
  cr_assert_null(near_miss("", names));
  cr_assert_str_eq(near_miss("tpy", words), "typ");
}

static void temporary(char *path, size_t size, const char *name) {
  static char folder[] = "/tmp/assay-test-XXXXXX";
  if (folder[sizeof folder - 2] == 'X')
    cr_assert_not_null(mkdtemp(folder));
  snprintf(path, size, "%s/%s", folder, name);
}

Test(file, commit_gives_the_name_and_abandon_leaves_nothing) {
  char path[256], *data;
  size_t len;
  struct file_writer writer;
  struct assay_error error;
  temporary(path, sizeof path, "a");
  cr_assert(file_open(&writer, path, &error));
  fputs("half", writer.stream);
  cr_assert_neq(access(path, F_OK), 0);
  file_abandon(&writer);
  cr_assert_neq(access(writer.temporary, F_OK), 0);
  cr_assert(file_open(&writer, path, &error));
  fputs("whole", writer.stream);
  cr_assert(file_commit(&writer, &error));
  cr_assert(file_read(path, &data, &len, &error));
  cr_assert_eq(len, 5);
  cr_assert_str_eq(data, "whole");
  free(data);
}

Test(file, a_map_gives_back_what_was_passed_and_shows_it_again) {
  char path[256];
  struct file_writer writer;
  struct file_map map;
  struct assay_error error = {0};
  temporary(path, sizeof path, "m");
  cr_assert(file_open(&writer, path, &error));
  for (unsigned i = 0; i < 3 * FILE_MAP_WINDOW / 8; i++)
    fprintf(writer.stream, "%7u\n", i % 9999999);
  cr_assert(file_commit(&writer, &error));
  cr_assert(file_map(path, &map, &error), "%s", error.text);
  cr_assert_eq(map.len, 3 * FILE_MAP_WINDOW);
  for (size_t at = 0; at <= map.len; at += 4096)
    file_map_passed(&map, at);
  cr_expect_eq(map.passed, map.len);
  cr_expect_eq(strncmp(map.data, "      0\n      1\n", 16), 0);
  file_unmap(&map);
  cr_assert(file_open(&writer, path, &error));
  cr_assert(file_commit(&writer, &error));
  cr_assert(file_map(path, &map, &error), "an empty file");
  cr_expect_eq(map.len, 0);
  file_unmap(&map);
  cr_assert_not(file_map("/dev/null", &map, &error));
  unlink(path);
}

Test(file, a_full_disk_leaves_the_old_file) {
  char path[256], *data;
  size_t len;
  struct file_writer writer;
  struct assay_error error;
  struct rlimit limit = {4096, 4096};
  temporary(path, sizeof path, "b");
  cr_assert(file_open(&writer, path, &error));
  fputs("old", writer.stream);
  cr_assert(file_commit(&writer, &error));
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &limit); /* as a full disk: write fails */
  cr_assert(file_open(&writer, path, &error));
  for (int i = 0; i < 10000; i++)
    fputs("0123456789", writer.stream);
  cr_assert_not(file_commit(&writer, &error));
  cr_assert_not_null(strstr(error.text, path));
  cr_assert_neq(access(writer.temporary, F_OK), 0);
  cr_assert(file_read(path, &data, &len, &error));
  cr_assert_str_eq(data, "old");
  free(data);
}

Test(file, folders_are_made_and_a_file_in_the_way_is_named) {
  char path[256];
  struct assay_error error;
  temporary(path, sizeof path, "x/y/z");
  cr_assert(file_make_dirs(path, &error));
  cr_assert(file_make_dirs(path, &error));
  cr_assert_not(file_make_dirs("/dev/null/x", &error));
  cr_assert_not_null(strstr(error.text, "/dev/null"));
}

Test(stats, medians) {
  double odd[] = {3, 1, 2}, even[] = {4, 1, 3, 2};
  cr_assert_eq(median_of(odd, 3), 2);
  cr_assert_eq(median_of(even, 4), 2.5);
  cr_assert(isnan(median_of(odd, 0)));
  struct samples samples = {0};
  for (int i = 100; i > 0; i--)
    samples_add(&samples, i);
  cr_assert_eq(samples_median(&samples), 50.5);
  cr_assert_eq(samples.items[0], 100, "the order is kept");
  samples_free(&samples);
}

Test(random, orders_are_permutations) {
  uint64_t state = 7;
  unsigned order[64], seen[64] = {0};
  random_order(&state, order, 64);
  for (int i = 0; i < 64; i++)
    seen[order[i]]++;
  for (int i = 0; i < 64; i++)
    cr_assert_eq(seen[i], 1);
}

static bool take_name(void *arg, const char *name, struct assay_error *error) {
  unsigned *count = arg;
  ++*count;
  return strcmp(name, "stop") != 0 || error_set(error, "stopped at %u", *count);
}

Test(names, a_list_of_any_length_is_read_to_its_end) {
  enum { NAMES = 3000 };
  static char list[NAMES * 3 + 5];
  struct assay_error error = {0};
  unsigned count = 0;
  for (int i = 0; i < NAMES; i++)
    memcpy(list + i * 3, "ab,", 3);
  strcpy(list + (size_t)NAMES * 3, "stop");
  cr_assert_not(names_each(list, take_name, &count, &error));
  cr_assert_eq(count, NAMES + 1);
  cr_assert_str_eq(error.text, "stopped at 3001");
  count = 0;
  cr_assert(names_each(", ,", take_name, &count, &error));
  cr_assert_eq(count, 0);
  cr_assert_not(names_each("a, stop , b", take_name, &count, &error));
  cr_assert_str_eq(error.text, "stopped at 2", "a blank is no part of a name");
}

Test(names, what_has_no_room_is_counted) {
  static const char *const names[] = {"RS256", "ES256", "EdDSA", "HS256"};
  char all[64], few[40];
  names_fit(all, sizeof all, names, 4);
  cr_assert_str_eq(all, "RS256, ES256, EdDSA, HS256");
  names_fit(few, sizeof few, names, 4);
  cr_assert_str_eq(few, "RS256 and 3 more");
  names_fit(all, sizeof all, names, 0);
  cr_assert_str_empty(all);
}

Test(file, a_temporary_folder_stands_where_tmpdir_says) {
  struct assay_error error = {0};
  char folder[256], inner[256];
  setenv("TMPDIR", "", 1);
  cr_assert(file_make_temporary(folder, sizeof folder, "outer", &error), "%s", error.text);
  cr_assert_eq(strncmp(folder, "/tmp/assay-outer-", 17), 0, "%s", folder);
  setenv("TMPDIR", folder, 1);
  cr_assert(file_make_temporary(inner, sizeof inner, "keys", &error), "%s", error.text);
  cr_assert_eq(strncmp(inner, folder, strlen(folder)), 0, "%s", inner);
  rmdir(inner);
  rmdir(folder);
  cr_assert_not(file_make_temporary(inner, sizeof inner, "keys", &error));
  cr_assert_not_null(strstr(error.text, folder), "%s", error.text);
  cr_assert_not_null(strstr(error.text, "TMPDIR"), "%s", error.text);
}

Test(file, the_names_of_a_folder_can_be_synced) {
  struct assay_error error = {0};
  cr_assert(file_sync_entry("/tmp/any", &error), "%s", error.text);
  cr_assert(file_sync_entry("any", &error), "%s", error.text);
  cr_assert_not(file_sync_entry("/there/is/no/such", &error));
  cr_assert_not_null(strstr(error.text, "/there/is/no"), "%s", error.text);
}
