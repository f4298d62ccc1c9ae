/* Histograms: every slot's bounds meet, percentiles are within three digits, merging loses nothing. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "harness/base/hist.h"
#include "harness/base/random.h"

Test(hist, slots_cover_every_value_without_gap) {
  for (unsigned slot = 0; slot + 1 < HIST_SLOTS; slot++) {
    cr_assert_eq(hist_slot_high(slot) + 1, hist_slot_low(slot + 1), "gap after slot %u", slot);
    cr_assert_eq(hist_slot(hist_slot_low(slot)), slot);
    cr_assert_eq(hist_slot(hist_slot_high(slot)), slot);
  }
  cr_assert_eq(hist_slot(HIST_MAX_NS), HIST_SLOTS - 1);
  cr_assert_eq(hist_slot_high(HIST_SLOTS - 1), HIST_MAX_NS);
}

Test(hist, slots_keep_three_significant_digits) {
  for (unsigned slot = 2048; slot < HIST_SLOTS; slot++)
    cr_assert_lt(hist_slot_high(slot) - hist_slot_low(slot), hist_slot_low(slot) / 1000 + 1);
}

Test(hist, percentiles_of_known_samples) {
  struct hist *hist = calloc(1, sizeof *hist);
  cr_assert_eq(hist_percentile(hist, 0.5), 0);
  for (uint64_t ns = 1; ns <= 1000; ns++)
    hist_record(hist, ns);
  cr_assert_eq(hist_percentile(hist, 0.5), 500);
  cr_assert_eq(hist_percentile(hist, 0.99), 990);
  cr_assert_eq(hist_percentile(hist, 0.999), 999);
  cr_assert_eq(hist_percentile(hist, 1.0), 1000);
  cr_assert_eq(hist_percentile(hist, 0.0), 1);
  cr_assert_eq(hist->min_ns, 1);
  cr_assert_eq(hist->max_ns, 1000);
  cr_assert_eq(hist->sum_ns, 500500);
  free(hist);
}

Test(hist, percentile_never_exceeds_the_largest_sample) {
  struct hist *hist = calloc(1, sizeof *hist);
  hist_record(hist, 1000001);
  cr_assert_eq(hist_percentile(hist, 0.999), 1000001);
  hist_record(hist, UINT64_C(1) << 40);
  cr_assert_eq(hist->max_ns, UINT64_C(1) << 40);
  cr_assert_eq(hist_percentile(hist, 1.0), HIST_MAX_NS);
  free(hist);
}

Test(hist, merged_histograms_equal_one_that_saw_all_bit_for_bit) {
  struct hist *one = calloc(1, sizeof *one), *merged = calloc(1, sizeof *merged),
              *parts = calloc(7, sizeof *parts);
  uint64_t state = 42;
  for (int i = 0; i < 100000; i++) {
    uint64_t ns = random_next(&state) >> (28 + random_next(&state) % 30);
    hist_record(one, ns);
    hist_record(&parts[i % 7], ns);
  }
  for (int i = 6; i >= 0; i--)
    hist_merge(merged, &parts[i]);
  cr_assert_eq(memcmp(one, merged, sizeof *one), 0);
  free(one);
  free(merged);
  free(parts);
}

Test(hist, merging_an_empty_histogram_changes_nothing) {
  struct hist *a = calloc(1, sizeof *a), *empty = calloc(1, sizeof *empty);
  hist_record(a, 5);
  struct hist *before = malloc(sizeof *before);
  *before = *a;
  hist_merge(a, empty);
  cr_assert_eq(memcmp(a, before, sizeof *a), 0);
  free(a);
  free(empty);
  free(before);
}
