/* The names that a learned profile may tell: IANA's registries "JSON Web Token Claims" and "JSON Web
 * Signature and Encryption Header Parameters" as far as tokens for access and identity use them. */
#include <string.h>

#include "corpus/make/learned.h"

static const char *const claims[] = {"iss",
                                     "sub",
                                     "aud",
                                     "exp",
                                     "nbf",
                                     "iat",
                                     "jti",
                                     "name",
                                     "given_name",
                                     "family_name",
                                     "middle_name",
                                     "nickname",
                                     "preferred_username",
                                     "profile",
                                     "picture",
                                     "website",
                                     "email",
                                     "email_verified",
                                     "gender",
                                     "birthdate",
                                     "zoneinfo",
                                     "locale",
                                     "phone_number",
                                     "phone_number_verified",
                                     "address",
                                     "updated_at",
                                     "azp",
                                     "nonce",
                                     "auth_time",
                                     "at_hash",
                                     "c_hash",
                                     "acr",
                                     "amr",
                                     "sub_jwk",
                                     "cnf",
                                     "sid",
                                     "events",
                                     "toe",
                                     "txn",
                                     "act",
                                     "scope",
                                     "client_id",
                                     "may_act",
                                     "roles",
                                     "groups",
                                     "entitlements",
                                     "token_introspection",
                                     "authorization_details",
                                     "vot",
                                     "vtm",
                                     "attest",
                                     "orig",
                                     "dest",
                                     "mky",
                                     "rph",
                                     "jcard",
                                     NULL};

static const char *const headers[] = {
    "alg", "typ", "cty", "kid", "jku", "jwk",   "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "enc", "zip",
    "iss", "sub", "aud", "ppt", "url", "nonce", "iv",  "tag", "p2s", "p2c",      "epk",  "apu", "apv", NULL};

static const char *find_name(const char *const *names, const char *name) {
  while (*names && strcmp(*names, name) != 0)
    names++;
  return *names;
}

const char *registered_claim(const char *name) {
  return find_name(claims, name);
}

const char *registered_header(const char *name) {
  return find_name(headers, name);
}
