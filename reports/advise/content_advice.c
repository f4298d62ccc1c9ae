/* The page: the answer, what to watch, then what both sides say, cost and are. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/advise/advice_parts.h"
#include "reports/content/builds.h"
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define CHANGES_SHOWN 12 /* without --verbose; of forgeries that are let in none is left out */

/* ---- the answer ---- */

static enum document_style style_of(enum advice_answer answer) {
  switch (answer) {
  case ADVICE_WAIT_COST:
  case ADVICE_WAIT_VERDICTS: return STYLE_WRONG;
  case ADVICE_UNKNOWN: return STYLE_UNSURE;
  default: return STYLE_PLAIN;
  }
}

static void add_first(struct document *document, const struct advice *advice) {
  OWNED_TEXT char *sentence = advice_sentence(advice);
  document_add_text(document, 0, "", "%s", sentence)->style = style_of(advice->answer);
  for (size_t i = 0; i < advice->note_count; i++)
    document_add_text(document, 0, advice->notes[i].about, "%s", advice->notes[i].text)->gap = i == 0;
}

/* "openssl 3.0.22", for the head of a column. */
static void add_sides(struct document_table *table, const struct advice *advice) {
  const char *const sides[] = {advice->from, advice->to};
  for (int i = 0; i < 2; i++) {
    OWNED_TEXT char *name = content_subject(advice->result, sides[i], false);
    column_set_brief(table_add_column(table, name, 0, 0), sides[i]);
  }
}

/* ---- verdicts ---- */

/* The gravest stand first. */
static size_t changes_shown(const struct advice *advice, bool all) {
  size_t shown = 0;
  while (shown < advice->change_count && (all || shown < CHANGES_SHOWN ||
                                          (advice->changes[shown].kind == CHANGE_ACCEPTS &&
                                           advice->changes[shown].severity == SEVERITY_FORGERY)))
    shown++;
  return shown;
}

/* "reject signature.invalid", "signature.invalid", "reject". */
static void add_answer(struct document_row *row, const char *answer) {
  struct document_cell *cell = row_add_cell(row, answer);
  const char *reason = strchr(answer, ' ');
  OWNED_TEXT char *verdict = allocate_format("%.*s", (int)(reason ? reason - answer : 0), answer);
  if (!reason)
    return;
  cell_set_brief(cell, reason + 1);
  cell_set_mark(cell, verdict);
}

static void add_change(struct document_table *table, const struct advice_change *change) {
  char tokens[FIGURE_BYTES];
  struct document_row *row = table_add_row(table);
  struct document_cell *cell = row_add_cell(row, change_word(change->kind));
  cell->style = change_is_worse(change->kind) ? STYLE_WRONG : STYLE_PLAIN;
  row_add_cell(row, change->class_id);
  row_add_cell(row, assay_severity_word(change->severity));
  row_add_cell(row, change->tokens ? figure_count(tokens, change->tokens) : "some");
  add_answer(row, change->was);
  add_answer(row, change->is);
}

static struct document_table *new_changes(struct document *document, const struct advice *advice) {
  struct document_table *table = document_add_table(document, "Answers that change, worst first");
  table->tight = true;
  table_add_column(table, "change", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "class", COLUMN_LEFT, 0);
  table_add_column(table, "severity", COLUMN_LEFT, 1);
  table_add_column(table, "tokens", 0, 2);
  table_add_column(table, advice->from, COLUMN_LEFT, 0);
  table_add_column(table, advice->to, COLUMN_LEFT, 0);
  return table;
}

static void add_changes(struct document *document, const struct advice *advice, bool all) {
  char tokens[FIGURE_NOUN_BYTES];
  size_t shown = changes_shown(advice, all);
  if (!advice->is_judged)
    return;
  if (!advice->change_count) {
    document_add_text(document, 0, "", "Both were asked about %s: none is answered otherwise.",
                      figure_noun(tokens, advice->tokens, "token"))
        ->gap = true;
    return;
  }
  struct document_table *table = new_changes(document, advice);
  for (size_t i = 0; i < shown; i++)
    add_change(table, &advice->changes[i]);
  if (shown < advice->change_count)
    document_add_text(document, 1, "", "%zu more: --verbose", advice->change_count - shown);
  OWNED_TEXT char *command = content_explain_command(advice->result, "", advice->changes[0].example);
  text_set_code(document_add_text(document, 1, "", "one of the first, laid open:"), command);
}

/* ---- the mix ---- */

