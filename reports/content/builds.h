/* Two builds beside each other: what `assay gate` and `assay compare` say of them. */
#ifndef ASSAY_REPORTS_CONTENT_BUILDS_H
#define ASSAY_REPORTS_CONTENT_BUILDS_H

#include "reports/document/document.h"
#include "reports/model/result.h"

struct build_pair {
  const struct result_subject *base, *head; /* borrowed; of one name, or two subjects of one run */
};
struct build_pairs {
  struct build_pair *items; /* free() */
  size_t count;
};
/* Subjects that both lists have by the same name, without the floor. */
struct build_pairs build_pairs_of(const struct result_subject *base, size_t base_count,
                                  const struct result_subject *head, size_t head_count);

/* Version, hash and path of what each side loaded, and what differs in a sentence for each pair. base, head:
 * what the sides are called where both have the same name. */
void content_build_pairs(struct document *document, const struct build_pairs *pairs, const char *base,
                         const char *head);

/* "version (3.0.19 against 3.0.22) and library file"; "" where nothing that is known differs. free() it. */
char *build_differences(const struct build_pair *pair);
/* The build facts that only one of the two shows, as texts: words[0] of base, words[1] of head; free() both. The
 * first `most` facts, and of one that both tell differently, such as the compiler, as many words that differ. False, and no
 * texts: they show the same. */
bool build_facts_apart(const struct build_pair *pair, size_t most, char *words[2]);
/* Whether library and module are known to be the same bytes, and are told the same. */
bool build_is_same(const struct build_pair *pair);

/* Whether both show the same of their builds: library, version, facts, CPU paths, algorithms, and what the module
 * is told. */
bool build_shows_same(const struct build_pair *pair);
/* Whether they are known not to be one library, byte for byte. */
bool build_is_other_file(const struct build_pair *pair);
/* Times as fast; less is what the layout of the same code does. */
#define UNEXPLAINED_LEAST 1.05
/* For each library that several of the subjects load, what differs between them. */
void content_sides(struct document *document, const struct result_subject *subjects, size_t count);

#endif
