/* Gathering raw vectors, and mapping them in a worker. */
#include "harness/wire/sealed_vectors.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/wire/shared_memory.h"

#define VECTORS_MAGIC "assay-v1"

struct vectors_header {
  char magic[8];
  uint64_t count, byte_count;
};

/* ---- gathering ---- */

static bool reserve_items(void **array, size_t *capacity, size_t wanted, size_t item_bytes) {
  if (wanted <= *capacity)
    return true;
  size_t larger = wanted * 2 + 64;
  void *moved = realloc(*array, larger * item_bytes);
  if (!moved)
    return false;
  *array = moved;
  *capacity = larger;
  return true;
}

static struct vector_span append_bytes(struct vectors *vectors, struct assay_bytes bytes) {
  const struct vector_span span = {vectors->byte_count, bytes.len};
  if (bytes.len)
    memcpy(vectors->bytes + vectors->byte_count, bytes.ptr, bytes.len);
  vectors->byte_count += bytes.len;
  return span;
}

bool vectors_add(struct vectors *vectors, const struct assay_public_key *key, struct assay_bytes input,
                 struct assay_bytes sig) {
  size_t more = key->k.len + key->n.len + key->e.len + key->x.len + key->y.len + input.len + sig.len;
  if (!reserve_items((void **)&vectors->records, &vectors->capacity, vectors->count + 1,
                     sizeof *vectors->records) ||
      !reserve_items((void **)&vectors->bytes, &vectors->byte_capacity, vectors->byte_count + more, 1))
    return false;
  struct vector_record *record = &vectors->records[vectors->count++];
  record->alg = key->alg;
  record->k = append_bytes(vectors, key->k);
  record->n = append_bytes(vectors, key->n);
  record->e = append_bytes(vectors, key->e);
  record->x = append_bytes(vectors, key->x);
  record->y = append_bytes(vectors, key->y);
  record->input = append_bytes(vectors, input);
  record->sig = append_bytes(vectors, sig);
  return true;
}

static bool write_all(int fd, const void *bytes, size_t len) {
  const uint8_t *at = bytes;
  while (len > 0) {
    ssize_t n = write(fd, at, len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    at += n;
    len -= (size_t)n;
  }
  return true;
}

int vectors_seal(const struct vectors *vectors, struct assay_error *error) {
  const struct vectors_header header = {VECTORS_MAGIC, vectors->count, vectors->byte_count};
  int fd = shared_memory_open("assay-vectors");
  if (fd >= 0 && write_all(fd, &header, sizeof header) &&
      write_all(fd, vectors->records, vectors->count * sizeof *vectors->records) &&
      write_all(fd, vectors->bytes, vectors->byte_count) && fcntl(fd, F_ADD_SEALS, SHARED_READ_ONLY) == 0)
    return fd;
  error_set(error, "cannot make shared memory for %zu vectors: %s", vectors->count, strerror(errno));
  if (fd >= 0)
    close(fd);
  return -1;
}

void vectors_fini(struct vectors *vectors) {
  free(vectors->records);
  free(vectors->bytes);
  *vectors = (struct vectors){0};
}

/* ---- mapping ---- */

static bool spans_hold(const struct vectors_view *view, uint64_t byte_count) {
  for (size_t i = 0; i < view->count; i++) {
    const struct vector_record *r = &view->records[i];
    const struct vector_span *const spans[] = {&r->k, &r->n, &r->e, &r->x, &r->y, &r->input, &r->sig};
    for (size_t s = 0; s < sizeof spans / sizeof spans[0]; s++)
      if (spans[s]->at > byte_count || spans[s]->len > byte_count - spans[s]->at)
        return false;
    if (r->alg >= ASSAY_ALG_COUNT)
      return false;
  }
  return true;
}

bool vectors_map(int fd, struct vectors_view *view, struct assay_error *error) {
  struct stat st;
  if (fstat(fd, &st) != 0 || (size_t)st.st_size < sizeof(struct vectors_header))
    return error_set(error, "the host's vectors are not there");
  size_t size = (size_t)st.st_size;
  const struct vectors_header *header = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (header == MAP_FAILED)
    return error_set(error, "cannot map the host's vectors: %s", strerror(errno));
  size_t room = size - sizeof *header;
  bool fits = memcmp(header->magic, VECTORS_MAGIC, sizeof header->magic) == 0 &&
              header->count <= room / sizeof(struct vector_record) &&
              header->byte_count == room - header->count * sizeof(struct vector_record);
  view->records = (const struct vector_record *)(header + 1);
  view->count = fits ? header->count : 0;
  view->bytes = (const uint8_t *)(view->records + view->count);
  return (fits && spans_hold(view, header->byte_count)) ||
         error_set(error, "the host's vectors are not what this build expects");
}
