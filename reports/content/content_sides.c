/* Builds of one library beside each other: what differs, fact by fact; and where what they show does not explain
 * how fast they are. */
#include <stdlib.h>
#include <string.h>

#include "reports/content/builds.h"
#include "reports/content/content.h"
#include "reports/model/ratio.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define WHOLE_MOST                                                                                           \
  100 /* octets: a fact that is longer is a list of flags, of which those that differ are told */
#define NONE "none"
#define NONE_ELSE "nothing else"

struct side_fact {
  const char *head;
  void (*add)(struct tally *items, const struct result_subject *subject); /* nothing where it is not known */
};

static void add_version(struct tally *items, const struct result_subject *subject) {
  if (subject->version[0])
    names_add(items, subject->version);
}

static void add_path(struct tally *items, const struct result_subject *subject) {
  if (subject->path[0])
    names_add(items, subject->path);
}

static void add_argument(struct tally *items, const struct result_subject *subject) {
  if (subject->module_argument[0])
    names_add(items, subject->module_argument);
}

static void add_build(struct tally *items, const struct result_subject *subject) {
  for (size_t i = 0; i < subject->build_count; i++)
    names_add(items, subject->build[i].fact);
}

static void add_dispatch(struct tally *items, const struct result_subject *subject) {
  for (size_t i = 0; i < subject->dispatch.count; i++)
    names_add(items, subject->dispatch.items[i]);
}

static void add_algorithms(struct tally *items, const struct result_subject *subject) {
  for (size_t i = 0; i < subject->algorithms.count; i++)
    names_add(items, subject->algorithms.items[i]);
}

static const struct side_fact side_facts[] = {
    {"version", add_version}, {"loaded", add_path},       {"told", add_argument},
    {"build", add_build},     {"dispatch", add_dispatch}, {"algorithms", add_algorithms},
};
#define SIDE_FACTS (sizeof side_facts / sizeof side_facts[0])

static bool all_in(const struct tally *items, const struct tally *others) {
  bool all = true;
  size_t at;
  for (size_t i = 0; i < items->count && all; i++)
    all = tally_find(others, items->items[i], &at);
  return all;
}

static bool is_same(const struct side_fact *fact, const struct result_subject *a,
                    const struct result_subject *b) {
  OWNED_TALLY struct tally first = {0}, second = {0};
  fact->add(&first, a);
  fact->add(&second, b);
  return all_in(&first, &second) && all_in(&second, &first);
}

bool build_shows_same(const struct build_pair *pair) {
  bool same = strcmp(pair->base->library, pair->head->library) == 0;
  for (size_t i = 0; i < SIDE_FACTS && same; i++)
    same = side_facts[i].add == add_path || is_same(&side_facts[i], pair->base, pair->head);
  return same;
}

/* ---- side by side ---- */

/* The subjects of one library. */
struct sides {
  const struct result_subject **items;
  size_t count;
};

static bool is_same_in_all(const struct side_fact *fact, const struct sides *sides) {
  bool same = true;
  for (size_t i = 1; i < sides->count && same; i++)
    same = is_same(fact, sides->items[0], sides->items[i]);
  return same;
}

/* What says the same of two builds begins alike: "compiler: gcc -O2" and "compiler: gcc -O3". */
static bool begin_alike(const char *a, const char *b) {
  size_t length = strcspn(a, " ");
  return length > 0 && a[length] && a[length - 1] == ':' && length == strcspn(b, " ") &&
         strncmp(a, b, length) == 0;
}

