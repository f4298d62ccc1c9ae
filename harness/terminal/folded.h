/* Sentences for people, in lines that fit. */
#ifndef ASSAY_TERMINAL_FOLDED_H
#define ASSAY_TERMINAL_FOLDED_H

/* Goes on at `column` of the line with a text, breaks it at blanks where it would get too long, and ends it.
 * indent: of the lines that follow. Two blanks in the text become one. */
void print_folded(int column, int indent, const char *text);

#endif
