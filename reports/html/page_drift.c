/* The tokens that subjects disagree about: accepted by one and refused by another, or refused
 * for different reasons. */
#include <stdlib.h>
#include <string.h>

#include "reports/html/page.h"
#include "reports/text/allocate.h"

/* The drift of one class over its variants and algorithms, as far as the subjects divide in one way. */
struct drift_group {
  const struct result_drift *first;
  struct tally variants, algs, accepted, refused,
      other;            /* refused, other: "answer: subjects" is made of them */
  struct tally answers; /* "answer\nsubject" */
};

struct drift_groups {
  struct drift_group *items;
  size_t count;
};

static const char *answer_in(const struct drift_group *group, const char *subject) {
  for (size_t i = 0; i < group->answers.count; i++) {
    const char *end = strchr(group->answers.items[i], '\n');
    if (strcmp(end + 1, subject) == 0)
      return group->answers.items[i];
  }
  return NULL;
}

/* Whether every subject that both know answered the same in both: what stands in one row has to be true of
 * the token that the row shows. */
static bool is_like(const struct drift_group *group, const struct result_drift *drift) {
  bool like = strcmp(group->first->class_id, drift->class_id) == 0 &&
              strcmp(group->first->expected, drift->expected) == 0;
  for (size_t i = 0; like && i < drift->answer_count; i++) {
    const struct result_answer *answer = &drift->answers[i];
    const char *known = answer_in(group, answer->subject);
    size_t length = strlen(answer->answer);
    like = !known || (strncmp(known, answer->answer, length) == 0 && known[length] == '\n');
  }
  return like;
}

static struct drift_group *group_of(struct drift_groups *groups, const struct result_drift *drift) {
  for (size_t i = groups->count; i-- > 0;)
    if (is_like(&groups->items[i], drift))
      return &groups->items[i];
  groups->items = allocate_one_more(groups->items, groups->count, sizeof *groups->items);
  groups->items[groups->count] = (struct drift_group){.first = drift};
  return &groups->items[groups->count++];
}

static void group_add(struct drift_group *group, const struct result_drift *drift) {
  names_add(&group->variants, drift->variant[0] ? drift->variant : "plain");
  names_add(&group->algs, drift->alg);
  for (size_t i = 0; i < drift->answer_count; i++) {
    const struct result_answer *answer = &drift->answers[i];
    if (result_is_floor(answer->subject))
      continue;
    names_addf(&group->answers, "%s\n%s", answer->answer, answer->subject);
    if (strcmp(answer->answer, "accept") == 0) {
      names_add(&group->accepted, answer->subject);
      continue;
    }
    bool refused = strncmp(answer->answer, "reject", 6) == 0;
    names_add(refused ? &group->refused : &group->other, answer->answer);
  }
}

static void group_fini(struct drift_group *group) {
  tally_fini(&group->variants);
  tally_fini(&group->algs);
  tally_fini(&group->accepted);
  tally_fini(&group->refused);
  tally_fini(&group->other);
  tally_fini(&group->answers);
}

static const char *short_answer(const char *answer) {
  if (strcmp(answer, "reject unmapped") == 0)
    return "no reason told";
  return strncmp(answer, "reject ", 7) == 0 ? answer + 7 : answer;
}

/* "signature.invalid: openssl, boringssl; no reason told: libjwt" */
static char *answers_text(const struct drift_group *group, const struct tally *answers) {
  OWNED_TALLY struct tally parts = {0};
  for (size_t i = 0; i < answers->count; i++) {
    OWNED_TALLY struct tally subjects = {0};
    size_t length = strlen(answers->items[i]);
    for (size_t j = 0; j < group->answers.count; j++)
      if (strncmp(group->answers.items[j], answers->items[i], length) == 0 &&
          group->answers.items[j][length] == '\n')
        names_add(&subjects, group->answers.items[j] + length + 1);
    OWNED_TEXT char *who = names_join(&subjects, ", ");
    names_addf(&parts, "%s: %s", short_answer(answers->items[i]), who);
  }
  char *text = names_list(&parts, "; ", "; ");
  return text;
}

