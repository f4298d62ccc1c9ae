/* The hash index that grows, and arrays that grow by one. */
#include <criterion/criterion.h>

#include "harness/base/grow.h"
#include "harness/base/index.h"

/* Seven hashes for all items: every one of them has a long chain that wraps. */
Test(index, keeps_the_order_under_one_hash_while_it_grows) {
  enum { ITEMS = 1000, HASHES = 7 };
  struct index index = {0};
  for (uint32_t i = 0; i < ITEMS; i++) {
    cr_assert(index_reserve(&index, i + 1));
    cr_assert_geq((size_t)index.mask + 1, 2 * (i + 1), "at most half full");
    index_add(&index, UINT32_MAX - i % HASHES, i);
  }
  for (uint32_t hash = 0; hash < HASHES; hash++) {
    uint32_t expected = hash;
    for (struct index_walk walk = index_begin(&index, UINT32_MAX - hash); index_next(&walk);) {
      cr_assert_eq(walk.item, expected);
      expected += HASHES;
    }
    cr_expect_geq(expected, ITEMS, "all of them");
  }
  struct index_walk none = index_begin(&index, 5);
  cr_expect_not(index_next(&none));
  index_fini(&index);
}

/* draft-eastlake-fnv 8: what history files hold must stay what it is. */
Test(index, hash_is_that_of_fnv_1a) {
  cr_expect_eq(bytes_hash(bytes_str("")), UINT64_C(0xcbf29ce484222325));
  cr_expect_eq(bytes_hash(bytes_str("a")), UINT64_C(0xaf63dc4c8601ec8c));
  cr_expect_eq(bytes_hash(bytes_str("foobar")), UINT64_C(0x85944171f73967e8));
}

Test(grow, keeps_what_is_there_and_refuses_what_no_memory_holds) {
  uint32_t *items = NULL;
  for (uint32_t i = 0; i < 1000; i++) {
    items = grown_by_one(items, i, sizeof *items);
    cr_assert_not_null(items);
    items[i] = i;
  }
  for (uint32_t i = 0; i < 1000; i++)
    cr_assert_eq(items[i], i);
  free(items);
  cr_expect_null(grown_by_one(NULL, SIZE_MAX / 2 + 1, sizeof *items));
}
