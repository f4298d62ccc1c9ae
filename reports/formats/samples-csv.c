/* The raw samples, a row each: the time of a token in one launch, of which the other formats tell the median
 * and its interval. The columns before it say what was measured, so that a table can be grouped by any of
 * them. Rows that are void have none. */
#include <math.h>

#include "reports/content/content.h"
#include "reports/content/rows.h"
#include "reports/text/escape.h"
#include "reports/text/figures.h"

static void put_text(FILE *stream, const char *text) {
  put_csv(stream, text);
  fputc(',', stream);
}

static void put_conditions(FILE *stream, const struct result_speed *row) {
  put_text(stream, metric_word(row->metric));
  put_text(stream, row->subject);
  put_text(stream, row->alg);
  fprintf(stream, "%u,", row->key_bits);
  put_text(stream, mode_word(row->mode));
  fprintf(stream, "%u,%u,%u,%s,", row->threads, row->batch, row->keys, row->kid ? "true" : "false");
  put_text(stream, key_place_word(row->key_place));
  if (!isnan(row->bad_share))
    fprintf(stream, "%.6g", row->bad_share);
  fputc(',', stream);
}

static void put_samples(FILE *stream, const struct result *result, const char *name,
                        const struct result_speed *row) {
  char ns[FIGURE_BYTES];
  for (size_t i = 0; i < row->sample_count && !result_is_void(row); i++) {
    put_text(stream, result->tool.version);
    put_text(stream, result->tool.commit);
    put_text(stream, result->started);
    put_text(stream, name);
    put_conditions(stream, row);
    fprintf(stream, "%zu,%s\r\n", i + 1,
            figure_known(row->samples[i]) ? figure_six(ns, row->samples[i]) : "");
  }
}

static bool write_samples_csv(const struct result *result, const struct result_view *view, FILE *stream) {
  (void)view;
  struct row_names names = row_names_of(result);
  fputs("version,commit,started,name,metric,subject,alg,key_bits,mode,threads,batch,keys,kid,key_place,"
        "bad_share,launch,ns\r\n",
        stream);
  for (size_t i = 0; i < result->speed_count; i++)
    put_samples(stream, result, names.of[i], &result->speed[i]);
  row_names_fini(&names);
  return true;
}

const struct result_format format_samples_csv = {
    .name = "samples-csv",
    .summary = "raw samples: one row per launch, with what was measured",
    .extension = "csv",
    .readers = "R, pandas, spreadsheets",
    .write = write_samples_csv,
};
