/* Trusts that take each other's place while sessions verify: whose answers they are, and who is freed when.
 * Has threads. */
#include <pthread.h>
#include <stdatomic.h>

#include "tests/token_kit.h"

/* ---- one thread ---- */

static struct kit kit, next;

static void start(void) {
  kit_init(&kit);
  kit_init(&next);
}

TestSuite(trust_current, .init = start);

static enum assay_reason ask_hs(struct session *session) {
  return pipeline_verify(session,
                         kit_token(BYTES_LIT(KIT_HEADER), BYTES_LIT(KIT_CLAIMS), kit_signature(JOSE_HS256)));
}

Test(trust_current, a_session_goes_over_where_it_is_told_to) {
  struct trust_current *current = kit_current(&kit);
  struct session *session = session_open_current(&kit_backend, current, false, NULL);
  next.a_keys[KIT_HS].revoked = true;
  cr_expect_eq(ask_hs(session), REASON_OK);
  cr_assert(trust_current_put(current, &next.trust));
  cr_expect_eq(ask_hs(session), REASON_OK, "it has not been told yet");
  cr_expect_eq(session_trust(session), &kit.trust);
  cr_expect(session_follow(session, NULL));
  cr_expect_eq(session_trust(session), &next.trust);
  cr_expect_null(session_accepted(session).issuer, "what an older trust accepted is gone");
  cr_expect_eq(ask_hs(session), REASON_KEY_REVOKED);
  unsigned open = kit_keys_open;
  cr_expect(session_follow(session, NULL), "nothing has changed");
  cr_expect_eq(kit_keys_open, open);
  session_close(session);
  cr_expect_eq(kit_keys_open, 0);
  trust_current_close(current);
  cr_expect_eq(kit_dropped, 2);
}

/* Only the one who puts, sweeps or closes drops, and nothing that a reader has. */
Test(trust_current, an_old_trust_is_dropped_once_nobody_has_it) {
  static struct kit third;
  kit_init(&third);
  struct trust_current *current = kit_current(&kit);
  struct session *a = session_open_current(&kit_backend, current, false, NULL),
                 *b = session_open_current(&kit_backend, current, false, NULL);
  cr_assert(trust_current_put(current, &next.trust));
  cr_expect_eq(kit_dropped, 0);
  cr_expect(session_follow(a, NULL));
  cr_expect_eq(trust_current_sweep(current), 1, "b has the first");
  cr_assert(trust_current_put(current, &third.trust));
  cr_expect_eq(trust_current_sweep(current), 2);
  cr_expect_eq(kit_dropped, 0);
  cr_expect(session_follow(b, NULL));
  cr_expect_eq(kit_dropped, 0, "a reader frees nothing");
  cr_expect_eq(trust_current_sweep(current), 1);
  cr_expect_eq(kit_dropped, 1);
  session_close(a);
  cr_expect_eq(trust_current_sweep(current), 0);
  cr_expect_eq(kit_dropped, 2);
  session_close(b);
  trust_current_close(current);
  cr_expect_eq(kit_dropped, 3);
}

Test(trust_current, a_session_that_cannot_go_over_says_so_and_keeps_what_it_has) {
  struct assay_error error = {0};
  struct trust_current *current = kit_current(&kit);
  struct session *session = session_open_current(&kit_backend, current, false, NULL);
  unsigned open = kit_keys_open;
  next.a_keys[KIT_HS].revoked = true;
  cr_assert(trust_current_put(current, &next.trust));
  kit_import = ASSAY_FAULT;
  cr_expect_not(session_follow(session, &error));
  cr_expect_str_eq(error.text,
                   "backend kit failed to import the RS256 key \"rsa\" of issuer https://a.example");
  cr_expect_eq(kit_keys_open, open);
  cr_expect_eq(session_trust(session), &kit.trust);
  cr_expect_eq(ask_hs(session), REASON_OK);
  next.trust.limits.token_bytes = SIZE_MAX;
  cr_expect_not(session_follow(session, &error));
  next.trust.limits.token_bytes = kit.trust.limits.token_bytes;
  kit_import = ASSAY_MATCH;
  cr_expect(session_follow(session, &error));
  cr_expect_eq(ask_hs(session), REASON_KEY_REVOKED);
  session_close(session);
  trust_current_close(current);
  cr_expect_eq(kit_keys_open, 0);
}

