/* assay choose: from a result to what to use. */
#include <math.h>
#include <stdio.h>

#include "harness/base/error.h"
#include "harness/cli/command.h"
#include "harness/cli/mix_options.h"
#include "reports/choose/choice.h"
#include "reports/document/screen.h"
#include "reports/document/terminal.h"
#include "reports/model/json_value.h"

struct request {
  const char *result;
  struct choice_wish wish;
  double busy_percent;
  bool json, verbose;
};

/* ---- values ---- */

static bool take_latency(void *member, const char *text, struct assay_error *error) {
  static const struct unit units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {NULL, 0}};
  return number_with_unit(text, units, 3600e9, member) ||
         error_set(error, "--latency takes a time with its unit (ns, us, ms, s), such as 2ms, not '%s'",
                   text);
}

static const struct option_row option_rows[] = {
    {MIX_ROW(struct request, wish)},
    {RATE_ROW(struct request, wish)},
    {"latency", "T", "99 of 100 tokens within this time, waiting for a core included: 2ms, 500us",
     TAKEN_AS(OPTION_TEXT, struct request, wish.latency_ns, take_latency)},
    {"cores", "N", "how many there are (default: as many as are needed)",
     WHOLE_IN(struct request, wish.cores, 1, CHOICE_CORES_MAX)},
    {"busy", "PCT",
     "how busy cores may be at most: above that waiting grows fast, and one lost core is felt at once",
     NUMBER_IN(struct request, busy_percent, 1, 99), .fallback = "70"},
    {"json", NULL, "everything, for programs (assay-choice/1)", FLAG_IN(struct request, json)},
    {"verbose", NULL,
     "the arithmetic of every subject, what each algorithm adds, what more and fewer cores carry, every warning",
     FLAG_IN(struct request, verbose)},
    {0}};

static const struct usage usage = {
    .name = "assay choose",
    .summary = "which subject of a result carries your load, and with how many cores",
    .forms = "RESULT --mix ALG=SHARE,... --rate R [OPTION...]",
    .about =
        "Answers first: which subject would carry your tokens, with how many cores, or what would do where "
        "none does. Then it ranks the subjects of a result file by the cores that they need, shows the "
        "arithmetic, and says whom the run cannot tell from the best, and why each of the others is "
        "out: an algorithm that it lacks, wrong verdicts (under the algorithms of the mix), p99 over the target "
        "or from too few samples, too few cores.",
    .options = option_rows,
    .operands = 1,
    .operands_wrong = "takes one result file, such as assay-report/result.json",
    .notes = "Exit code 1 where no subject carries the load.",
    .examples = "assay choose assay-report/result.json --mix RS256=70,ES256=30 --rate 20000\n"
                "assay choose result.json --mix EdDSA --rate 150k --latency 2ms --cores 4"};

static int parse(struct request *request, int argc, char **argv) {
  struct options_given given;
  if (!command_read(&usage, request, argc, argv, &given))
    return EXIT_USAGE;
  request->result = given.operands[0];
  request->wish.busy_limit = request->busy_percent / 100;
  if (request->wish.mix_count == 0)
    return complain("choose", "--mix is missing: the algorithms of your tokens, such as RS256=70,ES256=30");
  if (!(request->wish.rate_per_s > 0))
    return complain("choose", "--rate is missing: how many tokens a second, such as 20000");
  return -1;
}

static bool print(const struct request *request, const struct choices *choices) {
  if (request->json) {
    bool ok = json_put(choices_json(choices), JSON_INDENT(1), stdout);
    putchar('\n');
    return ok;
  }
  struct document document = {0};
  struct result_view view = {0};
  stdout_view(&view);
  content_choices(&document, choices, request->verbose);
  terminal_put(&document, &view, stdout);
  document_fini(&document);
  return true;
}

static int run_choose(int argc, char **argv) {
  struct request request = {.wish = {.latency_ns = (double)NAN}};
  struct assay_error error = {0};
  struct choices choices;
  int code = parse(&request, argc, argv);
  if (code >= 0)
    return code;
  struct result *result = result_read(request.result, &error);
  if (!result)
    return complain("choose", "%s", error.text);
  if (!choose(&choices, result, &request.wish, &error))
    code = complain("choose", "%s: %s", request.result, error.text);
  else if (!print(&request, &choices))
    code = complain("choose", "cannot write to standard output");
  else
    code = choices.usable ? EXIT_HOLDS : EXIT_REGRESSION;
  choices_fini(&choices);
  result_free(result);
  return code;
}

const struct command command_choose = {.usage = &usage, .run = run_choose};
