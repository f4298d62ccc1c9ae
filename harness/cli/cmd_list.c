/* assay list: the subjects that are there, and what each one really is. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/utf8.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/subject/subject.h"

struct listing {
  bool json;
  json_t *all;
  int code;
};

static const char *string_in(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

static void print_list(const json_t *list, const char *head, const char *key) {
  size_t i;
  json_t *item;
  int column = 0;
  json_array_foreach(list, i, item) {
    const char *text = key ? string_in(item, key) : json_string_value(item);
    int width = (int)strlen(text) + 2;
    if (i == 0)
      column = printf("  %-12s", head);
    else if (column + width > 98)
      column = printf("\n  %-12s", "") - 1;
    column += printf("%s%s", text, i + 1 < json_array_size(list) ? ", " : "");
  }
  if (json_array_size(list))
    putchar('\n');
}

static void print_facts(const json_t *facts) {
  size_t i;
  json_t *fact;
  json_array_foreach(facts, i, fact)
      printf("  %-12s%s (%s)\n", i == 0 ? "build" : "", string_in(fact, "fact"), string_in(fact, "source"));
}

static void print_variants(const json_t *variants) {
  size_t i;
  json_t *variant;
  json_array_foreach(variants, i, variant) printf("  %-12s%s: %s\n", i == 0 ? "variants" : "",
                                                  string_in(variant, "name"), string_in(variant, "summary"));
}

static void print_gaps(const json_t *gaps) {
  size_t i;
  json_t *gap;
  json_array_foreach(gaps, i, gap)
      printf("  %-12s%s: %s\n", i == 0 ? "not told" : "", string_in(gap, "reasons"), string_in(gap, "why"));
}

/* What modules and programs say of themselves is shown, not obeyed. */
static void defuse(json_t *value) {
  const char *key;
  json_t *member;
  size_t i;
  json_object_foreach(value, key, member) {
    defuse(member);
  }
  json_array_foreach(value, i, member) {
    defuse(member);
  }
  char *text = json_is_string(value) ? strdup(json_string_value(value)) : NULL;
  if (!text)
    return;
  utf8_defuse(text);
  json_string_set(value, text);
  free(text);
}

static void print_identity(const char *name, json_t *identity) {
  defuse(identity);
  const char *note = string_in(identity, "note"), *path = string_in(identity, "path");
  printf("%s   %s %s%s%s%s\n", name, string_in(identity, "library"), string_in(identity, "version"),
         note[0] ? " (" : "", note, note[0] ? ")" : "");
  printf("  %-12s%s\n", "uses", string_in(identity, "summary"));
  if (path[0])
    printf("  %-12s%s\n", "loaded", path);
  print_list(json_object_get(identity, "algorithms"), "algorithms", NULL);
  print_list(json_object_get(identity, "dispatch"), "dispatch", NULL);
  print_facts(json_object_get(identity, "build"));
  print_variants(json_object_get(identity, "variants"));
  print_gaps(json_object_get(identity, "gaps"));
  putchar('\n');
}

static void list_one(void *arg, const struct subject_found *found) {
  struct listing *listing = arg;
  static const struct subject_host host;
  struct subject_spec spec;
  struct subject subject;
  struct assay_error error = {0};
  if (!subject_spec_parse(&spec, found->name, &error) || !subject_open(&subject, &spec, &host, &error)) {
    complain("list", "%s: %s", found->name, error.text);
    /* A program that is not installed is no fault of this build. */
    listing->code = found->kind == SUBJECT_BACKEND ? EXIT_USAGE : listing->code;
    return;
  }
  json_t *identity = json_loads(subject.identity, 0, NULL);
  if (listing->json)
    json_array_append(listing->all, identity);
  else
    print_identity(found->name, identity);
  json_decref(identity);
  subject_close(&subject);
}

static void name_one(void *arg, const struct subject_found *found) {
  (void)arg;
  puts(found->name);
}

static int list(bool json) {
  struct listing listing = {.json = json, .all = json_array(), .code = EXIT_HOLDS};
  subject_modules(list_one, &listing);
  if (json) {
    json_dumpf(listing.all, stdout, JSON_INDENT(1) | JSON_ENSURE_ASCII);
    putchar('\n');
  }
  json_decref(listing.all);
  return listing.code;
}

static int run(int argc, char **argv) {
  static const struct option table[] = {
      {"json", no_argument, NULL, 'j'}, {"names", no_argument, NULL, 'n'}, {NULL, 0, NULL, 0}};
  bool json = false, names = false;
  options_start();
  for (int opt; (opt = options_next("list", table, argc, argv, NULL)) != OPTIONS_END;) {
    if (opt == OPTIONS_BAD)
      return EXIT_USAGE;
    json = json || opt == 'j';
    names = names || opt == 'n';
  }
  if (optind < argc)
    return complain("list", "'%s' is no option; it takes no operands", argv[optind]);
  if (names)
    subject_modules(name_one, NULL);
  return names ? EXIT_HOLDS : list(json);
}

const struct command command_list = {
    .name = "list",
    .summary = "subjects found, library versions, build facts, algorithms",
    .usage = "usage: assay list [--json | --names]\n\n"
             "Starts every module beside this program in a worker of its own and prints what it says of\n"
             "the library that was really loaded. The word behind a build fact names its source:\n"
             "library (it tells itself), package (known of that package) or inferred.\n\n"
             "  --json    everything, for programs\n"
             "  --names   the names alone, without starting anything\n\n"
             "Examples:\n"
             "  assay list\n"
             "  assay list --json | jq -r '.[].library'\n",
    .run = run,
};
