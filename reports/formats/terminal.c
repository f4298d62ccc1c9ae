/* The report for people at a terminal: aligned columns within the given width, colour only
 * where asked for. */
#include <string.h>

#include "reports/content/content.h"
#include "reports/document/document_select.h"
#include "reports/document/terminal.h"
#include "reports/formats/shared/tables.h"
#include "reports/model/result_cut.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"

#define COLUMNS_DEFAULT 100
#define COLUMNS_LEAST 30 /* lines are never narrower than this */
#define LABEL_WIDTH 14
#define COLUMN_GAP 2
#define FLEXIBLE_LEAST 24 /* names are cut to this before a column is left out */
#define REST_LEAST 20     /* below it a sentence is cut off rather than laid out in a column */

/* A stream with its width; spaces are held back until something follows, so that no line ends in them. */
struct page {
  FILE *stream;
  size_t width, held;
  bool colour;
  enum document_style style; /* that the terminal is in now */
};

static void put_style(struct page *page, enum document_style style) {
  static const char *const codes[] = {[STYLE_PLAIN] = "",
                                      [STYLE_WRONG] = "\x1b[31m",
                                      [STYLE_UNSURE] = "\x1b[2m",
                                      [STYLE_BEST] = "\x1b[1m",
                                      [STYLE_UNSUPPORTED] = "\x1b[36m"};
  if (page->colour)
    fputs(codes[style], page->stream);
}

static void put_plain(struct page *page) {
  if (page->colour && page->style != STYLE_PLAIN)
    fputs("\x1b[0m", page->stream);
  page->style = STYLE_PLAIN;
}

static void put_styled(struct page *page, const char *text, size_t length, enum document_style style) {
  if (length == 0)
    return;
  bool changes = style != page->style;
  if (changes)
    put_plain(page);
  fprintf(page->stream, "%*s", (int)page->held, "");
  page->held = 0;
  if (changes)
    put_style(page, style);
  page->style = style;
  fwrite(text, 1, length, page->stream);
}

static void put_space(struct page *page, size_t count) {
  page->held += count;
}

static void put_line_end(struct page *page) {
  put_plain(page);
  page->held = 0;
  fputc('\n', page->stream);
}

/* Length of the next piece that stays on one line: a word, together with a unit that follows it. */
static size_t piece_length(const char *text) {
  static const char *const units[] = {"%", "ns", "us", "ms", "s",  "min", "h",
                                      "k", "M",  "G",  "B",  "kB", "MB",  "GB"};
  size_t length = strcspn(text, " "), unit = text[length] ? strcspn(text + length + 1, " ,;.") : 0;
  for (size_t i = 0; unit && i < sizeof units / sizeof units[0]; i++)
    if (strlen(units[i]) == unit && strncmp(text + length + 1, units[i], unit) == 0)
      return length + 1 + strcspn(text + length + 1, " ");
  return length;
}

/* Length of the next word of a command, with what display.h quoted it in. */
static size_t argument_length(const char *text) {
  bool quoted = false, escapes = false;
  size_t length = 0;
  for (; text[length] && (quoted || text[length] != ' '); length++) {
    if (quoted && escapes && text[length] == '\\' && text[length + 1]) {
      length++;
    } else if (text[length] == '\'') {
      quoted = !quoted;
      escapes = length > 0 && text[length - 1] == '$';
    }
  }
  return length;
}

/* How a text is laid out on lines: what stays together, and what ends a line that goes on. */
struct manner {
  size_t (*piece_length)(const char *text);
  const char *more;
};
static const struct manner prose = {piece_length, ""};
static const struct manner command = {argument_length, " \\"}; /* so that a shell reads on */

static size_t prefix_width(const char *text, size_t length) {
  OWNED_TEXT char *copy = strndup(text, length);
  size_t width = copy ? display_width(copy) : length;
  return width;
}

/* Lays pieces out between `indent` and the right edge; `column` columns of the first line are taken already.
 * Pieces that are wider than a line are broken. Returns how many columns of the last line are taken. */
static size_t put_pieces(struct page *page, const struct manner *manner, const char *text, size_t column,
                         size_t indent, enum document_style style) {
  bool fresh = true; /* nothing of this text on the line yet */
  for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
    size_t length = manner->piece_length(text), width = prefix_width(text, length);
    const char *next = text + length + strspn(text + length, " ");
    size_t edge = page->width - (*next ? strlen(manner->more) : 0);
    if (column + !fresh + width > edge && !(fresh && column <= indent)) {
      put_styled(page, manner->more, fresh ? 0 : strlen(manner->more), style);
      put_line_end(page);
      put_space(page, indent);
      column = indent;
      fresh = true;
    }
    if (column + !fresh + width > page->width) { /* alone too wide for a line */
      length = display_prefix(text, page->width - column);
      width = page->width - column;
    }
    put_space(page, !fresh);
    put_styled(page, text, length, style);
    column += !fresh + width;
    fresh = false;
    text += length;
  }
  return column;
}

