/* Any bytes as a key set: nothing may crash, and what is kept must keep the promises of trust.h. */
#include <stdlib.h>

#include "harness/pipeline/policy/jwks.h"

static void promise(bool kept) {
  if (!kept)
    abort();
}

static void key_check(const struct jwk *key) {
  promise(key->refused == REASON_OK || assay_reason_stage(key->refused) == STAGE_KEY_IMPORT);
  promise(key->has_kid || key->kid.len == 0);
  if (key->refused != REASON_OK)
    return;
  switch (key->type) {
  case JWK_OCT: promise(key->k.len >= 32); break;
  case JWK_RSA:
    promise(key->n.len >= 256 && key->n.len <= 2048 && key->n.ptr[0] != 0);
    promise(key->e.len >= 1 && key->e.len <= 4 && key->e.ptr[0] != 0);
    break;
  case JWK_EC: promise(key->x.len >= 32 && key->x.len == key->y.len && key->curve != CURVE_NONE); break;
  case JWK_OKP: promise(key->x.len == (key->curve == CURVE_ED25519 ? 32u : 57u)); break;
  case JWK_TYPE_COUNT: promise(false); break;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct key_set set;
  struct assay_error not_json;
  if (!jwks_read(bytes_of(data, size), 0, &set, &not_json))
    return 0;
  promise(set.refused == REASON_OK || set.count == 0);
  promise(!*not_json.text || set.refused == REASON_SET_SYNTAX);
  for (size_t i = 0; i < set.count; i++)
    key_check(&set.keys[i]);
  key_set_fini(&set);
  return 0;
}
