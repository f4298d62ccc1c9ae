/* Text, tables and JSON of the page, and what its parts ask of the result. */
#include "reports/html/page.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/figures.h"

#define LONG_BYTES 80        /* of a cell that makes its column wider */
#define WORD_BYTES 28        /* of a word that has room on paper */
#define LONG_FIGURE_BYTES 10 /* of one with figures that may break, on paper */
#define ROWS_OPEN 16         /* longer tables are folded at first */

static void put_letter(FILE *stream, char letter) {
  switch (letter) {
  case '&': fputs("&amp;", stream); break;
  case '<': fputs("&lt;", stream); break;
  case '>': fputs("&gt;", stream); break;
  case '"': fputs("&quot;", stream); break;
  case '\'': fputs("&#39;", stream); break;
  default: fputc(letter, stream);
  }
}

static void put_escaped(FILE *stream, const char *clean) {
  for (; *clean; clean++)
    put_letter(stream, *clean);
}

void page_text(struct page *page, const char *text) {
  OWNED_TEXT char *clean = display_clean(text);
  put_escaped(page->stream, clean);
}

static bool is_unit(const char *text) {
  static const char *const units[] = {"%", "ns", "us", "ms", "s",  "k",  "M",
                                      "G", "B",  "kB", "MB", "GB", "min"};
  size_t length = strcspn(text, " .,;:()[]/");
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
    if (length == strlen(units[i]) && strncmp(text, units[i], length) == 0)
      return true;
  return false;
}

void page_prose(struct page *page, const char *text) {
  OWNED_TEXT char *clean = display_clean(text);
  const char *end = NULL; /* of the code that is open */
  for (const char *at = clean; *at; at++) {
    const char *next = end ? end : *at == '`' ? strchr(at + 1, '`') : NULL;
    if (next && *at == '`') {
      fputs(end ? "</code>" : "<code>", page->stream);
      end = end ? NULL : next;
    } else if (!end && *at == ' ' && at > clean && isdigit((unsigned char)at[-1]) && is_unit(at + 1)) {
      fputs("&nbsp;", page->stream);
    } else {
      put_letter(page->stream, *at);
    }
  }
}

void page_command(struct page *page, const char *command) {
  fputs("<code class=command>", page->stream);
  page_text(page, command);
  fputs("</code>", page->stream);
}

void page_explain(struct page *page, const char *shows) {
  OWNED_TEXT char *command = content_explain_command(page->result, "", "TOKEN");
  fputs("<p class=legend>", page->stream);
  page_command(page, command);
  fprintf(page->stream, " %s</p>\n", shows);
}

static const char *style_class(enum document_style style) {
  static const char *const classes[] = {
      [STYLE_PLAIN] = "",    [STYLE_WRONG] = "wrong",         [STYLE_UNSURE] = "unsure",
      [STYLE_BEST] = "best", [STYLE_UNSUPPORTED] = "lacking",
  };
  return classes[style];
}

/* Spaces at the end are there to align a terminal's columns. Ids and paths may break where they have parts. */
static void put_trimmed(struct page *page, const char *text) {
  size_t length = strlen(text);
  while (length > 0 && text[length - 1] == ' ')
    length--;
  OWNED_TEXT char *trimmed = allocate_format("%.*s", (int)length, text);
  OWNED_TEXT char *clean = display_clean(trimmed);
  for (const char *at = clean; *at; at++) {
    put_letter(page->stream, *at);
    if (*at == '/' && !isspace((unsigned char)at[1]))
      fputs("<wbr>", page->stream);
  }
}

/* Whether a word in it is so long that it has to be broken anywhere, on paper at least: a hash, say. */
static bool is_endless(const char *text) {
  for (size_t word; *text; text += word + (text[word] != '\0')) {
    word = strcspn(text, " -/");
    if (word > WORD_BYTES)
      return true;
  }
  return false;
}

