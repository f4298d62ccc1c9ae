/* Rows, columns and order of a document's tables. */
#include "reports/document/document_select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text/allocate.h"

/* What stands at the left names the rows, also where it has a head. */
static bool is_name(const struct document_table *table, size_t column) {
  return column == 0 || !table->columns[column].heads[FORM_FULL][0];
}

/* ---- what there is, for messages ---- */

#define KNOWN_MAX 128

struct known {
  char items[KNOWN_MAX][40];
  size_t count;
};

static void known_add(struct known *known, const char *text, size_t len) {
  char item[sizeof known->items[0]];
  snprintf(item, sizeof item, "%.*s", (int)(len < sizeof item ? len : sizeof item - 1), text);
  for (size_t i = 0; i < known->count; i++)
    if (strcmp(known->items[i], item) == 0)
      return;
  if (known->count < KNOWN_MAX)
    memcpy(known->items[known->count++], item, sizeof item);
}

static bool refuse(const char *option, const char *word, const struct known *known,
                   struct assay_error *error) {
  char all[600] = "";
  const char *names[KNOWN_MAX + 1] = {0};
  for (size_t i = 0; i < known->count; i++)
    names[i] = known->items[i];
  const char *near = near_miss(word, names);
  for (size_t i = 0; i < known->count && strlen(all) < sizeof all - 80; i++)
    snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? ", " : "", names[i]);
  if (near)
    return error_set(error, "%s: no table has '%s'; did you mean '%s'?", option, word, near);
  return error_set(error, "%s: no table has '%s'; there are: %s", option, word, all);
}

static bool all_used(const struct word_list *words, const char *option, const struct known *known,
                     struct assay_error *error) {
  for (size_t i = 0; i < words->count; i++)
    if (!words->used[i])
      return refuse(option, words->items[i], known, error);
  return words->count > 0 || error_set(error, "%s names nothing", option);
}

/* Calls back for every table. */
static void each_table(struct document *document, void (*act)(void *arg, struct document_table *),
                       void *arg) {
  for (size_t i = 0; i < document->block_count; i++)
    if (document->blocks[i].table)
      act(arg, document->blocks[i].table);
}

struct asked {
  struct word_list words;
  struct known known;
  bool descending;
};

static void ask_heads(void *arg, struct document_table *table) {
  struct asked *asked = arg;
  for (size_t c = 0; c < table->column_count; c++)
    if (!is_name(table, c)) {
      const char *head = table->columns[c].heads[FORM_FULL];
      known_add(&asked->known, head, strlen(head));
      word_list_has(&asked->words, head);
    }
}

static void ask_names(void *arg, struct document_table *table) {
  struct asked *asked = arg;
  for (size_t r = 0; r < table->row_count; r++)
    for (size_t c = 0; c < table->rows[r].cell_count && is_name(table, c); c++) {
      const char *name = table->rows[r].cells[c].forms[FORM_FULL];
      known_add(&asked->known, name, strcspn(name, " ,"));
      word_list_has(&asked->words, name);
    }
}

/* ---- rows ---- */

/* Which of the table's names the words concern at all. */
static bool concerns(struct asked *asked, const struct document_table *table, size_t column) {
  for (size_t r = 0; r < table->row_count; r++)
    if (column < table->rows[r].cell_count &&
        word_list_has(&asked->words, table->rows[r].cells[column].forms[FORM_FULL]))
      return true;
  return false;
}

static void keep_rows(void *arg, struct document_table *table) {
  struct asked *asked = arg;
  bool concerned[DOCUMENT_COLUMNS] = {false}, gap = false;
  size_t kept = 0;
  for (size_t c = 0; c < table->column_count && is_name(table, c); c++)
    concerned[c] = concerns(asked, table, c);
  for (size_t r = 0; r < table->row_count; r++) {
    struct document_row *row = &table->rows[r];
    bool keep = true;
    for (size_t c = 0; c < table->column_count; c++)
      if (concerned[c])
        keep = keep && c < row->cell_count && word_list_has(&asked->words, row->cells[c].forms[FORM_FULL]);
    gap = gap || row->gap; /* what began a family may be gone, and the family go on */
    if (!keep) {
      document_row_fini(row);
      continue;
    }
    row->gap = gap && kept > 0;
    gap = false;
    if (kept != r)
      table->rows[kept] = *row;
    kept++;
  }
  table->row_count = kept;
}

/* ---- columns ---- */

static void drop_column(struct document_table *table, size_t column) {
  document_column_fini(&table->columns[column]);
  memmove(&table->columns[column], &table->columns[column + 1],
          (table->column_count - column - 1) * sizeof table->columns[0]);
  table->column_count--;
  for (size_t r = 0; r < table->row_count; r++) {
    struct document_row *row = &table->rows[r];
    if (column >= row->cell_count)
      continue;
    document_cell_fini(&row->cells[column]);
    memmove(&row->cells[column], &row->cells[column + 1],
            (row->cell_count - column - 1) * sizeof row->cells[0]);
    row->cell_count--;
  }
}

