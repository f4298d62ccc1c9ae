/* The issuers of a corpus: who they are, what they issue, and their keys. */
#include "corpus/make/keyring.h"

#include <nettle/sha2.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/base/parallel.h"
#include "corpus/make/alg_sets.h"
#include "corpus/make/draft.h"
#include "corpus/make/sign.h"

#define KEYS_MAX 16

struct key_plan {
  enum key_kind kind;
  unsigned bits;
};

struct issuer_plan {
  const char *iss, *host, *audience;
  bool hmac;
};

static const struct issuer_plan issuer_plans[] = {
    {"https://login.north.example", "login.north.example", "https://api.north.example", false},
    {"https://id.south.example", "id.south.example", "https://api.south.example", false},
    {"https://auth.east.example", "auth.east.example", "https://api.east.example", false},
    {"https://sso.west.example", "sso.west.example", "https://api.west.example", true},
    {"https://api.centre.example", "api.centre.example", "https://data.centre.example", true},
};
#define ISSUER_COUNT (sizeof issuer_plans / sizeof issuer_plans[0])

static const struct key_plan hmac_keys[] = {{KEY_OCT, 0}, {KEY_OCT, 0}, {KEY_OCT, 0}, {KEY_OCT, 0}};
static const struct key_plan small_rsa[] = {{KEY_RSA, 2048}};
static const struct key_plan first_rsa[] = {{KEY_RSA, 2048}, {KEY_RSA, 3072}, {KEY_RSA, 4096}};
static const struct key_plan full_rsa[] = {
    {KEY_RSA, 2048}, {KEY_RSA, 2048}, {KEY_RSA, 3072}, {KEY_RSA, 4096}};
static const struct key_plan curve_keys[] = {{KEY_P256, 0},    {KEY_P256, 0},      {KEY_P384, 0},
                                             {KEY_P521, 0},    {KEY_SECP256K1, 0}, {KEY_ED25519, 0},
                                             {KEY_ED25519, 0}, {KEY_ED448, 0}};
static const struct key_plan stranger_keys[] = {{KEY_OCT, 0},     {KEY_RSA, 2048}, {KEY_P256, 0},
                                                {KEY_P384, 0},    {KEY_P521, 0},   {KEY_SECP256K1, 0},
                                                {KEY_ED25519, 0}, {KEY_ED448, 0}};
static const struct key_plan weak_key = {KEY_RSA, 1024};

/* One key still to be made, by any thread: its stream hangs on the labels alone. */
struct key_job {
  struct signing_key *key;
  struct key_plan plan;
  const char *owner;
  unsigned nth;
  double cost;
};

struct key_work {
  struct key_job jobs[ISSUER_COUNT * KEYS_MAX + KEYS_MAX];
  size_t count;
  uint64_t seed;
  void (*progress)(void *arg, double share);
  void *arg;
  pthread_mutex_t lock; /* of what follows, and of progress */
  double done, total;
};

/* ---- names ---- */

/* The first algorithm that a key of that kind serves. */
static const struct assay_alg_info *alg_of_kind(enum key_kind kind) {
  int alg = 0;
  while (key_kind_of((enum assay_alg)alg) != kind)
    alg++;
  return assay_alg_info((enum assay_alg)alg);
}

static const char *kty_of(const struct signing_key *key) {
  return jwk_type_name(alg_of_kind(key->kind)->key_type);
}

static void set_octets(json_t *jwk, const char *name, struct assay_bytes octets) {
  OWNED_BYTES struct text text = {0};
  if (octets.len == 0)
    return;
  text_add_b64url(&text, octets.ptr, octets.len);
  json_object_set_new(jwk, name, json_stringn((char *)text.ptr, text.len));
}

static void set_members(json_t *jwk, const struct signing_key *key) {
  enum jwk_curve curve = alg_of_kind(key->kind)->curve;
  if (curve != CURVE_NONE)
    json_object_set_new(jwk, "crv", json_string(jwk_curve_name(curve)));
  set_octets(jwk, "n", key->n);
  set_octets(jwk, "e", key->e);
  set_octets(jwk, "x", key->x);
  set_octets(jwk, "y", key->y);
  set_octets(jwk, "k", key->k);
}

/* The JWK's SHA-256 thumbprint: required members only, sorted, no white space (RFC 7638 3). */
static void name_key(struct signing_key *key) {
  json_t *required = must(json_object());
  json_object_set_new(required, "kty", json_string(kty_of(key)));
  set_members(required, key);
  char *canonical = must(json_dumps(required, JSON_COMPACT | JSON_SORT_KEYS));
  struct sha256_ctx hash;
  uint8_t digest[SHA256_DIGEST_SIZE];
  sha256_init(&hash);
  sha256_update(&hash, strlen(canonical), (const uint8_t *)canonical);
  sha256_digest(&hash, sizeof digest, digest);
  struct text kid = {0};
  text_add_b64url(&kid, digest, sizeof digest);
  text_add(&kid, "", 1);
  key->kid = (char *)kid.ptr;
  free(canonical);
  json_decref(required);
}

