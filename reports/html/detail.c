/* Sums verdict rows up by class, variant and subject, and writes them for the scripts. */
#include "reports/html/detail.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/reason.h"
#include "harness/base/severity.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"

static bool is_variant(const struct detail_variant *variant, const struct result_verdict *verdict) {
  return strcmp(variant->name, verdict->variant) == 0 && strcmp(variant->expected, verdict->expected) == 0 &&
         variant->pinned == verdict->pinned;
}

/* Verdict rows mostly ask for the latest one. */
static size_t find_variant(struct detail_row *row, const struct result_verdict *verdict) {
  for (size_t i = row->variant_count; i-- > 0;)
    if (is_variant(&row->variants[i], verdict))
      return i;
  row->variants = allocate_one_more(row->variants, row->variant_count, sizeof *row->variants);
  row->variants[row->variant_count] =
      (struct detail_variant){verdict->variant, verdict->expected, verdict->pinned};
  return row->variant_count++;
}

static void cell_add(struct detail_cell *cell, size_t variant, enum answer_kind kind, uint64_t count) {
  for (size_t i = 0; i < cell->entry_count; i++)
    if (cell->entries[i].variant == variant && cell->entries[i].kind == kind) {
      cell->entries[i].count += count;
      return;
    }
  cell->entries = allocate_one_more(cell->entries, cell->entry_count, sizeof *cell->entries);
  cell->entries[cell->entry_count++] = (struct detail_entry){variant, kind, count};
}

/* Variants and algorithms mostly agree: each answer in place of another stands there once, with its first token. */
static void cell_add_answer(struct detail_cell *cell, const char *expected,
                            const struct result_given *given) {
  for (size_t i = 0; i < cell->given_count; i++)
    if (strcmp(cell->given[i].answer, given->answer) == 0 && strcmp(cell->given[i].expected, expected) == 0) {
      cell->given[i].tokens += given->tokens;
      return;
    }
  cell->given = allocate_one_more(cell->given, cell->given_count, sizeof *cell->given);
  cell->given[cell->given_count++] =
      (struct detail_given){expected, given->answer, given->example, given->tokens};
}

static void cell_add_given(struct detail_cell *cell, const struct result_verdict *verdict) {
  for (size_t i = 0; i < verdict->given_count && result_expects(verdict) != EXPECT_ANY; i++)
    cell_add_answer(cell, verdict->expected, &verdict->given[i]);
}

/* In the order of the pipeline: what is not to be refused first, then its stages, then what is none of them. */
static size_t stage_rank(const char *stage) {
  size_t rank = STAGE_COMPACT_SPLIT;
  if (!stage[0])
    return STAGE_NONE;
  while (rank < STAGE_COUNT && strcmp(assay_stage_name((enum assay_stage)rank), stage) != 0)
    rank++;
  return rank;
}

static bool is_earlier(const char *stage, const char *before) {
  return strcmp(stage, "-") != 0 && (!before[0] || stage_rank(stage) < stage_rank(before));
}

static int compare_stages(const void *a, const void *b, void *detail) {
  size_t first = *(const size_t *)a, second = *(const size_t *)b;
  const struct detail_row *rows = ((const struct detail *)detail)->rows;
  size_t x = stage_rank(rows[first].stage), y = stage_rank(rows[second].stage);
  int order = x == y ? strcmp(rows[first].stage, rows[second].stage) : x < y ? -1 : 1;
  return order ? order : first < second ? -1 : first > second;
}

static void order_rows(struct detail *detail, size_t count) {
  detail->order = allocated(calloc(count + 1, sizeof *detail->order));
  for (size_t i = 0; i < count; i++)
    detail->order[i] = i;
  if (count)
    qsort_r(detail->order, count, sizeof *detail->order, compare_stages, detail);
}

