/* Whole-file reads and atomic writes. */
#include "harness/base/files/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/files/leftover.h"

static bool size_of(int fd, const char *path, size_t *size, struct assay_error *error) {
  struct stat st;
  if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
    return error_set(error, "%s: not a regular file", path);
  *size = (size_t)st.st_size;
  return true;
}

static bool read_all(int fd, const char *path, char **data, size_t *len, struct assay_error *error) {
  size_t size, got = 0;
  if (!size_of(fd, path, &size, error))
    return false;
  char *buffer = malloc(size + 1);
  if (!buffer)
    return error_set(error, "%s: no memory for %zu bytes", path, size);
  while (got < size) {
    ssize_t n = read(fd, buffer + got, size - got);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      break;
    got += (size_t)n;
  }
  buffer[got] = '\0';
  *data = buffer;
  *len = got;
  return true;
}

static bool map_all(int fd, const char *path, struct file_map *map, struct assay_error *error) {
  *map = (struct file_map){.data = ""};
  if (!size_of(fd, path, &map->len, error))
    return false;
  if (map->len == 0) /* which mmap refuses */
    return true;
  void *base = mmap(NULL, map->len, PROT_READ, MAP_PRIVATE, fd, 0);
  if (base == MAP_FAILED)
    return error_set(error, "%s: %s", path, strerror(errno));
  madvise(base, map->len, MADV_SEQUENTIAL);
  map->data = base;
  return true;
}

/* Non-blocking, so that a pipe in a file's place is refused and not waited for. */
static int open_file(const char *path, struct assay_error *error) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    error_set(error, "%s: %s", path, strerror(errno));
  return fd;
}

bool file_read(const char *path, char **data, size_t *len, struct assay_error *error) {
  int fd = open_file(path, error);
  if (fd < 0)
    return false;
  bool ok = read_all(fd, path, data, len, error);
  close(fd);
  return ok;
}

const char *file_stream_name(const char *path) {
  return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* Room for more bytes and the NUL behind them. */
static bool stream_grow(char **data, size_t *size) {
  size_t more = *size ? *size * 2 : 1 << 16;
  char *grown = realloc(*data, more);
  if (!grown)
    return false;
  *data = grown;
  *size = more;
  return true;
}

/* errno says why not. */
static bool stream_drain(int fd, char **data, size_t *len) {
  size_t size = 0;
  *data = NULL;
  *len = 0;
  for (;;) {
    if (*len + 1 >= size && !stream_grow(data, &size))
      return false;
    ssize_t n = read(fd, *data + *len, size - *len - 1);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0) {
      (*data)[*len] = '\0';
      return n == 0;
    }
    *len += (size_t)n;
  }
}

bool file_read_stream(const char *path, char **data, size_t *len, struct assay_error *error) {
  bool is_stdin = strcmp(path, "-") == 0;
  int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  bool ok = fd >= 0 && stream_drain(fd, data, len);
  if (!ok) {
    error_set(error, "%s: %s", file_stream_name(path), strerror(errno));
    if (fd >= 0)
      free(*data);
  }
  if (fd >= 0 && !is_stdin)
    close(fd);
  return ok;
}

bool file_map(const char *path, struct file_map *map, struct assay_error *error) {
  int fd = open_file(path, error);
  if (fd < 0)
    return false;
  bool ok = map_all(fd, path, map, error);
  close(fd);
  return ok;
}

void file_map_passed(struct file_map *map, size_t at) {
  size_t from = map->passed, to = at & ~(FILE_MAP_WINDOW - 1);
  if (to <= from || to > map->len)
    return;
  madvise((void *)(uintptr_t)(map->data + from), to - from, MADV_DONTNEED);
  map->passed = to;
}

void file_unmap(struct file_map *map) {
  if (map->len)
    munmap((void *)(uintptr_t)map->data, map->len);
}

