/* Which key checks a token (RFC 7515 4.1.4 and 6, RFC 7517, RFC 8725 2.1 and 3.8): the one that issuer, kid,
 * key type, curve, use and algorithm leave, and never one that the token brought about by itself. Where a
 * token is an attack, its signature is the one that the attacker could make. */
#include "corpus/make/claim_rows.h"
#include "corpus/make/draft_tools.h"
#include "corpus/spoil/hmac_confusion.h"
#include "corpus/spoil/selection_spoil.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define KID_LIMIT 256 /* the policy's default for kid_bytes */

/* A service that must never be asked: nothing may come in there. */
#define LISTENER_PORT "47810"

static const struct mutation_variant kid_missing[] = {
    {"one-key", REASON_OK, .edit = kid_none, .text = "o"},
    {"one-by-kty", REASON_OK, .edit = kid_none, .text = "ot", .algs = ALGS_ASYMMETRIC},
    {"one-by-curve", REASON_OK, .edit = kid_none, .text = "co", .algs = ALGS_EC},
    {"one-by-use", REASON_OK, .edit = kid_none, .text = "uo"},
    {"one-by-alg", REASON_OK, .edit = kid_none, .text = "oa"},
    {"two-keys", REASON_KID_MISSING, .edit = kid_none, .text = "os"},
    {"two-curves", REASON_KID_MISSING, .edit = kid_none, .text = "co", .algs = ALGS_ED},
    {"none-eligible", REASON_NO_ELIGIBLE_KEY, .edit = kid_none, .text = "u"},
};

static const struct mutation_variant kid_unknown[] = {
    {"random", REASON_KID_UNKNOWN, .edit = kid_random},
    {"empty", REASON_KID_UNKNOWN, .edit = kid_written, .text = ""},
    {"one-key-only", REASON_KID_UNKNOWN, .edit = kid_random_one_key},
};

static const struct mutation_variant kid_duplicate[] = {
    {"same-kty", REASON_SET_DUPLICATE_KID, .edit = kid_twice},
    {"other-kty", REASON_OK, .edit = kid_twice_other_type, .algs = ALGS_ASYMMETRIC},
};

static const struct mutation_variant kid_type[] = {
    {"integer", REASON_KID_TYPE, .edit = header_change, .text = "{'kid': 1}"},
    {"null", REASON_KID_TYPE, .edit = header_change, .text = "{'kid': null}"},
    {"object", REASON_KID_TYPE, .edit = header_change, .text = "{'kid': {'$ne': ''}}"},
    {"array", REASON_KID_TYPE, .edit = header_change, .text = "{'kid': ['1']}"},
    {"boolean", REASON_KID_TYPE, .edit = header_change, .text = "{'kid': true}"},
};

static const struct mutation_variant kid_injection[] = {
    {"path", REASON_KID_UNKNOWN, .edit = kid_written, .text = "../../../../../../proc/self/fd/#"},
    {"null-device", REASON_KID_UNKNOWN, .edit = kid_written, .text = "/dev/null"},
    {"path-to-right", REASON_KID_UNKNOWN, .edit = kid_written, .text = "./@"},
    {"sql", REASON_KID_UNKNOWN, .edit = kid_written, .text = "x' UNION SELECT 'key#' -- "},
    {"sql-right", REASON_KID_UNKNOWN, .edit = kid_written, .text = "@' OR '#'='#"},
    {"shell", REASON_KID_UNKNOWN, .edit = kid_written, .text = "@|sleep #"},
    {"url", REASON_KID_UNKNOWN, .edit = kid_written, .text = "http://127.0.0.1:" LISTENER_PORT "/@"},
    {"template", REASON_KID_UNKNOWN, .edit = kid_written,
     .text = "${jndi:ldap://127.0.0.1:" LISTENER_PORT "/#}"},
    {"pattern", REASON_KID_UNKNOWN, .edit = kid_written, .text = "*"},
    {"nul", REASON_KID_UNKNOWN, .edit = kid_behind_nul},
};

