/* The first screen: the answer in words, what qualifies it, and a board of all subjects. */
#include <stdlib.h>
#include <string.h>

#include "reports/html/page.h"
#include "reports/model/ratio.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/figures.h"

#define WARNINGS_SHOWN 3
#define WARNING_COLUMNS 240 /* two or three lines of the page */
#define ALGS_SHOWN 3
#define LEAD_BYTES 160 /* the longest sentence on the first screen */

static void put_origin(struct page *page) {
  const struct result *result = page->result;
  char tokens[FIGURE_NOUN_BYTES], classes[FIGURE_NOUN_BYTES];
  OWNED_TEXT char *cores = content_cores(&result->machine);
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
    fprintf(page->stream, ", %s", cores);
  if (result->corpus.tokens)
    fprintf(page->stream, " &middot; %s of %s", figure_noun(tokens, result->corpus.tokens, "token"),
            figure_noun(classes, result->corpus.classes, "class"));
  fputs("</p>\n", page->stream);
}

static void put_texts(struct page *page, const struct document *document, const char *open, const char *close,
                      enum document_style style) {
  for (size_t i = 0; i < document->block_count; i++) {
    const struct document_block *block = &document->blocks[i];
    if (block->table || (block->text.style == STYLE_UNSURE) != (style == STYLE_UNSURE))
      continue;
    fputs(open, page->stream);
    page_prose(page, block->text.text);
    fputs(close, page->stream);
  }
}

/* "7 of 34 comparisons with openssl stay unresolved by this run." */
static void add_unresolved(struct document *document, const struct result *result) {
  unsigned known = 0, open = 0;
  char all[FIGURE_NOUN_BYTES];
  for (size_t i = 0; i < result->speed_count; i++) {
    const struct result_speed *row = &result->speed[i];
    if (!result_is_main_verify(row) || !figure_known(row->ratio_low) || !figure_known(row->ratio_high))
      continue;
    known++;
    open += !row->resolved;
  }
  if (open)
    document_add_text(document, 0, "", "%u of %s with %s stay%s unresolved by this run.", open,
                      figure_noun(all, known, "comparison"), result->reference, open == 1 ? "s" : "");
}

/* What the machine can tell apart, as every report's head says it; and its speed, where nobody watched it. */
static void add_noise(struct document *document, const struct result *result) {
  OWNED_DOCUMENT struct document head = {0};
  content_head(&head, result);
  for (size_t i = 0; i < head.block_count; i++) {
    const struct document_text *text = &head.blocks[i].text;
    if (strcmp(text->label, "noise") == 0)
      document_add_text(document, 0, "", "Noise of this machine: %s.", text->text);
    else if (strcmp(text->label, "speed") == 0 && text->style == STYLE_UNSURE)
      document_add_text(document, 0, "", "Speed of this machine: %s.", text->text);
  }
}

static void put_warning(struct page *page, const char *text) {
  fputs("<li class=warning>", page->stream);
  page_prose(page, text);
  fputs("</li>\n", page->stream);
}

/* The first few; where that does not tell all, the rest folds away. */
static void put_warnings(struct page *page) {
  OWNED_DOCUMENT struct document warnings = {0};
  content_warnings(&warnings, page->result, SIZE_MAX);
  bool is_all = warnings.block_count <= WARNINGS_SHOWN;
  for (size_t i = 0; i < warnings.block_count && i < WARNINGS_SHOWN; i++) {
    OWNED_TEXT char *line = display_cut(warnings.blocks[i].text.text, WARNING_COLUMNS);
    is_all &= strcmp(line, warnings.blocks[i].text.text) == 0;
    put_warning(page, line);
  }
  if (!is_all) {
    char count[FIGURE_NOUN_BYTES];
    fprintf(page->stream, "<li class=more><details><summary>%s in full</summary><ul>\n",
            figure_noun(count, warnings.block_count, "warning"));
    for (size_t i = 0; i < warnings.block_count; i++)
      put_warning(page, warnings.blocks[i].text.text);
    fputs("</ul></details></li>\n", page->stream);
  }
}

