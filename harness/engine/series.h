/* What a measurement consists of. A series is one thing that is run in blocks, again and again; a group is
 * series that are compared with each other, each of them once a round, in random order, on one core, with as
 * many operations as the others. What a series measures is its command's affair.
 *
 * Blocks and rounds are no sample of anything: a launch, all subjects in fresh processes, gives one value. */
#ifndef ASSAY_ENGINE_SERIES_H
#define ASSAY_ENGINE_SERIES_H

#include "harness/base/hist.h"
#include "harness/base/stats.h"
#include "harness/wire/command.h"

struct series {
  unsigned subject;               /* the runner's number of it */
  struct control_command command; /* of each block; its count is set by the calibration where it is 0, and its
                                     start moves on with every round */
  unsigned arm; /* what falls out together: when one series crashes, all with its number do, in all groups; 0:
                   this one alone. The engine gives it no other meaning */
  unsigned tag; /* the caller's, to find the series again (group_series) */
  bool sets_no_length; /* the floor: its blocks have as many operations as the others', however short */
  bool disturbed_too;  /* its blocks count even if another process had the core meanwhile: so long that hardly
                          any would not be disturbed, or timed for what a caller would wait */
  /* Found. */
  struct samples rounds_ns; /* an operation, one value a round of the launch that runs */
  struct samples ns;        /* the median over rounds, one value a launch */
  struct hist *latency;     /* of all launches, where the command asks for it; NULL: none as yet */
  double estimate_ns;       /* an operation, from the calibration; 0: none as yet */
  char missing[160];        /* why it fell out; "": it did not */
  uint64_t wrong;           /* wrong verdicts in all its blocks, untimed ones too */
  uint32_t first_wrong;     /* token index; CORPUS_NONE: none */
  uint16_t wrong_reason;    /* enum assay_reason */
  uint32_t side_effects;    /* enum side_effect, of all its blocks */
};

/* Two series of a group, by their places. Ratios are taken within a round, so that what slows the machine
 * down slows both sides. */
struct pair {
  unsigned of, with;
  struct samples log_ratio; /* ln of the time of `of` over that of `with`: the median over rounds, one value a
                               launch */
  struct samples log_sum_ratio; /* the same of sums over blocks, which see rare costs too */
};

struct group {
  char what[64];     /* for the progress line */
  double budget_s;   /* of all launches together, warm-up included, calibration on top */
  double block_ns;   /* what a block of the fastest series is to last; 0: all commands say how many operations
                        they have. One that does keeps its number in any case */
  double lead_share; /* with block_ns: so much of a block goes untimed before it, since the first operations
                        after a hand-over pay for another subject's cache lines */
  bool own_lengths;  /* every series lasts block_ns by itself: for those that are not paired */
  double warm_ns;    /* untimed, of every series in every launch; its tokens once at most */
  unsigned rounds_least, rounds_most; /* of a launch, whatever they take; most 0: until the budget is used */
  uint64_t latencies; /* of every series in all launches: a launch ends when all have theirs; 0: no matter */
  struct series *series;
  unsigned count;
  struct pair *pairs;
  unsigned pair_count;
  /* Found. */
  uint32_t operations;  /* of a block: calibrated twice, then frozen. Of own_lengths: 0 */
  unsigned rounds;      /* of the launch that had the fewest */
  struct samples drift; /* with an anchor, one value a launch: ln of how much longer it took around this
                           group's rounds than over the whole launch */
  /* The engine's own. */
  bool calibrated;
  struct samples readings; /* of the anchor, around the rounds of the launch that runs */
  uint64_t used_ns;
  unsigned launches;
};

/* Adds one, and returns it: it moves with the next one. Its place is the group's count, less one. */
struct series *group_add(struct group *group, unsigned subject, const struct control_command *command);
/* Has two of them compared. */
void group_pair(struct group *group, unsigned of, unsigned with);
/* That pair; NULL: they are not compared. */
const struct pair *group_pair_of(const struct group *group, unsigned of, unsigned with);
/* The subject's series with that tag; NULL: there is none. */
const struct series *group_series(const struct group *group, unsigned subject, unsigned tag);
/* Whether any block of it had a wrong verdict. */
bool group_has_wrong(const struct group *group);
void group_fini(struct group *group);

#endif
