/* From what a user writes to a module on disk. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/subject/subject.h"

const char *program_folder(void) {
  static char folder[PATH_MAX];
  if (folder[0])
    return folder;
  ssize_t n = readlink("/proc/self/exe", folder, sizeof folder - 1);
  folder[n > 0 ? n : 0] = '\0';
  char *slash = strrchr(folder, '/');
  if (slash)
    *slash = '\0';
  /* A test's executable stands beside the folder of the programs. */
  const char *programs = getenv("ASSAY_BIN");
  if (programs && programs[0])
    snprintf(folder, sizeof folder, "%s", programs);
  return folder;
}

static const char *modules_folder(void) {
  static char folder[PATH_MAX + 32];
  snprintf(folder, sizeof folder, "%s/../modules", program_folder());
  if (access(folder, R_OK) != 0)
    snprintf(folder, sizeof folder, "%s/../lib/assay/modules", program_folder());
  return folder;
}

static int is_module(const struct dirent *entry) {
  size_t len = strlen(entry->d_name);
  return len > 3 && strcmp(entry->d_name + len - 3, ".so") == 0;
}

void subject_modules(void (*tell)(void *arg, const char *name, const char *path), void *arg) {
  struct dirent **entries;
  const char *folder = modules_folder();
  int count = scandir(folder, &entries, is_module, alphasort);
  for (int i = 0; i < count; i++) {
    char name[256], path[PATH_MAX + 300];
    snprintf(name, sizeof name, "%.*s", (int)strlen(entries[i]->d_name) - 3, entries[i]->d_name);
    snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
    tell(arg, name, path);
    free(entries[i]);
  }
  if (count >= 0)
    free(entries);
}

struct search {
  struct subject_spec *spec;
  bool found;
  char all[1024];
};

static void look(void *arg, const char *name, const char *path) {
  struct search *search = arg;
  size_t used = strlen(search->all);
  snprintf(search->all + used, sizeof search->all - used, "%s%s", used ? ", " : "", name);
  if (strcmp(name, search->spec->name) == 0) {
    search->found = true;
    snprintf(search->spec->module, sizeof search->spec->module, "%s", path);
  }
}

static void stem_of(const char *path, char *name, size_t size) {
  const char *slash = strrchr(path, '/');
  snprintf(name, size, "%s", slash ? slash + 1 : path);
  char *dot = strrchr(name, '.');
  if (dot)
    *dot = '\0';
}

static bool is_path(const char *text) {
  size_t len = strlen(text);
  return len > 3 && strcmp(text + len - 3, ".so") == 0;
}

/* Cuts text at the last `mark` and copies what follows. */
static void cut(char *text, char mark, char *out, size_t size) {
  char *at = strrchr(text, mark);
  if (!at)
    return;
  snprintf(out, size, "%s", at + 1);
  *at = '\0';
}

bool subject_spec_parse(struct subject_spec *spec, const char *text, struct assay_error *error) {
  char rest[PATH_MAX];
  memset(spec, 0, sizeof *spec);
  snprintf(rest, sizeof rest, "%s", text);
  char *equals = strchr(rest, '=');
  if (equals) {
    *equals = '\0';
    snprintf(spec->label, sizeof spec->label, "%.63s", rest);
    memmove(rest, equals + 1, strlen(equals + 1) + 1);
  }
  cut(rest, '@', spec->prefix, sizeof spec->prefix);
  cut(rest, ':', spec->variant, sizeof spec->variant);
  if (!rest[0])
    return error_set(error, "'%s' names no subject", text);
  if (is_path(rest)) {
    if (!realpath(rest, spec->module))
      return error_set(error, "module %s: there is no such file", rest);
    stem_of(rest, spec->name, sizeof spec->name);
  } else {
    snprintf(spec->name, sizeof spec->name, "%.63s", rest);
    struct search search = {.spec = spec};
    subject_modules(look, &search);
    if (!search.found)
      return error_set(error, "there is no subject '%s'; there are: %s", spec->name,
                       search.all[0] ? search.all : "none");
  }
  if (!spec->label[0])
    snprintf(spec->label, sizeof spec->label, "%.40s%s%.20s", spec->name, spec->variant[0] ? ":" : "",
             spec->variant);
  return true;
}
