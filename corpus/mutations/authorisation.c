/* What a rightly signed, timely token may still not do: scopes, roles, tenants, clients, actors, conditions
 * on the login, revocation; tokens made for another purpose; and verifiers that remember too much. */
#include "corpus/make/claim_rows.h"
#include "corpus/spoil/mutation.h"

/* What keyring_policy says. */
#define LEEWAY_S 30
#define MAX_AUTH_AGE_S 900

/* token-substitution (RFC 8725 2.8): what tells the kinds of token apart is typ, or else a claim that only
 * the right kind has. */

/* row_text: claims of that kind of token. */
static void typ_substitute(struct draft *draft, const char *typ) {
  json_object_set_new(json_object_get(draft_policy(draft), "typ"), "allow", json_pack("[s]", "at+jwt"));
  json_object_set_new(draft->header, "typ", json_string(typ));
  claims_change(draft);
}

static void id_token(struct draft *draft) {
  typ_substitute(draft, "JWT");
}

static void logout_token(struct draft *draft) {
  typ_substitute(draft, "logout+jwt");
}

static void proof_token(struct draft *draft) {
  typ_substitute(draft, "dpop+jwt");
}

static void access_token(struct draft *draft) {
  typ_substitute(draft, "at+jwt");
}

/* Both kinds say JWT; the policy asks for client_id, which RFC 9068 2.2 demands of access tokens. */
static void untyped_token(struct draft *draft) {
  json_object_set_new(draft->header, "typ", json_string("JWT"));
  json_object_del(draft->claims, "client_id");
  json_array_append_new(json_object_get(draft_policy_issuer(draft), "required"), json_string("client_id"));
  claims_change(draft);
}

/* nonce-auth-age. row_number: how long ago, in seconds, the person logged in. */
static void auth_time_aged(struct draft *draft) {
  json_object_set_new(draft_policy_issuer(draft), "max_auth_age_s", json_integer(MAX_AUTH_AGE_S));
  json_object_set_new(draft->claims, "auth_time", json_integer(draft->now - draft->row_number));
}

/* act-chain. row_number: how many actors, one within the other, each of them allowed; the
 * policy takes one. */
static void act_nest(struct draft *draft) {
  json_t *act = json_pack("{s:s}", "sub", "svc-a");
  for (int64_t i = 1; i < draft->row_number; i++)
    act = json_pack("{s:s, s:o}", "sub", "svc-a", "act", act);
  json_object_set_new(draft->claims, "act", act);
  json_object_set_new(draft_policy_issuer(draft), "actors",
                      json_pack("{s:[s], s:i}", "allow", "svc-a", "max_depth", 1));
}

/* nested-inner-unverified: the payload is a whole token of its own, which nobody has checked. */

static void cty_jwt(struct draft *draft) {
  json_object_set_new(draft->header, "cty", json_string("JWT"));
}

static void cty_media_type(struct draft *draft) {
  json_object_set_new(draft->header, "cty", json_string("application/jwt"));
}

/* row_text: the inner header; row_number: how many octets of junk the inner signature has. Same claims. */
static void inner_token(struct draft *draft, struct text *inner) {
  uint8_t junk[64];
  rng_bytes(&draft->rng, junk, sizeof junk);
  text_add_b64url(inner, draft->row_text, strlen(draft->row_text));
  text_add_str(inner, ".");
  text_add_b64url(inner, draft->payload_text.ptr, draft->payload_text.len);
  text_add_str(inner, ".");
  text_add_b64url(inner, junk, (size_t)draft->row_number);
}

static void payload_inner(struct draft *draft) {
  OWNED_BYTES struct text inner = {0};
  inner_token(draft, &inner);
  text_set(&draft->payload_text, inner.ptr, inner.len);
  draft_reencode(draft);
}

static void payload_inner_quoted(struct draft *draft) {
  OWNED_BYTES struct text quoted = {0};
  text_add_str(&quoted, "\"");
  inner_token(draft, &quoted);
  text_add_str(&quoted, "\"");
  text_set(&draft->payload_text, quoted.ptr, quoted.len);
  draft_reencode(draft);
}

