/* Sessions: imports and their outcomes, trusts side by side, clocks, prefixes, what is handed out and when,
 * replay memory, and tables of many keys and issuers. */
#include <time.h>

#include "tests/token_kit.h"

#include "harness/base/random.h"
#include "harness/pipeline/replay.h"

static struct kit kit;

static void start(void) {
  kit_init(&kit);
}

TestSuite(session, .init = start);

static struct assay_bytes good_token(void) {
  return kit_token(BYTES_LIT(KIT_HEADER), BYTES_LIT(KIT_CLAIMS), kit_signature(JOSE_HS256));
}

static struct session *open_failing(struct assay_error *error) {
  const struct trust *trusts[] = {&kit.trust};
  *error = (struct assay_error){0};
  return session_open(&kit_backend, trusts, 1, error);
}

/* Opening and importing. */

Test(session, every_key_is_imported_once_per_algorithm_and_closed) {
  struct session *session = kit_open(&kit);
  /* a: 3 HMAC, 6 RSA, and one each for four EC and two Edwards keys; b: 3 HMAC */
  cr_expect_eq(kit_keys_open, 3 + 6 + 4 + 2 + 3);
  cr_expect_eq(kit_contexts_open, 1);
  session_close(session);
  cr_expect_eq(kit_keys_open, 0);
  cr_expect_eq(kit_contexts_open, 0);
  session_close(NULL);
}

Test(session, only_what_the_issuer_allows_is_imported) {
  kit.issuers[0].algorithms = JOSE_ALG_BIT(JOSE_RS256) | JOSE_ALG_BIT(JOSE_EDDSA);
  kit.issuers[1].keys.refused = REASON_SET_MIXED;
  kit.a_keys[KIT_ED448].refused = REASON_KEY_LOW_ORDER;
  struct session *session = kit_open(&kit);
  cr_expect_eq(kit_keys_open, 2);
  session_close(session);
}

Test(session, a_fault_of_the_backend_fails_the_opening) {
  struct assay_error error;
  kit_import = ASSAY_FAULT;
  cr_expect_null(open_failing(&error));
  cr_expect_str_eq(error.text,
                   "backend kit failed to import the HS256 key \"hs\" of issuer https://a.example");
  kit_import = (enum assay_outcome)0;
  cr_expect_null(open_failing(&error));
  kit_import = ASSAY_MATCH;
  kit_context = ASSAY_FAULT;
  cr_expect_null(open_failing(&error));
  cr_expect_str_eq(error.text, "backend kit failed to open a context");
  cr_expect_eq(kit_keys_open, 0);
  cr_expect_eq(kit_contexts_open, 0);
}

Test(session, what_cannot_be_opened_is_said) {
  struct assay_error error = {0};
  cr_expect_null(session_open(&kit_backend, NULL, 0, &error));
  cr_expect_str_eq(error.text, "a session needs a policy to check tokens against");
  kit.trust.limits.token_bytes = SIZE_MAX;
  cr_expect_null(open_failing(&error));
  cr_expect_not_null(strstr(error.text, "limits.token_bytes is 18446744073709551615"));
  cr_expect_eq(kit_keys_open, 0);
}

Test(session, outcomes_of_an_import) {
  kit_import = ASSAY_MALFORMED;
  kit_expect(&kit, KIT_HEADER, KIT_CLAIMS, REASON_KEY_INVALID);
  kit_import = ASSAY_MISMATCH;
  kit_expect(&kit, KIT_HEADER, KIT_CLAIMS, REASON_KEY_INVALID);
  kit_import = ASSAY_UNSUPPORTED;
  kit_expect(&kit, KIT_HEADER, KIT_CLAIMS, REASON_UNSUPPORTED);
  kit_expect(&kit, "{\"alg\":\"HS256\",\"kid\":\"rsa\"}", KIT_CLAIMS, REASON_KTY_MISMATCH);
  cr_expect_eq(kit_keys_open, 0);
}

Test(session, an_algorithm_that_the_backend_lacks_is_unsupported) {
  struct assay_backend poor = kit_backend;
  const struct trust *trusts[] = {&kit.trust};
  poor.algs = ASSAY_ALG_BIT(ASSAY_HS512);
  struct session *session = session_open(&poor, trusts, 1, NULL);
  cr_assert(session);
  cr_expect_eq(pipeline_verify(session, good_token()), REASON_UNSUPPORTED);
  cr_expect_eq(kit_keys_open, 2);
  session_close(session);
}

