/* Verifying allocates nothing: malloc and its kin are counted while 10,000 tokens, good and bad, go through a
 * session with the null backend. */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <stdlib.h>

#include "backends/null.c"
#include "build_facts.h"
#include "tests/token_kit.h"

/* The sanitizers bring an allocator of their own; there the tests skip. */
#ifdef __SANITIZE_ADDRESS__
static volatile size_t calls;
#else

/* The allocator, counted. Until the real one is found, calloc hands out static memory: dlsym asks for it. */

static void *(*real_malloc)(size_t), *(*real_calloc)(size_t, size_t), *(*real_realloc)(void *, size_t);
static void *(*real_aligned_alloc)(size_t, size_t);
static void (*real_free)(void *);
static volatile size_t calls; /* volatile: compilers know that malloc changes no variable */
static _Alignas(16) char early[4096];
static size_t early_used;

static void find_allocator(void) {
  static bool finding;
  if (real_free || finding)
    return;
  finding = true;
  real_malloc = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
  real_calloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
  real_realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
  real_aligned_alloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "aligned_alloc");
  real_free = (void (*)(void *))dlsym(RTLD_NEXT, "free");
}

static void *take_early(size_t bytes) {
  size_t at = early_used;
  early_used += (bytes + 15) & ~(size_t)15;
  return early_used <= sizeof early ? early + at : NULL;
}

ASSAY_EXPORT void *malloc(size_t bytes) {
  find_allocator();
  calls++;
  return real_malloc ? real_malloc(bytes) : take_early(bytes);
}

ASSAY_EXPORT void *calloc(size_t count, size_t bytes) {
  find_allocator();
  calls++;
  return real_calloc ? real_calloc(count, bytes) : take_early(count * bytes);
}

ASSAY_EXPORT void *realloc(void *old, size_t bytes) {
  find_allocator();
  calls++;
  return real_realloc(old, bytes);
}

ASSAY_EXPORT void *aligned_alloc(size_t alignment, size_t bytes) {
  find_allocator();
  calls++;
  return real_aligned_alloc(alignment, bytes);
}

ASSAY_EXPORT void free(void *memory) {
  find_allocator();
  if ((char *)memory < early || (char *)memory >= early + sizeof early)
    real_free(memory);
}

#endif

/* Tokens of every kind: one line each of what is wrong with it. */

static const struct {
  const char *header, *claims;
  enum assay_reason reason;
} kinds[] = {
    {KIT_HEADER, "{" KIT_ISS "," KIT_TIMES ",\"jti\":\"%d\"}", REASON_OK},
    {KIT_HEADER, "{\"\\u0069ss\":\"https://a.example\"," KIT_TIMES ",\"jti\":\"\\n%d\"}", REASON_OK},
    {"{\"alg\":\"HS256\",\"kid\":\"hs\",\"typ\":\"JWT\"}", "{" KIT_ISS ",\"a\":[[{\"n\":%d}]]}", REASON_OK},
    {"{\"alg\":\"HS256\"}", "{\"iss\":\"https://b.example\",\"n\":%d}", REASON_OK},
    {"{\"alg\":\"none\"}", "{\"n\":%d}", REASON_ALG_NONE},
    {"{\"alg\":\"HS256\",\"crit\":[\"x\",\"y\"],\"x\":1,\"y\":2}", "{\"n\":%d}", REASON_CRIT_UNKNOWN},
    {"{", "{\"n\":%d}", REASON_HEADER_SYNTAX},
    {KIT_HEADER, "{\"n\":%d,\"n\":2}", REASON_CLAIMS_DUPLICATE},
    {KIT_HEADER, "{\"iss\":\"https://c.example\",\"n\":%d}", REASON_ISS_UNKNOWN},
    {"{\"alg\":\"HS256\",\"kid\":\"no\"}", "{" KIT_ISS ",\"n\":%d}", REASON_KID_UNKNOWN},
    {"{\"alg\":\"HS512\",\"kid\":\"hs\"}", "{" KIT_ISS ",\"n\":%d}", REASON_SIGNATURE_LENGTH},
    {KIT_HEADER, "{" KIT_ISS ",\"exp\":%d}", REASON_EXPIRED},
    {KIT_HEADER, "{" KIT_ISS ",\"exp\":0.%d}", REASON_EXPIRED},
    {KIT_HEADER, "{" KIT_ISS ",\"act\":{\"n\":%d}}", REASON_ACTOR},
};

