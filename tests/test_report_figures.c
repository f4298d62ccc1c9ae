/* Figures, display columns, cleaning and shell words. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text/display.h"
#include "reports/text/figures.h"

#define ASSERT_FIGURE(function, value, text)                                                                 \
  do {                                                                                                       \
    char out[FIGURE_BYTES];                                                                                  \
    cr_assert_str_eq(function(out, value), text);                                                            \
  } while (0)

Test(report_figures, counts_and_their_nouns) {
  static const struct {
    uint64_t count;
    const char *noun, *text;
  } rows[] = {{0, "algorithm", "0 algorithms"},  {1, "class", "1 class"},
              {1234, "class", "1,234 classes"},  {2, "launch", "2 launches"},
              {3, "crash", "3 crashes"},         {1, "token", "1 token"},
              {58346, "token", "58,346 tokens"}, {2, "more pair", "2 more pairs"}};
  char out[FIGURE_NOUN_BYTES];
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    cr_expect_str_eq(figure_noun(out, rows[i].count, rows[i].noun), rows[i].text);
  cr_expect_str_eq(figure_tally(out, 542), "542");
  cr_expect_str_eq(figure_tally(out, 0), "0");
  cr_expect_str_eq(figure_tally(out, 1234567), "1,234,567");
  cr_expect_str_eq(figure_tally(out, 50.0435), "50.0");
  cr_expect_str_eq(figure_tally(out, 0.25), "0.250");
}

Test(report_figures, what_somebody_wrote_is_shown_as_it_was) {
  ASSERT_FIGURE(figure_given, 70, "70");
  ASSERT_FIGURE(figure_given, 0.29 * 100, "29");
  ASSERT_FIGURE(figure_given, 100.0 / 3, "33.3333");
  ASSERT_FIGURE(figure_given, 12345.6, "12345.6");
  ASSERT_FIGURE(figure_given, 20500, "20,500");
  ASSERT_FIGURE(figure_given, 0.5, "0.5");
  ASSERT_FIGURE(figure_given, 0, "0");
}

Test(report_figures, rates_have_three_digits_and_a_prefix) {
  ASSERT_FIGURE(figure_si, 37123.4, "37.1 k");
  ASSERT_FIGURE(figure_si, 999.4, "999");
  ASSERT_FIGURE(figure_si, 999.6, "1.00 k");
  ASSERT_FIGURE(figure_si, 9999.6, "10.0 k");
  ASSERT_FIGURE(figure_si, 2602811, "2.60 M");
  ASSERT_FIGURE(figure_si, 999999, "1.00 M");
  ASSERT_FIGURE(figure_si, 0, "0");
  ASSERT_FIGURE(figure_si, 0.5, "0.500");
  ASSERT_FIGURE(figure_si, 0.00001, "< 0.001");
  ASSERT_FIGURE(figure_si, 1e300, "1e+285 P");
  ASSERT_FIGURE(figure_si, NAN, "not known");
  ASSERT_FIGURE(figure_si, INFINITY, "not known");
  ASSERT_FIGURE(figure_si, -1, "not known");
}

Test(report_figures, times_have_a_unit) {
  ASSERT_FIGURE(figure_time, 26912.3, "26.9 us");
  ASSERT_FIGURE(figure_time, 102034, "102 us");
  ASSERT_FIGURE(figure_time, 384, "384 ns");
  ASSERT_FIGURE(figure_time, 0.25, "0.250 ns");
  ASSERT_FIGURE(figure_time, 1.5e6, "1.50 ms");
  ASSERT_FIGURE(figure_time, 999.7e6, "1.00 s");
  ASSERT_FIGURE(figure_time, NAN, "not known");
}

Test(report_figures, other_kinds) {
  ASSERT_FIGURE(figure_plain, 0.983, "0.983");
  ASSERT_FIGURE(figure_plain, 1.179, "1.18");
  ASSERT_FIGURE(figure_plain, 12345.6, "12,300");
  ASSERT_FIGURE(figure_bytes, 1234567, "1.23 MB");
  ASSERT_FIGURE(figure_bytes, 412, "412 B");
  ASSERT_FIGURE(figure_percent, 0.0312, "3.12 %");
  ASSERT_FIGURE(figure_percent, 1, "100 %");
  ASSERT_FIGURE(figure_percent, NAN, "not known");
  ASSERT_FIGURE(figure_change, -0.02134, "-2.13 %");
  ASSERT_FIGURE(figure_change, 0.0041, "+0.41 %");
  ASSERT_FIGURE(figure_change, -0.00002, "+0.00 %");
  ASSERT_FIGURE(figure_change, NAN, "not known");
  ASSERT_FIGURE(figure_duration, 0.25, "250 ms");
  ASSERT_FIGURE(figure_duration, 9.94, "9.9 s");
  ASSERT_FIGURE(figure_duration, 38.4, "38 s");
  ASSERT_FIGURE(figure_duration, 59.6, "1 min 0 s");
  ASSERT_FIGURE(figure_duration, 125, "2 min 5 s");
  ASSERT_FIGURE(figure_duration, 3720, "1 h 2 min");
  ASSERT_FIGURE(figure_duration, NAN, "not known");
  ASSERT_FIGURE(figure_count, 0, "0");
  ASSERT_FIGURE(figure_count, 999, "999");
  ASSERT_FIGURE(figure_count, 19200, "19,200");
  ASSERT_FIGURE(figure_count, 1234567, "1,234,567");
  ASSERT_FIGURE(figure_count, UINT64_MAX, "18,446,744,073,709,551,615");
}

Test(report_figures, rounding_keeps_significant_digits) {
  cr_assert_eq(figure_round(26912.34567, 6), 26912.3);
  cr_assert_eq(figure_round(0.000123456789, 6), 0.000123457);
  cr_assert_eq(figure_round(0, 6), 0.0);
}

Test(report_display, decodes_only_valid_utf8) {
  static const struct {
    const char *bytes;
    int32_t first;
    int length;
  } cases[] = {
      {"a", 'a', 1},
      {"\xc3\xa9", 0xe9, 2},
      {"\xe6\xbc\xa2", 0x6f22, 3},
      {"\xf0\x9f\x94\x91", 0x1f511, 4},
      {"\xf4\x8f\xbf\xbf", 0x10ffff, 4},
      {"", 0, 0},
      {"\x80", -1, 1},             /* a continuation alone */
      {"\xc0\x80", -1, 1},         /* overlong NUL */
      {"\xe0\x80\xaf", -1, 1},     /* overlong slash */
      {"\xed\xa0\x80", -1, 1},     /* surrogate */
      {"\xf4\x90\x80\x80", -1, 1}, /* above 10FFFF */
      {"\xf8\x88\x80\x80", -1, 1},
      {"\xe6\xbc", -1, 1}, /* cut off */
      {"\xff", -1, 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char *exact = strdup(cases[i].bytes); /* its end is the end of the allocation */
    const char *at = exact;
    cr_assert_eq(utf8_next(&at), cases[i].first, "case %zu", i);
    cr_assert_eq((int)(at - exact), cases[i].length, "case %zu", i);
    free(exact);
  }
}

