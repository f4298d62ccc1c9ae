/* Any octets as the value of --subject: subjects that can be told apart, or one sentence. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/subject/subject_spec.h"

static void promise(bool kept) {
  if (!kept)
    abort();
}

static void spec_check(const struct subject_spec *spec) {
  promise(strnlen(spec->label, sizeof spec->label) < sizeof spec->label && spec->label[0]);
  promise(strnlen(spec->name, sizeof spec->name) < sizeof spec->name);
  promise(strnlen(spec->argument, sizeof spec->argument) < sizeof spec->argument);
  promise(spec->module[0] == '/' && strnlen(spec->module, sizeof spec->module) < sizeof spec->module);
  promise(!spec->prefix[0] || spec->prefix[0] == '/');
  promise(!spec->is_floor || spec->kind == SUBJECT_BACKEND);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *list = strndup((const char *)data, size);
  struct assay_error error = {""};
  struct subject_specs specs = {0};
  promise(list != NULL);
  bool ok = subject_specs_add_list(&specs, list, &error);
  promise(ok == !*error.text);
  for (size_t i = 0; i < specs.count; i++) {
    spec_check(&specs.items[i]);
    promise((strcmp(specs.items[i].label, FLOOR_NAME) == 0) == specs.items[i].is_floor);
    promise(!ok || !specs.items[i].is_floor || i + 1 == specs.count);
    for (size_t j = 0; j < i; j++)
      promise(strcmp(specs.items[i].label, specs.items[j].label) != 0);
  }
  subject_specs_fini(&specs);
  free(list);
  return 0;
}