/* Chains the drifts of each class that tell what was said of tokens that are not scored, in their order. */
static void chain_drifts(struct detail *detail, const struct page *page) {
  detail->next_drift = allocated(calloc(page->result->drift_count + 1, sizeof *detail->next_drift));
  for (size_t i = page->result->drift_count; i-- > 0;) {
    const struct result_drift *drift = &page->result->drift[i];
    size_t row = matrix_find_row(&page->matrix, drift->class_id);
    if (row == page->matrix.row_count || strcmp(drift->expected, "any") != 0)
      continue;
    detail->next_drift[i] = detail->rows[row].first_drift;
    detail->rows[row].first_drift = i;
  }
}

void detail_init(struct detail *detail, const struct page *page) {
  const struct matrix *matrix = &page->matrix;
  *detail = (struct detail){0};
  size_t at = 0, subject = 0;
  detail->rows = allocated(calloc(matrix->row_count + 1, sizeof *detail->rows));
  for (size_t i = 0; i < matrix->row_count; i++) {
    detail->rows[i].stage = "";
    detail->rows[i].first_drift = SIZE_MAX;
    detail->rows[i].cells = allocated(calloc(matrix->subject_count + 1, sizeof *detail->rows[i].cells));
  }
  for (size_t i = 0; matrix->row_count && i < page->result->verdict_count; i++) {
    const struct result_verdict *verdict = &page->result->verdicts[i];
    subject = matrix_find_subject(matrix, verdict, subject);
    if (subject == matrix->subject_count)
      continue; /* another level, or the floor */
    if (strcmp(matrix->rows[at].class_id, verdict->class_id) != 0)
      at = matrix_find_row(matrix, verdict->class_id);
    struct detail_row *row = &detail->rows[at];
    if (is_earlier(verdict->stage, row->stage))
      row->stage = verdict->stage;
    size_t variant = find_variant(row, verdict);
    cell_add_given(&row->cells[subject], verdict);
    for (int kind = 0; kind < KIND_UNSUPPORTED; kind++) {
      uint64_t count = result_count(verdict, (enum answer_kind)kind);
      if (count)
        cell_add(&row->cells[subject], variant, (enum answer_kind)kind, count);
    }
  }
  chain_drifts(detail, page);
  order_rows(detail, matrix->row_count);
}

void detail_fini(struct detail *detail, const struct page *page) {
  for (size_t i = 0; i < page->matrix.row_count; i++) {
    for (size_t j = 0; j < page->matrix.subject_count; j++) {
      free(detail->rows[i].cells[j].entries);
      free(detail->rows[i].cells[j].given);
    }
    free(detail->rows[i].cells);
    free(detail->rows[i].variants);
  }
  free(detail->rows);
  free(detail->order);
  free(detail->next_drift);
  tally_fini(&detail->answers);
  tally_fini(&detail->tokens);
}

static void append_json(json_t *array, json_t *item) {
  json_array_append_new(array, allocated(item));
}

static json_t *number(uint64_t value) {
  return allocated(json_integer((json_int_t)value));
}

/* The place of a text, as it is shown, in a list of texts. */
static json_t *place_of(struct tally *list, const char *text) {
  OWNED_TEXT char *clean = display_clean(text);
  return number(tally_index(list, clean, NULL));
}

static bool is_said(const json_t *said, const json_t *answer) {
  const json_t *one;
  size_t i;
  json_array_foreach(said, i, one) {
    if (json_equal(json_array_get(one, 0), answer))
      return true;
  }
  return false;
}

/* What the subject said of the class' tokens that are not scored, as far as the drift tells:
 * [[answer, token], ..], each answer once */
static json_t *said_json(const struct page *page, struct detail *detail, size_t row, const char *subject) {
  json_t *said = allocated(json_array());
  for (size_t i = detail->rows[row].first_drift; i != SIZE_MAX; i = detail->next_drift[i]) {
    const struct result_drift *drift = &page->result->drift[i];
    for (size_t j = 0; j < drift->answer_count; j++) {
      if (strcmp(drift->answers[j].subject, subject) != 0)
        continue;
      json_t *answer = place_of(&detail->answers, drift->answers[j].answer);
      if (!is_said(said, answer))
        append_json(said, json_pack("[O, o]", answer, place_of(&detail->tokens, drift->example)));
      json_decref(answer);
    }
  }
  return said;
}

