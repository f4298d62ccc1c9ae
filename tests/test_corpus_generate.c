/* A corpus is a function of its seed: the same bytes on every run and any number of threads; and it holds
 * what was asked for. */
#include <dirent.h>
#include <jansson.h>

#include "corpus/store.h"
#include "tests/corpus_fixture.h"

static const char *const files[] = {"manifest.json",
                                    "policy.yaml",
                                    "tokens.jsonl",
                                    "tokens.bin",
                                    "tokens.idx",
                                    "keys/login.north.example.jwks",
                                    "keys/id.south.example.jwks",
                                    "keys/auth.east.example.jwks",
                                    "keys/sso.west.example.jwks",
                                    "keys/api.centre.example.jwks"};
#define FILE_COUNT (sizeof files / sizeof files[0])

static bool same_file(const char *a, const char *b, const char *name) {
  struct assay_bytes x = fixture_read(a, name), y = fixture_read(b, name);
  bool same = bytes_eq(x, y);
  free((void *)x.ptr);
  free((void *)y.ptr);
  return same;
}

Test(generate, another_seed_gives_other_keys_and_tokens_under_the_same_policy) {
  const char *folder = fixture_folder();
  const char *five = fixture_generate(folder, "five", 5, 2, 2, 0),
             *six = fixture_generate(folder, "six", 6, 2, 2, 0);
  for (size_t i = 0; i < FILE_COUNT; i++)
    cr_expect_eq(same_file(five, six, files[i]), strcmp(files[i], "policy.yaml") == 0, "%s", files[i]);
  fixture_remove(folder);
}

/* More tokens of one class, or more classes, do not change the ones that are there. */
Test(generate, a_token_does_not_hang_on_how_many_others_there_are) {
  const char *folder = fixture_folder();
  struct corpus few, many;
  cr_assert(corpus_open(&few, fixture_generate(folder, "few", 5, 2, 2, 0), NULL));
  cr_assert(corpus_open(&many, fixture_generate(folder, "many", 5, 2, 5, 0), NULL));
  for (uint64_t i = 0; i < few.header->token_count; i++) {
    struct assay_bytes id = corpus_bytes(&few, few.tokens[i].id);
    uint32_t other = corpus_find(&many, id);
    cr_assert_neq(other, CORPUS_NONE, "%.*s", (int)id.len, (const char *)id.ptr);
    cr_expect(
        bytes_eq(corpus_bytes(&few, few.tokens[i].token), corpus_bytes(&many, many.tokens[other].token)));
  }
  corpus_close(&few);
  corpus_close(&many);
  fixture_remove(folder);
}

static size_t planned_variants(uint64_t *tokens) {
  size_t variants = 0;
  *tokens = 0;
  for (size_t i = 0; mutation_groups[i]; i++)
    for (size_t j = 0; j < mutation_groups[i]->class_count; j++) {
      const struct mutation_class *class = &mutation_groups[i]->classes[j];
      for (size_t k = 0; k < class->variant_count; k++) {
        uint64_t algs = class->variants[k].algs ? class->variants[k].algs : class->algs;
        *tokens += (uint64_t)__builtin_popcountll(algs);
        variants++;
      }
    }
  return variants;
}

static bool is_first(const struct corpus *corpus, const struct corpus_token *token) {
  struct assay_bytes id = corpus_bytes(corpus, token->id);
  return id.len > 6 && memcmp(id.ptr + id.len - 6, ".first", 6) == 0;
}

/* Each variant of the registry, once for each of its algorithms. */
static void assert_complete(const char *path) {
  struct corpus corpus;
  uint64_t planned, made = 0;
  size_t first_variants = 0;
  bool *holds_firsts = NULL;
  size_t variants = planned_variants(&planned);
  cr_assert(corpus_open(&corpus, path, NULL));
  holds_firsts = calloc(corpus.header->variant_count, sizeof *holds_firsts);
  for (uint64_t i = 0; i < corpus.header->token_count; i++) {
    const struct corpus_token *token = &corpus.tokens[i];
    const struct corpus_variant *variant = &corpus.variants[token->variant];
    if (is_first(&corpus, token)) {
      first_variants += !holds_firsts[token->variant];
      holds_firsts[token->variant] = true;
      cr_expect_eq(token->verdict, EXPECT_ACCEPT);
      cr_expect_eq(token->after, CORPUS_NONE);
      cr_expect_eq(corpus.tokens[i + 1].after, i, "what follows a first token names it");
    } else if (!bytes_eq_str(corpus_bytes(&corpus, variant->class_id), "valid")) {
      made++;
    }
  }
  for (uint64_t i = 0; i < corpus.header->variant_count; i++) {
    cr_expect_gt(corpus.variants[i].tokens, 0);
    cr_expect_gt(corpus.variants[i].sentence.len, 0);
  }
  cr_expect_eq(made, planned, "%zu tokens of %zu", (size_t)made, (size_t)planned);
  cr_expect_eq(corpus.header->variant_count, variants + 1 + first_variants,
               "%zu variants, %zu of first tokens, of %zu", (size_t)corpus.header->variant_count,
               first_variants, variants);
  free(holds_firsts);
  corpus_close(&corpus);
}