/* "RS256 2048 70 %, ES256 30 %; 20,000 tokens/s" */
static char *wish_text(const struct choice_wish *wish) {
  OWNED_TALLY struct tally parts = {0};
  char figure[FIGURE_BYTES];
  for (unsigned m = 0; m < wish->mix_count; m++) {
    OWNED_TEXT char *alg = result_alg_text(wish->mix[m].alg, wish->mix[m].key_bits);
    names_addf(&parts, "%s %s %%", alg, figure_given(figure, wish->mix[m].share * 100));
  }
  char *text = names_join(&parts, ", ");
  if (wish->rate_per_s > 0)
    result_setf(&text, "%s; %s tokens/s", text, figure_given(figure, wish->rate_per_s));
  return text;
}

static void add_cores(struct document_row *row, const struct choice *choice) {
  char figure[FIGURE_BYTES];
  int digits = content_digits(choice->ns, choice->ns_low, choice->ns_high);
  if (!choice->cores_needed) {
    row_addf(row, "over %d", CHOICE_CORES_MAX);
    return;
  }
  row_addf(row, "%u", choice->cores_needed);
  row_add_cell(row, figure_percent_to(figure, choice->busy, digits));
  content_add_rate(row, choice->up_to_per_s, content_reach_of(choice->ns, choice->ns_low, choice->ns_high),
                   "not known");
}

static void add_cost(struct document_table *table, const struct advice *advice, const struct choice *choice,
                     const char *label) {
  char figure[FIGURE_BYTES];
  struct document_row *row = table_add_row(table);
  OWNED_TEXT char *name = content_subject(advice->result, label, true);
  row_add_cell(row, name);
  if (!choice || !figure_known(choice->ns)) {
    row_set_rest(row, choice && choice->out ? choice->out : "not measured", STYLE_UNSURE);
    return;
  }
  row_add_cell(
      row, figure_time_to(figure, choice->ns, content_digits(choice->ns, choice->ns_low, choice->ns_high)));
  if (advice->wish.mix.rate_per_s > 0)
    add_cores(row, choice);
}

static void add_mix(struct document *document, const struct advice *advice) {
  const struct choice_wish *wish = &advice->choices.wish;
  if (!advice->wish.mix.mix_count || !advice->is_timed)
    return;
  OWNED_TEXT char *text = wish_text(wish), *title = allocate_format("Your mix: %s", text);
  struct document_table *table = document_add_table(document, title);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(table, "per token", 0, 0);
  if (wish->rate_per_s > 0) {
    column_set_brief(table_add_column(table, "cores needed", 0, 0), "cores");
    table_add_column(table, "busy", 0, 0);
    table_add_column(table, "up to", 0, 0);
  }
  add_cost(table, advice, advice->cost_from, advice->from);
  add_cost(table, advice, advice->cost_to, advice->to);
  OWNED_TEXT char *ratio = advice_ratio_text(&advice->mix);
  OWNED_TEXT char *busy =
      wish->rate_per_s > 0
          ? allocate_format(
                "busy: the share of their time that these cores take for it, at most %g %%; up to: the "
                "tokens/s that they carry then. ",
                wish->busy_limit * 100)
          : allocate_copy("");
  OWNED_TEXT char *legend = advice->mix_pace == PACE_ABSENT
                                ? allocate_format("Verification alone. %s", busy)
                                : allocate_format("Verification alone. %s%s is %s.", busy, advice->to, ratio);
  table_set_legends(table, legend);
}

/* ---- times ---- */

static void add_side_time(struct document_row *row, const struct result_speed *speed) {
  if (!speed)
    content_add_reason(row, "not measured");
  else if (result_is_void(speed) && figure_known(speed->ns))
    content_add_reason(row, "void")->style = STYLE_WRONG;
  else
    content_add_median(row, speed);
}

static void add_pace(struct document_row *row, const struct advice *advice,
                     const struct advice_speed *speed) {
  char figure[FIGURE_BYTES];
  if (speed->pace == PACE_ABSENT)
    return;
  row_add_cell(row, figure_plain(figure, speed->ratio.times));
  content_add_interval(row, speed->ratio.low, speed->ratio.high);
  struct document_cell *cell = row_add_cell(row, pace_word(speed->pace));
  cell->style = speed->pace == PACE_SLOWER                                      ? STYLE_WRONG
                : speed->pace == PACE_OPEN                                      ? STYLE_UNSURE
                : speed->pace == PACE_FASTER && speed_is_notable(advice, speed) ? STYLE_BEST
                                                                                : STYLE_PLAIN;
}

/* What is left out is like what is shown: another key size of the algorithm with the same answer, and of key
 * imports another algorithm of the family. */