static void add_words(struct tally *words, const char *text) {
  OWNED_TEXT char *copy = allocate_copy(text);
  for (char *save, *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
    names_add(words, word);
}

/* Of a long line, "compiler: gcc -O2 .", the words that the other has not, the first `most` of them. free() it. */
static char *words_apart(const char *text, const char *other, size_t most) {
  OWNED_TALLY struct tally words = {0}, others = {0}, apart = {0};
  size_t at, more = 0;
  add_words(&words, text);
  add_words(&others, other);
  for (size_t i = 0; i < words.count; i++)
    if (!tally_find(&others, words.items[i], &at)) {
      more += apart.count >= most;
      if (apart.count < most)
        names_add(&apart, words.items[i]);
    }
  if (more)
    names_addf(&apart, "and %zu more", more);
  OWNED_TEXT char *joined = names_list(&apart, " ", " ");
  return allocate_format("%s .. %s", words.count ? words.items[0] : text,
                         apart.count ? joined : "nothing else");
}

static const char *counterpart(const struct tally *others, const char *text) {
  const char *found = NULL;
  for (size_t i = 0; i < others->count && !found; i++)
    found = begin_alike(text, others->items[i]) ? others->items[i] : NULL;
  return found;
}

/* What is shown of an item that not all lists have; NULL: they have. free() it. */
static char *item_text(const char *item, const struct tally *lists, size_t count, size_t most) {
  const char *alike = NULL;
  bool in_all = true;
  for (size_t i = 0; i < count; i++) {
    size_t at;
    if (tally_find(&lists[i], item, &at))
      continue;
    in_all = false;
    alike = alike ? alike : counterpart(&lists[i], item);
  }
  if (in_all)
    return NULL;
  bool long_lines = alike && (strlen(item) > WHOLE_MOST || strlen(alike) > WHOLE_MOST);
  return long_lines ? words_apart(item, alike, most) : allocate_copy(item);
}

/* What one of the lists has and not all have. most: items, and words of a long line. free() it. */
static char *own_text(const struct tally *own, const struct tally *lists, size_t count, size_t most) {
  OWNED_TALLY struct tally shown = {0};
  size_t more = 0;
  for (size_t i = 0; i < own->count; i++) {
    OWNED_TEXT char *text = item_text(own->items[i], lists, count, most);
    more += text && shown.count >= most;
    if (text && shown.count < most)
      names_add(&shown, text);
  }
  if (more)
    names_addf(&shown, "%zu more", more);
  return shown.count ? names_list(&shown, "; ", "; ") : allocate_copy(own->count ? NONE_ELSE : NONE);
}

bool build_facts_apart(const struct build_pair *pair, size_t most, char *words[2]) {
  OWNED_TALLY struct tally base = {0}, head = {0};
  add_build(&base, pair->base);
  add_build(&head, pair->head);
  if (all_in(&base, &head) && all_in(&head, &base))
    return false;
  const struct tally lists[] = {base, head}; /* borrowed */
  for (int i = 0; i < 2; i++)
    words[i] = own_text(&lists[i], lists, 2, most);
  return true;
}

static void add_fact_rows(struct document_table *table, const struct side_fact *fact,
                          const struct sides *sides) {
  struct tally *lists = allocate_items(sides->count, sizeof *lists);
  for (size_t i = 0; i < sides->count; i++)
    fact->add(&lists[i], sides->items[i]);
  for (size_t i = 0; i < sides->count; i++) {
    struct document_row *row = table_add_row(table);
    OWNED_TEXT char *text = own_text(&lists[i], lists, sides->count, SIZE_MAX);
    row->gap = i == 0 && table->row_count > 1;
    row_add_cell(row, fact->head);
    row_add_cell(row, sides->items[i]->name);
    row_set_rest(row, text, STYLE_PLAIN);
  }
  for (size_t i = 0; i < sides->count; i++)
    tally_fini(&lists[i]);
  free(lists);
}

static void add_same(struct tally *same, const struct side_fact *fact, const struct sides *sides) {
  OWNED_TALLY struct tally items = {0};
  fact->add(&items, sides->items[0]);
  if (items.count)
    names_add(same, fact->head);
}

static void add_sides(struct document *document, const struct sides *sides) {
  OWNED_TALLY struct tally same = {0};
  OWNED_TEXT char *title = allocate_format("%s: what differs", sides->items[0]->library);
  struct document_table *table = document_add_table(document, title);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT, 0);
  for (size_t i = 0; i < SIDE_FACTS; i++)
    if (is_same_in_all(&side_facts[i], sides))
      add_same(&same, &side_facts[i], sides);
    else
      add_fact_rows(table, &side_facts[i], sides);
  OWNED_TEXT char *heads = names_join(&same, " and ");
  OWNED_TEXT char *legend = allocate_format("The same in %s: %s.", sides->count == 2 ? "both" : "all", heads);
  if (same.count)
    table_set_legends(table, legend);
}

