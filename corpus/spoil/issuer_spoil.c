/* Right keys that are not the token's: of another issuer, of a stranger, of another time (RFC 8725 3.8). */
#include "corpus/base/fatal.h"
#include "corpus/make/claim_rows.h"
#include "corpus/make/draft_tools.h"
#include "corpus/spoil/selection_spoil.h"

/* ---- issuers ---- */

/* Another issuer with keys of this algorithm. */
static const struct ring_issuer *other_issuer(struct draft *draft) {
  uint32_t start = rng_below(&draft->rng, (uint32_t)draft->ring->issuer_count);
  for (size_t i = 0; i < draft->ring->issuer_count; i++) {
    const struct ring_issuer *other = &draft->ring->issuers[(start + i) % draft->ring->issuer_count];
    if (other != draft->issuer && keyring_pick(other, draft->alg, draft->key->bits, 0))
      return other;
  }
  fatal("only one issuer has keys for %s", assay_alg_name(draft->alg));
}

/* The token says that it is another issuer's, and is for that one's API. */
void issuer_claim_other(struct draft *draft) {
  const struct ring_issuer *other = other_issuer(draft);
  json_object_set_new(draft->claims, "iss", json_string(other->iss));
  json_object_set_new(draft->claims, "aud", json_string(other->audience));
}

static json_t *policy_of(const struct keyring *ring, const struct ring_issuer *issuer) {
  json_t *policy = keyring_policy(ring), *entry, *found = NULL;
  size_t i;
  json_array_foreach(json_object_get(policy, "issuers"), i, entry) {
    if (strcmp(json_string_value(json_object_get(entry, "iss")), issuer->iss) == 0)
      found = json_incref(entry);
  }
  json_decref(policy);
  json_object_del(must(found), "keys");
  return found;
}

/* A second issuer has another key under the same kid. Returns that key. */
static const struct signing_key *collide(struct draft *draft) {
  const struct ring_issuer *other = other_issuer(draft);
  const struct signing_key *key = keyring_pick(other, draft->alg, draft->key->bits, draft->index);
  json_t *jwk = signing_key_jwk(key);
  json_object_set_new(jwk, "kid", json_string(draft->key->kid));
  draft_jwks_own(draft);
  json_array_append_new(json_object_get(draft_policy(draft), "issuers"), policy_of(draft->ring, other));
  json_object_set_new(draft->keys, other->iss, json_pack("{s:[o]}", "keys", jwk));
  return key;
}

void issuer_collide_sign_own(struct draft *draft) {
  collide(draft);
}

void issuer_collide_sign_other(struct draft *draft) {
  draft_sign_with(draft, collide(draft), draft->alg);
}

static const char *kid_of(const struct draft *draft) {
  return json_string_value(json_object_get(draft->header, "kid"));
}

/* An RSA signature by the other key can be too large for the right one, which would be another fault. */
void issuer_collide_tamper(struct draft *draft) {
  const struct signing_key *right = draft->issuer->keys;
  while (strcmp(right->kid, kid_of(draft)) != 0)
    right++;
  while (right->n.len && memcmp(draft->signature.ptr, right->n.ptr, right->n.len) >= 0)
    draft_respin(draft);
}

/* row_text: a base URL under which a stranger offers keys and metadata. */
void issuer_claim_discovered(struct draft *draft) {
  const struct signing_key *key = keyring_stranger(draft->ring, draft->alg);
  draft_sign_with(draft, key, draft->alg);
  kid_set(draft, key->kid);
  json_object_set_new(draft->claims, "iss", json_sprintf("%s/%u", draft->row_text, draft->index));
}

/* ---- sets that several issuers share ---- */

/* The set stands for the issuer that the policy knows by this name from now on. */
static void jwks_rename(struct draft *draft, const char *name) {
  json_object_set(draft->keys, name, draft_jwks(draft));
  json_object_del(draft->keys, draft->issuer->iss);
}

/* The issuer becomes a tenant of a provider whose tenants' keys stand in one set. To be called last: the
 * set's place is another one afterwards. */
