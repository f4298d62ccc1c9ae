/* Any octets as tokens.idx, beside a tokens.bin of any length: a corpus all of whose records stay within
 * both, or one sentence. The first two octets are the length of tokens.bin. */
#include "corpus/store/store.h"
#include "tests/fuzz_folder.h"

static void span_check(const struct corpus *corpus, struct corpus_span span) {
  promise(span.at <= corpus->bin_bytes && span.len <= corpus->bin_bytes - span.at);
}

static void token_check(const struct corpus *corpus, const struct corpus_token *token) {
  const struct corpus_header *header = corpus->header;
  span_check(corpus, token->token);
  span_check(corpus, token->id);
  promise(token->variant < header->variant_count && token->setting < header->setting_count);
  promise(token->after == CORPUS_NONE || token->after < header->token_count);
  promise(token->alg <= ASSAY_ALG_NONE);
  struct expectation expected = corpus_expectation(corpus, token);
  promise(expectation_only_answer(&expected) == token->only_answer);
  promise(corpus_find(corpus, corpus_bytes(corpus, token->id)) <= token - corpus->tokens);
}

static void variant_check(const struct corpus *corpus, const struct corpus_variant *variant) {
  span_check(corpus, variant->group);
  span_check(corpus, variant->class_id);
  span_check(corpus, variant->name);
  span_check(corpus, variant->sentence);
  span_check(corpus, variant->reference);
}

static void setting_check(const struct corpus *corpus, const struct corpus_setting *setting) {
  span_check(corpus, setting->policy);
  for (uint32_t i = 0; i < setting->key_count; i++) {
    const struct corpus_key *key = &corpus->keys[setting->first_key + i];
    promise(key < corpus->keys + corpus->header->key_count);
    span_check(corpus, key->iss);
    span_check(corpus, key->jwks);
  }
}

static void corpus_check(const struct corpus *corpus) {
  const struct corpus_header *header = corpus->header;
  promise(header->token_count > 0);
  for (uint64_t i = 0; i < header->token_count; i++)
    token_check(corpus, &corpus->tokens[i]);
  for (uint64_t i = 0; i < header->variant_count; i++)
    variant_check(corpus, &corpus->variants[i]);
  for (uint64_t i = 0; i < header->setting_count; i++)
    setting_check(corpus, &corpus->settings[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const uint8_t bin[UINT16_MAX + 1];
  static const char *idx_path, *bin_path;
  struct corpus corpus;
  struct assay_error error = {""};
  if (size < 2)
    return 0;
  if (!idx_path) {
    idx_path = fuzz_file("tokens.idx");
    bin_path = fuzz_file("tokens.bin");
  }
  fuzz_file_write(idx_path, data + 2, size - 2);
  fuzz_file_write(bin_path, bin, (size_t)data[0] << 8 | data[1]);
  bool ok = corpus_open(&corpus, fuzz_folder_path(), &error);
  promise(ok == !*error.text && ok == (corpus.header != NULL));
  if (ok)
    corpus_check(&corpus);
  corpus_close(&corpus);
  return 0;
}