static bool is_shown(const struct advice *advice, const struct advice_speeds *speeds, size_t at) {
  const struct advice_speed *speed = &speeds->items[at];
  unsigned main_bits;
  if (speeds == &advice->imports)
    return speed->pace == PACE_SLOWER ||
           content_is_typical(speed_row(speed)->alg, speed_row(speed)->key_bits);
  if (speed->counts || !result_main_size(advice->result, speed_row(speed)->alg, &main_bits) ||
      main_bits == speed_row(speed)->key_bits)
    return true;
  size_t first = at;
  while (first > 0 && strcmp(speed_row(&speeds->items[first - 1])->alg, speed_row(speed)->alg) == 0)
    first--;
  return speed->pace != speeds->items[first].pace;
}

static void add_time(struct document_table *table, const struct advice *advice,
                     const struct advice_speed *speed) {
  struct document_row *out = table_add_row(table);
  OWNED_TEXT char *alg = result_alg_text(speed_row(speed)->alg, speed_row(speed)->key_bits);
  row_add_cell(out, alg);
  add_side_time(out, speed->from);
  add_side_time(out, speed->to);
  add_pace(out, advice, speed);
}

/* Of both; a verifier has no key import of its own to tell. */
static bool any_measured(const struct advice_speeds *speeds) {
  bool any = false;
  for (size_t i = 0; i < speeds->count; i++)
    any = any || speeds->items[i].pace != PACE_ABSENT;
  return any;
}

static struct document_table *new_times(struct document *document, const struct advice *advice,
                                        const char *title) {
  struct document_table *table = document_add_table(document, title);
  table->tight = true;
  table_add_column(table, "algorithm", COLUMN_LEFT, 0);
  add_sides(table, advice);
  column_set_brief(table_add_column(table, "times as fast", 0, 0), "ratio");
  table_add_column(table, "interval", 0, 0);
  table_add_column(table, "answer", COLUMN_LEFT, 0);
  return table;
}

static void add_times(struct document *document, const struct advice *advice,
                      const struct advice_speeds *speeds, const char *title, const char *legend, bool all) {
  size_t left_out = 0, count = 0;
  if (!any_measured(speeds))
    return;
  const struct result_speed **shown = allocate_items(2 * speeds->count, sizeof *shown);
  struct document_table *table = new_times(document, advice, title);
  for (size_t i = 0; i < speeds->count; i++) {
    const struct advice_speed *speed = &speeds->items[i];
    if (!all && !is_shown(advice, speeds, i)) {
      left_out++;
      continue;
    }
    add_time(table, advice, speed);
    if (speed->from)
      shown[count++] = speed->from;
    if (speed->to)
      shown[count++] = speed->to;
  }
  content_apart_legend(table, legend, shown, count);
  if (left_out)
    document_add_text(document, 1, "", "%zu more: --verbose", left_out);
  free(shown);
}

static void add_speed(struct document *document, const struct advice *advice, bool all) {
  OWNED_TEXT char *legend = allocate_format(
      "as fast: no slower by more than %g %%. times as fast: of what was measured in the same moments, "
      "so that it can differ from one time divided by the other. interval: in which it lies, 95 %% sure for all comparisons of the run together.",
      advice->wish.threshold * 100);
  add_times(document, advice, &advice->verify, "Time of a token", legend, all);
  add_times(document, advice, &advice->imports, "Time of a key import", "", all);
}

static void add_memory(struct document *document, const struct advice *advice, bool all) {
  if (!advice->result->memory_count)
    return;
  struct document_table *table = document_add_table(document, "Memory");
  table_add_column(table, "of", COLUMN_LEFT, 0);
  add_sides(table, advice);
  advice_add_memory(document, advice, table, all);
}

/* ---- all of it ---- */

static void add_builds(struct document *document, const struct advice *advice) {
  struct build_pair pair = {result_find_subject(advice->result, advice->from),
                            result_find_subject(advice->result, advice->to)};
  const struct build_pairs pairs = {&pair, 1};
  content_build_pairs(document, &pairs, advice->from, advice->to);
}

static void add_run(struct document *document, const struct advice *advice, bool all) {
  size_t head = document->block_count;
  content_head(document, advice->result);
  document->blocks[head].text.gap = true;
  content_warnings(document, advice->result, all ? SIZE_MAX : 3);
}

void content_advice(struct document *document, const struct advice *advice, bool all) {
  add_first(document, advice);
  if (!advice->is_same_build) {
    add_changes(document, advice, all);
    add_mix(document, advice);
    add_speed(document, advice, all);
    add_memory(document, advice, all);
  }
  add_builds(document, advice);
  add_run(document, advice, all);
}
