/* Stages 1 to 7 of the reference, one function each, and the order in which they are asked. */
#include "tests/reference/reference.h"

#include <gmp.h>
#include <nettle/base64.h>
#include <stdio.h>
#include <strings.h>

#include "tests/reference/nettle_check.h"

/* ---- 1 compact-split (RFC 7515 7.1) ---- */

static bool is_space(uint8_t c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_only_space(struct assay_bytes text) {
  for (size_t i = 0; i < text.len; i++)
    if (!is_space(text.ptr[i]))
      return false;
  return true;
}

static bool is_surrounded(struct assay_bytes token) {
  return is_space(token.ptr[0]) || is_space(token.ptr[token.len - 1]) ||
         (token.len >= 7 && strncasecmp((const char *)token.ptr, "Bearer ", 7) == 0);
}

static size_t count_bytes(struct assay_bytes text, uint8_t low, uint8_t high) {
  size_t count = 0;
  for (size_t i = 0; i < text.len; i++)
    count += text.ptr[i] >= low && text.ptr[i] <= high;
  return count;
}

static void cut_at_dots(struct case_file *file) {
  const uint8_t *begin = file->token.ptr, *end = begin + file->token.len;
  for (int i = 0; i < 3; i++) {
    const uint8_t *dot = i < 2 ? memchr(begin, '.', (size_t)(end - begin)) : end;
    file->part[i] = bytes_of(begin, (size_t)(dot - begin));
    begin = dot + 1;
  }
}

static enum assay_reason stage_1_compact_split(struct case_file *file) {
  struct assay_bytes token = file->token;
  if (token.len > file->trust->limits.token_bytes)
    return REASON_OVERSIZE;
  if (is_only_space(token))
    return REASON_EMPTY;
  if (token.ptr[0] == '{')
    return REASON_JSON_SERIALISATION;
  if (is_surrounded(token))
    return REASON_SURROUNDED;
  if (count_bytes(token, 0, 0))
    return REASON_NUL_BYTE;
  if (count_bytes(token, 0x80, 0xff))
    return REASON_NOT_ASCII;
  if (count_bytes(token, '.', '.') != 2)
    return REASON_PART_COUNT;
  cut_at_dots(file);
  if (file->part[0].len == 0)
    return REASON_EMPTY_HEADER;
  if (file->part[1].len == 0)
    return REASON_EMPTY_PAYLOAD;
  return REASON_OK;
}

/* ---- 2 base64url (RFC 4648 5, 3.5; RFC 7515 2) ---- */

static const char base64url_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static enum assay_reason decode_part(struct case_file *file, int part) {
  struct assay_bytes text = file->part[part];
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] == '=')
      return REASON_B64_PADDING;
    if (!strchr(base64url_alphabet, text.ptr[i]))
      return REASON_B64_ALPHABET;
  }
  if (text.len % 4 == 1)
    return REASON_B64_LENGTH;
  if (text.len % 4) {
    long last = strchr(base64url_alphabet, text.ptr[text.len - 1]) - base64url_alphabet;
    if (last & (text.len % 4 == 2 ? 15 : 3))
      return REASON_B64_TRAILING_BITS;
  }
  struct base64_decode_ctx base64;
  uint8_t *out = scrap_take(&file->scrap, BASE64_DECODE_LENGTH(text.len));
  size_t len = 0;
  base64url_decode_init(&base64);
  if (!base64_decode_update(&base64, &len, out, text.len, (const char *)text.ptr) || len != text.len * 3 / 4)
    abort(); /* Nettle finds a fault where all of the above found none */
  file->decoded[part] = bytes_of(out, len);
  return REASON_OK;
}

static enum assay_reason stage_2_base64url(struct case_file *file) {
  for (int part = 0; part < 3; part++) {
    enum assay_reason reason = decode_part(file, part);
    if (reason != REASON_OK)
      return reason;
  }
  return REASON_OK;
}

/* ---- 3 header-json, 5 claims-json (RFC 8259; RFC 7515 4; RFC 7519 4) ---- */

static enum tree_fault read_json(struct case_file *file, int part, struct tree **tree) {
  return tree_read(&file->scrap, file->decoded[part], file->trust->limits.json_depth,
                   file->trust->limits.json_members, tree);
}

