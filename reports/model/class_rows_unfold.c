/* Class rows -> verdict rows. */
#include <stdlib.h>
#include <string.h>

#include "reports/model/class_rows.h"
#include "reports/text/allocate.h"

#define ROWS_MAX ((uint64_t)1 << 26) /* more are a file that is out to fill memory */

/* A class row and where its verdict rows are. */
struct unfolding {
  struct reader *reader;
  const struct result_class *class;
  const struct result_asked *asked;
  size_t asked_count, variant_count;
  size_t index; /* of the class row */
  struct result_verdict *rows;
  bool *is_told; /* of each row: an exception was about it */
};

static struct unfolding unfolding_of(struct reader *reader, const struct result *result, size_t index) {
  const struct result_class *class = &result->classes[index];
  return (struct unfolding){.reader = reader,
                            .class = class,
                            .asked = class->asked_count ? class->asked : result->asked,
                            .asked_count = class->asked_count ? class->asked_count : result->asked_count,
                            .variant_count = class->variants.count ? class->variants.count : 1,
                            .index = index};
}

static uint64_t rows_of(const struct unfolding *unfolding) {
  uint64_t rows;
  if (__builtin_mul_overflow(unfolding->asked_count, unfolding->variant_count, &rows) ||
      __builtin_mul_overflow(rows, unfolding->class->alg_count, &rows))
    return UINT64_MAX;
  return rows;
}

static bool count_rows(struct reader *reader, const struct result *result, uint64_t *rows) {
  *rows = 0;
  for (size_t i = 0; i < result->class_count && *rows <= ROWS_MAX; i++) {
    const struct unfolding unfolding = unfolding_of(reader, result, i);
    uint64_t more = rows_of(&unfolding);
    *rows = more > ROWS_MAX ? more : *rows + more;
  }
  return *rows <= ROWS_MAX || error_set(reader->error, "%s: classes stand for more than %llu rows",
                                        reader->file, (unsigned long long)ROWS_MAX);
}

/* ---- what was asked, as if all were right ---- */

static bool check_tokens(const struct unfolding *unfolding) {
  for (size_t i = 0; i < unfolding->class->alg_count; i++)
    if (unfolding->class->tokens[i].tokens > UINT32_MAX)
      return error_set(unfolding->reader->error, "%s: classes[%zu].tokens: %llu are too many",
                       unfolding->reader->file, unfolding->index,
                       (unsigned long long)unfolding->class->tokens[i].tokens);
  return true;
}

static void fill_rows(const struct unfolding *unfolding) {
  const struct result_class *class = unfolding->class;
  struct result_verdict *row = unfolding->rows;
  for (size_t variant = 0; variant < unfolding->variant_count; variant++) {
    const char *name;
    result_set(&name, class->variants.count ? class->variants.items[variant] : "");
    for (size_t alg = 0; alg < class->alg_count; alg++)
      for (size_t i = 0; i < unfolding->asked_count; i++, row++) {
        const unsigned tokens = (unsigned)class->tokens[alg].tokens;
        *row = (struct result_verdict){.level = unfolding->asked[i].level,
                                       .subject = unfolding->asked[i].subject,
                                       .class_id = class->class_id,
                                       .variant = name,
                                       .stage = class->stage,
                                       .alg = class->tokens[alg].alg,
                                       .expected = class->expected,
                                       .pinned = class->pinned,
                                       .severity = class->severity,
                                       .tokens = tokens,
                                       .right = tokens};
      }
  }
}

/* ---- exceptions ---- */

static bool exception_wrong(const struct unfolding *unfolding, size_t exception, const char *what,
                            const char *name) {
  return error_set(unfolding->reader->error, "%s: classes[%zu].exceptions[%zu]%s%.100s",
                   unfolding->reader->file, unfolding->index, exception, what, name);
}

static void answer(struct result_verdict *row, const struct result_exception *exception) {
  const struct result_verdict *answered = &exception->answered;
  row->tokens = row->right = 0;
  for (int kind = 0; kind <= KIND_COUNT; kind++)
    verdict_count(row, (enum answer_kind)kind, (unsigned)result_count(answered, (enum answer_kind)kind));
  row->tokens = answered->tokens ? answered->tokens : row->tokens;
  row->forbidden = answered->forbidden;
  row->given = allocate_items(answered->given_count, sizeof *row->given);
  row->given_count = answered->given_count;
  for (size_t i = 0; i < answered->given_count; i++) {
    OWNED_TEXT char *example = class_id_unfold(answered->given[i].example, row->variant, row->alg);
    row->given[i] = answered->given[i];
    result_set(&row->given[i].example, example);
  }
  for (size_t i = 0; i < answered->examples.count; i++) {
    OWNED_TEXT char *example = class_id_unfold(answered->examples.items[i], row->variant, row->alg);
    strings_add(&row->examples, example);
  }
}