/* error-precedence and verify-cache: a bad signature that is so for the backend alone to see. The bit is
 * inside r, R or the number, and leaves them within their range. */

static void signature_flip(struct draft *draft) {
  draft->signature.ptr[draft->signature.len / 4] ^= 0x10;
}

static void signature_spoil(struct draft *draft) {
  draft_sign(draft);
  signature_flip(draft);
}

static void expire(struct draft *draft) {
  json_int_t exp = draft->now - LEEWAY_S - 1 - (json_int_t)rng_below(&draft->rng, 3600);
  json_object_set_new(draft->claims, "iat", json_integer(exp - 600));
  json_object_set_new(draft->claims, "nbf", json_integer(exp - 600));
  json_object_set_new(draft->claims, "exp", json_integer(exp));
}

static void postpone(struct draft *draft) {
  json_int_t nbf = draft->now + LEEWAY_S + 1 + (json_int_t)rng_below(&draft->rng, 3600);
  json_object_set_new(draft->claims, "nbf", json_integer(nbf));
  json_object_set_new(draft->claims, "exp", json_integer(nbf + 3600));
}

/* Same header and payload as the token that is known; only the signature tells them apart. */
static void cached_input(struct draft *draft) {
  first_take(draft);
  signature_flip(draft);
}

/* Another payload, jti included, under the signature that is known. */
static void cached_signature(struct draft *draft) {
  first_take(draft);
  json_object_set_new(draft->claims, "scope", json_string("read write admin"));
  draft_encode(draft);
}

/* The token that is known, once it has expired. */
static void cached_expiry(struct draft *draft) {
  json_int_t exp = json_integer_value(json_object_get(draft->claims, "exp"));
  draft->now = exp + LEEWAY_S + (int64_t)rng_below(&draft->rng, 3600);
  draft->first_by_default = true;
}

/* The token that is known, once it is revoked. row_text: as in claims_demand. */
static void cached_revocation(struct draft *draft) {
  claims_demand(draft);
  draft->first_by_default = true;
}

#define LOGOUT_EVENT "'events': {'http://schemas.openid.net/event/backchannel-logout': {}}"
static const struct mutation_variant token_substitution[] = {
    {"id-token", REASON_TYP_WRONG, id_token, .text = "'nonce': 'n-0S6_WzA2Mj'"},
    {"logout-token", REASON_TYP_WRONG, logout_token, .text = LOGOUT_EVENT},
    {"proof-token", REASON_TYP_WRONG, proof_token, .text = "'htm': 'GET', 'htu': 'https://api.example/'"},
    {"access-token", REASON_OK, access_token, .text = "'client_id': 'client-1'"},
    {"untyped-id-token", REASON_CLAIM_MISSING, untyped_token, .text = "'nonce': 'n-0S6_WzA2Mj'"},
    {"untyped-logout-token", REASON_CLAIM_MISSING, untyped_token, .text = LOGOUT_EVENT},
    {"untyped-access-token", REASON_OK, untyped_token, .text = "'client_id': 'client-1'"},
};

static const struct mutation_variant cross_service[] = {
    {"sibling", REASON_AUD_MISMATCH, claims_change, .text = "'aud': '@/billing'"},
    {"other", REASON_AUD_MISMATCH, claims_change, .text = "'aud': 'https://reports.example'"},
    {"others", REASON_AUD_MISMATCH, claims_change, .text = "'aud': ['https://reports.example', '@/billing']"},
    {"client", REASON_AUD_MISMATCH, claims_change, .text = "'aud': 'client-1', 'azp': 'client-1'"},
    {"both", REASON_OK, claims_change, .text = "'aud': ['https://reports.example', '@']"},
};

