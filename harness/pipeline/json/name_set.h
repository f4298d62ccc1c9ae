/* The names seen so far, for finding duplicates in linear time whatever the names are.
 *
 * A set keeps its memory from text to text and is emptied in constant time. The first hash is a fixed one, so
 * that a text costs the same number of instructions on every run. Names crafted to collide under it are
 * noticed by the length of a probe; the caller then starts over once with a hash that nobody outside can
 * know. */
#ifndef ASSAY_PIPELINE_JSON_NAME_SET_H
#define ASSAY_PIPELINE_JSON_NAME_SET_H

#include "harness/base/bytes.h"

struct name_slot {
  const uint8_t *ptr;
  uint32_t len;
  uint32_t hash;
  uint32_t owner;
  uint32_t generation; /* in use only where it is the set's */
};

struct name_set {
  struct name_slot *slots;
  uint32_t slot_count, mask, generation, probes_max;
  uint64_t seed, secret;
};

enum name_seen { NAME_NEW, NAME_SEEN, NAME_FLOOD };

/* names_max: the most names that any text will bring. False for want of memory. */
bool name_set_init(struct name_set *set, size_t names_max);
void name_set_fini(struct name_set *set);

/* Empties the set. names_max bounds the names of this text and keeps small texts in few cache lines.
 * secret: hash by the set's secret and do not limit probes; for starting over after NAME_FLOOD. */
void name_set_begin(struct name_set *set, size_t names_max, bool secret);

/* Adds a name of an object. name: borrowed until the next begin, with 8 readable bytes from its start.
 * Returns: NAME_SEEN where this owner has it already, NAME_FLOOD where finding that out takes too long. */
enum name_seen name_set_add(struct name_set *set, struct assay_bytes name, uint32_t owner);

#endif