static enum assay_reason stage_3_header_json(struct case_file *file) {
  static const enum assay_reason reasons[] = {
      [TREE_UTF8] = REASON_HEADER_UTF8,           [TREE_BOM] = REASON_HEADER_BOM,
      [TREE_SYNTAX] = REASON_HEADER_SYNTAX,       [TREE_SURROGATE] = REASON_HEADER_SURROGATE,
      [TREE_DEPTH] = REASON_HEADER_DEPTH,         [TREE_MEMBERS] = REASON_HEADER_MEMBERS,
      [TREE_DUPLICATE] = REASON_HEADER_DUPLICATE, [TREE_TRAILING] = REASON_HEADER_TRAILING};
  enum tree_fault fault = read_json(file, 0, &file->header);
  if (fault != TREE_OK)
    return reasons[fault];
  return tree_is(file->header, TREE_OBJECT) ? REASON_OK : REASON_HEADER_NOT_OBJECT;
}

static enum assay_reason stage_5_claims_json(struct case_file *file) {
  static const enum assay_reason reasons[] = {
      [TREE_UTF8] = REASON_CLAIMS_UTF8,           [TREE_BOM] = REASON_CLAIMS_BOM,
      [TREE_SYNTAX] = REASON_CLAIMS_SYNTAX,       [TREE_SURROGATE] = REASON_CLAIMS_SURROGATE,
      [TREE_DEPTH] = REASON_CLAIMS_DEPTH,         [TREE_MEMBERS] = REASON_CLAIMS_MEMBERS,
      [TREE_DUPLICATE] = REASON_CLAIMS_DUPLICATE, [TREE_TRAILING] = REASON_CLAIMS_TRAILING};
  enum tree_fault fault = read_json(file, 1, &file->claims);
  if (fault != TREE_OK)
    return reasons[fault];
  return tree_is(file->claims, TREE_OBJECT) ? REASON_OK : REASON_CLAIMS_NOT_OBJECT;
}

/* ---- 4 header-policy ---- */

/* What an algorithm needs; curve EdDSA: either of the two (RFC 8037 3.1). */
static const struct {
  const char *name;
  enum jose_alg alg;
  enum assay_alg crypto;
  enum jwk_type type;
  enum jwk_curve curve;
} algorithms[] = {
    {"HS256", JOSE_HS256, ASSAY_HS256, JWK_OCT, CURVE_NONE},
    {"HS384", JOSE_HS384, ASSAY_HS384, JWK_OCT, CURVE_NONE},
    {"HS512", JOSE_HS512, ASSAY_HS512, JWK_OCT, CURVE_NONE},
    {"RS256", JOSE_RS256, ASSAY_RS256, JWK_RSA, CURVE_NONE},
    {"RS384", JOSE_RS384, ASSAY_RS384, JWK_RSA, CURVE_NONE},
    {"RS512", JOSE_RS512, ASSAY_RS512, JWK_RSA, CURVE_NONE},
    {"PS256", JOSE_PS256, ASSAY_PS256, JWK_RSA, CURVE_NONE},
    {"PS384", JOSE_PS384, ASSAY_PS384, JWK_RSA, CURVE_NONE},
    {"PS512", JOSE_PS512, ASSAY_PS512, JWK_RSA, CURVE_NONE},
    {"ES256", JOSE_ES256, ASSAY_ES256, JWK_EC, CURVE_P256},
    {"ES384", JOSE_ES384, ASSAY_ES384, JWK_EC, CURVE_P384},
    {"ES512", JOSE_ES512, ASSAY_ES512, JWK_EC, CURVE_P521},
    {"ES256K", JOSE_ES256K, ASSAY_ES256K, JWK_EC, CURVE_SECP256K1},
    {"EdDSA", JOSE_EDDSA, ASSAY_ED25519, JWK_OKP, CURVE_ED25519},
    {"EdDSA", JOSE_EDDSA, ASSAY_ED448, JWK_OKP, CURVE_ED448},
    {"Ed25519", JOSE_ED25519, ASSAY_ED25519, JWK_OKP, CURVE_ED25519},
    {"Ed448", JOSE_ED448, ASSAY_ED448, JWK_OKP, CURVE_ED448},
};
#define ALGORITHM_COUNT (sizeof algorithms / sizeof algorithms[0])

