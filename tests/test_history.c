/* The history of results: nothing lost, nothing twice, whoever writes at the same time or dies doing so. */
#include <signal.h>
#include <sqlite3.h>

#include "reports/result.h"
#include "tests/cli.h"

/* A result file with one figure; `started` and `ns` tell one from another. */
static void write_result(const char *path, const char *started, double ns) {
  struct result *result = result_new();
  const struct result_view view = {0};
  cr_assert_not_null(result);
  result_set(&result->started, started);
  result_set(&result_add_subject(result)->name, "one");
  struct result_speed *row = result_add_speed(result);
  result_set(&row->subject, "one");
  result_set(&row->alg, "RS256");
  result_set(&row->metric, "verify");
  result_set(&row->mode, "diverse");
  row->threads = 1;
  row->key_bits = 2048;
  row->verdicts_ok = true;
  row->ns = ns;
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  cr_assert(result_format_by_name("json")->write(result, &view, file));
  cr_assert_eq(fclose(file), 0);
  result_free(result);
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

static void add(const char *folder, const char *name, const char *started, double ns) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  write_result(path, started, ns);
  const struct ran *ran = shell(HISTORY "add %s 2>&1", folder, path);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
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

Test(history, trend_is_in_the_order_of_time_with_the_change_from_one_to_the_next) {
  const char *folder = fresh_folder();
  add(folder, "b.json", "2026-01-02T00:00:00Z", 1100);
  add(folder, "a.json", "2026-01-01T00:00:00Z", 1000);
  const struct ran *ran = shell(HISTORY "trend --subject one --alg RS256 2>&1", folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  const char *first = strstr(ran->out, "2026-01-01"), *second = strstr(ran->out, "2026-01-02");
  cr_assert(first && second && first < second, "%s", ran->out);
  cr_expect_not_null(strstr(second, "+10.0 %"), "%s", ran->out);
  COMPLAINS(shell(HISTORY "trend --subject none --alg RS256 2>&1 >/dev/null", folder), "none RS256 verify");
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
  sql(folder, "DROP INDEX figure_of; PRAGMA user_version = 1"); /* what version 1 had */
  COMPLAINS(shell(HISTORY "list 2>&1", folder), "h.sqlite has schema version 1", "history add");
  add(folder, "b.json", "2026-01-02T00:00:00Z", 1100);
  cr_expect_eq(count_in(folder), 2);
  shell("rm -rf %s", folder);
}

Test(history, what_cannot_be_used_is_said_in_one_sentence_and_left_alone) {
  const char *folder = fresh_folder();
  COMPLAINS(shell(HISTORY "list 2>&1", folder), "there is no history", "h.sqlite");
  add(folder, "a.json", "2026-01-01T00:00:00Z", 1000);
  COMPLAINS(shell(HISTORY "add %s/none.json 2>&1", folder, folder), "none.json");
  COMPLAINS(shell(HISTORY "show 7 2>&1", folder), "has no result 7");
  COMPLAINS(shell(HISTORY "show x 2>&1", folder), "takes the id");
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