/* What changes how to read the figures, before the figures. */
static void put_caveats(struct page *page, const struct document *lead) {
  OWNED_DOCUMENT struct document notes = {0};
  content_unexplained(&notes, page->result);
  content_build_notes(&notes, page->result);
  add_unresolved(&notes, page->result);
  add_noise(&notes, page->result);
  fputs("<ul class=caveats>\n", page->stream);
  put_texts(page, lead, "<li>", "</li>\n", STYLE_UNSURE);
  put_texts(page, &notes, "<li>", "</li>\n", STYLE_PLAIN);
  put_warnings(page);
  fputs("</ul>\n", page->stream);
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
    if (row->metric == METRIC_VERIFY && strcmp(row->subject, subject) == 0 &&
        strcmp(row->alg, alg.alg) == 0 && row->key_bits == alg.key_bits && result_is_default_mode(row))
      return row->verdicts_ok || !figure_known(row->ns) ? content_why_missing(row, "ns")
                                                        : "void: a verdict was wrong";
  }
  return "not measured";
}

/* The fastest, and told from all others wherever there are intervals. */
static bool is_best(const struct page *page, const struct result_speed *row, struct page_alg alg) {
  for (size_t i = 0; i < page->subjects.count; i++) {
    const struct result_speed *other = page_verify_row(page, page->subjects.items[i], alg);
    if (other && other != row &&
        (other->tokens_per_s > row->tokens_per_s || ratio_is_open(page->result, page->level, row, other)))
      return false;
  }
  return true;
}

/* Opens a cell of the board; what its column is called stands in it too, for narrow screens without heads. */
static void put_speed_open(struct page *page, struct page_alg alg, const char *classes) {
  OWNED_TEXT char *label = result_alg_text(alg.alg, alg.key_bits);
  fprintf(page->stream, "<td class=\"%s\" data-head=\"", classes);
  page_text(page, label);
  fputs(", tokens/s\">", page->stream);
}

static void put_speed_cell(struct page *page, const char *subject, struct page_alg alg) {
  const struct result_speed *row = page_verify_row(page, subject, alg);
  double best = 0;
  for (size_t i = 0; i < page->subjects.count; i++) {
    const struct result_speed *other = page_verify_row(page, page->subjects.items[i], alg);
    best = other && other->tokens_per_s > best ? other->tokens_per_s : best;
  }
  if (!row || !figure_known(row->tokens_per_s) || !(best > 0)) {
    put_speed_open(page, alg, "rest");
    page_text(page, why_missing(page, subject, alg));
    fputs("</td>", page->stream);
    return;
  }
  char figure[FIGURE_BYTES];
  put_speed_open(page, alg, is_best(page, row, alg) ? "n best" : "n");
  double share = row->tokens_per_s / best;
  fputs(figure_si_to(figure, row->tokens_per_s, figure_digits(row->tokens_per_s, content_known_within(row))),
        page->stream);
  if (share < 0.995) /* less than a percent is not told */
    fprintf(page->stream, " <small>%.0f&nbsp;%%</small>", 100 * share);
  fprintf(page->stream, "<span class=bar style=\"--share:%.3f\"></span></td>", share);
}

/* What of bad tokens a subject accepts, the gravest first. */
enum accepted { FORGED, BY_WEAK_KEY, OF_CONTEXT, MALFORMED, OF_FORM, UNTOLD, ACCEPTED };

/* As the first and as a further part of a sentence. */
static const struct accepted_words {
  const char *first, *further;
} accepted_words[ACCEPTED] = {
    [FORGED] = {"accepted forged tokens of", "forged ones of"},
    [BY_WEAK_KEY] = {"accepted weak keys of", "weak keys of"},
    [OF_CONTEXT] = {"accepted tokens at the wrong audience or time of", "wrong audience or time of"},
    [MALFORMED] = {"accepted malformed tokens of", "malformed ones of"},
    [OF_FORM] = {"accepted harmless bad tokens of", "harmless ones of"},
    [UNTOLD] = {"accepted bad tokens of", "other bad ones of"},
};

/* Of a cell with bad tokens that were accepted. */
static enum accepted accepted_of(const struct matrix_cell *cell) {
  switch (matrix_accepted(cell)) {
  case SEVERITY_FORGERY: return matrix_is_weak_key(cell) ? BY_WEAK_KEY : FORGED;
  case SEVERITY_CONTEXT: return OF_CONTEXT;
  case SEVERITY_PARSING: return MALFORMED;
  case SEVERITY_FORM: return OF_FORM;
  default: return UNTOLD;
  }
}

