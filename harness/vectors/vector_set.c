/* Reads the suites' files. Form decides which suite a file belongs to, not its name. */
#include "harness/vectors/vector_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/base/grow.h"
#include "harness/vectors/vector_reading.h"

#define DEPTH_MAX 8

const char *vector_text(const json_t *object, const char *name) {
  const char *text = json_string_value(json_object_get(object, name));
  return text ? text : "";
}

bool vector_broken(const struct reading *reading, long long number, const char *what) {
  return error_set(reading->error, "%s: vector %lld: %s", reading->path, number, what);
}

/* ---- octets ---- */

void octets_fini(struct octets *octets) {
  while (octets->count > 0)
    free(octets->memory[--octets->count]);
}

static int nibble(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool vector_hex(struct octets *octets, const json_t *object, const char *name, struct assay_bytes *out) {
  const json_t *value = json_object_get(object, name);
  size_t len = json_string_length(value) / 2;
  const char *text = json_string_value(value);
  uint8_t *bytes = malloc(len + VECTOR_FIELD_BYTES_MAX); /* room for field_of */
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

/* ---- adding ---- */

char *vector_flags(const json_t *test) {
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

bool vector_add(const struct reading *reading, long long number, const struct assay_public_key *key,
                struct assay_bytes input, struct assay_bytes sig, const struct vector_case *from) {
  struct vector_set *set = reading->set;
  struct vector_case one = *from;
  if (asprintf(&one.name, "%s:%lld", reading->base, number) < 0)
    one.name = NULL;
  one.class_id = strdup(reading->file->class_id);
  struct vector_case *cases = grown_by_one(set->cases, set->raw.count, sizeof *cases);
  set->cases = cases ? cases : set->cases;
  if (one.name && one.class_id && one.variant && cases && vectors_add(&set->raw, key, input, sig)) {
    set->cases[set->raw.count - 1] = one;
    return true;
  }
  free(one.name);
  free(one.class_id);
  free(one.variant);
  return vector_broken(reading, number, "no memory");
}

/* ---- the Ed25519 suites ---- */

/* Neither suite has verdicts: libraries differ, and the difference is what they are for. */
static bool read_edwards(const struct reading *reading, const json_t *test, long long number, bool is_cctv) {
  struct octets octets = {0};
  struct assay_public_key key = {.alg = ASSAY_ED25519};
  struct assay_bytes input = bytes_str(vector_text(test, "msg")), sig;
  char *variant = is_cctv ? vector_flags(test) : NULL;
  if (!is_cctv && asprintf(&variant, "case-%lld", number) < 0)
    variant = NULL;
  bool ok = vector_hex(&octets, test, is_cctv ? "key" : "pub_key", &key.x) &&
            vector_hex(&octets, test, is_cctv ? "sig" : "signature", &sig) &&
            (is_cctv || vector_hex(&octets, test, "message", &input));
  if (ok) {
    ok = vector_add(reading, number, &key, input, sig,
                    &(struct vector_case){.variant = variant, .expect = EXPECT_ANY});
  } else {
    free(variant);
    vector_broken(reading, number, "key, message or signature cannot be read");
  }
  octets_fini(&octets);
  return ok;
}

static bool is_cctv(const json_t *root) {
  const json_t *first = json_array_get(root, 0);
  return vector_text(first, "key")[0] && vector_text(first, "sig")[0] && json_object_get(first, "number");
}

static bool is_speccheck(const json_t *root) {
  const json_t *first = json_array_get(root, 0);
  return vector_text(first, "pub_key")[0] && vector_text(first, "signature")[0];
}

/* ---- files ---- */

static struct vector_file *file_add(struct vector_set *set, const char *base) {
  struct vector_file *moved = grown_by_one(set->files, set->file_count, sizeof *moved);
  if (!moved)
    return NULL;
  set->files = moved;
  moved[set->file_count] = (struct vector_file){.class_id = strndup(base, strcspn(base, "."))};
  return moved[set->file_count].class_id ? &moved[set->file_count++] : NULL;
}

static bool read_root(struct reading *reading, const json_t *root) {
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
  reading->file = file_add(reading->set, reading->base);
  if (!reading->file)
    return error_set(reading->error, "%s: no memory", reading->path);
  json_array_foreach(groups, i, item) {
    ok = ok && wycheproof_group_read(reading, item);
  }
  json_array_foreach(root, i, item) {
    ok = ok && read_edwards(reading, item,
                            cctv ? json_integer_value(json_object_get(item, "number")) : (long long)i, cctv);
  }
  return ok;
}

/* What every file of a folder has in common. */
struct walk {
  struct vector_set *set;
  bool guarded;
  struct assay_error *error;
};

static bool read_one(void *arg, const char *path) {
  const struct walk *walk = arg;
  const char *slash = strrchr(path, '/');
  struct reading reading = {.set = walk->set,
                            .path = path,
                            .base = slash ? slash + 1 : path,
                            .guarded = walk->guarded,
                            .error = walk->error};
  json_t *root = json_load_file(path, 0, NULL);
  bool ok = read_root(&reading, root);
  json_decref(root);
  return ok;
}

bool vector_set_read(struct vector_set *set, const char *folder, bool guarded, struct assay_error *error) {
  struct walk walk = {set, guarded, error};
  *set = (struct vector_set){0};
  if (!file_walk_json(folder, DEPTH_MAX, read_one, &walk, error))
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
  for (size_t i = 0; i < set->file_count; i++)
    free(set->files[i].class_id);
  free(set->cases);
  free(set->files);
  vectors_fini(&set->raw);
  *set = (struct vector_set){0};
}

const char *left_out_text(enum left_out why) {
  static const char *const texts[LEFT_KINDS] = {
      [LEFT_DER] = "ECDSA in DER",
      [LEFT_HASH] = "with a hash that no alg has with that key",
      [LEFT_CURVE] = "on a curve that JOSE has not",
      [LEFT_SCHEME] = "of a scheme that JOSE has not",
      [LEFT_KEY] = "with an HMAC key shorter than the hash",
  };
  return texts[why];
}
