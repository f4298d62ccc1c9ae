/* The HTML report in parts: each writes one section of the page, and knows whether the result has
 * anything for it. Every table is written here, by C; scripts only draw the same figures as charts, sort,
 * filter and explain. */
#ifndef ASSAY_REPORTS_HTML_PAGE_H
#define ASSAY_REPORTS_HTML_PAGE_H

#include <stdbool.h>
#include <stdio.h>

#include "reports/content/content.h"
#include "reports/content/verdicts/matrix.h"
#include "reports/document/document.h"
#include "reports/model/result.h"

struct page {
  FILE *stream;
  const struct result *result;
  struct matrix matrix;
  double level;              /* of ratio.h */
  struct tally verify_names; /* of every subject, algorithm and key size that page_verify_row knows */
  const struct result_speed **verify_rows; /* by the indices of verify_names */
  struct tally subjects;                   /* labels, in the order of their colours; without the floor */
  bool has_chart;                          /* written so far: it needs the library that draws it */
};

/* A section of the page. */
struct page_part {
  const char *id, *title;
  const char *intro; /* how to read it; "" for nothing */
  bool (*has)(const struct page *page);
  void (*put)(struct page *page);
};

/* In the order of the page. */
extern const struct page_part page_gates, page_speed, page_latency, page_rejection, page_drift, page_ledger,
    page_costs, page_shares, page_keysets, page_setup, page_scaling, page_instructions, page_memory,
    page_machine;
/* The first screen. */
void page_answer(struct page *page);

/* Text from the result, made visible (display.h) and escaped: for element content and quoted attributes. */
void page_text(struct page *page, const char *text);
/* The same of sentences: what stands in backticks becomes code, and no line breaks between
 * figure and unit. */
void page_prose(struct page *page, const char *text);
/* A command that can be copied. */
void page_command(struct page *page, const char *command);
/* The command that asks all subjects about a TOKEN of the result, and in words what it shows. */
void page_explain(struct page *page, const char *shows);
/* Every block of the document: tables fold away behind their titles, texts become paragraphs and lists. */
void page_document(struct page *page, const struct document *document);
/* The same of the tables that the function makes of the result. */
void page_tables(struct page *page, void (*content)(struct document *document, const struct result *result));
/* The same, with every table unfolded, however long. */
void page_document_open(struct page *page, const struct document *document);
/* JSON that a script of the page reads: nothing in it can end the element that it stands in. */
struct json_t;
void page_json(struct page *page, const char *attributes, const struct json_t *json);
/* The same in parts, for what is too large to be made as a whole: between begin and end stand values, each
 * after a text of brackets, commas and names of members. */
void page_json_begin(struct page *page, const char *attributes);
void page_json_value(struct page *page, const char *before, const struct json_t *json);
void page_json_end(struct page *page, const char *after);
/* A string for such JSON. */
struct json_t *page_json_text(const char *text);
/* A figure with four significant digits; null where it is not known. */
struct json_t *page_json_figure(double value);

#define PAGE_FIRST_ALG "RS256" /* that most tokens are signed with: what a chart shows at first */

/* An algorithm and a key size that were measured. */
struct page_alg {
  const char *alg; /* borrowed from the result */
  unsigned key_bits;
};
struct page_algs {
  struct page_alg *items;
  size_t count;
};
/* Adds one, not twice, and keeps the order of harness/base/alg.h. free() items. */
void page_algs_add(struct page_algs *algs, const char *alg, unsigned key_bits);
/* Makes page_verify_row find its rows, and frees what that took. */
void page_index_rows(struct page *page);
void page_drop_rows(struct page *page);
/* Of the rows that compare subjects (result_is_main_verify). */
struct page_algs page_verify_algs(const struct page *page);
/* The algorithm's smallest key among them: its main size. */
bool page_is_main_size(const struct page_algs *algs, size_t index);
/* The row of a subject that compares it; NULL: none. */
const struct result_speed *page_verify_row(const struct page *page, const char *subject, struct page_alg alg);

/* Generated from report.css, the scripts beside it and Chart.js; NUL-terminated. */
extern const unsigned char page_style[], page_scripts[], page_chart_library[];

#endif