static const struct mutation_variant kid_near_miss[] = {
    {"shorter", REASON_KID_UNKNOWN, .edit = kid_shortened},
    {"longer", REASON_KID_UNKNOWN, .edit = kid_written, .text = "@#"},
    {"case", REASON_KID_UNKNOWN, .edit = kid_recased},
    {"space-behind", REASON_KID_UNKNOWN, .edit = kid_written, .text = "@ "},
    {"space-in-front", REASON_KID_UNKNOWN, .edit = kid_written, .text = " @"},
    {"decomposed", REASON_KID_UNKNOWN, .edit = kid_decomposed},
};

#define CONFUSED(variant, encoding, ...)                                                                     \
  {                                                                                                          \
    variant, REASON_KTY_MISMATCH, .edit = confusion_claim, .forge = confusion_forge, .text = encoding,       \
                                  __VA_ARGS__                                                                \
  }
static const struct mutation_variant hs_rs_confusion[] = {
    CONFUSED("spki-pem", "spki-pem", ),
    CONFUSED("spki-pem-no-newline", "spki-pem", .number = EDGE_NO_NEWLINE),
    CONFUSED("spki-pem-two-newlines", "spki-pem", .number = EDGE_NEWLINE),
    CONFUSED("spki-pem-crlf", "spki-pem", .number = EDGE_CRLF),
    CONFUSED("spki-pem-space-behind", "spki-pem", .number = EDGE_SPACE_BEHIND),
    CONFUSED("spki-pem-space-in-front", "spki-pem", .number = EDGE_SPACE_IN_FRONT),
    CONFUSED("spki-der", "spki-der", ),
    CONFUSED("pkcs1-pem", "pkcs1-pem", ),
    CONFUSED("pkcs1-pem-no-newline", "pkcs1-pem", .number = EDGE_NO_NEWLINE),
    CONFUSED("pkcs1-der", "pkcs1-der", ),
    CONFUSED("jwk", "jwk", ),
    CONFUSED("modulus", "octets", ),
    CONFUSED("ssh", "ssh", ),
    {"no-kid", REASON_NO_ELIGIBLE_KEY, .edit = confusion_claim_no_kid, .forge = confusion_forge,
     .text = "spki-pem"},
};

#define ALGS_SSH                                                                                             \
  (ASSAY_ALG_BIT(ASSAY_ES256) | ASSAY_ALG_BIT(ASSAY_ES384) | ASSAY_ALG_BIT(ASSAY_ES512) |                    \
   ASSAY_ALG_BIT(ASSAY_ED25519))
static const struct mutation_variant hs_ec_okp_confusion[] = {
    CONFUSED("spki-pem", "spki-pem", ),
    CONFUSED("spki-pem-no-newline", "spki-pem", .number = EDGE_NO_NEWLINE),
    CONFUSED("spki-der", "spki-der", ),
    CONFUSED("point", "point", .algs = ALGS_EC),
    CONFUSED("compressed-point", "compressed-point", .algs = ALGS_EC),
    CONFUSED("x", "octets", ),
    CONFUSED("jwk", "jwk", ),
    CONFUSED("ssh", "ssh", .algs = ALGS_SSH),
    CONFUSED("ssh-newline", "ssh", .algs = ALGS_SSH, .number = EDGE_NEWLINE),
    {"no-kid", REASON_NO_ELIGIBLE_KEY, .edit = confusion_claim_no_kid, .forge = confusion_forge,
     .text = "spki-pem"},
};

static const struct mutation_variant hs_empty_from_asym[] = {
    {"kid", REASON_KTY_MISMATCH, .edit = confusion_claim, .forge = confusion_forge_empty},
    {"no-kid", REASON_NO_ELIGIBLE_KEY, .edit = confusion_claim_no_kid, .forge = confusion_forge_empty},
};

static const struct mutation_variant hs_empty_secret[] = {
    {"", REASON_KEY_HMAC_SHORT, .edit = confusion_empty_secret, .forge = confusion_forge_own_empty},
};

