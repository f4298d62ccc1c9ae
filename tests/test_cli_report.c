/* assay report at the command line: what there is to choose from. */
#include "tests/cli.h"
#include "tests/sample_result.h"

static const char *sample_file(void) {
  static char path[128];
  snprintf(path, sizeof path, "%s/result.json", fresh_folder());
  sample_write(path);
  return path;
}

Test(cli_report, help_lists_every_format_and_its_readers) {
  const struct ran *ran = shell(BIN "/assay report --help | tr -s ' \\n' ' '");
  for (const struct result_format *const *format = result_formats; *format; format++) {
    char line[160];
    snprintf(line, sizeof line, " %s %s. For ", (*format)->name, (*format)->summary);
    cr_assert_not_null(strstr(ran->out, line), "%s", (*format)->name);
    cr_assert_not_null(strstr(ran->out, (*format)->readers), "%s", (*format)->readers);
  }
}

/* How often the text holds the words. */
static int count(const char *text, const char *words) {
  int found = 0;
  for (; (text = strstr(text, words)); text += strlen(words))
    found++;
  return found;
}

Test(cli_report, only_chooses_histograms) {
  const char *path = sample_file();
  const struct ran *ran =
      shell(BIN "/assay report %s --format hgrm --only openssl/RS256/bits:2048 2>&1", path);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_assert_eq(count(ran->out, "1/(1-Percentile)"), 1);
  cr_assert_not_null(strstr(ran->out, "# verify/openssl/RS256/bits:2048/keys:16/threads:1, nanoseconds\n"));
  ran = shell(BIN "/assay report %s --format hlog --only '/RS*/bits:2048' 2>&1", path);
  cr_assert_eq(count(ran->out, "\nTag="), 10,
               "three subjects with RS256, RS384 and RS512, and the floor's RS256");
}

Test(cli_report, only_that_chooses_nothing_is_refused) {
  const char *path = sample_file();
  COMPLAINS(shell(BIN "/assay report %s --format hgrm --only nothing 2>&1", path), "nothing", "hgrm");
  COMPLAINS(shell(BIN "/assay report %s --format csv --only openssl 2>&1", path), "csv", "hgrm", "hlog");
}

Test(cli_report, takes_the_folder_of_a_run) {
  char folder[128];
  snprintf(folder, sizeof folder, "%s", sample_file());
  char *slash = strrchr(folder, '/');
  *slash = '\0';
  const struct ran *ran = shell(BIN "/assay report %s --line 2>&1", folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_eq(strncmp(ran->out, "assay ", 6), 0, "%s", ran->out);
  shell("rm %s/result.json", folder);
  COMPLAINS(shell(BIN "/assay report %s 2>&1", folder), "/result.json");
}
