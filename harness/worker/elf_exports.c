/* Section headers, symbols and names of an ELF file (gABI 4: Section Header, String Table, Symbol Table). */
#include "harness/worker/elf_exports.h"

#include <elf.h>
#include <string.h>

struct sections {
  struct assay_bytes file;
  const Elf64_Shdr *at;
  unsigned count;
};

/* A table of records: within the file, and aligned as this machine reads it. */
static bool table_fits(struct assay_bytes file, uint64_t at, uint64_t bytes, size_t alignment) {
  return at % alignment == 0 && at <= file.len && bytes <= file.len - at;
}

static bool sections_find(struct assay_bytes file, struct sections *found) {
  const Elf64_Ehdr *header = (const Elf64_Ehdr *)file.ptr;
  if (file.len < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_type != ET_DYN ||
      header->e_shentsize != sizeof(Elf64_Shdr) ||
      !table_fits(file, header->e_shoff, (uint64_t)header->e_shnum * sizeof(Elf64_Shdr),
                  _Alignof(Elf64_Shdr)))
    return false;
  *found = (struct sections){file, (const Elf64_Shdr *)(file.ptr + header->e_shoff), header->e_shnum};
  return true;
}

/* The strings that a table of symbols takes its names from: the last of them ends with the section. */
static bool names_find(const struct sections *sections, const Elf64_Shdr *table, struct assay_bytes *names) {
  if (table->sh_link >= sections->count)
    return false;
  const Elf64_Shdr *strings = &sections->at[table->sh_link];
  if (!table_fits(sections->file, strings->sh_offset, strings->sh_size, 1))
    return false;
  *names = bytes_of(sections->file.ptr + strings->sh_offset, strings->sh_size);
  return names->len > 0 && names->ptr[names->len - 1] == '\0';
}

static bool is_export(const Elf64_Sym *symbol, struct assay_bytes names) {
  unsigned binding = ELF64_ST_BIND(symbol->st_info), visibility = ELF64_ST_VISIBILITY(symbol->st_other);
  return symbol->st_shndx != SHN_UNDEF && (binding == STB_GLOBAL || binding == STB_WEAK) &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED) && symbol->st_name < names.len;
}

bool elf_exports(struct assay_bytes file, void (*each)(void *arg, const char *name), void *arg) {
  struct sections sections;
  struct assay_bytes names;
  if (!sections_find(file, &sections))
    return false;
  for (unsigned i = 0; i < sections.count; i++) {
    const Elf64_Shdr *table = &sections.at[i];
    if (table->sh_type != SHT_DYNSYM)
      continue;
    if (!table_fits(file, table->sh_offset, table->sh_size, _Alignof(Elf64_Sym)) ||
        !names_find(&sections, table, &names))
      return false;
    const Elf64_Sym *symbols = (const Elf64_Sym *)(file.ptr + table->sh_offset);
    for (size_t k = 0; k < table->sh_size / sizeof *symbols; k++)
      if (is_export(&symbols[k], names))
        each(arg, (const char *)names.ptr + symbols[k].st_name);
  }
  return true;
}