/* [[kind, count, token], ..]; no token where none was kept */
static json_t *kinds_of(const struct page *page, struct detail *detail, const struct matrix_cell *cell) {
  json_t *kinds = allocated(json_array());
  for (int kind = 0; kind < KIND_COUNT; kind++) {
    if (cell->of[kind] == 0)
      continue;
    const char *example =
        kind < KIND_RIGHT ? matrix_example(page->result, cell, (enum answer_kind)kind) : NULL;
    json_t *one = allocated(json_pack("[i, o]", kind, number(cell->of[kind])));
    if (example && example[0])
      append_json(one, place_of(&detail->tokens, example));
    append_json(kinds, one);
  }
  return kinds;
}

/* [[expected, answer, count, token], ..] */
static json_t *given_json(struct detail *detail, const struct detail_cell *cell) {
  json_t *given = allocated(json_array());
  for (size_t i = 0; i < cell->given_count; i++) {
    const struct detail_given *one = &cell->given[i];
    append_json(given, json_pack("[o, o, o, o]", place_of(&detail->answers, one->expected),
                                 place_of(&detail->answers, one->answer), number(one->tokens),
                                 place_of(&detail->tokens, one->example)));
  }
  return given;
}

/* [good, bad, unscored, lacking, kinds, [[variant, kind, count], ..], said, given] */
static json_t *cell_json(const struct page *page, struct detail *detail, size_t row, size_t subject) {
  const struct matrix_cell *cell = &page->matrix.rows[row].cells[subject];
  const struct detail_cell *more = &detail->rows[row].cells[subject];
  json_t *entries = allocated(json_array());
  for (size_t i = 0; i < more->entry_count; i++)
    append_json(entries, json_pack("[i, i, o]", (int)more->entries[i].variant, (int)more->entries[i].kind,
                                   number(more->entries[i].count)));
  return json_pack("[o, o, o, o, o, o, o, o]", number(cell->good), number(cell->bad), number(cell->unscored),
                   number(cell->lacking), kinds_of(page, detail, cell), entries,
                   said_json(page, detail, row, page->matrix.subjects[subject].label),
                   given_json(detail, more));
}

/* What is known of a class beside its answers: sentence, reference, severity as an index of the levels; nulls of a
 * result that tells nothing of it. */
static json_t *taxon_json(const struct page *page, const char *class_id) {
  const struct result_taxon *taxon = result_find_taxon(page->result, class_id);
  if (!taxon)
    return json_pack("[n, n, i]", (int)SEVERITY_NONE);
  return json_pack("[o, o, i]", page_json_text(taxon->sentence), page_json_text(taxon->reference),
                   (int)taxon->severity);
}

static json_t *row_json(const struct page *page, struct detail *detail, size_t index) {
  const struct detail_row *row = &detail->rows[index];
  json_t *variants = allocated(json_array()), *cells = allocated(json_array());
  for (size_t i = 0; i < row->variant_count; i++)
    append_json(variants, json_pack("[o, o, b]", page_json_text(row->variants[i].name),
                                    place_of(&detail->answers, row->variants[i].expected),
                                    (int)row->variants[i].pinned));
  for (size_t i = 0; i < page->matrix.subject_count; i++)
    append_json(cells, cell_json(page, detail, index, i));
  const char *class_id = page->matrix.rows[index].class_id;
  return allocated(json_pack("{s:o, s:o, s:o, s:o, s:o}", "class", page_json_text(class_id), "stage",
                             page_json_text(row->stage), "told", taxon_json(page, class_id), "variants",
                             variants, "cells", cells));
}

/* [place of the id, class, text, parts]: the text without what follows header and payload, which nobody can read. */
static json_t *token_json(struct detail *detail, const struct result_token *token) {
  size_t parts = 1, length = strlen(token->token);
  for (const char *at = token->token; (at = strchr(at, '.')); at++)
    if (++parts == 3)
      length = (size_t)(at - token->token);
  OWNED_TEXT char *text = allocated(strndup(token->token, length));
  json_t *json = json_pack("[o, o, o, o]", place_of(&detail->tokens, token->id),
                           page_json_text(token->class_id), page_json_text(text), number(parts));
  return json;
}

