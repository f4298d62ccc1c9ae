/* --token-bytes sizes good tokens and nothing else: a mutation that grows its token needs the room below the
 * cap. */
#include "corpus/store/store.h"
#include "tests/cli.h"

#define WANTED_BYTES 8000
#define NEARLY 64

static bool is_valid_class(const struct corpus *corpus, const struct corpus_token *token) {
  return bytes_eq_str(corpus_bytes(corpus, corpus->variants[token->variant].class_id), "valid");
}

Test(token_bytes, sizes_good_tokens_and_leaves_every_mutation_as_it_is) {
  const char *folder = fresh_folder();
  struct assay_error error = {0};
  struct corpus natural, sized;
  char path[128];
  const struct ran *made =
      shell(BIN "/assay-corpus generate --out %s/sized --seed 7 --profile small --token-bytes %d 2>&1",
            folder, WANTED_BYTES);
  cr_assert_eq(made->code, 0, "%s", made->out);
  snprintf(path, sizeof path, "%s/sized", folder);
  cr_assert(corpus_open(&natural, test_corpus(), &error), "%s", error.text);
  cr_assert(corpus_open(&sized, path, &error), "%s", error.text);
  cr_assert_eq(natural.header->token_count, sized.header->token_count);
  for (uint64_t i = 0; i < sized.header->token_count; i++) {
    const struct corpus_token *token = &sized.tokens[i];
    struct assay_bytes id = corpus_bytes(&sized, token->id), bytes = corpus_bytes(&sized, token->token);
    if (is_valid_class(&sized, token))
      cr_expect(bytes.len + NEARLY > WANTED_BYTES && bytes.len < WANTED_BYTES + NEARLY, "%.*s has %zu bytes",
                (int)id.len, (const char *)id.ptr, bytes.len);
    else
      cr_expect(bytes_eq(bytes, corpus_bytes(&natural, natural.tokens[i].token)), "%.*s changed", (int)id.len,
                (const char *)id.ptr);
  }
  corpus_close(&natural);
  corpus_close(&sized);
  shell("rm -rf %s", folder);
}
