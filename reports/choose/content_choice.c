/* What `assay choose` says to people: the answer, the ranking, its arithmetic, and who is out. */
#include <math.h>
#include <string.h>

#include "reports/choose/choice.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define ARITHMETIC_SHOWN 3 /* subjects, without --verbose */

static const char *plural(unsigned count) {
  return count == 1 ? "" : "s";
}

static void add_wish(struct document *document, const struct choice_wish *wish) {
  OWNED_TALLY struct tally parts = {0}, rest = {0};
  char figure[FIGURE_BYTES];
  for (unsigned m = 0; m < wish->mix_count; m++) {
    OWNED_TEXT char *alg = result_alg_text(wish->mix[m].alg, wish->mix[m].key_bits);
    names_addf(&parts, "%s %s", alg, figure_percent(figure, wish->mix[m].share));
  }
  OWNED_TEXT char *mix = names_join(&parts, ", ");
  OWNED_TEXT char *text = allocate_format("%s tokens/s", figure_si(figure, wish->rate_per_s));
  names_add(&rest, text);
  result_setf(&text, "99 %% within %s", figure_time(figure, wish->latency_ns));
  if (!isnan(wish->latency_ns))
    names_add(&rest, text);
  result_setf(&text, "%u core%s", wish->cores, plural(wish->cores));
  if (wish->cores)
    names_add(&rest, text);
  result_setf(&text, "cores at most %s busy", figure_percent(figure, wish->busy_limit));
  names_add(&rest, text);
  OWNED_TEXT char *others = names_join(&rest, ", ");
  document_add_text(document, 0, "wish", "%s; %s", mix, others);
}

/* ---- the answer ---- */

/* The order is that of cores, which are counted from times. Below 1 it is what cores do
 * together that decides. */
static bool is_open(const struct ratio *ratio) {
  return figure_known(ratio->low) && !ratio->resolved && ratio->high >= 1;
}

/* Whom the run cannot tell from the best. */
static void add_behind(struct document *document, const struct choices *choices) {
  OWNED_TALLY struct tally open = {0}, without = {0};
  for (size_t i = 1; i < choices->usable; i++) {
    const struct ratio *behind = &choices->items[i].behind;
    if (!figure_known(behind->low))
      names_add(&without, choices->items[i].subject);
    else if (is_open(behind))
      names_add(&open, choices->items[i].subject);
  }
  OWNED_TEXT char *apart = names_join(&open, " and "), *all = names_join(&without, " and ");
  OWNED_TEXT char *no_interval = content_no_interval(choices->result);
  if (open.count)
    document_add_text(document, 0, "",
                      "That it comes before %s is not resolved: this run cannot tell them apart.", apart);
  if (without.count)
    document_add_text(document, 0, "", "%s: that it comes before %s is not resolved%s.", no_interval, all,
                      without.count > 1 ? ", and neither is their order" : "");
}

/* The neighbours behind the best that it cannot tell apart. */
static void add_neighbours(struct document *document, const struct choices *choices) {
  OWNED_TALLY struct tally pairs = {0};
  for (size_t i = 1; i + 1 < choices->usable; i++) {
    OWNED_TEXT char *pair =
        allocate_format("%s and %s", choices->items[i].subject, choices->items[i + 1].subject);
    if (is_open(&choices->items[i].next))
      names_add(&pairs, pair);
  }
  OWNED_TEXT char *text = names_list(&pairs, ", nor ", ", nor ");
  if (pairs.count)
    document_add_text(document, 0, "", "Behind it, this run cannot tell apart %s.", text);
}

static void add_answer(struct document *document, const struct choices *choices) {
  char figure[FIGURE_BYTES], room[FIGURE_BYTES];
  if (choices->usable == 0) {
    document_add_text(document, 0, "", "No subject of this result meets the wish.")->gap = true;
    return;
  }
  const struct choice *best = &choices->items[0];
  OWNED_TEXT char *name = content_subject(choices->result, best->subject, true);
  OWNED_TEXT char *cores =
      best->cores == best->cores_needed
          ? allocate_copy("")
          : allocate_format(best->cores == 1 ? "; the %u there is" : "; the %u there are", best->cores);
  document_add_text(document, 0, "", "%s needs %u core%s%s%s busy %s of the time, with room for %s tokens/s.",
                    name, best->cores_needed, plural(best->cores_needed), cores, cores[0] ? " would be" : ",",
                    figure_percent(figure, best->busy), figure_si(room, best->up_to_per_s))
      ->gap = true;
  add_behind(document, choices);
  add_neighbours(document, choices);
}

