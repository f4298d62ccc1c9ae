/* `assay help policy`: what can be said in a policy (assay-policy/1). */
#include "harness/cli/help_topics.h"
#include "harness/pipeline/policy/trust.h"

static const struct sheet_item fields[] = {
    {"schema", "assay-policy/1"},
    {"now", "the clock, in seconds since 1970; without it the real one"},
    {"leeway_s", "how far two clocks may differ; 0"},
    {"limits",
     "{token_bytes: 16384, json_depth: 32, json_members: 256, kid_bytes: 256, replay_entries: 65536}"},
    {"typ", "{allow: [at+jwt], required: true}; without it typ is checked for its type only"},
    {"issuers", "a list of whom to trust, see below"},
    {0}};

static const struct sheet_item issuer_fields[] = {
    {"iss", "the claim as it stands, or a template with one claim in it: "
            "https://login.example/{tenantid}/v2.0 fits where the claim tenantid is that very part, not "
            "empty and without a slash. Scheme and host stand before the claim, which is not iss itself"},
    {"trust_domain",
     "in place of iss, for tokens without one (JWT-SVID): sub is a SPIFFE ID, spiffe://DOMAIN or "
     "spiffe://DOMAIN/ns/a, aud and exp are required, and keys of use x509-svid do not serve"},
    {"keys", "a file, from the policy's folder on"},
    {"algorithms", "[RS256, ES256]; `assay help algorithms` tells them"},
    {"audience", "[api]: one of aud must be among them. Without it a token that has an aud is refused (RFC "
                 "7519 4.1.3), unless this says any"},
    {"sole_audience", "true: aud must name nobody else"},
    {"required", "[exp, iat, sub]: claims that must be there"},
    {"max_lifetime_s, max_age_s, max_auth_age_s", "of exp - iat, now - iat, now - auth_time"},
    {"replay_window_s", "how long a jti is remembered"},
    {"scope", "[read, write]: all must be in the claim scope, a string of words. Of another claim: {claim: "
              "scp, all: [read]}, which may be an array of strings, too"},
    {"roles", "[admin]: all must be in the array roles; {claim: /realm_access/roles, all: [admin]}"},
    {"azp", "[app]: the client must be among them; client: client_id names its claim, if not azp"},
    {"values", "{token_use: access, email_verified: true}: what claims must be"},
    {"tenant, acr", "what the claim tenant must be; what acr may be, a list"},
    {"nonce", "optional or required"},
    {"cnf", "{jkt: any, x5t_s256: THUMBPRINT}: what key or certificate the token is bound to; any is any "
            "SHA-256 thumbprint; cnf_jkt: true is cnf: {jkt: any}"},
    {"actors", "{allow: [svc-a], max_depth: 1}; without it an act claim is refused"},
    {"revoked", "{kid: [k1], jti: [], sid: [], sub: []}"},
    {"active_from", "[{kid: k2, at: 1767230000}]: keys that are used from then on"},
    {"tolerate", "refusals that this issuer's practice needs lifted; see below"},
    {0}};

static const char example[] = "  schema: assay-policy/1\n"
                              "  now: 1767225600\n"
                              "  leeway_s: 30\n"
                              "  issuers:\n"
                              "    - iss: https://login.example/{tenantid}/v2.0\n"
                              "      keys: login.jwks\n"
                              "      algorithms: [RS256]\n"
                              "      audience: [api]\n"
                              "      scope: {claim: scp, all: [read]}\n"
                              "      values: {tenantid: 5c0d1a2e, ver: '2.0'}\n"
                              "    - iss: https://sso.example/realms/main\n"
                              "      keys: sso.jwks\n"
                              "      algorithms: [RS256, ES256]\n"
                              "      audience: any\n"
                              "      roles: {claim: /realm_access/roles, all: [admin]}\n"
                              "      azp: [app]\n"
                              "      client: client_id\n"
                              "      tolerate: [key-import.duplicate-kid, header-policy.key-url]\n"
                              "    - trust_domain: example.org\n"
                              "      keys: bundle.jwks\n"
                              "      algorithms: [ES256]\n"
                              "      audience: [api]\n"
                              "      sole_audience: true\n";

void help_policy(struct sheet *sheet) {
  sheet_text(
      sheet,
      "A policy says what is trusted: YAML, or JSON, which is YAML too. An unknown field is an error.");
  sheet_items(sheet, fields, 18);
  sheet_head(sheet, "Of each issuer:");
  sheet_items(sheet, issuer_fields, 18);
  sheet_text(sheet, "A claim is named by its name, or by a JSON Pointer (RFC 6901) where the text begins "
                    "with a slash. Reports name what was tolerated. What can be:");
  sheet_gap(sheet);
  for (int i = 0; i < TOLERANCE_COUNT; i++)
    sheet_item(sheet, 33, assay_reason_dotted(tolerance_reason((enum tolerance)i)),
               tolerance_meaning((enum tolerance)i));
  sheet_head(sheet, "Example:");
  sheet_text(sheet, example);
}
