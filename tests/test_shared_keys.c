/* Keys that threads share: imported once, kept for as long as anyone uses them, told apart by every octet. */
#include <criterion/criterion.h>
#include <string.h>

#include "backends/shared_keys.h"

static unsigned imports, releases;
static enum assay_outcome answer;

static enum assay_outcome import(const struct assay_public_key *from, void **object) {
  (void)from;
  *object = &imports;
  imports++;
  return answer;
}

static void release(void *object) {
  cr_assert_eq(object, &imports);
  releases++;
}

static struct assay_public_key key_of(enum assay_alg alg, const char *n, const char *e) {
  return (struct assay_public_key){.alg = alg, .n = bytes_str(n), .e = bytes_str(e)};
}

static struct shared_key *take(struct assay_public_key key) {
  struct shared_key *taken = NULL;
  cr_assert_eq(shared_key_take(&key, import, &taken), ASSAY_MATCH);
  return taken;
}

static void set_up(void) {
  imports = releases = 0;
  answer = ASSAY_MATCH;
}

TestSuite(shared_keys, .init = set_up);

Test(shared_keys, are_imported_once_and_released_with_their_last_user) {
  char n[] = "modulus"; /* borrowed for the call only */
  struct shared_key *one = take(key_of(ASSAY_RS256, n, "e"));
  memset(n, 'x', sizeof n - 1);
  struct shared_key *two = take(key_of(ASSAY_RS256, "modulus", "e"));
  cr_expect_eq(one, two);
  cr_expect_eq(imports, 1);
  shared_key_drop(one, release);
  cr_expect_eq(releases, 0);
  shared_key_drop(two, release);
  cr_expect_eq(releases, 1);
  shared_key_drop(take(key_of(ASSAY_RS256, "modulus", "e")), release);
  cr_expect_eq(imports, 2, "nobody had it any more");
}

Test(shared_keys, are_told_apart_by_algorithm_and_every_octet) {
  struct assay_public_key keys[] = {key_of(ASSAY_RS256, "nn", "e"), key_of(ASSAY_PS256, "nn", "e"),
                                    key_of(ASSAY_RS256, "n", "ne"), key_of(ASSAY_RS256, "nm", "e")};
  struct shared_key *taken[4];
  for (unsigned i = 0; i < 4; i++)
    taken[i] = take(keys[i]);
  cr_expect_eq(imports, 4);
  for (unsigned i = 0; i < 4; i++)
    cr_expect_eq(take(keys[i]), taken[i]);
  cr_expect_eq(imports, 4);
  for (unsigned i = 0; i < 8; i++)
    shared_key_drop(taken[i % 4], release);
  cr_expect_eq(releases, 4);
}

Test(shared_keys, that_are_refused_are_not_kept) {
  struct assay_public_key key = key_of(ASSAY_RS256, "n", "e");
  struct shared_key *taken = NULL;
  answer = ASSAY_MALFORMED;
  cr_expect_eq(shared_key_take(&key, import, &taken), ASSAY_MALFORMED);
  cr_expect_null(taken);
  answer = ASSAY_MATCH;
  shared_key_drop(take(key), release);
  cr_expect_eq(imports, 2);
}
