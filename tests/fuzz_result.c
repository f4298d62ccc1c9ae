/* Feeds any bytes to the reader of result files; what it takes must come out of every format whole, and out
 * of JSON as it went in. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/model/result.h"

static char *render(const struct result_format *format, const struct result *result) {
  char *text = NULL;
  size_t length = 0;
  struct result_view view = {.columns = 80, .verbose = true};
  FILE *stream = open_memstream(&text, &length);
  if (!stream || !format->write(result, &view, stream) || fclose(stream) != 0)
    abort();
  return text;
}

static void check_round_trip(const char *json) {
  struct assay_error error = {0};
  struct result *again = result_parse(json, strlen(json), "again", &error);
  if (!again)
    abort(); /* the writer writes what the reader refuses */
  char *second = render(result_format_by_name("json"), again);
  if (strcmp(second, json) != 0)
    abort();
  free(second);
  result_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct assay_error error = {0};
  struct result *result = result_parse((const char *)data, size, "fuzz", &error);
  if (!result) {
    if (error.text[0] == '\0')
      abort(); /* a refusal without a sentence */
    return 0;
  }
  for (const struct result_format *const *format = result_formats; *format; format++) {
    char *text = render(*format, result);
    if (strcmp((*format)->name, "terminal") == 0 && strchr(text, 0x1b))
      abort();
    if (strcmp((*format)->name, "json") == 0)
      check_round_trip(text);
    free(text);
  }
  result_free(result);
  return 0;
}
