/* Help. The texts of commands are theirs; those of topics are here, written once for all that they concern.
 */
#include "harness/cli/help.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

#include "build_facts.h"
#include "harness/base/alg.h"
#include "harness/base/reason.h"
#include "harness/cli/command.h"
#include "harness/cli/fail_on.h"
#include "harness/cli/options.h"
#include "harness/history/history_store.h"
#include "harness/measurements/measurement.h"
#include "reports/model/result.h"

#define NAMES_MAX 96

static void print_formats(void) {
  puts("Output formats of `assay report RESULT --format NAME`:\n");
  for (const struct result_format *const *format = result_formats; *format; format++)
    printf("  %-12s %s\n", (*format)->name, (*format)->summary);
}

static void print_algorithms(void) {
  puts("Algorithms of --alg and --mix (RFC 7518, 8037, 8812, 9864):\n");
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
    printf("  %s\n", assay_alg_name((enum assay_alg)alg));
}

/* Those of the stages, or the answers that belong to none. Most numbers in between name nothing. */
static void list_reasons(bool of_stages) {
  for (int number = 1; number <= REASON_LAST; number++) {
    enum assay_reason reason = (enum assay_reason)number;
    if ((assay_reason_stage(reason) != STAGE_NONE) == of_stages && assay_reason_sentence(reason)[0])
      printf("  %-44s %s\n", assay_reason_dotted(reason), assay_reason_sentence(reason));
  }
}

static void print_reasons(void) {
  puts("Why a token is refused. The name is STAGE.REASON; the first stage that refuses decides.\n");
  list_reasons(true);
  puts("\nAnswers that name no such reason:\n");
  list_reasons(false);
}

static const struct topic {
  const char *name, *summary, *text;
  void (*print)(void); /* in place of text, where it comes from a table */
} topics[] = {
    {"subjects", "how the things under test are named",
     "A subject is written as one of\n\n"
     "  NAME              a module that `assay list` shows: openssl, libjwt\n"
     "  NAME:VARIANT      another way of using the same library: openssl:init-per-call\n"
     "  NAME@PREFIX       the same module with the library installed under PREFIX\n"
     "  LABEL=SUBJECT     called LABEL in reports: mine=openssl@/opt/openssl\n"
     "  PATH.so           a module's file\n"
     "  exec:COMMAND      any program that speaks assay-exec/1, the protocol that the documentation tells "
     "in\n"
     "                    backends/verifiers/adapters/README.md\n"
     "  backends, verifiers, all   every module of a kind, or both kinds\n\n"
     "A backend is a crypto library behind assay's own pipeline; a verifier is a whole JWT library, which\n"
     "answers by itself. `null` does nothing: its times are the floor of the harness.\n",
     NULL},
    {"exit-codes", "what a command's end means",
     "  0    holds\n"
     "  1    regression (gate, compare), or no subject meets the wish (choose)\n"
     "  2    wrong verdict, crash, hang or fault of a backend; of a verifier with --fail-on;\n"
     "       a worse verdict (gate, compare --threshold); a leak (leak)\n"
     "  3    too noisy to say, or incomplete: not everything could be compared\n"
     "  4    usage or set-up; one sentence on standard error says what and where\n"
     "  130  interrupted; a result that was written is valid and marked partial\n",
     NULL},
    {"environment", "variables that are read",
     "  NO_COLOR        set to anything: no colour\n"
     "  TERM            dumb: no colour, no bars and no progress line\n"
     "  LC_ALL, LC_CTYPE, LANG   bars of latency are drawn where they name UTF-8\n"
     "  ASSAY_CACHE     folder of the default corpus and the self-test's answer; else\n"
     "                  $XDG_CACHE_HOME/assay, else ~/.cache/assay\n"
     "  ASSAY_HISTORY   file of `assay history`; else $XDG_DATA_HOME/assay/history.sqlite, else\n"
     "                  ~/.local/share/assay/history.sqlite\n"
     "  ASSAY_HOST      what results and the host_name of --format gbench call this machine; unset:\n"
     "                  nothing, since results are passed on and network names tell of their owners\n"
     "  TMPDIR          folder for what a run makes and removes again (/tmp)\n"
     "  ASSAY_BIN       folder of the programs, where assay is embedded elsewhere\n\n"
     "Colour and progress appear only on a terminal: pipes and files get plain text.\n",
     NULL},
    {"algorithms", "signature algorithms by name", NULL, print_algorithms},
    {"formats", "output formats of reports", NULL, print_formats},
    {"reasons", "why a token can be refused", NULL, print_reasons},
    {"cases", "how own tokens are written for --cases", NULL, help_cases},
    {"policy", "what can be said in a policy", NULL, help_policy},
};
#define TOPIC_COUNT (sizeof topics / sizeof topics[0])

void help_commands(FILE *stream) {
  fprintf(stream,
          "assay: how fast does a crypto library verify signed tokens, and does it refuse every bad one?\n\n"
          "usage: assay COMMAND [OPTION...]\n\n");
  for (const struct command *const *c = commands; *c; c++)
    fprintf(stream, "  %-10s %s\n", (*c)->name, (*c)->summary);
  fprintf(stream, "\n`assay COMMAND --help` tells the options of a command, `assay help TOPIC` more on:\n\n");
  for (size_t i = 0; i < TOPIC_COUNT; i++)
    fprintf(stream, "  %-12s %s\n", topics[i].name, topics[i].summary);
  fprintf(stream, "\nExamples:\n"
                  "  assay run --quick                      a first answer in under 40 s\n"
                  "  assay check --subject openssl          verdicts on every token of the default corpus\n"
                  "  assay report assay-report/result.json  the tables again\n\n"
                  "Exit codes: 0 holds, 1 regression, 2 wrong verdict, crash, hang or fault of a backend,\n"
                  "3 too noisy to say or incomplete, 4 usage or set-up, 130 interrupted.\n");
}