/* A subject's verdicts: in how many classes it was asked, and in how many each kind occurs. */
struct verdict_counts {
  bool asked;
  size_t classes, of[KIND_COUNT], wrong;
  size_t accepted[ACCEPTED];
};

/* The worst in words, what else there is in small. */
static void put_part(struct page *page, int *shown, const char *first, const char *further, size_t classes) {
  char figure[FIGURE_NOUN_BYTES];
  if (classes == 0)
    return;
  if ((*shown)++ == 0)
    fprintf(page->stream, "<span class=wrong><b class=sign>\xe2\x9c\x97</b> %s %s</span>", first,
            figure_noun(figure, classes, "class"));
  else
    fprintf(page->stream, "%s%s %s", *shown == 2 ? " <small>" : ", ", further, figure_count(figure, classes));
}

static void put_wrong(struct page *page, const struct verdict_counts *counts) {
  static const char *const words[KIND_UNDECIDED] = {[KIND_CRASH] = "crashed in",
                                                    [KIND_HANG] = "hung in",
                                                    [KIND_FAULT] = "gave a fault in",
                                                    [KIND_REFUSED] = "refused good tokens of"};
  int shown = 0;
  for (int i = 0; i < ACCEPTED; i++)
    put_part(page, &shown, accepted_words[i].first, accepted_words[i].further, counts->accepted[i]);
  for (int kind = KIND_ACCEPTED + 1; kind < KIND_UNDECIDED; kind++)
    put_part(page, &shown, words[kind], words[kind], counts->of[kind]);
  if (shown > 1)
    fputs("</small>", page->stream);
}

static struct verdict_counts count_verdicts(const struct page *page, const char *subject) {
  struct verdict_counts counts = {0};
  for (size_t s = 0; s < page->matrix.subject_count; s++)
    for (size_t r = 0; r < page->matrix.row_count; r++) {
      const struct matrix_cell *cell = &page->matrix.rows[r].cells[s];
      if (strcmp(page->matrix.subjects[s].label, subject) != 0)
        continue;
      bool asked = cell->good + cell->bad + cell->unscored > cell->of[KIND_UNSUPPORTED];
      counts.asked |= asked;
      counts.classes += asked && result_is_class(page->matrix.rows[r].class_id);
      for (int kind = 0; kind < KIND_COUNT; kind++)
        counts.of[kind] += cell->of[kind] > 0;
      if (cell->of[KIND_ACCEPTED])
        counts.accepted[accepted_of(cell)]++;
    }
  for (int kind = 0; kind < KIND_UNDECIDED; kind++)
    counts.wrong += counts.of[kind];
  return counts;
}

static void put_verdict_cell(struct page *page, const char *subject) {
  struct verdict_counts counts = count_verdicts(page, subject);
  char figure[FIGURE_NOUN_BYTES];
  fputs("<td data-head=verdicts>", page->stream);
  if (!counts.asked)
    fputs("not asked", page->stream);
  else if (counts.wrong)
    put_wrong(page, &counts);
  else
    fprintf(page->stream, "<span class=right><b class=sign>\xe2\x9c\x93</b> none wrong in %s</span>",
            figure_noun(figure, counts.classes, "class"));
  if (counts.asked && counts.of[KIND_REASON])
    fprintf(page->stream, " <small>refused for another reason in %zu</small>", counts.of[KIND_REASON]);
  fputs("</td>", page->stream);
}

/* What the subject has not got, as far as the speed rows tell. */
static char *lacking(const struct page *page, const char *subject) {
  OWNED_TALLY struct tally algs = {0};
  for (size_t i = 0; i < page->result->speed_count; i++) {
    const struct result_speed *row = &page->result->speed[i];
    if (row->metric == METRIC_VERIFY && strcmp(row->subject, subject) == 0 && !figure_known(row->ns) &&
        strcmp(content_why_missing(row, "ns"), "not in this library") == 0)
      names_add(&algs, row->alg);
  }
  char *text = names_join(&algs, ", ");
  return text;
}

