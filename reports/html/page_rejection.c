/* Who says no to what: a heat map of classes and subjects, and a table of what was answered wrongly. */
#include <string.h>

#include "reports/html/detail.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define SUBJECTS_WITH_ROOM 5

static bool has_matrix(const struct page *page) {
  return page->result->verdict_count > 0;
}

static void put_head(struct page *page) {
  const struct matrix *matrix = &page->matrix;
  fputs("<thead><tr><th scope=col>class</th>", page->stream);
  for (size_t i = 0; i < matrix->subject_count; i++) {
    fputs("<th scope=col><span>", page->stream);
    page_text(page, matrix->subjects[i].label);
    fputs("</span></th>", page->stream);
  }
  fputs("</tr></thead>\n", page->stream);
}

/* A letter and, where only some tokens were answered so, how many. */
static void put_cell(struct page *page, const struct matrix_cell *cell) {
  enum answer_kind kind = matrix_worst(cell);
  const char *letter = kind == KIND_RIGHT ? "\xe2\x9c\x93" : kind_texts[kind].letter;
  fprintf(page->stream, "<td class=k%d>%s", (int)kind, letter);
  uint64_t of = kind < KIND_RIGHT ? cell->of[kind] : 0,
           all = kind < KIND_RIGHT ? matrix_out_of(cell, kind) : 0;
  if (of && !(kind_texts[kind].only_some && of == all)) {
    char figure[FIGURE_BYTES];
    fprintf(page->stream, "<small>%s</small>", figure_count(figure, of));
  }
  fputs("</td>", page->stream);
}

/* Few columns leave room for what is wrong with the tokens. */
static bool has_room(const struct page *page) {
  return page->matrix.subject_count <= SUBJECTS_WITH_ROOM;
}

static void put_heat_row(struct page *page, const struct matrix_row *row) {
  const struct result_taxon *taxon = has_room(page) ? result_find_taxon(page->result, row->class_id) : NULL;
  fputs("<tr><th scope=row>", page->stream);
  page_text(page, row->class_id);
  if (taxon && taxon->sentence[0]) {
    fputs(" <small>", page->stream);
    page_text(page, taxon->sentence);
    fputs("</small>", page->stream);
  }
  fputs("</th>", page->stream);
  for (size_t i = 0; i < page->matrix.subject_count; i++)
    put_cell(page, &row->cells[i]);
  fputs("</tr>\n", page->stream);
}

static void put_key(struct page *page) {
  size_t of[KIND_COUNT + 1] = {0};
  for (size_t r = 0; r < page->matrix.row_count; r++)
    for (size_t s = 0; s < page->matrix.subject_count; s++)
      of[matrix_worst(&page->matrix.rows[r].cells[s])]++;
  fputs("<ul class=key>", page->stream);
  for (int kind = 0; kind <= KIND_COUNT; kind++)
    if (of[kind])
      fprintf(page->stream,
              "<li data-kind=%d><span class=\"swatch k%d\">%s</span> %s <small>%zu</small></li>", kind, kind,
              kind == KIND_RIGHT ? "\xe2\x9c\x93" : kind_texts[kind].letter, kind_texts[kind].meaning,
              of[kind]);
  fputs("</ul>\n", page->stream);
}

/* Backends run in assay's pipeline, which does all but the cryptography; the others answer by themselves. */
static void put_caption(struct page *page) {
  const struct matrix *matrix = &page->matrix;
  fputs(
      "<p class=legend id=heat-caption>The worst answer of a subject to the tokens of a class, and to how "
      "many of them. Classes stand by the stage of the pipeline at which their tokens are to be refused, the "
      "worst answered first.",
      page->stream);
  OWNED_TALLY struct tally backends = {0};
  for (size_t i = 0; i < matrix->subject_count; i++)
    if (matrix->subjects[i].level == LEVEL_PIPELINE)
      names_add(&backends, matrix->subjects[i].label);
  if (backends.count && backends.count < matrix->subject_count) {
    OWNED_TEXT char *names = names_join(&backends, " and ");
    fputs(" ", page->stream);
    page_text(page, names);
    fprintf(page->stream,
            " check%s signatures inside of assay&#39;s own pipeline; the others answer by themselves.",
            backends.count == 1 ? "s" : "");
  }
  fputs("</p>\n", page->stream);
}

/* "3 of 12 classes answered wrongly by at least one subject"; good tokens, which no stage refuses, are no class. */
static void put_stage_count(struct page *page, const struct detail *detail, size_t first, size_t end) {
  size_t wrong = 0;
  char text[FIGURE_NOUN_BYTES];
  for (size_t i = first; i < end; i++) {
    const struct matrix_row *row = &page->matrix.rows[detail->order[i]];
    wrong += matrix_worst(matrix_worst_cell(&page->matrix, row)) < KIND_UNDECIDED;
  }
  figure_noun(text, end - first, detail->rows[detail->order[first]].stage[0] ? "class" : "row");
  if (wrong)
    fprintf(page->stream, "%zu of %s answered wrongly by at least one subject", wrong, text);
  else
    fprintf(page->stream, "%s, none answered wrongly", text);
}

