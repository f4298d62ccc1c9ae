/* Members of a vector, and adding one. */
#include "harness/vectors/vector_reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/grow.h"

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
