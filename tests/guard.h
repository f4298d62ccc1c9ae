/* Places bytes directly against a page that must not be touched, behind them or before them: one byte read
 * too far crashes the test. */
#ifndef ASSAY_TESTS_GUARD_H
#define ASSAY_TESTS_GUARD_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/base/bytes.h"

struct guard {
  uint8_t *base; /* a page nobody may touch, `room` bytes, another such page */
  size_t page, room;
};

/* room_bytes is rounded up to whole pages. */
static inline struct guard guard_open(size_t room_bytes) {
  struct guard guard = {.page = (size_t)sysconf(_SC_PAGESIZE)};
  guard.room = (room_bytes + guard.page - 1) / guard.page * guard.page;
  guard.base =
      (uint8_t *)mmap(NULL, guard.room + 2 * guard.page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (guard.base == MAP_FAILED || mprotect(guard.base + guard.page, guard.room, PROT_READ | PROT_WRITE) != 0)
    abort();
  return guard;
}

static inline void guard_close(struct guard *guard) {
  munmap(guard->base, guard->room + 2 * guard->page);
}

/* Where len bytes end at the page behind, or begin at the page before. */
static inline uint8_t *guard_tail(const struct guard *guard, size_t len) {
  return guard->base + guard->page + guard->room - len;
}
static inline uint8_t *guard_head(const struct guard *guard) {
  return guard->base + guard->page;
}

static inline struct assay_bytes guard_at_tail(const struct guard *guard, struct assay_bytes bytes) {
  uint8_t *to = guard_tail(guard, bytes.len);
  if (bytes.len)
    memcpy(to, bytes.ptr, bytes.len);
  return bytes_of(to, bytes.len);
}

static inline struct assay_bytes guard_at_head(const struct guard *guard, struct assay_bytes bytes) {
  uint8_t *to = guard_head(guard);
  if (bytes.len)
    memcpy(to, bytes.ptr, bytes.len);
  return bytes_of(to, bytes.len);
}

#endif