void content_sides(struct document *document, const struct result_subject *subjects, size_t count) {
  struct sides sides = {.items = allocate_items(count, sizeof *sides.items)};
  OWNED_TALLY struct tally libraries = {0};
  for (size_t i = 0; i < count; i++)
    if (subjects[i].library[0] && !result_is_floor(subjects[i].name))
      names_add(&libraries, subjects[i].library);
  for (size_t l = 0; l < libraries.count; l++) {
    sides.count = 0;
    for (size_t i = 0; i < count; i++)
      if (strcmp(subjects[i].library, libraries.items[l]) == 0)
        sides.items[sides.count++] = &subjects[i];
    if (sides.count > 1)
      add_sides(document, &sides);
  }
  free(sides.items);
}

/* ---- what is not explained ---- */

/* Of one algorithm: which of the two is the faster one, and by how much, where the run can tell. */
struct gap {
  const struct result_speed *fast, *slow;
  struct ratio ratio;
};

static struct gap gap_of(const struct result *result, double level, const struct result_speed *a,
                         const struct result_speed *b) {
  struct gap gap = {.fast = a, .slow = b};
  if (b->ns < a->ns)
    gap = (struct gap){.fast = b, .slow = a};
  gap.ratio = ratio_between(result, level, gap.fast, gap.slow);
  return gap;
}

static bool is_of(const struct result_speed *row, const struct result_subject *subject,
                  const struct result *result) {
  return result_is_main_verify(row) && result_find_subject(result, row->subject) == subject;
}

/* The widest that is resolved; returns how many more are. */
static size_t widest_gap(const struct result *result, const struct build_pair *pair, struct gap *widest) {
  double level = ratio_level(result);
  size_t more = 0;
  for (size_t i = 0; i < result->speed_count; i++)
    for (size_t j = 0; j < result->speed_count && is_of(&result->speed[i], pair->base, result); j++) {
      const struct result_speed *a = &result->speed[i], *b = &result->speed[j];
      if (!is_of(b, pair->head, result) || strcmp(a->alg, b->alg) != 0 || a->key_bits != b->key_bits)
        continue;
      struct gap gap = gap_of(result, level, a, b);
      if (!gap.ratio.resolved || gap.ratio.times < UNEXPLAINED_LEAST)
        continue;
      more += widest->fast != NULL;
      if (!widest->fast || gap.ratio.times > widest->ratio.times)
        *widest = gap;
    }
  return more;
}

static void add_unexplained(struct document *document, const struct result *result,
                            const struct build_pair *pair) {
  struct gap gap = {0};
  size_t more = widest_gap(result, pair, &gap);
  char times[FIGURE_BYTES], low[FIGURE_BYTES], high[FIGURE_BYTES], algs[FIGURE_NOUN_BYTES];
  if (!gap.fast)
    return;
  OWNED_TEXT char *alg = result_alg_text(gap.fast->alg, gap.fast->key_bits);
  OWNED_TEXT char *others =
      more ? allocate_format(", and %s differ%s too", figure_noun(algs, more, "further row"),
                             more == 1 ? "s" : "")
           : allocate_copy("");
  document_add_text(document, 0, "",
                    "%s and %s show the same version and facts, and %s verifies %s %s times "
                    "as fast [%s, %s]%s: the facts that they show do not explain it.",
                    pair->base->name, pair->head->name, gap.fast->subject, alg,
                    figure_plain(times, gap.ratio.times), figure_plain(low, gap.ratio.low),
                    figure_plain(high, gap.ratio.high), others);
}

void content_unexplained(struct document *document, const struct result *result) {
  if (result_is_sanitized(result))
    return;
  for (size_t i = 0; i < result->subject_count; i++)
    for (size_t j = i + 1; j < result->subject_count; j++) {
      const struct build_pair pair = {&result->subjects[i], &result->subjects[j]};
      if (!result_is_floor(pair.base->name) && build_is_other_file(&pair) && build_shows_same(&pair))
        add_unexplained(document, result, &pair);
    }
}
