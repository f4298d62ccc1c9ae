/* What a header may say (RFC 7515 4.1, RFC 8725): which algorithm, which extensions, which type, and never
 * where the key is to come from. Every token is rightly signed, by its issuer or, where the header brings a
 * key or a place to fetch one, by the stranger whose key that is. */
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/make/draft_tools.h"
#include "corpus/make/key_encoding.h"
#include "corpus/spoil/mutation.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- the header as JSON ---- */

/* row_text: a member to leave out. */
static void header_drop(struct draft *draft) {
  json_object_del(draft->header, draft->row_text);
}

static void alg_set(struct draft *draft, const char *name) {
  json_object_set_new(draft->header, "alg", json_string(name));
}

/* row_text: names of algorithms with a space between; one of them by turns. */
static void alg_one_of(struct draft *draft) {
  char names[256], *rest = names, *name = NULL;
  unsigned count = 1;
  snprintf(names, sizeof names, "%s", draft->row_text);
  for (const char *c = names; *c; c++)
    count += *c == ' ';
  for (unsigned i = 0; i <= draft->index % count; i++)
    name = strsep(&rest, " ");
  alg_set(draft, name);
}

/* ---- signatures of unsecured tokens ---- */

static void forge_nothing(struct draft *draft) {
  text_clear(&draft->signature);
}

static void forge_junk(struct draft *draft) {
  uint8_t junk[ASSAY_SIGNATURE_BYTES_MAX];
  size_t len = draft_signature_octets(draft);
  rng_bytes(&draft->rng, junk, len);
  text_set(&draft->signature, junk, len);
}

/* ---- alg ---- */

/* "none", and a character before or behind it. row_text: the character; "" is NUL. */
static void alg_none_and(struct draft *draft) {
  OWNED_BYTES struct text name = {0};
  if (draft->row_text[0] && draft->index % 2)
    text_add_str(&name, draft->row_text);
  text_add_str(&name, "none");
  if (!draft->row_text[0] || draft->index % 2 == 0)
    text_add(&name, draft->row_text, 1);
  json_object_set_new(draft->header, "alg", json_stringn((const char *)name.ptr, name.len));
}

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static char upper(char c) {
  return c >= 'a' && c <= 'z' ? (char)(c & ~0x20) : c;
}

/* row_text: "all" letters small, or the "first" alone and the others capital. */
static void alg_recased(struct draft *draft) {
  char name[16];
  snprintf(name, sizeof name, "%s", json_string_value(json_object_get(draft->header, "alg")));
  for (char *c = name; *c; c++)
    *c = c == name || draft->row_text[0] == 'a' ? lower(*c) : upper(*c);
  alg_set(draft, name);
}

static json_t *policy_algorithms(struct draft *draft) {
  return json_object_get(draft_policy_issuer(draft), "algorithms");
}

/* The policy allows whatever else the issuer has. */
static void alg_disallow(struct draft *draft) {
  json_t *names = policy_algorithms(draft);
  const char *own = json_string_value(json_object_get(draft->header, "alg"));
  for (size_t i = json_array_size(names); i-- > 0;)
    if (strcmp(json_string_value(json_array_get(names, i)), own) == 0)
      json_array_remove(names, i);
}

/* row_text: what the policy lists, then what the token says: 'e' EdDSA, 'c' the name of the curve (RFC
 * 9864 2.2). */
static void alg_edwards(struct draft *draft) {
  const char *curve = draft->alg == ASSAY_ED448 ? "Ed448" : "Ed25519";
  alg_disallow(draft);
  json_array_append_new(policy_algorithms(draft), json_string(draft->row_text[0] == 'e' ? "EdDSA" : curve));
  alg_set(draft, draft->row_text[1] == 'e' ? "EdDSA" : curve);
}

/* An issuer is on its way from EdDSA to the names of the curves (RFC 9864 2.2). row_text: what the policy
 * lists, what the header says, what the JWK's alg is: 'e' EdDSA, 'c' the curve, 'o' the other curve, 'b' both
 * of the first, '-' nothing. */
static json_t *edwards_name(const struct draft *draft, char letter) {
  bool is_448 = (draft->alg == ASSAY_ED448) != (letter == 'o');
  return json_string(letter == 'e' ? "EdDSA" : is_448 ? "Ed448" : "Ed25519");
}

static void alg_migrate(struct draft *draft) {
  const char *row = draft->row_text;
  json_t *jwk = draft_jwks_own(draft);
  alg_disallow(draft);
  if (row[0] != 'c')
    json_array_append_new(policy_algorithms(draft), edwards_name(draft, 'e'));
  if (row[0] != 'e')
    json_array_append_new(policy_algorithms(draft), edwards_name(draft, 'c'));
  json_object_set_new(draft->header, "alg", edwards_name(draft, row[1]));
  if (row[2] != '-')
    json_object_set_new(jwk, "alg", edwards_name(draft, row[2]));
}