/* ---- the ranking ---- */

static bool any_usable(const struct choices *choices, bool (*holds)(const struct choice *)) {
  for (size_t i = 0; i < choices->usable; i++)
    if (holds(&choices->items[i]))
      return true;
  return false;
}

static bool has_flood(const struct choice *choice) {
  return figure_known(choice->bad_ns);
}

static void add_known(struct document_row *row, double value, char *(*write)(char *, double)) {
  content_add_figure(row, value, write, "not measured");
}

/* Why the p99 of the mix is not known. */
static const char *why_no_p99(const struct choice_wish *wish, const struct choice *choice) {
  for (unsigned m = 0; m < wish->mix_count; m++)
    if (!figure_known(choice->parts[m]->p99_ns))
      return content_why_missing(choice->parts[m], "p99_ns");
  return "not measured";
}

/* 0.4375 -> "43.8 %": of floods, which end just below 100 %, no more than is sure. */
static char *share_below(char *out, double share) {
  return figure_percent(out, share >= 0.9995 ? 0.999 : share);
}

static void add_ranked(struct document_table *table, const struct choices *choices,
                       const struct choice *choice, bool floods) {
  char cores[16];
  struct document_row *row = table_add_row(table);
  OWNED_TEXT char *name = content_subject(choices->result, choice->subject, true);
  row_add_cell(row, name);
  snprintf(cores, sizeof cores, "%u", choice->cores_needed);
  add_known(row, choice->ns, figure_time);
  row_add_cell(row, cores);
  add_known(row, choice->busy, figure_percent);
  content_add_rate(row, choice->up_to_per_s, "not known");
  content_add_figure(row, choice->p99_ns, figure_time, why_no_p99(&choices->wish, choice));
  if (choice->wait_ns > 0)
    add_known(row, choice->wait_ns, figure_time);
  else
    row_add_cell(row, "none");
  if (floods)
    add_known(row, choice->bad_share, share_below);
}

static void add_ranking(struct document *document, const struct choices *choices) {
  if (choices->usable == 0)
    return;
  bool floods = any_usable(choices, has_flood);
  struct document_table *table = document_add_table(document, "Can carry it");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(table, "per token", 0, 0);
  column_set_brief(table_add_column(table, "cores needed", 0, 0), "cores");
  table_add_column(table, "busy", 0, 0);
  table_add_column(table, "up to", 0, 0);
  table_add_column(table, "p99", 0, 2);
  table_add_column(table, "p99 wait", 0, 1);
  if (floods)
    table_add_column(table, "bad tokens", 0, 0);
  for (size_t i = 0; i < choices->usable; i++)
    add_ranked(table, choices, &choices->items[i], floods);
  const char *format = floods ? "up to: tokens/s; bad tokens: their share of all traffic while the good rate "
                                "still passes; busy and what follows: of the cores %s"
                              : "up to: tokens/s; busy and what follows: of the cores %s";
  OWNED_TEXT char *text = allocate_format(format, choices->wish.cores ? "there are" : "needed");
  table_set_legend(table, FORM_FULL, text);
  table_set_legend(table, FORM_BRIEF, text);
}

/* ---- the arithmetic ---- */

static char *mean_words(const struct choices *choices, const struct choice *choice) {
  OWNED_TALLY struct tally parts = {0};
  char share[FIGURE_BYTES], time[FIGURE_BYTES];
  for (unsigned m = 0; m < choices->wish.mix_count; m++) {
    names_addf(&parts, "%s x %s", figure_percent(share, choices->wish.mix[m].share),
               figure_time(time, choice->parts[m]->ns));
  }
  OWNED_TEXT char *sum = names_list(&parts, " + ", " + ");
  char *text = parts.count > 1 ? allocate_format("%s = %s a token", sum, figure_time(time, choice->ns))
                               : allocate_format("%s a token", figure_time(time, choice->ns));
  return text;
}

static void add_cores_words(char **text, const struct choices *choices, const struct choice *choice) {
  char rate[FIGURE_BYTES], time[FIGURE_BYTES], work[FIGURE_BYTES], limit[FIGURE_BYTES];
  bool together = choice->cores > 1 && figure_known(choice->ns_together);
  double ns = together ? choice->ns_together : choice->ns;
  if (together && choice->ns_together > choice->ns)
    result_setf(text, "%s, %s with its neighbours busy", *text, figure_time(time, ns));
  result_setf(text, "%s; x %s tokens/s = %s core-seconds a second; / %s = %s, so %u core%s", *text,
              figure_si(rate, choices->wish.rate_per_s),
              figure_plain(work, choices->wish.rate_per_s * ns / 1e9),
              figure_percent(limit, choices->wish.busy_limit),
              figure_plain(time, choices->wish.rate_per_s * ns / 1e9 / choices->wish.busy_limit),
              choice->cores_needed, plural(choice->cores_needed));
}

