/* Signatures: flipped, transplanted, of another key, hash or text, and forged so that only a careful
 * check of the padding, of a scalar's range or of a point's encoding tells. Everything else about these
 * tokens is right. What catches a form (a length, zero, a range) has that reason; what only the library
 * can see is signature.invalid. */
#include "corpus/base/fatal.h"
#include "corpus/make/draft_tools.h"
#include "corpus/make/key_encoding.h"
#include "corpus/spoil/mutation.h"
#include "corpus/spoil/signature_spoil.h"

/* ---- what several classes do ---- */

static enum assay_family family_of(const struct draft *draft) {
  return assay_alg_info(draft->alg)->family;
}

/* ---- bitflip ---- */

static void trace_add(struct draft *draft) {
  json_object_set_new(draft->header, "trace", json_sprintf("%08x", rng_below(&draft->rng, UINT32_MAX)));
}

/* Flips the last bit of a random character of the string that this text begins. Of the letters, digits and
 * marks that stand in our strings, that bit makes none into one that JSON would mind. */
static void flip_in(struct draft *draft, struct text *text, const char *name) {
  const uint8_t *found = memmem(text->ptr, text->len, name, strlen(name));
  if (!found)
    fatal("there is no %s to flip a bit in", name);
  size_t at = (size_t)(found - text->ptr) + strlen(name);
  size_t len = (size_t)((const uint8_t *)memchr(text->ptr + at, '"', text->len - at) - (text->ptr + at));
  text->ptr[at + rng_below(&draft->rng, (uint32_t)len)] ^= 1;
  draft_reencode(draft);
  draft_join(draft);
}

static void flip_header(struct draft *draft) {
  flip_in(draft, &draft->header_text, "\"trace\":\"");
}

static void flip_payload(struct draft *draft) {
  flip_in(draft, &draft->payload_text, "\"jti\":\"");
}

/* In the lower octets of either half, so that scalars, points and RSA's number stay in range. */
static void flip_signature(struct draft *draft) {
  draft_sign(draft);
  bool two = family_of(draft) == FAMILY_ECDSA || family_of(draft) == FAMILY_EDDSA;
  size_t half = draft->signature.len / (two ? 2 : 1), high = 9;
  size_t at = rng_below(&draft->rng, (uint32_t)(half - high));
  if (family_of(draft) != FAMILY_EDDSA)
    at += high;
  if (two && rng_below(&draft->rng, 2))
    at += half;
  draft->signature.ptr[at] ^= (uint8_t)(1u << rng_below(&draft->rng, 8));
}

/* ---- wrong-key, sig-transplant, sig-over-decoded ---- */

static bool same_type(const struct signing_key *a, const struct signing_key *b) {
  return a != b && a->kind == b->kind && a->bits == b->bits;
}

/* The nth other key of that type and size, of any issuer or of a stranger; NULL where there are fewer. */
static const struct signing_key *other_key(const struct draft *draft, unsigned nth) {
  const struct keyring *ring = draft->ring;
  for (size_t i = 0; i < ring->issuer_count; i++)
    for (size_t j = 0; j < ring->issuers[i].key_count; j++)
      if (same_type(&ring->issuers[i].keys[j], draft->key) && nth-- == 0)
        return &ring->issuers[i].keys[j];
  for (size_t i = 0; i < ring->stranger_count; i++)
    if (same_type(&ring->strangers[i], draft->key) && nth-- == 0)
      return &ring->strangers[i];
  return NULL;
}

/* An RSA signature of another key may happen to be above this key's modulus, which would be another fault:
 * then the token gets another jti and another signature. */
static void sign_wrong_key(struct draft *draft) {
  struct assay_bytes modulus = draft->key->n;
  unsigned count = 0;
  while (other_key(draft, count))
    count++;
  if (count == 0)
    fatal("no other key is like %s", draft->key->kid);
  draft_sign_with(draft, other_key(draft, rng_below(&draft->rng, count)), draft->alg);
  draft_sign(draft);
  while (modulus.len && memcmp(draft->signature.ptr, modulus.ptr, modulus.len) >= 0)
    draft_respin(draft);
}

/* Another good token of the same key lends its signature. */
static void transplant_claims(struct draft *draft) {
  draft_sign(draft);
  json_object_set_new(draft->claims, "jti", json_sprintf("%08x", rng_below(&draft->rng, UINT32_MAX)));
  draft_encode(draft);
}

static void transplant_header(struct draft *draft) {
  draft_sign(draft);
  trace_add(draft);
  draft_encode(draft);
}

/* row_text: what is signed: H and P the parts as they stand in the token, h and p their texts; the rest
 * as it is. */
static void sign_sketch(struct draft *draft) {
  struct text *input = &draft->signing_input;
  for (const char *c = draft->row_text; *c; c++) {
    const struct text *part = *c == 'H'   ? &draft->header_part
                              : *c == 'P' ? &draft->payload_part
                              : *c == 'h' ? &draft->header_text
                              : *c == 'p' ? &draft->payload_text
                                          : NULL;
    if (part)
      text_add(input, part->ptr, part->len);
    else
      text_add(input, c, 1);
  }
}

/* A space after the brace where the header's text would need no padding. */
static void sign_padded(struct draft *draft) {
  if (draft->header_text.len % 3 == 0) {
    text_insert(&draft->header_text, 1, " ", 1);
    draft_reencode(draft);
  }
  draft->row_text = "H.P";
  sign_sketch(draft);
  text_insert(&draft->signing_input, draft->header_part.len, "==", 4 - draft->header_part.len % 4);
}

/* At any offset, one of these comes last of three octets, and so makes a '_' or '-'. */
static void add_alphabet(struct draft *draft) {
  json_object_set_new(draft->claims, "hint", json_string("???~~~"));
}

