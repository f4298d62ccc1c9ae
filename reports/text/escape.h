/* Text from elsewhere within the syntax of other formats. Each takes any bytes, and none passes on what could
 * drive a terminal that shows the file: control and invisible characters and bad bytes become '?', line
 * breaks a space (display.h). Percent escapes keep them, since they are all ASCII. */
#ifndef ASSAY_REPORTS_TEXT_ESCAPE_H
#define ASSAY_REPORTS_TEXT_ESCAPE_H

#include <stddef.h>
#include <stdio.h>

/* Content of an XML element or attribute. */
void put_xml(FILE *stream, const char *text);
/* A field of a CSV row (RFC 4180), quoted where it must be. A text that a spreadsheet would take for a
 * formula gets an apostrophe before it. */
void put_csv(FILE *stream, const char *text);
/* The inside of a quoted label value of OpenMetrics. */
void put_label(FILE *stream, const char *text);
/* Unreserved characters of RFC 3986 and those in `kept`, everything else as %XX of its UTF-8. free() it. */
char *percent_encode(const char *text, const char *kept);

#endif