/* The set has the old key and the new one, which is a stranger's, and no kid tells which is meant. */
static void alg_migrate_two_keys(struct draft *draft) {
  alg_migrate(draft);
  json_t *other = signing_key_jwk(keyring_stranger(draft->ring, draft->alg));
  json_object_set_new(other, "alg", edwards_name(draft, draft->row_text[2] == 'e' ? 'c' : 'e'));
  draft_jwks_add(draft, other);
  json_object_del(draft->header, "kid");
}

/* ---- b64 ---- */

/* RFC 7797 3: without base64url the payload is signed as it is. */
static void encode_signed_raw(struct draft *draft) {
  text_set(&draft->signing_input, draft->header_part.ptr, draft->header_part.len);
  text_add_str(&draft->signing_input, ".");
  text_add(&draft->signing_input, draft->payload_text.ptr, draft->payload_text.len);
}

/* ---- typ ---- */

/* The policy asks for at+jwt and nothing else. */
static void typ_ask(struct draft *draft, bool required) {
  json_t *typ = json_pack("{s:[s], s:b}", "allow", "at+jwt", "required", (int)required);
  json_object_set_new(draft_policy(draft), "typ", must(typ));
}

static void typ_set(struct draft *draft) {
  typ_ask(draft, true);
  json_object_set_new(draft->header, "typ", json_string(draft->row_text));
}

static void typ_other(struct draft *draft) {
  static const char *const names[] = {"logout+jwt", "dpop+jwt", "secevent+jwt", "id_token+jwt",
                                      "JOSE",       "jose",     "kb+jwt",       "dc+sd-jwt"};
  typ_ask(draft, true);
  json_object_set_new(draft->header, "typ", json_string(PICK(draft, names)));
}

static void typ_drop_required(struct draft *draft) {
  typ_ask(draft, true);
  json_object_del(draft->header, "typ");
}

static void typ_drop_optional(struct draft *draft) {
  typ_ask(draft, false);
  json_object_del(draft->header, "typ");
}

/* ---- nested and compressed payloads ---- */

/* A token of a stranger, signed under its own header, is the payload. */
static void encode_nested(struct draft *draft) {
  const struct signing_key *stranger = keyring_stranger(draft->ring, draft->alg);
  uint8_t sig[ASSAY_SIGNATURE_BYTES_MAX];
  json_t *cty = json_incref(json_object_get(draft->header, "cty"));
  OWNED_BYTES struct text inner = {0};
  json_object_del(draft->header, "cty");
  draft_encode(draft);
  draft_signing_input(draft, &inner);
  size_t len = signing_key_sign(stranger, draft->alg, bytes_of(inner.ptr, inner.len), &draft->rng, sig);
  text_add_str(&inner, ".");
  text_add_b64url(&inner, sig, len);
  json_object_set_new(draft->header, "cty", cty);
  draft_encode(draft);
  text_set(&draft->payload_text, inner.ptr, inner.len);
  draft_reencode(draft);
}

/* One stored block (RFC 1951 3.2.4): what inflating gives is the claims. */
static void encode_deflated(struct draft *draft) {
  uint16_t len = (uint16_t)draft->payload_text.len;
  const uint8_t head[] = {1, (uint8_t)len, (uint8_t)(len >> 8), (uint8_t)~len, (uint8_t)(~len >> 8)};
  text_insert(&draft->payload_text, 0, head, sizeof head);
  draft_reencode(draft);
}

/* ---- keys and where to get them ---- */

/* The stranger's key signs; the token's kid stays, as an attacker would leave it. */
static const struct signing_key *sign_as_stranger(struct draft *draft) {
  const struct signing_key *stranger = keyring_stranger(draft->ring, draft->alg);
  draft_sign_with(draft, stranger, draft->alg);
  return stranger;
}

static void embed(struct draft *draft, const struct signing_key *key) {
  json_t *jwk = signing_key_jwk(key);
  json_object_set(jwk, "kid", json_object_get(draft->header, "kid"));
  json_object_set_new(draft->header, "jwk", jwk);
}

static void embed_stranger(struct draft *draft) {
  embed(draft, sign_as_stranger(draft));
}

static void embed_own(struct draft *draft) {
  embed(draft, draft->key);
}

/* row_text: the member, a space, and where the URL begins. */
static void key_url(struct draft *draft) {
  char member[8];
  const char *space = strchr(draft->row_text, ' ');
  snprintf(member, sizeof member, "%.*s", (int)(space - draft->row_text), draft->row_text);
  sign_as_stranger(draft);
  json_object_set_new(draft->header, member, json_sprintf("%s/keys/%u", space + 1, draft->index));
}

static void key_url_own(struct draft *draft) {
  json_object_set_new(draft->header, "jku", json_sprintf("%s/keys", draft->issuer->iss));
}

