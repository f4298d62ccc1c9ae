/* assay choose: from a result to what to use. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "harness/base/error.h"
#include "harness/base/text/names.h"
#include "harness/cli/command.h"
#include "harness/cli/common_options.h"
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

/* ---- --mix RS256=70,RS256:4096=5,ES256=25 ---- */

static bool read_alg(struct choice_share *share, const char *name, struct assay_error *error) {
  int alg = word_find("algorithm", name, alg_word, error);
  share->alg = alg < 0 ? NULL : alg_word((unsigned)alg);
  return share->alg || error_prefix(error, "--mix: ");
}

static bool read_bits(struct choice_share *share, const char *text, struct assay_error *error) {
  char *end;
  unsigned long bits = strtoul(text, &end, 10);
  share->key_bits = (unsigned)bits;
  return (text[0] >= '1' && text[0] <= '9' && *end == '\0' && bits <= 65536) ||
         error_set(error, "--mix: '%s' is no key size in bits, as in RS256:4096=10", text);
}

static bool read_share(struct choice_share *share, const char *text, struct assay_error *error) {
  char *end;
  share->share = strtod(text, &end);
  return (end != text && *end == '\0' && share->share > 0 && share->share <= 1e12) ||
         error_set(error, "--mix: '%s' is no share; a positive number is, as in RS256=70", text);
}

static bool add_share(void *arg, const char *text, struct assay_error *error) {
  struct choice_wish *wish = arg;
  struct choice_share share = {.share = 1};
  char item[64];
  if ((size_t)snprintf(item, sizeof item, "%s", text) >= sizeof item)
    return error_set(error, "--mix: '%s' names no algorithm", text);
  if (wish->mix_count == CHOICE_MIX_MAX)
    return error_set(error, "--mix takes at most %d algorithms", CHOICE_MIX_MAX);
  char *weight = strchr(item, '=');
  if (weight)
    *weight++ = '\0';
  char *bits = strchr(item, ':');
  if (bits)
    *bits++ = '\0';
  if (!read_alg(&share, item, error) || (bits && !read_bits(&share, bits, error)) ||
      (weight && !read_share(&share, weight, error)))
    return false;
  for (unsigned m = 0; m < wish->mix_count; m++)
    if (wish->mix[m].alg == share.alg && wish->mix[m].key_bits == share.key_bits)
      return error_set(error, "--mix names %s twice", item);
  wish->mix[wish->mix_count++] = share;
  return true;
}

static bool take_mix(void *member, const char *text, struct assay_error *error) {
  struct choice_wish *wish = member;
  wish->mix_count = 0;
  return names_each(text, add_share, wish, error) &&
         (wish->mix_count || error_set(error, "--mix names no algorithm"));
}

/* ---- figures with units ---- */

struct unit {
  const char *name;
  double factor;
};

/* A positive number with one of the units; false: it is none. */
static bool with_unit(const char *text, const struct unit *units, double most, double *value) {
  char *end;
  double number = strtod(text, &end);
  for (; units->name && end != text; units++)
    if (strcmp(end + strspn(end, " "), units->name) == 0) {
      *value = number * units->factor;
      return *value > 0 && *value <= most;
    }
  return false;
}

static bool take_rate(void *member, const char *text, struct assay_error *error) {
  static const struct unit units[] = {{"", 1},    {"/s", 1},    {"k", 1e3}, {"k/s", 1e3},
                                      {"M", 1e6}, {"M/s", 1e6}, {NULL, 0}};
  return with_unit(text, units, 1e9, member) ||
         error_set(error, "--rate takes tokens a second, such as 20000 or 20k, not '%s'", text);
}

static bool take_latency(void *member, const char *text, struct assay_error *error) {
  static const struct unit units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {NULL, 0}};
  return with_unit(text, units, 3600e9, member) ||
         error_set(error, "--latency takes a time with its unit (ns, us, ms, s), such as 2ms, not '%s'",
                   text);
}

static const struct option_row option_rows[] = {
    {"mix", "LIST",
     "algorithms with their shares, in any unit: RS256=70,ES256=30; RS256:4096=5 names a key size (default: "
     "the smallest measured)",
     TAKEN_AS(OPTION_LIST, struct request, wish, take_mix), .word = alg_word},
    {"rate", "R", "tokens a second: 20000, 20k, 1.5M",
     TAKEN_AS(OPTION_TEXT, struct request, wish.rate_per_s, take_rate)},
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
