/* What is shown of the tables at a terminal: rows, columns, order, bars, and the line to paste. */
#include "harness/base/error.h"
#include "reports/content/content.h"
#include "reports/document/document_select.h"
#include "reports/document/terminal.h"
#include "reports/model/ratio.h"
#include "reports/model/result_cut.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "tests/cli.h"
#include "tests/sample_result.h"

Test(select, figures_are_read_as_they_are_written) {
  static const struct {
    const char *text;
    double value;
  } figures[] = {{"37.1 k", 37100}, {"26.9 us", 26.9e-6}, {"1.2 ms", 1.2e-3},        {"9,120 / 9,120", 9120},
                 {"0.98", 0.98},    {"12.3 %", 0.123},    {"12 us to 15 us", 12e-6}, {"1.23 MB", 1.23e6}};
  double value;
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
    cr_assert(figure_read(figures[i].text, &value), "%s", figures[i].text);
    cr_expect_float_eq(value, figures[i].value, figures[i].value * 1e-9, "%s", figures[i].text);
  }
  cr_expect_not(figure_read("too few samples", &value));
  cr_expect_not(figure_read("", &value));
}

/* Two algorithms, three subjects; the third lacks the second algorithm. */
static void fill(struct document *document) {
  static const char *const cells[6][4] = {
      {"RS256 2048", "openssl 3", "37.1 k", "31.2 us"}, {"RS256 2048", "boringssl", "1.5 M", "900 ns"},
      {"RS256 2048", "wolfssl", "9.8 k", "112 us"},     {"ES256", "openssl 3", "14 k", "80 us"},
      {"ES256", "boringssl", "13 k", "too few"},        {"ES256", "wolfssl", NULL, NULL}};
  struct document_table *table = document_add_table(document, "Verify");
  table_add_column(table, "", COLUMN_LEFT | COLUMN_GROUPED, 0);
  table_add_column(table, "", COLUMN_LEFT, 0);
  table_add_column(table, "tokens/s", 0, 0);
  table_add_column(table, "p99", 0, 0);
  for (int r = 0; r < 6; r++) {
    struct document_row *row = table_add_row(table);
    row->gap = r == 3;
    for (int c = 0; c < 4 && cells[r][c]; c++)
      row_add_cell(row, cells[r][c]);
    if (!cells[r][2])
      row_set_rest(row, "not in this library", STYLE_PLAIN);
  }
  table = document_add_table(document, "Memory");
  table_add_column(table, "", COLUMN_LEFT, 0);
  table_add_column(table, "arena", 0, 0);
  row_add_cell(table_add_row(table), "openssl 3");
  row_add_cell(&table->rows[0], "3 kB");
}

/* The second column of the first table, joined, with a bar where a gap is; then its columns. */
static const char *selected(struct document_selection selection) {
  static char text[512];
  struct document document = {0};
  struct assay_error error = {0};
  fill(&document);
  bool ok = document_select(&document, &selection, &error);
  const struct document_table *table = document.blocks[0].table;
  text[0] = '\0';
  for (size_t r = 0; r < table->row_count; r++)
    snprintf(text + strlen(text), sizeof text - strlen(text), "%s%.1s%.1s ", table->rows[r].gap ? "| " : "",
             table->rows[r].cells[0].forms[FORM_FULL], table->rows[r].cells[1].forms[FORM_FULL]);
  for (size_t c = 2; c < table->column_count; c++)
    snprintf(text + strlen(text), sizeof text - strlen(text), "%s ", table->columns[c].heads[FORM_FULL]);
  if (!ok)
    snprintf(text, sizeof text, "%s", error.text);
  cr_expect_eq(document.blocks[1].table->row_count, 1, "a table without such names stays whole");
  document_fini(&document);
  return text;
}