static void sign_standard_alphabet(struct draft *draft) {
  draft->row_text = "H.P";
  sign_sketch(draft);
  for (size_t i = 0; i < draft->signing_input.len; i++) {
    uint8_t *c = &draft->signing_input.ptr[i];
    *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
  }
}

/* ---- lengths and fillings, of any family ---- */

/* row_number: how many octets to keep; negative: how many to drop. */
static void cut(struct draft *draft) {
  draft_sign(draft);
  draft->signature.len =
      (size_t)(draft->row_number + (draft->row_number < 0 ? (int64_t)draft->signature.len : 0));
}

static void cut_half(struct draft *draft) {
  draft_sign(draft);
  draft->signature.len /= 2;
}

static void extend(struct draft *draft) {
  draft_sign(draft);
  text_add(&draft->signature, "\0", 1);
}

static void double_up(struct draft *draft) {
  draft_sign(draft);
  OWNED_BYTES struct text copy = {0};
  text_add(&copy, draft->signature.ptr, draft->signature.len);
  text_add(&draft->signature, copy.ptr, copy.len);
}

static void prefix_zero(struct draft *draft) {
  draft_sign(draft);
  text_insert(&draft->signature, 0, "\0", 1);
}

static void set_ones(struct draft *draft) {
  signature_fill(draft, 0xff, draft_signature_octets(draft));
}

static void set_zeros(struct draft *draft) {
  signature_fill(draft, 0, draft_signature_octets(draft));
}

/* ---- HMAC, and hashes of RSA ---- */

/* The first len octets of a tag by another hash. */
static void tag_by(struct draft *draft, const struct nettle_hash *hash, size_t len) {
  uint8_t tag[ASSAY_DIGEST_BYTES_MAX];
  OWNED_BYTES struct text input = {0};
  draft_signing_input(draft, &input);
  forge_hmac(hash, draft->key->k, bytes_of(input.ptr, input.len), tag);
  signature_set(draft, tag, len);
}

/* SHA-2 of another size: for HS512, HS256's. */
static void tag_other(struct draft *draft) {
  const struct nettle_hash *hash = draft->alg == ASSAY_HS512 ? &nettle_sha256 : &nettle_sha512;
  tag_by(draft, hash, hash->digest_size);
}

static void tag_other_cut(struct draft *draft) {
  tag_by(draft, &nettle_sha512, assay_alg_info(draft->alg)->signature_bytes);
}

static void tag_sha3(struct draft *draft) {
  tag_by(draft, &nettle_sha3_512, assay_alg_info(draft->alg)->signature_bytes);
}

/* The bare hash of what is signed, or of the key and that: no HMAC (RFC 2104). row_text: "key" or "". */
static void tag_unkeyed(struct draft *draft) {
  const struct nettle_hash *hash = forge_hash(draft->alg);
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX];
  OWNED_BYTES struct text input = {0};
  if (draft->row_text[0])
    text_add(&input, draft->key->k.ptr, draft->key->k.len);
  draft_signing_input(draft, &input);
  forge_digest(hash, bytes_of(input.ptr, input.len), digest);
  signature_set(draft, digest, hash->digest_size);
}

/* ---- the secret in other words ---- */

static void add_hex(struct text *out, struct assay_bytes octets, bool upper) {
  for (size_t i = 0; i < octets.len; i++)
    text_addf(out, upper ? "%02X" : "%02x", octets.ptr[i]);
}

/* row_text: how the octets of k are written. */
static void tag_key_text(struct draft *draft) {
  OWNED_BYTES struct text secret = {0};
  struct assay_bytes k = draft->key->k;
  if (draft->row_text[0] == 'u')
    text_add_b64url(&secret, k.ptr, k.len);
  else if (draft->row_text[0] == 'b')
    text_add_base64(&secret, k.ptr, k.len);
  else
    add_hex(&secret, k, draft->row_text[0] == 'H');
  draft_sign_hmac(draft, draft->alg, bytes_of(secret.ptr, secret.len));
}

#define SECRET_OCTETS 64

static void secret_set(struct draft *draft, const void *octets, size_t len) {
  jwk_set_octets(draft_jwks_own(draft), "k", bytes_of(octets, len));
}

/* A fresh secret with one NUL behind row_number octets. What signs: all of it, or what comes
 * before the NUL. */
static void tag_nul_inside(struct draft *draft, bool cut) {
  uint8_t secret[SECRET_OCTETS];
  size_t before = (size_t)draft->row_number;
  rng_bytes(&draft->rng, secret, sizeof secret);
  for (size_t i = 0; i < sizeof secret; i++)
    secret[i] |= secret[i] == 0;
  secret[before] = 0;
  secret_set(draft, secret, sizeof secret);
  draft_sign_hmac(draft, draft->alg, bytes_of(secret, cut ? before : sizeof secret));
}

static void tag_nul_whole(struct draft *draft) {
  tag_nul_inside(draft, false);
}

static void tag_nul_cut(struct draft *draft) {
  tag_nul_inside(draft, true);
}

/* A secret whose octets are base64url text themselves: to be decoded once, and not twice. */
static void tag_text_secret(struct draft *draft, bool twice) {
  uint8_t octets[SECRET_OCTETS];
  OWNED_BYTES struct text secret = {0};
  rng_bytes(&draft->rng, octets, sizeof octets);
  text_add_b64url(&secret, octets, sizeof octets);
  secret_set(draft, secret.ptr, secret.len);
  draft_sign_hmac(draft, draft->alg,
                  twice ? bytes_of(octets, sizeof octets) : bytes_of(secret.ptr, secret.len));
}

