/* Files and folders in the making: what stands under a temporary name is locked as long as its maker lives.
 * One that was killed leaves it, unlocked, and whoever makes the same thing next removes it. */
#ifndef ASSAY_BASE_FILES_LEFTOVER_H
#define ASSAY_BASE_FILES_LEFTOVER_H

#include <stdbool.h>
#include <sys/types.h>

#include "harness/base/error.h"

/* Makes a file of that mode, less the umask, under a name that ends in XXXXXX, which is filled in, and locks
 * it. Returns its descriptor, closed on exec; closing it ends the lock. -1 with errno. */
int leftover_make_file(char *name, mode_t mode);
/* The same of a folder. */
int leftover_make_folder(char *name, mode_t mode);

/* Removes what dead makers left under that name without its XXXXXX: ours, and not locked. */
void leftover_sweep(const char *name);

/* Where what is for this run alone belongs: $TMPDIR, or /tmp. */
const char *file_temporary(void);
/* A new folder there that nobody else can look into, assay-<what>-XXXXXX; the caller has it removed. On an
 * error its name is empty. What a process that was killed left under such a name is removed first. */
bool file_make_temporary(char *folder, size_t size, const char *what, struct assay_error *error);
/* Removes what it made, with all that is in it. */
void file_remove_temporary(const char *folder);

/* Removes a folder and everything in it, as far as it goes. name: in the folder `parent` (AT_FDCWD). */
void folder_remove(int parent, const char *name);

#endif
