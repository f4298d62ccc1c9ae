/* RSA signatures to refuse: numbers out of range, and blocks padded wrongly on purpose, all of them
 * raised to the true private exponent, so that a check of the padding is all that stands between
 * them and acceptance. */
#include <nettle/sha1.h>

#include "corpus/make/draft_tools.h"
#include "corpus/spoil/signature_spoil.h"

static void sign_block(struct draft *draft, const uint8_t *block) {
  uint8_t sig[ASSAY_RSA_BYTES_MAX];
  forge_rsa(draft->key, block, sig);
  signature_set(draft, sig, draft->key->n.len);
}

/* A signature's leading zero left out: equal as a number, one octet short. One in 256 has a zero there. */
void rsa_strip_zero(struct draft *draft) {
  draft_sign(draft);
  while (draft->signature.ptr[0] != 0)
    draft_respin(draft);
  text_erase(&draft->signature, 0, 1);
}

/* s + n, where that still has the modulus' length. */
void rsa_add_modulus(struct draft *draft) {
  draft_sign(draft);
  while (!forge_add(draft->signature.ptr, draft->key->n.ptr, draft->key->n.len, FORGE_BIG))
    draft_respin(draft);
}

/* row_number: added to n, which is odd; -1 or 0. */
void rsa_set_modulus(struct draft *draft) {
  signature_set(draft, draft->key->n.ptr, draft->key->n.len);
  if (draft->row_number)
    draft->signature.ptr[draft->signature.len - 1] ^= 1;
}

/* row_number: s. */
void rsa_set_small(struct draft *draft) {
  signature_fill(draft, 0, draft->key->n.len);
  draft->signature.ptr[draft->signature.len - 1] = (uint8_t)draft->row_number;
}

/* s = p: it shares a factor with n. */
void rsa_set_factor(struct draft *draft) {
  signature_fill(draft, 0, draft->key->n.len);
  memcpy(draft->signature.ptr + draft->signature.len - draft->key->p.len, draft->key->p.ptr,
         draft->key->p.len);
}

/* row_text: the block, as in forge_block. */
void pkcs1_block(struct draft *draft) {
  const struct nettle_hash *hash = forge_hash(draft->alg);
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX], block[ASSAY_RSA_BYTES_MAX];
  digest_input(draft, hash, digest);
  forge_block(draft->row_text, hash, digest, &draft->rng, block, draft->key->n.len);
  sign_block(draft, block);
}

/* SHA-1 throughout: digest and OID (RFC 8017 B.1). */
void pkcs1_sha1(struct draft *draft) {
  uint8_t digest[SHA1_DIGEST_SIZE], block[ASSAY_RSA_BYTES_MAX];
  digest_input(draft, &nettle_sha1, digest);
  forge_block("00 01 P 00 30(30(06(2b0e03021a)0500)04(H))", &nettle_sha1, digest, &draft->rng, block,
              draft->key->n.len);
  sign_block(draft, block);
}

void pkcs1_exponent_three(struct draft *draft) {
  json_object_set_new(draft_jwk(draft), "e", json_string("Aw"));
}

/* With e = 3 and a check that ends at the digest nobody needs the private key: the cube root of a block whose
 * end may be anything. */
void pkcs1_cube_root(struct draft *draft) {
  const struct nettle_hash *hash = forge_hash(draft->alg);
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX], block[ASSAY_RSA_BYTES_MAX], sig[ASSAY_RSA_BYTES_MAX];
  size_t width = draft->key->n.len;
  digest_input(draft, hash, digest);
  forge_block("00 01 ffffffffffffffff 00 30(30(06(O)0500)04(H)) ff Z", hash, digest, &draft->rng, block,
              width);
  forge_cube_root(block, sig, width);
  signature_set(draft, sig, width);
}

static struct forge_pss pss_right(const struct draft *draft) {
  return forge_pss_right(forge_hash(draft->alg));
}

static void pss_sign(struct draft *draft, const struct forge_pss *pss) {
  uint8_t digest[ASSAY_DIGEST_BYTES_MAX], block[ASSAY_RSA_BYTES_MAX];
  digest_input(draft, pss->hash, digest);
  do
    forge_pss(pss, digest, &draft->rng, block, draft->key->n.len);
  while (memcmp(block, draft->key->n.ptr, draft->key->n.len) >= 0); /* only with top_bit */
  sign_block(draft, block);
}

/* row_number: octets of salt. */
void pss_salt(struct draft *draft) {
  struct forge_pss pss = pss_right(draft);
  pss.salt = (size_t)draft->row_number;
  pss_sign(draft, &pss);
}

/* row_number: more, or less, than the hash has. */
void pss_salt_off(struct draft *draft) {
  struct forge_pss pss = pss_right(draft);
  pss.salt = (size_t)((int64_t)pss.salt + draft->row_number);
  pss_sign(draft, &pss);
}

void pss_salt_max(struct draft *draft) {
  struct forge_pss pss = pss_right(draft);
  pss.salt = forge_pss_salt_max(pss.hash, draft->key->n.len);
  pss_sign(draft, &pss);
}

void pss_mgf_sha1(struct draft *draft) {
  struct forge_pss pss = pss_right(draft);
  pss.mgf = &nettle_sha1;
  pss_sign(draft, &pss);
}

void pss_mgf_other(struct draft *draft) {
  struct forge_pss pss = pss_right(draft);
  pss.mgf = draft->alg == ASSAY_PS256 ? &nettle_sha512 : &nettle_sha256;
  pss_sign(draft, &pss);
}

/* row_number: the last octet. */
void pss_trailer(struct draft *draft) {
  struct forge_pss pss = pss_right(draft);
  pss.trailer = (uint8_t)draft->row_number;
  pss_sign(draft, &pss);
}

void pss_padding(struct draft *draft) {
  struct forge_pss pss = pss_right(draft);
  pss.padding = 0x01;
  pss_sign(draft, &pss);
}

/* row_number: the octet between padding and salt. */
void pss_separator(struct draft *draft) {
  struct forge_pss pss = pss_right(draft);
  pss.separator = (uint8_t)draft->row_number;
  pss_sign(draft, &pss);
}

void pss_top_bit(struct draft *draft) {
  struct forge_pss pss = pss_right(draft);
  pss.top_bit = true;
  pss_sign(draft, &pss);
}

void pss_no_zeros(struct draft *draft) {
  struct forge_pss pss = pss_right(draft);
  pss.zeros = 0;
  pss_sign(draft, &pss);
}
