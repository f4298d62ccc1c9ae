/* The contract between assay and a crypto library.
 *
 * A backend is one C file, `backends/<name>.c`, built as a module of its own. It includes this header,
 * harness/base and its library, nothing else, and exports exactly one symbol: `assay_backend`. The harness
 * loads it with dlopen in a worker process that holds no other crypto library, checks `abi` and `size`
 * first, and then calls the hooks below. Where NULL is allowed it means: this library has no such thing.
 *
 * The file says how it is built in comments at its top, which CMake reads:
 *   build: pkg-config NAME ...      compile and link flags from pkg-config
 *   build: include DIR              an include folder before all others
 *   build: library PATH             a library by full path; ${multiarch} stands for, say, x86_64-linux-gnu
 * A backend whose library is not installed is left out of the build with one line that says so. For
 * NAME@PREFIX, another build of the library, it says as well what to look for under PREFIX:
 *   prefix: header FILE             below its include folder: openssl/crypto.h
 *   prefix: include FOLDER ...      below its include folder, searched as well: botan-2
 *   prefix: library STEM ...        lib<STEM>.so or .a in lib, lib64 and the like; the library itself first, then
 *                                   others of its own, which have to be there too
 *   prefix: beside STEM ...         libraries of others that this file calls, the system's where they are not there
 * One that says nothing else is no part of the build: its library is none that is packaged.
 */
#ifndef ASSAY_BACKENDS_BACKEND_H
#define ASSAY_BACKENDS_BACKEND_H

#include "harness/base/alg.h"
#include "harness/base/bytes.h"

#define ASSAY_BACKEND_ABI 2u

/* What a library said of a key or a signature. Its negative returns are never MATCH. */
enum assay_outcome {
  ASSAY_MATCH = 1, /* key_open, ctx_open: it worked */
  ASSAY_MISMATCH,  /* well-formed, does not verify */
  ASSAY_MALFORMED, /* the library refuses the form of the key or signature */
  ASSAY_UNSUPPORTED,
  ASSAY_FAULT /* no memory, or an error of the library itself: voids the run */
};

/* A public (or HMAC) key: raw octets, no JSON, no PEM (RFC 7518 6.2, 6.3, 6.4; RFC 8037 2). Unused fields
 * are empty. Numbers are big-endian without leading zeros (n, e) or of full field length (x, y). */
struct assay_public_key {
  enum assay_alg alg;      /* the one algorithm that this import is for */
  struct assay_bytes k;    /* HMAC key */
  struct assay_bytes n, e; /* RSA modulus and exponent */
  struct assay_bytes x, y; /* EC coordinates; x alone: the Edwards public key */
};

/* How a build fact is known. */
enum assay_source {
  SOURCE_LIBRARY, /* the loaded library tells it itself */
  SOURCE_PACKAGE, /* known of the distribution's package */
  SOURCE_INFERRED /* from a header, a symbol or a measurement */
};

struct assay_fact {
  const char *text;
  enum assay_source source;
};

/* The library that was really loaded, asked at run time. All strings live as long as the module. */
struct assay_build {
  const char *library; /* "OpenSSL" */
  const char *version; /* "3.0.22", from a function of the library, not from a header, where it has one */
  const char *path;    /* of the loaded object: dladdr of one of the library's functions; "" if none */
  const char *note; /* at most 12 characters for tables: "small", "no asm"; "" if there is nothing to say */
  const struct assay_fact *facts; /* build options that bear on speed or on verdicts; first what note means */
  size_t fact_count;
  const struct assay_fact *dispatch; /* CPU paths that this process takes: "sha-ni", "avx2" */
  size_t dispatch_count;
  /* Of a backend: why what was loaded cannot stand for this library, one sentence without a full stop: "the
   * library that was loaded is AWS-LC 5.5.0, not BoringSSL". NULL where it can. Nothing is asked of it then. */
  const char *problem;
};

/* One signature to check, for verify_batch. outcome is written by the backend. */
struct assay_check {
  struct assay_key *key;
  struct assay_bytes input, sig;
  enum assay_outcome outcome;
};

struct assay_ctx; /* a thread's state inside the backend; defined by each backend */
struct assay_key; /* an imported key; defined by each backend */

struct assay_backend {
  uint32_t abi;  /* ASSAY_BACKEND_ABI */
  uint32_t size; /* sizeof(struct assay_backend) */

  const char *name;    /* the file's stem: "openssl"; of a variant its own name: "init-per-call" */
  const char *summary; /* one line for `assay list SUBJECT`: which API of the library is used, and how */

  /* Facts of the loaded library. Required. Called once, before any other hook; never timed. */
  const struct assay_build *(*build)(void);

  uint64_t algs; /* ASSAY_ALG_BIT of every algorithm that the library, in this build, can verify */

  /* Opens a thread's context. Required. Timed as `context`.
   * Returns: MATCH or FAULT. Memory: the callee allocates. Threads: the ctx stays with the calling thread. */
  enum assay_outcome (*ctx_open)(struct assay_ctx **ctx);
  void (*ctx_close)(struct assay_ctx *ctx);

  /* Imports a key once, so that verify need not. Required. Timed as `key_import`.
   * Returns: MATCH | MALFORMED (also: point not on the curve) | UNSUPPORTED | FAULT.
   * Memory:  the callee allocates and copies what it keeps: public_key is borrowed for the call.
   * Threads: the key belongs to ctx and to its thread. */
  enum assay_outcome (*key_open)(struct assay_ctx *ctx, const struct assay_public_key *public_key,
                                 struct assay_key **key);
  void (*key_close)(struct assay_ctx *ctx, struct assay_key *key);

  /* Checks one signature in JOSE form (ECDSA: R || S, RFC 7518 3.4). Required. Timed, including any
   * re-encoding of the signature. input, sig: borrowed, any bytes, length 0 allowed.
   * Returns: MATCH | MISMATCH | MALFORMED | FAULT, or UNSUPPORTED of an input that the library cannot take. An
   *          error code of the library is never MATCH.
   * Memory:  keeps no pointer after return; allocates nothing of its own after warm-up. */
  enum assay_outcome (*verify)(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                               struct assay_bytes sig);

  /* Checks n signatures at once and writes every outcome. Optional (NULL). */
  void (*verify_batch)(struct assay_ctx *ctx, struct assay_check *items, size_t n);

  /* Other documented ways of using the same library, by the same contract; NULL-terminated, or NULL.
   * Off by default, named `openssl:init-per-call`. A variant's own `variants` is NULL. */
  const struct assay_backend *const *variants;
};

/* The name of a variant that imports a key once for all threads of the process (shared_keys.h), where the
 * library's documentation allows it. Scaling over threads is measured with it as well. */
#define ASSAY_VARIANT_SHARED_KEYS "shared-keys"

/* The one exported symbol of a module. */
#define ASSAY_BACKEND_SYMBOL "assay_backend"
#define ASSAY_EXPORT __attribute__((visibility("default")))
extern ASSAY_EXPORT const struct assay_backend assay_backend;

#endif
