/* Reads headers leniently: what cannot be read has no algorithm, and is somebody's test all the same. */
#include "corpus/store/token_alg.h"

#include <nettle/base64.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"

#define HEADER_CHARS_MAX (1 << 20)

static json_t *header_json(struct assay_bytes token) {
  struct base64_decode_ctx decoder;
  const uint8_t *dot = token.len ? memchr(token.ptr, '.', token.len) : NULL;
  size_t chars = dot ? (size_t)(dot - token.ptr) : 0, octets = BASE64_DECODE_LENGTH(chars);
  if (chars == 0 || chars > HEADER_CHARS_MAX)
    return NULL;
  char *text = must(malloc(octets + 1));
  base64url_decode_init(&decoder);
  bool decoded = base64_decode_update(&decoder, &octets, (uint8_t *)text, chars, (const char *)token.ptr);
  json_t *json = decoded ? json_loadb(text, octets, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL) : NULL;
  free(text);
  return json;
}

static char *string_of(const json_t *header, const char *name) {
  const char *text = json_string_value(json_object_get(header, name));
  return text ? must(strdup(text)) : NULL;
}

void token_header_read(struct assay_bytes token, struct token_header *header) {
  json_t *json = header_json(token);
  const json_t *alg = json_object_get(json, "alg");
  *header = (struct token_header){.alg = JOSE_ALG_COUNT,
                                  .alg_text = string_of(json, "alg"),
                                  .kid = string_of(json, "kid"),
                                  .is_readable = json_is_object(json)};
  if (json_is_string(alg))
    header->alg = jose_alg_by_name(bytes_of(json_string_value(alg), json_string_length(alg)));
  json_decref(json);
}

void token_header_fini(struct token_header *header) {
  free(header->alg_text);
  free(header->kid);
}

static bool is_curve(const json_t *jwk, const char *name) {
  const char *crv = json_string_value(json_object_get(jwk, "crv"));
  return crv && strcmp(crv, name) == 0;
}

/* Whether the token's key in this set is one of Ed448: the one that kid names, or, without kid, any where no
 * key of Ed25519 is. */
static bool set_says_ed448(const char *text, size_t len, const char *kid) {
  json_t *set = json_loadb(text, len, 0, NULL), *jwk;
  bool has_448 = false, has_25519 = false;
  size_t i;
  json_array_foreach(json_object_get(set, "keys"), i, jwk) {
    const char *own = json_string_value(json_object_get(jwk, "kid"));
    if (kid && (!own || strcmp(own, kid) != 0))
      continue;
    has_448 = has_448 || is_curve(jwk, "Ed448");
    has_25519 = has_25519 || is_curve(jwk, "Ed25519");
  }
  json_decref(set);
  return has_448 && !has_25519;
}

static bool key_is_ed448(const struct casebook *book, uint32_t number, const char *kid) {
  const struct corpus_setting *setting = &book->settings[number];
  for (uint32_t i = 0; i < setting->key_count; i++) {
    struct corpus_span span = book->keys[setting->first_key + i].jwks;
    const char *text = (const char *)book->strings.bytes.ptr + span.at;
    if (span.len && memmem(text, span.len, "Ed448", strlen("Ed448")) && set_says_ed448(text, span.len, kid))
      return true;
  }
  return false;
}

enum assay_alg token_alg_by_length(const char *name, size_t signature) {
  enum jose_alg alg = name ? jose_alg_by_name(bytes_str(name)) : JOSE_ALG_COUNT;
  bool is_448 = signature == assay_alg_info(ASSAY_ED448)->signature_bytes;
  return alg == JOSE_ALG_COUNT ? ASSAY_ALG_NONE : jose_alg_primitive(alg, is_448 ? CURVE_ED448 : CURVE_NONE);
}

unsigned token_rsa_bits(enum assay_alg alg, size_t signature) {
  bool rsa = alg != ASSAY_ALG_NONE && assay_alg_info(alg)->key_type == JWK_RSA;
  return rsa && signature <= ASSAY_RSA_BYTES_MAX ? (unsigned)signature * 8 : 0;
}

enum assay_alg token_alg(const struct casebook *book, uint32_t setting, const struct token_header *header) {
  if (header->alg == JOSE_ALG_COUNT)
    return ASSAY_ALG_NONE;
  bool is_448 = header->alg == JOSE_EDDSA && key_is_ed448(book, setting, header->kid);
  return jose_alg_primitive(header->alg, is_448 ? CURVE_ED448 : CURVE_NONE);
}
