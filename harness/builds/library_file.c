/* ELF headers, notes and the dynamic section (gABI 4: ELF Header, Section Header, Note Section, Dynamic
 * Section); of an archive (ar(5)) whether it is whole, and what its objects are for: the linker looks at the
 * rest. Everything is bounds-checked: a file that was cut off or torn is an error, never a crash. */
#include "harness/builds/library_file.h"

#include <ar.h>
#include <byteswap.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/files/file.h"

#define THIN_MAGIC "!<thin>\n"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OUR_ORDER ELFDATA2LSB
#else
#define OUR_ORDER ELFDATA2MSB
#endif

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
  bool ordered = header->e_ident[EI_DATA] == OUR_ORDER;
  unsigned machine = ordered ? header->e_machine : bswap_16(header->e_machine);
  char theirs[24], ours[24];
  if (ordered && (OUR_MACHINE == EM_NONE || machine == OUR_MACHINE))
    return true;
  return error_set(error, "%s is for another architecture: %s, where this machine is %s", path,
                   machine_name(machine, theirs), machine_name(OUR_MACHINE, ours));
}

static bool cut_off(const char *path, size_t len, struct assay_error *error) {
  return error_set(
      error, "%s was cut off: its own headers tell of more than the %zu bytes that it has; copy it again",
      path, len);
}

static bool lies_within(struct assay_bytes file, uint64_t at, uint64_t bytes) {
  return at <= file.len && bytes <= file.len - at;
}

/* Whether all is there that the loader maps, and the table of sections that a linker needs. */
static bool is_whole(struct assay_bytes file, const Elf64_Ehdr *header) {
  Elf64_Phdr segment;
  bool whole = lies_within(file, header->e_shoff, (uint64_t)header->e_shnum * header->e_shentsize) &&
               lies_within(file, header->e_phoff, (uint64_t)header->e_phnum * sizeof segment);
  for (unsigned i = 0; whole && i < header->e_phnum; i++) {
    memcpy(&segment, file.ptr + header->e_phoff + i * sizeof segment, sizeof segment);
    whole = segment.p_type != PT_LOAD || lies_within(file, segment.p_offset, segment.p_filesz);
  }
  return whole;
}

