/* Whether a file is still what it was, without reading it. */
#ifndef ASSAY_BASE_FILES_FILE_STAMP_H
#define ASSAY_BASE_FILES_FILE_STAMP_H

#include <stdbool.h>
#include <stdint.h>

/* What the kernel knows of a file without reading it. Two that are equal are of one file that nobody has
 * written to, and that has not been exchanged, but within a tick of the clock of its file system. Times are
 * nanoseconds since 1970. */
struct file_stamp {
  uint64_t device, inode, bytes;
  int64_t written_ns; /* anybody can set it back */
  int64_t changed_ns; /* the kernel's own: the last change of contents, name, owner or rights */
};

/* Links are followed. All zero: the file is not there. */
struct file_stamp file_stamp(const char *path);
bool file_stamp_is(const struct file_stamp *a, const struct file_stamp *b);

#endif
