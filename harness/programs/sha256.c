/* `assay-corpus sha256 FILE...` prints as sha256sum does: a line a file, in their order. */
#include "harness/programs/sha256.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/files/program_file.h"
#include "harness/programs/run_program.h"

#define LIMIT_S 60
#define PATH_ROOM 4200

static bool lines_read(char *lines, size_t count, char (*hex)[SHA256_HEX_BYTES]) {
  char *save, *line = strtok_r(lines, "\n", &save);
  for (size_t i = 0; i < count; i++, line = strtok_r(NULL, "\n", &save)) {
    if (!line || strspn(line, "0123456789abcdef") != SHA256_HEX_BYTES - 1)
      return false;
    snprintf(hex[i], SHA256_HEX_BYTES, "%.64s", line);
  }
  return true;
}

/* The first that cannot be read; else the first, of which nothing is known. */
static const char *unread(char *const *paths, size_t count, const char **why) {
  for (size_t i = 0; i < count; i++)
    if (access(paths[i], R_OK) != 0) {
      *why = strerror(errno);
      return paths[i];
    }
  *why = "a file cannot be read";
  return paths[0];
}

static bool ask(char *const *argv, size_t count, char (*hex)[SHA256_HEX_BYTES], char *out, size_t size,
                struct assay_error *error) {
  const struct program program = {.argv = argv, .limit_s = LIMIT_S, .out = out, .size = size, .quiet = true};
  const char *why;
  int code = program_run(&program, error);
  if (code < 0)
    return false;
  if (code == 0 && lines_read(out, count, hex))
    return true;
  const char *path = unread(argv + 2, count, &why);
  return error_set(error, "the SHA-256 of %s could not be taken: %s", path, why);
}

bool sha256_files(const char *const *paths, size_t count, char (*hex)[SHA256_HEX_BYTES],
                  struct assay_error *error) {
  char program[PATH_ROOM];
  const char **argv = calloc(count + 3, sizeof *argv);
  size_t size = count * (PATH_ROOM + SHA256_HEX_BYTES) + 1;
  char *out = malloc(size);
  bool ok = argv && out ? true : error_set(error, "no memory for the SHA-256 of %zu files", count);
  if (ok && count > 0) {
    program_file("assay-corpus", program, sizeof program);
    argv[0] = program;
    argv[1] = "sha256";
    memcpy(argv + 2, paths, count * sizeof *argv);
    ok = ask((char *const *)argv, count, hex, out, size, error);
  }
  free(argv);
  free(out);
  return ok;
}
