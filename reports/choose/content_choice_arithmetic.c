/* How `assay choose` comes to its cores: what is multiplied and divided, of each algorithm and for each number
 * of cores. */
#include <math.h>

#include "reports/choose/choice.h"
#include "reports/choose/choice_capacity.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define ARITHMETIC_SHOWN 3 /* subjects, without --verbose */

static bool has_figures(const struct choice *choice) {
  return figure_known(choice->ns);
}

/* ---- in a sentence ---- */

/* "70 % x 31.5 us + 30 % x 113 us = 55.8 us a token", to be followed with a pencil: in three digits. */
static char *mean_words(const struct choices *choices, const struct choice *choice) {
  OWNED_TALLY struct tally parts = {0};
  char share[FIGURE_BYTES], time[FIGURE_BYTES];
  for (unsigned m = 0; m < choices->wish.mix_count; m++) {
    names_addf(&parts, "%s %% x %s", figure_given(share, choices->wish.mix[m].share * 100),
               figure_time(time, choice->parts[m]->ns));
  }
  OWNED_TEXT char *sum = names_list(&parts, " + ", " + ");
  figure_time(time, choice->ns);
  return choices->wish.mix_count > 1 ? allocate_format("%s = %s a token", sum, time)
                                     : allocate_format("%s a token", time);
}

/* How many it takes, where the work alone, which takes so many, does not say so. */
static char *needed_words(const struct choices *choices, const struct choice *choice, double work) {
  char latency[FIGURE_BYTES], words[FIGURE_NOUN_BYTES];
  unsigned fewest = work < CHOICE_CORES_MAX ? (unsigned)ceil(work - 1e-9) : 0;
  unsigned cores = choice->kind == CHOICE_SLOW ? fewest : choice->cores_needed;
  if (!cores)
    return allocate_format("more than %d cores", CHOICE_CORES_MAX);
  figure_noun(words, cores, "core");
  if (choice->kind == CHOICE_SLOW)
    return allocate_format("%s for the work alone", words);
  if (cores > fewest && !isnan(choices->wish.latency_ns))
    return allocate_format("%s, since on fewer too many wait longer than %s", words,
                           figure_time(latency, choices->wish.latency_ns));
  return allocate_copy(words);
}

static void add_cores_words(char **text, const struct choices *choices, const struct choice *choice) {
  char rate[FIGURE_BYTES], time[FIGURE_BYTES], work[FIGURE_BYTES], limit[FIGURE_BYTES], cores[FIGURE_BYTES];
  bool together = choice->cores_needed != 1 && figure_known(choice->ns_together);
  double ns = together ? choice->ns_together : choice->ns;
  double needed = choices->wish.rate_per_s * ns / 1e9 / choices->wish.busy_limit;
  if (together && choice->ns_together > choice->ns)
    result_setf(text, "%s, %s with its neighbours busy", *text, figure_time(time, ns));
  OWNED_TEXT char *words = needed_words(choices, choice, needed);
  result_setf(text, "%s; x %s tokens/s = %s core-seconds a second; / %s %% = %s, so %s", *text,
              figure_given(rate, choices->wish.rate_per_s),
              figure_plain(work, choices->wish.rate_per_s * ns / 1e9),
              figure_given(limit, choices->wish.busy_limit * 100), figure_plain(cores, needed), words);
}

static void add_latency_words(char **text, const struct choices *choices, const struct choice *choice) {
  char p99[FIGURE_BYTES], wait[FIGURE_BYTES], sum[FIGURE_BYTES], target[FIGURE_BYTES];
  if (!figure_known(choice->p99_ns))
    return;
  result_setf(text, "%s; p99 %s", *text, figure_time(p99, choice->p99_ns));
  if (choice->kind != CHOICE_USABLE)
    result_setf(text, "%s before any waiting", *text);
  else if (choice->wait_ns > 0)
    result_setf(text, "%s + %s of waiting = %s", *text, figure_time(wait, choice->wait_ns),
                figure_time(sum, choice->p99_ns + choice->wait_ns));
  else
    result_setf(text, "%s with no waiting", *text);
  if (!isnan(choices->wish.latency_ns))
    result_setf(text, "%s, target %s", *text, figure_time(target, choices->wish.latency_ns));
}

