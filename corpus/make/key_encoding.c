/* DER, PEM and SSH by hand; see key_encoding.h. */
#include "corpus/make/key_encoding.h"

#include <nettle/base64.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"

#define SERIAL_OCTETS 16

enum {
  TAG_INTEGER = 0x02,
  TAG_BIT_STRING = 0x03,
  TAG_NULL = 0x05,
  TAG_OID = 0x06,
  TAG_UTF8 = 0x0c,
  TAG_TIME = 0x17,
  TAG_SEQUENCE = 0x30,
  TAG_SET = 0x31
};

/* An object identifier's content octets. */
#define OID(literal) BYTES_LIT(literal)

struct key_facts {
  struct assay_bytes key_oid;   /* algorithm of the SPKI */
  struct assay_bytes curve_oid; /* its parameter; empty: none, or NULL for RSA */
  struct assay_bytes sign_oid;  /* algorithm of a certificate's signature */
  enum assay_alg sign_alg;
  const char *ssh; /* NULL: SSH has none */
};

#define EC_KEY "\x2a\x86\x48\xce\x3d\x02\x01"
#define EC_SHA256 "\x2a\x86\x48\xce\x3d\x04\x03\x02"
#define EC_SHA384 "\x2a\x86\x48\xce\x3d\x04\x03\x03"
#define EC_SHA512 "\x2a\x86\x48\xce\x3d\x04\x03\x04"
#define RSA_KEY "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
#define RSA_SHA256 "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"
#define ED25519_KEY "\x2b\x65\x70"
#define ED448_KEY "\x2b\x65\x71"

/* RFC 3279 2.3, RFC 5480 2.1.1, SEC 2 A.2.1, RFC 8410 3. */
static const struct key_facts *facts_of(const struct signing_key *key) {
  static const struct key_facts facts[] = {
      [KEY_RSA] = {OID(RSA_KEY), {0}, OID(RSA_SHA256), ASSAY_RS256, "ssh-rsa"},
      [KEY_P256] = {OID(EC_KEY), OID("\x2a\x86\x48\xce\x3d\x03\x01\x07"), OID(EC_SHA256), ASSAY_ES256,
                    "nistp256"},
      [KEY_P384] = {OID(EC_KEY), OID("\x2b\x81\x04\x00\x22"), OID(EC_SHA384), ASSAY_ES384, "nistp384"},
      [KEY_P521] = {OID(EC_KEY), OID("\x2b\x81\x04\x00\x23"), OID(EC_SHA512), ASSAY_ES512, "nistp521"},
      [KEY_SECP256K1] = {OID(EC_KEY), OID("\x2b\x81\x04\x00\x0a"), OID(EC_SHA256), ASSAY_ES256K, NULL},
      [KEY_ED25519] = {OID(ED25519_KEY), {0}, OID(ED25519_KEY), ASSAY_ED25519, "ssh-ed25519"},
      [KEY_ED448] = {OID(ED448_KEY), {0}, OID(ED448_KEY), ASSAY_ED448, NULL},
  };
  if (key->kind == KEY_OCT)
    fatal("a symmetric key has no public encoding");
  return &facts[key->kind];
}

/* ---- DER ---- */

/* Everything from `at` on becomes the content of one element. */
static void der_wrap(struct text *out, size_t at, uint8_t tag) {
  size_t len = out->len - at;
  uint8_t head[6] = {tag};
  size_t used = 2;
  if (len < 0x80) {
    head[1] = (uint8_t)len;
  } else {
    size_t octets = len < 0x100 ? 1 : len < 0x10000 ? 2 : 3;
    head[1] = (uint8_t)(0x80 | octets);
    for (size_t i = octets; i-- > 0;)
      head[used++] = (uint8_t)(len >> 8 * i);
  }
  text_insert(out, at, head, used);
}

static void der_add(struct text *out, uint8_t tag, struct assay_bytes content) {
  size_t at = out->len;
  text_add(out, content.ptr, content.len);
  der_wrap(out, at, tag);
}

static struct assay_bytes without_zeros(struct assay_bytes number) {
  while (number.len > 1 && number.ptr[0] == 0)
    number = bytes_of(number.ptr + 1, number.len - 1);
  return number;
}

/* A number without sign, in as few octets as it needs (X.690 8.3). */
static void der_add_uint(struct text *out, struct assay_bytes number) {
  size_t at = out->len;
  number = without_zeros(number);
  if (number.ptr[0] & 0x80)
    text_add(out, "", 1);
  text_add(out, number.ptr, number.len);
  der_wrap(out, at, TAG_INTEGER);
}

static void der_add_algorithm(struct text *out, struct assay_bytes oid, struct assay_bytes curve, bool null) {
  size_t at = out->len;
  der_add(out, TAG_OID, oid);
  if (curve.len)
    der_add(out, TAG_OID, curve);
  if (null)
    der_add(out, TAG_NULL, bytes_of("", 0));
  der_wrap(out, at, TAG_SEQUENCE);
}

/* ---- public keys ---- */

void key_add_pkcs1(const struct signing_key *key, struct text *out) {
  size_t at = out->len;
  der_add_uint(out, key->n);
  der_add_uint(out, key->e);
  der_wrap(out, at, TAG_SEQUENCE);
}

void key_add_point(const struct signing_key *key, bool compressed, struct text *out) {
  if (key->y.len) {
    uint8_t head = compressed ? (uint8_t)(2 + (key->y.ptr[key->y.len - 1] & 1)) : 4;
    text_add(out, &head, 1);
  }
  text_add(out, key->x.ptr, key->x.len);
  if (!compressed)
    text_add(out, key->y.ptr, key->y.len);
}

