/* Lists of subjects, groups among them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/grow.h"
#include "harness/base/text/names.h"
#include "harness/subject/subject_spec.h"

bool subject_specs_add(struct subject_specs *specs, const struct subject_spec *spec,
                       struct assay_error *error) {
  for (size_t i = 0; i < specs->count; i++)
    if (strcmp(specs->items[i].label, spec->label) == 0)
      return error_set(error, "two subjects are called '%s'; name one of them: LABEL=%s", spec->label,
                       spec->label);
  struct subject_spec *items = grown_by_one(specs->items, specs->count, sizeof *items);
  if (!items)
    return error_set(error, "no memory for the list of subjects");
  specs->items = items;
  items[specs->count++] = *spec;
  return true;
}

void subject_specs_fini(struct subject_specs *specs) {
  free(specs->items);
  *specs = (struct subject_specs){0};
}

/* ---- groups ---- */

struct group {
  const char *name;
  bool backends, verifiers; /* which of those that are found it takes in; neither: SUBJECTS_DEFAULT */
};

static const struct group groups[] = {
    {"default", false, false}, {"backends", true, false}, {"verifiers", false, true}, {"all", true, true}};
enum { GROUPS = sizeof groups / sizeof groups[0] };

const char *subject_group_word(unsigned number) {
  return number < GROUPS ? groups[number].name : NULL;
}

static const struct group *group_named(const char *word) {
  const struct group *group = groups;
  while (group < groups + GROUPS && strcmp(group->name, word) != 0)
    group++;
  return group < groups + GROUPS ? group : NULL;
}

static int rank(const struct subject_spec *spec) {
  if (spec->kind == SUBJECT_VERIFIER)
    return 2;
  return strcmp(spec->name, "openssl") == 0 ? 0 : spec->is_floor ? 3 : 1;
}

/* OpenSSL first, since it is what most compare with; verifiers after backends; the floor last. */
static int by_rank(const void *a, const void *b) {
  const struct subject_spec *x = a, *y = b;
  return rank(x) != rank(y) ? rank(x) - rank(y) : strcmp(x->label, y->label);
}

bool subject_is_group(const char *word) {
  return group_named(word) != NULL;
}

/* Without builds of libraries that are there already. */
static bool found_add(struct subject_specs *specs, const struct group *group, struct assay_error *error) {
  const struct subject_found *found;
  struct subject_spec spec;
  struct assay_error ignored; /* a file of another kind of name is no subject */
  size_t first = specs->count;
  for (unsigned i = 0; (found = subject_found(i)); i++)
    if (!found->build[0] && (found->kind == SUBJECT_VERIFIER ? group->verifiers : group->backends) &&
        subject_spec_parse(&spec, found->name, NULL, &ignored) && !subject_specs_add(specs, &spec, error))
      return false;
  if (specs->count > first)
    qsort(specs->items + first, specs->count - first, sizeof spec, by_rank);
  return true;
}

/* A library that was not there to build against is told, and the others go on without it. */
static bool default_add(void *arg, const char *name, struct assay_error *error) {
  struct subject_specs *specs = arg;
  struct subject_spec spec;
  struct assay_error ignored;
  if (subject_spec_parse(&spec, name, NULL, &ignored))
    return subject_specs_add(specs, &spec, error);
  size_t used = strlen(specs->absent);
  snprintf(specs->absent + used, sizeof specs->absent - used, "%s%s", used ? ", " : "", name);
  return true;
}

static bool group_add(struct subject_specs *specs, const struct group *group, struct assay_error *error) {
  return group->backends || group->verifiers ? found_add(specs, group, error)
                                             : names_each(SUBJECTS_DEFAULT, default_add, specs, error);
}

/* ---- what stands between commas ---- */

static bool label_is_fit(const struct subject_spec *spec, const char *item, struct assay_error *error) {
  bool named = strcmp(spec->label, FLOOR_NAME) == 0;
  if (named == spec->is_floor)
    return true;
  return named
             ? error_set(error, "'%s': " FLOOR_NAME " is the name of the floor; give it another label", item)
             : error_set(error, "'%s': the floor, which is no library, is always called " FLOOR_NAME, item);
}

static bool item_add(void *specs, const char *item, struct assay_error *error) {
  const struct group *group = group_named(item);
  struct subject_spec spec;
  if (group)
    return group_add(specs, group, error);
  if (!subject_spec_parse(&spec, item, NULL, error) || !label_is_fit(&spec, item, error))
    return false;
  spec.by_name = true;
  return subject_specs_add(specs, &spec, error);
}

/* The others stay as they were named. */
static void floor_last(struct subject_specs *specs) {
  for (size_t i = 0; i + 1 < specs->count; i++) {
    if (!specs->items[i].is_floor)
      continue;
    struct subject_spec floor = specs->items[i];
    memmove(&specs->items[i], &specs->items[i + 1], (specs->count - i - 1) * sizeof floor);
    specs->items[specs->count - 1] = floor;
    return;
  }
}

bool subject_specs_add_list(struct subject_specs *specs, const char *list, struct assay_error *error) {
  bool ok = names_each(list, item_add, specs, error);
  floor_last(specs);
  return ok;
}