Test(select, rows_columns_and_order) {
  static const struct {
    struct document_selection selection;
    const char *shown;
  } rows[] = {
      {{0}, "Ro Rb Rw | Eo Eb Ew tokens/s p99 "},
      {{.only = "ES256"}, "Eo Eb Ew tokens/s p99 "},
      {{.only = "es256,openssl"}, "Eo tokens/s p99 "},
      {{.only = "openssl,wolfssl"}, "Ro Rw | Eo Ew tokens/s p99 "},
      {{.only = "RS256 2048,b*"}, "Rb tokens/s p99 "},
      {{.only = "wolfssl"}, "Rw | Ew tokens/s p99 "},
      {{.columns = "p99"}, "Ro Rb Rw | Eo Eb Ew p99 "},
      {{.columns = "p*,tokens/s"}, "Ro Rb Rw | Eo Eb Ew tokens/s p99 "},
      {{.sort = "p99"}, "Rb Ro Rw | Eo Eb Ew tokens/s p99 "},
      {{.sort = "-tokens/s"}, "Rb Ro Rw | Eo Eb Ew tokens/s p99 "},
      {{.sort = "tokens/s"}, "Rw Ro Rb | Eb Eo Ew tokens/s p99 "},
      {{.only = "RS256", .columns = "p99", .sort = "-p99"}, "Rw Ro Rb p99 "},
      {{.sort = "tokens/s", .columns = "p99"}, "Rw Ro Rb | Eb Eo Ew p99 "},
      {{.only = "opensll"}, "--only: no table has 'opensll'; did you mean 'openssl'?"},
      {{.columns = "p98"}, "--columns: no table has 'p98'; did you mean 'p99'?"},
      {{.sort = "zzzzzz"}, "--sort: no table has 'zzzzzz'; there are: tokens/s, p99, arena"},
      {{.columns = ","}, "--columns names nothing"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    cr_expect_str_eq(selected(rows[i].selection), rows[i].shown, "%zu: %s", i, selected(rows[i].selection));
}

/* Narrower, bars are fewer, and none of them is cut off; narrower still, a row is a paragraph. */
Test(select, tables_are_laid_out_anew_rather_than_cut) {
  static const int widths[] = {100, 80, 60, 40};
  struct result *result = sample_rich();
  for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
    char *text = sample_render("terminal", result, (struct result_view){.columns = widths[i], .bars = true});
    char *bars = strstr(text, "Latency, one thread"), *end = strstr(bars, "How many tokens");
    cr_assert(bars && end, "%s", text);
    *end = '\0';
    cr_expect_null(strstr(bars, "..."), "%d: %s", widths[i], bars);
    *end = 'H';
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
      OWNED_TEXT char *one = strndup(line, strcspn(line, "\n"));
      cr_expect_leq(display_width(one), (size_t)widths[i], "%d: %s", widths[i], one);
    }
    free(text);
  }
  result_free(result);
}

/* Every table, in both formats that people read: what is not named is nowhere in the report. */
Test(select, only_cuts_every_table_and_every_sentence) {
  static const char *const formats[] = {"terminal", "markdown"};
  struct result *result = sample_rich();
  result_drop_gates(result);
  for (size_t i = 0; i < result->memory_count; i++) /* of another algorithm, to be cut */
    result_set(&result->memory[i].alg, i ? "RS256" : "ES256");
  for (size_t i = 0; i < 2; i++) {
    struct result_view view = {.columns = 200, .verbose = true, .only = "RS256,boringssl"};
    char *whole = sample_render(formats[i], result, (struct result_view){.columns = 200, .verbose = true});
    char *cut = sample_render(formats[i], result, view);
    static const char *const tables[] = {"Key import", "Two threads", "Memory per token", "Rejection",
                                         "Memory at most"};
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
      cr_expect_not_null(strstr(whole, tables[t]), "%s", whole);
      cr_expect_not_null(strstr(cut, tables[t]), "%s: %s", tables[t], cut);
    }
    cr_expect_not_null(strstr(cut, "RS256,boringssl: whatever else was asked and measured is left out"), "%s",
                       cut);
    static const char *const gone[] = {"ES256", "HS256", "wolfssl ", "openssl 3"};
    char *builds = strstr(cut, "## Reproduce");
    if (builds)
      *builds = '\0';
    for (size_t g = 0; g < sizeof gone / sizeof gone[0]; g++)
      cr_expect_null(strstr(cut, gone[g]), "%s: %s is in: %s", formats[i], gone[g], cut);
    free(whole);
    free(cut);
  }
  result_free(result);
}

/* The first column of the drift table has a head, and names the rows all the same. */
Test(select, only_takes_classes) {
  struct result *result = sample_rich();
  sample_fill_whole(result);
  char *cut =
      sample_render("terminal", result, (struct result_view){.columns = 100, .only = "exp-past*,cjose"});
  const char *drift = strstr(cut, "\nDrift: ");
  cr_assert_not_null(drift, "%s", cut);
  cr_expect_not_null(strstr(drift, "\n exp-past/hour "), "%s", drift);
  cr_expect_null(strstr(drift, "\n hdr-bom "), "%s", drift);
  cr_expect_null(strstr(drift, "libjwt "), "%s", drift);
  free(cut);
  result_free(result);
}

/* Of figures that were compared with many others it would be wrong to say that they were compared alone. */
Test(select, a_cut_result_stays_as_careful_as_the_whole) {
  struct result *result = sample_rich();
  struct word_list words = word_list_of("RS256");
  struct result cut = result_cut(result, &words);
  cr_expect_lt(cut.speed_count, result->speed_count);
  cr_expect_eq(ratio_level(&cut), ratio_level(result));
  result_cut_fini(&cut);
  word_list_fini(&words);
  result_free(result);
}

