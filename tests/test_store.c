/* The mapped corpus: what was written is what is read, and nothing that is damaged is opened or read outside
 * of. */
#include "tests/corpus_fixture.h"

#define POLICY "schema: assay-policy/1\n"

static char *copy(const char *s) {
  return strdup(s);
}

static struct corpus_case make_case(const char *id, const char *token, size_t len,
                                    enum expect_verdict verdict, enum assay_reason reason) {
  struct corpus_case one = {.id = copy(id),
                            .token = malloc(len + 1),
                            .token_len = len,
                            .after = CORPUS_NONE,
                            .alg = ASSAY_RS256,
                            .key_bits = 2048,
                            .verdict = verdict,
                            .now = CORPUS_NOW_UNSET};
  memcpy(one.token, token, len);
  if (verdict == EXPECT_REJECT)
    case_add_reason(&one, (uint16_t)reason);
  return one;
}

static void add(struct casebook *book, struct corpus_case one) {
  struct assay_error error = {0};
  cr_assert(book_add(book, &one, &error), "%s", error.text);
}

/* Four cases, three settings, by hand. */
static void fill(struct casebook *book) {
  struct book_keys *keys = calloc(2, sizeof *keys);
  *book = (struct casebook){.profile = "test", .clock = CORPUS_NOW_UNSET};
  keys[0] = (struct book_keys){copy("https://a.example"), copy("keys/a.jwks"), copy("{\"keys\":[1]}")};
  keys[1] = (struct book_keys){copy("https://b.example"), copy("keys/b.jwks"), copy("{\"keys\":[2]}")};
  book_set_default(book, copy(POLICY), keys, 2);
  uint32_t good =
      book_variant(book, &(struct book_variant){.group = "valid", .class_id = "valid", .sentence = "Good."});
  uint32_t bad = book_variant(book, &(struct book_variant){.group = "registered-claims",
                                                           .class_id = "exp-past",
                                                           .name = "late",
                                                           .sentence = "Late.",
                                                           .reference = "RFC 7519 4.1.4",
                                                           .brief = "expired tokens",
                                                           .severity = SEVERITY_CONTEXT});
  struct corpus_case one = make_case("one", "a.b.c", 5, EXPECT_ACCEPT, REASON_OK);
  one.variant = good;
  add(book, one);
  struct corpus_case two = make_case("two", "d.e\0f", 5, EXPECT_REJECT, REASON_EXPIRED);
  two.variant = bad;
  two.after = 0;
  two.now = 77;
  two.pinned = true;
  case_add_reason(&two, REASON_TIME_ORDER);
  case_add_reason(&two, reason_any_of(STAGE_SIGNATURE));
  two.keys = copy("{\"https://b.example\":{\"keys\":[3]}}");
  add(book, two);
  struct corpus_case three = make_case("three", "", 0, EXPECT_ANY, REASON_OK);
  three.variant = bad;
  three.alg = ASSAY_ALG_NONE;
  three.policy =
      copy("{\"issuers\":[{\"iss\":\"https://a.example\"},{\"iss\":\"n\",\"keys\":{\"keys\":[]}}]}");
  add(book, three);
  struct corpus_case four = make_case("four", "x", 1, EXPECT_ACCEPT, REASON_OK);
  four.variant = good;
  add(book, four);
}

static const char *written(const char *folder) {
  struct casebook book;
  struct assay_error error = {0};
  const char *path = fixture_path(folder, "corpus");
  fill(&book);
  cr_assert(corpus_write(&book, path, 1, NULL, &error), "%s", error.text);
  book_fini(&book);
  return path;
}

static void assert_text(const struct corpus *corpus, struct corpus_span span, const char *text) {
  struct assay_bytes bytes = corpus_bytes(corpus, span);
  cr_expect(bytes_eq_str(bytes, text), "'%.*s' is not '%s'", (int)bytes.len, (const char *)bytes.ptr, text);
}