#define TENANT "'tenant': 'acme' | "
#define SPIFFE "'tenant': 'spiffe://prod.example' | "
static const struct mutation_variant trust_domain[] = {
    {"match", REASON_OK, claims_demand, .text = TENANT "'tenant': 'acme'"},
    {"missing", REASON_TENANT, claims_demand, .text = TENANT "-tenant"},
    {"other", REASON_TENANT, claims_demand, .text = TENANT "'tenant': 'globex'"},
    {"case", REASON_TENANT, claims_demand, .text = TENANT "'tenant': 'ACME'"},
    {"extended", REASON_TENANT, claims_demand, .text = TENANT "'tenant': 'acme-test'"},
    {"prefix", REASON_TENANT, claims_demand, .text = TENANT "'tenant': 'acm'"},
    {"empty", REASON_TENANT, claims_demand, .text = TENANT "'tenant': ''"},
    {"array", REASON_TENANT, claims_demand, .text = TENANT "'tenant': ['acme']"},
    {"null", REASON_TENANT, claims_demand, .text = TENANT "'tenant': null"},
    {"spiffe-match", REASON_OK, claims_demand, .text = SPIFFE "'tenant': 'spiffe://prod.example'"},
    {"spiffe-other", REASON_TENANT, claims_demand, .text = SPIFFE "'tenant': 'spiffe://staging.example'"},
    {"spiffe-extended", REASON_TENANT, claims_demand,
     .text = SPIFFE "'tenant': 'spiffe://prod.example.evil.example'"},
};

#define ROLES "'roles': ['admin'] | "
#define SCOPES "'scope': ['read', 'write'] | "
static const struct mutation_variant scope_insufficient[] = {
    {"alone", REASON_OK, claims_change, .text = "'scope': 'read'"},
    {"among", REASON_OK, claims_change, .text = "'scope': 'openid read profile'"},
    {"missing", REASON_SCOPE, claims_change, .text = "-scope"},
    {"other", REASON_SCOPE, claims_change, .text = "'scope': 'write admin'"},
    {"empty", REASON_SCOPE, claims_change, .text = "'scope': ''"},
    {"prefix", REASON_SCOPE, claims_change, .text = "'scope': 'rea'"},
    {"extended", REASON_SCOPE, claims_change, .text = "'scope': 'readonly read:all bread'"},
    {"case", REASON_SCOPE, claims_change, .text = "'scope': 'READ Read'"},
    {"comma", REASON_SCOPE, claims_change, .text = "'scope': 'read,write'"},
    {"tab", REASON_SCOPE, claims_change, .text = "'scope': 'read\\twrite'"},
    {"array", REASON_SCOPE, claims_change, .text = "'scope': ['read']"},
    {"object", REASON_SCOPE, claims_change, .text = "'scope': {'read': true}"},
    {"null", REASON_SCOPE, claims_change, .text = "'scope': null"},
    {"both", REASON_OK, claims_demand, .text = SCOPES "'scope': 'write read'"},
    {"one-of-two", REASON_SCOPE, claims_demand, .text = SCOPES "'scope': 'read profile'"},
    {"role", REASON_OK, claims_demand, .text = ROLES "'roles': ['user', 'admin']"},
    {"role-missing", REASON_ROLES, claims_demand, .text = ROLES "-roles"},
    {"role-other", REASON_ROLES, claims_demand, .text = ROLES "'roles': ['user', 'auditor']"},
    {"role-extended", REASON_ROLES, claims_demand, .text = ROLES "'roles': ['administrator', 'admin ']"},
    {"role-none", REASON_ROLES, claims_demand, .text = ROLES "'roles': []"},
    {"role-string", REASON_ROLES, claims_demand, .text = ROLES "'roles': 'admin'"},
    {"role-nested", REASON_ROLES, claims_demand, .text = ROLES "'roles': [['admin']]"},
};

#define AZP "'azp': ['client-1', 'client-2'] | "
static const struct mutation_variant azp_mismatch[] = {
    {"match", REASON_OK, claims_demand, .text = AZP "'azp': 'client-2'"},
    {"missing", REASON_AZP, claims_demand, .text = AZP "-azp"},
    {"other", REASON_AZP, claims_demand, .text = AZP "'azp': 'client-3'"},
    {"extended", REASON_AZP, claims_demand, .text = AZP "'azp': 'client-11'"},
    {"case", REASON_AZP, claims_demand, .text = AZP "'azp': 'Client-1'"},
    {"empty", REASON_AZP, claims_demand, .text = AZP "'azp': ''"},
    {"array", REASON_AZP, claims_demand, .text = AZP "'azp': ['client-1']"},
};

