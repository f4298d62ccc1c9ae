/* Means, waiting, cores and floods. */
#include "reports/choose/choice_capacity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/hist.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

/* ---- means and percentiles ---- */

static double squared_mean(const struct result_speed *row) {
  const struct result_histogram *histogram = &row->histogram;
  double sum = 0, count = 0;
  for (size_t i = 0; i < histogram->count_count; i++) {
    double ns = (double)histogram->low_ns[i], samples = (double)histogram->counts[i];
    sum += ns * ns * samples;
    count += samples;
  }
  return count > 0 ? sum / count : row->ns * row->ns;
}

/* Merges the algorithms' histograms by their share of the tokens. NAN where one of them has too few samples:
 * each stands for so many tokens of the mix that fewer than HIST_BEYOND might lie beyond the percentile. */
static double mixed_percentile(const struct choice_wish *wish, const struct choice *choice, double share) {
  double *weights = allocated(calloc(HIST_SLOTS, sizeof *weights)), sum = 0;
  unsigned slot = 0;
  bool enough = true;
  for (unsigned m = 0; m < wish->mix_count; m++) {
    const struct result_histogram *histogram = &choice->parts[m]->histogram;
    double samples = 0;
    for (size_t i = 0; i < histogram->count_count; i++)
      samples += (double)histogram->counts[i];
    enough = enough && samples * (1 - share) >= HIST_BEYOND * wish->mix[m].share;
    for (size_t i = 0; i < histogram->count_count && samples > 0; i++)
      if (histogram->low_ns[i] <= HIST_MAX_NS)
        weights[hist_slot(histogram->low_ns[i])] +=
            wish->mix[m].share * (double)histogram->counts[i] / samples;
  }
  while (slot + 1 < HIST_SLOTS && (sum += weights[slot]) < share)
    slot++;
  free(weights);
  return enough ? (double)hist_slot_high(slot) : NAN;
}

static double worst_p99(const struct choice_wish *wish, const struct choice *choice) {
  double worst = 0;
  for (unsigned m = 0; m < wish->mix_count; m++) {
    double p99 = choice->parts[m]->p99_ns;
    if (!figure_known(p99))
      return NAN;
    worst = fmax(worst, p99);
  }
  return worst;
}

void capacity_mix(const struct choice_wish *wish, struct choice *choice) {
  choice->ns = choice->ns_low = choice->ns_high = choice->squared_ns = 0;
  for (unsigned m = 0; m < wish->mix_count; m++) {
    const struct result_speed *row = choice->parts[m];
    double share = wish->mix[m].share;
    choice->ns += share * row->ns;
    choice->ns_low += share * row->ns_low; /* NAN stays NAN */
    choice->ns_high += share * row->ns_high;
    choice->squared_ns += share * squared_mean(row);
  }
  choice->squared_ns = fmax(choice->squared_ns, choice->ns * choice->ns);
  choice->ns_together = choice->ns;
  choice->p99_ns = mixed_percentile(wish, choice, 0.99);
  choice->p99_is_worst = !figure_known(choice->p99_ns);
  if (choice->p99_is_worst)
    choice->p99_ns = worst_p99(wish, choice);
}

/* A token of the mix, launch by launch. samples_free() them. */
static struct samples mixed_launches(const struct choice_wish *wish, const struct choice *choice) {
  struct samples launches = {0};
  for (size_t launch = 0;; launch++) {
    double ns = 0;
    for (unsigned m = 0; m < wish->mix_count; m++) {
      if (launch >= choice->parts[m]->sample_count)
        return launches;
      ns += wish->mix[m].share * choice->parts[m]->samples[launch];
    }
    samples_add(&launches, ns);
  }
}

struct ratio capacity_ratio(const struct choices *choices, double level, const struct choice *fast,
                            const struct choice *slow) {
  if (choices->wish.mix_count == 1)
    return ratio_between(choices->result, level, fast->parts[0], slow->parts[0]);
  struct samples first = mixed_launches(&choices->wish, fast), second = mixed_launches(&choices->wish, slow);
  struct ratio ratio = ratio_of_launches(level, &first, &second);
  samples_free(&first);
  samples_free(&second);
  if (!figure_known(ratio.times))
    ratio.times = slow->ns / fast->ns;
  return ratio;
}

/* ---- cores ---- */

/* One thread's share of its own speed when the most threads that were measured run at once; 1
 * where none was. */
static double share_kept(const struct result *result, const char *subject, const struct choice_share *share,
                         bool *known) {
  const struct result_scaling *most = NULL;
  for (size_t i = 0; i < result->scaling_count; i++) {
    const struct result_scaling *row = &result->scaling[i];
    if (strcmp(row->subject, subject) == 0 && strcmp(row->alg, share->alg) == 0 &&
        row->key_bits == share->key_bits && row->threads > 1 && !scaling_shares_keys(row) &&
        figure_known(row->of_one) && row->of_one > 0 && (!most || row->threads > most->threads))
      most = row;
  }
  *known = *known || most;
  return most ? fmin(1, most->of_one / most->threads) : 1;
}

void capacity_together(const struct choices *choices, struct choice *choice) {
  bool known = false;
  double ns = 0;
  for (unsigned m = 0; m < choices->wish.mix_count; m++)
    ns += choices->wish.mix[m].share * choice->parts[m]->ns /
          share_kept(choices->result, choice->subject, &choices->wish.mix[m], &known);
  choice->ns_together = known ? ns : NAN;
}

