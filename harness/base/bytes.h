/* A borrowed run of bytes. It owns nothing; whoever hands it out says how long it lives.
 * ptr may be NULL only when len is 0. */
#ifndef ASSAY_BASE_BYTES_H
#define ASSAY_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct assay_bytes {
  const uint8_t *ptr;
  size_t len;
};

/* The bytes of a string literal, without its terminating NUL. */
#define BYTES_LIT(s) ((struct assay_bytes){(const uint8_t *)(s), sizeof(s) - 1})

static inline struct assay_bytes bytes_of(const void *ptr, size_t len) {
  return (struct assay_bytes){(const uint8_t *)ptr, len};
}

/* Never NULL: for calls that take no NULL, not even of no bytes. */
static inline const uint8_t *bytes_start(struct assay_bytes bytes) {
  return bytes.len ? bytes.ptr : (const uint8_t *)"";
}

static inline struct assay_bytes bytes_str(const char *s) {
  return (struct assay_bytes){(const uint8_t *)s, s ? strlen(s) : 0};
}

/* Not constant-time: for public values only. */
static inline bool bytes_eq(struct assay_bytes a, struct assay_bytes b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* <0, 0 or >0: by the first byte that differs, a prefix before what it begins. */
static inline int bytes_compare(struct assay_bytes a, struct assay_bytes b) {
  size_t shorter = a.len < b.len ? a.len : b.len;
  int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
  return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* FNV-1a: for tables, and for what is kept in files. */
static inline uint64_t bytes_hash(struct assay_bytes bytes) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < bytes.len; i++)
    hash = (hash ^ bytes.ptr[i]) * UINT64_C(0x100000001b3);
  return hash;
}

static inline bool bytes_eq_str(struct assay_bytes a, const char *s) {
  return bytes_eq(a, bytes_str(s));
}

#endif