Test(trust_current, larger_limits_get_larger_memory) {
  static char claims[24 * 1024];
  struct trust_current *current = kit_current(&kit);
  struct session *session = session_open_current(&kit_backend, current, false, NULL);
  next.trust.limits.token_bytes = 65536;
  next.trust.limits.json_members = 4096;
  size_t at = (size_t)snprintf(claims, sizeof claims, "{" KIT_ISS "," KIT_TIMES);
  for (unsigned i = 0; i < 1500; i++)
    at += (size_t)snprintf(claims + at, sizeof claims - at, ",\"m%u\":%u", i, i);
  snprintf(claims + at, sizeof claims - at, "}");
  struct assay_bytes token = kit_token(BYTES_LIT(KIT_HEADER), bytes_str(claims), kit_signature(JOSE_HS256));
  cr_expect_eq(pipeline_verify(session, token), REASON_OVERSIZE);
  cr_assert(trust_current_put(current, &next.trust));
  cr_expect(session_follow(session, NULL));
  cr_expect_eq(pipeline_verify(session, token), REASON_OK);
  session_close(session);
  trust_current_close(current);
}

Test(trust_current, what_was_seen_stays_seen) {
  struct assay_bytes claims = BYTES_LIT("{" KIT_ISS "," KIT_TIMES ",\"jti\":\"1\"}");
  struct assay_bytes token = kit_token(BYTES_LIT(KIT_HEADER), claims, kit_signature(JOSE_HS256));
  kit.issuers[0].replay_window_s = next.issuers[0].replay_window_s = 60;
  struct trust_current *current = kit_current(&kit);
  struct session *session = session_open_current(&kit_backend, current, false, NULL);
  session_replay(session, true);
  cr_expect_eq(pipeline_verify(session, token), REASON_OK);
  cr_assert(trust_current_put(current, &next.trust));
  cr_expect(session_follow(session, NULL));
  cr_expect_eq(pipeline_verify(session, token), REASON_REPLAYED);
  session_close(session);
  trust_current_close(current);
}

/* ---- two threads ---- */

#define SECRET_BYTES 32
#define CHANGES 300 /* that each thread is to go along with */
#define SPOILT 0x5a

/* A key matches the signature that is its own octets, of this many generations in turn. */
static enum assay_outcome own_key_open(struct assay_ctx *ctx, const struct assay_public_key *key,
                                       struct assay_key **out) {
  (void)ctx;
  uint8_t *copy = malloc(SECRET_BYTES);
  if (!copy)
    return ASSAY_FAULT;
  memcpy(copy, key->k.ptr, SECRET_BYTES);
  *out = (struct assay_key *)copy;
  return ASSAY_MATCH;
}

static void own_key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  free(key);
}

static enum assay_outcome own_ctx_open(struct assay_ctx **ctx) {
  static char nothing;
  *ctx = (struct assay_ctx *)&nothing;
  return ASSAY_MATCH;
}

static void own_ctx_close(struct assay_ctx *ctx) {
  (void)ctx;
}

static enum assay_outcome own_verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                     struct assay_bytes sig) {
  (void)ctx, (void)input;
  return memcmp(key, sig.ptr, SECRET_BYTES) == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
}

static const struct assay_backend own_backend = {.abi = ASSAY_BACKEND_ABI,
                                                 .size = sizeof(struct assay_backend),
                                                 .name = "own",
                                                 .algs = ASSAY_ALG_BIT(ASSAY_HS256),
                                                 .ctx_open = own_ctx_open,
                                                 .ctx_close = own_ctx_close,
                                                 .key_open = own_key_open,
                                                 .key_close = own_key_close,
                                                 .verify = own_verify};

/* Two keys: "hs" of its generation, and "both", which every one has. */
struct generation {
  struct trust trust; /* first, so that one is known by the other */
  unsigned number;
  struct issuer issuer;
  struct jwk keys[2];
  uint8_t secrets[2][SECRET_BYTES];
};

static uint8_t octet_of(unsigned generation) {
  return (uint8_t)(generation % 2 ? 0x11 : 0x22);
}

