/* Files: read whole, and written so that the final name never holds half a file. */
#ifndef ASSAY_BASE_FILES_FILE_H
#define ASSAY_BASE_FILES_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/base/bytes.h"
#include "harness/base/error.h"

/* Reads a whole regular file. The bytes are followed by a NUL that len does not count; free(*data). */
bool file_read(const char *path, char **data, size_t *len, struct assay_error *error);

/* The same of whatever can be read to its end: a file, a pipe, a named pipe, or, for "-", standard input. */
bool file_read_stream(const char *path, char **data, size_t *len, struct assay_error *error);
/* How messages call it: "standard input" for "-". */
const char *file_stream_name(const char *path);

/* A whole regular file in memory as it is read: pages come when they are looked at. */
struct file_map {
  const char *data; /* len bytes, no NUL behind them */
  size_t len, passed;
};

#define FILE_MAP_WINDOW ((size_t)1 << 23)

bool file_map(const char *path, struct file_map *map, struct assay_error *error);
/* The reader is at this byte: what is a window behind takes no memory any more, and is read from the file
 * again if it is looked at. */
void file_map_passed(struct file_map *map, size_t at);
void file_unmap(struct file_map *map);

bool file_is_json(const char *name); /* by its ending */
/* Hands every JSON file below a folder to `take`, in the order of names, down to `depth` folders below it;
 * hidden ones and links are left out. false where the folder cannot be read, or as soon as `take` says so. */
bool file_walk_json(const char *folder, unsigned depth, bool (*take)(void *arg, const char *path), void *arg,
                    struct assay_error *error);

/* mkdir -p. */
bool file_make_dirs(const char *path, struct assay_error *error);

/* Waits until the names in a folder are on disk. Quietly does nothing where the file system has
 * no such thing. */
bool file_sync_folder(const char *folder, struct assay_error *error);
/* The same for the folder that `path` is an entry of. */
bool file_sync_entry(const char *path, struct assay_error *error);

/* A file under a temporary name beside `path`; commit gives it its name only when every byte is on disk, and
 * the name too is on disk then. */
struct file_writer {
  FILE *stream;
  char path[4096], temporary[4096 + 16];
};

/* With the rights that the umask leaves. What a writer that was killed left beside it is removed. */
bool file_open(struct file_writer *writer, const char *path, struct assay_error *error);
/* For its owner alone, whatever the umask. */
bool file_open_private(struct file_writer *writer, const char *path, struct assay_error *error);
/* Flushes, syncs, renames. On failure (disk full, say) the temporary file is removed and `path`
 * is as before. */
bool file_commit(struct file_writer *writer, struct assay_error *error);
/* The same, but for a file of a folder whose names the caller syncs at the end, all at once. */
bool file_finish(struct file_writer *writer, struct assay_error *error);
/* Gives up: removes the temporary file. Does nothing after commit. */
void file_abandon(struct file_writer *writer);

#endif
