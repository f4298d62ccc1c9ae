/* Where the memory that the worker shares with its host lies in this process: any library can find out. */
#ifndef ASSAY_TESTS_MODULES_CONTROL_FIND_H
#define ASSAY_TESTS_MODULES_CONTROL_FIND_H

#include <stdio.h>
#include <string.h>

#include "harness/wire/control.h"

/* NULL: there is none. *bytes: its size. */
static inline struct control *control_find(size_t *bytes) {
  char line[512];
  void *from = NULL, *to = NULL;
  FILE *maps = fopen("/proc/self/maps", "re");
  while (maps && !from && fgets(line, sizeof line, maps))
    if (strstr(line, "memfd:assay-control"))
      sscanf(line, "%p-%p", &from, &to);
  if (maps)
    fclose(maps);
  *bytes = (size_t)((char *)to - (char *)from);
  return from;
}

#endif