Test(store, round_trip_keeps_everything) {
  const char *folder = fixture_folder();
  struct corpus corpus;
  struct assay_error error = {0};
  cr_assert(corpus_open(&corpus, written(folder), &error), "%s", error.text);
  cr_assert_eq(corpus.header->token_count, 4);
  cr_assert_eq(corpus.header->variant_count, 2);
  cr_assert_eq(corpus.header->setting_count, 3);
  const struct corpus_token *two = &corpus.tokens[1];
  cr_expect(bytes_eq(corpus_bytes(&corpus, two->token), bytes_of("d.e\0f", 5)));
  assert_text(&corpus, two->id, "two");
  cr_expect_eq(two->now, 77);
  cr_expect_eq(two->after, 0);
  cr_expect_eq(two->alg, ASSAY_RS256);
  cr_expect_eq(two->key_bits, 2048);
  cr_expect_eq(two->verdict, EXPECT_REJECT);
  const struct expectation expected = corpus_expectation(&corpus, two);
  cr_assert_eq(expected.reason_count, 3);
  cr_expect_eq(expected.reasons[0], REASON_EXPIRED);
  cr_expect_eq(expected.reasons[1], REASON_TIME_ORDER);
  cr_expect_eq(expected.reasons[2], reason_any_of(STAGE_SIGNATURE));
  cr_expect(expected.pinned);
  cr_expect_eq(two->only_answer, ANSWER_NONE);
  cr_expect_eq(two->line, 2);
  cr_expect_eq(corpus.tokens[0].only_answer, REASON_OK);
  cr_expect_not(corpus_expectation(&corpus, &corpus.tokens[2]).pinned, "not by its class");
  const struct corpus_variant *late = &corpus.variants[two->variant];
  assert_text(&corpus, late->group, "registered-claims");
  assert_text(&corpus, late->class_id, "exp-past");
  assert_text(&corpus, late->name, "late");
  assert_text(&corpus, late->sentence, "Late.");
  assert_text(&corpus, late->reference, "RFC 7519 4.1.4");
  assert_text(&corpus, late->brief, "expired tokens");
  cr_expect_eq(late->severity, SEVERITY_CONTEXT);
  cr_expect_eq(corpus.variants[corpus.tokens[0].variant].severity, SEVERITY_NONE, "not told");
  cr_expect_eq(late->tokens, 2);
  cr_expect_eq(corpus.tokens[2].verdict, EXPECT_ANY);
  cr_expect_eq(corpus.tokens[2].alg, ASSAY_ALG_NONE);
  cr_expect_eq(corpus.tokens[2].now, CORPUS_NOW_UNSET);
  cr_expect_eq(corpus_find(&corpus, BYTES_LIT("four")), 3);
  cr_expect_eq(corpus_find(&corpus, BYTES_LIT("fou")), CORPUS_NONE);
  corpus_close(&corpus);
  fixture_remove(folder);
}

static void assert_key(const struct corpus *corpus, uint32_t setting, uint32_t nth, const char *iss,
                       const char *jwks) {
  cr_assert_lt(nth, corpus->settings[setting].key_count);
  const struct corpus_key *key = &corpus->keys[corpus->settings[setting].first_key + nth];
  assert_text(corpus, key->iss, iss);
  assert_text(corpus, key->jwks, jwks);
}

Test(store, own_keys_and_policies_become_settings) {
  const char *folder = fixture_folder();
  struct corpus corpus;
  cr_assert(corpus_open(&corpus, written(folder), NULL));
  cr_expect_eq(corpus.tokens[0].setting, 0);
  cr_expect_eq(corpus.tokens[3].setting, 0);
  assert_text(&corpus, corpus.settings[0].policy, POLICY);
  assert_key(&corpus, 0, 0, "https://a.example", "{\"keys\":[1]}");
  assert_key(&corpus, 0, 1, "https://b.example", "{\"keys\":[2]}");
  /* own keys, default policy: one issuer's keys are replaced */
  uint32_t own_keys = corpus.tokens[1].setting;
  assert_text(&corpus, corpus.settings[own_keys].policy, POLICY);
  assert_key(&corpus, own_keys, 0, "https://a.example", "{\"keys\":[1]}");
  assert_key(&corpus, own_keys, 1, "https://b.example", "{\"keys\":[3]}");
  /* own policy: the default keys of a known issuer, and those that stood in the policy itself */
  uint32_t own_policy = corpus.tokens[2].setting;
  assert_text(&corpus, corpus.settings[own_policy].policy,
              "{\"issuers\":[{\"iss\":\"https://a.example\"},{\"iss\":\"n\"}]}");
  assert_key(&corpus, own_policy, 0, "https://a.example", "{\"keys\":[1]}");
  assert_key(&corpus, own_policy, 1, "n", "{\"keys\":[]}");
  corpus_close(&corpus);
  fixture_remove(folder);
}

