/* From what a user writes to a module on disk. */
#include "harness/subject/subject_spec.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/files/program_file.h"
#include "harness/base/text/names.h"

#define EXEC_PREFIX EXEC_MODULE ":"

/* What begins with its only dot has no ending. */
static void stem_of(const char *path, char *name, size_t size) {
  const char *slash = strrchr(path, '/');
  snprintf(name, size, "%s", slash ? slash + 1 : path);
  char *dot = strrchr(name, '.');
  if (dot && dot != name)
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

/* exec:COMMAND; the command may have any character in it. */
static bool exec_parse(struct subject_spec *spec, const char *command, struct assay_error *error) {
  char program[256];
  if (command[strspn(command, " ")] == '\0')
    return error_set(error, "exec needs a command: exec:COMMAND");
  spec->kind = SUBJECT_VERIFIER;
  spec->is_file = true;
  snprintf(spec->name, sizeof spec->name, EXEC_MODULE);
  if ((size_t)snprintf(spec->argument, sizeof spec->argument, "%s", command) >= sizeof spec->argument)
    return error_set(error, "exec: the command is longer than %zu bytes; put it into a script",
                     sizeof spec->argument - 1);
  program_file("modules/verifiers/" EXEC_MODULE ".so", spec->module, sizeof spec->module);
  snprintf(program, sizeof program, "%.*s", (int)strcspn(command, " "), command);
  if (!spec->label[0])
    stem_of(program, spec->label, sizeof spec->label);
  if (!spec->label[0]) /* a folder, which will not run */
    snprintf(spec->label, sizeof spec->label, EXEC_MODULE);
  return access(spec->module, R_OK) == 0 ||
         error_set(error, "module %s: there is no such file", spec->module);
}

static bool is_folder(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Names that something can be called by: behind those of what is here, what can be built for a prefix alone. */
static const char *known_word(unsigned number) {
  unsigned here = 0;
  while (here < number && subject_word(here))
    here++;
  const char *word = subject_word(here);
  return word ? word : subject_unbuilt(number - here);
}

static bool unknown(const char *name, struct assay_error *error) {
  const char *near = word_near(name, known_word);
  char all[800];
  if (is_folder(name))
    return error_set(
        error, "'%s' is a folder, no subject: NAME@%s names the backend whose library is installed there",
        name, name);
  words_fit(all, sizeof all, known_word);
  return error_set(error, "there is no subject '%s'; %s%s%s are: %s", name, near ? "did you mean '" : "",
                   near ? near : "", near ? "'? There" : "there", all[0] ? all : "none");
}

/* What is in the sources and not among the modules lacks its library here. */
static bool not_found(const char *name, struct assay_error *error) {
  char path[PATH_MAX];
  return subject_source(name, path, sizeof path)
             ? error_set(error,
                         "%s was not built, since its library is not installed here; %s@PREFIX "
                         "builds it for one that lies elsewhere",
                         name, name)
             : unknown(name, error);
}

/* BACKEND@PREFIX, which a name stands for. */
static bool label_is_build(struct subject_spec *spec, const struct subject_found *found,
                           struct assay_error *error) {
  if (spec->prefix[0])
    return error_set(error, "%s is the build %s already", found->name, found->build);
  const char *at = strchr(found->build, '@');
  snprintf(spec->name, sizeof spec->name, "%.*s", (int)(at - found->build), found->build);
  snprintf(spec->prefix, sizeof spec->prefix, "%s", at + 1);
  if (!spec->label[0])
    snprintf(spec->label, sizeof spec->label, "%s%s%.20s", found->name, spec->argument[0] ? ":" : "",
             spec->argument);
  return true;
}

static bool name_parse(struct subject_spec *spec, const char *name, struct assay_error *error) {
  char path[PATH_MAX]; /* a backend that can be built for a prefix needs its source alone */
  const struct subject_found *found = subject_found_named(name);
  spec->kind = found ? found->kind : SUBJECT_BACKEND;
  snprintf(spec->name, sizeof spec->name, "%s", name);
  if (!found)
    return (spec->prefix[0] && subject_source(name, path, sizeof path)) || not_found(name, error);
  if (found->build[0])
    return label_is_build(spec, found, error);
  if (found->argument[0] && spec->argument[0])
    return error_set(error, "%s is a program and has no variant '%s'", name, spec->argument);
  snprintf(spec->module, sizeof spec->module, "%s", found->module);
  spec->is_file = found->argument[0] != '\0';
  if (found->argument[0])
    snprintf(spec->argument, sizeof spec->argument, "%s", found->argument);
  return true;
}

static bool path_parse(struct subject_spec *spec, const char *path, struct assay_error *error) {
  if (!realpath(path, spec->module))
    return error_set(error, "module %s: there is no such file", path);
  stem_of(path, spec->name, sizeof spec->name);
  spec->is_file = true;
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

/* Whether an equals sign stands in the path of a module or behind the @ of a prefix: no label comes before it. */
static bool is_in_path(const char *text, const char *equals) {
  const char *slash = memchr(text, '/', (size_t)(equals - text)),
             *at = memchr(text, '@', (size_t)(equals - text));
  return slash && (slash == text || text[0] == '.' || (at && (at[1] == '/' || at[1] == '.')));
}

/* `label=` at the front, if there is one that is not part of a command or a path. NULL after an error. */
static const char *label_parse(struct subject_spec *spec, const char *text, struct assay_error *error) {
  const char *equals = strchr(text, '=');
  if (!equals || strncmp(text, EXEC_PREFIX, strlen(EXEC_PREFIX)) == 0 || is_in_path(text, equals))
    return text;
  return copied(spec->label, sizeof spec->label, text, (size_t)(equals - text), "the label", error)
             ? equals + 1
             : NULL;
}

static bool is_floor(const struct subject_spec *spec) {
  char path[PATH_MAX], floor[PATH_MAX], module[PATH_MAX];
  program_file("modules/" FLOOR_NAME ".so", path, sizeof path);
  return spec->kind == SUBJECT_BACKEND && realpath(path, floor) && realpath(spec->module, module) &&
         strcmp(floor, module) == 0;
}

/* Where a prefix begins. A name has no @ in it; the path of a module may, and so may a prefix (openssl@3). */
static char *prefix_at(char *text) {
  char *first = strchr(text, '@'), *slash = strchr(text, '/');
  if (!first || !slash || first < slash)
    return first;
  char *end = strstr(text, ".so@"), *with_variant = strstr(text, ".so:");
  if (with_variant && (!end || with_variant < end))
    end = with_variant;
  return end ? strchr(end, '@') : NULL;
}

/* What was meant by a prefix that is no folder: the commonest mistakes. */
static bool no_prefix(const char *rest, const char *named, int problem, struct assay_error *error) {
  char folder[PATH_MAX];
  const char *colon = strrchr(named, ':');
  snprintf(folder, sizeof folder, "%.*s", colon ? (int)(colon - named) : 0, named);
  if (colon && colon[1] && is_folder(folder))
    return error_set(error, "%s@%s: a variant stands before the prefix: %s:%s@%s", rest, named, rest,
                     colon + 1, folder);
  if (named[0] == '~')
    return error_set(error,
                     "%s@%s: there is no such folder, and no shell makes a home of a ~ there: say $HOME",
                     rest, named);
  return error_set(error, "%s@%s: %s", rest, named,
                   problem == ENOENT ? "there is no such folder"
                   : problem == 0 || problem == ENOTDIR
                       ? "it is no folder: a prefix is the one that has include and lib in it"
                       : strerror(problem));
}

/* What stands behind the @, as a folder that is there, for workers and for what they load. */
static bool prefix_parse(struct subject_spec *spec, char *rest, struct assay_error *error) {
  char *at = prefix_at(rest), *named = at ? at + 1 : NULL;
  if (!at)
    return true;
  *at = '\0';
  if (!named[0])
    return error_set(error, "'%s@' names no folder behind the @", rest);
  int problem = realpath(named, spec->prefix) ? 0 : errno;
  return (problem == 0 && is_folder(spec->prefix)) || no_prefix(rest, named, problem, error);
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
