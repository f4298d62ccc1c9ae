/* Which tokens were accepted before: (issuer, jti) of every one, kept in full until its window has passed, in
 * memory that is taken once. Where it is full of tokens whose windows still run, nothing more can be
 * accepted: a verifier that forgets would let a replay through. */
#ifndef ASSAY_PIPELINE_REPLAY_H
#define ASSAY_PIPELINE_REPLAY_H

#include "harness/base/bytes.h"

#define REPLAY_ENTRIES (UINT32_C(1) << 16)
#define REPLAY_BYTES (REPLAY_ENTRIES * 64) /* for all jti kept */

struct replay_entry {
  struct assay_bytes iss; /* borrowed from the trust */
  uint32_t jti_at, jti_len;
  uint32_t hash;
  uint32_t older; /* the next entry of the same bucket, plus one */
  int64_t seen_s, window_s;
};

/* A queue in order of arrival, with a bucket chain through it for look-up. */
struct replay {
  struct replay_entry *entries; /* NULL: never opened */
  uint32_t *buckets;            /* newest entry, plus one */
  uint8_t *bytes;
  uint32_t first, count;
  uint32_t bytes_begin, bytes_end; /* where jti texts lie: from begin on, around the end */
};

/* False for want of memory. Opening an open one does nothing. */
bool replay_open(struct replay *replay);
void replay_close(struct replay *replay);
void replay_reset(struct replay *replay);

/* Was this pair remembered no more than its window ago? A clock that went back finds it, too. */
bool replay_seen(const struct replay *replay, struct assay_bytes iss, struct assay_bytes jti, int64_t now_s);
/* iss: borrowed for as long as the entry lives. False where there is no room, or memory was never opened. */
bool replay_remember(struct replay *replay, struct assay_bytes iss, struct assay_bytes jti, int64_t now_s,
                     int64_t window_s);

#endif
