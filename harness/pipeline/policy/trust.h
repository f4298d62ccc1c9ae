/* What is trusted: a policy (assay-policy/1) and the key sets of its issuers, read once, then only read.
 *
 *   policy text (YAML, or JSON, which is YAML too) + JWKS of every issuer  ->  struct trust
 *
 * A trust belongs to no thread and no backend; sessions import its keys into their backend. Times are
 * seconds since 1970 (NumericDate, RFC 7519 2). Every optional field says what its absence means. */
#ifndef ASSAY_PIPELINE_POLICY_TRUST_H
#define ASSAY_PIPELINE_POLICY_TRUST_H

#include "harness/base/alg.h"
#include "harness/base/error.h"
#include "harness/base/reason.h"

#define TIME_UNSET INT64_MIN

/* One key of a set. A key with a fault is kept with its kid and reason, so that a token that would have
 * selected it gets that reason and not "unknown kid" (RFC 7517 5). Keys of an unknown kty are skipped. */
struct jwk {
  bool has_kid, has_issuer;
  struct assay_bytes kid;
  struct assay_bytes issuer; /* of the key itself, in sets that several issuers share */
  enum jwk_type type;
  enum jwk_curve curve;
  struct assay_bytes k, n, e, x, y; /* raw octets, as in struct assay_public_key */
  bool use_allows;                  /* use is not "enc"; a use that nobody knows is as none */
  bool is_x509_svid;                /* use is "x509-svid": the key is of certificates, in a SPIFFE bundle */
  bool ops_allow;                   /* key_ops is absent or has "verify", and agrees with use */
  uint32_t algs;                    /* JOSE_ALG_BITs that kty, crv and the key's own alg leave possible */
  bool has_alg;                     /* the JWK names an alg: a mismatch is key-alg */
  enum assay_reason refused;        /* REASON_OK, or key-import.* of this key */
  bool revoked;                     /* listed in revoked.kid */
  int64_t active_from;              /* TIME_UNSET: always */
};

struct key_set {
  enum assay_reason refused; /* REASON_OK, or the set fault that all its tokens get */
  struct jwk *keys;
  size_t count;
  bool kids_distinct; /* no kid occurs twice (with another kty, or tolerated) */
};

struct string_list {
  struct assay_bytes *items; /* in no order */
  size_t count;
};

/* Claims that `required` can name beyond those with a rule of their own are kept by name. */
enum required_claim {
  REQUIRE_EXP = 1,
  REQUIRE_NBF = 2,
  REQUIRE_IAT = 4,
  REQUIRE_SUB = 8,
  REQUIRE_JTI = 16,
  REQUIRE_AUD = 32 /* also set where `audience` is given */
};

/* An optional boolean-or-absent policy field. */
enum claim_demand { CLAIM_IGNORED, CLAIM_OPTIONAL, CLAIM_REQUIRED };

/* Where a claim stands: one name for a claim of the payload itself, or the reference tokens of a JSON Pointer
 * (RFC 6901 3), of which "/realm_access/roles" has two. */
struct claim_path {
  struct assay_bytes *steps;
  size_t count; /* 0: the policy names none */
};

/* What a claim must be. A number is compared by its value, a text byte by byte. */
struct claim_value {
  struct claim_path claim;
  enum claim_value_type { VALUE_TEXT, VALUE_NUMBER, VALUE_TRUE, VALUE_FALSE } type;
  struct assay_bytes text;
  int64_t number;
};

/* How tokens come to an issuer. */
enum issuer_kind {
  ISSUER_EXACT,       /* iss is this text */
  ISSUER_TEMPLATE,    /* iss is `before`, the value of a claim, `after`; the value is a string, is not empty
                         and has no slash */
  ISSUER_TRUST_DOMAIN /* there is no iss, and sub is a SPIFFE ID: spiffe://DOMAIN, or a path below it
                         (JWT-SVID 3.1). Keys of use x509-svid do not serve */
};

struct issuer_template {
  struct assay_bytes before, after;
  struct claim_path claim;
};

enum audience_rule {
  AUDIENCE_LISTED, /* one of aud must be listed; no aud may be there where none is (RFC 7519 4.1.3) */
  AUDIENCE_SOLE,   /* all of aud must be listed (OpenID Connect Core 3.1.3.7) */
  AUDIENCE_ANY     /* aud is checked for its type only */
};

/* A member of cnf (RFC 7800 3.1) that binds a token to a key or certificate by its thumbprint. */
struct cnf_rule {
  bool required;
  struct assay_bytes thumbprint; /* base64url, as cnf has it; len 0: any of SHA-256 */
};

/* The refusals that an issuer's practice may need lifted: TOLERANCES(X) has X(id, reason, what happens then).
 * All others stand, whatever a policy says. */
#define TOLERANCES(X)                                                                                        \
  X(DUPLICATE_KID, SET_DUPLICATE_KID, "of the keys with that kid, those that fit are tried in their order")  \
  X(LEADING_ZERO, KEY_LEADING_ZERO, "leading zeros of n and e are left out")                                 \
  X(EMBEDDED_KEY, EMBEDDED_KEY, "jwk is not looked at")                                                      \
  X(KEY_URL, KEY_URL, "jku and x5u are not looked at")                                                       \
  X(EMBEDDED_CERT, EMBEDDED_CERT, "x5c is not looked at")                                                    \
  X(KID_MISSING, KID_MISSING, "without a kid, the keys that fit are tried in their order")                   \
  X(IAT_FUTURE, IAT_FUTURE, "iat may lie in the future")

