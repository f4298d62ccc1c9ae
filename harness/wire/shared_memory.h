/* Memory without a name in the file system, which a host shares with its workers. */
#ifndef ASSAY_WIRE_SHARED_MEMORY_H
#define ASSAY_WIRE_SHARED_MEMORY_H

#include <fcntl.h>

/* Seals of memory that keeps its size: one who made it shorter would take it from under the others. */
#define SHARED_FIXED_SIZE (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)
#define SHARED_READ_ONLY (SHARED_FIXED_SIZE | F_SEAL_WRITE)

/* A descriptor of it, empty. It is closed on exec, and above the numbers that workers know it by, so that
 * duplicating one of them covers no other. -1 with errno on failure. */
int shared_memory_open(const char *name);

#endif
