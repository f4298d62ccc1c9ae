/* Files that are plainly something else than what somebody named them as: a page of a sign-in that was saved
 * in place of keys, text in UTF-16. Their name helps more than what a parser says of their first octet. */
#ifndef ASSAY_CORPUS_FOREIGN_FOREIGN_TEXT_H
#define ASSAY_CORPUS_FOREIGN_FOREIGN_TEXT_H

#include "harness/base/bytes.h"

/* What a text that begins so is, and what helps: words that go on after its name. NULL: nothing known. */
const char *foreign_text(struct assay_bytes text);

#endif
