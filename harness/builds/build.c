/* From a name and a prefix to a module that can be loaded. */
#include "harness/builds/build.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "build_facts.h"
#include "harness/base/bytes.h"
#include "harness/base/files/cache_path.h"
#include "harness/base/files/file.h"
#include "harness/base/files/leftover.h"
#include "harness/builds/compile.h"
#include "harness/builds/record.h"
#include "harness/programs/cache.h"
#include "harness/terminal/progress.h"

/* Make rules and lists of checksums, which are read here, have a line for each. */
static bool path_is_fit(const char *path, struct assay_error *error) {
  return !strchr(path, '\n') ||
         error_set(error, "%s: a folder with a line break in its name cannot be built for or in", path);
}

/* ---- where it is kept ---- */

/* One folder for each backend, prefix and way of compiling: two that are used side by side do not take turns in
 * one. What is in it is checked by the record. */
static void places_set(struct build *build, const char *cache) {
  char key[sizeof build->prefix->root + sizeof build->compiler + 1024];
  snprintf(key, sizeof key, "%s\n%s\n%s\n" ASSAY_VERSION " " ASSAY_COMMIT, build->prefix->root,
           build->compiler, compile_flags());
  snprintf(build->folder, sizeof build->folder, "%s/" CACHE_BUILDS "/%s-%016" PRIx64, cache, build->name,
           bytes_hash(bytes_str(key)));
  snprintf(build->making, sizeof build->making, "%s/making", build->folder);
  snprintf(build->module, sizeof build->module, "%s/%s.so", build->folder, build->name);
  snprintf(build->inputs, sizeof build->inputs, "%s/inputs.d", build->making);
  snprintf(build->record, sizeof build->record, "%s/record.json", build->folder);
}

static bool link_set(const char *folder, const char *name, const char *to, struct assay_error *error) {
  char path[4600];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  unlink(path);
  return symlink(to, path) == 0 || error_set(error, "%s: %s", path, strerror(errno));
}

/* A module looks for its libraries where it lies itself (compile.h): by their SONAME, which need not be what
 * their files are called, and for what these need in their folders. */
static bool links_set(const struct build *build, struct assay_error *error) {
  const struct prefix *prefix = build->prefix;
  char name[16], folder[sizeof prefix->libraries[0]];
  bool ok = true;
  for (unsigned i = 0; ok && i < build->hints->library_count; i++) {
    const char *file = prefix->libraries[i], *soname = prefix->files[i].soname;
    if (!file[0])
      continue;
    snprintf(name, sizeof name, LIBRARY_FOLDER "%u", i);
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(file, '/') - file), file);
    ok = link_set(build->folder, name, folder[0] ? folder : "/", error) &&
         (!soname[0] || strchr(soname, '/') || link_set(build->folder, soname, file, error));
  }
  return ok;
}

/* ---- what nobody uses ---- */

#define UNUSED_S (30 * 24 * 60 * 60)

/* Not used for a month, or made for a library that is gone: it is made again when it is wanted. */
static bool is_unused(const char *folder) {
  char path[4700];
  struct stat st;
  snprintf(path, sizeof path, "%s/record.json", folder);
  if (stat(path, &st) != 0 && stat(folder, &st) != 0)
    return false;
  snprintf(path, sizeof path, "%s/" LIBRARY_FOLDER "0", folder);
  return st.st_mtim.tv_sec + UNUSED_S < time(NULL) || access(path, F_OK) != 0;
}

