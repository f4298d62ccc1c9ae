/* Why a token was refused: one list for the pipeline, the corpus and every report.
 *
 * A reason is written `stage.reason`. Numbers are part of the result and corpus formats: they are never
 * changed and never used again. REASON_OK (0) is not a refusal. */
#ifndef ASSAY_BASE_REASON_H
#define ASSAY_BASE_REASON_H

#include "harness/base/bytes.h"

/* The stages of the pipeline, in the order in which they decide; STAGE_KEY_IMPORT is a stage of loading a
 * JWKS, not of a token, and is reported where a token would have used the key. */
enum assay_stage {
  STAGE_NONE,
  STAGE_COMPACT_SPLIT,
  STAGE_BASE64URL,
  STAGE_HEADER_JSON,
  STAGE_HEADER_POLICY,
  STAGE_CLAIMS_JSON,
  STAGE_KEY_SELECTION,
  STAGE_SIGNATURE,
  STAGE_REGISTERED_CLAIMS,
  STAGE_AUTHORISATION,
  STAGE_KEY_IMPORT,
  STAGE_COUNT
};

/* X(number, id, stage, "name", "one sentence") */
#define ASSAY_REASONS(X)                                                                                     \
  X(101, EMPTY, COMPACT_SPLIT, "empty", "The token is empty or only white space.")                           \
  X(102, OVERSIZE, COMPACT_SPLIT, "oversize", "The token is longer than the policy allows.")                 \
  X(103, JSON_SERIALISATION, COMPACT_SPLIT, "json-serialisation",                                            \
    "A JWS in JSON serialisation stands where a compact one is asked for (RFC 7519 1).")                     \
  X(104, SURROUNDED, COMPACT_SPLIT, "surrounded",                                                            \
    "White space or a scheme such as Bearer stands around the token.")                                       \
  X(105, NUL_BYTE, COMPACT_SPLIT, "nul-byte", "The token contains a NUL byte.")                              \
  X(106, NOT_ASCII, COMPACT_SPLIT, "not-ascii", "The token contains a byte above 0x7f.")                     \
  X(107, PART_COUNT, COMPACT_SPLIT, "part-count", "The token has not exactly two dots (RFC 7515 7.1).")      \
  X(108, EMPTY_HEADER, COMPACT_SPLIT, "empty-header", "The header part is empty.")                           \
  X(109, EMPTY_PAYLOAD, COMPACT_SPLIT, "empty-payload", "The payload part is empty or detached.")            \
                                                                                                             \
  X(201, B64_PADDING, BASE64URL, "padding", "A part is padded with '=' (RFC 7515 2).")                       \
  X(202, B64_ALPHABET, BASE64URL, "alphabet", "A part has a byte outside the base64url alphabet.")           \
  X(203, B64_LENGTH, BASE64URL, "length", "A part has a length that no base64url text has (4n + 1).")        \
  X(204, B64_TRAILING_BITS, BASE64URL, "trailing-bits",                                                      \
    "The unused bits of a part's last character are not zero (RFC 4648 3.5).")                               \
                                                                                                             \
  X(301, HEADER_UTF8, HEADER_JSON, "utf8", "The header is not valid UTF-8.")                                 \
  X(302, HEADER_BOM, HEADER_JSON, "bom", "The header begins with a byte order mark.")                        \
  X(303, HEADER_SYNTAX, HEADER_JSON, "syntax", "The header is not JSON (RFC 8259).")                         \
  X(304, HEADER_NOT_OBJECT, HEADER_JSON, "not-object", "The header is JSON but not an object.")              \
  X(305, HEADER_TRAILING, HEADER_JSON, "trailing", "Something follows the header's JSON object.")            \
  X(306, HEADER_DUPLICATE, HEADER_JSON, "duplicate-name", "A member name occurs twice in one object.")       \
  X(307, HEADER_SURROGATE, HEADER_JSON, "surrogate", "A string escape is a lone surrogate.")                 \
  X(308, HEADER_DEPTH, HEADER_JSON, "depth", "The header is nested deeper than the policy allows.")          \
  X(309, HEADER_MEMBERS, HEADER_JSON, "members", "An object of the header has too many members.")            \
                                                                                                             \
  X(401, ALG_MISSING, HEADER_POLICY, "alg-missing", "The header has no alg.")                                \
  X(402, ALG_TYPE, HEADER_POLICY, "alg-type", "alg is not a string.")                                        \
  X(403, ALG_NONE, HEADER_POLICY, "alg-none", "alg is none: the token is unsecured.")                        \
  X(404, ALG_UNKNOWN, HEADER_POLICY, "alg-unknown", "alg is not a JWS algorithm known here.")                \
  X(405, ALG_NOT_ALLOWED, HEADER_POLICY, "alg-not-allowed", "No issuer of the policy allows this alg.")      \
  X(406, CRIT_MALFORMED, HEADER_POLICY, "crit-malformed",                                                    \
    "crit is not a non-empty array of distinct strings (RFC 7515 4.1.11).")                                  \
  X(407, CRIT_REGISTERED, HEADER_POLICY, "crit-registered",                                                  \
    "crit lists a name that the JOSE specifications define themselves.")                                     \
  X(408, CRIT_ABSENT, HEADER_POLICY, "crit-absent", "crit lists a name that the header does not have.")      \
  X(409, CRIT_UNKNOWN, HEADER_POLICY, "crit-unknown", "crit lists an extension that is not supported.")      \
  X(410, B64_FALSE, HEADER_POLICY, "b64", "b64 is present: an unencoded payload is no JWT (RFC 7797 7).")    \
  X(411, TYP_TYPE, HEADER_POLICY, "typ-type", "typ is not a string.")                                        \
  X(412, TYP_MISSING, HEADER_POLICY, "typ-missing", "The policy requires typ and there is none.")            \
  X(413, TYP_WRONG, HEADER_POLICY, "typ-wrong", "typ is none of those that the policy allows.")              \
  X(414, CTY_NESTED, HEADER_POLICY, "cty-nested", "cty says JWT: nested tokens are refused (RFC 7519 5.2).") \
  X(415, ZIP, HEADER_POLICY, "zip", "zip is present: compression is not defined for a JWS.")                 \
  X(416, JWE_MEMBER, HEADER_POLICY, "jwe-member", "The header has a member that belongs to a JWE.")          \
  X(417, EMBEDDED_KEY, HEADER_POLICY, "embedded-key", "The header brings its own key (jwk).")                \
  X(418, KEY_URL, HEADER_POLICY, "key-url", "The header names a URL to fetch keys from (jku, x5u).")         \
  X(419, EMBEDDED_CERT, HEADER_POLICY, "embedded-cert", "The header brings its own certificate (x5c).")      \
                                                                                                             \
  X(501, CLAIMS_UTF8, CLAIMS_JSON, "utf8", "The claims are not valid UTF-8.")                                \
  X(502, CLAIMS_BOM, CLAIMS_JSON, "bom", "The claims begin with a byte order mark.")                         \
  X(503, CLAIMS_SYNTAX, CLAIMS_JSON, "syntax", "The claims are not JSON (RFC 8259).")                        \
  X(504, CLAIMS_NOT_OBJECT, CLAIMS_JSON, "not-object", "The claims are JSON but not an object.")             \
  X(505, CLAIMS_TRAILING, CLAIMS_JSON, "trailing", "Something follows the claims' JSON object.")             \
  X(506, CLAIMS_DUPLICATE, CLAIMS_JSON, "duplicate-name", "A claim name occurs twice in one object.")        \
  X(507, CLAIMS_SURROGATE, CLAIMS_JSON, "surrogate", "A string escape is a lone surrogate.")                 \
  X(508, CLAIMS_DEPTH, CLAIMS_JSON, "depth", "The claims are nested deeper than the policy allows.")         \
  X(509, CLAIMS_MEMBERS, CLAIMS_JSON, "members", "An object of the claims has too many members.")            \
                                                                                                             \
  X(601, ISS_MISSING, KEY_SELECTION, "iss-missing", "The claims have no iss.")                               \
  X(602, ISS_TYPE, KEY_SELECTION, "iss-type", "iss is not a string.")                                        \
  X(603, ISS_UNKNOWN, KEY_SELECTION, "iss-unknown", "iss is no issuer of the policy.")                       \
  X(604, ISSUER_ALG, KEY_SELECTION, "issuer-alg", "This issuer does not use this alg.")                      \
  X(605, NO_KEYS, KEY_SELECTION, "no-keys", "The issuer's key set has no key.")                              \
  X(606, KID_TYPE, KEY_SELECTION, "kid-type", "kid is not a string.")                                        \
  X(607, KID_OVERSIZE, KEY_SELECTION, "kid-oversize", "kid is longer than the policy allows.")               \
  X(608, KID_UNKNOWN, KEY_SELECTION, "kid-unknown", "The issuer has no key with this kid.")                  \
  X(609, KID_MISSING, KEY_SELECTION, "kid-missing", "There is no kid and more than one key could serve.")    \
  X(610, NO_ELIGIBLE_KEY, KEY_SELECTION, "no-eligible-key", "There is no kid and no key could serve.")       \
  X(611, KTY_MISMATCH, KEY_SELECTION, "kty-mismatch", "The key is of another type than alg needs.")          \
  X(612, CURVE_MISMATCH, KEY_SELECTION, "curve-mismatch", "The key is on another curve than alg needs.")     \
  X(613, KEY_USE, KEY_SELECTION, "key-use", "The key is for another use than this one (RFC 7517 4.2).")      \
  X(614, KEY_OPS, KEY_SELECTION, "key-ops", "The key's key_ops do not allow verify (RFC 7517 4.3).")         \
  X(615, KEY_ALG, KEY_SELECTION, "key-alg", "The key's own alg is another one (RFC 7517 4.4).")              \
  X(616, KEY_REVOKED, KEY_SELECTION, "key-revoked", "The policy has revoked this key.")                      \
  X(617, KEY_NOT_ACTIVE, KEY_SELECTION, "key-not-active", "The policy does not use this key yet.")           \
  X(618, KEY_ISSUER, KEY_SELECTION, "key-issuer", "The key's own issuer is another one than the token's.")   \
  X(619, TRUST_DOMAIN, KEY_SELECTION, "trust-domain",                                                        \
    "There is no iss, and sub is in no trust domain of the policy (JWT-SVID 3.1).")                          \
                                                                                                             \
  X(701, SIGNATURE_LENGTH, SIGNATURE, "length", "The signature has not the length that alg and key give.")   \
  X(702, SIGNATURE_ZERO, SIGNATURE, "zero", "A signature scalar is zero.")                                   \
  X(703, SIGNATURE_RANGE, SIGNATURE, "range", "A signature number is outside its range.")                    \
  X(704, SIGNATURE_INVALID, SIGNATURE, "invalid", "The signature does not match.")                           \
                                                                                                             \
  X(801, EXP_MISSING, REGISTERED_CLAIMS, "exp-missing", "The policy requires exp and there is none.")        \
  X(802, EXP_TYPE, REGISTERED_CLAIMS, "exp-type", "exp is not a number.")                                    \
  X(803, EXP_RANGE, REGISTERED_CLAIMS, "exp-range", "exp is beyond 2^53 - 1 either way.")                    \
  X(804, EXPIRED, REGISTERED_CLAIMS, "expired", "The token has expired.")                                    \
  X(805, NBF_MISSING, REGISTERED_CLAIMS, "nbf-missing", "The policy requires nbf and there is none.")        \
  X(806, NBF_TYPE, REGISTERED_CLAIMS, "nbf-type", "nbf is not a number.")                                    \
  X(807, NBF_RANGE, REGISTERED_CLAIMS, "nbf-range", "nbf is beyond 2^53 - 1 either way.")                    \
  X(808, NOT_YET_VALID, REGISTERED_CLAIMS, "not-yet-valid", "The token is not valid yet.")                   \
  X(809, IAT_MISSING, REGISTERED_CLAIMS, "iat-missing", "The policy requires iat and there is none.")        \
  X(810, IAT_TYPE, REGISTERED_CLAIMS, "iat-type", "iat is not a number.")                                    \
  X(811, IAT_RANGE, REGISTERED_CLAIMS, "iat-range", "iat is beyond 2^53 - 1 either way.")                    \
  X(812, IAT_FUTURE, REGISTERED_CLAIMS, "iat-future", "The token was issued in the future.")                 \
  X(813, TIME_ORDER, REGISTERED_CLAIMS, "time-order", "iat, nbf and exp contradict each other.")             \
  X(814, LIFETIME, REGISTERED_CLAIMS, "lifetime", "The token lives longer than the policy allows.")          \
  X(815, AGE, REGISTERED_CLAIMS, "age", "The token is older than the policy allows.")                        \
  X(816, AUD_MISSING, REGISTERED_CLAIMS, "aud-missing", "The policy names an audience; there is no aud.")    \
  X(817, AUD_TYPE, REGISTERED_CLAIMS, "aud-type", "aud is neither a string nor an array of strings.")        \
  X(818, AUD_MISMATCH, REGISTERED_CLAIMS, "aud-mismatch", "No aud is one that the policy names.")            \
  X(819, SUB_MISSING, REGISTERED_CLAIMS, "sub-missing", "The policy requires sub and there is none.")        \
  X(820, SUB_TYPE, REGISTERED_CLAIMS, "sub-type", "sub is not a string.")                                    \
  X(821, SUB_EMPTY, REGISTERED_CLAIMS, "sub-empty", "sub is empty.")                                         \
  X(822, JTI_MISSING, REGISTERED_CLAIMS, "jti-missing", "The policy requires jti and there is none.")        \
  X(823, JTI_TYPE, REGISTERED_CLAIMS, "jti-type", "jti is not a string.")                                    \
  X(824, REPLAYED, REGISTERED_CLAIMS, "replayed", "A token with this jti was accepted before.")              \
  X(825, REPLICATED_MISMATCH, REGISTERED_CLAIMS, "replicated-mismatch",                                      \
    "A claim replicated in the header differs from the payload's (RFC 7519 5.3).")                           \
  X(826, CLAIM_MISSING, REGISTERED_CLAIMS, "claim-missing",                                                  \
    "A claim that the policy requires is not there.")                                                        \
  X(827, AUD_UNEXPECTED, REGISTERED_CLAIMS, "aud-unexpected",                                                \
    "There is an aud, and the policy names no audience (RFC 7519 4.1.3).")                                   \
  X(828, AUD_OTHERS, REGISTERED_CLAIMS, "aud-others",                                                        \
    "aud also names an audience that the policy does not.")                                                  \
  X(829, REPLAY_FULL, REGISTERED_CLAIMS, "replay-full",                                                      \
    "The memory of jti is full of tokens whose windows still run: one more could not be told from a "        \
    "replay.")                                                                                               \
                                                                                                             \
  X(901, SCOPE, AUTHORISATION, "scope", "The token's scope does not cover what the policy asks for.")        \
  X(902, ROLES, AUTHORISATION, "roles", "The token lacks a role that the policy asks for.")                  \
  X(903, TENANT, AUTHORISATION, "tenant", "The token belongs to another tenant.")                            \
  X(904, AZP, AUTHORISATION, "azp", "The authorised party is none that the policy names.")                   \
  X(905, NONCE, AUTHORISATION, "nonce", "The nonce is missing or of the wrong type.")                        \
  X(906, ACR, AUTHORISATION, "acr", "The authentication context is none that the policy names.")             \
  X(907, AUTH_AGE, AUTHORISATION, "auth-age", "auth_time is missing or too long ago.")                       \
  X(908, CNF, AUTHORISATION, "cnf",                                                                          \
    "The token is not bound (cnf) to a key or certificate as the policy asks.")                              \
  X(909, ACTOR, AUTHORISATION, "actor", "The acting party is not allowed.")                                  \
  X(910, ACTOR_DEPTH, AUTHORISATION, "actor-depth", "The chain of actors is too long.")                      \
  X(911, REVOKED_JTI, AUTHORISATION, "revoked-jti", "This token (jti) is revoked.")                          \
  X(912, REVOKED_SID, AUTHORISATION, "revoked-sid", "This session (sid) is revoked.")                        \
  X(913, REVOKED_SUB, AUTHORISATION, "revoked-sub", "This subject (sub) is revoked.")                        \
  X(914, VALUE, AUTHORISATION, "value", "A claim has not the value that the policy asks for.")               \
  X(915, DENIED, AUTHORISATION, "denied", "The policy decision point that was asked denies it.")             \
                                                                                                             \
  X(1001, SET_SYNTAX, KEY_IMPORT, "set-syntax", "The key set is not a JWKS (RFC 7517 5).")                   \
  X(1002, SET_PRIVATE, KEY_IMPORT, "private-key", "The key set contains a private key (RFC 7517 9.2).")      \
  X(1003, SET_MIXED, KEY_IMPORT, "mixed-symmetry", "The key set mixes symmetric and asymmetric keys.")       \
  X(1004, SET_DUPLICATE_KID, KEY_IMPORT, "duplicate-kid", "Two keys of one kty share a kid.")                \
  X(1005, KEY_MEMBERS, KEY_IMPORT, "members", "The key lacks a member that its kty needs.")                  \
  X(1006, KEY_ENCODING, KEY_IMPORT, "encoding", "A key member is not canonical base64url.")                  \
  X(1007, KEY_LEADING_ZERO, KEY_IMPORT, "leading-zero", "A Base64urlUInt has a leading zero (RFC 7518 2).")  \
  X(1008, KEY_RSA_SMALL, KEY_IMPORT, "rsa-small", "The RSA modulus is shorter than 2,048 bits.")             \
  X(1009, KEY_RSA_HUGE, KEY_IMPORT, "rsa-huge", "The RSA modulus is longer than 16,384 bits.")               \
  X(1010, KEY_RSA_EXPONENT, KEY_IMPORT, "rsa-exponent", "The RSA exponent is 1, even or above 32 bits.")     \
  X(1011, KEY_RSA_EVEN, KEY_IMPORT, "rsa-even", "The RSA modulus is even.")                                  \
  X(1012, KEY_HMAC_SHORT, KEY_IMPORT, "hmac-short", "The HMAC key is shorter than its hash (RFC 7518 3.2).") \
  X(1013, KEY_CURVE, KEY_IMPORT, "curve", "The key's curve cannot be used to verify.")                       \
  X(1014, KEY_COORD_LENGTH, KEY_IMPORT, "coord-length", "A coordinate has not its curve's full length.")     \
  X(1015, KEY_OKP_LENGTH, KEY_IMPORT, "okp-length", "x has not the curve's length (RFC 8037 2).")            \
  X(1016, KEY_LOW_ORDER, KEY_IMPORT, "low-order", "The Edwards key is a point of small order.")              \
  X(1017, KEY_NONCANONICAL, KEY_IMPORT, "noncanonical", "The Edwards key's y is not below p.")               \
  X(1018, KEY_INVALID, KEY_IMPORT, "invalid-key", "The crypto library refuses the key.")

