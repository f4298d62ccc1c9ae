/* Words and values of options; see common_options.h. */
#include "harness/cli/common_options.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cli/command.h"
#include "harness/job/machine.h"
#include "reports/document/terminal.h"

bool command_read(const struct usage *usage, void *values, int argc, char **argv,
                  struct options_given *given) {
  struct assay_error error = {0};
  bool ok = options_read(usage, values, argc, argv, given, &error);
  if (!ok)
    complain(usage_word(usage), "%s", error.text);
  return ok;
}

/* ---- words ---- */

const char *format_word(unsigned number) {
  return result_formats[number] ? result_formats[number]->name : NULL;
}

const char *count_word(unsigned number) {
  return number == 0 ? "instructions" : NULL;
}

const char *subject_or_group_word(unsigned number) {
  unsigned before = 0;
  while (before < number && subject_word(before))
    before++;
  const char *name = subject_word(number);
  return name ? name : subject_group_word(number - before);
}

/* ---- values ---- */

bool take_subjects(void *member, const char *text, struct assay_error *error) {
  subject_specs_fini(member);
  return subject_specs_add_list(member, text, error);
}

bool take_core(void *member, const char *text, struct assay_error *error) {
  double number;
  *(int *)member = -1;
  if (strcmp(text, "auto") == 0)
    return true;
  if (!option_number("cpu", text, 0, CPU_SETSIZE - 1, &number, error))
    return false;
  int core = (int)number;
  if (core != number)
    return error_set(error, "--cpu takes a whole number or auto, not '%s'", text);
  *(int *)member = core;
  return machine_has_core(core) ||
         error_set(
             error,
             "--cpu %d: there is no such core, or it is offline or not for this process; the last is %d",
             core, machine_last_core());
}

bool options_selection(const char *command, const struct result *result, const struct result_view *view) {
  struct document document = {0};
  struct assay_error error = {0};
  if (!view->only && !view->shown_columns && !view->sort)
    return true;
  bool ok = terminal_document(&document, result, view, &error);
  if (!ok)
    complain(command, "%s", error.text);
  document_fini(&document);
  return ok;
}
