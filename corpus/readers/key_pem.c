/* The lines around the blocks; the base64 between them is Nettle's, the DER in it libtasn1's. */
#include "corpus/readers/key_pem.h"

#include <nettle/base64.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/base/fatal.h"
#include "corpus/readers/key_der.h"

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"
#define LABEL_MAX 64

/* One block of a text. */
struct block {
  char label[LABEL_MAX];
  struct assay_bytes body; /* the base64, with its line ends */
  size_t line;             /* of its BEGIN, from 1 */
  size_t end;              /* where the text goes on behind it */
};

static const uint8_t *find_words(struct assay_bytes text, size_t at, const char *words) {
  return at < text.len ? memmem(text.ptr + at, text.len - at, words, strlen(words)) : NULL;
}

bool key_pem_begins(struct assay_bytes text) {
  return find_words(text, 0, BEGIN) != NULL;
}

static size_t line_at(struct assay_bytes text, size_t at) {
  size_t line = 1;
  for (size_t i = 0; i < at; i++)
    line += text.ptr[i] == '\n';
  return line;
}

static bool read_label(struct assay_bytes text, size_t at, struct block *block) {
  const uint8_t *dashes = find_words(text, at, DASHES);
  size_t len = dashes ? (size_t)(dashes - text.ptr) - at : LABEL_MAX;
  if (len >= LABEL_MAX || memchr(text.ptr + at, '\n', len))
    return false;
  memcpy(block->label, text.ptr + at, len);
  block->label[len] = '\0';
  return true;
}

/* What the label promises (RFC 7468 4, 5 and 13; RFC 8017 keys by custom); DER_UNKNOWN: no public key. */
static enum der_form form_of(const char *label) {
  static const struct {
    const char *label;
    enum der_form form;
  } forms[] = {{"PUBLIC KEY", DER_SPKI},
               {"RSA PUBLIC KEY", DER_RSA_KEY},
               {"CERTIFICATE", DER_CERTIFICATE},
               {"X509 CERTIFICATE", DER_CERTIFICATE}};
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
    if (strcmp(label, forms[i].label) == 0)
      return forms[i].form;
  return DER_UNKNOWN;
}

/* Names a block that is no public key. */
static bool refuse(const struct block *block, struct assay_error *error) {
  if (strstr(block->label, "OPENSSH PRIVATE"))
    return error_set(error, "an OpenSSH private key: give the public one, and keep this one to its owner");
  if (strstr(block->label, "PRIVATE KEY"))
    return error_set(error,
                     "a private key ('%s'): give the public one, which `openssl pkey -in FILE -pubout` "
                     "writes, and keep this one to its owner",
                     block->label);
  if (strcmp(block->label, "CERTIFICATE REQUEST") == 0 ||
      strcmp(block->label, "NEW CERTIFICATE REQUEST") == 0)
    return error_set(error, "a certificate request, not yet a certificate");
  return error_set(error, "a PEM block of the kind '%s', which holds no public key for tokens", block->label);
}

/* A private key often stands behind its curve, and that one is the thing to name. */
static bool is_preamble(const struct block *block) {
  return strcmp(block->label, "EC PARAMETERS") == 0;
}

/* The next block from `at` on. *more: there is one. False and a sentence where it is cut off, or of a kind
 * that holds no public key: a private key is named whether it is whole or not. */
static bool next_block(struct assay_bytes text, size_t at, struct block *block, bool *more,
                       struct assay_error *error) {
  char closing[LABEL_MAX + 16];
  const uint8_t *begin = find_words(text, at, BEGIN);
  *more = begin != NULL;
  if (!begin)
    return true;
  size_t label = (size_t)(begin - text.ptr) + strlen(BEGIN);
  block->line = line_at(text, label);
  if (!read_label(text, label, block))
    return error_set(error, "a PEM block begins whose name does not end");
  if (form_of(block->label) == DER_UNKNOWN && !is_preamble(block))
    return refuse(block, error);
  size_t body = label + strlen(block->label) + strlen(DASHES);
  snprintf(closing, sizeof closing, END "%s" DASHES, block->label);
  const uint8_t *end = find_words(text, body, closing);
  if (!end)
    return error_set(error, "the PEM block '%s' has no END line: the file is cut off", block->label);
  block->body = bytes_of(text.ptr + body, (size_t)(end - text.ptr) - body);
  block->end = (size_t)(end - text.ptr) + strlen(closing);
  return true;
}

/* For free(); ptr NULL where it is no base64. */
static struct assay_bytes decode_body(struct assay_bytes body) {
  struct base64_decode_ctx decoder;
  size_t len = 0;
  uint8_t *octets = must(malloc(BASE64_DECODE_LENGTH(body.len) + 1));
  base64_decode_init(&decoder);
  if (base64_decode_update(&decoder, &len, octets, body.len, (const char *)body.ptr) &&
      base64_decode_final(&decoder) && len > 0)
    return bytes_of(octets, len);
  free(octets);
  return (struct assay_bytes){0};
}

static bool add_block(const struct block *block, const char *kid, json_t *keys, struct assay_error *error) {
  struct assay_bytes der = decode_body(block->body);
  if (!der.ptr)
    return error_set(error, "the PEM block '%s' is not base64", block->label);
  bool ok = key_der_add(form_of(block->label), der, kid, keys, error);
  free((void *)der.ptr);
  return ok;
}

bool key_pem_add(struct assay_bytes text, const char *kid, json_t *keys, size_t *line,
                 struct assay_error *error) {
  struct block block = {.line = 1};
  size_t count = 0;
  for (bool more;;) {
    bool ok = next_block(text, block.end, &block, &more, error);
    *line = block.line;
    if (!ok)
      return false;
    if (!more)
      return count > 0 || error_set(error, "PEM without a key");
    if (is_preamble(&block))
      continue;
    if (kid && ++count > 1)
      return error_set(error, "more than one key stands under the kid '%.100s'", kid);
    count += !kid;
    if (!add_block(&block, kid, keys, error))
      return false;
  }
}
