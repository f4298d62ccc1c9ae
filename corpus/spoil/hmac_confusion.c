/* HMACs under public keys; see hmac_confusion.h. */
#include "corpus/spoil/hmac_confusion.h"

#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/make/draft_tools.h"
#include "corpus/make/key_encoding.h"

static void add_der(const struct signing_key *key, bool pkcs1, struct text *out) {
  if (pkcs1)
    key_add_pkcs1(key, out);
  else
    key_add_spki(key, out);
}

static void add_pem(const struct signing_key *key, bool pkcs1, enum confusion_edge edge, struct text *out) {
  OWNED_BYTES struct text der = {0};
  add_der(key, pkcs1, &der);
  text_add_pem(out, pkcs1 ? "RSA PUBLIC KEY" : "PUBLIC KEY", edge == EDGE_CRLF ? "\r\n" : "\n", &der);
}

static void add_jwk(const struct signing_key *key, struct text *out) {
  json_t *jwk = signing_key_jwk(key);
  char *json = must(json_dumps(jwk, JSON_COMPACT));
  text_add_str(out, json);
  free(json);
  json_decref(jwk);
}

/* row_text names an encoding of the draft's public key. */
static void add_encoding(const struct draft *draft, enum confusion_edge edge, struct text *out) {
  const char *name = draft->row_text;
  const struct signing_key *key = draft->key;
  bool pkcs1 = strstr(name, "pkcs1") != NULL;
  if (strstr(name, "pem"))
    add_pem(key, pkcs1, edge, out);
  else if (strstr(name, "der"))
    add_der(key, pkcs1, out);
  else if (strcmp(name, "jwk") == 0)
    add_jwk(key, out);
  else if (strcmp(name, "ssh") == 0)
    key_add_ssh(key, out);
  else if (strstr(name, "point"))
    key_add_point(key, name[0] == 'c', out);
  else if (strcmp(name, "octets") == 0)
    text_add(out, key->n.len ? key->n.ptr : key->x.ptr, key->n.len ? key->n.len : key->x.len);
  else
    fatal("no public key is encoded as '%s'", name);
}

static void edge_apply(enum confusion_edge edge, struct text *secret) {
  switch (edge) {
  case EDGE_NO_NEWLINE: secret->len--; return;
  case EDGE_NEWLINE: text_add_str(secret, "\n"); return;
  case EDGE_SPACE_BEHIND: text_add_str(secret, " "); return;
  case EDGE_SPACE_IN_FRONT: text_insert(secret, 0, " ", 1); return;
  default: return;
  }
}

static enum assay_alg hmac_beside(enum assay_alg alg) {
  switch (assay_alg_info(alg)->digest_bytes) {
  case 48: return ASSAY_HS384;
  case 64: return ASSAY_HS512;
  default: return ASSAY_HS256;
  }
}

void confusion_claim(struct draft *draft) {
  const char *name = assay_alg_name(hmac_beside(draft->alg));
  json_object_set_new(draft->header, "alg", json_string(name));
  draft_allow(draft, name);
  draft_jwks_own(draft);
}

void confusion_forge(struct draft *draft) {
  OWNED_BYTES struct text secret = {0};
  enum confusion_edge edge = (enum confusion_edge)draft->row_number;
  add_encoding(draft, edge, &secret);
  edge_apply(edge, &secret);
  draft_sign_hmac(draft, hmac_beside(draft->alg), bytes_of(secret.ptr, secret.len));
}

void confusion_forge_empty(struct draft *draft) {
  draft_sign_hmac(draft, hmac_beside(draft->alg), bytes_of("", 0));
}