static void put_board_row(struct page *page, const char *label, const struct page_algs *algs) {
  const struct result_subject *subject = result_find_subject(page->result, label);
  OWNED_TEXT char *lacks = lacking(page, label);
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
}

/* The gravest that a subject accepted; ACCEPTED: nothing. */
static int accepted_by(const struct page *page, const char *subject) {
  struct verdict_counts counts = count_verdicts(page, subject);
  int accepted = 0;
  while (accepted < ACCEPTED && counts.accepted[accepted] == 0)
    accepted++;
  return accepted;
}

/* Who accepts what is gravest comes first; the others stand as they were asked. */
static void put_board_rows(struct page *page, const struct page_algs *algs) {
  for (int accepted = 0; accepted <= ACCEPTED; accepted++)
    for (size_t i = 0; i < page->subjects.count; i++)
      if (accepted_by(page, page->subjects.items[i]) == accepted)
        put_board_row(page, page->subjects.items[i], algs);
}

static void put_board(struct page *page) {
  struct page_algs algs = board_algs(page);
  fputs(
      "<div class=\"scroll board-frame\" tabindex=0><table class=board><thead><tr><th scope=col>subject</th>",
      page->stream);
  for (size_t i = 0; i < algs.count; i++) {
    OWNED_TEXT char *label = result_alg_text(algs.items[i].alg, algs.items[i].key_bits);
    fputs("<th scope=col class=n>", page->stream);
    page_text(page, label);
    fputs(" <small>tokens/s</small></th>", page->stream);
  }
  if (page->matrix.row_count)
    fputs("<th scope=col>verdicts</th>", page->stream);
  fputs("</tr></thead><tbody>\n", page->stream);
  put_board_rows(page, &algs);
  fputs("</tbody></table></div>\n", page->stream);
  free(algs.items);
}

static void put_headline(struct page *page, const struct document *lead) {
  fputs("<h1>", page->stream);
  put_texts(page, lead, "<span>", "</span> ", STYLE_PLAIN);
  if (lead->block_count == 0)
    fputs("Token verification", page->stream);
  fputs("</h1>\n", page->stream);
}

/* Short sentences stand on the first screen; long ones only say what the board shows. */
static void put_judgement(struct page *page, const struct document *judgement, bool is_long) {
  for (size_t i = 0; i < judgement->block_count; i++) {
    const struct document_text *text = &judgement->blocks[i].text;
    if ((strlen(text->text) > LEAD_BYTES) != is_long)
      continue;
    fprintf(page->stream, "<p class=\"%s%s\">", is_long ? "" : "lead",
            text->style == STYLE_WRONG ? " wrong" : "");
    page_prose(page, text->text);
    fputs("</p>\n", page->stream);
  }
}

static bool has_long(const struct document *judgement) {
  bool any = false;
  for (size_t i = 0; i < judgement->block_count; i++)
    any |= strlen(judgement->blocks[i].text.text) > LEAD_BYTES;
  return any;
}

static void put_words(struct page *page, const struct document *judgement, const struct document *words) {
  if (words->block_count == 0 && !has_long(judgement))
    return;
  fputs("<details class=words><summary>Every comparison in words</summary>\n", page->stream);
  put_judgement(page, judgement, true);
  page_document(page, words);
  fputs("</details>\n", page->stream);
}

/* The answer that the page is opened for: the gate's where there is one. */
static void add_lead(struct document *lead, const struct result *result) {
  content_gate_headline(lead, result);
  content_headline(lead, result);
  if (result->gate_count == 0)
    content_lead(lead, result);
  else if (lead->block_count)
    lead->blocks[0].text.style = STYLE_PLAIN; /* none of it qualifies another */
}

void page_answer(struct page *page) {
  OWNED_DOCUMENT struct document lead = {0}, judgement = {0}, words = {0};
  add_lead(&lead, page->result);
  content_judgement(&judgement, page->result);
  if (!result_is_sanitized(page->result))
    content_comparisons(&words, page->result);
  fputs("<section id=answer>\n", page->stream);
  put_origin(page);
  put_headline(page, &lead);
  put_judgement(page, &judgement, false);
  put_caveats(page, &lead);
  if (page->subjects.count)
    put_board(page);
  put_words(page, &judgement, &words);
  fputs("</section>\n", page->stream);
}
