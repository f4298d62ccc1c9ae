/* The answer of a report in words, made once for every format: who believes what nobody signed, who takes other
 * bad tokens, who refused them all, and how far a run got that was interrupted. */
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/content/verdicts/matrix.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define FORGERIES_NAMED 6 /* of one subject; where there are more, they are counted */
#define FORGERIES_CITED 3 /* of those that are counted */
#define OTHERS_NAMED 3    /* kinds of other bad tokens */

/* What a subject's answers come to, the worst first; what is less grave is left to the tables. */
enum standing {
  STANDS_FORGED,
  STANDS_WEAK_KEY, /* accepts what anybody can sign, since the key that its owner published is weak */
  STANDS_CONTEXT,
  STANDS_PARSING,
  STANDS_FORM,
  STANDS_UNTOLD, /* accepts bad tokens of which nobody told how grave that is */
  STANDS_FAILED, /* crash, hang or fault */
  STANDS_STRICT, /* refused good tokens, too */
  STANDS_REASON, /* a backend that refused some for another reason */
  STANDS_RIGHT,
  STANDS_UNASKED
};

/* Subjects that share a sentence. */
struct standing_group {
  enum standing standing;
  struct tally subjects, kinds; /* kinds: of tokens that are accepted, or classes that went wrong */
  enum answer_kind failure;     /* the gravest, of STANDS_FAILED */
  bool differ;                  /* its subjects went wrong in different kinds */
  bool has_gaps;                /* there are bad tokens that it cannot be told of */
  bool has_bad;                 /* it was asked about bad tokens */
  uint64_t tokens;              /* refused for another reason */
};

static enum standing standing_of_accepted(enum assay_severity severity) {
  static const enum standing standings[SEVERITY_COUNT] = {[SEVERITY_NONE] = STANDS_UNTOLD,
                                                          [SEVERITY_FORGERY] = STANDS_FORGED,
                                                          [SEVERITY_CONTEXT] = STANDS_CONTEXT,
                                                          [SEVERITY_PARSING] = STANDS_PARSING,
                                                          [SEVERITY_FORM] = STANDS_FORM};
  return severity < SEVERITY_COUNT ? standings[severity] : STANDS_UNTOLD;
}

/* Of the answers to one class. */
static enum standing standing_of(const struct matrix_cell *cell, enum result_level level) {
  if (cell->of[KIND_ACCEPTED])
    return matrix_is_weak_key(cell) ? STANDS_WEAK_KEY : standing_of_accepted(matrix_accepted(cell));
  if (cell->of[KIND_CRASH] + cell->of[KIND_HANG] + cell->of[KIND_FAULT])
    return STANDS_FAILED;
  if (cell->of[KIND_REFUSED])
    return STANDS_STRICT;
  if (cell->of[KIND_REASON] && level == LEVEL_PIPELINE)
    return STANDS_REASON;
  return cell->good + cell->bad > cell->of[KIND_UNSUPPORTED] ? STANDS_RIGHT : STANDS_UNASKED;
}

/* "expired tokens", or the class itself where nothing is told of it. */
static const char *kind_name(const struct result *result, const char *class_id) {
  const struct result_taxon *taxon = result_find_taxon(result, class_id);
  return taxon && taxon->brief[0] ? taxon->brief : class_id;
}

static void group_count(struct standing_group *group, const struct matrix_cell *cell,
                        enum result_level level) {
  group->has_gaps |= level == LEVEL_WHOLE && cell->of[KIND_UNSUPPORTED];
  group->has_bad |= cell->bad > cell->of[KIND_UNSUPPORTED];
  group->tokens += cell->of[KIND_REASON];
  for (int kind = KIND_FAULT; kind >= KIND_CRASH; kind--)
    if (kind <= (int)group->failure && cell->of[kind])
      group->failure = (enum answer_kind)kind;
}

