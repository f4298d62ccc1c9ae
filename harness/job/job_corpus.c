/* The corpus of a job: the one that was named, or the default one, generated once and kept by what it was
 * made from. assay itself has no cryptography: assay-corpus generates, and checks the checksums. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator_version.h"
#include "harness/base/clock.h"
#include "harness/base/files/file.h"
#include "harness/base/files/leftover.h"
#include "harness/base/files/program_file.h"
#include "harness/job/job.h"
#include "harness/programs/cache.h"
#include "harness/programs/run_program.h"
#include "harness/terminal/complain.h"
#include "harness/terminal/progress.h"

#include <jansson.h>

#define DEFAULT_PROFILE "default"
#define DEFAULT_SEED "1"
#define ARGUMENTS_MAX (4 * OWN_FILES_MAX + 32) /* of assay-corpus */
#define GENERATE_S 3600                        /* which takes half a minute where nothing else runs */
#define CORPUS_S 900          /* of an import or a look at checksums, of files as large as they may be */
#define SENTENCES_BYTES 32768 /* of assay-corpus: twenty sentences and more */

const char *span_text(const struct corpus *corpus, struct corpus_span span) {
  static char ring[8][512];
  static unsigned next;
  char *text = ring[next++ % 8];
  snprintf(text, sizeof ring[0], "%.*s", (int)(span.len < 511 ? span.len : 511),
           (const char *)corpus_bytes(corpus, span).ptr);
  return text;
}

static bool generate(const char *folder, struct assay_error *error) {
  char program[4200];
  program_file("assay-corpus", program, sizeof program);
  char *argv[] = {program,     "generate",      "--out", (char *)folder, "--seed", DEFAULT_SEED,
                  "--profile", DEFAULT_PROFILE, NULL};
  char waste[4096];
  uint64_t from = clock_ns();
  const struct program generating = {.argv = argv, .limit_s = GENERATE_S, .out = waste, .size = sizeof waste};
  progress_hide();
  fprintf(stderr, "Making the default corpus once, in %s\n", folder);
  int status = program_run(&generating, error);
  if (status < 0)
    return error_prefix(error, "the default corpus could not be made: ");
  if (status > 0)
    return error_set(error, "the default corpus could not be made: assay corpus generate ended with %d",
                     status);
  fprintf(stderr, "Made in %.0f s; later runs use it again.\n", (double)(clock_ns() - from) / 1e9);
  return true;
}

/* Asked before half a minute of work. */
static bool has_room_in(const char *cache, struct assay_error *error) {
  return access(cache, W_OK) == 0 ||
         error_set(
             error,
             "the default corpus has to be made, and nothing can be written in %s: %s; ASSAY_CACHE names "
             "another place",
             cache, strerror(errno));
}

static bool generate_once(const char *cache, const char *folder, struct assay_error *error) {
  struct stat st;
  int lock = cache_lock(cache, "the default corpus", error);
  mode_t usual = cache_umask();
  bool ok = lock >= 0 && (stat(folder, &st) == 0 || (has_room_in(cache, error) && generate(folder, error)));
  umask(usual);
  if (lock >= 0)
    close(lock);
  return ok;
}

static bool default_corpus(char *folder, size_t size, struct assay_error *error) {
  char cache[4096];
  struct stat st;
  cache_folder(cache, sizeof cache);
  snprintf(folder, size, "%s/%s-%s-%s", cache, DEFAULT_PROFILE, DEFAULT_SEED, GENERATOR_VERSION);
  return cache_open(cache, folder, error) && (stat(folder, &st) == 0 || generate_once(cache, folder, error));
}

/* One line of what assay-corpus said, without its own name. */
static const char *sentence_of(const char *line) {
  static const char name[] = "assay corpus: ";
  return strncmp(line, name, sizeof name - 1) == 0 ? line + sizeof name - 1 : line;
}

/* The last of its sentences is the error's; those before it are told at once. */
static void pass_on(const char *command, char *said, struct assay_error *error) {
  const char *last = NULL;
  for (char *save, *line = strtok_r(said, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
    if (last)
      complain(command, "%s", last);
    last = sentence_of(line);
  }
  error_set(error, "%s", last ? last : "");
}

bool corpus_program(const char *command, const char *what, const char *const *arguments,
                    struct assay_error *error) {
  char program[4200], said[SENTENCES_BYTES], *argv[ARGUMENTS_MAX + 4] = {program};
  program_file("assay-corpus", program, sizeof program);
  for (size_t i = 0; arguments[i]; i++)
    argv[1 + i] = (char *)arguments[i];
  const struct program asked = {
      .argv = argv, .limit_s = CORPUS_S, .out = said, .size = sizeof said, .mixed = true, .what = what};
  int status = program_run(&asked, error);
  if (status <= 0)
    return status == 0;
  if (!said[0])
    return error_set(error, "assay corpus %s ended with %d and said nothing", arguments[0], status);
  pass_on(command, said, error);
  return false;
}

static bool checksums_hold(const char *command, const char *folder, struct assay_error *error) {
  return corpus_program(command, "checking the corpus", (const char *const[]){"verify", folder, NULL}, error);
}

/* ---- foreign cases ---- */

bool job_cases_import(const struct job_options *options, char *folder, size_t size,
                      struct assay_error *error) {
  const char *arguments[ARGUMENTS_MAX];
  char corpus[4200];
  if (!file_make_temporary(folder, size, "cases", error))
    return false;
  snprintf(corpus, sizeof corpus, "%s/corpus", folder);
  if (job_import_arguments(options, corpus, arguments, ARGUMENTS_MAX, error) &&
      corpus_program(options->command, "reading the tokens", arguments, error))
    return true;
  file_remove_temporary(folder);
  return false;
}

static const char *string_in(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? text : "unknown";
}

/* Facts for the report, from the manifest; a corpus without one is called unnamed. */
static void describe(struct job *job) {
  struct result_corpus *about = &job->result->corpus;
  char path[4200];
  snprintf(path, sizeof path, "%s/manifest.json", job->corpus.folder);
  json_t *manifest = json_load_file(path, 0, NULL);
  json_t *hashes = json_object_get(manifest, "sha256");
  const json_t *bin = json_object_get(hashes, "tokens.bin");
  if (!bin)
    bin = json_object_get(json_object_get(json_object_get(manifest, "files"), "tokens.bin"), "sha256");
  result_set(&about->profile, string_in(manifest, "profile"));
  result_set(&about->generator, string_in(manifest, "generator"));
  result_set(&about->sha256, json_is_string(bin) ? json_string_value(bin) : "unknown");
  about->seed = (uint64_t)json_integer_value(json_object_get(manifest, "seed"));
  about->tokens = job->corpus.header->token_count;
  about->classes = 0;
  const char *last = "";
  for (uint64_t i = 0; i < job->corpus.header->variant_count; i++) {
    const char *id = span_text(&job->corpus, job->corpus.variants[i].class_id);
    about->classes += strcmp(id, last) != 0 && strcmp(id, "valid") != 0;
    last = id;
  }
  json_decref(manifest);
}

bool job_corpus(struct job *job, struct assay_error *error) {
  char folder[4096];
  if (job->options->corpus)
    snprintf(folder, sizeof folder, "%s", job->options->corpus);
  else if (!default_corpus(folder, sizeof folder, error))
    return false;
  if (!checksums_hold(job->options->command, folder, error) || !corpus_open(&job->corpus, folder, error))
    return false;
  job->corpus_is_open = true;
  describe(job);
  return true;
}