static const struct mutation_variant rs_ps_confusion[] = {
    {"alg-in-jwk", REASON_KEY_ALG, .edit = jwk_of_other_padding},
    {"no-alg-in-jwk", REASON_OK, .edit = jwk_of_any_padding},
};

static const struct mutation_variant ec_okp_confusion[] = {
    {"okp-key", REASON_KTY_MISMATCH, .edit = key_of_row, .text = "EdDSA", .algs = ALGS_EC},
    {"ec-key", REASON_KTY_MISMATCH, .edit = key_of_row, .text = "ES256", .algs = ALGS_ED},
};

#define EC_BUT(alg) (ALGS_EC & ~ASSAY_ALG_BIT(alg))
#define ALGS_OTHER_HASH (ASSAY_ALG_BIT(ASSAY_ES384) | ASSAY_ALG_BIT(ASSAY_ES512)) /* than SHA-256 */
static const struct mutation_variant curve_mismatch[] = {
    {"p-256", REASON_CURVE_MISMATCH, .edit = key_of_row, .text = "ES256", .algs = EC_BUT(ASSAY_ES256)},
    {"p-384", REASON_CURVE_MISMATCH, .edit = key_of_row, .text = "ES384", .algs = EC_BUT(ASSAY_ES384)},
    {"p-521", REASON_CURVE_MISMATCH, .edit = key_of_row, .text = "ES512", .algs = EC_BUT(ASSAY_ES512)},
    {"secp256k1", REASON_CURVE_MISMATCH, .edit = key_of_row, .text = "ES256K", .algs = EC_BUT(ASSAY_ES256K)},
    {"p-256-hash-of-alg", REASON_CURVE_MISMATCH, .edit = key_of_row, .forge = key_forge_hash_of_alg,
     .text = "ES256", .algs = ALGS_OTHER_HASH},
    {"p-384-hash-of-alg", REASON_CURVE_MISMATCH, .edit = key_of_row, .forge = key_forge_hash_of_alg,
     .text = "ES384", .algs = EC_BUT(ASSAY_ES384)},
    {"p-521-hash-of-alg", REASON_CURVE_MISMATCH, .edit = key_of_row, .forge = key_forge_hash_of_alg,
     .text = "ES512", .algs = EC_BUT(ASSAY_ES512)},
    {"secp256k1-hash-of-alg", REASON_CURVE_MISMATCH, .edit = key_of_row, .forge = key_forge_hash_of_alg,
     .text = "ES256K", .algs = ALGS_OTHER_HASH},
    {"edwards", REASON_CURVE_MISMATCH, .edit = key_of_other_edwards, .algs = ALGS_ED},
};

static const struct mutation_variant x25519_verify[] = {
    {"", REASON_KEY_CURVE, .edit = jwk_montgomery},
};

static const struct mutation_variant jwk_use_enc[] = {
    {"enc", REASON_KEY_USE, .edit = jwk_set, .text = "{'use': 'enc'}"},
    {"absent", REASON_OK, .edit = jwk_set, .text = "{'use': null}"},
};

static const struct mutation_variant jwk_keyops[] = {
    {"sign-only", REASON_KEY_OPS, .edit = jwk_set, .text = "{'use': null, 'key_ops': ['sign']}"},
    {"encrypt", REASON_KEY_OPS, .edit = jwk_set, .text = "{'use': null, 'key_ops': ['encrypt', 'wrapKey']}"},
    {"empty", REASON_KEY_OPS, .edit = jwk_set, .text = "{'use': null, 'key_ops': []}"},
    {"string", REASON_KEY_OPS, .edit = jwk_set, .text = "{'use': null, 'key_ops': 'verify'}"},
    {"duplicate", REASON_KEY_OPS, .edit = jwk_set, .text = "{'use': null, 'key_ops': ['verify', 'verify']}"},
    {"clash-with-sig", REASON_KEY_OPS, .edit = jwk_set, .text = "{'key_ops': ['verify', 'encrypt']}"},
    {"clash-with-enc", REASON_KEY_USE, .edit = jwk_set, .text = "{'use': 'enc', 'key_ops': ['verify']}"},
    {"verify", REASON_OK, .edit = jwk_set, .text = "{'use': null, 'key_ops': ['verify']}"},
    {"verify-with-sig", REASON_OK, .edit = jwk_set, .text = "{'key_ops': ['verify']}"},
};

