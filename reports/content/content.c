/* The head of every report, its warnings, and what the other parts of the content share. */
#include "reports/content/content.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "reports/model/fields.h"
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
  char count[FIGURE_BYTES];
  bool thousands = row->keys && row->keys % 1000 == 0;
  if (brief)
    return allocate_format("%u%s%s %s", thousands ? row->keys / 1000 : row->keys, thousands ? "k" : "",
                           row->kid ? "" : " no kid", key_place_word(row->key_place));
  return allocate_format("%s key%s%s, %s", figure_count(count, row->keys), row->keys == 1 ? "" : "s",
                         row->kid ? "" : ", no kid", key_place_word(row->key_place));
}

/* Takes the word over. */
static void add_word(struct tally *words, char *word) {
  names_add(words, word);
  free(word);
}

char *content_conditions(const struct result_speed *row, bool brief) {
  struct tally words = {0};
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
  tally_fini(&words);
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

static void append_word(char **text, const char *word) {
  char *quoted = shell_quote(word);
  result_setf(text, "%s %s", *text, quoted);
  free(quoted);
}

/* How the list of --subject names the subject; the whole list where that cannot be seen: a module by its
 * path. free() it. */
static char *subject_spec(const char *list, const char *subject) {
  size_t len = strlen(subject);
  for (const char *item = list; item; item = strchr(item, ','), item += item != NULL) {
    size_t item_len = strcspn(item, ",");
    if (strncmp(item, subject, len) == 0 && (item_len == len || item[len] == '='))
      return strndup(item, item_len);
  }
  return allocate_copy(list);
}

/* The value of an option in the words of a command; NULL: it is not there. */
static const char *option_value(const struct result_strings *words, const char *option) {
  size_t len = strlen(option);
  for (size_t i = 0; i < words->count; i++) {
    if (strncmp(words->items[i], option, len) != 0)
      continue;
    if (words->items[i][len] == '=')
      return words->items[i] + len + 1;
    if (words->items[i][len] == '\0' && i + 1 < words->count)
      return words->items[i + 1];
  }
  return NULL;
}

/* What --subject takes to ask the subject again; a gate's run names its builds --base and --head. NULL: the
 * run named none. free() it. */
static char *spec_of(const struct result_strings *command, const char *subject) {
  const char *list = option_value(command, "--subject"), *head = option_value(command, "--head");
  if (list)
    return subject_spec(list, subject);
  if (!head)
    return NULL;
  return allocate_copy(strncmp(subject, "base", 4) == 0 ? option_value(command, "--base") : head);
}

/* How many words from this one on say with what the tokens were checked: 2 for an option and its value, 1 for
 * both in one, 0 for none. --alg is such a word only beside raw tokens, where it belongs to what is trusted.
 */
static size_t words_kept(const struct result_strings *command, size_t at) {
  static const char *const kept[] = {"--corpus",      "--cases",  "--policy",   "--tokens", "--keys",
                                     "--secret-file", "--issuer", "--audience", "--alg"};
  size_t count = sizeof kept / sizeof kept[0] - (option_value(command, "--tokens") ? 0 : 1);
  for (size_t i = 0; i < count; i++) {
    size_t len = strlen(kept[i]);
    if (strncmp(command->items[at], kept[i], len) != 0)
      continue;
    if (command->items[at][len] == '=')
      return 1;
    if (command->items[at][len] == '\0' && at + 1 < command->count)
      return 2;
  }
  return 0;
}

/* "--corpus=DIR" becomes two words, as people type it. */
static void append_option(char **text, const char *word) {
  const char *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
  char *name = allocate_format("%.*s", (int)(equals ? equals - word : 0), word);
  if (equals)
    append_word(text, name);
  append_word(text, equals ? equals + 1 : word);
  free(name);
}

char *content_explain_start(const struct result *result, const char *subject) {
  char *text = allocate_copy("assay check");
  char *spec = spec_of(&result->command, subject);
  if (spec) {
    append_word(&text, "--subject");
    append_word(&text, spec);
  }
  free(spec);
  for (size_t i = 0; i < result->command.count;) {
    size_t end = i + words_kept(&result->command, i);
    i += end == i;
    for (; i < end; i++)
      append_option(&text, result->command.items[i]);
  }
  append_word(&text, "--explain");
  return text;
}

char *content_explain_command(const struct result *result, const char *subject, const char *token) {
  char *text = content_explain_start(result, subject);
  append_word(&text, token);
  return text;
}

char *content_no_interval(const struct result *result) {
  if (result->run.launches <= 1)
    return allocate_copy("One launch gives no interval");
  return allocate_format("%u launches are too few for an interval", result->run.launches);
}

double content_reach(const struct result_speed *row) {
  return fmax(row->ns_high / row->ns - 1, 1 - row->ns_low / row->ns);
}

void content_reach_legend(struct document_table *table, const char *legend, double reach) {
  char figure[FIGURE_BYTES];
  char *text = allocate_copy(legend);
  if (figure_known(reach))
    result_setf(&text, "%s The 95 %% intervals over launches reach %s from the figures at most.", legend,
                figure_percent(figure, reach));
  table_set_legends(table, text);
  free(text);
}

void content_add_names(struct document_row *row, const char *alg, unsigned key_bits,
                       const struct result *result, const char *subject) {
  char *cell = result_alg_text(alg, key_bits), *who = content_subject(result, subject, true);
  row_add_cell(row, cell);
  row_add_cell(row, who);
  free(who);
  free(cell);
}

struct document_cell *content_add_interval(struct document_row *row, double low, double high) {
  char from[FIGURE_BYTES], to[FIGURE_BYTES];
  if (!figure_known(low) || !figure_known(high))
    return content_add_reason(row, "too few launches");
  char *text = allocate_format("%s to %s", figure_plain(from, low), figure_plain(to, high));
  struct document_cell *cell = row_add_cell(row, text);
  free(text);
  return cell;
}

/* A rate without prefix leaves room for one, so that digits stand below digits. */
struct document_cell *content_add_rate(struct document_row *row, double per_s, const char *why) {
  char figure[FIGURE_BYTES + 2];
  if (!figure_known(per_s))
    return content_add_reason(row, why);
  figure_si(figure, per_s);
  if (per_s < 999.5 && !strchr(figure, 'k'))
    strcat(figure, "  ");
  return row_add_cell(row, figure);
}

/* "none", "no", "unavailable" and the like: what says that there is nothing. */
static bool is_nothing(const char *text) {
  static const char *const words[] = {"none", "no", "unavailable", "not available", NULL};
  for (const char *const *word = words; *word; word++)
    if (strcmp(text, *word) == 0)
      return true;
  return false;
}

/* Adds "clock 38 ns" to a list of facts where the figure is known. */
static void add_known(struct tally *facts, const char *what, double value, char *(*write)(char *, double)) {
  char figure[FIGURE_BYTES];
  if (!figure_known(value))
    return;
  char *fact = allocate_format("%s %s", what, write(figure, value));
  names_add(facts, fact);
  free(fact);
}

static void add_either(struct tally *facts, const char *value, const char *nothing, const char *unknown,
                       const char *before) {
  char *fact = allocate_format("%s%s", is_nothing(value) || !value[0] ? "" : before,
                               is_nothing(value) ? nothing
                               : value[0]        ? value
                                                 : unknown);
  names_add(facts, fact);
  free(fact);
}

static void head_machine(struct document *document, const struct result_machine *machine,
                         const struct result_run *run) {
  struct tally facts = {0};
  if (machine->cpu[0])
    names_add(&facts, machine->cpu);
  char *cores = allocate_format("%u core%s", machine->cores, machine->cores == 1 ? "" : "s");
  names_add(&facts, machine->cores ? cores : "cores not known");
  add_either(&facts, machine->hypervisor, "no hypervisor", "hypervisor not known", "");
  add_either(&facts, machine->counters, "no counters", "counters not known", "counters ");
  add_known(&facts, "clock", machine->timer_ns, figure_time);
  add_known(&facts, "blocks", run->block_ns, figure_time);
  char *text = names_join(&facts, ", ");
  document_add_text(document, 0, "machine", "%s", text);
  free(text);
  free(cores);
  tally_fini(&facts);
}

static void head_run(struct document *document, const struct result *result) {
  const struct result_run *run = &result->run;
  struct tally facts = {0};
  char *launches = allocate_format("%u launch%s", run->launches, run->launches == 1 ? "" : "es");
  char *rounds = allocate_format("%u round%s", run->rounds, run->rounds == 1 ? "" : "s");
  char *pinned = allocate_format("pinned to CPU %d", run->pinned_cpu);
  names_add(&facts, result->started[0] ? result->started : "start not known");
  if (run->launches)
    names_add(&facts, launches);
  if (run->rounds)
    names_add(&facts, rounds);
  names_add(&facts, run->pinned_cpu < 0 ? "not pinned" : pinned);
  if (run->steal > 0)
    add_known(&facts, "stolen CPU time", run->steal, figure_percent);
  add_known(&facts, "took", run->duration_s, figure_duration);
  char *text = names_join(&facts, ", ");
  document_add_text(document, 0, "run", "%s", text);
  free(text);
  free(pinned);
  free(rounds);
  free(launches);
  tally_fini(&facts);
}

static bool has_times(const struct result *result) {
  bool any = result->ledger_count > 0 || result->rejection_cost_count > 0;
  for (size_t i = 0; i < result->speed_count && !any; i++)
    any = figure_known(result->speed[i].ns);
  for (size_t i = 0; i < result->scaling_count && !any; i++)
    any = figure_known(result->scaling[i].tokens_per_s);
  return any;
}

/* What the machine can tell apart, wherever times are shown. */
static void head_noise(struct document *document, const struct result *result) {
  const struct result_noise *noise = &result->noise;
  char trials[FIGURE_BYTES], different[FIGURE_BYTES];
  if (!has_times(result))
    return;
  if (noise->trials == 0) {
    document_add_text(document, 0, "noise", "not known: `assay selftest` looks at it")->style = STYLE_UNSURE;
    return;
  }
  char *found =
      figure_known(noise->min_detectable)
          ? allocate_format("a slowdown of %.3g %% was found 9 times in 10", noise->min_detectable * 100)
          : allocate_copy("no slowdown of 5 % or less was found 9 times in 10");
  double called = noise->false_positive_rate * (double)noise->trials;
  document_add_text(document, 0, "noise",
                    "by the self-test, %s of %s comparisons of identical builds called different; %s",
                    figure_count(different, called > 0 ? (uint64_t)(called + 0.5) : 0),
                    figure_count(trials, noise->trials), found);
  free(found);
}

void content_head(struct document *document, const struct result *result) {
  const struct result_corpus *corpus = &result->corpus;
  char tokens[FIGURE_NOUN_BYTES], classes[FIGURE_NOUN_BYTES];
  char *tool = allocate_format("assay %s", result->tool.version);
  document_add_text(document, 0, tool, "corpus %s, seed %" PRIu64 ": %s, %s",
                    corpus->profile[0] ? corpus->profile : "without a name", corpus->seed,
                    figure_noun(tokens, corpus->tokens, "token"),
                    figure_noun(classes, corpus->classes, "class"));
  free(tool);
  head_machine(document, &result->machine, &result->run);
  head_run(document, result);
  head_noise(document, result);
}

/* Words of one field of a list's rows that no table knows, each with the number of rows that have it. */
static void add_unknown_of(struct tally *warnings, const struct field *list, const struct field *field,
                           const struct result *result) {
  const char *rows = *(char *const *)field_at(list, result);
  struct tally words = {0};
  size_t *counts = allocate_items(*field_count(list, result), sizeof *counts);
  for (size_t i = 0; i < *field_count(list, result); i++) {
    unsigned value = *(const unsigned *)field_at(field, rows + i * list->shape->size);
    if (!word_is_known(field->words, value))
      counts[tally_index(&words, word_text(field->words, value), NULL)]++;
  }
  for (size_t i = 0; i < words.count; i++) {
    char count[FIGURE_NOUN_BYTES];
    char *warning =
        allocate_format("`%s` is `%s` in %s of `%s`, which only a later assay knows: tables may lack them",
                        field->name, words.items[i], figure_noun(count, counts[i], "row"), list->name);
    names_add(warnings, warning);
    free(warning);
  }
  free(counts);
  tally_fini(&words);
}

static void add_unknown_words(struct tally *warnings, const struct result *result) {
  for (size_t i = 0; i < result_shape.field_count && words_are_unknown(); i++) {
    const struct field *list = &result_shape.fields[i];
    for (size_t j = 0; list->kind == FIELD_LIST && j < list->shape->field_count; j++)
      if (list->shape->fields[j].kind == FIELD_WORD)
        add_unknown_of(warnings, list, &list->shape->fields[j], result);
  }
}

void content_warnings(struct document *document, const struct result *result, size_t most) {
  char duration[FIGURE_BYTES];
  if (result->partial && figure_known(result->run.duration_s))
    document_add_text(document, 0, "partial",
                      "partial result: interrupted after %s; what is missing was not measured",
                      figure_duration(duration, result->run.duration_s));
  else if (result->partial)
    document_add_text(document, 0, "partial",
                      "partial result: interrupted; what is missing was not measured");
  struct tally warnings = {0};
  if (result_is_sanitized(result))
    names_add(&warnings, "sanitizer build: its times are no measure of any library and are not compared");
  for (size_t i = 0; i < result->machine.warnings.count; i++) /* first: they are about every figure */
    names_add(&warnings, result->machine.warnings.items[i]);
  add_unknown_words(&warnings, result);
  size_t of_machine = warnings.count;
  for (size_t i = 0; i < result->warnings.count; i++)
    names_add(&warnings, result->warnings.items[i]);
  for (size_t i = 0; i < warnings.count && (i < of_machine || i - of_machine < most); i++)
    document_add_text(document, 0, "warning", "%s", warnings.items[i]);
  if (warnings.count - of_machine > most)
    document_add_text(document, 0, "", "%zu more warning%s: --verbose", warnings.count - of_machine - most,
                      warnings.count - of_machine - most == 1 ? "" : "s");
  tally_fini(&warnings);
}

void content_tables(struct document *document, const struct result *result, bool all, bool bars) {
  content_speed(document, result, all);
  if (bars)
    content_bars(document, result, all);
  content_instructions(document, result);
  content_setup(document, result);
  content_scaling(document, result);
  content_ledger(document, result);
  content_costs(document, result, all);
  content_shares(document, result);
  content_keysets(document, result);
  content_memory(document, result);
  content_verdicts(document, result, all);
  content_matrix(document, result, all);
  content_unscored(document, result, all);
}