static void tag_text_once(struct draft *draft) {
  tag_text_secret(draft, false);
}

static void tag_text_twice(struct draft *draft) {
  tag_text_secret(draft, true);
}

/* ---- leading zeros ---- */

/* Waits for a signature whose octet at this place is zero: one in 256 is. */
static void await_zero(struct draft *draft, size_t at) {
  draft_sign(draft);
  while (draft->signature.ptr[at] != 0)
    draft_respin(draft);
}

static void sign_zero_first(struct draft *draft) {
  await_zero(draft, 0);
}

static void sign_zero_second_half(struct draft *draft) {
  await_zero(draft, draft_signature_octets(draft) / 2);
}

/* Right up to the zero, for whoever compares tags as C strings. */
static void sign_zero_then_other(struct draft *draft) {
  await_zero(draft, 0);
  for (size_t i = 1; i < draft->signature.len; i++)
    draft->signature.ptr[i] ^= 0x55;
}

/* A zero in place of the first octet, of a number that was right. */
static void sign_zero_put(struct draft *draft) {
  draft_sign(draft);
  draft->signature.ptr[0] = 0;
  draft->signature.ptr[draft->signature.len / 4] ^= 0x10;
}

/* The same scheme with another hash of SHA-2: RS512 under RS256. */
static void sign_other_hash(struct draft *draft) {
  unsigned digest = assay_alg_info(draft->alg)->digest_bytes;
  draft_sign_with(draft, draft->key, assay_alg_of(family_of(draft), digest == 32 ? 64 : digest - 16));
  draft_sign(draft);
}

/* ---- the table ---- */

#define ES512 ASSAY_ALG_BIT(ASSAY_ES512)
#define ED25519 ASSAY_ALG_BIT(ASSAY_ED25519)
#define ED448 ASSAY_ALG_BIT(ASSAY_ED448)

static const struct mutation_variant bitflip[] = {
    {"header", REASON_SIGNATURE_INVALID, trace_add, .tamper = flip_header},
    {"payload", REASON_SIGNATURE_INVALID, .tamper = flip_payload},
    {"signature", REASON_SIGNATURE_INVALID, .forge = flip_signature},
};

static const struct mutation_variant wrong_key[] = {
    {"", REASON_SIGNATURE_INVALID, .forge = sign_wrong_key},
};

static const struct mutation_variant sig_transplant[] = {
    {"other-claims", REASON_SIGNATURE_INVALID, .forge = transplant_claims},
    {"other-header", REASON_SIGNATURE_INVALID, .forge = transplant_header},
};

static const struct mutation_variant sig_over_decoded[] = {
    {"both", REASON_SIGNATURE_INVALID, .encode = sign_sketch, .text = "h.p"},
    {"payload", REASON_SIGNATURE_INVALID, .encode = sign_sketch, .text = "H.p"},
    {"payload-alone", REASON_SIGNATURE_INVALID, .encode = sign_sketch, .text = "P"},
    {"no-dot", REASON_SIGNATURE_INVALID, .encode = sign_sketch, .text = "HP"},
    {"final-dot", REASON_SIGNATURE_INVALID, .encode = sign_sketch, .text = "H.P."},
    {"final-newline", REASON_SIGNATURE_INVALID, .encode = sign_sketch, .text = "H.P\n"},
    {"swapped", REASON_SIGNATURE_INVALID, .encode = sign_sketch, .text = "P.H"},
    {"padded", REASON_SIGNATURE_INVALID, .encode = sign_padded},
    {"standard-alphabet", REASON_SIGNATURE_INVALID, add_alphabet, sign_standard_alphabet},
};

static const struct mutation_variant hmac_truncated[] = {
    {"half", REASON_SIGNATURE_LENGTH, .forge = cut_half, .severity = SEVERITY_PARSING},
    {"one-less", REASON_SIGNATURE_LENGTH, .forge = cut, .number = -1, .severity = SEVERITY_PARSING},
    {"ten-octets", REASON_SIGNATURE_LENGTH, .forge = cut, .number = 10, .severity = SEVERITY_PARSING},
    {"one-octet", REASON_SIGNATURE_LENGTH, .forge = cut, .number = 1},
    {"one-more", REASON_SIGNATURE_LENGTH, .forge = extend, .severity = SEVERITY_PARSING},
    {"twice", REASON_SIGNATURE_LENGTH, .forge = double_up, .severity = SEVERITY_PARSING},
};

static const struct mutation_variant hs_key_text[] = {
    {"base64", REASON_SIGNATURE_INVALID, .forge = tag_key_text, .text = "base64",
     .severity = SEVERITY_PARSING},
    {"base64url", REASON_SIGNATURE_INVALID, .forge = tag_key_text, .text = "url",
     .severity = SEVERITY_PARSING},
    {"hex", REASON_SIGNATURE_INVALID, .forge = tag_key_text, .text = "hex", .severity = SEVERITY_PARSING},
    {"hex-upper", REASON_SIGNATURE_INVALID, .forge = tag_key_text, .text = "HEX",
     .severity = SEVERITY_PARSING},
    {"cut-at-nul", REASON_SIGNATURE_INVALID, .forge = tag_nul_cut, .number = 32},
    {"cut-to-nothing", REASON_SIGNATURE_INVALID, .forge = tag_nul_cut, .number = 0},
    {"text-decoded-twice", REASON_SIGNATURE_INVALID, .forge = tag_text_twice, .severity = SEVERITY_PARSING},
    {"nul-inside", REASON_OK, .forge = tag_nul_whole, .number = 32},
    {"nul-in-front", REASON_OK, .forge = tag_nul_whole, .number = 0},
    {"text", REASON_OK, .forge = tag_text_once},
};

