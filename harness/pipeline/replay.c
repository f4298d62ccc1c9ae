/* The replay memory of replay.h: a table by hash, a heap by end, and chunks for the texts. */
#include "harness/pipeline/replay.h"

#include <stdlib.h>

#include "harness/pipeline/json/hash.h"

#define CHUNK_BYTES 60
#define CHUNKS_PER_ENTRY 2

struct replay_chunk {
  uint8_t bytes[CHUNK_BYTES];
  uint32_t next; /* plus one; 0: the last */
};

struct replay_entry {
  uint32_t hash;
  uint32_t next; /* of the same bucket, or of those given back: plus one */
  uint32_t text; /* its first chunk, plus one; 0: both are empty */
  uint32_t iss_len, jti_len;
  int64_t end_s; /* the last second in which it counts */
};

static uint32_t chunks_of(const struct replay *replay) {
  return replay->capacity * CHUNKS_PER_ENTRY;
}

bool replay_open(struct replay *replay, size_t capacity) {
  if (replay->capacity)
    return true;
  replay->entries = calloc(capacity, sizeof *replay->entries);
  replay->heap = calloc(capacity, sizeof *replay->heap);
  replay->buckets = calloc(capacity, sizeof *replay->buckets);
  replay->chunks = calloc(capacity * CHUNKS_PER_ENTRY, sizeof *replay->chunks);
  replay->capacity = (uint32_t)capacity;
  if (replay->entries && replay->heap && replay->buckets && replay->chunks)
    return true;
  replay_close(replay);
  return false;
}

void replay_close(struct replay *replay) {
  free(replay->entries);
  free(replay->heap);
  free(replay->buckets);
  free(replay->chunks);
  *replay = (struct replay){0};
}

void replay_reset(struct replay *replay) {
  if (replay->count)
    memset(replay->buckets, 0, replay->capacity * sizeof *replay->buckets);
  replay->count = replay->used = replay->chunks_used = 0;
  replay->free_entry = replay->free_chunk = 0;
}

/* ---- the texts: iss, and jti behind it ---- */

/* Whether a text stands from an offset on in a chain; *chunk and *at move behind it. */
static bool text_matches(const struct replay *replay, uint32_t *chunk, size_t *at, struct assay_bytes text) {
  for (size_t done = 0; done < text.len;) {
    if (*at == CHUNK_BYTES) {
      *chunk = replay->chunks[*chunk - 1].next;
      *at = 0;
    }
    size_t len = text.len - done < CHUNK_BYTES - *at ? text.len - done : CHUNK_BYTES - *at;
    if (memcmp(replay->chunks[*chunk - 1].bytes + *at, text.ptr + done, len) != 0)
      return false;
    done += len;
    *at += len;
  }
  return true;
}

static bool entry_is(const struct replay *replay, const struct replay_entry *entry, struct assay_bytes iss,
                     struct assay_bytes jti) {
  uint32_t chunk = entry->text;
  size_t at = 0;
  return entry->iss_len == iss.len && entry->jti_len == jti.len && text_matches(replay, &chunk, &at, iss) &&
         text_matches(replay, &chunk, &at, jti);
}

static void text_free(struct replay *replay, uint32_t first) {
  while (first) {
    struct replay_chunk *chunk = &replay->chunks[first - 1];
    uint32_t next = chunk->next;
    chunk->next = replay->free_chunk;
    replay->free_chunk = first;
    first = next;
  }
}

/* A chunk that nothing uses, plus one; 0: none is left. */
static uint32_t chunk_take(struct replay *replay) {
  uint32_t chunk = replay->free_chunk;
  if (chunk)
    replay->free_chunk = replay->chunks[chunk - 1].next;
  else if (replay->chunks_used < chunks_of(replay))
    chunk = ++replay->chunks_used;
  if (chunk)
    replay->chunks[chunk - 1].next = 0;
  return chunk;
}

