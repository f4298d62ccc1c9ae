/* Two independent accounts of every class: what its row says the token is, and what the pipeline finds. They
 * were written from one list of classes and share no code, so where they differ, one of them is wrong.
 *
 * The null backend stands in for a library, so that a signature always matches; what only a library can see
 * is checked as far as it goes without one. */
#include <regex.h>

#include "backends/null.c"
#include "corpus/store/store.h"
#include "harness/pipeline/pipeline.h"
#include "tests/corpus_fixture.h"

struct examination {
  struct corpus corpus;
  struct trust **trusts;
  struct session *session;
};

static struct trust *read_setting(const struct corpus *corpus, const struct corpus_setting *setting) {
  struct assay_error error = {0};
  struct trust_keys *keys = calloc(setting->key_count + 1, sizeof *keys);
  for (uint32_t i = 0; i < setting->key_count; i++) {
    const struct corpus_key *key = &corpus->keys[setting->first_key + i];
    keys[i] = (struct trust_keys){corpus_bytes(corpus, key->iss), corpus_bytes(corpus, key->jwks)};
  }
  struct trust *trust =
      trust_read(corpus_bytes(corpus, setting->policy), "policy", NULL, keys, setting->key_count, &error);
  cr_assert_not_null(trust, "%s", error.text);
  free(keys);
  return trust;
}

static void examination_open(struct examination *it, const char *path) {
  struct assay_error error = {0};
  cr_assert(corpus_open(&it->corpus, path, &error), "%s", error.text);
  uint64_t count = it->corpus.header->setting_count;
  it->trusts = calloc(count, sizeof(struct trust *));
  for (uint64_t i = 0; i < count; i++)
    it->trusts[i] = read_setting(&it->corpus, &it->corpus.settings[i]);
  it->session = session_open(&assay_backend, (const struct trust *const *)it->trusts, count, &error);
  cr_assert_not_null(it->session, "%s", error.text);
}

static void examination_close(struct examination *it) {
  session_close(it->session);
  for (uint64_t i = 0; i < it->corpus.header->setting_count; i++)
    trust_free(it->trusts[i]);
  free(it->trusts);
  corpus_close(&it->corpus);
}

static enum assay_reason examine_one(struct examination *it, const struct corpus_token *token) {
  session_use(it->session, token->setting);
  if (token->now != CORPUS_NOW_UNSET)
    session_set_now(it->session, token->now);
  return pipeline_verify(it->session, corpus_bytes(&it->corpus, token->token));
}

static enum assay_reason examine(struct examination *it, const struct corpus_token *token) {
  session_replay_reset(it->session);
  session_replay(it->session, token->after != CORPUS_NONE);
  if (token->after != CORPUS_NONE) {
    enum assay_reason first = examine_one(it, &it->corpus.tokens[token->after]);
    cr_expect_eq(first, REASON_OK, "the token before it: %s", assay_reason_dotted(first));
  }
  return examine_one(it, token);
}

/* Without a library a signature that does not match, and a key that it would refuse, pass; then later stages
 * may speak, but never an earlier one. */
static bool needs_a_library(enum assay_reason expected, enum assay_reason got) {
  if (expected != REASON_SIGNATURE_INVALID && expected != REASON_KEY_INVALID)
    return false;
  enum assay_stage stage = assay_reason_stage(got);
  return got == REASON_OK || stage == STAGE_REGISTERED_CLAIMS || stage == STAGE_AUTHORISATION;
}

static bool agrees(const struct expectation *expected, enum assay_reason got) {
  if (expected->verdict != EXPECT_REJECT)
    return expected->verdict == EXPECT_ANY || got == REASON_OK;
  return (got != REASON_OK && expectation_has(expected, got)) ||
         needs_a_library((enum assay_reason)expected->reasons[0], got);
}

Test(mutations, every_token_is_refused_for_the_reason_that_its_row_states) {
  const char *folder = fixture_folder();
  struct examination it;
  uint64_t refused = 0;
  examination_open(&it, fixture_generate(folder, "all", 3, 2, 1, 1));
  for (uint64_t i = 0; i < it.corpus.header->token_count; i++) {
    const struct corpus_token *token = &it.corpus.tokens[i];
    struct assay_bytes id = corpus_bytes(&it.corpus, token->id);
    enum assay_reason got = examine(&it, token);
    const struct expectation expected = corpus_expectation(&it.corpus, token);
    char text[256];
    refused += got != REASON_OK;
    cr_expect(agrees(&expected, got), "%.*s: expected %s, got %s", (int)id.len, (const char *)id.ptr,
              expectation_text(&expected, text, sizeof text), assay_reason_dotted(got));
  }
  cr_expect_gt(refused, it.corpus.header->token_count / 2);
  examination_close(&it);
  fixture_remove(folder);
}

/* A class of nothing but accepted tokens would be passed by a verifier that accepts everything: each control
 * has a twin. Where nothing is scored only drift is reported, and nobody passes. */
