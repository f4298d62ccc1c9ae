/* Hooks whose whole work stands in the row: what the policy asks for and what the claims say, as JSON with '
 * for " so that a table of variants reads well in C.
 *
 *   {"other", REASON_AZP, claims_demand, .text = "'azp': ['client-1'] | 'azp': 'client-2'"} */
#ifndef ASSAY_CORPUS_MAKE_CLAIM_ROWS_H
#define ASSAY_CORPUS_MAKE_CLAIM_ROWS_H

#include "corpus/make/draft.h"

/* Parses one JSON value in which ' stands for " and @ for `self`; aborts where it is none: the
 * row is wrong. */
json_t *row_value(const char *row, const char *self);

/* For `edit`. row_text: members that replace or join the claims, @ standing for the audience that the policy
 * asks for: "'aud': ['@', 7], 'exp': null"; or one claim to leave out: "-exp". */
void claims_change(struct draft *draft);
/* For `edit`. row_text: members of the policy's issuer, '|', and claims as in claims_change. */
void claims_demand(struct draft *draft);

/* For `tamper`: the very token is to be sent first. */
void first_same(struct draft *draft);
/* For `forge`: signs the draft as it stands and files it as the token to be sent first. */
void first_take(struct draft *draft);

#endif
