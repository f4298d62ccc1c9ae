/* A corpus is a function of its seed: the same bytes on every run and any number of threads; and it holds
 * what was asked for. Takes long. */
#include <dirent.h>
#include <jansson.h>

#include "build_facts.h"
#include "corpus/store/store.h"
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

/* Enough that every variant has the number of different tokens that the default profile promises. */
static struct generate_options enough = {.per_variant = 1, .least = 8};

static uint64_t tokens_of(const struct generate_options *options, const struct mutation_class *class,
                          const struct mutation_variant *variant) {
  uint64_t tokens = 0;
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
    tokens += generate_count(options, class, variant, (enum assay_alg)alg);
  return tokens;
}

static size_t planned_variants(uint64_t *tokens) {
  size_t variants = 0;
  *tokens = 0;
  for (size_t i = 0; mutation_groups[i]; i++)
    for (size_t j = 0; j < mutation_groups[i]->class_count; j++) {
      const struct mutation_class *class = &mutation_groups[i]->classes[j];
      for (size_t k = 0; k < class->variant_count; k++) {
        *tokens += tokens_of(&enough, class, &class->variants[k]);
        variants++;
      }
    }
  return variants;
}

static bool is_first(const struct corpus *corpus, const struct corpus_token *token) {
  struct assay_bytes id = corpus_bytes(corpus, token->id);
  return id.len > 6 && memcmp(id.ptr + id.len - 6, ".first", 6) == 0;
}

/* Each variant of the registry, and as many tokens of it as were planned. */
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

/* How many tokens of a variant differ from each other in their own bytes. */
static unsigned different_in(const struct corpus *corpus, uint32_t variant) {
  unsigned different = 0;
  for (uint64_t i = 0; i < corpus->header->token_count; i++) {
    bool is_new = corpus->tokens[i].variant == variant;
    for (uint64_t j = 0; j < i && is_new; j++)
      is_new =
          corpus->tokens[j].variant != variant || !bytes_eq(corpus_bytes(corpus, corpus->tokens[i].token),
                                                            corpus_bytes(corpus, corpus->tokens[j].token));
    different += is_new;
  }
  return different;
}

static const struct mutation_variant *row_of(const struct corpus *corpus, uint32_t variant) {
  const struct mutation_group *group;
  char id[128];
  struct assay_bytes class_id = corpus_bytes(corpus, corpus->variants[variant].class_id),
                     name = corpus_bytes(corpus, corpus->variants[variant].name);
  snprintf(id, sizeof id, "%.*s", (int)class_id.len, (const char *)class_id.ptr);
  const struct mutation_class *class = class_find(id, &group);
  for (size_t i = 0; class && i < class->variant_count; i++)
    if (bytes_eq_str(name, class->variants[i].name))
      return &class->variants[i];
  return NULL; /* of tokens to be sent first: they stand in no row */
}

/* A variant says that its tokens are alike, or has eight that are not. */
static void assert_different(const char *path) {
  struct corpus corpus;
  cr_assert(corpus_open(&corpus, path, NULL));
  for (uint32_t i = 0; i < corpus.header->variant_count; i++) {
    const struct mutation_variant *row = row_of(&corpus, i);
    unsigned different = different_in(&corpus, i);
    struct assay_bytes class_id = corpus_bytes(&corpus, corpus.variants[i].class_id);
    if (row && row->fixed)
      cr_expect_eq(different, 1, "%s: not so: %s", row->name, row->fixed);
    else
      cr_expect_geq(different, enough.least, "%.*s/%s", (int)class_id.len, (const char *)class_id.ptr,
                    row ? row->name : "first");
  }
  corpus_close(&corpus);
}

/* Every class, with keys, nonces and salts: two runs, on one thread and on three. (The dearest test of all:
 * its questions are all asked of the same corpus. What more tokens of a variant are made by, one is, too: that is
 * enough for a sanitizer.) */
Test(generate, every_variant_is_there_and_the_same_on_any_number_of_threads) {
  const char *folder = fixture_folder();
  enough.least = strcmp(ASSAY_SANITIZER, "none") == 0 ? enough.least : 1;
  const char *one = fixture_generate_least(folder, "one", 5, 1, 1, enough.per_variant, enough.least),
             *three = fixture_generate_least(folder, "three", 5, 3, 1, enough.per_variant, enough.least);
  for (size_t i = 0; i < FILE_COUNT; i++)
    cr_expect(same_file(one, three, files[i]), "%s differs", files[i]);
  assert_complete(one);
  assert_different(one);
  fixture_remove(folder);
}

/* What the default profile declares: every algorithm of a variant, and eight tokens or more, but for those
 * that cannot differ. */
Test(generate, the_default_profile_has_eight_tokens_of_every_variant) {
  struct generate_options options;
  size_t alike = 0;
  cr_assert(generate_profile("default", &options));
  for (size_t i = 0; mutation_groups[i]; i++)
    for (size_t j = 0; j < mutation_groups[i]->class_count; j++) {
      const struct mutation_class *class = &mutation_groups[i]->classes[j];
      for (size_t k = 0; k < class->variant_count; k++) {
        const struct mutation_variant *variant = &class->variants[k];
        uint64_t algs = variant->algs ? variant->algs : class->algs;
        for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
          cr_expect_eq(generate_count(&options, class, variant, (enum assay_alg)alg) > 0,
                       (algs & ASSAY_ALG_BIT(alg)) != 0, "%s/%s", class->id, variant->name);
        alike += variant->fixed != NULL;
        if (!variant->fixed)
          cr_expect_geq(tokens_of(&options, class, variant), 8, "%s/%s", class->id, variant->name);
      }
    }
  cr_expect_eq(alike, 1, "the empty token alone");
}

Test(generate, dear_algorithms_have_a_share_of_the_tokens) {
  const struct generate_options options = {.per_variant = 8, .least = 1};
  const struct mutation_variant any = {.name = ""}, edwards = {.name = "", .algs = ALGS_ED};
  const struct mutation_class class = {.id = "x", .algs = ALGS_ALL};
  cr_expect_eq(generate_count(&options, &class, &any, ASSAY_RS256), 8);
  cr_expect_eq(generate_count(&options, &class, &any, ASSAY_ES256), 4);
  cr_expect_eq(generate_count(&options, &class, &any, ASSAY_ES512), 2);
  cr_expect_eq(generate_count(&options, &class, &edwards, ASSAY_ED448), 8);
  cr_expect_eq(generate_count(&options, &class, &edwards, ASSAY_ES512), 0);
  const struct generate_options none = {.per_variant = 0, .least = 8};
  cr_expect_eq(generate_count(&none, &class, &any, ASSAY_HS256), 0, "good tokens alone");
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
  cr_expect_eq(options.least, 8);
  cr_expect_eq(options.keys, KEYRING_FULL);
  cr_expect(generate_profile("small", &options));
  cr_expect_eq(options.valid_main, 40);
  cr_expect_eq(options.per_variant, 1);
  cr_expect_eq(options.least, 1);
  cr_expect_not(generate_profile("huge", &options));
}