/* ---- DPoP proofs (RFC 9449 4.2) ---- */

/* A client's own key signs, and the header brings it. */
static void proof_sign(struct draft *draft) {
  embed_stranger(draft);
  json_object_set_new(draft->header, "typ", json_string("dpop+jwt"));
  json_object_set_new(draft->claims, "htm", json_string("GET"));
  json_object_set_new(draft->claims, "htu",
                      json_sprintf("%s/orders/%u", draft->issuer->audience, draft->index));
}

/* A proof as clients send it beside the token: it tells of the request, and nothing of issuer or rights. */
static void proof(struct draft *draft) {
  json_t *jti = json_incref(json_object_get(draft->claims, "jti"));
  json_object_clear(draft->claims);
  json_object_set_new(draft->claims, "jti", jti);
  json_object_set_new(draft->claims, "iat",
                      json_integer(draft->now - (json_int_t)rng_below(&draft->rng, 30)));
  json_object_del(draft->header, "kid");
  proof_sign(draft);
}

/* The policy asks for no typ, so that the key in the header alone tells. */
static void proof_typ_unasked(struct draft *draft) {
  json_object_del(draft_policy(draft), "typ");
  proof_sign(draft);
}

/* The token that the proof goes with, bound to the client's key by its thumbprint, as which kid serves. */
static void proof_bound_token(struct draft *draft) {
  const struct signing_key *client = keyring_stranger(draft->ring, draft->alg);
  json_object_set_new(draft_policy_issuer(draft), "cnf_jkt", json_true());
  json_object_set_new(draft->header, "typ", json_string("at+jwt"));
  json_object_set_new(draft->claims, "cnf", must(json_pack("{s:s}", "jkt", client->kid)));
}

/* ---- certificates ---- */

/* Standard base64, in an array (RFC 7515 4.1.6). */
static void chain_add(struct draft *draft, const struct text *der) {
  json_t *chain = json_object_get(draft->header, "x5c");
  OWNED_BYTES struct text line = {0};
  if (!chain)
    json_object_set_new(draft->header, "x5c", chain = json_array());
  text_add_base64(&line, der->ptr, der->len);
  json_array_append_new(chain, json_stringn((const char *)line.ptr, line.len));
}

static void certify(struct draft *draft, const struct signing_key *subject, const char *subject_name,
                    const struct signing_key *issuer, const char *issuer_name) {
  OWNED_BYTES struct text der = {0};
  key_add_certificate(subject, subject_name, issuer, issuer_name, &draft->rng, &der);
  chain_add(draft, &der);
}

static void self_signed(struct draft *draft) {
  const struct signing_key *stranger = sign_as_stranger(draft);
  certify(draft, stranger, draft->issuer->host, stranger, draft->issuer->host);
}

/* Leaf and root, both the stranger's. */
static void chained(struct draft *draft) {
  const struct signing_key *leaf = sign_as_stranger(draft);
  const struct signing_key *root =
      keyring_stranger(draft->ring, leaf->kind == KEY_P256 ? ASSAY_ES384 : ASSAY_ES256);
  certify(draft, leaf, draft->issuer->host, root, "Stranger Root");
  certify(draft, root, "Stranger Root", root, "Stranger Root");
}

static void own_certificate(struct draft *draft) {
  certify(draft, draft->key, draft->issuer->host, draft->key, draft->issuer->host);
}

/* The thumbprint of a certificate that is not the one in x5c, if there is one (RFC 7515 4.1.7, 4.1.8). */
static void thumbprint(struct draft *draft, bool sha256) {
  uint8_t digest[SHA256_DIGEST_SIZE];
  size_t len = sha256 ? SHA256_DIGEST_SIZE : SHA1_DIGEST_SIZE;
  OWNED_BYTES struct text text = {0};
  rng_bytes(&draft->rng, digest, len);
  text_add_b64url(&text, digest, len);
  json_object_set_new(draft->header, sha256 ? "x5t#S256" : "x5t",
                      json_stringn((const char *)text.ptr, text.len));
}

static void thumbprint_alone(struct draft *draft) {
  thumbprint(draft, draft->row_text[0] == '2');
}

static void thumbprint_mismatch(struct draft *draft) {
  own_certificate(draft);
  thumbprint(draft, draft->row_text[0] == '2');
}

/* ---- claims replicated in the header (RFC 7519 5.3) ---- */

static void replicate(struct draft *draft) {
  json_object_set_new(draft->header, draft->row_text,
                      json_deep_copy(json_object_get(draft->claims, draft->row_text)));
}

/* ---- rows ---- */

static const struct mutation_variant alg_missing[] = {
    {"absent", REASON_ALG_MISSING, .edit = header_drop, .text = "alg"},
    {"empty", REASON_ALG_UNKNOWN, .edit = header_change, .text = "{'alg': ''}"},
};

