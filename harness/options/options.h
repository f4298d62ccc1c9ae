/* The options of a command in one table, and what the command says of itself: the parser, the help, the
 * manual page and what a shell completes all come from it, so that none of them can differ from another.
 *
 * argp and popt have such tables too, but end at the text of a value: lists, ranges, what goes with what, the
 * sentence that names the option that was meant, and the words that a value can be would stand beside the
 * table again, and neither writes a manual page or completes. So the table is ours, and what is hard about a
 * command line, order, abbreviation, "--" and "=", is left to getopt_long. */
#ifndef ASSAY_OPTIONS_OPTIONS_H
#define ASSAY_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/base/text/names.h"

enum option_kind {
  OPTION_FLAG,   /* bool */
  OPTION_TEXT,   /* const char *: a name, a file, a folder */
  OPTION_WORD,   /* const char *: one of the words that `word` tells */
  OPTION_LIST,   /* const char *: items with commas between; the option again goes on with the list */
  OPTION_NUMBER, /* double from `low` to `high` */
  OPTION_WHOLE,  /* unsigned or uint64_t, likewise */
  OPTION_EACH    /* what `take` makes of each value; the option can stand there again */
};

struct option_row {
  const char *name;    /* without its dashes; NULL ends the table */
  const char *metavar; /* what its value is called: FILE; NULL: it is a flag */
  const char *help;    /* what it is for; the fallback is told behind it */
  enum option_kind kind;
  size_t at;             /* where it goes in the command's own struct; the macros below hold the type */
  bool wide;             /* of OPTION_WHOLE: a uint64_t */
  long double low, high; /* of which a whole number of 64 bits is one */
  /* In place of storing: what the value is, into the member at `at`; of a flag, the value is "". False and
   * a sentence that names the option where it is nothing of the kind. */
  bool (*take)(void *member, const char *value, struct assay_error *error);
  word_list *word;      /* NULL: not listed */
  const char *fallback; /* the value without the option, as one would type it; NULL: the struct's own */
  unsigned of;          /* to which of the forms that share a table it belongs, as bits; 0: to all */
  const char *refusal;  /* said behind its name where it does not belong: "is an option of ..." */
  const char *group;    /* the head over it and what follows; NULL: it goes on with the group before */
};

#define OPTION_AT(type, in, member)                                                                          \
  .at = offsetof(in, member) + 0 * sizeof(_Generic(&((in *)0)->member, type * : 0))
#define FLAG_IN(in, member) .kind = OPTION_FLAG, OPTION_AT(bool, in, member)
#define TEXT_IN(in, member) .kind = OPTION_TEXT, OPTION_AT(const char *, in, member)
#define WORD_IN(in, member, words) .kind = OPTION_WORD, OPTION_AT(const char *, in, member), .word = (words)
#define LIST_IN(in, member) .kind = OPTION_LIST, OPTION_AT(const char *, in, member)
#define NUMBER_IN(in, member, from, to)                                                                      \
  .kind = OPTION_NUMBER, OPTION_AT(double, in, member), .low = (from), .high = (to)
#define WHOLE_IN(in, member, from, to)                                                                       \
  .kind = OPTION_WHOLE, .at = offsetof(in, member), .low = (from), .high = (to),                             \
  .wide = _Generic(((in *)0)->member, unsigned                                                               \
                   : false, uint64_t                                                                         \
                   : true)
/* What an option's value is made into by a function of the command. */
#define TAKEN_AS(which, in, member, how) .kind = (which), .at = offsetof(in, member), .take = (how)

/* Two options that cannot stand together. */
struct option_conflict {
  const char *one, *other;
  const char *because; /* NULL: that says itself */
};

struct sheet;

struct usage {
  const char *name;    /* as typed, with its program: "assay gate" */
  const char *summary; /* one line, for the list of commands */
  const char *forms;   /* what can follow the name, a line each */
  const char *about;   /* paragraphs, a line each; NULL: the summary is all */
  const struct option_row *options;
  unsigned of;                             /* the form of a shared table that this is; 0: it is not shared */
  const struct option_conflict *conflicts; /* ended by a `one` of NULL; NULL: none */
  const char *notes;                       /* paragraphs behind the options; NULL: none */
  const char *examples;                    /* a line each */
  void (*lists)(struct sheet *sheet); /* what only the program knows, behind the examples; NULL: nothing */
  word_list *operand;                 /* what the first operand can be; NULL: a file, or nothing */
  unsigned operands;                  /* so many have to be there, if `operands_wrong` is set */
  const char
      *operands_wrong; /* said where there are others; where there can be none, behind "'x' is no option; " */
};

/* "gate", of "assay gate". */
const char *usage_word(const struct usage *usage);
/* Whether a row of a table that several forms share is of this one. */
static inline bool option_belongs(const struct usage *usage, const struct option_row *row) {
  return !row->of || !usage->of || row->of & usage->of;
}

/* ---- options_read.c ---- */

struct options_given {
  uint64_t rows; /* bits by place in the table: which options stood there */
  char **operands;
  int operand_count;
};

/* Reads a command line, argv[0] being the command's name, into `values`, which holds what is no option's
 * fallback. False and a sentence: an option that is unknown, not this form's, given twice, lacks its value or
 * has one that it cannot have. Texts are borrowed from argv, or kept for the rest of the program. Not to be
 * called by two threads. */
bool options_read(const struct usage *usage, void *values, int argc, char **argv, struct options_given *given,
                  struct assay_error *error);
bool option_is_given(const struct usage *usage, const struct options_given *given, const char *name);
/* Where a form can be told only by the options themselves: whether all that were given belong to it. */
bool options_belong(const struct usage *usage, const struct options_given *given, unsigned form,
                    struct assay_error *error);
/* Whether help is asked for, which is often typed last; not behind "--". */
bool options_ask_help(int argc, char **argv);

/* The whole text as a number from low to high; false and a sentence. name: the option's. */
bool option_number(const char *name, const char *text, double low, double high, double *value,
                   struct assay_error *error);

/* ---- options_help.c ---- */

/* All that the command says of itself. */
void options_help(const struct usage *usage, struct sheet *sheet);

/* ---- options_complete.c ---- */

/* What can stand in place of the last word of a line that begins with the command's name: a line each, with a
 * blank behind what is whole; nothing where that is not known, as with files. */
void options_complete(const struct usage *usage, char *const *words, int count, FILE *stream);
/* Those that begin so, likewise. */
void options_tell_words(word_list *words, const char *begin, FILE *stream);

#endif