static json_t *tokens_json(struct detail *detail, const struct result *result) {
  json_t *tokens = allocated(json_array());
  for (size_t i = 0; i < result->token_count; i++)
    append_json(tokens, token_json(detail, &result->tokens[i]));
  return tokens;
}

static json_t *texts_json(const struct tally *texts) {
  json_t *list = allocated(json_array());
  for (size_t i = 0; i < texts->count; i++)
    append_json(list, page_json_text(texts->items[i]));
  return list;
}

/* {"reject registered-claims.expired": "The token has expired."} */
static json_t *sentences_json(const struct tally *answers) {
  json_t *sentences = allocated(json_object());
  for (size_t i = 0; i < answers->count; i++) {
    const char *text = answers->items[i];
    if (strncmp(text, "reject ", 7) != 0)
      continue;
    int reason = assay_reason_by_dotted((struct assay_bytes){(const uint8_t *)text + 7, strlen(text) - 7});
    if (reason > 0)
      json_object_set_new(sentences, text,
                          allocated(json_string(assay_reason_sentence((enum assay_reason)reason))));
  }
  return sentences;
}

static json_t *gaps_json(const struct result_subject *subject) {
  json_t *gaps = allocated(json_array());
  for (size_t i = 0; subject && i < subject->gap_count; i++)
    append_json(gaps, json_pack("[o, o]", page_json_text(subject->gaps[i].reasons),
                                page_json_text(subject->gaps[i].why)));
  return gaps;
}

static json_t *subject_json(const struct result *result, const struct matrix_subject *subject) {
  OWNED_TEXT char *command = content_explain_start(result, subject->label);
  json_t *json = json_pack("{s:o, s:o, s:o, s:o}", "name", page_json_text(subject->label), "level",
                           page_json_text(level_word(subject->level)), "command", page_json_text(command),
                           "gaps", gaps_json(result_find_subject(result, subject->label)));
  return json;
}

static json_t *kinds_json(void) {
  json_t *kinds = allocated(json_array());
  for (int kind = 0; kind <= KIND_COUNT; kind++)
    append_json(kinds, json_pack("[s, s, s]",
                                 kind == KIND_RIGHT   ? "right"
                                 : kind == KIND_COUNT ? "not scored"
                                                      : kind_texts[kind].word,
                                 kind_texts[kind].letter, kind_texts[kind].meaning));
  return kinds;
}

/* [[word, meaning], ..] by the values of assay_severity. */
static json_t *levels_json(void) {
  json_t *levels = allocated(json_array());
  for (int i = 0; i < SEVERITY_COUNT; i++)
    append_json(levels, json_pack("[s, s]", assay_severity_word((enum assay_severity)i),
                                  assay_severity_meaning((enum assay_severity)i)));
  return levels;
}

/* Writes a value and drops it. */
static void put_value(struct page *page, const char *before, json_t *json) {
  page_json_value(page, before, json);
  json_decref(json);
}

static json_t *subjects_json(const struct page *page) {
  json_t *subjects = allocated(json_array());
  for (size_t i = 0; i < page->matrix.subject_count; i++)
    append_json(subjects, subject_json(page->result, &page->matrix.subjects[i]));
  return subjects;
}

/* The lists of what stands there by its place come last, when all of it is known. */
void detail_put(struct page *page, struct detail *detail) {
  page_json_begin(page, "id=verdict-data");
  put_value(page, "{\"kinds\":", kinds_json());
  put_value(page, ",\"levels\":", levels_json());
  put_value(page, ",\"subjects\":", subjects_json(page));
  fputs(",\"rows\":[", page->stream);
  for (size_t i = 0; i < page->matrix.row_count; i++)
    put_value(page, i ? "," : "", row_json(page, detail, detail->order[i]));
  put_value(page, "],\"tokens\":", tokens_json(detail, page->result));
  put_value(page, ",\"ids\":", texts_json(&detail->tokens));
  put_value(page, ",\"answers\":", texts_json(&detail->answers));
  put_value(page, ",\"sentences\":", sentences_json(&detail->answers));
  page_json_end(page, "}");
}
