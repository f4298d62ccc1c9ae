/* ELF headers, notes and the dynamic section (gABI 4: ELF Header, Section Header, Note Section, Dynamic
 * Section); an archive is asked nothing, the linker looks into it. Everything is bounds-checked: a file that
 * was cut off or torn is an error, never a crash. */
#include "harness/builds/library_file.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/files/file.h"

#define ARCHIVE_MAGIC "!<arch>\n"

#if defined(__x86_64__)
#define OUR_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OUR_MACHINE EM_AARCH64
#elif defined(__riscv)
#define OUR_MACHINE EM_RISCV
#else
#define OUR_MACHINE EM_NONE /* not known: any */
#endif

static const char *machine_name(unsigned machine, char number[24]) {
  switch (machine) {
  case EM_X86_64: return "x86-64";
  case EM_386: return "i386";
  case EM_AARCH64: return "arm64";
  case EM_ARM: return "arm";
  case EM_RISCV: return "riscv";
  case EM_PPC64: return "ppc64";
  case EM_S390: return "s390";
  }
  snprintf(number, 24, "ELF machine %u", machine);
  return number;
}

static bool machine_fits(const Elf64_Ehdr *header, const char *path, struct assay_error *error) {
  char theirs[24], ours[24];
  if (OUR_MACHINE == EM_NONE || header->e_machine == OUR_MACHINE)
    return true;
  return error_set(error, "%s is for another architecture: %s, where this machine is %s", path,
                   machine_name(header->e_machine, theirs), machine_name(OUR_MACHINE, ours));
}

/* A section's bytes; empty where they do not lie within the file. */
static struct assay_bytes section_bytes(struct assay_bytes file, const Elf64_Shdr *section) {
  bool within = section->sh_type != SHT_NOBITS && section->sh_offset <= file.len &&
                section->sh_size <= file.len - section->sh_offset;
  return within ? bytes_of(file.ptr + section->sh_offset, section->sh_size) : bytes_of(NULL, 0);
}

static size_t padded(size_t bytes) {
  return (bytes + 3) & ~(size_t)3;
}

/* The build-id among the notes of a section. */
static void notes_read(struct assay_bytes notes, struct library_file *told) {
  Elf64_Nhdr note;
  while (notes.len >= sizeof note) {
    memcpy(&note, notes.ptr, sizeof note);
    size_t name = padded(note.n_namesz), text = padded(note.n_descsz), all = sizeof note + name + text;
    if (note.n_namesz > notes.len || note.n_descsz > notes.len || all > notes.len)
      return;
    const uint8_t *id = notes.ptr + sizeof note + name;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
        memcmp(notes.ptr + sizeof note, "GNU", 4) == 0)
      for (size_t i = 0; i < note.n_descsz && i < 32; i++)
        sprintf(told->build_id + 2 * i, "%02x", id[i]);
    notes = bytes_of(notes.ptr + all, notes.len - all);
  }
}

static void dynamic_read(struct assay_bytes dynamic, struct assay_bytes strings, struct library_file *told) {
  Elf64_Dyn entry;
  for (; dynamic.len >= sizeof entry;
       dynamic = bytes_of(dynamic.ptr + sizeof entry, dynamic.len - sizeof entry)) {
    memcpy(&entry, dynamic.ptr, sizeof entry);
    if (entry.d_tag == DT_SONAME && entry.d_un.d_val < strings.len)
      snprintf(told->soname, sizeof told->soname, "%.*s",
               (int)strnlen((const char *)strings.ptr + entry.d_un.d_val, strings.len - entry.d_un.d_val),
               (const char *)strings.ptr + entry.d_un.d_val);
  }
}

static void sections_read(struct assay_bytes file, const Elf64_Ehdr *header, struct library_file *told) {
  uint64_t bytes = (uint64_t)header->e_shnum * sizeof(Elf64_Shdr);
  if (header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shoff > file.len ||
      bytes > file.len - header->e_shoff)
    return;
  for (unsigned i = 0; i < header->e_shnum; i++) {
    Elf64_Shdr section, strings;
    memcpy(&section, file.ptr + header->e_shoff + i * sizeof section, sizeof section);
    if (section.sh_type == SHT_NOTE)
      notes_read(section_bytes(file, &section), told);
    if (section.sh_type != SHT_DYNAMIC || section.sh_link >= header->e_shnum)
      continue;
    memcpy(&strings, file.ptr + header->e_shoff + section.sh_link * sizeof strings, sizeof strings);
    dynamic_read(section_bytes(file, &section), section_bytes(file, &strings), told);
  }
}

/* What is built with one calls its runtime, which workers do not have. */
static void sanitizer_find(struct assay_bytes file, struct library_file *told) {
  static const struct {
    const char *symbol, *name;
  } all[] = {{"__asan_init", "AddressSanitizer"},
             {"__tsan_init", "ThreadSanitizer"},
             {"__msan_init", "MemorySanitizer"},
             {"__ubsan_handle_", "UndefinedBehaviorSanitizer"}};
  for (size_t i = 0; i < sizeof all / sizeof all[0] && !told->sanitizer[0]; i++)
    if (memmem(file.ptr, file.len, all[i].symbol, strlen(all[i].symbol)))
      snprintf(told->sanitizer, sizeof told->sanitizer, "%s", all[i].name);
}

bool library_bytes_read(struct assay_bytes bytes, const char *path, struct library_file *told,
                        struct assay_error *error) {
  Elf64_Ehdr header;
  *told = (struct library_file){0};
  told->is_static = bytes.len >= sizeof ARCHIVE_MAGIC - 1 &&
                    memcmp(bytes.ptr, ARCHIVE_MAGIC, sizeof ARCHIVE_MAGIC - 1) == 0;
  sanitizer_find(bytes, told);
  if (told->is_static)
    return true;
  if (bytes.len < sizeof header || memcmp(bytes.ptr, ELFMAG, SELFMAG) != 0)
    return error_set(error, "%s is no library: neither a shared object nor an archive", path);
  memcpy(&header, bytes.ptr, sizeof header);
  if (!machine_fits(&header, path, error))
    return false;
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_type != ET_DYN)
    return error_set(error, "%s is no shared library of 64 bits", path);
  sections_read(bytes, &header, told);
  return true;
}

bool library_file_read(const char *path, struct library_file *told, struct assay_error *error) {
  char *data;
  size_t len;
  if (!file_read(path, &data, &len, error))
    return false;
  bool ok = library_bytes_read(bytes_of(data, len), path, told, error);
  free(data);
  return ok;
}
