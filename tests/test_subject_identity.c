/* What a worker says of its library, as the host reads it: once, and whatever it is. */
#include "harness/subject/subject_identity.h"

#include <criterion/criterion.h>
#include <jansson.h>

static const char whole[] =
    "{\"kind\":\"verifier\",\"name\":\"exec\",\"summary\":\"asks\",\"library\":\"L\",\"version\":\"1.2\","
    "\"path\":\"/l.so\",\"note\":\"n\",\"build\":[{\"fact\":\"-O2\",\"source\":\"library\"}],"
    "\"dispatch\":[\"avx2\",\"adx\"],\"algorithms\":[\"ES256\",\"HS256\"],"
    "\"variants\":[{\"name\":\"shared-keys\",\"summary\":\"s\"}],"
    "\"gaps\":[{\"reasons\":\"registered-claims.expired\",\"why\":\"w\"},{\"reasons\":\"authorisation.*\","
    "\"why\":\"v\"}],\"module_compiler\":\"c\",\"module_flags\":\"f\",\"module_sanitizer\":\"none\","
    "\"batch\":true,\"elsewhere\":true,\"shares_keys\":true,\"allocations_missing\":\"why\"}";

static void read_well(struct subject_identity *identity, const char *text) {
  struct assay_error error = {0};
  cr_assert(subject_identity_read(identity, text, &error), "%s: %s", text, error.text);
}

static void line_is(const struct identity_lines *lines, size_t at, const char *text, const char *about) {
  cr_assert_lt(at, lines->count);
  cr_expect_str_eq(lines->items[at].text, text);
  cr_expect_str_eq(lines->items[at].about, about);
}

Test(subject_identity, every_field_is_read) {
  struct subject_identity identity;
  read_well(&identity, whole);
  cr_expect_eq(identity.kind, SUBJECT_VERIFIER);
  cr_expect(identity.is_elsewhere && identity.has_batch && identity.shares_keys && !identity.is_floor);
  cr_expect_eq(identity.algs, ASSAY_ALG_BIT(ASSAY_ES256) | ASSAY_ALG_BIT(ASSAY_HS256));
  cr_expect(identity_has_alg(&identity, ASSAY_ES256) && !identity_has_alg(&identity, ASSAY_RS256));
  const char *const texts[][2] = {{identity.name, "exec"},
                                  {identity.summary, "asks"},
                                  {identity.library, "L"},
                                  {identity.version, "1.2"},
                                  {identity.path, "/l.so"},
                                  {identity.note, "n"},
                                  {identity.module_compiler, "c"},
                                  {identity.module_flags, "f"},
                                  {identity.module_sanitizer, "none"},
                                  {identity.allocations_missing, "why"}};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    cr_expect_str_eq(texts[i][0], texts[i][1]);
  line_is(&identity.build, 0, "-O2", "library");
  line_is(&identity.dispatch, 1, "adx", "");
  line_is(&identity.variants, 0, "shared-keys", "s");
  line_is(&identity.untold, 1, "authorisation.*", "v");
  cr_expect(identity_lines_have(&identity.variants, "shared-keys"));
  cr_expect_not(identity_lines_have(&identity.variants, "shared"));
  subject_identity_fini(&identity);
}

Test(subject_identity, a_gap_is_a_reason_or_all_of_a_stage) {
  struct subject_identity identity;
  read_well(&identity, whole);
  for (unsigned reason = 1; reason < REASON_FAULT; reason++) {
    const char *dotted = assay_reason_dotted((enum assay_reason)reason);
    bool untold =
        strcmp(dotted, "registered-claims.expired") == 0 || strncmp(dotted, "authorisation.", 14) == 0;
    cr_expect_eq(reason_set_has(&identity.gaps, reason), untold, "%s", dotted);
  }
  subject_identity_fini(&identity);
}

/* A module can say anything: what is of another type is as if it had not been said. */
Test(subject_identity, what_is_strange_is_nothing) {
  static const char *const strange[] = {
      "{}",
      "{\"kind\":7,\"name\":null,\"library\":[],\"build\":{},\"dispatch\":3,\"algorithms\":\"ES256\","
      "\"batch\":1}",
      "{\"algorithms\":[\"XS256\",5,null,{}],\"build\":[],\"gaps\":[],\"variants\":[]}",
      "{\"elsewhere\":\"yes\",\"shares_keys\":1}"};
  for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++) {
    struct subject_identity identity;
    read_well(&identity, strange[i]);
    cr_expect_eq(identity.kind, SUBJECT_BACKEND);
    cr_expect(!identity.is_elsewhere && !identity.has_batch && !identity.shares_keys && identity.algs == 0,
              "%s", strange[i]);
    cr_expect_str_eq(identity.library, "");
    cr_expect_eq(identity.build.count + identity.dispatch.count + identity.untold.count, 0);
    subject_identity_fini(&identity);
  }
  struct subject_identity identity;
  read_well(&identity, "{\"build\":[5,{\"fact\":1,\"source\":\"s\"}],\"gaps\":[\"a.b\",{}]}");
  line_is(&identity.build, 0, "", "");
  line_is(&identity.build, 1, "", "s");
  line_is(&identity.untold, 0, "a.b", "");
  line_is(&identity.untold, 1, "", "");
  subject_identity_fini(&identity);
}

Test(subject_identity, what_is_no_object_is_an_error) {
  static const char *const bad[] = {"",           "{", "[]", "\"verifier\"", "null", "{\"name\":\"\\u0000\"}",
                                    "{\"a\":1} x"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    struct subject_identity identity;
    struct assay_error error = {0};
    cr_expect_not(subject_identity_read(&identity, bad[i], &error), "%s", bad[i]);
    cr_expect_str_eq(error.text, "it is no JSON object");
    cr_expect_null(identity.json);
    subject_identity_fini(&identity);
  }
}

Test(subject_identity, a_kind_that_no_host_knows_is_refused) {
  struct subject_identity identity;
  struct assay_error error = {0};
  cr_assert(!subject_identity_read(&identity, "{\"kind\":\"service\"}", &error));
  cr_expect_str_eq(error.text, "it calls itself 'service', which is no kind of subject");
}