static void put_words(struct page *page, const char *text, size_t used, size_t indent,
                      enum document_style style) {
  put_pieces(page, &prose, text, used, indent, style);
  put_line_end(page);
}

/* No break inside a word can be read by a shell: where one has to be, the command is no more than text. */
static const struct manner *manner_of(const char *code, size_t room) {
  for (size_t length; *code; code += length + strspn(code + length, " ")) {
    length = argument_length(code);
    if (prefix_width(code, length) + strlen(command.more) > room)
      return &prose;
  }
  return &command;
}

static void put_text(struct page *page, const struct document_text *text) {
  static const size_t indents[] = {0, 3, 5};
  size_t indent = indents[text->level], label = display_width(text->label);
  put_space(page, indent);
  size_t used = indent, hang = text->level ? indent + 2 : 0;
  if (label) {
    OWNED_TEXT char *cut = display_cut(text->label, page->width / 2);
    size_t width = display_width(cut);
    put_styled(page, cut, strlen(cut), STYLE_PLAIN);
    used = hang = indent + (width + COLUMN_GAP > LABEL_WIDTH ? width + COLUMN_GAP : LABEL_WIDTH);
    put_space(page, used - indent - width);
  }
  used = put_pieces(page, &prose, text->text, used, hang, text->style);
  bool both = text->text[0] && text->code[0];
  put_space(page, both);
  put_pieces(page, manner_of(text->code, page->width - hang), text->code, used + both, hang, text->style);
  put_line_end(page);
}

/* How a table is fitted into the page. */
struct fit {
  size_t widths[DOCUMENT_COLUMNS];
  bool left_out[DOCUMENT_COLUMNS];
  enum document_form form;
  size_t gap;
};

static const char *cell_text(const struct document_cell *cell, const struct fit *fit) {
  return form_text(cell->forms, fit->form);
}

static const char *head_text(const struct document_column *column, const struct fit *fit) {
  return form_text(column->heads, fit->form);
}

static void measure(const struct document_table *table, enum document_form form, struct fit *fit) {
  fit->form = form;
  fit->gap = table->tight && form > FORM_FULL ? 1 : COLUMN_GAP;
  for (size_t c = 0; c < table->column_count; c++) {
    fit->widths[c] = display_width(head_text(&table->columns[c], fit));
    for (size_t r = 0; r < table->row_count; r++) {
      const struct document_row *row = &table->rows[r];
      size_t width = c < row->cell_count ? display_width(cell_text(&row->cells[c], fit)) : 0;
      if (width > fit->widths[c])
        fit->widths[c] = width;
    }
  }
}

/* One column of margin, then the columns with gaps between them. */
static size_t start_of(const struct document_table *table, const struct fit *fit, size_t column) {
  size_t at = 1;
  for (size_t c = 0; c < column && c < table->column_count; c++)
    if (!fit->left_out[c])
      at += fit->widths[c] + fit->gap;
  return at;
}

static size_t total_of(const struct document_table *table, const struct fit *fit) {
  return start_of(table, fit, table->column_count) - fit->gap;
}

/* Narrows the widest flexible column by what is too much, but not below FLEXIBLE_LEAST. */
static bool narrow(const struct document_table *table, struct fit *fit, size_t page_width) {
  size_t total = total_of(table, fit), widest = DOCUMENT_COLUMNS;
  for (size_t c = 0; c < table->column_count; c++)
    if (!fit->left_out[c] && fit->widths[c] > FLEXIBLE_LEAST && table->columns[c].flags & COLUMN_FLEXIBLE &&
        (widest == DOCUMENT_COLUMNS || fit->widths[c] > fit->widths[widest]))
      widest = c;
  if (widest == DOCUMENT_COLUMNS || total <= page_width)
    return false;
  size_t excess = total - page_width, slack = fit->widths[widest] - FLEXIBLE_LEAST;
  fit->widths[widest] -= excess < slack ? excess : slack;
  return true;
}

