/* assay list: the subjects that are there, and what each one really is. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/builds/build.h"
#include "harness/cli/command.h"
#include "harness/cli/common_options.h"
#include "harness/job/job.h"
#include "harness/subject/subject.h"
#include "harness/terminal/progress.h"
#include "reports/content/builds.h"
#include "reports/document/screen.h"
#include "reports/document/terminal.h"
#include "reports/text/allocate.h"
#include "reports/text/tally.h"

/* What is asked, and what came of it. */
struct listing {
  bool json, details;
  json_t *all;
  struct document document;
  struct document_table *table; /* one line a subject */
  struct result *told;          /* with details: what each said, to set builds of one library side by side */
  int code;
};

/* ---- one line a subject ---- */

static void open_table(struct listing *listing) {
  struct document_table *table = listing->table = document_add_table(&listing->document, "Subjects");
  table_add_column(table, "", COLUMN_LEFT, 0);
  table_add_column(table, "kind", COLUMN_LEFT, 1);
  table_add_column(table, "library, version (build)", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  column_set_brief(table_add_column(table, "algorithms", 0, 2), "algs");
  table_set_legends(table,
                    "A backend is a crypto library, asked behind assay's own checks of the token; a verifier "
                    "is a whole JWT library, which makes them itself. `assay list SUBJECT` tells the rest. "
                    "A run without --subject compares " SUBJECTS_DEFAULT "; --subject backends compares all "
                    "backends, --subject all verifiers too.");
}

static const char *kind_word(enum subject_kind kind) {
  return kind == SUBJECT_VERIFIER ? "verifier" : "backend";
}

static char *library_text(const struct subject_identity *identity) {
  bool noted = identity->note[0];
  return allocate_format("%s%s%s%s%s%s", identity->library, identity->version[0] ? " " : "",
                         identity->version, noted ? " (" : "", identity->note, noted ? ")" : "");
}

static struct document_row *add_row(struct listing *listing, const struct subject_spec *spec) {
  struct document_row *row = table_add_row(listing->table);
  size_t above = listing->table->row_count - 1;
  row->gap =
      above && strcmp(listing->table->rows[above - 1].cells[1].forms[FORM_FULL], kind_word(spec->kind)) != 0;
  row_add_cell(row, spec->label);
  row_add_cell(row, kind_word(spec->kind));
  return row;
}

static void tell_line(struct listing *listing, const struct subject *subject) {
  const struct subject_identity *identity = &subject->identity;
  struct document_row *row = add_row(listing, &subject->spec);
  OWNED_TEXT char *library = library_text(identity);
  row_add_cell(row, identity->is_floor ? "none: what assay itself costs" : library);
  row_addf(row, "%d", __builtin_popcountll(identity->algs));
}

/* ---- all of one subject ---- */

static void add_fact(struct document_table *table, const char *head, const char *fact) {
  struct document_row *row = table_add_row(table);
  row_add_cell(row, head);
  row_set_rest(row, fact, STYLE_PLAIN);
}

static void add_joined(struct document_table *table, const char *head, struct tally *facts) {
  OWNED_TEXT char *text = names_join(facts, ", ");
  if (facts->count)
    add_fact(table, head, text);
  tally_fini(facts);
}

static void add_algs(struct document_table *table, const struct subject_identity *identity) {
  struct tally names = {0};
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
    if (identity_has_alg(identity, (enum assay_alg)alg))
      names_add(&names, assay_alg_name((enum assay_alg)alg));
  add_joined(table, "algorithms", &names);
}

static void add_names(struct document_table *table, const char *head, const struct identity_lines *lines) {
  struct tally names = {0};
  for (size_t i = 0; i < lines->count; i++)
    names_add(&names, lines->items[i].text);
  add_joined(table, head, &names);
}

/* about: how what is said of each follows it. */
static void add_each(struct document_table *table, const char *head, const struct identity_lines *lines,
                     const char *about) {
  for (size_t i = 0; i < lines->count; i++) {
    OWNED_TEXT char *fact = allocate_format(about, lines->items[i].text, lines->items[i].about);
    add_fact(table, head, fact);
  }
}

static bool told_before(const struct identity_lines *lines, size_t line) {
  bool before = false;
  for (size_t i = 0; i < line && !before; i++)
    before = strcmp(lines->items[i].about, lines->items[line].about) == 0;
  return before;
}

/* What it cannot be told, by why it cannot. */
static void add_untold(struct document_table *table, const struct identity_lines *untold) {
  for (size_t i = 0; i < untold->count; i++) {
    if (told_before(untold, i))
      continue;
    OWNED_TALLY struct tally reasons = {0};
    for (size_t j = i; j < untold->count; j++)
      if (strcmp(untold->items[j].about, untold->items[i].about) == 0)
        names_add(&reasons, untold->items[j].text);
    OWNED_TEXT char *joined = names_join(&reasons, ", ");
    OWNED_TEXT char *fact = allocate_format("%s: %s", joined, untold->items[i].about);
    add_fact(table, "no setting", fact);
  }
}

static void tell_all(struct listing *listing, const struct subject *subject) {
  const struct subject_identity *identity = &subject->identity;
  OWNED_TEXT char *library = library_text(identity);
  OWNED_TEXT char *title = allocate_format("%s   %s", subject->spec.label, library);
  struct document_table *table = document_add_table(&listing->document, title);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  add_fact(table, "kind", kind_word(identity->kind));
  add_fact(table, "uses", identity->summary);
  if (identity->path[0])
    add_fact(table, "loaded", identity->path);
  if (subject_spec_is_build(&subject->spec))
    add_fact(table, "module", subject->spec.module);
  add_algs(table, identity);
  add_names(table, "dispatch", &identity->dispatch);
  add_each(table, "build", &identity->build, "%s (%s)");
  add_each(table, "variants", &identity->variants, "%s: %s");
  add_untold(table, &identity->untold);
  job_told_of_itself(subject, result_add_subject(listing->told));
}

/* ---- subjects ---- */

#define LINE_MOST 62 /* of what is missing: a line a subject, in 100 columns */

/* How to get it may take more than a line, as paths do: then it is told of the one subject. */
static void add_missing(struct document_row *row, const char *label, const char *why) {
  OWNED_TEXT char *brief = allocate_format("%.*s: `assay list %s`", (int)strcspn(why, ":"), why, label);
  row_set_rest(row, strlen(why) > LINE_MOST && strchr(why, ':') ? brief : why, STYLE_UNSURE);
}

/* Who starts a worker names the subject; who does not come that far does not. */
static const char *without_label(const char *why, const char *label) {
  size_t len = strlen(label);
  return strncmp(why, label, len) == 0 && strncmp(why + len, ": ", 2) == 0 ? why + len + 2 : why;
}

/* A program that is not installed is no fault of this build; whoever asks for it by name wants it. */
static void tell_missing(struct listing *listing, const struct subject_spec *spec,
                         const struct assay_error *error) {
  const char *why = without_label(error->text, spec->label);
  bool fails = listing->details || (spec->kind == SUBJECT_BACKEND && !spec->prefix[0]);
  if (fails)
    listing->code = EXIT_USAGE;
  if (listing->table)
    add_missing(add_row(listing, spec), spec->label, why);
  else
    complain("list", "%s: %s", spec->label, why);
}

static void list_one(struct listing *listing, const struct subject_spec *spec) {
  static const struct subject_host host;
  struct subject subject;
  struct subject_spec ready = *spec;
  struct assay_error error = {0};
  if (!build_prepare(&ready, &error) || !subject_open(&subject, &ready, &host, &error)) {
    tell_missing(listing, spec, &error);
    return;
  }
  build_tell_origin(&ready, &subject.identity);
  build_tell_passed_over(&ready, &subject.identity, error.text, sizeof error.text);
  if (error.text[0])
    complain("list", "%s", error.text);
  if (listing->json)
    json_array_append(listing->all, subject.identity.json);
  else if (listing->details)
    tell_all(listing, &subject);
  else
    tell_line(listing, &subject);
  subject_close(&subject);
}

static void list_each(struct listing *listing, const struct subject_specs *specs) {
  progress_begin();
  for (size_t i = 0; i < specs->count; i++) {
    job_show_start(specs, i);
    list_one(listing, &specs->items[i]);
  }
  progress_end();
}

static int list(struct listing *listing, const struct subject_specs *specs) {
  struct result_view view = {0};
  if (!listing->json && !listing->details)
    open_table(listing);
  list_each(listing, specs);
  if (listing->json) {
    json_dumpf(listing->all, stdout, JSON_INDENT(1) | JSON_ENSURE_ASCII);
    putchar('\n');
  } else {
    content_sides(&listing->document, listing->told->subjects, listing->told->subject_count);
    stdout_view(&view);
    terminal_put(&listing->document, &view, stdout);
  }
  return listing->code;
}

/* ---- the command ---- */

struct request {
  bool json, names;
};

static const struct option_row option_rows[] = {
    {"json", NULL, "everything, for programs", FLAG_IN(struct request, json)},
    {"names", NULL, "the names alone, without starting anything", FLAG_IN(struct request, names)},
    {0}};

static const struct usage usage = {
    .name = "assay list",
    .summary = "subjects: libraries, versions, builds, algorithms; SUBJECT: all of one",
    .forms = "[--json | --names]\nSUBJECT... [--json]",
    .about =
        "Starts every module and adapter beside this program in a worker of its own, and prints a line of "
        "each: the library that was really loaded, its version, what is special about the build, and how "
        "many algorithms it has; or what is missing, and how to get it. Which of them a run takes is said with "
        "its --subject.\n"
        "Of each SUBJECT that is named (`assay help subjects`) it tells all: the calls that are used, the "
        "file that was loaded, algorithms, code paths for this processor (dispatch), facts of the build, "
        "variants, and the parts of a policy that a verifier has no setting for; and below, of builds of one library, what differs. The word behind a build fact names its "
        "source: library (it tells itself), package (known of that package), inferred, or record (of a build by prefix: what its builder wrote into assay-build.txt there).",
    .options = option_rows,
    .operand = subject_or_group_word,
    .examples = "assay list\n"
                "assay list openssl\n"
                "assay list openssl mine=openssl@/opt/openssl\n"
                "assay list --json | jq -r '.[].library'"};

static int print_names(const struct options_given *given) {
  if (given->operand_count)
    return complain("list", "--names is for all subjects, not for '%s'", given->operands[0]);
  for (unsigned i = 0; subject_found(i); i++)
    puts(subject_word(i));
  return EXIT_HOLDS;
}

/* Those that are named; or else all, in the order in which they are found. */
static bool read_specs(struct subject_specs *specs, const struct options_given *given,
                       struct assay_error *error) {
  bool ok = true;
  for (int i = 0; ok && i < given->operand_count; i++)
    ok = subject_specs_add_list(specs, given->operands[i], error);
  for (unsigned i = 0; given->operand_count == 0 && ok && subject_found(i); i++) {
    struct subject_spec spec;
    ok = subject_spec_parse(&spec, subject_word(i), NULL, error) && subject_specs_add(specs, &spec, error);
  }
  return ok;
}

static int run_list(int argc, char **argv) {
  struct request request = {0};
  struct options_given given;
  struct subject_specs specs = {0};
  struct assay_error error = {0};
  if (!command_read(&usage, &request, argc, argv, &given))
    return EXIT_USAGE;
  if (request.names)
    return print_names(&given);
  struct listing listing = {.json = request.json,
                            .details = given.operand_count > 0,
                            .all = json_array(),
                            .told = allocated(result_new()),
                            .code = EXIT_HOLDS};
  int code = read_specs(&specs, &given, &error) ? list(&listing, &specs) : complain("list", "%s", error.text);
  subject_specs_fini(&specs);
  document_fini(&listing.document);
  json_decref(listing.all);
  result_free(listing.told);
  return code;
}

const struct command command_list = {.usage = &usage, .run = run_list};
