/* DER into JWKs, by libtasn1; see key_der.h. */
#include "corpus/readers/key_der.h"

#include <libtasn1.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/base/fatal.h"
#include "corpus/base/text.h"
#include "harness/base/alg.h"

extern const asn1_static_node pkix_asn1[]; /* made by asn1Parser from pkix.asn */

/* ---- libtasn1 ---- */

static asn1_node definitions;

static void definitions_load(void) {
  char why[ASN1_MAX_ERROR_DESCRIPTION_SIZE];
  if (asn1_array2tree(pkix_asn1, &definitions, why) != ASN1_SUCCESS)
    fatal("pkix.asn: %s", why);
}

/* NULL where the octets are no strict encoding of that type, or more than
 * one. asn1_delete_structure frees. */
static asn1_node decode(const char *type, struct assay_bytes der) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  asn1_node node = NULL;
  int len = (int)der.len;
  pthread_once(&once, definitions_load);
  if (der.len > INT32_MAX || asn1_create_element(definitions, type, &node) != ASN1_SUCCESS)
    return NULL;
  if (asn1_der_decoding2(&node, der.ptr, &len, ASN1_DECODE_FLAG_STRICT_DER, NULL) == ASN1_SUCCESS &&
      (size_t)len == der.len)
    return node;
  asn1_delete_structure(&node);
  return NULL;
}

/* The content of an element, for free(); ptr NULL where it is not there. Of a BIT STRING
 * whole octets alone. */
static struct assay_bytes value_of(asn1_node node, const char *name) {
  unsigned type = 0;
  int len = 0;
  int outcome = asn1_read_value_type(node, name, NULL, &len, &type);
  if (outcome != ASN1_MEM_ERROR || len <= 0)
    return (struct assay_bytes){0};
  size_t octets = type == ASN1_ETYPE_BIT_STRING ? ((size_t)len + 7) / 8 : (size_t)len;
  uint8_t *content = must(malloc(octets + 1));
  len = (int)octets;
  if (asn1_read_value_type(node, name, content, &len, &type) != ASN1_SUCCESS ||
      (type == ASN1_ETYPE_BIT_STRING && len % 8 != 0)) {
    free(content);
    return (struct assay_bytes){0};
  }
  return bytes_of(content, octets);
}

/* An object identifier in dots; "" where there is none. */
struct oid {
  char text[128];
};

static struct oid oid_of(asn1_node node, const char *name) {
  struct oid oid = {""};
  int len = sizeof oid.text;
  if (asn1_read_value(node, name, oid.text, &len) != ASN1_SUCCESS)
    oid.text[0] = '\0';
  return oid;
}

/* ---- JWKs ---- */

static void set_octets(json_t *jwk, const char *name, struct assay_bytes octets) {
  OWNED_BYTES struct text text = {0};
  text_add_b64url(&text, octets.ptr, octets.len);
  json_object_set_new(jwk, name, must(json_stringn((const char *)text.ptr, text.len)));
}

static json_t *jwk_new(const char *kty, const char *crv) {
  return must(json_pack("{s:s, s:s*}", "kty", kty, "crv", crv));
}

static void add_key(json_t *keys, json_t *jwk, const char *kid) {
  if (kid)
    json_object_set_new(jwk, "kid", must(json_string(kid)));
  json_array_append_new(keys, jwk);
}

/* ---- RSA ---- */

/* Base64urlUInt has no sign and no leading zeros (RFC 7518 2); DER has a zero where the top bit is set. */
static bool set_number(json_t *jwk, const char *name, asn1_node node, const char *element) {
  struct assay_bytes number = value_of(node, element);
  bool ok = number.len > 0 && !(number.ptr[0] & 0x80);
  size_t zeros = 0;
  while (zeros + 1 < number.len && number.ptr[zeros] == 0)
    zeros++;
  if (ok)
    set_octets(jwk, name, bytes_of(number.ptr + zeros, number.len - zeros));
  free((void *)number.ptr);
  return ok;
}

static json_t *rsa_jwk(struct assay_bytes der) {
  asn1_node node = decode("PKIX.RSAPublicKey", der);
  json_t *jwk = jwk_new("RSA", NULL);
  bool ok = node && set_number(jwk, "n", node, "modulus") && set_number(jwk, "e", node, "publicExponent");
  asn1_delete_structure(&node);
  if (ok)
    return jwk;
  json_decref(jwk);
  return NULL;
}

static bool rsa_add(struct assay_bytes key, const char *kid, json_t *keys, struct assay_error *error) {
  json_t *jwk = rsa_jwk(key);
  if (!jwk)
    return error_set(error, "an RSA key whose numbers cannot be read (RFC 8017 A.1.1)");
  add_key(keys, jwk, kid);
  return true;
}

/* Parameters, where there are any, fix the hash (RFC 4055 3.1); where there are none it is the token's
 * choice, but no other padding is. */
