/* Texts for people, written once and laid out twice: for a terminal, in lines that fit, and as a part of a
 * manual page. */
#ifndef ASSAY_OPTIONS_PAGE_H
#define ASSAY_OPTIONS_PAGE_H

#include <stdbool.h>
#include <stdio.h>

struct page {
  FILE *stream;
  int columns; /* 0: a manual page (man(7)) */
  bool begun;  /* something stands there already */
};

/* For a terminal, a pipe or a file, as wide as that is. */
struct page page_on(FILE *stream);

/* Text in paragraphs, a line each; a line that begins with a blank stands as it is. */
void page_text(struct page *page, const char *text);
/* The head of what follows. */
void page_head(struct page *page, const char *text);

/* Terms, and what is said of each; ended by a term of NULL. most: the columns that a term may take at the
 * side of its text, and not on a line of its own. */
struct page_item {
  const char *term, *text;
};
void page_items(struct page *page, const struct page_item *items, int most);
/* The same one by one: `column` is where the texts begin. page_gap goes before the first. */
void page_item(struct page *page, int column, const char *term, const char *text);
void page_gap(struct page *page);
/* The ways in which a command can be typed, a line each; at the top of a page, and once more for another
 * command. */
void page_forms(struct page *page, const char *name, const char *forms);
/* Lines to be typed, each broken before an option where it would be too long, so that the shell reads it as
 * one. */
void page_commands(struct page *page, const char *lines);

/* Heads of a manual page alone: a section, and a part of one. */
void page_section(struct page *page, const char *text);
void page_part(struct page *page, const char *text);

#endif