static void add_flood_words(char **text, const struct choice *choice) {
  char time[FIGURE_BYTES], rate[FIGURE_BYTES];
  if (figure_known(choice->bad_per_s))
    result_setf(text, "%s; what the cores have left pays for %s bad tokens/s at %s (%s, %s)", *text,
                figure_si(rate, choice->bad_per_s), figure_time(time, choice->bad_ns), choice->bad_what,
                choice->bad_alg);
}

static void add_sentence(struct document *document, const struct choices *choices,
                         const struct choice *choice, bool first) {
  OWNED_TEXT char *text = mean_words(choices, choice);
  add_cores_words(&text, choices, choice);
  add_latency_words(&text, choices, choice);
  add_flood_words(&text, choice);
  if (choice->aside)
    result_setf(&text, "%s; %s", text, choice->aside);
  document_add_text(document, 1, "", "%s: %s.", choice->subject, text)->gap = first;
}

/* ---- in tables, with --verbose ---- */

static void add_part(struct document_table *table, const struct choices *choices, const struct choice *choice,
                     unsigned m) {
  char figure[FIGURE_BYTES], low[FIGURE_BYTES], high[FIGURE_BYTES];
  const struct result_speed *part = choice->parts[m];
  const struct choice_share *share = &choices->wish.mix[m];
  struct document_row *row = table_add_row(table);
  content_add_names(row, share->alg, share->key_bits, choices->result, choice->subject);
  row_addf(row, "%s %%", figure_given(figure, share->share * 100));
  content_add_time(row, part, "ns", part->ns);
  if (figure_known(part->ns_low) && figure_known(part->ns_high))
    row_addf(row, "%s to %s", figure_time(low, part->ns_low), figure_time(high, part->ns_high));
  else
    content_add_reason(row, "no interval");
  content_add_time(row, part, "p99_ns", part->p99_ns);
  row_add_cell(row, figure_percent(figure, share->share * part->ns / choice->ns));
}

static void add_parts(struct document *document, const struct choices *choices) {
  struct document_table *table = document_add_table(document, "What a token takes");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(table, "tokens", 0, 0);
  table_add_column(table, "time", 0, 0);
  table_add_column(table, "interval", 0, 1);
  table_add_column(table, "p99", 0, 0);
  table_add_column(table, "of the work", 0, 0);
  table_set_legends(table, "tokens: their share of all; of the work: their share of the cores' time");
  for (unsigned m = 0; m < choices->wish.mix_count; m++)
    for (size_t i = 0; i < choices->count; i++)
      if (has_figures(&choices->items[i]))
        add_part(table, choices, &choices->items[i], m);
}

/* What more and fewer cores would carry. */
static void add_rates(struct document *document, const struct choices *choices) {
  static const unsigned cores[] = {1, 2, 4, 8, 16, 32, 64};
  struct document_table *table = document_add_table(document, "Tokens/s by cores");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  for (size_t c = 0; c < sizeof cores / sizeof cores[0]; c++) {
    OWNED_TEXT char *head = allocate_format("%u", cores[c]);
    table_add_column(table, head, 0, 0);
  }
  for (size_t i = 0; i < choices->count; i++) {
    const struct choice *choice = &choices->items[i];
    if (!has_figures(choice) || choice->kind == CHOICE_SLOW || choice->kind == CHOICE_P99_UNKNOWN)
      continue;
    struct document_row *row = table_add_row(table);
    OWNED_TEXT char *name = content_subject(choices->result, choice->subject, true);
    row_add_cell(row, name);
    for (size_t c = 0; c < sizeof cores / sizeof cores[0]; c++)
      content_add_rate(row, capacity_most(&choices->wish, choice, cores[c]), 0, "none");
  }
}

void content_choice_arithmetic(struct document *document, const struct choices *choices, bool all) {
  size_t shown = 0, more = 0;
  for (size_t i = 0; i < choices->count; i++) {
    const struct choice *choice = &choices->items[i];
    if (!has_figures(choice) || (!all && choice->kind > CHOICE_SLOW))
      continue;
    if (all || shown < ARITHMETIC_SHOWN)
      add_sentence(document, choices, choice, shown++ == 0);
    else
      more++;
  }
  if (more)
    document_add_text(document, 1, "", "%zu more: --verbose", more);
  if (all && shown) {
    add_parts(document, choices);
    add_rates(document, choices);
  }
}
