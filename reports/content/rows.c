/* Names of speed rows; sums and sentences of verdict rows. */
#include "reports/content/rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/model/measured.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/figures.h"

#define GIVEN_TOLD 3 /* answers in a sentence */

static char *name_of(const struct result_speed *row) {
  char share[FIGURE_BYTES];
  char *name = allocate_format("%s/%s/%s", metric_word(row->metric), row->subject, row->alg);
  if (row->key_bits)
    result_setf(&name, "%s/bits:%u", name, row->key_bits);
  if (!result_is_diverse(row->mode))
    result_setf(&name, "%s/%s", name, mode_word(row->mode));
  if (row->batch > 1)
    result_setf(&name, "%s/batch:%u", name, row->batch);
  if (row->keys)
    result_setf(&name, "%s/keys:%u", name, row->keys);
  if (!row->kid && row->metric == METRIC_VERIFY)
    result_setf(&name, "%s/no-kid", name);
  if (row->key_place != KEY_PLACE_OF_CORPUS)
    result_setf(&name, "%s/%s", name, key_place_word(row->key_place));
  if (row->bad_share > 0)
    result_setf(&name, "%s/bad:%s", name, figure_six(share, row->bad_share));
  result_setf(&name, "%s/threads:%u", name, row->threads ? row->threads : 1);
  return name;
}

struct row_names row_names_of(const struct result *result) {
  struct row_names names = {.of = allocated(calloc(result->speed_count + 1, sizeof *names.of))};
  for (size_t i = 0; i < result->speed_count; i++) {
    OWNED_TEXT char *name = name_of(&result->speed[i]), *clean = display_clean(name);
    names.of[i] = tally_unique(&names.taken, clean);
  }
  return names;
}

void row_names_fini(struct row_names *names) {
  free(names->of);
  tally_fini(&names->taken);
}

/* Parts are told apart by a byte that stands in no name of theirs. */
char *key_of_subject(const struct result_verdict *row) {
  return allocate_format("%s\n%s", level_word(row->level), row->subject);
}

char *key_of_alg(const struct result_verdict *row) {
  return allocate_format("%s\n%s\n%s", level_word(row->level), row->subject, row->alg);
}

char *key_of_class(const struct result_verdict *row) {
  return allocate_format("%s\n%s\n%s\n%s", level_word(row->level), row->subject, row->stage, row->class_id);
}

struct verdict_sums verdict_sums_by(const struct result *result,
                                    char *(*key_of)(const struct result_verdict *row)) {
  struct verdict_sums sums = {.of_row = allocated(calloc(result->verdict_count + 1, sizeof *sums.of_row)),
                              .next_row =
                                  allocated(calloc(result->verdict_count + 1, sizeof *sums.next_row))};
  OWNED_TALLY struct tally keys = {0};
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    sums.of_row[i] = sums.next_row[i] = SIZE_MAX;
    if (result_is_floor(row->subject))
      continue;
    OWNED_TEXT char *key = key_of(row);
    size_t index = sums.of_row[i] = tally_index(&keys, key, NULL);
    if (index == sums.count) {
      sums.items = allocate_one_more(sums.items, sums.count, sizeof *sums.items);
      sums.items[sums.count++] = (struct verdict_sum){.first = row};
    } else {
      sums.next_row[sums.items[index].last] = i;
    }
    struct verdict_sum *sum = &sums.items[index];
    sum->last = i;
    sum->tokens += row->tokens;
    sum->wrong += verdict_wrong(row);
    sum->fails = sum->fails || result_fails(row);
    for (int kind = 0; kind < KIND_COUNT; kind++)
      sum->of[kind] += result_count(row, (enum answer_kind)kind);
  }
  return sums;
}

void verdict_sums_fini(struct verdict_sums *sums) {
  free(sums->items);
  free(sums->of_row);
  free(sums->next_row);
  *sums = (struct verdict_sums){0};
}

const char *kind_name(enum answer_kind kind) {
  return answer_kind_words(kind)->counter;
}

char *kind_phrase(enum answer_kind kind, uint64_t count) {
  const struct answer_kind_words *words = answer_kind_words(kind);
  char tokens[FIGURE_NOUN_BYTES];
  return allocate_format("%s %s", words->did, figure_noun(tokens, count, words->object));
}

uint64_t verdict_wrong(const struct result_verdict *row) {
  uint64_t wrong = 0;
  if (!result_is_floor(row->subject))
    for (int kind = 0; kind < KIND_UNDECIDED; kind++)
      wrong += result_count(row, (enum answer_kind)kind);
  return wrong;
}

char *verdict_words(const struct verdict_sum *sum, unsigned kinds) {
  char *words = allocate_copy(""), figure[FIGURE_BYTES];
  for (int kind = 0; kind < KIND_COUNT; kind++) {
    uint64_t count = sum->of[kind];
    if (!(kinds >> kind & 1) || count == 0)
      continue;
    OWNED_TEXT char *phrase = kind_phrase((enum answer_kind)kind, count);
    result_setf(&words, "%s%s%s", words, words[0] ? "; " : "", phrase);
    if (count < sum->tokens)
      result_setf(&words, "%s of %s", words, figure_count(figure, sum->tokens));
  }
  return words;
}

