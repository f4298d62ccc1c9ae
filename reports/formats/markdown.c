/* The tables of the terminal as GitHub-flavoured Markdown, for pull requests and wikis. */
#include <string.h>

#include "reports/content/content.h"
#include "reports/document/document_select.h"
#include "reports/formats/shared/tables.h"
#include "reports/model/result_cut.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"

/* Writes clean text so that none of it is read as markup or HTML. */
static void put_escaped(FILE *stream, const char *text) {
  for (; *text; text++) {
    if (*text == '&')
      fputs("&amp;", stream);
    else if (*text == '<')
      fputs("&lt;", stream);
    else if (*text == '>')
      fputs("&gt;", stream);
    else if (strchr("\\`*_[]|~#$", *text))
      fprintf(stream, "\\%c", *text);
    else
      fputc(*text, stream);
  }
}

/* The longest run of backticks: a code span or block needs a longer one around it. */
static int longest_backticks(const char *text) {
  int longest = 0, run = 0;
  for (; *text; text++) {
    run = *text == '`' ? run + 1 : 0;
    longest = run > longest ? run : longest;
  }
  return longest;
}

static void put_backticks(FILE *stream, int count) {
  while (count-- > 0)
    fputc('`', stream);
}

static void put_code(FILE *stream, const char *code) {
  int ticks = longest_backticks(code) + 1;
  const char *pad = ticks > 1 ? " " : "";
  put_backticks(stream, ticks);
  fprintf(stream, "%s%s%s", pad, code, pad);
  put_backticks(stream, ticks);
}

/* What opens a line must not make it a list or a heading. */
static void put_start(FILE *stream, const char *text) {
  if (text[0] && strchr("-+=", text[0]))
    fputc('\\', stream);
}

static void put_text(FILE *stream, const struct document_text *text) {
  static const char *const bullets[] = {"", "- ", "  - "};
  fputs(bullets[text->level], stream);
  if (text->label[0]) {
    fputs("**", stream);
    put_escaped(stream, text->label);
    fputs("**: ", stream);
  } else {
    put_start(stream, text->text);
  }
  put_escaped(stream, text->text);
  if (text->code[0]) {
    fputc(' ', stream);
    put_code(stream, text->code);
  }
  fputc('\n', stream);
}

/* Spaces at the end are there to align a terminal's columns. */
static void put_cell(FILE *stream, const char *text, bool strong) {
  size_t length = strlen(text);
  while (length > 0 && text[length - 1] == ' ')
    length--;
  OWNED_TEXT char *trimmed = allocate_format("%.*s", (int)length, text);
  fputs(strong ? "| **" : "| ", stream);
  put_escaped(stream, trimmed);
  fputs(strong ? "** " : " ", stream);
}

static void put_row(FILE *stream, const struct document_table *table, const struct document_row *row) {
  for (size_t i = 0; i < table->column_count; i++) {
    const struct document_cell *cell = i < row->cell_count ? &row->cells[i] : NULL;
    if (cell)
      put_cell(stream, cell->forms[FORM_FULL], cell->style == STYLE_BEST || cell->style == STYLE_WRONG);
    else if (row->rest && i == row->cell_count)
      put_cell(stream, row->rest, row->rest_style == STYLE_WRONG);
    else
      put_cell(stream, row->rest ? "-" : "not measured", false); /* the row has said why */
  }
  fputs("|\n", stream);
}

static void put_table(FILE *stream, const struct document_table *table) {
  fputs("\n## ", stream);
  put_escaped(stream, table->title);
  fputs("\n\n", stream);
  for (size_t i = 0; i < table->column_count; i++) {
    bool grouped = table->columns[i].flags & COLUMN_GROUPED;
    put_cell(stream,
             table->columns[i].heads[FORM_FULL][0] ? table->columns[i].heads[FORM_FULL]
             : grouped                             ? "algorithm"
                                                   : "subject",
             false);
  }
  fputs("|\n", stream);
  for (size_t i = 0; i < table->column_count; i++)
    fputs(table->columns[i].flags & COLUMN_LEFT ? "| --- " : "| ---: ", stream);
  fputs("|\n", stream);
  for (size_t i = 0; i < table->row_count; i++)
    put_row(stream, table, &table->rows[i]);
  if (table->legends[FORM_FULL]) {
    fputc('\n', stream);
    put_start(stream, table->legends[FORM_FULL]);
    put_escaped(stream, table->legends[FORM_FULL]);
    fputc('\n', stream);
  }
}

