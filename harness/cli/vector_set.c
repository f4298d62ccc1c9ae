/* Reads the suites' JSON. Form decides which suite a file belongs to, not its name. */
#include "harness/cli/vector_set.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 8
#define FIELD_BYTES_MAX 66 /* P-521 */

/* A file that is being read. */
struct reading {
  struct vector_set *set;
  const char *path, *base; /* base: the name without folders */
  struct assay_error *error;
};

static const char *text_in(const json_t *object, const char *name) {
  const char *text = json_string_value(json_object_get(object, name));
  return text ? text : "";
}

static bool broken(const struct reading *reading, long long number, const char *what) {
  return error_set(reading->error, "%s: vector %lld: %s", reading->path, number, what);
}

/* ---- octets ---- */

/* Octets of one vector, freed together. */
struct octets {
  uint8_t *memory[8];
  size_t count;
};

static void octets_fini(struct octets *octets) {
  while (octets->count > 0)
    free(octets->memory[--octets->count]);
}

static int nibble(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* False where the member is no even run of hexadecimal digits. */
static bool hex_in(struct octets *octets, const json_t *object, const char *name, struct assay_bytes *out) {
  const json_t *value = json_object_get(object, name);
  size_t len = json_string_length(value) / 2;
  const char *text = json_string_value(value);
  uint8_t *bytes = malloc(len + FIELD_BYTES_MAX); /* room for field_of */
  if (!bytes)
    return false;
  octets->memory[octets->count++] = bytes;
  *out = bytes_of(bytes, len);
  if (!text || json_string_length(value) % 2)
    return false;
  for (size_t i = 0; i < len; i++) {
    int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return false;
    bytes[i] = (uint8_t)(high << 4 | low);
  }
  return true;
}

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

/* ---- adding ---- */

static char *flags_of(const json_t *test) {
  char text[512] = "";
  size_t i;
  json_t *flag;
  json_array_foreach(json_object_get(test, "flags"), i, flag) {
    size_t used = strlen(text);
    snprintf(text + used, sizeof text - used, "%s%s", used ? "+" : "",
             json_string_value(flag) ? json_string_value(flag) : "");
  }
  return strdup(text);
}

static bool room_for_one(struct vector_set *set) {
  if (set->raw.count < set->case_capacity)
    return true;
  size_t larger = set->case_capacity * 2 + 1024;
  struct vector_case *moved = realloc(set->cases, larger * sizeof *moved);
  if (!moved)
    return false;
  set->cases = moved;
  set->case_capacity = larger;
  return true;
}

static bool add(const struct reading *reading, long long number, const struct assay_public_key *key,
                struct assay_bytes input, struct assay_bytes sig, char *variant, enum corpus_expect expect) {
  struct vector_set *set = reading->set;
  struct vector_case one = {.variant = variant, .expect = expect};
  if (asprintf(&one.name, "%s:%lld", reading->base, number) < 0)
    one.name = NULL;
  one.class_id = strndup(reading->base, strcspn(reading->base, "."));
  if (one.name && one.class_id && one.variant && room_for_one(set) &&
      vectors_add(&set->raw, key, input, sig)) {
    set->cases[set->raw.count - 1] = one;
    return true;
  }
  free(one.name);
  free(one.class_id);
  free(one.variant);
  return broken(reading, number, "no memory");
}

/* ---- Wycheproof ---- */

static const char *const hashes[] = {"SHA-256", "SHA-384", "SHA-512"};
static const size_t hash_bytes[] = {32, 48, 64};

/* 0..2 of a SHA-2 hash that JOSE has; -1 of any other. */
static int hash_of(const json_t *group, const char *name) {
  for (int i = 0; i < 3; i++)
    if (strcmp(text_in(group, name), hashes[i]) == 0)
      return i;
  return -1;
}

static const struct {
  const char *curve, *hash;
  enum assay_alg alg;
  size_t field_bytes;
} curves[] = {{"secp256r1", "SHA-256", ASSAY_ES256, 32}, {"secp384r1", "SHA-384", ASSAY_ES384, 48},
              {"secp521r1", "SHA-512", ASSAY_ES512, 66}, {"secp256k1", "SHA-256", ASSAY_ES256K, 32},
              {"edwards25519", "", ASSAY_ED25519, 0},    {"edwards448", "", ASSAY_ED448, 0}};

/* What the tests of a group have in common. */
struct group {
  const json_t *json;
  struct assay_public_key key; /* alg, and all but an HMAC key */
  size_t salt_bytes;           /* PSS */
  bool is_pss, is_mac;
  bool refused; /* JOSE has no such signature, so that what the suite calls valid must be refused */
  bool left_out;
};

static void leave_out(const struct reading *reading, struct group *group, enum left_out why) {
  reading->set->left_out[why] += json_array_size(json_object_get(group->json, "tests"));
  group->left_out = true;
}

/* RFC 7518 3.3, 3.5: PSS has MGF1 with the same hash, and a salt of its length. */
static bool rsa_group(const struct reading *reading, struct group *group, struct octets *octets) {
  const json_t *key = json_object_get(group->json, "publicKey");
  int hash = hash_of(group->json, "sha");
  group->is_pss = strcmp(text_in(group->json, "type"), "RsassaPssVerify") == 0;
  if (hash < 0) {
    leave_out(reading, group, LEFT_HASH);
    return true;
  }
  group->key.alg = (enum assay_alg)((group->is_pss ? ASSAY_PS256 : ASSAY_RS256) + hash);
  group->salt_bytes = hash_bytes[hash];
  group->refused = group->is_pss &&
                   (hash_of(group->json, "mgfSha") != hash ||
                    json_integer_value(json_object_get(group->json, "sLen")) != (json_int_t)hash_bytes[hash]);
  if (!hex_in(octets, key, "modulus", &group->key.n) || !hex_in(octets, key, "publicExponent", &group->key.e))
    return false;
  group->key.n = without_zeros(group->key.n);
  group->key.e = without_zeros(group->key.e);
  return true;
}

static bool curve_group(struct group *group, struct octets *octets) {
  const json_t *key = json_object_get(group->json, "publicKey");
  for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
    if (strcmp(text_in(key, "curve"), curves[i].curve) != 0 ||
        strcmp(text_in(group->json, "sha"), curves[i].hash) != 0)
      continue;
    group->key.alg = curves[i].alg;
    if (curves[i].field_bytes == 0)
      return hex_in(octets, key, "pk", &group->key.x);
    if (!hex_in(octets, key, "wx", &group->key.x) || !hex_in(octets, key, "wy", &group->key.y))
      return false;
    group->key.x = field_of(group->key.x, curves[i].field_bytes);
    group->key.y = field_of(group->key.y, curves[i].field_bytes);
    return true;
  }
  return false;
}