char *verdict_given(const struct result_verdict *row, unsigned kinds, size_t most) {
  char *text = allocate_copy(""), tokens[FIGURE_NOUN_BYTES];
  size_t told = 0, more = 0;
  for (size_t i = 0; i < row->given_count; i++) {
    const struct result_given *given = &row->given[i];
    int kind = answer_kind_by_counter(given->kind);
    if (kind < 0 || !(kinds >> kind & 1))
      continue;
    if (told == most) {
      more++;
      continue;
    }
    result_setf(&text, "%s%s%s: %s, e.g. %s", text, told++ ? "; " : "", given->answer,
                figure_noun(tokens, given->tokens, "token"), given->example);
  }
  if (more)
    result_setf(&text, "%s; and %zu more", text, more);
  return text;
}

char *verdict_expected(const struct result_verdict *row) {
  return allocate_format("%s%s", row->expected, row->pinned ? " (pinned)" : "");
}

char *verdict_class(const char *class_id, const char *variant) {
  return allocate_format("%s%s%s", class_id, variant[0] ? "/" : "", variant);
}

char *verdict_sentence(const struct result_verdict *row, unsigned kinds) {
  struct verdict_sum sum = {.first = row, .tokens = row->tokens};
  for (int kind = 0; kind < KIND_COUNT; kind++)
    sum.of[kind] = result_count(row, (enum answer_kind)kind);
  OWNED_TEXT char *words = verdict_words(&sum, kinds), *expected = verdict_expected(row);
  OWNED_TEXT char *of = verdict_class(row->class_id, row->variant),
                  *given = verdict_given(row, kinds, GIVEN_TOLD);
  char *sentence =
      allocate_format("%s %s; %s%s%s; expected %s%s%s", row->subject, words, of, row->alg[0] ? ", " : "",
                      row->alg, expected, given[0] ? ", answered " : "", given);
  return sentence;
}

static void put_comment(FILE *stream, const char *text) {
  OWNED_TEXT char *clean = display_clean(text);
  fprintf(stream, "# %s\n", clean);
}

const char *row_names_add(struct row_names *names, const struct verdict_sum *sum) {
  OWNED_TEXT char *name =
      allocate_format("verdicts/%s/%s", level_word(sum->first->level), sum->first->subject);
  OWNED_TEXT char *clean = display_clean(name);
  const char *added = tally_unique(&names->taken, clean);
  return added;
}

const char *row_names_add_gate(struct row_names *names, const struct result_gate *gate) {
  OWNED_TEXT char *name = allocate_format("gate/%s", gate_kind_word(gate->kind));
  if (gate->subject[0])
    result_setf(&name, "%s/%s", name, gate->subject);
  if (gate->alg[0])
    result_setf(&name, "%s/%s", name, gate->alg);
  if (gate->key_bits)
    result_setf(&name, "%s/bits:%u", name, gate->key_bits);
  if (gate->conditions[0])
    result_setf(&name, "%s/%s", name, gate->conditions);
  if (gate->measure != GATE_MEASURE_NONE)
    result_setf(&name, "%s/%s", name, gate_measure_word(gate->measure));
  OWNED_TEXT char *clean = display_clean(name);
  const char *added = tally_unique(&names->taken, clean);
  return added;
}

static void put_finding_comments(FILE *stream, const struct result_gate *gate) {
  for (size_t i = 0; i < gate->finding_count; i++) {
    OWNED_TEXT char *words = gate_finding_words(&gate->findings[i]);
    OWNED_TEXT char *line = allocate_format("wrong: %s", words);
    put_comment(stream, line);
  }
}

const char *row_operation(const struct result_speed *row) {
  static const char *const words[] = {[METRIC_KEY_IMPORT] = "key import", [METRIC_CONTEXT] = "context"};
  const char *word = row->metric < sizeof words / sizeof words[0] ? words[row->metric] : NULL;
  return word ? word : "token";
}

void put_wrong_comments(FILE *stream, const struct result *result, const struct row_names *names) {
  for (size_t i = 0; i < result->verdict_count; i++) {
    if (!verdict_wrong(&result->verdicts[i]))
      continue;
    OWNED_TEXT char *sentence = verdict_sentence(&result->verdicts[i], KINDS_WRONG);
    OWNED_TEXT char *line = allocate_format("wrong: %s", sentence);
    put_comment(stream, line);
  }
  for (size_t i = 0; i < result->gate_count; i++)
    put_finding_comments(stream, &result->gates[i]);
  for (size_t i = 0; i < result->speed_count; i++) {
    if (!result_is_void(&result->speed[i]))
      continue;
    OWNED_TEXT char *line = allocate_format("%s: %s", names->of[i], RESULT_VOID);
    put_comment(stream, line);
  }
}
