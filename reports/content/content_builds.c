/* Facts of builds: of every subject, and of two sides beside each other with what differs between them. */
#include <stdlib.h>
#include <string.h>

#include "reports/content/builds.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define HASH_SHOWN 12 /* letters, where space is short */
#define PATH_SHOWN 40
#define WORDS_SHOWN 8 /* of a module's flags and the like, on each side */
#define FACTS_SHOWN 3 /* of a library's build, and words of each: `assay list A B` has all */

static char *strings_text(const struct result_strings *strings) {
  OWNED_TALLY struct tally names = {0};
  for (size_t i = 0; i < strings->count; i++)
    names_add(&names, strings->items[i]);
  char *text = names_join(&names, ", ");
  return text;
}

/* ---- every subject ---- */

static bool is_same_text(const char *a, const char *b) {
  return a[0] && strcmp(a, b) == 0;
}

static bool is_same_code(const struct build_pair *pair) {
  const struct result_subject *a = pair->base, *b = pair->head;
  return is_same_text(a->sha256, b->sha256) && is_same_text(a->module_sha256, b->module_sha256) &&
         strcmp(a->version, b->version) == 0;
}

bool build_is_other_file(const struct build_pair *pair) {
  const char *base = pair->base->sha256, *head = pair->head->sha256;
  return base[0] && head[0] && strcmp(base, head) != 0;
}

bool build_is_same(const struct build_pair *pair) {
  return is_same_code(pair) && strcmp(pair->base->module_argument, pair->head->module_argument) == 0;
}

static void add_facts(struct tally *parts, const struct result_subject *subject) {
  names_addf(parts, "%s %s", subject->library, subject->version);
  names_addf(parts, "package %s", subject->package[0] ? subject->package : "not known");
  if (subject->path[0])
    names_addf(parts, "%s%s%s", subject->path, subject->sha256[0] ? ", SHA-256 " : "", subject->sha256);
  if (subject->module_path[0])
    names_addf(parts, "module %s%s%s", subject->module_path, subject->module_sha256[0] ? ", SHA-256 " : "",
               subject->module_sha256);
  for (size_t i = 0; i < subject->build_count; i++)
    names_addf(parts, "%s (%s)", subject->build[i].fact, subject->build[i].source);
  OWNED_TEXT char *dispatch = strings_text(&subject->dispatch);
  names_addf(parts, "CPU paths %s", dispatch[0] ? dispatch : "not known");
}

/* The first subject with the same library and module, which has told all of them; NULL: it is itself. */
static const struct result_subject *first_alike(const struct result *result, size_t index) {
  for (size_t i = 0; i < index; i++) {
    const struct build_pair pair = {&result->subjects[i], &result->subjects[index]};
    if (is_same_code(&pair))
      return pair.base;
  }
  return NULL;
}

static void add_build(struct document *document, const struct result *result, size_t index) {
  const struct result_subject *subject = &result->subjects[index], *alike = first_alike(result, index);
  OWNED_TALLY struct tally parts = {0};
  OWNED_TEXT char *label =
      allocate_format("%s%s%s", subject->name, subject->variant[0] ? ":" : "", subject->variant);
  if (alike)
    names_addf(&parts, "the same library and module as %s", alike->name);
  else
    add_facts(&parts, subject);
  if (subject->module_argument[0])
    names_addf(&parts, "told `%s`", subject->module_argument);
  OWNED_TEXT char *text = names_join(&parts, "; ");
  document_add_text(document, 1, label, "%s", text);
}

void content_builds(struct document *document, const struct result *result) {
  const struct result_tool *tool = &result->tool;
  if (tool->version[0])
    document_add_text(document, 1, "assay", "%s; commit %s; compiled by %s with %s", tool->version,
                      tool->commit[0] ? tool->commit : "not known",
                      tool->compiler[0] ? tool->compiler : "not known",
                      tool->flags[0] ? tool->flags : "no flags");
  for (size_t i = 0; i < result->subject_count; i++)
    if (!result_is_floor(result->subjects[i].name))
      add_build(document, result, i);
}

/* ---- what differs ---- */

