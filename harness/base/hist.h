/* A latency histogram in the manner of HDR histograms: values from 1 ns to about 68 s, three significant
 * digits (2,048 linear steps, then 1,024 for every doubling). Plain memory without pointers, so that a worker
 * can fill one that it shares with the host. Histograms of the same samples are equal bit for bit, however
 * they were split and merged. One writer at a time. */
#ifndef ASSAY_BASE_HIST_H
#define ASSAY_BASE_HIST_H

#include <stdint.h>

#define HIST_MAX_NS ((UINT64_C(1) << 36) - 1) /* larger samples count as this */
#define HIST_SLOTS ((36 - 11 + 2) * 1024)

struct hist {
  uint64_t total;          /* samples */
  uint64_t min_ns, max_ns; /* exact; 0 while total is 0 */
  uint64_t sum_ns;
  uint64_t counts[HIST_SLOTS];
};

#define HIST_BEYOND 10 /* samples that must lie beyond a percentile for it to be told */

/* The slot of a value <= HIST_MAX_NS. */
static inline unsigned hist_slot(uint64_t ns) {
  if (ns < 2048)
    return (unsigned)ns;
  unsigned shift = 63u - (unsigned)__builtin_clzll(ns) - 10u;
  return shift * 1024u + (unsigned)(ns >> shift);
}

static inline void hist_record(struct hist *hist, uint64_t ns) {
  uint64_t kept = ns > HIST_MAX_NS ? HIST_MAX_NS : ns;
  hist->counts[hist_slot(kept)]++;
  if (hist->total++ == 0 || ns < hist->min_ns)
    hist->min_ns = ns;
  if (ns > hist->max_ns)
    hist->max_ns = ns;
  hist->sum_ns += ns;
}

void hist_reset(struct hist *hist);
void hist_merge(struct hist *into, const struct hist *from);
/* The largest value that the slot of the given share (0..1) stands for, at most max_ns; 0 while empty. */
uint64_t hist_percentile(const struct hist *hist, double share);
/* Smallest and largest value of a slot. */
uint64_t hist_slot_low(unsigned slot);
uint64_t hist_slot_high(unsigned slot);

#endif
