/* Reads the suites' files. Form decides which suite a file belongs to, not its name. */
#include "harness/vectors/vector_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/files/file.h"
#include "harness/base/grow.h"
#include "harness/vectors/vector_reading.h"

#define DEPTH_MAX 8

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
