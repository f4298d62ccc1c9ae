/* Loading a module: the file is looked at before any of its code runs. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/files/file.h"
#include "harness/worker/elf_exports.h"
#include "harness/worker/worker.h"

struct exports {
  unsigned count;               /* defined symbols that other objects can see, contracts left out */
  const struct asker *kinds[2]; /* of the contracts that are exported; more than one is too many */
  unsigned kind_count;
  char other[128];
};

/* Marks of where sections end, which some linkers (gold, older ones of the GNU tools) export of whatever they make. */
static bool is_linkers_own(const char *name) {
  static const char *const names[] = {"_end", "_edata", "__bss_start", "_init", "_fini", NULL};
  const char *const *each = names;
  while (*each && strcmp(*each, name) != 0)
    each++;
  return *each != NULL;
}

static void export_note(void *arg, const char *name) {
  struct exports *found = arg;
  if (is_linkers_own(name))
    return;
  for (const struct asker *const *kind = askers; *kind; kind++)
    if (strcmp(name, (*kind)->symbol) == 0) {
      if (found->kind_count < 2)
        found->kinds[found->kind_count++] = *kind;
      return;
    }
  if (found->count++ == 0)
    snprintf(found->other, sizeof found->other, "%s", name);
}

/* "assay_backend nor assay_verifier" */
static const char *symbols_text(char *out, size_t size) {
  size_t used = 0;
  out[0] = '\0';
  for (const struct asker *const *kind = askers; *kind && used < size; kind++)
    used += (size_t)snprintf(out + used, size - used, "%s%s", used ? " nor " : "", (*kind)->symbol);
  return out;
}

static bool exports_check(const char *path, struct exports *found, struct assay_error *error) {
  char *data, names[256];
  size_t len;
  if (!file_read(path, &data, &len, error))
    return error_prefix(error, "module ");
  bool ok = elf_exports(bytes_of(data, len), export_note, found);
  free(data);
  if (!ok)
    return error_set(error, "module %s: not a shared object for this machine", path);
  if (found->kind_count == 0)
    return error_set(error, "module %s: it exports neither %s", path, symbols_text(names, sizeof names));
  if (found->kind_count > 1)
    return error_set(error, "module %s: it must export %s or %s, not both", path, found->kinds[0]->symbol,
                     found->kinds[1]->symbol);
  if (found->count > 0)
    return error_set(error, "module %s: it must export %s alone, but also exports %s%s", path,
                     found->kinds[0]->symbol, found->other, found->count > 1 ? " and more" : "");
  return true;
}

/* ---- the kind of module ---- */

bool asker_contract_fits(const struct asker_module *module, const struct asker_contract *spoken,
                         struct assay_error *error) {
  const uint32_t *numbers = module->contract;
  if (numbers[0] != spoken->abi)
    return error_set(error, "module %s: built for %s ABI %u, this assay speaks ABI %u; rebuild the module",
                     module->path, spoken->name, numbers[0], spoken->abi);
  if (numbers[1] != spoken->size)
    return error_set(error,
                     "module %s: its struct assay_%s has %u bytes, this assay's has %u; rebuild the module",
                     module->path, spoken->name, numbers[1], spoken->size);
  return true;
}

/* A kind that does not keep to the worker's contract is a mistake in this program. */
static void asker_check(const struct asker *asker) {
  if (asker->version != ASKER_VERSION || !asker->load || !asker->unload || !asker->setting_read ||
      !asker->setting_free || !asker->open || !asker->close || !asker->ask || !asker->clock_set)
    abort();
}

static void facts_check(const struct asker *asker, const struct asker_facts *facts) {
  bool has_primitive = facts->flags & ASKER_PRIMITIVE;
  if (has_primitive != (asker->part != NULL) || has_primitive != (asker->vectors != NULL))
    abort();
}

static bool not_loaded(const char *path, const char *said, struct assay_error *error) {
  return error_set(error, "module %s does not load: %s%s", path, said,
                   strstr(said, "failed to map segment")
                       ? "; no code runs from a file system that is mounted noexec"
                       : "");
}

bool module_load(struct worker *worker, const char *path, const char *argument, struct assay_error *error) {
  struct exports found = {0};
  if (!exports_check(path, &found, error))
    return false;
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return not_loaded(path, dlerror(), error);
  const struct asker *asker = worker->asker = found.kinds[0];
  const struct asker_module module = {path, argument, dlsym(handle, asker->symbol)};
  asker_check(asker);
  worker->subject = asker->load(&module, &worker->facts, error);
  if (worker->subject)
    facts_check(asker, &worker->facts);
  return worker->subject != NULL;
}
