/* From what a user writes to a module on disk. */
#include "harness/subject/subject_spec.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/program_file.h"
#include "harness/base/text/names.h"

#define EXEC_MODULE "exec"
#define EXEC_PREFIX EXEC_MODULE ":"

static const char *modules_folder(void) {
  static char folder[PATH_MAX];
  program_file("modules", folder, sizeof folder);
  return folder;
}

static int is_module(const struct dirent *entry) {
  size_t len = strlen(entry->d_name);
  return len > 3 && strcmp(entry->d_name + len - 3, ".so") == 0;
}

/* Adapters are scripts; whether one can be executed tells it from what it shares with its like. */
static int is_visible(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

static bool is_program(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & S_IXUSR);
}

static void stem_of(const char *path, char *name, size_t size) {
  const char *slash = strrchr(path, '/');
  snprintf(name, size, "%s", slash ? slash + 1 : path);
  char *dot = strrchr(name, '.');
  if (dot)
    *dot = '\0';
}

struct teller {
  void (*tell)(void *arg, const struct subject_found *found);
  void *arg;
};

static void tell_module(const struct teller *teller, enum subject_kind kind, const char *path) {
  char name[256];
  stem_of(path, name, sizeof name);
  if (strcmp(name, EXEC_MODULE) != 0) /* needs a command */
    teller->tell(teller->arg, &(struct subject_found){name, kind, path, ""});
}

static void exec_module(char *path, size_t size) {
  snprintf(path, size, "%s/verifiers/" EXEC_MODULE ".so", modules_folder());
}

static void tell_adapter(const struct teller *teller, enum subject_kind kind, const char *path) {
  char name[256], module[PATH_MAX + 64];
  stem_of(path, name, sizeof name);
  exec_module(module, sizeof module);
  if (is_program(path) && access(module, R_OK) == 0)
    teller->tell(teller->arg, &(struct subject_found){name, kind, module, path});
}

/* Every file of modules/<sub> that `wanted` picks, in the order of their names. */
static void folder_tell(const struct teller *teller, const char *sub, enum subject_kind kind,
                        int (*wanted)(const struct dirent *),
                        void (*tell)(const struct teller *, enum subject_kind, const char *)) {
  char folder[PATH_MAX + 64], path[PATH_MAX + 400];
  struct dirent **entries;
  snprintf(folder, sizeof folder, "%s/%s", modules_folder(), sub);
  int count = scandir(folder, &entries, wanted, alphasort);
  for (int i = 0; i < count; i++) {
    snprintf(path, sizeof path, "%s%s%s", folder, sub[0] ? "/" : "", entries[i]->d_name);
    tell(teller, kind, path);
    free(entries[i]);
  }
  if (count >= 0)
    free(entries);
}

void subject_modules(void (*tell)(void *arg, const struct subject_found *found), void *arg) {
  const struct teller teller = {tell, arg};
  folder_tell(&teller, "", SUBJECT_BACKEND, is_module, tell_module);
  folder_tell(&teller, "verifiers", SUBJECT_VERIFIER, is_module, tell_module);
  folder_tell(&teller, "adapters", SUBJECT_VERIFIER, is_visible, tell_adapter);
}

struct search {
  struct subject_spec *spec;
  bool found;
  char **names; /* of all there are, and a NULL */
  size_t count;
};

