/* Results over time, in one SQLite file. A result is kept whole, as the JSON that it was; its main figures
 * stand beside it in columns, so that a trend is one query.
 *
 * Writers: any number of processes at once; each addition is one transaction, so that of a writer that is
 * killed nothing half done remains: whoever opens the file next takes it back. Older schemas are migrated
 * when they are opened for writing; readers see a migrated copy in memory. */
#ifndef ASSAY_HISTORY_HISTORY_STORE_H
#define ASSAY_HISTORY_HISTORY_STORE_H

#include <stdint.h>

#include "harness/base/error.h"
#include "reports/model/result.h"

struct history; /* an open history */

/* Opens the file, and makes it and its folder where they are not there and `writing`. NULL and a sentence:
 * not there, not a history, of a newer version, read-only, damaged. */
struct history *history_open(const char *path, bool writing, struct assay_error *error);
void history_close(struct history *history);

/* $ASSAY_HISTORY, or history.sqlite in the user's data folder (XDG Base Directory). */
/* "" where none can be: there is no HOME. */
const char *history_default_path(void);

enum history_added { HISTORY_FAILED, HISTORY_ADDED, HISTORY_KNOWN };
/* Keeps a result; `json` is its text, and the figures of good tokens one after the other are what trends are
 * of. One that is there already, to the letter, is not kept twice. */
enum history_added history_add(struct history *history, const struct result *result, const char *json,
                               int64_t *id, struct assay_error *error);

struct history_row {
  int64_t id;
  const char *started, *commit, *cpu, *corpus, *subjects; /* valid during the call */
  bool partial, sanitized;
};
/* Every result, oldest first. */
bool history_list(struct history *history, void (*tell)(void *arg, const struct history_row *row), void *arg,
                  struct assay_error *error);

/* The JSON text of a result; free() it. NULL and a sentence where there is none. */
char *history_json(struct history *history, int64_t id, struct assay_error *error);

/* The metrics whose rows differ in nothing but their key; the first is the default. NULL-terminated. */
extern const char *const history_metrics[];

struct history_key {
  const char *subject, *alg, *metric;
  unsigned key_bits; /* 0: any */
};
struct history_point {
  int64_t id;
  const char *started, *commit, *version, *cpu, *corpus; /* valid during the call; version: of the library */
  unsigned key_bits, cores;
  double ns, ns_low, ns_high; /* NAN: not known */
  bool partial, sanitized;    /* its run was cut off; its times mean nothing */
};
/* One figure over time, by size of key and oldest first: one thread, diverse tokens, right verdicts. */
bool history_trend(struct history *history, const struct history_key *key,
                   void (*tell)(void *arg, const struct history_point *point), void *arg,
                   struct assay_error *error);

#endif