static void add_words(struct tally *words, const char *text) {
  OWNED_TEXT char *copy = allocate_copy(text);
  for (char *save, *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
    names_add(words, word);
}

/* The first few of one that the other has not; "none". free() it. */
static char *only_in(const struct tally *words, const struct tally *others) {
  char *text = NULL;
  size_t found = 0, at;
  for (size_t i = 0; i < words->count; i++)
    if (!tally_find(others, words->items[i], &at) && ++found <= WORDS_SHOWN)
      result_setf(&text, "%s%s%s", text ? text : "", text ? " " : "", words->items[i]);
  if (found > WORDS_SHOWN)
    result_setf(&text, "%s and %zu more", text, found - WORDS_SHOWN);
  return text ? text : allocate_copy("none");
}

static void add_word_difference(struct tally *found, const char *what, const struct tally *base,
                                const struct tally *head) {
  OWNED_TEXT char *before = only_in(base, head), *after = only_in(head, base);
  if (strcmp(before, "none") != 0 || strcmp(after, "none") != 0)
    names_addf(found, "%s (%s against %s)", what, before, after);
}

/* Facts are sentences, and keep their words together. */
static void add_fact_difference(struct tally *found, const struct build_pair *pair) {
  char *words[2];
  if (!build_facts_apart(pair, FACTS_SHOWN, words))
    return;
  names_addf(found, "the library's build (%s against %s)", words[0], words[1]);
  free(words[0]);
  free(words[1]);
}

/* Of a fact that each side has in one text. nothing: what an empty one means; NULL: that it is not known. */
static void add_difference(struct tally *found, const char *what, const char *base, const char *head,
                           const char *nothing) {
  bool known = nothing || (base[0] && head[0]);
  if (known && strcmp(base, head) != 0)
    names_addf(found, "%s (%s against %s)", what, base[0] ? base : nothing, head[0] ? head : nothing);
}

static void add_file_difference(struct tally *found, const char *what, const char *base, const char *head) {
  if (base[0] && head[0] && strcmp(base, head) != 0)
    names_add(found, what);
}

static void add_list_difference(struct tally *found, const char *what, const struct result_strings *base,
                                const struct result_strings *head) {
  OWNED_TALLY struct tally before = {0}, after = {0};
  for (size_t i = 0; i < base->count; i++)
    names_add(&before, base->items[i]);
  for (size_t i = 0; i < head->count; i++)
    names_add(&after, head->items[i]);
  add_word_difference(found, what, &before, &after);
}

char *build_differences(const struct build_pair *pair) {
  const struct result_subject *base = pair->base, *head = pair->head;
  OWNED_TALLY struct tally found = {0}, flags_before = {0}, flags_after = {0};
  add_difference(&found, "library", base->library, head->library, "none");
  add_difference(&found, "version", base->version, head->version, "none");
  add_difference(&found, "package", base->package, head->package, "none");
  add_file_difference(&found, "library file", base->sha256, head->sha256);
  add_fact_difference(&found, pair);
  add_list_difference(&found, "CPU paths", &base->dispatch, &head->dispatch);
  add_list_difference(&found, "algorithms", &base->algorithms, &head->algorithms);
  add_file_difference(&found, "module file", base->module_sha256, head->module_sha256);
  add_difference(&found, "the module's compiler", base->module_compiler, head->module_compiler, NULL);
  add_words(&flags_before, base->module_flags);
  add_words(&flags_after, head->module_flags);
  add_word_difference(&found, "the module's flags", &flags_before, &flags_after);
  add_difference(&found, "what the module is told", base->module_argument, head->module_argument, "nothing");
  char *text = names_join(&found, " and ");
  return text;
}

/* ---- two sides ---- */

struct build_pairs build_pairs_of(const struct result_subject *base, size_t base_count,
                                  const struct result_subject *head, size_t head_count) {
  struct build_pairs pairs = {.items = allocate_items(base_count, sizeof *pairs.items)};
  for (size_t i = 0; i < base_count; i++)
    for (size_t j = 0; j < head_count; j++)
      if (strcmp(base[i].name, head[j].name) == 0 && !result_is_floor(base[i].name)) {
        pairs.items[pairs.count++] = (struct build_pair){&base[i], &head[j]};
        break;
      }
  return pairs;
}

static bool is_of_one_name(const struct build_pair *pair) {
  return strcmp(pair->base->name, pair->head->name) == 0;
}

/* A file of a build: the library or assay's module. */
struct build_file {
  const char *part, *version, *sha256, *path; /* version: "" of a module */
};

static bool is_known(struct build_file file) {
  return file.version[0] || file.path[0] || file.sha256[0];
}

static struct build_file library_of(const struct result_subject *subject) {
  return (struct build_file){"library", subject->version, subject->sha256, subject->path};
}

static struct build_file module_of(const struct result_subject *subject) {
  return (struct build_file){"module", "", subject->module_sha256, subject->module_path};
}

/* The end of a path: as many of its last names as there is room for, among which builds of one library differ. */
static const char *end_of(const char *path) {
  size_t len = strlen(path);
  const char *end = len > PATH_SHOWN ? strchr(path + len - PATH_SHOWN, '/') : path;
  return end ? end : strrchr(path, '/');
}

static void add_path(struct document_row *row, const char *path) {
  struct document_cell *cell = row_add_cell(row, path[0] ? path : "not known");
  const char *end = end_of(path);
  OWNED_TEXT char *brief = allocate_format("...%s", end ? end : "");
  if (end && end > path)
    cell_set_mark(cell, brief);
}

static void add_file(struct document_table *table, const struct result_subject *subject, const char *side,
                     bool named, struct build_file file) {
  struct document_row *row = table_add_row(table);
  OWNED_TEXT char *version = allocate_format("%s%s%s", file.version[0] ? subject->library : "",
                                             file.version[0] && subject->library[0] ? " " : "", file.version);
  OWNED_TEXT char *hash = allocate_format("%.*s", HASH_SHOWN, file.sha256);
  if (named)
    row_add_cell(row, subject->name);
  row_add_cell(row, side);
  row_add_cell(row, file.part);
  cell_set_brief(row_add_cell(row, version), file.version);
  cell_set_brief(row_add_cell(row, file.sha256[0] ? file.sha256 : "not known"),
                 file.sha256[0] ? hash : "not known");
  add_path(row, file.path);
}

/* One row where both sides are the same in all that it says. */
static void add_files(struct document_table *table, const struct build_pair *pair, const char *const *sides,
                      bool named, struct build_file (*file)(const struct result_subject *)) {
  struct build_file base = file(pair->base), head = file(pair->head);
  if (!is_known(base) && !is_known(head))
    return;
  bool is_same = is_same_text(base.sha256, head.sha256) && strcmp(base.path, head.path) == 0 &&
                 strcmp(base.version, head.version) == 0;
  add_file(table, pair->base, is_same ? "both" : sides[0], named, base);
  if (!is_same)
    add_file(table, pair->head, sides[1], named, head);
}

static struct document_table *new_table(struct document *document, bool named) {
  struct document_table *table = document_add_table(document, "Builds");
  table->tight = true;
  if (named)
    table_add_column(table, "", COLUMN_LEFT, 0);
  table_add_column(table, "side", COLUMN_LEFT, 0);
  table_add_column(table, "part", COLUMN_LEFT, 0);
  table_add_column(table, "version", COLUMN_LEFT, 0);
  table_add_column(table, "SHA-256", COLUMN_LEFT, 0);
  table_add_column(table, "path", COLUMN_LEFT, 0);
  return table;
}

/* What differs, of one pair; those in which nothing does are told together. */
static void add_sentence(struct document *document, const struct build_pair *pair, struct tally *same,
                         struct tally *of_library, struct tally *unknown) {
  OWNED_TEXT char *what = build_differences(pair);
  OWNED_TEXT char *name = is_of_one_name(pair)
                              ? allocate_copy(pair->base->name)
                              : allocate_format("%s and %s", pair->base->name, pair->head->name);
  if (what[0])
    document_add_text(document, 0, "", "%s differ%s in %s.", name, is_of_one_name(pair) ? "s" : "", what);
  else
    names_add(build_is_same(pair)                                    ? same
              : is_same_text(pair->base->sha256, pair->head->sha256) ? of_library
                                                                     : unknown,
              name);
}

static bool any_known(const struct build_pairs *pairs) {
  bool any = false;
  for (size_t i = 0; i < pairs->count; i++)
    any |= is_known(library_of(pairs->items[i].base)) || is_known(library_of(pairs->items[i].head)) ||
           is_known(module_of(pairs->items[i].base)) || is_known(module_of(pairs->items[i].head));
  return any;
}

static void add_alike(struct document *document, const struct tally *names, const char *what) {
  OWNED_TEXT char *text = names_join(names, " and ");
  if (names->count)
    document_add_text(document, 0, "", "%s: %s.", text, what);
}

void content_build_pairs(struct document *document, const struct build_pairs *pairs, const char *base,
                         const char *head) {
  OWNED_TALLY struct tally same = {0}, of_library = {0}, unknown = {0};
  if (!any_known(pairs))
    return;
  bool named = is_of_one_name(&pairs->items[0]);
  struct document_table *table = new_table(document, named);
  for (size_t i = 0; i < pairs->count; i++) {
    const struct build_pair *pair = &pairs->items[i];
    const char *const sides[] = {named ? base : pair->base->name, named ? head : pair->head->name};
    add_files(table, pair, sides, named, library_of);
    add_files(table, pair, sides, named, module_of);
  }
  for (size_t i = 0; i < pairs->count; i++)
    add_sentence(document, &pairs->items[i], &same, &of_library, &unknown);
  add_alike(document, &same, "the same library and module, byte for byte");
  add_alike(document, &of_library, "the same library, byte for byte; the module is not recorded");
  add_alike(document, &unknown, "nothing differs that both sides tell of their builds");
}