/* Every class, with keys, nonces and salts: two runs, on one thread and on three. (The dearest test of all:
 * both of its questions are asked of the same corpus.) */
Test(generate, every_variant_is_there_and_the_same_on_any_number_of_threads) {
  const char *folder = fixture_folder();
  const char *one = fixture_generate(folder, "one", 5, 1, 1, 1),
             *three = fixture_generate(folder, "three", 5, 3, 1, 1);
  for (size_t i = 0; i < FILE_COUNT; i++)
    cr_expect(same_file(one, three, files[i]), "%s differs", files[i]);
  assert_complete(one);
  fixture_remove(folder);
}

static void assert_id(const struct corpus *corpus, const char *id, enum assay_alg alg, unsigned key_bits) {
  uint32_t index = corpus_find(corpus, bytes_str(id));
  cr_assert_neq(index, CORPUS_NONE, "%s is not there", id);
  cr_expect_eq(corpus->tokens[index].alg, alg);
  cr_expect_eq(corpus->tokens[index].key_bits, key_bits);
  cr_expect_eq(corpus->tokens[index].setting, 0);
  cr_expect_eq(corpus->tokens[index].now, CORPUS_NOW_UNSET);
}

Test(generate, ids_say_what_a_token_is) {
  const char *folder = fixture_folder();
  struct corpus corpus;
  cr_assert(corpus_open(&corpus, fixture_generate(folder, "corpus", 5, 2, 2, 0), NULL));
  assert_id(&corpus, "valid/valid/HS256/0000", ASSAY_HS256, 0);
  assert_id(&corpus, "valid/valid/RS256/0001", ASSAY_RS256, 2048);
  assert_id(&corpus, "valid/valid/PS512-3072/0001", ASSAY_PS512, 3072);
  assert_id(&corpus, "valid/valid/RS256-4096/0000", ASSAY_RS256, 4096);
  assert_id(&corpus, "valid/valid/EdDSA/0001", ASSAY_ED25519, 0);
  assert_id(&corpus, "valid/valid/Ed448/0001", ASSAY_ED448, 0);
  corpus_close(&corpus);
  fixture_remove(folder);
}

Test(generate, the_manifest_says_what_the_corpus_is) {
  const char *folder = fixture_folder(), *path = fixture_generate(folder, "corpus", 5, 2, 1, 0);
  json_t *manifest = json_load_file(fixture_path(path, "manifest.json"), 0, NULL);
  json_t *counts = json_object_get(manifest, "counts");
  cr_expect_str_eq(json_string_value(json_object_get(manifest, "schema")), "assay-corpus/1");
  cr_expect_str_eq(json_string_value(json_object_get(manifest, "profile")), "small");
  cr_expect_eq(json_integer_value(json_object_get(manifest, "seed")), 5);
  cr_expect_eq(json_integer_value(json_object_get(manifest, "clock")), CORPUS_NOW);
  cr_expect_eq(json_integer_value(json_object_get(counts, "tokens")), ASSAY_ALG_COUNT + 2 * 6);
  cr_expect_eq(json_integer_value(json_object_get(counts, "classes")), 1);
  cr_expect_eq(json_integer_value(json_object_get(counts, "settings")), 1);
  cr_expect_eq(json_integer_value(json_object_get(counts, "key_sets")), 5);
  json_decref(manifest);
  fixture_remove(folder);
}

Test(generate, profiles_are_known_by_name) {
  struct generate_options options;
  cr_expect(generate_profile("default", &options));
  cr_expect_eq(options.valid_main, 1000);
  cr_expect_eq(options.valid_other, 200);
  cr_expect_eq(options.per_variant, 4);
  cr_expect_eq(options.keys, KEYRING_FULL);
  cr_expect(generate_profile("small", &options));
  cr_expect_eq(options.valid_main, 40);
  cr_expect_eq(options.per_variant, 1);
  cr_expect_not(generate_profile("huge", &options));
}
