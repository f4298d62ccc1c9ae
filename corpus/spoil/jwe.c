/* JWE in compact serialisation (RFC 7516 7.1); see jwe.h. */
#include "corpus/spoil/jwe.h"

#include <nettle/aes.h>
#include <nettle/bignum.h>
#include <nettle/cbc.h>
#include <nettle/gcm.h>
#include <nettle/hmac.h>
#include <nettle/rsa.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/make/draft.h"

#define HALF_OCTETS 32 /* A256CBC-HS512: MAC key, then encryption key */

static void part_add(struct text *out, const void *octets, size_t len) {
  text_add_str(out, ".");
  text_add_b64url(out, octets, len);
}

static void header_add(struct text *out, const char *alg, const char *enc, const char *kid) {
  OWNED_BYTES struct text header = {0};
  text_addf(&header, "{\"alg\":\"%s\",\"enc\":\"%s\",\"kid\":\"%s\"}", alg, enc, kid);
  text_add_b64url(out, header.ptr, header.len);
}

/* PKCS #7 padding, then CBC. */
static void cbc_encrypt_padded(const uint8_t *key, const uint8_t *iv, struct assay_bytes plaintext,
                               struct text *out) {
  struct CBC_CTX(struct aes256_ctx, AES_BLOCK_SIZE) cbc;
  uint8_t fill = (uint8_t)(AES_BLOCK_SIZE - plaintext.len % AES_BLOCK_SIZE);
  text_set(out, plaintext.ptr, plaintext.len);
  for (unsigned i = 0; i < fill; i++)
    text_add(out, &fill, 1);
  aes256_set_encrypt_key(&cbc.ctx, key);
  CBC_SET_IV(&cbc, iv);
  CBC_ENCRYPT(&cbc, aes256_encrypt, out->len, out->ptr, out->ptr);
}

/* RFC 7518 5.2.2.1: HMAC over AAD, IV, ciphertext and the AAD's length in bits, cut in half. */
static void cbc_tag(const uint8_t *key, const struct text *aad, const uint8_t *iv,
                    const struct text *ciphertext, uint8_t *tag) {
  struct hmac_sha512_ctx mac;
  uint8_t bits[8];
  for (int i = 0; i < 8; i++)
    bits[i] = (uint8_t)((uint64_t)aad->len * 8 >> (56 - 8 * i));
  hmac_sha512_set_key(&mac, HALF_OCTETS, key);
  hmac_sha512_update(&mac, aad->len, aad->ptr);
  hmac_sha512_update(&mac, AES_BLOCK_SIZE, iv);
  hmac_sha512_update(&mac, ciphertext->len, ciphertext->ptr);
  hmac_sha512_update(&mac, sizeof bits, bits);
  hmac_sha512_digest(&mac, HALF_OCTETS, tag);
}

void jwe_dir(const struct signing_key *key, struct assay_bytes plaintext, struct rng *random,
             struct text *out) {
  uint8_t iv[AES_BLOCK_SIZE], tag[HALF_OCTETS];
  OWNED_BYTES struct text aad = {0}, ciphertext = {0};
  if (key->k.len != 2 * HALF_OCTETS)
    fatal("a JWE by dir needs a key of %d octets, not %zu", 2 * HALF_OCTETS, key->k.len);
  header_add(&aad, "dir", "A256CBC-HS512", key->kid);
  rng_bytes(random, iv, sizeof iv);
  cbc_encrypt_padded(key->k.ptr + HALF_OCTETS, iv, plaintext, &ciphertext);
  cbc_tag(key->k.ptr, &aad, iv, &ciphertext, tag);
  text_add(out, aad.ptr, aad.len);
  part_add(out, "", 0);
  part_add(out, iv, sizeof iv);
  part_add(out, ciphertext.ptr, ciphertext.len);
  part_add(out, tag, sizeof tag);
}

/* The content key, encrypted with PKCS #1 v1.5 (RFC 8017 7.2). */
static void wrap_rsa1_5(const struct signing_key *key, const uint8_t *cek, size_t cek_len, struct rng *random,
                        struct text *out) {
  struct rsa_public_key public_key;
  uint8_t *octets = must(malloc(key->n.len));
  mpz_t wrapped;
  mpz_init(wrapped);
  rsa_public_key_init(&public_key);
  nettle_mpz_set_str_256_u(public_key.n, key->n.len, key->n.ptr);
  nettle_mpz_set_str_256_u(public_key.e, key->e.len, key->e.ptr);
  if (!rsa_public_key_prepare(&public_key) ||
      !rsa_encrypt(&public_key, random, rng_nettle, cek_len, cek, wrapped))
    fatal("cannot encrypt to an RSA key of %u bits", key->bits);
  nettle_mpz_get_str_256(key->n.len, octets, wrapped);
  part_add(out, octets, key->n.len);
  rsa_public_key_clear(&public_key);
  mpz_clear(wrapped);
  free(octets);
}

void jwe_rsa1_5(const struct signing_key *key, struct assay_bytes plaintext, struct rng *random,
                struct text *out) {
  uint8_t cek[AES256_KEY_SIZE], iv[GCM_IV_SIZE], tag[GCM_DIGEST_SIZE];
  uint8_t *ciphertext = must(malloc(plaintext.len + 1));
  struct gcm_aes256_ctx gcm;
  OWNED_BYTES struct text aad = {0};
  header_add(&aad, "RSA1_5", "A256GCM", key->kid);
  rng_bytes(random, cek, sizeof cek);
  rng_bytes(random, iv, sizeof iv);
  gcm_aes256_set_key(&gcm, cek);
  gcm_aes256_set_iv(&gcm, sizeof iv, iv);
  gcm_aes256_update(&gcm, aad.len, aad.ptr);
  gcm_aes256_encrypt(&gcm, plaintext.len, ciphertext, plaintext.ptr);
  gcm_aes256_digest(&gcm, sizeof tag, tag);
  text_add(out, aad.ptr, aad.len);
  wrap_rsa1_5(key, cek, sizeof cek, random, out);
  part_add(out, iv, sizeof iv);
  part_add(out, ciphertext, plaintext.len);
  part_add(out, tag, sizeof tag);
  free(ciphertext);
}