static const struct mutation_variant alg_type[] = {
    {"number", REASON_ALG_TYPE, .edit = header_change, .text = "{'alg': 256}"},
    {"null", REASON_ALG_TYPE, .edit = header_change, .text = "{'alg': null}"},
    {"array", REASON_ALG_TYPE, .edit = header_change, .text = "{'alg': ['HS256', 'RS256', 'ES256']}"},
    {"object", REASON_ALG_TYPE, .edit = header_change, .text = "{'alg': {'name': 'HS256'}}"},
    {"boolean", REASON_ALG_TYPE, .edit = header_change, .text = "{'alg': false}"},
};

static const struct mutation_variant alg_none[] = {
    {"no-signature", REASON_ALG_NONE, .edit = header_change, .forge = forge_nothing,
     .text = "{'alg': 'none'}"},
    {"junk-signature", REASON_ALG_NONE, .edit = header_change, .forge = forge_junk,
     .text = "{'alg': 'none'}"},
    {"right-signature", REASON_ALG_NONE, .edit = header_change, .text = "{'alg': 'none'}",
     .severity = SEVERITY_PARSING},
};

static const struct mutation_variant alg_none_variants[] = {
    {"case", REASON_ALG_UNKNOWN, .edit = alg_one_of, .forge = forge_nothing,
     .text = "None NONE nOnE nonE NoNe nONE"},
    {"space", REASON_ALG_UNKNOWN, .edit = alg_none_and, .forge = forge_nothing, .text = " "},
    {"newline", REASON_ALG_UNKNOWN, .edit = alg_none_and, .forge = forge_nothing, .text = "\n"},
    {"nul", REASON_ALG_UNKNOWN, .edit = alg_none_and, .forge = forge_nothing, .text = ""},
};

static const struct mutation_variant alg_case[] = {
    {"lower", REASON_ALG_UNKNOWN, .edit = alg_recased, .text = "all"},
    {"mixed", REASON_ALG_UNKNOWN, .edit = alg_recased, .text = "first"},
};

static const struct mutation_variant alg_unknown[] = {
    {"es521", REASON_ALG_UNKNOWN, .edit = header_change, .text = "{'alg': 'ES521'}"},
    {"rsa", REASON_ALG_UNKNOWN, .edit = header_change, .text = "{'alg': 'RSA'}"},
    {"hs1", REASON_ALG_UNKNOWN, .edit = header_change, .text = "{'alg': 'HS1'}"},
    {"other", REASON_ALG_UNKNOWN, .edit = alg_one_of,
     .text = "RS1 HS128 SHA256 RS256K ES128 PS1 sha256WithRSA EdDSA448"},
};

static const struct mutation_variant alg_jwe[] = {
    {"rsa1_5", REASON_ALG_UNKNOWN, .edit = header_change, .text = "{'alg': 'RSA1_5'}"},
    {"dir", REASON_ALG_UNKNOWN, .edit = header_change, .text = "{'alg': 'dir'}"},
    {"a128kw", REASON_ALG_UNKNOWN, .edit = header_change, .text = "{'alg': 'A128KW'}"},
    {"other", REASON_ALG_UNKNOWN, .edit = alg_one_of,
     .text = "RSA-OAEP RSA-OAEP-256 A256KW ECDH-ES ECDH-ES+A128KW A128GCMKW PBES2-HS256+A128KW"},
};

static const struct mutation_variant alg_not_allowed[] = {
    {"", REASON_ALG_NOT_ALLOWED, .edit = alg_disallow},
};

static const struct mutation_variant alg_polymorphic[] = {
    {"eddsa", REASON_OK, .edit = alg_edwards, .text = "ee"},
    {"curve", REASON_OK, .edit = alg_edwards, .text = "cc"},
    {"curve-where-eddsa-listed", REASON_ALG_NOT_ALLOWED, .edit = alg_edwards, .text = "ec"},
    {"eddsa-where-curve-listed", REASON_ALG_NOT_ALLOWED, .edit = alg_edwards, .text = "ce"},
};

static const struct mutation_variant alg_migration[] = {
    {"eddsa-key-eddsa", REASON_OK, .edit = alg_migrate, .text = "bee"},
    {"curve-key-curve", REASON_OK, .edit = alg_migrate, .text = "bcc"},
    {"eddsa-key-open", REASON_OK, .edit = alg_migrate, .text = "be-"},
    {"curve-key-open", REASON_OK, .edit = alg_migrate, .text = "bc-"},
    {"eddsa-key-curve", REASON_KEY_ALG, .edit = alg_migrate, .text = "bec"},
    {"curve-key-eddsa", REASON_KEY_ALG, .edit = alg_migrate, .text = "bce"},
    {"eddsa-key-other-curve", REASON_KEY_ALG, .edit = alg_migrate, .text = "beo"},
    {"eddsa-of-two-keys", REASON_OK, .edit = alg_migrate_two_keys, .text = "bee"},
    {"curve-of-two-keys", REASON_OK, .edit = alg_migrate_two_keys, .text = "bcc"},
    {"curve-too-early", REASON_ALG_NOT_ALLOWED, .edit = alg_migrate, .text = "ecc"},
    {"eddsa-too-late", REASON_ALG_NOT_ALLOWED, .edit = alg_migrate, .text = "cee"},
};