#define KINDS (sizeof kinds / sizeof *kinds)

static size_t verify_many(struct session *session, int tokens) {
  size_t allocations = 0;
  for (int i = 0; i < tokens; i++) {
    char claims[256];
    size_t kind = (size_t)i % KINDS;
    snprintf(claims, sizeof claims, kinds[kind].claims, i);
    struct assay_bytes token =
        kit_token(bytes_str(kinds[kind].header), bytes_str(claims), kit_signature(JOSE_HS256));
    size_t before = calls;
    enum assay_reason reason = pipeline_verify(session, token);
    allocations += calls - before;
    cr_assert_eq(reason, kinds[kind].reason, "%s %s: %s", kinds[kind].header, claims,
                 assay_reason_dotted(reason));
  }
  return allocations;
}

static void skip_under_sanitizers(void) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip_test("a sanitizer brings its own allocator");
}

Test(session_alloc, the_allocator_is_counted) {
  skip_under_sanitizers();
  size_t before = calls;
  void *volatile memory = malloc(1);
  memory = realloc(memory, 2);
  free(memory);
  memory = calloc(1, 1);
  free(memory);
  memory = aligned_alloc(64, 64);
  free(memory);
  cr_expect_eq(calls - before, 4);
}

Test(session_alloc, ten_thousand_tokens_allocate_nothing) {
  skip_under_sanitizers();
  struct kit kit;
  kit_init(&kit);
  kit.issuers[0].replay_window_s = 600;
  const struct trust *trusts[] = {&kit.trust};
  size_t before = calls;
  struct session *session = session_open(&assay_backend, trusts, 1, NULL);
  cr_assert(session);
  cr_assert_gt(calls, before, "opening does allocate");
  session_replay(session, true);
  cr_expect_eq(verify_many(session, 10000), 0);
  session_close(session);
}

#define ZEROS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* What few policies ask for costs no memory either: claims by pointer, templates, several keys of one kid. */
Test(session_alloc, rules_of_an_issuer_allocate_nothing) {
  skip_under_sanitizers();
  static const char policy[] = "schema: assay-policy/1\nnow: 1767225600\nissuers:\n"
                               "- iss: https://t.example/{t}\n  algorithms: [HS256]\n  audience: any\n"
                               "  scope: {claim: /s/0, all: [read]}\n  values: {v: 2, w: x}\n"
                               "  tolerate: [key-import.duplicate-kid, header-policy.key-url]\n";
  static const char jwks[] = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"use\":\"enc\",\"k\":\"" ZEROS "\"},"
                             "{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"" ZEROS "\"}]}";
  const struct trust_keys keys[] = {{BYTES_LIT("https://t.example/{t}"), bytes_of(jwks, sizeof jwks - 1)}};
  struct assay_error error = {""};
  struct trust *trust = trust_read(bytes_str(policy), "policy.yaml", NULL, keys, 1, &error);
  cr_assert(trust, "%s", error.text);
  struct session *session = session_open(&assay_backend, (const struct trust *const[]){trust}, 1, NULL);
  size_t before = calls, wrong = 0;
  for (int i = 0; i < 1000; i++) {
    const char *claims =
        i % 2 ? "{\"iss\":\"https://t.example/a\",\"t\":\"a\",\"s\":[\"read\"],\"v\":2,\"w\":\"x\"}"
              : "{\"iss\":\"https://t.example/a\",\"t\":\"a\",\"s\":[\"read\"],\"v\":3}";
    struct assay_bytes token = kit_token(BYTES_LIT("{\"alg\":\"HS256\",\"kid\":\"k\",\"jku\":1}"),
                                         bytes_str(claims), kit_signature(JOSE_HS256));
    enum assay_reason reason = pipeline_verify(session, token);
    wrong += reason != (i % 2 ? REASON_OK : REASON_VALUE);
  }
  cr_expect_eq(calls - before, 0);
  cr_expect_eq(wrong, 0);
  session_close(session);
  trust_free(trust);
}