/* The rows of one stage, below its name. Returns where the next begins. */
static size_t put_stage(struct page *page, const struct detail *detail, size_t first) {
  const char *stage = detail->rows[detail->order[first]].stage;
  size_t end = first + 1;
  while (end < page->matrix.row_count && strcmp(detail->rows[detail->order[end]].stage, stage) == 0)
    end++;
  fprintf(page->stream, "<tbody><tr class=stage><th scope=rowgroup colspan=%zu><span>",
          page->matrix.subject_count + 1);
  page_text(page, stage[0] ? stage : "good tokens and controls");
  fputs(" <small>", page->stream);
  put_stage_count(page, detail, first, end);
  fputs("</small></span></th></tr>\n", page->stream);
  for (size_t i = first; i < end; i++)
    put_heat_row(page, &page->matrix.rows[detail->order[i]]);
  fputs("</tbody>\n", page->stream);
  return end;
}

static void put_heat(struct page *page, const struct detail *detail) {
  put_caption(page);
  fputs("<div id=heat-controls class=controls></div>\n", page->stream);
  put_key(page);
  fprintf(page->stream,
          "<div class=\"scroll heat-frame\"><table id=heat class=\"heat%s\" aria-describedby=heat-caption>",
          has_room(page) ? " roomy" : "");
  put_head(page);
  for (size_t i = 0; i < page->matrix.row_count;)
    i = put_stage(page, detail, i);
  fputs("</table></div>\n", page->stream);
}

/* What a subject did in this way to which variants. */
static char *variants_of(const struct detail_row *row, const struct detail_cell *cell,
                         enum answer_kind kind) {
  OWNED_TALLY struct tally names = {0};
  for (size_t i = 0; i < cell->entry_count; i++)
    if (cell->entries[i].kind == kind) {
      const char *name = row->variants[cell->entries[i].variant].name;
      names_add(&names, name[0] ? name : row->variant_count > 1 ? "plain" : "the only one");
    }
  char *text = names_join(&names, ", ");
  return text;
}

static void add_finding(struct page *page, struct document_table *table, const struct detail *detail,
                        size_t r, size_t s, enum answer_kind kind) {
  const struct matrix_cell *cell = &page->matrix.rows[r].cells[s];
  struct document_row *row = table_add_row(table);
  char count[FIGURE_BYTES], all[FIGURE_BYTES];
  OWNED_TEXT char *variants = variants_of(&detail->rows[r], &detail->rows[r].cells[s], kind);
  OWNED_TEXT char *of = allocate_format("%s of %s", figure_count(count, cell->of[kind]),
                                        figure_count(all, matrix_out_of(cell, kind)));
  const char *example = matrix_example(page->result, cell, kind);
  row_add_cell(row, page->matrix.rows[r].class_id);
  row_add_cell(row, page->matrix.subjects[s].label);
  row_add_cell(row, kind_texts[kind].meaning)->style = kind_texts[kind].style;
  row_add_cell(row, of);
  row_add_cell(row, variants);
  row_add_cell(row, example ? example : "none was kept");
}

/* Wrong verdicts of everybody, and other reasons where assay's own pipeline gave them. */
static bool is_finding(const struct page *page, size_t subject, int kind) {
  return kind < KIND_UNDECIDED ||
         (kind == KIND_REASON && page->matrix.subjects[subject].level == LEVEL_PIPELINE);
}

static void put_findings(struct page *page, const struct detail *detail) {
  OWNED_DOCUMENT struct document document = {0};
  struct document_table *table = document_add_table(&document, "What was answered wrongly");
  static const char *const heads[] = {"class", "subject", "answer", "tokens", "variants", "token to look at"};
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
    table_add_column(table, heads[i], i == 3 ? 0 : COLUMN_LEFT, 0);
  for (int kind = 0; kind < KIND_RIGHT; kind++)
    for (size_t r = 0; r < page->matrix.row_count; r++)
      for (size_t s = 0; s < page->matrix.subject_count; s++)
        if (is_finding(page, s, kind) && page->matrix.rows[r].cells[s].of[kind])
          add_finding(page, table, detail, r, s, (enum answer_kind)kind);
  if (table->row_count) {
    page_document(page, &document);
    page_explain(page, "shows a token and what each subject says of it.");
  }
}

static void put_rejection(struct page *page) {
  OWNED_DOCUMENT struct document tables = {0};
  if (page->matrix.row_count) {
    struct detail detail;
    detail_init(&detail, page);
    put_heat(page, &detail);
    detail_put(page, &detail);
    put_findings(page, &detail);
    detail_fini(&detail, page);
  }
  content_verdicts(&tables, page->result, true);
  content_unscored(&tables, page->result, true);
  page_document(page, &tables);
}

const struct page_part page_rejection = {
    .id = "rejection",
    .title = "Rejection",
    .intro = "Every class is one way in which a token can be bad, or a control that must be accepted. "
             "Right verdicts and right reasons are counted apart.",
    .has = has_matrix,
    .put = put_rejection,
};
