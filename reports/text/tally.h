/* A set of texts, each with its index in the order of arrival: for sums over rows with the same key, and for
 * names that must not occur twice. Start with zeroes. */
#ifndef ASSAY_REPORTS_TEXT_TALLY_H
#define ASSAY_REPORTS_TEXT_TALLY_H

#include "harness/base/index.h"

struct tally {
  char **items; /* by index; copies */
  size_t count;
  struct index index;
};

/* The index of the key, which is added if it is new. added: may be NULL. Aborts without memory. */
size_t tally_index(struct tally *tally, const char *key, bool *added);
/* The same of the first bytes of a text, none of which is NUL. */
size_t tally_part(struct tally *tally, const char *key, size_t length, bool *added);
/* Whether the key is there, and its index. */
bool tally_find(const struct tally *tally, const char *key, size_t *index);
/* Adds the name, or the name and the first number of " (2)", " (3)", .. that makes it new: what was added,
 * valid as long as the tally. */
const char *tally_unique(struct tally *tally, const char *name);
void tally_fini(struct tally *tally);
/* Before the declaration of a tally: it ends with its block. */
#define OWNED_TALLY __attribute__((cleanup(tally_fini)))

/* Lists of distinct names are tallies. */
void names_add(struct tally *names, const char *name); /* not twice */
void names_addf(struct tally *names, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *names_join(const struct tally *names, const char *last); /* last: " and ", ", "; free() it */
/* The same with something else than a comma between all but the last two. */
char *names_list(const struct tally *names, const char *other, const char *last);

#endif
