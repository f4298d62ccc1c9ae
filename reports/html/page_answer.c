/* The first screen: the answer in words, what qualifies it, and a board of all subjects. */
#include <stdlib.h>
#include <string.h>

#include "reports/allocate.h"
#include "reports/display.h"
#include "reports/figures.h"
#include "reports/html/page.h"

#define WARNINGS_SHOWN 3
#define ALGS_SHOWN 3

static void put_origin(struct page *page) {
  const struct result *result = page->result;
  char tokens[FIGURE_BYTES], classes[FIGURE_BYTES];
  fputs("<p class=origin>assay ", page->stream);
  page_text(page, result->tool.version);
  if (result->started[0]) {
    fputs(" &middot; <time>", page->stream);
    page_text(page, result->started);
    fputs("</time>", page->stream);
  }
  if (result->machine.cpu[0]) {
    fputs(" &middot; ", page->stream);
    page_text(page, result->machine.cpu);
  }
  if (result->machine.cores)
    fprintf(page->stream, ", %u core%s", result->machine.cores, result->machine.cores == 1 ? "" : "s");
  if (result->corpus.tokens)
    fprintf(page->stream, " &middot; %s tokens of %s classes", figure_count(tokens, result->corpus.tokens),
            figure_count(classes, result->corpus.classes));
  fputs("</p>\n", page->stream);
}

static void put_texts(struct page *page, const struct document *document, const char *open, const char *close,
                      enum document_style style) {
  for (size_t i = 0; i < document->block_count; i++) {
    const struct document_block *block = &document->blocks[i];
    if (block->table || (block->text.style == STYLE_UNSURE) != (style == STYLE_UNSURE))
      continue;
    fputs(open, page->stream);
    page_text(page, block->text.text);
    fputs(close, page->stream);
  }
}

/* "7 of 34 comparisons with openssl are not resolved by this run." */
static void add_unresolved(struct document *document, const struct result *result) {
  unsigned known = 0, open = 0;
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (!content_is_main_verify(row) || !figure_known(row->ratio_low) || !figure_known(row->ratio_high))
      continue;
    known++;
    open += !row->resolved;
  }
  if (open)
    document_add_text(document, 0, "", "%u of %u comparisons with %s are not resolved by this run.", open,
                      known, result->reference);
}

static void add_noise(struct document *document, const struct result_noise *noise) {
  char found[FIGURE_BYTES], wrong[FIGURE_BYTES], trials[FIGURE_BYTES];
  if (figure_known(noise->min_detectable))
    document_add_text(document, 0, "", "This machine finds slowdowns of %s and more, 9 times in 10.",
                      figure_percent(found, noise->min_detectable));
  if (noise->trials && figure_known(noise->false_positive_rate))
    document_add_text(document, 0, "", "It called identical subjects different in %s of %s comparisons.",
                      figure_percent(wrong, noise->false_positive_rate), figure_count(trials, noise->trials));
}

/* Warnings first; all but the first few fold away. */
static void put_caveats(struct page *page, const struct document *lead) {
  struct document notes = {0}, warnings = {0};
  content_build_notes(&notes, page->result);
  add_unresolved(&notes, page->result);
  add_noise(&notes, &page->result->noise);
  content_warnings(&warnings, page->result, SIZE_MAX);
  fputs("<ul class=caveats>\n", page->stream);
  put_texts(page, lead, "<li>", "</li>\n", STYLE_UNSURE);
  put_texts(page, &notes, "<li>", "</li>\n", STYLE_PLAIN);
  for (size_t i = 0; i < warnings.block_count; i++) {
    if (i == WARNINGS_SHOWN)
      fprintf(page->stream, "<li><details><summary>%zu more warning%s</summary><ul>\n",
              warnings.block_count - i, warnings.block_count - i == 1 ? "" : "s");
    fputs("<li class=warning>", page->stream);
    page_text(page, warnings.blocks[i].text.text);
    fputs("</li>\n", page->stream);
  }
  if (warnings.block_count > WARNINGS_SHOWN)
    fputs("</ul></details></li>\n", page->stream);
  fputs("</ul>\n", page->stream);
  document_fini(&warnings);
  document_fini(&notes);
}

