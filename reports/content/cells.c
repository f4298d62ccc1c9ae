/* What the tables of a report share: names of subjects, conditions, and cells that say why they are empty. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/figures.h"

char *content_subject(const struct result *result, const char *label, bool note) {
  const struct result_subject *subject = result_is_floor(label) ? NULL : result_find_subject(result, label);
  if (!subject)
    return allocate_copy(label);
  bool noted = note && subject->note[0];
  return allocate_format("%s%s%s%s%s%s", label, subject->version[0] ? " " : "", subject->version,
                         noted ? " (" : "", noted ? subject->note : "", noted ? ")" : "");
}

char *content_subject_brief(const struct result *result, const char *label) {
  const struct result_subject *subject = result_is_floor(label) ? NULL : result_find_subject(result, label);
  bool noted = subject && subject->note[0];
  return allocate_format("%s%s%s%s", label, noted ? " (" : "", noted ? subject->note : "", noted ? ")" : "");
}

static char *key_set_words(const struct result_speed *row, bool brief) {
  char count[FIGURE_NOUN_BYTES];
  bool thousands = row->keys && row->keys % 1000 == 0;
  if (brief)
    return allocate_format("%u%s%s %s", thousands ? row->keys / 1000 : row->keys, thousands ? "k" : "",
                           row->kid ? "" : " no kid", key_place_word(row->key_place));
  return allocate_format("%s%s, %s", figure_noun(count, row->keys, "key"), row->kid ? "" : ", no kid",
                         key_place_word(row->key_place));
}

/* Takes the word over. */
static void add_word(struct tally *words, char *word) {
  names_add(words, word);
  free(word);
}

char *content_conditions(const struct result_speed *row, bool brief) {
  OWNED_TALLY struct tally words = {0};
  char share[FIGURE_BYTES];
  if (!result_is_diverse(row->mode))
    names_add(&words, mode_word(row->mode));
  if (row->threads > 1)
    add_word(&words, allocate_format("%u threads", row->threads));
  if (row->batch > 1)
    add_word(&words, allocate_format("batch of %u", row->batch));
  if (row->key_place != KEY_PLACE_OF_CORPUS)
    add_word(&words, key_set_words(row, brief)); /* the corpus' own set is nothing to tell apart */
  else if (!row->kid && row->metric == METRIC_VERIFY)
    names_add(&words, "no kid");
  if (row->bad_share > 0)
    add_word(&words, allocate_format("%s %% bad", figure_six(share, row->bad_share * 100)));
  char *text = names_join(&words, ", ");
  return text;
}

