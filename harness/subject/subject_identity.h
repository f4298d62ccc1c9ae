/* What a worker says of the library that it has loaded: read once, when its subject opens, and nowhere else.
 * What a run asks of a subject, its kind, its algorithms, whether it is the floor, is answered here, never by
 * its label. */
#ifndef ASSAY_SUBJECT_SUBJECT_IDENTITY_H
#define ASSAY_SUBJECT_SUBJECT_IDENTITY_H

#include "harness/base/alg.h"
#include "harness/base/answer.h"
#include "harness/base/error.h"
#include "harness/subject/subject_spec.h"

struct identity_line {
  const char *text, *about; /* never NULL */
};

struct identity_lines {
  struct identity_line *items;
  size_t count;
};

/* Texts are the module's own, never NULL, and may hold what drives a terminal: utf8_defuse before they are
 * shown. They live as long as the identity. */
struct subject_identity {
  enum subject_kind kind;
  bool is_floor;          /* the host's own word, see subject_spec: no library, and whatever it is called */
  bool is_elsewhere;      /* its work is done in another process than the worker's */
  bool has_batch;         /* several signatures in one call */
  bool shares_keys;       /* a key is imported once for all threads */
  uint64_t algs;          /* ASSAY_ALG_BITs */
  struct reason_set gaps; /* what a verifier cannot be told, so that it cannot refuse for it */
  const char *name;       /* the module's own; not the label */
  const char *summary;    /* which calls of the library are used */
  const char *library;
  const char *version;
  const char *path; /* of the library's file; "": it has none, or not here */
  const char *note;
  const char *module_compiler, *module_flags, *module_sanitizer;
  const char *allocations_missing; /* why allocations cannot be counted; "": they can */
  struct identity_lines build;     /* facts, and how each is known */
  struct identity_lines dispatch;  /* code paths that this processor takes; about: "" */
  struct identity_lines variants;  /* names, and what each is */
  struct identity_lines untold;    /* reasons as the module wrote them, and why: what `gaps` is made of */
  struct json_t *json;             /* all of it, for programs */
};

/* Reads the text that a worker wrote. False and a sentence, without the subject's name, where it is none;
 * the identity is empty then. */
bool subject_identity_read(struct subject_identity *identity, const char *text, struct assay_error *error);
/* The library is not a file of its own but in the module, and came from this archive: its path is that, and a
 * fact of the build says so. */
void subject_identity_set_archive(struct subject_identity *identity, const char *archive);
/* One more fact of the build, which the host knows. */
void subject_identity_add_fact(struct subject_identity *identity, const char *fact, const char *source);
void subject_identity_fini(struct subject_identity *identity);

static inline bool identity_has_alg(const struct subject_identity *identity, enum assay_alg alg) {
  return alg < ASSAY_ALG_COUNT && (identity->algs & ASSAY_ALG_BIT(alg));
}
/* Whether one of the lines has this text. */
bool identity_lines_have(const struct identity_lines *lines, const char *text);

#endif
