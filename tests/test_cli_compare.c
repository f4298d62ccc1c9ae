/* assay compare: the answer first, the builds of both sides, what is worse, and every format. */
#include "tests/stored_results.h"

TestSuite(cli_compare, .init = set_up, .fini = tear_down);

Test(cli_compare, compare_shows_every_pair_and_fails_only_by_a_threshold) {
  put("a.json", quiet);
  put("b.json", (struct given){.ns = 1250, .low = 1240, .high = 1260});
  put("c.json", (struct given){.ns = 1002, .low = 992, .high = 1012});
  const struct ran *ran = assay("compare a.json b.json c.json");
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, "0.800"), "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, "slower"), "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, "not resolved"), "%s", ran->out);
  const struct ran *slower = assay("compare a.json b.json --threshold 5");
  cr_assert_eq(slower->code, 1);
  cr_expect_not_null(strstr(slower->out, "1 of 1 row is slower in b.json"), "%s", slower->out);
  cr_assert_eq(assay("compare a.json c.json --threshold 5")->code, 0);
  ran = shell("cd %s && " BIN "/assay compare a.json b.json --json", folder);
  json_t *json = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(json, "%s", ran->out);
  json_decref(json);
  COMPLAINS(assay("compare a.json"), "2 to");
  COMPLAINS(assay("compare a.json b.json --threshold x"), "--threshold");
}

Test(cli_compare, compare_says_what_each_row_was_measured_under) {
  keep("a.json", with_every_kind(1));
  keep("b.json", with_every_kind(1.2));
  const struct ran *ran = assay("compare a.json b.json");
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  for (size_t i = 0; i < KINDS; i++)
    cr_expect_not_null(strstr(ran->out, kinds[i]), "'%s' is not in: %s", kinds[i], ran->out);
  cr_expect_null(strstr(ran->out, "..."), "cut off: %s", ran->out);
  ran = assay("compare a.json b.json --json");
  json_t *json = json_loads(ran->out, 0, NULL), *row;
  json_t *rows = json_object_get(json_array_get(json_object_get(json, "others"), 0), "rows");
  size_t i;
  cr_assert_eq(json_array_size(rows), KINDS, "%s", ran->out);
  json_array_foreach(rows, i, row)
      cr_expect_str_eq(json_string_value(json_object_get(row, "conditions")), kinds[i]);
  row = json_array_get(rows, 5);
  cr_expect_eq(json_integer_value(json_object_get(row, "keys")), 1000);
  cr_expect(json_is_false(json_object_get(row, "kid")));
  cr_expect_str_eq(json_string_value(json_object_get(row, "key_place")), "last");
  json_decref(json);
}

Test(cli_compare, compare_with_a_threshold_passes_nothing_that_it_could_not_compare) {
  struct result *more = new_result(quiet);
  for (unsigned i = 0; i < 9; i++)
    result_printf(&add_speed(more, quiet)->alg, "X%u", i);
  keep("more.json", more);
  put("less.json", quiet);
  put("none.json", (struct given){.ns = 1000, .low = NAN, .high = NAN});
  put("wide.json", (struct given){.ns = 1000, .low = 800, .high = 1200});
  put("bad.json", (struct given){.ns = 1000, .low = 990, .high = 1010, .wrong = 3});
  cr_expect_eq(assay("compare less.json none.json --threshold 5")->code, 3, "no interval");
  cr_expect_eq(assay("compare less.json wide.json --threshold 5")->code, 3, "a wide interval");
  const struct ran *ran = assay("compare more.json less.json --threshold 5");
  cr_expect_eq(ran->code, 3, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "less.json lacks times of openssl: X0, X1, X2,"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "X5 and 3 more"), "named one by one: %s", ran->out);
  cr_expect_eq(assay("compare less.json more.json --threshold 5")->code, 3, "whichever lacks it");
  cr_expect_eq(assay("compare more.json less.json --threshold 5 --anyway")->code, 0);
  cr_expect_eq(assay("compare more.json less.json")->code, 0, "nothing was asked");
  ran = assay("compare less.json bad.json --threshold 5");
  cr_expect_eq(ran->code, 2, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "openssl bitflip/signature ES256: 3 accepted"), "%s", ran->out);
  cr_expect_eq(assay("compare bad.json less.json --threshold 5")->code, 0, "better");
  cr_expect_eq(assay("compare less.json bad.json")->code, 0, "nothing was asked");
}

Test(cli_compare, compare_names_versions_that_differ) {
  struct result *other = new_result(quiet), *first = new_result(quiet);
  result_set(&first->subjects[0].version, "3.0.19");
  result_set(&other->subjects[0].version, "3.0.22");
  keep("a.json", first);
  keep("b.json", other);
  const struct ran *ran = assay("compare a.json b.json");
  cr_expect_not_null(strstr(ran->out, "openssl differs in version (3.0.19 against 3.0.22).\n"), "%s",
                     ran->out);
}

