/* Makes the cases of a corpus from a seed: good tokens for speed runs, and every class of the registry. */
#ifndef ASSAY_CORPUS_PROGRAM_GENERATE_H
#define ASSAY_CORPUS_PROGRAM_GENERATE_H

#include "corpus/make/keyring.h"
#include "corpus/make/learned.h"
#include "corpus/spoil/mutation.h"
#include "corpus/store/casebook.h"

#define MAIN_RSA_BITS 2048 /* the size that most of a corpus uses */

struct generate_options {
  const char *profile;
  uint64_t seed;
  enum keyring_size keys;
  unsigned valid_main;  /* good tokens per algorithm, RSA at its main size */
  unsigned valid_other; /* good tokens per RSA algorithm and other size */
  unsigned per_variant; /* tokens per variant and algorithm; dear algorithms get a share of it */
  unsigned least;       /* tokens per variant over all its algorithms, where they can differ */
  size_t token_bytes;   /* about how long good tokens are to be; 0, and for all others: the natural mix */
  const struct learned
      *learned;            /* good tokens in these shapes instead, and algorithms of theirs alone; or NULL */
  unsigned learned_tokens; /* how many good tokens then */
  unsigned threads;
  void (*progress)(void *arg, const char *what, double share); /* one thread at a time; NULL: nobody looks */
  void *arg;
};

/* The options of a profile ("default", "small") with seed 1 on one thread. False if there is
 * no such profile. */
bool generate_profile(const char *profile, struct generate_options *options);
extern const char *const generate_profiles[]; /* names; NULL-terminated */

/* How many tokens of a variant are made under one algorithm: 0 if it is none of the variant's. */
unsigned generate_count(const struct generate_options *options, const struct mutation_class *class,
                        const struct mutation_variant *variant, enum assay_alg alg);

/* Fills an empty book. The same options give the same book, whatever the number of threads. */
void generate_cases(const struct generate_options *options, struct casebook *book);

/* Fills an empty book with the first token of a class' first variant under one of its algorithms, the
 * same as in a whole corpus of these options. It is the last case: one that must be sent before it
 * stands before it. */
void generate_example(const struct generate_options *options, const struct mutation_group *group,
                      const struct mutation_class *class, enum assay_alg alg, struct casebook *book);

/* The class of good tokens, in a group of its own; not in the registry, because nothing is mutated. */
extern const struct mutation_group valid_group;

/* A class by its id, that of good tokens included, and the group it stands in. NULL if there is none. */
const struct mutation_class *class_find(const char *id, const struct mutation_group **group);

/* What a book says of a class' variant, also of one that the class does not have. Texts are borrowed. */
struct book_variant class_variant(const struct mutation_group *group, const struct mutation_class *class,
                                  const char *name);

#endif