static const struct mutation_variant jwk_alg_mismatch[] = {
    {"sibling", REASON_KEY_ALG, .edit = jwk_alg_sibling},
    {"unknown", REASON_KEY_ALG, .edit = jwk_set, .text = "{'alg': 'XX256'}"},
    {"encryption", REASON_KEY_ALG, .edit = jwk_set, .text = "{'alg': 'RSA-OAEP-256'}"},
    {"same", REASON_OK, .edit = jwk_alg_own},
};

static const struct mutation_variant jwk_kty_mismatch[] = {
    {"rsa", REASON_KEY_MEMBERS, .edit = jwk_set, .text = "{'kty': 'RSA'}", .algs = ALGS_EC | ALGS_ED},
    {"ec", REASON_KEY_MEMBERS, .edit = jwk_set, .text = "{'kty': 'EC'}", .algs = ALGS_RSA},
    {"okp", REASON_KEY_MEMBERS, .edit = jwk_set, .text = "{'kty': 'OKP'}", .algs = ALGS_RSA},
    {"oct", REASON_KEY_MEMBERS, .edit = jwk_set, .text = "{'kty': 'oct'}", .algs = ALGS_ASYMMETRIC},
};

static const struct mutation_variant jwks_mixed_symmetry[] = {
    {"", REASON_SET_MIXED, .edit = jwks_mixed},
};

static const struct mutation_variant jwks_private_key[] = {
    {"own", REASON_SET_PRIVATE, .edit = jwks_with_private},
    {"other", REASON_SET_PRIVATE, .edit = jwks_with_private_stranger, .severity = SEVERITY_FORM},
    {"primes", REASON_SET_PRIVATE, .edit = jwks_with_primes, .algs = ALGS_RSA},
};

static const struct mutation_variant jwks_unknown_kty[] = {
    {"unknown", REASON_OK, .edit = jwks_with_unknown,
     .text = "{'kty': 'AKP', 'kid': 'unknown-1', 'alg': 'ML-DSA-44', "
             "'pub': 'AA'}"},
    {"other-case", REASON_OK, .edit = jwks_with_unknown, .text = "{'kty': 'rsa', 'kid': 'unknown-1'}"},
    {"selected", REASON_KID_UNKNOWN, .edit = jwks_unknown_selected,
     .text = "{'kty': 'AKP', 'kid': 'unknown-1', 'alg': 'ML-DSA-44', 'pub': 'AA'}"},
};

static const struct mutation_variant issuer_key_mixup[] = {
    {"", REASON_KID_UNKNOWN, .edit = issuer_claim_other},
};

static const struct mutation_variant issuer_kid_collision[] = {
    {"other-issuers-key", REASON_SIGNATURE_INVALID, .edit = issuer_collide_sign_other,
     .tamper = issuer_collide_tamper},
    {"own-key", REASON_OK, .edit = issuer_collide_sign_own},
};

static const struct mutation_variant iss_driven_discovery[] = {
    {"loopback", REASON_ISS_UNKNOWN, .edit = issuer_claim_discovered,
     .text = "http://127.0.0.1:" LISTENER_PORT},
    {"loopback-6", REASON_ISS_UNKNOWN, .edit = issuer_claim_discovered,
     .text = "http://[::1]:" LISTENER_PORT},
    {"localhost", REASON_ISS_UNKNOWN, .edit = issuer_claim_discovered,
     .text = "http://localhost:" LISTENER_PORT},
    {"user-info", REASON_ISS_UNKNOWN, .edit = issuer_claim_discovered,
     .text = "http://login.north.example@127.0.0.1:" LISTENER_PORT},
};

static const struct mutation_variant key_stale[] = {
    {"", REASON_KID_UNKNOWN, .edit = key_rotated_out},
};

