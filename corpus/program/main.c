/* assay-corpus: makes corpora, takes them in, and checks them. The only program of assay that signs. */
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "corpus/base/fatal.h"
#include "corpus/base/parallel.h"
#include "corpus/export/shared/export.h"
#include "corpus/import/shared/import.h"
#include "corpus/program/generate.h"
#include "corpus/program/learn.h"
#include "corpus/program/show.h"
#include "corpus/program/usage.h"
#include "corpus/readers/keyfile.h"
#include "corpus/readers/own_tokens.h"
#include "corpus/readers/policy_keys.h"
#include "corpus/store/checksums.h"
#include "corpus/store/writer.h"
#include "generator_version.h"
#include "harness/base/clock.h"
#include "harness/base/text/counts.h"
#include "harness/options/program.h"
#include "harness/terminal/progress.h"

#define EXIT_SETUP 4
#define EXIT_INTERRUPTED 130
#define LEARNED_TOKENS 10000 /* good ones, where --tokens does not say */

/* ---- interruption ---- */

/* Until writing begins there is nothing to clean up, and the program just ends; after that
 * the writer looks. */
static volatile sig_atomic_t stop, writing;

static void interrupted(int signal_number) {
  (void)signal_number;
  stop = 1;
  if (writing)
    return;
  static const char clear_line[] = "\r\033[K";
  if (isatty(STDERR_FILENO) && write(STDERR_FILENO, clear_line, sizeof clear_line - 1) < 0)
    _exit(EXIT_SETUP);
  _exit(EXIT_INTERRUPTED);
}

static void catch_signals(void) {
  struct sigaction action = {.sa_handler = interrupted};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
}

static int complain(const char *sentence) {
  fprintf(stderr, "assay corpus: %s\n", sentence);
  return EXIT_SETUP;
}

/* ---- commands ---- */

static bool want_operands(const struct options *options, int count, const char *what,
                          struct assay_error *error) {
  if (options->operand_count > count)
    return error_set(error, "'%s' is one argument too many", options->operands[count]);
  return options->operand_count == count || error_set(error, "%s is missing", what);
}

static void summarise(const struct casebook *book, const struct options *options, double seconds) {
  if (options->json) {
    json_t *line = must(json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:f}", "out", options->out, "profile",
                                  book->profile, "generator", GENERATOR_VERSION, "tokens",
                                  (json_int_t)book->case_count, "variants", (json_int_t)book->variant_count,
                                  "settings", (json_int_t)book->setting_count, "seconds", seconds));
    json_dumpf(line, stdout, JSON_REAL_PRECISION(4));
    putchar('\n');
    json_decref(line);
    return;
  }
  char tokens[FIGURE_NOUN_BYTES], variants[FIGURE_NOUN_BYTES], settings[FIGURE_NOUN_BYTES];
  printf("%s: %s, %s, %s, %.1f s\n", options->out, figure_noun(tokens, book->case_count, "token"),
         figure_noun(variants, book->variant_count, "variant"),
         figure_noun(settings, book->setting_count, "setting"), seconds);
}

/* A corpus that was made otherwise is gone then; who meant another folder is to know. */
static void tell_replaced(const struct options *options, const json_t *old) {
  json_t *new = manifest_read(options->out, NULL);
  const json_t *seed = json_object_get(old, "seed"), *profile = json_object_get(old, "profile");
  json_int_t tokens = json_integer_value(json_object_get(json_object_get(old, "counts"), "tokens"));
  char number[32] = "", count[FIGURE_NOUN_BYTES];
  if (json_is_integer(seed))
    snprintf(number, sizeof number, ", seed %" JSON_INTEGER_FORMAT, json_integer_value(seed));
  if (old && !json_equal(old, new))
    fprintf(stderr, "assay corpus: %s: the corpus that stood there is replaced: profile %s%s, %s\n",
            options->out, json_is_string(profile) ? json_string_value(profile) : "unknown", number,
            figure_noun(count, tokens > 0 ? (uint64_t)tokens : 0, "token"));
  json_decref(new);
}

