/* Wycheproof's test groups: which of them JOSE can express, and what each test is to answer there. */
#include <stdio.h>
#include <string.h>

#include "harness/vectors/vector_reading.h"

static struct assay_bytes without_zeros(struct assay_bytes number) {
  while (number.len > 0 && number.ptr[0] == 0)
    number = bytes_of(number.ptr + 1, number.len - 1);
  return number;
}

/* A coordinate at its field's full length (RFC 7518 6.2.1.2); the buffer has the room. */
static struct assay_bytes field_of(struct assay_bytes coordinate, size_t field_bytes) {
  struct assay_bytes bare = without_zeros(coordinate);
  uint8_t *start = (uint8_t *)coordinate.ptr;
  if (bare.len > field_bytes)
    return bare;
  memmove(start + field_bytes - bare.len, bare.ptr, bare.len);
  memset(start, 0, field_bytes - bare.len);
  return bytes_of(start, field_bytes);
}

/* Octets of a SHA-2 hash by its name; 0: of another, or of none. */
static unsigned hash_of(const json_t *group, const char *name) {
  const char *text = vector_text(group, name);
  return strcmp(text, "SHA-256") == 0   ? 32
         : strcmp(text, "SHA-384") == 0 ? 48
         : strcmp(text, "SHA-512") == 0 ? 64
                                        : 0;
}

static const struct {
  const char *curve; /* as the suite calls it */
  enum assay_alg alg;
} curves[] = {{"secp256r1", ASSAY_ES256},  {"secp384r1", ASSAY_ES384},      {"secp521r1", ASSAY_ES512},
              {"secp256k1", ASSAY_ES256K}, {"edwards25519", ASSAY_ED25519}, {"edwards448", ASSAY_ED448}};

/* What the tests of a group have in common. */
struct group {
  const json_t *json;
  struct assay_public_key key; /* alg, and all but an HMAC key */
  size_t salt_bytes;           /* PSS */
  bool is_pss, is_mac;
  bool refused;     /* JOSE has no such signature, so that what the suite calls valid must be refused */
  bool key_refused; /* nor such a key, which the guards refuse whatever the signature is */
  bool left_out;
};

static void leave_out(const struct reading *reading, struct group *group, enum left_out why) {
  reading->file->left_out[why] += json_array_size(json_object_get(group->json, "tests"));
  group->left_out = true;
}

static size_t bits_of(struct assay_bytes number) {
  size_t bits = number.len * 8;
  for (unsigned top = number.len ? number.ptr[0] : 0; bits > 0 && !(top & 0x80); top <<= 1)
    bits--;
  return bits;
}

/* RFC 7518 3.3, 3.5: PSS has MGF1 with the same hash, and a salt of its length. */
static bool rsa_group(const struct reading *reading, struct group *group, struct octets *octets) {
  const json_t *key = json_object_get(group->json, "publicKey");
  unsigned hash = hash_of(group->json, "sha");
  group->is_pss = strcmp(vector_text(group->json, "type"), "RsassaPssVerify") == 0;
  if (hash == 0) {
    leave_out(reading, group, LEFT_HASH);
    return true;
  }
  group->key.alg = assay_alg_of(group->is_pss ? FAMILY_RSA_PSS : FAMILY_RSA_PKCS1, hash);
  group->salt_bytes = hash;
  group->refused =
      group->is_pss && (hash_of(group->json, "mgfSha") != hash ||
                        json_integer_value(json_object_get(group->json, "sLen")) != (json_int_t)hash);
  if (!vector_hex(octets, key, "modulus", &group->key.n) ||
      !vector_hex(octets, key, "publicExponent", &group->key.e))
    return false;
  group->key.n = without_zeros(group->key.n);
  group->key.e = without_zeros(group->key.e);
  group->key_refused = reading->guarded && (bits_of(group->key.n) < ASSAY_RSA_BYTES_MIN * 8 ||
                                            bits_of(group->key.n) > ASSAY_RSA_BYTES_MAX * 8);
  return true;
}

/* RFC 7518 3.4: each curve has one hash. */
static bool curve_group(const struct reading *reading, struct group *group, struct octets *octets) {
  const json_t *key = json_object_get(group->json, "publicKey");
  enum left_out why = LEFT_CURVE;
  for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
    if (strcmp(vector_text(key, "curve"), curves[i].curve) != 0)
      continue;
    const struct assay_alg_info *info = assay_alg_info(curves[i].alg);
    why = LEFT_HASH;
    if (hash_of(group->json, "sha") != info->digest_bytes)
      continue;
    group->key.alg = curves[i].alg;
    if (info->key_type == JWK_OKP)
      return vector_hex(octets, key, "pk", &group->key.x);
    if (!vector_hex(octets, key, "wx", &group->key.x) || !vector_hex(octets, key, "wy", &group->key.y))
      return false;
    group->key.x = field_of(group->key.x, info->key_bytes);
    group->key.y = field_of(group->key.y, info->key_bytes);
    return true;
  }
  leave_out(reading, group, why);
  return true;
}

