/* The history of results: nothing lost, nothing twice, whoever writes at the same time or dies doing so. */
#include <math.h>
#include <signal.h>
#include <sqlite3.h>

#include "reports/model/result.h"
#include "tests/cli.h"

/* A result file with one figure, and what may make it unfit to be compared. */
struct sample {
  const char *started;
  double ns;
  bool single, partial; /* single: of one launch, without an interval */
  const char *sanitizer, *version;
  enum result_metric metric;
  unsigned cores;
  double bad_share;
};

static void add_row(struct result *result, const struct sample *sample, const char *alg) {
  struct result_speed *row = result_add_speed(result);
  result_set(&row->subject, "one");
  result_set(&row->alg, alg);
  row->metric = sample->metric ? sample->metric : METRIC_VERIFY;
  row->mode = MODE_DIVERSE;
  row->threads = 1;
  row->kid = row->verdicts_ok = true;
  row->key_bits = alg[0] == '-' ? 0 : 2048;
  row->bad_share = sample->bad_share;
  row->ns = sample->ns;
  row->ns_low = sample->single ? (double)NAN : 0.99 * sample->ns;
  row->ns_high = sample->single ? (double)NAN : 1.01 * sample->ns;
}

static void write_sample(const char *path, const struct sample *sample) {
  struct result *result = result_new();
  const struct result_view view = {0};
  cr_assert_not_null(result);
  result_set(&result->started, sample->started);
  result_set(&result->tool.sanitizer, sample->sanitizer ? sample->sanitizer : "none");
  result->partial = sample->partial;
  result->machine.cores = sample->cores ? sample->cores : 2;
  struct result_subject *subject = result_add_subject(result);
  result_set(&subject->name, "one");
  result_set(&subject->version, sample->version);
  add_row(result, sample, sample->metric == METRIC_CONTEXT ? "-" : "RS256");
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  cr_assert(result_format_by_name("json")->write(result, &view, file));
  cr_assert_eq(fclose(file), 0);
  result_free(result);
}

static void write_result(const char *path, const char *started, double ns) {
  write_sample(path, &(struct sample){.started = started, .ns = ns});
}

#define HISTORY BIN "/assay history --file %s/h.sqlite "

static int count_in(const char *folder) {
  const struct ran *ran = shell(HISTORY "list --json 2>&1", folder);
  json_t *list = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(list, "%s", ran->out);
  int count = (int)json_array_size(list);
  json_decref(list);
  return count;
}

static void add_sample(const char *folder, const char *name, const struct sample *sample) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  write_sample(path, sample);
  const struct ran *ran = shell(HISTORY "add %s 2>&1", folder, path);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
}

static void add(const char *folder, const char *name, const char *started, double ns) {
  add_sample(folder, name, &(struct sample){.started = started, .ns = ns});
}