static double ns_on(const struct choice *choice, unsigned cores) {
  return cores > 1 && figure_known(choice->ns_together) ? choice->ns_together : choice->ns;
}

/* The chance that all cores are busy when a token comes: Erlang's C, from his B by recursion. */
static double chance_to_wait(double offered, unsigned cores) {
  double blocked = 1;
  for (unsigned k = 1; k <= cores; k++)
    blocked = offered * blocked / (k + offered * blocked);
  return cores * blocked / (cores - offered * (1 - blocked));
}

double choice_wait_ns(double rate_per_s, double ns, double squared_ns, unsigned cores) {
  double offered = rate_per_s * ns / 1e9; /* cores' worth of work a second */
  if (offered >= cores)
    return INFINITY;
  double variability = squared_ns / (ns * ns) / 2; /* (1 + c^2) / 2 */
  double chance = chance_to_wait(offered, cores);
  return chance <= 0.01 ? 0 : log(chance / 0.01) * variability * ns / (cores - offered);
}

static double wait_on(const struct choice *choice, double rate_per_s, unsigned cores) {
  double ns = ns_on(choice, cores), slowed = ns / choice->ns;
  return choice_wait_ns(rate_per_s, ns, choice->squared_ns * slowed * slowed, cores);
}

static bool carries(const struct choice_wish *wish, const struct choice *choice, double rate_per_s,
                    unsigned cores) {
  if (rate_per_s * ns_on(choice, cores) / 1e9 > wish->busy_limit * cores)
    return false;
  return isnan(wish->latency_ns) || choice->p99_ns + wait_on(choice, rate_per_s, cores) <= wish->latency_ns;
}

/* By halving: waiting has no inverse in closed form. */
double capacity_most(const struct choice_wish *wish, const struct choice *choice, unsigned cores) {
  double low = 0, high = wish->busy_limit * cores * 1e9 / ns_on(choice, cores);
  if (carries(wish, choice, high * (1 - 1e-9), cores))
    return high;
  for (int step = 0; step < 50; step++) {
    double middle = (low + high) / 2;
    *(carries(wish, choice, middle, cores) ? &low : &high) = middle;
  }
  return low;
}

void capacity_cores(const struct choice_wish *wish, struct choice *choice) {
  choice->cores_needed = 0;
  for (unsigned cores = 1; cores <= CHOICE_CORES_MAX && !choice->cores_needed; cores++)
    if (carries(wish, choice, wish->rate_per_s, cores))
      choice->cores_needed = cores;
  choice->cores = wish->cores ? wish->cores : choice->cores_needed;
  if (!choice->cores)
    return;
  choice->busy = wish->rate_per_s * ns_on(choice, choice->cores) / 1e9 / choice->cores;
  choice->wait_ns = wait_on(choice, wish->rate_per_s, choice->cores);
  choice->up_to_per_s = capacity_most(wish, choice, choice->cores);
}

/* ---- floods of bad tokens ---- */

static void costliest_measured(const struct choices *choices, struct choice *choice) {
  for (size_t i = 0; i < choices->result->rejection_cost_count; i++) {
    const struct result_rejection_cost *row = &choices->result->rejection_cost[i];
    if (strcmp(row->subject, choice->subject) != 0 || !figure_known(row->ns))
      continue;
    for (unsigned m = 0; m < choices->wish.mix_count; m++) {
      const struct choice_share *share = &choices->wish.mix[m];
      if (strcmp(row->alg, share->alg) == 0 && (!row->key_bits || row->key_bits == share->key_bits) &&
          !(row->ns <= choice->bad_ns)) {
        choice->bad_ns = row->ns;
        choice->bad_what = row->reason;
        choice->bad_alg = row->alg;
      }
    }
  }
}

/* From rows measured with a share of bad tokens among the good: (mixed - good x good ns) / bad. */
static void costliest_by_share(const struct choices *choices, struct choice *choice) {
  for (size_t i = 0; i < choices->result->speed_count; i++) {
    const struct result_speed *row = &choices->result->speed[i];
    if (row->metric != METRIC_VERIFY || !(row->bad_share > 0) || !figure_known(row->ns) || row->threads > 1 ||
        strcmp(row->subject, choice->subject) != 0)
      continue;
    for (unsigned m = 0; m < choices->wish.mix_count; m++) {
      const struct result_speed *good = choice->parts[m];
      double ns = (row->ns - (1 - row->bad_share) * good->ns) / row->bad_share;
      if (strcmp(row->alg, good->alg) == 0 && row->key_bits == good->key_bits && ns > 0 &&
          !(ns <= choice->bad_ns)) {
        choice->bad_ns = ns;
        choice->bad_what = "bad tokens among good ones";
        choice->bad_alg = row->alg;
      }
    }
  }
}

void capacity_flood(const struct choices *choices, struct choice *choice) {
  choice->bad_ns = choice->bad_per_s = choice->bad_share = NAN;
  choice->bad_what = choice->bad_alg = "";
  costliest_measured(choices, choice);
  if (!figure_known(choice->bad_ns))
    costliest_by_share(choices, choice);
  if (!figure_known(choice->bad_ns) || !choice->cores)
    return;
  double rate = choices->wish.rate_per_s, slowed = ns_on(choice, choice->cores) / choice->ns;
  double left_ns = choice->cores * 1e9 - rate * ns_on(choice, choice->cores);
  choice->bad_per_s = fmax(0, left_ns) / (choice->bad_ns * slowed);
  choice->bad_share = choice->bad_per_s / (choice->bad_per_s + rate);
}