static bool write_book(struct casebook *book, const struct options *options, uint64_t start_ns,
                       struct assay_error *error) {
  writing = 1;
  json_t *old = manifest_read(options->out, NULL);
  progress_begin();
  progress_show(NULL, "writing the corpus", -1);
  bool ok = corpus_write(book, options->out, (unsigned)options->threads, &stop, error);
  progress_end();
  if (ok) {
    tell_replaced(options, old);
    summarise(book, options, (double)(clock_ns() - start_ns) / 1e9);
  }
  json_decref(old);
  return ok;
}

/* A profile by its name, or learned from a file: names have no dot and no slash. */
static bool take_profile(const struct options *options, struct generate_options *how, struct learned *learned,
                         struct assay_error *error) {
  const char *profile = options->profile;
  bool known = generate_profile(profile, how);
  if (known)
    return !options->tokens || error_set(error, "--tokens needs --profile FILE, a learned one");
  if (strpbrk(profile, "./")) {
    generate_profile("default", how);
    how->profile = "learned";
    how->learned = learned;
    how->learned_tokens = options->tokens ? (unsigned)options->tokens : LEARNED_TOKENS;
    return learned_read(learned, profile, error);
  }
  const char *near = near_miss(profile, generate_profiles);
  return error_set(error, "there is no profile '%s'%s%s%s", profile,
                   near ? "; did you mean '" : "; there are: default, small, and files that learn wrote",
                   near ? near : "", near ? "'?" : "");
}

static bool run_generate(const struct options *options, struct assay_error *error) {
  struct generate_options how;
  struct learned learned = {0};
  uint64_t start_ns = clock_ns();
  if (!want_operands(options, 0, "", error))
    return false;
  if (!options->out)
    return error_set(error, "generate: --out DIR is missing");
  if (!take_profile(options, &how, &learned, error))
    return false;
  how.seed = options->has_seed ? options->seed : how.seed;
  how.per_variant = options->per_variant ? (unsigned)options->per_variant : how.per_variant;
  how.token_bytes = options->token_bytes;
  how.threads = (unsigned)options->threads;
  how.progress = progress_show;
  progress_begin();
  struct casebook book;
  generate_cases(&how, &book);
  progress_end();
  bool ok = write_book(&book, options, start_ns, error);
  book_fini(&book);
  learned_fini(&learned);
  return ok;
}

static bool run_learn(const struct options *options, struct assay_error *error) {
  return want_operands(options, 1, "learn: FILE, or - for standard input,", error) &&
         learn_file(options->operands[0], options->pattern, options->out, error);
}

static void tell_fault(void *arg, const char *sentence) {
  (void)arg;
  complain(sentence);
}

static bool is_of_own_tokens(const struct own_trust *own) {
  return own->key_file_count || own->secret_file || own->issuer || own->audience_count;
}

/* Raw tokens bring nothing, so options say what they are checked with; every other format has a policy. */
static bool import_any(const struct options *options, struct casebook *book, struct assay_error *error) {
  bool raw = options->format && strcmp(options->format, "tokens") == 0;
  const struct own_trust *own = &options->own;
  if (!raw && is_of_own_tokens(own))
    return error_set(error, "import: --keys, --secret-file, --issuer and --audience are for --format tokens");
  if (!raw)
    return import_file(&(struct import_request){.format = options->format,
                                                .path = options->operands[0],
                                                .policy = options->policy,
                                                .mapping = options->mapping,
                                                .tell = tell_fault},
                       book, error);
  if (options->policy)
    return error_set(error, "import: with --format tokens, --keys and --issuer stand for a policy");
  if (own->key_file_count == 0 && !own->secret_file)
    return error_set(error, "import: --format tokens needs --keys FILE, or --secret-file FILE for HMAC");
  if (own_tokens_read(options->operands[0], own, book, error))
    return true;
  book_fini(book);
  return false;
}