static void assert_clean(const char *text, const char *clean) {
  char *out = display_clean(text);
  cr_assert_str_eq(out, clean);
  free(out);
}

Test(report_display, cleans_what_could_drive_a_terminal) {
  assert_clean("openssl 3.0", "openssl 3.0");
  assert_clean("a\nb\r\tc", "a b  c");
  assert_clean("\x1b[31mred\x07\x7f", "?[31mred??");
  assert_clean("\xc2\x9b"
               "31m",
               "?31m");
  assert_clean("\xe2\x80\xae"
               "evil",
               "?evil");
  assert_clean("\xff\xc3(", "?"
                            "?(");
  assert_clean("Stra\xc3\x9f"
               "e",
               "Stra\xc3\x9f"
               "e");
  char *repaired = utf8_repair("a\xff\x1b");
  cr_assert_str_eq(repaired, "a\xef\xbf\xbd\x1b");
  free(repaired);
}

Test(report_display, measures_columns) {
  cr_assert_eq(display_width(""), 0);
  cr_assert_eq(display_width("openssl"), 7);
  cr_assert_eq(display_width("\xc3\x9f"), 1);
  cr_assert_eq(display_width("\xe6\xbc\xa2\xe5\xad\x97"), 4);
  cr_assert_eq(display_width("a\xcc\x80"), 1);
  cr_assert_eq(display_width("\xd7\x91\xd6\xb4"), 1);         /* Hebrew, with its point */
  cr_assert_eq(display_width("\xe0\xb8\x81\xe0\xb8\xb4"), 1); /* Thai, with its vowel */
}

static void assert_cut(const char *text, size_t width, const char *expected) {
  char *out = display_cut(text, width);
  cr_assert_str_eq(out, expected);
  cr_assert_leq(display_width(out), width);
  free(out);
}

Test(report_display, cuts_to_a_width) {
  assert_cut("boringssl", 9, "boringssl");
  assert_cut("boringssl", 8, "borin...");
  assert_cut("boringssl", 3, "...");
  assert_cut("boringssl", 2, "..");
  assert_cut("boringssl", 0, "");
  assert_cut("ab cdefg", 6, "ab...");
  assert_cut("\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", 5, "\xe6\xbc\xa2...");
  assert_cut("\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", 4, "...");
}

static void assert_quoted(const char *word, const char *expected) {
  char *out = shell_quote(word);
  cr_assert_str_eq(out, expected);
  free(out);
}

Test(report_display, quotes_for_a_shell) {
  assert_quoted("signature/exp-past/0003", "signature/exp-past/0003");
  assert_quoted("", "''");
  assert_quoted("a b", "'a b'");
  assert_quoted("$(reboot)", "'$(reboot)'");
  assert_quoted("it's", "$'it\\'s'");
  assert_quoted("a\nb\\", "$'a\\012b\\\\'");
  assert_quoted("\xc3\x9f", "$'\\303\\237'");
}

/* The third digit of 9.97 is a thousandth of it, that of 1.02 a hundredth. */
Test(report_figures, has_as_many_digits_as_it_is_known_to) {
  char out[FIGURE_BYTES];
  cr_expect_eq(figure_digits(32.4, 0.01), 3);
  cr_expect_eq(figure_digits(32.4, 0.05), 2);
  cr_expect_eq(figure_digits(10.2, 0.05), 3, "a step of 1 is a tenth of it");
  cr_expect_eq(figure_digits(97.2, 0.02), 2);
  cr_expect_eq(figure_digits(97.2, 0), 3);
  cr_expect_eq(figure_digits(97.2, (double)NAN), 2);
  cr_expect_eq(figure_digits(97.2, 3), 2, "two at least");
  cr_expect_str_eq(figure_time_to(out, 32412, 2), "32 us");
  cr_expect_str_eq(figure_time_to(out, 9812, 2), "9.8 us");
  cr_expect_str_eq(figure_time_to(out, 996000, 2), "1.0 ms");
  cr_expect_str_eq(figure_si_to(out, 493000, 2), "490 k");
  cr_expect_str_eq(figure_share(out, 0.0312), "3.1 %");
  cr_expect_str_eq(figure_share(out, 0.27), "27 %");
}