Test(session, an_hmac_key_must_be_as_long_as_its_hash) {
  kit.a_keys[KIT_HS].k.len = 47;
  kit_expect(&kit, KIT_HEADER, KIT_CLAIMS, REASON_OK);
  kit_expect(&kit, "{\"alg\":\"HS384\",\"kid\":\"hs\"}", KIT_CLAIMS, REASON_KEY_HMAC_SHORT);
  kit_expect(&kit, "{\"alg\":\"HS512\",\"kid\":\"hs\"}", KIT_CLAIMS, REASON_KEY_HMAC_SHORT);
  kit.a_keys[KIT_HS].k.len = 31;
  kit_expect(&kit, KIT_HEADER, KIT_CLAIMS, REASON_KEY_HMAC_SHORT);
  kit.a_keys[KIT_HS].k.len = 32;
  kit_expect(&kit, KIT_HEADER, KIT_CLAIMS, REASON_OK);
}

Test(session, a_lazy_session_imports_what_tokens_select) {
  struct trust_current *current = kit_current(&kit);
  struct session *session = session_open_current(&kit_backend, current, true, NULL);
  cr_assert(session);
  cr_expect_eq(kit_keys_open, 0);
  for (int i = 0; i < 3; i++) {
    cr_expect_eq(pipeline_verify(session, good_token()), REASON_OK);
    cr_expect_eq(kit_keys_open, 1);
  }
  struct assay_bytes other = kit_token(BYTES_LIT("{\"alg\":\"RS256\",\"kid\":\"rsa\"}"),
                                       BYTES_LIT(KIT_CLAIMS), kit_signature(JOSE_RS256));
  kit_import = ASSAY_FAULT;
  cr_expect_eq(pipeline_verify(session, other), REASON_FAULT);
  cr_expect_eq(pipeline_verify(session, good_token()), REASON_OK);
  kit_import = ASSAY_MALFORMED;
  other = kit_token(BYTES_LIT("{\"alg\":\"RS256\",\"kid\":\"rsa\"}"), BYTES_LIT(KIT_CLAIMS),
                    kit_signature(JOSE_RS256));
  cr_expect_eq(pipeline_verify(session, other), REASON_KEY_INVALID);
  session_close(session);
  trust_current_close(current);
  cr_expect_eq(kit_keys_open, 0);
}

/* Tokens. */

Test(session, accepted_claims_leave_only_with_accept) {
  struct session *session = kit_open(&kit);
  cr_expect_null(session_accepted(session).issuer);
  cr_expect_eq(pipeline_verify(session, good_token()), REASON_OK);
  struct verified_claims claims = session_accepted(session);
  cr_expect_eq(claims.issuer, &kit.issuers[0]);
  cr_expect_eq(claims.key, &kit.a_keys[KIT_HS]);
  cr_expect(bytes_eq(claims.json, BYTES_LIT(KIT_CLAIMS)));
  cr_expect_eq(session_last_outcome(session), ASSAY_MATCH);
  cr_expect_eq(pipeline_prefix(session, good_token(), 8), REASON_OK);
  cr_expect_null(session_accepted(session).issuer, "a prefix accepts nothing");
  cr_expect_eq(pipeline_verify(session, good_token()), REASON_OK);
  cr_expect_eq(pipeline_verify(session, BYTES_LIT("x")), REASON_PART_COUNT);
  cr_expect_null(session_accepted(session).key);
  cr_expect_eq(session_last_outcome(session), 0);
  session_close(session);
}