static bool answer_one(const struct unfolding *unfolding, size_t index, size_t row) {
  const struct result_exception *exception = &unfolding->class->exceptions[index];
  if (unfolding->is_told[row])
    return exception_wrong(unfolding, index, " is about what another one is about", "");
  unfolding->is_told[row] = true;
  answer(&unfolding->rows[row], exception);
  return verdict_settle(&unfolding->rows[row]) ||
         exception_wrong(unfolding, index, ": its counters come to more than its tokens", "");
}

/* Names mostly come in the order in which they stand in the class row, so the search goes on from the latest.
 * at: what it is replaced by; false: there is none. */
static bool find_variant(const struct unfolding *unfolding, const char *name, size_t *at) {
  const struct result_strings *variants = &unfolding->class->variants;
  for (size_t i = 0; i < variants->count; i++) {
    size_t index = (*at + i) % variants->count;
    if (strcmp(variants->items[index], name) == 0) {
      *at = index;
      return true;
    }
  }
  *at = 0;
  return variants->count == 0 && name[0] == '\0';
}

static bool find_alg(const struct unfolding *unfolding, const char *name, size_t *at) {
  for (*at = 0; *at < unfolding->class->alg_count; ++*at)
    if (strcmp(unfolding->class->tokens[*at].alg, name) == 0)
      return true;
  return false;
}

static bool find_subject(const struct unfolding *unfolding, const char *name, size_t *at) {
  for (*at = 0; *at < unfolding->asked_count; ++*at)
    if (strcmp(unfolding->asked[*at].subject, name) == 0)
      return true;
  return false;
}

static bool answer_variant(const struct unfolding *unfolding, size_t index, size_t variant, size_t subject) {
  const struct result_strings *algs = &unfolding->class->exceptions[index].algs;
  const size_t all = unfolding->class->alg_count;
  for (size_t i = 0; i < (algs->count ? algs->count : all); i++) {
    size_t alg = i;
    if (algs->count && !find_alg(unfolding, algs->items[i], &alg))
      return exception_wrong(unfolding, index, ": no tokens were asked about of the algorithm ",
                             algs->items[i]);
    if (!answer_one(unfolding, index, (variant * all + alg) * unfolding->asked_count + subject))
      return false;
  }
  return true;
}

static bool answer_all(const struct unfolding *unfolding, size_t index) {
  const struct result_exception *exception = &unfolding->class->exceptions[index];
  const struct result_strings *variants = &exception->variants;
  size_t subject, variant = 0;
  if (!find_subject(unfolding, exception->subject, &subject))
    return exception_wrong(unfolding, index, ": nothing was asked of the subject ", exception->subject);
  for (size_t i = 0; i < (variants->count ? variants->count : unfolding->variant_count); i++) {
    if (variants->count == 0)
      variant = i;
    else if (!find_variant(unfolding, variants->items[i], &variant))
      return exception_wrong(unfolding, index, ": the class has no variant ", variants->items[i]);
    if (!answer_variant(unfolding, index, variant, subject))
      return false;
  }
  return true;
}

static bool unfold(struct unfolding *unfolding, size_t rows) {
  bool ok = check_tokens(unfolding);
  fill_rows(unfolding);
  unfolding->is_told = allocate_items(rows, sizeof *unfolding->is_told);
  for (size_t i = 0; ok && i < unfolding->class->exception_count; i++)
    ok = answer_all(unfolding, i);
  free(unfolding->is_told);
  return ok;
}

bool class_rows_unfold(struct reader *reader, struct result *result) {
  uint64_t rows;
  bool ok = count_rows(reader, result, &rows);
  result->verdicts = ok ? allocate_items(rows, sizeof *result->verdicts) : NULL;
  for (size_t i = 0; ok && i < result->class_count; i++) {
    struct unfolding unfolding = unfolding_of(reader, result, i);
    unfolding.rows = result->verdicts + result->verdict_count;
    size_t count = (size_t)rows_of(&unfolding);
    result->verdict_count += count;
    ok = unfold(&unfolding, count);
  }
  class_rows_drop(result);
  return ok;
}
