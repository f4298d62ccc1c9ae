/* One table for spreadsheets: a row for each subject, algorithm and metric, then verdicts summed per subject
 * and algorithm (metric `verdicts`), then every class with a wrong answer by itself (metric `finding`). The
 * columns are the plain fields of those records, by fields.h. What is missing is an empty cell, and the column
 * `missing` says why. Every row tells the version and commit of assay and when the run began, so that the
 * tables of several runs can be put below each other. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/content/rows.h"
#include "reports/model/fields.h"
#include "reports/text/allocate.h"
#include "reports/text/escape.h"
#include "reports/text/figures.h"

/* The records that make rows, in order; their fields are the columns. */
static const struct shape *const shapes[] = {&speed_shape,  &scaling_shape, &rejection_cost_shape,
                                             &memory_shape, &gate_shape,    &verdict_shape};
#define SHAPES (sizeof shapes / sizeof shapes[0])

static bool is_plain(const struct field *field) {
  return field->kind <= FIELD_BYTES;
}

/* A row in the making: one text a column, "" at first. */
struct table {
  FILE *stream;
  const struct result *result;
  struct tally columns;
  char **cells;
};

static void set_cell(struct table *table, const char *column, char *text) {
  size_t index = tally_index(&table->columns, column, NULL);
  free(table->cells[index]);
  table->cells[index] = text;
}

static char *figure_text(double value) {
  char figure[FIGURE_BYTES];
  return allocate_copy(figure_known(value) ? figure_six(figure, value) : "");
}

static char *difference_text(double value) {
  OWNED_TEXT char *size = figure_text(fabs(value));
  char *text = allocate_format("%s%s", value < 0 && size[0] ? "-" : "", size);
  return text;
}

static char *field_text(const struct field *field, const void *record) {
  const void *at = field_at(field, record);
  switch (field->kind) {
  case FIELD_STRING: return allocate_copy(*(char *const *)at);
  case FIELD_WORD: return allocate_copy(word_text(field->words, *(const unsigned *)at));
  case FIELD_BOOL: return allocate_copy(*(const bool *)at ? "true" : "false");
  case FIELD_INDEX: return allocate_format("%d", *(const int *)at);
  case FIELD_UNSIGNED: return allocate_format("%u", *(const unsigned *)at);
  case FIELD_DERIVED: return allocate_format("%" PRIu64, field->derive(record));
  case FIELD_COUNT:
  case FIELD_SEED: return allocate_format("%" PRIu64, *(const uint64_t *)at);
  case FIELD_DIFFERENCE: return difference_text(*(const double *)at);
  default: return figure_text(*(const double *)at);
  }
}

static void set_record(struct table *table, const struct shape *shape, const void *record) {
  for (size_t i = 0; i < shape->field_count; i++)
    if (is_plain(&shape->fields[i]))
      set_cell(table, shape->fields[i].name, field_text(&shape->fields[i], record));
}

static void put_cells(struct table *table) {
  for (size_t i = 0; i < table->columns.count; i++) {
    fputs(i ? "," : "", table->stream);
    put_csv(table->stream, table->cells[i] ? table->cells[i] : "");
    free(table->cells[i]);
    table->cells[i] = NULL;
  }
  fputs("\r\n", table->stream);
}

static void put_row(struct table *table) {
  set_cell(table, "version", allocate_copy(table->result->tool.version));
  set_cell(table, "commit", allocate_copy(table->result->tool.commit));
  set_cell(table, "started", allocate_copy(table->result->started));
  put_cells(table);
}

static void open_table(struct table *table, FILE *stream) {
  table->stream = stream;
  tally_index(&table->columns, "metric", NULL);
  for (size_t i = 0; i < SHAPES; i++)
    for (size_t j = 0; j < shapes[i]->field_count; j++)
      if (is_plain(&shapes[i]->fields[j]))
        tally_index(&table->columns, shapes[i]->fields[j].name, NULL);
  tally_index(&table->columns, "answered", NULL);
  tally_index(&table->columns, "example", NULL);
  tally_index(&table->columns, "missing", NULL);
  tally_index(&table->columns, "operations_per_s", NULL);
  tally_index(&table->columns, "version", NULL);
  tally_index(&table->columns, "commit", NULL);
  tally_index(&table->columns, "started", NULL);
  table->cells = allocated(calloc(table->columns.count, sizeof *table->cells));
  for (size_t i = 0; i < table->columns.count; i++)
    table->cells[i] = allocate_copy(table->columns.items[i]);
  put_cells(table);
}

static char *missing_text(const struct result_speed *row) {
  char *text = allocate_copy("");
  for (size_t i = 0; i < row->missing_count; i++)
    result_setf(&text, "%s%s%s: %s", text, i ? "; " : "", row->missing[i].field, row->missing[i].why);
  return text;
}

/* Key imports and contexts are no tokens: their rate has a column of its own. */
static void set_rate(struct table *table, const struct result_speed *row) {
  if (row->metric != METRIC_KEY_IMPORT && row->metric != METRIC_CONTEXT)
    return;
  set_cell(table, "operations_per_s", figure_text(row->tokens_per_s));
  set_cell(table, "tokens_per_s", allocate_copy(""));
}

/* A void row keeps what it was about and loses its figures. */
static void put_speed(struct table *table, const struct result_speed *row) {
  set_record(table, &speed_shape, row);
  set_rate(table, row);
  if (result_is_void(row))
    for (size_t i = 0; i < speed_shape.field_count; i++)
      if (speed_shape.fields[i].kind == FIELD_FIGURE && strcmp(speed_shape.fields[i].name, "bad_share") != 0)
        set_cell(table, speed_shape.fields[i].name, allocate_copy(""));
  set_cell(table, "missing", result_is_void(row) ? allocate_copy(RESULT_VOID) : missing_text(row));
  put_row(table);
}

