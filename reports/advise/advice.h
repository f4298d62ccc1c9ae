/* The upgrade question: "I run `from` today; should I go to `to`, and what will change?" Everything here
 * follows from a result that has both of them, measured in one run and asked about the same tokens.
 * content_advice is for people, advice_json for programs.
 *
 * Verdicts come first: whatever `to` answers worse is a reason to wait. Then what it costs, where only what
 * counts decides: the tokens of the mix, or without one the main key size of every algorithm. All else is
 * told, and decides nothing. */
#ifndef ASSAY_REPORTS_ADVISE_ADVICE_H
#define ASSAY_REPORTS_ADVISE_ADVICE_H

#include <jansson.h>

#include "reports/choose/choice.h"
#include "reports/document/document.h"
#include "reports/model/ratio.h"
#include "reports/model/result.h"
#include "reports/text/tally.h"

enum advice_answer {
  ADVICE_GO,            /* something is better, and nothing that counts is worse */
  ADVICE_SAME,          /* nothing that counts is better or worse */
  ADVICE_WAIT_COST,     /* slower, more cores, or an algorithm that is missing */
  ADVICE_WAIT_VERDICTS, /* tokens are answered worse, or wrongly */
  ADVICE_UNKNOWN        /* the run cannot tell, for noise or since something is missing in it */
};

struct advice_wish {
  struct choice_wish mix; /* mix_count 0: none; rate_per_s 0: not told, and no cores follow */
  double threshold;       /* as a share: slowdowns up to this are let through; 0.05 */
};

/* How an answer changes, the worst first; those before CHANGE_LAXER are graver answers, as answer_gravity has
 * it. */
enum change_kind {
  CHANGE_ACCEPTS, /* a bad token */
  CHANGE_BREAKS,  /* crash, hang or fault */
  CHANGE_REFUSES, /* a good token */
  CHANGE_WORSE,   /* refused for a wrong reason, or without one */
  CHANGE_LAXER,   /* accepted, and nothing is expected: no one answer is right */
  CHANGE_STRICTER,
  CHANGE_REASON, /* another one, as right or as wrong as the one before */
  CHANGE_MENDED
};
static inline bool change_is_worse(enum change_kind kind) {
  return kind < CHANGE_LAXER;
}
/* "bad token accepted", "laxer". */
const char *change_word(enum change_kind kind);

/* Tokens of one class whose answer changes in the same way. Texts are borrowed from the result. */
struct advice_change {
  enum change_kind kind;
  const char *class_id, *was, *is, *example;
  enum assay_severity severity; /* of accepting them, where they are bad */
  uint64_t tokens;              /* at least; 0: the result does not tell, it is of before that was kept */
};

/* What a pair of times says about a slowdown of more than the threshold. */
enum pace {
  PACE_FASTER, /* its interval lies above 1 */
  PACE_LEVEL,  /* such a slowdown is ruled out */
  PACE_SLOWER, /* it is there */
  PACE_OPEN,   /* neither: too few launches, or too much noise */
  PACE_ABSENT  /* one side has no figure, as its row says */
};
const char *pace_word(enum pace pace);

/* The same work by both. */
struct advice_speed {
  const struct result_speed *from, *to; /* of ABSENT one may be NULL */
  struct ratio ratio;                   /* how many times as fast `to` is */
  enum pace pace;
  bool counts;
};
/* Any of the two: what the pair is of. */
static inline const struct result_speed *speed_row(const struct advice_speed *speed) {
  return speed->from ? speed->from : speed->to;
}
struct advice_speeds {
  struct advice_speed *items;
  size_t count;
};

/* One thing to know before going, beside the answer. */
struct advice_note {
  const char *about; /* "speed", "machine": static */
  char *text;        /* a clause */
};

struct advice {
  const struct result *result; /* borrowed, as are the names */
  struct advice_wish wish;
  const char *from, *to; /* labels in the result */
  enum advice_answer answer;
  bool is_same_build;            /* byte for byte: nothing else is filled in */
  bool is_judged;                /* both were asked about tokens */
  bool is_timed;                 /* times mean something: no sanitizer */
  uint64_t tokens;               /* that `from` has answered */
  uint64_t unasked;              /* of those, at least so many that `to` has not */
  uint64_t wrong;                /* answered wrongly by `to`, a backend, whatever `from` answers */
  struct tally voided;           /* algorithms with a wrong verdict of `to` in the measured loop */
  struct advice_change *changes; /* the worst first */
  size_t change_count;
  struct advice_speeds verify, imports;     /* as they are sorted everywhere; imports of keys */
  struct tally lost, gained;                /* algorithms, of those that the result is about */
  struct tally missing;                     /* of those lost, the ones that count */
  struct choices choices;                   /* with a mix */
  const struct choice *cost_from, *cost_to; /* NULL: no mix */
  struct ratio mix; /* how many times as fast `to` verifies it; NAN: one of them cannot */
  enum pace mix_pace;
  struct advice_note *notes;
  size_t note_count;
};

/* False and a sentence where the result cannot answer at all: it lacks one of the two, or nobody was measured
 * with an algorithm of the mix. advice_fini it, whatever came of it. */
bool advise(struct advice *advice, const struct result *result, const char *from, const char *to,
            const struct advice_wish *wish, struct assay_error *error);
void advice_fini(struct advice *advice);

/* "Go: new verifies your mix with 3 cores instead of 4; no verdict changes." free() it. */
char *advice_sentence(const struct advice *advice);
/* The answer, what to watch, the tables. all: every row and warning. */
void content_advice(struct document *document, const struct advice *advice, bool all);
/* Schema assay-advice/1. The caller drops it. */
json_t *advice_json(const struct advice *advice);

#endif
