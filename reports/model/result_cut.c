/* Cutting a result down by the tables of its fields, so that no list of rows is forgotten. */
#include "reports/model/result_cut.h"

#include <stdlib.h>
#include <string.h>

#include "reports/model/fields.h"
#include "reports/model/measured.h"
#include "reports/text/allocate.h"

struct wanted {
  struct word_list *words;
  bool algs, subjects; /* whether any word names one */
};

static const struct field *field_named(const struct shape *shape, const char *name) {
  for (size_t i = 0; i < shape->field_count; i++)
    if (strcmp(shape->fields[i].name, name) == 0)
      return &shape->fields[i];
  return NULL;
}

static const char *text_of(const struct shape *shape, const char *name, const void *row) {
  const struct field *field = field_named(shape, name);
  return field && field->kind == FIELD_STRING ? *(const char *const *)field_at(field, row) : "";
}

static bool alg_is_named(struct word_list *words, const struct shape *shape, const void *row) {
  const char *alg = text_of(shape, "alg", row);
  const struct field *bits = field_named(shape, "key_bits");
  if (!bits)
    return word_list_begins(words, alg);
  OWNED_TEXT char *text = result_alg_text(alg, *(const unsigned *)field_at(bits, row));
  return word_list_has(words, text);
}

static bool is_about_alg(const struct shape *shape, const void *row) {
  const char *alg = text_of(shape, "alg", row);
  return alg[0] && strcmp(alg, MEMORY_PROCESS) != 0;
}

/* What tells one algorithm and one subject from others, row by row. */
static bool is_cut(const struct field *field) {
  return field->kind == FIELD_LIST && field->shape != &gate_shape && field_named(field->shape, "alg");
}

static void look_at(struct wanted *wanted, const struct shape *shape, const void *row) {
  const char *subject = text_of(shape, "subject", row);
  if (is_about_alg(shape, row) && alg_is_named(wanted->words, shape, row))
    wanted->algs = true;
  if (subject[0] && word_list_has(wanted->words, subject))
    wanted->subjects = true;
}

static bool is_wanted(const struct wanted *wanted, const struct shape *shape, const void *row) {
  const char *subject = text_of(shape, "subject", row);
  if (wanted->algs && is_about_alg(shape, row) && !alg_is_named(wanted->words, shape, row))
    return false;
  return !wanted->subjects || !subject[0] || word_list_has(wanted->words, subject);
}

static void *rows_of(const struct field *field, const struct result *result) {
  return *(void *const *)field_at(field, result);
}

/* A list of its own in place of the whole one's, with the rows that are wanted. */
static void cut_list(struct result *cut, const struct field *field, const struct wanted *wanted) {
  const char *rows = rows_of(field, cut);
  size_t size = field->shape->size, *count = field_count(field, cut), kept = 0;
  char *own = allocate_items(*count + 1, size);
  for (size_t i = 0; i < *count; i++)
    if (is_wanted(wanted, field->shape, rows + i * size))
      memcpy(own + kept++ * size, rows + i * size, size);
  *(void **)field_at(field, cut) = own;
  *count = kept;
}

/* Of each token that was answered differently, the answers that are wanted. */
static void cut_answers(struct result *cut, const struct wanted *wanted) {
  for (size_t i = 0; i < cut->drift_count; i++) {
    struct result_drift *drift = &cut->drift[i];
    struct result_answer *own = allocate_items(drift->answer_count + 1, sizeof *own);
    size_t kept = 0;
    for (size_t j = 0; j < drift->answer_count; j++)
      if (!wanted->subjects || word_list_has(wanted->words, drift->answers[j].subject))
        own[kept++] = drift->answers[j];
    drift->answers = own;
    drift->answer_count = kept;
  }
}

static bool subject_is_wanted(const struct result_subject *subject, const struct wanted *wanted) {
  OWNED_TEXT char *label =
      allocate_format("%s%s%s", subject->name, subject->variant[0] ? ":" : "", subject->variant);
  return !wanted->subjects || word_list_has(wanted->words, label);
}

static void cut_subjects(struct result *cut, const struct result *whole, const struct wanted *wanted) {
  cut->subjects = allocate_items(whole->subject_count + 1, sizeof *cut->subjects);
  cut->subject_count = 0;
  for (size_t i = 0; i < whole->subject_count; i++)
    if (subject_is_wanted(&whole->subjects[i], wanted))
      cut->subjects[cut->subject_count++] = whole->subjects[i];
}

static void look_at_all(struct wanted *wanted, const struct result *whole) {
  for (size_t i = 0; i < result_shape.field_count; i++) {
    const struct field *field = &result_shape.fields[i];
    for (size_t row = 0; is_cut(field) && row < *field_count(field, whole); row++)
      look_at(wanted, field->shape, (const char *)rows_of(field, whole) + row * field->shape->size);
  }
}

static struct result cut_by(const struct result *whole, const struct wanted *wanted) {
  struct result cut = *whole;
  cut.cut_of = wanted->words->count ? whole : whole->cut_of;
  for (size_t i = 0; i < result_shape.field_count; i++)
    if (is_cut(&result_shape.fields[i]))
      cut_list(&cut, &result_shape.fields[i], wanted);
  cut_answers(&cut, wanted);
  cut_subjects(&cut, whole, wanted);
  return cut;
}

struct result result_cut(const struct result *whole, struct word_list *words) {
  struct wanted wanted = {.words = words};
  look_at_all(&wanted, whole);
  return cut_by(whole, &wanted);
}

void results_cut(const struct result *const *wholes, size_t count, struct word_list *words,
                 struct result *cuts) {
  struct wanted wanted = {.words = words};
  for (size_t i = 0; i < count; i++)
    look_at_all(&wanted, wholes[i]);
  for (size_t i = 0; i < count; i++)
    cuts[i] = cut_by(wholes[i], &wanted);
}

void result_cut_fini(struct result *cut) {
  for (size_t i = 0; i < cut->drift_count; i++)
    free(cut->drift[i].answers);
  for (size_t i = 0; i < result_shape.field_count; i++)
    if (is_cut(&result_shape.fields[i]))
      free(rows_of(&result_shape.fields[i], cut));
  free(cut->subjects);
}
