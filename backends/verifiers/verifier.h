/* The contract between assay and a whole JWT library.
 *
 * A verifier takes token, keys, policy and clock, and answers by itself: none of assay's own pipeline stands
 * in front of it. It is one C file, `backends/verifiers/<name>.c`, built as a module of its own with the
 * build hints of backends/backend.h. It includes this header, harness/base, Jansson and its library, nothing
 * else, and exports exactly one symbol: `assay_verifier`.
 *
 * Fair use. A verifier sets its library up as the library's documentation tells a careful user to: algorithms
 * pinned, issuer, audience and times checked where the library has a call for it. It adds no check of its
 * own. What the library cannot express is a gap that the module declares; a bad token that passes through a
 * gap is `unsupported`, never a pass and never an acceptance.
 *
 * Glue that every caller of such a library must write is allowed: finding the issuer's configuration by the
 * unverified iss, and the key by the unverified kid, where the library does not do it. */
#ifndef ASSAY_BACKENDS_VERIFIERS_VERIFIER_H
#define ASSAY_BACKENDS_VERIFIERS_VERIFIER_H

#include "backends/backend.h"
#include "harness/base/reason.h"

#define ASSAY_VERIFIER_ABI 3u
#define ASSAY_WORDS_BYTES 512

/* What a part of the policy would decide and this library cannot be told. */
struct assay_gap {
  const char *reasons; /* "registered-claims.replayed", or a whole stage: "authorisation.*" */
  const char *why;     /* one sentence: "jwt_decode checks no claims" */
};

/* Facts of the loaded library, and what it can do. All strings live as long as the process. */
struct assay_verifier_facts {
  struct assay_build build;
  uint64_t algs;     /* ASSAY_ALG_BIT of every algorithm that it can verify */
  bool is_elsewhere; /* another process verifies: what is counted of this one says nothing of it */
  const struct assay_gap *gaps;
  size_t gap_count;
};

/* The key set of one issuer. */
struct assay_setting_keys {
  const char *iss;
  const char *jwks; /* the JSON text as its issuer published it, faults included */
};

/* What tokens are checked against. Borrowed for the call. */
struct assay_setting {
  const char *policy; /* assay-policy/1 as JSON, without key paths */
  const struct assay_setting_keys *keys;
  size_t key_count;
};

struct assay_answer {
  /* REASON_OK: accepted. A reason that the library's own words tell. REASON_UNMAPPED: refused, and they do
   * not tell why. REASON_UNDECIDED: refused by an accident of its own, such as an undocumented exception.
   * REASON_UNSUPPORTED: it says that it has no such algorithm or feature. REASON_FAULT: no memory. */
  enum assay_reason reason;
  char words[ASSAY_WORDS_BYTES]; /* the library's own words, UTF-8, NUL-terminated; "" where it has none */
};

struct assay_verifier_state; /* one setting, ready to verify; defined by each verifier */

struct assay_verifier {
  uint32_t abi;  /* ASSAY_VERIFIER_ABI */
  uint32_t size; /* sizeof(struct assay_verifier) */

  const char *name;    /* the file's stem */
  const char *summary; /* one line for `assay list SUBJECT`: which calls of the library are used, and how */

  /* Facts. Required. Called once, before any other hook. argument: what follows `name:` on the command
   * line, "" if nothing. NULL, with one sentence in problem, where it cannot be used here. */
  const struct assay_verifier_facts *(*facts)(const char *argument, char *problem, size_t problem_bytes);

  /* Prepares a policy and its key sets. Required. Keys are imported here, so that verify need not.
   * Returns: MATCH; FAULT for want of memory. A key or set that the library refuses is no failure here: its
   * tokens get the answer that follows from it.
   * Memory:  the callee allocates and copies what it keeps. */
  enum assay_outcome (*open)(const struct assay_setting *setting, struct assay_verifier_state **state);
  void (*close)(struct assay_verifier_state *state);

  /* Verifies one token. Required. Timed.
   * token:  borrowed, any bytes, length 0 allowed; not NUL-terminated.
   * now_s:  the clock, seconds since 1970. A library that takes no clock is run under faketime, and its own
   *         clock then says the same.
   * answer: words is "" on entry; the callee writes reason and, where it refuses, words. */
  void (*verify)(struct assay_verifier_state *state, struct assay_bytes token, int64_t now_s,
                 struct assay_answer *answer);
};

/* The one exported symbol of a module. */
#define ASSAY_VERIFIER_SYMBOL "assay_verifier"
extern ASSAY_EXPORT const struct assay_verifier assay_verifier;

#endif
