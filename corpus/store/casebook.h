/* The cases of a corpus in memory, on their way to disk: filled by the generator or an importer, written by
 * corpus_write. A case's own policy and key sets are resolved to a *setting* (store.h) as it is added. */
#ifndef ASSAY_CORPUS_STORE_CASEBOOK_H
#define ASSAY_CORPUS_STORE_CASEBOOK_H

#include <jansson.h>

#include "corpus/store/pool.h"
#include "corpus/store/store.h"

/* One token and what is to be said of it. Everything is owned by the case, until a book takes it over. */
struct corpus_case {
  char *id;
  uint8_t *token;
  size_t token_len;
  uint32_t variant, setting, after; /* indices into the book; after: CORPUS_NONE if none */
  enum assay_alg alg;               /* what it is filed under: its header's, or the one that it attacks */
  unsigned key_bits;
  enum expect_verdict verdict;
  bool pinned;
  uint16_t *reasons; /* as in struct expectation; case_add_reason adds one */
  size_t reason_count;
  int64_t now;         /* CORPUS_NOW_UNSET: the policy's */
  unsigned line;       /* of the file that it was read from; 0: none */
  char *policy, *keys; /* compact JSON as in a case line; NULL: the default's */
};

void case_add_reason(struct corpus_case *one, uint16_t reason);

/* Texts of the book; those that are not told may be NULL where a variant is added. */
struct book_variant {
  const char *group, *class_id, *name, *sentence, *reference, *brief;
  enum assay_severity severity;
  uint32_t tokens;
};

/* The key set of one issuer of the default policy. path: where it stands in
 * the folder, "keys/<host>.jwks". */
struct book_keys {
  char *iss, *path, *jwks;
};

struct casebook {
  const char *profile; /* "default", "small", "import" */
  uint64_t seed;       /* of a generated one; has_seed */
  bool has_seed;
  bool is_private; /* somebody's own tokens and keys: files for their owner alone */
  int64_t clock;   /* CORPUS_NOW_UNSET: none */
  char *policy;    /* text of policy.yaml; NULL: every case has its own */
  struct book_keys *default_keys;
  size_t default_key_count;
  struct book_variant *variants;
  size_t variant_count, class_count;
  struct corpus_case *cases;
  size_t case_count;
  /* What the cases are checked against; spans point into strings. */
  struct pool strings;
  struct corpus_setting *settings;
  size_t setting_count;
  struct corpus_key *keys;
  size_t key_count;
  struct pool setting_of, setting_of_texts; /* by identity; by the texts of a case */
  struct pool variant_of, class_of;
  char **texts; /* kept once, at places that stay */
  size_t text_count;
  struct index text_of;
};

/* The default policy and its key sets: setting 0. Call once, before any case is added, if there is a policy.
 * Takes over the strings. */
void book_set_default(struct casebook *book, char *policy, struct book_keys *keys, size_t key_count);

/* The index of a class' variant, known by group, class and name; added with what else is told of it if it is
 * new. Its texts are copied; tokens is not read. */
uint32_t book_variant(struct casebook *book, const struct book_variant *variant);

/* Adds a case and sets its `setting`: the default policy if it has none of its own; for each issuer of the
 * policy the key set that the case gives (in `keys`, or as `keys` of the policy's issuer), else the
 * default's. Takes the case over unless it fails. False and a sentence where an issuer has no keys or the
 * policy has no issuers. */
bool book_add(struct casebook *book, struct corpus_case *added, struct assay_error *error);

/* Of a case that no book has taken over. */
void corpus_case_fini(struct corpus_case *one);
void book_fini(struct casebook *book);

#endif
