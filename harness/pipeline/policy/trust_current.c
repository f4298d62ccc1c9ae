/* The trusts that are there, counted under a lock; which of them holds can be read without it. */
#include "harness/pipeline/policy/trust_current.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct snapshot {
  struct trust *trust;
  size_t readers;
  struct snapshot *next;
};

struct trust_current {
  _Atomic(const struct trust *) holding;
  pthread_mutex_t lock; /* of all below, and of changing what holds */
  struct snapshot *all; /* the newest first */
  void (*drop)(struct trust *trust);
};

bool trust_current_is(const struct trust_current *current, const struct trust *held) {
  return atomic_load_explicit(&current->holding, memory_order_acquire) == held;
}

/* Takes out those that neither hold nor are held; *left: how many others do not hold. Under the lock. */
static struct snapshot *take_unused(struct trust_current *current, size_t *left) {
  struct snapshot *unused = NULL;
  *left = 0;
  for (struct snapshot **link = &current->all; *link;) {
    struct snapshot *snapshot = *link;
    bool holds = trust_current_is(current, snapshot->trust);
    if (snapshot->readers || holds) {
      *left += !holds;
      link = &snapshot->next;
      continue;
    }
    *link = snapshot->next;
    snapshot->next = unused;
    unused = snapshot;
  }
  return unused;
}

static void drop_all(struct trust_current *current, struct snapshot *snapshots) {
  while (snapshots) {
    struct snapshot *next = snapshots->next;
    current->drop(snapshots->trust);
    free(snapshots);
    snapshots = next;
  }
}

bool trust_current_put(struct trust_current *current, struct trust *next) {
  struct snapshot *snapshot = malloc(sizeof *snapshot);
  if (!snapshot)
    return false;
  pthread_mutex_lock(&current->lock);
  *snapshot = (struct snapshot){.trust = next, .next = current->all};
  current->all = snapshot;
  atomic_store_explicit(&current->holding, next, memory_order_release);
  pthread_mutex_unlock(&current->lock);
  trust_current_sweep(current);
  return true;
}

size_t trust_current_sweep(struct trust_current *current) {
  size_t left;
  pthread_mutex_lock(&current->lock);
  struct snapshot *unused = take_unused(current, &left);
  pthread_mutex_unlock(&current->lock);
  drop_all(current, unused);
  return left;
}

struct trust_current *trust_current_open(struct trust *first, void (*drop)(struct trust *trust)) {
  struct trust_current *current = calloc(1, sizeof *current);
  if (!current)
    return NULL;
  pthread_mutex_init(&current->lock, NULL);
  current->drop = drop;
  if (trust_current_put(current, first))
    return current;
  pthread_mutex_destroy(&current->lock);
  free(current);
  return NULL;
}

void trust_current_close(struct trust_current *current) {
  if (!current)
    return;
  drop_all(current, current->all);
  pthread_mutex_destroy(&current->lock);
  free(current);
}

const struct trust *trust_current_acquire(struct trust_current *current) {
  pthread_mutex_lock(&current->lock);
  struct snapshot *holding = current->all; /* the newest */
  holding->readers++;
  pthread_mutex_unlock(&current->lock);
  return holding->trust;
}

void trust_current_release(struct trust_current *current, const struct trust *held) {
  pthread_mutex_lock(&current->lock);
  struct snapshot *snapshot = current->all;
  while (snapshot->trust != held)
    snapshot = snapshot->next;
  snapshot->readers--;
  pthread_mutex_unlock(&current->lock);
}
