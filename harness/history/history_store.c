/* The tables of a history, and every statement that is run on them. */
#include "harness/history/history_store.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/files/file.h"
#include "reports/content/content.h"

#define APPLICATION_ID 0x61737361 /* "assa": tells a history from any other SQLite file */
#define BUSY_MS 20000             /* how long one writer waits for another */

struct history {
  sqlite3 *db;
  char path[4096];
};

const char *const history_metrics[] = {"verify", "primitive", "key_import", "context", NULL};

/* migrations[n] leads from schema version n to n + 1. They are never changed, only added to. */
static const char *const migrations[] = {
    "CREATE TABLE result(id INTEGER PRIMARY KEY, started TEXT NOT NULL, tool_commit TEXT NOT NULL,"
    " cpu TEXT NOT NULL, corpus TEXT NOT NULL, subjects TEXT NOT NULL, json TEXT NOT NULL UNIQUE);"
    "CREATE TABLE figure(result INTEGER NOT NULL REFERENCES result(id), subject TEXT NOT NULL,"
    " version TEXT NOT NULL, alg TEXT NOT NULL, key_bits INTEGER NOT NULL, metric TEXT NOT NULL,"
    " ns REAL NOT NULL, ns_low REAL, ns_high REAL);",
    "CREATE INDEX figure_of ON figure(subject, alg, metric, result);",
    "ALTER TABLE result ADD COLUMN cores INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE result ADD COLUMN partial INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE result ADD COLUMN sanitized INTEGER NOT NULL DEFAULT 0;",
    /* An index over whole results, as UNIQUE makes it, doubled the file. */
    "CREATE TABLE kept(id INTEGER PRIMARY KEY, started TEXT NOT NULL, tool_commit TEXT NOT NULL,"
    " cpu TEXT NOT NULL, corpus TEXT NOT NULL, subjects TEXT NOT NULL, json TEXT NOT NULL,"
    " cores INTEGER NOT NULL DEFAULT 0, partial INTEGER NOT NULL DEFAULT 0,"
    " sanitized INTEGER NOT NULL DEFAULT 0, hash INTEGER NOT NULL DEFAULT 0);"
    "INSERT INTO kept SELECT id, started, tool_commit, cpu, corpus, subjects, json, cores, partial, "
    "sanitized,"
    " text_hash(json) FROM result;"
    "DELETE FROM figure;" /* which refer to it, and are made anew after every migration */
    "DROP TABLE result;"
    "ALTER TABLE kept RENAME TO result;"
    "CREATE INDEX result_hash ON result(hash);",
};
#define SCHEMA_VERSION ((int)(sizeof migrations / sizeof migrations[0]))

/* text_hash(TEXT): FNV-1a, to find a result by; what is found is compared to the letter. */
static void text_hash(sqlite3_context *context, int count, sqlite3_value **values) {
  (void)count;
  const char *text = (const char *)sqlite3_value_text(values[0]);
  sqlite3_result_int64(context, (sqlite3_int64)bytes_hash(bytes_str(text)));
}

/* Of every connection that may migrate or look for a result. */
static int add_functions(sqlite3 *db) {
  return sqlite3_create_function(db, "text_hash", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, text_hash,
                                 NULL, NULL);
}

/* Whether the file has a journal that cannot be rolled back from here: a writer was killed, and file, journal
 * or folder are not to be written to. */
static bool is_cut_off(const struct history *history) {
  char journal[sizeof history->path + 16];
  int code = sqlite3_extended_errcode(history->db);
  snprintf(journal, sizeof journal, "%s-journal", history->path);
  return code == SQLITE_READONLY_ROLLBACK || code == SQLITE_IOERR_DELETE ||
         ((code & 0xff) == SQLITE_CANTOPEN && access(journal, F_OK) == 0);
}

