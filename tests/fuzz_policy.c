/* Any bytes as a policy: a trust that keeps its promises, or one sentence; never a crash. */
#include <stdlib.h>

#include "harness/pipeline/policy/policy_json.h"
#include "harness/pipeline/policy/trust.h"

static void promise(bool kept) {
  if (!kept)
    abort();
}

static void trust_check(const struct trust *trust) {
  promise(trust->issuer_count > 0 && trust->algorithms != 0);
  promise(trust->leeway_s >= 0 && trust->leeway_s <= 86400);
  promise(trust->limits.token_bytes >= 64 && trust->limits.json_depth >= 1);
  for (size_t i = 0; i < trust->issuer_count; i++) {
    const struct issuer *issuer = &trust->issuers[i];
    promise(issuer->iss.len > 0 && issuer->algorithms != 0);
    promise((issuer->algorithms & ~trust->algorithms) == 0);
    promise(issuer->audience.count == 0 || issuer->required & REQUIRE_AUD);
    promise(issuer->audience_rule != AUDIENCE_SOLE || issuer->audience.count > 0);
    promise((issuer->kind == ISSUER_TEMPLATE) == (issuer->template.claim.count > 0));
    promise((issuer->tolerates & ~trust->tolerates) == 0 && issuer->tolerates < 1u << TOLERANCE_COUNT);
    promise(issuer->client_claim.count == 0 || issuer->azp.count > 0);
    for (size_t k = 0; k < issuer->value_count; k++)
      promise(issuer->values[k].claim.count > 0);
  }
}

/* What can be trusted can be carried to a whole verifier. */
static void carrier_check(struct assay_bytes policy) {
  struct assay_error error = {""};
  char *text = policy_json(policy, "policy.yaml", &error);
  promise(text && text[0] == '{');
  free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  /* No folder: a hostile policy must not name files here. Relative paths are refused; absolute ones are not.
   */
  static const struct trust_keys keys[] = {{BYTES_LIT("a"), BYTES_LIT("{\"keys\":[]}")},
                                           {BYTES_LIT("a{b}"), BYTES_LIT("{\"keys\":[]}")}};
  struct assay_error error = {""};
  struct trust *trust = trust_read(bytes_of(data, size), "policy.yaml", NULL, keys, 2, &error);
  promise(trust ? !*error.text : *error.text);
  if (trust) {
    trust_check(trust);
    carrier_check(bytes_of(data, size));
  }
  trust_free(trust);
  return 0;
}
