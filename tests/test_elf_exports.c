/* What a shared object exports, read from its file: a small one, and every way in which it is broken. */
#include "harness/worker/elf_exports.h"

#include <elf.h>

#include "harness/base/files/file.h"
#include "tests/cli.h"
#include "tests/guard.h"

#define SMALL ASSAY_SOURCE_DIR "/tests/seeds/fuzz_elf_exports/two-symbols"

static struct guard guard;
static struct assay_bytes whole;
static char names[256]; /* "a b " */

static void small_read(void) {
  struct assay_error error;
  char *data;
  size_t len;
  cr_assert(file_read(SMALL, &data, &len, &error), "%s", error.text);
  whole = bytes_of(data, len);
  guard = guard_open(len);
}

TestSuite(elf_exports, .init = small_read);

static void name_add(void *arg, const char *name) {
  size_t used = strlen(names);
  (void)arg;
  if (used < sizeof names)
    snprintf(names + used, sizeof names - used, "%s ", name);
}

static bool exports_of(struct assay_bytes file) {
  names[0] = '\0';
  return elf_exports(guard_at_tail(&guard, file), name_add, NULL);
}

/* Which of two comes first is the linker's affair. */
Test(elf_exports, a_small_object_has_its_two_symbols) {
  cr_expect(exports_of(whole));
  cr_expect(strcmp(names, "assay_backend f ") == 0 || strcmp(names, "f assay_backend ") == 0, "%s", names);
}

/* Its last part is the table of sections. */
Test(elf_exports, a_cut_object_is_none) {
  for (size_t len = 0; len < whole.len; len += 8)
    cr_expect_not(exports_of(bytes_of(whole.ptr, len)), "%zu octets", len);
}

Test(elf_exports, no_octet_that_was_written_over_leads_out_of_the_file) {
  static const uint8_t masks[] = {0x01, 0x08, 0x80, 0xff};
  uint8_t *octets = (uint8_t *)whole.ptr;
  for (size_t i = 0; i < whole.len; i++)
    for (size_t m = 0; m < sizeof masks; m++) {
      octets[i] ^= masks[m];
      exports_of(whole);
      octets[i] ^= masks[m];
    }
}

static Elf64_Shdr *section_of(uint32_t type) {
  const Elf64_Ehdr *header = (const Elf64_Ehdr *)whole.ptr;
  Elf64_Shdr *section = (Elf64_Shdr *)(whole.ptr + header->e_shoff);
  unsigned left = header->e_shnum;
  for (; left > 0 && section->sh_type != type; left--)
    section++;
  cr_assert(left > 0, "there is no section of type %u", type);
  return section;
}

static void expect_broken(uint64_t *member, uint64_t value, const char *what) {
  uint64_t before = *member;
  *member = value;
  cr_expect_not(exports_of(whole), "%s", what);
  *member = before;
}

Test(elf_exports, a_table_that_is_not_within_the_file_or_not_aligned_is_refused) {
  Elf64_Ehdr *header = (Elf64_Ehdr *)whole.ptr;
  Elf64_Shdr *symbols = section_of(SHT_DYNSYM), *strings = section_of(SHT_STRTAB);
  expect_broken(&header->e_shoff, UINT64_MAX - 7, "sections beyond the file");
  expect_broken(&header->e_shoff, header->e_shoff - 4, "sections askew");
  expect_broken(&symbols->sh_offset, symbols->sh_offset + 1, "symbols askew");
  expect_broken(&symbols->sh_offset, UINT64_MAX - 7, "symbols beyond the file");
  expect_broken(&symbols->sh_size, UINT64_MAX, "symbols without end");
  expect_broken(&strings->sh_offset, whole.len, "names beyond the file");
  expect_broken(&strings->sh_size, 0, "no names");
  expect_broken(&strings->sh_size, strings->sh_size - 1, "a last name that does not end");
  symbols->sh_link = header->e_shnum;
  cr_expect_not(exports_of(whole), "names in no section");
}
