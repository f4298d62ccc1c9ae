/* Lays out texts; see sheet.h. */
#include "harness/options/sheet.h"

#include <ctype.h>
#include <string.h>

#include "harness/base/text/fold.h"

#define COLUMNS_MOST 100  /* prose that is wider is hard to follow */
#define TEXT_LEAST 30     /* columns of a text beside its term */
#define COLUMNS_MANUAL 72 /* of lines that a manual page does not fold */

struct sheet sheet_on(FILE *stream) {
  int columns = fold_columns(stream);
  return (struct sheet){.stream = stream, .columns = columns < COLUMNS_MOST ? columns : COLUMNS_MOST};
}

void sheet_gap(struct sheet *sheet) {
  if (sheet->begun && sheet->columns)
    putc('\n', sheet->stream);
  sheet->begun = true;
}

/* A line of a manual sheet, kept from being read as roff, or of a terminal. */
static void put_line(struct sheet *sheet, const char *text, size_t len) {
  bool roff = !sheet->columns;
  if (roff && len && (text[0] == '.' || text[0] == '\''))
    fputs("\\&", sheet->stream);
  for (size_t i = 0; i < len; i++)
    if (roff && (text[i] == '\\' || text[i] == '-'))
      fputs(text[i] == '-' ? "\\-" : "\\e", sheet->stream);
    else
      putc(text[i], sheet->stream);
  putc('\n', sheet->stream);
}

static void put_folded(struct sheet *sheet, int column, const char *text, size_t len) {
  char line[4096];
  snprintf(line, sizeof line, "%.*s", (int)len, text);
  if (sheet->columns)
    fold(sheet->stream, sheet->columns, column, column, line);
  else
    put_line(sheet, line, strlen(line));
}

/* What roff has in front of a thing that stands by itself on a terminal. */
static void put_request(struct sheet *sheet, const char *request) {
  if (!sheet->columns)
    fprintf(sheet->stream, "%s", request);
}

/* ---- paragraphs ---- */

static void put_literal(struct sheet *sheet, const char *text, size_t len, bool first, bool last) {
  if (first) {
    sheet_gap(sheet);
    put_request(sheet, ".PP\n.EX\n");
  }
  put_line(sheet, text, len);
  put_request(sheet, last ? ".EE\n" : "");
}

void sheet_text(struct sheet *sheet, const char *text) {
  bool literal = false;
  for (const char *line = text, *next; *line; line = next) {
    size_t len = strcspn(line, "\n");
    next = line + len + (line[len] == '\n');
    if (line[0] == ' ') {
      put_literal(sheet, line, len, !literal, *next != ' ');
    } else {
      sheet_gap(sheet);
      put_request(sheet, ".PP\n");
      put_folded(sheet, 0, line, len);
    }
    literal = line[0] == ' ';
  }
}

void sheet_head(struct sheet *sheet, const char *text) {
  sheet_gap(sheet);
  put_request(sheet, ".PP\n.B ");
  put_folded(sheet, 0, text, strlen(text));
  sheet->begun = false; /* without a gap */
}

/* No date: the same sources give the same sheet. */
void sheet_title(struct sheet *sheet, const char *program, const char *version, const char *summary) {
  fputs(".TH \"", sheet->stream);
  for (const char *c = program; *c; c++)
    putc(toupper((unsigned char)*c), sheet->stream);
  fprintf(sheet->stream, "\" 1 \"\" \"assay %s\" \"User commands\"\n.SH NAME\n", version);
  char line[200];
  put_line(sheet, line, (size_t)snprintf(line, sizeof line, "%s - %s", program, summary));
}

void sheet_section(struct sheet *sheet, const char *text) {
  if (!sheet->columns)
    fprintf(sheet->stream, ".SH \"%s\"\n", text);
}

void sheet_part(struct sheet *sheet, const char *text) {
  if (!sheet->columns)
    fprintf(sheet->stream, ".SS \"%s\"\n", text);
}

/* ---- terms ---- */

void sheet_item(struct sheet *sheet, int column, const char *term, const char *text) {
  put_request(sheet, ".TP\n.B ");
  if (!sheet->columns) {
    put_line(sheet, term, strlen(term));
  } else if (fprintf(sheet->stream, "  %s", term) < column - 1) {
    fprintf(sheet->stream, "%*s", column - 2 - (int)strlen(term), "");
  } else {
    fprintf(sheet->stream, "\n%*s", column, "");
  }
  put_folded(sheet, column, text, strlen(text));
  sheet->begun = true;
}

void sheet_items(struct sheet *sheet, const struct sheet_item *items, int most) {
  int widest = 0, room = sheet->columns - TEXT_LEAST;
  most = sheet->columns && most > room ? room : most;
  for (const struct sheet_item *item = items; item->term; item++) {
    int width = (int)strlen(item->term);
    widest = width > widest && width <= most ? width : widest;
  }
  sheet_gap(sheet);
  for (const struct sheet_item *item = items; item->term; item++)
    sheet_item(sheet, 2 + widest + 2, item->term, item->text);
}

/* ---- commands ---- */

void sheet_forms(struct sheet *sheet, const char *name, const char *forms) {
  put_request(sheet, ".PP\n.EX\n");
  for (const char *form = forms; *form; form += *form == '\n') {
    char head[80];
    size_t len = strcspn(form, "\n");
    int column = snprintf(head, sizeof head, "%s%s ", sheet->begun ? "       " : "usage: ", name);
    fputs(sheet->columns ? head : name, sheet->stream);
    fputs(sheet->columns ? "" : " ", sheet->stream);
    put_folded(sheet, column, form, len);
    sheet->begun = true;
    form += len;
  }
  put_request(sheet, ".EE\n");
}

/* Up to the next option, which begins behind a blank. */
static size_t part_of(const char *line, size_t len) {
  for (size_t i = 1; i + 3 < len; i++)
    if (memcmp(line + i, " --", 3) == 0 && line[i + 3] != ' ')
      return i;
  return len;
}

static void put_command(struct sheet *sheet, const char *line, size_t len) {
  char out[4096] = "  ";
  size_t most = (size_t)(sheet->columns ? sheet->columns : COLUMNS_MANUAL) - sizeof " \\", column = 2,
         used = 2;
  for (size_t part; len; line += part, len -= part) {
    part = part_of(line, len);
    if (column > 2 && column + part > most) {
      used += (size_t)snprintf(out + used, sizeof out - used, " \\");
      put_line(sheet, out, used);
      used = column = (size_t)snprintf(out, sizeof out, "     ");
    }
    used += (size_t)snprintf(out + used, sizeof out - used, "%.*s", (int)part, line);
    column += part;
  }
  put_line(sheet, out, used);
}

void sheet_commands(struct sheet *sheet, const char *lines) {
  put_request(sheet, ".PP\n.EX\n");
  for (const char *line = lines; *line; line += *line == '\n') {
    put_command(sheet, line, strcspn(line, "\n"));
    line += strcspn(line, "\n");
  }
  put_request(sheet, ".EE\n");
  sheet->begun = true;
}
