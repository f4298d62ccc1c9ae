/* Counts what a library takes from the heap. The program's own malloc family comes before the C library's in
 * the order in which symbols are looked up, for modules opened later too; each member passes on to glibc's
 * function of the same purpose. While nothing is counted that costs one load and a branch that is never
 * taken. free is left alone: what is given back is no cost that a figure here would show. */
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "harness/worker/worker.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTABLE 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define COUNTABLE 0
#endif
#endif
#if !defined(COUNTABLE) && defined(__GLIBC__)
#define COUNTABLE 1
#endif

static _Atomic bool counting;
static _Atomic uint64_t calls, bytes;

void allocations_begin(void) {
  atomic_store(&calls, 0);
  atomic_store(&bytes, 0);
  atomic_store(&counting, true);
}

void allocations_end(uint64_t *call_count, uint64_t *byte_count) {
  atomic_store(&counting, false);
  *call_count = atomic_load(&calls);
  *byte_count = atomic_load(&bytes);
}

#if !defined(COUNTABLE) || !COUNTABLE

const char *allocations_missing(void) {
#if defined(__GLIBC__)
  return "not counted in a sanitizer build";
#else
  return "counted with glibc only";
#endif
}

#else

const char *allocations_missing(void) {
  return NULL;
}

/* glibc's own, under the names it keeps for programs that replace the public ones. */
/* NOLINTBEGIN(bugprone-reserved-identifier) */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
/* NOLINTEND(bugprone-reserved-identifier) */

#define EXPORTED __attribute__((visibility("default")))

static inline void count(size_t size) {
  if (__builtin_expect(!atomic_load_explicit(&counting, memory_order_relaxed), 1))
    return;
  atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&bytes, size, memory_order_relaxed);
}

EXPORTED void *malloc(size_t size) {
  count(size);
  return __libc_malloc(size);
}

EXPORTED void *calloc(size_t n, size_t size) {
  count(n * size);
  return __libc_calloc(n, size);
}

EXPORTED void *realloc(void *block, size_t size) {
  count(size);
  return __libc_realloc(block, size);
}

EXPORTED void *reallocarray(void *block, size_t n, size_t size) {
  size_t total;
  if (__builtin_mul_overflow(n, size, &total)) {
    errno = ENOMEM;
    return NULL;
  }
  count(total);
  return __libc_realloc(block, total);
}

EXPORTED void *memalign(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

EXPORTED int posix_memalign(void **block, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0)
    return EINVAL;
  count(size);
  void *taken = __libc_memalign(alignment, size);
  if (!taken)
    return ENOMEM;
  *block = taken;
  return 0;
}

#endif