/* One RSA signature in 256 is found by making 256 of them, so two algorithms stand for six. */
#define ALGS_RSA_FEW (ASSAY_ALG_BIT(ASSAY_RS256) | ASSAY_ALG_BIT(ASSAY_PS256))
static const struct mutation_variant sig_leading_zero[] = {
    {"tag", REASON_OK, .forge = sign_zero_first, .algs = ALGS_HMAC},
    {"tag-then-other", REASON_SIGNATURE_INVALID, .forge = sign_zero_then_other, .algs = ALGS_HMAC},
    {"rsa", REASON_OK, .forge = sign_zero_first, .algs = ALGS_RSA_FEW},
    {"rsa-other", REASON_SIGNATURE_INVALID, .forge = sign_zero_put, .algs = ALGS_RSA},
    {"r-one", REASON_OK, .forge = ecdsa_zeros_r, .number = 1, .algs = ALGS_EC},
    {"r-two", REASON_OK, .forge = ecdsa_zeros_r, .number = 2, .algs = ALGS_EC},
    {"r-three", REASON_OK, .forge = ecdsa_zeros_r, .number = 3, .algs = ALGS_EC},
    {"r-eleven", REASON_OK, .forge = ecdsa_zeros_r, .number = 11, .algs = ASSAY_ALG_BIT(ASSAY_ES256K)},
    {"s-one", REASON_OK, .forge = ecdsa_zero_s_first, .algs = ALGS_EC},
    {"both", REASON_OK, .forge = ecdsa_zeros_both, .number = 1, .algs = ALGS_EC},
    {"r-other", REASON_SIGNATURE_INVALID, .forge = ecdsa_zeros_other, .number = 1, .algs = ALGS_EC},
    {"edwards-r", REASON_OK, .forge = sign_zero_first, .algs = ALGS_ED},
    {"edwards-s", REASON_OK, .forge = sign_zero_second_half, .algs = ALGS_ED},
    {"edwards-other", REASON_SIGNATURE_INVALID, .forge = sign_zero_put, .algs = ALGS_ED},
};

static const struct mutation_variant wrong_hash[] = {
    {"sha2", REASON_SIGNATURE_LENGTH, .forge = tag_other, .algs = ALGS_HMAC, .severity = SEVERITY_PARSING},
    {"sha512-cut", REASON_SIGNATURE_INVALID, .forge = tag_other_cut,
     .algs = ASSAY_ALG_BIT(ASSAY_HS256) | ASSAY_ALG_BIT(ASSAY_HS384), .severity = SEVERITY_PARSING},
    {"sha3-cut", REASON_SIGNATURE_INVALID, .forge = tag_sha3, .algs = ALGS_HMAC,
     .severity = SEVERITY_PARSING},
    {"unkeyed", REASON_SIGNATURE_INVALID, .forge = tag_unkeyed, .algs = ALGS_HMAC},
    {"key-in-front", REASON_SIGNATURE_INVALID, .forge = tag_unkeyed, .text = "key", .algs = ALGS_HMAC},
    {"other-sha2", REASON_SIGNATURE_INVALID, .forge = sign_other_hash, .algs = ALGS_RSA,
     .severity = SEVERITY_PARSING},
    {"sha1", REASON_SIGNATURE_INVALID, .forge = pkcs1_sha1, .algs = ALGS_PKCS1, .severity = SEVERITY_PARSING},
};

static const struct mutation_variant rsa_length[] = {
    {"one-less", REASON_SIGNATURE_LENGTH, .forge = cut, .number = -1},
    {"half", REASON_SIGNATURE_LENGTH, .forge = cut_half},
    {"zero-stripped", REASON_SIGNATURE_LENGTH, .forge = rsa_strip_zero, .algs = ASSAY_ALG_BIT(ASSAY_RS256)},
    {"zero-prefixed", REASON_SIGNATURE_LENGTH, .forge = prefix_zero},
    {"zero-appended", REASON_SIGNATURE_LENGTH, .forge = extend},
    {"twice", REASON_SIGNATURE_LENGTH, .forge = double_up},
};

static const struct mutation_variant rsa_ge_n[] = {
    {"plus-n", REASON_SIGNATURE_RANGE, .forge = rsa_add_modulus, .severity = SEVERITY_PARSING},
    {"n", REASON_SIGNATURE_RANGE, .forge = rsa_set_modulus},
    {"ones", REASON_SIGNATURE_RANGE, .forge = set_ones},
    {"n-less-one", REASON_SIGNATURE_INVALID, .forge = rsa_set_modulus, .number = -1},
    {"zero", REASON_SIGNATURE_INVALID, .forge = rsa_set_small, .number = 0},
    {"one", REASON_SIGNATURE_INVALID, .forge = rsa_set_small, .number = 1},
};

/* Sketches of a PKCS#1 block: see forge_block. */
#define ALGORITHM "30(06(O)0500)"
#define INFO "30(" ALGORITHM "04(H))"
#define PKCS1(variant, sketch)                                                                               \
  { variant, REASON_SIGNATURE_INVALID, .forge = pkcs1_block, .text = sketch }