static void put_list(struct table *table, const char *metric, const struct shape *shape, const void *items,
                     size_t count) {
  for (size_t i = 0; i < count; i++) {
    set_record(table, shape, (const char *)items + i * shape->size);
    set_cell(table, "metric", allocate_copy(metric));
    put_row(table);
  }
}

static void put_stages(struct table *table, const struct result *result) {
  for (size_t i = 0; i < result->ledger_count; i++)
    for (size_t j = 0; j < result->ledger[i].stage_count; j++) {
      const struct result_ledger *ledger = &result->ledger[i];
      set_cell(table, "metric", allocate_copy("stage"));
      set_cell(table, "subject", allocate_copy(ledger->subject));
      set_cell(table, "alg", allocate_copy(ledger->alg));
      set_cell(table, "key_bits", allocate_format("%u", ledger->key_bits));
      set_cell(table, "stage", allocate_copy(ledger->stages[j].stage));
      set_cell(table, "ns", difference_text(ledger->stages[j].ns));
      put_row(table);
    }
}

/* The columns of a sum are those of a row, so that both kinds add up in one. */
static void put_verdicts(struct table *table, const struct result *result) {
  struct verdict_sums sums = verdict_sums_by(result, key_of_alg);
  struct result_verdict *rows = allocated(calloc(sums.count + 1, sizeof *rows));
  static char nothing[] = "";
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (sums.of_row[i] == SIZE_MAX)
      continue;
    struct result_verdict *sum = &rows[sums.of_row[i]];
    for (size_t j = 0; j < verdict_shape.field_count; j++)
      if (verdict_shape.fields[j].kind == FIELD_UNSIGNED)
        *(unsigned *)field_at(&verdict_shape.fields[j], sum) +=
            *(unsigned *)field_at(&verdict_shape.fields[j], row);
    sum->level = row->level;
    sum->subject = row->subject;
    sum->alg = row->alg;
    sum->class_id = sum->variant = sum->stage = sum->expected = nothing;
  }
  put_list(table, "verdicts", &verdict_shape, rows, sums.count);
  free(rows);
  verdict_sums_fini(&sums);
}

static void put_findings(struct table *table, const struct result *result) {
  for (size_t i = 0; i < result->verdict_count; i++) {
    const struct result_verdict *row = &result->verdicts[i];
    if (!verdict_wrong(row) && (row->wrong_reason == 0 || result_is_floor(row->subject)))
      continue;
    set_record(table, &verdict_shape, row);
    set_cell(table, "metric", allocate_copy("finding"));
    set_cell(table, "answered", verdict_given(row, ~0u, SIZE_MAX));
    set_cell(table, "example", allocate_copy(verdict_example(row, KINDS_WRONG | 1u << KIND_REASON)));
    put_row(table);
  }
}

/* What a gate found to have become wrong; the reason says what both answered. */
static void put_gate_findings(struct table *table, const struct result *result) {
  for (size_t i = 0; i < result->gate_count; i++)
    for (size_t j = 0; j < result->gates[i].finding_count; j++) {
      const struct result_gate_finding *finding = &result->gates[i].findings[j];
      set_cell(table, "metric", allocate_copy("gate finding"));
      set_cell(table, "subject", allocate_copy(result->gates[i].subject));
      set_cell(table, "tokens", allocate_format("%" PRIu64, finding->tokens));
      set_cell(table, "reason", gate_finding_words(finding));
      set_cell(table, "example", allocate_copy(finding->example));
      put_row(table);
    }
}

static bool write_csv(const struct result *result, const struct result_view *view, FILE *stream) {
  (void)view;
  struct table table = {.result = result};
  open_table(&table, stream);
  for (size_t i = 0; i < result->speed_count; i++)
    put_speed(&table, &result->speed[i]);
  put_list(&table, "scaling", &scaling_shape, result->scaling, result->scaling_count);
  put_list(&table, "rejection", &rejection_cost_shape, result->rejection_cost, result->rejection_cost_count);
  put_list(&table, "memory", &memory_shape, result->memory, result->memory_count);
  put_stages(&table, result);
  put_list(&table, "gate", &gate_shape, result->gates, result->gate_count);
  put_gate_findings(&table, result);
  put_verdicts(&table, result);
  put_findings(&table, result);
  free(table.cells);
  tally_fini(&table.columns);
  return true;
}

static void put_value(FILE *stream, const json_t *value) {
  if (json_is_string(value))
    put_csv(stream, json_string_value(value));
  else if (json_is_boolean(value))
    fputs(json_is_true(value) ? "true" : "false", stream);
  else if (json_is_number(value))
    fprintf(stream, "%.10g", json_number_value(value));
}

static void put_members(json_t *row, bool names, FILE *stream) {
  const char *name, *comma = "";
  json_t *value;
  json_object_foreach(row, name, value) {
    fputs(comma, stream);
    if (names)
      put_csv(stream, name);
    else
      put_value(stream, value);
    comma = ",";
  }
  fputs("\r\n", stream);
}

static void put_rows(const json_t *rows, FILE *stream) {
  for (size_t i = 0; i < json_array_size(rows); i++) {
    if (i == 0)
      put_members(json_array_get(rows, i), true, stream);
    put_members(json_array_get(rows, i), false, stream);
  }
}

const struct result_format format_csv = {
    .name = "csv",
    .summary = "one row per subject, algorithm and metric, then verdicts",
    .extension = "csv",
    .readers = "spreadsheets, R, pandas",
    .write = write_csv,
    .put_rows = put_rows,
};
