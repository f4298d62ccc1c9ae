/* The words of --fail-on, and what they find in a result. */
#include "harness/cli/fail_on.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text/names.h"
#include "reports/content/rows.h"

const char *fail_on_word(unsigned number) {
  return number < KIND_RIGHT ? answer_kind_words((enum answer_kind)number)->word : NULL;
}

static bool take_kind(void *kinds, const char *word, struct assay_error *error) {
  int kind = word_find("answer", word, fail_on_word, error);
  if (kind < 0)
    return error_prefix(error, "--fail-on: ");
  *(unsigned *)kinds |= 1u << kind;
  return true;
}

unsigned fail_on_parse(const char *list, struct assay_error *error) {
  unsigned kinds = 0;
  if (!names_each(list, take_kind, &kinds, error))
    return 0;
  if (kinds == 0)
    error_set(error, "--fail-on names nothing; `accept` is the least to fail on");
  return kinds;
}

static uint64_t sum_of(const struct result *result, const char *subject, enum answer_kind kind) {
  uint64_t sum = 0;
  for (size_t i = 0; i < result->verdict_count; i++)
    if (result->verdicts[i].level == LEVEL_WHOLE && strcmp(result->verdicts[i].subject, subject) == 0)
      sum += result_count(&result->verdicts[i], kind);
  return sum;
}

static bool is_listed(const struct result_strings *subjects, const char *subject) {
  for (size_t i = 0; i < subjects->count; i++)
    if (strcmp(subjects->items[i], subject) == 0)
      return true;
  return false;
}

/* "accept: libjwt accepted 12 bad tokens, cjose accepted 1 bad token" */
static void add_kind(const struct result *result, const struct result_strings *subjects,
                     enum answer_kind kind, char **text) {
  bool any = false;
  for (size_t i = 0; i < subjects->count; i++) {
    uint64_t count = sum_of(result, subjects->items[i], kind);
    if (count == 0)
      continue;
    const char *before = any ? ", " : (*text)[0] ? "; " : "";
    char *phrase = kind_phrase(kind, count);
    result_setf(text, "%s%s%s%s%s %s", *text, before, any ? "" : fail_on_word(kind), any ? "" : ": ",
                subjects->items[i], phrase);
    free(phrase);
    any = true;
  }
}

bool fail_on_found(const struct result *result, unsigned kinds, char **text) {
  struct result_strings subjects = {0};
  *text = NULL;
  result_setf(text, "%s", "");
  for (size_t i = 0; i < result->verdict_count && kinds; i++)
    if (result->verdicts[i].level == LEVEL_WHOLE && !is_listed(&subjects, result->verdicts[i].subject))
      strings_add(&subjects, result->verdicts[i].subject);
  for (unsigned kind = 0; kind < KIND_RIGHT; kind++)
    if (kinds & 1u << kind)
      add_kind(result, &subjects, (enum answer_kind)kind, text);
  for (size_t i = 0; i < subjects.count; i++)
    free(subjects.items[i]);
  free(subjects.items);
  return (*text)[0] != '\0';
}
