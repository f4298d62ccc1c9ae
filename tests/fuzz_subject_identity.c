/* Any octets as what a worker says of itself: an identity without a hole, or one sentence. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/subject/subject_identity.h"

static void promise(bool kept) {
  if (!kept)
    abort();
}

static void lines_check(const struct identity_lines *lines) {
  for (size_t i = 0; i < lines->count; i++)
    promise(lines->items[i].text && lines->items[i].about);
  promise(!lines->count || identity_lines_have(lines, lines->items[lines->count - 1].text));
}

static void identity_check(const struct subject_identity *identity) {
  const char *const texts[] = {identity->name,
                               identity->summary,
                               identity->library,
                               identity->version,
                               identity->path,
                               identity->note,
                               identity->module_compiler,
                               identity->module_flags,
                               identity->module_sanitizer,
                               identity->allocations_missing};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    promise(texts[i] != NULL);
  lines_check(&identity->build);
  lines_check(&identity->dispatch);
  lines_check(&identity->variants);
  lines_check(&identity->untold);
  promise((identity->algs & ~ASSAY_ALGS_ALL) == 0 && !identity->is_floor);
  for (unsigned reason = 1; reason < REASON_FAULT; reason++)
    promise(identity->untold.count || !reason_set_has(&identity->gaps, reason));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct subject_identity identity;
  struct assay_error error = {""};
  char *text = strndup((const char *)data, size);
  promise(text != NULL);
  bool ok = subject_identity_read(&identity, text, &error);
  promise(ok ? identity.json && !*error.text : !identity.json && *error.text);
  if (ok)
    identity_check(&identity);
  subject_identity_fini(&identity);
  free(text);
  return 0;
}
