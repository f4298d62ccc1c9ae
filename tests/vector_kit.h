/* Raw vectors for tests of the levels that are asked about them: suites of one's own, and what came of them.
 */
#ifndef ASSAY_TESTS_VECTOR_KIT_H
#define ASSAY_TESTS_VECTOR_KIT_H

#include "tests/cli.h"
#include "tests/verdict_rows.h"

/* RFC 8032 7.1, test 1 */
#define ED_KEY "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
#define ED_SIG                                                                                               \
  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0" \
  "595bbe24655141438e7a100b"
#define ED_GROUP(tests)                                                                                      \
  "{\"type\":\"EddsaVerify\",\"publicKey\":{\"curve\":\"edwards25519\",\"pk\":\"" ED_KEY                     \
  "\"},\"tests\":[" tests "]}"
#define TEST(id, flags, msg, sig, result)                                                                    \
  "{\"tcId\":" id ",\"flags\":[" flags "],\"msg\":\"" msg "\",\"sig\":\"" sig "\",\"result\":\"" result "\"" \
  "}"
#define MAC_KEY "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"
#define MAC_TAG_HALF "198a607eb44bfbc69903a0f1cf2bbdc5"
#define MAC_TAG MAC_TAG_HALF "ba0aa3f3d9ae3c1c7a3b1696a0b68cf7"
#define MAC_GROUP(key_bits, tag_bits, tag)                                                                   \
  "{\"type\":\"MacTest\",\"keySize\":" key_bits ",\"tagSize\":" tag_bits ",\"tests\":[{\"tcId\":" tag_bits   \
  ",\"flags\":[],\"key\":\"" MAC_KEY "\",\"msg\":\"4869205468657265\",\"tag\":\"" tag                        \
  "\",\"result\":\"valid\"}]}"
#define FILE_OF(groups) "{\"testGroups\":[" groups "]}"

static inline const char *folder_with(const char *name, const char *text) {
  const char *folder = fresh_folder();
  char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  fputs(text, file);
  cr_assert_eq(fclose(file), 0);
  return folder;
}

static inline const char *vectors(const char *name) {
  static char path[4096];
  const char *folder = getenv("ASSAY_VECTORS");
  snprintf(path, sizeof path, "%s/%s", folder ? folder : ASSAY_SOURCE_DIR "/../shared/vectors", name);
  if (access(path, R_OK) != 0)
    cr_skip_test("%s is not there", path);
  return path;
}

static inline json_t *result_of(const struct ran *ran, int code) {
  cr_assert_eq(ran->code, code, "exit %d: %.2000s", ran->code, ran->out);
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(result, "%.2000s", ran->out);
  return result;
}

static inline json_int_t sum(const json_t *result, const char *subject, const char *field) {
  json_int_t total = 0;
  size_t i;
  json_t *row;
  json_array_foreach(verdict_rows(result), i, row) {
    if (strcmp(json_string_value(json_object_get(row, "subject")), subject) == 0)
      total += json_integer_value(json_object_get(row, field));
  }
  return total;
}

/* How many vectors of all files were left out for this. */
static inline json_int_t left_out(const json_t *result, const char *reason) {
  json_int_t total = 0;
  size_t i;
  json_t *row;
  json_array_foreach(json_object_get(result, "left_out"), i, row) {
    if (strcmp(json_string_value(json_object_get(row, "reason")), reason) == 0)
      total += json_integer_value(json_object_get(row, "tokens"));
  }
  return total;
}

/* The examples of all rows of a subject, "a b c", in the order of the result. */
static inline const char *wrong_examples(const json_t *result, const char *subject) {
  static char text[4096];
  size_t i, k;
  json_t *row, *example;
  text[0] = '\0';
  json_array_foreach(verdict_rows(result), i, row) {
    if (strcmp(json_string_value(json_object_get(row, "subject")), subject) != 0)
      continue;
    json_array_foreach(json_object_get(row, "examples"), k, example) {
      size_t used = strlen(text);
      snprintf(text + used, sizeof text - used, "%s%s", used ? " " : "", json_string_value(example));
    }
  }
  return text;
}

#endif