static bool fail_store(const struct history *history, struct assay_error *error) {
  int code = sqlite3_errcode(history->db);
  if (sqlite3_extended_errcode(history->db) == SQLITE_IOERR_WRITE)
    return error_set(
        error, "%s cannot be written to: a limit on the size of files, or a failing disk; nothing was added",
        history->path);
  if (is_cut_off(history))
    return error_set(error,
                     "%s holds an addition that was cut off; whoever may write to it and its folder takes it "
                     "back with `assay history list`",
                     history->path);
  switch (code & 0xff) {
  case SQLITE_NOTADB: return error_set(error, "%s is not a history: it is no SQLite file", history->path);
  case SQLITE_CORRUPT: return error_set(error, "%s is damaged; nothing was changed in it", history->path);
  case SQLITE_READONLY: return error_set(error, "%s cannot be written to", history->path);
  case SQLITE_BUSY:
    return error_set(error, "%s is in use by another program for more than %d s", history->path,
                     BUSY_MS / 1000);
  case SQLITE_FULL: return error_set(error, "%s: the disk is full; nothing was added", history->path);
  default: return error_set(error, "%s: %s", history->path, sqlite3_errmsg(history->db));
  }
}

static bool run_statement(struct history *history, const char *sql, struct assay_error *error) {
  return sqlite3_exec(history->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail_store(history, error);
}

static bool number_of(struct history *history, const char *sql, int *number, struct assay_error *error) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(history->db, sql, -1, &statement, NULL) != SQLITE_OK)
    return fail_store(history, error);
  bool ok = sqlite3_step(statement) == SQLITE_ROW;
  *number = ok ? sqlite3_column_int(statement, 0) : 0;
  sqlite3_finalize(statement);
  return ok || fail_store(history, error);
}

/* ---- what stands in columns beside the JSON ---- */

/* "openssl 3.0.22, boringssl 17" */
static char *subjects_text(const struct result *result) {
  char *text = NULL;
  for (size_t i = 0; i < result->subject_count; i++)
    result_setf(&text, "%s%s%s %s", text ? text : "", i ? ", " : "", result->subjects[i].name,
                result->subjects[i].version);
  return text;
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text) {
  sqlite3_bind_text(statement, at, text ? text : "", -1, SQLITE_TRANSIENT);
}

/* NAN becomes NULL, which is how SQLite keeps what is not known. */
static void bind_figure(sqlite3_stmt *statement, int at, double value) {
  if (isnan(value))
    sqlite3_bind_null(statement, at);
  else
    sqlite3_bind_double(statement, at, value);
}

/* Rows of hot caches, bad tokens or other key sets would make a trend of differences between them. */
static bool is_kept(const struct result_speed *row) {
  char *conditions = content_conditions(row, true);
  bool plain = row->verdicts_ok && !isnan(row->ns) && !conditions[0];
  free(conditions);
  return plain;
}

static int add_figures(struct history *history, const struct result *result, int64_t id) {
  sqlite3_stmt *statement;
  int code = sqlite3_prepare_v2(history->db, "INSERT INTO figure VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", -1,
                                &statement, NULL);
  for (size_t i = 0; i < result->speed_count && (code == SQLITE_OK || code == SQLITE_DONE); i++) {
    const struct result_speed *row = &result->speed[i];
    const struct result_subject *subject = result_find_subject(result, row->subject);
    if (!is_kept(row))
      continue;
    sqlite3_bind_int64(statement, 1, id);
    bind_text(statement, 2, row->subject);
    bind_text(statement, 3, subject ? subject->version : "");
    bind_text(statement, 4, row->alg);
    sqlite3_bind_int(statement, 5, (int)row->key_bits);
    bind_text(statement, 6, metric_word(row->metric));
    bind_figure(statement, 7, row->ns);
    bind_figure(statement, 8, row->ns_low);
    bind_figure(statement, 9, row->ns_high);
    code = sqlite3_step(statement);
    sqlite3_reset(statement);
  }
  sqlite3_finalize(statement);
  return code == SQLITE_OK ? SQLITE_DONE : code;
}

static int describe_result(struct history *history, const struct result *result, int64_t id) {
  sqlite3_stmt *statement;
  int code =
      sqlite3_prepare_v2(history->db, "UPDATE result SET cores = ?, partial = ?, sanitized = ? WHERE id = ?",
                         -1, &statement, NULL);
  if (code != SQLITE_OK)
    return code;
  sqlite3_bind_int64(statement, 1, result->machine.cores);
  sqlite3_bind_int(statement, 2, result->partial);
  sqlite3_bind_int(statement, 3, result_is_sanitized(result));
  sqlite3_bind_int64(statement, 4, id);
  code = sqlite3_step(statement);
  sqlite3_finalize(statement);
  return code;
}