Test(select, bars_are_drawn_only_where_they_can_be_seen) {
  struct result *result = sample_rich();
  char *plain = sample_render("terminal", result, (struct result_view){.columns = 100});
  char *bars = sample_render("terminal", result, (struct result_view){.columns = 100, .bars = true});
  cr_expect_null(strstr(plain, "Latency, one thread"));
  for (const char *at = plain; *at; at++)
    cr_assert_lt((unsigned char)*at, 0x80, "a plain report has a character outside ASCII");
  cr_expect_not_null(strstr(bars, "Latency, one thread"), "%s", bars);
  cr_expect_not_null(strstr(bars, "█"), "%s", bars);
  free(plain);
  free(bars);
  result_free(result);
}

Test(select, the_line_is_one_and_loses_no_wrong_verdict) {
  struct result *result = sample_rich();
  char *line = content_line(result);
  cr_expect_null(strchr(line, '\n'));
  cr_expect_not_null(strstr(line, "RS256 2048: openssl "), "%s", line);
  uint64_t wrong = 0;
  for (size_t i = 0; i < result->verdict_count; i++)
    for (int kind = 0; kind < KIND_UNDECIDED && result->verdicts[i].level != LEVEL_PRIMITIVE; kind++)
      wrong += result_count(&result->verdicts[i], (enum answer_kind)kind);
  char words[64];
  snprintf(words, sizeof words, "; %llu wrong of ", (unsigned long long)wrong);
  cr_expect_gt(wrong, 0);
  cr_expect_not_null(strstr(line, words), "'%s' is not in %s", words, line);
  free(line);
  result_set(&result->tool.sanitizer, "address");
  line = content_line(result);
  cr_expect_null(strstr(line, "k/s"), "%s", line);
  free(line);
  result_free(result);
}

/* ---- at a terminal and elsewhere ---- */

static char folder[64];

static void set_up(void) {
  char path[96];
  snprintf(folder, sizeof folder, "%s", fresh_folder());
  snprintf(path, sizeof path, "%s/r.json", folder);
  sample_write(path);
}

static void tear_down(void) {
  shell("rm -rf %s", folder);
}

TestSuite(cli_select, .init = set_up, .fini = tear_down);

/* The report as a terminal of so many columns gets it, under an environment. */
static const struct ran *at_terminal(const char *environment, unsigned columns, const char *options) {
  return shell(
      "cd %s && env -u NO_COLOR -u LC_ALL -u LC_CTYPE PYTHONCOERCECLOCALE=0 %s python3 -c 'import pty\n"
      "pty.spawn([\"sh\", \"-c\", \"stty cols %u; " BIN "/assay report r.json %s\"])' < /dev/null 2>&1",
      folder, environment, columns, options);
}

static size_t widest(const char *text) {
  size_t most = 0;
  while (*text) {
    size_t len = strcspn(text, "\r\n");
    most = len > most ? len : most;
    text += len + strspn(text + len, "\r\n");
  }
  return most;
}

Test(cli_select, colour_bars_and_width_are_the_terminals) {
  const struct ran *ran = at_terminal("TERM=xterm LANG=C.UTF-8", 120, "");
  cr_expect_not_null(strchr(ran->out, '\x1b'), "no colour: %s", ran->out);
  cr_expect_not_null(strstr(ran->out, "Latency, one thread"));
  ran = at_terminal("TERM=xterm LANG=C NO_COLOR=1", 70, "");
  cr_expect_null(strchr(ran->out, '\x1b'));
  cr_expect_null(strstr(ran->out, "Latency, one thread"));
  cr_expect_leq(widest(ran->out), 70);
  ran = at_terminal("TERM=dumb LANG=C.UTF-8", 100, "");
  cr_expect_null(strchr(ran->out, '\x1b'));
  cr_expect_null(strstr(ran->out, "Latency, one thread"));
}

Test(cli_select, pipes_get_plain_text) {
  const struct ran *ran = shell("cd %s && TERM=xterm LANG=C.UTF-8 " BIN "/assay report r.json 2>&1", folder);
  cr_expect_eq(ran->code, 0);
  cr_expect_null(strchr(ran->out, '\x1b'));
  cr_expect_null(strstr(ran->out, "Latency, one thread"));
  cr_expect_leq(widest(ran->out), 100);
}

Test(cli_select, options_of_report) {
  const struct ran *ran = shell(
      "cd %s && " BIN "/assay report r.json --only RS256,openssl --columns p99 --sort p99 2>&1", folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_null(strstr(ran->out, "of bare"), "%s", ran->out);
  cr_expect_eq(shell("cd %s && " BIN "/assay report r.json --line | wc -l", folder)->out[0], '1');
  COMPLAINS(shell("cd %s && " BIN "/assay report r.json --sort p98 2>&1", folder), "report", "'p99'");
  COMPLAINS(shell("cd %s && " BIN "/assay report r.json --only x --format json 2>&1", folder), "--only",
            "json");
}
