/* The tables behind alg.h. */
#include "harness/base/alg.h"

static const struct assay_alg_info infos[ASSAY_ALG_COUNT] = {
#define X(arg, id, name, called, family, type, curve, ...)                                                   \
  [ASSAY_##id] = {called, FAMILY_##family, JWK_##type, CURVE_##curve, __VA_ARGS__},
    ASSAY_ALGS(X, )
#undef X
};

static const char *const jose_names[JOSE_ALG_COUNT] = {
#define X(arg, id, name, ...) [JOSE_##id] = name,
    ASSAY_ALGS(X, )
#undef X
        [JOSE_EDDSA] = "EdDSA",
};

static const char *const type_names[JWK_TYPE_COUNT] = {
#define X(id, kty) [JWK_##id] = kty,
    ASSAY_KEY_TYPES(X)
#undef X
};

static const char *const curve_names[CURVE_COUNT] = {[CURVE_NONE] = "",
#define X(id, crv) [CURVE_##id] = crv,
                                                     ASSAY_CURVES(X)
#undef X
};

/* count: the name is not among them. */
static int name_index(const char *const *names, int count, struct assay_bytes name) {
  int i = 0;
  while (i < count && !bytes_eq_str(name, names[i]))
    i++;
  return i;
}

const struct assay_alg_info *assay_alg_info(enum assay_alg alg) {
  return &infos[alg];
}

const char *assay_alg_name(enum assay_alg alg) {
  return (unsigned)alg < ASSAY_ALG_COUNT ? infos[alg].name : "-";
}

enum assay_alg assay_alg_by_name(const char *name) {
  int i = 0;
  while (i < ASSAY_ALG_COUNT && strcmp(infos[i].name, name) != 0)
    i++;
  return (enum assay_alg)i;
}

enum assay_alg assay_alg_of(enum assay_family family, unsigned digest_bytes) {
  int i = 0;
  while (i < ASSAY_ALG_COUNT && !(infos[i].family == family && infos[i].digest_bytes == digest_bytes))
    i++;
  return (enum assay_alg)i;
}

const char *jwk_type_name(enum jwk_type type) {
  return type_names[type];
}

enum jwk_type jwk_type_by_name(struct assay_bytes kty) {
  return (enum jwk_type)name_index(type_names, JWK_TYPE_COUNT, kty);
}

const char *jwk_curve_name(enum jwk_curve curve) {
  return curve_names[curve];
}

enum jwk_curve jwk_curve_by_name(struct assay_bytes crv) {
  int i = name_index(curve_names, CURVE_COUNT, crv);
  return i < CURVE_COUNT ? (enum jwk_curve)i : CURVE_NONE;
}

enum assay_alg jwk_alg_of(enum jwk_type type, enum jwk_curve curve) {
  int i = 0;
  while (i < ASSAY_ALG_COUNT && !(infos[i].key_type == type && infos[i].curve == curve))
    i++;
  return (enum assay_alg)i;
}

const char *jose_alg_name(enum jose_alg alg) {
  return (unsigned)alg < JOSE_ALG_COUNT ? jose_names[alg] : "?";
}

enum jose_alg jose_alg_by_name(struct assay_bytes name) {
  return (enum jose_alg)name_index(jose_names, JOSE_ALG_COUNT, name);
}

uint32_t jose_algs_of_key(enum jwk_type type, enum jwk_curve curve) {
  uint32_t algs = 0;
  for (int i = 0; i < ASSAY_ALG_COUNT; i++)
    if (infos[i].key_type == type && (curve == CURVE_NONE || infos[i].curve == curve))
      algs |= JOSE_ALG_BIT(i) | JOSE_ALG_BIT(jose_alg_of((enum assay_alg)i));
  return algs;
}

enum jose_alg jose_alg_of(enum assay_alg alg) {
  return infos[alg].family == FAMILY_EDDSA ? JOSE_EDDSA : (enum jose_alg)alg;
}

enum assay_alg jose_alg_primitive(enum jose_alg alg, enum jwk_curve curve) {
  return alg != JOSE_EDDSA ? (enum assay_alg)alg : curve == CURVE_ED448 ? ASSAY_ED448 : ASSAY_ED25519;
}