enum tolerance {
#define X(id, reason, what) TOLERANCE_##id,
  TOLERANCES(X)
#undef X
      TOLERANCE_COUNT
};
#define TOLERATES(id) (1u << TOLERANCE_##id)

/* The refusal that a tolerance lifts, and what happens in its place. */
enum assay_reason tolerance_reason(enum tolerance tolerance);
const char *tolerance_meaning(enum tolerance tolerance);

struct issuer {
  enum issuer_kind kind;
  struct assay_bytes iss; /* as the policy writes it: the text, the template or the trust domain */
  struct issuer_template template;
  uint32_t tolerates; /* TOLERATES bits */
  struct key_set keys;
  uint32_t algorithms; /* JOSE_ALG_BITs */
  enum audience_rule audience_rule;
  struct string_list audience;
  uint32_t required; /* REQUIRE_* */
  struct string_list required_other;
  int64_t max_lifetime_s;          /* exp - iat, which are then required; TIME_UNSET: no limit */
  int64_t max_age_s;               /* now - iat; TIME_UNSET: no limit */
  int64_t replay_window_s;         /* TIME_UNSET: replay is not looked for */
  struct string_list azp;          /* empty: azp is not looked at */
  struct claim_path client_claim;  /* stands for azp */
  enum claim_demand nonce;         /* optional: a string if there; required: must be there */
  struct string_list acr;          /* empty: acr is not looked at */
  int64_t max_auth_age_s;          /* now - auth_time; TIME_UNSET: not looked at */
  struct cnf_rule cnf_jkt;         /* cnf.jkt, of a key (RFC 9449 6.1) */
  struct cnf_rule cnf_x5t_s256;    /* cnf.x5t#S256, of a certificate (RFC 8705 3.1) */
  struct string_list scope, roles; /* every one must be granted; empty: not looked at */
  struct claim_path scope_claim;   /* stands for scope, and may be an array of strings too */
  struct claim_path roles_claim;   /* stands for roles */
  struct claim_value *values;      /* all must hold */
  size_t value_count;
  struct assay_bytes tenant;       /* len 0: not looked at */
  bool has_actors;                 /* false: an act claim is refused as actor */
  struct string_list actors_allow; /* sub of the current actor (RFC 8693 4.1) */
  int64_t actors_max_depth;
  struct string_list revoked_jti, revoked_sid, revoked_sub;
};

struct trust_limits {
  size_t token_bytes;    /* 16384 */
  size_t json_depth;     /* 32: the object itself is depth 1 */
  size_t json_members;   /* 256, in any one object */
  size_t kid_bytes;      /* 256 */
  size_t replay_entries; /* 65536: tokens that the replay memory of a session has room for */
};

struct trust {
  int64_t now; /* TIME_UNSET: the real clock */
  int64_t leeway_s;
  struct trust_limits limits;
  struct string_list typ_allow; /* empty: typ is checked for its type only. Compared as RFC 7515 4.1.9 says:
                                   without case, "application/" left out or not */
  bool typ_required;
  struct issuer *issuers;
  size_t issuer_count;
  uint32_t algorithms; /* the union of the issuers' */
  uint32_t tolerates;  /* likewise */
};

/* A key set given by issuer, in place of the policy's own `keys` path. */
struct trust_keys {
  struct assay_bytes iss, jwks; /* iss: as in struct issuer; jwks: the JSON text */
};

/* Reads a policy.
 * name:      how messages call it ("policy.yaml", or "corpus/policy.yaml"): "policy.yaml:12: unknown field
 * ..." folder:    where relative `keys` paths begin; NULL: there are none to follow keys:      JWKS texts by
 * issuer; they win over `keys` paths. An issuer with neither is an error. Returns:   a trust for trust_free,
 * or NULL and a sentence with line number, and the nearest name for an unknown field. A JWKS file that cannot
 * be read or is not JSON at all is an error that names file, kid where there is one, and reason; faults of
 * single keys and sets are no errors but refusals kept in the trust, and `trust_key_faults` tells them.
 * Threads:   any. */
struct trust *trust_read(struct assay_bytes policy, const char *name, const char *folder,
                         const struct trust_keys *keys, size_t key_count, struct assay_error *error);
void trust_free(struct trust *trust);

#define POLICY_FAULTS_MAX 20 /* so many are kept; the others are counted */

/* What is wrong in a policy, in the order of its lines. */
struct policy_faults {
  struct assay_error texts[POLICY_FAULTS_MAX];
  size_t lines[POLICY_FAULTS_MAX]; /* from 1; 0: of no line */
  size_t count;
};

/* Finds what trust_read finds wrong, and goes on behind it. What a field is to be is looked at where all of
 * them have the right names and types. folder: NULL: at no key. */
void trust_faults(struct assay_bytes policy, const char *name, const char *folder,
                  struct policy_faults *faults);

/* Calls back once for every refused set (kid NULL) and key. */
void trust_key_faults(const struct trust *trust,
                      void (*tell)(void *arg, struct assay_bytes iss, const struct assay_bytes *kid,
                                   enum assay_reason reason),
                      void *arg);

/* Parses one JWKS text (RFC 7517 5). tolerates: TOLERATES bits. Never fails for its content: what is wrong is
 * in `refused`. Returns false only for want of memory. key_set_fini frees. */
bool key_set_read(struct assay_bytes jwks, uint32_t tolerates, struct key_set *set);
void key_set_fini(struct key_set *set);

#endif