static enum assay_reason judge_alg(struct case_file *file) {
  const struct tree *alg = tree_member(file->header, "alg");
  if (!alg)
    return REASON_ALG_MISSING;
  if (alg->kind != TREE_STRING)
    return REASON_ALG_TYPE;
  if (bytes_eq_str(alg->text, "none"))
    return REASON_ALG_NONE;
  for (size_t i = 0; i < ALGORITHM_COUNT; i++)
    if (bytes_eq_str(alg->text, algorithms[i].name)) {
      file->alg = algorithms[i].alg;
      bool allowed = false;
      for (size_t j = 0; j < file->trust->issuer_count; j++)
        allowed |= (file->trust->issuers[j].algorithms & JOSE_ALG_BIT(file->alg)) != 0;
      return allowed ? REASON_OK : REASON_ALG_NOT_ALLOWED;
    }
  return REASON_ALG_UNKNOWN;
}

/* RFC 7515 4.1, RFC 7516 4.1, RFC 7518 4.6.1, 4.7.1, 4.8.1 */
static bool is_registered(struct assay_bytes name) {
  static const char *const names[] = {"alg",      "jku", "jwk", "kid",  "x5u", "x5c", "x5t",
                                      "x5t#S256", "typ", "cty", "crit", "enc", "zip", "epk",
                                      "apu",      "apv", "iv",  "tag",  "p2s", "p2c"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (bytes_eq_str(name, names[i]))
      return true;
  return false;
}

static bool is_list_of_distinct_strings(const struct tree *list) {
  if (list->kind != TREE_ARRAY || list->count == 0)
    return false;
  for (size_t i = 0; i < list->count; i++) {
    if (list->items[i]->kind != TREE_STRING)
      return false;
    for (size_t j = 0; j < i; j++)
      if (bytes_eq(list->items[i]->text, list->items[j]->text))
        return false;
  }
  return true;
}

/* crit and b64 (RFC 7515 4.1.11, RFC 7797). No extension is supported. */
static enum assay_reason judge_crit(const struct case_file *file) {
  const struct tree *crit = tree_member(file->header, "crit");
  if (crit && !is_list_of_distinct_strings(crit))
    return REASON_CRIT_MALFORMED;
  for (size_t i = 0; crit && i < crit->count; i++)
    if (is_registered(crit->items[i]->text))
      return REASON_CRIT_REGISTERED;
  for (size_t i = 0; crit && i < crit->count; i++)
    if (!tree_member_bytes(file->header, crit->items[i]->text))
      return REASON_CRIT_ABSENT;
  if (tree_member(file->header, "b64"))
    return REASON_B64_FALSE;
  return crit ? REASON_CRIT_UNKNOWN : REASON_OK;
}

/* In front of what has no slash, "application/" is to be thought (RFC 7515 4.1.9). */
static const char *media_type(struct case_file *file, struct assay_bytes text) {
  bool whole = memchr(text.ptr, '/', text.len) != NULL;
  char *out = scrap_take(&file->scrap, text.len + sizeof "application/");
  strcpy(out, whole ? "" : "application/");
  memcpy(out + strlen(out), text.ptr, text.len);
  return out;
}

static enum assay_reason judge_typ(struct case_file *file) {
  const struct tree *typ = tree_member(file->header, "typ");
  const struct string_list *allow = &file->trust->typ_allow;
  if (typ && typ->kind != TREE_STRING)
    return REASON_TYP_TYPE;
  if (!typ)
    return file->trust->typ_required ? REASON_TYP_MISSING : REASON_OK;
  if (allow->count == 0)
    return REASON_OK;
  for (size_t i = 0; i < allow->count; i++)
    if (strlen((const char *)typ->text.ptr) == typ->text.len && /* no NUL inside */
        strcasecmp(media_type(file, allow->items[i]), media_type(file, typ->text)) == 0)
      return REASON_OK;
  return REASON_TYP_WRONG;
}

static bool has_any(const struct tree *object, const char *const *names) {
  for (; *names; names++)
    if (tree_member(object, *names))
      return true;
  return false;
}

/* RFC 7519 5.2: "JWT", which RFC 7515 4.1.10 takes for a media type. */
static bool says_nested(struct case_file *file) {
  const struct tree *cty = tree_member(file->header, "cty");
  return tree_is(cty, TREE_STRING) && strlen((const char *)cty->text.ptr) == cty->text.len &&
         strcasecmp(media_type(file, cty->text), "application/JWT") == 0;
}

/* Members that no token may have, whatever their value (but for cty), unless they are tolerated. */
static enum assay_reason judge_foreign_members(struct case_file *file, uint32_t tolerates) {
  static const char *const of_jwe[] = {"enc", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c", NULL};
  static const char *const urls[] = {"jku", "x5u", NULL};
  if (says_nested(file))
    return REASON_CTY_NESTED;
  if (tree_member(file->header, "zip"))
    return REASON_ZIP;
  if (has_any(file->header, of_jwe))
    return REASON_JWE_MEMBER;
  if (tree_member(file->header, "jwk") && !(tolerates & TOLERATES(EMBEDDED_KEY)))
    return REASON_EMBEDDED_KEY;
  if (has_any(file->header, urls) && !(tolerates & TOLERATES(KEY_URL)))
    return REASON_KEY_URL;
  bool cert = tree_member(file->header, "x5c") && !(tolerates & TOLERATES(EMBEDDED_CERT));
  return cert ? REASON_EMBEDDED_CERT : REASON_OK;
}

static enum assay_reason stage_4_header_policy(struct case_file *file) {
  enum assay_reason reason = judge_alg(file);
  if (reason == REASON_OK)
    reason = judge_crit(file);
  if (reason == REASON_OK)
    reason = judge_typ(file);
  uint32_t by_any_issuer = 0;
  for (size_t i = 0; i < file->trust->issuer_count; i++)
    by_any_issuer |= file->trust->issuers[i].tolerates;
  return reason == REASON_OK ? judge_foreign_members(file, by_any_issuer) : reason;
}

/* ---- 6 key-selection ---- */

const struct tree *claim_of(const struct case_file *file, const struct claim_path *path) {
  const struct tree *at = file->claims;
  for (size_t i = 0; at && i < path->count; i++) {
    const struct tree *next = at->kind == TREE_OBJECT ? tree_member_bytes(at, path->steps[i]) : NULL;
    for (size_t k = 0; at->kind == TREE_ARRAY && k < at->count; k++) {
      char index[24];
      snprintf(index, sizeof index, "%zu", k);
      if (bytes_eq_str(path->steps[i], index))
        next = at->items[k];
    }
    at = next;
  }
  return at;
}

struct assay_bytes issuer_name_of(const struct case_file *file) {
  const struct tree *iss = tree_member(file->claims, "iss");
  return iss ? iss->text : file->issuer->iss;
}

/* The texts one after the other. */
static struct assay_bytes join(struct case_file *file, struct assay_bytes a, struct assay_bytes b,
                               struct assay_bytes c) {
  uint8_t *out = scrap_take(&file->scrap, a.len + b.len + c.len);
  if (a.len)
    memcpy(out, a.ptr, a.len);
  if (b.len)
    memcpy(out + a.len, b.ptr, b.len);
  if (c.len)
    memcpy(out + a.len + b.len, c.ptr, c.len);
  return bytes_of(out, a.len + b.len + c.len);
}

/* The text that iss must be; false where the claim of a template cannot stand in one. */
static bool issuer_text(struct case_file *file, const struct issuer *issuer, struct assay_bytes *text) {
  const struct tree *claim = claim_of(file, &issuer->template.claim);
  *text = issuer->iss;
  if (issuer->kind == ISSUER_EXACT)
    return true;
  if (!tree_is(claim, TREE_STRING) || claim->text.len == 0 || memchr(claim->text.ptr, '/', claim->text.len))
    return false;
  *text = join(file, issuer->template.before, claim->text, issuer->template.after);
  return true;
}

/* Exact names before templates, each in the order of the policy. */
static enum assay_reason issuer_by_iss(struct case_file *file, const struct tree *iss) {
  static const enum issuer_kind kinds[] = {ISSUER_EXACT, ISSUER_TEMPLATE};
  struct assay_bytes text;
  if (iss->kind != TREE_STRING)
    return REASON_ISS_TYPE;
  for (size_t k = 0; k < 2; k++)
    for (size_t i = 0; i < file->trust->issuer_count && !file->issuer; i++) {
      const struct issuer *issuer = &file->trust->issuers[i];
      if (issuer->kind == kinds[k] && issuer_text(file, issuer, &text) && bytes_eq(text, iss->text))
        file->issuer = issuer;
    }
  return file->issuer ? REASON_OK : REASON_ISS_UNKNOWN;
}

/* SPIFFE-ID 2.2: "/a/b" of letters, digits, '.', '-' and '_', without empty, "." and ".." segments. */
static bool is_path(struct assay_bytes path) {
  static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";
  size_t at = 0;
  while (at < path.len) {
    size_t start = at + 1, end = start;
    while (end < path.len && memchr(all, path.ptr[end], sizeof all - 1))
      end++;
    struct assay_bytes segment = bytes_of(path.ptr + start, end - start);
    if (path.ptr[at] != '/' || segment.len == 0 || bytes_eq_str(segment, ".") || bytes_eq_str(segment, ".."))
      return false;
    at = end;
  }
  return true;
}

/* JWT-SVID 3.1: sub is a SPIFFE ID, spiffe://domain/path, of at most 2048 octets (SPIFFE-ID 2.3). */
static enum assay_reason issuer_by_sub(struct case_file *file) {
  const struct tree *sub = tree_member(file->claims, "sub");
  bool any = false;
  for (size_t i = 0; i < file->trust->issuer_count && !file->issuer; i++) {
    const struct issuer *issuer = &file->trust->issuers[i];
    if (issuer->kind != ISSUER_TRUST_DOMAIN)
      continue;
    any = true;
    struct assay_bytes id = join(file, BYTES_LIT("spiffe://"), issuer->iss, (struct assay_bytes){0});
    if (tree_is(sub, TREE_STRING) && sub->text.len >= id.len && sub->text.len <= 2048 &&
        bytes_eq(bytes_of(sub->text.ptr, id.len), id) &&
        is_path(bytes_of(sub->text.ptr + id.len, sub->text.len - id.len)))
      file->issuer = issuer;
  }
  return file->issuer ? REASON_OK : any ? REASON_TRUST_DOMAIN : REASON_ISS_MISSING;
}

static enum assay_reason judge_issuer(struct case_file *file) {
  const struct tree *iss = tree_member(file->claims, "iss");
  enum assay_reason reason = iss ? issuer_by_iss(file, iss) : issuer_by_sub(file);
  if (reason == REASON_OK)
    reason = judge_foreign_members(file, file->issuer->tolerates);
  if (reason != REASON_OK)
    return reason;
  if (!(file->issuer->algorithms & JOSE_ALG_BIT(file->alg)))
    return REASON_ISSUER_ALG;
  if (file->issuer->keys.refused != REASON_OK)
    return file->issuer->keys.refused;
  return file->issuer->keys.count == 0 ? REASON_NO_KEYS : REASON_OK;
}

static bool type_fits(const struct jwk *key, enum jose_alg alg) {
  for (size_t i = 0; i < ALGORITHM_COUNT; i++)
    if (algorithms[i].alg == alg && algorithms[i].type == key->type)
      return true;
  return false;
}

/* The primitive that key and alg make together; ASSAY_ALG_NONE where the curve is another one. */
static enum assay_alg primitive_of(const struct jwk *key, enum jose_alg alg) {
  for (size_t i = 0; i < ALGORITHM_COUNT; i++)
    if (algorithms[i].alg == alg && algorithms[i].type == key->type && algorithms[i].curve == key->curve)
      return algorithms[i].crypto;
  return ASSAY_ALG_NONE;
}

/* Does the key say that it is somebody else's? {name} is any text without a slash, and not none. */
static bool is_of_other_issuer(const struct case_file *file, const struct jwk *key) {
  const struct tree *iss = tree_member(file->claims, "iss");
  if (!key->has_issuer || !iss)
    return false;
  struct assay_bytes left = key->issuer, right = iss->text;
  while (left.len && right.len && *left.ptr == *right.ptr && *left.ptr != '{')
    left = bytes_of(left.ptr + 1, left.len - 1), right = bytes_of(right.ptr + 1, right.len - 1);
  const uint8_t *brace = left.len && *left.ptr == '{' ? memchr(left.ptr, '}', left.len) : NULL;
  if (!brace)
    return !bytes_eq(key->issuer, iss->text);
  left = bytes_of(brace + 1, left.len - (size_t)(brace + 1 - left.ptr));
  for (size_t part = 1; part <= right.len && right.ptr[part - 1] != '/'; part++)
    if (bytes_eq(left, bytes_of(right.ptr + part, right.len - part)))
      return false;
  return true;
}

static enum assay_reason judge_key(const struct case_file *file, const struct jwk *key) {
  if (key->refused != REASON_OK)
    return key->refused;
  if (!type_fits(key, file->alg))
    return REASON_KTY_MISMATCH;
  if (primitive_of(key, file->alg) == ASSAY_ALG_NONE)
    return REASON_CURVE_MISMATCH;
  if (!key->use_allows)
    return REASON_KEY_USE;
  if (!key->ops_allow)
    return REASON_KEY_OPS;
  if (!(key->algs & JOSE_ALG_BIT(file->alg)))
    return REASON_KEY_ALG;
  if (key->revoked)
    return REASON_KEY_REVOKED;
  if (file->issuer->kind == ISSUER_TRUST_DOMAIN && key->is_x509_svid)
    return REASON_KEY_USE;
  if (is_of_other_issuer(file, key))
    return REASON_KEY_ISSUER;
  if (key->active_from != TIME_UNSET && file->reference->now < key->active_from)
    return REASON_KEY_NOT_ACTIVE;
  return REASON_OK;
}

/* Two keys may share a kid if their kty differs: then the one that alg can use is meant. */
static enum assay_reason select_by_kid(struct case_file *file, const struct tree *kid) {
  const struct key_set *set = &file->issuer->keys;
  if (kid->kind != TREE_STRING)
    return REASON_KID_TYPE;
  if (kid->text.len > file->trust->limits.kid_bytes)
    return REASON_KID_OVERSIZE;
  for (size_t i = 0; i < set->count; i++) {
    const struct jwk *key = &set->keys[i];
    if (!key->has_kid || !bytes_eq(key->kid, kid->text))
      continue;
    if (!file->key || (!type_fits(file->key, file->alg) && type_fits(key, file->alg)))
      file->key = key;
  }
  return file->key ? judge_key(file, file->key) : REASON_KID_UNKNOWN;
}

static enum assay_reason select_without_kid(struct case_file *file) {
  const struct key_set *set = &file->issuer->keys;
  size_t eligible = 0;
  for (size_t i = 0; i < set->count; i++)
    if (judge_key(file, &set->keys[i]) == REASON_OK) {
      file->key = &set->keys[i];
      eligible++;
    }
  if (eligible == 0)
    return REASON_NO_ELIGIBLE_KEY;
  return eligible == 1 ? REASON_OK : REASON_KID_MISSING;
}

static struct assay_public_key public_key_of(const struct case_file *file) {
  const struct jwk *key = file->key;
  return (struct assay_public_key){
      .alg = primitive_of(key, file->alg), .k = key->k, .n = key->n, .e = key->e, .x = key->x, .y = key->y};
}

/* What the library says of the chosen key. */
static enum assay_reason judge_import(const struct case_file *file) {
  struct assay_public_key public_key = public_key_of(file);
  const struct assay_alg_info *info = assay_alg_info(public_key.alg);
  if (info->family == FAMILY_HMAC && file->key->k.len < info->digest_bytes) /* RFC 7518 3.2 */
    return REASON_KEY_HMAC_SHORT;
  return nettle_key_usable(&public_key) ? REASON_OK : REASON_KEY_INVALID;
}

static enum assay_reason select_strictly(struct case_file *file) {
  const struct tree *kid = tree_member(file->header, "kid");
  enum assay_reason reason = kid ? select_by_kid(file, kid) : select_without_kid(file);
  return reason == REASON_OK ? judge_import(file) : reason;
}

/* All keys that the token may mean, and that could serve, where the issuer says that there may be several. */
static void collect_candidates(struct case_file *file) {
  const struct key_set *set = &file->issuer->keys;
  const struct tree *kid = tree_member(file->header, "kid");
  if (!(file->issuer->tolerates & (kid ? TOLERATES(DUPLICATE_KID) : TOLERATES(KID_MISSING))))
    return;
  if (kid && (kid->kind != TREE_STRING || kid->text.len > file->trust->limits.kid_bytes))
    return;
  file->candidates = scrap_take(&file->scrap, (set->count + 1) * sizeof(struct jwk *));
  for (size_t i = 0; i < set->count; i++) {
    file->key = &set->keys[i];
    bool meant = !kid || (file->key->has_kid && bytes_eq(file->key->kid, kid->text));
    if (meant && judge_key(file, file->key) == REASON_OK && judge_import(file) == REASON_OK)
      file->candidates[file->candidate_count++] = file->key;
  }
}

static enum assay_reason stage_6_key_selection(struct case_file *file) {
  enum assay_reason reason = judge_issuer(file);
  if (reason != REASON_OK)
    return reason;
  collect_candidates(file);
  file->key = NULL;
  return file->candidate_count ? REASON_OK : select_strictly(file);
}

/* ---- 7 signature ---- */

static void number_set(mpz_t out, const uint8_t *octets, size_t len, bool big_endian) {
  mpz_import(out, len, big_endian ? 1 : -1, 1, 0, 0, octets);
}

/* The order of the group that S, and R of ECDSA, count in. SEC 2 2.4.1, FIPS 186-4 D.1.2, RFC 8032 5 */
static const char *group_order(enum assay_alg alg) {
  switch (alg) {
  case ASSAY_ES256: return "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
  case ASSAY_ES384:
    return "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf"
           "581a0db248b0a77aecec196accc52973";
  case ASSAY_ES512:
    return "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa"
           "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409";
  case ASSAY_ES256K: return "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
  case ASSAY_ED25519: return "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed";
  default:
    return "3fffffffffffffffffffffffffffffffffffffffffffffffffffffff7cca23e9"
           "c44edb49aed63690216cc2728dc58f552378c292ab5844f3";
  }
}

/* RSA: s < n (RFC 8017 5.2.2). */
static enum assay_reason judge_rsa_form(struct assay_bytes sig, const struct jwk *key) {
  mpz_t s, n;
  mpz_inits(s, n, NULL);
  number_set(s, sig.ptr, sig.len, true);
  number_set(n, key->n.ptr, key->n.len, true);
  bool below = mpz_cmp(s, n) < 0;
  mpz_clears(s, n, NULL);
  return below ? REASON_OK : REASON_SIGNATURE_RANGE;
}

/* ECDSA: 1 <= r, s < n. Zero is looked for first, in both. */
static enum assay_reason judge_ecdsa_form(struct assay_bytes sig, enum assay_alg alg) {
  mpz_t r, s, order;
  mpz_inits(r, s, NULL);
  mpz_init_set_str(order, group_order(alg), 16);
  number_set(r, sig.ptr, sig.len / 2, true);
  number_set(s, sig.ptr + sig.len / 2, sig.len / 2, true);
  bool zero = mpz_sgn(r) == 0 || mpz_sgn(s) == 0;
  bool range = mpz_cmp(r, order) >= 0 || mpz_cmp(s, order) >= 0;
  mpz_clears(r, s, order, NULL);
  return zero ? REASON_SIGNATURE_ZERO : range ? REASON_SIGNATURE_RANGE : REASON_OK;
}

/* EdDSA: S < L, and the y of R, without its sign bit, below p: little-endian numbers (RFC 8032 5.1.3, 5.1.7,
 * 5.2.3, 5.2.7). Open: that R is judged here and not left to the library ("too large" names R and S). */
static enum assay_reason judge_eddsa_form(struct assay_bytes sig, enum assay_alg alg) {
  size_t len = sig.len / 2;
  mpz_t y, s, prime, order;
  mpz_inits(y, s, prime, NULL);
  mpz_init_set_str(order, group_order(alg), 16);
  mpz_ui_pow_ui(prime, 2, alg == ASSAY_ED25519 ? 255 : 448);
  if (alg == ASSAY_ED448) {
    mpz_ui_pow_ui(y, 2, 224);
    mpz_sub(prime, prime, y);
  }
  mpz_sub_ui(prime, prime, alg == ASSAY_ED25519 ? 19 : 1);
  number_set(y, sig.ptr, len, false);
  mpz_clrbit(y, 8 * len - 1);
  number_set(s, sig.ptr + len, len, false);
  bool below = mpz_cmp(y, prime) < 0 && mpz_cmp(s, order) < 0;
  mpz_clears(y, s, prime, order, NULL);
  return below ? REASON_OK : REASON_SIGNATURE_RANGE;
}

static enum assay_reason judge_signature_form(const struct case_file *file, enum assay_alg alg) {
  const struct assay_alg_info *info = assay_alg_info(alg);
  struct assay_bytes sig = file->decoded[2];
  if (sig.len != (info->signature_bytes ? info->signature_bytes : file->key->n.len))
    return REASON_SIGNATURE_LENGTH;
  switch (info->family) {
  case FAMILY_HMAC: return REASON_OK;
  case FAMILY_ECDSA: return judge_ecdsa_form(sig, alg);
  case FAMILY_EDDSA: return judge_eddsa_form(sig, alg);
  default: return judge_rsa_form(sig, file->key);
  }
}

static enum assay_reason judge_signature(struct case_file *file) {
  struct assay_public_key public_key = public_key_of(file);
  struct assay_bytes input = bytes_of(file->token.ptr, file->part[0].len + 1 + file->part[1].len);
  enum assay_reason reason = judge_signature_form(file, public_key.alg);
  if (reason != REASON_OK)
    return reason;
  return nettle_signature_matches(&public_key, input, file->decoded[2]) ? REASON_OK
                                                                        : REASON_SIGNATURE_INVALID;
}

/* Of several keys one is enough; where none matches, the refusal that was found latest is told. */
static enum assay_reason stage_7_signature(struct case_file *file) {
  static const enum assay_reason order[] = {REASON_SIGNATURE_LENGTH, REASON_SIGNATURE_ZERO,
                                            REASON_SIGNATURE_RANGE, REASON_SIGNATURE_INVALID, REASON_OK};
  size_t best = 0;
  if (file->candidate_count == 0)
    return judge_signature(file);
  for (size_t i = 0; i < file->candidate_count && order[best] != REASON_OK; i++) {
    file->key = file->candidates[i];
    enum assay_reason reason = judge_signature(file);
    for (size_t k = best; k < sizeof order / sizeof order[0]; k++)
      if (order[k] == reason)
        best = k;
  }
  return order[best];
}

/* ---- all of them ---- */

void reference_init(struct reference *reference, const struct trust *trust, int64_t now, bool replay) {
  *reference = (struct reference){.trust = trust, .now = now, .replay = replay};
}

void reference_fini(struct reference *reference) {
  scrap_free(&reference->memory);
}

/* Only what is accepted counts as seen. */
static void remember(const struct case_file *file) {
  struct reference *reference = file->reference;
  const struct tree *jti = tree_member(file->claims, "jti");
  if (!reference->replay || !jti || file->issuer->replay_window_s == TIME_UNSET)
    return;
  struct reference_seen *seen = scrap_take(&reference->memory, (reference->seen_count + 1) * sizeof *seen);
  uint8_t *copy = scrap_take(&reference->memory, jti->text.len);
  if (reference->seen_count)
    memcpy(seen, reference->seen, reference->seen_count * sizeof *seen);
  memcpy(copy, jti->text.ptr, jti->text.len);
  struct assay_bytes name = issuer_name_of(file);
  uint8_t *issuer = scrap_take(&reference->memory, name.len);
  memcpy(issuer, name.ptr, name.len);
  seen[reference->seen_count++] =
      (struct reference_seen){bytes_of(issuer, name.len), bytes_of(copy, jti->text.len)};
  reference->seen = seen;
}

enum assay_reason reference_verify(struct reference *reference, struct assay_bytes token) {
  static enum assay_reason (*const stages[])(struct case_file *) = {
      stage_1_compact_split, stage_2_base64url,           stage_3_header_json,
      stage_4_header_policy, stage_5_claims_json,         stage_6_key_selection,
      stage_7_signature,     reference_registered_claims, reference_authorisation};
  struct case_file file = {.reference = reference, .trust = reference->trust, .token = token};
  enum assay_reason reason = REASON_OK;
  for (size_t i = 0; i < sizeof stages / sizeof stages[0] && reason == REASON_OK; i++)
    reason = stages[i](&file);
  if (reason == REASON_OK)
    remember(&file);
  scrap_free(&file.scrap);
  return reason;
}
