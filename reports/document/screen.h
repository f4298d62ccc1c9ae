/* What standard output can show. */
#ifndef ASSAY_DOCUMENT_SCREEN_H
#define ASSAY_DOCUMENT_SCREEN_H

#include <stdbool.h>

/* Whether standard output is a terminal that takes colour and nobody said NO_COLOR. */
bool stdout_takes_colour(void);

/* How standard output shows a report: with colour and bars only where it is a terminal that has them, and as
 * wide as that is; a pipe or file gets plain text of 100 columns. */
struct result_view;
void stdout_view(struct result_view *view);

#endif
