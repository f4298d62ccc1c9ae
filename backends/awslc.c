/* AWS-LC: its native calls (boringssl_family.h), which it has kept from BoringSSL. Debian has no package of it;
 * scripts/build-awslc makes a prefix for awslc@PREFIX.
 *
 * prefix: header openssl/crypto.h
 * prefix: library crypto
 *
 * It has secp256k1, which BoringSSL dropped, but no Ed448. */
#include <openssl/crypto.h>

#ifdef OPENSSL_IS_BORINGSSL
#error "these are the headers of BoringSSL, whose backend is boringssl"
#elif !defined(OPENSSL_IS_AWSLC)
#error "these are not the headers of AWS-LC"
#endif

#define ALGS (ASSAY_ALGS_ALL & ~ASSAY_ALG_BIT(ASSAY_ED448))
#include "backends/boringssl_family.h"

/* "5.5.0", and "FIPS 5.5.0" of a FIPS build, behind the name. Headers of another version describe another
 * library: only the branches for long-term support promise a stable ABI. */
static void read_version(void) {
  const char *words = OpenSSL_version(OPENSSL_VERSION), *number = strrchr(words, ' ');
  told.version = words + strlen(told.library) + 1;
  if (strcmp(number + 1, AWSLC_VERSION_NUMBER_STRING) == 0)
    return;
  snprintf(build_problem, sizeof build_problem,
           "the library that was loaded, %s, is %s, but its headers were of " AWSLC_VERSION_NUMBER_STRING,
           told.path, words);
  told.problem = build_problem;
}

static const struct assay_build *build(void) {
  if (told.version)
    return &told;
  told.library = "AWS-LC";
  told.version = "";
  family_tell();
  family_check_name();
  if (!told.problem)
    read_version();
  return &told;
}

const struct assay_backend assay_backend = {
    .name = "awslc",
    .summary = "native calls: HMAC by two SHA-2 states keyed once, RSA_verify, RSA_verify_pss_mgf1, "
               "ECDSA_do_verify, ED25519_verify",
    .variants = variants,
    .algs = ALGS,
    HOOKS(key_open, key_close),
};
