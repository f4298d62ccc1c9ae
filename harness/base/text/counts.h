/* Whole numbers as people read them; never for programs. */
#ifndef ASSAY_BASE_TEXT_COUNTS_H
#define ASSAY_BASE_TEXT_COUNTS_H

#include <stdint.h>

#define FIGURE_BYTES 48
#define FIGURE_NOUN_BYTES (FIGURE_BYTES + 32)

/* 19200 -> "19,200". out: FIGURE_BYTES long. Returns out. */
char *figure_count(char *out, uint64_t count);
/* 19200, "class" -> "19,200 classes"; 1 -> "1 class". out: FIGURE_NOUN_BYTES long. Returns out. */
char *figure_noun(char *out, uint64_t count, const char *noun);

#endif