Test(store, same_settings_are_stored_once) {
  struct casebook book;
  fill(&book);
  struct corpus_case again = make_case("five", "y", 1, EXPECT_ACCEPT, REASON_OK);
  again.keys = copy("{ \"https://b.example\" : {\"keys\":[3]} }"); /* written otherwise */
  add(&book, again);
  cr_expect_eq(book.setting_count, 3);
  cr_expect_eq(book.cases[4].setting, book.cases[1].setting);
  book_fini(&book);
}

/* ---- damage ---- */

static struct assay_bytes index_of(const char *corpus) {
  return fixture_read(corpus, "tokens.idx");
}

static void touch(const struct corpus *corpus, struct corpus_span span) {
  static volatile uint8_t sink;
  struct assay_bytes bytes = corpus_bytes(corpus, span);
  for (size_t i = 0; i < bytes.len; i++)
    sink = bytes.ptr[i];
  (void)sink;
}

/* Reads everything that an open corpus offers: outside of the mappings this would crash. */
static void read_all(const struct corpus *corpus) {
  for (uint64_t i = 0; i < corpus->header->token_count; i++) {
    const struct corpus_token *token = &corpus->tokens[i];
    touch(corpus, token->token);
    touch(corpus, token->id);
    touch(corpus, corpus->variants[token->variant].sentence);
    cr_assert(token->after == CORPUS_NONE || token->after < corpus->header->token_count);
    const struct corpus_setting *setting = &corpus->settings[token->setting];
    touch(corpus, setting->policy);
    for (uint32_t j = 0; j < setting->key_count; j++)
      touch(corpus, corpus->keys[setting->first_key + j].jwks);
  }
}

static void open_and_read(const char *path) {
  struct corpus corpus;
  struct assay_error error = {0};
  if (corpus_open(&corpus, path, &error)) {
    read_all(&corpus);
    corpus_close(&corpus);
  } else {
    cr_assert_neq(error.text[0], '\0');
    cr_assert_null(corpus.header, "a refused corpus is closed");
  }
}

Test(store, a_cut_index_is_refused_at_every_length) {
  const char *folder = fixture_folder(), *path = written(folder);
  struct assay_bytes idx = index_of(path);
  struct corpus corpus;
  for (size_t len = 0; len < idx.len; len++) {
    struct assay_error error = {0};
    fixture_write(path, "tokens.idx", idx.ptr, len);
    cr_assert_not(corpus_open(&corpus, path, &error), "opened at %zu of %zu bytes", len, idx.len);
    cr_assert_not_null(strstr(error.text, "tokens.idx"), "%s", error.text);
  }
  free((void *)idx.ptr);
  fixture_remove(folder);
}

Test(store, a_cut_bin_is_refused_at_every_length) {
  const char *folder = fixture_folder(), *path = written(folder);
  struct assay_bytes bin = fixture_read(path, "tokens.bin");
  struct corpus corpus;
  for (size_t len = 0; len < bin.len; len++) {
    fixture_write(path, "tokens.bin", bin.ptr, len);
    cr_assert_not(corpus_open(&corpus, path, NULL), "opened at %zu of %zu bytes", len, bin.len);
  }
  free((void *)bin.ptr);
  fixture_remove(folder);
}

Test(store, any_flipped_byte_of_the_index_is_harmless) {
  const char *folder = fixture_folder(), *path = written(folder);
  struct assay_bytes idx = index_of(path);
  uint8_t *bytes = (uint8_t *)idx.ptr;
  static const uint8_t masks[] = {0x01, 0x80, 0xff};
  for (size_t i = 0; i < idx.len; i++)
    for (size_t m = 0; m < sizeof masks; m++) {
      bytes[i] ^= masks[m];
      fixture_write(path, "tokens.idx", bytes, idx.len);
      open_and_read(path);
      bytes[i] ^= masks[m];
    }
  free(bytes);
  fixture_remove(folder);
}

/* A damaged index, and the sentence that tells of it. */
struct damage {
  const char *folder, *path;
  uint8_t *bytes;
  size_t len;
  struct corpus_header *header;
  struct corpus_token *tokens;
  struct corpus_variant *variants;
  struct corpus_setting *settings;
  struct corpus_key *keys;
};

