/* What was measured, where and how, and the command that does it again. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "reports/html/page.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/figures.h"

static bool has_machine(const struct page *page) {
  (void)page;
  return true;
}

static void put_fact(struct page *page, const char *name, const char *value) {
  if (!value[0])
    return;
  fprintf(page->stream, "<dt>%s</dt><dd>", name);
  page_prose(page, value);
  fputs("</dd>\n", page->stream);
}

static void put_figure(struct page *page, const char *name, double value, char *(*write)(char *, double)) {
  char figure[FIGURE_BYTES];
  put_fact(page, name, figure_known(value) ? write(figure, value) : "not known");
}

static void put_count(struct page *page, const char *name, uint64_t value) {
  char figure[FIGURE_BYTES];
  put_fact(page, name, figure_count(figure, value));
}

static void put_open(struct page *page, const char *title) {
  fprintf(page->stream, "<div><h3>%s</h3><dl>\n", title);
}

static void put_close(struct page *page) {
  fputs("</dl></div>\n", page->stream);
}

static void put_clock_rate(struct page *page, double mhz) {
  char figure[FIGURE_BYTES];
  OWNED_TEXT char *text = allocate_format("%sHz", figure_si(figure, mhz * 1e6));
  put_fact(page, "clock rate", figure_known(mhz) ? text : "not known");
}

static void put_place(struct page *page) {
  const struct result_machine *machine = &page->result->machine;
  OWNED_TEXT char *cores = content_cores(machine);
  put_open(page, "Machine");
  put_fact(page, "name", machine->host);
  put_fact(page, "processor", machine->cpu);
  put_fact(page, "cores", cores);
  put_clock_rate(page, machine->mhz);
  put_fact(page, "hypervisor", machine->hypervisor);
  put_fact(page, "kernel", machine->kernel);
  put_fact(page, "governor", machine->governor);
  put_fact(page, "boost", machine->boost);
  put_fact(page, "SMT", machine->smt);
  put_fact(page, "ASLR", machine->aslr);
  put_fact(page, "microcode", machine->microcode);
  put_fact(page, "clock", machine->clock);
  put_figure(page, "cost of one clock reading", machine->timer_ns, figure_time);
  put_fact(page, "hardware counters", machine->counters);
  put_figure(page, "load at the start", machine->load, figure_plain);
  put_fact(page, "processor flags", machine->flags);
  put_close(page);
}

static void put_run(struct page *page) {
  const struct result_run *run = &page->result->run;
  char text[FIGURE_BYTES];
  put_open(page, "Run");
  put_fact(page, "started", page->result->started);
  put_figure(page, "took", run->duration_s, figure_duration);
  put_count(page, "launches", run->launches);
  put_count(page, "interleaved rounds", run->rounds);
  put_figure(page, "a block lasts", run->block_ns, figure_time);
  snprintf(text, sizeof text, run->pinned_cpu < 0 ? "no" : "CPU %d", run->pinned_cpu);
  put_fact(page, "pinned", text);
  snprintf(text, sizeof text, "%" PRIu64, run->order_seed);
  put_fact(page, "seed of the order", text);
  put_figure(page, "CPU time stolen", run->steal, figure_percent);
  put_figure(page, "cores busy with other programs", run->other_load, figure_plain);
  put_count(page, "involuntary switches", run->involuntary_switches);
  put_count(page, "blocks", run->blocks);
  put_count(page, "of them disturbed and repeated", run->repeated_blocks);
  put_fact(page, "anchor", run->anchor);
  put_figure(page, "speed moved by", run->speed_moved, figure_share);
  put_figure(page, "different algorithms compare within", run->rows_apart, figure_share);
  put_fact(page, "reference subject", page->result->reference);
  put_close(page);
}

static void put_corpus(struct page *page) {
  const struct result_corpus *corpus = &page->result->corpus;
  const struct result_tool *tool = &page->result->tool;
  char text[FIGURE_BYTES];
  put_open(page, "Corpus and tool");
  put_fact(page, "corpus", corpus->profile);
  snprintf(text, sizeof text, "%" PRIu64, corpus->seed);
  put_fact(page, "seed", text);
  put_count(page, "tokens", corpus->tokens);
  put_count(page, "classes", corpus->classes);
  put_fact(page, "generator", corpus->generator);
  put_fact(page, "SHA-256", corpus->sha256);
  put_fact(page, "assay", tool->version);
  put_fact(page, "commit", tool->commit);
  put_fact(page, "compiler", tool->compiler);
  put_fact(page, "flags", tool->flags);
  put_fact(page, "sanitizer", tool->sanitizer);
  put_close(page);
}

static void put_reproduce(struct page *page) {
  OWNED_TEXT char *line = allocate_copy("");
  for (size_t i = 0; i < page->result->command.count; i++) {
    OWNED_TEXT char *word = shell_quote(page->result->command.items[i]);
    result_setf(&line, "%s%s%s", line, i ? " " : "", word);
  }
  fputs("<h3 id=reproduce>Reproduce</h3>\n<p>The run again, with the same corpus:</p><p>", page->stream);
  if (line[0])
    page_command(page, line);
  else
    fputs("the result does not tell its command", page->stream);
  fputs("</p>\n<p>One token, with its parts, what is wrong with it and what each subject says:</p><p>",
        page->stream);
  OWNED_TEXT char *explain = content_explain_command(page->result, "", "TOKEN");
  page_command(page, explain);
  fputs("</p>\n", page->stream);
}

static void put_machine(struct page *page) {
  OWNED_DOCUMENT struct document builds = {0};
  fputs("<div class=facts>\n", page->stream);
  put_place(page);
  put_run(page);
  put_corpus(page);
  fputs("</div>\n<h3>Builds</h3>\n", page->stream);
  content_builds(&builds, page->result);
  page_document(page, &builds);
  put_reproduce(page);
}

const struct page_part page_machine = {
    .id = "conditions", .title = "Conditions", .intro = "", .has = has_machine, .put = put_machine};