/* ---- making ---- */

/* RSA key generation goes about with the fourth power of the length; all else is next to nothing. */
static double cost_of(struct key_plan plan) {
  double length = plan.bits / 1024.0;
  return plan.kind == KEY_RSA ? length * length * length * length : 0.01;
}

static void plan_key(struct key_work *work, struct signing_key *key, struct key_plan plan, const char *owner,
                     unsigned nth) {
  struct key_job *job = &work->jobs[work->count++];
  *job = (struct key_job){.key = key, .plan = plan, .owner = owner, .nth = nth, .cost = cost_of(plan)};
  work->total += job->cost;
}

static void make_key(void *arg, size_t index) {
  struct key_work *work = arg;
  const struct key_job *job = &work->jobs[index];
  char kind[16], bits[16], nth[16];
  struct rng random;
  snprintf(kind, sizeof kind, "%d", (int)job->plan.kind);
  snprintf(bits, sizeof bits, "%u", job->plan.bits);
  snprintf(nth, sizeof nth, "%u", job->nth);
  rng_init(&random, work->seed, (const char *const[]){"key", job->owner, kind, bits, nth, NULL});
  signing_key_make(job->key, job->plan.kind, job->plan.bits, &random);
  name_key(job->key);
  pthread_mutex_lock(&work->lock);
  work->done += job->cost;
  if (work->progress)
    work->progress(work->arg, work->done / work->total);
  pthread_mutex_unlock(&work->lock);
}

/* The costliest first, so that no thread is left with one at the end. */
static int by_cost(const void *a, const void *b) {
  double x = ((const struct key_job *)a)->cost, y = ((const struct key_job *)b)->cost;
  return (x < y) - (x > y);
}

/* Appends the plans to a list of keys that has room for them. nth counts keys of the same kind and size. */
static void plan_keys(struct key_work *work, struct signing_key *keys, size_t *count, const char *owner,
                      const struct key_plan *plans, size_t plan_count) {
  for (size_t i = 0; i < plan_count; i++) {
    unsigned nth = 0;
    for (size_t j = 0; j < i; j++)
      nth += plans[j].kind == plans[i].kind && plans[j].bits == plans[i].bits;
    plan_key(work, &keys[(*count)++], plans[i], owner, nth);
  }
}

#define PLAN(array) (array), sizeof(array) / sizeof((array)[0])

static void plan_issuer(struct key_work *work, struct ring_issuer *issuer, size_t nth,
                        enum keyring_size size) {
  const struct issuer_plan *plan = &issuer_plans[nth];
  *issuer = (struct ring_issuer){.iss = plan->iss,
                                 .host = plan->host,
                                 .audience = plan->audience,
                                 .algs = plan->hmac ? ALGS_HMAC : ALGS_ASYMMETRIC,
                                 .keys = must(calloc(KEYS_MAX, sizeof *issuer->keys))};
  size_t *count = &issuer->key_count;
  if (plan->hmac) {
    plan_keys(work, issuer->keys, count, plan->host, PLAN(hmac_keys));
    return;
  }
  if (size == KEYRING_FULL)
    plan_keys(work, issuer->keys, count, plan->host, PLAN(full_rsa));
  else if (nth == 0)
    plan_keys(work, issuer->keys, count, plan->host, PLAN(first_rsa));
  else
    plan_keys(work, issuer->keys, count, plan->host, PLAN(small_rsa));
  plan_keys(work, issuer->keys, count, plan->host, PLAN(curve_keys));
}

static void plan_ring(struct key_work *work, struct keyring *ring, enum keyring_size size) {
  ring->issuers = must(calloc(ISSUER_COUNT, sizeof *ring->issuers));
  ring->issuer_count = ISSUER_COUNT;
  for (size_t i = 0; i < ISSUER_COUNT; i++)
    plan_issuer(work, &ring->issuers[i], i, size);
  ring->strangers = must(calloc(KEYS_MAX, sizeof *ring->strangers));
  plan_keys(work, ring->strangers, &ring->stranger_count, "stranger", PLAN(stranger_keys));
  struct signing_key *weak = must(calloc(1, sizeof *weak));
  plan_key(work, weak, weak_key, "weak", 0);
  ring->weak = weak;
}

