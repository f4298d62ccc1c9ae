/* The HTML report in a real browser, by tests/browser/open_report.mjs: charts that are drawn, no request and
 * no error, light and dark, wide and narrow, by keyboard, and without JavaScript. On Release alone. */
#include "build_facts.h"
#include "tests/cli.h"
#include "tests/sample_result.h"

#define NO_BROWSER 77

/* What the sample has no rows for yet, so that every chart there is gets drawn. */
static void fill_the_rest(struct result *result) {
  for (size_t i = 0; i < SAMPLE_SUBJECTS; i++) {
    double ns = sample_ns(ASSAY_RS256, 2048) * sample_subjects[i].factor;
    for (int tenths = 1; tenths <= 10; tenths += 3) {
      struct result_speed *row =
          sample_speed_row(result, sample_subjects[i].name, ASSAY_RS256, 2048, "verify");
      sample_fill_figures(row, ns * (1 - 0.05 * tenths));
      row->bad_share = tenths / 10.0;
    }
  }
  sample_fill_unscored(result);
  for (size_t i = 0; i < result->speed_count; i++)
    if (result->speed[i].metric == METRIC_VERIFY && result->speed[i].ns > 0)
      result->speed[i].instructions = result->speed[i].ns * 4;
}

static void open_page(struct result *result, const char *name) {
  /* How the page is written is tested under sanitizers in test_report_html. */
  if (strcmp(ASSAY_SANITIZER, "none") != 0) {
    result_free(result);
    cr_skip_test("the page is opened on the Release build");
  }
  char path[128];
  snprintf(path, sizeof path, "%s", fresh_folder());
  char *page = sample_render("html", result, (struct result_view){0});
  result_free(result);
  char *file = NULL;
  cr_assert_gt(asprintf(&file, "%s/%s.html", path, name), 0);
  FILE *stream = fopen(file, "w");
  cr_assert_not_null(stream, "%s", file);
  fputs(page, stream);
  fclose(stream);
  free(page);
  const struct ran *ran = shell("cd '" ASSAY_SOURCE_DIR "' && command -v node >/dev/null || exit %d; "
                                "node tests/browser/open_report.mjs %s 2>&1",
                                NO_BROWSER, file);
  int code = ran->code;
  char *words = strdup(ran->out);
  shell("rm -rf %s", path);
  free(file);
  if (code == NO_BROWSER)
    cr_skip_test("Chromium or Node.js is not installed: scripts/setup verifiers test");
  cr_expect_eq(code, 0, "%s", words);
  cr_log_info("%s", words);
  free(words);
}

Test(report_browser, draws_every_chart) {
  struct result *result = sample_rich();
  fill_the_rest(result);
  open_page(result, "rich");
}

Test(report_browser, runs_nothing_that_a_result_holds) {
  struct result *result = sample_hostile();
  open_page(result, "hostile");
}

Test(report_browser, opens_without_figures) {
  open_page(result_new(), "empty");
}