static bool fill_columns(struct history *history, const struct result *result, int64_t id) {
  return describe_result(history, result, id) == SQLITE_DONE &&
         add_figures(history, result, id) == SQLITE_DONE;
}

/* ---- opening ---- */

/* The next result after an id, parsed: SQLITE_ROW, with NULL for one that cannot be read any more; or
 * SQLITE_DONE, or a failure. */
static int next_result(struct history *history, int64_t *id, struct result **result) {
  sqlite3_stmt *statement;
  int code = sqlite3_prepare_v2(history->db, "SELECT id, json FROM result WHERE id > ? ORDER BY id LIMIT 1",
                                -1, &statement, NULL);
  if (code != SQLITE_OK)
    return code;
  sqlite3_bind_int64(statement, 1, *id);
  code = sqlite3_step(statement);
  if (code == SQLITE_ROW) {
    *id = sqlite3_column_int64(statement, 0);
    *result = result_parse((const char *)sqlite3_column_text(statement, 1),
                           (size_t)sqlite3_column_bytes(statement, 1), history->path, NULL);
  }
  sqlite3_finalize(statement);
  return code;
}

/* An older assay knew less of a result than this one: every column is made anew from what is kept whole. */
static bool refill_columns(struct history *history, struct assay_error *error) {
  struct result *result = NULL;
  int64_t id = 0;
  int code;
  if (!run_statement(history, "DELETE FROM figure", error))
    return false;
  while ((code = next_result(history, &id, &result)) == SQLITE_ROW) {
    bool ok = !result || fill_columns(history, result, id);
    result_free(result);
    if (!ok)
      return fail_store(history, error);
  }
  return code == SQLITE_DONE || fail_store(history, error);
}

/* Within a transaction that has the write lock, so that of two writers one migrates and the other waits. */
static bool migrate_store(struct history *history, struct assay_error *error) {
  int version;
  char sql[64];
  if (!run_statement(history, "BEGIN IMMEDIATE", error) ||
      !number_of(history, "PRAGMA user_version", &version, error))
    return false;
  if (version == SCHEMA_VERSION) /* another writer was faster */
    return run_statement(history, "COMMIT", error);
  for (; version < SCHEMA_VERSION; version++)
    if (!run_statement(history, migrations[version], error))
      return false;
  if (!refill_columns(history, error))
    return false;
  snprintf(sql, sizeof sql, "PRAGMA user_version=%d; PRAGMA application_id=%d; COMMIT", version,
           APPLICATION_ID);
  return run_statement(history, sql, error);
}

/* For readers, who change nothing and may not be able to: from here on the history is a copy in memory. */
static bool migrate_copy(struct history *history, struct assay_error *error) {
  sqlite3 *copy = NULL;
  sqlite3_backup *backup = NULL;
  if (sqlite3_open(":memory:", &copy) == SQLITE_OK && add_functions(copy) == SQLITE_OK)
    backup = sqlite3_backup_init(copy, "main", history->db, "main");
  bool ok = backup && sqlite3_backup_step(backup, -1) == SQLITE_DONE;
  sqlite3_backup_finish(backup);
  sqlite3_close(history->db);
  history->db = copy;
  return ok ? migrate_store(history, error) : fail_store(history, error);
}

/* Of a file with anything in it: is it a history, and of a version that is known here? */
static bool version_check(struct history *history, bool writing, struct assay_error *error) {
  int version, application, pages;
  if (!number_of(history, "PRAGMA page_count", &pages, error) ||
      !number_of(history, "PRAGMA application_id", &application, error) ||
      !number_of(history, "PRAGMA user_version", &version, error))
    return false;
  if (pages > 0 && application != APPLICATION_ID)
    return error_set(error, "%s is not a history of assay", history->path);
  if (version > SCHEMA_VERSION)
    return error_set(error, "%s has schema version %d, and this assay knows %d; use a newer assay",
                     history->path, version, SCHEMA_VERSION);
  if (version == SCHEMA_VERSION)
    return true;
  return writing ? migrate_store(history, error) : migrate_copy(history, error);
}

static bool folder_make(const char *path, struct assay_error *error) {
  char folder[4096];
  snprintf(folder, sizeof folder, "%s", path);
  char *slash = strrchr(folder, '/');
  if (!slash || slash == folder)
    return true;
  *slash = '\0';
  return file_make_dirs(folder, error);
}