#define NONCE "'nonce': 'required' | "
#define ACR "'acr': ['urn:example:loa:3'] | "
#define AUTH_AGE "'max_auth_age_s': 900 | "
static const struct mutation_variant nonce_auth_age[] = {
    {"nonce", REASON_OK, claims_demand, .text = NONCE "'nonce': 'n-0S6_WzA2Mj'"},
    {"nonce-missing", REASON_NONCE, claims_demand, .text = NONCE "-nonce"},
    {"nonce-number", REASON_NONCE, claims_demand, .text = NONCE "'nonce': 4711"},
    {"nonce-array", REASON_NONCE, claims_demand, .text = NONCE "'nonce': ['n-0S6_WzA2Mj']"},
    {"nonce-null", REASON_NONCE, claims_demand, .text = NONCE "'nonce': null"},
    {"acr", REASON_OK, claims_demand, .text = ACR "'acr': 'urn:example:loa:3'"},
    {"acr-missing", REASON_ACR, claims_demand, .text = ACR "-acr"},
    {"acr-lower", REASON_ACR, claims_demand, .text = ACR "'acr': 'urn:example:loa:1'"},
    {"acr-extended", REASON_ACR, claims_demand, .text = ACR "'acr': 'urn:example:loa:30'"},
    {"acr-array", REASON_ACR, claims_demand, .text = ACR "'acr': ['urn:example:loa:3']"},
    {"auth-time", REASON_OK, auth_time_aged, .number = 60},
    {"auth-time-missing", REASON_AUTH_AGE, claims_demand, .text = AUTH_AGE "-auth_time"},
    {"auth-time-old", REASON_AUTH_AGE, auth_time_aged, .number = MAX_AUTH_AGE_S + LEEWAY_S + 1},
    {"auth-time-epoch", REASON_AUTH_AGE, claims_demand, .text = AUTH_AGE "'auth_time': 0"},
    {"auth-time-string", REASON_AUTH_AGE, claims_demand, .text = AUTH_AGE "'auth_time': '1767225590'"},
    {"auth-time-null", REASON_AUTH_AGE, claims_demand, .text = AUTH_AGE "'auth_time': null"},
};

#define CNF "'cnf_jkt': true | "
#define THUMBPRINT "'0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I'"
static const struct mutation_variant cnf_unbound[] = {
    {"bound", REASON_OK, claims_demand, .text = CNF "'cnf': {'jkt': " THUMBPRINT "}"},
    {"missing", REASON_CNF, claims_demand, .text = CNF "-cnf"},
    {"null", REASON_CNF, claims_demand, .text = CNF "'cnf': null"},
    {"no-method", REASON_CNF, claims_demand, .text = CNF "'cnf': {}"},
    {"string", REASON_CNF, claims_demand, .text = CNF "'cnf': " THUMBPRINT},
    {"array", REASON_CNF, claims_demand, .text = CNF "'cnf': [{'jkt': " THUMBPRINT "}]"},
    {"jkt-number", REASON_CNF, claims_demand, .text = CNF "'cnf': {'jkt': 4711}"},
    {"jkt-empty", REASON_CNF, claims_demand, .text = CNF "'cnf': {'jkt': ''}"},
    {"jkt-outside", REASON_CNF, claims_demand, .text = CNF "'cnf': {}, 'jkt': " THUMBPRINT},
    {"certificate", REASON_CNF, claims_demand, .text = CNF "'cnf': {'x5t#S256': " THUMBPRINT "}"},
    {"kid", REASON_CNF, claims_demand, .text = CNF "'cnf': {'kid': " THUMBPRINT "}"},
};