static void add_cell(struct document_row *row, char *text, const char *nothing) {
  row_add_cell(row, text[0] ? text : nothing);
  free(text);
}

static void add_row(struct document_table *table, const struct drift_group *group, bool has_other) {
  struct document_row *row = table_add_row(table);
  bool is_plain = group->variants.count == 1 && !group->first->variant[0];
  row_add_cell(row, group->first->class_id);
  add_cell(row, is_plain ? allocate_format("-") : names_join(&group->variants, ", "), "-");
  add_cell(row,
           group->algs.count > 3 ? allocate_format("%zu algorithms", group->algs.count)
                                 : names_join(&group->algs, ", "),
           "none");
  add_cell(row, names_join(&group->accepted, ", "), "nobody");
  add_cell(row, answers_text(group, &group->refused), "nobody");
  if (has_other)
    add_cell(row, answers_text(group, &group->other), "-");
  row_add_cell(row, group->first->example[0] ? group->first->example : "none was kept");
}

static bool is_of(const struct drift_group *group, bool verdicts) {
  return (group->accepted.count && group->refused.count + group->other.count) == verdicts;
}

static void put_groups(struct page *page, const struct drift_groups *groups, bool verdicts) {
  OWNED_DOCUMENT struct document document = {0};
  struct document_table *table = document_add_table(
      &document, verdicts ? "Accepted by some, refused by others" : "Refused by all, in different ways");
  static const char *const heads[] = {"class",        "variants",  "algorithms",      "accepted by",
                                      "refused, why", "otherwise", "token to look at"};
  bool has_other = false;
  for (size_t i = 0; i < groups->count; i++)
    has_other |= is_of(&groups->items[i], verdicts) && groups->items[i].other.count;
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
    if (i != 5 || has_other)
      table_add_column(table, heads[i], COLUMN_LEFT, 0);
  for (size_t i = 0; i < groups->count; i++)
    if (is_of(&groups->items[i], verdicts))
      add_row(table, &groups->items[i], has_other);
  if (table->row_count && verdicts)
    page_document_open(page, &document);
  else if (table->row_count)
    page_document(page, &document);
}

/* In the order of the matrix, where the worst classes come first. */
static size_t class_rank(const struct page *page, const struct drift_group *group) {
  size_t rank = 0;
  while (rank < page->matrix.row_count &&
         strcmp(page->matrix.rows[rank].class_id, group->first->class_id) != 0)
    rank++;
  return rank;
}

static int compare_groups(const void *a, const void *b, void *page) {
  const struct drift_group *first = a, *second = b;
  size_t x = class_rank(page, first), y = class_rank(page, second);
  if (x != y)
    return x < y ? -1 : 1;
  return first->first < second->first ? -1 : first->first > second->first;
}

static bool has_drift(const struct page *page) {
  for (size_t i = 0; i < page->result->drift_count; i++)
    if (drift_differs(&page->result->drift[i]))
      return true;
  return false;
}

static void put_drift(struct page *page) {
  struct drift_groups groups = {0};
  for (size_t i = 0; i < page->result->drift_count; i++)
    if (drift_differs(&page->result->drift[i])) /* it keeps answers alike too */
      group_add(group_of(&groups, &page->result->drift[i]), &page->result->drift[i]);
  if (groups.count)
    qsort_r(groups.items, groups.count, sizeof *groups.items, compare_groups, page);
  page_explain(page, "shows any of these tokens.");
  put_groups(page, &groups, true);
  put_groups(page, &groups, false);
  for (size_t i = 0; i < groups.count; i++)
    group_fini(&groups.items[i]);
  free(groups.items);
}

const struct page_part page_drift = {
    .id = "drift",
    .title = "Drift",
    .intro = "The same token, different answers. Where the subjects divide in another way, by variant or "
             "algorithm say, the class has another row.",
    .has = has_drift,
    .put = put_drift,
};
