/* By stat(2). */
#include "harness/base/files/file_stamp.h"

#include <sys/stat.h>

static int64_t nanoseconds(const struct timespec *time) {
  return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

struct file_stamp file_stamp(const char *path) {
  struct stat st;
  if (stat(path, &st) != 0)
    return (struct file_stamp){0};
  return (struct file_stamp){.device = st.st_dev,
                             .inode = st.st_ino,
                             .bytes = (uint64_t)st.st_size,
                             .written_ns = nanoseconds(&st.st_mtim),
                             .changed_ns = nanoseconds(&st.st_ctim)};
}

bool file_stamp_is(const struct file_stamp *a, const struct file_stamp *b) {
  return a->device == b->device && a->inode == b->inode && a->bytes == b->bytes &&
         a->written_ns == b->written_ns && a->changed_ns == b->changed_ns;
}