/* Items go below each other; a list and a paragraph need an empty line before them, and so
 * does what follows. */
static void put_document(FILE *stream, const struct document *document) {
  bool in_list = false;
  for (size_t i = 0; i < document->block_count; i++) {
    const struct document_block *block = &document->blocks[i];
    bool is_item = !block->table && block->text.level > 0;
    if (!block->table && !(is_item && in_list))
      fputc('\n', stream);
    if (block->table)
      put_table(stream, block->table);
    else
      put_text(stream, &block->text);
    in_list = is_item;
  }
}

/* The head as a list, since every fact there has its label. */
static void write_head(FILE *stream, const struct result *result) {
  OWNED_DOCUMENT struct document document = {0};
  content_head(&document, result);
  for (size_t i = 0; i < document.block_count; i++)
    document.blocks[i].text.level = 1;
  put_document(stream, &document);
}

static void write_builds(FILE *stream, const struct result *result) {
  OWNED_DOCUMENT struct document document = {0};
  content_builds(&document, result);
  if (document.block_count)
    fputs("\n## Builds\n", stream);
  put_document(stream, &document);
}

static void write_command(FILE *stream, const struct result *result) {
  OWNED_TEXT char *line = content_command(result);
  if (line[0]) {
    int ticks = longest_backticks(line) + 1;
    fputs("\n## Reproduce\n\n", stream);
    put_backticks(stream, ticks < 3 ? 3 : ticks);
    fprintf(stream, "sh\n%s\n", line);
    put_backticks(stream, ticks < 3 ? 3 : ticks);
    fputc('\n', stream);
  }
}

static void write_all(const struct result *result, const struct result_view *view,
                      const struct word_list *words, FILE *stream) {
  OWNED_DOCUMENT struct document summary = {0}, tables = {0};
  const struct document_selection selection = {view->only, words, view->shown_columns, view->sort};
  fputs("# Token verification", stream);
  OWNED_TEXT char *started = display_clean(result->started);
  fputs(started[0] ? ", " : "", stream);
  put_escaped(stream, started);
  fputc('\n', stream);
  content_gate_headline(&summary, result);
  content_headline(&summary, result);
  if (view->only)
    content_only(&summary, view->only);
  content_warnings(&summary, result, SIZE_MAX);
  content_summary(&summary, result);
  put_document(stream, &summary);
  write_head(stream, result);
  content_gates(&tables, result, true);
  put_tables(&tables, result, true, false);
  document_select(&tables, &selection, NULL); /* whoever selects has asked before */
  put_document(stream, &tables);
  write_builds(stream, result);
  write_command(stream, result);
}

static bool write_markdown(const struct result *result, const struct result_view *view, FILE *stream) {
  OWNED_WORDS struct word_list words = word_list_of(view->only);
  struct result cut = result_cut(result, &words);
  write_all(&cut, view, &words, stream);
  result_cut_fini(&cut);
  return true;
}

static void put_whole(const struct document *document, const char *title, const struct result_view *view,
                      FILE *stream) {
  (void)view;
  if (title) {
    fputs("# ", stream);
    put_escaped(stream, title);
    fputc('\n', stream);
  }
  put_document(stream, document);
}

const struct result_format format_markdown = {
    .name = "markdown",
    .summary = "the tables for pull requests and wikis (GitHub-flavoured)",
    .extension = "md",
    .readers = "pull requests, wikis, job summaries",
    .is_tables = true,
    .write = write_markdown,
    .put_document = put_whole,
};