Test(session, a_prefix_stops_after_its_stage) {
  static const struct {
    const char *header, *claims;
    unsigned refused_by;
  } cases[] = {{"", KIT_CLAIMS, 1},
               {"x", KIT_CLAIMS, 3},
               {"{}", KIT_CLAIMS, 4},
               {KIT_HEADER, "x", 5},
               {KIT_HEADER, "{}", 6},
               {"{\"alg\":\"HS512\",\"kid\":\"hs\"}", KIT_CLAIMS, 7},
               {KIT_HEADER, "{" KIT_ISS ",\"exp\":1}", 8},
               {KIT_HEADER, "{" KIT_ISS ",\"act\":1}", 9}};
  struct session *session = kit_open(&kit);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct assay_bytes token =
        kit_token(bytes_str(cases[i].header), bytes_str(cases[i].claims), kit_signature(JOSE_HS256));
    for (unsigned stages = 0; stages <= PIPELINE_STAGES; stages++) {
      unsigned verifies = kit_verifies;
      enum assay_reason reason = pipeline_prefix(session, token, stages);
      cr_expect_eq(reason != REASON_OK, stages >= cases[i].refused_by, "case %zu, %u stages", i, stages);
      cr_expect(reason == REASON_OK || assay_reason_stage(reason) == cases[i].refused_by);
      cr_expect_eq(kit_verifies - verifies,
                   stages >= STAGE_SIGNATURE && cases[i].refused_by > STAGE_SIGNATURE);
    }
  }
  session_close(session);
}

Test(session, raw_outcomes_are_kept) {
  struct session *session = kit_open(&kit);
  kit_verdict = ASSAY_MALFORMED;
  cr_expect_eq(pipeline_verify(session, good_token()), REASON_SIGNATURE_INVALID);
  cr_expect_eq(session_last_outcome(session), ASSAY_MALFORMED);
  kit_verdict = ASSAY_MISMATCH;
  cr_expect_eq(pipeline_verify(session, good_token()), REASON_SIGNATURE_INVALID);
  cr_expect_eq(session_last_outcome(session), ASSAY_MISMATCH);
  session_close(session);
}

Test(session, prepare_hands_out_what_verify_gets) {
  struct session *session = kit_open(&kit);
  uint8_t sig[2048];
  struct assay_check check;
  struct assay_bytes token = good_token();
  cr_expect_eq(pipeline_verify(session, token), REASON_OK);
  struct assay_bytes input = kit_seen_input;
  cr_expect_eq(pipeline_prepare(session, token, sig, &check), REASON_OK);
  cr_expect_eq(kit_verifies, 1, "prepare does not verify");
  cr_expect_eq(check.input.ptr, token.ptr);
  cr_expect(bytes_eq(check.input, input));
  cr_expect_eq(check.input.ptr[check.input.len], '.');
  cr_expect_eq(check.sig.ptr, sig);
  cr_expect(bytes_eq(check.sig, kit_signature(JOSE_HS256)));
  cr_expect_eq(session_ctx(session), (struct assay_ctx *)&kit_thing);
  cr_expect_eq(kit_backend.verify(session_ctx(session), check.key, check.input, check.sig), ASSAY_MATCH);
  token = kit_token(BYTES_LIT(KIT_HEADER), BYTES_LIT(KIT_CLAIMS), BYTES_LIT("short"));
  cr_expect_eq(pipeline_prepare(session, token, sig, &check), REASON_SIGNATURE_LENGTH);
  token = kit_token(BYTES_LIT(KIT_HEADER), BYTES_LIT("{}"), kit_signature(JOSE_HS256));
  cr_expect_eq(pipeline_prepare(session, token, sig, &check), REASON_ISS_MISSING);
  session_close(session);
}

Test(session, the_arena_holds_the_worst_tokens) {
  static char claims[13000];
  struct session *session = kit_open(&kit);
  static const char *const fillers[] = {"[],", "\"\\n\",", "1,", "{\"a\":1},", "\"\","};
  cr_expect_eq(pipeline_verify(session, BYTES_LIT("")), REASON_EMPTY);
  cr_expect_eq(session_arena_high_water(session), 0);
  for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++) {
    size_t at = (size_t)sprintf(claims, "{" KIT_ISS ",\"\\u0061\":[");
    while (at < 12150)
      at += (size_t)sprintf(claims + at, "%s", fillers[i]);
    at += (size_t)sprintf(claims + at, "0]}");
    struct assay_bytes token =
        kit_token(BYTES_LIT(KIT_HEADER), bytes_of(claims, at), kit_signature(JOSE_HS256));
    cr_assert_leq(token.len, 16384);
    enum assay_reason reason = pipeline_verify(session, token);
    cr_expect_eq(reason, REASON_OK, "%s: %s", fillers[i], assay_reason_dotted(reason));
  }
  cr_expect_gt(session_arena_high_water(session), 50000);
  session_close(session);
}

