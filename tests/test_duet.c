/* What a duet may claim, by simulated launches with a fixed seed: no clock is involved. */
#include <criterion/criterion.h>
#include <math.h>

#include "harness/base/random.h"
#include "harness/engine/duet.h"

static double uniform(uint64_t *random) {
  return (double)(random_next(random) >> 11) / 9007199254740992.0;
}

/* Roughly normal, with the spread of launches on a shared machine, and a wild one now and then. */
static double launch(uint64_t *random, double shift) {
  double sum = -6;
  for (int i = 0; i < 12; i++)
    sum += uniform(random);
  double wild = uniform(random) < 0.05 ? 10 : 1;
  return shift + sum * 0.003 * wild;
}

struct trial {
  struct samples head[DUET_MEASURES], again[DUET_MEASURES];
  struct duet_effect effects[DUET_MEASURES];
};

static void trial_run(struct trial *trial, uint64_t *random, unsigned launches, double shift) {
  const struct samples *heads[DUET_MEASURES], *again[DUET_MEASURES];
  *trial = (struct trial){0};
  for (int m = 0; m < DUET_MEASURES; m++) {
    for (unsigned i = 0; i < launches; i++) {
      samples_add(&trial->head[m], launch(random, shift));
      samples_add(&trial->again[m], launch(random, 0));
    }
    heads[m] = &trial->head[m];
    again[m] = &trial->again[m];
  }
  duet_judge(heads, again, DUET_MEASURES, trial->effects);
}

static void trial_free(struct trial *trial) {
  for (int m = 0; m < DUET_MEASURES; m++) {
    samples_free(&trial->head[m]);
    samples_free(&trial->again[m]);
  }
}

/* Of so many trials, those with this answer for either measure. */
static int answered(enum duet_answer answer, unsigned launches, double shift, double threshold, int trials) {
  uint64_t random = 3;
  int count = 0;
  for (int i = 0; i < trials; i++) {
    struct trial trial;
    trial_run(&trial, &random, launches, shift);
    count += duet_answer(&trial.effects[0], threshold) == answer ||
             duet_answer(&trial.effects[1], threshold) == answer;
    trial_free(&trial);
  }
  return count;
}

Test(duet, the_same_build_is_called_slower_less_often_than_the_level) {
  int count = answered(DUET_SLOWER, 20, 0, 0, 4000);
  cr_expect_leq(count, 40, "%d of 4000", count);
}

Test(duet, a_slowdown_beyond_the_noise_is_found) {
  int count = answered(DUET_SLOWER, 30, 0.01, 0.005, 1000);
  cr_expect_geq(count, 990, "%d of 1000", count);
}

Test(duet, a_slowdown_below_the_threshold_is_none) {
  cr_expect_eq(answered(DUET_SLOWER, 30, 0.01, 0.02, 500), 0);
  cr_expect_eq(answered(DUET_HOLDS, 30, 0.01, 0.02, 500), 500);
}

Test(duet, too_few_launches_are_noisy_and_never_hold) {
  cr_expect_eq(answered(DUET_NOISY, 5, 0, 0.05, 200), 200);
  cr_expect_eq(answered(DUET_HOLDS, 5, 0, 0.05, 200), 0);
  cr_expect_eq(answered(DUET_SLOWER, 5, 1, 0.05, 200), 0);
}

static struct duet_effect effect(double at, double low, double high, double noise) {
  return (struct duet_effect){.launches = 20,
                              .effect = at,
                              .low = low,
                              .high = high,
                              .floor = noise,
                              .resolved = low > 0 || high < 0};
}

Test(duet, answers_by_interval_floor_and_threshold) {
  const double threshold = 0.01;
  struct duet_effect slower = effect(0.03, 0.02, 0.04, 0.005), within_noise = effect(0.03, 0.02, 0.04, 0.035);
  struct duet_effect equal = effect(0, -0.002, 0.002, 0.004), wide = effect(0, -0.02, 0.02, 0.004);
  struct duet_effect loud = effect(0, -0.002, 0.002, 0.02), faster = effect(-0.1, -0.12, -0.08, 0.02);
  cr_expect_eq(duet_answer(&slower, threshold), DUET_SLOWER);
  cr_expect_eq(duet_answer(&within_noise, threshold), DUET_NOISY);
  cr_expect_eq(duet_answer(&equal, threshold), DUET_HOLDS);
  cr_expect_eq(duet_answer(&wide, threshold), DUET_NOISY, "a loss of the threshold's size is not ruled out");
  cr_expect_eq(duet_answer(&loud, threshold), DUET_NOISY);
  cr_expect_eq(duet_answer(&faster, threshold), DUET_HOLDS, "faster beyond the noise");
}
