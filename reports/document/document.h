/* A report before it has a format: tables and sentences, in order. content*.c fills it from a
 * result, and each format for people lays it out. All text in it is clean (display.h): valid UTF-8,
 * no control characters. */
#ifndef ASSAY_REPORTS_DOCUMENT_DOCUMENT_H
#define ASSAY_REPORTS_DOCUMENT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#define DOCUMENT_COLUMNS 16

enum document_style {
  STYLE_PLAIN,
  STYLE_WRONG,      /* a wrong verdict, crash, hang or fault */
  STYLE_UNSURE,     /* not resolved by this run */
  STYLE_BEST,       /* best of its group */
  STYLE_UNSUPPORTED /* what a subject has no means for: neither right nor wrong */
};

/* The same in fewer words, and fewer still, for when a table is too wide. */
enum document_form { FORM_FULL, FORM_BRIEF, FORM_MARK, DOCUMENT_FORMS };

struct document_cell {
  char *forms[DOCUMENT_FORMS]; /* NULL: as the form before it; never in FORM_FULL */
  enum document_style style;
};

enum document_column_flag {
  COLUMN_LEFT = 1, /* aligned left, not right */
  COLUMN_GROUPED =
      2, /* says the same for several rows in succession: shown once where rows stand below each other */
  COLUMN_FLEXIBLE = 4 /* may be cut before any column is left out */
};

struct document_column {
  char *heads[DOCUMENT_FORMS]; /* as a cell's */
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

/* A value that a row is about, for formats that draw. */
struct document_point {
  double value;
  bool is_turn; /* it differs from those before by more than noise */
};

struct document_table {
  char *title;
  char *legends[DOCUMENT_FORMS]; /* what the short forms mean, shown with them; NULL: they need no words */
  bool tight;                    /* columns stand closer in the short forms */
  struct document_column columns[DOCUMENT_COLUMNS];
  size_t column_count;
  struct document_row *rows;
  size_t row_count;
  struct document_point *points; /* a curve over the table; none where it has no order */
  size_t point_count;
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
/* Before the declaration of a document: it ends with its block. */
#define OWNED_DOCUMENT __attribute__((cleanup(document_fini)))

/* Free what one of them owns; for whoever takes it out of its table. */
void document_row_fini(struct document_row *row);
void document_column_fini(struct document_column *column);
void document_cell_fini(struct document_cell *cell);

/* Appends a table, a column, a row; valid until the next append of the same kind. */
struct document_table *document_add_table(struct document *document, const char *title);
struct document_column *table_add_column(struct document_table *table, const char *head, unsigned flags,
                                         unsigned drop);
void column_set_brief(struct document_column *column, const char *head);
void column_set_mark(struct document_column *column, const char *head);
void table_set_legend(struct document_table *table, enum document_form form, const char *legend);
/* The same in every form: it explains more than short forms. */
void table_set_legends(struct document_table *table, const char *legend);
struct document_row *table_add_row(struct document_table *table);
void table_add_point(struct document_table *table, double value, bool is_turn);
/* The row's next cell. */
struct document_cell *row_add_cell(struct document_row *row, const char *text);
struct document_cell *row_addf(struct document_row *row, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void row_set_rest(struct document_row *row, const char *text, enum document_style style);
void cell_set_brief(struct document_cell *cell, const char *text);
void cell_set_mark(struct document_cell *cell, const char *text);
/* The text of a cell or head in a form, or in the longer one that stands for it. */
const char *form_text(char *const forms[DOCUMENT_FORMS], enum document_form form);

/* Appends a sentence; the pointer is valid until the next append to the document. */
struct document_text *document_add_text(struct document *document, unsigned level, const char *label,
                                        const char *format, ...) __attribute__((format(printf, 4, 5)));
void text_set_code(struct document_text *text, const char *code);

#endif
