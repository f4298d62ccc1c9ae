/* What a subject said of one token: how it reads, whether it is right for that token, and how grave it is if
 * not.
 *
 * An answer is a number: a reason (REASON_OK: accepted; reason.h), or one of the answers below, which no
 * library gives but which the host sees. Everything that counts, names, colours or gates answers asks here,
 * so that a run, a gate and a report cannot disagree on what is right. */
#ifndef ASSAY_BASE_ANSWER_H
#define ASSAY_BASE_ANSWER_H

#include "harness/base/reason.h"

#define ANSWER_NONE UINT16_MAX /* not asked, or interrupted before it could answer */
#define ANSWER_CRASH 2101      /* the subject's process died on the token */
#define ANSWER_HANG 2102       /* it took longer than a token may */
#define ANSWER_MISSING 2103    /* it said that it was done and left the token unanswered: a fault */

/* What a token's construction, or the user, expects. */
enum expect_verdict { EXPECT_ACCEPT = VERDICT_ACCEPT, EXPECT_REJECT = VERDICT_REJECT, EXPECT_ANY = 100 };

struct expectation {
  enum expect_verdict verdict;
  const uint16_t *reasons; /* with EXPECT_REJECT, the reasons that are right, the first the plainest; a number
                              that reason_any_of gives stands for every reason of its stage. Borrowed */
  size_t reason_count;     /* 0: any reason is right */
  bool pinned;             /* one choice of several: another answer of a verifier differs, and is not wrong */
};

/* Stands in an expectation for every reason of a stage ("header-policy.*"). */
static inline uint16_t reason_any_of(enum assay_stage stage) {
  return (uint16_t)((unsigned)stage * 100);
}

/* What an expectation can name: a reason, or every reason of a stage. */
bool reason_pattern_known(unsigned reason);
/* "signature.invalid" or "header-policy.*"; 0 where it is neither. */
unsigned reason_pattern_read(struct assay_bytes text);
#define REASON_PATTERN_BYTES 64
/* How it is written. Returns text, REASON_PATTERN_BYTES long. */
const char *reason_pattern_text(unsigned reason, char *text);

/* What a measured loop compares answers with: REASON_OK, or the only reason that is right; ANSWER_NONE where
 * there are several. Of tokens that may be answered in any way those that are accepted are measured. */
uint16_t expectation_only_answer(const struct expectation *expected);

/* Whether a refusal for this reason is one of those expected. */
bool expectation_has(const struct expectation *expected, unsigned reason);

/* Reasons by number. */
struct reason_set {
  uint64_t bits[(REASON_FAULT + 63) / 64];
};

static inline bool reason_set_has(const struct reason_set *set, unsigned reason) {
  return reason > 0 && reason < REASON_FAULT && (set->bits[reason / 64] >> reason % 64 & 1);
}

/* Who answers. */
struct answerer {
  bool is_verifier;              /* a verifier or service: what is pinned for our pipeline does not bind it */
  const struct reason_set *gaps; /* what it cannot be told, so that it cannot refuse for it; NULL: nothing */
};

/* The ways in which a token can be answered, the gravest first. */
enum answer_kind {
  KIND_ACCEPTED, /* a bad token */
  KIND_CRASH,
  KIND_HANG,
  KIND_FAULT,     /* no answer: no memory, an error of the library, or a token left unanswered */
  KIND_REFUSED,   /* a good token */
  KIND_UNDECIDED, /* refused by accident: an undocumented exception, a server error */
  KIND_REASON,    /* refused for another reason than those expected */
  KIND_UNMAPPED,  /* refused in words that tell no reason, where a reason is expected: a right verdict */
  KIND_DIFFERS,   /* from what a pinned token expects */
  KIND_UNSUPPORTED,
  KIND_RIGHT,
  KIND_COUNT,
  KIND_UNSCORED = KIND_COUNT /* nothing is expected */
};

/* Of an answer other than ANSWER_NONE. */
enum answer_kind answer_kind(unsigned answer, const struct expectation *expected, const struct answerer *who);
/* Right verdict and right reason are two figures: whether the verdict is right, whatever the reason. */
bool answer_kind_has_right_verdict(enum answer_kind kind);

/* How a kind is called, everywhere. */
struct answer_kind_words {
  const char *counter; /* in results and metrics: "accepted" */
  const char *word;    /* of --fail-on: "accept"; NULL: nothing to fail on */
  const char *did;     /* after a subject's name, before "2 bad tokens": "accepted" */
  const char *object;  /* "bad token" */
};
/* Of any kind, KIND_UNSCORED too. */
const struct answer_kind_words *answer_kind_words(enum answer_kind kind);
/* The kind with this counter, or -1. */
int answer_kind_by_counter(const char *counter);

/* Whether two answers to one token are different opinions of it. A refusal in words that tell no reason
 * contradicts no other refusal. */
bool answers_contradict(unsigned a, unsigned b);

/* How grave a kind is, as answer_gravity has it; 0 for KIND_RIGHT and KIND_UNSCORED. */
unsigned answer_kind_gravity(enum answer_kind kind);
/* How grave an answer is for whoever trusts the token, 0 for a right one, ascending: could not be asked,
 * other than pinned, no reason told, another reason, undecided, a good token refused, fault, crash or hang
 * (alike), a bad token accepted. Pins and gaps excuse nothing here: what is compared is one subject with
 * itself. Of two answers to one token, the second is worse where its gravity is higher. ANSWER_NONE: as grave
 * as a fault. */
unsigned answer_gravity(unsigned answer, const struct expectation *expected);

/* "accept", "reject registered-claims.expired", "reject unmapped", "unsupported", "fault", "crash", "hang",
 * "no answer", "not asked". Returns text. */
const char *answer_text(unsigned answer, char *text, size_t size);
/* The answer that reads so; -1: none. */
int answer_by_text(const char *text);
/* "accept", "any", "reject signature.invalid", "reject header-policy.*", "reject" (for any reason), "reject
 * a.b or c.d". Cut with "..." where it does not fit. Returns text. */
const char *expectation_text(const struct expectation *expected, char *text, size_t size);
/* What reads so, unpinned; its reasons go into a place of the caller's for `most` of them, and more are left
 * out. False where it is no expectation, or a reason is not known or was cut off: then anything is expected,
 * or a refusal for the reasons before that one. */
bool expectation_by_text(const char *text, uint16_t *reasons, size_t most, struct expectation *expected);

#endif