#define ACTORS "'actors': {'allow': ['svc-a'], 'max_depth': 1} | "
#define TWO_ACTORS "'actors': {'allow': ['svc-a'], 'max_depth': 2} | "
static const struct mutation_variant act_chain[] = {
    {"allowed", REASON_OK, claims_demand, .text = ACTORS "'act': {'sub': 'svc-a'}"},
    {"no-actor", REASON_OK, claims_demand, .text = ACTORS "-act"},
    {"unasked", REASON_ACTOR, claims_change, .text = "'act': {'sub': 'svc-a'}"},
    {"other", REASON_ACTOR, claims_demand, .text = ACTORS "'act': {'sub': 'svc-b'}"},
    {"extended", REASON_ACTOR, claims_demand, .text = ACTORS "'act': {'sub': 'svc-ab'}"},
    {"no-sub", REASON_ACTOR, claims_demand, .text = ACTORS "'act': {'client_id': 'svc-a'}"},
    {"sub-array", REASON_ACTOR, claims_demand, .text = ACTORS "'act': {'sub': ['svc-a']}"},
    {"string", REASON_ACTOR, claims_demand, .text = ACTORS "'act': 'svc-a'"},
    {"array", REASON_ACTOR, claims_demand, .text = ACTORS "'act': [{'sub': 'svc-a'}]"},
    /* RFC 8693 4.1: the outermost actor acts; those inside are for information. */
    {"inner-only", REASON_ACTOR, claims_demand,
     .text = TWO_ACTORS "'act': {'sub': 'svc-b', 'act': {'sub': 'svc-a'}}"},
    {"inner-other", REASON_OK, claims_demand,
     .text = TWO_ACTORS "'act': {'sub': 'svc-a', 'act': {'sub': 'svc-b'}}"},
    {"too-deep", REASON_ACTOR_DEPTH, act_nest, .number = 2},
    {"far-too-deep", REASON_ACTOR_DEPTH, act_nest, .number = 20},
    /* RFC 8693 4.4: may_act is for whoever issues tokens; it gives no leave to act. */
    {"may-act", REASON_ACTOR, claims_demand,
     .text = ACTORS "'act': {'sub': 'svc-b'}, 'may_act': {'sub': 'svc-b'}"},
    {"may-act-alone", REASON_OK, claims_demand, .text = ACTORS "'may_act': {'sub': 'svc-b'}"},
};

#define UNSECURED "{\"alg\":\"none\"}"
#define UNVERIFIED "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
static const struct mutation_variant nested_inner_unverified[] = {
    {"cty-unsecured", REASON_CTY_NESTED, cty_jwt, payload_inner, .text = UNSECURED,
     .also = {REASON_CLAIMS_SYNTAX}},
    {"cty-junk", REASON_CTY_NESTED, cty_jwt, payload_inner, .text = UNVERIFIED, .number = 32,
     .also = {REASON_CLAIMS_SYNTAX}},
    {"cty-media-type", REASON_CTY_NESTED, cty_media_type, payload_inner, .text = UNSECURED,
     .also = {REASON_CLAIMS_SYNTAX}},
    {"bare-unsecured", REASON_CLAIMS_SYNTAX, .encode = payload_inner, .text = UNSECURED},
    {"bare-junk", REASON_CLAIMS_SYNTAX, .encode = payload_inner, .text = UNVERIFIED, .number = 32},
    {"quoted-unsecured", REASON_CLAIMS_NOT_OBJECT, .encode = payload_inner_quoted, .text = UNSECURED},
};

static const struct mutation_variant revoked_token[] = {
    {"jti", REASON_REVOKED_JTI, claims_demand,
     .text = "'revoked': {'jti': ['token-1', 'token-4711']} | 'jti': 'token-4711'"},
    {"sid", REASON_REVOKED_SID, claims_demand,
     .text = "'revoked': {'sid': ['session-4711', 'session-1']} | 'sid': 'session-4711'"},
    {"sub", REASON_REVOKED_SUB, claims_demand,
     .text = "'revoked': {'sub': ['person-1', 'person-4711', 'person-2']} | 'sub': 'person-4711'"},
    {"near-miss", REASON_OK, claims_demand,
     .text = "'revoked': {'jti': ['token-471', 'token-47110', 'TOKEN-4711']} | 'jti': 'token-4711'"},
    {"other-list", REASON_OK, claims_demand,
     .text = "'revoked': {'sid': ['token-4711'], 'sub': ['token-4711']} | 'jti': 'token-4711'"},
};