static const struct mutation_variant crit_unknown[] = {
    {"name", REASON_CRIT_UNKNOWN, .edit = header_change, .text = "{'crit': ['bound'], 'bound': true}"},
    {"uri", REASON_CRIT_UNKNOWN, .edit = header_change,
     .text = "{'crit': ['https://ext.example/mfa'], 'https://ext.example/mfa': {'level': 2}}"},
    {"claim-name", REASON_CRIT_UNKNOWN, .edit = header_change,
     .text = "{'crit': ['exp'], 'exp': 4102444800}"},
    {"null-value", REASON_CRIT_UNKNOWN, .edit = header_change, .text = "{'crit': ['bound'], 'bound': null}"},
};

static const struct mutation_variant crit_malformed[] = {
    {"empty", REASON_CRIT_MALFORMED, .edit = header_change, .text = "{'crit': []}"},
    {"string", REASON_CRIT_MALFORMED, .edit = header_change, .text = "{'crit': 'bound', 'bound': true}"},
    {"object", REASON_CRIT_MALFORMED, .edit = header_change,
     .text = "{'crit': {'bound': true}, 'bound': true}"},
    {"null", REASON_CRIT_MALFORMED, .edit = header_change, .text = "{'crit': null}"},
    {"boolean", REASON_CRIT_MALFORMED, .edit = header_change, .text = "{'crit': false}"},
    {"number-inside", REASON_CRIT_MALFORMED, .edit = header_change, .text = "{'crit': [1]}"},
    {"null-inside", REASON_CRIT_MALFORMED, .edit = header_change,
     .text = "{'crit': ['bound', null], 'bound': true}"},
    {"array-inside", REASON_CRIT_MALFORMED, .edit = header_change,
     .text = "{'crit': [['bound']], 'bound': true}"},
    {"duplicate", REASON_CRIT_MALFORMED, .edit = header_change,
     .text = "{'crit': ['bound', 'bound'], 'bound': true}"},
};

static const struct mutation_variant crit_registered[] = {
    {"alg", REASON_CRIT_REGISTERED, .edit = header_change, .text = "{'crit': ['alg']}"},
    {"typ", REASON_CRIT_REGISTERED, .edit = header_change, .text = "{'crit': ['typ']}"},
    {"kid", REASON_CRIT_REGISTERED, .edit = header_change, .text = "{'crit': ['kid']}"},
    {"crit", REASON_CRIT_REGISTERED, .edit = header_change, .text = "{'crit': ['crit']}"},
};

static const struct mutation_variant crit_absent[] = {
    {"", REASON_CRIT_ABSENT, .edit = header_change, .text = "{'crit': ['bound']}"},
    {"in-claims", REASON_CRIT_ABSENT, .edit = header_change, .text = "{'crit': ['exp']}"},
    {"empty-name", REASON_CRIT_ABSENT, .edit = header_change, .text = "{'crit': ['']}"},
};

#define B64_WITH_CRIT "{'b64': false, 'crit': ['b64']}"
static const struct mutation_variant b64_false[] = {
    {"", REASON_B64_FALSE, .edit = header_change, .text = B64_WITH_CRIT},
    {"signed-raw", REASON_B64_FALSE, .edit = header_change, .encode = encode_signed_raw,
     .text = B64_WITH_CRIT},
};

static const struct mutation_variant b64_false_nocrit[] = {
    {"", REASON_B64_FALSE, .edit = header_change, .text = "{'b64': false}"},
    {"signed-raw", REASON_B64_FALSE, .edit = header_change, .encode = encode_signed_raw,
     .text = "{'b64': false}"},
};

static const struct mutation_variant typ_wrong[] = {
    {"jwt", REASON_TYP_WRONG, .edit = typ_set, .text = "JWT"},
    {"other", REASON_TYP_WRONG, .edit = typ_other},
    {"empty", REASON_TYP_WRONG, .edit = typ_set, .text = ""},
    {"longer", REASON_TYP_WRONG, .edit = typ_set, .text = "at+jwt-draft"},
    {"shorter", REASON_TYP_WRONG, .edit = typ_set, .text = "at+jw"},
};

static const struct mutation_variant typ_missing[] = {
    {"required", REASON_TYP_MISSING, .edit = typ_drop_required},
    {"optional", REASON_OK, .edit = typ_drop_optional},
};