/* Tries shorter and shorter forms, and cuts names before it gives up each of the short ones. */
static bool try_fit(const struct document_table *table, struct fit *fit, size_t page_width) {
  for (int form = FORM_FULL; form < DOCUMENT_FORMS; form++) {
    measure(table, (enum document_form)form, fit);
    if (form > FORM_FULL)
      while (narrow(table, fit, page_width))
        ;
    if (total_of(table, fit) <= page_width)
      return true;
  }
  return false;
}

/* Leaves columns out in the order that the table names until the rest fits. False: it does not even then. */
static bool fit_table(const struct document_table *table, size_t page_width, struct fit *fit) {
  *fit = (struct fit){.form = FORM_FULL};
  for (unsigned drop = 1; !try_fit(table, fit, page_width); drop++) {
    bool any = false;
    for (size_t c = 0; c < table->column_count; c++) {
      fit->left_out[c] |= table->columns[c].drop == drop;
      any |= table->columns[c].drop >= drop;
    }
    if (!any)
      return false;
  }
  return true;
}

static void put_cell(struct page *page, const char *text, size_t width, bool left,
                     enum document_style style) {
  OWNED_TEXT char *cut = display_cut(text, width);
  size_t pad = width - display_width(cut);
  put_space(page, left ? 0 : pad);
  put_styled(page, cut, strlen(cut), style);
  put_space(page, left ? pad : 0);
}

/* The title stands in the head line, over the columns without heads, if it fits there. */
static void put_head(struct page *page, const struct document_table *table, const struct fit *fit) {
  size_t first = 0;
  while (first < table->column_count && !table->columns[first].heads[FORM_FULL][0])
    first++;
  size_t start = start_of(table, fit, first), title = display_width(table->title);
  if (first == table->column_count) {
    put_words(page, table->title, 0, 0, STYLE_PLAIN);
    return;
  }
  if (title + COLUMN_GAP > start) {
    put_words(page, table->title, 0, 0, STYLE_PLAIN);
    title = 0;
  } else {
    put_styled(page, table->title, strlen(table->title), STYLE_PLAIN);
  }
  put_space(page, start - title);
  for (size_t c = first; c < table->column_count; c++) {
    if (fit->left_out[c])
      continue;
    put_cell(page, head_text(&table->columns[c], fit), fit->widths[c], table->columns[c].flags & COLUMN_LEFT,
             STYLE_PLAIN);
    put_space(page, fit->gap);
  }
  put_line_end(page);
}

static bool repeats(const struct document_table *table, size_t row, size_t column) {
  return row > 0 && (table->columns[column].flags & COLUMN_GROUPED) &&
         strcmp(table->rows[row].cells[column].forms[FORM_FULL],
                table->rows[row - 1].cells[column].forms[FORM_FULL]) == 0;
}

/* What stands in place of cells is a sentence, and goes on below where there is room for one. */
static void put_rest(struct page *page, const struct document_row *row, size_t start) {
  if (!row->rest || start >= page->width)
    return;
  if (page->width - start >= REST_LEAST) {
    put_pieces(page, &prose, row->rest, start, start, row->rest_style);
    return;
  }
  OWNED_TEXT char *cut = display_cut(row->rest, page->width - start);
  put_styled(page, cut, strlen(cut), row->rest_style);
}

static void put_row(struct page *page, const struct document_table *table, const struct fit *fit,
                    size_t index) {
  const struct document_row *row = &table->rows[index];
  put_space(page, 1);
  for (size_t c = 0; c < row->cell_count; c++) {
    if (fit->left_out[c])
      continue;
    const struct document_cell *cell = &row->cells[c];
    bool left = table->columns[c].flags & COLUMN_LEFT;
    put_cell(page, repeats(table, index, c) ? "" : cell_text(cell, fit), fit->widths[c], left, cell->style);
    put_space(page, fit->gap);
  }
  put_rest(page, row, start_of(table, fit, row->cell_count));
  put_line_end(page);
}

/* ---- a table that does not fit, however its cells are written: a paragraph a row ---- */

static bool is_name(const struct document_table *table, size_t column) {
  return !table->columns[column].heads[FORM_FULL][0];
}

/* The row's cells of names, or of figures, which have their heads before them. */
static char *record_text(const struct document_table *table, const struct document_row *row, bool names) {
  char *text = allocate_copy("");
  for (size_t c = 0; c < row->cell_count; c++) {
    const char *head = table->columns[c].heads[FORM_FULL], *cell = row->cells[c].forms[FORM_FULL];
    if (cell[0] && is_name(table, c) == names)
      result_setf(&text, "%s%s%s%s%s", text, !text[0] ? "" : ", ", head, names ? "" : " ", cell);
  }
  return text;
}

