/* What to watch when one goes: all that is worth a line and is no answer. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "reports/advise/advice_parts.h"
#include "reports/model/measured.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define NAMED_MOST 4

static void note(struct advice *advice, const char *about, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void note(struct advice *advice, const char *about, const char *format, ...) {
  va_list args;
  va_start(args, format);
  advice->notes = allocate_one_more(advice->notes, advice->note_count, sizeof *advice->notes);
  advice->notes[advice->note_count++] = (struct advice_note){about, allocate_vformat(format, args)};
  va_end(args);
}

/* ---- verdicts ---- */

/* "12 tokens, such as of ed-cofactor"; of results of before tokens were counted, "tokens, such as ..". free()
 * it. */
static char *tokens_of(const struct change_sum *sum) {
  char tokens[FIGURE_NOUN_BYTES];
  return allocate_format("%s, such as of %s",
                         sum->tokens ? figure_noun(tokens, sum->tokens, "token") : "tokens",
                         sum->first->class_id);
}

static void add_changes(struct advice *advice) {
  static const struct {
    enum change_kind kind;
    const char *words;
  } told[] = {{CHANGE_LAXER, "laxer, where no one answer is expected"},
              {CHANGE_STRICTER, "stricter, where no one answer is expected"},
              {CHANGE_REASON, "refused for another reason, which logs and alarms may go by"},
              {CHANGE_MENDED, "answered better than before"}};
  for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
    struct change_sum sum = advice_sum(advice, told[i].kind, told[i].kind);
    OWNED_TEXT char *tokens = sum.count ? tokens_of(&sum) : allocate_copy("");
    if (sum.count)
      note(advice, "verdicts", "%s: %s", told[i].words, tokens);
  }
}

/* ---- algorithms and speed ---- */

static void add_algorithms(struct advice *advice) {
  OWNED_TEXT char *lost = names_join(&advice->lost, " and "), *gained = names_join(&advice->gained, " and ");
  if (advice->lost.count)
    note(advice, "algorithms", "%s has no %s, which %s has", advice->to, lost, advice->from);
  if (advice->gained.count)
    note(advice, "algorithms", "%s has %s, which %s lacks", advice->to, gained, advice->from);
}

/* "ES256 0.53 times as fast [0.52, 0.55], ES384 ..", the first few; NULL: none. free() it. */
static char *speeds_of(const struct advice_speeds *speeds, enum pace pace, bool with_ratio) {
  OWNED_TALLY struct tally parts = {0};
  size_t more = 0;
  for (size_t i = 0; i < speeds->count; i++) {
    const struct advice_speed *speed = &speeds->items[i];
    if (speed->pace != pace)
      continue;
    OWNED_TEXT char *alg = result_alg_text(speed->from->alg, speed->from->key_bits),
                    *ratio = advice_ratio_text(&speed->ratio);
    if (parts.count < NAMED_MOST)
      names_addf(&parts, "%s%s%s", alg, with_ratio ? " " : "", with_ratio ? ratio : "");
    else
      more++;
  }
  if (more)
    names_addf(&parts, "%zu more", more);
  return parts.count ? names_join(&parts, ", ") : NULL;
}

static void add_slower(struct advice *advice) {
  double percent = advice->wish.threshold * 100;
  OWNED_TEXT char *slower = speeds_of(&advice->verify, PACE_SLOWER, true),
                  *open = speeds_of(&advice->verify, PACE_OPEN, false),
                  *imports = speeds_of(&advice->imports, PACE_SLOWER, true);
  if (slower)
    note(advice, "speed", "slower by more than %g %%: %s", percent, slower);
  if (slower && !advice->wish.mix.mix_count)
    note(advice, "speed", "whether that matters depends on your tokens: --mix says what they are");
  if (open && !advice->result->partial)
    note(advice, "speed", "not resolved whether slower by more than %g %%: %s; a longer --budget tells",
         percent, open);
  if (imports)
    note(advice, "key import", "slower by more than %g %%: %s", percent, imports);
}

static void add_cores(struct advice *advice) {
  if (advice_cores_are_open(advice))
    note(advice, "cores", "that the mix needs %s of them is within what this run can tell",
         advice_more_cores(advice) > 0 ? "more" : "fewer");
}

/* Takes the clause over. */
static void add_clause(struct advice *advice, const char *about, char *clause) {
  if (clause)
    note(advice, about, "%s", clause);
  free(clause);
}

/* ---- what was compared, and where ---- */

static void add_kinds(struct advice *advice, const struct result_subject *from,
                      const struct result_subject *to) {
  if (strcmp(from->kind, to->kind) == 0)
    return;
  bool is_backend = strcmp(from->kind, "backend") == 0;
  note(
      advice, "kinds",
      "%s is a crypto library behind assay's own checks, %s checks tokens by itself: what changes is all of the "
      "verification, not a library below it",
      is_backend ? advice->from : advice->to, is_backend ? advice->to : advice->from);
}

/* Words such as "none" and "not visible" say that there is nothing to tell. */
static bool is_virtual(const char *hypervisor) {
  return hypervisor[0] && strncmp(hypervisor, "no", 2) != 0;
}

static void add_machine(struct advice *advice) {
  const struct result_machine *machine = &advice->result->machine;
  if (machine->cores == 1)
    note(advice, "machine",
         "one core: whatever else ran had it too, and what cores do together is not measured");
  if (is_virtual(machine->hypervisor))
    note(
        advice, "machine",
        "a virtual machine (%s): ratios of one run hold better than its times, which move with the neighbours",
        machine->hypervisor);
}

void advice_add_notes(struct advice *advice, const struct result_subject *from,
                      const struct result_subject *to) {
  add_changes(advice);
  add_algorithms(advice);
  add_slower(advice);
  add_cores(advice);
  add_clause(advice, "memory", advice_peak_words(advice));
  add_clause(advice, "memory", advice_allocations_words(advice));
  add_kinds(advice, from, to);
  add_machine(advice);
}
