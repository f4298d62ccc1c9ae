/* The measurement: rounds of short blocks, every arm once a round in random order, all on one core, the same
 * number of operations in every arm of a cell (METHOD 1, 2). A cell is an algorithm and key size, an arm a
 * subject doing one thing in it: the whole verification, or the bare primitive of its library on the same
 * tokens.
 *
 *   for every launch (fresh workers)
 *     for every cell, in random order
 *       throughput rounds, then latency rounds (each operation timed), then key import
 *     context set-up
 *   thread scaling, once
 *
 * A launch gives one sample for each arm: the median over its blocks. Ratios are medians of paired log-ratios
 * within a round, so that what slows the machine down slows both sides. */
#ifndef ASSAY_TIMING_BENCH_H
#define ASSAY_TIMING_BENCH_H

#include <signal.h>

#include "harness/base/alg.h"
#include "harness/base/hist.h"
#include "harness/base/stats.h"
#include "harness/subject/subject.h"

struct bench_plan {
  unsigned launches;
  double throughput_s;      /* of all launches and cells together, warm-up included, calibration on top */
  double latency_s;         /* likewise, for cells that need no full percentiles */
  uint64_t latency_samples; /* of every arm of a full cell: enough for p99.9 with ten samples beyond */
  double full_cap_s;        /* a full cell stops its latency rounds here, in all launches together */
  double block_ns;          /* what a block of the fastest arm is to last */
  double warm_up_ns;        /* of every arm in every launch; its tokens once at most */
  unsigned threads;         /* for scaling; below 2: none */
  bool verify_only;         /* no primitive, key import, context or scaling */
  unsigned scaling_pairs;
  int cpu; /* the core that everything runs on; -1: free */
  uint64_t order_seed;
};

struct bench_cell {
  enum assay_alg alg;
  unsigned key_bits; /* 0 where there is one size only */
  uint32_t list_at, list_len;
  bool full; /* latency up to p99.9 is wanted in full */
  bool main; /* the algorithm's main size: key import and the floor are measured here */
  bool scaling;
  uint64_t refused_by; /* bit per subject that accepts none of these tokens and so has no figure */
  uint32_t count;      /* operations of a block: calibrated twice, then frozen */
};

/* What one subject did in one cell. Sample lists hold one value a launch. */
struct bench_arm {
  bool present;      /* the subject has this algorithm and the arm was run */
  char missing[160]; /* why there is no figure, in words; "" if there is one */
  struct samples verify_ns, primitive_ns, key_import_ns;
  struct samples log_of_primitive; /* ln(verify ns / primitive ns), paired */
  struct samples log_ratio;        /* ln(verify ns / reference's verify ns), paired */
  struct samples log_sum_ratio;    /* the same of sums over blocks, which see rare costs too */
  double log_ratio_low,
      log_ratio_high;   /* its interval, at the level that Holm leaves it; NAN: too few launches */
  bool resolved;        /* the claim that it is not 1 holds together with all others */
  struct hist *latency; /* NULL: none */
  struct samples one_thread_per_s, threads_per_s, scaling_ratio; /* one value a pair of blocks */
  char scaling_missing[160];
  uint64_t operations, wrong; /* of all measured blocks */
  uint32_t first_wrong;       /* token index */
  uint16_t wrong_reason;
  double estimate_ns; /* of the calibration */
};

struct bench {
  struct bench_plan plan;
  struct subject *subjects;
  unsigned subject_count;
  bool has_floor; /* the floor is measured in one cell beside the others; false: it is one of them */
  int reference;  /* index of the subject that ratios are against; -1: none */
  struct bench_cell *cells;
  unsigned cell_count;
  struct bench_arm *arms;     /* [cell][subject] */
  struct samples *context_ns; /* [subject] */
  unsigned rounds_least;      /* in all launches, of the cell with the fewest */
  uint64_t arena_high_water_bytes;
  const volatile sig_atomic_t *stop; /* non-zero: finish at once */
  /* Called often; share of the expected time, 0..1. */
  void (*progress)(void *arg, const char *what, double share);
  /* Called when a subject crashed, hung or failed inside a measured block. */
  void (*finding)(void *arg, unsigned subject, enum subject_event event, uint32_t token);
  void *arg;
  /* Private. */
  uint64_t random;
  double done_s, expected_s;
  char what[64]; /* for the progress line */
};

static inline bool bench_is_floor(const struct bench *bench, unsigned subject) {
  return bench->has_floor && subject_is_floor(&bench->subjects[subject]);
}

/* Whether more than the verification is measured of a subject. */
static inline bool bench_has_parts(const struct bench *bench, unsigned subject) {
  return !bench->plan.verify_only && subject_has_parts(&bench->subjects[subject]);
}

static inline struct bench_arm *bench_arm(const struct bench *bench, unsigned cell, unsigned subject) {
  return &bench->arms[cell * bench->subject_count + subject];
}

/* Fills in arms and context_ns, which bench_init allocates. Returns false when stopped before the end: what
 * was measured until then stands. */
bool bench_init(struct bench *bench, struct assay_error *error);
bool bench_run(struct bench *bench);
void bench_fini(struct bench *bench);

/* Every arm against the reference, over all cells at once: which differences may be claimed together (METHOD
 * 3). After the last launch. */
void bench_claims(struct bench *bench);
/* How many launches that takes. */
unsigned bench_launches_needed(const struct bench *bench);

/* Parts of it, in files of their own. */
void cell_throughput(struct bench *bench, unsigned cell, double budget_s);
void cell_latency(struct bench *bench, unsigned cell, unsigned launch);
void cell_key_import(struct bench *bench, unsigned cell);
void bench_context(struct bench *bench);
void cell_scaling(struct bench *bench, unsigned cell);

/* One block. False where the arm fell out (its `missing` says why) or the run was stopped. */
bool block_run(struct bench *bench, struct bench_arm *arm, unsigned subject,
               const struct control_command *command);
/* An arm falls out, for what happened to its subject. */
void arm_drop(struct bench *bench, struct bench_arm *arm, unsigned subject, enum subject_event event);
bool bench_stopped(const struct bench *bench);
/* Moves the progress line on. */
void bench_tell(struct bench *bench);

#endif
