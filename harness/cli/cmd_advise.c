/* assay advise: should I go from the library, or build, that I run to another one? */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/files/file.h"
#include "harness/base/text/names.h"
#include "harness/cli/common_options.h"
#include "harness/cli/main_job.h"
#include "harness/cli/mix_options.h"
#include "harness/job/result_files.h"
#include "reports/advise/advice.h"
#include "reports/content/builds.h"
#include "reports/document/screen.h"
#include "reports/model/json_value.h"
#include "reports/model/measured.h"
#include "reports/text/allocate.h"

/* Of the budget; what is left goes into starting and warming up processes, and into what is short. */
#define SECONDS_SHARE 0.45
#define LATENCY_SHARE 0.08
#define BUSY_LIMIT 0.7 /* as `assay choose` plans */

struct request {
  const char *from, *to, *stored; /* stored: a result in place of a measurement */
  const char *algs, *corpus, *policy, *output, *format;
  struct advice_wish wish;
  double threshold_percent, budget_s, hang_s;
  int cpu;
  bool json, verbose;
};

enum { OF_MEASURED = 1, OF_STORED = 2 };
#define MEASURED .of = OF_MEASURED, .refusal = "is about measuring, and RESULT has been measured"

static const char *advice_format_word(unsigned number) {
  static const char *const words[] = {"terminal", "markdown", "html", "json", NULL};
  return words[number];
}

static const struct option_row option_rows[] = {
    {"from", "SUBJECT",
     "what you run today: one subject as `assay run --subject` takes them, name, name@prefix, "
     "name:variant, a module's path, exec:COMMAND, LABEL=... to be called so; in RESULT, its label",
     TEXT_IN(struct request, from), .word = subject_word, .group = "What is compared:"},
    {"to", "SUBJECT", "what you might go to, named likewise", TEXT_IN(struct request, to),
     .word = subject_word},
    {MIX_ROW(struct request, wish.mix), .group = "What counts:"},
    {RATE_ROW(struct request, wish.mix)},
    {"threshold", "PCT", "slowdowns up to this are no reason to wait",
     NUMBER_IN(struct request, threshold_percent, 0.1, 1000), .fallback = "5"},
    {"alg", "LIST", "asks and measures these algorithms alone, such as RS256,ES256 (default: all)",
     LIST_IN(struct request, algs), MEASURED, .word = alg_word, .group = "How it is measured:"},
    {"budget", "S", "time for the measurement, in all; verdicts come before it, and take some seconds",
     NUMBER_IN(struct request, budget_s, 0.1, 1e6), MEASURED, .fallback = "100"},
    {CORPUS_ROW(struct request, corpus), MEASURED},
    {POLICY_ROW(struct request, policy), MEASURED},
    {CPU_ROW(struct request, cpu), MEASURED},
    {HANG_ROW(struct request, hang_s), MEASURED},
    {"format", "NAME", "what standard output gets: terminal, markdown, html or json (assay-advice/1)",
     WORD_IN(struct request, format, advice_format_word), .fallback = "terminal",
     .group = "What comes of it:"},
    {"json", NULL, "--format json", FLAG_IN(struct request, json)},
    {"output", "DIR",
     "also keeps it there: advice.html, advice.md and advice.json, and of a measurement the whole result, "
     "result.json, result.md and result.html",
     TEXT_IN(struct request, output)},
    {"verbose", NULL, "every key size, every answer that changes, every warning",
     FLAG_IN(struct request, verbose)},
    {0}};

static const struct option_conflict conflicts[] = {{"json", "format", NULL}, {0}};

static const struct usage usage = {
    .name = "assay advise",
    .summary = "should I go to that library or build? what changes, on one page",
    .forms = "--from A --to B [OPTION...]\n"
             "RESULT --from A --to B [OPTION...]",
    .about =
        "Asks both about every token of a corpus and measures them interleaved, as `assay run` does, and "
        "answers first, in one sentence: go, no difference, wait, or this run cannot tell. Then what to "
        "watch, every answer that changes, what your mix of tokens takes, speed and key import of every "
        "algorithm with intervals, memory, and what differs in the builds.\n"
        "Wait where B answers a token worse than A, or wrongly; where it lacks an algorithm, or is slower "
        "by more than --threshold: with --mix the mix altogether, without it any algorithm at its main "
        "key size. What is outside the mix is told and decides nothing, but for verdicts. A run cannot "
        "tell where such a slowdown is neither there nor ruled out.\n"
        "With RESULT nothing is measured: another mix, or another two of its subjects, from a result that "
        "`assay advise --output` or `assay run` has left.",
    .options = option_rows,
    .conflicts = conflicts,
    .notes = "Exit codes: 0 go or no difference, 1 wait since it costs more or lacks an algorithm, 2 wait "
             "since it answers tokens worse or wrongly, 3 this run cannot tell, 4 usage or set-up. So `assay "
             "advise ... && upgrade` is safe.",
    .examples =
        "assay advise --from openssl --to new=openssl@/opt/openssl-3.5\n"
        "assay advise --from openssl --to awslc@/opt/awslc --mix RS256=70,ES256=30 --rate 20000\n"
        "assay advise --from openssl --to openssl@/opt/openssl --alg ES256 --budget 20 --format markdown\n"
        "assay advise advice/result.json --from openssl --to new --mix EdDSA"};

