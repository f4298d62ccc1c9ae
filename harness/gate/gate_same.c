/* Whether two builds are one: a change of documentation, with a build that can be repeated, is no change. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/files/file.h"
#include "harness/gate/gate.h"
#include "harness/subject/subject.h"
#include "reports/text/allocate.h"
#include "reports/text/tally.h"

bool gate_same_files(const char *a, const char *b) {
  OWNED_TEXT char *x = NULL, *y = NULL;
  size_t x_len = 0, y_len = 0;
  bool same = strcmp(a, b) == 0 || (file_read(a, &x, &x_len, NULL) && file_read(b, &y, &y_len, NULL) &&
                                    x_len == y_len && memcmp(x, y, x_len) == 0);
  return same;
}

/* The files that a process has mapped to execute, in the order of their addresses. False: not known. */
static bool mapped_files(pid_t pid, struct tally *files) {
  char path[64], line[4400], file[4200], access[8];
  snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
  FILE *maps = pid > 0 ? fopen(path, "re") : NULL;
  while (maps && fgets(line, sizeof line, maps))
    if (sscanf(line, "%*s %7s %*s %*s %*s %4199[^\n]", access, file) == 2 && access[2] == 'x' &&
        file[0] == '/')
      tally_index(files, file, NULL);
  if (maps)
    fclose(maps);
  return files->count > 0;
}

static bool is_in(const char *file, const struct tally *others) {
  size_t at;
  bool found = tally_find(others, file, &at);
  for (size_t i = 0; i < others->count && !found; i++)
    found = gate_same_files(file, others->items[i]);
  return found;
}

static bool all_in(const struct tally *files, const struct tally *others) {
  bool all = files->count == others->count;
  for (size_t i = 0; i < files->count && all; i++)
    all = is_in(files->items[i], others);
  return all;
}

bool gate_same_builds(const struct subject *a, const struct subject *b) {
  OWNED_TALLY struct tally first = {0}, second = {0};
  bool same = strcmp(a->spec.argument, b->spec.argument) == 0 && mapped_files(a->pid, &first) &&
              mapped_files(b->pid, &second) && all_in(&first, &second) && all_in(&second, &first);
  return same;
}
