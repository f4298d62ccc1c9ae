/* BoringSSL: its native calls (boringssl_family.h). Packaged by Debian as Android's copy, beside OpenSSL and
 * under another file name.
 *
 * build: include /usr/include/android
 * build: library /usr/lib/${multiarch}/android/libcrypto.so
 * prefix: header openssl/crypto.h
 * prefix: library crypto
 *
 * It has neither Ed448 nor secp256k1. */
#include <openssl/crypto.h>

#ifdef OPENSSL_IS_AWSLC
#error "these are the headers of AWS-LC, whose backend is awslc"
#elif !defined(OPENSSL_IS_BORINGSSL)
#error "these are not the headers of BoringSSL"
#endif

#define ALGS (ASSAY_ALGS_ALL & ~(ASSAY_ALG_BIT(ASSAY_ES256K) | ASSAY_ALG_BIT(ASSAY_ED448)))
#include "backends/boringssl_family.h"

/* What Debian does is known of its package alone, so it is said only where that file was loaded. */
static void tell_debian(void) {
  if (strncmp(told.path, "/usr/lib/", 9) != 0 || !strstr(told.path, "/android/libcrypto.so"))
    return;
  fact_add("Debian builds it with OPENSSL_SMALL, which slows P-256", SOURCE_PACKAGE);
  told.note = "small";
}

/* The loaded file tells its name, but no version and none of its options. */
static const struct assay_build *build(void) {
  static char version[24];
  if (told.version)
    return &told;
  told.library = "BoringSSL";
  family_tell();
  family_check_name();
  tell_debian();
  fact_add("the API number is that of the header; the library tells no version", SOURCE_INFERRED);
  snprintf(version, sizeof version, "api %d", BORINGSSL_API_VERSION);
  told.version = version;
  return &told;
}

const struct assay_backend assay_backend = {
    .name = "boringssl",
    .summary = "native calls: HMAC by two SHA-2 states keyed once, RSA_verify, RSA_verify_pss_mgf1, "
               "ECDSA_do_verify, ED25519_verify",
    .variants = variants,
    .algs = ALGS,
    HOOKS(key_open, key_close),
};