static const struct mutation_variant pkcs1_garbage[] = {
    PKCS1("behind", "00 01 ffffffffffffffff 00 " INFO " G"),
    PKCS1("behind-short", "00 01 P 00 " INFO " g"),
    PKCS1("behind-zero", "00 01 P 00 " INFO " 00"),
    PKCS1("before", "00 01 ffffffffffffffff 00 G " INFO),
    PKCS1("in-parameters", "00 01 P 00 30(30(06(O)05(g))04(H))"),
    PKCS1("other-parameters", "00 01 P 00 30(30(06(O)04(g))04(H))"),
    PKCS1("behind-parameters", "00 01 P 00 30(30(06(O)0500 04(g))04(H))"),
    PKCS1("between", "00 01 P 00 30(" ALGORITHM "04(g)04(H))"),
    PKCS1("behind-digest", "00 01 P 00 30(" ALGORITHM "04(H)04(g))"),
    PKCS1("in-digest", "00 01 P 00 30(" ALGORITHM "04(H g))"),
    PKCS1("before-digest", "00 01 P 00 30(" ALGORITHM "04(g H))"),
    {"cube-root", REASON_SIGNATURE_INVALID, pkcs1_exponent_three, .forge = pkcs1_cube_root,
     .algs = ASSAY_ALG_BIT(ASSAY_RS256) | ASSAY_ALG_BIT(ASSAY_RS384)},
};

static const struct mutation_variant pkcs1_ber[] = {
    PKCS1("long-outer", "00 01 P 00 30:1(" ALGORITHM "04(H))"),
    PKCS1("longer-outer", "00 01 P 00 30:2(" ALGORITHM "04(H))"),
    PKCS1("long-algorithm", "00 01 P 00 30(30:1(06(O)0500)04(H))"),
    PKCS1("long-oid", "00 01 P 00 30(30(06:1(O)0500)04(H))"),
    PKCS1("long-null", "00 01 P 00 30(30(06(O)05:1())04(H))"),
    PKCS1("long-digest", "00 01 P 00 30(" ALGORITHM "04:1(H))"),
    PKCS1("longest-digest", "00 01 P 00 30(" ALGORITHM "04:4(H))"),
    PKCS1("indefinite-outer", "00 01 P 00 30:i(" ALGORITHM "04(H))"),
    PKCS1("indefinite-algorithm", "00 01 P 00 30(30:i(06(O)0500)04(H))"),
    PKCS1("constructed-digest", "00 01 P 00 30(" ALGORITHM "24(04(H)))"),
    PKCS1("bit-string", "00 01 P 00 30(" ALGORITHM "03(00 H))"),
    PKCS1("set", "00 01 P 00 31(" ALGORITHM "04(H))"),
    PKCS1("swapped", "00 01 P 00 30(04(H)" ALGORITHM ")"),
};

static const struct mutation_variant pkcs1_missing_null[] = {
    PKCS1("", "00 01 P 00 30(30(06(O))04(H))"),
};

static const struct mutation_variant pkcs1_short_pad[] = {
    PKCS1("seven-octets", "Z 01 ffffffffffffff 00 " INFO),
    PKCS1("none", "Z 01 00 " INFO),
    PKCS1("type-0", "Z " INFO),
    PKCS1("type-2", "00 02 G 00 " INFO),
    PKCS1("first-octet", "01 01 P 00 " INFO),
    PKCS1("first-of-padding", "00 01 fe P 00 " INFO),
    PKCS1("last-of-padding", "00 01 P fe 00 " INFO),
    PKCS1("no-separator", "00 01 P " INFO),
    PKCS1("other-separator", "00 01 P 01 " INFO),
    PKCS1("separator-twice", "00 01 P 00 00 " INFO),
};

static const struct mutation_variant pkcs1_oid[] = {
    PKCS1("sha1", "00 01 P 00 30(30(06(2b0e03021a)0500)04(H))"),
    PKCS1("sha224", "00 01 P 00 30(30(06(608648016503040204)0500)04(H))"),
    PKCS1("sha3-256", "00 01 P 00 30(30(06(608648016503040208)0500)04(H))"),
    PKCS1("rsa-with-sha256", "00 01 P 00 30(30(06(2a864886f70d01010b)0500)04(H))"),
    PKCS1("longer", "00 01 P 00 30(30(06(O 01)0500)04(H))"),
    PKCS1("shorter", "00 01 P 00 30(30(06(6086480165030402)0500)04(H))"),
    PKCS1("empty", "00 01 P 00 30(30(06()0500)04(H))"),
    PKCS1("other-tag", "00 01 P 00 30(30(04(O)0500)04(H))"),
    PKCS1("absent", "00 01 P 00 30(30(0500)04(H))"),
    PKCS1("no-algorithm", "00 01 P 00 30(04(H))"),
    PKCS1("bare-digest", "00 01 P 00 H"),
};

static const struct mutation_variant pss_salt_length[] = {
    {"none", REASON_SIGNATURE_INVALID, .forge = pss_salt, .number = 0},
    {"twenty", REASON_SIGNATURE_INVALID, .forge = pss_salt, .number = 20},
    {"one-less", REASON_SIGNATURE_INVALID, .forge = pss_salt_off, .number = -1},
    {"one-more", REASON_SIGNATURE_INVALID, .forge = pss_salt_off, .number = 1},
    {"longest", REASON_SIGNATURE_INVALID, .forge = pss_salt_max},
};

static const struct mutation_variant pss_mgf_hash[] = {
    {"sha1", REASON_SIGNATURE_INVALID, .forge = pss_mgf_sha1},
    {"other-sha2", REASON_SIGNATURE_INVALID, .forge = pss_mgf_other},
};

static const struct mutation_variant pss_encoding[] = {
    {"trailer", REASON_SIGNATURE_INVALID, .forge = pss_trailer, .number = 0xcc},
    {"trailer-zero", REASON_SIGNATURE_INVALID, .forge = pss_trailer, .number = 0x00},
    {"padding", REASON_SIGNATURE_INVALID, .forge = pss_padding},
    {"separator", REASON_SIGNATURE_INVALID, .forge = pss_separator, .number = 0x02},
    {"separator-zero", REASON_SIGNATURE_INVALID, .forge = pss_separator, .number = 0x00},
    {"top-bit", REASON_SIGNATURE_INVALID, .forge = pss_top_bit},
    {"no-zeros", REASON_SIGNATURE_INVALID, .forge = pss_no_zeros},
};