/* ---- what was asked ---- */

static bool is_not(void *arg, const char *name, struct assay_error *error) {
  (void)error;
  return strcmp(arg, name) != 0;
}

/* --alg leaves out nothing that the mix has. */
static bool mix_is_measured(const struct request *request, struct assay_error *error) {
  for (unsigned m = 0; request->algs && m < request->wish.mix.mix_count; m++) {
    const char *alg = request->wish.mix.mix[m].alg;
    if (names_each(request->algs, is_not, (void *)alg, NULL))
      return error_set(error, "--mix has %s, which --alg leaves out", alg);
  }
  return true;
}

static int settle(struct request *request, const struct options_given *given) {
  struct assay_error error = {0};
  if (given->operand_count > 1)
    return complain("advise", "takes one result file at most, not %d", given->operand_count);
  request->stored = given->operand_count ? given->operands[0] : NULL;
  if (!options_belong(&usage, given, request->stored ? OF_STORED : OF_MEASURED, &error))
    return complain("advise", "%s", error.text);
  if (!request->from)
    return complain("advise", "--from is missing: what you run today, such as openssl");
  if (!request->to)
    return complain("advise", "--to is missing: what you might go to, such as new=openssl@/opt/openssl");
  if (request->wish.mix.rate_per_s > 0 && !request->wish.mix.mix_count)
    return complain("advise", "--rate needs --mix: the algorithms of your tokens, such as RS256=70,ES256=30");
  if (!mix_is_measured(request, &error))
    return complain("advise", "%s", error.text);
  return -1;
}

static int parse(struct request *request, int argc, char **argv) {
  struct options_given given;
  if (!command_read(&usage, request, argc, argv, &given))
    return EXIT_USAGE;
  request->wish.threshold = request->threshold_percent / 100;
  request->wish.mix.busy_limit = BUSY_LIMIT;
  request->format = request->json ? "json" : request->format;
  return settle(request, &given);
}

/* ---- the two ---- */

static bool is_same_subject(const struct subject_spec *a, const struct subject_spec *b) {
  return strcmp(a->name, b->name) == 0 && strcmp(a->argument, b->argument) == 0 &&
         strcmp(a->module, b->module) == 0 && strcmp(a->prefix, b->prefix) == 0;
}

/* Called as they are, or old and new where they would have one name. */
static bool sides_named(const struct request *request, struct subject_specs *sides,
                        struct assay_error *error) {
  struct subject_spec from, to;
  if (!subject_spec_parse(&from, request->from, NULL, error) ||
      !subject_spec_parse(&to, request->to, NULL, error))
    return false;
  if (is_same_subject(&from, &to))
    return error_set(
        error,
        "--from and --to are the same subject, %s: name another build (%s@PREFIX), another way of using it "
        "(%s:VARIANT) or another library",
        request->from, from.name, from.name);
  if (from.is_floor || to.is_floor)
    return error_set(error, FLOOR_NAME " does nothing, and no token can be entrusted to it");
  if (strcmp(from.label, to.label) == 0 && (!subject_spec_parse(&from, request->from, "old", error) ||
                                            !subject_spec_parse(&to, request->to, "new", error)))
    return false;
  return subject_specs_add(sides, &from, error) && subject_specs_add(sides, &to, error);
}

static bool anyone_has(const struct job *job, const struct choice_share *share) {
  bool has = false;
  for (unsigned s = 0; s < job->subject_count; s++)
    has = has || subject_has_alg(&job->subjects[s], assay_alg_by_name(share->alg));
  return has;
}

static bool has_tokens(const struct job *job, const struct choice_share *share) {
  for (unsigned i = 0; i < job->cell_count; i++)
    if (job->cells[i].alg == assay_alg_by_name(share->alg) &&
        (!share->key_bits || share->key_bits == job->cells[i].key_bits))
      return true;
  return false;
}

/* What cannot be measured is better told before a measurement than after it. */
static bool mix_is_known(const struct request *request, const struct job *job, struct assay_error *error) {
  for (unsigned m = 0; m < request->wish.mix.mix_count; m++) {
    const struct choice_share *share = &request->wish.mix.mix[m];
    OWNED_TEXT char *name = result_alg_text(share->alg, share->key_bits);
    if (!anyone_has(job, share))
      return error_set(error, "--mix has %s, which neither %s nor %s has", name, job->subjects[0].spec.label,
                       job->subjects[1].spec.label);
    if (!has_tokens(job, share))
      return error_set(error, "--mix has %s, of which corpus %s has no valid token to measure with", name,
                       job->corpus.folder);
  }
  return true;
}

/* ---- the measurement ---- */

