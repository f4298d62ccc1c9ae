/* What a command says of itself, from its table; see options.h. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/options/options.h"
#include "harness/options/sheet.h"

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

static void put_options(const struct usage *usage, struct sheet *sheet) {
  char term[80], text[4096];
  const char *group = NULL;
  int column = column_of(usage);
  bool first = true;
  for (const struct option_row *row = usage->options; row->name; row++) {
    group = row->group ? row->group : group;
    if (!option_belongs(usage, row))
      continue;
    if (group)
      sheet_head(sheet, group);
    else if (first)
      sheet_gap(sheet);
    group = NULL;
    first = false;
    put_term(row, term, sizeof term);
    snprintf(text, sizeof text, "%s%s%s%s", row->help, row->fallback ? " (default: " : "",
             row->fallback ? row->fallback : "", row->fallback ? ")" : "");
    sheet_item(sheet, column, term, text);
  }
}

/* What takes no more than its summary has a sentence of it. */
static void put_about(const struct usage *usage, struct sheet *sheet) {
  char sentence[200];
  snprintf(sentence, sizeof sentence, "%c%s.", toupper((unsigned char)usage->summary[0]), usage->summary + 1);
  sheet_text(sheet, usage->about ? usage->about : sentence);
}

void options_help(const struct usage *usage, struct sheet *sheet) {
  sheet_forms(sheet, usage->name, usage->forms);
  put_about(usage, sheet);
  put_options(usage, sheet);
  if (usage->notes)
    sheet_text(sheet, usage->notes);
  sheet_head(sheet, "Examples:");
  sheet_commands(sheet, usage->examples);
  if (usage->lists)
    usage->lists(sheet);
}
