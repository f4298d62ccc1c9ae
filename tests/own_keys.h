/* Keys and tokens of somebody else, made by the test: the public key in every form that files have, and a
 * token that it verifies. */
#ifndef ASSAY_TESTS_OWN_KEYS_H
#define ASSAY_TESTS_OWN_KEYS_H

#include "corpus/make/key_encoding.h"
#include "corpus/make/sign.h"
#include "tests/cli.h"

#define OWN_ISS "https://login.example"
#define OWN_KID "the-kid"

struct own_key {
  struct signing_key key;
  enum assay_alg alg;
};

static inline struct own_key own_key_make(enum assay_alg alg, uint64_t seed) {
  struct own_key own = {.key = {.kid = strdup(OWN_KID)}, .alg = alg};
  struct rng random;
  rng_init(&random, seed, (const char *const[]){"own key", NULL});
  signing_key_make(&own.key, key_kind_of(alg), key_kind_of(alg) == KEY_RSA ? 2048 : 0, &random);
  return own;
}

/* A compact token. kid: NULL for none. For free(). */
static inline char *own_token(const struct own_key *own, const char *kid, const char *claims) {
  struct text header = {0}, token = {0};
  struct rng random;
  uint8_t sig[2048];
  rng_init(&random, 1, (const char *const[]){"own token", NULL});
  text_addf(&header, "{\"alg\":\"%s\"", assay_alg_name(own->alg));
  if (kid)
    text_addf(&header, ",\"kid\":\"%s\"", kid);
  text_add_str(&header, "}");
  text_add_b64url(&token, header.ptr, header.len);
  text_add_str(&token, ".");
  text_add_b64url(&token, claims, strlen(claims));
  size_t len = signing_key_sign(&own->key, own->alg, bytes_of(token.ptr, token.len), &random, sig);
  text_add_str(&token, ".");
  text_add_b64url(&token, sig, len);
  text_add(&token, "", 1);
  text_free(&header);
  return (char *)token.ptr;
}

/* The forms that a file of one public key can have, and whether they tell its kid. */
#define OWN_FORMS(X)                                                                                         \
  X(JWKS, "keys.jwks")                                                                                       \
  X(JWKS_WITH_MARK, "marked.jwks")                                                                           \
  X(JWK, "one.jwk")                                                                                          \
  X(JWK_WITHOUT_KID, "nameless.jwk")                                                                         \
  X(SPKI, "public.pem")                                                                                      \
  X(CERTIFICATE, "certificate.pem")                                                                          \
  X(CERTIFICATES, "chain.pem")                                                                               \
  X(MAP, "map.json")                                                                                         \
  X(DER, "public.der")                                                                                       \
  X(BASE64, "public.txt")

enum own_form {
#define X(id, name) OWN_##id,
  OWN_FORMS(X)
#undef X
      OWN_FORM_COUNT
};

static const char *const own_form_names[] = {
#define X(id, name) name,
    OWN_FORMS(X)
#undef X
};

static inline void own_add_certificate(const struct own_key *own, struct text *out) {
  struct text der = {0};
  struct rng random;
  rng_init(&random, 2, (const char *const[]){"own certificate", NULL});
  key_add_certificate(&own->key, "login", &own->key, "login", &random, &der);
  text_add_pem(out, "CERTIFICATE", "\n", &der);
  text_free(&der);
}

static inline void own_add_json(json_t *json, struct text *out) {
  char *text = json_dumps(json, JSON_COMPACT);
  text_add_str(out, text);
  free(text);
  json_decref(json);
}

static inline void own_add_spki(const struct own_key *own, enum own_form form, struct text *out) {
  struct text der = {0};
  key_add_spki(&own->key, &der);
  if (form == OWN_SPKI)
    text_add_pem(out, "PUBLIC KEY", "\n", &der);
  else if (form == OWN_DER)
    text_add(out, der.ptr, der.len);
  else
    text_add_base64(out, der.ptr, der.len);
  text_free(&der);
}

/* The public key in that form. other: a key that stands beside it where the form has two. */
static inline void own_add(const struct own_key *own, const struct own_key *other, enum own_form form,
                           struct text *out) {
  json_t *jwk = signing_key_jwk(&own->key);
  struct text pem = {0};
  if (form == OWN_JWK_WITHOUT_KID)
    json_object_del(jwk, "kid");
  switch (form) {
  case OWN_JWKS_WITH_MARK: text_add_str(out, "\xef\xbb\xbf"); /* fall through */
  case OWN_JWKS: own_add_json(json_pack("{s:[O]}", "keys", jwk), out); break;
  case OWN_JWK:
  case OWN_JWK_WITHOUT_KID: own_add_json(json_incref(jwk), out); break;
  case OWN_CERTIFICATES: own_add_certificate(other, out); /* fall through */
  case OWN_CERTIFICATE: own_add_certificate(own, out); break;
  case OWN_MAP:
    own_add_certificate(own, &pem);
    own_add_json(json_pack("{s:s%}", OWN_KID, (char *)pem.ptr, pem.len), out);
    break;
  default: own_add_spki(own, form, out);
  }
  text_free(&pem);
  json_decref(jwk);
}

static inline void own_write(const char *folder, const char *name, const void *bytes, size_t len) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  cr_assert_eq(fwrite(bytes, 1, len, file), len);
  cr_assert_eq(fclose(file), 0);
}

static inline void own_write_str(const char *folder, const char *name, const char *text) {
  own_write(folder, name, text, strlen(text));
}

static inline void own_key_fini(struct own_key *own) {
  signing_key_fini(&own->key);
}

#endif