static const struct mutation_variant typ_equiv[] = {
    {"media-type", REASON_OK, .edit = typ_set, .text = "application/at+jwt"},
    {"upper", REASON_OK, .edit = typ_set, .text = "AT+JWT"},
    {"media-type-mixed", REASON_OK, .edit = typ_set, .text = "Application/At+Jwt"},
    {"other-media-type", REASON_TYP_WRONG, .edit = typ_set, .text = "text/at+jwt"},
};

static const struct mutation_variant typ_type[] = {
    {"number", REASON_TYP_TYPE, .edit = header_change, .text = "{'typ': 123}"},
    {"null", REASON_TYP_TYPE, .edit = header_change, .text = "{'typ': null}"},
    {"array", REASON_TYP_TYPE, .edit = header_change, .text = "{'typ': ['at+jwt']}"},
    {"boolean", REASON_TYP_TYPE, .edit = header_change, .text = "{'typ': true}"},
};

static const struct mutation_variant cty_nested[] = {
    {"inner-token", REASON_CTY_NESTED, .edit = header_change, .encode = encode_nested,
     .text = "{'cty': 'JWT'}"},
    {"claims", REASON_CTY_NESTED, .edit = header_change, .text = "{'cty': 'JWT'}"},
    {"lower", REASON_CTY_NESTED, .edit = header_change, .encode = encode_nested, .text = "{'cty': 'jwt'}"},
};

static const struct mutation_variant cty_not_nested[] = {
    {"json-media-type", REASON_OK, .edit = header_change, .text = "{'cty': 'application/json'}"},
    {"json", REASON_OK, .edit = header_change, .text = "{'cty': 'json'}"},
    {"empty", REASON_OK, .edit = header_change, .text = "{'cty': ''}"},
    {"other-token", REASON_OK, .edit = header_change, .text = "{'cty': 'application/at+jwt'}"},
    {"other-media-type", REASON_OK, .edit = header_change, .text = "{'cty': 'text/jwt'}"},
    {"mixed-case", REASON_CTY_NESTED, .edit = header_change, .encode = encode_nested,
     .text = "{'cty': 'jWt'}"},
    {"media-type", REASON_CTY_NESTED, .edit = header_change, .encode = encode_nested,
     .text = "{'cty': 'application/JWT'}"},
    {"media-type-mixed", REASON_CTY_NESTED, .edit = header_change, .encode = encode_nested,
     .text = "{'cty': 'Application/Jwt'}"},
};

static const struct mutation_variant zip_jws[] = {
    {"claims", REASON_ZIP, .edit = header_change, .text = "{'zip': 'DEF'}"},
    {"deflated", REASON_ZIP, .edit = header_change, .encode = encode_deflated, .text = "{'zip': 'DEF'}"},
};

static const struct mutation_variant jwe_header_in_jws[] = {
    {"enc", REASON_JWE_MEMBER, .edit = header_change, .text = "{'enc': 'A128GCM'}"},
    {"epk", REASON_JWE_MEMBER, .edit = header_change,
     .text = "{'epk': {'kty': 'OKP', 'crv': 'X25519', 'x': 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo'}}"},
    {"p2c", REASON_JWE_MEMBER, .edit = header_change, .text = "{'p2c': 2147483647}"},
    {"p2s", REASON_JWE_MEMBER, .edit = header_change, .text = "{'p2s': '2WCTcJZ1Rvd_CJuJripQ1w'}"},
    {"apu", REASON_JWE_MEMBER, .edit = header_change, .text = "{'apu': 'QWxpY2U'}"},
    {"apv", REASON_JWE_MEMBER, .edit = header_change, .text = "{'apv': 'Qm9i'}"},
    {"iv", REASON_JWE_MEMBER, .edit = header_change, .text = "{'iv': 'KkYT0GX_2jHlfqN_'}"},
    {"tag", REASON_JWE_MEMBER, .edit = header_change, .text = "{'tag': 'kfPduVQ3T3H6vnewt--ksw'}"},
};

static const struct mutation_variant embedded_jwk[] = {
    {"stranger", REASON_EMBEDDED_KEY, .edit = embed_stranger},
    {"own", REASON_EMBEDDED_KEY, .edit = embed_own, .pinned = true,
     .severity = SEVERITY_FORM}, /* RFC 7515 lets it be ignored */
};

static const struct mutation_variant embedded_jwk_oct[] = {
    {"", REASON_EMBEDDED_KEY, .edit = embed_stranger},
};

static const struct mutation_variant jku_x5u[] = {
    {"jku", REASON_KEY_URL, .edit = key_url, .text = "jku https://keys.stranger.example"},
    {"x5u", REASON_KEY_URL, .edit = key_url, .text = "x5u https://keys.stranger.example"},
    {"jku-loopback", REASON_KEY_URL, .edit = key_url, .text = "jku http://127.0.0.1:47810"},
    {"jku-own", REASON_KEY_URL, .edit = key_url_own, .pinned = true,
     .severity = SEVERITY_FORM}, /* likewise */
};