static void put_cell_open(struct page *page, const struct document_column *column,
                          const struct document_cell *cell, bool again) {
  bool is_left = column->flags & COLUMN_LEFT;
  bool is_long = strlen(cell->forms[FORM_FULL]) > (is_left ? LONG_BYTES : LONG_FIGURE_BYTES);
  const char *names[] = {is_left ? "" : "n", style_class(cell->style), again ? "again" : "",
                         is_long ? "long" : "", is_endless(cell->forms[FORM_FULL]) ? "endless" : ""};
  char classes[48] = "";
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    snprintf(classes + strlen(classes), sizeof classes - strlen(classes), "%s%s",
             classes[0] && names[i][0] ? " " : "", names[i]);
  fputs("<td", page->stream);
  if (classes[0])
    fprintf(page->stream, " class=\"%s\"", classes);
}

/* Whether a grouped column says the same as in the row above. */
static bool is_again(const struct document_table *table, size_t row, size_t column) {
  return row > 0 && (table->columns[column].flags & COLUMN_GROUPED) && !table->rows[row].gap &&
         table->rows[row - 1].cell_count > column &&
         strcmp(table->rows[row].cells[column].forms[FORM_FULL],
                table->rows[row - 1].cells[column].forms[FORM_FULL]) == 0;
}

static void put_row(struct page *page, const struct document_table *table, size_t index) {
  const struct document_row *row = &table->rows[index];
  fprintf(page->stream, "<tr%s>", row->gap ? " class=gap" : "");
  for (size_t i = 0; i < row->cell_count && i < table->column_count; i++) {
    put_cell_open(page, &table->columns[i], &row->cells[i], is_again(table, index, i));
    fputc('>', page->stream);
    put_trimmed(page, row->cells[i].forms[FORM_FULL]);
    fputs("</td>", page->stream);
  }
  if (row->cell_count < table->column_count) {
    const char *style = style_class(row->rest_style);
    fprintf(page->stream, "<td class=\"rest%s%s\" colspan=%zu>", style[0] ? " " : "", style,
            table->column_count - row->cell_count);
    page_text(page, row->rest ? row->rest : "not measured");
    fputs("</td>", page->stream);
  }
  fputs("</tr>\n", page->stream);
}

static void put_table(struct page *page, const struct document_table *table) {
  bool is_keyed = table->column_count > 1 && table->columns[0].flags & COLUMN_GROUPED;
  fprintf(page->stream,
          "<div class=scroll tabindex=0><table class=\"data%s\" style=\"--columns:%zu\"><thead><tr>",
          is_keyed ? " keyed" : "", table->column_count);
  for (size_t i = 0; i < table->column_count; i++) {
    const struct document_column *column = &table->columns[i];
    fprintf(page->stream, "<th scope=col%s>", column->flags & COLUMN_LEFT ? "" : " class=n");
    page_prose(page, column->heads[FORM_FULL][0]      ? column->heads[FORM_FULL]
                     : column->flags & COLUMN_GROUPED ? "algorithm"
                                                      : "subject");
    fputs("</th>", page->stream);
  }
  fputs("</tr></thead><tbody>\n", page->stream);
  for (size_t i = 0; i < table->row_count; i++)
    put_row(page, table, i);
  fputs("</tbody></table></div>\n", page->stream);
  if (table->legends[FORM_FULL]) {
    fputs("<p class=legend>", page->stream);
    page_prose(page, table->legends[FORM_FULL]);
    fputs("</p>\n", page->stream);
  }
}

#define CURVE_WIDTH 720.0
#define CURVE_HEIGHT 96.0
#define CURVE_EDGE 8.0

static double curve_x(const struct document_table *table, size_t index) {
  return CURVE_EDGE + (CURVE_WIDTH - 2 * CURVE_EDGE) * (double)index / (double)(table->point_count - 1);
}

