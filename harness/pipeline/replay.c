/* The replay memory of replay.h. */
#include "harness/pipeline/replay.h"

#include <stdlib.h>

#include "harness/pipeline/json/hash.h"

bool replay_open(struct replay *replay) {
  if (replay->entries)
    return true;
  replay->entries = calloc(REPLAY_ENTRIES, sizeof *replay->entries);
  replay->buckets = calloc(REPLAY_ENTRIES, sizeof *replay->buckets);
  replay->bytes = malloc(REPLAY_BYTES);
  if (replay->entries && replay->buckets && replay->bytes)
    return true;
  replay_close(replay);
  return false;
}

void replay_close(struct replay *replay) {
  free(replay->entries);
  free(replay->buckets);
  free(replay->bytes);
  *replay = (struct replay){0};
}

void replay_reset(struct replay *replay) {
  if (replay->entries)
    memset(replay->buckets, 0, REPLAY_ENTRIES * sizeof *replay->buckets);
  replay->first = replay->count = 0;
  replay->bytes_begin = replay->bytes_end = 0;
}

static uint32_t hash_pair(struct assay_bytes iss, struct assay_bytes jti) {
  return (uint32_t)hash_bytes(jti, hash_bytes(iss, HASH_A));
}

static uint32_t *bucket_of(const struct replay *replay, uint32_t hash) {
  return &replay->buckets[hash % REPLAY_ENTRIES];
}

/* Times are within 2^53 and windows too, so this cannot wrap. */
static bool is_live(const struct replay_entry *entry, int64_t now_s) {
  return now_s - entry->seen_s <= entry->window_s;
}

bool replay_seen(const struct replay *replay, struct assay_bytes iss, struct assay_bytes jti, int64_t now_s) {
  if (!replay->entries)
    return false;
  uint32_t hash = hash_pair(iss, jti);
  for (uint32_t i = *bucket_of(replay, hash); i; i = replay->entries[i - 1].older) {
    const struct replay_entry *entry = &replay->entries[i - 1];
    if (entry->hash == hash && is_live(entry, now_s) && bytes_eq(entry->iss, iss) &&
        bytes_eq(bytes_of(replay->bytes + entry->jti_at, entry->jti_len), jti))
      return true;
  }
  return false;
}

/* Forgets the oldest entry, which is the last of its bucket. */
static void drop_oldest(struct replay *replay) {
  const struct replay_entry *oldest = &replay->entries[replay->first];
  uint32_t *link = bucket_of(replay, oldest->hash);
  while (*link != replay->first + 1)
    link = &replay->entries[*link - 1].older;
  *link = 0;
  replay->first = (replay->first + 1) % REPLAY_ENTRIES;
  replay->count--;
  replay->bytes_begin = replay->count ? replay->entries[replay->first].jti_at : 0;
  if (!replay->count)
    replay->bytes_end = 0;
}

/* Finds room for a text in one piece; begin and end never meet while something is kept. */
static bool place(struct replay *replay, size_t len, uint32_t *at) {
  size_t begin = replay->bytes_begin, end = replay->bytes_end, need = len ? len : 1;
  bool around = replay->count && end <= begin;
  if (need < (around ? begin : (size_t)REPLAY_BYTES) - end)
    *at = (uint32_t)end;
  else if (!around && need < begin)
    *at = 0;
  else
    return false;
  replay->bytes_end = *at + (uint32_t)need;
  return true;
}

bool replay_remember(struct replay *replay, struct assay_bytes iss, struct assay_bytes jti, int64_t now_s,
                     int64_t window_s) {
  if (!replay->entries)
    return false;
  while (replay->count && !is_live(&replay->entries[replay->first], now_s))
    drop_oldest(replay);
  uint32_t at;
  if (replay->count == REPLAY_ENTRIES || !place(replay, jti.len, &at))
    return false;
  uint32_t slot = (replay->first + replay->count++) % REPLAY_ENTRIES, hash = hash_pair(iss, jti);
  uint32_t *bucket = bucket_of(replay, hash);
  if (jti.len)
    memcpy(replay->bytes + at, jti.ptr, jti.len);
  replay->entries[slot] = (struct replay_entry){.iss = iss,
                                                .jti_at = at,
                                                .jti_len = (uint32_t)jti.len,
                                                .hash = hash,
                                                .older = *bucket,
                                                .seen_s = now_s,
                                                .window_s = window_s};
  *bucket = slot + 1;
  return true;
}
