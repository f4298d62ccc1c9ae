/* Loading a module: the file is looked at before any of its code runs. */
#include <dlfcn.h>
#include <elf.h>
#include <stdlib.h>

#include "harness/base/file.h"
#include "harness/base/text/names.h"
#include "harness/worker/worker.h"

struct exports {
  unsigned count; /* defined symbols that other objects can see, the contract's own left out */
  bool has_backend, has_verifier;
  char other[128];
};

static bool section_table(const char *data, size_t len, const Elf64_Shdr **sections, unsigned *count) {
  const Elf64_Ehdr *header = (const Elf64_Ehdr *)data;
  if (len < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_type != ET_DYN)
    return false;
  if (header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shoff > len ||
      (uint64_t)header->e_shnum * sizeof(Elf64_Shdr) > len - header->e_shoff)
    return false;
  *sections = (const Elf64_Shdr *)(data + header->e_shoff);
  *count = header->e_shnum;
  return true;
}

static bool within(const Elf64_Shdr *section, size_t len) {
  return section->sh_offset <= len && section->sh_size <= len - section->sh_offset;
}

static void count_symbol(const Elf64_Sym *symbol, const char *names, size_t names_len,
                         struct exports *found) {
  unsigned binding = ELF64_ST_BIND(symbol->st_info), visibility = ELF64_ST_VISIBILITY(symbol->st_other);
  if (symbol->st_shndx == SHN_UNDEF || (binding != STB_GLOBAL && binding != STB_WEAK) ||
      (visibility != STV_DEFAULT && visibility != STV_PROTECTED) || symbol->st_name >= names_len)
    return;
  const char *name = names + symbol->st_name;
  bool *own = strcmp(name, ASSAY_BACKEND_SYMBOL) == 0    ? &found->has_backend
              : strcmp(name, ASSAY_VERIFIER_SYMBOL) == 0 ? &found->has_verifier
                                                         : NULL;
  if (own) {
    *own = true;
    return;
  }
  if (found->count++ == 0)
    snprintf(found->other, sizeof found->other, "%s", name);
}

/* The defined symbols of .dynsym. False where the file is no shared object of this machine's kind. */
static bool exports_read(const char *data, size_t len, struct exports *found) {
  const Elf64_Shdr *sections;
  unsigned count;
  if (!section_table(data, len, &sections, &count))
    return false;
  for (unsigned i = 0; i < count; i++) {
    const Elf64_Shdr *table = &sections[i];
    if (table->sh_type != SHT_DYNSYM || !within(table, len) || table->sh_link >= count ||
        !within(&sections[table->sh_link], len))
      continue;
    const Elf64_Sym *symbols = (const Elf64_Sym *)(data + table->sh_offset);
    for (size_t k = 0; k < table->sh_size / sizeof *symbols; k++)
      count_symbol(&symbols[k], data + sections[table->sh_link].sh_offset, sections[table->sh_link].sh_size,
                   found);
  }
  return true;
}

static bool exports_check(const char *path, struct exports *found, struct assay_error *error) {
  char *data;
  size_t len;
  if (!file_read(path, &data, &len, error))
    return error_prefix(error, "module ");
  bool ok = exports_read(data, len, found);
  free(data);
  if (!ok)
    return error_set(error, "module %s: not a shared object for this machine", path);
  if (!found->has_backend && !found->has_verifier)
    return error_set(error, "module %s: it exports neither %s nor %s", path, ASSAY_BACKEND_SYMBOL,
                     ASSAY_VERIFIER_SYMBOL);
  const char *own = found->has_backend ? ASSAY_BACKEND_SYMBOL : ASSAY_VERIFIER_SYMBOL;
  if (found->has_backend && found->has_verifier)
    return error_set(error, "module %s: it must export %s or %s, not both", path, ASSAY_BACKEND_SYMBOL,
                     ASSAY_VERIFIER_SYMBOL);
  if (found->count > 0)
    return error_set(error, "module %s: it must export %s alone, but also exports %s%s", path, own,
                     found->other, found->count > 1 ? " and more" : "");
  return true;
}