/* What less than a twentieth of a value comes to shall not look like a cliff. */
static void curve_bounds(const struct document_table *table, double *low, double *high) {
  *low = *high = table->points[0].value;
  for (size_t i = 1; i < table->point_count; i++) {
    *low = fmin(*low, table->points[i].value);
    *high = fmax(*high, table->points[i].value);
  }
  double spare = fmax(0, *high / 20 - (*high - *low)) / 2;
  *low -= spare;
  *high += spare;
}

/* A line through all points, higher where the value is larger, and a dot where it turns. The table below has
 * the figures. */
static void put_curve(struct page *page, const struct document_table *table) {
  double low, high;
  if (table->point_count < 2)
    return;
  curve_bounds(table, &low, &high);
  double scale = high > low ? (CURVE_HEIGHT - 2 * CURVE_EDGE) / (high - low) : 0;
  fprintf(page->stream,
          "<svg role=img aria-label=\"All figures of the table below, the dots where they changed\" "
          "viewBox=\"0 0 %.0f %.0f\" style=\"width:100%%;max-width:46rem\"><polyline fill=none "
          "style=\"stroke:var(--soft)\" stroke-width=1.5 points=\"",
          CURVE_WIDTH, CURVE_HEIGHT);
  for (size_t i = 0; i < table->point_count; i++)
    fprintf(page->stream, "%s%.1f,%.1f", i ? " " : "", curve_x(table, i),
            CURVE_HEIGHT - CURVE_EDGE - scale * (table->points[i].value - low));
  fputs("\"/>", page->stream);
  for (size_t i = 0; i < table->point_count; i++)
    if (table->points[i].is_turn)
      fprintf(page->stream, "<circle r=4 style=\"fill:var(--accent)\" cx=%.1f cy=%.1f></circle>",
              curve_x(table, i), CURVE_HEIGHT - CURVE_EDGE - scale * (table->points[i].value - low));
  fputs("</svg>\n", page->stream);
}

static void put_folded(struct page *page, const struct document_table *table, bool open) {
  char rows[FIGURE_NOUN_BYTES];
  fprintf(page->stream, "<details class=figures%s><summary>",
          open || table->row_count <= ROWS_OPEN ? " open" : "");
  page_text(page, table->title);
  fprintf(page->stream, " <span class=count>%s</span></summary>\n",
          figure_noun(rows, table->row_count, "row"));
  put_curve(page, table);
  put_table(page, table);
  fputs("</details>\n", page->stream);
}

static void put_block_text(struct page *page, const struct document_text *text) {
  const char *tag = text->level ? "li" : "p", *style = style_class(text->style);
  fprintf(page->stream, "<%s class=\"level%u%s%s\">", tag, text->level, style[0] ? " " : "", style);
  if (text->label[0]) {
    fputs("<b>", page->stream);
    page_text(page, text->label);
    fputs("</b> ", page->stream);
  }
  page_prose(page, text->text);
  if (text->code[0]) {
    fputc(' ', page->stream);
    page_command(page, text->code);
  }
  fprintf(page->stream, "</%s>\n", tag);
}

static void put_document(struct page *page, const struct document *document, bool open) {
  bool in_list = false;
  for (size_t i = 0; i <= document->block_count; i++) {
    const struct document_block *block = i < document->block_count ? &document->blocks[i] : NULL;
    bool is_item = block && !block->table && block->text.level > 0;
    if (is_item != in_list)
      fputs(is_item ? "<ul class=notes>\n" : "</ul>\n", page->stream);
    in_list = is_item;
    if (block && block->table && block->table->row_count)
      put_folded(page, block->table, open);
    else if (block && !block->table)
      put_block_text(page, &block->text);
  }
}

void page_document(struct page *page, const struct document *document) {
  put_document(page, document, false);
}

void page_tables(struct page *page, void (*content)(struct document *document, const struct result *result)) {
  OWNED_DOCUMENT struct document document = {0};
  content(&document, page->result);
  page_document(page, &document);
}

void page_document_open(struct page *page, const struct document *document) {
  put_document(page, document, true);
}

