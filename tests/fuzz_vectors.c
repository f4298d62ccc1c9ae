/* Any octets as a file of raw signatures (Wycheproof, CCTV, speccheck): vectors as the worker maps them, or
 * one sentence. The first octet chooses the file's name, which Wycheproof's HMAC tests have their hash by. */
#include <string.h>

#include "harness/vectors/vector_set.h"
#include "tests/fuzz_folder.h"

static void set_check(const struct vector_set *set) {
  struct assay_error error = {""};
  struct vectors_view view;
  int fd = vectors_seal(&set->raw, &error);
  promise(fd >= 0 && vectors_map(fd, &view, &error) && view.count == set->raw.count);
  close(fd);
  for (size_t i = 0; i < set->raw.count; i++) {
    const struct vector_case *one = &set->cases[i];
    promise(one->name && one->class_id && one->variant && set->raw.records[i].alg < ASSAY_ALG_COUNT);
    promise(!one->forbidden || one->expect != EXPECT_ANY);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *paths[2];
  struct vector_set set;
  struct assay_error error = {""};
  if (size < 1)
    return 0;
  if (!paths[0]) {
    paths[0] = fuzz_file("any.json");
    paths[1] = fuzz_file("hmac_sha256_test.json");
  }
  fuzz_file_write(paths[data[0] & 1], data + 1, size - 1);
  fuzz_file_write(paths[!(data[0] & 1)], NULL, 0);
  bool ok = vector_set_read(&set, fuzz_folder_path(), data[0] & 2, &error);
  promise(ok == !*error.text);
  if (ok)
    set_check(&set);
  vector_set_fini(&set);
  return 0;
}
