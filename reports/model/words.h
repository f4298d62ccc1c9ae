/* The words of a result that programs go by: what was measured, how, at which level, what a gate compared.
 * Each is a value in the model and a word in JSON, by one table. A word that is in no table comes from a
 * later version: it has a value of its own, beyond those of its table, and is written as it was read. */
#ifndef ASSAY_REPORTS_MODEL_WORDS_H
#define ASSAY_REPORTS_MODEL_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "harness/base/severity.h"

/* NAME: of the functions and the table, `metric_word`, `metric_value` and `metric_words`. TYPE: the enum. In
 * every table the value 0 is what a blank row has, mostly no word. */
#define RESULT_WORDS(TABLE)                                                                                  \
  TABLE(metric, result_metric, METRIC_WORDS)                                                                 \
  TABLE(mode, result_mode, MODE_WORDS)                                                                       \
  TABLE(level, result_level, LEVEL_WORDS)                                                                    \
  TABLE(key_place, result_key_place, KEY_PLACE_WORDS)                                                        \
  TABLE(contexts, result_contexts, CONTEXTS_WORDS)                                                           \
  TABLE(counted_by, result_counted_by, COUNTED_BY_WORDS)                                                     \
  TABLE(gate_kind, result_gate_kind, GATE_KIND_WORDS)                                                        \
  TABLE(gate_measure, result_gate_measure, GATE_MEASURE_WORDS)                                               \
  TABLE(gate_answer, result_gate_answer, GATE_ANSWER_WORDS)
/* Those of other rooms, whose enums stand there. */
#define BASE_WORDS(TABLE) TABLE(severity, assay_severity, SEVERITY_WORDS)

/* What a speed row is about. */
#define METRIC_WORDS(WORD)                                                                                   \
  WORD(METRIC_NONE, "")                                                                                      \
  WORD(METRIC_VERIFY, "verify")                                                                              \
  WORD(METRIC_BATCH, "batch")                                                                                \
  WORD(METRIC_PRIMITIVE, "primitive")                                                                        \
  WORD(METRIC_KEY_IMPORT, "key_import")                                                                      \
  WORD(METRIC_CONTEXT, "context")

/* Which token follows a token; of the bare primitive, which use of a fresh key it is. None: diverse. */
#define MODE_WORDS(WORD)                                                                                     \
  WORD(MODE_NONE, "")                                                                                        \
  WORD(MODE_DIVERSE, "diverse")                                                                              \
  WORD(MODE_HOT, "hot")                                                                                      \
  WORD(MODE_COLD, "cold")                                                                                    \
  WORD(MODE_FIRST_USE, "first-use")                                                                          \
  WORD(MODE_SECOND_USE, "second-use")                                                                        \
  WORD(MODE_TENTH_USE, "tenth-use")

/* What was asked: our pipeline with a backend in it, a whole verifier, raw vectors without and with our
 * checks of keys and signatures before. */
#define LEVEL_WORDS(WORD)                                                                                    \
  WORD(LEVEL_NONE, "")                                                                                       \
  WORD(LEVEL_PIPELINE, "pipeline")                                                                           \
  WORD(LEVEL_WHOLE, "whole")                                                                                 \
  WORD(LEVEL_PRIMITIVE, "primitive")                                                                         \
  WORD(LEVEL_GUARDED, "guarded")

/* Where the right key stands in a set that was made for the row. None: as the corpus has it. */
#define KEY_PLACE_WORDS(WORD)                                                                                \
  WORD(KEY_PLACE_OF_CORPUS, "")                                                                              \
  WORD(KEY_PLACE_FIRST, "first")                                                                             \
  WORD(KEY_PLACE_LAST, "last")

/* What keys are to threads. None: per thread. */
#define CONTEXTS_WORDS(WORD)                                                                                 \
  WORD(CONTEXTS_NONE, "")                                                                                    \
  WORD(CONTEXTS_PER_THREAD, "per-thread")                                                                    \
  WORD(CONTEXTS_SHARED, "shared")

/* Who counted instructions. */
#define COUNTED_BY_WORDS(WORD)                                                                               \
  WORD(COUNTED_BY_NONE, "")                                                                                  \
  WORD(COUNTED_BY_PERF, "perf")                                                                              \
  WORD(COUNTED_BY_CALLGRIND, "callgrind")

/* What a gate's row compares: verdicts; of times those measured side by side, against a result, a history. */
#define GATE_KIND_WORDS(WORD)                                                                                \
  WORD(GATE_OF_NOTHING, "")                                                                                  \
  WORD(GATE_VERDICTS, "verdicts")                                                                            \
  WORD(GATE_DUET, "duet")                                                                                    \
  WORD(GATE_STORED, "stored")                                                                                \
  WORD(GATE_HISTORY, "history")

/* median and sum are of a duet; none in the row of the verdicts. */
#define GATE_MEASURE_WORDS(WORD)                                                                             \
  WORD(GATE_MEASURE_NONE, "")                                                                                \
  WORD(GATE_MEDIAN, "median")                                                                                \
  WORD(GATE_SUM, "sum")                                                                                      \
  WORD(GATE_TIME, "time")                                                                                    \
  WORD(GATE_INSTRUCTIONS, "instructions")

/* The best first; incomplete: something could not be compared at all. None: not answered yet. */
#define GATE_ANSWER_WORDS(WORD)                                                                              \
  WORD(GATE_UNANSWERED, "")                                                                                  \
  WORD(GATE_HOLDS, "holds")                                                                                  \
  WORD(GATE_NOISY, "too noisy")                                                                              \
  WORD(GATE_INCOMPLETE, "incomplete")                                                                        \
  WORD(GATE_SLOWER, "slower")                                                                                \
  WORD(GATE_WRONG, "wrong verdicts")

#define GATE_ANSWERS (GATE_WRONG + 1)

struct word_table {
  const char *const *words; /* by value */
  unsigned count;
};

/* The value of a word; of one that the table does not have, its own, the same for the same word. */
unsigned word_value(const struct word_table *table, const char *word, size_t length);
/* The word of a value, whether the table has it or not; valid as long as there is a result. */
const char *word_text(const struct word_table *table, unsigned value);
static inline bool word_is_known(const struct word_table *table, unsigned value) {
  return value < table->count;
}

/* Whether there may be values that no table has. */
bool words_are_unknown(void);
/* Forgets the words that no table has; for result_free. */
void words_forget(void);

#define WORD_VALUE(value, word) value,
#define WORD_ENUM(name, type, list) enum type { list(WORD_VALUE) };
#define WORD_DECLARE(name, type, list)                                                                       \
  extern const struct word_table name##_words;                                                               \
  static inline const char *name##_word(enum type value) {                                                   \
    return word_text(&name##_words, (unsigned)value);                                                        \
  }                                                                                                          \
  static inline enum type name##_value(const char *word) {                                                   \
    return (enum type)word_value(&name##_words, word, strlen(word));                                         \
  }
RESULT_WORDS(WORD_ENUM)
RESULT_WORDS(WORD_DECLARE)
BASE_WORDS(WORD_DECLARE)

#endif
