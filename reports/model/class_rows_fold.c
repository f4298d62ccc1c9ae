/* Verdict rows -> class rows, in one pass over the rows: as many as stand together in the order in which a
 * class row is taken apart become one. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/model/class_rows.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/tally.h"

#define ALGS_MAX 64 /* of a class row: bits of a mask */

/* The rows of a class row. */
struct block {
  const struct result_verdict *rows;
  size_t asked; /* subjects: rows of an algorithm */
  size_t algs, variants;
};

static const struct result_verdict *row_of(const struct block *block, size_t variant, size_t alg,
                                           size_t subject) {
  return &block->rows[(variant * block->algs + alg) * block->asked + subject];
}

/* Texts of results are mostly one and the same where they are alike. */
static bool same_text(const char *a, const char *b) {
  return a == b || strcmp(a, b) == 0;
}

static bool is_ascii(const char *text) {
  while (*text > 0)
    text++;
  return *text == '\0';
}

/* What is not valid UTF-8 may read like something else once it is. */
static bool reads_alike(const char *a, const char *b) {
  if (same_text(a, b) || is_ascii(a) || is_ascii(b))
    return same_text(a, b);
  OWNED_TEXT char *x = utf8_repair(a), *y = utf8_repair(b);
  bool alike = strcmp(x, y) == 0;
  return alike;
}

static bool same_head(const struct result_verdict *a, const struct result_verdict *b) {
  return same_text(a->class_id, b->class_id) && same_text(a->stage, b->stage) &&
         same_text(a->expected, b->expected) && a->pinned == b->pinned && a->severity == b->severity;
}

/* ---- who was asked the same ---- */

static bool same_asked(const struct block *a, const struct block *b) {
  if (a->asked != b->asked)
    return false;
  for (size_t i = 0; i < a->asked; i++)
    if (!same_text(a->rows[i].subject, b->rows[i].subject) || a->rows[i].level != b->rows[i].level)
      return false;
  return true;
}

static bool is_asked(const struct block *block, const struct result_verdict *row) {
  for (size_t i = 0; i < block->asked; i++)
    if (reads_alike(block->rows[i].subject, row->subject))
      return true;
  return false;
}

/* The rows from here on of one variant, algorithm and expectation, each of another subject. like: the block
 * before it, whose subjects are mostly the same. */
static struct block question_at(const struct result_verdict *rows, size_t count, const struct block *like) {
  struct block block = {.rows = rows, .algs = 1, .variants = 1};
  bool as_before = true;
  for (; block.asked < count; block.asked++) {
    const struct result_verdict *row = &rows[block.asked];
    if (!same_head(rows, row) || !same_text(rows->variant, row->variant) || !same_text(rows->alg, row->alg))
      break;
    as_before =
        as_before && block.asked < like->asked && same_text(like->rows[block.asked].subject, row->subject);
    if (!as_before && is_asked(&block, row))
      break;
  }
  return block;
}

static bool has_alg(const struct block *block, const char *alg) {
  for (size_t i = 0; i < block->algs; i++)
    if (reads_alike(row_of(block, 0, i, 0)->alg, alg))
      return true;
  return false;
}

/* The rows from here on of one variant and expectation. */
static struct block variant_at(const struct result_verdict *rows, size_t count, const struct block *like) {
  struct block block = question_at(rows, count, like);
  for (size_t at = block.asked; at < count && block.algs < ALGS_MAX; at += block.asked, block.algs++) {
    if (!same_head(rows, &rows[at]) || !same_text(rows->variant, rows[at].variant))
      break;
    struct block next = question_at(&rows[at], count - at, &block);
    if (!same_asked(&block, &next) || has_alg(&block, rows[at].alg))
      break;
  }
  return block;
}

/* What was asked, as far as answers tell: a run that was interrupted has rows with less. */
static unsigned tokens_of(const struct block *block, size_t alg) {
  unsigned tokens = 0;
  for (size_t i = 0; i < block->asked; i++)
    if (row_of(block, 0, alg, i)->tokens > tokens)
      tokens = row_of(block, 0, alg, i)->tokens;
  return tokens;
}

static bool same_questions(const struct block *a, const struct block *b) {
  if (!same_head(a->rows, b->rows) || a->algs != b->algs || !same_asked(a, b))
    return false;
  for (size_t i = 0; i < a->algs; i++)
    if (!same_text(row_of(a, 0, i, 0)->alg, row_of(b, 0, i, 0)->alg) || tokens_of(a, i) != tokens_of(b, i))
      return false;
  return true;
}

