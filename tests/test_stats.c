/* What may be claimed of samples: against values worked out by hand, and by simulation with a fixed seed. */
#include <criterion/criterion.h>
#include <math.h>

#include "harness/base/random.h"
#include "harness/base/stats.h"

/* Borrowed: they live as long as the block that they stand in. */
#define SAMPLES(...)                                                                                         \
  { .items = (double[]){__VA_ARGS__}, .count = sizeof((const double[]){__VA_ARGS__}) / sizeof(double) }

static void assert_near(double is, double meant) {
  cr_expect(fabs(is - meant) < 1e-12, "%.15g is not %.15g", is, meant);
}

Test(stats, quantiles_lie_between_order_statistics) {
  struct samples four = SAMPLES(4, 1, 3, 2), none = {0};
  assert_near(samples_quantile(&four, 0), 1);
  assert_near(samples_quantile(&four, 0.25), 1.75);
  assert_near(samples_quantile(&four, 0.5), samples_median(&four));
  assert_near(samples_quantile(&four, 1), 4);
  cr_expect(isnan(samples_quantile(&none, 0.5)));
}

Test(stats, trimmed_sum_leaves_out_the_largest) {
  struct samples five = SAMPLES(5, 1, 100, 2, 3), none = {0};
  assert_near(samples_trimmed_sum(&five, 0.2), 11);
  assert_near(samples_trimmed_sum(&five, 0.19), 111); /* less than one sample is none */
  assert_near(samples_trimmed_sum(&none, 0.2), 0);
}

Test(stats, sign_test_counts_coins) {
  struct samples all = SAMPLES(1, 2, 3, 4, 5), one = SAMPLES(1, 2, 3, 4, -5), half = SAMPLES(1, -1);
  struct samples zeros = SAMPLES(0, 0, 0), none = {0}, skips = SAMPLES(0, 1, 2, 3, 4, 5, 0);
  assert_near(sign_test(&all), 2.0 / 32);
  assert_near(sign_test(&one), 2.0 * 6 / 32);
  assert_near(sign_test(&half), 1);
  assert_near(sign_test(&zeros), 1);
  assert_near(sign_test(&none), 1);
  assert_near(sign_test(&skips), 2.0 / 32);
}

Test(stats, interval_takes_the_order_statistics_that_the_level_allows) {
  struct samples eight = SAMPLES(8, 1, 7, 2, 6, 3, 5, 4);
  double low, high;
  cr_assert_not(sign_interval(&eight, 1.0 / 256, &low, &high), "2 / 2^8 is above 1 / 256");
  cr_assert(sign_interval(&eight, 2.0 / 256, &low, &high));
  assert_near(low, 1), assert_near(high, 8);
  cr_assert(sign_interval(&eight, 0.0702, &low, &high)); /* 2 (1 + 8) / 256 = 0.0703 is not allowed yet */
  assert_near(low, 1), assert_near(high, 8);
  cr_assert(sign_interval(&eight, 0.0704, &low, &high));
  assert_near(low, 2), assert_near(high, 7);
  assert_near(eight.items[0], 8); /* the order of the caller's samples stays */
}

Test(stats, interval_leaves_out_0_exactly_where_the_test_refuses_it) {
  uint64_t random = 11;
  for (int trial = 0; trial < 2000; trial++) {
    struct samples samples = {0};
    double shift = (double)(trial % 5) * 0.2, low, high;
    for (int i = 0; i < 12; i++)
      samples_add(&samples, (double)(random_next(&random) % 2001) / 1000 - 1 + shift + 0.0003); /* never 0 */
    for (double level = 0.001; level < 0.5; level *= 2)
      if (sign_interval(&samples, level, &low, &high))
        cr_assert_eq(low > 0 || high < 0, sign_test(&samples) <= level, "trial %d, level %g", trial, level);
    samples_free(&samples);
  }
}

Test(stats, launches_are_enough_for_the_claims_and_one_fewer_is_not) {
  cr_expect_eq(launches_needed(81, 0.05), 12);
  cr_expect_eq(launches_needed(81, 0.01), 14);
  for (unsigned m = 1; m < 200; m++) {
    unsigned n = launches_needed(m, 0.05);
    cr_assert_leq(exp2(1 - (double)n), 0.05 / m);
    cr_assert_gt(exp2(2 - (double)n), 0.05 / m);
  }
}

Test(stats, holm_stops_at_the_first_claim_that_does_not_hold) {
  const double p[] = {0.04, 0.001, 0.3, 0.013};
  double levels[4];
  holm_levels(p, 4, 0.05, levels);
  assert_near(levels[1], 0.05 / 4); /* 0.001: holds */
  assert_near(levels[3], 0.05 / 3); /* 0.013: holds */
  assert_near(levels[0], 0.05 / 2); /* 0.04: does not, */
  assert_near(levels[2], 0.05 / 2); /* nor does any behind it */
  holm_levels(p, 0, 0.05, levels);
}

/* Identical arms must not be told apart more often than the level says. */
Test(stats, identical_arms_are_called_different_no_more_often_than_promised) {
  uint64_t random = 5;
  int called = 0, trials = 4000;
  for (int trial = 0; trial < trials; trial++) {
    double p[10], levels[10];
    for (int m = 0; m < 10; m++) {
      struct samples samples = {0};
      for (int i = 0; i < 9; i++)
        samples_add(&samples, (double)(random_next(&random) % 2000001) - 1e6);
      p[m] = sign_test(&samples);
      samples_free(&samples);
    }
    holm_levels(p, 10, 0.05, levels);
    bool any = false;
    for (int m = 0; m < 10; m++)
      any = any || p[m] <= levels[m];
    called += any;
  }
  cr_expect_leq(called, trials * 5 / 100 + 60, "%d of %d", called, trials);
}
