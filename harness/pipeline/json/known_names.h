/* The header and claim names that the pipeline knows, found while an object is read instead of by one search
 * per name. */
#ifndef ASSAY_PIPELINE_JSON_KNOWN_NAMES_H
#define ASSAY_PIPELINE_JSON_KNOWN_NAMES_H

#include "harness/pipeline/json/hash.h"
#include "harness/pipeline/json/json.h"

/* X(id, "name", registered): registered are the header parameters that the JOSE specifications define and
 * that crit must not list (RFC 7515 4.1, RFC 7516 4.1, RFC 7518 4.6-4.8). */
#define KNOWN_NAMES(X)                                                                                       \
  X(ALG, "alg", true)                                                                                        \
  X(JKU, "jku", true)                                                                                        \
  X(JWK, "jwk", true)                                                                                        \
  X(KID, "kid", true)                                                                                        \
  X(X5U, "x5u", true)                                                                                        \
  X(X5C, "x5c", true)                                                                                        \
  X(X5T, "x5t", true)                                                                                        \
  X(X5T_S256, "x5t#S256", true)                                                                              \
  X(TYP, "typ", true)                                                                                        \
  X(CTY, "cty", true)                                                                                        \
  X(CRIT, "crit", true)                                                                                      \
  X(ENC, "enc", true)                                                                                        \
  X(ZIP, "zip", true)                                                                                        \
  X(EPK, "epk", true)                                                                                        \
  X(APU, "apu", true)                                                                                        \
  X(APV, "apv", true)                                                                                        \
  X(IV, "iv", true)                                                                                          \
  X(TAG, "tag", true)                                                                                        \
  X(P2S, "p2s", true)                                                                                        \
  X(P2C, "p2c", true)                                                                                        \
  X(B64, "b64", false)                                                                                       \
  X(ISS, "iss", false)                                                                                       \
  X(SUB, "sub", false)                                                                                       \
  X(AUD, "aud", false)                                                                                       \
  X(EXP, "exp", false)                                                                                       \
  X(NBF, "nbf", false)                                                                                       \
  X(IAT, "iat", false)                                                                                       \
  X(JTI, "jti", false)                                                                                       \
  X(SID, "sid", false)                                                                                       \
  X(SCOPE, "scope", false)                                                                                   \
  X(ROLES, "roles", false)                                                                                   \
  X(TENANT, "tenant", false)                                                                                 \
  X(AZP, "azp", false)                                                                                       \
  X(NONCE, "nonce", false)                                                                                   \
  X(ACR, "acr", false)                                                                                       \
  X(AUTH_TIME, "auth_time", false)                                                                           \
  X(CNF, "cnf", false)                                                                                       \
  X(ACT, "act", false)

enum known_name {
#define X(id, name, registered) NAME_##id,
  KNOWN_NAMES(X)
#undef X
      NAME_COUNT
};

#define NAME_BIT(id) (UINT64_C(1) << NAME_##id)

/* A hash table without collisions: a name's first 8 bytes, times a multiplier that keeps all names apart. */
#define KNOWN_SLOT_BITS 7
struct known_slot {
  uint64_t word;
  uint32_t len; /* 0: empty, with the id NAME_COUNT */
  uint32_t id;
};
struct known_names {
  uint64_t multiplier;
  struct known_slot slots[1 << KNOWN_SLOT_BITS];
};

void known_names_init(struct known_names *known);

/* Whether a known name of more than 8 bytes goes on like this one, which is as long. */
bool known_name_goes_on(unsigned id, struct assay_bytes name);

/* What a name's place among the known ones is worked out from. word: word_of the name. */
static inline uint64_t known_hash(const struct known_names *known, uint64_t word) {
  return word * known->multiplier;
}

static inline const struct known_slot *known_slot_of(const struct known_names *known, uint64_t hash) {
  return &known->slots[hash >> (64 - KNOWN_SLOT_BITS)];
}

/* All bits where the slot of a name is that name's, otherwise none: for choosing without a branch. */
static inline uint64_t known_slot_match(const struct known_slot *slot, struct assay_bytes name,
                                        uint64_t word) {
  uint64_t differs = (slot->word ^ word) | (slot->len ^ name.len);
  if (name.len > 8 && !differs) /* only one of them is so long */
    differs = !known_name_goes_on(slot->id, name);
  uint64_t match = -(uint64_t)(differs == 0);
  KEEP_BRANCH_FREE(match);
  return match;
}

/* The members of an object that have a known name. at[n] is set only where bit n of present is. */
struct members {
  uint64_t present;
  const struct json_node *at[NAME_COUNT + 1]; /* the values; last: of the latest member with another name */
};

/* A member's value, or NULL. */
#define MEMBER(members, id) ((members)->present & NAME_BIT(id) ? (members)->at[NAME_##id] : NULL)

/* Whether crit must not list this name. */
bool known_name_is_registered(struct assay_bytes name);

#endif
