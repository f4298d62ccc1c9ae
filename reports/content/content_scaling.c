/* Tables of threads: one a number of them. */
#include <stdlib.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

/* ---- cores in words: what the machine shows of them ---- */

char *content_cores(const struct result_machine *machine) {
  char cpus[FIGURE_NOUN_BYTES], cores[FIGURE_NOUN_BYTES];
  if (!machine->cores)
    return allocate_copy("cores not known");
  if (!machine->cpus)
    return allocate_copy(figure_noun(cores, machine->cores, "core"));
  figure_noun(cpus, machine->cpus, "CPU");
  OWNED_TEXT char *usable = machine->cpus < machine->cores
                                ? allocate_format("%s of the %u", cpus, machine->cores)
                                : allocate_copy(cpus);
  if (!machine->physical_cores)
    return allocate_format("%s (cores not visible)", usable);
  figure_noun(cores, machine->physical_cores, "core");
  return machine->physical_cores == machine->cores ? allocate_copy(cores)
                                                   : allocate_format("%s, on %s", usable, cores);
}

/* Of so many threads at once, "on 2 cores". */
static char *place_of(const struct result_machine *machine, unsigned threads) {
  unsigned used = threads < machine->cpus ? threads : machine->cpus;
  char cores[FIGURE_NOUN_BYTES];
  if (machine->cpus == 1)
    return allocate_copy("on 1 CPU");
  if (machine->physical_cores == 1)
    return allocate_format("on the %u %s of one core", used, machine->cpus == 2 ? "halves" : "threads");
  figure_noun(cores, used < machine->physical_cores ? used : machine->physical_cores, "core");
  return used <= machine->physical_cores ? allocate_format("on %s", cores)
                                         : allocate_format("on %u threads of %s", used, cores);
}

char *content_places(const struct result_machine *machine, unsigned threads) {
  if (!machine->cpus)
    return NULL;
  if (machine->cpus > 1 && !machine->physical_cores)
    return allocate_format("cores are not visible here: the %u CPUs may be %s", machine->cpus,
                           machine->cpus == 2 ? "the halves of one" : "halves of fewer");
  OWNED_TEXT char *place = place_of(machine, threads);
  return allocate_format("%u threads %s", threads, place);
}

/* ---- tables ---- */

static int compare_scaling(const void *a, const void *b, void *result) {
  const struct result_scaling *first = *(const struct result_scaling *const *)a;
  const struct result_scaling *second = *(const struct result_scaling *const *)b;
  int order = result_compare_cells(result, (struct result_cell){first->alg, first->subject, first->key_bits},
                                   (struct result_cell){second->alg, second->subject, second->key_bits});
  return order ? order : (first > second) - (first < second);
}

/* Of rates: what is known is the interval of their ratio. */
static double reach(const struct result_scaling *row) {
  return content_reach_of(row->of_one, row->of_one_low, row->of_one_high);
}

static void add_of_one(struct document_row *out, const struct result_scaling *row, const char *why) {
  char figure[FIGURE_BYTES];
  if (figure_known(row->of_one))
    content_add_bounded(out, figure_plain_to(figure, row->of_one, figure_digits(row->of_one, reach(row))),
                        result_of_one_is_possible(row->of_one, row->threads));
  else
    content_add_reason(out, why);
}

/* Those that not every result has. */
struct columns {
  bool one, intervals;
};

static void add_scaling_row(struct document_table *table, const struct result *result,
                            const struct result_scaling *row, const struct columns *columns) {
  struct document_row *out = table_add_row(table);
  OWNED_TEXT char *alg = result_alg_text(row->alg, row->key_bits);
  const char *shared = scaling_shares_keys(row) ? ", shared keys" : "";
  OWNED_TEXT char *who = content_subject(result, row->subject, true);
  OWNED_TEXT char *subject = allocate_format("%s%s", who, shared),
                  *brief = allocate_format("%s%s", row->subject, shared);
  const char *why = row->note[0] ? row->note : "not measured";
  row_add_cell(out, alg);
  cell_set_brief(row_add_cell(out, subject), brief);
  if (!figure_known(row->tokens_per_s) && !figure_known(row->of_one)) {
    row_set_rest(out, why, STYLE_PLAIN);
  } else {
    content_add_rate(out, row->tokens_per_s, reach(row), why);
    if (columns->one)
      content_add_rate(out, row->one_tokens_per_s, reach(row), "not kept");
    add_of_one(out, row, why);
    if (columns->intervals)
      content_add_interval(out, row->of_one_low, row->of_one_high);
  }
}

/* Where they ran, and what the mark means. */
static void set_legend(struct document_table *table, const struct result_machine *machine, unsigned threads,
                       bool doubtful) {
  OWNED_TEXT char *places = content_places(machine, threads);
  OWNED_TEXT char *legend =
      allocate_format("%s%s%s", places ? places : "", places ? "." : "", places && doubtful ? " " : "");
  result_setf(&legend, "%s%s", legend, doubtful ? CONTENT_DOUBTFUL_LEGEND : "");
  if (legend[0])
    table_set_legends(table, legend);
}

static void scaling_table(struct document *document, const struct result *result, unsigned threads) {
  const struct result_scaling **rows = NULL;
  size_t count = 0;
  struct columns columns = {false, false};
  bool doubtful = false;
  for (size_t i = 0; i < result->scaling_count; i++) {
    if (result->scaling[i].threads != threads)
      continue;
    doubtful = doubtful || !result_of_one_is_possible(result->scaling[i].of_one, threads);
    columns.one = columns.one || figure_known(result->scaling[i].one_tokens_per_s);
    columns.intervals = columns.intervals || figure_known(result->scaling[i].of_one_low);
    rows = allocate_one_more(rows, count, sizeof *rows);
    rows[count++] = &result->scaling[i];
  }
  qsort_r(rows, count, sizeof *rows, compare_scaling, (void *)result);
  char buffer[16];
  OWNED_TEXT char *title = allocate_format("%s threads", content_number_word(buffer, threads));
  if (title[0] >= 'a' && title[0] <= 'z')
    title[0] = (char)(title[0] - 'a' + 'A');
  struct document_table *table = document_add_table(document, title);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT | COLUMN_FLEXIBLE, 0);
  table_add_column(table, "tokens/s", 0, 0);
  if (columns.one)
    table_add_column(table, "one thread", 0, 1);
  table_add_column(table, "x one thread", 0, 0);
  if (columns.intervals)
    table_add_column(table, "95 % interval", 0, 2);
  set_legend(table, &result->machine, threads, doubtful);
  for (size_t i = 0; i < count; i++)
    add_scaling_row(table, result, rows[i], &columns);
  free(rows);
}

void content_scaling(struct document *document, const struct result *result) {
  unsigned done = 1; /* one thread is the verify table */
  for (;;) {
    unsigned next = 0;
    for (size_t i = 0; i < result->scaling_count; i++) {
      unsigned threads = result->scaling[i].threads;
      if (threads > done && (next == 0 || threads < next))
        next = threads;
    }
    if (next == 0)
      return;
    scaling_table(document, result, next);
    done = next;
  }
}