static struct damage begin_damage(void) {
  struct damage d = {.folder = fixture_folder()};
  d.path = written(d.folder);
  struct assay_bytes idx = index_of(d.path);
  d.bytes = (uint8_t *)idx.ptr;
  d.len = idx.len;
  d.header = (struct corpus_header *)d.bytes;
  d.tokens = (struct corpus_token *)(d.bytes + d.header->tokens_at);
  d.variants = (struct corpus_variant *)(d.bytes + d.header->variants_at);
  d.settings = (struct corpus_setting *)(d.bytes + d.header->settings_at);
  d.keys = (struct corpus_key *)(d.bytes + d.header->keys_at);
  return d;
}

static void end_damage(struct damage *d, const char *sentence) {
  struct corpus corpus;
  struct assay_error error = {0};
  char expected[1024];
  fixture_write(d->path, "tokens.idx", d->bytes, d->len);
  snprintf(expected, sizeof expected, "%s/tokens.idx: %s", d->path, sentence);
  cr_assert_not(corpus_open(&corpus, d->path, &error));
  cr_expect_str_eq(error.text, expected);
  free(d->bytes);
  fixture_remove(d->folder);
}

#define DAMAGE(name, sentence, ...)                                                                          \
  Test(store_damage, name) {                                                                                 \
    struct damage d = begin_damage();                                                                        \
    __VA_ARGS__;                                                                                             \
    end_damage(&d, sentence);                                                                                \
  }

DAMAGE(magic, "not the index of a corpus", d.header->magic[0] = 'x')
DAMAGE(byte_order, "written in another byte order; import tokens.jsonl on this machine",
       d.header->byte_order = 0x04030201)
DAMAGE(
    version,
    "format version 1, but this assay reads version 3; generate the corpus again, or import its tokens.jsonl",
    d.header->version = 1)
DAMAGE(no_tokens, "the corpus has no token", d.header->token_count = 0)
DAMAGE(huge_count, "cut off: the table of tokens should have 9223372036854775807 records",
       d.header->token_count = INT64_MAX)
DAMAGE(table_outside, "the table of keys begins at byte 18446744073709551608, which cannot be",
       d.header->keys_at = UINT64_MAX - 7)
DAMAGE(table_unaligned, "the table of variants begins at byte 90, which cannot be",
       d.header->variants_at = 90)
DAMAGE(table_in_header, "the table of settings begins at byte 0, which cannot be", d.header->settings_at = 0)
DAMAGE(token_outside, "token 2 points outside tokens.bin", d.tokens[2].token.at = UINT64_MAX)
DAMAGE(token_too_long, "token 0 points outside tokens.bin", d.tokens[0].token.len = UINT32_MAX)
DAMAGE(id_outside, "token 1 points outside tokens.bin", d.tokens[1].id.at = d.header->bin_bytes - 1)
DAMAGE(token_variant, "token 3 names a variant that is not there", d.tokens[3].variant = 2)
DAMAGE(token_setting, "token 3 names a setting that is not there", d.tokens[3].setting = 3)
DAMAGE(token_after, "token 0 is to follow a token that is not there", d.tokens[0].after = 4)
DAMAGE(token_after_itself, "token 1 is to follow a token that is not there", d.tokens[1].after = 1)
DAMAGE(token_alg, "token 0 has an unknown algorithm", d.tokens[0].alg = ASSAY_ALG_NONE + 1)
DAMAGE(token_verdict, "token 0 expects no known verdict and reason", d.tokens[0].verdict = VERDICT_CRASH)
DAMAGE(token_reasons, "token 1 expects no known verdict and reason", d.tokens[1].first_reason = 1)
DAMAGE(token_reasons_far, "token 1 expects no known verdict and reason",
       d.tokens[1].first_reason = UINT32_MAX)
DAMAGE(token_reason_count, "token 1 expects no known verdict and reason",
       d.tokens[1].reason_count = UINT16_MAX)
DAMAGE(token_reason_of_accept, "token 0 expects no known verdict and reason", d.tokens[0].reason_count = 1)
DAMAGE(token_only_answer, "token 0 expects no known verdict and reason", d.tokens[0].only_answer = 1)
DAMAGE(token_pinned, "token 1 expects no known verdict and reason", d.tokens[1].pinned = 2)
DAMAGE(token_now, "token 3 has a clock beyond 2^53 - 1 seconds", d.tokens[3].now = INT64_MAX)
DAMAGE(reason_unknown, "reason 0 is none that is known",
       ((uint16_t *)(d.bytes + d.header->reasons_at))[0] = 799)
