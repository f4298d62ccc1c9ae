/* Text that comes from elsewhere (names, paths, ids), made fit to be shown: valid UTF-8 without anything that
 * could drive a terminal, reorder or hide, and measured in display columns. */
#ifndef ASSAY_REPORTS_TEXT_DISPLAY_H
#define ASSAY_REPORTS_TEXT_DISPLAY_H

#include <stddef.h>

#include "harness/base/utf8.h"

/* The same text as valid UTF-8: each bad byte becomes U+FFFD. free() it. */
char *utf8_repair(const char *text);

/* The same text as it may be shown: line breaks and tabs become spaces; other control characters, bad bytes
 * and what else utf8_is_safe() refuses become '?'. free() it. */
char *display_clean(const char *text);

/* Columns that a clean text takes. Where terminals disagree on a character, the wider. */
size_t display_width(const char *text);

/* The longest start of a clean text that takes at most `width` columns, in bytes; at least one character if
 * the text has one, so that whoever cuts text into lines comes to an end. */
size_t display_prefix(const char *text, size_t width);

/* The text, or its start and "..." where it is wider than `width`. free() it. */
char *display_cut(const char *text, size_t width);

/* An argument so that a shell reads it back as it is, on one line. Plain words stay plain. free() it. */
char *shell_quote(const char *argument);

#endif