/* Trusts and clocks. */

Test(session, trusts_and_clocks) {
  struct kit later;
  kit_init(&later);
  later.trust.now = KIT_NOW + 100000;
  later.trust.limits.token_bytes = 8;
  const struct trust *trusts[] = {&kit.trust, &later.trust};
  struct session *session = session_open(&kit_backend, trusts, 2, NULL);
  cr_assert(session);
  cr_expect_eq(pipeline_verify(session, good_token()), REASON_OK);
  session_use(session, 1);
  cr_expect_eq(pipeline_verify(session, good_token()), REASON_OVERSIZE);
  later.trust.limits.token_bytes = 16384;
  cr_expect_eq(pipeline_verify(session, good_token()), REASON_EXPIRED);
  session_set_now(session, KIT_NOW);
  cr_expect_eq(pipeline_verify(session, good_token()), REASON_OK);
  session_set_now(session, TIME_UNSET);
  cr_expect_eq(pipeline_verify(session, good_token()), REASON_EXPIRED);
  session_set_now(session, KIT_NOW);
  session_use(session, 1);
  cr_expect_eq(pipeline_verify(session, good_token()), REASON_EXPIRED,
               "session_use drops the clock that was set");
  session_use(session, 0);
  cr_expect_eq(pipeline_verify(session, good_token()), REASON_OK);
  session_close(session);
}

Test(session, the_real_clock_where_the_policy_has_none) {
  char claims[128];
  kit.trust.now = TIME_UNSET;
  snprintf(claims, sizeof claims, "{" KIT_ISS ",\"exp\":%lld}", (long long)time(NULL) + 1000);
  kit_expect(&kit, KIT_HEADER, claims, REASON_OK);
  snprintf(claims, sizeof claims, "{" KIT_ISS ",\"exp\":%lld}", (long long)time(NULL) - 1000);
  kit_expect(&kit, KIT_HEADER, claims, REASON_EXPIRED);
}

/* Many keys and issuers. */

Test(session, thousands_of_keys) {
  enum { COUNT = 5000 };
  static struct jwk keys[COUNT];
  static char kids[COUNT][16];
  char header[64];
  for (size_t i = 0; i < COUNT; i++) {
    snprintf(kids[i], sizeof kids[i], "key-%zu", i);
    keys[i] = kit_jwk(kids[i], JWK_OCT, CURVE_NONE);
  }
  kit.issuers[0].keys = (struct key_set){.keys = keys, .count = COUNT};
  struct session *session = kit_open(&kit);
  for (size_t i = 0; i < COUNT + 100; i++) {
    snprintf(header, sizeof header, "{\"alg\":\"HS256\",\"kid\":\"key-%zu\"}", i);
    struct assay_bytes token = kit_token(bytes_str(header), BYTES_LIT(KIT_CLAIMS), kit_signature(JOSE_HS256));
    cr_assert_eq(pipeline_verify(session, token), i < COUNT ? REASON_OK : REASON_KID_UNKNOWN);
    cr_assert_eq(session_accepted(session).key, i < COUNT ? &keys[i] : NULL);
  }
  session_close(session);
}

Test(session, hundreds_of_issuers) {
  enum { COUNT = 500 };
  static struct issuer issuers[COUNT];
  static char names[COUNT][32];
  char claims[64];
  for (size_t i = 0; i < COUNT; i++) {
    snprintf(names[i], sizeof names[i], "https://%zu.example", i);
    kit_issuer(&issuers[i], names[i], kit.b_keys, 1);
  }
  kit.trust.issuers = issuers;
  kit.trust.issuer_count = COUNT;
  struct session *session = kit_open(&kit);
  for (size_t i = 0; i < COUNT + 10; i++) {
    snprintf(claims, sizeof claims, "{\"iss\":\"https://%zu.example\"}", i);
    struct assay_bytes token =
        kit_token(BYTES_LIT("{\"alg\":\"HS256\"}"), bytes_str(claims), kit_signature(JOSE_HS256));
    cr_assert_eq(pipeline_verify(session, token), i < COUNT ? REASON_OK : REASON_ISS_UNKNOWN);
    cr_assert_eq(session_accepted(session).issuer, i < COUNT ? &issuers[i] : NULL);
  }
  session_close(session);
}

/* Replay. */