/* NULL after a complaint, with its exit code. The caller frees the result. */
static struct result *do_job(const struct request *request, struct job *job, int *code) {
  struct assay_error error = {0};
  if (!job_set_up(job, &error)) {
    *code = main_job_not_set_up(job->options, &error);
    return NULL;
  }
  const struct build_pair pair = {&job->result->subjects[0], &job->result->subjects[1]};
  bool ok = mix_is_known(request, job, &error) &&
            (build_is_same(&pair) || main_job_work(job, &error) || stop_asked);
  *code = ok ? -1 : complain("advise", "%s", error.text);
  struct result *result = ok ? job->result : NULL;
  job->result = ok ? NULL : job->result;
  return result;
}

static struct result *measure(struct request *request, int argc, char **argv, int *code) {
  struct job_options asked = {.command = "advise",
                              .check = true,
                              .bench = true,
                              .needs_all = true,
                              .algs = request->algs,
                              .corpus = request->corpus,
                              .policy = request->policy,
                              .output = request->output,
                              .seconds = request->budget_s * SECONDS_SHARE,
                              .latency_s = request->budget_s * LATENCY_SHARE,
                              .threads = 2,
                              .hang_s = request->hang_s,
                              .cpu = request->cpu};
  struct assay_error error = {0};
  struct result *result = NULL;
  bool named = sides_named(request, &asked.subjects, &error);
  struct job *job = named ? job_new(&asked, argc, argv) : NULL;
  if (!named)
    *code = complain("advise", "%s", error.text);
  else if (!job)
    *code = complain("advise", "no memory");
  else
    result = do_job(request, job, code);
  job_close(job);
  subject_specs_fini(&asked.subjects);
  return result;
}

/* ---- the answer ---- */

static bool write_to(const struct advice *advice, const char *format, const struct result_view *view,
                     FILE *stream) {
  if (strcmp(format, "json") == 0) {
    bool ok = json_put(advice_json(advice), JSON_INDENT(1), stream);
    putc('\n', stream);
    return ok;
  }
  OWNED_DOCUMENT struct document document = {0};
  content_advice(&document, advice, view->verbose);
  result_format_by_name(format)->put_document(&document, "Should I upgrade?", view, stream);
  return true;
}

static bool write_file(const struct advice *advice, const char *folder, const char *format, const char *name,
                       struct assay_error *error) {
  const struct result_view view = {.verbose = true};
  struct file_writer writer;
  char path[4200];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  if (!file_open(&writer, path, error))
    return false;
  if (write_to(advice, format, &view, writer.stream))
    return file_commit(&writer, error);
  file_abandon(&writer);
  return error_set(error, "cannot write %s: no memory", path);
}

static bool write_files(const struct request *request, const struct advice *advice,
                        struct assay_error *error) {
  const char *folder = request->output;
  return !folder ||
         (file_make_dirs(folder, error) && write_file(advice, folder, "html", "advice.html", error) &&
          write_file(advice, folder, "markdown", "advice.md", error) &&
          write_file(advice, folder, "json", "advice.json", error) &&
          (request->stored || result_files_write(advice->result, folder, error)));
}

static int exit_of(enum advice_answer answer) {
  switch (answer) {
  case ADVICE_WAIT_COST: return EXIT_REGRESSION;
  case ADVICE_WAIT_VERDICTS: return EXIT_WRONG;
  case ADVICE_UNKNOWN: return EXIT_NOISY;
  default: return EXIT_HOLDS;
  }
}

static int tell(const struct request *request, const struct advice *advice) {
  struct assay_error error = {0};
  struct result_view view = {.verbose = request->verbose};
  stdout_view(&view);
  if (!write_files(request, advice, &error))
    return complain("advise", "%s", error.text);
  if (!write_to(advice, request->format, &view, stdout))
    return complain("advise", "no memory");
  if (request->output && strcmp(request->format, "terminal") == 0)
    printf("\nAdvice   %s/advice.html   %s/advice.md   %s/advice.json\n", request->output, request->output,
           request->output);
  if (advice->result->partial && !request->stored) {
    fprintf(stderr, "assay advise: interrupted; what was finished by then is above\n");
    return EXIT_INTERRUPTED;
  }
  return exit_of(advice->answer);
}

static int answer(const struct request *request, const struct result *result, const char *from,
                  const char *to) {
  struct assay_error error = {0};
  struct advice advice;
  int code = advise(&advice, result, from, to, &request->wish, &error)
                 ? tell(request, &advice)
                 : complain("advise", "%s%s%s", request->stored ? request->stored : "",
                            request->stored ? ": " : "", error.text);
  advice_fini(&advice);
  return code;
}

static int run_advise(int argc, char **argv) {
  struct request request = {.cpu = -1, .wish.mix.latency_ns = (double)NAN};
  struct assay_error error = {0};
  int code = parse(&request, argc, argv);
  if (code >= 0)
    return code;
  struct result *result =
      request.stored ? result_read(request.stored, &error) : measure(&request, argc, argv, &code);
  if (result)
    code = request.stored ? answer(&request, result, request.from, request.to)
                          : answer(&request, result, result->subjects[0].name, result->subjects[1].name);
  else if (request.stored)
    code = complain("advise", "%s", error.text);
  result_free(result);
  return code;
}

const struct command command_advise = {.usage = &usage, .run = run_advise};