void help_version(void) {
  printf("assay %s\n", ASSAY_VERSION);
  printf("  %-10s %s\n", "commit", ASSAY_COMMIT);
  printf("  %-10s %s\n", "compiler", ASSAY_COMPILER);
  printf("  %-10s %s\n", "flags", ASSAY_FLAGS);
  printf("  %-10s %s\n", "sanitizer", ASSAY_SANITIZER);
  printf("  %-10s Jansson %s, SQLite %s\n", "libraries", jansson_version_str(), sqlite3_libversion());
  printf("  %-10s " RESULT_SCHEMA "\n", "results");
}

/* ---- for completion ---- */

static void tell_words(const char *const *words) {
  for (; *words; words++)
    puts(*words);
}

static void tell_algorithms(void) {
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
    puts(assay_alg_name((enum assay_alg)alg));
}

static void tell_formats(void) {
  for (const struct result_format *const *format = result_formats; *format; format++)
    puts((*format)->name);
}

static void tell_measurements(void) {
  for (const struct measurement *const *m = measurements; *m; m++)
    puts((*m)->name);
}

static void tell_failures(void) {
  for (int i = 0; fail_on_word(i); i++)
    puts(fail_on_word(i));
}

static const struct values {
  const char *option;
  void (*tell)(void);
  const char *const *words; /* in place of tell */
} value_lists[] = {
    {"alg", tell_algorithms, NULL},       {"mix", tell_algorithms, NULL},    {"format", tell_formats, NULL},
    {"measure", tell_measurements, NULL}, {"fail-on", tell_failures, NULL},  {"count", NULL, options_counts},
    {"level", NULL, job_levels},          {"metric", NULL, history_metrics},
};

/* `assay help --values OPTION`: the words that an option takes, one a line; nothing where they are not
 * listed. */
static int print_values(const char *option) {
  for (size_t i = 0; i < sizeof value_lists / sizeof value_lists[0]; i++)
    if (strcmp(value_lists[i].option, option) == 0 && value_lists[i].tell)
      value_lists[i].tell();
    else if (strcmp(value_lists[i].option, option) == 0)
      tell_words(value_lists[i].words);
  return EXIT_HOLDS;
}

static const struct command *command_named(const char *name) {
  for (const struct command *const *c = commands; *c; c++)
    if (strcmp((*c)->name, name) == 0)
      return *c;
  return NULL;
}

static int tell_command(const struct command *command) {
  char *argv[] = {(char *)command->name, "--help", NULL};
  if (!command->usage)
    return command->run(2, argv);
  fputs(command->usage, stdout);
  if (command->usage_more)
    command->usage_more(stdout);
  return EXIT_HOLDS;
}

static const struct topic *topic_named(const char *name) {
  for (size_t i = 0; i < TOPIC_COUNT; i++)
    if (strcmp(topics[i].name, name) == 0)
      return &topics[i];
  return NULL;
}

/* The names of commands and, with `all`, of topics. */
static void collect(const char **names, bool all) {
  size_t count = 0;
  for (const struct command *const *c = commands; *c && count < NAMES_MAX - TOPIC_COUNT - 2; c++)
    names[count++] = (*c)->name;
  names[count++] = "help";
  for (size_t i = 0; all && i < TOPIC_COUNT; i++)
    names[count++] = topics[i].name;
  names[count] = NULL;
}

static int print_names(void) {
  const char *names[NAMES_MAX];
  collect(names, true);
  for (const char **name = names; *name; name++)
    puts(*name);
  return EXIT_HOLDS;
}

int help_topic(int argc, char **argv) {
  const char *names[NAMES_MAX], *name = argc > 1 ? argv[1] : "help";
  if (argc == 3 && strcmp(name, "--values") == 0)
    return print_values(argv[2]);
  if (argc > 2)
    return complain("help", "takes one command or topic, not also '%s'", argv[2]);
  if (strcmp(name, "--names") == 0)
    return print_names();
  const struct command *command = command_named(name);
  const struct topic *topic = topic_named(name);
  if (command)
    return tell_command(command);
  if (topic && topic->print)
    topic->print();
  else if (topic)
    fputs(topic->text, stdout);
  else if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0)
    help_commands(stdout);
  else {
    collect(names, true);
    options_word("help", "command or topic", name, names);
    return EXIT_USAGE;
  }
  return EXIT_HOLDS;
}

/* --help anywhere among the arguments, since it is often typed last; not behind "--". */
static bool asks_for_help(int argc, char **argv) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
      return true;
  return false;
}

int help_or_run(const char *name, int argc, char **argv) {
  const char *names[NAMES_MAX];
  const struct command *command = command_named(name);
  if (!command && name[0] == '-') {
    options_word(NULL, "option", name, (const char *const[]){"--help", "--version", NULL});
    return EXIT_USAGE;
  }
  if (!command) {
    collect(names, false);
    options_word(NULL, "command", name, names);
    return EXIT_USAGE;
  }
  return command->usage && asks_for_help(argc, argv) ? tell_command(command) : command->run(argc, argv);
}
