/* For fuzz targets whose subject reads files by name: a folder of the process' own in memory, removed as
 * it ends. */
#ifndef ASSAY_TESTS_FUZZ_FOLDER_H
#define ASSAY_TESTS_FUZZ_FOLDER_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FUZZ_FILES_MAX 4

static struct {
  char path[64];
  char files[FUZZ_FILES_MAX][128];
  unsigned count;
} fuzz_folder;

static inline void promise(bool kept) {
  if (!kept)
    abort();
}

static inline void fuzz_folder_remove(void) {
  while (fuzz_folder.count > 0)
    unlink(fuzz_folder.files[--fuzz_folder.count]);
  rmdir(fuzz_folder.path);
}

static inline const char *fuzz_folder_path(void) {
  if (!fuzz_folder.path[0]) {
    snprintf(fuzz_folder.path, sizeof fuzz_folder.path, "/dev/shm/assay-fuzz-XXXXXX");
    promise(mkdtemp(fuzz_folder.path) && atexit(fuzz_folder_remove) == 0);
  }
  return fuzz_folder.path;
}

/* A file that every input is written to again. Returns its path, which stays. */
static inline const char *fuzz_file(const char *name) {
  char *path = fuzz_folder.files[fuzz_folder.count++];
  promise(fuzz_folder.count <= FUZZ_FILES_MAX);
  snprintf(path, sizeof fuzz_folder.files[0], "%s/%s", fuzz_folder_path(), name);
  return path;
}

static inline void fuzz_file_write(const char *path, const uint8_t *data, size_t size) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  promise(fd >= 0 && write(fd, data, size) == (ssize_t)size);
  close(fd);
}

#endif
