/* Histogram arithmetic that is not on the hot path. */
#include "harness/base/hist.h"

#include <string.h>

void hist_reset(struct hist *hist) {
  memset(hist, 0, sizeof *hist);
}

void hist_merge(struct hist *into, const struct hist *from) {
  if (from->total == 0)
    return;
  for (unsigned i = 0; i < HIST_SLOTS; i++)
    into->counts[i] += from->counts[i];
  if (into->total == 0 || from->min_ns < into->min_ns)
    into->min_ns = from->min_ns;
  if (from->max_ns > into->max_ns)
    into->max_ns = from->max_ns;
  into->total += from->total;
  into->sum_ns += from->sum_ns;
}

uint64_t hist_slot_low(unsigned slot) {
  if (slot < 2048)
    return slot;
  unsigned shift = slot / 1024 - 1;
  return (uint64_t)(slot - shift * 1024) << shift;
}

uint64_t hist_slot_high(unsigned slot) {
  if (slot < 2048)
    return slot;
  return hist_slot_low(slot) + (UINT64_C(1) << (slot / 1024 - 1)) - 1;
}

uint64_t hist_percentile(const struct hist *hist, double share) {
  if (hist->total == 0)
    return 0;
  double wanted = share * (double)hist->total;
  uint64_t rank = (uint64_t)wanted + ((double)(uint64_t)wanted < wanted), seen = 0;
  if (rank < 1)
    rank = 1;
  for (unsigned i = 0; i < HIST_SLOTS; i++) {
    seen += hist->counts[i];
    if (seen >= rank) {
      uint64_t high = hist_slot_high(i);
      return high < hist->max_ns ? high : hist->max_ns;
    }
  }
  return hist->max_ns;
}
