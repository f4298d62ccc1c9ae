/* assay list: the subjects that are there, and what each one really is. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/utf8.h"
#include "harness/cli/command.h"
#include "harness/subject/subject.h"

struct listing {
  bool json;
  json_t *all;
  int code;
};

/* What modules and programs say of themselves is shown, not obeyed. Valid for three more calls. */
static const char *shown(const char *text) {
  static char copies[4][CONTROL_IDENTITY_BYTES];
  static unsigned next;
  char *copy = copies[next++ % 4];
  snprintf(copy, sizeof copies[0], "%s", text);
  utf8_defuse(copy);
  return copy;
}

/* One after the other, folded. */
static void print_names(const char *head, const struct identity_lines *names) {
  int column = 0;
  for (size_t i = 0; i < names->count; i++) {
    const char *text = shown(names->items[i].text);
    int width = (int)strlen(text) + 2;
    if (i == 0)
      column = printf("  %-12s", head);
    else if (column + width > 98)
      column = printf("\n  %-12s", "") - 1;
    column += printf("%s%s", text, i + 1 < names->count ? ", " : "");
  }
  if (names->count)
    putchar('\n');
}

static void print_algs(const struct subject_identity *identity) {
  struct identity_line items[ASSAY_ALG_COUNT];
  struct identity_lines names = {items, 0};
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
    if (identity_has_alg(identity, (enum assay_alg)alg))
      items[names.count++] = (struct identity_line){assay_alg_name((enum assay_alg)alg), ""};
  print_names("algorithms", &names);
}

static void print_each(const char *head, const struct identity_lines *lines, const char *format) {
  for (size_t i = 0; i < lines->count; i++) {
    printf("  %-12s", i == 0 ? head : "");
    printf(format, shown(lines->items[i].text), shown(lines->items[i].about));
  }
}

static void print_identity(const char *name, const struct subject_identity *identity) {
  const char *note = shown(identity->note);
  printf("%s   %s %s%s%s%s\n", name, shown(identity->library), shown(identity->version), note[0] ? " (" : "",
         note, note[0] ? ")" : "");
  printf("  %-12s%s\n", "uses", shown(identity->summary));
  if (identity->path[0])
    printf("  %-12s%s\n", "loaded", shown(identity->path));
  print_algs(identity);
  print_names("dispatch", &identity->dispatch);
  print_each("build", &identity->build, "%s (%s)\n");
  print_each("variants", &identity->variants, "%s: %s\n");
  print_each("not told", &identity->untold, "%s: %s\n");
  putchar('\n');
}

static void list_one(struct listing *listing, const struct subject_found *found) {
  static const struct subject_host host;
  struct subject_spec spec;
  struct subject subject;
  struct assay_error error = {0};
  if (!subject_spec_parse(&spec, found->name, NULL, &error) ||
      !subject_open(&subject, &spec, &host, &error)) {
    complain("list", "%s: %s", found->name, error.text);
    /* A program that is not installed is no fault of this build. */
    listing->code = found->kind == SUBJECT_BACKEND ? EXIT_USAGE : listing->code;
    return;
  }
  if (listing->json)
    json_array_append(listing->all, subject.identity.json);
  else
    print_identity(found->name, &subject.identity);
  subject_close(&subject);
}

static int list(bool json) {
  struct listing listing = {.json = json, .all = json_array(), .code = EXIT_HOLDS};
  for (unsigned i = 0; subject_found(i); i++)
    list_one(&listing, subject_found(i));
  if (json) {
    json_dumpf(listing.all, stdout, JSON_INDENT(1) | JSON_ENSURE_ASCII);
    putchar('\n');
  }
  json_decref(listing.all);
  return listing.code;
}

struct request {
  bool json, names;
};

static const struct option_row option_rows[] = {
    {"json", NULL, "everything, for programs", FLAG_IN(struct request, json)},
    {"names", NULL, "the names alone, without starting anything", FLAG_IN(struct request, names)},
    {0}};

static const struct usage usage = {
    .name = "assay list",
    .summary = "subjects found, library versions, build facts, algorithms",
    .forms = "[--json | --names]",
    .about = "Starts every module beside this program in a worker of its own and prints what it says of the "
             "library that was really loaded. The word behind a build fact names its source: library (it "
             "tells itself), package (known of that package) or inferred.",
    .options = option_rows,
    .operands_wrong = "it takes no operands",
    .examples = "assay list\n"
                "assay list --json | jq -r '.[].library'"};

static int run_list(int argc, char **argv) {
  struct request request = {0};
  struct options_given given;
  if (!command_read(&usage, &request, argc, argv, &given))
    return EXIT_USAGE;
  if (request.names)
    for (unsigned i = 0; subject_found(i); i++)
      puts(subject_word(i));
  return request.names ? EXIT_HOLDS : list(request.json);
}

const struct command command_list = {.usage = &usage, .run = run_list};
