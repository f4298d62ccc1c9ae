/* UTF-8 of strangers (RFC 3629): names, paths, ids, words of libraries and adapters. Whatever shows such text
 * asks here what is safe to be shown. */
#ifndef ASSAY_BASE_UTF8_H
#define ASSAY_BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/bytes.h"

/* The next code point, and *at moved behind it. A byte that starts no valid UTF-8 sequence (RFC 3629 3) gives
 * -1 and moves by one. 0 at the end, where *at stays. */
int32_t utf8_next(const char **at);

/* Whether a code point may be shown as it is. Not so: control characters (C0 with line breaks and tabs, DEL,
 * C1), which drive terminals; what is invisible or turns the direction of writing, so that a text reads as
 * another; and -1, a bad byte. */
bool utf8_is_safe(int32_t c);

/* Puts a '?' in place of each code point and bad byte that is not safe. In place: a text
 * never gets longer. */
void utf8_defuse(char *text);

/* The text behind the byte order mark that some editors put before it (RFC 3629 6); all of it without one. */
struct assay_bytes utf8_without_mark(struct assay_bytes text);
/* Whether every byte is of a valid sequence (RFC 3629 3). */
bool utf8_is_valid(const char *text);

/* What a file is, by its first octets, that is plainly something else than what somebody named it as: a page
 * of a sign-in that was saved in place of keys, text in UTF-16. Its name helps more than what a parser says
 * of the first octet. Words that go on after the file's name; NULL: nothing known. */
const char *foreign_text(struct assay_bytes text);

#endif