static const struct mutation_variant dpop_proof_as_token[] = {
    {"proof", REASON_TYP_WRONG, .edit = proof, .also = {REASON_EMBEDDED_KEY, REASON_ISS_MISSING}},
    {"with-claims", REASON_TYP_WRONG, .edit = proof_sign, .also = {REASON_EMBEDDED_KEY}},
    {"typ-unasked", REASON_EMBEDDED_KEY, .edit = proof_typ_unasked},
    {"bound-token", REASON_OK, .edit = proof_bound_token},
};

static const struct mutation_variant x5c_untrusted[] = {
    {"self-signed", REASON_EMBEDDED_CERT, .edit = self_signed},
    {"own-root", REASON_EMBEDDED_CERT, .edit = chained},
};

static const struct mutation_variant x5t_mismatch[] = {
    {"sha1-beside-x5c", REASON_EMBEDDED_CERT, .edit = thumbprint_mismatch, .text = "1"},
    {"sha256-beside-x5c", REASON_EMBEDDED_CERT, .edit = thumbprint_mismatch, .text = "256"},
    {"sha1-alone", REASON_OK, .edit = thumbprint_alone, .text = "1"},
    {"sha256-alone", REASON_OK, .edit = thumbprint_alone, .text = "256"},
};

static const struct mutation_variant hdr_claim_mismatch[] = {
    {"iss", REASON_REPLICATED_MISMATCH, .edit = header_change, .text = "{'iss': 'https://stranger.example'}"},
    {"aud", REASON_REPLICATED_MISMATCH, .edit = header_change,
     .text = "{'aud': 'https://api.stranger.example'}"},
    {"sub", REASON_REPLICATED_MISMATCH, .edit = header_change, .text = "{'sub': 'admin'}"},
    {"iss-same", REASON_OK, .edit = replicate, .text = "iss"},
    {"aud-same", REASON_OK, .edit = replicate, .text = "aud"},
    {"sub-same", REASON_OK, .edit = replicate, .text = "sub"},
};

