/* Texts for people, written once and laid out twice: for a terminal, in lines that fit, and as a part of a
 * manual sheet. */
#ifndef ASSAY_OPTIONS_SHEET_H
#define ASSAY_OPTIONS_SHEET_H

#include <stdbool.h>
#include <stdio.h>

struct sheet {
  FILE *stream;
  int columns; /* 0: a manual page (man(7)) */
  bool begun;  /* something stands there already */
};

/* For a terminal, a pipe or a file, as wide as that is. */
struct sheet sheet_on(FILE *stream);

/* Text in paragraphs, a line each; a line that begins with a blank stands as it is. */
void sheet_text(struct sheet *sheet, const char *text);
/* The head of what follows. */
void sheet_head(struct sheet *sheet, const char *text);

/* Terms, and what is said of each; ended by a term of NULL. most: the columns that a term may take at the
 * side of its text, and not on a line of its own. */
struct sheet_item {
  const char *term, *text;
};
void sheet_items(struct sheet *sheet, const struct sheet_item *items, int most);
/* The same one by one: `column` is where the texts begin. sheet_gap goes before the first. */
void sheet_item(struct sheet *sheet, int column, const char *term, const char *text);
void sheet_gap(struct sheet *sheet);
/* The ways in which a command can be typed, a line each; at the top of a sheet, and once more for another
 * command. */
void sheet_forms(struct sheet *sheet, const char *name, const char *forms);
/* Lines to be typed, each broken before an option where it would be too long, so that the shell reads it as
 * one. */
void sheet_commands(struct sheet *sheet, const char *lines);

/* Of a manual page alone: its title and NAME, a section, and a part of one. */
void sheet_title(struct sheet *sheet, const char *program, const char *version, const char *summary);
void sheet_section(struct sheet *sheet, const char *text);
void sheet_part(struct sheet *sheet, const char *text);

#endif
