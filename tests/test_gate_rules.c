/* The rules of the gate, one by one: what is answered, and that the reason says the same as its figures. */
#include <criterion/criterion.h>
#include <math.h>

#include "harness/engine/duet.h"
#include "harness/gate/gate_rules.h"

/* A row of a result, which owns its texts. */
static struct result *result;

static void set_up(void) {
  result = result_new();
}

static void tear_down(void) {
  result_free(result);
}

TestSuite(gate_rules, .init = set_up, .fini = tear_down);

static struct result_gate *new_row(enum result_gate_kind kind, enum result_gate_measure measure,
                                   double threshold) {
  struct result_gate *row = result_add_gate(result);
  row->kind = kind;
  row->measure = measure;
  row->threshold = threshold;
  return row;
}

/* Shares: of the effect, its interval, and of base against base. */
struct effect_case {
  double effect, low, high, floor;
  enum result_gate_answer answer;
  const char *reason;
};

static void judge(const struct effect_case *one) {
  struct result_gate *row = new_row(GATE_DUET, GATE_MEDIAN, 0.01);
  const struct duet_effect effect = {.effect = log1p(one->effect),
                                     .low = log1p(one->low),
                                     .high = log1p(one->high),
                                     .floor = log1p(one->floor),
                                     .resolved = one->low > 0 || one->high < 0};
  gate_judge_duet(row, &effect);
  cr_expect_eq(row->answer, one->answer, "%s", one->reason);
  cr_expect_str_eq(row->reason, one->reason);
}

/* An interval that ends below the threshold is no proof where the base differs from itself by more. */
Test(gate_rules, side_by_side_words_threshold_noise_and_interval_agree) {
  static const struct effect_case cases[] = {
      {0.001, -0.001, 0.0026, 0.004, GATE_HOLDS,
       "a slowdown of more than 1 % is ruled out: the interval ends at +0.26 %"},
      {0.001, -0.001, 0.00997, 0.004, GATE_HOLDS,
       "a slowdown of more than 1 % is ruled out: the interval ends at +0.997 %"},
      {0.001, -0.001, 0.0026, 0.014, GATE_NOISY,
       "two measurements of the base differ by up to 1.40 %: a slowdown of 1 % could hide in that, though the "
       "interval of this one ends at +0.26 %"},
      {0.005, -0.001, 0.01004, 0.004, GATE_NOISY,
       "a slowdown of more than 1 % is not ruled out: the interval reaches +1.004 %, and the noise is 0.400 %"},
      {0.02, 0.015, 0.025, 0.03, GATE_NOISY,
       "a slowdown of more than 1 % is not ruled out: the interval reaches +2.50 %, and the noise is 3.00 %"},
      {0.02, 0.015, 0.025, 0.004, GATE_SLOWER,
       "slower by 2.00 %, more than the noise of 0.400 % and the threshold of 1 %"},
      {0.01004, 0.005, 0.025, 0.004, GATE_SLOWER,
       "slower by 1.004 %, more than the noise of 0.400 % and the threshold of 1 %"},
      {-0.2, -0.25, -0.15, 0.04, GATE_HOLDS,
       "a slowdown of more than 1 % is ruled out: the interval ends at -15.00 %"},
      {0.02, NAN, NAN, 0.004, GATE_NOISY, "too few launches for an interval"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    judge(&cases[i]);
}

static void count(double base, double again, double head, enum result_gate_answer answer,
                  const char *reason) {
  const struct result_speed first = {.instructions = base}, second = {.instructions = again},
                            other = {.instructions = head};
  struct result_gate *row = new_row(GATE_DUET, GATE_INSTRUCTIONS, 0.005);
  gate_judge_count(row, &other, &first, &second);
  cr_expect_eq(row->answer, answer, "%s", reason);
  cr_expect_str_eq(row->reason, reason);
}

static double times_longer(double change, double low, double high, double noise) {
  const struct result_gate row = {
      .kind = GATE_DUET, .change = change, .low = low, .high = high, .noise = noise, .threshold = 0.01};
  return gate_times_longer(&row);
}

Test(gate_rules, what_was_too_noisy_says_how_much_longer_it_takes) {
  cr_expect_float_eq(times_longer(0, -0.02, 0.02, 0.005), 4, 1e-9, "half the interval");
  cr_expect_float_eq(times_longer(0.005, -0.01, 0.02, 0.01), 9, 1e-9, "a third of the half of it");
  cr_expect_float_eq(times_longer(0, -0.005, 0.005, 0.03), 9, 1e-9, "a third of the noise");
  cr_expect_float_eq(times_longer(0.02, -0.02, 0.06, 0.01), 4, 1e-9, "slower, with half the interval");
  cr_expect_float_eq(times_longer(0.02, 0.01, 0.03, 0.06), 9, 1e-9, "slower, with a third of the noise");
  cr_expect_float_eq(times_longer(-0.05, -0.08, -0.02, 0.03), 1.44, 1e-9, "faster beyond the noise");
  cr_expect(isnan(times_longer(0.01, 0, 0.02, 0.001)), "a change that is the threshold itself");
  cr_expect(isnan(times_longer(0, (double)NAN, (double)NAN, INFINITY)), "too few launches");
}

Test(gate_rules, counts_have_no_interval_and_none_is_told) {
  count(100000, 100000, 100100, GATE_HOLDS, "+0.10 % instructions; up to 0.5 % more are let through");
  count(100000, 100000, 101000, GATE_SLOWER, "1.00 % more instructions, where 0.5 % are let through");
  count(100000, 100800, 100100, GATE_NOISY,
        "two counts of the base differ by 0.800 %: 0.5 % more instructions could hide in that");
}