/* Of one subject, kinds in the order of the matrix. least: what is graver is told already. */
static struct standing_group group_of(const struct result *result, const struct matrix *matrix,
                                      size_t subject, enum standing least) {
  struct standing_group group = {.standing = STANDS_UNASKED, .failure = KIND_FAULT};
  const enum result_level level = matrix->subjects[subject].level;
  for (size_t i = 0; i < matrix->row_count; i++) {
    const struct matrix_cell *cell = &matrix->rows[i].cells[subject];
    enum standing own = standing_of(cell, level);
    group.standing = own >= least && own < group.standing ? own : group.standing;
    group_count(&group, cell, level);
  }
  for (size_t i = 0; i < matrix->row_count && group.standing <= STANDS_STRICT; i++)
    if (standing_of(&matrix->rows[i].cells[subject], level) == group.standing)
      names_add(&group.kinds, kind_name(result, matrix->rows[i].class_id));
  names_add(&group.subjects, matrix->subjects[subject].label);
  return group;
}

static void group_fini(struct standing_group *group) {
  tally_fini(&group->subjects);
  tally_fini(&group->kinds);
}

static bool same_names(const struct tally *a, const struct tally *b) {
  size_t index;
  for (size_t i = 0; i < a->count; i++)
    if (!tally_find(b, a->items[i], &index))
      return false;
  return a->count == b->count;
}

/* Forgeries are named, so only those who accept the same ones share a sentence. */
static bool can_join(const struct standing_group *a, const struct standing_group *b) {
  return a->standing == b->standing && a->has_gaps == b->has_gaps && a->has_bad == b->has_bad &&
         (a->standing != STANDS_FAILED || a->failure == b->failure) &&
         (a->standing != STANDS_FORGED || same_names(&a->kinds, &b->kinds));
}

static int worst_first(const void *a, const void *b) {
  const struct standing_group *x = a, *y = b;
  return (x->standing > y->standing) - (x->standing < y->standing);
}

/* The groups of all subjects. */
struct standing_groups {
  struct standing_group *items;
  size_t count;
};

/* Takes the group of one subject over. */
static void groups_add(struct standing_groups *groups, struct standing_group *own) {
  size_t at = 0;
  while (at < groups->count && !can_join(&groups->items[at], own))
    at++;
  if (at == groups->count) {
    groups->items = allocate_one_more(groups->items, groups->count, sizeof *groups->items);
    groups->items[groups->count++] = *own;
    return;
  }
  struct standing_group *group = &groups->items[at];
  group->differ |= !same_names(&group->kinds, &own->kinds);
  group->tokens += own->tokens;
  names_add(&group->subjects, own->subjects.items[0]);
  group_fini(own);
}

/* Who accepts forgeries is told of once more where weak keys allow others. */
static struct standing_groups groups_of(const struct result *result, const struct matrix *matrix) {
  struct standing_groups groups = {0};
  for (size_t s = 0; s < matrix->subject_count; s++) {
    struct standing_group own = group_of(result, matrix, s, STANDS_FORGED);
    bool is_forged = own.standing == STANDS_FORGED;
    groups_add(&groups, &own);
    struct standing_group more = group_of(result, matrix, s, STANDS_WEAK_KEY);
    if (is_forged && more.standing == STANDS_WEAK_KEY)
      groups_add(&groups, &more);
    else
      group_fini(&more);
  }
  if (groups.count)
    qsort(groups.items, groups.count, sizeof *groups.items, worst_first);
  return groups;
}

/* ": alg "none" and altered tokens"; " in 12 ways" where they are many, of forgeries with some; "" where
 * the subjects of the group differ in them. free() it. */
static char *kinds_words(const struct standing_group *group) {
  const bool forged = group->standing <= STANDS_WEAK_KEY;
  if (group->differ)
    return allocate_copy("");
  if (!forged && group->kinds.count > OTHERS_NAMED)
    return allocate_format(" in %zu ways", group->kinds.count);
  bool many = group->kinds.count > FORGERIES_NAMED;
  OWNED_TALLY struct tally named = {0};
  for (size_t i = 0; i < group->kinds.count && (!many || i < FORGERIES_CITED); i++)
    names_add(&named, group->kinds.items[i]);
  OWNED_TEXT char *names = names_join(&named, " and ");
  return many ? allocate_format(" in %zu ways, such as %s", group->kinds.count, names)
              : allocate_format(": %s", names);
}