Test(mutations, no_class_is_for_acceptance_alone) {
  for (size_t i = 0; mutation_groups[i]; i++)
    for (size_t j = 0; j < mutation_groups[i]->class_count; j++) {
      const struct mutation_class *class = &mutation_groups[i]->classes[j];
      bool refused = false, scored = false;
      for (size_t k = 0; k < class->variant_count; k++) {
        refused |= class->variants[k].reason != REASON_OK;
        scored |= !class->variants[k].any;
      }
      cr_expect_eq(refused, scored, "%s", class->id);
    }
}

/* Where libraries differ by design nothing is scored, and it is known that a report says so of these alone. */
Test(mutations, nothing_is_scored_where_no_specification_decides) {
  static const char *const unscored[] = {"rsa-weak-modulus/roca",
                                         "ed-cofactor/mixed-order",
                                         "ed-cofactor/small-order",
                                         "ed-cofactor/mixed-order-key",
                                         "ed-mixed-order-A/prime-order-r",
                                         "ed-mixed-order-A/mixed-order-r",
                                         "ed-mixed-order-A/challenge-reduced",
                                         "ed-low-order-R/neutral",
                                         "ed-low-order-R/mixed-order-key"};
  size_t found = 0, most = sizeof unscored / sizeof unscored[0];
  for (size_t i = 0; mutation_groups[i]; i++)
    for (size_t j = 0; j < mutation_groups[i]->class_count; j++) {
      const struct mutation_class *class = &mutation_groups[i]->classes[j];
      for (size_t k = 0; k < class->variant_count; k++) {
        char name[128];
        snprintf(name, sizeof name, "%s/%s", class->id, class->variants[k].name);
        if (!class->variants[k].any)
          continue;
        cr_expect(class->pinned, "%s", name);
        cr_assert_lt(found, most, "%s", name);
        cr_expect_str_eq(name, unscored[found]);
        found++;
      }
    }
  cr_expect_eq(found, most);
}

/* Whoever looks a reference up finds it: a published specification with its section, a CVE number, or a paper by
 * its number in the ePrint archive. A draft has no place here: its sections move. */
Test(mutations, references_can_be_looked_up) {
  static const char form[] =
      "^((RFC [0-9]{4,5}( ([0-9]+(\\.[0-9]+)*|appendix [A-Z]))?|FIPS [0-9]+-[0-9]+ [0-9.]+|"
      "OpenID Connect Core [0-9.]+|ePrint 20[0-9]{2}/[0-9]+|CVE-(199|20[0-9])[0-9]-[0-9]{4,})(, |$))*$";
  regex_t regex;
  cr_assert_eq(regcomp(&regex, form, REG_EXTENDED | REG_NOSUB), 0);
  cr_expect_eq(regexec(&regex, "RFC 8017 3.1, CVE-2017-15361", 0, NULL, 0), 0);
  cr_expect_neq(regexec(&regex, "RFC 8725bis", 0, NULL, 0), 0);
  cr_expect_neq(regexec(&regex, "CVE-17-15361", 0, NULL, 0), 0);
  for (size_t i = 0; mutation_groups[i]; i++)
    for (size_t j = 0; j < mutation_groups[i]->class_count; j++) {
      const struct mutation_class *class = &mutation_groups[i]->classes[j];
      cr_expect_eq(regexec(&regex, class->reference, 0, NULL, 0), 0, "%s: %s", class->id, class->reference);
    }
  regfree(&regex);
}

/* How grave accepting a class' tokens is decides where it stands in every list, and its few words make up the
 * first sentence of reports: "libjwt accepts expired tokens." */
Test(mutations, every_class_has_a_severity_and_says_in_a_few_words_what_its_tokens_are) {
  for (size_t i = 0; mutation_groups[i]; i++)
    for (size_t j = 0; j < mutation_groups[i]->class_count; j++) {
      const struct mutation_class *class = &mutation_groups[i]->classes[j];
      cr_expect(class->severity > SEVERITY_NONE && class->severity < SEVERITY_COUNT, "%s", class->id);
      size_t length = strlen(class->brief);
      cr_assert_gt(length, 0, "%s", class->id);
      cr_expect_leq(length, 60, "%s: \"%s\" is no few words", class->id, class->brief);
      cr_expect_null(strpbrk(class->brief, ".;:,"), "%s: \"%s\" stands within a sentence", class->id,
                     class->brief);
    }
}

static enum assay_severity severity_of(const char *class_id, const char *variant) {
  for (size_t i = 0; mutation_groups[i]; i++)
    for (size_t j = 0; j < mutation_groups[i]->class_count; j++) {
      const struct mutation_class *class = &mutation_groups[i]->classes[j];
      for (size_t k = 0; k < class->variant_count; k++)
        if (strcmp(class->id, class_id) == 0 && strcmp(class->variants[k].name, variant) == 0)
          return variant_severity(class, &class->variants[k]);
    }
  cr_expect(false, "no %s/%s", class_id, variant);
  return SEVERITY_NONE;
}

