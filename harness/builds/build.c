/* From a name and a prefix to a module that can be loaded. */
#include "harness/builds/build.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/bytes.h"
#include "harness/base/files/cache_path.h"
#include "harness/base/files/file.h"
#include "harness/builds/compile.h"
#include "harness/builds/record.h"
#include "harness/programs/cache.h"
#include "harness/terminal/progress.h"

/* ---- where it is kept ---- */

/* One folder for each backend and prefix; what is in it is checked by the record. */
static void places_set(struct build *build, const char *cache) {
  uint64_t hash = bytes_hash(bytes_str(build->prefix->root));
  snprintf(build->folder, sizeof build->folder, "%s/" CACHE_BUILDS "/%s-%016" PRIx64, cache, build->name,
           hash);
  snprintf(build->module, sizeof build->module, "%s/%s.so", build->folder, build->name);
  snprintf(build->inputs, sizeof build->inputs, "%s/inputs.d", build->folder);
  snprintf(build->record, sizeof build->record, "%s/record.json", build->folder);
}

/* ---- making it ---- */

/* Under another name first: a module that a worker has mapped is never written over. */
static bool make(struct build *build, struct assay_error *error) {
  char fresh[sizeof build->module + 8];
  snprintf(fresh, sizeof fresh, "%s.new", build->module);
  unlink(build->record);
  progress_begin();
  bool ok = compile_module(build->name, build->hints, build->prefix, fresh, build->inputs, error);
  progress_end();
  if (ok && rename(fresh, build->module) != 0)
    ok = error_set(error, "%s: %s", build->module, strerror(errno));
  if (!ok)
    unlink(fresh);
  return ok && record_write(build, error);
}

static bool find_or_make(struct build *build, struct assay_error *error) {
  bool was_exchanged;
  if (record_holds(build, &was_exchanged))
    return true;
  if (was_exchanged)
    fprintf(stderr, "%s@%s: the library there is another than before; its module is made again.\n",
            build->name, build->prefix->root);
  return make(build, error);
}

/* Only one at a time makes modules in a cache; whoever waited finds what the other has made. */
static bool module_ready(struct build *build, struct assay_error *error) {
  char cache[4096];
  cache_folder(cache, sizeof cache);
  places_set(build, cache);
  if (!cache_open(cache, build->folder, error) || !file_make_dirs(build->folder, error))
    return false;
  int lock = cache_lock(cache, "a module", error);
  bool ok = lock >= 0 && find_or_make(build, error);
  if (lock >= 0)
    close(lock);
  return ok;
}

/* ---- specs ---- */

static void complete(struct subject_spec *spec, const struct build *build) {
  snprintf(spec->module, sizeof spec->module, "%s", build->module);
  snprintf(spec->library, sizeof spec->library, "%s", build->prefix->libraries[0]);
  spec->library_changed_ns = file_changed_ns(spec->library);
  spec->is_static = build->prefix->library.is_static;
}

bool build_prepare(struct subject_spec *spec, struct assay_error *error) {
  struct hints hints;
  struct prefix prefix = {0};
  struct build build = {.name = spec->name, .hints = &hints, .prefix = &prefix};
  if (!subject_spec_is_build(spec))
    return true;
  if (!realpath(spec->prefix, prefix.root))
    return error_set(error, "%s: there is no such folder", spec->prefix);
  if (!hints_read(spec->name, &hints, error) || !prefix_look(&prefix, &hints, error) ||
      !compiler_version(build.compiler, sizeof build.compiler, error) || !module_ready(&build, error))
    return false;
  complete(spec, &build);
  return true;
}
