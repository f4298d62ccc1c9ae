/* The names that a shared object offers to others, read before any of its code runs. */
#ifndef ASSAY_WORKER_ELF_EXPORTS_H
#define ASSAY_WORKER_ELF_EXPORTS_H

#include "harness/base/bytes.h"

/* Calls `each` for every defined symbol of the file's dynamic tables that other objects can see; the name is
 * borrowed and ends with a NUL. file: any bytes, at an address that malloc gives. False where it is no shared
 * object of 64 bits, or a table of it does not stay within the file; `each` may have been called by then. */
bool elf_exports(struct assay_bytes file, void (*each)(void *arg, const char *name), void *arg);

#endif