void key_add_spki(const struct signing_key *key, struct text *out) {
  const struct key_facts *facts = facts_of(key);
  size_t at = out->len;
  der_add_algorithm(out, facts->key_oid, facts->curve_oid, key->kind == KEY_RSA);
  size_t bits = out->len;
  text_add(out, "", 1); /* no unused bits */
  if (key->kind == KEY_RSA)
    key_add_pkcs1(key, out);
  else
    key_add_point(key, false, out);
  der_wrap(out, bits, TAG_BIT_STRING);
  der_wrap(out, at, TAG_SEQUENCE);
}

/* ---- text ---- */

void text_add_base64(struct text *out, const void *octets, size_t len) {
  size_t room = BASE64_ENCODE_RAW_LENGTH(len);
  char *line = must(malloc(room + 1));
  base64_encode_raw(line, len, octets);
  text_add(out, line, room);
  free(line);
}

void text_add_pem(struct text *out, const char *label, const char *newline, const struct text *der) {
  OWNED_BYTES struct text body = {0};
  text_add_base64(&body, der->ptr, der->len);
  text_addf(out, "-----BEGIN %s-----%s", label, newline);
  for (size_t at = 0; at < body.len; at += 64) {
    text_add(out, body.ptr + at, body.len - at < 64 ? body.len - at : 64);
    text_add_str(out, newline);
  }
  text_addf(out, "-----END %s-----%s", label, newline);
}

/* ---- SSH ---- */

static void ssh_add(struct text *out, struct assay_bytes octets, bool number) {
  bool zero = number && octets.ptr[0] & 0x80; /* mpint: two's complement (RFC 4251 5) */
  size_t len = octets.len + zero;
  const uint8_t head[] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8), (uint8_t)len, 0};
  text_add(out, head, 4 + zero);
  text_add(out, octets.ptr, octets.len);
}

void key_add_ssh(const struct signing_key *key, struct text *out) {
  const char *name = facts_of(key)->ssh;
  OWNED_BYTES struct text blob = {0}, kind = {0}, point = {0};
  if (!name)
    fatal("SSH has no form for a key of kind %d", (int)key->kind);
  text_addf(&kind, "%s%s", key->y.len ? "ecdsa-sha2-" : "", name);
  ssh_add(&blob, bytes_of(kind.ptr, kind.len), false);
  if (key->kind == KEY_RSA) {
    ssh_add(&blob, key->e, true);
    ssh_add(&blob, key->n, true);
  } else {
    if (key->y.len)
      ssh_add(&blob, bytes_str(name), false);
    key_add_point(key, false, &point);
    ssh_add(&blob, bytes_of(point.ptr, point.len), false);
  }
  text_add(out, kind.ptr, kind.len);
  text_add_str(out, " ");
  text_add_base64(out, blob.ptr, blob.len);
}

/* ---- certificates (RFC 5280 4.1) ---- */

static void der_add_name(struct text *out, const char *common_name) {
  size_t at = out->len;
  der_add(out, TAG_OID, OID("\x55\x04\x03"));
  der_add(out, TAG_UTF8, bytes_str(common_name));
  der_wrap(out, at, TAG_SEQUENCE);
  der_wrap(out, at, TAG_SET);
  der_wrap(out, at, TAG_SEQUENCE);
}

static void der_add_tbs(const struct signing_key *subject, const char *subject_name,
                        const struct key_facts *facts, bool rsa_issuer, const char *issuer_name,
                        struct rng *random, struct text *out) {
  uint8_t serial[SERIAL_OCTETS];
  size_t at = out->len, times;
  rng_bytes(random, serial, sizeof serial);
  serial[0] |= 1;
  der_add_uint(out, bytes_of(serial, sizeof serial));
  der_add_algorithm(out, facts->sign_oid, bytes_of("", 0), rsa_issuer);
  der_add_name(out, issuer_name);
  times = out->len;
  der_add(out, TAG_TIME, BYTES_LIT("250101000000Z"));
  der_add(out, TAG_TIME, BYTES_LIT("491231235959Z"));
  der_wrap(out, times, TAG_SEQUENCE);
  der_add_name(out, subject_name);
  key_add_spki(subject, out);
  der_wrap(out, at, TAG_SEQUENCE);
}

/* An ECDSA signature is a sequence of two numbers outside JOSE (RFC 3279 2.2.3). */
static void der_add_signature(const struct signing_key *issuer, const uint8_t *sig, size_t len,
                              struct text *out) {
  size_t at = out->len;
  text_add(out, "", 1);
  if (issuer->y.len) {
    der_add_uint(out, bytes_of(sig, len / 2));
    der_add_uint(out, bytes_of(sig + len / 2, len / 2));
    der_wrap(out, at + 1, TAG_SEQUENCE);
  } else {
    text_add(out, sig, len);
  }
  der_wrap(out, at, TAG_BIT_STRING);
}

void key_add_certificate(const struct signing_key *subject, const char *subject_name,
                         const struct signing_key *issuer, const char *issuer_name, struct rng *random,
                         struct text *out) {
  const struct key_facts *facts = facts_of(issuer);
  bool rsa = issuer->kind == KEY_RSA;
  uint8_t sig[ASSAY_SIGNATURE_BYTES_MAX];
  size_t at = out->len;
  der_add_tbs(subject, subject_name, facts, rsa, issuer_name, random, out);
  size_t len = signing_key_sign(issuer, facts->sign_alg, bytes_of(out->ptr + at, out->len - at), random, sig);
  der_add_algorithm(out, facts->sign_oid, bytes_of("", 0), rsa);
  der_add_signature(issuer, sig, len, out);
  der_wrap(out, at, TAG_SEQUENCE);
}
