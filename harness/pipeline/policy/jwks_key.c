/* One JSON Web Key: members, encodings and the limits that RFC 7518 and RFC 8037 set. What needs arithmetic
 * on the curve or modulus is left to the crypto library; what must hold for every library is settled here. */
#include "harness/pipeline/policy/jwks_key.h"

#include <stdlib.h>

#include "harness/pipeline/json/base64url.h"
#include "harness/pipeline/policy/edwards.h"

#define RSA_EXPONENT_MAX_OCTETS 4

/* A member that holds octets, and where they go. */
struct member {
  const char *name;
  struct assay_bytes *out;
};

static struct assay_bytes json_text(const json_t *value) {
  return bytes_of(json_string_value(value), json_string_length(value));
}

static enum assay_reason octets_read(const json_t *value, struct assay_bytes *out) {
  struct assay_bytes text = json_text(value);
  size_t count = base64url_decoded_bytes(text.len);
  uint8_t *octets = malloc(count + BASE64URL_SLACK);
  if (!octets)
    return REASON_FAULT;
  *out = bytes_of(octets, 0);
  if (base64url_decode(text, octets) != REASON_OK)
    return REASON_KEY_ENCODING;
  out->len = count;
  return REASON_OK;
}

/* All members must be there before any is decoded: a key with the wrong members is no badly encoded key. */
static enum assay_reason members_read(const json_t *object, const struct member *members, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (!json_is_string(json_object_get(object, members[i].name)))
      return REASON_KEY_MEMBERS;
  for (size_t i = 0; i < count; i++) {
    enum assay_reason reason = octets_read(json_object_get(object, members[i].name), members[i].out);
    if (reason != REASON_OK)
      return reason;
  }
  return REASON_OK;
}

/* Base64urlUInt: as few octets as the number needs, and zero is one octet (RFC 7518 2). */
static enum assay_reason uint_check(struct assay_bytes number) {
  if (number.len == 0)
    return REASON_KEY_ENCODING;
  return number.len > 1 && number.ptr[0] == 0 ? REASON_KEY_LEADING_ZERO : REASON_OK;
}

/* The number without its leading zeros, in the same block. */
static void zeros_drop(struct assay_bytes *number) {
  size_t zeros = 0;
  while (zeros + 1 < number->len && number->ptr[zeros] == 0)
    zeros++;
  number->len -= zeros;
  memmove((uint8_t *)number->ptr, number->ptr + zeros, number->len);
}

static size_t uint_bits(struct assay_bytes number) {
  size_t bits = number.len * 8;
  for (uint8_t top = number.ptr[0]; bits > 0 && !(top & 0x80); top = (uint8_t)(top << 1 | 1))
    bits--;
  return bits;
}

static bool uint_is_odd(struct assay_bytes number) {
  return number.ptr[number.len - 1] & 1;
}

static bool rsa_exponent_allowed(struct assay_bytes e) {
  bool is_one = e.len == 1 && e.ptr[0] == 1;
  return e.len <= RSA_EXPONENT_MAX_OCTETS && uint_is_odd(e) && !is_one;
}

/* Of n and e that have been decoded. */
static enum assay_reason rsa_check(const struct jwk *key) {
  enum assay_reason reason = uint_check(key->n);
  if (reason == REASON_OK)
    reason = uint_check(key->e);
  if (reason != REASON_OK)
    return reason;
  size_t bits = uint_bits(key->n);
  if (bits < ASSAY_RSA_BYTES_MIN * 8)
    return REASON_KEY_RSA_SMALL;
  if (bits > ASSAY_RSA_BYTES_MAX * 8)
    return REASON_KEY_RSA_HUGE;
  if (!rsa_exponent_allowed(key->e))
    return REASON_KEY_RSA_EXPONENT;
  return uint_is_odd(key->n) ? REASON_OK : REASON_KEY_RSA_EVEN;
}

static enum assay_reason rsa_read(const json_t *object, struct jwk *key) {
  const struct member members[] = {{"n", &key->n}, {"e", &key->e}};
  enum assay_reason reason = members_read(object, members, 2);
  return reason == REASON_OK ? rsa_check(key) : reason;
}

/* What is wrong with the key apart from leading zeros, which only RSA's numbers can have. */
static enum assay_reason leading_zeros_drop(struct jwk *key) {
  zeros_drop(&key->n);
  zeros_drop(&key->e);
  return rsa_check(key);
}

