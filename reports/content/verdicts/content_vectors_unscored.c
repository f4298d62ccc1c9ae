/* Raw vectors on which no one answer is expected: which of them each subject accepts and refuses, in as few
 * rows as there are ways in which the subjects divide. */
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/figures.h"

#define NAMED 3        /* subjects that are named, where more are "the other 9" */
#define CASES_WIDTH 40 /* columns for the names of cases, which are counted where they take more */

/* The vectors of a file that all subjects answered in the same way, each as it did the others. */
struct division {
  uint64_t vectors;
  struct tally cases;
  const char *example;
};

struct divisions {
  struct tally who;       /* "refused by awslc; accepted by the other 5" */
  struct division *items; /* by index of who */
};

static void divisions_add(struct divisions *divisions, const char *who, const struct result_verdict *row,
                          uint64_t vectors, const char *example) {
  bool is_new;
  size_t index = tally_index(&divisions->who, who, &is_new);
  if (is_new) {
    divisions->items = allocate_one_more(divisions->items, index, sizeof *divisions->items);
    divisions->items[index] = (struct division){.example = example};
  }
  divisions->items[index].vectors += vectors;
  names_add(&divisions->items[index].cases, row->variant[0] ? row->variant : "plain");
}

static void divisions_fini(struct divisions *divisions) {
  for (size_t i = 0; i < divisions->who.count; i++)
    tally_fini(&divisions->items[i].cases);
  free(divisions->items);
  tally_fini(&divisions->who);
}

/* ---- who said what ---- */

static bool begins_with(const char *text, const char *start) {
  return strncmp(text, start, strlen(start)) == 0;
}

/* "accepted by openssl", "key refused by wolfssl", "refused by all (signature.invalid)". free() it. */
static char *answer_words(const char *answer, const char *who) {
  if (strcmp(answer, "accept") == 0)
    return allocate_format("accepted by %s", who);
  if (strcmp(answer, "reject") == 0)
    return allocate_format("refused by %s", who);
  if (strcmp(answer, "reject the key") == 0)
    return allocate_format("key refused by %s", who);
  if (begins_with(answer, "reject "))
    return allocate_format("refused by %s (%s)", who, answer + strlen("reject "));
  return allocate_format("%s of %s", answer, who);
}

static struct tally subjects_with(const struct result_drift *drift, const char *answer) {
  struct tally subjects = {0};
  for (size_t i = 0; i < drift->answer_count; i++)
    if (strcmp(drift->answers[i].answer, answer) == 0)
      names_add(&subjects, drift->answers[i].subject);
  return subjects;
}

/* The answer of most subjects; the last of them where as many gave another. */
static size_t commonest(const struct result_drift *drift, const struct tally *answers) {
  size_t most = 0, index = 0;
  for (size_t i = 0; i < answers->count; i++) {
    OWNED_TALLY struct tally subjects = subjects_with(drift, answers->items[i]);
    if (subjects.count >= most) {
      most = subjects.count;
      index = i;
    }
  }
  return index;
}

static void add_side(struct tally *sides, const struct result_drift *drift, const char *answer,
                     bool is_commonest) {
  OWNED_TALLY struct tally subjects = subjects_with(drift, answer);
  OWNED_TEXT char *who = is_commonest && subjects.count > NAMED
                             ? allocate_format("the other %zu", subjects.count)
                             : names_join(&subjects, " and ");
  OWNED_TEXT char *words = answer_words(answer, who);
  names_add(sides, words);
}

/* The few who differ, and then all others. free() it. */
static char *who_divides(const struct result_drift *drift) {
  OWNED_TALLY struct tally answers = {0}, sides = {0};
  for (size_t i = 0; i < drift->answer_count; i++)
    names_add(&answers, drift->answers[i].answer);
  size_t most = commonest(drift, &answers);
  for (size_t i = 0; i < answers.count; i++)
    if (i != most)
      add_side(&sides, drift, answers.items[i], false);
  add_side(&sides, drift, answers.items[most], true);
  char *text = names_list(&sides, "; ", "; ");
  return text;
}

/* ---- the vectors of a row ---- */

static bool is_of_row(const struct result_drift *drift, const struct result_verdict *row) {
  return strcmp(drift->expected, "any") == 0 && drift_differs(drift) &&
         strcmp(drift->class_id, row->class_id) == 0 && strcmp(drift->variant, row->variant) == 0 &&
         strcmp(drift->alg, row->alg) == 0;
}

static bool has_answer(const struct result_drift *drift, const char *subject, const char *answer) {
  for (size_t i = 0; i < drift->answer_count; i++)
    if (strcmp(drift->answers[i].subject, subject) == 0)
      return strcmp(drift->answers[i].answer, answer) == 0;
  return false;
}