static const struct mutation_variant ecdsa_zero[] = {
    {"r", REASON_SIGNATURE_ZERO, .forge = ecdsa_zero_r},
    {"s", REASON_SIGNATURE_ZERO, .forge = ecdsa_zero_s},
    {"both", REASON_SIGNATURE_ZERO, .forge = ecdsa_zero_both},
};

static const struct mutation_variant ecdsa_range[] = {
    {"r-order", REASON_SIGNATURE_RANGE, .forge = ecdsa_order_r},
    {"s-order", REASON_SIGNATURE_RANGE, .forge = ecdsa_order_s},
    {"r-above-order", REASON_SIGNATURE_RANGE, .forge = ecdsa_order_r, .number = 1},
    {"s-above-order", REASON_SIGNATURE_RANGE, .forge = ecdsa_order_s, .number = 1},
    {"r-plus-order", REASON_SIGNATURE_RANGE, .forge = ecdsa_add_order_r, .algs = ES512,
     .severity = SEVERITY_PARSING},
    {"s-plus-order", REASON_SIGNATURE_RANGE, .forge = ecdsa_add_order_s, .algs = ES512,
     .severity = SEVERITY_PARSING},
    {"r-ones", REASON_SIGNATURE_RANGE, .forge = ecdsa_ones_r},
    {"s-ones", REASON_SIGNATURE_RANGE, .forge = ecdsa_ones_s},
};

static const struct mutation_variant ecdsa_der_form[] = {
    {"der", REASON_SIGNATURE_LENGTH, .forge = ecdsa_der},
    {"zeros", REASON_SIGNATURE_LENGTH, .forge = ecdsa_der_zero, .severity = SEVERITY_FORGERY},
};

static const struct mutation_variant ecdsa_length[] = {
    {"one-less", REASON_SIGNATURE_LENGTH, .forge = cut, .number = -1},
    {"one-more", REASON_SIGNATURE_LENGTH, .forge = extend},
    {"zero-prefixed", REASON_SIGNATURE_LENGTH, .forge = prefix_zero},
    {"zero-stripped", REASON_SIGNATURE_LENGTH, .forge = ecdsa_strip_zero},
    {"wider", REASON_SIGNATURE_LENGTH, .forge = ecdsa_widen, .number = 16},
    {"one-half", REASON_SIGNATURE_LENGTH, .forge = cut_half},
    {"twice", REASON_SIGNATURE_LENGTH, .forge = double_up},
};

static const struct mutation_variant ecdsa_high_s[] = {
    {"high-s", REASON_OK, .forge = ecdsa_raise_s},
    {"negated-r", REASON_SIGNATURE_INVALID, .forge = ecdsa_negate_r},
};

static const struct mutation_variant ecdsa_hash_size[] = {
    {"empty", REASON_SIGNATURE_INVALID, .forge = ecdsa_digest_cut, .number = 0},
    {"one-octet", REASON_SIGNATURE_INVALID, .forge = ecdsa_digest_cut, .number = 1},
    {"twenty", REASON_SIGNATURE_INVALID, .forge = ecdsa_digest_cut, .number = 20,
     .severity = SEVERITY_PARSING},
    {"sha1", REASON_SIGNATURE_INVALID, .forge = ecdsa_sha1, .severity = SEVERITY_PARSING},
    {"other-sha2", REASON_SIGNATURE_INVALID, .forge = ecdsa_other_sha2, .severity = SEVERITY_PARSING},
    {"unhashed", REASON_SIGNATURE_INVALID, .forge = ecdsa_unhashed, .severity = SEVERITY_PARSING},
};

static const struct mutation_variant ed_s_ge_l[] = {
    {"plus-order", REASON_SIGNATURE_RANGE, .forge = ed_add_order, .number = 1},
    {"plus-eight-orders", REASON_SIGNATURE_RANGE, .forge = ed_add_order, .number = 8},
    {"order", REASON_SIGNATURE_RANGE, .forge = ed_order},
    {"ones", REASON_SIGNATURE_RANGE, .forge = ed_ones_s},
};

static const struct mutation_variant ed_noncanonical_r[] = {
    {"identity", REASON_SIGNATURE_RANGE, .forge = ed_identity_r},
    {"zero", REASON_SIGNATURE_RANGE, .forge = ed_zero_r},
    {"above-prime", REASON_SIGNATURE_RANGE, .forge = ed_above_prime_r},
    {"ones", REASON_SIGNATURE_RANGE, .forge = ed_ones_r},
    {"high-bits", REASON_SIGNATURE_RANGE, .forge = ed_high_bits_r, .algs = ED448},
    {"negative-zero", REASON_SIGNATURE_INVALID, .forge = ed_negative_zero_r},
    {"negative-zero-order-2", REASON_SIGNATURE_INVALID, .forge = ed_negative_zero_order_two_r},
};

static const struct mutation_variant ed_cofactor[] = {
    {"mixed-order", .forge = ed_mixed_order_r, .any = true},
    {"small-order", .forge = ed_small_order_r, .any = true},
    {"mixed-order-key", .forge = ed_mixed_key_residue, .any = true},
};

/* What RFC 8032 and FIPS 186-5 are silent on. Whether a point has a component of small order takes a point
 * multiplication to see, so the library alone can tell and none of its answers is wrong. */