static void issuer_tenant(struct draft *draft) {
  json_t *iss = must(json_sprintf("%s/" OWN_TENANT "/v2.0", draft->issuer->iss));
  json_object_set(draft_policy_issuer(draft), "iss", iss);
  json_object_set(draft->claims, "iss", iss);
  jwks_rename(draft, json_string_value(iss));
  json_decref(iss);
}

/* row_text: the issuer that the only key of the set names, as JSON, @ standing for the provider. */
void jwk_of_issuer(struct draft *draft) {
  json_t *jwk = draft_jwks_own(draft);
  json_object_set_new(jwk, "issuer", row_value(draft->row_text, draft->issuer->iss));
  issuer_tenant(draft);
}

void jwk_of_issuer_no_kid(struct draft *draft) {
  jwk_of_issuer(draft);
  kid_drop(draft);
}

/* The own key, and a stranger's that names the issuer of row_text, without a kid to tell them apart. */
void jwk_by_issuer_no_kid(struct draft *draft) {
  draft_jwks_own(draft);
  json_object_set_new(draft_jwks_add_stranger(draft, draft->alg), "issuer",
                      row_value(draft->row_text, draft->issuer->iss));
  issuer_tenant(draft);
  kid_drop(draft);
}

/* ---- SPIFFE: a trust domain and its bundle (JWT-SVID 3) ---- */

/* The policy knows the issuer by the trust domain of sub, and the token has no iss. */
static void domain_trust(struct draft *draft) {
  json_t *issuer = draft_policy_issuer(draft);
  json_object_del(issuer, "iss");
  json_object_set_new(issuer, "trust_domain", json_string(OWN_DOMAIN));
  jwks_rename(draft, OWN_DOMAIN);
  json_object_del(draft->claims, "iss");
}

static void svid(struct draft *draft, const char *use, const char *sub) {
  json_object_set_new(draft_jwks_own(draft), "use", json_string(use));
  domain_trust(draft);
  json_object_set_new(draft->claims, "sub", row_value(sub, OWN_DOMAIN));
}

#define WORKLOAD "'spiffe://@/ns/orders/sa/web'"

void svid_of_sub(struct draft *draft) {
  svid(draft, "jwt-svid", draft->row_text);
}

void svid_of_use(struct draft *draft) {
  svid(draft, draft->row_text, WORKLOAD);
}

void svid_of_use_no_kid(struct draft *draft) {
  svid_of_use(draft);
  kid_drop(draft);
}

/* A key of certificates beside the own one, as every bundle has it: without kids nothing but use tells. */
void svid_beside_certificates(struct draft *draft) {
  json_t *own = draft_jwks_own(draft), *other = draft_jwks_add_stranger(draft, draft->alg);
  json_object_set_new(own, "use", json_string("jwt-svid"));
  json_object_set_new(other, "use", json_string("x509-svid"));
  json_object_del(other, "kid");
  domain_trust(draft);
  json_object_set_new(draft->claims, "sub", row_value(WORKLOAD, OWN_DOMAIN));
  kid_drop(draft);
}

/* ---- keys that had their time, or will have it ---- */

void key_rotated_out(struct draft *draft) {
  draft_jwks_empty(draft);
  draft_jwks_add_stranger(draft, draft->alg);
}

static void revoke(struct draft *draft, const char *kid) {
  json_object_set_new(draft_policy_issuer(draft), "revoked", must(json_pack("{s:[s]}", "kid", kid)));
}

void key_revoke_own(struct draft *draft) {
  revoke(draft, draft->key->kid);
}

void key_revoke_other(struct draft *draft) {
  revoke(draft, keyring_stranger(draft->ring, draft->alg)->kid);
}

/* row_number: seconds from now to the key's first day. */
void key_activate(struct draft *draft) {
  json_int_t at = draft->now + draft->row_number;
  json_object_set_new(draft_policy_issuer(draft), "active_from",
                      must(json_pack("[{s:s, s:I}]", "kid", draft->key->kid, "at", at)));
}
