/* Every output format, read by what it is for: a checker for each, tests/formats/check_<format>.py, takes the
 * result and the output, and compares every figure. */
#include <criterion/criterion.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sample_result.h"

#define CHECKERS ASSAY_SOURCE_DIR "/tests/formats"
#define NO_READER 77

static const struct result_view plain = {.columns = 100};

struct written {
  char path[64];
};

static struct written write_file(const char *text) {
  struct written file = {"/tmp/assay-format-XXXXXX"};
  int fd = mkstemp(file.path);
  cr_assert(fd >= 0);
  size_t length = strlen(text);
  cr_assert_eq((size_t)write(fd, text, length), length);
  close(fd);
  return file;
}

/* What the checker says of an output; NO_READER is told once. */
static int check(const char *format, const char *result_path, const char *output_path, bool quiet) {
  char checker[512];
  snprintf(checker, sizeof checker, "%s/check_%s.py", CHECKERS, format);
  cr_assert_eq(access(checker, R_OK), 0, "no checker for the format %s: %s", format, checker);
  pid_t pid = fork();
  if (pid == 0) {
    setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
    if (quiet && !freopen("/dev/null", "w", stderr))
      _exit(2);
    execl("/usr/bin/python3", "/usr/bin/python3", checker, result_path, output_path, (char *)NULL);
    _exit(NO_READER);
  }
  int status = -1;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* The result as a reader of its file has it: figures in six digits, names in valid UTF-8. */
static struct result *as_read(struct result *result, char **json) {
  struct assay_error error = {0};
  *json = sample_render("json", result, plain);
  result_free(result);
  struct result *again = result_parse(*json, strlen(*json), "sample", &error);
  cr_assert(again != NULL, "%s", error.text);
  return again;
}

/* Writes every format of `output` and checks it against `truth`. */
static void check_all(struct result *truth, void (*spoil)(struct result *), int wanted) {
  char *json;
  struct result *result = as_read(truth, &json);
  struct written file = write_file(json);
  size_t unread = 0;
  if (spoil)
    spoil(result);
  for (const struct result_format *const *format = result_formats; *format; format++) {
    char *text = sample_render((*format)->name, result, plain);
    struct written output = write_file(text);
    int code = check((*format)->name, file.path, output.path, wanted != 0);
    unread += code == NO_READER;
    cr_expect(code == NO_READER || code == wanted, "%s: the checker says %d, not %d", (*format)->name, code,
              wanted);
    unlink(output.path);
    free(text);
  }
  unlink(file.path);
  free(json);
  result_free(result);
  if (unread)
    cr_skip_test("%zu formats have no reader here: scripts/setup test", unread);
}

/* Verifiers, every kind of answer, rows that differ in nothing, intervals, and void rows, which have no
 * figures and must be missing from no format. */
static struct result *everything(void) {
  struct result *result = sample_rich();
  sample_fill_whole(result);
  sample_fill_gates(result);
  sample_fill_counters(&result->verdicts[1]);
  for (int i = 0; i < 3; i++)
    sample_fill_figures(sample_speed_row(result, "openssl", ASSAY_RS256, 2048, "verify"), 1e5 + i);
  for (size_t i = 0; i < result->speed_count; i++) {
    result->speed[i].ns_low = result->speed[i].ns * 0.98;
    result->speed[i].ns_high = result->speed[i].ns * 1.03;
    result->speed[i].verdicts_ok = i % 7 != 0;
  }
  for (size_t i = 0; i < result->verdict_count; i++)
    if (!result_find_taxon(result, result->verdicts[i].class_id))
      sample_classify(result, result->verdicts[i].class_id,
                      (enum assay_severity)(result->taxon_count % SEVERITY_COUNT), "spoilt tokens");
  result->partial = true;
  return result;
}

Test(report_formats, carry_the_figures_of_the_result) {
  check_all(everything(), NULL, 0);
}

Test(report_formats, gha_tells_one_launch_as_one) {
  struct result *result = sample_rich();
  for (size_t i = 0; i < result->speed_count; i++) {
    free(result->speed[i].samples);
    result->speed[i].samples = calloc(1, sizeof(double));
    *result->speed[i].samples = 1000;
    result->speed[i].sample_count = 1;
  }
  char *text = sample_render("gha-smaller", result, plain);
  cr_assert(strstr(text, "\"1 launch\"") && !strstr(text, "1 launches"));
  free(text);
  result_free(result);
}

Test(report_formats, take_hostile_names) {
  check_all(sample_hostile(), NULL, 0);
}

Test(report_formats, take_an_empty_result) {
  check_all(result_new(), NULL, 0);
}

static void spoil(struct result *result) {
  for (size_t i = 0; i < result->speed_count; i++) {
    struct result_speed *row = &result->speed[i];
    row->ns *= 1.01;
    row->tokens_per_s *= 1.01;
    for (size_t j = 0; j < row->sample_count; j++)
      row->samples[j] *= 1.01;
    for (size_t j = 0; j < row->histogram.count_count; j++)
      row->histogram.counts[j]++;
  }
  result->verdicts[0].accepted++;
  result->gates[1].change -= 0.01;
  result->gates[0].findings[0].tokens++;
}

/* Or none of the tests above would mean anything. */
Test(report_formats, are_found_out_when_a_figure_is_wrong) {
  check_all(everything(), spoil, 1);
}