static void look(void *arg, const struct subject_found *found) {
  struct search *search = arg;
  search->names = realloc(search->names, (search->count + 2) * sizeof *search->names);
  if (!search->names || !(search->names[search->count] = strdup(found->name)))
    abort();
  search->names[++search->count] = NULL;
  if (strcmp(found->name, search->spec->name) != 0)
    return;
  search->found = true;
  search->spec->kind = found->kind;
  snprintf(search->spec->module, sizeof search->spec->module, "%s", found->module);
  if (found->argument[0])
    snprintf(search->spec->argument, sizeof search->spec->argument, "%s", found->argument);
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

/* exec:COMMAND; the command may have any character in it. */
static bool exec_parse(struct subject_spec *spec, const char *command, struct assay_error *error) {
  char program[256];
  if (command[strspn(command, " ")] == '\0')
    return error_set(error, "exec needs a command: exec:COMMAND");
  spec->kind = SUBJECT_VERIFIER;
  snprintf(spec->name, sizeof spec->name, EXEC_MODULE);
  if ((size_t)snprintf(spec->argument, sizeof spec->argument, "%s", command) >= sizeof spec->argument)
    return error_set(error, "exec: the command is longer than %zu bytes; put it into a script",
                     sizeof spec->argument - 1);
  exec_module(spec->module, sizeof spec->module);
  snprintf(program, sizeof program, "%.*s", (int)strcspn(command, " "), command);
  if (!spec->label[0])
    stem_of(program, spec->label, sizeof spec->label);
  return access(spec->module, R_OK) == 0 ||
         error_set(error, "module %s: there is no such file", spec->module);
}

static bool unknown(const struct search *search, struct assay_error *error) {
  static const char *const nothing[] = {NULL};
  const char *const *names = search->count ? (const char *const *)search->names : nothing;
  const char *near = near_miss(search->spec->name, names);
  char all[800];
  names_fit(all, sizeof all, names, search->count);
  return error_set(error, "there is no subject '%s'; %s%s%s are: %s", search->spec->name,
                   near ? "did you mean '" : "", near ? near : "", near ? "'? There" : "there",
                   all[0] ? all : "none");
}

static void search_fini(struct search *search) {
  for (size_t i = 0; i < search->count; i++)
    free(search->names[i]);
  free(search->names);
}

static bool name_parse(struct subject_spec *spec, const char *name, struct assay_error *error) {
  char variant[sizeof spec->argument];
  snprintf(variant, sizeof variant, "%s", spec->argument);
  snprintf(spec->name, sizeof spec->name, "%.63s", name);
  struct search search = {.spec = spec};
  subject_modules(look, &search);
  bool found = search.found || unknown(&search, error);
  search_fini(&search);
  if (!found)
    return false;
  return !variant[0] || strcmp(variant, spec->argument) == 0 ||
         error_set(error, "%s is a program and has no variant '%s'", spec->name, variant);
}

static bool path_parse(struct subject_spec *spec, const char *path, struct assay_error *error) {
  if (!realpath(path, spec->module))
    return error_set(error, "module %s: there is no such file", path);
  stem_of(path, spec->name, sizeof spec->name);
  return true;
}

/* Copies what is not to be cut without a word. */
static bool copied(char *out, size_t size, const char *text, size_t len, const char *what,
                   struct assay_error *error) {
  if (len >= size)
    return error_set(error, "%s '%.40s...' is longer than %zu bytes", what, text, size - 1);
  memcpy(out, text, len);
  out[len] = '\0';
  return true;
}

/* `label=` at the front, if there is one that is not part of a command. NULL after an error. */
static const char *label_parse(struct subject_spec *spec, const char *text, struct assay_error *error) {
  const char *equals = strchr(text, '=');
  if (!equals || strncmp(text, EXEC_PREFIX, strlen(EXEC_PREFIX)) == 0)
    return text;
  return copied(spec->label, sizeof spec->label, text, (size_t)(equals - text), "the label", error)
             ? equals + 1
             : NULL;
}

static bool is_floor(const struct subject_spec *spec) {
  char path[PATH_MAX + 64], floor[PATH_MAX], module[PATH_MAX];
  snprintf(path, sizeof path, "%s/" FLOOR_NAME ".so", modules_folder());
  return spec->kind == SUBJECT_BACKEND && realpath(path, floor) && realpath(spec->module, module) &&
         strcmp(floor, module) == 0;
}

/* What stands behind the @, as a folder that is there, for workers and for what they load. */
static bool prefix_parse(struct subject_spec *spec, char *rest, struct assay_error *error) {
  char named[sizeof spec->prefix] = "";
  struct stat st;
  bool has_one = strrchr(rest, '@') != NULL;
  cut(rest, '@', named, sizeof named);
  if (!has_one)
    return true;
  if (!named[0])
    return error_set(error, "'%s@' names no folder behind the @", rest);
  return (realpath(named, spec->prefix) && stat(spec->prefix, &st) == 0 && S_ISDIR(st.st_mode)) ||
         error_set(error, "%s@%s: there is no such folder", rest, named);
}

/* A path or a name, a variant and a prefix behind it. whole: as the user wrote it. */
static bool module_parse(struct subject_spec *spec, const char *text, const char *whole,
                         struct assay_error *error) {
  char rest[PATH_MAX];
  if (!copied(rest, sizeof rest, text, strlen(text), "the subject", error) ||
      !prefix_parse(spec, rest, error))
    return false;
  cut(rest, ':', spec->argument, sizeof spec->argument);
  if (!rest[0])
    return error_set(error, "'%s' names no subject", whole);
  char variant[24];
  snprintf(variant, sizeof variant, "%s%.20s", spec->argument[0] ? ":" : "", spec->argument);
  if (!(is_path(rest) ? path_parse(spec, rest, error) : name_parse(spec, rest, error)))
    return false;
  spec->is_floor = is_floor(spec);
  if (!spec->label[0])
    snprintf(spec->label, sizeof spec->label, "%.40s%s", spec->name, variant);
  return true;
}

bool subject_spec_parse(struct subject_spec *spec, const char *text, const char *label,
                        struct assay_error *error) {
  memset(spec, 0, sizeof *spec);
  const char *rest = label_parse(spec, text, error);
  if (!rest)
    return false;
  if (!spec->label[0] && label)
    snprintf(spec->label, sizeof spec->label, "%s", label);
  return strncmp(rest, EXEC_PREFIX, strlen(EXEC_PREFIX)) == 0
             ? exec_parse(spec, rest + strlen(EXEC_PREFIX), error)
             : module_parse(spec, rest, text, error);
}