/* The algorithms that most tokens are signed with, as far as they were measured. */
static struct page_algs board_algs(const struct page *page) {
  static const char *const wanted[] = {"RS256", "ES256", "EdDSA", "Ed25519", "HS256", "PS256"};
  struct page_algs all = page_verify_algs(page), shown = {0};
  for (size_t w = 0; w < sizeof wanted / sizeof wanted[0]; w++)
    for (size_t i = 0; i < all.count && shown.count < ALGS_SHOWN; i++)
      if (page_is_main_size(&all, i) && strcmp(all.items[i].alg, wanted[w]) == 0)
        page_algs_add(&shown, all.items[i].alg, all.items[i].key_bits);
  free(all.items);
  return shown;
}

static const char *why_missing(const struct page *page, const char *subject, struct page_alg alg) {
  for (size_t i = 0; i < page->result->speed_count; i++) {
    const struct result_speed *row = &page->result->speed[i];
    if (strcmp(row->metric, "verify") == 0 && strcmp(row->subject, subject) == 0 &&
        strcmp(row->alg, alg.alg) == 0 && row->key_bits == alg.key_bits && content_is_default_mode(row))
      return row->verdicts_ok || !figure_known(row->ns) ? content_why_missing(row, "ns")
                                                        : "void: a verdict was wrong";
  }
  return "not measured";
}

static void put_speed_cell(struct page *page, const char *subject, struct page_alg alg) {
  const struct result_speed *row = page_verify_row(page, subject, alg);
  double best = 0;
  for (size_t i = 0; i < page->subjects.count; i++) {
    const struct result_speed *other = page_verify_row(page, page->subjects.items[i], alg);
    best = other && other->tokens_per_s > best ? other->tokens_per_s : best;
  }
  if (!row || !figure_known(row->tokens_per_s) || !(best > 0)) {
    fputs("<td class=rest>", page->stream);
    page_text(page, why_missing(page, subject, alg));
    fputs("</td>", page->stream);
    return;
  }
  char figure[FIGURE_BYTES];
  fprintf(page->stream, "<td class=\"n%s\"><span class=bar style=\"--share:%.3f\"></span>%s</td>",
          row->tokens_per_s >= best ? " best" : "", row->tokens_per_s / best,
          figure_si(figure, row->tokens_per_s));
}

/* "12 classes accepted, 1 class crash"; classes: in how many classes each kind occurs. */
static void put_wrong(struct page *page, const size_t *classes) {
  static const char *const words[KIND_UNDECIDED] = {"accepted", "refused though good", "fault", "crash",
                                                    "hang"};
  const char *between = "";
  for (int kind = 0; kind < KIND_UNDECIDED; kind++) {
    if (!classes[kind])
      continue;
    fprintf(page->stream, "%s<span class=wrong><b class=sign>%s</b> %zu class%s %s</span>", between,
            kind_texts[kind].letter, classes[kind], classes[kind] == 1 ? "" : "es", words[kind]);
    between = ", ";
  }
}

static void put_verdict_cell(struct page *page, const char *subject) {
  size_t classes[KIND_COUNT] = {0}, asked = 0, wrong = 0;
  for (size_t s = 0; s < page->matrix.subject_count; s++)
    for (size_t r = 0; r < page->matrix.row_count; r++) {
      const struct matrix_cell *cell = &page->matrix.rows[r].cells[s];
      if (strcmp(page->matrix.subjects[s].label, subject) != 0)
        continue;
      asked += cell->good + cell->bad > cell->of[KIND_UNSUPPORTED];
      for (int kind = 0; kind < KIND_COUNT; kind++)
        classes[kind] += cell->of[kind] > 0;
    }
  for (int kind = 0; kind < KIND_UNDECIDED; kind++)
    wrong += classes[kind];
  fputs("<td>", page->stream);
  if (!asked)
    fputs("not asked", page->stream);
  else if (wrong)
    put_wrong(page, classes);
  else
    fprintf(page->stream, "<span class=right><b class=sign>\xe2\x9c\x93</b> none wrong in %zu classes</span>",
            asked);
  if (asked && classes[KIND_REASON])
    fprintf(page->stream, " <small>another reason in %zu</small>", classes[KIND_REASON]);
  fputs("</td>", page->stream);
}

