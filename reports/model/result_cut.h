/* A result with no more rows than somebody asked for: of some algorithms, of some subjects. */
#ifndef ASSAY_REPORTS_MODEL_RESULT_CUT_H
#define ASSAY_REPORTS_MODEL_RESULT_CUT_H

#include "reports/model/result.h"
#include "reports/text/word_list.h"

/* Rows are those of the whole, which has to stay; the lists alone are its own. Words that name algorithms
 * ("RS256", "RS256 2048") are alternatives, words that name subjects are, and a row needs one of each kind that
 * is named; a row that is about no algorithm or no subject needs none. The other words are left for whoever
 * knows them (document_select.h). Gates stay whole: their answer is one. result_cut_fini the result. */
struct result result_cut(const struct result *whole, struct word_list *words);
/* The same of several: a word names what any of them has. cuts: room for as many. */
void results_cut(const struct result *const *wholes, size_t count, struct word_list *words,
                 struct result *cuts);
void result_cut_fini(struct result *cut);

#endif
