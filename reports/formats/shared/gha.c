/* Entries of github-action-benchmark. */
#include "reports/formats/shared/gha.h"

#include <inttypes.h>

#include "reports/text/allocate.h"
#include "reports/text/figures.h"

void gha_add(json_t *list, const char *name, const char *unit, double value, double low, double high,
             const char *extra) {
  char text[FIGURE_BYTES];
  if (!figure_known(value))
    return;
  json_t *entry = json_object();
  json_object_set_new(entry, "name", json_text(name));
  json_object_set_new(entry, "unit", json_string(unit));
  json_object_set_new(entry, "value", json_figure(value));
  if (figure_known(low) && figure_known(high)) {
    double farther = high - value > value - low ? high - value : value - low;
    OWNED_TEXT char *range = allocate_format("+- %s", figure_six(text, farther));
    json_object_set_new(entry, "range", json_string(range));
  }
  if (extra[0])
    json_object_set_new(entry, "extra", json_text(extra));
  json_array_append_new(list, entry);
}

char *gha_extra(const struct result_speed *row) {
  char low[FIGURE_BYTES], high[FIGURE_BYTES], launches[FIGURE_NOUN_BYTES];
  figure_noun(launches, row->sample_count, "launch");
  if (!figure_known(row->ns_low) || !figure_known(row->ns_high))
    return allocate_copy(launches);
  return allocate_format("%s; interval %s to %s ns per %s", launches, figure_six(low, row->ns_low),
                         figure_six(high, row->ns_high), row_operation(row));
}

void gha_each_sum(json_t *list, const struct result *result, struct row_names *names,
                  void (*add)(json_t *list, const char *name, const struct verdict_sum *sum,
                              const char *extra)) {
  struct verdict_sums sums = verdict_sums_by(result, key_of_subject);
  for (size_t i = 0; i < sums.count; i++) {
    const struct verdict_sum *sum = &sums.items[i];
    OWNED_TEXT char *words = verdict_words(sum, ~0u);
    add(list, row_names_add(names, sum), sum, words);
  }
  verdict_sums_fini(&sums);
}