/* abi and size stand first in both contracts. */
static bool contract_check(const char *path, const char *contract, const uint32_t expected[2],
                           const uint32_t actual[2], struct assay_error *error) {
  if (actual[0] != expected[0])
    return error_set(error, "module %s: built for %s ABI %u, this assay speaks ABI %u; rebuild the module",
                     path, contract, actual[0], expected[0]);
  if (actual[1] != expected[1])
    return error_set(error,
                     "module %s: its struct assay_%s has %u bytes, this assay's has %u; rebuild the module",
                     path, contract, actual[1], expected[1]);
  return true;
}

static bool backend_check(const char *path, const struct assay_backend *backend, struct assay_error *error) {
  const uint32_t expected[2] = {ASSAY_BACKEND_ABI, sizeof *backend};
  if (!contract_check(path, "backend", expected, (uint32_t[]){backend->abi, backend->size}, error))
    return false;
  if (!backend->name || !backend->build || !backend->ctx_open || !backend->ctx_close || !backend->key_open ||
      !backend->key_close || !backend->verify)
    return error_set(error, "module %s: a required hook of struct assay_backend is NULL", path);
  return true;
}

static bool verifier_check(const char *path, const struct assay_verifier *verifier,
                           struct assay_error *error) {
  const uint32_t expected[2] = {ASSAY_VERIFIER_ABI, sizeof *verifier};
  if (!contract_check(path, "verifier", expected, (uint32_t[]){verifier->abi, verifier->size}, error))
    return false;
  if (!verifier->name || !verifier->facts || !verifier->open || !verifier->close || !verifier->verify)
    return error_set(error, "module %s: a required hook of struct assay_verifier is NULL", path);
  return true;
}

static const struct assay_backend *variant_find(const char *path, const struct assay_backend *backend,
                                                const char *variant, struct assay_error *error) {
  if (variant[0] == '\0')
    return backend;
  const char *names[64];
  char all[512];
  size_t count = 0;
  for (const struct assay_backend *const *v = backend->variants; v && *v; v++) {
    if (strcmp((*v)->name, variant) == 0)
      return backend_check(path, *v, error) ? *v : NULL;
    if (count < sizeof names / sizeof names[0])
      names[count++] = (*v)->name;
  }
  names_fit(all, sizeof all, names, count);
  error_set(error, "%s has no variant '%s'; it has: %s", backend->name, variant, all[0] ? all : "none");
  return NULL;
}

static bool backend_load(struct worker *worker, const char *path, void *handle, const char *variant,
                         struct assay_error *error) {
  const struct assay_backend *backend = dlsym(handle, ASSAY_BACKEND_SYMBOL);
  if (!backend_check(path, backend, error))
    return false;
  worker->backend = variant_find(path, backend, variant, error);
  if (worker->backend)
    worker->build = worker->backend->build();
  return worker->backend != NULL;
}

static bool verifier_load(struct worker *worker, const char *path, void *handle, const char *argument,
                          struct assay_error *error) {
  char problem[512] = "";
  worker->verifier = dlsym(handle, ASSAY_VERIFIER_SYMBOL);
  if (!verifier_check(path, worker->verifier, error))
    return false;
  worker->facts = worker->verifier->facts(argument, problem, sizeof problem);
  if (!worker->facts)
    return error_set(error, "%s", problem);
  worker->build = &worker->facts->build;
  return true;
}

bool module_load(struct worker *worker, const char *path, const char *argument, struct assay_error *error) {
  struct exports found = {0};
  if (!exports_check(path, &found, error))
    return false;
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return error_set(error, "module %s does not load: %s", path, dlerror());
  return found.has_backend ? backend_load(worker, path, handle, argument, error)
                           : verifier_load(worker, path, handle, argument, error);
}
