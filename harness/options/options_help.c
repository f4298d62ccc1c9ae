/* What a command says of itself, from its table; see options.h. */
#include <stdlib.h>
#include <string.h>

#include "harness/options/options.h"
#include "harness/options/page.h"

#define TERM_MOST 18 /* columns of an option that stands beside its text */

const char *usage_word(const struct usage *usage) {
  const char *blank = strrchr(usage->name, ' ');
  return blank ? blank + 1 : usage->name;
}

/* "--name METAVAR" */
static int put_term(const struct option_row *row, char *out, size_t size) {
  return snprintf(out, size, "--%s%s%s", row->name, row->metavar ? " " : "",
                  row->metavar ? row->metavar : "");
}

static int column_of(const struct usage *usage) {
  char term[80];
  int widest = 0;
  for (const struct option_row *row = usage->options; row->name; row++) {
    int width = option_belongs(usage, row) ? put_term(row, term, sizeof term) : 0;
    widest = width > widest && width <= TERM_MOST ? width : widest;
  }
  return 2 + widest + 2;
}

static void put_options(const struct usage *usage, struct page *page) {
  char term[80], text[4096];
  const char *group = NULL;
  int column = column_of(usage);
  bool first = true;
  for (const struct option_row *row = usage->options; row->name; row++) {
    group = row->group ? row->group : group;
    if (!option_belongs(usage, row))
      continue;
    if (group)
      page_head(page, group);
    else if (first)
      page_gap(page);
    group = NULL;
    first = false;
    put_term(row, term, sizeof term);
    snprintf(text, sizeof text, "%s%s%s%s", row->help, row->fallback ? " (default: " : "",
             row->fallback ? row->fallback : "", row->fallback ? ")" : "");
    page_item(page, column, term, text);
  }
}

void options_help(const struct usage *usage, struct page *page) {
  page_forms(page, usage->name, usage->forms);
  page_text(page, usage->about);
  put_options(usage, page);
  if (usage->notes)
    page_text(page, usage->notes);
  page_head(page, "Examples:");
  page_commands(page, usage->examples);
  if (usage->lists)
    usage->lists(page);
}