/* "refused every bad token so far that it can check". free() it. */
static char *refused_words(const struct standing_group *group, bool partial) {
  const char *they = group->subjects.count > 1 ? "they" : "it", *so_far = partial ? " so far" : "";
  if (!group->has_bad)
    return allocate_format("accepted every good token%s", so_far);
  if (group->has_gaps)
    return allocate_format("refused every bad token%s that %s can check", so_far, they);
  return allocate_format("refused every bad token%s", so_far);
}

static char *strict_words(const struct standing_group *group, bool partial) {
  char classes[FIGURE_NOUN_BYTES];
  OWNED_TEXT char *refused = refused_words(group, partial);
  OWNED_TEXT char *good =
      group->differ ? allocate_copy("some good tokens")
                    : allocate_format("good tokens of %s", figure_noun(classes, group->kinds.count, "class"));
  return group->has_bad ? allocate_format("%s, but %s too", refused, good)
                        : allocate_format("refused %s", good);
}

static char *reason_words(const struct standing_group *group, bool partial) {
  char count[FIGURE_BYTES];
  OWNED_TEXT char *refused = refused_words(group, partial);
  return allocate_format("%s, %s of them for another reason than expected", refused,
                         figure_count(count, group->tokens));
}

static char *failed_words(const struct standing_group *group) {
  char classes[FIGURE_NOUN_BYTES];
  const char *did = answer_kind_words(group->failure)->did;
  if (group->differ)
    return allocate_format("%s some tokens", did);
  return allocate_format("%s tokens of %s", did, figure_noun(classes, group->kinds.count, "class"));
}

/* "accepts forged tokens: alg "none"". free() it. */
static char *accepted_words(const struct standing_group *group) {
  static const char *const what[] = {[STANDS_FORGED] = "forged tokens",
                                     [STANDS_WEAK_KEY] = "weak keys, with which others can sign",
                                     [STANDS_CONTEXT] = "real tokens where or when they do not count",
                                     [STANDS_PARSING] = "malformed tokens",
                                     [STANDS_FORM] = "bad tokens that do no harm",
                                     [STANDS_UNTOLD] = "bad tokens"};
  OWNED_TEXT char *kinds = kinds_words(group);
  return allocate_format("accept%s %s%s", group->subjects.count > 1 ? "" : "s", what[group->standing], kinds);
}

/* What its subjects do, after their names. free() it. */
static char *group_words(const struct standing_group *group, bool partial) {
  switch (group->standing) {
  case STANDS_FAILED: return failed_words(group);
  case STANDS_STRICT: return strict_words(group, partial);
  case STANDS_REASON: return reason_words(group, partial);
  case STANDS_RIGHT: return refused_words(group, partial);
  case STANDS_UNASKED:
    return allocate_format("%s asked nothing that %s can check", group->subjects.count > 1 ? "were" : "was",
                           group->subjects.count > 1 ? "they" : "it");
  default: return accepted_words(group);
  }
}

static void add_standings(struct document *document, const struct result *result,
                          const struct matrix *matrix) {
  struct standing_groups groups = groups_of(result, matrix);
  for (size_t i = 0; i < groups.count; i++) {
    struct standing_group *group = &groups.items[i];
    OWNED_TEXT char *who = names_join(&group->subjects, " and ");
    OWNED_TEXT char *words = group_words(group, result->partial);
    if (group->standing != STANDS_UNASKED || (groups.count == 1 && !result->partial))
      document_add_text(document, 0, "", "%s %s.", who, words)->style =
          group->standing == STANDS_FORGED ? STYLE_WRONG : STYLE_PLAIN;
    group_fini(group);
  }
  free(groups.items);
}

/* Of each subject, in the order of the result, how many tokens it has answered. */
struct reached {
  struct tally subjects;
  uint64_t *tokens;
};

