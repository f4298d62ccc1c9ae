/* What `assay choose` says to people: the answer, the ranking, and who is out. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/choose/choice.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

static void add_wish(struct document *document, const struct choice_wish *wish) {
  OWNED_TALLY struct tally parts = {0}, rest = {0};
  char figure[FIGURE_NOUN_BYTES];
  for (unsigned m = 0; m < wish->mix_count; m++) {
    OWNED_TEXT char *alg = result_alg_text(wish->mix[m].alg, wish->mix[m].key_bits);
    names_addf(&parts, "%s %s %%", alg, figure_given(figure, wish->mix[m].share * 100));
  }
  OWNED_TEXT char *mix = names_join(&parts, ", ");
  OWNED_TEXT char *text = allocate_format("%s tokens/s", figure_given(figure, wish->rate_per_s));
  names_add(&rest, text);
  result_setf(&text, "99 %% within %s", figure_time(figure, wish->latency_ns));
  if (!isnan(wish->latency_ns))
    names_add(&rest, text);
  if (wish->cores)
    names_add(&rest, figure_noun(figure, wish->cores, "core"));
  result_setf(&text, "cores at most %s %% busy", figure_given(figure, wish->busy_limit * 100));
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

/* What follows from the time of a token is known no better than that. */
static int digits_of(const struct choice *choice) {
  return content_digits(choice->ns, choice->ns_low, choice->ns_high);
}

/* "openssl 3.0.19 would, with 2 cores: busy 59.5 % of the time, with room for 23.5 k tokens/s" */
static char *usable_words(const struct choices *choices) {
  const struct choice *best = &choices->items[0];
  char busy[FIGURE_BYTES], room[FIGURE_BYTES], cores[FIGURE_NOUN_BYTES];
  OWNED_TEXT char *name = content_subject(choices->result, best->subject, true);
  OWNED_TEXT char *there =
      best->cores == best->cores_needed
          ? allocate_copy(":")
          : allocate_format("; the %u there %s would be", best->cores, best->cores == 1 ? "is" : "are");
  return allocate_format("%s would, with %s%s busy %s of the time, with room for %s tokens/s", name,
                         figure_noun(cores, best->cores_needed, "core"), there,
                         figure_percent_to(busy, best->busy, digits_of(best)),
                         figure_si_to(room, best->up_to_per_s, digits_of(best)));
}

/* What the nearest would take. */
static char *nearest_words(const struct choices *choices) {
  const struct choice *near = &choices->items[0];
  const struct choice_wish *wish = &choices->wish;
  char rate[FIGURE_BYTES], p99[FIGURE_BYTES], target[FIGURE_BYTES], cores[FIGURE_NOUN_BYTES];
  OWNED_TEXT char *name = content_subject(choices->result, near->subject, true);
  if (near->kind == CHOICE_FEW_CORES && near->cores_needed)
    return allocate_format("%s would, with %s; with %u it carries %s tokens/s", name,
                           figure_noun(cores, near->cores_needed, "core"), wish->cores,
                           figure_si_to(rate, near->up_to_per_s, digits_of(near)));
  if (near->kind == CHOICE_FEW_CORES)
    return allocate_format("Not even %d cores are enough", CHOICE_CORES_MAX);
  if (near->kind == CHOICE_SLOW)
    return allocate_format("No number of cores helps: 99 %% within %s was asked for, and the nearest is %s "
                           "with %s before any waiting",
                           figure_time(target, wish->latency_ns), name, figure_time(p99, near->p99_ns));
  return allocate_format("%s is out since %s%s", name, near->kind == CHOICE_WRONG ? "it " : "", near->out);
}

static char *none_words(const struct choices *choices) {
  OWNED_TEXT char *nearest = nearest_words(choices);
  char there[FIGURE_NOUN_BYTES];
  OWNED_TEXT char *cores = choices->wish.cores
                               ? allocate_format(", with %s", figure_noun(there, choices->wish.cores, "core"))
                               : allocate_copy("");
  if (choices->count == 1)
    return allocate_format("%s would not%s. %s", choices->items[0].subject, cores, nearest);
  return allocate_format("none of the %zu subjects would%s. %s", choices->count, cores, nearest);
}

static void add_answer(struct document *document, const struct choices *choices) {
  OWNED_TEXT char *words = choices->usable ? usable_words(choices) : none_words(choices);
  struct document_text *text = document_add_text(document, 0, "", "assay choose: %s.", words);
  text->style = choices->usable ? STYLE_PLAIN : STYLE_WRONG;
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
  char cores[16], figure[FIGURE_BYTES];
  struct document_row *row = table_add_row(table);
  OWNED_TEXT char *name = content_subject(choices->result, choice->subject, true);
  row_add_cell(row, name);
  snprintf(cores, sizeof cores, "%u", choice->cores_needed);
  row_add_cell(row, figure_time_to(figure, choice->ns, digits_of(choice)));
  row_add_cell(row, cores);
  row_add_cell(row, figure_percent_to(figure, choice->busy, digits_of(choice)));
  content_add_rate(row, choice->up_to_per_s, content_reach_of(choice->ns, choice->ns_low, choice->ns_high),
                   "not known");
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

static bool has_scaling(const struct choice *choice) {
  return choice->cores > 1 && figure_known(choice->ns_together);
}

/* What a core is, of which the answer counts so many. */
static void add_places(struct document *document, const struct choices *choices) {
  const struct result_machine *machine = &choices->result->machine;
  unsigned threads = 0;
  for (size_t i = 0; i < choices->result->scaling_count; i++)
    if (choices->result->scaling[i].threads > threads)
      threads = choices->result->scaling[i].threads;
  OWNED_TEXT char *places = content_places(machine, threads);
  if (!places || threads < 2 || !any_usable(choices, has_scaling))
    return;
  bool is_visible = machine->physical_cores || machine->cpus == 1;
  bool of_halves = is_visible && threads > machine->physical_cores;
  if (is_visible)
    document_add_text(document, 0, "", "What cores do together was measured with %s%s.", places,
                      of_halves ? ": what is counted as a core here is less than one" : "");
  else
    document_add_text(document, 0, "", "What cores do together was measured with %u threads; %s.", threads,
                      places);
}

/* Times of the answer that the launches do not agree about. */
static void add_apart(struct document *document, const struct choices *choices) {
  size_t count = 0;
  const struct result_speed **parts =
      allocate_items(choices->usable * choices->wish.mix_count, sizeof *parts);
  for (size_t i = 0; i < choices->usable; i++)
    for (unsigned m = 0; m < choices->wish.mix_count; m++)
      parts[count++] = choices->items[i].parts[m];
  OWNED_TEXT char *apart = content_apart(parts, count);
  if (apart)
    document_add_text(document, 0, "", "What this rests on is unsteady: %s", apart);
  free(parts);
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
  add_places(document, choices);
  add_apart(document, choices);
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
  add_answer(document, choices);
  add_wish(document, &choices->wish);
  add_ranking(document, choices);
  content_choice_arithmetic(document, choices, all);
  add_out(document, choices);
  add_caveats(document, choices);
  size_t head = document->block_count;
  content_head(document, choices->result);
  document->blocks[head].text.gap = true;
  content_warnings(document, choices->result, all ? SIZE_MAX : 3);
}