struct keyring *keyring_new_sized(enum keyring_size size, uint64_t seed, unsigned threads,
                                  void (*progress)(void *arg, double share), void *arg) {
  struct key_work work = {.seed = seed, .progress = progress, .arg = arg, .lock = PTHREAD_MUTEX_INITIALIZER};
  struct keyring *ring = calloc(1, sizeof *ring);
  if (!ring)
    return NULL;
  json_object_seed(1); /* before there are threads: Jansson's first hash table picks a seed without a lock */
  ring->seed = seed;
  plan_ring(&work, ring, size);
  qsort(work.jobs, work.count, sizeof work.jobs[0], by_cost);
  parallel_for(threads, work.count, make_key, &work);
  return ring;
}

struct keyring *keyring_new(uint64_t seed, unsigned threads, void (*progress)(void *arg, double share),
                            void *arg) {
  return keyring_new_sized(KEYRING_FULL, seed, threads, progress, arg);
}

static void keys_free(struct signing_key *keys, size_t count) {
  for (size_t i = 0; i < count; i++)
    signing_key_fini(&keys[i]);
  free(keys);
}

void keyring_free(struct keyring *ring) {
  if (!ring)
    return;
  for (size_t i = 0; i < ring->issuer_count; i++)
    keys_free(ring->issuers[i].keys, ring->issuers[i].key_count);
  keys_free(ring->strangers, ring->stranger_count);
  keys_free((struct signing_key *)ring->weak, 1);
  free(ring->issuers);
  free(ring);
}

/* ---- looking up ---- */

static bool key_serves(const struct signing_key *key, enum assay_alg alg, unsigned bits) {
  return key->kind == key_kind_of(alg) && (bits == 0 || key->bits == bits);
}

const struct signing_key *keyring_pick(const struct ring_issuer *issuer, enum assay_alg alg, unsigned bits,
                                       unsigned nth) {
  size_t fitting = 0;
  if (!(issuer->algs & ASSAY_ALG_BIT(alg)))
    return NULL;
  for (size_t i = 0; i < issuer->key_count; i++)
    fitting += key_serves(&issuer->keys[i], alg, bits);
  if (fitting == 0)
    return NULL;
  size_t left = nth % fitting;
  for (const struct signing_key *key = issuer->keys;; key++)
    if (key_serves(key, alg, bits) && left-- == 0)
      return key;
}

const struct signing_key *keyring_stranger(const struct keyring *ring, enum assay_alg alg) {
  for (size_t i = 0; i < ring->stranger_count; i++)
    if (key_serves(&ring->strangers[i], alg, 0))
      return &ring->strangers[i];
  fatal("no stranger has a key for %s", assay_alg_name(alg));
}

/* ---- as JSON ---- */

json_t *signing_key_jwk(const struct signing_key *key) {
  json_t *jwk = must(json_pack("{s:s, s:s, s:s}", "kty", kty_of(key), "kid", key->kid, "use", "sig"));
  set_members(jwk, key);
  return jwk;
}

json_t *ring_issuer_jwks(const struct ring_issuer *issuer) {
  json_t *keys = must(json_array());
  for (size_t i = 0; i < issuer->key_count; i++)
    json_array_append_new(keys, signing_key_jwk(&issuer->keys[i]));
  return must(json_pack("{s:o}", "keys", keys));
}

/* The policy's names: a header says EdDSA for either Edwards curve (RFC 8037 3.1). */
static json_t *algorithm_names(uint64_t algs) {
  json_t *names = must(json_array());
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
    if (algs & ASSAY_ALG_BIT(alg) && alg != ASSAY_ED448)
      json_array_append_new(names, json_string(assay_alg_name((enum assay_alg)alg)));
  return names;
}

static json_t *issuer_policy(const struct ring_issuer *issuer) {
  char path[256];
  snprintf(path, sizeof path, "keys/%s.jwks", issuer->host);
  return must(json_pack("{s:s, s:s, s:o, s:[s], s:[s, s, s, s], s:i, s:[s]}", "iss", issuer->iss, "keys",
                        path, "algorithms", algorithm_names(issuer->algs), "audience", issuer->audience,
                        "required", "exp", "iat", "sub", "jti", "max_lifetime_s", 86400, "scope", "read"));
}

json_t *keyring_policy(const struct keyring *ring) {
  json_t *issuers = must(json_array());
  for (size_t i = 0; i < ring->issuer_count; i++)
    json_array_append_new(issuers, issuer_policy(&ring->issuers[i]));
  return must(json_pack("{s:s, s:I, s:i, s:{s:[s, s], s:b}, s:o}", "schema", "assay-policy/1", "now",
                        (json_int_t)CORPUS_NOW, "leeway_s", 30, "typ", "allow", "at+jwt", "JWT", "required",
                        1, "issuers", issuers));
}