const char *content_number_word(char *buffer, unsigned number) {
  static const char *const words[] = {"no",    "one",   "two",  "three", "four",   "five",  "six",
                                      "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  if (number < sizeof words / sizeof words[0])
    return words[number];
  snprintf(buffer, 16, "%u", number);
  return buffer;
}

const char *content_why_missing(const struct result_speed *row, const char *field) {
  for (size_t i = 0; i < row->missing_count; i++)
    if (strcmp(row->missing[i].field, field) == 0 && row->missing[i].why[0])
      return row->missing[i].why;
  return "not measured";
}

/* The common reasons in a word or two, for narrow tables. */
static const char *brief_reason(const char *why) {
  static const char *const briefs[][2] = {
      {"too few samples", "too few"},
      {"not measured", "unmeasured"},
      {"not in this library", "lacks it"},
      {"not resolved", "unresolved"},
  };
  for (size_t i = 0; i < sizeof briefs / sizeof briefs[0]; i++)
    if (strcmp(why, briefs[i][0]) == 0)
      return briefs[i][1];
  return why;
}

struct document_cell *content_add_reason(struct document_row *row, const char *why) {
  struct document_cell *cell = row_add_cell(row, why);
  cell_set_brief(cell, brief_reason(why));
  return cell;
}

char *content_no_interval(const struct result *result) {
  if (result->run.launches == 0)
    return allocate_copy("No launch came to its end");
  if (result->run.launches == 1)
    return allocate_copy("One launch is too few for an interval");
  return allocate_format("%u launches are too few for the intervals of so many comparisons",
                         result->run.launches);
}

double content_reach_of(double figure, double low, double high) {
  return fmax(high / figure - 1, 1 - low / figure);
}

int content_digits(double figure, double low, double high) {
  return figure_digits(figure, content_reach_of(figure, low, high));
}

double content_reach(const struct result_speed *row) {
  return content_reach_of(row->ns, row->ns_low, row->ns_high);
}

double content_known_within(const struct result_speed *row) {
  double low = INFINITY, high = 0;
  if (figure_known(row->ns_low) && figure_known(row->ns_high))
    return content_reach(row);
  for (size_t i = 0; i < row->sample_count; i++) {
    low = fmin(low, row->samples[i]);
    high = fmax(high, row->samples[i]);
  }
  return row->sample_count > 1 ? content_reach_of(row->ns, low, high) : (double)NAN;
}

void content_reach_legend(struct document_table *table, const char *legend, double reach) {
  char figure[FIGURE_BYTES];
  OWNED_TEXT char *text = allocate_copy(legend);
  if (figure_known(reach))
    result_setf(&text, "%s The 95 %% intervals over launches reach %s from the figures at most.", legend,
                figure_percent(figure, reach));
  table_set_legends(table, text);
}

void content_add_names(struct document_row *row, const char *alg, unsigned key_bits,
                       const struct result *result, const char *subject) {
  OWNED_TEXT char *cell = result_alg_text(alg, key_bits), *who = content_subject(result, subject, true);
  row_add_cell(row, cell);
  row_add_cell(row, who);
}

struct document_cell *content_add_interval(struct document_row *row, double low, double high) {
  char from[FIGURE_BYTES], to[FIGURE_BYTES];
  if (!figure_known(low) || !figure_known(high))
    return content_add_reason(row, "too few launches");
  struct document_cell *cell = row_addf(row, "%s to %s", figure_plain(from, low), figure_plain(to, high));
  return cell;
}

struct document_cell *content_add_figure(struct document_row *row, double value,
                                         char *(*write)(char *, double), const char *why) {
  char figure[FIGURE_BYTES];
  return figure_known(value) ? row_add_cell(row, write(figure, value)) : content_add_reason(row, why);
}

void content_add_time(struct document_row *row, const struct result_speed *speed, const char *field,
                      double ns) {
  char figure[FIGURE_BYTES];
  if (figure_known(ns))
    row_add_cell(row, figure_time_to(figure, ns, figure_digits(ns, content_known_within(speed))));
  else
    content_add_reason(row, content_why_missing(speed, field));
}

void content_add_median(struct document_row *row, const struct result_speed *speed) {
  struct launches launches = launches_of(speed);
  char figure[FIGURE_BYTES];
  if (!figure_known(speed->ns) || !launches_are_apart(&launches)) {
    content_add_time(row, speed, "ns", speed->ns);
    return;
  }
  figure_time_to(figure, speed->ns, figure_digits(speed->ns, content_known_within(speed)));
  row_addf(row, "%s" CONTENT_APART, figure)->style = STYLE_UNSURE;
}

struct document_cell *content_add_bounded(struct document_row *row, const char *figure, bool is_possible) {
  struct document_cell *cell = row_addf(row, "%s%s", figure, is_possible ? "" : CONTENT_DOUBTFUL);
  if (!is_possible)
    cell->style = STYLE_UNSURE;
  return cell;
}

/* A rate without prefix leaves room for one, so that digits stand below digits. */
struct document_cell *content_add_rate(struct document_row *row, double per_s, double reach,
                                       const char *why) {
  char figure[FIGURE_BYTES + 2];
  if (!figure_known(per_s))
    return content_add_reason(row, why);
  figure_si_to(figure, per_s, figure_digits(per_s, reach));
  if (per_s < 999.5 && !strchr(figure, 'k'))
    strcat(figure, "  ");
  return row_add_cell(row, figure);
}

/* ---- launches that lie far apart ---- */

#define ROWS_TOLD 3

/* "openssl ES384: 692 us to 1.33 ms, 2 of 5 around 696 us and 3 around 1.30 ms" */
static char *row_words(const struct result_speed *row, const struct launches *launches) {
  char low[FIGURE_BYTES], high[FIGURE_BYTES];
  OWNED_TEXT char *alg = result_alg_text(row->alg, row->key_bits);
  char *text = allocate_format("%s %s: %s to %s", row->subject, alg, figure_time(low, launches->low),
                               figure_time(high, launches->high));
  if (launches->fast)
    result_setf(&text, "%s in two groups, %zu of %zu around %s and %zu around %s", text, launches->fast,
                launches->count, figure_time(low, launches->fast_ns), launches->count - launches->fast,
                figure_time(high, launches->slow_ns));
  return text;
}

char *content_apart(const struct result_speed *const *rows, size_t count) {
  OWNED_TALLY struct tally told = {0};
  size_t more = 0;
  for (size_t i = 0; i < count; i++) {
    struct launches launches = launches_of(rows[i]);
    if (!launches_are_apart(&launches) || result_is_void(rows[i]))
      continue;
    OWNED_TEXT char *words = row_words(rows[i], &launches);
    if (told.count < ROWS_TOLD)
      names_add(&told, words);
    else
      more++;
  }
  if (told.count == 0)
    return NULL;
  OWNED_TEXT char *all = names_list(&told, "; ", "; ");
  return more ? allocate_format("launches lie far apart, so that no median stands for all: %s; and %zu more.",
                                all, more)
              : allocate_format("launches lie far apart, so that no median stands for all: %s.", all);
}

void content_apart_legend(struct document_table *table, const char *legend,
                          const struct result_speed *const *rows, size_t count) {
  OWNED_TEXT char *apart = content_apart(rows, count);
  OWNED_TEXT char *text = allocate_format("%s%s%s%s", legend, apart && legend[0] ? " " : "",
                                          apart ? "~: " : "", apart ? apart : "");
  if (text[0])
    table_set_legends(table, text);
}
