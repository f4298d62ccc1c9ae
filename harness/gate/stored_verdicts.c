/* Which rows of verdicts have become graver. */
#include "harness/gate/stored_verdicts.h"

#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define GRAVITIES 10
#define GRAVITY_ACCEPTED answer_kind_gravity(KIND_ACCEPTED)

/* ---- rows by what they are of ---- */

/* Equal texts of all results are one and the same, but for empty ones. */
static uintptr_t text_id(const char *text) {
  return text[0] ? (uintptr_t)text : 0;
}

struct row_key {
  uintptr_t of[6];
};

static struct row_key key_of(const struct result_verdict *row) {
  return (struct row_key){{row->level, text_id(row->subject), text_id(row->class_id), text_id(row->variant),
                           text_id(row->alg), text_id(row->expected)}};
}

/* Where the row stands or would stand: linear probing, at most half full. */
static size_t *slot_of(const struct verdict_rows *rows, const struct result_verdict *row) {
  const struct row_key key = key_of(row);
  uint64_t hash = 0;
  for (size_t i = 0; i < sizeof key.of / sizeof key.of[0]; i++)
    hash = (hash ^ key.of[i] ^ hash >> 32) * UINT64_C(0x9e3779b97f4a7c15);
  for (size_t at = hash >> 32 & (rows->table_size - 1);; at = (at + 1) & (rows->table_size - 1)) {
    size_t *slot = &rows->table[at];
    const struct row_key other = *slot ? key_of(&rows->result->verdicts[*slot - 1]) : key;
    if (memcmp(&other, &key, sizeof key) == 0)
      return slot;
  }
}

struct verdict_rows verdict_rows_of(const struct result *result) {
  struct verdict_rows rows = {.result = result, .table_size = 2};
  while (rows.table_size < 2 * result->verdict_count)
    rows.table_size *= 2;
  rows.table = allocate_items(rows.table_size, sizeof *rows.table);
  for (size_t i = 0; i < result->verdict_count; i++) {
    size_t *slot = slot_of(&rows, &result->verdicts[i]);
    *slot = *slot ? *slot : i + 1; /* the first of the same */
  }
  return rows;
}

const struct result_verdict *verdict_rows_find(const struct verdict_rows *rows,
                                               const struct result_verdict *row) {
  size_t slot = *slot_of(rows, row);
  return slot ? &rows->result->verdicts[slot - 1] : NULL;
}

void verdict_rows_fini(struct verdict_rows *rows) {
  free(rows->table);
  rows->table = NULL;
}

/* ---- how grave the counted answers are ---- */

static bool is_good(const struct result_verdict *row) {
  return strcmp(row->expected, "accept") == 0;
}

/* "authorisation.*" covers "authorisation.scope or ...". */
static bool gap_covers(const char *reasons, const char *expected) {
  size_t length = strlen(reasons);
  if (length > 1 && strcmp(reasons + length - 2, ".*") == 0)
    return strncmp(reasons, expected, length - 1) == 0;
  return strncmp(reasons, expected, length) == 0 && strchr(" ", expected[length]);
}

/* Whether what is expected is a reason that the subject cannot be told: then its tokens are accepted, and
 * counted as unsupported. */
static bool is_gap(const struct result *result, const struct result_verdict *row) {
  const struct result_subject *subject = result_find_subject(result, row->subject);
  if (!subject || strncmp(row->expected, "reject ", 7) != 0 || result_lacks_alg(result, row))
    return false;
  for (size_t i = 0; i < subject->gap_count; i++)
    if (gap_covers(subject->gaps[i].reasons, row->expected + 7))
      return true;
  return false;
}

/* Of a row's tokens that differ from what is pinned, how many were accepted: where the result does not say
 * so, all of them, or with `dark` false none. */