static void keep_columns(void *arg, struct document_table *table) {
  struct asked *asked = arg;
  bool any = false;
  for (size_t c = 0; c < table->column_count; c++)
    any = any || (!is_name(table, c) && word_list_has(&asked->words, table->columns[c].heads[FORM_FULL]));
  for (size_t c = table->column_count; any && c-- > 0;)
    if (!is_name(table, c) && !word_list_has(&asked->words, table->columns[c].heads[FORM_FULL]))
      drop_column(table, c);
}

/* ---- order ---- */

static double unit_factor(const char *unit) {
  static const struct {
    const char *name;
    double factor;
  } units[] = {{"", 1},      {"k", 1e3},   {"M", 1e6},   {"G", 1e9},  {"%", 0.01},
               {"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1},    {"min", 60},
               {"h", 3600},  {"B", 1},     {"kB", 1e3},  {"MB", 1e6}, {"GB", 1e9}};
  size_t len = strcspn(unit, " ");
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
    if (strlen(units[i].name) == len && strncmp(units[i].name, unit, len) == 0)
      return units[i].factor;
  return 0;
}

bool figure_read(const char *text, double *value) {
  char plain[64], *end;
  size_t len = 0;
  for (; *text && len < sizeof plain - 1; text++)
    if (*text != ',')
      plain[len++] = *text;
  plain[len] = '\0';
  *value = strtod(plain, &end);
  if (end == plain)
    return false;
  double factor = unit_factor(end + strspn(end, " "));
  *value *= factor > 0 ? factor : 1; /* "9,120 / 9,120", "12 to 15 us": by the first */
  return true;
}

struct order {
  size_t column;
  bool descending;
};

/* Figures first, in order; what has none behind them, as it was. */
static bool comes_before(const struct order *order, const struct document_row *a,
                         const struct document_row *b) {
  double x, y;
  bool has_a = order->column < a->cell_count && figure_read(a->cells[order->column].forms[FORM_FULL], &x);
  bool has_b = order->column < b->cell_count && figure_read(b->cells[order->column].forms[FORM_FULL], &y);
  if (!has_a || !has_b)
    return has_a && !has_b;
  return order->descending ? x > y : x < y;
}

static bool same_group(const struct document_table *table, size_t a, size_t b) {
  for (size_t c = 0; c < table->column_count && is_name(table, c); c++)
    if ((table->columns[c].flags & COLUMN_GROUPED) &&
        strcmp(table->rows[a].cells[c].forms[FORM_FULL], table->rows[b].cells[c].forms[FORM_FULL]) != 0)
      return false;
  return true;
}

/* By insertion, which keeps what is equal in its order; the gap stays above the group. */
static void sort_group(struct document_row *rows, size_t count, const struct order *order) {
  bool gap = rows[0].gap;
  rows[0].gap = false;
  for (size_t i = 1; i < count; i++) {
    struct document_row row = rows[i];
    size_t at = i;
    for (; at > 0 && comes_before(order, &row, &rows[at - 1]); at--)
      rows[at] = rows[at - 1];
    rows[at] = row;
  }
  rows[0].gap = gap;
}

static void sort_rows(void *arg, struct document_table *table) {
  struct asked *asked = arg;
  struct order order = {.descending = asked->descending};
  while (order.column < table->column_count &&
         (is_name(table, order.column) ||
          !word_list_has(&asked->words, table->columns[order.column].heads[FORM_FULL])))
    order.column++;
  if (order.column == table->column_count)
    return;
  for (size_t from = 0, to; from < table->row_count; from = to) {
    for (to = from + 1; to < table->row_count && same_group(table, from, to);)
      to++;
    sort_group(&table->rows[from], to - from, &order);
  }
}

/* ---- all of it ---- */

/* met: the same list, of which words have been met elsewhere; NULL: there is none. */
static bool ask_words(struct document *document, const char *list, const char *option, bool heads,
                      const struct word_list *met, struct asked *asked, struct assay_error *error) {
  *asked = (struct asked){.words = word_list_of(list)};
  for (size_t i = 0; met && i < met->count; i++)
    asked->words.used[i] = met->used[i];
  each_table(document, heads ? ask_heads : ask_names, asked);
  return all_used(&asked->words, option, &asked->known, error);
}

bool document_select(struct document *document, const struct document_selection *selection,
                     struct assay_error *error) {
  struct asked only = {0}, columns = {0}, sort = {0};
  bool ok =
      !selection->only || ask_words(document, selection->only, "--only", false, selection->met, &only, error);
  ok = ok && (!selection->columns ||
              ask_words(document, selection->columns, "--columns", true, NULL, &columns, error));
  if (ok && selection->sort) {
    bool descending = selection->sort[0] == '-';
    ok = ask_words(document, selection->sort + descending, "--sort", true, NULL, &sort, error);
    sort.descending = descending;
  }
  if (ok && selection->sort)
    each_table(document, sort_rows, &sort);
  if (ok && selection->only)
    each_table(document, keep_rows, &only);
  if (ok && selection->columns)
    each_table(document, keep_columns, &columns);
  word_list_fini(&only.words);
  word_list_fini(&columns.words);
  word_list_fini(&sort.words);
  return ok;
}