/* Writes both behind each other. False where the chunks do not suffice; then none is taken. */
static bool text_keep(struct replay *replay, struct assay_bytes iss, struct assay_bytes jti,
                      uint32_t *first) {
  uint32_t *link = first;
  size_t len = iss.len + jti.len;
  *first = 0;
  for (size_t done = 0; done < len; done += CHUNK_BYTES) {
    uint32_t chunk = chunk_take(replay);
    *link = chunk;
    if (!chunk) {
      text_free(replay, *first);
      return false;
    }
    struct replay_chunk *here = &replay->chunks[chunk - 1];
    for (size_t i = done; i < len && i < done + CHUNK_BYTES; i++)
      here->bytes[i - done] = i < iss.len ? iss.ptr[i] : jti.ptr[i - iss.len];
    link = &here->next;
  }
  return true;
}

/* ---- the heap ---- */

static int64_t end_at(const struct replay *replay, uint32_t place) {
  return replay->entries[replay->heap[place]].end_s;
}

static void heap_swap(struct replay *replay, uint32_t a, uint32_t b) {
  uint32_t kept = replay->heap[a];
  replay->heap[a] = replay->heap[b];
  replay->heap[b] = kept;
}

static void heap_add(struct replay *replay, uint32_t entry) {
  uint32_t place = replay->count++;
  replay->heap[place] = entry;
  for (; place && end_at(replay, place) < end_at(replay, (place - 1) / 2); place = (place - 1) / 2)
    heap_swap(replay, place, (place - 1) / 2);
}

static void heap_drop_top(struct replay *replay) {
  replay->heap[0] = replay->heap[--replay->count];
  for (uint32_t place = 0, child; (child = 2 * place + 1) < replay->count; place = child) {
    child += child + 1 < replay->count && end_at(replay, child + 1) < end_at(replay, child);
    if (end_at(replay, place) <= end_at(replay, child))
      return;
    heap_swap(replay, place, child);
  }
}

/* ---- the memory ---- */

static uint32_t hash_pair(struct assay_bytes iss, struct assay_bytes jti) {
  return (uint32_t)hash_bytes(jti, hash_bytes(iss, HASH_A));
}

bool replay_seen(const struct replay *replay, struct assay_bytes iss, struct assay_bytes jti, int64_t now_s) {
  if (!replay->count)
    return false;
  uint32_t hash = hash_pair(iss, jti);
  for (uint32_t i = replay->buckets[hash % replay->capacity]; i; i = replay->entries[i - 1].next) {
    const struct replay_entry *entry = &replay->entries[i - 1];
    if (entry->hash == hash && now_s <= entry->end_s && entry_is(replay, entry, iss, jti))
      return true;
  }
  return false;
}

static void forget_first(struct replay *replay) {
  uint32_t number = replay->heap[0] + 1;
  struct replay_entry *entry = &replay->entries[number - 1];
  uint32_t *link = &replay->buckets[entry->hash % replay->capacity];
  while (*link != number)
    link = &replay->entries[*link - 1].next;
  *link = entry->next;
  text_free(replay, entry->text);
  heap_drop_top(replay);
  entry->next = replay->free_entry;
  replay->free_entry = number;
}

static uint32_t entry_take(struct replay *replay) {
  uint32_t number = replay->free_entry;
  if (!number)
    return ++replay->used;
  replay->free_entry = replay->entries[number - 1].next;
  return number;
}

bool replay_remember(struct replay *replay, struct assay_bytes iss, struct assay_bytes jti, int64_t now_s,
                     int64_t window_s) {
  uint32_t text;
  while (replay->count && end_at(replay, 0) < now_s)
    forget_first(replay);
  if (replay->count == replay->capacity || !text_keep(replay, iss, jti, &text))
    return false;
  uint32_t number = entry_take(replay), hash = hash_pair(iss, jti);
  uint32_t *bucket = &replay->buckets[hash % replay->capacity];
  replay->entries[number - 1] = (struct replay_entry){.hash = hash,
                                                      .next = *bucket,
                                                      .text = text,
                                                      .iss_len = (uint32_t)iss.len,
                                                      .jti_len = (uint32_t)jti.len,
                                                      .end_s = now_s + window_s};
  *bucket = number;
  heap_add(replay, number - 1);
  return true;
}
