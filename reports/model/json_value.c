/* Texts and figures as JSON values. */
#include "reports/model/json_value.h"

#include <math.h>
#include <stdlib.h>

#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/figures.h"

json_t *json_text(const char *text) {
  OWNED_TEXT char *valid = utf8_repair(text);
  json_t *json = json_string(valid);
  return json;
}

json_t *json_figure(double value) {
  if (!figure_known(value))
    return json_null();
  value = figure_round(value, 6);
  return value == floor(value) && value < (double)JSON_EXACT_LIMIT ? json_integer((json_int_t)value)
                                                                   : json_real(value);
}

json_t *json_difference(double value) {
  return isfinite(value) && value < 0 ? json_real(-figure_round(-value, 6)) : json_figure(value);
}

json_t *json_count(uint64_t count) {
  return json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t)count);
}

/* 15 digits print a double that was rounded to fewer as it was rounded. */
bool json_put(json_t *value, size_t flags, FILE *stream) {
  char *text = json_dumps(value, flags | JSON_ENSURE_ASCII | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
  json_decref(value);
  if (text)
    fputs(text, stream);
  free(text);
  return text != NULL;
}