/* A section's bytes; empty where they do not lie within the file. */
static struct assay_bytes section_bytes(struct assay_bytes file, const Elf64_Shdr *section) {
  bool within = section->sh_type != SHT_NOBITS && lies_within(file, section->sh_offset, section->sh_size);
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
    if (entry.d_tag == DT_FLAGS_1)
      told->is_program = entry.d_un.d_val & DF_1_PIE;
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

/* What is built with one calls its runtime, which workers do not have, or does more than its own work. */
static void sanitizer_find(struct assay_bytes file, struct library_file *told) {
  static const struct {
    const char *symbol, *name;
  } all[] = {{"__asan_init", "AddressSanitizer"},
             {"__tsan_init", "ThreadSanitizer"},
             {"__msan_init", "MemorySanitizer"},
             {"__ubsan_handle_", "UndefinedBehaviorSanitizer"},
             {"liblsan.so", "LeakSanitizer"},
             {"__gcov_", "counters of coverage (gcov)"},
             {"__llvm_profile_", "counters of coverage (LLVM)"}};
  for (size_t i = 0; i < sizeof all / sizeof all[0] && !told->sanitizer[0]; i++)
    if (memmem(file.ptr, file.len, all[i].symbol, strlen(all[i].symbol)))
      snprintf(told->sanitizer, sizeof told->sanitizer, "%s", all[i].name);
}

/* ---- archives ---- */

/* Names of the Itanium C++ ABI, which nothing but its runtime defines: of operator delete, of exceptions, of
 * locks around what is initialised once, of pure virtual functions, and of classes of exceptions and of types. */
static bool calls_cxx(struct assay_bytes file) {
  static const char *const names[] = {
      "_ZdlPv", "__gxx_personality_v0", "__cxa_guard_acquire", "__cxa_pure_virtual",
      "_ZNSt",  "_ZTVN10__cxxabiv1"};
  bool calls = false;
  for (size_t i = 0; i < sizeof names / sizeof names[0] && !calls; i++)
    calls = memmem(file.ptr, file.len, names[i], strlen(names[i]));
  return calls;
}

/* The next member behind `at`, which moves behind it. Its length is -1 where it is not all there. */
static struct assay_bytes member_next(struct assay_bytes file, size_t *at) {
  struct ar_hdr header;
  char digits[sizeof header.ar_size + 1] = "";
  if (!lies_within(file, *at, sizeof header))
    return bytes_of(NULL, SIZE_MAX);
  memcpy(&header, file.ptr + *at, sizeof header);
  memcpy(digits, header.ar_size, sizeof header.ar_size);
  size_t bytes = strtoul(digits, NULL, 10), from = *at + sizeof header;
  if (memcmp(header.ar_fmag, ARFMAG, sizeof header.ar_fmag) != 0 || !lies_within(file, from, bytes))
    return bytes_of(NULL, SIZE_MAX);
  *at = from + bytes + (bytes & 1);
  return bytes_of(file.ptr + from, bytes);
}

/* What Clang makes with -flto is no code yet (LLVM bitcode), and no linker but its own reads it. */
static bool is_code(struct assay_bytes member, const char *path, struct assay_error *error) {
  static const char bitcode[] = "BC\xC0\xDE";
  return member.len < 4 || memcmp(member.ptr, bitcode, 4) != 0 ||
         error_set(error,
                   "%s holds bitcode of LLVM, not code: build it without -flto, or as a shared library",
                   path);
}

/* Objects of one archive are of one kind: the first tells. */
static bool archive_holds(struct assay_bytes file, const char *path, struct assay_error *error) {
  Elf64_Ehdr header;
  bool known = false;
  for (size_t at = SARMAG; at < file.len;) {
    struct assay_bytes member = member_next(file, &at);
    if (member.len == SIZE_MAX)
      return cut_off(path, file.len, error);
    if (!is_code(member, path, error))
      return false;
    if (known || member.len < sizeof header || memcmp(member.ptr, ELFMAG, SELFMAG) != 0)
      continue;
    memcpy(&header, member.ptr, sizeof header);
    known = true;
    if (!machine_fits(&header, path, error))
      return false;
  }
  return true;
}

/* ---- all of a file ---- */

static bool begins_with(struct assay_bytes bytes, const char *magic) {
  return bytes.len >= strlen(magic) && memcmp(bytes.ptr, magic, strlen(magic)) == 0;
}

/* Text for a linker that says where the library is: "INPUT(libcrypto.so.3)", "GROUP(...)". */
static bool is_script(struct assay_bytes bytes) {
  return !memchr(bytes.ptr, '\0', bytes.len) &&
         (memmem(bytes.ptr, bytes.len, "INPUT", 5) || memmem(bytes.ptr, bytes.len, "GROUP", 5));
}

static bool no_library(struct assay_bytes bytes, const char *path, struct assay_error *error) {
  if (bytes.len == 0)
    return error_set(error, "%s is no library: it is empty", path);
  if (begins_with(bytes, THIN_MAGIC))
    return error_set(error, "%s is a thin archive, whose objects lie elsewhere: make a whole one (ar rcs)",
                     path);
  if (is_script(bytes))
    return error_set(
        error,
        "%s is a script for a linker, which is no library itself: put a link to the library in its place (ln -s)",
        path);
  return error_set(error, "%s is no library: neither a shared object nor an archive", path);
}

static bool shared_read(struct assay_bytes bytes, const char *path, struct library_file *told,
                        struct assay_error *error) {
  Elf64_Ehdr header;
  if (bytes.len < sizeof header || !begins_with(bytes, ELFMAG))
    return no_library(bytes, path, error);
  memcpy(&header, bytes.ptr, sizeof header);
  if (!machine_fits(&header, path, error))
    return false;
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_type != ET_DYN)
    return error_set(error, "%s is no shared library of 64 bits", path);
  if (!is_whole(bytes, &header))
    return cut_off(path, bytes.len, error);
  sections_read(bytes, &header, told);
  return !told->is_program || error_set(error, "%s is a program, not a library", path);
}

bool library_bytes_read(struct assay_bytes bytes, const char *path, struct library_file *told,
                        struct assay_error *error) {
  *told = (struct library_file){.is_static = begins_with(bytes, ARMAG)};
  told->is_cxx = told->is_static && calls_cxx(bytes);
  sanitizer_find(bytes, told);
  return told->is_static ? archive_holds(bytes, path, error) : shared_read(bytes, path, told, error);
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
