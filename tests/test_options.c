/* Options by a table: what is read, what is refused with which sentence, and how help is laid out. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "harness/options/options.h"
#include "harness/options/sheet.h"

struct values {
  bool json, quick;
  const char *file, *colour, *names;
  double share;
  unsigned count, odd;
  uint64_t seed;
};

static const char *colour(unsigned number) {
  static const char *const colours[] = {"red", "green", "blue"};
  return number < 3 ? colours[number] : NULL;
}

/* Adds up what is odd. */
static bool take_odd(void *member, const char *value, struct assay_error *error) {
  unsigned number = (unsigned)atoi(value);
  *(unsigned *)member += number;
  return number % 2 || error_set(error, "--odd: %s is even", value);
}

enum { OF_PAINT = 1, OF_DRAW = 2 };

static const struct option_row rows[] = {
    {"file", "FILE",
     "where it goes, which is a text that is longer than a line of any terminal that is made for people to "
     "look at, so that it has to be broken somewhere",
     TEXT_IN(struct values, file), .fallback = "a.txt"},
    {"colour", "NAME", "which", WORD_IN(struct values, colour, colour)},
    {"names", "LIST", "whose", LIST_IN(struct values, names), .word = colour, .of = OF_PAINT,
     .refusal = "is an option of `art paint`"},
    {"share", "S", "how much", NUMBER_IN(struct values, share, 0.1, 1), .group = "Figures:"},
    {"count", "N", "how many", WHOLE_IN(struct values, count, 1, 10), .fallback = "2"},
    {"seed-of-all-randomness", "N", "from which", WHOLE_IN(struct values, seed, 0, INT64_MAX)},
    {"odd", "N", "what is odd", TAKEN_AS(OPTION_EACH, struct values, odd, take_odd)},
    {"json", NULL, "for programs", FLAG_IN(struct values, json)},
    {"quick", NULL, "soon", FLAG_IN(struct values, quick), .of = OF_DRAW},
    {0}};

static const struct option_conflict conflicts[] = {
    {"json", "colour", "programs are blind"}, {"odd", "colour", NULL}, {0}};

static const struct usage paint = {.name = "art paint",
                                   .summary = "paints",
                                   .forms = "FILE [OPTION...]\n--file FILE",
                                   .about = "Paints.\n  as it   stands\nAnd more.",
                                   .options = rows,
                                   .of = OF_PAINT,
                                   .conflicts = conflicts,
                                   .notes = "Exit code 1 where it is ugly.",
                                   .examples = "art paint a.txt --names red,green,blue --share 0.5 "
                                               "--seed-of-all-randomness 7 --colour green --count 8",
                                   .operand = colour};

/* Reads words parted by blanks. */
static bool read_line(const char *line, struct values *values, struct options_given *given,
                      struct assay_error *error) {
  static char copy[400];
  static char *argv[40];
  int argc = 0;
  *values = (struct values){0};
  snprintf(copy, sizeof copy, "paint %s", line);
  for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
    argv[argc++] = word;
  argv[argc] = NULL;
  return options_read(&paint, values, argc, argv, given, error);
}

Test(options, values_go_where_the_table_says) {
  struct values values;
  struct options_given given;
  struct assay_error error = {0};
  cr_assert(
      read_line("x --names a,b --share=0.1 --names c --seed 9223372036854775807 --odd 1 --odd 3 --json y",
                &values, &given, &error),
      "%s", error.text);
  cr_expect_str_eq(values.file, "a.txt");
  cr_expect_str_eq(values.names, "a,b,c");
  cr_expect_float_eq(values.share, 0.1, 1e-12);
  cr_expect_eq(values.seed, INT64_MAX);
  cr_expect_eq(values.count, 2);
  cr_expect_eq(values.odd, 4);
  cr_expect(values.json && !values.quick);
  cr_assert_eq(given.operand_count, 2);
  cr_expect_str_eq(given.operands[1], "y");
  cr_expect(option_is_given(&paint, &given, "seed-of-all-randomness"));
  cr_expect_not(option_is_given(&paint, &given, "count"));
  cr_expect_not(options_belong(&paint, &given, OF_DRAW, &error));
  cr_expect_str_eq(error.text, "--names is an option of `art paint`");
  cr_assert(read_line("-- --json", &values, &given, &error));
  cr_expect_str_eq(given.operands[0], "--json");
}

Test(options, refusals_say_what_is_wrong) {
  static const char *const lines[][2] = {
      {"--fiel x", "there is no option '--fiel'; did you mean '--file'?"},
      {"x --zzz=3", "there is no option '--zzz=3'; `art paint --help` lists them"},
      {"-q", "there is no option '-q'; `art paint --help` lists them"},
      {"x -qv", "there is no option '-q'; `art paint --help` lists them"},
      {"--quick", "there is no option '--quick'; `art paint --help` lists them"},
      {"--json=1", "--json takes no value"},
      {"x --file", "--file needs a value"},
      {"--file a --file=b", "--file is given twice"},
      {"--colour gren", "there is no colour 'gren'; did you mean 'green'?"},
      {"--colour x", "there is no colour 'x'; there are: red, green, blue"},
      {"--share 2", "--share takes a number from 0.1 to 1, not '2'"},
      {"--share nan", "--share takes a number from 0.1 to 1, not 'nan'"},
      {"--count 0", "--count takes a number from 1 to 10, not '0'"},
      {"--count 1.5", "--count takes a whole number, not '1.5'"},
      {"--count 1x", "--count takes a number from 1 to 10, not '1x'"},
      {"--seed 9223372036854775808",
       "--seed-of-all-randomness takes a number from 0 to 9223372036854775807, not '9223372036854775808'"},
      {"--odd 1 --odd 2", "--odd: 2 is even"},
      {"--json --colour red", "--json and --colour exclude each other: programs are blind"},
      {"--colour red --odd 1", "--odd and --colour exclude each other"}};
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
    struct values values;
    struct options_given given;
    struct assay_error error = {0};
    cr_expect_not(read_line(lines[i][0], &values, &given, &error), "%s", lines[i][0]);
    cr_expect_str_eq(error.text, lines[i][1], "%s: %s", lines[i][0], error.text);
  }
}

