/* `assay help policy`: what can be said in a policy (assay-policy/1). */
#include <stdio.h>

#include "harness/cli/help.h"
#include "harness/pipeline/policy/trust.h"

static const char fields[] =
    "A policy says what is trusted: YAML, or JSON, which is YAML too. An unknown field is an error.\n\n"
    "  schema            assay-policy/1\n"
    "  now               the clock, in seconds since 1970; without it the real one\n"
    "  leeway_s          how far two clocks may differ; 0\n"
    "  limits            {token_bytes: 16384, json_depth: 32, json_members: 256, kid_bytes: 256,\n"
    "                    replay_entries: 65536}\n"
    "  typ               {allow: [at+jwt], required: true}; without it typ is checked for its type only\n"
    "  issuers           a list; each has\n\n"
    "    iss             the claim as it stands, or a template with one claim in it:\n"
    "                    https://login.example/{tenantid}/v2.0 fits where the claim tenantid is that very\n"
    "                    part, not empty and without a slash. Scheme and host stand before the claim, which\n"
    "                    is not iss itself\n"
    "    trust_domain    in place of iss, for tokens without one (JWT-SVID): sub is a SPIFFE ID,\n"
    "                    spiffe://DOMAIN or spiffe://DOMAIN/ns/a, aud and exp are required, and keys of use\n"
    "                    x509-svid do not serve\n"
    "    keys            a file, from the policy's folder on\n"
    "    algorithms      [RS256, ES256]; `assay help algorithms` tells them\n"
    "    audience        [api]: one of aud must be among them. Without it a token that has an aud is "
    "refused\n"
    "                    (RFC 7519 4.1.3), unless this says any\n"
    "    sole_audience   true: aud must name nobody else\n"
    "    required        [exp, iat, sub]: claims that must be there\n"
    "    max_lifetime_s, max_age_s, max_auth_age_s   of exp - iat, now - iat, now - auth_time\n"
    "    replay_window_s   how long a jti is remembered\n"
    "    scope           [read, write]: all must be in the claim scope, a string of words. Of another "
    "claim:\n"
    "                    {claim: scp, all: [read]}, which may be an array of strings, too\n"
    "    roles           [admin]: all must be in the array roles; {claim: /realm_access/roles, all: "
    "[admin]}\n"
    "    azp             [app]: the client must be among them; client: client_id names its claim, if not "
    "azp\n"
    "    values          {token_use: access, email_verified: true}: what claims must be\n"
    "    tenant, acr     what the claim tenant must be; what acr may be, a list\n"
    "    nonce           optional or required\n"
    "    cnf             {jkt: any, x5t_s256: THUMBPRINT}: what key or certificate the token is bound to;\n"
    "                    any is any SHA-256 thumbprint; cnf_jkt: true is cnf: {jkt: any}\n"
    "    actors          {allow: [svc-a], max_depth: 1}; without it an act claim is refused\n"
    "    revoked         {kid: [k1], jti: [], sid: [], sub: []}\n"
    "    active_from     [{kid: k2, at: 1767230000}]: keys that are used from then on\n"
    "    tolerate        refusals that this issuer's practice needs lifted; see below\n\n"
    "A claim is named by its name, or by a JSON Pointer (RFC 6901) where the text begins with a slash.\n"
    "Reports name what was tolerated. What can be:\n\n";

static const char example[] = "\nExample:\n\n"
                              "  schema: assay-policy/1\n"
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

void help_policy(void) {
  fputs(fields, stdout);
  for (int i = 0; i < TOLERANCE_COUNT; i++)
    printf("  %-30s %s\n", assay_reason_dotted(tolerance_reason((enum tolerance)i)),
           tolerance_meaning((enum tolerance)i));
  fputs(example, stdout);
}