static enum assay_reason send(struct session *session, const char *iss, const char *jti) {
  char claims[256];
  bool a = strcmp(iss, "a") == 0;
  snprintf(claims, sizeof claims, "{\"iss\":\"https://%s.example\",\"jti\":\"%s\"}", iss, jti);
  return pipeline_verify(session, kit_token(a ? BYTES_LIT(KIT_HEADER) : BYTES_LIT("{\"alg\":\"HS256\"}"),
                                            bytes_str(claims), kit_signature(JOSE_HS256)));
}

Test(session, a_replayed_token_is_refused) {
  kit.issuers[0].replay_window_s = 600;
  struct session *session = kit_open(&kit);
  cr_expect_eq(send(session, "a", "1"), REASON_OK);
  cr_expect_eq(send(session, "a", "1"), REASON_OK, "off until it is asked for");
  session_replay(session, true);
  cr_expect_eq(send(session, "a", "1"), REASON_OK);
  cr_expect_eq(send(session, "a", "1"), REASON_REPLAYED);
  cr_expect_eq(send(session, "a", "2"), REASON_OK);
  cr_expect_eq(send(session, "a", ""), REASON_OK);
  cr_expect_eq(send(session, "a", ""), REASON_REPLAYED);
  cr_expect_eq(send(session, "b", "1"), REASON_OK, "b has no window");
  cr_expect_eq(send(session, "b", "1"), REASON_OK);
  session_set_now(session, KIT_NOW + 600);
  cr_expect_eq(send(session, "a", "1"), REASON_REPLAYED);
  session_set_now(session, KIT_NOW + 601);
  cr_expect_eq(send(session, "a", "1"), REASON_OK);
  cr_expect_eq(send(session, "a", "1"), REASON_REPLAYED);
  session_set_now(session, KIT_NOW);
  cr_expect_eq(send(session, "a", "1"), REASON_REPLAYED, "a clock that went back forgets nothing");
  session_replay_reset(session);
  cr_expect_eq(send(session, "a", "1"), REASON_OK);
  session_replay(session, false);
  cr_expect_eq(send(session, "a", "1"), REASON_OK);
  session_close(session);
}

Test(session, only_accepted_tokens_are_remembered) {
  kit.issuers[0].replay_window_s = kit.issuers[1].replay_window_s = 600;
  kit.issuers[0].tenant = BYTES_LIT("acme");
  struct session *session = kit_open(&kit);
  session_replay(session, true);
  cr_expect_eq(send(session, "a", "1"), REASON_TENANT);
  kit.issuers[0].tenant.len = 0;
  kit_verdict = ASSAY_MISMATCH;
  cr_expect_eq(send(session, "a", "1"), REASON_SIGNATURE_INVALID);
  kit_verdict = ASSAY_MATCH;
  cr_expect_eq(send(session, "a", "1"), REASON_OK);
  cr_expect_eq(send(session, "b", "1"), REASON_OK, "the same jti of another issuer");
  cr_expect_eq(send(session, "a", "1"), REASON_REPLAYED);
  cr_expect_eq(send(session, "b", "1"), REASON_REPLAYED);
  session_close(session);
}

Test(session, replay_crosses_trusts_of_one_issuer) {
  struct kit other;
  kit_init(&other);
  kit.issuers[0].replay_window_s = other.issuers[0].replay_window_s = 600;
  const struct trust *trusts[] = {&kit.trust, &other.trust};
  struct session *session = session_open(&kit_backend, trusts, 2, NULL);
  session_replay(session, true);
  cr_expect_eq(send(session, "a", "1"), REASON_OK);
  session_use(session, 1);
  cr_expect_eq(send(session, "a", "1"), REASON_REPLAYED);
  session_close(session);
}

