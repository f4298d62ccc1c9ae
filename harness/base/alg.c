/* The tables behind alg.h. */
#include "harness/base/alg.h"

static const struct assay_alg_info infos[ASSAY_ALG_COUNT] = {
#define X(id, name, family, digest, sig) [ASSAY_##id] = {name, family, digest, sig},
    ASSAY_ALGS(X)
#undef X
};

static const char *const jose_names[JOSE_ALG_COUNT] = {
    [JOSE_HS256] = "HS256",   [JOSE_HS384] = "HS384", [JOSE_HS512] = "HS512",     [JOSE_RS256] = "RS256",
    [JOSE_RS384] = "RS384",   [JOSE_RS512] = "RS512", [JOSE_PS256] = "PS256",     [JOSE_PS384] = "PS384",
    [JOSE_PS512] = "PS512",   [JOSE_ES256] = "ES256", [JOSE_ES384] = "ES384",     [JOSE_ES512] = "ES512",
    [JOSE_ES256K] = "ES256K", [JOSE_EDDSA] = "EdDSA", [JOSE_ED25519] = "Ed25519", [JOSE_ED448] = "Ed448",
};

const struct assay_alg_info *assay_alg_info(enum assay_alg alg) {
  return &infos[alg];
}

const char *assay_alg_name(enum assay_alg alg) {
  return (unsigned)alg < ASSAY_ALG_COUNT ? infos[alg].name : "-";
}

enum assay_alg assay_alg_by_name(const char *name) {
  for (int i = 0; i < ASSAY_ALG_COUNT; i++)
    if (strcmp(infos[i].name, name) == 0)
      return (enum assay_alg)i;
  return ASSAY_ALG_NONE;
}

const char *jose_alg_name(enum jose_alg alg) {
  return (unsigned)alg < JOSE_ALG_COUNT ? jose_names[alg] : "?";
}

enum jose_alg jose_alg_by_name(struct assay_bytes name) {
  for (int i = 0; i < JOSE_ALG_COUNT; i++)
    if (bytes_eq_str(name, jose_names[i]))
      return (enum jose_alg)i;
  return JOSE_ALG_COUNT;
}
