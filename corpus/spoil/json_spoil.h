/* Faults of JSON texts that no JSON library would write, alike for headers and claims. Each takes the draft
 * for its row and its randomness, and the text, which is an object with at least one member, written
 * compactly. The parts are to be encoded anew afterwards (draft_reencode). */
#ifndef ASSAY_CORPUS_SPOIL_JSON_SPOIL_H
#define ASSAY_CORPUS_SPOIL_JSON_SPOIL_H

#include "corpus/make/draft.h"

/* row_text: a raw member, `"name":value`. At the front for even tokens, at the end for odd ones. */
void spoil_member(struct draft *draft, struct text *json);
void spoil_member_first(struct draft *draft, struct text *json);
void spoil_member_last(struct draft *draft, struct text *json);
/* row_text: what to write in place of the text; every '@' in it stands for the text itself. */
void spoil_around(struct draft *draft, struct text *json);
/* A JSON string of the text. */
void spoil_quoted(struct draft *draft, struct text *json);
/* Cut off somewhere inside, between characters. */
void spoil_truncated(struct draft *draft, struct text *json);
/* Printable characters that begin no JSON value. */
void spoil_garbage(struct draft *draft, struct text *json);
/* A member whose string has a raw NUL inside. */
void spoil_raw_nul(struct draft *draft, struct text *json);
/* The text with a NUL behind it. */
void spoil_nul_behind(struct draft *draft, struct text *json);
/* row_number: 16 or 32 bits a character. row_text: "le", "be", "le-bom", "be-bom". The text is to
 * be valid UTF-8. */
void spoil_utf(struct draft *draft, struct text *json);
/* A member that is nested so deep that row_number levels are open at once, the outer object among them.
 * row_text: "[" or "{" for closed arrays or objects, "[..." for arrays that are never closed. */
void spoil_deep(struct draft *draft, struct text *json);
/* row_text: a name. Its first character becomes an escape, so that "alg" is written "\u0061lg". */
void spoil_escaped_name(struct draft *draft, struct text *json);

/* A new member of the text, raw, in front or at the end. */
void json_text_add(struct text *json, bool first, const char *member);

#endif
