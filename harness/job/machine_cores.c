/* Which CPUs are the halves of one core: the kernel counts each hardware thread as a CPU. */
#include <stdio.h>
#include <stdlib.h>

#include "harness/job/machine.h"
#include "reports/text/allocate.h"

/* The first of the CPUs of its core, which are listed in ascending order: "0,32", "0-1"; -1: not told. */
static int first_sibling(const char *folder, int cpu) {
  char path[300], line[256] = "", *end = line;
  snprintf(path, sizeof path, "%.200s/cpu%d/topology/thread_siblings_list", folder, cpu);
  FILE *file = fopen(path, "re");
  if (!file)
    return -1;
  long first = fgets(line, sizeof line, file) ? strtol(line, &end, 10) : -1;
  fclose(file);
  return end != line && first >= 0 && first <= cpu ? (int)first : -1;
}

static bool is_seen(const int *cores, size_t count, int core) {
  bool seen = false;
  for (size_t i = 0; i < count && !seen; i++)
    seen = cores[i] == core;
  return seen;
}

size_t machine_cores_of(const char *folder, const int *cpus, size_t count, int *cores) {
  size_t distinct = 0;
  bool told = true;
  for (size_t i = 0; i < count; i++) {
    cores[i] = first_sibling(folder, cpus[i]);
    told = told && cores[i] >= 0;
  }
  for (size_t i = 0; i < count; i++) {
    cores[i] = told ? cores[i] : cpus[i];
    distinct += !is_seen(cores, i, cores[i]);
  }
  return told ? distinct : 0;
}

void machine_spread(int *cpus, const int *cores, size_t count) {
  int *spread = allocate_items(count, sizeof *spread);
  size_t taken = 0;
  for (int again = 0; again < 2; again++)
    for (size_t i = 0; i < count; i++)
      if (is_seen(cores, i, cores[i]) == again)
        spread[taken++] = cpus[i];
  for (size_t i = 0; i < count; i++)
    cpus[i] = spread[i];
  free(spread);
}
