/* The result in one line. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/figures.h"

#define ALGS_TOLD 3

static void append_part(char **line, const char *between, const char *text) {
  result_setf(line, "%s%s%s", *line, (*line)[0] ? between : "", text);
}

/* "RS256 2048: boringssl 71.3 k/s, openssl 64.5 k/s", fastest first; "" where nobody was
 * measured. free() it. */
static char *alg_words(const struct result *result, const char *alg, unsigned key_bits) {
  char *text = allocate_copy(""), rate[FIGURE_BYTES];
  double last = 0;
  for (;;) {
    const struct result_speed *next = NULL;
    for (size_t i = 0; i < result->speed_count; i++) {
      const struct result_speed *row = &result->speed[i];
      if (result_is_main_verify(row) && strcmp(row->alg, alg) == 0 && row->key_bits == key_bits &&
          row->ns > last && (!next || row->ns < next->ns))
        next = row;
    }
    if (!next)
      break;
    last = next->ns;
    OWNED_TEXT char *one = allocate_format("%s %s/s", next->subject, figure_si(rate, 1e9 / next->ns));
    append_part(&text, ", ", one);
  }
  return text;
}

/* The algorithms that most tokens have first, then as harness/base/alg.h has them. */
static void add_speed(char **line, const struct result *result) {
  static const enum assay_alg order[] = {ASSAY_RS256, ASSAY_ES256, ASSAY_ED25519, ASSAY_HS256};
  unsigned told = 0, bits = 0;
  for (int i = 0; i < 4 + ASSAY_ALG_COUNT && told < ALGS_TOLD; i++) {
    enum assay_alg alg = i < 4 ? order[i] : (enum assay_alg)(i - 4);
    bool first = i < 4 || (alg != order[0] && alg != order[1] && alg != order[2] && alg != order[3]);
    if (!first || !result_main_size(result, assay_alg_name(alg), &bits))
      continue;
    OWNED_TEXT char *name = result_alg_text(assay_alg_name(alg), bits),
                    *words = alg_words(result, assay_alg_name(alg), bits);
    OWNED_TEXT char *one = allocate_format("%s: %s", name, words);
    append_part(line, "; ", one);
    told++;
  }
}

static void add_verdicts(char **line, const struct result *result) {
  uint64_t wrong = 0, tokens = 0;
  char first[FIGURE_BYTES], second[FIGURE_NOUN_BYTES];
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (result_is_floor(row->subject) || row->level == LEVEL_PRIMITIVE)
      continue;
    for (int kind = 0; kind < KIND_UNDECIDED; kind++)
      wrong += result_count(row, (enum answer_kind)kind);
    tokens += row->tokens > row->unsupported ? row->tokens - row->unsupported : 0;
  }
  OWNED_TEXT char *text =
      allocate_format("%s wrong of %s", figure_count(first, wrong), figure_noun(second, tokens, "verdict"));
  if (tokens)
    append_part(line, "; ", text);
}

char *content_line(const struct result *result) {
  OWNED_TEXT char *line = allocate_format("assay %s", result->tool.version);
  if (result->machine.cpu[0])
    result_setf(&line, "%s on %s", line, result->machine.cpu);
  if (result->partial)
    append_part(&line, ", ", "partial");
  if (result_is_sanitized(result))
    append_part(&line, "; ", "built with sanitizers, so without figures of speed");
  else
    add_speed(&line, result);
  add_verdicts(&line, result);
  char *clean = display_clean(line);
  return clean;
}
