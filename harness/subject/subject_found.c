/* The modules and adapters beside this program, and the builds with names, looked up once. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/files/cache_path.h"
#include "harness/base/files/program_file.h"
#include "harness/base/grow.h"
#include "harness/subject/subject_spec.h"

static struct subject_found *all;
static unsigned count;

/* name: of so many bytes. */
static void add(enum subject_kind kind, const char *name, size_t name_len, const char *module,
                const char *argument, const char *build) {
  struct subject_found *grown = grown_by_one(all, count, sizeof *grown);
  struct subject_found found = {strndup(name, name_len), kind, strdup(module), strdup(argument),
                                strdup(build)};
  if (!grown || !found.name || !found.module || !found.argument || !found.build)
    abort();
  all = grown;
  all[count++] = found;
}

static size_t stem_len(const char *file) {
  const char *dot = strrchr(file, '.');
  return dot ? (size_t)(dot - file) : strlen(file);
}

static int is_source(const struct dirent *entry) {
  size_t len = strlen(entry->d_name);
  return len > 2 && strcmp(entry->d_name + len - 2, ".c") == 0;
}

static int is_module(const struct dirent *entry) {
  size_t len = strlen(entry->d_name);
  return len > 3 && strcmp(entry->d_name + len - 3, ".so") == 0 &&
         strcmp(entry->d_name, EXEC_MODULE ".so") != 0;
}

/* Adapters are scripts; whether one can be executed tells it from what it shares with its like. */
static int is_visible(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

static bool is_program(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & S_IXUSR);
}

/* Every file of a folder that `wanted` picks, in the order of their names. exec: NULL, or the module that
 * runs them. */
static void folder_add(const char *name, enum subject_kind kind, int (*wanted)(const struct dirent *),
                       const char *exec) {
  char folder[PATH_MAX], path[PATH_MAX + 300];
  struct dirent **entries;
  program_file(name, folder, sizeof folder);
  int found = scandir(folder, &entries, wanted, alphasort);
  for (int i = 0; i < found; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
    if (!exec || is_program(path))
      add(kind, entries[i]->d_name, stem_len(entries[i]->d_name), exec ? exec : path, exec ? path : "", "");
    free(entries[i]);
  }
  if (found >= 0)
    free(entries);
}

/* Links that lead to no file: their text is what is meant. */
static void builds_add(void) {
  char folder[PATH_MAX], path[PATH_MAX + 300], build[PATH_MAX];
  struct dirent **entries;
  if (!cache_path(folder, sizeof folder - sizeof "/" CACHE_LABELS))
    return;
  strcat(folder, "/" CACHE_LABELS);
  int found = scandir(folder, &entries, is_visible, alphasort);
  for (int i = 0; i < found; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
    ssize_t len = readlink(path, build, sizeof build - 1);
    build[len > 0 ? len : 0] = '\0';
    if (strchr(build, '@'))
      add(SUBJECT_BACKEND, entries[i]->d_name, strlen(entries[i]->d_name), "", "", build);
    free(entries[i]);
  }
  if (found >= 0)
    free(entries);
}

const struct subject_found *subject_found(unsigned number) {
  char exec[PATH_MAX];
  if (!all) {
    folder_add("modules", SUBJECT_BACKEND, is_module, NULL);
    folder_add("modules/verifiers", SUBJECT_VERIFIER, is_module, NULL);
    program_file("modules/verifiers/" EXEC_MODULE ".so", exec, sizeof exec);
    if (access(exec, R_OK) == 0)
      folder_add("modules/adapters", SUBJECT_VERIFIER, is_visible, exec);
    builds_add();
  }
  return number < count ? &all[number] : NULL;
}

const struct subject_found *subject_found_named(const char *name) {
  const struct subject_found *found;
  unsigned number = 0;
  while ((found = subject_found(number)) && strcmp(found->name, name) != 0)
    number++;
  return found;
}

bool subject_source(const char *backend, char *path, size_t size) {
  char file[300];
  snprintf(file, sizeof file, "sources/backends/%.200s.c", backend);
  program_file(file, path, size);
  return !strchr(backend, '/') && access(path, R_OK) == 0;
}

const char *subject_word(unsigned number) {
  const struct subject_found *found = subject_found(number);
  return found ? found->name : NULL;
}

const char *subject_unbuilt(unsigned number) {
  static struct dirent **sources;
  static int found = -1;
  char folder[PATH_MAX];
  program_file("sources/backends", folder, sizeof folder);
  if (found < 0) {
    found = scandir(folder, &sources, is_source, alphasort);
    for (int i = 0; i < found; i++)
      sources[i]->d_name[stem_len(sources[i]->d_name)] = '\0';
  }
  for (int i = 0; i < found; i++)
    if (!subject_found_named(sources[i]->d_name) && number-- == 0)
      return sources[i]->d_name;
  return NULL;
}
