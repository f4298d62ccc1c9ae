/* What calls of a library leave behind for whatever runs next, as real workers find it. */
#include "harness/worker/upper_halves.h"
#include "tests/cli.h"

static const struct ran *bench(const char *modules) {
  return shell(BIN "/assay bench --corpus %s --subject '%s' --alg HS256,ES256 --launches 1 --seconds 0.1 "
                   "--threads 1 --json 2>/dev/null",
               test_corpus(), modules);
}

static size_t count(const char *text, const char *words) {
  size_t found = 0;
  for (const char *at = text; (at = strstr(at, words)); at++)
    found++;
  return found;
}

Test(side_effects, upper_halves_in_use_are_told_of_the_module_that_leaves_them_so) {
  const struct ran *ran = bench("dirty=" TEST_MODULES "/dirty_upper.so,tidy=" TEST_MODULES "/counter.so");
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  size_t told = count(ran->out, "leaves the upper halves of the vector registers in use");
  if (!upper_halves_visible()) {
    cr_expect_eq(told, 0, "nobody can know it here: %s", ran->out);
    cr_skip("this processor does not tell whether the upper halves are in use");
  }
  cr_expect_eq(told, 2, "a fact and a warning: %s", ran->out);
  cr_expect_eq(count(ran->out,
                     "\"dirty leaves the upper halves of the vector registers in use after HS256 and "
                     "ES256 (no vzeroupper): "),
               1, "%s", ran->out);
}