/* RFC 7518 3.2: a tag has the hash's full length, and a key at least that. */
static bool mac_group(const struct reading *reading, struct group *group) {
  json_int_t key_bits = json_integer_value(json_object_get(group->json, "keySize")),
             tag_bits = json_integer_value(json_object_get(group->json, "tagSize"));
  group->is_mac = true;
  for (int i = 0; i < 3; i++) {
    char name[16];
    snprintf(name, sizeof name, "hmac_sha%zu_", hash_bytes[i] * 8);
    if (strncmp(reading->base, name, strlen(name)) != 0)
      continue;
    group->key.alg = (enum assay_alg)(ASSAY_HS256 + i);
    group->refused = tag_bits != (json_int_t)hash_bytes[i] * 8;
    if (key_bits < (json_int_t)hash_bytes[i] * 8)
      leave_out(reading, group, LEFT_KEY);
    return true;
  }
  leave_out(reading, group, LEFT_HASH);
  return true;
}

static bool group_of(const struct reading *reading, struct group *group, struct octets *octets) {
  const char *type = text_in(group->json, "type");
  if (strcmp(type, "RsassaPkcs1Verify") == 0 || strcmp(type, "RsassaPssVerify") == 0)
    return rsa_group(reading, group, octets);
  if (strcmp(type, "EcdsaP1363Verify") == 0 || strcmp(type, "EddsaVerify") == 0)
    return curve_group(group, octets);
  if (strcmp(type, "MacTest") == 0)
    return mac_group(reading, group);
  leave_out(reading, group, LEFT_DER);
  return strcmp(type, "EcdsaVerify") == 0;
}

/* The suite's own verdict, but for what JOSE does not allow. "acceptable" is a missing NULL in a PKCS #1
 * signature (RFC 8017 9.2 note 1), which the corpus refuses too. A salt changed to the very length that JOSE
 * asks for is what the suite calls invalid, because its group asks for another. */
static enum corpus_expect expectation(const struct group *group, const json_t *test) {
  char right_salt[40];
  bool valid = strcmp(text_in(test, "result"), "valid") == 0;
  snprintf(right_salt, sizeof right_salt, "s_len changed to %zu", group->salt_bytes);
  if (group->is_pss && group->refused && strcmp(text_in(test, "comment"), right_salt) == 0 &&
      strcmp(text_in(group->json, "sha"), text_in(group->json, "mgfSha")) == 0)
    return EXPECT_ACCEPT;
  return valid && !group->refused ? EXPECT_ACCEPT : EXPECT_REJECT;
}

static bool read_test(const struct reading *reading, const struct group *group, const json_t *test) {
  struct octets octets = {0};
  struct assay_public_key key = group->key;
  struct assay_bytes input, sig;
  long long number = json_integer_value(json_object_get(test, "tcId"));
  bool ok = hex_in(&octets, test, "msg", &input) &&
            hex_in(&octets, test, group->is_mac ? "tag" : "sig", &sig) &&
            (!group->is_mac || hex_in(&octets, test, "key", &key.k)) && text_in(test, "result")[0];
  ok = ok ? add(reading, number, &key, input, sig, flags_of(test), expectation(group, test))
          : broken(reading, number, "msg, sig, key or result cannot be read");
  octets_fini(&octets);
  return ok;
}