static const struct mutation_variant key_revoked[] = {
    {"own", REASON_KEY_REVOKED, .edit = key_revoke_own},
    {"other", REASON_OK, .edit = key_revoke_other},
};

static const struct mutation_variant key_not_yet_active[] = {
    {"in-an-hour", REASON_KEY_NOT_ACTIVE, .edit = key_activate, .number = 3600},
    {"in-a-year", REASON_KEY_NOT_ACTIVE, .edit = key_activate, .number = 365 * 86400},
    {"since-now", REASON_OK, .edit = key_activate, .number = 0},
};

static const struct mutation_variant kid_oversize[] = {
    {"at-limit", REASON_OK, .edit = kid_long, .number = KID_LIMIT},
    {"one-above", REASON_KID_OVERSIZE, .edit = kid_long, .number = KID_LIMIT + 1},
    {"far-above", REASON_KID_OVERSIZE, .edit = kid_long, .number = 4096},
};

/* RFC 7517 4 has a verifier ignore members that it does not understand, so one that does not know this one
 * may take the key. */
#define ISSUER_ROW(name, code, issuer, ...)                                                                  \
  { name, code, .edit = jwk_of_issuer, .text = issuer, __VA_ARGS__ }
#define ISSUER_OTHER(name, issuer) ISSUER_ROW(name, REASON_KEY_ISSUER, issuer, .pinned = true)
static const struct mutation_variant jwk_issuer[] = {
    ISSUER_ROW("same", REASON_OK, "'@/" OWN_TENANT "/v2.0'", ),
    ISSUER_ROW("template", REASON_OK, "'@/{tenantid}/v2.0'", ),
    ISSUER_OTHER("other-tenant", "'@/b81e5509/v2.0'"),
    ISSUER_OTHER("longer-tenant", "'@/" OWN_TENANT "-test/v2.0'"),
    ISSUER_OTHER("other-host", "'https://login.elsewhere.example/" OWN_TENANT "/v2.0'"),
    ISSUER_OTHER("template-of-other-version", "'@/{tenantid}/v1.0'"),
    ISSUER_OTHER("template-of-other-host", "'https://login.elsewhere.example/{tenantid}/v2.0'"),
    {"no-kid", REASON_NO_ELIGIBLE_KEY, .edit = jwk_of_issuer_no_kid, .text = "'@/b81e5509/v2.0'",
     .pinned = true},
    {"no-kid-one-of-two", REASON_OK, .edit = jwk_by_issuer_no_kid, .text = "'@/b81e5509/v2.0'",
     .pinned = true},
};

/* JWT-SVID 3 knows no EdDSA. */
#define ALGS_SVID (ALGS_RSA | (ALGS_EC & ~ASSAY_ALG_BIT(ASSAY_ES256K)))
static const struct mutation_variant jwt_svid_key[] = {
    {"jwt-svid", REASON_OK, .edit = svid_of_use, .text = "jwt-svid"},
    {"x509-svid", REASON_KEY_USE, .edit = svid_of_use, .text = "x509-svid"},
    {"x509-svid-no-kid", REASON_NO_ELIGIBLE_KEY, .edit = svid_of_use_no_kid, .text = "x509-svid"},
    {"beside-x509-svid", REASON_OK, .edit = svid_beside_certificates},
    {"other-domain", REASON_TRUST_DOMAIN, .edit = svid_of_sub,
     .text = "'spiffe://staging.example/ns/orders'"},
    {"longer-domain", REASON_TRUST_DOMAIN, .edit = svid_of_sub,
     .text = "'spiffe://@.evil.example/ns/orders'"},
    {"shorter-domain", REASON_TRUST_DOMAIN, .edit = svid_of_sub, .text = "'spiffe://prod.exampl/ns/orders'"},
    {"below-domain", REASON_TRUST_DOMAIN, .edit = svid_of_sub, .text = "'spiffe://evil.@/ns/orders'"},
    {"other-scheme", REASON_TRUST_DOMAIN, .edit = svid_of_sub, .text = "'https://@/ns/orders'"},
    {"array", REASON_TRUST_DOMAIN, .edit = svid_of_sub, .text = "['spiffe://@/ns/orders']"},
};