static const struct mutation_variant ed_mixed_order_key[] = {
    {"prime-order-r", .forge = ed_mixed_key, .any = true},
    {"mixed-order-r", .forge = ed_mixed_key_and_r, .any = true},
    {"challenge-reduced", .forge = ed_mixed_key_reduced, .any = true},
};

static const struct mutation_variant ed_low_order_r[] = {
    {"neutral", .forge = ed_neutral_r, .any = true},
    {"mixed-order-key", .forge = ed_mixed_key_small_order_r, .any = true},
};

static const struct mutation_variant ed_length[] = {
    {"one-less", REASON_SIGNATURE_LENGTH, .forge = cut, .number = -1},
    {"one-more", REASON_SIGNATURE_LENGTH, .forge = extend},
    {"half", REASON_SIGNATURE_LENGTH, .forge = cut_half},
    {"twice", REASON_SIGNATURE_LENGTH, .forge = double_up},
};

static const struct mutation_variant ed_variant[] = {
    {"prehashed", REASON_SIGNATURE_INVALID, .forge = ed_prehashed},
    {"prehashed-context", REASON_SIGNATURE_INVALID, .forge = ed_prehashed, .text = "assay"},
    {"prehashed-plainly", REASON_SIGNATURE_INVALID, .forge = ed_prehashed_plainly},
    {"context", REASON_SIGNATURE_INVALID, .forge = ed_context, .text = "assay"},
    {"empty-context", REASON_SIGNATURE_INVALID, .forge = ed_context, .algs = ED25519},
    {"no-domain", REASON_SIGNATURE_INVALID, .forge = ed_no_domain, .algs = ED448},
    {"other-curve", REASON_SIGNATURE_LENGTH, .forge = ed_other_curve},
};

static const struct mutation_variant backend_error_as_ok[] = {
    {"one-octet", REASON_SIGNATURE_LENGTH, .forge = cut, .number = 1},
    {"zeros", REASON_SIGNATURE_INVALID, .forge = set_zeros, .algs = ALGS_HMAC | ALGS_ED},
    {"ones", REASON_SIGNATURE_INVALID, .forge = set_ones, .algs = ALGS_HMAC},
    {"factor-of-n", REASON_SIGNATURE_INVALID, .forge = rsa_set_factor, .algs = ALGS_RSA},
    {"order", REASON_SIGNATURE_RANGE, .forge = ecdsa_order_both, .algs = ALGS_EC},
    {"one", REASON_SIGNATURE_INVALID, .forge = ecdsa_one_both, .algs = ALGS_EC},
    {"infinity", REASON_SIGNATURE_INVALID, .forge = ecdsa_infinity, .algs = ALGS_EC},
    {"off-curve", REASON_SIGNATURE_INVALID, .forge = ed_off_curve_r, .algs = ALGS_ED},
};