Test(session, a_full_replay_memory_accepts_nothing_more) {
  enum { ENTRIES = 70000 };
  char jti[24];
  kit.issuers[0].replay_window_s = 600;
  kit.trust.limits.replay_entries = ENTRIES;
  struct session *session = kit_open(&kit);
  session_replay(session, true);
  for (uint32_t i = 0; i < ENTRIES; i++) {
    snprintf(jti, sizeof jti, "%u", i);
    cr_assert_eq(send(session, "a", jti), REASON_OK);
  }
  cr_expect_eq(send(session, "a", "one more"), REASON_REPLAY_FULL);
  cr_expect_null(session_accepted(session).issuer);
  cr_expect_eq(send(session, "a", "0"), REASON_REPLAYED);
  cr_expect_eq(send(session, "a", "69999"), REASON_REPLAYED);
  session_set_now(session, KIT_NOW + 601);
  cr_expect_eq(send(session, "a", "one more"), REASON_OK);
  cr_expect_eq(send(session, "a", "one more"), REASON_REPLAYED);
  cr_expect_eq(send(session, "a", "0"), REASON_OK);
  session_close(session);
}

/* Against a list that forgets nothing: long jti texts, whose room is given back many times. */
Test(session, replay_memory_is_exact_while_room_is_used_again) {
  enum { LEN = 3000, KEEP = 1000 };
  static uint8_t jti[LEN];
  struct replay replay = {0};
  struct assay_bytes iss = BYTES_LIT("i");
  cr_expect_not(replay_remember(&replay, iss, iss, 0, 1), "never opened");
  cr_expect_not(replay_seen(&replay, iss, iss, 0));
  cr_assert(replay_open(&replay, 65536));
  for (uint32_t i = 0; i < 20000; i++) {
    size_t len = 8 + i * 7919 % (LEN - 8);
    memcpy(jti, &i, sizeof i);
    cr_assert_not(replay_seen(&replay, iss, bytes_of(jti, len), i));
    cr_assert(replay_remember(&replay, iss, bytes_of(jti, len), i, KEEP), "%u", i);
    for (uint32_t back = 0; back <= i && back <= KEEP; back += 97) {
      uint32_t old = i - back;
      memcpy(jti, &old, sizeof old);
      cr_assert(replay_seen(&replay, iss, bytes_of(jti, 8 + old * 7919 % (LEN - 8)), i), "%u at %u", old, i);
    }
  }
  cr_expect_leq(replay.count, KEEP + 1);
  replay_close(&replay);
}

/* What ends late does not stand in the way of what ends early. */
Test(session, a_long_window_blocks_nobody) {
  struct replay replay = {0};
  struct assay_bytes slow = BYTES_LIT("slow"), fast = BYTES_LIT("fast");
  char jti[16];
  cr_assert(replay_open(&replay, 3));
  cr_assert(replay_remember(&replay, slow, BYTES_LIT("1"), 0, 1000000));
  for (int i = 0; i < 1000; i++) {
    snprintf(jti, sizeof jti, "%d", i);
    cr_assert(replay_remember(&replay, fast, bytes_str(jti), i, 1), "%d", i);
    cr_assert(replay_seen(&replay, fast, bytes_str(jti), i + 1));
    cr_assert_not(replay_seen(&replay, fast, bytes_str(jti), i + 2));
  }
  cr_expect(replay_seen(&replay, slow, BYTES_LIT("1"), 1000));
  cr_expect_not(replay_remember(&replay, fast, BYTES_LIT("full"), 999, 1));
  cr_expect(replay_remember(&replay, fast, BYTES_LIT("room again"), 1001, 1));
  replay_close(&replay);
}

/* Windows of every length, issuers that are starts of one another, against a plain list. */
Test(session, replay_memory_is_exact_for_any_windows) {
  enum { STEPS = 20000, NAMES = 400 };
  static int64_t ends[3][NAMES];
  static const char *const issuers[] = {"", "1", "12"};
  struct replay replay = {0};
  uint64_t random = 7;
  cr_assert(replay_open(&replay, 512));
  memset(ends, 0xff, sizeof ends);
  for (int64_t now = 0; now < STEPS; now++) {
    size_t who = random_next(&random) % 3, what = random_next(&random) % NAMES;
    int64_t window = (int64_t)(random_next(&random) % (who == 2 ? 600 : 30));
    char jti[16];
    snprintf(jti, sizeof jti, "%zu", what);
    struct assay_bytes iss = bytes_str(issuers[who]);
    bool seen = now <= ends[who][what];
    cr_assert_eq(replay_seen(&replay, iss, bytes_str(jti), now), seen, "%lld", (long long)now);
    if (seen)
      continue;
    cr_assert(replay_remember(&replay, iss, bytes_str(jti), now, window));
    ends[who][what] = now + window;
  }
  replay_close(&replay);
}
