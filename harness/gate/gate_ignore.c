/* --ignore: what is known to be worse does not fail a gate, and is told. */
#include <fnmatch.h>
#include <stdlib.h>

#include "harness/gate/gate.h"
#include "harness/gate/stored_missing.h"
#include "reports/content/content.h"
#include "reports/content/rows.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

struct gate_ignored {
  uint64_t tokens;
  struct tally names; /* "bitflip/signature ES256 (openssl)" */
  bool *met;          /* of each pattern */
};

static struct gate_ignored *ignored_of(struct gate *gate) {
  if (!gate->ignored) {
    gate->ignored = allocate_items(1, sizeof *gate->ignored);
    gate->ignored->met = allocate_items(gate->options->ignore_count, sizeof *gate->ignored->met);
  }
  return gate->ignored;
}

/* Every pattern that fits is met, so that none of them is told to be of no use. */
static bool meets(struct gate *gate, const char *place) {
  bool any = false;
  for (unsigned i = 0; i < gate->options->ignore_count; i++)
    if (fnmatch(gate->options->ignore[i], place, FNM_LEADING_DIR) == 0)
      any = ignored_of(gate)->met[i] = true;
  return any;
}

bool gate_ignores(struct gate *gate, const char *class_id, const char *variant, const char *alg,
                  const char *subject, uint64_t tokens) {
  OWNED_TEXT char *place = allocate_format("%s/%s/%s/%s", class_id, variant, alg, subject);
  bool known = meets(gate, place);
  if (!known)
    return false;
  OWNED_TEXT char *class = verdict_class(class_id, variant),
                  *name = allocate_format("%s %s of %s", class, alg, subject);
  gate->ignored->tokens += tokens;
  names_add(&gate->ignored->names, name);
  return true;
}

static void add_note(struct gate *gate, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_note(struct gate *gate, const char *format, ...) {
  va_list args;
  va_start(args, format);
  OWNED_TEXT char *text = allocate_vformat(format, args);
  va_end(args);
  strings_add(&gate->notes, text);
}

uint64_t gate_tell_ignored(struct gate *gate) {
  struct gate_ignored *ignored = gate->options->ignore_count ? ignored_of(gate) : NULL;
  char tokens[FIGURE_NOUN_BYTES], *names = ignored ? names_short(&ignored->names) : NULL;
  if (names)
    add_note(gate, "ignored as told: %s answered worse, %s", figure_noun(tokens, ignored->tokens, "token"),
             names);
  free(names);
  for (unsigned i = 0; ignored && i < gate->options->ignore_count; i++)
    if (!ignored->met[i])
      add_note(gate, "--ignore %s met nothing that is answered worse", gate->options->ignore[i]);
  return ignored ? ignored->tokens : 0;
}

void gate_free_ignored(struct gate *gate) {
  if (!gate->ignored)
    return;
  tally_fini(&gate->ignored->names);
  free(gate->ignored->met);
  free(gate->ignored);
  gate->ignored = NULL;
}
