/* What the stages share: the session, the token on its way through it, and the stages themselves. Inside the
 * pipeline only. */
#ifndef ASSAY_PIPELINE_STAGE_H
#define ASSAY_PIPELINE_STAGE_H

#include "harness/base/index.h"
#include "harness/pipeline/json/arena.h"
#include "harness/pipeline/json/hash.h"
#include "harness/pipeline/json/json.h"
#include "harness/pipeline/json/known_names.h"
#include "harness/pipeline/pipeline.h"
#include "harness/pipeline/policy/claim_path.h"
#include "harness/pipeline/replay.h"

/* For what few policies ask for: kept out of the way of all other tokens. */
#define RARE __attribute__((noinline, cold))

/* For a step of every token that is also one of a rare way: without a call in either. */
#define USUAL inline __attribute__((always_inline))

/* What the indices of a session go by. */
static inline uint32_t index_hash(struct assay_bytes name) {
  return (uint32_t)hash_bytes(name, HASH_A);
}

/* A key imported for one algorithm, or why it could not be. */
struct key_handle {
  struct assay_key *key;
  enum assay_reason reason; /* REASON_OK, KEY_INVALID, KEY_HMAC_SHORT, UNSUPPORTED; FAULT: not imported */
};

/* A key of an issuer, with everything about it that no token can change worked out beforehand. */
struct key_entry {
  const struct jwk *jwk;
  uint16_t unfit[JOSE_ALG_COUNT]; /* why it cannot serve this alg; REASON_OK: it can, once it is active */
  struct key_handle *handles;     /* by handle_slot(alg) */
};

/* A list of strings that tokens are looked up in. */
struct string_set {
  const struct string_list *list;
  struct index index; /* built for long lists only */
};

struct issuer_entry {
  const struct issuer *issuer;
  struct key_entry *keys;
  struct key_handle *handles; /* of all keys */
  struct index by_kid;
  struct string_set revoked_jti, revoked_sid, revoked_sub;
};

struct trust_entry {
  const struct trust *trust;
  struct issuer_entry *issuers;
  struct index by_iss;
  bool has_patterns; /* an issuer is known by a template or a trust domain */
};

/* A token on its way. Each stage fills in what the next ones read; nothing is cleared in between, so no stage
 * may look at what a later one writes. */
struct token {
  struct assay_bytes text;
  struct assay_bytes header_part, payload_part, signature_part; /* 1: views into text */
  struct assay_bytes header, payload, signature; /* 2: decoded; JSON_SLACK behind the first two */
  struct json_doc header_json, claims_json;      /* 3, 5 */
  struct members header_members, claims;         /* 3, 5 */
  enum jose_alg alg;                             /* 4 */
  const struct issuer_entry *issuer;             /* 6 */
  const struct key_entry *key;                   /* 6 */
  enum assay_alg primitive;                      /* 6 */
  struct assay_key *imported;                    /* 6 */
};

struct session {
  const struct assay_backend *backend;
  struct assay_ctx *ctx;
  struct trust_entry *trusts;
  size_t trust_count;
  struct trust_current *source; /* of a session that follows, NULL of others: it holds the one trust */

  const struct trust_entry *current;
  struct json_limits json_limits; /* of the current trust */
  int64_t fixed_now_s;            /* TIME_UNSET: the real clock */
  int64_t now_s;                  /* of the token at hand */

  struct known_names known;
  uint64_t alg_words[JOSE_ALG_COUNT]; /* alg_word of every name */
  struct arena arena;
  struct name_set names;
  size_t names_max; /* that fit */
  struct replay replay;
  bool replay_on;
  bool import_on_use;
  const struct decision_point *decision_point; /* NULL: nobody is asked */
  bool is_watchful; /* replay_on, or there is a decision point: what all others pay for with one test */

  struct token token;
  bool accepted; /* the last token was */
  enum assay_outcome last_outcome;
};

enum assay_reason stage_compact_split(struct session *session, struct token *token);
enum assay_reason stage_base64url(struct session *session, struct token *token);
enum assay_reason stage_header_json(struct session *session, struct token *token);
enum assay_reason stage_header_policy(struct session *session, struct token *token);
enum assay_reason stage_claims_json(struct session *session, struct token *token);
enum assay_reason stage_key_selection(struct session *session, struct token *token);
enum assay_reason stage_signature(struct session *session, struct token *token);
enum assay_reason stage_registered_claims(struct session *session, struct token *token);
enum assay_reason stage_authorisation(struct session *session, struct token *token);

/* The last of the registered claims, where a session looks for replay. Only looks: a token is remembered once
 * it is accepted. */
RARE enum assay_reason check_replay(const struct session *session, const struct token *token);

/* Header parameters that are refused whatever their value is, but for those that are tolerated. What one
 * issuer tolerates and another does not can be told only once the issuer is known, in stage 6. */
RARE enum assay_reason header_members_check(const struct token *token, uint32_t tolerates);
/* Takes the first key, from this one of the issuer's on, that the token may mean, fits it and could be
 * imported. False where there is none. Only where the issuer tolerates that several may be meant. */
RARE bool key_candidate_take(struct session *session, struct token *token, size_t from);
/* Whether more keys than the chosen one may be meant (TOLERANCE_DUPLICATE_KID, TOLERANCE_KID_MISSING). */
bool key_is_one_of_several(const struct token *token);
/* The part of the signature stage before the backend is asked: the forms that every library must treat alike.
 */
enum assay_reason signature_check_form(const struct token *token);
/* header.payload as they were sent (RFC 7515 5.2). */
static inline struct assay_bytes token_signing_input(const struct token *token) {
  return bytes_of(token->text.ptr, (size_t)(token->signature_part.ptr - token->text.ptr) - 1);
}

/* Whose jti it is: the iss, of which one template has many; without one, the trust domain. */
static inline struct assay_bytes token_issuer_name(const struct token *token) {
  const struct issuer *issuer = token->issuer->issuer;
  return issuer->kind == ISSUER_TEMPLATE ? json_bytes(MEMBER(&token->claims, ISS)) : issuer->iss;
}

/* Works out a trust's tables and imports its keys. False and a sentence for want of memory, or a backend's
 * fault. */
bool trust_entry_open(struct session *session, struct trust_entry *entry, const struct trust *trust,
                      struct assay_error *error);
void trust_entry_close(struct session *session, struct trust_entry *entry);

/* Why a key cannot serve an algorithm, whatever the time is; REASON_OK: it can. */
enum assay_reason key_unfit(const struct jwk *jwk, enum jose_alg alg);
/* Imports one key for one algorithm. */
void key_handle_import(struct session *session, const struct jwk *jwk, enum assay_alg alg,
                       struct key_handle *handle);

/* The place of an algorithm among those that its kind of key can serve. */
unsigned handle_slot(enum assay_alg alg);
/* Whether keys of this type are the ones that a header alg is for. */
bool jwk_type_fits(enum jwk_type type, enum jose_alg alg);

/* An alg name of up to 7 bytes as one number, its length included. */
static inline uint64_t alg_word(const uint8_t *name, size_t len) {
  return word_of(name, len) ^ (uint64_t)len << 56;
}

bool string_set_init(struct string_set *set, const struct string_list *list);
void string_set_fini(struct string_set *set);
bool string_set_has(const struct string_set *set, struct assay_bytes text);

static inline bool string_list_has(const struct string_list *list, struct assay_bytes text) {
  for (size_t i = 0; i < list->count; i++)
    if (bytes_eq(list->items[i], text))
      return true;
  return false;
}

static inline bool json_is(const struct json_node *node, enum json_type type) {
  return node->type == type;
}

#endif