Test(mutations, known_holes_have_the_severity_that_is_known_of_them) {
  static const struct {
    enum assay_severity severity;
    const char *class_id, *variant;
  } known[] = {
      {SEVERITY_FORGERY, "alg-none", "no-signature"},
      {SEVERITY_FORGERY, "alg-none-variants", "case"},
      {SEVERITY_FORGERY, "hs-rs-confusion", "spki-pem"},
      {SEVERITY_FORGERY, "hs-ec-okp-confusion", "spki-pem"},
      {SEVERITY_FORGERY, "hs-empty-secret", ""},
      {SEVERITY_FORGERY, "hs-empty-from-asym", "kid"},
      {SEVERITY_FORGERY, "empty-signature", ""},
      {SEVERITY_FORGERY, "bitflip", "payload"},
      {SEVERITY_FORGERY, "wrong-key", ""},
      {SEVERITY_FORGERY, "embedded-jwk", "stranger"},
      {SEVERITY_FORGERY, "jku-x5u", "jku"},
      {SEVERITY_FORGERY, "issuer-key-mixup", ""},
      {SEVERITY_FORGERY, "ecdsa-zero", "both"},
      {SEVERITY_FORGERY, "ecdsa-der", "zeros"},
      {SEVERITY_FORGERY, "pkcs1-garbage", "behind"},
      {SEVERITY_FORGERY, "rsa-small", "1024"},
      {SEVERITY_FORGERY, "hmac-short-key", "one-octet"},
      {SEVERITY_CONTEXT, "exp-past", "minute"},
      {SEVERITY_CONTEXT, "nbf-future", "minute"},
      {SEVERITY_CONTEXT, "aud-wrong", "other"},
      {SEVERITY_CONTEXT, "aud-missing", ""},
      {SEVERITY_CONTEXT, "iss-wrong", "unknown"},
      {SEVERITY_CONTEXT, "cross-service", "other"},
      {SEVERITY_CONTEXT, "typ-wrong", "jwt"},
      {SEVERITY_PARSING, "alg-none", "right-signature"},
      {SEVERITY_PARSING, "ecdsa-der", "der"},
      {SEVERITY_PARSING, "b64-padding", "header"},
      {SEVERITY_PARSING, "crit-unknown", "name"},
      {SEVERITY_PARSING, "hdr-dup-key", "alg-same"},
      {SEVERITY_PARSING, "claims-trailing", "letter"},
      {SEVERITY_FORM, "embedded-jwk", "own"},
      {SEVERITY_FORM, "rsa-small", "2040"},
      {SEVERITY_FORM, "hmac-short-key", "one-short"},
      {SEVERITY_FORM, "oversize-token", "one-above"},
  };
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    cr_expect_eq(severity_of(known[i].class_id, known[i].variant), known[i].severity, "%s/%s",
                 known[i].class_id, known[i].variant);
}

/* Of a row of reports/findings.md: that of the class and variant of its token; none where it tells of no token
 * that is accepted. */
static enum assay_severity severity_of_row(const char *row) {
  static const char *const accepted[] = {"| accepts ", "| takes ", "| ignores "};
  char group[64], class_id[64], variant[64], alg[64], number[64];
  bool is_accepted = false;
  for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++)
    is_accepted |= strncmp(row, accepted[i], strlen(accepted[i])) == 0;
  const char *token = strstr(row, " | `");
  int parts = is_accepted && token ? sscanf(token + 4, "%63[^/]/%63[^/]/%63[^/]/%63[^/]/%63[^/`]", group,
                                            class_id, variant, alg, number)
                                   : 0;
  if (parts < 4)
    return SEVERITY_NONE;
  return severity_of(class_id,
                     parts == 5 ? variant : ""); /* an id has no part for the variant without a name */
}

Test(mutations, findings_have_the_gravest_first) {
  FILE *page = fopen(ASSAY_SOURCE_DIR "/reports/findings.md", "r");
  char line[2048];
  enum assay_severity latest = SEVERITY_FORGERY;
  unsigned told = 0;
  cr_assert_not_null(page);
  while (fgets(line, sizeof line, page)) {
    enum assay_severity own = severity_of_row(line);
    if (strncmp(line, "## ", 3) == 0)
      latest = SEVERITY_FORGERY;
    if (own == SEVERITY_NONE)
      continue;
    cr_expect_not(severity_is_graver(own, latest), "%s", line);
    latest = own;
    told++;
  }
  fclose(page);
  cr_expect_gt(told, 10);
}

/* Names are parts of ids, and of paths in reports. */
Test(mutations, names_are_plain_and_unlike) {
  for (size_t i = 0; mutation_groups[i]; i++)
    for (size_t j = 0; j < mutation_groups[i]->class_count; j++) {
      const struct mutation_class *class = &mutation_groups[i]->classes[j];
      cr_expect_gt(strlen(class->sentence), 0, "%s", class->id);
      cr_expect_gt(class->variant_count, 0, "%s", class->id);
      for (size_t k = 0; k < class->variant_count; k++) {
        const char *name = class->variants[k].name;
        cr_expect_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_."), strlen(name), "%s/%s",
                     class->id, name);
        for (size_t l = 0; l < k; l++)
          cr_expect_str_neq(name, class->variants[l].name, "%s/%s twice", class->id, name);
      }
    }
}
