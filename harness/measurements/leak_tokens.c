#include "harness/measurements/leak_tokens.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/random.h"
#include "harness/base/text/base64.h"
#include "harness/pipeline/json/base64url.h"

#define MAC_TEXT 43 /* 32 octets as base64url */
#define TOKEN_BYTES 4096

static const char *const class_names[LEAK_CLASSES] = {"random", "near", "expired", "again"};

/* A token in its three parts, as text. */
struct parts {
  char head[TOKEN_BYTES], payload[TOKEN_BYTES], mac[MAC_TEXT + 1];
};

static bool split(struct assay_bytes token, struct parts *parts) {
  const uint8_t *first = memchr(token.ptr, '.', token.len);
  const uint8_t *second = first ? memrchr(token.ptr, '.', token.len) : NULL;
  if (!first || second == first || token.len >= TOKEN_BYTES ||
      token.ptr + token.len - (second + 1) != MAC_TEXT)
    return false;
  snprintf(parts->head, TOKEN_BYTES, "%.*s", (int)(first - token.ptr), (const char *)token.ptr);
  snprintf(parts->payload, TOKEN_BYTES, "%.*s", (int)(second - first - 1), (const char *)first + 1);
  snprintf(parts->mac, sizeof parts->mac, "%.*s", MAC_TEXT, (const char *)second + 1);
  return true;
}

/* The last octet stands in the last two characters, whose last two bits are zero. Its bits are drawn until it
 * is another. */
static void spoil_last_octet(char *mac, uint64_t *random) {
  static const char characters[] = BASE64URL_ALPHABET;
  char before[2] = {mac[MAC_TEXT - 2], mac[MAC_TEXT - 1]};
  unsigned kept = (unsigned)(strchr(characters, before[0]) - characters) & ~15u;
  do {
    mac[MAC_TEXT - 2] = BASE64URL_ALPHABET[kept | (random_next(random) & 15)];
    mac[MAC_TEXT - 1] = BASE64URL_ALPHABET[random_next(random) & 60];
  } while (memcmp(before, &mac[MAC_TEXT - 2], sizeof before) == 0);
}

static void randomise(char *mac, uint64_t *random) {
  for (int i = 0; i < MAC_TEXT; i++)
    mac[i] = BASE64URL_ALPHABET[random_next(random) & (i < MAC_TEXT - 1 ? 63 : 60)];
}

/* Another year of the same number of digits: 1767... becomes 1067..., a moment of 2003. */
static bool expire(char *payload) {
  uint8_t text[TOKEN_BYTES + BASE64URL_SLACK];
  size_t len = base64url_decoded_bytes(strlen(payload));
  if (base64url_decode(bytes_of(payload, strlen(payload)), text) != REASON_OK)
    return false;
  static const char name[] = "\"exp\":17";
  uint8_t *at = memmem(text, len, name, sizeof name - 1);
  if (!at)
    return false;
  at[sizeof name - 2] = '0';
  base64url_encode(bytes_of(text, len), payload);
  return true;
}

static void write_case(const struct parts *good, int class, unsigned number, uint64_t *random, FILE *stream) {
  struct parts parts = *good;
  if (class == LEAK_NEAR)
    spoil_last_octet(parts.mac, random);
  else
    randomise(parts.mac, random);
  if (class == LEAK_EXPIRED)
    expire(parts.payload);
  fprintf(stream,
          "{\"id\":\"%s/%u\",\"token\":\"%s.%s.%s\",\"class\":\"%s\",\"alg\":\"HS256\","
          "\"expect\":{\"verdict\":\"reject\",\"reason\":\"signature.invalid\"}}\n",
          class_names[class], number, parts.head, parts.payload, parts.mac, class_names[class]);
}

static bool is_usable(const struct corpus *corpus, const struct corpus_token *token, struct parts *parts) {
  struct parts copy;
  if (token->alg != ASSAY_HS256 || token->verdict != EXPECT_ACCEPT || token->setting != 0 ||
      token->after != CORPUS_NONE || !split(corpus_bytes(corpus, token->token), parts))
    return false;
  copy = *parts;
  return expire(copy.payload);
}

static unsigned good_tokens(const struct corpus *corpus, struct parts *good) {
  unsigned count = 0;
  for (uint64_t i = 0; i < corpus->header->token_count && count < LEAK_TOKENS; i++)
    count += is_usable(corpus, &corpus->tokens[i], &good[count]);
  return count;
}

bool leak_tokens_write(const struct corpus *corpus, FILE *stream, struct assay_error *error) {
  struct parts *good = calloc(LEAK_TOKENS, sizeof *good);
  uint64_t random = 0;
  if (!good)
    return error_set(error, "no memory");
  bool ok = good_tokens(corpus, good) == LEAK_TOKENS ||
            error_set(error, "corpus %s has fewer than %d good HS256 tokens to make others from",
                      corpus->folder, LEAK_TOKENS);
  for (unsigned i = 0; ok && i < LEAK_CASES; i++)
    write_case(&good[i % LEAK_TOKENS], (int)(i / LEAK_TOKENS / LEAK_MACS), i, &random, stream);
  free(good);
  return ok;
}