static bool run_import(const struct options *options, struct assay_error *error) {
  struct casebook book;
  uint64_t start_ns = clock_ns();
  if (!want_operands(options, 1, "import: FILE", error))
    return false;
  if (!options->out)
    return error_set(error, "import: --out DIR is missing");
  if (!import_any(options, &book, error))
    return false;
  bool ok = write_book(&book, options, start_ns, error);
  book_fini(&book);
  return ok;
}

static bool add_key_file(struct keyfile *all, bool first, bool secret, const char *path,
                         struct assay_error *error) {
  struct keyfile one;
  if (secret ? !keyfile_read_secret(path, &one, error) : !keyfile_read(path, &one, error))
    return false;
  if (first) {
    *all = one;
    return true;
  }
  bool ok = keyfile_merge(all, &one, error) || error_prefix(error, "%s: ", path);
  keyfile_fini(&one);
  return ok;
}

static bool run_keys(const struct options *options, struct assay_error *error) {
  struct keyfile all = {0};
  if (options->operand_count == 0 && !options->own.secret_file)
    return error_set(error, "keys: FILE is missing");
  bool ok = true;
  for (int i = 0; ok && i < options->operand_count; i++)
    ok = add_key_file(&all, i == 0, false, options->operands[i], error);
  if (ok && options->own.secret_file)
    ok = add_key_file(&all, options->operand_count == 0, true, options->own.secret_file, error);
  if (ok)
    puts(all.jwks);
  keyfile_fini(&all);
  return ok;
}

static bool run_policy(const struct options *options, struct assay_error *error) {
  struct policy_keys keys;
  if (!want_operands(options, 1, "policy: FILE", error))
    return false;
  if (!options->out)
    return error_set(error, "policy: --out DIR is missing");
  if (!policy_keys_read(options->operands[0], &keys, error))
    return false;
  umask(077); /* keys can be secrets */
  bool ok = policy_keys_write(&keys, options->out, error);
  policy_keys_fini(&keys);
  return ok;
}

static bool run_verify(const struct options *options, struct assay_error *error) {
  struct corpus corpus;
  if (!want_operands(options, 1, "verify: DIR", error) ||
      !checksums_verify(options->operands[0], (unsigned)options->threads, error) ||
      !corpus_open(&corpus, options->operands[0], error))
    return false;
  corpus_close(&corpus);
  return true;
}

static bool run_sha256(const struct options *options, struct assay_error *error) {
  if (options->operand_count == 0)
    return error_set(error, "sha256: FILE is missing");
  for (int i = 0; i < options->operand_count; i++) {
    char hex[65];
    if (!checksum_file(options->operands[i], hex, error))
      return false;
    printf("%s  %s\n", hex, options->operands[i]);
  }
  return true;
}

static const char *expected_word(const struct mutation_variant *variant) {
  return variant->any ? "any" : variant->reason ? assay_reason_dotted(variant->reason) : "accept";
}

static json_t *class_json(const struct mutation_group *group, const struct mutation_class *class) {
  json_t *variants = must(json_array());
  for (size_t i = 0; i < class->variant_count; i++) {
    const struct mutation_variant *v = &class->variants[i];
    json_array_append_new(variants,
                          json_pack("{s:s, s:s, s:b, s:s*, s:s*}", "variant", v->name, "expect",
                                    expected_word(v), "pinned", variant_is_pinned(class, v), "severity",
                                    variant_severity_word(class, v), "fixed", v->fixed));
  }
  return must(json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:o}", "group", group->name, "class", class->id,
                        "severity", assay_severity_word(class->severity), "brief", class->brief, "sentence",
                        class->sentence, "reference", class->reference, "pinned", (int)class->pinned,
                        "variants", variants));
}

static void print_class(const struct mutation_group *group, const struct mutation_class *class) {
  printf("%s/%s  %s  %s", group->name, class->id, assay_severity_word(class->severity), class->sentence);
  if (class->reference[0])
    printf(" (%s)", class->reference);
  putchar('\n');
  for (size_t i = 0; i < class->variant_count; i++) {
    const struct mutation_variant *v = &class->variants[i];
    printf("    %-28s %s%s%s%s\n", v->name[0] ? v->name : "-", expected_word(v),
           variant_is_pinned(class, v) ? ", pinned" : "", v->severity ? ", " : "",
           assay_severity_word(v->severity));
  }
}

