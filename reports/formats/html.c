/* The report as one page that opens offline: words and tables by C, charts drawn from the same figures by the
 * scripts that are built into it. */
#include <jansson.h>
#include <string.h>

#include "reports/html/page.h"
#include "reports/model/ratio.h"
#include "reports/text/allocate.h"

static const struct page_part *const parts[] = {
    &page_gates,   &page_speed,        &page_latency, &page_rejection, &page_drift,
    &page_ledger,  &page_costs,        &page_shares,  &page_keysets,   &page_setup,
    &page_scaling, &page_instructions, &page_memory,  &page_machine,
};
#define PARTS (sizeof parts / sizeof parts[0])

/* Nothing may be fetched: the policy holds the page to what it promises. */
static void put_head(struct page *page, const char *title) {
  fputs("<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
        "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=color-scheme content=\"light dark\">\n"
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "script-src 'unsafe-inline'; img-src data:\">\n"
        "<link rel=icon href=\"data:,\">\n<title>",
        page->stream);
  page_text(page, title);
  for (size_t i = 0; i < page->subjects.count && i < 4; i++) {
    fputs(i ? ", " : ": ", page->stream);
    page_text(page, page->subjects.items[i]);
  }
  fprintf(
      page->stream,
      "</title>\n<style>\n%s</style>\n<noscript><style>.chart,.controls,.tools{display:none}"
      "details::details-content{content-visibility:visible;block-size:auto}</style></noscript>\n</head>\n",
      (const char *)page_style);
}

static void put_navigation(struct page *page) {
  fputs("<header class=top><a class=skip href=#answer>Skip to the answer</a><nav aria-label=Sections>"
        "<a class=brand href=#answer>assay</a>",
        page->stream);
  for (size_t i = 0; i < PARTS; i++)
    if (parts[i]->has(page))
      fprintf(page->stream, "<a href=#%s>%s</a>", parts[i]->id, parts[i]->title);
  fputs("</nav><div class=tools></div></header>\n", page->stream);
}

static void put_part(struct page *page, const struct page_part *part) {
  fprintf(page->stream, "<section id=%s>\n<h2>%s</h2>\n", part->id, part->title);
  if (part->intro[0])
    fprintf(page->stream, "<p class=intro>%s</p>\n", part->intro);
  part->put(page);
  fputs("</section>\n", page->stream);
}

static void put_left_out(struct page *page) {
  OWNED_TALLY struct tally names = {0};
  for (size_t i = 0; i < PARTS; i++)
    if (!parts[i]->has(page) && parts[i] != &page_gates) /* which no run measures */
      names_add(&names, parts[i]->title);
  OWNED_TEXT char *text = names_join(&names, ", ");
  fputs("<footer>\n", page->stream);
  if (names.count)
    fprintf(page->stream, "<p>Not measured in this run, and so not on this page: %s.</p>\n", text);
  fprintf(page->stream, "<p>%sThis page needs no network.</p>\n</footer>\n",
          page->has_chart ? "Charts by Chart.js, built in. " : "");
}

static void put_scripts(struct page *page) {
  json_t *subjects = allocated(json_array());
  for (size_t i = 0; i < page->subjects.count; i++)
    json_array_append_new(subjects, page_json_text(page->subjects.items[i]));
  page_json(page, "id=subjects", subjects);
  json_decref(subjects);
  if (page->has_chart)
    fprintf(page->stream, "<script>\n%s</script>\n", (const char *)page_chart_library);
  fprintf(page->stream, "<script>\n%s</script>\n", (const char *)page_scripts);
}

/* Everybody who has a figure or a verdict, in the order of the result. */
static struct tally all_subjects(const struct result *result) {
  struct tally all = {0}, used = {0};
  for (size_t i = 0; i < result->speed_count; i++)
    names_add(&used, result->speed[i].subject);
  for (size_t i = 0, latest = 0; i < result->verdict_count; i++)
    if (i == 0 || strcmp(result->verdicts[i].subject, result->verdicts[latest].subject) != 0) {
      names_add(&used, result->verdicts[i].subject);
      latest = i;
    }
  for (size_t rank = 0; rank <= result->subject_count; rank++)
    for (size_t i = 0; i < used.count; i++)
      if (!result_is_floor(used.items[i]) && result_subject_rank(result, used.items[i]) == rank)
        names_add(&all, used.items[i]);
  tally_fini(&used);
  return all;
}

static bool write_html(const struct result *result, const struct result_view *view, FILE *stream) {
  (void)view;
  struct page page = {
      .stream = stream, .result = result, .level = ratio_level(result), .subjects = all_subjects(result)};
  matrix_init(&page.matrix, result);
  page_index_rows(&page);
  put_head(&page, "Token verification");
  fputs("<body>\n", stream);
  put_navigation(&page);
  fputs("<main>\n", stream);
  page_answer(&page);
  for (size_t i = 0; i < PARTS; i++)
    if (parts[i]->has(&page))
      put_part(&page, parts[i]);
  fputs("</main>\n", stream);
  put_left_out(&page);
  put_scripts(&page);
  fputs("</body>\n</html>\n", stream);
  page_drop_rows(&page);
  matrix_fini(&page.matrix);
  tally_fini(&page.subjects);
  return true;
}

/* A page of words and tables alone: its first sentence is what it is opened for. */
static void put_whole(const struct document *document, const char *title, const struct result_view *view,
                      FILE *stream) {
  (void)view;
  struct page page = {.stream = stream};
  bool headed = document->block_count && !document->blocks[0].table;
  const struct document rest = {document->blocks + headed, document->block_count - headed};
  put_head(&page, title);
  fputs("<body>\n<main>\n<section id=answer>\n<h1>", stream);
  page_text(&page, headed ? document->blocks[0].text.text : title);
  fputs("</h1>\n", stream);
  page_document_open(&page, &rest);
  fputs("</section>\n</main>\n</body>\n</html>\n", stream);
}

const struct result_format format_html = {
    .name = "html",
    .summary = "one page with charts that opens offline",
    .extension = "html",
    .readers = "people, in a browser",
    .write = write_html,
    .put_document = put_whole,
};
