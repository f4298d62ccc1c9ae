/* The choices as JSON: schema assay-choice/1. Figures that are not known are null. */
#include <math.h>

#include "reports/choose/choice.h"
#include "reports/model/json_value.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/figures.h"

static json_t *text_or_null(const char *text) {
  if (!text || !text[0])
    return json_null();
  OWNED_TEXT char *valid = utf8_repair(text);
  json_t *json = json_string(valid);
  return json;
}

static json_t *wish_json(const struct choice_wish *wish) {
  json_t *mix = json_array();
  for (unsigned m = 0; m < wish->mix_count; m++)
    json_array_append_new(mix,
                          json_pack("{s:s, s:i, s:o}", "alg", wish->mix[m].alg, "key_bits",
                                    (int)wish->mix[m].key_bits, "share", json_figure(wish->mix[m].share)));
  return json_pack("{s:o, s:o, s:o, s:o, s:o}", "mix", mix, "rate_per_s", json_figure(wish->rate_per_s),
                   "latency_ns", json_figure(wish->latency_ns), "busy_limit", json_figure(wish->busy_limit),
                   "cores", wish->cores ? json_integer(wish->cores) : json_null());
}

static json_t *parts_json(const struct choices *choices, const struct choice *choice) {
  json_t *parts = json_array();
  for (unsigned m = 0; m < choices->wish.mix_count; m++) {
    const struct result_speed *row = choice->parts[m];
    json_array_append_new(parts, json_pack("{s:s, s:o, s:o}", "alg", choices->wish.mix[m].alg, "ns",
                                           json_figure(row ? row->ns : (double)NAN), "p99_ns",
                                           json_figure(row ? row->p99_ns : (double)NAN)));
  }
  return parts;
}

/* Behind the best one, whose times are the shorter ones by this. */
static json_t *behind_json(const struct ratio *behind) {
  if (!figure_known(behind->times))
    return json_null();
  return json_pack("{s:o, s:o, s:o, s:b}", "ratio", json_figure(behind->times), "ratio_low",
                   json_figure(behind->low), "ratio_high", json_figure(behind->high), "resolved",
                   behind->resolved);
}

static json_t *choice_json(const struct choices *choices, const struct choice *choice) {
  json_t *cores = choice->cores_needed ? json_integer(choice->cores_needed) : json_null();
  json_t *json =
      json_pack("{s:o, s:b, s:o, s:o, s:o, s:o}", "subject", text_or_null(choice->subject), "usable",
                !choice->out, "out", text_or_null(choice->out), "aside", text_or_null(choice->aside), "mix",
                parts_json(choices, choice), "cores_needed", cores);
  const struct {
    const char *name;
    double value;
  } figures[] = {{"ns", choice->ns},
                 {"ns_low", choice->ns_low},
                 {"ns_high", choice->ns_high},
                 {"ns_together", choice->ns_together},
                 {"p99_ns", choice->p99_ns},
                 {"wait_p99_ns", choice->wait_ns},
                 {"busy", choice->busy},
                 {"up_to_per_s", choice->up_to_per_s},
                 {"bad_ns", choice->bad_ns},
                 {"bad_per_s", choice->bad_per_s},
                 {"bad_share", choice->bad_share}};
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
    json_object_set_new(json, figures[i].name, json_figure(figures[i].value));
  json_object_set_new(json, "behind", behind_json(&choice->behind));
  json_object_set_new(json, "bad_reason", text_or_null(choice->bad_what));
  json_object_set_new(json, "bad_alg", text_or_null(choice->bad_alg));
  return json;
}

json_t *choices_json(const struct choices *choices) {
  json_t *list = json_array();
  for (size_t i = 0; i < choices->count; i++)
    json_array_append_new(list, choice_json(choices, &choices->items[i]));
  return allocated(json_pack("{s:s, s:o, s:b, s:o}", "schema", "assay-choice/1", "wish",
                             wish_json(&choices->wish), "verdicts", choices->verdicts, "subjects", list));
}
