/* Temporary names, and locks that end with the process. */
#include "harness/base/files/leftover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX_CHARS 6
#define ATTEMPTS 100

static bool suffix_fill(char *name) {
  static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  uint8_t random[SUFFIX_CHARS];
  if (getrandom(random, sizeof random, 0) != sizeof random)
    return false;
  char *suffix = name + strlen(name) - SUFFIX_CHARS;
  for (int i = 0; i < SUFFIX_CHARS; i++)
    suffix[i] = alphabet[random[i] % (sizeof alphabet - 1)];
  return true;
}

static int file_make(const char *name, mode_t mode) {
  return open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
}

static int folder_make(const char *name, mode_t mode) {
  if (mkdir(name, mode) != 0)
    return -1;
  int fd = open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT)
    errno = EEXIST; /* somebody else's by now: see is_ours */
  return fd;
}

/* Until it is locked another process may take it for a leftover, lock it and remove it: it is made again
 * then. A file system without locks keeps its leftovers. */
static bool is_ours(int fd) {
  struct stat st;
  bool taken = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  return !taken && fstat(fd, &st) == 0 && st.st_nlink > 0;
}

static int make_locked(char *name, mode_t mode, int (*one)(const char *name, mode_t mode)) {
  for (int i = 0; i < ATTEMPTS && suffix_fill(name); i++) {
    int fd = one(name, mode);
    if (fd >= 0 && is_ours(fd))
      return fd;
    if (fd >= 0)
      close(fd);
    else if (errno != EEXIST)
      return -1;
  }
  return -1;
}

int leftover_make_file(char *name, mode_t mode) {
  return make_locked(name, mode, file_make);
}

int leftover_make_folder(char *name, mode_t mode) {
  return make_locked(name, mode, folder_make);
}

void folder_remove(int parent, const char *name) {
  int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
  for (struct dirent *entry; dir && (entry = readdir(dir));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
      continue;
    if (unlinkat(fd, entry->d_name, 0) != 0 && errno == EISDIR)
      folder_remove(fd, entry->d_name);
  }
  if (dir)
    closedir(dir);
  else if (fd >= 0)
    close(fd);
  unlinkat(parent, name, AT_REMOVEDIR);
}

/* Without waiting, whatever it is by now. */
static void sweep_one(int parent, const char *name) {
  struct stat st;
  int fd = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0)
    return;
  if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0) {
    if (S_ISDIR(st.st_mode))
      folder_remove(parent, name);
    else if (S_ISREG(st.st_mode))
      unlinkat(parent, name, 0);
  }
  close(fd);
}

void leftover_sweep(const char *name) {
  char parent[4096];
  const char *slash = strrchr(name, '/'), *stem = slash ? slash + 1 : name;
  snprintf(parent, sizeof parent, "%.*s", slash ? (int)(slash - name) + 1 : 1, slash ? name : ".");
  size_t len = strlen(stem);
  DIR *dir = opendir(parent);
  for (struct dirent *entry; dir && (entry = readdir(dir));)
    if (strncmp(entry->d_name, stem, len) == 0 && strlen(entry->d_name) == len + SUFFIX_CHARS)
      sweep_one(dirfd(dir), entry->d_name);
  if (dir)
    closedir(dir);
}

/* ---- folders for this process alone ---- */

#define TEMPORARY_MAX 16

static struct {
  char folder[4096];
  int lock;
} made[TEMPORARY_MAX];

const char *file_temporary(void) {
  const char *own = getenv("TMPDIR");
  return own && own[0] ? own : "/tmp";
}

static bool temporary_name(char *folder, size_t size, const char *what) {
  return (size_t)snprintf(folder, size, "%s/assay-%s-", file_temporary(), what) + sizeof "XXXXXX" <= size;
}

bool file_make_temporary(char *folder, size_t size, const char *what, struct assay_error *error) {
  int slot = 0;
  while (slot < TEMPORARY_MAX - 1 && made[slot].folder[0])
    slot++;
  bool fits = temporary_name(folder, size, what) && size <= sizeof made[slot].folder;
  if (fits) {
    leftover_sweep(folder);
    strcat(folder, "XXXXXX");
    made[slot].lock = leftover_make_folder(folder, 0700);
  }
  if (fits && made[slot].lock >= 0) {
    snprintf(made[slot].folder, sizeof made[slot].folder, "%s", folder);
    return true;
  }
  folder[0] = '\0';
  if (!fits)
    return error_set(error, "%s: name too long for a temporary folder; TMPDIR names another place",
                     file_temporary());
  return error_set(error, "cannot make a temporary folder in %s: %s; TMPDIR names another place",
                   file_temporary(), strerror(errno));
}

void file_remove_temporary(const char *folder) {
  for (int i = 0; i < TEMPORARY_MAX; i++)
    if (folder[0] && strcmp(made[i].folder, folder) == 0) {
      folder_remove(AT_FDCWD, folder);
      close(made[i].lock);
      made[i].folder[0] = '\0';
    }
}