static void add_latency_words(char **text, const struct choices *choices, const struct choice *choice) {
  char p99[FIGURE_BYTES], wait[FIGURE_BYTES], sum[FIGURE_BYTES], target[FIGURE_BYTES];
  if (isnan(choices->wish.latency_ns))
    return;
  result_setf(text, "%s; %s + %s of waiting = %s, target %s", *text, figure_time(p99, choice->p99_ns),
              figure_time(wait, choice->wait_ns), figure_time(sum, choice->p99_ns + choice->wait_ns),
              figure_time(target, choices->wish.latency_ns));
}

static void add_flood_words(char **text, const struct choice *choice) {
  char time[FIGURE_BYTES], rate[FIGURE_BYTES];
  if (figure_known(choice->bad_per_s))
    result_setf(text, "%s; what the cores have left pays for %s bad tokens/s at %s (%s, %s)", *text,
                figure_si(rate, choice->bad_per_s), figure_time(time, choice->bad_ns), choice->bad_what,
                choice->bad_alg);
}

static void add_arithmetic(struct document *document, const struct choices *choices, bool all) {
  size_t shown = all || choices->usable < ARITHMETIC_SHOWN ? choices->usable : ARITHMETIC_SHOWN;
  for (size_t i = 0; i < shown; i++) {
    const struct choice *choice = &choices->items[i];
    OWNED_TEXT char *text = mean_words(choices, choice);
    add_cores_words(&text, choices, choice);
    add_latency_words(&text, choices, choice);
    add_flood_words(&text, choice);
    if (choice->aside)
      result_setf(&text, "%s; %s", text, choice->aside);
    document_add_text(document, 1, "", "%s: %s.", choice->subject, text)->gap = i == 0;
  }
  if (choices->usable > shown)
    document_add_text(document, 1, "", "%zu more: --verbose", choices->usable - shown);
}

static void add_out(struct document *document, const struct choices *choices) {
  if (choices->usable == choices->count)
    return;
  struct document_table *table = document_add_table(document, "Out");
  table_add_column(table, "", COLUMN_LEFT, 0);
  for (size_t i = choices->usable; i < choices->count; i++) {
    struct document_row *row = table_add_row(table);
    row_add_cell(row, choices->items[i].subject);
    row_set_rest(row, choices->items[i].out, STYLE_PLAIN);
  }
}

/* ---- what the figures rest on ---- */

static bool lacks_scaling(const struct choice *choice) {
  return choice->cores > 1 && !figure_known(choice->ns_together);
}

static bool has_worst_p99(const struct choice *choice) {
  return choice->p99_is_worst && figure_known(choice->p99_ns);
}

static void add_caveats(struct document *document, const struct choices *choices) {
  size_t before = document->block_count;
  if (!choices->verdicts)
    document_add_text(document, 0, "",
                      "This result holds no verdicts: nobody's answers were checked, so nobody is out for "
                      "them. `assay run` asks and measures in one.");
  if (choices->usable && !any_usable(choices, has_flood))
    document_add_text(document, 0, "",
                      "Bad tokens: this result does not hold what it costs to refuse one, so what share of "
                      "them is survived is not known.");
  if (any_usable(choices, lacks_scaling))
    document_add_text(document, 0, "",
                      "Cores are taken to be as fast together as one alone: this result has no threads "
                      "measured side by side.");
  if (choices->wish.mix_count > 1 && any_usable(choices, has_worst_p99))
    document_add_text(document, 0, "",
                      "p99 is that of the slowest algorithm of the mix: this result has no histograms to "
                      "merge.");
  if (choices->usable)
    document_add_text(document, 0, "",
                      "Waiting is an estimate (M/G/c, arrivals at random, every core taking the next "
                      "token). All figures are of verification alone, on the machine measured.");
  if (document->block_count > before)
    document->blocks[before].text.gap = true;
}

void content_choices(struct document *document, const struct choices *choices, bool all) {
  content_head(document, choices->result);
  add_wish(document, &choices->wish);
  content_warnings(document, choices->result, all ? SIZE_MAX : 3);
  add_answer(document, choices);
  add_ranking(document, choices);
  add_arithmetic(document, choices, all);
  add_out(document, choices);
  add_caveats(document, choices);
}
