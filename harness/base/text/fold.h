/* Sentences for people, in lines that fit. */
#ifndef ASSAY_BASE_TEXT_FOLD_H
#define ASSAY_BASE_TEXT_FOLD_H

#include <stdio.h>

#include "harness/base/bytes.h"

/* Columns of a line on a stream: the terminal's, but for lines too long to follow, or 100 of a
 * pipe or file. */
int fold_columns(FILE *stream);

/* Goes on at `column` of the line with a text, breaks it at blanks where it would get longer than `columns`,
 * and ends it. indent: of the lines that follow. Several blanks in the text become one. What stands in `backticks` or
 * [brackets] stays together. */
void fold(FILE *stream, int columns, int column, int indent, const char *text);

/* The same of any bytes, which can be broken everywhere, and without ending the line: UTF-8 as it is; what is
 * none, and what a terminal could take for a command or would not show, as \xNN a byte. */
void fold_bytes(FILE *stream, int columns, int column, int indent, struct assay_bytes bytes);

#endif
