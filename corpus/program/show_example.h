/* One token of a class with everything that is needed to understand it: generated on the spot or found
 * in a corpus. */
#ifndef ASSAY_CORPUS_PROGRAM_SHOW_EXAMPLE_H
#define ASSAY_CORPUS_PROGRAM_SHOW_EXAMPLE_H

#include "corpus/spoil/mutation.h"
#include "corpus/store/store.h"

struct show_example {
  char *id;
  struct text token, first; /* first: to be sent before it; empty: none */
  enum assay_alg alg;
  int64_t now;  /* what it is checked at; CORPUS_NOW_UNSET: the clock of the corpus */
  char *policy; /* of its own, YAML or JSON; NULL: that of the corpus */
  json_t *keys; /* of its own, {iss: JWKS}; NULL: those of the corpus */
  char *source; /* "generated with seed 1", "corpus DIR" */
};

/* folder: a corpus; NULL: the token is generated. show_example_fini frees, after failure too. */
bool show_example_get(struct show_example *example, const struct mutation_group *group,
                      const struct mutation_class *class, const char *folder, struct assay_error *error);
void show_example_fini(struct show_example *example);

/* Part 0 (header) or 1 (payload) of the token, decoded. False where there is no such part, or it is no
 * base64url: out is what stands there then. */
bool show_example_part(const struct show_example *example, int part, struct text *out);
/* The base64url text behind the second dot; empty where there is none. */
struct assay_bytes show_example_signature(const struct show_example *example);

#endif