static bool run_classes(const struct options *options, struct assay_error *error) {
  if (!want_operands(options, 0, "", error))
    return false;
  json_t *list = must(json_array());
  for (size_t i = 0; mutation_groups[i]; i++)
    for (size_t j = 0; j < mutation_groups[i]->class_count; j++) {
      const struct mutation_class *class = &mutation_groups[i]->classes[j];
      if (options->json)
        json_array_append_new(list, class_json(mutation_groups[i], class));
      else
        print_class(mutation_groups[i], class);
    }
  if (options->json) {
    json_dumpf(list, stdout, JSON_INDENT(2));
    putchar('\n');
  }
  json_decref(list);
  return true;
}

static bool run_show(const struct options *options, struct assay_error *error) {
  return want_operands(options, 1, "show: CLASS", error) &&
         class_show(options->operands[0], options->corpus, options->json, error);
}

static bool run_export(const struct options *options, struct assay_error *error) {
  if (!want_operands(options, 1, "export: DIR", error))
    return false;
  if (!options->format)
    return error_set(error, "export: --format NAME is missing");
  if (!options->out)
    return error_set(error, "export: --out FOLDER is missing");
  return export_write(&(struct export_request){.corpus = options->operands[0],
                                               .algs = options->algs,
                                               .class_ids = options->class_ids,
                                               .url = options->url,
                                               .out = options->out,
                                               .format = options->format},
                      error);
}

static bool (*const runs[COMMAND_COUNT])(const struct options *options, struct assay_error *error) = {
    [COMMAND_GENERATE] = run_generate, [COMMAND_LEARN] = run_learn,     [COMMAND_IMPORT] = run_import,
    [COMMAND_KEYS] = run_keys,         [COMMAND_POLICY] = run_policy,   [COMMAND_VERIFY] = run_verify,
    [COMMAND_SHA256] = run_sha256,     [COMMAND_CLASSES] = run_classes, [COMMAND_SHOW] = run_show,
    [COMMAND_EXPORT] = run_export};

/* An answer that did not arrive is none; a command that failed has had its say. */
static int delivered(int code) {
  bool lost = fflush(stdout) != 0 || ferror(stdout);
  return lost && code == 0 ? complain("cannot write to standard output") : code;
}

static int run_command(enum corpus_command command, int argc, char **argv) {
  struct options options;
  struct assay_error error = {0};
  catch_signals();
  bool ok = usage_read(command, argc, argv, &options, &error) && runs[command](&options, &error);
  own_trust_fini(&options.own);
  if (ok)
    return 0;
  complain(error.text);
  return stop ? EXIT_INTERRUPTED : EXIT_SETUP;
}

static void print_version(void) {
  puts("assay-corpus " GENERATOR_VERSION);
}

static const struct sheet_item examples[] = {
    {"assay corpus generate --out corpus --seed 7", "a corpus, the same one everywhere"},
    {"assay corpus show exp-past", "what one way of being bad looks like"},
    {0}};

static const struct program program = {.name = "assay-corpus",
                                       .typed = "assay corpus",
                                       .version = GENERATOR_VERSION,
                                       .does = "make, import and explain corpora of signed tokens",
                                       .command = usage_at,
                                       .examples = examples,
                                       .notes = USAGE_ENDS,
                                       .see_also = "assay(1)",
                                       .print_version = print_version};

static int answer(int argc, char **argv) {
  struct program_line line = {argc, argv};
  struct assay_error error = {0};
  switch (program_answer(&program, &line, &error)) {
  case PROGRAM_DONE: return 0;
  case PROGRAM_RUN: return run_command((enum corpus_command)line.command, line.argc, line.argv);
  default: return error.text[0] ? complain(error.text) : EXIT_SETUP;
  }
}

int main(int argc, char **argv) {
  signal(SIGXFSZ, SIG_IGN); /* a file that grows too large is a write that fails, and is told as one */
  return delivered(answer(argc, argv));
}
