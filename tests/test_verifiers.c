/* The modules of whole JWT libraries: each accepts what is good and says why it refuses what is not, tells
 * what it cannot be told, and reports the library that was really loaded. Tokens and keys are those of RFC
 * 7515 A.1 and A.3. A module whose library is not installed is left out of the build, and of this test. */
#include "build_facts.h"
#include "tests/cli.h"
#include "tests/verdict_rows.h"

#define CLAIMS                                                                                               \
  ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
#define HS256 "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" CLAIMS "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define ES256_HEADER "eyJhbGciOiJFUzI1NiJ9"
#define ES256                                                                                                \
  ES256_HEADER CLAIMS "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-"      \
                      "Kg6NU1Q"
#define OCT                                                                                                  \
  "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-"                                   \
  "1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}"
#define EC                                                                                                   \
  "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","                 \
  "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"

enum { BEFORE = 1300819000, AFTER = 1300819999 }; /* of the tokens' exp, 1300819380 */

static const char *const names[] = {"libjwt", "cjose", "rhonabwy", "jose"};
enum { NAMES = sizeof names / sizeof names[0] };

static bool is_built(const char *name) {
  char path[512];
  snprintf(path, sizeof path, ASSAY_BINARY_DIR "/modules/verifiers/%s.so", name);
  return access(path, R_OK) == 0;
}

/* A case as it is asked. expect: "ok", or the reason of the refusal. */
struct ask {
  const char *token, *alg /* that it attacks, whatever its header says */, *iss, *algorithms, *keys;
  long now;
  const char *expect;
};

/* The one verdict row that this case gives; the caller releases it. */
static json_t *row_of(const char *name, const struct ask *ask) {
  const char *folder = fresh_folder();
  bool good = strcmp(ask->expect, "ok") == 0;
  shell("printf '%%s' '{\"id\":\"one\",\"token\":\"%s\",\"class\":\"c\",\"target\":\"%s\","
        "\"expect\":{\"verdict\":\"%s\"%s%s%s},\"keys\":{\"%s\":{\"keys\":[%s]}},\"policy\":{\"schema\":"
        "\"assay-policy/1\",\"now\":%ld,\"issuers\":[{\"iss\":\"%s\",\"algorithms\":[\"%s\"],"
        "\"required\":[\"exp\"]}]}}' >%s/cases.jsonl",
        ask->token, ask->alg, good ? "accept" : "reject", good ? "" : ",\"reason\":\"",
        good ? "" : ask->expect, good ? "" : "\"", ask->iss, ask->keys, ask->now, ask->iss, ask->algorithms,
        folder);
  const struct ran *ran = shell(BIN "/assay check --cases %s/cases.jsonl --subject %s --json", folder, name);
  cr_assert_eq(ran->code, 0, "%s: exit %d: %s", name, ran->code, ran->out);
  json_t *result = json_loads(ran->out, 0, NULL);
  json_t *row = json_incref(json_array_get(verdict_rows(result), 0));
  json_decref(result);
  shell("rm -rf %s", folder);
  return row;
}

/* Each module's answer counts under its name of `counts`; NULL: not asked. */
static void expect_counts(const struct ask *ask, const char *const counts[NAMES]) {
  for (size_t i = 0; i < NAMES; i++) {
    if (!counts[i] || !is_built(names[i]))
      continue;
    json_t *row = row_of(names[i], ask);
    char *text = json_dumps(row, JSON_COMPACT);
    cr_expect_eq(json_integer_value(json_object_get(row, counts[i])), 1, "%s, %s: not %s: %s", names[i],
                 ask->expect, counts[i], text);
    free(text);
    json_decref(row);
  }
}

#define ALL(what) ((const char *const[NAMES]){what, what, what, what})

Test(verifiers, accept_what_is_good) {
  expect_counts(&(struct ask){HS256, "HS256", "joe", "HS256", OCT, BEFORE, "ok"}, ALL("right"));
  expect_counts(&(struct ask){ES256, "ES256", "joe", "ES256", EC, BEFORE, "ok"}, ALL("right"));
}

#define OTHER_TAG                                                                                            \
  "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" CLAIMS "eBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define OTHER_RS                                                                                             \
  ES256_HEADER CLAIMS "EtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-"      \
                      "Kg6NU1Q"

Test(verifiers, refuse_for_the_signature) {
  expect_counts(&(struct ask){OTHER_TAG, "HS256", "joe", "HS256", OCT, BEFORE, "signature.invalid"},
                ALL("right"));
  expect_counts(&(struct ask){OTHER_RS, "ES256", "joe", "ES256", EC, BEFORE, "signature.invalid"},
                ALL("right"));
}

Test(verifiers, pin_the_algorithm_and_look_up_issuer_and_key) {
  expect_counts(&(struct ask){HS256, "HS256", "joe", "HS384", OCT, BEFORE, "header-policy.alg-not-allowed"},
                ALL("right"));
  expect_counts(&(struct ask){HS256, "HS256", "jim", "HS256", OCT, BEFORE, "key-selection.iss-unknown"},
                ALL("right"));
  expect_counts(&(struct ask){HS256, "HS256", "joe", "HS256", "", BEFORE, "key-selection.no-keys"},
                ALL("right"));
}

Test(verifiers, only_one_checks_claims_and_the_others_say_so) {
  expect_counts(&(struct ask){HS256, "HS256", "joe", "HS256", OCT, AFTER, "registered-claims.expired"},
                (const char *const[NAMES]){"unsupported", "unsupported", "right", "unsupported"});
}

Test(verifiers, what_their_words_do_not_tell_is_unmapped) {
  expect_counts(&(struct ask){"eyJhbGciOiJIUzI1NiJ9.e30", "HS256", "joe", "HS256", OCT, BEFORE,
                              "compact-split.part-count"},
                (const char *const[NAMES]){"unmapped", "unmapped", "right", "right"});
  expect_counts(&(struct ask){"!." CLAIMS, "HS256", "joe", "HS256", OCT, BEFORE, "base64url.alphabet"},
                (const char *const[NAMES]){"unmapped", "unmapped", NULL, NULL});
}

Test(verifiers, an_algorithm_that_they_lack_is_unsupported) {
  expect_counts(&(struct ask){ES256, "ES256K", "joe", "ES256K", EC, BEFORE, "header-policy.alg-not-allowed"},
                ALL("unsupported"));
  expect_counts(&(struct ask){ES256, "EdDSA", "joe", "EdDSA", EC, BEFORE, "header-policy.alg-not-allowed"},
                (const char *const[NAMES]){"unsupported", "unsupported", "right", "unsupported"});
}

Test(verifiers, report_the_library_that_was_loaded) {
  const struct ran *ran = shell(BIN "/assay list verifiers 2>&1");
  for (size_t i = 0; i < NAMES; i++) {
    char file[64];
    snprintf(file, sizeof file, "/%s%s.so", strncmp(names[i], "lib", 3) ? "lib" : "", names[i]);
    cr_expect(!is_built(names[i]) || strstr(ran->out, file), "%s is not in: %s", file, ran->out);
  }
}