/* RFC 7518 3.2: a tag has the hash's full length, and a key at least that. */
static bool mac_group(const struct reading *reading, struct group *group) {
  json_int_t key_bits = json_integer_value(json_object_get(group->json, "keySize")),
             tag_bits = json_integer_value(json_object_get(group->json, "tagSize"));
  group->is_mac = true;
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++) {
    const struct assay_alg_info *info = assay_alg_info((enum assay_alg)alg);
    char name[24];
    snprintf(name, sizeof name, "hmac_sha%u_test", info->digest_bytes * 8);
    if (info->family != FAMILY_HMAC || strncmp(reading->base, name, strlen(name)) != 0)
      continue;
    group->key.alg = (enum assay_alg)alg;
    group->refused = tag_bits != (json_int_t)info->signature_bytes * 8;
    group->key_refused = key_bits < (json_int_t)info->key_bytes * 8;
    if (group->key_refused && !reading->guarded)
      leave_out(reading, group, LEFT_KEY);
    return true;
  }
  leave_out(reading, group, strncmp(reading->base, "hmac_", 5) == 0 ? LEFT_HASH : LEFT_SCHEME);
  return true;
}

static bool group_of(const struct reading *reading, struct group *group, struct octets *octets) {
  const char *type = vector_text(group->json, "type");
  if (strcmp(type, "RsassaPkcs1Verify") == 0 || strcmp(type, "RsassaPssVerify") == 0)
    return rsa_group(reading, group, octets);
  if (strcmp(type, "EcdsaP1363Verify") == 0 || strcmp(type, "EddsaVerify") == 0)
    return curve_group(reading, group, octets);
  if (strcmp(type, "MacTest") == 0)
    return mac_group(reading, group);
  leave_out(reading, group, strncmp(type, "Ecdsa", 5) == 0 ? LEFT_DER : LEFT_SCHEME);
  return true;
}

/* The suite's own verdict, but for what JOSE does not allow. "acceptable" is a missing NULL in a PKCS #1
 * signature (RFC 8017 9.2 note 1), which the corpus refuses too. A salt changed to the very length that JOSE
 * asks for is what the suite calls invalid, because its group asks for another. */
static enum expect_verdict expectation(const struct group *group, const json_t *test, bool valid) {
  char right_salt[40];
  if (group->key_refused)
    return EXPECT_REJECT;
  snprintf(right_salt, sizeof right_salt, "s_len changed to %zu", group->salt_bytes);
  if (group->is_pss && group->refused && strcmp(vector_text(test, "comment"), right_salt) == 0 &&
      strcmp(vector_text(group->json, "sha"), vector_text(group->json, "mgfSha")) == 0)
    return EXPECT_ACCEPT;
  return valid && !group->refused ? EXPECT_ACCEPT : EXPECT_REJECT;
}

static bool read_test(const struct reading *reading, const struct group *group, const json_t *test) {
  struct octets octets = {0};
  struct assay_public_key key = group->key;
  struct assay_bytes input, sig;
  long long number = json_integer_value(json_object_get(test, "tcId"));
  bool ok = vector_hex(&octets, test, "msg", &input) &&
            vector_hex(&octets, test, group->is_mac ? "tag" : "sig", &sig) &&
            (!group->is_mac || vector_hex(&octets, test, "key", &key.k)) && vector_text(test, "result")[0];
  bool valid = strcmp(vector_text(test, "result"), "valid") == 0;
  struct vector_case one = {.variant = ok ? vector_flags(test) : NULL,
                            .expect = expectation(group, test, valid),
                            .forbidden = valid && (group->refused || group->key_refused)};
  ok = ok ? vector_add(reading, number, &key, input, sig, &one)
          : vector_broken(reading, number, "msg, sig, key or result cannot be read");
  octets_fini(&octets);
  return ok;
}

bool wycheproof_group_read(const struct reading *reading, const json_t *json) {
  struct octets octets = {0};
  struct group group = {.json = json};
  size_t i;
  json_t *test;
  bool ok = group_of(reading, &group, &octets) ||
            error_set(reading->error, "%s: a group of type '%s' has a key that cannot be read", reading->path,
                      vector_text(json, "type"));
  if (!group.left_out)
    json_array_foreach(json_object_get(json, "tests"), i, test) {
      ok = ok && read_test(reading, &group, test);
    }
  octets_fini(&octets);
  return ok;
}