static bool name_is_new(struct tally *names, const char *name) {
  bool added;
  OWNED_TEXT char *valid = utf8_repair(name);
  tally_index(names, valid, &added);
  return added;
}

/* The rows from here on of one class and expectation. */
static struct block block_at(const struct result_verdict *rows, size_t count, const struct block *like) {
  struct block block = variant_at(rows, count, like);
  const size_t size = block.asked * block.algs;
  OWNED_TALLY struct tally names = {0};
  for (size_t at = size; at < count && same_head(rows, &rows[at]); at += size, block.variants++) {
    struct block next = variant_at(&rows[at], count - at, &block);
    if (!same_questions(&block, &next))
      break;
    if (names.count == 0)
      names_add(&names, rows->variant);
    if (!name_is_new(&names, rows[at].variant))
      break;
  }
  return block;
}

/* ---- exceptions ---- */

static bool is_plain(const struct result_verdict *row, unsigned tokens) {
  uint64_t others = row->forbidden + row->given_count + row->examples.count;
  for (int kind = 0; kind <= KIND_COUNT; kind++)
    others += kind == KIND_RIGHT ? 0 : result_count(row, (enum answer_kind)kind);
  return row->right == tokens && row->tokens == tokens && others == 0;
}

/* A name that a class row has no choice of is not left open in ids. */
struct open_names {
  const char *variant, *alg;
};

static struct open_names names_of(const struct block *block, const struct result_verdict *row) {
  return (struct open_names){block->variants > 1 ? row->variant : "", block->algs > 1 ? row->alg : ""};
}

static void put_id(FILE *stream, const char *id, const struct open_names *names) {
  OWNED_TEXT char *folded = class_id_fold(id, names->variant, names->alg);
  fprintf(stream, "\n%s", folded);
}

/* Rows of a subject with the same text are told as one exception. */
static char *answered_text(const struct block *block, const struct result_verdict *row) {
  char *text = NULL;
  size_t size;
  FILE *stream = allocated(open_memstream(&text, &size));
  const struct open_names names = names_of(block, row);
  fprintf(stream, "%u %u", row->tokens, row->forbidden);
  for (int kind = 0; kind <= KIND_COUNT; kind++)
    fprintf(stream, " %" PRIu64, result_count(row, (enum answer_kind)kind));
  for (size_t i = 0; i < row->given_count; i++) {
    const struct result_given *given = &row->given[i];
    fprintf(stream, "\n%s\n%s\n%u", given->kind, given->answer, given->tokens);
    put_id(stream, given->example, &names);
  }
  for (size_t i = 0; i < row->examples.count; i++)
    put_id(stream, row->examples.items[i], &names);
  fclose(stream);
  return allocated(text);
}

static void fill_answered(struct result_verdict *answered, const struct block *block,
                          const struct result_verdict *row) {
  const struct open_names names = names_of(block, row);
  uint64_t counted = 0;
  for (int kind = 0; kind <= KIND_COUNT; kind++) {
    verdict_count(answered, (enum answer_kind)kind, (unsigned)result_count(row, (enum answer_kind)kind));
    counted += result_count(row, (enum answer_kind)kind);
  }
  answered->tokens = row->tokens == counted ? 0 : row->tokens;
  answered->forbidden = row->forbidden;
  for (size_t i = 0; i < row->given_count; i++) {
    struct result_given *given = record_append(&given_shape, &answered->given, &answered->given_count);
    OWNED_TEXT char *example = class_id_fold(row->given[i].example, names.variant, names.alg);
    *given = row->given[i];
    result_set(&given->example, example);
  }
  for (size_t i = 0; i < row->examples.count; i++) {
    OWNED_TEXT char *example = class_id_fold(row->examples.items[i], names.variant, names.alg);
    strings_add(&answered->examples, example);
  }
}

/* The rows of one subject and variant with the same text. */
struct alike {
  char *text;
  const struct result_verdict *row; /* the first of them */
  uint64_t algs;
};

static size_t find_alike(const struct result_class *class, const struct block *block, size_t variant,
                         size_t subject, struct alike *alike) {
  size_t count = 0;
  for (size_t alg = 0; alg < block->algs; alg++) {
    const struct result_verdict *row = row_of(block, variant, alg, subject);
    if (is_plain(row, (unsigned)class->tokens[alg].tokens))
      continue;
    char *text = answered_text(block, row);
    size_t at = 0;
    while (at < count && strcmp(alike[at].text, text) != 0)
      at++;
    if (at == count)
      alike[count++] = (struct alike){text, row, 0};
    else
      free(text);
    alike[at].algs |= UINT64_C(1) << alg;
  }
  return count;
}

