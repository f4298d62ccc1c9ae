/* assay choose: from a result to what to use. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "harness/base/error.h"
#include "harness/base/text/names.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/terminal/screen.h"
#include "reports/choose/choice.h"
#include "reports/document/terminal.h"

#define BUSY_LIMIT 0.7 /* above it, waiting grows fast and one lost core is felt at once */

struct request {
  const char *result;
  struct choice_wish wish;
  bool json, verbose;
};

enum { OPT_MIX = 1000, OPT_RATE, OPT_LATENCY, OPT_CORES, OPT_BUSY, OPT_JSON, OPT_VERBOSE };

static const struct option table[] = {{"mix", required_argument, NULL, OPT_MIX | OPTION_LIST},
                                      {"rate", required_argument, NULL, OPT_RATE},
                                      {"latency", required_argument, NULL, OPT_LATENCY},
                                      {"cores", required_argument, NULL, OPT_CORES},
                                      {"busy", required_argument, NULL, OPT_BUSY},
                                      {"json", no_argument, NULL, OPT_JSON},
                                      {"verbose", no_argument, NULL, OPT_VERBOSE},
                                      {NULL, 0, NULL, 0}};

/* ---- --mix RS256=70,RS256:4096=5,ES256=25 ---- */

static bool take_alg(struct choice_share *share, const char *name) {
  const char *names[ASSAY_ALG_COUNT + 1] = {0};
  enum assay_alg alg = assay_alg_by_name(name);
  if (alg != ASSAY_ALG_NONE) {
    share->alg = assay_alg_name(alg);
    return true;
  }
  for (int i = 0; i < ASSAY_ALG_COUNT; i++)
    names[i] = assay_alg_name((enum assay_alg)i);
  const char *near = near_miss(name, names);
  complain("choose", "--mix: there is no algorithm '%s'%s%s%s", name, near ? "; did you mean '" : "",
           near ? near : "", near ? "'?" : "");
  return false;
}

static bool take_bits(struct choice_share *share, const char *text) {
  char *end;
  unsigned long bits = strtoul(text, &end, 10);
  share->key_bits = (unsigned)bits;
  if (text[0] >= '1' && text[0] <= '9' && *end == '\0' && bits <= 65536)
    return true;
  complain("choose", "--mix: '%s' is no key size in bits, as in RS256:4096=10", text);
  return false;
}

static bool take_share(struct choice_share *share, const char *text) {
  char *end;
  share->share = strtod(text, &end);
  if (end != text && *end == '\0' && share->share > 0 && share->share <= 1e12)
    return true;
  complain("choose", "--mix: '%s' is no share; a positive number is, as in RS256=70", text);
  return false;
}

static bool add_share(struct choice_wish *wish, const char *text) {
  char item[64];
  if ((size_t)snprintf(item, sizeof item, "%s", text) >= sizeof item) {
    complain("choose", "--mix: '%s' names no algorithm", text);
    return false;
  }
  if (wish->mix_count == CHOICE_MIX_MAX) {
    complain("choose", "--mix takes at most %d algorithms", CHOICE_MIX_MAX);
    return false;
  }
  struct choice_share share = {.share = 1};
  char *weight = strchr(item, '=');
  if (weight)
    *weight++ = '\0';
  char *bits = strchr(item, ':');
  if (bits)
    *bits++ = '\0';
  if (!take_alg(&share, item) || (bits && !take_bits(&share, bits)) ||
      (weight && !take_share(&share, weight)))
    return false;
  for (unsigned m = 0; m < wish->mix_count; m++)
    if (wish->mix[m].alg == share.alg && wish->mix[m].key_bits == share.key_bits) {
      complain("choose", "--mix names %s twice", item);
      return false;
    }
  wish->mix[wish->mix_count++] = share;
  return true;
}

static bool take_item(void *wish, const char *item, struct assay_error *error) {
  (void)error; /* add_share complains itself */
  return add_share(wish, item);
}