static uint64_t differing_accepted(const struct result_verdict *row, bool dark) {
  uint64_t told = 0, accepted = 0;
  for (size_t i = 0; i < row->given_count; i++) {
    if (answer_kind_by_counter(row->given[i].kind) != KIND_DIFFERS)
      continue;
    told += row->given[i].tokens;
    accepted += answer_by_text(row->given[i].answer) == REASON_OK ? row->given[i].tokens : 0;
  }
  return accepted + (dark && told < row->pinned_differs ? row->pinned_differs - told : 0);
}

/* Tokens by gravity. dark: of those that differ from what is pinned and of which the result does not keep
 * what was answered, the worst is thought, else the best. */
struct weights {
  uint64_t of[GRAVITIES];
};

static struct weights weigh(const struct result *result, const struct result_verdict *row, bool dark) {
  struct weights weights = {0};
  for (int kind = 0; kind < KIND_COUNT; kind++) {
    unsigned gravity = answer_kind_gravity((enum answer_kind)kind);
    if (kind == KIND_DIFFERS)
      gravity = answer_kind_gravity(is_good(row) ? KIND_REFUSED : KIND_REASON);
    else if (kind == KIND_UNSUPPORTED && is_gap(result, row))
      gravity = GRAVITY_ACCEPTED;
    weights.of[gravity] += result_count(row, (enum answer_kind)kind);
  }
  if (!is_good(row)) {
    uint64_t accepted = differing_accepted(row, dark);
    weights.of[answer_kind_gravity(KIND_REASON)] -= accepted;
    weights.of[GRAVITY_ACCEPTED] += accepted;
  }
  return weights;
}

/* By how many tokens the head is above the base in any count of answers from the gravest down. */
static uint64_t excess(const struct weights *base, const struct weights *head) {
  uint64_t was = 0, is = 0, most = 0;
  for (int gravity = GRAVITIES - 1; gravity > 0; gravity--) {
    was += base->of[gravity];
    is += head->of[gravity];
    most = is > was + most ? is - was : most;
  }
  return most;
}

/* ---- which tokens ---- */

static bool has_example(const struct result_verdict *row, const char *id) {
  for (size_t i = 0; i < row->examples.count; i++)
    if (strcmp(row->examples.items[i], id) == 0)
      return true;
  return false;
}

/* The first that the base does not name; else the first. */
static const char *new_example(const struct result_verdict *was, const struct result_verdict *row) {
  for (size_t i = 0; i < row->examples.count; i++)
    if (!has_example(was, row->examples.items[i]))
      return row->examples.items[i];
  return row->examples.count ? row->examples.items[0] : "";
}

static uint64_t down_to(const struct result_verdict *row, unsigned gravity) {
  uint64_t count = 0;
  for (int kind = 0; kind < KIND_COUNT; kind++)
    if (answer_kind_gravity((enum answer_kind)kind) >= gravity)
      count += result_count(row, (enum answer_kind)kind);
  return count;
}

/* A token that the head names as one of those answered so gravely, and that the base, which names all of its
 * own, does not. NULL: none. Examples stand in the order of gravity. */
static const char *newly_as_grave(const struct result_verdict *was, const struct result_verdict *row,
                                  unsigned gravity) {
  uint64_t here = down_to(row, gravity);
  if (down_to(was, gravity) > was->examples.count || result_is_raw(row->level))
    return NULL;
  for (size_t i = 0; i < row->examples.count && i < here; i++) {
    bool known = false;
    for (size_t j = 0; j < down_to(was, gravity) && !known; j++)
      known = strcmp(was->examples.items[j], row->examples.items[i]) == 0;
    if (!known)
      return row->examples.items[i];
  }
  return NULL;
}

static bool same_counts(const struct result_verdict *was, const struct result_verdict *row) {
  for (int kind = 0; kind < KIND_COUNT; kind++)
    if (result_count(was, (enum answer_kind)kind) != result_count(row, (enum answer_kind)kind))
      return false;
  return !(row->crash && row->hang); /* which are as grave as each other, and may change places */
}

/* Where as many tokens are answered so, the first few in the order of tokens are the same unless the tokens
 * are others; then one of them was answered better before. */
