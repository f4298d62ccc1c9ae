/* Which tokens were accepted before: (issuer, jti) of every one, in full, until its window has passed and no
 * longer, in memory that is taken once. Where that is full of tokens whose windows still run, nothing more
 * can be accepted: a verifier that forgets would let a replay through. */
#ifndef ASSAY_PIPELINE_REPLAY_H
#define ASSAY_PIPELINE_REPLAY_H

#include "harness/base/bytes.h"

struct replay_entry;
struct replay_chunk;

struct replay {
  uint32_t capacity;            /* entries; 0: never opened */
  struct replay_entry *entries; /* those of the heap, and behind `used` those that were never taken */
  uint32_t *heap;               /* entries by when they end, the first to end on top */
  uint32_t *buckets;            /* an entry plus one; 0: none */
  struct replay_chunk *chunks;  /* what they keep of the texts */
  uint32_t count;               /* in the heap */
  uint32_t used, chunks_used;
  uint32_t free_entry, free_chunk; /* given back, plus one; 0: none */
};

/* Room for so many tokens, at most 2^24; those with jti or iss longer than 100 octets or so take that of
 * several. False for want of memory. Opening an open one keeps what it is. */
bool replay_open(struct replay *replay, size_t capacity);
void replay_close(struct replay *replay);
/* Forgets everything. */
void replay_reset(struct replay *replay);

/* Was this pair remembered no more than its window ago? A clock that went back finds it, too. */
bool replay_seen(const struct replay *replay, struct assay_bytes iss, struct assay_bytes jti, int64_t now_s);
/* Keeps a copy of both. False where there is no room, or memory was never opened. Times and windows are
 * within 2^53. */
bool replay_remember(struct replay *replay, struct assay_bytes iss, struct assay_bytes jti, int64_t now_s,
                     int64_t window_s);

#endif