static void reached_count(struct reached *reached, const struct result *result) {
  reached->tokens =
      allocate_items(result->subject_count + result->verdict_count + 1, sizeof *reached->tokens);
  for (size_t i = 0; i < result->subject_count; i++)
    if (!result_is_floor(result->subjects[i].name))
      tally_index(&reached->subjects, result->subjects[i].name, NULL);
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (!result_is_floor(row->subject))
      reached->tokens[tally_index(&reached->subjects, row->subject, NULL)] += row->tokens;
  }
}

/* "openssl has answered 11,572 of 58,346 tokens, and libjwt 5,907". "" where all are answered, or it is not
 * known how many there were. free() it. */
static char *reached_words(const struct result *result) {
  struct reached reached = {0};
  OWNED_TALLY struct tally parts = {0};
  char count[FIGURE_BYTES], all[FIGURE_NOUN_BYTES];
  bool cut = false;
  reached_count(&reached, result);
  figure_noun(all, result->run.tokens_to_ask, "token");
  for (size_t i = 0; i < reached.subjects.count; i++) {
    cut |= reached.tokens[i] < result->run.tokens_to_ask;
    figure_count(count, reached.tokens[i]);
    names_addf(&parts, parts.count ? "%s %s" : "%s has answered %s of %s", reached.subjects.items[i], count,
               all);
  }
  char *words = cut ? names_join(&parts, " and ") : allocate_copy("");
  tally_fini(&reached.subjects);
  free(reached.tokens);
  return words;
}

/* What an interrupted run has: what it has not, nobody knows any more. */
static void add_reached(struct document *document, const struct result *result) {
  uint64_t verdicts = 0, figures = 0;
  char after[FIGURE_BYTES], first[FIGURE_NOUN_BYTES], second[FIGURE_NOUN_BYTES];
  for (size_t i = 0; i < result->verdict_count; i++)
    if (!result_is_floor(result->verdicts[i].subject))
      verdicts += result->verdicts[i].tokens - result->verdicts[i].unsupported;
  for (size_t i = 0; i < result->speed_count; i++)
    figures += figure_known(result->speed[i].ns);
  OWNED_TALLY struct tally parts = {0};
  if (verdicts)
    names_add(&parts, figure_noun(first, verdicts, "verdict"));
  if (figures)
    names_add(&parts, figure_noun(second, figures, "measured row"));
  OWNED_TEXT char *has = parts.count ? names_join(&parts, " and ") : allocate_copy("no result");
  OWNED_TEXT char *reached = verdicts ? reached_words(result) : allocate_copy("");
  OWNED_TEXT char *when = figure_known(result->run.duration_s)
                              ? allocate_format("Interrupted after %s, this run has",
                                                figure_duration(after, result->run.duration_s))
                              : allocate_copy("This run was interrupted and has");
  document_add_text(document, 0, "", "%s %s%s%s.", when, has, reached[0] ? ": " : "", reached);
}

static bool has_forged(const struct matrix *matrix) {
  for (size_t i = 0; i < matrix->row_count; i++)
    for (size_t s = 0; s < matrix->subject_count; s++)
      if (standing_of(&matrix->rows[i].cells[s], matrix->subjects[s].level) == STANDS_FORGED)
        return true;
  return false;
}

/* Whether the verdicts are the answer of the run: it measured nothing, or they outweigh what it measured. */
static bool verdicts_answer(const struct result *result, const struct matrix *matrix) {
  for (size_t i = 0; i < result->speed_count; i++)
    if (result_is_main_verify(&result->speed[i]))
      return has_forged(matrix);
  return true;
}

void content_headline(struct document *document, const struct result *result) {
  struct matrix matrix;
  if (result->gate_count)
    return;
  matrix_init(&matrix, result);
  if (result->verdict_count && (result->partial || verdicts_answer(result, &matrix))) {
    if (matrix.subject_count)
      add_standings(document, result, &matrix);
    else
      content_judgement(document, result); /* raw vectors are no tokens */
  }
  if (result->partial)
    add_reached(document, result);
  matrix_fini(&matrix);
}