bool file_make_dirs(const char *path, struct assay_error *error) {
  char copy[4096];
  if ((size_t)snprintf(copy, sizeof copy, "%s", path) >= sizeof copy)
    return error_set(error, "%s: name too long", path);
  for (char *slash = copy + 1;; slash++) {
    if (*slash != '/' && *slash != '\0')
      continue;
    char kept = *slash;
    *slash = '\0';
    if (mkdir(copy, 0777) != 0 && errno != EEXIST)
      return error_set(error, "cannot make the folder %s: %s", copy, strerror(errno));
    *slash = kept;
    if (kept == '\0')
      break;
  }
  struct stat st;
  if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
    return error_set(error, "%s: not a folder", path);
  return true;
}

bool file_sync_folder(const char *folder, struct assay_error *error) {
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return error_set(error, "%s: %s", folder, strerror(errno));
  bool ok = fsync(fd) == 0 || errno == EINVAL || errno == EROFS;
  int problem = errno;
  close(fd);
  return ok || error_set(error, "%s: its names could not be written to disk: %s", folder, strerror(problem));
}

bool file_sync_entry(const char *path, struct assay_error *error) {
  char folder[4096];
  snprintf(folder, sizeof folder, "%s", path);
  char *slash = strrchr(folder, '/');
  if (!slash)
    return file_sync_folder(".", error);
  slash[slash == folder] = '\0';
  return file_sync_folder(folder, error);
}

static bool open_as(struct file_writer *writer, const char *path, mode_t mode, struct assay_error *error) {
  *writer = (struct file_writer){0};
  if ((size_t)snprintf(writer->path, sizeof writer->path, "%s", path) >= sizeof writer->path)
    return error_set(error, "%s: name too long", path);
  snprintf(writer->temporary, sizeof writer->temporary, "%s.part-", writer->path);
  leftover_sweep(writer->temporary);
  strcat(writer->temporary, "XXXXXX");
  int fd = leftover_make_file(writer->temporary, mode);
  if (fd < 0)
    return error_set(error, "cannot write %s: %s", path, strerror(errno));
  writer->stream = fdopen(fd, "w");
  return writer->stream != NULL || error_set(error, "cannot write %s: no memory", path);
}

bool file_open(struct file_writer *writer, const char *path, struct assay_error *error) {
  return open_as(writer, path, 0666, error);
}

bool file_open_private(struct file_writer *writer, const char *path, struct assay_error *error) {
  return open_as(writer, path, 0600, error);
}

bool file_commit(struct file_writer *writer, struct assay_error *error) {
  return file_finish(writer, error) && file_sync_entry(writer->path, error);
}

bool file_finish(struct file_writer *writer, struct assay_error *error) {
  bool ok = fflush(writer->stream) == 0 && !ferror(writer->stream) && fsync(fileno(writer->stream)) == 0;
  int problem = errno;
  if (fclose(writer->stream) != 0 && ok) {
    ok = false;
    problem = errno;
  }
  writer->stream = NULL;
  if (ok && rename(writer->temporary, writer->path) != 0) {
    ok = false;
    problem = errno;
  }
  if (ok)
    return true;
  unlink(writer->temporary);
  return error_set(error, "cannot write %s: %s; nothing was left under that name", writer->path,
                   strerror(problem));
}

void file_abandon(struct file_writer *writer) {
  if (!writer->stream)
    return;
  fclose(writer->stream);
  unlink(writer->temporary);
  writer->stream = NULL;
}

bool file_is_json(const char *name) {
  size_t len = strlen(name);
  return len > 5 && strcmp(name + len - 5, ".json") == 0;
}

bool file_walk_json(const char *folder, unsigned depth, bool (*take)(void *arg, const char *path), void *arg,
                    struct assay_error *error) {
  struct dirent **entries;
  int count = scandir(folder, &entries, NULL, alphasort);
  bool ok = count >= 0 || error_set(error, "%s: not a folder that can be read", folder);
  for (int i = 0; i < count; i++) {
    char path[4096];
    struct stat st;
    bool fits = (size_t)snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name) < sizeof path;
    if (ok && fits && entries[i]->d_name[0] != '.' && lstat(path, &st) == 0) {
      if (S_ISDIR(st.st_mode) && depth > 0)
        ok = file_walk_json(path, depth - 1, take, arg, error);
      else if (S_ISREG(st.st_mode) && file_is_json(path))
        ok = take(arg, path);
    }
    free(entries[i]);
  }
  if (count >= 0)
    free(entries);
  return ok;
}
