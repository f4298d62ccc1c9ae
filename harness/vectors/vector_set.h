/* Raw vectors of foreign suites, read from a folder: Wycheproof, CCTV ed25519, ed25519-speccheck. What each
 * of them is to answer as a JOSE signature is settled here. */
#ifndef ASSAY_VECTORS_VECTOR_SET_H
#define ASSAY_VECTORS_VECTOR_SET_H

#include "corpus/store/store.h"
#include "harness/wire/sealed_vectors.h"

struct vector_case {
  char *name;     /* "ed25519_test.json:85" */
  char *class_id; /* the file's stem */
  char *variant;  /* the suite's flags; "" where it has none */
  enum expect_verdict expect;
  bool forbidden; /* the suite calls it valid and JOSE does not allow it, so that it is to be refused */
};

/* Why a vector is left out: it cannot be put as a JOSE signature at all. */
enum left_out {
  LEFT_DER,
  LEFT_HASH,
  LEFT_CURVE,
  LEFT_SCHEME,
  LEFT_KEY, /* the bare library has no reason to refuse a short HMAC key; the guards are asked about it */
  LEFT_KINDS
};

struct vector_file {
  char *class_id; /* the stem */
  size_t left_out[LEFT_KINDS];
};

struct vector_set {
  struct vectors raw;
  struct vector_case *cases; /* as many as raw.count, in the same order */
  struct vector_file *files; /* those of a known form, in the order of their names */
  size_t file_count;
  size_t passed_over;          /* JSON files of no known form */
  char first_passed_over[256]; /* the first of them */
};

/* Reads every *.json under folder, in the order of their names. False and a sentence where there is no
 * folder, no vector in it, or a file of a known form is broken. vector_set_fini frees, after failure too.
 * guarded: what is to be answered behind the pipeline's guards, not by the bare library. */
bool vector_set_read(struct vector_set *set, const char *folder, bool guarded, struct assay_error *error);
/* "ECDSA in DER": what the vectors left out for this are. */
const char *left_out_text(enum left_out why);
void vector_set_fini(struct vector_set *set);

#endif
