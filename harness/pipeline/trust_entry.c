/* What a session works out of a trust before the first token: which key can serve which algorithm and why
 * not, the imports, and the tables to find issuers, keys and revoked names in. */
#include "harness/pipeline/stage.h"

#include <stdlib.h>

/* Lists up to this length are compared one by one. */
#define SHORT_LIST 4

bool string_set_init(struct string_set *set, const struct string_list *list) {
  set->list = list;
  if (list->count <= SHORT_LIST)
    return true;
  if (!index_init(&set->index, list->count))
    return false;
  for (size_t i = 0; i < list->count; i++)
    index_add(&set->index, index_hash(list->items[i]), (uint32_t)i);
  return true;
}

void string_set_fini(struct string_set *set) {
  index_fini(&set->index);
}

bool string_set_has(const struct string_set *set, struct assay_bytes text) {
  if (!set->index.slots)
    return string_list_has(set->list, text);
  for (struct index_walk walk = index_begin(&set->index, index_hash(text)); index_next(&walk);)
    if (bytes_eq(set->list->items[walk.item], text))
      return true;
  return false;
}

/* What a header alg asks of a key (RFC 7518 3.1, RFC 8037 3.1, RFC 8812 3.2, RFC 9864 2). */
static const struct alg_need {
  uint8_t type, curve, other_curve; /* CURVE_NONE: any */
} needs[JOSE_ALG_COUNT] = {
#define X(arg, id, name, called, family, type, curve, ...)                                                   \
  [JOSE_##id] = {JWK_##type, CURVE_##curve, CURVE_##curve},
    ASSAY_ALGS(X, )
#undef X
        [JOSE_EDDSA] = {JWK_OKP, CURVE_ED25519, CURVE_ED448},
};

bool jwk_type_fits(enum jwk_type type, enum jose_alg alg) {
  return needs[alg].type == type;
}

/* A key on a curve serves one algorithm, another key one for each that its type has. */
enum type_algs {
#define X(id, kty) ALGS_OF_##id = ASSAY_ALGS_OF_TYPE(id),
  ASSAY_KEY_TYPES(X)
#undef X
};

unsigned handle_slot(enum assay_alg alg) {
  static const uint8_t slots[ASSAY_ALG_COUNT] = {
#define X(arg, id, name, called, family, type, curve, ...)                                                   \
  [ASSAY_##id] = CURVE_##curve != CURVE_NONE                                                                 \
                     ? 0                                                                                     \
                     : (uint8_t)__builtin_popcount(ALGS_OF_##type & ((1u << ASSAY_##id) - 1)),
      ASSAY_ALGS(X, )
#undef X
  };
  return slots[alg];
}

static size_t handle_count(const struct jwk *jwk) {
  static const unsigned algs[] = {
#define X(id, kty) [JWK_##id] = ALGS_OF_##id,
      ASSAY_KEY_TYPES(X)
#undef X
  };
  return jwk->curve != CURVE_NONE ? 1 : (size_t)__builtin_popcount(algs[jwk->type]);
}

/* The order is that of the reasons in stage 6. */
enum assay_reason key_unfit(const struct jwk *jwk, enum jose_alg alg) {
  const struct alg_need *need = &needs[alg];
  if (jwk->refused != REASON_OK)
    return jwk->refused;
  if (jwk->type != need->type)
    return REASON_KTY_MISMATCH;
  if (need->curve != CURVE_NONE && jwk->curve != need->curve && jwk->curve != need->other_curve)
    return REASON_CURVE_MISMATCH;
  if (!jwk->use_allows)
    return REASON_KEY_USE;
  if (!jwk->ops_allow)
    return REASON_KEY_OPS;
  if (jwk->has_alg && !(jwk->algs & JOSE_ALG_BIT(alg)))
    return REASON_KEY_ALG;
  return jwk->revoked ? REASON_KEY_REVOKED : REASON_OK;
}

struct assay_public_key jwk_public_key(const struct jwk *jwk, enum assay_alg alg) {
  return (struct assay_public_key){
      .alg = alg, .k = jwk->k, .n = jwk->n, .e = jwk->e, .x = jwk->x, .y = jwk->y};
}

static enum assay_reason import_one(struct session *session, const struct jwk *jwk, enum assay_alg alg,
                                    struct assay_key **key) {
  const struct assay_alg_info *info = assay_alg_info(alg);
  struct assay_public_key public_key = jwk_public_key(jwk, alg);
  if (info->family == FAMILY_HMAC && jwk->k.len < info->key_bytes)
    return REASON_KEY_HMAC_SHORT;
  if (!(session->backend->algs & ASSAY_ALG_BIT(alg)))
    return REASON_UNSUPPORTED;
  switch (session->backend->key_open(session->ctx, &public_key, key)) {
  case ASSAY_MATCH: return REASON_OK;
  case ASSAY_MISMATCH:
  case ASSAY_MALFORMED: return REASON_KEY_INVALID;
  case ASSAY_UNSUPPORTED: return REASON_UNSUPPORTED;
  default: return REASON_FAULT;
  }
}

void key_handle_import(struct session *session, const struct jwk *jwk, enum assay_alg alg,
                       struct key_handle *handle) {
  handle->reason = import_one(session, jwk, alg, &handle->key);
}

/* Imports a key for every algorithm that it can serve and its issuer allows. */
static bool import_key(struct session *session, const struct issuer *issuer, struct key_entry *entry,
                       struct assay_error *error) {
  for (int i = 0; i < JOSE_ALG_COUNT; i++) {
    if (entry->unfit[i] != REASON_OK || !(issuer->algorithms & JOSE_ALG_BIT(i)))
      continue;
    enum assay_alg alg = jose_alg_primitive((enum jose_alg)i, entry->jwk->curve);
    struct key_handle *handle = &entry->handles[handle_slot(alg)];
    if (handle->reason != REASON_FAULT) /* "EdDSA" and "Ed25519" share an import */
      continue;
    key_handle_import(session, entry->jwk, alg, handle);
    if (handle->reason == REASON_FAULT)
      return error_set(error, "backend %s failed to import the %s key \"%.*s\" of issuer %.*s",
                       session->backend->name, assay_alg_name(alg), (int)entry->jwk->kid.len,
                       (const char *)entry->jwk->kid.ptr, (int)issuer->iss.len,
                       (const char *)issuer->iss.ptr);
  }
  return true;
}

/* A SPIFFE bundle holds the keys of certificates beside those of tokens, and never the one for the other
 * (SPIFFE Trust Domain and Bundle 4.2.2). */
static enum assay_reason unfit_for(const struct issuer *issuer, const struct jwk *jwk, enum jose_alg alg) {
  enum assay_reason reason = key_unfit(jwk, alg);
  bool of_certificates = issuer->kind == ISSUER_TRUST_DOMAIN && jwk->is_x509_svid;
  return reason == REASON_OK && of_certificates ? REASON_KEY_USE : reason;
}

static bool open_keys(struct session *session, struct issuer_entry *entry, struct assay_error *error) {
  const struct key_set *set = &entry->issuer->keys;
  size_t handles = 0;
  for (size_t i = 0; i < set->count; i++)
    handles += handle_count(&set->keys[i]);
  entry->keys = calloc(set->count + 1, sizeof *entry->keys);
  entry->handles = calloc(handles + 1, sizeof *entry->handles);
  if (!entry->keys || !entry->handles || !index_init(&entry->by_kid, set->count))
    return error_set(error, "no memory for the keys of a session");

  for (size_t i = 0; i < handles; i++)
    entry->handles[i].reason = REASON_FAULT; /* not imported */
  struct key_handle *handle = entry->handles;
  for (size_t i = 0; i < set->count; i++) {
    struct key_entry *key = &entry->keys[i];
    key->jwk = &set->keys[i];
    key->handles = handle;
    handle += handle_count(key->jwk);
    for (int alg = 0; alg < JOSE_ALG_COUNT; alg++)
      key->unfit[alg] = (uint16_t)unfit_for(entry->issuer, key->jwk, (enum jose_alg)alg);
    if (key->jwk->has_kid)
      index_add(&entry->by_kid, index_hash(key->jwk->kid), (uint32_t)i);
    if (!session->import_on_use && set->refused == REASON_OK &&
        !import_key(session, entry->issuer, key, error))
      return false;
  }
  return true;
}

static bool open_issuer(struct session *session, struct issuer_entry *entry, const struct issuer *issuer,
                        struct assay_error *error) {
  entry->issuer = issuer;
  if (!string_set_init(&entry->revoked_jti, &issuer->revoked_jti) ||
      !string_set_init(&entry->revoked_sid, &issuer->revoked_sid) ||
      !string_set_init(&entry->revoked_sub, &issuer->revoked_sub))
    return error_set(error, "no memory for the revocations of a session");
  return open_keys(session, entry, error);
}

bool trust_entry_open(struct session *session, struct trust_entry *entry, const struct trust *trust,
                      struct assay_error *error) {
  entry->trust = trust;
  entry->issuers = calloc(trust->issuer_count + 1, sizeof *entry->issuers);
  if (!entry->issuers || !index_init(&entry->by_iss, trust->issuer_count))
    return error_set(error, "no memory for the issuers of a session");
  for (size_t i = 0; i < trust->issuer_count; i++) {
    if (trust->issuers[i].kind == ISSUER_EXACT)
      index_add(&entry->by_iss, index_hash(trust->issuers[i].iss), (uint32_t)i);
    else
      entry->has_patterns = true;
    if (!open_issuer(session, &entry->issuers[i], &trust->issuers[i], error))
      return false;
  }
  return true;
}

static void close_issuer(struct session *session, struct issuer_entry *entry) {
  size_t count = entry->issuer && entry->keys && entry->handles ? entry->issuer->keys.count : 0;
  for (size_t i = 0; i < count && entry->keys[i].jwk; i++)
    for (size_t slot = 0; slot < handle_count(entry->keys[i].jwk); slot++)
      if (entry->keys[i].handles[slot].reason == REASON_OK)
        session->backend->key_close(session->ctx, entry->keys[i].handles[slot].key);
  free(entry->keys);
  free(entry->handles);
  index_fini(&entry->by_kid);
  string_set_fini(&entry->revoked_jti);
  string_set_fini(&entry->revoked_sid);
  string_set_fini(&entry->revoked_sub);
}

void trust_entry_close(struct session *session, struct trust_entry *entry) {
  if (entry->issuers)
    for (size_t i = 0; i < entry->trust->issuer_count; i++)
      close_issuer(session, &entry->issuers[i]);
  free(entry->issuers);
  index_fini(&entry->by_iss);
}