static void add_algs(struct result_strings *algs, const struct block *block, uint64_t mask) {
  if (mask == UINT64_MAX >> (64 - block->algs))
    return; /* all */
  for (size_t i = 0; i < block->algs; i++)
    if (mask >> i & 1)
      strings_add(algs, row_of(block, 0, i, 0)->alg);
}

/* told: the exceptions of this subject in the class row, which stand at its end, by what they
 * are alike in. */
static void add_alike(struct result_class *class, const struct block *block, const struct alike *alike,
                      struct tally *told) {
  bool added;
  OWNED_TEXT char *key = allocate_format("%" PRIx64 " %s", alike->algs, alike->text);
  size_t at = tally_index(told, key, &added);
  if (added) {
    struct result_exception *fresh =
        record_append(&exception_shape, &class->exceptions, &class->exception_count);
    result_set(&fresh->subject, alike->row->subject);
    add_algs(&fresh->algs, block, alike->algs);
    fill_answered(&fresh->answered, block, alike->row);
  }
  struct result_exception *exceptions = class->exceptions + class->exception_count - told->count;
  strings_add(&exceptions[at].variants, alike->row->variant);
}

static void add_exceptions_of(struct result_class *class, const struct block *block, size_t subject) {
  struct alike alike[ALGS_MAX];
  OWNED_TALLY struct tally told = {0};
  const size_t before = class->exception_count;
  for (size_t variant = 0; variant < block->variants; variant++) {
    size_t count = find_alike(class, block, variant, subject, alike);
    for (size_t i = 0; i < count; i++) {
      add_alike(class, block, &alike[i], &told);
      free(alike[i].text);
    }
  }
  for (size_t i = before; i < class->exception_count; i++)
    if (class->exceptions[i].variants.count == block->variants)
      strings_drop(&class->exceptions[i].variants);
}

/* ---- class rows ---- */

static void add_asked(struct result_asked **asked, size_t *count, const struct block *block) {
  for (size_t i = 0; i < block->asked; i++) {
    struct result_asked *one = record_append(&asked_shape, asked, count);
    one->level = block->rows[i].level;
    result_set(&one->subject, block->rows[i].subject);
  }
}

/* most: those who were asked, if the class row does not say so. */
static void add_class(struct result *into, const struct block *block, const struct block *most) {
  struct result_class *class = record_append(&class_shape, &into->classes, &into->class_count);
  result_set(&class->class_id, block->rows->class_id);
  result_set(&class->stage, block->rows->stage);
  result_set(&class->expected, block->rows->expected);
  class->pinned = block->rows->pinned;
  class->severity = block->rows->severity;
  for (size_t i = 0; i < block->variants && (block->variants > 1 || block->rows->variant[0]); i++)
    strings_add(&class->variants, row_of(block, i, 0, 0)->variant);
  for (size_t i = 0; i < block->algs; i++) {
    struct result_class_tokens *tokens =
        record_append(&class_tokens_shape, &class->tokens, &class->alg_count);
    result_set(&tokens->alg, row_of(block, 0, i, 0)->alg);
    tokens->tokens = tokens_of(block, i);
  }
  if (!same_asked(block, most))
    add_asked(&class->asked, &class->asked_count, block);
  for (size_t i = 0; i < block->asked; i++)
    add_exceptions_of(class, block, i);
}

static struct block with_most_asked(const struct result *result) {
  struct block most = {0}, before = {0};
  for (size_t at = 0; at < result->verdict_count; at += before.asked) {
    before = question_at(&result->verdicts[at], result->verdict_count - at, &before);
    if (before.asked > most.asked)
      most = before;
  }
  return most;
}

void class_rows_fold(const struct result *from, struct result *into) {
  const struct block most = with_most_asked(from);
  struct block block = most;
  add_asked(&into->asked, &into->asked_count, &most);
  for (size_t at = 0; at < from->verdict_count; at += block.asked * block.algs * block.variants) {
    block = block_at(&from->verdicts[at], from->verdict_count - at, &block);
    add_class(into, &block, &most);
  }
}

void class_rows_drop(struct result *result) {
  records_drop(&asked_shape, &result->asked, &result->asked_count);
  records_drop(&class_shape, &result->classes, &result->class_count);
}