/* What could end the element stands only ever inside of a string. */
static void put_json_text(FILE *stream, const char *text) {
  for (;;) {
    size_t plain = strcspn(text, "<>&");
    fwrite(text, 1, plain, stream);
    text += plain;
    if (*text == '\0')
      return;
    fprintf(stream, "\\u%04x", (unsigned)*text++);
  }
}

void page_json_begin(struct page *page, const char *attributes) {
  fprintf(page->stream, "<script type=\"application/json\" %s>", attributes);
}

void page_json_value(struct page *page, const char *before, const json_t *json) {
  OWNED_TEXT char *text =
      allocated(json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(5)));
  fputs(before, page->stream);
  put_json_text(page->stream, text);
}

void page_json_end(struct page *page, const char *after) {
  fprintf(page->stream, "%s</script>\n", after);
}

void page_json(struct page *page, const char *attributes, const json_t *json) {
  page_json_begin(page, attributes);
  page_json_value(page, "", json);
  page_json_end(page, "");
}

json_t *page_json_text(const char *text) {
  OWNED_TEXT char *clean = display_clean(text);
  json_t *json = allocated(json_string(clean));
  return json;
}

json_t *page_json_figure(double value) {
  if (!(value - value == 0)) /* neither infinite nor NAN */
    return json_null();
  double rounded = figure_round(value, 4);
  bool is_whole = rounded > -1e15 && rounded < 1e15 && rounded == (double)(json_int_t)rounded;
  return allocated(is_whole ? json_integer((json_int_t)rounded) : json_real(rounded));
}

void page_algs_add(struct page_algs *algs, const char *alg, unsigned key_bits) {
  size_t at = 0;
  for (; at < algs->count; at++) {
    int order = result_compare_algs(algs->items[at].alg, alg);
    if (order == 0 && algs->items[at].key_bits == key_bits)
      return;
    if (order > 0 || (order == 0 && algs->items[at].key_bits > key_bits))
      break;
  }
  algs->items = allocate_one_more(algs->items, algs->count, sizeof *algs->items);
  memmove(&algs->items[at + 1], &algs->items[at], (algs->count - at) * sizeof *algs->items);
  algs->items[at] = (struct page_alg){alg, key_bits};
  algs->count++;
}

struct page_algs page_verify_algs(const struct page *page) {
  struct page_algs algs = {0};
  for (size_t i = 0; i < page->result->speed_count; i++)
    if (result_is_main_verify(&page->result->speed[i]))
      page_algs_add(&algs, page->result->speed[i].alg, page->result->speed[i].key_bits);
  return algs;
}

bool page_is_main_size(const struct page_algs *algs, size_t index) {
  return index == 0 || strcmp(algs->items[index - 1].alg, algs->items[index].alg) != 0;
}

/* Parts are told apart by a byte that stands in no name of theirs. */
static char *verify_name(const char *subject, const char *alg, unsigned key_bits) {
  return allocate_format("%s\n%s\n%u", subject, alg, key_bits);
}

void page_index_rows(struct page *page) {
  page->verify_rows = allocated(calloc(page->result->speed_count + 1, sizeof *page->verify_rows));
  for (size_t i = 0; i < page->result->speed_count; i++) {
    const struct result_speed *row = &page->result->speed[i];
    if (!result_is_main_verify(row))
      continue;
    bool is_new;
    OWNED_TEXT char *name = verify_name(row->subject, row->alg, row->key_bits);
    size_t index = tally_index(&page->verify_names, name, &is_new);
    if (is_new)
      page->verify_rows[index] = row;
  }
}

void page_drop_rows(struct page *page) {
  tally_fini(&page->verify_names);
  free(page->verify_rows);
}

const struct result_speed *page_verify_row(const struct page *page, const char *subject,
                                           struct page_alg alg) {
  size_t index;
  OWNED_TEXT char *name = verify_name(subject, alg.alg, alg.key_bits);
  bool found = tally_find(&page->verify_names, name, &index);
  return found ? page->verify_rows[index] : NULL;
}