static bool pss_add(struct assay_bytes parameters, struct assay_bytes key, const char *kid, json_t *keys,
                    struct assay_error *error) {
  static const struct {
    const char *hash, *alg;
  } hashes[] = {{"2.16.840.1.101.3.4.2.1", "PS256"},
                {"2.16.840.1.101.3.4.2.2", "PS384"},
                {"2.16.840.1.101.3.4.2.3", "PS512"}};
  asn1_node node = parameters.len ? decode("PKIX.PSSParameters", parameters) : NULL;
  struct oid hash = node ? oid_of(node, "hashAlgorithm.algorithm") : (struct oid){""};
  asn1_delete_structure(&node);
  for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
    if (parameters.len && strcmp(hash.text, hashes[i].hash) != 0)
      continue;
    if (!rsa_add(key, kid, keys, error))
      return false;
    json_object_set_new(json_array_get(keys, json_array_size(keys) - 1), "alg",
                        must(json_string(hashes[i].alg)));
    if (parameters.len || kid)
      return true;
  }
  return !parameters.len ||
         error_set(error, "an RSASSA-PSS key for another hash than SHA-256, SHA-384 and SHA-512, which no "
                          "JWS algorithm uses");
}

/* ---- elliptic curves ---- */

static bool point_add(enum assay_alg alg, struct assay_bytes point, const char *kid, json_t *keys,
                      struct assay_error *error) {
  const char *crv = jwk_curve_name(assay_alg_info(alg)->curve);
  size_t octets = assay_alg_info(alg)->key_bytes;
  if (point.len == 1 + octets && (point.ptr[0] == 2 || point.ptr[0] == 3))
    return error_set(error, "an EC key in compressed form, which a JWK has not: `openssl ec -pubin -in FILE "
                            "-conv_form uncompressed` writes it out");
  if (point.len != 1 + 2 * octets || point.ptr[0] != 4)
    return error_set(error, "an EC key whose point has not the length of its curve, %s", crv);
  json_t *jwk = jwk_new("EC", crv);
  set_octets(jwk, "x", bytes_of(point.ptr + 1, octets));
  set_octets(jwk, "y", bytes_of(point.ptr + 1 + octets, octets));
  add_key(keys, jwk, kid);
  return true;
}

/* RFC 5480 2.1.1.1 and SEC 2 A.2. */
static bool ec_add(struct assay_bytes parameters, struct assay_bytes key, const char *kid, json_t *keys,
                   struct assay_error *error) {
  static const struct {
    const char *oid;
    enum assay_alg alg;
  } curves[] = {{"1.2.840.10045.3.1.7", ASSAY_ES256},
                {"1.3.132.0.34", ASSAY_ES384},
                {"1.3.132.0.35", ASSAY_ES512},
                {"1.3.132.0.10", ASSAY_ES256K}};
  asn1_node node = decode("PKIX.ECParameters", parameters);
  struct oid curve = node ? oid_of(node, "namedCurve") : (struct oid){""};
  asn1_delete_structure(&node);
  for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
    if (strcmp(curve.text, curves[i].oid) == 0)
      return point_add(curves[i].alg, key, kid, keys, error);
  if (!curve.text[0])
    return error_set(error, "an EC key that spells its curve out instead of naming it (RFC 5480 2.1.1)");
  return error_set(error, "an EC key on the curve %s, which no JWS algorithm uses", curve.text);
}

static bool edwards_add(enum assay_alg alg, struct assay_bytes key, const char *kid, json_t *keys,
                        struct assay_error *error) {
  const char *crv = jwk_curve_name(assay_alg_info(alg)->curve);
  size_t octets = assay_alg_info(alg)->key_bytes;
  if (key.len != octets)
    return error_set(error, "an %s key of %zu octets instead of %zu", crv, key.len, octets);
  json_t *jwk = jwk_new("OKP", crv);
  set_octets(jwk, "x", key);
  add_key(keys, jwk, kid);
  return true;
}

/* ---- SubjectPublicKeyInfo ---- */

enum pkix_algorithm {
  PKIX_RSA,
  PKIX_RSA_PSS,
  PKIX_EC,
  PKIX_ED25519,
  PKIX_ED448,
  PKIX_NOT_FOR_JWS,
  PKIX_UNKNOWN
};

