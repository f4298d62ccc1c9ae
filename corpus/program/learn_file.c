/* From a file of tokens, or standard input, to a file with their profile. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "corpus/program/learn.h"
#include "harness/base/files/file.h"

static bool write_profile(const json_t *profile, const char *path, struct assay_error *error) {
  struct file_writer file;
  const size_t how = JSON_INDENT(1) | JSON_REAL_PRECISION(4);
  if (!path)
    return (json_dumpf(profile, stdout, how) == 0 && putchar('\n') != EOF) ||
           error_set(error, "cannot write the output");
  if (!file_open(&file, path, error))
    return false;
  json_dumpf(profile, file.stream, how); /* file_commit sees whether it failed */
  fputc('\n', file.stream);
  return file_commit(&file, error);
}

static bool learn_from(FILE *stream, const char *name, const char *pattern, const char *out,
                       struct assay_error *error) {
  struct learning *learning = learning_open(error);
  bool ok = learning && learning_read(learning, stream, name, pattern, error);
  json_t *profile = ok ? learning_profile(learning, error) : NULL;
  if (ok && !profile) {
    struct assay_error why = *error;
    error_set(error, "%s: %s%s", name, why.text,
              pattern ? "" : "; if its lines hold more than a token, --pattern REGEX says where");
  }
  ok = profile && write_profile(profile, out, error);
  json_decref(profile);
  learning_close(learning);
  return ok;
}

bool learn_file(const char *path, const char *pattern, const char *out, struct assay_error *error) {
  if (strcmp(path, "-") == 0)
    return learn_from(stdin, "standard input", pattern, out, error);
  FILE *stream = fopen(path, "re");
  if (!stream)
    return error_set(error, "%s: %s", path, strerror(errno));
  bool ok = learn_from(stream, path, pattern, out, error);
  fclose(stream);
  return ok;
}
