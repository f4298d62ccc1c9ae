/* JSON the slow way: a text becomes a tree, or the first fault in it is named. Jansson is asked for its
 * opinion of every text and every value, so that this reader does not stand alone. */
#ifndef ASSAY_TESTS_REFERENCE_JSON_TREE_H
#define ASSAY_TESTS_REFERENCE_JSON_TREE_H

#include <gmp.h>

#include "tests/reference/scrap.h"

enum tree_fault {
  TREE_OK,
  TREE_UTF8,
  TREE_BOM,
  TREE_SYNTAX,
  TREE_SURROGATE,
  TREE_DEPTH,
  TREE_MEMBERS,
  TREE_DUPLICATE,
  TREE_TRAILING
};

enum tree_kind { TREE_NULL, TREE_FALSE, TREE_TRUE, TREE_NUMBER, TREE_STRING, TREE_ARRAY, TREE_OBJECT };

struct tree {
  enum tree_kind kind;
  struct assay_bytes text;   /* STRING: decoded; NUMBER: as written */
  struct assay_bytes *names; /* OBJECT: decoded; ARRAY: NULL */
  struct tree **items;       /* OBJECT, ARRAY */
  size_t count;
};

/* max_depth: the outermost object has depth 1. max_members: of any one object. */
enum tree_fault tree_read(struct scrap *scrap, struct assay_bytes text, size_t max_depth, size_t max_members,
                          struct tree **tree);

/* NULL where the object has no such member, or there is no object. */
const struct tree *tree_member(const struct tree *object, const char *name);
const struct tree *tree_member_bytes(const struct tree *object, struct assay_bytes name);
bool tree_is(const struct tree *value, enum tree_kind kind); /* false for NULL */
/* As JSON values: objects without order, numbers by value. */
bool tree_equal(const struct tree *a, const struct tree *b);
/* The exact value; of numbers too large or too small to be of use, only sign and size (10^400, 10^-400). */
void tree_number(const struct tree *value, mpq_t out);

#endif
