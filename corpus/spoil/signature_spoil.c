/* What the hooks that spoil signatures share; see signature_spoil.h. */
#include "corpus/spoil/signature_spoil.h"

#include "corpus/make/draft_tools.h"

void signature_set(struct draft *draft, const uint8_t *octets, size_t len) {
  text_set(&draft->signature, octets, len);
}

void signature_fill(struct draft *draft, uint8_t octet, size_t len) {
  text_clear(&draft->signature);
  for (size_t i = 0; i < len; i++)
    text_add(&draft->signature, &octet, 1);
}

uint8_t *signature_second_half(struct draft *draft) {
  return draft->signature.ptr + draft->signature.len / 2;
}

void digest_input(const struct draft *draft, const struct nettle_hash *hash, uint8_t *digest) {
  OWNED_BYTES struct text input = {0};
  draft_signing_input(draft, &input);
  forge_digest(hash, bytes_of(input.ptr, input.len), digest);
}