enum assay_reason {
  REASON_OK = 0,
#define X(number, id, stage, name, sentence) REASON_##id = (number),
  ASSAY_REASONS(X)
#undef X
  /* Not refusals, and no answers to a token: the subject cannot say. */
  REASON_UNSUPPORTED = 2001, /* the library, or this build of it, lacks the algorithm */
  REASON_FAULT = 2002,       /* no memory or a library error: voids the measurement */
  /* Refusals that name no reason, by whole verifiers only. */
  REASON_UNMAPPED = 2003,  /* refused, in words that tell none of the reasons above */
  REASON_UNDECIDED = 2004, /* refused, but not by decision: an undocumented exception, a server error */
  REASON_LAST = REASON_UNDECIDED
};

/* Whether a number is one of these. */
bool assay_reason_known(unsigned number);
/* "expired" for REASON_EXPIRED; "ok" for REASON_OK; "?" for a number that is no reason. */
const char *assay_reason_name(enum assay_reason reason);
/* "registered-claims.expired"; "ok"; "?". */
const char *assay_reason_dotted(enum assay_reason reason);
/* "The token has expired."; "" for REASON_OK and for a number that is no reason. */
const char *assay_reason_sentence(enum assay_reason reason);
enum assay_stage assay_reason_stage(enum assay_reason reason);
/* By dotted name; -1 where there is none. "ok" gives REASON_OK. */
int assay_reason_by_dotted(struct assay_bytes dotted);

const char *assay_stage_name(enum assay_stage stage);

/* What a subject said of a token. Only ACCEPT and REJECT are answers; UNSUPPORTED never counts as a
 * correct rejection. */
enum assay_verdict {
  VERDICT_NONE, /* not asked yet */
  VERDICT_ACCEPT,
  VERDICT_REJECT,
  VERDICT_UNSUPPORTED,
  VERDICT_FAULT,
  VERDICT_CRASH,
  VERDICT_HANG,
  VERDICT_UNDECIDED,
  VERDICT_COUNT
};

const char *assay_verdict_name(enum assay_verdict verdict);
/* ACCEPT for REASON_OK; UNSUPPORTED, FAULT and UNDECIDED for theirs; REJECT for all others. */
enum assay_verdict assay_verdict_of(enum assay_reason reason);

#endif
