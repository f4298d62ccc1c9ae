/* Who is faster than whom: what the sentences claim of it, and which rows they mark, with what a run can
 * tell. */
#include <criterion/criterion.h>

#include "tests/sample_result.h"

Test(ratio, says_what_is_not_resolved) {
  struct result *result = sample_rich();
  for (size_t i = 0; i < result->speed_count; i++) {
    struct result_speed *row = &result->speed[i];
    if (strcmp(row->alg, "ES256") == 0 && strcmp(row->subject, "boringssl") == 0) {
      row->ratio = 0.99;
      row->ratio_low = 0.98;
      row->ratio_high = 1.01;
      row->resolved = false;
    }
  }
  char *text = sample_render("terminal", result, (struct result_view){.columns = 200});
  cr_assert(
      strstr(text, "openssl verifies ES256 3.79 times as fast as wolfssl [3.69, 3.88], as packaged here.\n"));
  cr_assert(strstr(text, "Not resolved for ES256: openssl was 1.01 times as fast as boringssl [0.990, 1.02]; "
                         "this run cannot tell them apart.\n"));
  free(text);
  result_free(result);
}

/* wolfssl's row of ES256, with other samples: the n-th launch's time over that of openssl. */
static struct result_speed *set_times(struct result *result, const double *times, size_t count) {
  struct result_speed *first = NULL, *other = NULL;
  for (size_t i = 0; i < result->speed_count; i++) {
    struct result_speed *row = &result->speed[i];
    bool chosen = strcmp(row->alg, "ES256") == 0 && row->metric == METRIC_VERIFY;
    first = chosen && strcmp(row->subject, "openssl") == 0 ? row : first;
    other = chosen && strcmp(row->subject, "wolfssl") == 0 ? row : other;
  }
  first->sample_count = other->sample_count = count;
  for (size_t i = 0; i < count; i++)
    other->samples[i] = first->samples[i] * times[i];
  return other;
}

/* boringssl is the reference, and openssl is faster. */
static void make_boringssl_the_reference(struct result *result) {
  result_set(&result->reference, "boringssl");
  for (size_t i = 0; i < result->speed_count; i++) {
    struct result_speed *row = &result->speed[i];
    bool first = strcmp(row->subject, "openssl") == 0;
    row->ratio = first ? 1.18 : NAN;
    row->ratio_low = first ? 1.15 : NAN;
    row->ratio_high = first ? 1.21 : NAN;
    row->resolved = first;
  }
}

/* The run has tested what is against the reference; of all other pairs the launches tell: here all 12 of
 * them, in pairs, since one in 2,048 / 2 is what the level over 70 comparisons asks for. */
Test(ratio, tests_pairs_that_are_not_of_the_reference) {
  static const double clear[] = {3.5, 3.6, 3.7, 3.75, 3.76, 3.78, 3.8, 3.81, 3.82, 3.83, 3.9, 4.1};
  static const double tie[] = {0.98, 1.02, 1.01, 1.03, 1.01, 1.02, 1.01, 1.01, 1.02, 1.01, 1.02, 1.01};
  struct result *result = sample_rich();
  make_boringssl_the_reference(result);
  struct result_speed *wolfssl = set_times(result, clear, 12);
  char *text = sample_render("terminal", result, (struct result_view){.columns = 200});
  cr_expect_not_null(strstr(
      text, "\nopenssl verifies ES256 1.18 times as fast as boringssl [1.15, 1.21] and 3.79 times as fast "
            "as wolfssl [3.50, 4.10], as packaged here.\n"));
  free(text);
  wolfssl = set_times(result, tie, 12);
  text = sample_render("terminal", result, (struct result_view){.columns = 200});
  cr_expect_not_null(strstr(text, "\nNot resolved for ES256: openssl was 1.01 times as fast as wolfssl "
                                  "[0.980, 1.03]; this run cannot tell them apart.\n"));
  free(text);
  wolfssl->sample_count = 11;
  text = sample_render("terminal", result, (struct result_view){.columns = 200});
  cr_expect_not_null(strstr(text, "\nNot resolved for ES256: openssl was 1.01 times as fast as wolfssl; "
                                  "this run cannot tell them apart.\n"));
  cr_expect_not_null(
      strstr(text, "launches are too few for the intervals of so many comparisons: these figures are not "
                   "resolved, and small differences may be chance.\n"));
  free(text);
  result_free(result);
}

/* Bold in the table: told from every other subject, not from the reference alone. */
Test(ratio, marks_no_best_that_is_not_resolved) {
  static const double tie[] = {0.98, 1.02, 1.01, 1.03, 1.01, 1.02, 1.01, 1.01, 1.02, 1.01, 1.02, 1.01};
  struct result *result = sample_rich();
  make_boringssl_the_reference(result);
  char *text = sample_render("terminal", result, (struct result_view){.columns = 200, .colour = true});
  cr_expect_not_null(strstr(text, "\x1b[1m14.0 k"));
  free(text);
  set_times(result, tie, 12);
  text = sample_render("terminal", result, (struct result_view){.columns = 200, .colour = true});
  cr_expect_null(strstr(text, "\x1b[1m14.0 k"));
  free(text);
  char *page = sample_render("html", result, (struct result_view){0});
  cr_expect_not_null(strstr(page,
                            "<td class=\"n best\" data-head=\"RS256 2048, tokens/s\">37.1 k<span class=bar "
                            "style=\"--share:1.000\"></span></td>"));
  cr_expect_not_null(strstr(page, "<td class=\"n\" data-head=\"ES256, tokens/s\">14.0 k<span class=bar "
                                  "style=\"--share:1.000\"></span></td>"));
  free(page);
  result_free(result);
}

/* Tables and charts have the paired ratio, which the quotient of two medians need not be. */
Test(ratio, says_of_one_launch_what_its_file_says) {
  static const double times[] = {3.25};
  struct result *result = sample_rich();
  result->run.launches = 1;
  set_times(result, times, 1);
  for (size_t i = 0; i < result->speed_count; i++) {
    struct result_speed *row = &result->speed[i];
    row->ratio_low = row->ratio_high = NAN;
    row->resolved = false;
    if (strcmp(row->alg, "ES256") == 0 && strcmp(row->subject, "boringssl") == 0)
      row->ratio = 0.8; /* of ns: 0.847 */
  }
  char *text = sample_render("terminal", result, (struct result_view){.columns = 200});
  cr_expect_not_null(strstr(text, "\nNot resolved for ES256: openssl was 1.25 times as fast as boringssl "
                                  "and 3.79 times as fast as wolfssl; this run"));
  free(text);
  make_boringssl_the_reference(result);
  text = sample_render("terminal", result, (struct result_view){.columns = 200});
  cr_expect_not_null(
      strstr(text, "openssl was 3.25 times as fast as wolfssl; this run cannot tell them apart.\n"));
  free(text);
  result_free(result);
}
