/* assay leak: does the time of a refusal tell anything about the right MAC? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/cli/command.h"
#include "harness/cli/common_options.h"
#include "harness/job/job.h"
#include "harness/measurements/leak.h"
#include "reports/document/screen.h"
#include "reports/document/terminal.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

struct request {
  struct leak_options leak;
  bool json;
};

static const struct option_row option_rows[] = {
    {"subject", "LIST", "as in `assay run`",
     TAKEN_AS(OPTION_LIST, struct request, leak.subjects, take_subjects), .word = subject_or_group_word,
     .fallback = "default"},
    {"samples", "N", "timings of each class, some 5 s a backend",
     NUMBER_IN(struct request, leak.samples, 1000, 1e9), .fallback = "500000"},
    {"corpus", "DIR", "take the tokens from there (default: the default corpus)",
     TEXT_IN(struct request, leak.corpus)},
    {CPU_ROW(struct request, leak.cpu)},
    {"json", NULL, "everything, for programs (assay-leak/1)", FLAG_IN(struct request, json)},
    {0}};

static const struct usage usage = {
    .name = "assay leak",
    .summary = "does the time of a refusal tell anything about the right MAC?",
    .forms = "[--subject LIST] [--samples N] [--corpus DIR] [--cpu N] [--json]",
    .about = "Times refusals of HS256 tokens that have the same header, claims and length, each token alone, "
             "in random order, and compares the means of two classes by Welch's t-test, as dudect does: MACs "
             "that are right but for the last octet against random ones (a comparison that stops at the "
             "first difference is slower on the former), and claims that have expired against good ones, "
             "both behind a random MAC (nothing may look at them before the MAC is right). A third "
             "comparison, of random MACs with other random MACs, is the noise of the run. That no leak is "
             "seen with so many timings does not prove that there is none.",
    .options = option_rows,
    .operands_wrong = "`assay leak --help` lists them",
    .notes = "Exit codes: 0 none seen, 2 a leak, 3 the noise is too large to say, 4 usage or set-up.",
    .examples = "assay leak\n"
                "assay leak --subject openssl,mine=openssl@/opt/openssl --samples 5000000"};

static const char *const test_names[LEAK_CLASSES] = {NULL, "MAC right but for its last octet",
                                                     "claims expired behind a wrong MAC",
                                                     "the same again: the noise"};

static int exit_of(const struct leak *leak) {
  int code = EXIT_HOLDS;
  for (unsigned i = 0; i < leak->count; i++) {
    const struct leak_test *noise = &leak->rows[i].tests[LEAK_AGAIN];
    for (int class = LEAK_NEAR; class <= LEAK_EXPIRED; class ++)
      if (leak_answer(&leak->rows[i].tests[class], noise) == LEAK_FOUND)
        return EXIT_WRONG;
    if (fabs(noise->t) > LEAK_CERTAIN)
      code = EXIT_NOISY;
  }
  return code;
}

static void add_test(struct document_table *table, const struct leak_row *row, int class) {
  const struct leak_test *test = &row->tests[class];
  char figure[FIGURE_BYTES];
  struct document_row *out = table_add_row(table);
  row_add_cell(out, row->label);
  row_add_cell(out, test_names[class]);
  row_addf(out, "%.1f", test->t);
  row_addf(out, "%s%s", test->difference_ns < 0 ? "-" : "", figure_time(figure, fabs(test->difference_ns)));
  row_add_cell(out, class == LEAK_AGAIN ? "" : leak_answer_name(test, &row->tests[LEAK_AGAIN]));
}

static void print_text(const struct leak *leak) {
  char samples[FIGURE_NOUN_BYTES];
  OWNED_DOCUMENT struct document document = {0};
  struct result_view view = {0};
  struct document_table *table =
      document_add_table(&document, "Refusals of HS256 tokens in time, against those with a random MAC");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT, 0);
  table_add_column(table, "t", 0, 0);
  table_add_column(table, "difference", 0, 0);
  table_add_column(table, "leak", COLUMN_LEFT, 0);
  for (unsigned i = 0; i < leak->count; i++)
    for (int class = 1; class < LEAK_CLASSES; class ++)
      add_test(table, &leak->rows[i], class);
  OWNED_TEXT char *legend = allocate_format(
      "Welch's t over %s a class, with as many of the longest left out as make it largest. Beyond %g and twice the noise the means "
      "differ in all likelihood, beyond %d for certain.",
      figure_noun(samples, leak->count ? leak->rows[0].samples : 0, "timing"), LEAK_SUSPECT, LEAK_CERTAIN);
  table_set_legends(table, legend);
  stdout_view(&view);
  terminal_put(&document, &view, stdout);
}

static void print_json(const struct leak *leak) {
  json_t *json = leak_json(leak);
  char *text = json_dumps(json, JSON_INDENT(1) | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));
  puts(text ? text : "{}");
  free(text);
  json_decref(json);
}

static int measure(const struct request *request) {
  struct leak leak;
  struct assay_error error = {0};
  bool ok = leak_run(&leak, &request->leak, &error);
  int code = ok ? exit_of(&leak) : EXIT_USAGE;
  if (stop_asked) {
    fputs("assay leak: interrupted; too few timings to say anything\n", stderr);
    code = EXIT_INTERRUPTED;
  } else if (!ok) {
    complain("leak", "%s", error.text);
  } else {
    (request->json ? print_json : print_text)(&leak);
  }
  leak_fini(&leak);
  return code;
}

static int run_leak(int argc, char **argv) {
  struct request request = {.leak = {.cpu = -1}};
  struct options_given given;
  int code = command_read(&usage, &request, argc, argv, &given) ? measure(&request) : EXIT_USAGE;
  subject_specs_fini(&request.leak.subjects);
  return code;
}

const struct command command_leak = {.usage = &usage, .run = run_leak};