static const struct mutation_variant error_precedence[] = {
    {"expired", REASON_SIGNATURE_INVALID, expire, .forge = signature_spoil},
    {"not-yet-valid", REASON_SIGNATURE_INVALID, postpone, .forge = signature_spoil},
    {"audience", REASON_SIGNATURE_INVALID, claims_change, .forge = signature_spoil,
     .text = "'aud': 'https://api.elsewhere.example'"},
    {"scope", REASON_SIGNATURE_INVALID, claims_change, .forge = signature_spoil, .text = "'scope': 'write'"},
    {"revoked", REASON_SIGNATURE_INVALID, claims_demand, .forge = signature_spoil,
     .text = "'revoked': {'jti': ['token-4711']} | 'jti': 'token-4711'"},
};

static const struct mutation_variant verify_cache[] = {
    {"same-input", REASON_SIGNATURE_INVALID, .forge = cached_input},
    {"same-signature", REASON_SIGNATURE_INVALID, .forge = cached_signature},
    {"after-expiry", REASON_EXPIRED, cached_expiry, .tamper = first_same, .severity = SEVERITY_CONTEXT},
    {"after-revocation", REASON_REVOKED_JTI, cached_revocation, .tamper = first_same,
     .text = "'revoked': {'jti': ['token-4711']} | 'jti': 'token-4711'", .severity = SEVERITY_CONTEXT},
};

static const struct mutation_class classes[] = {
    {"token-substitution", SEVERITY_CONTEXT, "tokens made for another purpose",
     "A token of the same issuer, made for another purpose, comes as an access token.", "RFC 8725 2.8",
     ALGS_ALL, false, VARIANTS(token_substitution)},
    {"cross-service", SEVERITY_CONTEXT, "tokens meant for another service",
     "A token of the same issuer is meant for another service.", "RFC 8725 2.7", ALGS_ALL, false,
     VARIANTS(cross_service)},
    {"trust-domain", SEVERITY_CONTEXT, "tokens of another tenant or trust domain",
     "The token belongs to another tenant or trust domain.", "RFC 8725 3.8", ALGS_ALL, false,
     VARIANTS(trust_domain)},
    {"scope-insufficient", SEVERITY_CONTEXT, "tokens without the scope or role",
     "The token does not grant the scope or role that is asked for.", "RFC 9068 4", ALGS_ALL, false,
     VARIANTS(scope_insufficient)},
    {"azp-mismatch", SEVERITY_CONTEXT, "tokens issued to another client",
     "The token was issued to a client that may not use it here.", "OpenID Connect Core 3.1.3.7", ALGS_ALL,
     true, VARIANTS(azp_mismatch)},
    {"nonce-auth-age", SEVERITY_CONTEXT, "tokens of another or an older sign-in",
     "nonce, acr or auth_time is not what the policy asks for.", "OpenID Connect Core 3.1.3.7", ALGS_ALL,
     true, VARIANTS(nonce_auth_age)},
    {"cnf-unbound", SEVERITY_CONTEXT, "tokens that are bound to no key",
     "The token names no key that its bearer would have to prove.", "RFC 9449 6.1", ALGS_ALL, false,
     VARIANTS(cnf_unbound)},
    {"act-chain", SEVERITY_CONTEXT, "tokens with an actor that is not allowed",
     "The acting party is not allowed, or there are too many.", "RFC 8693 4.1", ALGS_ALL, false,
     VARIANTS(act_chain)},
    {"nested-inner-unverified", SEVERITY_PARSING, "tokens around a token that nobody verified",
     "The payload is another token, which nobody has verified.", "RFC 8725 3.3", ALGS_ALL, false,
     VARIANTS(nested_inner_unverified)},
    {"revoked-token", SEVERITY_CONTEXT, "revoked tokens", "The token, its session or its subject is revoked.",
     "", ALGS_ALL, false, VARIANTS(revoked_token)},
    {"error-precedence", SEVERITY_FORGERY, "bad signatures beside another fault",
     "Two faults, one of them the signature: that is the one to report.", "RFC 7519 7.2", ALGS_ALL, false,
     VARIANTS(error_precedence)},
    {"verify-cache", SEVERITY_FORGERY, "altered copies of a token that was verified before",
     "A cache of verified tokens would let pass what is forged, expired or revoked.", "", ALGS_ALL, false,
     VARIANTS(verify_cache)},
};

const struct mutation_group mutations_authorisation = {"authorisation", classes,
                                                       sizeof classes / sizeof classes[0]};