/* Finds crv among the curves of the key's type, and how many octets x has on it. */
static enum assay_reason curve_read(const json_t *object, struct jwk *key, size_t *octets) {
  const json_t *crv = json_object_get(object, "crv");
  if (!json_is_string(crv))
    return REASON_KEY_MEMBERS;
  enum jwk_curve curve = jwk_curve_by_name(json_text(crv));
  enum assay_alg alg = jwk_alg_of(key->type, curve);
  if (curve == CURVE_NONE || alg == ASSAY_ALG_NONE)
    return REASON_KEY_CURVE;
  *octets = assay_alg_info(alg)->key_bytes;
  key->curve = curve;
  key->algs = jose_algs_of_key(key->type, curve);
  return REASON_OK;
}

static enum assay_reason ec_read(const json_t *object, struct jwk *key) {
  const struct member members[] = {{"x", &key->x}, {"y", &key->y}};
  size_t octets;
  enum assay_reason reason = curve_read(object, key, &octets);
  if (reason == REASON_OK)
    reason = members_read(object, members, 2);
  if (reason != REASON_OK)
    return reason;
  /* RFC 7518 6.2.1.2: full length, leading zeros included. */
  bool full = key->x.len == octets && key->y.len == octets;
  return full ? REASON_OK : REASON_KEY_COORD_LENGTH;
}

static enum assay_reason okp_read(const json_t *object, struct jwk *key) {
  const struct member members[] = {{"x", &key->x}};
  size_t octets;
  enum assay_reason reason = curve_read(object, key, &octets);
  if (reason == REASON_OK)
    reason = members_read(object, members, 1);
  if (reason != REASON_OK)
    return reason;
  if (key->x.len != octets)
    return REASON_KEY_OKP_LENGTH;
  return edwards_point_check(key->curve, key->x);
}

/* RFC 7518 3.2: at least as long as the hash: of the algorithm that the key names, or else the shortest. */
static size_t hmac_min_octets(const json_t *object) {
  const json_t *alg = json_object_get(object, "alg");
  enum jose_alg named = json_is_string(alg) ? jose_alg_by_name(json_text(alg)) : JOSE_ALG_COUNT;
  bool own = named < JOSE_EDDSA && assay_alg_info((enum assay_alg)named)->family == FAMILY_HMAC;
  return assay_alg_info(own ? (enum assay_alg)named : jwk_alg_of(JWK_OCT, CURVE_NONE))->key_bytes;
}

static enum assay_reason oct_read(const json_t *object, struct jwk *key) {
  const struct member members[] = {{"k", &key->k}};
  enum assay_reason reason = members_read(object, members, 1);
  if (reason != REASON_OK)
    return reason;
  return key->k.len < hmac_min_octets(object) ? REASON_KEY_HMAC_SHORT : REASON_OK;
}

static enum assay_reason (*const readers[JWK_TYPE_COUNT])(const json_t *, struct jwk *) = {
    [JWK_OCT] = oct_read, [JWK_RSA] = rsa_read, [JWK_EC] = ec_read, [JWK_OKP] = okp_read};

/* JWK_TYPE_COUNT: of none that is known. */
static enum jwk_type type_of(const json_t *object) {
  const json_t *kty = json_object_get(object, "kty");
  return json_is_string(kty) ? jwk_type_by_name(json_text(kty)) : JWK_TYPE_COUNT;
}

bool jwk_is_private(const json_t *object) {
  static const char *const names[] = {"d", "p", "q", "dp", "dq", "qi", "oth"};
  enum jwk_type type = type_of(object);
  if (type == JWK_TYPE_COUNT || type == JWK_OCT)
    return false;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (json_object_get(object, names[i]))
      return true;
  return false;
}

static bool text_copy(struct assay_bytes text, struct assay_bytes *out) {
  uint8_t *copy = malloc(text.len + 1);
  if (!copy)
    return false;
  memcpy(copy, text.ptr, text.len);
  *out = bytes_of(copy, text.len);
  return true;
}

/* A kid is a string (RFC 7517 4.5). */
static enum assay_reason kid_read(const json_t *object, struct jwk *key) {
  const json_t *kid = json_object_get(object, "kid");
  if (!kid)
    return REASON_OK;
  if (!json_is_string(kid))
    return REASON_KEY_MEMBERS;
  key->has_kid = true;
  return text_copy(json_text(kid), &key->kid) ? REASON_OK : REASON_FAULT;
}

/* Who the key signs for, in sets that several issuers share. RFC 7517 knows no such member: where it is no
 * string it names nobody. Returns false for want of memory. */
