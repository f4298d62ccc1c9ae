/* Pipeline and reference before the same question. The pipeline runs on Nettle, so both see the same
 * cryptography and only what stands around it is compared. */
#ifndef ASSAY_TESTS_REFERENCE_DUEL_H
#define ASSAY_TESTS_REFERENCE_DUEL_H

#include "corpus/store/store.h"
#include "harness/pipeline/pipeline.h"

struct duel {
  struct corpus corpus;
  struct trust **trusts; /* one a setting */
  struct session *session;
};

struct duel_question {
  uint32_t setting;
  int64_t now;               /* TIME_UNSET: the setting's clock, or 0 where it has none */
  bool replay;               /* what was accepted is remembered */
  struct assay_bytes before; /* sent first; len 0: nothing */
  struct assay_bytes token;
};

struct duel_answer {
  enum assay_reason pipeline, reference;
};

bool duel_open(struct duel *duel, const char *folder, struct assay_error *error);
void duel_close(struct duel *duel);
/* A token of the corpus as it is to be asked. */
struct duel_question duel_question(const struct duel *duel, uint64_t index);
struct duel_answer duel_ask(struct duel *duel, const struct duel_question *question);

#endif