static bool is_openable(const char *path, bool writing, struct assay_error *error) {
  struct stat st;
  if (stat(path, &st) != 0)
    return writing ||
           error_set(error, "there is no history %s yet; `assay history add RESULT` begins one", path);
  return S_ISREG(st.st_mode) || error_set(error, "%s is not a history: it is no regular file", path);
}

struct history *history_open(const char *path, bool writing, struct assay_error *error) {
  struct history *history = calloc(1, sizeof *history);
  if (!history) {
    error_set(error, "no memory to open %s", path);
    return NULL;
  }
  snprintf(history->path, sizeof history->path, "%s", path);
  bool ok = (path[0] ||
             error_set(error, "there is no HOME to keep a history in; ASSAY_HISTORY or --file names one")) &&
            (!writing || folder_make(path, error)) && is_openable(path, writing, error);
  /* Readers too must be able to roll back what a killed writer left; of a read-only file SQLite makes a
   * read-only connection by itself. */
  int flags = SQLITE_OPEN_READWRITE | (writing ? SQLITE_OPEN_CREATE : 0);
  if (ok && sqlite3_open_v2(path, &history->db, flags, NULL) != SQLITE_OK)
    ok = fail_store(history, error);
  if (ok && add_functions(history->db) != SQLITE_OK)
    ok = fail_store(history, error);
  if (ok) {
    sqlite3_busy_timeout(history->db, BUSY_MS);
    ok = run_statement(history, writing ? "PRAGMA foreign_keys=ON" : "PRAGMA query_only=ON", error) &&
         version_check(history, writing, error);
  }
  if (ok)
    return history;
  history_close(history);
  return NULL;
}

void history_close(struct history *history) {
  sqlite3_close(history->db);
  free(history);
}

const char *history_default_path(void) {
  static char path[4096];
  const char *own = getenv("ASSAY_HISTORY"), *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
  if (own && own[0])
    snprintf(path, sizeof path, "%s", own);
  else if (data && data[0])
    snprintf(path, sizeof path, "%s/assay/history.sqlite", data);
  else if (home && home[0])
    snprintf(path, sizeof path, "%s/.local/share/assay/history.sqlite", home);
  return path;
}

/* ---- adding ---- */

static int add_result(struct history *history, const struct result *result, const char *json) {
  sqlite3_stmt *statement;
  int code = sqlite3_prepare_v2(
      history->db,
      "INSERT INTO result(started, tool_commit, cpu, corpus, subjects, json, hash, cores, partial, sanitized)"
      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, text_hash(?6), ?7, ?8, ?9)",
      -1, &statement, NULL);
  if (code != SQLITE_OK)
    return code;
  char *subjects = subjects_text(result);
  bind_text(statement, 1, result->started);
  bind_text(statement, 2, result->tool.commit);
  bind_text(statement, 3, result->machine.cpu);
  bind_text(statement, 4, result->corpus.sha256);
  bind_text(statement, 5, subjects);
  bind_text(statement, 6, json);
  sqlite3_bind_int64(statement, 7, result->machine.cores);
  sqlite3_bind_int(statement, 8, result->partial);
  sqlite3_bind_int(statement, 9, result_is_sanitized(result));
  code = sqlite3_step(statement);
  sqlite3_finalize(statement);
  free(subjects);
  return code;
}

/* The id of a result that is there already, to the letter; 0: it is not. False: a failure. */
static bool known_id(struct history *history, const char *json, int64_t *id) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(history->db, "SELECT id FROM result WHERE hash = text_hash(?1) AND json = ?1", -1,
                         &statement, NULL) != SQLITE_OK)
    return false;
  bind_text(statement, 1, json);
  int code = sqlite3_step(statement);
  *id = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
  sqlite3_finalize(statement);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* Within a transaction that has the write lock, so that no other writer adds the same between the two. */
static bool add_new(struct history *history, const struct result *result, const char *json, int64_t *id) {
  if (add_result(history, result, json) != SQLITE_DONE)
    return false;
  *id = sqlite3_last_insert_rowid(history->db);
  return add_figures(history, result, *id) == SQLITE_DONE;
}

