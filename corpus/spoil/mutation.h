/* The ways in which a token can be bad, and the controls that must be accepted.
 *
 * To add a class: write a row into the table of its group's file, corpus/mutations/<group>.c, and the
 * function that spoils a good draft in that one way. Rebuild: the registry is made from the folder.
 * Expectations come from construction, never from running a verifier. Every variant has one verdict and one
 * reason. */
#ifndef ASSAY_CORPUS_SPOIL_MUTATION_H
#define ASSAY_CORPUS_SPOIL_MUTATION_H

#include "corpus/make/alg_sets.h"
#include "corpus/make/draft.h"
#include "harness/base/severity.h"

typedef void mutation_hook(struct draft *draft);

struct mutation_variant {
  const char *name;             /* "" if the class has only one */
  enum assay_reason reason;     /* REASON_OK: a control that must be accepted */
  mutation_hook *edit;          /* on JSON, before encoding; NULL: nothing */
  mutation_hook *encode;        /* on texts and parts, before signing */
  mutation_hook *forge;         /* writes draft->signature instead of signing */
  mutation_hook *tamper;        /* on the finished token */
  const char *text;             /* -> draft->row_text */
  int64_t number;               /* -> draft->row_number */
  uint64_t algs;                /* narrower than the class'; 0: the class' */
  bool any;                     /* verdict `any`: libraries differ by design, nothing is scored */
  enum assay_reason also[3];    /* other reasons that are right too: mostly none */
  bool pinned;                  /* P for this variant alone: what ignores the fault is defensible here */
  const char *fixed;            /* why all its tokens are alike, so that one is enough; NULL: they differ */
  enum assay_severity severity; /* of this variant alone; SEVERITY_NONE: the class' */
};

struct mutation_class {
  const char *id;               /* of the taxonomy: "exp-past" */
  enum assay_severity severity; /* of whoever accepts its bad tokens */
  const char *brief;            /* them in a few words, after "accepts": "expired tokens" */
  const char *sentence;         /* what the mutation is, in one sentence */
  const char *reference;        /* "RFC 7519 4.1.4"; "" if none */
  uint64_t algs;                /* ASSAY_ALG_BIT set */
  bool pinned; /* P for every variant: the corpus pins one of several defensible behaviours */
  const struct mutation_variant *variants;
  size_t variant_count;
};

/* Whether the answer that the row states is one of several that can be defended. */
static inline bool variant_is_pinned(const struct mutation_class *class,
                                     const struct mutation_variant *variant) {
  return class->pinned || variant->pinned;
}

/* How grave it is to accept the variant's tokens, if they are bad. */
static inline enum assay_severity variant_severity(const struct mutation_class *class,
                                                   const struct mutation_variant *variant) {
  return variant->severity ? variant->severity : class->severity;
}

/* The same as a word; NULL for what must not be refused. */
static inline const char *variant_severity_word(const struct mutation_class *class,
                                                const struct mutation_variant *variant) {
  bool is_bad = variant->reason != REASON_OK;
  return is_bad ? assay_severity_word(variant_severity(class, variant)) : NULL;
}

#define VARIANTS(array) .variants = (array), .variant_count = sizeof(array) / sizeof((array)[0])

/* A file's table: `const struct mutation_group mutations_<group>` with '-' written as '_'. */
struct mutation_group {
  const char *name; /* "registered-claims" */
  const struct mutation_class *classes;
  size_t class_count;
};

/* Every group, made by the build from the folder; NULL-terminated. */
extern const struct mutation_group *const mutation_groups[];

#endif