static bool issuer_read(const json_t *object, struct jwk *key) {
  const json_t *issuer = json_object_get(object, "issuer");
  if (!json_is_string(issuer))
    return true;
  key->has_issuer = true;
  return text_copy(json_text(issuer), &key->issuer);
}

static bool op_is(const json_t *op, const char *name) {
  return bytes_eq_str(json_text(op), name);
}

/* Only these two go with use=sig; what is no registered operation goes with either (RFC 7517 4.3). */
static bool op_clashes_with_sig(const json_t *op) {
  static const char *const others[] = {"encrypt",   "decrypt",   "wrapKey",
                                       "unwrapKey", "deriveKey", "deriveBits"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (op_is(op, others[i]))
      return true;
  return false;
}

static bool op_seen_before(const json_t *ops, size_t index) {
  for (size_t i = 0; i < index; i++)
    if (json_equal(json_array_get(ops, i), json_array_get(ops, index)))
      return true;
  return false;
}

enum jwk_use { USE_OPEN, USE_SIG, USE_OTHER };

/* key_ops: an array of distinct strings with "verify" in it that agrees with use (RFC 7517 4.3). */
static bool ops_allow(const json_t *ops, enum jwk_use use) {
  enum { LIST_MAX = 64 }; /* keeps the search for duplicates from growing with the square of a hostile list */
  if (!ops)
    return true;
  if (!json_is_array(ops) || json_array_size(ops) > LIST_MAX || use == USE_OTHER)
    return false;
  bool verify = false;
  for (size_t i = 0; i < json_array_size(ops); i++) {
    const json_t *op = json_array_get(ops, i);
    if (!json_is_string(op) || op_seen_before(ops, i) || (use == USE_SIG && op_clashes_with_sig(op)))
      return false;
    verify |= op_is(op, "verify");
  }
  return verify;
}

/* A use other than sig and enc is unknown, not wrong: what it means is for those who wrote it to know, and
 * the key is as one without (RFC 7517 4.2). */
static enum jwk_use use_read(const json_t *use) {
  if (!use)
    return USE_OPEN;
  if (!json_is_string(use) || bytes_eq_str(json_text(use), "enc"))
    return USE_OTHER;
  return bytes_eq_str(json_text(use), "sig") ? USE_SIG : USE_OPEN;
}

static void usage_read(const json_t *object, struct jwk *key) {
  const json_t *text = json_object_get(object, "use");
  enum jwk_use use = use_read(text);
  key->use_allows = use != USE_OTHER;
  key->is_x509_svid = json_is_string(text) && bytes_eq_str(json_text(text), "x509-svid");
  key->ops_allow = ops_allow(json_object_get(object, "key_ops"), use);
}

/* A key with an algorithm of its own is for that one alone (RFC 7517 4.4). */
static void alg_narrow(const json_t *object, struct jwk *key) {
  const json_t *alg = json_object_get(object, "alg");
  if (!alg)
    return;
  enum jose_alg named = json_is_string(alg) ? jose_alg_by_name(json_text(alg)) : JOSE_ALG_COUNT;
  key->has_alg = true;
  key->algs &= named < JOSE_ALG_COUNT ? JOSE_ALG_BIT(named) : 0;
}

enum jwk_outcome jwk_read(const json_t *object, uint32_t tolerates, struct jwk *key) {
  enum jwk_type type = type_of(object);
  if (type == JWK_TYPE_COUNT)
    return JWK_SKIPPED;
  *key = (struct jwk){.type = type, .active_from = TIME_UNSET, .algs = jose_algs_of_key(type, CURVE_NONE)};
  enum assay_reason kid = kid_read(object, key);
  enum assay_reason reason = readers[type](object, key);
  if (reason == REASON_KEY_LEADING_ZERO && tolerates & TOLERATES(LEADING_ZERO))
    reason = leading_zeros_drop(key);
  bool issuer = issuer_read(object, key);
  usage_read(object, key);
  alg_narrow(object, key);
  key->refused = kid != REASON_OK ? kid : reason;
  return !issuer || kid == REASON_FAULT || reason == REASON_FAULT ? JWK_NO_MEMORY : JWK_KEPT;
}

void jwk_fini(struct jwk *key) {
  struct assay_bytes *owned[] = {&key->kid, &key->issuer, &key->k, &key->n, &key->e, &key->x, &key->y};
  if (key->k.ptr)
    explicit_bzero((void *)key->k.ptr, key->k.len);
  for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) {
    free((void *)owned[i]->ptr);
    *owned[i] = (struct assay_bytes){0};
  }
}
