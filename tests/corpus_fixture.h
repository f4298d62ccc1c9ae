/* What corpus tests share: a folder of their own, small corpora in it, and files to spoil. */
#ifndef ASSAY_TESTS_CORPUS_FIXTURE_H
#define ASSAY_TESTS_CORPUS_FIXTURE_H

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "corpus/program/generate.h"
#include "corpus/store/writer.h"
#include "harness/base/files/file.h"

static inline int fixture_remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
  (void)st, (void)kind, (void)ftw;
  return remove(path);
}

static inline void fixture_remove(const char *folder) {
  nftw(folder, fixture_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A new empty folder. */
static inline const char *fixture_folder(void) {
  static char folders[8][64];
  static unsigned next;
  char *folder = folders[next++ % 8];
  snprintf(folder, sizeof folders[0], "/tmp/assay-test-XXXXXX");
  cr_assert_not_null(mkdtemp(folder));
  return folder;
}

/* folder/name, for as long as the test's process lives. */
static inline const char *fixture_path(const char *folder, const char *name) {
  static char arena[1 << 16];
  static size_t used;
  char path[1024], *kept = arena + used;
  size_t len = (size_t)snprintf(path, sizeof path, "%s/%s", folder, name);
  cr_assert(len < sizeof path && len < sizeof arena - used);
  memcpy(kept, path, len + 1);
  used += len + 1;
  return kept;
}

/* The same for a loop: the caller's buffer. */
static inline FILE *fixture_open(const char *folder, const char *name) {
  char path[1024];
  cr_assert_lt(snprintf(path, sizeof path, "%s/%s", folder, name), (int)sizeof path);
  return fopen(path, "w");
}

static inline struct assay_bytes fixture_read(const char *folder, const char *name) {
  struct assay_error error = {0};
  char *data;
  size_t len;
  cr_assert(file_read(fixture_path(folder, name), &data, &len, &error), "%s", error.text);
  return bytes_of(data, len);
}

static inline void fixture_write(const char *folder, const char *name, const void *bytes, size_t len) {
  FILE *file = fixture_open(folder, name);
  cr_assert_not_null(file);
  cr_assert_eq(fwrite(bytes, 1, len, file), len);
  cr_assert_eq(fclose(file), 0);
}

static inline void fixture_write_str(const char *folder, const char *name, const char *text) {
  fixture_write(folder, name, text, strlen(text));
}

/* A generated corpus in folder/name: `valid` good tokens per algorithm and size, `per_variant` of each
 * variant and algorithm, and of each variant at least `least`. */
static inline const char *fixture_generate_least(const char *folder, const char *name, uint64_t seed,
                                                 unsigned threads, unsigned valid, unsigned per_variant,
                                                 unsigned least) {
  struct generate_options options;
  struct assay_error error = {0};
  struct casebook book;
  const char *path = fixture_path(folder, name);
  cr_assert(generate_profile("small", &options));
  options.seed = seed;
  options.threads = threads;
  options.valid_main = options.valid_other = valid;
  options.per_variant = per_variant;
  options.least = least;
  generate_cases(&options, &book);
  cr_assert(corpus_write(&book, path, threads, NULL, &error), "%s", error.text);
  book_fini(&book);
  return path;
}

static inline const char *fixture_generate(const char *folder, const char *name, uint64_t seed,
                                           unsigned threads, unsigned valid, unsigned per_variant) {
  return fixture_generate_least(folder, name, seed, threads, valid, per_variant, 1);
}

#endif