static struct trust *generation_new(unsigned number) {
  struct generation *made = calloc(1, sizeof *made);
  cr_assert(made);
  made->trust = kit.trust;
  made->trust.issuers = &made->issuer;
  made->trust.issuer_count = 1;
  made->number = number;
  memset(made->secrets[0], octet_of(number), SECRET_BYTES);
  memset(made->secrets[1], 0x33, SECRET_BYTES);
  made->keys[0] = kit_jwk("hs", JWK_OCT, CURVE_NONE);
  made->keys[1] = kit_jwk("both", JWK_OCT, CURVE_NONE);
  for (int i = 0; i < 2; i++)
    made->keys[i].k = bytes_of(made->secrets[i], SECRET_BYTES);
  kit_issuer(&made->issuer, "https://a.example", made->keys, 2);
  return &made->trust;
}

static unsigned generations_dropped; /* by the thread that puts */

static void generation_drop(struct trust *trust) {
  generations_dropped++;
  memset(trust, SPOILT, sizeof(struct generation));
  free(trust);
}

struct text {
  uint8_t bytes[1024];
  size_t len;
};

static struct text signed_by(const char *header, uint8_t octet) {
  uint8_t sig[SECRET_BYTES];
  struct text text;
  memset(sig, octet, sizeof sig);
  struct assay_bytes token = kit_token(bytes_str(header), BYTES_LIT(KIT_CLAIMS), bytes_of(sig, sizeof sig));
  memcpy(text.bytes, token.ptr, token.len);
  text.len = token.len;
  return text;
}

static struct {
  struct trust_current *current;
  struct text odd, even, both;
  _Atomic bool stop;
} shared;

struct verifier {
  pthread_t thread;
  unsigned asked, wrong;
  _Atomic unsigned changes;
};

static bool is_accepted(struct session *session, const struct text *text) {
  return pipeline_verify(session, bytes_of(text->bytes, text->len)) == REASON_OK;
}

/* Each answer is right for the one generation that the session has. */
static void *verify_on(void *arg) {
  struct verifier *verifier = arg;
  struct session *session = session_open_current(&own_backend, shared.current, false, NULL);
  const struct trust *before = NULL;
  while (session && !atomic_load(&shared.stop)) {
    bool follows = session_follow(session, NULL);
    const struct generation *now = (const struct generation *)session_trust(session);
    bool is_odd = now->number % 2;
    verifier->wrong += !follows || is_accepted(session, &shared.odd) != is_odd ||
                       is_accepted(session, &shared.even) == is_odd || !is_accepted(session, &shared.both);
    verifier->asked++;
    if (session_trust(session) != before)
      atomic_fetch_add(&verifier->changes, 1);
    before = session_trust(session);
  }
  session_close(session);
  return NULL;
}

Test(trust_current, while_two_threads_verify_every_answer_is_right_for_one_of_the_trusts) {
  struct verifier verifiers[2] = {0};
  kit_init(&kit);
  shared.odd = signed_by(KIT_HEADER, octet_of(1));
  shared.even = signed_by(KIT_HEADER, octet_of(2));
  shared.both = signed_by("{\"alg\":\"HS256\",\"kid\":\"both\"}", 0x33);
  shared.current = trust_current_open(generation_new(0), generation_drop);
  cr_assert(shared.current);
  for (int i = 0; i < 2; i++)
    cr_assert_eq(pthread_create(&verifiers[i].thread, NULL, verify_on, &verifiers[i]), 0);
  unsigned number = 0;
  while (atomic_load(&verifiers[0].changes) < CHANGES || atomic_load(&verifiers[1].changes) < CHANGES) {
    cr_assert(trust_current_put(shared.current, generation_new(++number)));
    sched_yield();
  }
  atomic_store(&shared.stop, true);
  for (int i = 0; i < 2; i++) {
    pthread_join(verifiers[i].thread, NULL);
    cr_expect_eq(verifiers[i].wrong, 0, "%u of %u", verifiers[i].wrong, verifiers[i].asked);
  }
  cr_expect_eq(trust_current_sweep(shared.current), 0);
  cr_expect_eq(generations_dropped, number);
  trust_current_close(shared.current);
  cr_expect_eq(generations_dropped, number + 1);
}
