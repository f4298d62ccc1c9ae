/* A job on somebody's own cases or tokens: they become a corpus for this run alone. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "harness/base/error.h"
#include "harness/base/files/file.h"
#include "harness/job/job.h"

bool job_is_imported(const struct job_options *options) {
  return options->cases || options->own.tokens;
}

/* ---- what assay-corpus is told ---- */

struct words {
  const char **list;
  size_t count, size;
};

static void add(struct words *words, const char *option, const char *value) {
  if (!value || words->count + 3 > words->size)
    return;
  words->list[words->count++] = option;
  words->list[words->count++] = value;
}

static void add_own(struct words *words, const struct job_options *options) {
  const struct own_options *own = &options->own;
  static char now[32];
  add(words, "--format", "tokens");
  for (unsigned i = 0; i < own->key_count; i++)
    add(words, "--keys", own->keys[i]);
  add(words, "--secret-file", own->secret_file);
  add(words, "--issuer", own->issuer);
  for (unsigned i = 0; i < own->audience_count; i++)
    add(words, "--audience", own->audiences[i]);
  add(words, "--alg", options->algs);
  snprintf(now, sizeof now, "%lld", (long long)time(NULL));
  if (options->bench) /* a token must not expire while it is measured */
    add(words, "--now", now);
}

bool job_import_arguments(const struct job_options *options, const char *corpus, const char **list,
                          size_t size, struct assay_error *error) {
  struct words words = {list, 0, size};
  add(&words, "import", "--out");
  words.list[words.count++] = corpus;
  add(&words, "--policy", options->policy);
  if (options->own.tokens)
    add_own(&words, options);
  add(&words, "--", options->own.tokens ? options->own.tokens : options->cases);
  words.list[words.count] = NULL;
  return words.count + 3 <= size || error_set(error, "more key files and audiences than can be told");
}