/* Openssl of that version, and where it and its module lie. */
static struct result *with_build(const char *version, const char *hash, const char *flags) {
  struct result *result = new_result(quiet);
  struct result_subject *subject = &result->subjects[0];
  result_set(&subject->library, "OpenSSL");
  result_set(&subject->version, version);
  result_printf(&subject->path, "/opt/openssl-%s/lib/libcrypto.so.3", version);
  result_printf(&subject->sha256, "%s000000000000000000000000000000000000000000000000000000", hash);
  result_printf(&subject->module_path, "/home/someone/.cache/assay/builds/openssl-0123456789ab%s/openssl.so",
                hash);
  result_printf(&subject->module_sha256, "f%s", hash);
  result_set(&subject->module_compiler, "GNU 12.2.0");
  result_set(&subject->module_flags, flags);
  subject_add_fact(subject, "compiler: gcc -O2 -g", "library");
  return result;
}

#define DIFFERENCES                                                                                          \
  "version (3.0.19 against 3.0.22), library file, the library's build (compiler: gcc -O2 -g against "        \
  "compiler: gcc -O2 -O3), module file and the module's flags (-O2 against -O3)."

Test(cli_compare, builds_of_both_sides_are_shown_with_what_differs) {
  struct result *first = with_build("3.0.19", "aaaa", "-O2 -g"),
                *other = with_build("3.0.22", "bbbb", "-O3 -g");
  result_set(&other->subjects[0].build[0].fact, "compiler: gcc -O2 -O3");
  add_speed(first, quiet);
  add_speed(other, quiet);
  keep("a.json", first);
  keep("b.json", other);
  const struct ran *ran = assay("compare a.json b.json");
  cr_expect_not_null(
      strstr(unfolded(ran),
             "openssl first library 3.0.19 aaaa00000000 "
             "/opt/openssl-3.0.19/lib/libcrypto.so.3 openssl other library "
             "3.0.22 bbbb00000000 /opt/openssl-3.0.22/lib/libcrypto.so.3 openssl "
             "first module faaaa .../openssl-0123456789abaaaa/openssl.so openssl other module fbbbb "
             ".../openssl-0123456789abbbbb/openssl.so openssl differs in " DIFFERENCES),
      "%s", ran->out);
  ran = assay("gate b.json --against a.json --output kept");
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  static const char *const formats[] = {"terminal", "markdown", "html"};
  for (size_t f = 0; f < 3; f++) {
    char line[96];
    snprintf(line, sizeof line, "report kept/result.json --format %s", formats[f]);
    ran = assay(line);
    static const char *const parts[] = {"base",
                                        "head",
                                        "aaaa00000000",
                                        "bbbb00000000",
                                        "/openssl-0123456789abaaaa/openssl.so",
                                        "/openssl-0123456789abbbbb/openssl.so",
                                        "openssl differs in version (3.0.19 against 3.0.22)"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
      cr_expect_not_null(strstr(unfolded(ran), parts[i]), "%s: no %s", formats[f], parts[i]);
  }
}

Test(cli_compare, builds_that_are_the_same_are_one_row) {
  struct result *first = with_build("3.0.19", "aaaa", "-O2"), *other = with_build("3.0.19", "aaaa", "-O2");
  add_speed(first, quiet);
  result_set(&other->started, "2026-01-09T00:00:00Z");
  add_speed(other, quiet);
  keep("a.json", first);
  keep("b.json", other);
  const struct ran *ran = assay("compare a.json b.json");
  cr_expect_not_null(
      strstr(unfolded(ran),
             "openssl both library 3.0.19 aaaa00000000 "
             "/opt/openssl-3.0.19/lib/libcrypto.so.3 openssl both module faaaa "
             ".../openssl-0123456789abaaaa/openssl.so openssl: the same library and module, byte for byte."),
      "%s", ran->out);
}

/* The first line of what `assay compare` prints. */
static void expect_answer(const char *arguments, const char *answer) {
  const struct ran *ran = assay(arguments);
  cr_expect(strncmp(unfolded(ran), answer, strlen(answer)) == 0, "%s: %s", arguments, ran->out);
}

Test(cli_compare, compare_opens_with_its_answer) {
  put("a.json", quiet);
  put("slow.json", (struct given){.ns = 1250, .low = 1240, .high = 1260});
  put("fast.json", (struct given){.ns = 800, .low = 790, .high = 810});
  put("near.json", (struct given){.ns = 1002, .low = 992, .high = 1012});
  put("bad.json", (struct given){.ns = 1001, .low = 992, .high = 1012, .wrong = 3});
  put("none.json", (struct given){.ns = 1000, .low = NAN, .high = NAN});
  expect_answer(
      "compare a.json slow.json",
      "assay compare: slow.json against a.json: slower in 1 row and faster in none, with none not told "
      "apart; of 100 tokens asked of both none is answered worse. ");
  expect_answer(
      "compare a.json fast.json",
      "assay compare: fast.json against a.json: slower in no row and faster in 1, with none not told "
      "apart; of 100 tokens asked of both none is answered worse. ");
  expect_answer(
      "compare a.json near.json",
      "assay compare: near.json against a.json: none of 1 row is told apart in speed; of 100 tokens "
      "asked of both none is answered worse. ");
  expect_answer("compare a.json bad.json",
                "assay compare: bad.json against a.json: none of 1 row is told apart "
                "in speed; answers are worse in 1 row. worse openssl "
                "bitflip/signature ES256: 3 accepted, 97 right of 100; before 100 "
                "right of 100 ");
  expect_answer("compare a.json slow.json --threshold 5",
                "assay compare: slower. 1 of 1 row is slower in slow.json by more than 5 %. ");
  expect_answer(
      "compare a.json near.json --threshold 5",
      "assay compare: holds. No slowdown of more than 5 % in 1 row, and of 100 tokens asked none is "
      "answered worse. ");
  expect_answer(
      "compare a.json none.json --threshold 5",
      "assay compare: too noisy to say. 1 of 1 row cannot rule out a slowdown of more than 5 %; this "
      "is no pass. ");
}

Test(cli_compare, a_file_against_itself_is_one_sentence) {
  put("a.json", quiet);
  static const char sentence[] =
      "a.json and a.json are the same result, byte for byte: there is nothing to compare.\n";
  char line[256];
  snprintf(line, sizeof line, "assay compare: %s", sentence);
  cr_expect_str_eq(assay("compare a.json a.json")->out, line);
  cr_expect_str_eq(assay("compare a.json a.json --format markdown")->out + strlen("# Results compared\n\n"),
                   line);
}

Test(cli_compare, compare_shows_what_is_asked_for_in_every_format) {
  keep("a.json", with_every_kind(1));
  keep("b.json", with_every_kind(1.2));
  const struct ran *ran = assay("compare a.json b.json --only ES256 --format markdown");
  cr_expect_eq(ran->code, 0);
  cr_expect_not_null(strstr(ran->out,
                            "| algorithm | subject | conditions | first | other | speed | interval | "
                            "answer |\n"),
                     "%s", ran->out);
  cr_expect_not_null(strstr(ran->out,
                            "| ES256 | openssl | 2 threads | 1.20 us | 1.44 us | 0.833 | 0.832 to 0.835 | "
                            "**slower** |\n"),
                     "%s", ran->out);
  ran = assay("compare a.json b.json --format html");
  cr_expect_eq(strncmp(ran->out, "<!doctype html>", 15), 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out,
                            "<h1>assay compare: b.json against a.json: slower in 7 rows and faster in "
                            "none, with none not told apart; of 100 tokens asked of both none is "
                            "answered worse.</h1>"),
                     "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "<td>2 threads</td><td class=\"n\">1.20 us</td>"), "%s", ran->out);
  ran = assay("compare a.json b.json --format csv");
  cr_expect_not_null(strstr(ran->out,
                            "first_file,file,subject,alg,key_bits,metric,mode,threads,first_ns,ns,ratio,"
                            "ratio_low,ratio_high,answer,batch,keys,kid,key_place,bad_share,conditions"
                            "\r\na.json,b.json,openssl,ES256,0,verify,diverse,1,1000,1200,0.833333,"),
                     "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, ",slower,1,1000,false,last,0,\"1,000 keys, no kid, last\"\r\n"), "%s",
                     ran->out);
  COMPLAINS(assay("compare a.json b.json --only RS256"), "--only: no row of these files is of 'RS256'");
  COMPLAINS(assay("compare a.json b.json --format csv --json"), "exclude each other");
  COMPLAINS(assay("compare a.json b.json --format cvs"), "'cvs'", "'csv'");
}

/* Of a file that has no row of the algorithm, too, nothing else is compared. */
Test(cli_compare, compare_is_about_what_is_asked_for) {
  struct result *more = new_result(quiet);
  add_speed(more, quiet);
  result_set(&add_speed(more, (struct given){.ns = 2000, .low = 1990, .high = 2010})->alg, "RS256");
  keep("more.json", more);
  put("less.json", quiet);
  expect_answer("compare more.json less.json --only ES256 --threshold 5", "assay compare: holds. ");
  expect_answer(
      "compare more.json less.json --only RS256 --threshold 5",
      "assay compare: incomplete. Not everything could be compared, which is no pass; what is missing "
      "stands below. not compared less.json lacks all times of openssl ");
  cr_expect_eq(assay("compare more.json less.json --only RS256 --threshold 5")->code, 3);
}