static bool read_group(const struct reading *reading, const json_t *json) {
  struct octets octets = {0};
  struct group group = {.json = json};
  size_t i;
  json_t *test;
  bool ok = group_of(reading, &group, &octets) ||
            error_set(reading->error, "%s: a group of type '%s' has a key that cannot be read", reading->path,
                      text_in(json, "type"));
  if (!group.left_out)
    json_array_foreach(json_object_get(json, "tests"), i, test) {
      ok = ok && read_test(reading, &group, test);
    }
  octets_fini(&octets);
  return ok;
}

/* ---- the Ed25519 suites ---- */

/* Neither suite has verdicts: libraries differ, and the difference is what they are for. */
static bool read_edwards(const struct reading *reading, const json_t *test, long long number, bool is_cctv) {
  struct octets octets = {0};
  struct assay_public_key key = {.alg = ASSAY_ED25519};
  struct assay_bytes input = bytes_str(text_in(test, "msg")), sig;
  char *variant = is_cctv ? flags_of(test) : NULL;
  if (!is_cctv && asprintf(&variant, "case-%lld", number) < 0)
    variant = NULL;
  bool ok = hex_in(&octets, test, is_cctv ? "key" : "pub_key", &key.x) &&
            hex_in(&octets, test, is_cctv ? "sig" : "signature", &sig) &&
            (is_cctv || hex_in(&octets, test, "message", &input));
  if (ok) {
    ok = add(reading, number, &key, input, sig, variant, EXPECT_ANY);
  } else {
    free(variant);
    broken(reading, number, "key, message or signature cannot be read");
  }
  octets_fini(&octets);
  return ok;
}

static bool is_cctv(const json_t *root) {
  const json_t *first = json_array_get(root, 0);
  return text_in(first, "key")[0] && text_in(first, "sig")[0] && json_object_get(first, "number");
}

static bool is_speccheck(const json_t *root) {
  const json_t *first = json_array_get(root, 0);
  return text_in(first, "pub_key")[0] && text_in(first, "signature")[0];
}

/* ---- files ---- */

static bool read_root(const struct reading *reading, const json_t *root) {
  const json_t *groups = json_object_get(root, "testGroups");
  bool cctv = is_cctv(root), ok = true;
  size_t i;
  json_t *item;
  if (!groups && !cctv && !is_speccheck(root)) {
    struct vector_set *set = reading->set;
    if (set->passed_over++ == 0)
      snprintf(set->first_passed_over, sizeof set->first_passed_over, "%s", reading->path);
    return true;
  }
  reading->set->file_count++;
  json_array_foreach(groups, i, item) {
    ok = ok && read_group(reading, item);
  }
  json_array_foreach(root, i, item) {
    ok = ok && read_edwards(reading, item,
                            cctv ? json_integer_value(json_object_get(item, "number")) : (long long)i, cctv);
  }
  return ok;
}

static bool read_one(struct vector_set *set, const char *path, struct assay_error *error) {
  const char *slash = strrchr(path, '/');
  const struct reading reading = {set, path, slash ? slash + 1 : path, error};
  json_t *root = json_load_file(path, 0, NULL);
  bool ok = read_root(&reading, root);
  json_decref(root);
  return ok;
}

static bool is_json(const char *name) {
  size_t len = strlen(name);
  return len > 5 && strcmp(name + len - 5, ".json") == 0;
}

static bool read_folder(struct vector_set *set, const char *folder, unsigned depth,
                        struct assay_error *error) {
  struct dirent **entries;
  int count = scandir(folder, &entries, NULL, alphasort);
  bool ok = count >= 0 || error_set(error, "%s: not a folder that can be read", folder);
  for (int i = 0; i < count; i++) {
    char path[4096];
    struct stat st;
    bool fits = (size_t)snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name) < sizeof path;
    if (ok && fits && entries[i]->d_name[0] != '.' && lstat(path, &st) == 0) {
      if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
        ok = read_folder(set, path, depth + 1, error);
      else if (S_ISREG(st.st_mode) && is_json(path))
        ok = read_one(set, path, error);
    }
    free(entries[i]);
  }
  if (count >= 0)
    free(entries);
  return ok;
}

bool vector_set_read(struct vector_set *set, const char *folder, struct assay_error *error) {
  *set = (struct vector_set){0};
  if (!read_folder(set, folder, 0, error))
    return false;
  return set->raw.count > 0 ||
         error_set(error, "%s: no vectors of Wycheproof, CCTV ed25519 or ed25519-speccheck stand there",
                   folder);
}

void vector_set_fini(struct vector_set *set) {
  for (size_t i = 0; i < set->raw.count; i++) {
    free(set->cases[i].name);
    free(set->cases[i].class_id);
    free(set->cases[i].variant);
  }
  free(set->cases);
  vectors_fini(&set->raw);
  *set = (struct vector_set){0};
}