enum history_added history_add(struct history *history, const struct result *result, const char *json,
                               int64_t *id, struct assay_error *error) {
  if (!run_statement(history, "BEGIN IMMEDIATE", error))
    return HISTORY_FAILED;
  bool ok = known_id(history, json, id), is_new = ok && *id == 0;
  ok = ok && (!is_new || add_new(history, result, json, id));
  if (ok && run_statement(history, "COMMIT", error))
    return is_new ? HISTORY_ADDED : HISTORY_KNOWN;
  if (!ok)
    fail_store(history, error);
  sqlite3_exec(history->db, "ROLLBACK", NULL, NULL, NULL);
  return HISTORY_FAILED;
}

static const char *column(sqlite3_stmt *statement, int at) {
  const unsigned char *text = sqlite3_column_text(statement, at);
  return text ? (const char *)text : "";
}

bool history_list(struct history *history, void (*tell)(void *arg, const struct history_row *row), void *arg,
                  struct assay_error *error) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(
          history->db,
          "SELECT id, started, tool_commit, cpu, corpus, subjects, partial, sanitized FROM result"
          " ORDER BY started, id",
          -1, &statement, NULL) != SQLITE_OK)
    return fail_store(history, error);
  int code;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW)
    tell(arg,
         &(struct history_row){sqlite3_column_int64(statement, 0), column(statement, 1), column(statement, 2),
                               column(statement, 3), column(statement, 4), column(statement, 5),
                               sqlite3_column_int(statement, 6) != 0, sqlite3_column_int(statement, 7) != 0});
  bool ok = code == SQLITE_DONE || fail_store(history, error);
  sqlite3_finalize(statement);
  return ok;
}

char *history_json(struct history *history, int64_t id, struct assay_error *error) {
  sqlite3_stmt *statement;
  char *json = NULL;
  if (sqlite3_prepare_v2(history->db, "SELECT json FROM result WHERE id = ?", -1, &statement, NULL) !=
      SQLITE_OK) {
    fail_store(history, error);
    return NULL;
  }
  sqlite3_bind_int64(statement, 1, id);
  int code = sqlite3_step(statement);
  if (code == SQLITE_ROW)
    json = strdup(column(statement, 0));
  else if (code == SQLITE_DONE)
    error_set(error, "%s has no result %lld; `assay history list` shows those that it has", history->path,
              (long long)id);
  else
    fail_store(history, error);
  sqlite3_finalize(statement);
  return json;
}

static double figure(sqlite3_stmt *statement, int at) {
  return sqlite3_column_type(statement, at) == SQLITE_NULL ? (double)NAN
                                                           : sqlite3_column_double(statement, at);
}

bool history_trend(struct history *history, const struct history_key *key,
                   void (*tell)(void *arg, const struct history_point *point), void *arg,
                   struct assay_error *error) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(
          history->db,
          "SELECT r.id, r.started, r.tool_commit, f.version, r.cpu, r.corpus, f.key_bits, f.ns,"
          " r.cores, f.ns_low, f.ns_high, r.partial, r.sanitized FROM figure f JOIN result r ON r.id = "
          "f.result"
          " WHERE f.subject = ? AND f.alg = ? AND f.metric = ? AND (? = 0 OR f.key_bits = ?)"
          " ORDER BY f.key_bits, r.started, r.id",
          -1, &statement, NULL) != SQLITE_OK)
    return fail_store(history, error);
  bind_text(statement, 1, key->subject);
  bind_text(statement, 2, key->alg);
  bind_text(statement, 3, key->metric);
  sqlite3_bind_int(statement, 4, (int)key->key_bits);
  sqlite3_bind_int(statement, 5, (int)key->key_bits);
  int code;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW)
    tell(arg, &(struct history_point){.id = sqlite3_column_int64(statement, 0),
                                      .started = column(statement, 1),
                                      .commit = column(statement, 2),
                                      .version = column(statement, 3),
                                      .cpu = column(statement, 4),
                                      .corpus = column(statement, 5),
                                      .key_bits = (unsigned)sqlite3_column_int(statement, 6),
                                      .ns = figure(statement, 7),
                                      .cores = (unsigned)sqlite3_column_int(statement, 8),
                                      .ns_low = figure(statement, 9),
                                      .ns_high = figure(statement, 10),
                                      .partial = sqlite3_column_int(statement, 11) != 0,
                                      .sanitized = sqlite3_column_int(statement, 12) != 0});
  bool ok = code == SQLITE_DONE || fail_store(history, error);
  sqlite3_finalize(statement);
  return ok;
}