/* Algorithm identifiers of keys, and how one that signs no JWS is called. */
static const struct algorithm {
  const char *oid;
  enum pkix_algorithm algorithm;
  const char *called;
} algorithms[] = {{"1.2.840.113549.1.1.1", PKIX_RSA, NULL},
                  {"1.2.840.113549.1.1.10", PKIX_RSA_PSS, NULL},
                  {"1.2.840.10045.2.1", PKIX_EC, NULL},
                  {"1.3.101.112", PKIX_ED25519, NULL},
                  {"1.3.101.113", PKIX_ED448, NULL},
                  {"1.2.840.10040.4.1", PKIX_NOT_FOR_JWS, "a DSA key"},
                  {"1.2.840.113549.1.3.1", PKIX_NOT_FOR_JWS, "a Diffie-Hellman key"},
                  {"1.2.840.10046.2.1", PKIX_NOT_FOR_JWS, "a Diffie-Hellman key"},
                  {"1.2.840.113549.1.1.7", PKIX_NOT_FOR_JWS, "an RSA key for OAEP"},
                  {"1.3.101.110", PKIX_NOT_FOR_JWS, "an X25519 key"},
                  {"1.3.101.111", PKIX_NOT_FOR_JWS, "an X448 key"},
                  {NULL, PKIX_UNKNOWN, NULL}};

static const struct algorithm *algorithm_of(const struct oid *oid) {
  const struct algorithm *found = algorithms;
  while (found->oid && strcmp(found->oid, oid->text) != 0)
    found++;
  return found;
}

static bool key_add(const struct oid *oid, struct assay_bytes parameters, struct assay_bytes key,
                    const char *kid, json_t *keys, struct assay_error *error) {
  const struct algorithm *found = algorithm_of(oid);
  switch (found->algorithm) {
  case PKIX_RSA: return rsa_add(key, kid, keys, error);
  case PKIX_RSA_PSS: return pss_add(parameters, key, kid, keys, error);
  case PKIX_EC: return ec_add(parameters, key, kid, keys, error);
  case PKIX_ED25519: return edwards_add(ASSAY_ED25519, key, kid, keys, error);
  case PKIX_ED448: return edwards_add(ASSAY_ED448, key, kid, keys, error);
  case PKIX_NOT_FOR_JWS: return error_set(error, "%s, which no JWS algorithm uses", found->called);
  case PKIX_UNKNOWN: break;
  }
  return error_set(error, "a key of the unknown algorithm %s", oid->text);
}

/* prefix: where the SubjectPublicKeyInfo stands in the node, "" or "...subjectPublicKeyInfo.". */
static bool spki_add(asn1_node node, const char *prefix, const char *kid, json_t *keys,
                     struct assay_error *error) {
  char name[128];
  snprintf(name, sizeof name, "%salgorithm.algorithm", prefix);
  struct oid oid = oid_of(node, name);
  snprintf(name, sizeof name, "%salgorithm.parameters", prefix);
  struct assay_bytes parameters = value_of(node, name);
  snprintf(name, sizeof name, "%ssubjectPublicKey", prefix);
  struct assay_bytes key = value_of(node, name);
  bool ok = key_add(&oid, parameters, key, kid, keys, error);
  free((void *)parameters.ptr);
  free((void *)key.ptr);
  return ok;
}

bool key_der_add(enum der_form form, struct assay_bytes der, const char *kid, json_t *keys,
                 struct assay_error *error) {
  static const struct {
    const char *type, *prefix, *called;
  } forms[] = {[DER_SPKI] = {"PKIX.SubjectPublicKeyInfo", "", "a public key"},
               [DER_CERTIFICATE] = {"PKIX.Certificate", "tbsCertificate.subjectPublicKeyInfo.",
                                    "an X.509 certificate"}};
  if (form == DER_RSA_KEY)
    return rsa_add(der, kid, keys, error);
  asn1_node node = decode(forms[form].type, der);
  if (!node)
    return error_set(error, "%s whose DER cannot be read", forms[form].called);
  struct assay_error why;
  bool ok = spki_add(node, forms[form].prefix, kid, keys, &why);
  asn1_delete_structure(&node);
  return ok ||
         error_set(error, "%s%s", form == DER_CERTIFICATE ? "an X.509 certificate with " : "", why.text);
}

enum der_form der_form_of(struct assay_bytes der) {
  static const struct {
    const char *type;
    enum der_form form;
  } forms[] = {{"PKIX.SubjectPublicKeyInfo", DER_SPKI},
               {"PKIX.Certificate", DER_CERTIFICATE},
               {"PKIX.RSAPublicKey", DER_RSA_KEY},
               {"PKIX.OneAsymmetricKey", DER_OTHER_PRIVATE},
               {"PKIX.EncryptedPrivateKeyInfo", DER_OTHER_PRIVATE},
               {"PKIX.RSAPrivateKey", DER_OTHER_PRIVATE},
               {"PKIX.ECPrivateKey", DER_OTHER_PRIVATE},
               {"PKIX.PFX", DER_OTHER_PKCS12},
               {"PKIX.ContentInfo", DER_OTHER_CMS}};
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    asn1_node node = decode(forms[i].type, der);
    bool found = node != NULL;
    asn1_delete_structure2(&node, ASN1_DELETE_FLAG_ZEROIZE); /* it may be a private key */
    if (found)
      return forms[i].form;
  }
  return DER_UNKNOWN;
}
