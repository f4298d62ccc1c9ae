/* Building and freeing documents. */
#include "reports/document/document.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text/allocate.h"
#include "reports/text/display.h"

static struct document_block *add_block(struct document *document) {
  document->blocks = allocate_one_more(document->blocks, document->block_count, sizeof *document->blocks);
  struct document_block *block = &document->blocks[document->block_count++];
  *block = (struct document_block){0};
  return block;
}

struct document_table *document_add_table(struct document *document, const char *title) {
  struct document_table *table = allocated(calloc(1, sizeof *table));
  table->title = display_clean(title);
  add_block(document)->table = table;
  return table;
}

struct document_column *table_add_column(struct document_table *table, const char *head, unsigned flags,
                                         unsigned drop) {
  if (table->column_count == DOCUMENT_COLUMNS)
    abort(); /* a mistake of the caller, found by the first run */
  struct document_column *column = &table->columns[table->column_count++];
  *column = (struct document_column){.heads = {display_clean(head)}, .flags = flags, .drop = drop};
  return column;
}

static void set_form(char *forms[DOCUMENT_FORMS], enum document_form form, const char *text) {
  free(forms[form]);
  forms[form] = display_clean(text);
}

const char *form_text(char *const forms[DOCUMENT_FORMS], enum document_form form) {
  int at = form;
  while (at > FORM_FULL && !forms[at])
    at--;
  return forms[at];
}

void column_set_brief(struct document_column *column, const char *head) {
  set_form(column->heads, FORM_BRIEF, head);
}

void column_set_mark(struct document_column *column, const char *head) {
  set_form(column->heads, FORM_MARK, head);
}

void table_set_legend(struct document_table *table, enum document_form form, const char *legend) {
  set_form(table->legends, form, legend);
}

void table_set_legends(struct document_table *table, const char *legend) {
  for (int form = FORM_FULL; form < DOCUMENT_FORMS; form++)
    table_set_legend(table, (enum document_form)form, legend);
}

struct document_row *table_add_row(struct document_table *table) {
  table->rows = allocate_one_more(table->rows, table->row_count, sizeof *table->rows);
  struct document_row *row = &table->rows[table->row_count++];
  *row = (struct document_row){0};
  return row;
}

void table_add_point(struct document_table *table, double value, bool is_turn) {
  table->points = allocate_one_more(table->points, table->point_count, sizeof *table->points);
  table->points[table->point_count++] = (struct document_point){value, is_turn};
}

struct document_cell *row_add_cell(struct document_row *row, const char *text) {
  if (row->cell_count == DOCUMENT_COLUMNS)
    abort();
  struct document_cell *cell = &row->cells[row->cell_count++];
  cell->forms[FORM_FULL] = display_clean(text);
  return cell;
}

struct document_cell *row_addf(struct document_row *row, const char *format, ...) {
  va_list args;
  va_start(args, format);
  OWNED_TEXT char *text = allocate_vformat(format, args);
  va_end(args);
  return row_add_cell(row, text);
}

void row_set_rest(struct document_row *row, const char *text, enum document_style style) {
  free(row->rest);
  row->rest = display_clean(text);
  row->rest_style = style;
}

void cell_set_brief(struct document_cell *cell, const char *text) {
  set_form(cell->forms, FORM_BRIEF, text);
}

void cell_set_mark(struct document_cell *cell, const char *text) {
  set_form(cell->forms, FORM_MARK, text);
}

struct document_text *document_add_text(struct document *document, unsigned level, const char *label,
                                        const char *format, ...) {
  va_list args;
  va_start(args, format);
  OWNED_TEXT char *raw = allocate_vformat(format, args);
  va_end(args);
  struct document_text *text = &add_block(document)->text;
  *text = (struct document_text){
      .label = display_clean(label), .text = display_clean(raw), .code = allocate_copy(""), .level = level};
  return text;
}

void text_set_code(struct document_text *text, const char *code) {
  free(text->code);
  text->code = display_clean(code);
}

static void forms_fini(char *forms[DOCUMENT_FORMS]) {
  for (int i = 0; i < DOCUMENT_FORMS; i++)
    free(forms[i]);
}

void document_cell_fini(struct document_cell *cell) {
  forms_fini(cell->forms);
}

void document_column_fini(struct document_column *column) {
  forms_fini(column->heads);
}

void document_row_fini(struct document_row *row) {
  for (size_t i = 0; i < row->cell_count; i++)
    document_cell_fini(&row->cells[i]);
  free(row->rest);
}

static void table_free(struct document_table *table) {
  if (!table)
    return;
  for (size_t i = 0; i < table->row_count; i++)
    document_row_fini(&table->rows[i]);
  for (size_t i = 0; i < table->column_count; i++)
    document_column_fini(&table->columns[i]);
  forms_fini(table->legends);
  free(table->rows);
  free(table->points);
  free(table->title);
  free(table);
}

void document_fini(struct document *document) {
  for (size_t i = 0; i < document->block_count; i++) {
    struct document_block *block = &document->blocks[i];
    table_free(block->table);
    free(block->text.label);
    free(block->text.text);
    free(block->text.code);
  }
  free(document->blocks);
  *document = (struct document){0};
}