static int is_visible(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

/* Modules of other builds than that in `kept`. */
static void prune(const char *cache, const char *kept) {
  char folder[4200], path[4500];
  struct dirent **entries;
  snprintf(folder, sizeof folder, "%s/" CACHE_BUILDS, cache);
  int count = scandir(folder, &entries, is_visible, NULL);
  for (int i = 0; i < count; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
    if (strcmp(path, kept) != 0 && is_unused(path))
      folder_remove(AT_FDCWD, path);
    free(entries[i]);
  }
  if (count >= 0)
    free(entries);
}

/* ---- making it ---- */

/* In a folder of its own first: a module that a worker has mapped is never written over, and whatever a
 * compiler that was killed left there goes with the next. */
static bool compile(struct build *build, struct assay_error *error) {
  char fresh[sizeof build->making + 16];
  snprintf(fresh, sizeof fresh, "%s/module.so", build->making);
  if (!compile_module(build, fresh, error))
    return false;
  return rename(fresh, build->module) == 0 || error_set(error, "%s: %s", build->module, strerror(errno));
}

/* A library that is exchanged meanwhile would be recorded as what the module was linked with. */
static bool is_untouched(const struct build *build, const struct file_stamp *was, struct assay_error *error) {
  const char *library = build->prefix->libraries[0];
  struct file_stamp is = file_stamp(library);
  return file_stamp_is(&is, was) ||
         error_set(error, "%s was exchanged while a module was made for it: once more", library);
}

static bool make(struct build *build, struct assay_error *error) {
  struct file_stamp was = file_stamp(build->prefix->libraries[0]);
  unlink(build->record);
  folder_remove(AT_FDCWD, build->making);
  progress_begin();
  bool ok = prefix_check(build->prefix, error) && file_make_dirs(build->making, error) &&
            links_set(build, error) && compile(build, error) && is_untouched(build, &was, error) &&
            record_write(build, error);
  progress_end();
  folder_remove(AT_FDCWD, build->making);
  return ok;
}

static bool find_or_make(struct build *build, const char *cache, struct assay_error *error) {
  bool was_exchanged;
  if (record_holds(build, &was_exchanged))
    return true;
  if (was_exchanged)
    fprintf(stderr, "%s@%s: the library there is another than before; its module is made again.\n",
            build->name, build->prefix->root);
  prune(cache, build->folder);
  return make(build, error);
}

/* Only one at a time makes modules in a cache; whoever waited finds what the other has made. */
static bool find_or_make_alone(struct build *build, const char *cache, struct assay_error *error) {
  if (!cache_open(cache, build->folder, error) || !file_make_dirs(build->folder, error))
    return false;
  int lock = cache_lock(cache, "a module", error);
  bool ok = lock >= 0 && find_or_make(build, cache, error);
  if (lock >= 0)
    close(lock);
  return ok;
}

static bool module_ready(struct build *build, struct assay_error *error) {
  char cache[4096];
  cache_folder(cache, sizeof cache);
  places_set(build, cache);
  if (!path_is_fit(build->folder, error))
    return false;
  mode_t usual = cache_umask();
  bool ok = find_or_make_alone(build, cache, error);
  umask(usual);
  return ok;
}

/* ---- specs ---- */

static void complete(struct subject_spec *spec, const struct build *build) {
  char real[PATH_MAX];
  snprintf(spec->module, sizeof spec->module, "%s", realpath(build->module, real) ? real : build->module);
  snprintf(spec->library, sizeof spec->library, "%s", build->prefix->libraries[0]);
  spec->library_stamp = build->library_stamp;
  spec->module_stamp = build->module_stamp;
  spec->is_static = build->prefix->files[0].is_static;
}

bool build_prepare(struct subject_spec *spec, struct assay_error *error) {
  struct hints hints;
  struct prefix prefix = {0};
  struct build build = {.name = spec->name, .hints = &hints, .prefix = &prefix};
  if (!subject_spec_is_build(spec))
    return true;
  if (!realpath(spec->prefix, prefix.root))
    return error_set(error, "%s: %s", spec->prefix,
                     errno == ENOENT ? "there is no such folder" : strerror(errno));
  if (!path_is_fit(prefix.root, error) || !hints_read(spec->name, &hints, error) ||
      !prefix_look(&prefix, &hints, error) ||
      !compiler_version(build.compiler, sizeof build.compiler, error) || !module_ready(&build, error))
    return false;
  complete(spec, &build);
  return true;
}
