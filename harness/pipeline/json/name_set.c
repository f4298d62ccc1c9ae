/* An open-addressing table of names; see name_set.h for why it has two hashes. */
#include "harness/pipeline/json/name_set.h"

#include <stdlib.h>
#include <sys/random.h>

#include "harness/pipeline/json/hash.h"

/* At a quarter of the slots in use, as name_set_begin sees to, honest names do not come near this. */
#define PROBES_MAX 16

static uint32_t slots_for(size_t names_max) {
  uint32_t slots = 64;
  while (slots < names_max * 2 && slots < UINT32_C(1) << 30)
    slots *= 2;
  return slots;
}

bool name_set_init(struct name_set *set, size_t names_max) {
  *set = (struct name_set){.slot_count = slots_for(names_max)};
  set->slots = calloc(set->slot_count, sizeof *set->slots);
  if (getrandom(&set->secret, sizeof set->secret, GRND_NONBLOCK) != (ssize_t)sizeof set->secret)
    set->secret = (uintptr_t)set->slots * HASH_B; /* the address layout is random too */
  return set->slots != NULL;
}

void name_set_fini(struct name_set *set) {
  free(set->slots);
  *set = (struct name_set){0};
}

void name_set_begin(struct name_set *set, size_t names_max, bool secret) {
  uint32_t slots = slots_for(names_max);
  set->mask = (slots < set->slot_count ? slots : set->slot_count) - 1;
  set->seed = secret ? set->secret : HASH_A;
  set->probes_max = secret ? UINT32_MAX : PROBES_MAX;
  if (++set->generation == 0) { /* wrapped: slots of 2^32 texts ago would look alive */
    memset(set->slots, 0, set->slot_count * sizeof *set->slots);
    set->generation = 1;
  }
}

static inline uint32_t hash_name(const struct name_set *set, struct assay_bytes name, uint32_t owner) {
  uint64_t seed = set->seed ^ (uint64_t)owner << 32;
  if (name.len > 8)
    return (uint32_t)hash_bytes(name, seed);
  return (uint32_t)hash_mix(word_of(name.ptr, name.len) ^ seed, (seed ^ HASH_B) + name.len);
}

enum name_seen name_set_add(struct name_set *set, struct assay_bytes name, uint32_t owner) {
  uint32_t hash = hash_name(set, name, owner);
  for (uint32_t probe = 0; probe < set->probes_max; probe++) {
    struct name_slot *slot = &set->slots[(hash + probe) & set->mask];
    if (slot->generation != set->generation) {
      *slot = (struct name_slot){name.ptr, (uint32_t)name.len, hash, owner, set->generation};
      return NAME_NEW;
    }
    if (slot->hash == hash && slot->owner == owner && bytes_eq(bytes_of(slot->ptr, slot->len), name))
      return NAME_SEEN;
  }
  return NAME_FLOOD;
}