static const struct mutation_class classes[] = {
    {"alg-missing", SEVERITY_PARSING, "headers without alg", "The header has no alg, or an empty one.",
     "RFC 7515 4.1.1", ALGS_ALL, VARIANTS(alg_missing)},
    {"alg-type", SEVERITY_PARSING, "alg that is no string", "alg is a number, null, an array or the like.",
     "RFC 7515 4.1.1", ALGS_ALL, VARIANTS(alg_type)},
    {"alg-none", SEVERITY_FORGERY, "alg \"none\"", "The token says that it is not signed.", "RFC 8725 3.2",
     ALGS_ALL, VARIANTS(alg_none)},
    {"alg-none-variants", SEVERITY_FORGERY, "alg \"none\" in other letters",
     "An unsigned token writes none in other letters, or with more around it.", "RFC 7515 4.1.1", ALGS_ALL,
     VARIANTS(alg_none_variants)},
    {"alg-case", SEVERITY_PARSING, "alg in other letters", "The right algorithm in other letters.",
     "RFC 7515 4.1.1", ALGS_ALL, VARIANTS(alg_case)},
    {"alg-unknown", SEVERITY_PARSING, "alg that is not registered",
     "alg names something that no specification registers.", "RFC 7518 3.1", ALGS_ALL, VARIANTS(alg_unknown)},
    {"alg-jwe", SEVERITY_PARSING, "alg of a JWE", "alg names a way of encrypting keys.", "RFC 7518 4.1",
     ALGS_ALL, VARIANTS(alg_jwe)},
    {"alg-not-allowed", SEVERITY_CONTEXT, "algorithms that the policy does not list",
     "The policy does not list the algorithm of a token that is good in all else.", "RFC 8725 3.1", ALGS_ALL,
     VARIANTS(alg_not_allowed)},
    {"alg-polymorphic", SEVERITY_FORM, "EdDSA where Ed25519 is listed",
     "EdDSA and the name of the curve are two entries of the policy.", "RFC 9864 2.2", ALGS_ED,
     .pinned = true, VARIANTS(alg_polymorphic)},
    {"alg-migration", SEVERITY_FORM, "EdDSA where Ed25519 is due",
     "The issuer goes from EdDSA to the name of the curve, in header, policy and the key's alg.",
     "RFC 9864 2.2", ALGS_ED, .pinned = true, VARIANTS(alg_migration)},
    {"crit-unknown", SEVERITY_PARSING, "critical extensions that are not understood",
     "crit lists an extension that nobody here understands.", "RFC 7515 4.1.11", ALGS_ALL,
     VARIANTS(crit_unknown)},
    {"crit-malformed", SEVERITY_PARSING, "malformed crit",
     "crit is no array of distinct strings, or an empty one.", "RFC 7515 4.1.11", ALGS_ALL,
     VARIANTS(crit_malformed)},
    {"crit-registered", SEVERITY_PARSING, "crit that lists what is no extension",
     "crit lists a name that is no extension.", "RFC 7515 4.1.11", ALGS_ALL, VARIANTS(crit_registered)},
    {"crit-absent", SEVERITY_PARSING, "crit that lists what is not there",
     "crit lists a name that the header does not have.", "RFC 7515 4.1.11", ALGS_ALL, VARIANTS(crit_absent)},
    {"b64-false", SEVERITY_PARSING, "unencoded payloads", "The header asks for an unencoded payload.",
     "RFC 7797 7", ALGS_ALL, VARIANTS(b64_false)},
    {"b64-false-nocrit", SEVERITY_PARSING, "unencoded payloads that crit does not announce",
     "The header asks for an unencoded payload and does not say so in crit.", "RFC 7797 6", ALGS_ALL,
     VARIANTS(b64_false_nocrit)},
    {"typ-wrong", SEVERITY_CONTEXT, "tokens of another type",
     "The type is another one than the policy's at+jwt.", "RFC 9068 4", ALGS_ALL, VARIANTS(typ_wrong)},
    {"typ-missing", SEVERITY_CONTEXT, "tokens without the type asked for",
     "There is no typ, and the policy requires one.", "RFC 8725 3.11", ALGS_ALL, .pinned = true,
     VARIANTS(typ_missing)},
    {"typ-equiv", SEVERITY_CONTEXT, "tokens of another type",
     "The right type written another way, and a type that only looks like it.", "RFC 7515 4.1.9", ALGS_ALL,
     VARIANTS(typ_equiv)},
    {"typ-type", SEVERITY_PARSING, "typ that is no string", "typ is no string.", "RFC 7515 4.1.9", ALGS_ALL,
     .pinned = true, VARIANTS(typ_type)},
    {"cty-nested", SEVERITY_PARSING, "payloads that are tokens in their turn",
     "The payload is said to be a token in its turn.", "RFC 7519 5.2", ALGS_ALL, VARIANTS(cty_nested)},
    {"cty-not-nested", SEVERITY_PARSING, "payloads that are tokens in their turn",
     "The payload is said to be of some type; only JWT, in any case, is a token in its turn.", "RFC 7519 5.2",
     ALGS_ALL, VARIANTS(cty_not_nested)},
    {"zip-jws", SEVERITY_PARSING, "compressed payloads",
     "The payload is said to be compressed, as only a JWE's can be.", "RFC 7516 4.1.3", ALGS_ALL,
     .pinned = true, VARIANTS(zip_jws)},
    {"jwe-header-in-jws", SEVERITY_FORM, "members of a JWE's header",
     "The header has a member that only a JWE has.", "RFC 7516 9", ALGS_ALL, .pinned = true,
     VARIANTS(jwe_header_in_jws)},
    {"embedded-jwk", SEVERITY_FORGERY, "any key that the header brings",
     "The header brings the key that the token is signed with.", "RFC 7515 4.1.3", ALGS_ASYMMETRIC,
     VARIANTS(embedded_jwk)},
    {"embedded-jwk-oct", SEVERITY_FORGERY, "any secret that the header brings",
     "The header brings the secret that the token is signed with.", "RFC 7515 4.1.3", ALGS_HMAC,
     VARIANTS(embedded_jwk_oct)},
    {"jku-x5u", SEVERITY_FORGERY, "keys from any URL that the header names",
     "The header says where to fetch the key that the token is signed with.", "RFC 8725 3.10", ALGS_ALL,
     VARIANTS(jku_x5u)},
    {"dpop-proof-as-token", SEVERITY_FORGERY, "a client's DPoP proof in place of its token",
     "A client's proof of possession stands where its access token should.", "RFC 9449 4.3, RFC 8725 3.11",
     ALGS_ASYMMETRIC, VARIANTS(dpop_proof_as_token)},
    {"x5c-untrusted", SEVERITY_FORGERY, "any certificate that the header brings",
     "The header brings a stranger's certificate for the key that the token is signed with.",
     "RFC 7515 4.1.6", ALGS_ASYMMETRIC, VARIANTS(x5c_untrusted)},
    {"x5t-mismatch", SEVERITY_FORM, "a certificate's wrong thumbprint",
     "The thumbprint is of another certificate than x5c; alone it is ignored.", "RFC 7515 4.1.7",
     ALGS_ASYMMETRIC, .pinned = true, VARIANTS(x5t_mismatch)},
    {"hdr-claim-mismatch", SEVERITY_PARSING, "a claim that the header contradicts",
     "A claim stands in the header too and says something else there.", "RFC 7519 5.3", ALGS_ALL,
     .pinned = true, VARIANTS(hdr_claim_mismatch)},
};

const struct mutation_group mutations_header_policy = {"header-policy", classes, COUNT(classes)};
