/* Keys that all threads of a process use together, for a backend's variant `shared-keys`: every key is
 * imported once, as in a server that keeps one key set, and a context takes a reference to it. Only for
 * libraries whose documentation lets threads share a key that none of them changes. Included by one file of a
 * module; all functions may be called from any thread. */
#ifndef ASSAY_BACKENDS_SHARED_KEYS_H
#define ASSAY_BACKENDS_SHARED_KEYS_H

#include <pthread.h>
#include <stdlib.h>

#include "backends/backend.h"

struct shared_key {
  struct shared_key *next;
  unsigned users;
  void *object;                   /* what import made of it */
  struct assay_public_key public; /* its octets are kept behind this struct */
};

static struct {
  pthread_mutex_t lock;
  struct shared_key *first;
} shared_keys = {.lock = PTHREAD_MUTEX_INITIALIZER};

enum { PUBLIC_KEY_FIELDS = 5 };

static void public_key_fields(struct assay_public_key *key, struct assay_bytes *fields[PUBLIC_KEY_FIELDS]) {
  struct assay_bytes *all[PUBLIC_KEY_FIELDS] = {&key->k, &key->n, &key->e, &key->x, &key->y};
  memcpy(fields, all, sizeof all);
}

static size_t public_key_bytes(const struct assay_public_key *key) {
  return key->k.len + key->n.len + key->e.len + key->x.len + key->y.len;
}

/* Copies `from` with its octets, which go to `at`: public_key_bytes of them. */
static void public_key_copy(struct assay_public_key *to, const struct assay_public_key *from, uint8_t *at) {
  struct assay_bytes *fields[PUBLIC_KEY_FIELDS];
  *to = *from;
  public_key_fields(to, fields);
  for (int i = 0; i < PUBLIC_KEY_FIELDS; i++) {
    if (fields[i]->len)
      memcpy(at, fields[i]->ptr, fields[i]->len);
    fields[i]->ptr = at;
    at += fields[i]->len;
  }
}

static bool public_key_eq(const struct assay_public_key *a, const struct assay_public_key *b) {
  return a->alg == b->alg && bytes_eq(a->k, b->k) && bytes_eq(a->n, b->n) && bytes_eq(a->e, b->e) &&
         bytes_eq(a->x, b->x) && bytes_eq(a->y, b->y);
}

static enum assay_outcome shared_key_make(const struct assay_public_key *public,
                                          enum assay_outcome (*import)(const struct assay_public_key *,
                                                                       void **),
                                          struct shared_key **out) {
  struct shared_key *made = calloc(1, sizeof *made + public_key_bytes(public));
  if (!made)
    return ASSAY_FAULT;
  enum assay_outcome outcome = import(public, &made->object);
  if (outcome != ASSAY_MATCH) {
    free(made);
    return outcome;
  }
  public_key_copy(&made->public, public, (uint8_t *)(made + 1));
  made->next = shared_keys.first;
  shared_keys.first = made;
  *out = made;
  return ASSAY_MATCH;
}

/* The key that some thread has imported already, or else by `import`, whose refusal is returned.
 * Balanced by shared_key_drop. */
static enum assay_outcome shared_key_take(const struct assay_public_key *public,
                                          enum assay_outcome (*import)(const struct assay_public_key *,
                                                                       void **),
                                          struct shared_key **out) {
  enum assay_outcome outcome = ASSAY_MATCH;
  pthread_mutex_lock(&shared_keys.lock);
  struct shared_key *key = shared_keys.first;
  while (key && !public_key_eq(&key->public, public))
    key = key->next;
  if (!key)
    outcome = shared_key_make(public, import, &key);
  if (outcome == ASSAY_MATCH) {
    key->users++;
    *out = key;
  }
  pthread_mutex_unlock(&shared_keys.lock);
  return outcome;
}

/* release: gives back the object that import made, when its last user drops it. */
static void shared_key_drop(struct shared_key *key, void (*release)(void *object)) {
  pthread_mutex_lock(&shared_keys.lock);
  if (--key->users == 0) {
    struct shared_key **at = &shared_keys.first;
    while (*at != key)
      at = &(*at)->next;
    *at = key->next;
    release(key->object);
    free(key);
  }
  pthread_mutex_unlock(&shared_keys.lock);
}

#endif