static const struct mutation_class classes[] = {
    {"bitflip", SEVERITY_FORGERY, "altered tokens",
     "One bit of the header, the claims or the signature is another one.", "RFC 7515 5.2", ALGS_ALL, false,
     VARIANTS(bitflip)},
    {"wrong-key", SEVERITY_FORGERY, "tokens signed with another key",
     "Another key of the same type and size has signed.", "RFC 7515 5.2", ALGS_ALL, false,
     VARIANTS(wrong_key)},
    {"sig-transplant", SEVERITY_FORGERY, "another token's signature",
     "The signature belongs to another token of the same key.", "RFC 7515 5.2", ALGS_ALL, false,
     VARIANTS(sig_transplant)},
    {"sig-over-decoded", SEVERITY_FORGERY, "signatures of another text",
     "What is signed is another form of the header and the claims.", "RFC 7515 5.2", ALGS_ALL, false,
     VARIANTS(sig_over_decoded)},
    {"hmac-truncated", SEVERITY_FORGERY, "truncated HMAC tags",
     "The tag is a part of the right one, or longer.", "RFC 7518 3.2", ALGS_HMAC, false,
     VARIANTS(hmac_truncated)},
    {"hs-key-text", SEVERITY_FORGERY, "HMAC under a part of the secret",
     "The tag is under the secret's text, or under a part of it, and not under its octets.",
     "RFC 7518 3.2, RFC 7518 6.4.1", ALGS_HMAC, false, VARIANTS(hs_key_text)},
    {"sig-leading-zero", SEVERITY_FORGERY, "signatures of another text that begin with zeros",
     "The signature, or a half of it, begins with zeros, which stand there in full.",
     "RFC 7518 3.4, RFC 8017 8.2.1", ALGS_ALL, false, VARIANTS(sig_leading_zero)},
    {"wrong-hash", SEVERITY_FORGERY, "hashes in place of signatures",
     "The right key has signed with another hash than alg says.", "RFC 7518 3.1", ALGS_HMAC | ALGS_RSA, false,
     VARIANTS(wrong_hash)},
    {"rsa-length", SEVERITY_PARSING, "RSA signatures of another length",
     "The signature is right as a number but has not the modulus' length, or is cut.", "RFC 8017 8.2.2",
     ALGS_RSA, false, VARIANTS(rsa_length)},
    {"rsa-ge-n", SEVERITY_FORGERY, "RSA signatures that are 0 or 1",
     "The signature is not below the modulus, or is one of the numbers that powers leave alone.",
     "RFC 8017 5.2.2", ALGS_RSA, false, VARIANTS(rsa_ge_n)},
    {"pkcs1-garbage", SEVERITY_FORGERY, "RSA signatures with garbage in their padding",
     "Octets that a lax parser skips stand in or beside the DigestInfo.", "RFC 8017 8.2.2", ALGS_PKCS1, false,
     VARIANTS(pkcs1_garbage)},
    {"pkcs1-ber", SEVERITY_FORGERY, "RSA signatures in lax BER",
     "The DigestInfo is BER or another structure, not the one DER form.", "RFC 8017 9.2", ALGS_PKCS1, false,
     VARIANTS(pkcs1_ber)},
    {"pkcs1-missing-null", SEVERITY_PARSING, "RSA signatures without the hash's NULL",
     "The DigestInfo's algorithm has no parameters instead of NULL.", "RFC 8017 9.2", ALGS_PKCS1, true,
     VARIANTS(pkcs1_missing_null)},
    {"pkcs1-short-pad", SEVERITY_FORGERY, "RSA signatures with another padding",
     "The padding in front of the DigestInfo is short or of another type.", "RFC 8017 9.2", ALGS_PKCS1, false,
     VARIANTS(pkcs1_short_pad)},
    {"pkcs1-oid", SEVERITY_FORGERY, "RSA signatures that name another hash or none",
     "The DigestInfo names another hash, or none.", "RFC 8017 9.2", ALGS_PKCS1, false, VARIANTS(pkcs1_oid)},
    {"pss-salt-length", SEVERITY_PARSING, "PSS signatures with another salt length",
     "The salt is not as long as the hash.", "RFC 7518 3.5", ALGS_PSS, false, VARIANTS(pss_salt_length)},
    {"pss-mgf-hash", SEVERITY_PARSING, "PSS signatures with another mask hash",
     "The mask is made with another hash.", "RFC 7518 3.5", ALGS_PSS, false, VARIANTS(pss_mgf_hash)},
    {"pss-encoding", SEVERITY_PARSING, "PSS signatures with another encoding",
     "The encoded message has another trailer, padding, separator or top bit.", "RFC 8017 9.1.2", ALGS_PSS,
     false, VARIANTS(pss_encoding)},
    {"ecdsa-zero", SEVERITY_FORGERY, "ECDSA signatures of zeros", "r or s is zero.", "FIPS 186-5 6.4.2",
     ALGS_EC, false, VARIANTS(ecdsa_zero)},
    {"ecdsa-range", SEVERITY_FORGERY, "ECDSA signatures out of range", "r or s is not below the order.",
     "FIPS 186-5 6.4.2", ALGS_EC, false, VARIANTS(ecdsa_range)},
    {"ecdsa-der", SEVERITY_PARSING, "ECDSA signatures in DER", "The signature is in DER, not R || S.",
     "RFC 7518 3.4", ALGS_EC, false, VARIANTS(ecdsa_der_form)},
    {"ecdsa-length", SEVERITY_PARSING, "ECDSA signatures of another length",
     "R || S has another length than the curve gives.", "RFC 7518 3.4", ALGS_EC, false,
     VARIANTS(ecdsa_length)},
    {"ecdsa-high-s", SEVERITY_FORGERY, "ECDSA signatures with r negated",
     "s is the larger of s and n - s, which are equally good; n - r is not.", "RFC 7518 3.4", ALGS_EC, false,
     VARIANTS(ecdsa_high_s)},
    {"ecdsa-hash-size", SEVERITY_FORGERY, "ECDSA signatures of a stump of the hash",
     "The right key has signed a digest that is cut off or of another hash.", "FIPS 186-5 6.4.2", ALGS_EC,
     false, VARIANTS(ecdsa_hash_size)},
    {"ed-s-ge-L", SEVERITY_PARSING, "Edwards signatures with S out of range", "S is not below the order.",
     "RFC 8032 5.1.7", ALGS_ED, false, VARIANTS(ed_s_ge_l)},
    {"ed-noncanonical-R", SEVERITY_PARSING, "Edwards signatures with another encoding of R",
     "R is encoded in a way that no signer does.", "RFC 8032 5.1.3", ALGS_ED, false,
     VARIANTS(ed_noncanonical_r)},
    {"ed-cofactor", SEVERITY_FORM, "Edwards signatures that only the cofactor lets pass",
     "Only the equation with the cofactor holds: libraries differ by design.", "RFC 8032 5.1.7", ALGS_ED,
     true, VARIANTS(ed_cofactor)},
    {"ed-mixed-order-A", SEVERITY_FORM, "Edwards keys with a component of small order",
     "The key has a component of small order and both equations hold, in one variant only where the challenge "
     "is reduced modulo L first: no specification says whether to refuse it, so nothing is scored.",
     "RFC 8032 5.1.7, ePrint 2020/1244", ALGS_ED, true, VARIANTS(ed_mixed_order_key)},
    {"ed-low-order-R", SEVERITY_FORM, "Edwards signatures with R of small order",
     "R is a point of small order and both equations hold: no specification says whether to refuse it, so "
     "nothing is scored.",
     "RFC 8032 5.1.7, ePrint 2020/1244", ALGS_ED, true, VARIANTS(ed_low_order_r)},
    {"ed-length", SEVERITY_PARSING, "Edwards signatures of another length",
     "The signature has another length than the curve gives.", "RFC 8032 5.1.7", ALGS_ED, false,
     VARIANTS(ed_length)},
    {"ed-variant", SEVERITY_PARSING, "Edwards signatures of another variant",
     "The right key has signed in a variant of the scheme that JOSE does not use.", "RFC 8037 3.1", ALGS_ED,
     false, VARIANTS(ed_variant)},
    {"backend-error-as-ok", SEVERITY_FORGERY, "signatures that make the library fail",
     "The signature makes libraries fail in a way of its own, which is not success.", "RFC 7515 5.2",
     ALGS_ALL, false, VARIANTS(backend_error_as_ok)},
};

const struct mutation_group mutations_signature = {"signature", classes, sizeof classes / sizeof classes[0]};
