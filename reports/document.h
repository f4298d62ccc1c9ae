/* A report before it has a format: tables and sentences, in order. content*.c fills it from a result, and
 * each format for people lays it out. All text in it is clean (display.h): valid UTF-8, no control
 * characters. */
#ifndef ASSAY_REPORTS_DOCUMENT_H
#define ASSAY_REPORTS_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#define DOCUMENT_COLUMNS 12

enum document_style {
  STYLE_PLAIN,
  STYLE_WRONG,  /* a wrong verdict, crash, hang or fault */
  STYLE_UNSURE, /* not resolved by this run */
  STYLE_BEST    /* best of its group */
};

struct document_cell {
  char *text, *brief; /* brief: the same in fewer words, for when the table is too wide; NULL: none */
  enum document_style style;
};

enum document_column_flag {
  COLUMN_LEFT = 1, /* aligned left, not right */
  COLUMN_GROUPED =
      2, /* says the same for several rows in succession: shown once where rows stand below each other */
  COLUMN_FLEXIBLE = 4 /* may be cut before any column is left out */
};

struct document_column {
  char *head, *brief_head; /* brief_head: as a cell's brief */
  unsigned flags;
  unsigned drop; /* columns with 1, then 2, .. are left out where the table is too wide; 0: never */
};

struct document_row {
  struct document_cell cells[DOCUMENT_COLUMNS];
  size_t cell_count;
  char *rest; /* in place of the cells from cell_count on: why there are none; NULL: nothing */
  enum document_style rest_style;
  bool gap; /* a new family begins: an empty line before it */
};

struct document_table {
  char *title;
  struct document_column columns[DOCUMENT_COLUMNS];
  size_t column_count;
  struct document_row *rows;
  size_t row_count;
};

/* A sentence or two. */
struct document_text {
  char *label; /* "machine"; "" for none */
  char *text;
  char *code;     /* a command to copy, after the text; "" for none */
  unsigned level; /* 0: a paragraph, 1: an item, 2: what belongs to the item above */
  bool gap;       /* begins something new */
  enum document_style style;
};

struct document_block {
  struct document_table *table; /* NULL: the block is `text` */
  struct document_text text;
};

struct document {
  struct document_block *blocks;
  size_t block_count;
};

/* All of these abort for want of memory (allocate.h) and copy what they are given. */
void document_fini(struct document *document);

/* Appends a table, a column, a row; valid until the next append of the same kind. */
struct document_table *document_add_table(struct document *document, const char *title);
struct document_column *table_add_column(struct document_table *table, const char *head, unsigned flags,
                                         unsigned drop);
void column_set_brief(struct document_column *column, const char *brief_head);
struct document_row *table_add_row(struct document_table *table);
/* The row's next cell. */
struct document_cell *row_add_cell(struct document_row *row, const char *text);
void row_set_rest(struct document_row *row, const char *text, enum document_style style);
void cell_set_brief(struct document_cell *cell, const char *brief);

/* Appends a sentence; the pointer is valid until the next append to the document. */
struct document_text *document_add_text(struct document *document, unsigned level, const char *label,
                                        const char *format, ...) __attribute__((format(printf, 4, 5)));
void text_set_code(struct document_text *text, const char *code);

#endif