static const char *other_tokens(const struct result_verdict *was, const struct result_verdict *row) {
  for (size_t i = 0; same_counts(was, row) && i < was->examples.count && i < row->examples.count; i++)
    if (strcmp(was->examples.items[i], row->examples.items[i]) != 0)
      return has_example(was, row->examples.items[i]) ? was->examples.items[i] : row->examples.items[i];
  return NULL;
}

/* Of rows whose counts say how grave each answer was. */
static const char *swapped(const struct result_verdict *was, const struct result_verdict *row) {
  unsigned grave = answer_kind_gravity(KIND_UNMAPPED);
  if (was->tokens < row->tokens || (was->pinned_differs && (down_to(was, grave) || down_to(row, grave))))
    return NULL;
  const char *id = other_tokens(was, row);
  for (unsigned gravity = GRAVITIES - 1; !id && gravity > 0; gravity--)
    id = newly_as_grave(was, row, gravity);
  return id;
}

/* Of which the head has more than the base down to it; else the gravest that it has at all. */
static unsigned gravest_more(const struct weights *base, const struct weights *head) {
  uint64_t was = 0, is = 0;
  unsigned gravest = 0;
  for (unsigned gravity = GRAVITIES - 1; gravity > 0; gravity--) {
    was += base->of[gravity];
    is += head->of[gravity];
    if (is > was)
      return gravity;
    gravest = gravest == 0 && head->of[gravity] ? gravity : gravest;
  }
  return gravest;
}

struct verdict_change verdict_change_of(const struct result *base, const struct result_verdict *was,
                                        const struct result *head, const struct result_verdict *row) {
  if (row->right == row->tokens) /* as most rows are */
    return (struct verdict_change){VERDICTS_KEPT, 0, "", 0};
  uint64_t unasked = row->tokens > was->tokens ? row->tokens - was->tokens : 0; /* of the base */
  uint64_t above[2];
  unsigned gravity = 0;
  for (int dark = 0; dark < 2; dark++) {
    struct weights before = weigh(base, was, dark), after = weigh(head, row, dark);
    above[dark] = excess(&before, &after);
    gravity = dark ? gravity : gravest_more(&before, &after);
  }
  uint64_t least = above[0] < above[1] ? above[0] : above[1], most = above[0] + above[1] - least;
  if (least > unasked)
    return (struct verdict_change){VERDICTS_GRAVER, least - unasked, new_example(was, row), gravity};
  const char *id = is_gap(base, was) || is_gap(head, row) ? NULL : swapped(was, row);
  if (id)
    return (struct verdict_change){VERDICTS_GRAVER, 1, id, gravity};
  if (most > 0)
    return (struct verdict_change){VERDICTS_UNTOLD, most, new_example(was, row), gravity};
  return (struct verdict_change){VERDICTS_KEPT, 0, "", 0};
}

static void add_count(char **text, uint64_t count, const char *words) {
  char figure[FIGURE_BYTES];
  result_setf(text, "%s%s%s %s", *text, (*text)[0] ? ", " : "", figure_count(figure, count), words);
}

/* What was answered most, where a count alone does not say it. */
static void add_answer(const struct result_verdict *row, enum answer_kind kind, char **words) {
  for (size_t i = 0; i < row->given_count; i++)
    if (answer_kind_by_counter(row->given[i].kind) == (int)kind) {
      result_setf(words, "%s (%s)", *words, row->given[i].answer);
      return;
    }
}

char *verdict_counts_text(const struct result_verdict *row) {
  char *text = allocate_copy("");
  for (int kind = 0; kind <= KIND_COUNT; kind++) {
    uint64_t count = result_count(row, (enum answer_kind)kind);
    OWNED_TEXT char *words = allocate_copy(answer_kind_words((enum answer_kind)kind)->counter);
    for (char *at = strchr(words, '_'); at; at = strchr(at, '_'))
      *at = ' ';
    add_answer(row, (enum answer_kind)kind, &words);
    if (count)
      add_count(&text, count, words);
  }
  result_setf(&text, "%s of %u", text[0] ? text : "none counted", row->tokens);
  return text;
}