/* How many vectors all subjects answered alike, as this one did. */
static uint64_t alike(const struct result *result, const struct result_verdict *row,
                      const struct result_given *given) {
  uint64_t left = given->tokens;
  for (size_t i = 0; i < result->drift_count; i++) {
    const struct result_drift *drift = &result->drift[i];
    if (is_of_row(drift, row) && has_answer(drift, row->subject, given->answer))
      left -= drift->tokens < left ? drift->tokens : left;
  }
  return left;
}

/* Of all that answer alike one subject tells; whether each refused the key or only the signature is not
 * asked, since it is refused either way. */
static void add_alike(struct divisions *divisions, const struct result *result,
                      const struct result_verdict *row, const char *all) {
  for (size_t i = 0; i < row->given_count; i++) {
    const struct result_given *given = &row->given[i];
    uint64_t vectors = alike(result, row, given);
    bool is_key = all && strcmp(given->answer, "reject the key") == 0;
    OWNED_TEXT char *who = answer_words(is_key ? "reject" : given->answer, all ? all : row->subject);
    if (vectors)
      divisions_add(divisions, who, row, vectors, given->example);
  }
}

static void add_divided(struct divisions *divisions, const struct result *result,
                        const struct result_verdict *row) {
  for (size_t i = 0; i < result->drift_count; i++) {
    const struct result_drift *drift = &result->drift[i];
    if (!is_of_row(drift, row) || drift->tokens == 0)
      continue;
    OWNED_TEXT char *who = who_divides(drift);
    divisions_add(divisions, who, row, drift->tokens, drift->example);
  }
}

/* ---- the table ---- */

static void add_row(struct document_table *table, const char *file, const char *who,
                    const struct division *division) {
  char figure[FIGURE_NOUN_BYTES];
  struct document_row *row = table_add_row(table);
  OWNED_TEXT char *cases = names_join(&division->cases, ", ");
  row_add_cell(row, file);
  if (display_width(cases) <= CASES_WIDTH)
    row_add_cell(row, cases);
  else
    row_addf(row, "%s, e.g. %s", figure_noun(figure, division->cases.count, "case"), division->example);
  row_add_cell(row, figure_count(figure, division->vectors));
  row_set_rest(row, who, STYLE_PLAIN);
}

/* The subject that tells of all: the first that answered every vector of the file that has no expectation.
 * NULL: there is none, or the result does not keep what was answered. */
static const char *teller(const struct result *result, enum result_level level, const char *file,
                          const struct tally *subjects) {
  for (size_t s = 0; s < subjects->count; s++) {
    uint64_t asked = 0, told = 0;
    for (size_t i = 0; i < result->verdict_count; i++) {
      const struct result_verdict *row = &result->verdicts[i];
      if (row->level != level || strcmp(row->class_id, file) != 0 ||
          strcmp(row->subject, subjects->items[s]) != 0 || result_expects(row) != EXPECT_ANY)
        continue;
      asked += row->tokens;
      told += row->crash + row->hang + row->fault; /* which is told above, among what is wrong */
      for (size_t g = 0; g < row->given_count; g++)
        told += row->given[g].tokens;
    }
    if (asked && asked == told)
      return subjects->items[s];
  }
  return NULL;
}

/* Whether several subjects answered vectors of the file. */
static bool has_several(const struct result *result, enum result_level level, const char *file) {
  const char *first = NULL;
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (row->level != level || strcmp(row->class_id, file) != 0 || row->given_count == 0)
      continue;
    if (first && strcmp(first, row->subject) != 0)
      return true;
    first = row->subject;
  }
  return false;
}

/* Where subjects divide first, then where all agree. */
static void add_file(struct document_table *table, const struct result *result, enum result_level level,
                     const char *file, const struct tally *subjects) {
  const char *who = teller(result, level, file, subjects);
  const char *all = has_several(result, level, file) ? "all" : NULL;
  struct divisions divisions = {0};
  for (int is_alike = 0; who && is_alike < 2; is_alike++)
    for (size_t i = 0; i < result->verdict_count; i++) {
      const struct result_verdict *row = &result->verdicts[i];
      if (row->level != level || strcmp(row->class_id, file) != 0 || strcmp(row->subject, who) != 0 ||
          result_expects(row) != EXPECT_ANY)
        continue;
      if (is_alike)
        add_alike(&divisions, result, row, all);
      else
        add_divided(&divisions, result, row);
    }
  for (size_t i = 0; i < divisions.who.count; i++)
    add_row(table, file, divisions.who.items[i], &divisions.items[i]);
  divisions_fini(&divisions);
}

void content_vectors_unscored(struct document *document, const struct result *result, enum result_level level,
                              const struct tally *files, const struct tally *subjects) {
  struct document_table *table = NULL;
  for (size_t i = 0; i < files->count; i++) {
    if (!teller(result, level, files->items[i], subjects))
      continue;
    if (!table) {
      table = document_add_table(document, "Vectors without one right answer");
      table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
      table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
      table_add_column(table, "vectors", 0, 0);
      table_add_column(table, "accepted and refused by", COLUMN_LEFT, 0);
    }
    add_file(table, result, level, files->items[i], subjects);
  }
}
