/* Names of claims and JSON Pointers: cut into steps once, then followed for every token. */
#include "harness/pipeline/policy/claim_path.h"

#include <stdlib.h>

static size_t count_slashes(struct assay_bytes text) {
  size_t count = 0;
  for (size_t i = 0; i < text.len; i++)
    count += text.ptr[i] == '/';
  return count;
}

/* "~1" is a slash and "~0" a tilde (RFC 6901 4). Writes to out what of the text is before the next slash, and
 * returns how much of the text that was; SIZE_MAX for a wrong escape. */
static size_t step_read(struct assay_bytes text, uint8_t *out, struct assay_bytes *step) {
  size_t at = 0, len = 0;
  for (; at < text.len && text.ptr[at] != '/'; at++) {
    uint8_t c = text.ptr[at];
    if (c == '~') {
      at++;
      if (at == text.len || (text.ptr[at] != '0' && text.ptr[at] != '1'))
        return SIZE_MAX;
      c = text.ptr[at] == '0' ? '~' : '/';
    }
    out[len++] = c;
  }
  *step = bytes_of(out, len);
  return at;
}

enum claim_path_outcome claim_path_read(struct assay_bytes text, struct claim_path *path) {
  bool is_pointer = text.len && text.ptr[0] == '/';
  size_t count = is_pointer ? count_slashes(text) : 1;
  *path = (struct claim_path){calloc(1, count * sizeof *path->steps + text.len), count};
  if (!path->steps)
    return CLAIM_PATH_NO_MEMORY;
  uint8_t *copy = (uint8_t *)(path->steps + count);
  if (!is_pointer) {
    memcpy(copy, text.ptr, text.len);
    path->steps[0] = bytes_of(copy, text.len);
    return CLAIM_PATH_READ;
  }
  for (size_t i = 0, at = 0; i < count; i++) {
    at++; /* the slash */
    size_t len = step_read(bytes_of(text.ptr + at, text.len - at), copy + at, &path->steps[i]);
    if (len == SIZE_MAX)
      return CLAIM_PATH_ESCAPE;
    at += len;
  }
  return CLAIM_PATH_READ;
}

void claim_path_fini(struct claim_path *path) {
  free(path->steps);
  *path = (struct claim_path){0};
}

/* Digits without a leading zero; everything else, "-" too, is no element (RFC 6901 4). */
static const struct json_node *element_at(const struct json_node *array, struct assay_bytes step) {
  uint64_t index = 0;
  if (step.len == 0 || step.len > 9 || (step.len > 1 && step.ptr[0] == '0'))
    return NULL;
  for (size_t i = 0; i < step.len; i++) {
    if (step.ptr[i] < '0' || step.ptr[i] > '9')
      return NULL;
    index = index * 10 + (step.ptr[i] - (uint64_t)'0');
  }
  if (index >= array->len)
    return NULL;
  const struct json_node *element = json_first(array);
  while (index--)
    element = json_after(element);
  return element;
}

const struct json_node *claim_at(const struct json_node *claims, const struct claim_path *path) {
  const struct json_node *at = claims;
  for (size_t i = 0; at && i < path->count; i++)
    switch (at->type) {
    case JSON_OBJECT: at = json_member(at, path->steps[i]); break;
    case JSON_ARRAY: at = element_at(at, path->steps[i]); break;
    default: return NULL;
    }
  return at;
}