/* What the subject has not got, as far as the speed rows tell. */
static char *lacking(const struct page *page, const char *subject) {
  struct content_names algs = {0};
  for (size_t i = 0; i < page->result->speed_count; i++) {
    const struct result_speed *row = &page->result->speed[i];
    if (strcmp(row->metric, "verify") == 0 && strcmp(row->subject, subject) == 0 && !figure_known(row->ns) &&
        strcmp(content_why_missing(row, "ns"), "not in this library") == 0)
      names_add(&algs, row->alg);
  }
  char *text = names_join(&algs, ", ");
  names_fini(&algs);
  return text;
}

static void put_board_row(struct page *page, const char *label, const struct page_algs *algs) {
  const struct result_subject *subject = result_find_subject(page->result, label);
  char *lacks = lacking(page, label);
  fputs("<tr><th scope=row>", page->stream);
  page_text(page, label);
  fputs(" <small>", page->stream);
  if (subject) {
    page_text(page, subject->version);
    if (subject->note[0]) {
      fputs(", ", page->stream);
      page_text(page, subject->note);
    }
  }
  if (lacks[0]) {
    fputs("<br>lacks ", page->stream);
    page_text(page, lacks);
  }
  fputs("</small></th>", page->stream);
  for (size_t i = 0; i < algs->count; i++)
    put_speed_cell(page, label, algs->items[i]);
  if (page->matrix.row_count)
    put_verdict_cell(page, label);
  fputs("</tr>\n", page->stream);
  free(lacks);
}

static void put_board(struct page *page) {
  struct page_algs algs = board_algs(page);
  fputs("<div class=scroll tabindex=0><table class=board><thead><tr><th scope=col>subject</th>",
        page->stream);
  for (size_t i = 0; i < algs.count; i++) {
    char *label = content_alg(algs.items[i].alg, algs.items[i].key_bits);
    fputs("<th scope=col class=n>", page->stream);
    page_text(page, label);
    fputs(" <small>tokens/s</small></th>", page->stream);
    free(label);
  }
  if (page->matrix.row_count)
    fputs("<th scope=col>verdicts</th>", page->stream);
  fputs("</tr></thead><tbody>\n", page->stream);
  for (size_t i = 0; i < page->subjects.count; i++)
    put_board_row(page, page->subjects.items[i], &algs);
  fputs("</tbody></table></div>\n", page->stream);
  free(algs.items);
}

void page_answer(struct page *page) {
  struct document lead = {0}, judgement = {0}, words = {0};
  content_lead(&lead, page->result);
  content_judgement(&judgement, page->result);
  content_comparisons(&words, page->result);
  fputs("<section id=answer>\n", page->stream);
  put_origin(page);
  fputs("<h1>", page->stream);
  put_texts(page, &lead, "<span>", "</span> ", STYLE_PLAIN);
  if (lead.block_count == 0)
    fputs("Token verification", page->stream);
  fputs("</h1>\n", page->stream);
  put_texts(page, &judgement, "<p class=lead>", "</p>\n", STYLE_PLAIN);
  if (page->subjects.count)
    put_board(page);
  put_caveats(page, &lead);
  if (words.block_count && !content_is_sanitized(page->result)) {
    fputs("<details class=words><summary>Every comparison in words</summary>\n", page->stream);
    page_document(page, &words);
    fputs("</details>\n", page->stream);
  }
  fputs("</section>\n", page->stream);
  document_fini(&words);
  document_fini(&judgement);
  document_fini(&lead);
}