Test(options, operands_are_counted_where_the_command_says_how_many) {
  static const struct usage none = {.name = "art list",
                                    .options = rows,
                                    .operands_wrong = "it takes no operands"},
                            one = {.name = "art show",
                                   .options = rows,
                                   .operands = 1,
                                   .operands_wrong = "takes one file"};
  char *argv[] = {"show", "a", "b", NULL};
  struct values values = {0};
  struct options_given given;
  struct assay_error error = {0};
  cr_expect_not(options_read(&none, &values, 2, argv, &given, &error));
  cr_expect_str_eq(error.text, "'a' is no option; it takes no operands");
  cr_expect(options_read(&one, &values, 2, argv, &given, &error));
  cr_expect_not(options_read(&one, &values, 3, argv, &given, &error));
  cr_expect_str_eq(error.text, "takes one file");
}

/* ---- what is printed; free it ---- */

static char *printed(void (*print)(FILE *stream, int columns), int columns) {
  char *text;
  size_t size;
  FILE *stream = open_memstream(&text, &size);
  print(stream, columns);
  fclose(stream);
  return text;
}

static void print_help(FILE *stream, int columns) {
  options_help(&paint, &(struct sheet){.stream = stream, .columns = columns});
}

Test(options, help_fits_the_terminal) {
  for (int columns = 60; columns <= 100; columns += 20) {
    char *text = printed(print_help, columns);
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
      cr_expect_leq(strcspn(line, "\n"), (size_t)columns, "%.*s", (int)strcspn(line, "\n"), line);
    free(text);
  }
}

Test(options, help_holds_all_that_the_table_has) {
  char *text = printed(print_help, 80);
  cr_expect_str_eq(text,
                   "usage: art paint FILE [OPTION...]\n"
                   "       art paint --file FILE\n"
                   "\n"
                   "Paints.\n"
                   "\n"
                   "  as it   stands\n"
                   "\n"
                   "And more.\n"
                   "\n"
                   "  --file FILE    where it goes, which is a text that is longer than a line of\n"
                   "                 any terminal that is made for people to look at, so that it has\n"
                   "                 to be broken somewhere (default: a.txt)\n"
                   "  --colour NAME  which\n"
                   "  --names LIST   whose\n"
                   "\n"
                   "Figures:\n"
                   "  --share S      how much\n"
                   "  --count N      how many (default: 2)\n"
                   "  --seed-of-all-randomness N\n"
                   "                 from which\n"
                   "  --odd N        what is odd\n"
                   "  --json         for programs\n"
                   "\n"
                   "Exit code 1 where it is ugly.\n"
                   "\n"
                   "Examples:\n"
                   "  art paint a.txt --names red,green,blue --share 0.5 \\\n"
                   "      --seed-of-all-randomness 7 --colour green --count 8\n",
                   "%s", text);
  free(text);
}

Test(options, a_manual_page_says_the_same_in_roff) {
  char *text = printed(print_help, 0);
  static const char *const parts[] = {".EX\nart paint FILE [OPTION...]\nart paint \\-\\-file FILE\n.EE\n",
                                      ".PP\nPaints.\n.PP\n.EX\n  as it   stands\n.EE\n.PP\nAnd more.\n",
                                      ".TP\n.B \\-\\-seed\\-of\\-all\\-randomness N\nfrom which\n",
                                      ".PP\n.B Figures:\n"};
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
    cr_expect_not_null(strstr(text, parts[i]), "'%s' is not in %s", parts[i], text);
  free(text);
}

static char *completion_words[8];
static int completion_count;

static void print_completion(FILE *stream, int columns) {
  (void)columns;
  options_complete(&paint, completion_words, completion_count, stream);
}

Test(options, a_shell_is_offered_what_can_stand_there) {
  static const struct {
    char *words[8];
    const char *offers;
  } lines[] = {
      {{"paint", "--s"}, "--share \n--seed-of-all-randomness \n"},
      {{"paint", "--quick"}, ""},
      {{"paint", "-"},
       "--file \n--colour \n--names \n--share \n--count \n--seed-of-all-randomness \n--odd \n--json \n"},
      {{"paint", "g"}, "green \n"},
      {{"paint", "x", "g"}, ""},
      {{"paint", "--colour", "b"}, "blue \n"},
      {{"paint", "--colour", "="}, "red \ngreen \nblue \n"},
      {{"paint", "--colour", "=", "b"}, "blue \n"},
      {{"paint", "--names", "red,g"}, "red,green\n"},
      {{"paint", "x", "--file", "--j"}, ""},
      {{"paint", "--json", "--j"}, "--json \n"}};
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
    memcpy(completion_words, lines[i].words, sizeof completion_words);
    for (completion_count = 0; completion_words[completion_count]; completion_count++) {
    }
    char *text = printed(print_completion, 0);
    cr_expect_str_eq(text, lines[i].offers, "%zu: %s", i, text);
    free(text);
  }
}
