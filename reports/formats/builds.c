/* Libraries, or builds of one, beside each other on one Markdown page: throughput by algorithm, what each of
 * them is, and how to measure it again. */
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"

extern const struct result_format format_markdown; /* its sibling knows how Markdown is written */

static void add_command(struct document *document, const struct result *result) {
  OWNED_TEXT char *line = content_command(result);
  if (line[0])
    text_set_code(document_add_text(document, 0, "again", "run"), line);
}

static bool write_builds(const struct result *result, const struct result_view *view, FILE *stream) {
  OWNED_DOCUMENT struct document document = {0};
  content_headline(&document, result);
  content_warnings(&document, result, SIZE_MAX);
  content_lead(&document, result);
  content_across(&document, result);
  content_identities(&document, result);
  content_head(&document, result);
  add_command(&document, result);
  format_markdown.put_document(&document, "Builds side by side", view, stream);
  return true;
}

const struct result_format format_builds = {
    .name = "builds",
    .summary = "subjects side by side: throughput by algorithm, and what each is (Markdown)",
    .extension = "md",
    .readers = "pages that compare builds of libraries",
    .write = write_builds,
};