static bool take_mix(struct choice_wish *wish, const char *text) {
  wish->mix_count = 0;
  if (!names_each(text, take_item, wish, NULL))
    return false;
  if (wish->mix_count)
    return true;
  complain("choose", "--mix names no algorithm");
  return false;
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

static bool take_rate(struct choice_wish *wish, const char *text) {
  static const struct unit units[] = {{"", 1},    {"/s", 1},    {"k", 1e3}, {"k/s", 1e3},
                                      {"M", 1e6}, {"M/s", 1e6}, {NULL, 0}};
  if (with_unit(text, units, 1e9, &wish->rate_per_s))
    return true;
  complain("choose", "--rate takes tokens a second, such as 20000 or 20k, not '%s'", text);
  return false;
}

static bool take_latency(struct choice_wish *wish, const char *text) {
  static const struct unit units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {NULL, 0}};
  if (with_unit(text, units, 3600e9, &wish->latency_ns))
    return true;
  complain("choose", "--latency takes a time with its unit (ns, us, ms, s), such as 2ms, not '%s'", text);
  return false;
}

static bool take(struct request *request, int opt, const char *name) {
  struct choice_wish *wish = &request->wish;
  double percent;
  switch (opt) {
  case OPT_MIX: return take_mix(wish, optarg);
  case OPT_RATE: return take_rate(wish, optarg);
  case OPT_LATENCY: return take_latency(wish, optarg);
  case OPT_CORES: return options_whole("choose", name, optarg, 1, CHOICE_CORES_MAX, &wish->cores);
  case OPT_BUSY:
    if (!options_number("choose", name, optarg, 1, 99, &percent))
      return false;
    wish->busy_limit = percent / 100;
    return true;
  case OPT_JSON: request->json = true; return true;
  default: request->verbose = true; return true;
  }
}

static int parse(struct request *request, int argc, char **argv) {
  const char *name;
  options_start();
  for (int opt; (opt = options_next("choose", table, argc, argv, &name)) != OPTIONS_END;)
    if (opt == OPTIONS_BAD || !take(request, opt, name))
      return EXIT_USAGE;
  if (optind + 1 != argc)
    return complain("choose", "takes one result file, such as assay-report/result.json");
  request->result = argv[optind];
  if (request->wish.mix_count == 0)
    return complain("choose", "--mix is missing: the algorithms of your tokens, such as RS256=70,ES256=30");
  if (!(request->wish.rate_per_s > 0))
    return complain("choose", "--rate is missing: how many tokens a second, such as 20000");
  return -1;
}

static bool print(const struct request *request, const struct choices *choices) {
  if (request->json) {
    json_t *json = choices_json(choices);
    bool ok = json_dumpf(json, stdout, JSON_INDENT(1) | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(7)) == 0;
    putchar('\n');
    json_decref(json);
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

static int run(int argc, char **argv) {
  struct request request = {.wish = {.latency_ns = (double)NAN, .busy_limit = BUSY_LIMIT}};
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

const struct command command_choose = {
    .name = "choose",
    .summary = "which subject of a result carries your load, and with how many cores",
    .usage = "usage: assay choose RESULT --mix ALG=SHARE,... --rate R [OPTION...]\n\n"
             "Ranks the subjects of a result file by the cores that your tokens need, shows the arithmetic,\n"
             "and says whom the run cannot tell from the best, and why each of the others is out: an\n"
             "algorithm that it lacks, wrong verdicts (on the mix' algorithms), p99 over the target or from\n"
             "too few samples, too few cores.\n\n"
             "  --mix LIST      algorithms with their shares, in any unit: RS256=70,ES256=30; RS256:4096=5\n"
             "                  names a key size (default: the smallest measured)\n"
             "  --rate R        tokens a second: 20000, 20k, 1.5M\n"
             "  --latency T     99 of 100 tokens within this time, waiting for a core included: 2ms, 500us\n"
             "  --cores N       there are so many (default: as many as are needed)\n"
             "  --busy PCT      plan with cores at most so busy (default: 70)\n"
             "  --json          everything, for programs (assay-choice/1)\n"
             "  --verbose       the arithmetic of every subject, every warning\n\n"
             "Exit code 1 where no subject meets the wish.\n\n"
             "Examples:\n"
             "  assay choose assay-report/result.json --mix RS256=70,ES256=30 --rate 20000\n"
             "  assay choose result.json --mix EdDSA --rate 150k --latency 2ms --cores 4\n",
    .run = run,
};