static const struct mutation_class classes[] = {
    {"kid-missing", SEVERITY_FORM, "no kid where several keys may serve",
     "There is no kid: exactly one eligible key may serve, of several none.", "RFC 7515 4.1.4", ALGS_ALL,
     .pinned = true, VARIANTS(kid_missing)},
    {"kid-unknown", SEVERITY_FORM, "kids that no key has", "No key of the issuer has this kid.", "RFC 7515 6",
     ALGS_ALL, VARIANTS(kid_unknown)},
    {"kid-duplicate", SEVERITY_FORM, "two keys under one kid",
     "Two keys of the set share the kid: of one type, or told apart by their types.", "RFC 7517 4.5",
     ALGS_ALL, .pinned = true, VARIANTS(kid_duplicate)},
    {"kid-type", SEVERITY_PARSING, "kid that is no string", "kid is no string.", "RFC 7515 4.1.4", ALGS_ALL,
     VARIANTS(kid_type)},
    {"kid-injection", SEVERITY_PARSING, "kids that are paths or queries",
     "kid is a path, a query, a command or a URL for whoever looks keys up with it.", "RFC 8725 3.10",
     ALGS_ALL, VARIANTS(kid_injection)},
    {"kid-near-miss", SEVERITY_PARSING, "kids that are nearly right",
     "kid is nearly the right one: kids are compared octet by octet.", "RFC 7515 4.1.4", ALGS_ALL,
     VARIANTS(kid_near_miss)},
    {"hs-rs-confusion", SEVERITY_FORGERY, "HMAC under the RSA public key",
     "An HMAC under the text of the public RSA key that kid names.", "RFC 8725 2.1", ALGS_RSA,
     VARIANTS(hs_rs_confusion)},
    {"hs-ec-okp-confusion", SEVERITY_FORGERY, "HMAC under the EC or Edwards public key",
     "An HMAC under the text or the octets of the public key on a curve that kid names.", "RFC 8725 2.1",
     ALGS_EC | ALGS_ED, VARIANTS(hs_ec_okp_confusion)},
    {"hs-empty-from-asym", SEVERITY_FORGERY, "HMAC under the empty secret for an asymmetric key",
     "An HMAC under the empty secret, where kid names an asymmetric key without alg.", "RFC 8725 3.1",
     ALGS_ASYMMETRIC, VARIANTS(hs_empty_from_asym)},
    {"hs-empty-secret", SEVERITY_FORGERY, "HMAC under an empty secret",
     "The set's HMAC key is empty, and the token is signed with that.", "RFC 7518 3.2", ALGS_HMAC,
     VARIANTS(hs_empty_secret)},
    {"rs-ps-confusion", SEVERITY_CONTEXT, "RSA keys that are for the other padding",
     "A right PKCS #1 signature under a key whose alg is PSS, and the reverse.", "RFC 7517 4.4", ALGS_RSA,
     VARIANTS(rs_ps_confusion)},
    {"ec-okp-confusion", SEVERITY_CONTEXT, "keys of another type than alg needs",
     "An ECDSA header, an Edwards key and its right signature, and the reverse.", "RFC 7518 3.1",
     ALGS_EC | ALGS_ED, VARIANTS(ec_okp_confusion)},
    {"curve-mismatch", SEVERITY_CONTEXT, "keys on another curve than alg needs",
     "The key is on another curve than alg says, and signs with its own hash or with alg's.", "RFC 7518 3.4",
     ALGS_EC | ALGS_ED, VARIANTS(curve_mismatch)},
    {"x25519-verify", SEVERITY_FORM, "Edwards keys filed as X25519 or X448",
     "The octets of the Edwards key stand in the set under X25519 or X448.", "RFC 8037 3.1", ALGS_ED,
     VARIANTS(x25519_verify)},
    {"jwk-use-enc", SEVERITY_CONTEXT, "keys that are for encryption",
     "The key is for encryption; one without a use is not.", "RFC 7517 4.2", ALGS_ALL, VARIANTS(jwk_use_enc)},
    {"jwk-keyops", SEVERITY_CONTEXT, "keys that are not for verifying",
     "The key's operations lack verify, or contradict its use.", "RFC 7517 4.3", ALGS_ALL,
     VARIANTS(jwk_keyops)},
    {"jwk-alg-mismatch", SEVERITY_CONTEXT, "keys that are for another algorithm",
     "The key is for another algorithm, or for none that is known.", "RFC 7517 4.4", ALGS_ALL,
     VARIANTS(jwk_alg_mismatch)},
    {"jwk-kty-mismatch", SEVERITY_PARSING, "keys whose type their members contradict",
     "The key's type says what its members do not bear out.", "RFC 7517 4.1", ALGS_ASYMMETRIC,
     VARIANTS(jwk_kty_mismatch)},
    {"jwks-mixed-symmetry", SEVERITY_FORM, "a symmetric key beside asymmetric ones",
     "The set has a symmetric key beside an asymmetric one.", "", ALGS_ALL, .pinned = true,
     VARIANTS(jwks_mixed_symmetry)},
    {"jwks-private-key", SEVERITY_FORGERY, "keys whose private half the key set gives away",
     "The set that is to be trusted gives away a private key.", "RFC 7517 9.2", ALGS_ASYMMETRIC,
     .pinned = true, VARIANTS(jwks_private_key)},
    {"jwks-unknown-kty", SEVERITY_FORM, "kids of keys that cannot be used",
     "The set has a key of a type that is not known: it is skipped, the others stay.", "RFC 7517 5", ALGS_ALL,
     VARIANTS(jwks_unknown_kty)},
    {"issuer-key-mixup", SEVERITY_FORGERY, "one issuer's tokens in another issuer's name",
     "One issuer's key signs in another issuer's name.", "RFC 8725 3.8", ALGS_ALL,
     VARIANTS(issuer_key_mixup)},
    {"issuer-kid-collision", SEVERITY_FORGERY, "another issuer's key under the same kid",
     "Two issuers use the same kid, and the key of the wrong one signs.", "RFC 8725 3.8", ALGS_ALL,
     VARIANTS(issuer_kid_collision)},
    {"iss-driven-discovery", SEVERITY_FORGERY, "keys from any URL that iss names",
     "iss is a URL on this machine, port " LISTENER_PORT ", where keys would be served.", "RFC 8725 3.10",
     ALGS_ALL, VARIANTS(iss_driven_discovery)},
    {"key-stale", SEVERITY_CONTEXT, "keys that were rotated out", "The key has been rotated out of the set.",
     "RFC 7517 5", ALGS_ALL, VARIANTS(key_stale)},
    {"key-revoked", SEVERITY_CONTEXT, "revoked keys",
     "The policy has revoked the key, which is still in the set.", "", ALGS_ALL, VARIANTS(key_revoked)},
    {"key-not-yet-active", SEVERITY_CONTEXT, "keys before their time",
     "The key is in the set already and not to be used yet.", "", ALGS_ALL, .pinned = true,
     VARIANTS(key_not_yet_active)},
    {"jwk-issuer", SEVERITY_CONTEXT, "keys of another issuer in a shared set",
     "The key says which issuer it is of, in a set that several share.", "", ALGS_ALL, VARIANTS(jwk_issuer)},
    {"jwt-svid-key", SEVERITY_CONTEXT, "SPIFFE identities of another trust domain",
     "The policy trusts a SPIFFE domain, by sub and by the keys that are for tokens.", "", ALGS_SVID,
     .pinned = true, VARIANTS(jwt_svid_key)},
    {"kid-oversize", SEVERITY_FORM, "kids above the size limit",
     "kid is longer than 256 bytes, and a key has it.", "", ALGS_ALL, .pinned = true, VARIANTS(kid_oversize)},
};

const struct mutation_group mutations_key_selection = {"key-selection", classes, COUNT(classes)};