DAMAGE(reason_of_no_stage, "reason 0 is none that is known",
       ((uint16_t *)(d.bytes + d.header->reasons_at))[0] = 2000)
DAMAGE(variant_outside, "variant 1 points outside tokens.bin", d.variants[1].reference.at = UINT64_MAX)
DAMAGE(setting_outside, "setting 0 points outside tokens.bin", d.settings[0].policy.len = UINT32_MAX)
DAMAGE(setting_keys, "setting 1 names key sets that are not there", d.settings[1].first_key = UINT32_MAX)
DAMAGE(setting_key_count, "setting 0 names key sets that are not there", d.settings[0].key_count = UINT32_MAX)
DAMAGE(key_outside, "key set 0 points outside tokens.bin", d.keys[0].jwks.at = UINT64_MAX)

Test(store, another_bin_is_refused) {
  const char *folder = fixture_folder(), *path = written(folder);
  struct assay_error error = {0};
  struct corpus corpus;
  char expected[512];
  fixture_write_str(path, "tokens.bin", "x");
  cr_assert_not(corpus_open(&corpus, path, &error));
  snprintf(expected, sizeof expected, "%s/tokens.idx: belongs to a tokens.bin of", path);
  cr_expect_eq(strncmp(error.text, expected, strlen(expected)), 0, "%s", error.text);
  fixture_remove(folder);
}

Test(store, missing_files_are_named) {
  const char *folder = fixture_folder();
  struct assay_error error = {0};
  struct corpus corpus;
  char expected[512];
  cr_assert_not(corpus_open(&corpus, folder, &error));
  snprintf(expected, sizeof expected, "%s/tokens.idx: No such file or directory", folder);
  cr_expect_str_eq(error.text, expected);
  fixture_remove(folder);
}

/* ---- where it is written ---- */

Test(store, an_older_corpus_is_replaced_and_a_stranger_is_not) {
  const char *folder = fixture_folder(), *path = written(folder);
  struct casebook book;
  struct assay_error error = {0};
  struct corpus corpus;
  fill(&book);
  cr_assert(corpus_write(&book, path, 1, NULL, &error), "%s", error.text);
  cr_assert(corpus_open(&corpus, path, &error), "%s", error.text);
  corpus_close(&corpus);
  const char *other = fixture_path(folder, "other");
  cr_assert(file_make_dirs(other, NULL));
  fixture_write_str(other, "precious", "data");
  cr_assert_not(corpus_write(&book, other, 1, NULL, &error));
  cr_expect_not_null(strstr(error.text, "neither empty nor a corpus, so it is left alone"), "%s", error.text);
  free((void *)fixture_read(other, "precious").ptr);
  fixture_write_str(path, "keys/notes.txt", "data");
  cr_assert_not(corpus_write(&book, path, 1, NULL, &error));
  cr_expect_not_null(strstr(error.text, "keys/notes.txt in it is no part of a corpus"), "%s", error.text);
  free((void *)fixture_read(path, "keys/notes.txt").ptr);
  book_fini(&book);
  fixture_remove(folder);
}

Test(store, an_interrupted_corpus_leaves_nothing) {
  const char *folder = fixture_folder();
  volatile sig_atomic_t stop = 1;
  struct casebook book;
  struct assay_error error = {0};
  fill(&book);
  cr_assert_not(corpus_write(&book, fixture_path(folder, "corpus"), 1, &stop, &error));
  cr_expect_str_eq(error.text, "interrupted; no corpus was left");
  cr_expect_eq(rmdir(folder), 0, "something was left behind");
  book_fini(&book);
}

Test(store, a_corpus_without_cases_is_not_written) {
  const char *folder = fixture_folder();
  struct casebook book = {.profile = "test", .clock = CORPUS_NOW_UNSET};
  struct assay_error error = {0};
  cr_assert_not(corpus_write(&book, fixture_path(folder, "corpus"), 1, NULL, &error));
  cr_expect_str_eq(error.text, "there is no case to write");
  cr_expect_eq(rmdir(folder), 0);
}