Test(history, keeps_results_whole_and_not_twice) {
  const char *folder = fresh_folder();
  add(folder, "a.json", "2026-01-01T00:00:00Z", 1000);
  add(folder, "b.json", "2026-01-02T00:00:00Z", 1100);
  add(folder, "a.json", "2026-01-01T00:00:00Z", 1000);
  cr_expect_eq(count_in(folder), 2);
  const struct ran *ran = shell(HISTORY "show 2 --format json >%s/back.json && " BIN
                                        "/assay report %s/b.json --format json | cmp - %s/back.json 2>&1",
                                folder, folder, folder, folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  shell("rm -rf %s", folder);
}

/* An index over whole results would double it. */
Test(history, is_not_much_larger_than_what_it_keeps) {
  const char *folder = fresh_folder();
  add(folder, "a.json", "2026-01-01T00:00:00Z", 1000);
  shell("cd %s && python3 -c \"import json; r = json.load(open('a.json')); r['warnings'] = ['x' * 1000000]; "
        "json.dump(r, open('big.json', 'w'))\"",
        folder);
  const struct ran *ran = shell(HISTORY "add %s/big.json %s/big.json 2>&1", folder, folder, folder);
  cr_expect_not_null(strstr(ran->out, "is there already, as 2"), "%s", ran->out);
  ran = shell("stat -c %%s %s/h.sqlite", folder);
  cr_expect_lt(strtol(ran->out, NULL, 10), 1200000, "%s", ran->out);
  shell("rm -rf %s", folder);
}

Test(history, trend_is_in_the_order_of_time_with_the_change_from_one_to_the_next) {
  const char *folder = fresh_folder();
  add(folder, "b.json", "2026-01-02T00:00:00Z", 1100);
  add(folder, "a.json", "2026-01-01T00:00:00Z", 1000);
  const struct ran *ran = shell(HISTORY "trend --subject one --alg RS256 2>&1", folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  const char *first = strstr(ran->out, "2026-01-01"), *second = strstr(ran->out, "2026-01-02");
  cr_assert(first && second && first < second, "%s", ran->out);
  cr_expect_not_null(strstr(second, "+10.00 %"), "%s", ran->out);
  COMPLAINS(shell(HISTORY "trend --subject none --alg RS256 2>&1", folder), "none RS256 verify");
  COMPLAINS(shell(HISTORY "trend --subject none --alg RS256 --json 2>&1", folder), "none RS256 verify");
  shell("rm -rf %s", folder);
}

/* The line of a trend or list whose result was started on that day of January. */
static const char *line_of_day(const char *text, int day) {
  static char line[400];
  char date[32];
  snprintf(date, sizeof date, "2026-01-%02d", day);
  const char *at = strstr(text, date);
  cr_assert_not_null(at, "%s is not in %s", date, text);
  snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
  return line;
}

Test(history, changes_are_told_between_what_may_be_compared_alone) {
  static const struct {
    struct sample sample;
    const char *change;
  } rows[] = {{{.started = "2026-01-01T00:00:00Z", .ns = 1000}, "first"},
              {{.started = "2026-01-02T00:00:00Z", .ns = 1000, .sanitizer = "address"}, "sanitizer build"},
              {{.started = "2026-01-03T00:00:00Z", .ns = 5000, .partial = true}, "partial"},
              {{.started = "2026-01-04T00:00:00Z", .ns = 1100}, "+10.00 %"},
              {{.started = "2026-01-05T00:00:00Z", .ns = 1110}, "not resolved"},
              {{.started = "2026-01-06T00:00:00Z", .ns = 2000, .single = true}, "not resolved"},
              {{.started = "2026-01-07T00:00:00Z", .ns = 2220}, "+100.00 %"},
              {{.started = "2026-01-08T00:00:00Z", .ns = 2000, .cores = 64}, "other machine"}};
  const char *folder = fresh_folder();
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    add_sample(folder, "a.json", &rows[i].sample);
  const struct ran *ran = shell(HISTORY "trend --subject one --alg RS256 2>&1", folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const char *line = line_of_day(ran->out, (int)i + 1), *change = rows[i].change;
    size_t length = strlen(line), least = strlen(change);
    cr_expect(length > least && strcmp(line + length - least, change) == 0, "'%s' is not at the end of %s",
              change, line);
  }
  ran = shell(HISTORY "list 2>&1", folder);
  cr_expect_not_null(strstr(line_of_day(ran->out, 2), "sanitizer build"), "%s", ran->out);
  cr_expect_not_null(strstr(line_of_day(ran->out, 3), "partial"), "%s", ran->out);
  cr_expect_null(strstr(line_of_day(ran->out, 4), "partial"), "%s", ran->out);
  shell("rm -rf %s", folder);
}

/* A curve through every figure, and a dot at the one that is resolved from those before. */
Test(history, a_trend_in_html_is_drawn_with_its_changes) {
  const char *folder = fresh_folder();
  add(folder, "a.json", "2026-01-01T00:00:00Z", 1000);
  add(folder, "b.json", "2026-01-02T00:00:00Z", 1000.1);
  add(folder, "c.json", "2026-01-03T00:00:00Z", 1100.11);
  const struct ran *ran = shell(HISTORY "trend --subject one --alg RS256 --format html 2>&1", folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  const char *points = strstr(ran->out, "points=\""), *dot = strstr(ran->out, "<circle ");
  cr_assert(points && dot && points < dot, "%s", ran->out);
  cr_expect_not_null(strstr(points, "points=\"8.0,88.0 360.0,87.9 712.0,8.0\""), "%.60s", points);
  cr_expect_not_null(strstr(dot, "cx=712.0 cy=8.0"), "%.200s", dot);
  cr_expect_null(strstr(dot + 1, "<circle "), "%s", dot);
  cr_expect_not_null(strstr(ran->out, "+10.00 %"), "%s", ran->out);
  ran = shell(HISTORY "trend --subject one --alg RS256 --format markdown 2>&1", folder);
  cr_expect_not_null(strstr(ran->out, "| 2026-01-03"), "%s", ran->out);
  COMPLAINS(shell(HISTORY "trend --subject one --alg RS256 --format sarif 2>&1", folder), "sarif",
            "markdown");
  shell("rm -rf %s", folder);
}

/* A row a result, with what the table leaves out: the version of the library, the commit of assay, the machine. */
Test(history, a_trend_in_csv_has_a_row_a_result) {
  const char *folder = fresh_folder();
  add_sample(folder, "a.json",
             &(struct sample){.started = "2026-01-01T00:00:00Z", .ns = 1000, .version = "1.0"});
  add_sample(folder, "b.json",
             &(struct sample){.started = "2026-01-02T00:00:00Z", .ns = 1100, .version = "1,1"});
  add_sample(folder, "c.json",
             &(struct sample){.started = "2026-01-03T00:00:00Z", .ns = 1100, .single = true, .cores = 64});
  const struct ran *ran = shell(HISTORY "trend --subject one --alg RS256 --format csv 2>&1", folder);
  cr_expect_eq(ran->code, 0);
  cr_expect_str_eq(
      ran->out,
      "id,started,commit,subject,version,alg,key_bits,metric,ns,ns_low,ns_high,change,no_change,"
      "cpu,cores,corpus,partial,sanitized\r\n"
      "1,2026-01-01T00:00:00Z,,one,1.0,RS256,2048,verify,1000,990,1010,,first,,2,,false,false\r\n"
      "2,2026-01-02T00:00:00Z,,one,\"1,1\",RS256,2048,verify,1100,1089,1111,0.1,,,2,,false,false\r\n"
      "3,2026-01-03T00:00:00Z,,one,,RS256,2048,verify,1100,,,,other machine,,64,,false,false\r\n");
  COMPLAINS(shell(HISTORY "trend --subject one --alg RS256 --format csv --json 2>&1", folder),
            "exclude each other");
  shell("rm -rf %s", folder);
}

Test(history, a_trend_is_of_good_tokens_and_the_key_set_of_the_corpus) {
  const char *folder = fresh_folder();
  add_sample(folder, "a.json",
             &(struct sample){.started = "2026-01-01T00:00:00Z", .ns = 1000, .bad_share = 0.5});
  COMPLAINS(shell(HISTORY "trend --subject one --alg RS256 2>&1", folder),
            "no result has a figure of one RS256 verify");
  shell("rm -rf %s", folder);
}

Test(history, contexts_have_a_trend_without_an_algorithm) {
  const char *folder = fresh_folder();
  add_sample(folder, "a.json",
             &(struct sample){.started = "2026-01-01T00:00:00Z", .ns = 3000, .metric = METRIC_CONTEXT});
  const struct ran *ran = shell(HISTORY "trend --subject one --metric context 2>&1", folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "3.00 us"), "%s", ran->out);
  COMPLAINS(shell(HISTORY "trend --subject one --metric context --alg RS256 2>&1", folder), "--alg");
  COMPLAINS(shell(HISTORY "trend --subject two --metric context 2>&1", folder), "figure of two context");
  COMPLAINS(shell(HISTORY "trend --subject one --alg RS256 --metric contxt 2>&1", folder),
            "no metric 'contxt'", "did you mean 'context'");
  shell("rm -rf %s", folder);
}

/* Runs a command line on a terminal so wide; the answer is the widest line. */
static int widest_line(const char *folder, int columns, const char *line) {
  const struct ran *ran = shell(
      "TERM=dumb script -qec \"stty cols %d; " HISTORY "%s\" /dev/null | tr -d '\\r'", columns, folder, line);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  int widest = 0;
  for (const char *at = ran->out; *at; at += strcspn(at, "\n"), at += *at == '\n')
    widest = (int)strcspn(at, "\n") > widest ? (int)strcspn(at, "\n") : widest;
  return widest;
}

Test(history, tables_fit_a_terminal_of_80_columns) {
  const char *folder = fresh_folder();
  struct sample sample = {.ns = 123456, .version = "of a library whose version takes many words, 1.2.3-4"};
  char started[32];
  for (int day = 1; day < 13; day++, sample.ns *= 1.1) {
    snprintf(started, sizeof started, "2026-01-%02dT00:00:00Z", day);
    sample.started = started;
    add_sample(folder, "a.json", &sample);
  }
  int trend = widest_line(folder, 80, "trend --subject one --alg RS256"),
      list = widest_line(folder, 80, "list");
  cr_expect(trend > 60 && trend <= 80, "a trend of %d columns", trend);
  cr_expect(list > 60 && list <= 80, "a list of %d columns", list);
  shell("rm -rf %s", folder);
}

Test(history, two_writers_at_once_lose_nothing) {
  const char *folder = fresh_folder();
  char path[256], started[32];
  for (int i = 0; i < 20; i++) {
    snprintf(path, sizeof path, "%s/%02d.json", folder, i);
    snprintf(started, sizeof started, "2026-01-01T00:00:%02dZ", i);
    write_result(path, started, 1000 + i);
  }
  const struct ran *ran =
      shell("cd %s && (for i in 0*.json; do " BIN "/assay history --file h.sqlite add $i || echo bad; done & "
            "for i in 1*.json; do " BIN "/assay history --file h.sqlite add $i || echo bad; done; wait) 2>&1",
            folder);
  cr_expect_null(strstr(ran->out, "bad"), "%s", ran->out);
  cr_expect_eq(count_in(folder), 20);
  shell("rm -rf %s", folder);
}

/* Killed at many moments of an addition: afterwards a result is there with its figures, or not at all. */
Test(history, a_writer_that_is_killed_leaves_nothing_half_done) {
  const char *folder = fresh_folder();
  char path[256], name[256];
  snprintf(name, sizeof name, "%s/h.sqlite", folder);
  add(folder, "first.json", "2026-01-01T00:00:00Z", 1000);
  for (int i = 0; i < 40; i++) {
    char started[32];
    snprintf(path, sizeof path, "%s/next.json", folder);
    snprintf(started, sizeof started, "2026-02-01T00:00:%02dZ", i);
    write_result(path, started, 2000 + i);
    pid_t pid = fork();
    if (pid == 0) {
      freopen("/dev/null", "w", stdout);
      execl(BIN "/assay", "assay", "history", "--file", name, "add", path, (char *)NULL);
      _exit(9);
    }
    usleep((useconds_t)i * 400);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
  }
  sqlite3 *db;
  sqlite3_stmt *statement;
  cr_assert_eq(sqlite3_open(name, &db), SQLITE_OK);
  cr_assert_eq(sqlite3_prepare_v2(db,
                                  "SELECT (SELECT count(*) FROM result),"
                                  " (SELECT count(DISTINCT result) FROM figure), integrity_check"
                                  " FROM pragma_integrity_check",
                                  -1, &statement, NULL),
               SQLITE_OK);
  cr_assert_eq(sqlite3_step(statement), SQLITE_ROW);
  cr_expect_geq(sqlite3_column_int(statement, 0), 1);
  cr_expect_eq(sqlite3_column_int(statement, 0), sqlite3_column_int(statement, 1));
  cr_expect_str_eq((const char *)sqlite3_column_text(statement, 2), "ok");
  sqlite3_finalize(statement);
  sqlite3_close(db);
  shell("rm -rf %s", folder);
}

static void sql(const char *folder, const char *text) {
  char path[256];
  sqlite3 *db;
  snprintf(path, sizeof path, "%s/h.sqlite", folder);
  cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
  cr_assert_eq(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
  sqlite3_close(db);
}

/* Copies a history in the middle of an addition, as a kill leaves it: pages are written, and the journal
 * tells what stood there before. */
static void cut_off_an_addition(const char *folder) {
  char path[256];
  sqlite3 *db;
  snprintf(path, sizeof path, "%s/h.sqlite", folder);
  cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
  cr_assert_eq(sqlite3_exec(db,
                            "PRAGMA cache_size=1; BEGIN IMMEDIATE;"
                            "INSERT INTO result(started, tool_commit, cpu, corpus, subjects, json)"
                            " VALUES('never', '', '', '', '', hex(randomblob(1000000)))",
                            NULL, NULL, NULL),
               SQLITE_OK, "%s", sqlite3_errmsg(db));
  shell("mkdir %s/cut && cp %s/h.sqlite %s/h.sqlite-journal %s/cut", folder, folder, folder, folder);
  sqlite3_close(db);
  cr_assert_eq(shell("mv %s/cut/* %s && test -s %s/h.sqlite-journal", folder, folder, folder)->code, 0);
}

Test(history, readers_take_back_what_a_killed_writer_left_half_done) {
  static const char *const verbs[] = {"list", "trend --subject one --alg RS256", "show 1"};
  for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
    const char *folder = fresh_folder();
    add(folder, "a.json", "2026-01-01T00:00:00Z", 1000);
    cut_off_an_addition(folder);
    const struct ran *ran = shell(HISTORY "%s 2>&1", folder, verbs[i]);
    cr_expect_eq(ran->code, 0, "%s: %s", verbs[i], ran->out);
    cr_expect_null(strstr(ran->out, "never"), "%s", ran->out);
    cr_expect_eq(count_in(folder), 1);
    shell("rm -rf %s", folder);
  }
}

/* Root may write to any file, so that it has to put that right aside. */
#define UNPRIVILEGED                                                                                         \
  "$([ $(id -u) != 0 ] || echo setpriv --bounding-set=-dac_override --inh-caps=-dac_override) "

Test(history, who_may_not_write_is_told_what_a_killed_writer_left) {
  const char *folder = fresh_folder();
  add(folder, "a.json", "2026-01-01T00:00:00Z", 1000);
  shell("chmod 444 %s/h.sqlite", folder);
  const struct ran *ran = shell(UNPRIVILEGED HISTORY "list 2>&1", folder);
  cr_expect_eq(ran->code, 0, "a read-only history can be read: %s", ran->out);
  shell("chmod 644 %s/h.sqlite", folder);
  cut_off_an_addition(folder);
  shell("chmod 444 %s/h.sqlite", folder);
  COMPLAINS(shell(UNPRIVILEGED HISTORY "list 2>&1", folder), "an addition that was cut off", "may write");
  shell("chmod 644 %s/h.sqlite; chmod 000 %s/h.sqlite-journal", folder, folder);
  COMPLAINS(shell(UNPRIVILEGED HISTORY "list 2>&1", folder), "an addition that was cut off", "may write");
  shell("rm -rf %s", folder);
}

Test(history, what_grows_beyond_the_limit_of_files_is_told_and_not_kept) {
  const char *folder = fresh_folder();
  add(folder, "a.json", "2026-01-01T00:00:00Z", 1000);
  shell("cd %s && { head -c -2 a.json; printf ',\"more\":\"'; head -c 300000 /dev/zero | tr '\\0' x; "
        "printf '\"}\\n'; } >big.json",
        folder);
  COMPLAINS(shell("ulimit -f 64; " HISTORY "add %s/big.json 2>&1", folder, folder),
            "h.sqlite cannot be written to: a limit");
  cr_expect_eq(count_in(folder), 1);
  const struct ran *ran = shell(HISTORY "add %s/big.json 2>&1", folder, folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  cr_expect_eq(count_in(folder), 2);
  shell("rm -rf %s", folder);
}

Test(history, an_older_schema_is_brought_forward_with_what_is_in_it) {
  const char *folder = fresh_folder();
  add(folder, "a.json", "2026-01-01T00:00:00Z", 1000);
  add_sample(folder, "c.json",
             &(struct sample){.started = "2026-01-03T00:00:00Z", .ns = 900, .partial = true});
  sql(folder, "DROP INDEX figure_of; ALTER TABLE result DROP COLUMN cores;" /* what version 1 had */
              "ALTER TABLE result DROP COLUMN partial; ALTER TABLE result DROP COLUMN sanitized;"
              "DROP INDEX result_hash; ALTER TABLE result DROP COLUMN hash;"
              "CREATE UNIQUE INDEX json_once ON result(json);"
              "PRAGMA user_version = 1");
  shell("cp %s/h.sqlite %s/before", folder, folder);
  const struct ran *ran = shell(HISTORY "list 2>&1", folder);
  cr_expect_not_null(strstr(line_of_day(ran->out, 3), "partial"), "%s", ran->out);
  cr_expect_eq(shell("cmp %s/h.sqlite %s/before", folder, folder)->code, 0, "a reader changed it");
  add(folder, "b.json", "2026-01-02T00:00:00Z", 1100);
  add(folder, "a.json", "2026-01-01T00:00:00Z", 1000);
  cr_expect_eq(count_in(folder), 3, "what was there before is known again");
  ran = shell(HISTORY "trend --subject one --alg RS256 2>&1", folder);
  cr_expect_not_null(strstr(line_of_day(ran->out, 2), "+10.00 %"), "%s", ran->out);
  cr_expect_not_null(strstr(line_of_day(ran->out, 3), "partial"), "%s", ran->out);
  shell("rm -rf %s", folder);
}

Test(history, what_cannot_be_used_is_said_in_one_sentence_and_left_alone) {
  const char *folder = fresh_folder();
  COMPLAINS(shell(HISTORY "list 2>&1", folder), "there is no history", "h.sqlite");
  add(folder, "a.json", "2026-01-01T00:00:00Z", 1000);
  COMPLAINS(shell(HISTORY "add %s/none.json 2>&1", folder, folder), "none.json");
  COMPLAINS(shell(HISTORY "show 7 2>&1", folder), "has no result 7");
  COMPLAINS(shell(HISTORY "show x 2>&1", folder), "takes the id");
  COMPLAINS(shell(HISTORY "list x 2>&1", folder), "list takes no operands, not 'x'");
  COMPLAINS(shell(HISTORY "trend --subject one --alg RS256 x 2>&1", folder), "trend takes no operands");
  COMPLAINS(shell(HISTORY "remove 2>&1", folder), "no verb 'remove'");
  COMPLAINS(shell(BIN "/assay history --file %s list 2>&1", folder), folder, "it is no regular file");
  COMPLAINS(shell(BIN "/assay history --file %s add %s/a.json 2>&1", folder, folder),
            "it is no regular file");
  COMPLAINS(shell(HISTORY "trend 2>&1", folder), "--subject", "--alg");
  COMPLAINS(shell(HISTORY "list 2>&1 >/dev/full", folder), "cannot write to standard output");
  COMPLAINS(shell(HISTORY "list --json 2>&1 >/dev/full", folder), "cannot write to standard output");
  cr_expect_eq(count_in(folder), 1);
  sql(folder, "PRAGMA user_version = 99");
  COMPLAINS(shell(HISTORY "list 2>&1", folder), "schema version 99", "newer assay");
  shell("dd if=/dev/urandom of=%s/h.sqlite bs=1 seek=100 count=3000 conv=notrunc 2>/dev/null", folder);
  COMPLAINS(shell(HISTORY "add %s/a.json 2>&1", folder, folder), "h.sqlite");
  shell("printf 'not a database, whatever it is called' >%s/h.sqlite", folder);
  COMPLAINS(shell(HISTORY "add %s/a.json 2>&1", folder, folder), "h.sqlite is not a history");
  shell("rm -rf %s", folder);
}
