/* A corpus is what its manifest says: any change to any file is found and named. Has threads. */
#include "corpus/store/checksums.h"

#include <ftw.h>

#include "corpus/base/parallel.h"
#include "tests/corpus_fixture.h"

Test(checksums, sha256_has_the_vectors_of_fips_180) {
  const char *folder = fixture_folder();
  char hex[65];
  fixture_write_str(folder, "abc", "abc");
  fixture_write_str(folder, "empty", "");
  cr_assert(checksum_file(fixture_path(folder, "abc"), hex, NULL));
  cr_expect_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  cr_assert(checksum_file(fixture_path(folder, "empty"), hex, NULL));
  cr_expect_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  struct assay_error error = {0};
  cr_expect_not(checksum_file(fixture_path(folder, "none"), hex, &error));
  cr_expect_not_null(strstr(error.text, "/none: No such file or directory"), "%s", error.text);
  fixture_remove(folder);
}

/* ---- each file of a corpus ---- */

static const char *corpus, *files[32];
static size_t file_count;

static int collect(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
  (void)st, (void)ftw;
  if (kind == FTW_F && !strstr(path, "manifest.json"))
    files[file_count++] = fixture_path("", path + strlen(corpus) + 1) + 1;
  return 0;
}

static void flip(const char *name, size_t at) {
  struct assay_bytes bytes = fixture_read(corpus, name);
  ((uint8_t *)bytes.ptr)[at < bytes.len ? at : bytes.len - 1] ^= 1;
  fixture_write(corpus, name, bytes.ptr, bytes.len);
  free((void *)bytes.ptr);
}

static void assert_found(const char *name, const char *what) {
  struct assay_error error = {0};
  char expected[256];
  snprintf(expected, sizeof expected, "/%s", name);
  cr_expect_not(checksums_verify(corpus, 2, &error), "%s of %s was not found", what, name);
  cr_expect_not_null(strstr(error.text, expected), "'%s' does not name %s", error.text, name);
}

static void assert_whole(void) {
  struct assay_error error = {0};
  cr_assert(checksums_verify(corpus, 2, &error), "%s", error.text);
}

Test(checksums, a_flipped_byte_in_any_file_is_found) {
  const char *folder = fixture_folder();
  corpus = fixture_generate(folder, "corpus", 1, 2, 1, 0);
  assert_whole();
  nftw(corpus, collect, 16, FTW_PHYS);
  cr_assert_eq(file_count, 9, "policy, five key sets, three forms of the tokens");
  for (size_t i = 0; i < file_count; i++) {
    static const size_t places[] = {0, 100, SIZE_MAX};
    for (size_t j = 0; j < 3; j++) {
      flip(files[i], places[j]);
      assert_found(files[i], "a flipped byte");
      flip(files[i], places[j]);
    }
  }
  assert_whole();
  fixture_remove(folder);
}

Test(checksums, a_missing_or_cut_file_is_found) {
  const char *folder = fixture_folder();
  corpus = fixture_generate(folder, "corpus", 1, 2, 1, 0);
  static const char *const names[] = {"tokens.bin", "policy.yaml", "keys/sso.west.example.jwks"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    struct assay_bytes bytes = fixture_read(corpus, names[i]);
    fixture_write(corpus, names[i], bytes.ptr, bytes.len - 1);
    assert_found(names[i], "a cut");
    remove(fixture_path(corpus, names[i]));
    assert_found(names[i], "the loss");
    fixture_write(corpus, names[i], bytes.ptr, bytes.len);
    free((void *)bytes.ptr);
  }
  assert_whole();
  fixture_remove(folder);
}

/* Long files are hashed in chunks: a change in any of them is found, and told by where it is. */
Test(checksums, a_flipped_byte_in_the_last_chunk_is_found) {
  const char *folder = fixture_folder();
  const size_t len = (16u << 20) + 5;
  char *zeros = calloc(1, len);
  corpus = fixture_generate(folder, "corpus", 1, 2, 1, 0);
  fixture_write(corpus, "tokens.bin", zeros, len);
  struct assay_error error = {0};
  static const char *const names[] = {"tokens.bin", "tokens.idx", "tokens.jsonl"};
  json_t *taken = checksums_take(corpus, names, 3, 2, &error);
  cr_assert_not_null(taken, "%s", error.text);
  cr_expect_eq(json_array_size(json_object_get(json_object_get(taken, "tokens.bin"), "chunks")), 3);
  cr_expect_null(json_object_get(json_object_get(taken, "tokens.idx"), "chunks"));
  json_t *manifest = json_pack("{s:s, s:o}", "schema", MANIFEST_SCHEMA, "files", taken);
  cr_assert_eq(json_dump_file(manifest, fixture_path(corpus, "manifest.json"), 0), 0);
  assert_whole();
  flip("tokens.bin", len - 1);
  assert_found("tokens.bin", "a flipped byte");
  cr_assert_not(checksums_verify(corpus, 2, &error));
  cr_expect_not_null(strstr(error.text, "SHA-256 of the 5 bytes from 16777216 on"), "%s", error.text);
  json_decref(manifest);
  free(zeros);
  fixture_remove(folder);
}

static void assert_manifest(const char *text, const char *sentence) {
  struct assay_error error = {0};
  char expected[512];
  fixture_write_str(corpus, "manifest.json", text);
  cr_expect_not(checksums_verify(corpus, 1, &error));
  snprintf(expected, sizeof expected, "%s/manifest.json%s", corpus, sentence);
  cr_expect_str_eq(error.text, expected);
}

Test(checksums, a_manifest_that_says_nothing_true_is_refused) {
  struct assay_error error = {0};
  corpus = fixture_folder();
  cr_expect_not(checksums_verify(corpus, 1, &error));
  cr_expect_not_null(strstr(error.text, "manifest.json: not there: this is no corpus"), "%s", error.text);
  assert_manifest("{", ":1:1: string or '}' expected near end of file");
  assert_manifest("{}", ": the schema is not assay-corpus/1");
  assert_manifest("{\"schema\":\"assay-corpus/1\"}", ": no checksum of tokens.bin");
  assert_manifest(
      "{\"schema\":\"assay-corpus/1\",\"files\":{\"../passwd\":{},\"tokens.bin\":{},\"tokens.idx\":{},"
      "\"tokens.jsonl\":{}}}",
      ": '../passwd' is not a file of the corpus");
  fixture_remove(corpus);
}

/* ---- the loop under it ---- */

static void count_up(void *arg, size_t index) {
  ((unsigned char *)arg)[index]++;
}

Test(parallel, every_index_is_worked_on_once) {
  static const unsigned threads[] = {1, 2, 7, 300};
  for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++) {
    unsigned char seen[1000] = {0};
    parallel_for(threads[i], sizeof seen, count_up, seen);
    for (size_t j = 0; j < sizeof seen; j++)
      cr_assert_eq(seen[j], 1);
    parallel_for(threads[i], 0, count_up, NULL);
  }
  cr_expect_geq(parallel_cores(), 1);
}
