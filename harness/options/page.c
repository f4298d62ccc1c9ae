/* Lays out texts; see page.h. */
#include "harness/options/page.h"

#include <string.h>

#include "harness/base/text/fold.h"

#define COLUMNS_MOST 100  /* prose that is wider is hard to follow */
#define COLUMNS_MANUAL 72 /* of lines that a manual page does not fold */

struct page page_on(FILE *stream) {
  int columns = fold_columns(stream);
  return (struct page){.stream = stream, .columns = columns < COLUMNS_MOST ? columns : COLUMNS_MOST};
}

void page_gap(struct page *page) {
  if (page->begun && page->columns)
    putc('\n', page->stream);
  page->begun = true;
}

/* A line of a manual page, kept from being read as roff, or of a terminal. */
static void put_line(struct page *page, const char *text, size_t len) {
  bool roff = !page->columns;
  if (roff && len && (text[0] == '.' || text[0] == '\''))
    fputs("\\&", page->stream);
  for (size_t i = 0; i < len; i++)
    if (roff && (text[i] == '\\' || text[i] == '-'))
      fputs(text[i] == '-' ? "\\-" : "\\e", page->stream);
    else
      putc(text[i], page->stream);
  putc('\n', page->stream);
}

static void put_folded(struct page *page, int column, const char *text, size_t len) {
  char line[4096];
  snprintf(line, sizeof line, "%.*s", (int)len, text);
  if (page->columns)
    fold(page->stream, page->columns, column, column, line);
  else
    put_line(page, line, strlen(line));
}

/* What roff has in front of a thing that stands by itself on a terminal. */
static void put_request(struct page *page, const char *request) {
  if (!page->columns)
    fprintf(page->stream, "%s", request);
}

/* ---- paragraphs ---- */

static void put_literal(struct page *page, const char *text, size_t len, bool first, bool last) {
  if (first) {
    page_gap(page);
    put_request(page, ".PP\n.EX\n");
  }
  put_line(page, text, len);
  put_request(page, last ? ".EE\n" : "");
}

void page_text(struct page *page, const char *text) {
  bool literal = false;
  for (const char *line = text, *next; *line; line = next) {
    size_t len = strcspn(line, "\n");
    next = line + len + (line[len] == '\n');
    if (line[0] == ' ') {
      put_literal(page, line, len, !literal, *next != ' ');
    } else {
      page_gap(page);
      put_request(page, ".PP\n");
      put_folded(page, 0, line, len);
    }
    literal = line[0] == ' ';
  }
}

void page_head(struct page *page, const char *text) {
  page_gap(page);
  put_request(page, ".PP\n.B ");
  put_line(page, text, strlen(text));
  page->begun = false; /* without a gap */
}

void page_section(struct page *page, const char *text) {
  if (!page->columns)
    fprintf(page->stream, ".SH \"%s\"\n", text);
}

void page_part(struct page *page, const char *text) {
  if (!page->columns)
    fprintf(page->stream, ".SS \"%s\"\n", text);
}

/* ---- terms ---- */

void page_item(struct page *page, int column, const char *term, const char *text) {
  put_request(page, ".TP\n.B ");
  if (!page->columns) {
    put_line(page, term, strlen(term));
  } else if (fprintf(page->stream, "  %s", term) < column - 1) {
    fprintf(page->stream, "%*s", column - 2 - (int)strlen(term), "");
  } else {
    fprintf(page->stream, "\n%*s", column, "");
  }
  put_folded(page, column, text, strlen(text));
  page->begun = true;
}

void page_items(struct page *page, const struct page_item *items, int most) {
  int widest = 0;
  for (const struct page_item *item = items; item->term; item++) {
    int width = (int)strlen(item->term);
    widest = width > widest && width <= most ? width : widest;
  }
  page_gap(page);
  for (const struct page_item *item = items; item->term; item++)
    page_item(page, 2 + widest + 2, item->term, item->text);
}

/* ---- commands ---- */

void page_forms(struct page *page, const char *name, const char *forms) {
  put_request(page, ".PP\n.EX\n");
  for (const char *form = forms; *form; form += *form == '\n') {
    char head[80];
    size_t len = strcspn(form, "\n");
    int column = snprintf(head, sizeof head, "%s%s ", page->begun ? "       " : "usage: ", name);
    fputs(page->columns ? head : name, page->stream);
    fputs(page->columns ? "" : " ", page->stream);
    put_folded(page, column, form, len);
    page->begun = true;
    form += len;
  }
  put_request(page, ".EE\n");
}

/* Up to the next option, which begins behind a blank. */
static size_t part_of(const char *line, size_t len) {
  for (size_t i = 1; i + 3 < len; i++)
    if (memcmp(line + i, " --", 3) == 0 && line[i + 3] != ' ')
      return i;
  return len;
}

static void put_command(struct page *page, const char *line, size_t len) {
  char out[4096] = "  ";
  size_t most = (size_t)(page->columns ? page->columns : COLUMNS_MANUAL) - sizeof " \\", column = 2, used = 2;
  for (size_t part; len; line += part, len -= part) {
    part = part_of(line, len);
    if (column > 2 && column + part > most) {
      used += (size_t)snprintf(out + used, sizeof out - used, " \\");
      put_line(page, out, used);
      used = column = (size_t)snprintf(out, sizeof out, "     ");
    }
    used += (size_t)snprintf(out + used, sizeof out - used, "%.*s", (int)part, line);
    column += part;
  }
  put_line(page, out, used);
}

void page_commands(struct page *page, const char *lines) {
  page_gap(page);
  put_request(page, ".PP\n.EX\n");
  for (const char *line = lines; *line; line += *line == '\n') {
    put_command(page, line, strcspn(line, "\n"));
    line += strcspn(line, "\n");
  }
  put_request(page, ".EE\n");
}
