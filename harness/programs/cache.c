/* Whose the cache is, and who makes something in it. */
#include "harness/programs/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/files/cache_path.h"
#include "harness/base/files/file.h"
#include "harness/base/files/leftover.h"
#include "harness/programs/stop.h"
#include "harness/terminal/complain.h"
#include "harness/terminal/progress.h"

static char homeless[4096];

static void remove_homeless(void) {
  file_remove_temporary(homeless);
}

/* A folder under a name that everybody knows, where everybody may write, could hold anything. */
static const char *homeless_folder(void) {
  struct assay_error error;
  if (homeless[0])
    return homeless;
  if (!file_make_temporary(homeless, sizeof homeless, "cache", &error)) {
    complain(NULL, "%s", error.text);
    exit(EXIT_USAGE);
  }
  atexit(remove_homeless);
  fprintf(stderr, "There is no HOME: what is otherwise kept between runs is in %s, and goes with this run.\n",
          homeless);
  return homeless;
}

void cache_folder(char *folder, size_t size) {
  if (!cache_path(folder, size)) /* below it, since its maker has locked the folder itself */
    snprintf(folder, size, "%.4000s/cache", homeless_folder());
}

/* What is kept there is believed: nobody else may have put it there. True where there is nothing yet. */
static bool is_ours(const char *folder, struct assay_error *error) {
  struct stat st;
  if (stat(folder, &st) != 0)
    return true;
  if (st.st_uid != geteuid() && st.st_uid != 0)
    return error_set(error,
                     "%s belongs to another user, so nothing in it is used; ASSAY_CACHE names another place",
                     folder);
  return !(st.st_mode & (S_IWGRP | S_IWOTH)) ||
         error_set(error,
                   "%s can be written by others, so nothing in it is used: chmod go-w it, or name another "
                   "place in ASSAY_CACHE",
                   folder);
}

/* Where others may rename what lies in a folder, they can put one of theirs in the place of ours. */
static bool can_be_replaced(const char *above) {
  struct stat st;
  return stat(above, &st) == 0 && S_ISDIR(st.st_mode) && !(st.st_mode & S_ISVTX) &&
         (st.st_mode & S_IWOTH || (st.st_mode & S_IWGRP && st.st_gid != getegid()));
}

/* Looks at every folder above. */
static bool stays_ours(const char *folder, struct assay_error *error) {
  char path[4400];
  snprintf(path, sizeof path, "%s", folder);
  for (char *slash; (slash = strrchr(path, '/'));) {
    slash[slash == path] = '\0'; /* "/" is the last */
    if (can_be_replaced(path))
      return error_set(error,
                       "%s can be written by others, who could put another %s there, so nothing in it is "
                       "used: chmod go-w it, or name another place in ASSAY_CACHE",
                       path, folder);
    if (slash == path)
      break;
  }
  return true;
}

/* A HOME may be one that cannot be written, or that is not there. */
static bool is_made(const char *folder, struct assay_error *error) {
  if (file_make_dirs(folder, error))
    return true;
  struct assay_error made = *error;
  return error_set(error, "%s; ASSAY_CACHE names another place for what is kept between runs", made.text);
}

mode_t cache_umask(void) {
  mode_t usual = umask(S_IWGRP | S_IWOTH);
  umask(usual | S_IWGRP | S_IWOTH);
  return usual;
}

bool cache_open(const char *folder, const char *entry, struct assay_error *error) {
  mode_t usual = cache_umask();
  bool ok = is_ours(folder, error) && stays_ours(entry, error) && is_made(folder, error) &&
            is_ours(folder, error) && is_ours(entry, error);
  umask(usual);
  return ok;
}

/* ---- two makers at a time ---- */

#define LOOK_US 100000

/* Waits until whoever makes something in that cache has made it. */
static bool lock_wait(int lock, const char *cache, const char *what, struct assay_error *error) {
  progress_hide();
  fprintf(stderr, "Another assay is making %s in %s; this one waits for it.\n", what, cache);
  bool held;
  progress_begin();
  while (!(held = flock(lock, LOCK_EX | LOCK_NB) == 0) && (errno == EWOULDBLOCK || errno == EINTR) &&
         !stop_asked) {
    progress_show(NULL, "waiting for the cache", -1);
    usleep(LOOK_US);
  }
  int problem = errno;
  progress_end();
  return held ||
         error_set(error, "%s cannot be locked: %s", cache, stop_asked ? "interrupted" : strerror(problem));
}

/* The lock is on the folder itself, so that none is left behind;
 * it goes with the descriptor. Less than 0 and a sentence: there is none. */
int cache_lock(const char *cache, const char *what, struct assay_error *error) {
  int lock = open(cache, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool held = lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0;
  if (lock < 0 || (!held && errno != EWOULDBLOCK))
    error_set(error, "%s cannot be locked: %s", cache, strerror(errno));
  else if (held || lock_wait(lock, cache, what, error))
    return lock;
  if (lock >= 0)
    close(lock);
  return -1;
}