static void put_record(struct page *page, const struct document_table *table,
                       const struct document_row *row) {
  OWNED_TEXT char *names = record_text(table, row, true), *figures = record_text(table, row, false);
  put_space(page, 1);
  put_words(page, names, 1, 3, STYLE_PLAIN);
  if (figures[0]) {
    put_space(page, 3);
    put_words(page, figures, 3, 3, STYLE_PLAIN);
  }
  if (row->rest) {
    put_space(page, 3);
    put_words(page, row->rest, 3, 3, row->rest_style);
  }
}

static void put_records(struct page *page, const struct document_table *table) {
  put_words(page, table->title, 0, 0, STYLE_PLAIN);
  for (size_t i = 0; i < table->row_count; i++) {
    if (table->rows[i].gap)
      put_line_end(page);
    put_record(page, table, &table->rows[i]);
  }
}

static void put_rows(struct page *page, const struct document_table *table, const struct fit *fit) {
  put_head(page, table, fit);
  for (size_t i = 0; i < table->row_count; i++) {
    if (table->rows[i].gap)
      put_line_end(page);
    put_row(page, table, fit, i);
  }
}

static void put_table(struct page *page, const struct document_table *table) {
  struct fit fit;
  bool fits = fit_table(table, page->width, &fit);
  if (fits)
    put_rows(page, table, &fit);
  else
    put_records(page, table);
  const char *legend = table->legends[fits ? fit.form : FORM_FULL];
  if (legend) {
    put_space(page, 3);
    put_words(page, legend, 3, 3, STYLE_PLAIN);
  }
}

static void put_document(struct page *page, const struct document *document) {
  for (size_t i = 0; i < document->block_count; i++) {
    const struct document_block *block = &document->blocks[i];
    if (i > 0 && (block->table || block->text.gap))
      put_line_end(page);
    if (block->table)
      put_table(page, block->table);
    else
      put_text(page, &block->text);
  }
}

/* The block that was appended after `before` others begins something new. */
static void mark_gap(struct document *document, size_t before) {
  if (document->block_count > before)
    document->blocks[before].text.gap = true;
}

void terminal_put(const struct document *document, const struct result_view *view, FILE *stream) {
  size_t width = view->columns > 0 ? (size_t)view->columns : COLUMNS_DEFAULT;
  struct page page = {
      .stream = stream, .width = width < COLUMNS_LEAST ? COLUMNS_LEAST : width, .colour = view->colour};
  put_document(&page, document);
}

static void fill_document(struct document *document, const struct result *result,
                          const struct result_view *view) {
  content_headline(document, result);
  size_t head = document->block_count;
  content_head(document, result);
  if (view->only)
    content_only(document, view->only);
  content_warnings(document, result, view->verbose ? SIZE_MAX : 3);
  mark_gap(document, head);
  size_t gates = document->block_count;
  content_gate_headline(document, result);
  content_gates(document, result, view->verbose);
  mark_gap(document, gates);
  put_tables(document, result, view->verbose, view->bars);
  size_t summary = document->block_count;
  content_summary(document, result);
  mark_gap(document, summary);
  size_t builds = document->block_count;
  if (view->verbose)
    content_builds(document, result);
  mark_gap(document, builds);
}

bool terminal_document(struct document *document, const struct result *result, const struct result_view *view,
                       struct assay_error *error) {
  OWNED_WORDS struct word_list words = word_list_of(view->only);
  struct result cut = result_cut(result, &words);
  const struct document_selection selection = {view->only, &words, view->shown_columns, view->sort};
  fill_document(document, &cut, view);
  result_cut_fini(&cut);
  return document_select(document, &selection, error);
}

static bool write_terminal(const struct result *result, const struct result_view *view, FILE *stream) {
  OWNED_DOCUMENT struct document document = {0};
  terminal_document(&document, result, view, NULL); /* whoever selects has asked before */
  terminal_put(&document, view, stream);
  return true;
}

/* A title would only say what the command line says above it. */
static void put_whole(const struct document *document, const char *title, const struct result_view *view,
                      FILE *stream) {
  (void)title;
  terminal_put(document, view, stream);
}

const struct result_format format_terminal = {
    .name = "terminal",
    .summary = "tables for people, fitted to the width of the terminal",
    .extension = "txt",
    .readers = "people",
    .is_tables = true,
    .write = write_terminal,
    .put_document = put_whole,
};
