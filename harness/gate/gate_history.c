/* assay gate RESULT --history: against what older results of the same machine and corpus show to be usual.
 * They come from what `assay history` keeps, or from files; they are looked at one after the other, in the
 * order of time. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/stats.h"
#include "harness/gate/gate.h"
#include "harness/gate/gate_rules.h"
#include "harness/gate/stored.h"
#include "harness/history/history_store.h"
#include "reports/text/allocate.h"

#define HISTORY_MOST 200 /* of the newest: older ones were of other times */

/* An older result: a file, or one that a history keeps. */
struct entry {
  const char *path;
  int64_t id; /* in the history at the path; 0: the path is a result file */
  char *started;
  size_t place; /* as given, between results of the same second */
};

/* What no two runs have alike. */
struct run_identity {
  char *started;
  uint64_t order_seed;
  double duration_s, first_ns;
  size_t speed_count;
};

struct past {
  struct gate *gate;
  const struct result *head;
  struct entry *entries;
  size_t count;
  struct samples *times; /* of every speed row of the head, in the order of time */
  size_t used;           /* how many results they are of */
  struct result *newest;
  char *newest_name;
  size_t newer, unlike, again; /* left out: measured after the head; of another machine, corpus or kind of
                                  build; given more than once */
  struct run_identity *runs;   /* of the results used */
  struct run_identity head_run;
};

/* ---- which there are ---- */

static void add_entry(struct past *past, const char *path, int64_t id, const char *started) {
  past->entries = allocate_one_more(past->entries, past->count, sizeof *past->entries);
  past->entries[past->count] = (struct entry){path, id, allocate_copy(started), past->count};
  past->count++;
}

struct listing {
  struct past *past;
  const char *path;
};

static void add_kept(void *arg, const struct history_row *row) {
  struct listing *listing = arg;
  add_entry(listing->past, listing->path, row->id, row->started);
}

static bool is_store(const char *path) {
  static const char magic[] = "SQLite format 3";
  char start[sizeof magic] = "";
  FILE *file = fopen(path, "re");
  bool is =
      file && fread(start, 1, sizeof start, file) == sizeof start && memcmp(start, magic, sizeof magic) == 0;
  if (file)
    fclose(file);
  return is;
}

static bool list_store(struct past *past, const char *path, struct assay_error *error) {
  struct listing listing = {past, path};
  struct history *history = history_open(path, false, error);
  bool ok = history && history_list(history, add_kept, &listing, error);
  if (history)
    history_close(history);
  return ok;
}

static bool list_file(struct past *past, const char *path, struct assay_error *error) {
  struct result *result = result_read(path, error);
  if (result)
    add_entry(past, path, 0, result->started);
  result_free(result);
  return result != NULL;
}

static int by_time(const void *a, const void *b) {
  const struct entry *x = a, *y = b;
  int order = strcmp(x->started, y->started);
  return order ? order : (x->place > y->place) - (x->place < y->place);
}

static bool list_all(struct past *past, struct assay_error *error) {
  const struct gate_options *options = past->gate->options;
  bool ok = true;
  for (unsigned i = 0; i < options->history_count && ok; i++)
    ok = is_store(options->history[i]) ? list_store(past, options->history[i], error)
                                       : list_file(past, options->history[i], error);
  if (options->history_count == 0)
    ok = list_store(past, history_default_path(), error);
  if (ok && past->count)
    qsort(past->entries, past->count, sizeof *past->entries, by_time);
  return ok;
}

/* ---- one after the other ---- */

static struct result *read_kept(const struct entry *entry, struct assay_error *error) {
  struct history *history = history_open(entry->path, false, error);
  OWNED_TEXT char *json = history ? history_json(history, entry->id, error) : NULL;
  struct result *result = json ? result_parse(json, strlen(json), entry->path, error) : NULL;
  if (history)
    history_close(history);
  return result;
}

static bool same_figure(double a, double b) {
  return a == b || (isnan(a) && isnan(b));
}

static struct run_identity identity_of(const struct result *result) {
  return (struct run_identity){.started = allocate_copy(result->started),
                               .order_seed = result->run.order_seed,
                               .duration_s = result->run.duration_s,
                               .first_ns = result->speed_count ? result->speed[0].ns : 0,
                               .speed_count = result->speed_count};
}

static bool is_run(const struct run_identity *run, const struct result *result) {
  return strcmp(run->started, result->started) == 0 && run->order_seed == result->run.order_seed &&
         same_figure(run->duration_s, result->run.duration_s) && run->speed_count == result->speed_count &&
         (run->speed_count == 0 || same_figure(run->first_ns, result->speed[0].ns));
}

static bool is_used(const struct past *past, const struct result *result) {
  for (size_t i = 0; i < past->used; i++)
    if (is_run(&past->runs[i], result))
      return true;
  return false;
}

static void take_entry(struct past *past, const struct entry *entry, struct result *result) {
  for (size_t i = 0; i < past->head->speed_count; i++) {
    const struct result_speed *was = stored_speed(result, &past->head->speed[i]);
    if (was)
      samples_add(&past->times[i], was->ns);
  }
  result_free(past->newest);
  past->newest = result;
  past->runs = allocate_one_more(past->runs, past->used, sizeof *past->runs);
  past->runs[past->used++] = identity_of(result);
  free(past->newest_name);
  past->newest_name = entry->id ? allocate_format("%s, result %lld", entry->path, (long long)entry->id)
                                : allocate_copy(entry->path);
}

/* A file that was named must be fit to be compared; of what a history keeps, the fit ones are looked for. */
static bool look_at(struct past *past, const struct entry *entry, struct assay_error *error) {
  const struct gate_options *options = past->gate->options;
  struct assay_error unfit = {0};
  if (strcmp(entry->started, past->head->started) > 0) {
    past->newer++;
    return true;
  }
  struct result *result = entry->id ? read_kept(entry, error) : result_read(entry->path, error);
  if (!result)
    return false;
  bool fits = options->anyway || stored_comparable(result, entry->path, past->head, options->result, &unfit);
  bool again = fits && is_used(past, result);
  past->again += again;
  /* A result in its own history would always be as usual. */
  if (fits && !again && !is_run(&past->head_run, result)) {
    take_entry(past, entry, result);
    return true;
  }
  result_free(result);
  past->unlike += !fits;
  return fits || entry->id || error_set(error, "%s", unfit.text);
}

static bool look_at_all(struct past *past, struct assay_error *error) {
  size_t first = past->count > HISTORY_MOST ? past->count - HISTORY_MOST : 0;
  for (size_t i = first; i < past->count; i++)
    if (!look_at(past, &past->entries[i], error))
      return false;
  return past->used >= HISTORY_LEAST ||
         error_set(
             error,
             "--history needs at least %d older results, not %zu: fewer do not show what is usual (left "
             "out: %zu of other machines, corpora or builds, %zu given before, %zu newer than %s)",
             HISTORY_LEAST, past->used, past->unlike, past->again, past->newer, past->gate->options->result);
}

static void past_free(struct past *past) {
  for (size_t i = 0; i < past->count; i++)
    free(past->entries[i].started);
  for (size_t i = 0; past->times && i < past->head->speed_count; i++)
    samples_free(&past->times[i]);
  for (size_t i = 0; i < past->used; i++)
    free(past->runs[i].started);
  free(past->runs);
  free(past->head_run.started);
  free(past->entries);
  free(past->times);
  free(past->newest_name);
  result_free(past->newest);
}

static void judge_past(struct past *past) {
  struct gate *gate = past->gate;
  const struct result *head = past->head;
  gate->base = past->newest_name;
  if (gate_stored_verdicts(gate, past->newest, head)) {
    for (size_t i = 0; i < head->speed_count; i++)
      if (gate_may_judge(&head->speed[i], head->speed[i].ns) && past->times[i].count)
        gate_judge_history(gate->options, gate_add_row_of(gate, &head->speed[i], GATE_TIME), &past->times[i],
                           &head->speed[i]);
    gate_stored_missing(gate, past->newest, head);
  }
  result_take_base(gate->result, past->newest);
  snprintf(gate->remark, sizeof gate->remark,
           "Against %zu older results, the newest of %s (%.200s): slower is what exceeds Q3 + 3 IQR of past "
           "changes (column noise, at least %g %%); where that is more than %g %%, nothing can be said.",
           past->used, past->newest->started, past->newest_name, HISTORY_CHANGE_LEAST * 100,
           gate->options->threshold * 100);
  if (past->unlike || past->newer || past->again)
    gate_note(gate,
              "left out of the history: %zu of other machines, corpora or builds, %zu given before, and %zu "
              "newer",
              past->unlike, past->again, past->newer);
}

int gate_history(struct gate *gate) {
  struct assay_error error = {0};
  struct result *head = gate_read_head(gate, &error);
  if (!head)
    return complain("gate", "%s", error.text);
  struct past past = {.gate = gate, .head = head, .head_run = identity_of(head)};
  past.times = allocate_items(head->speed_count, sizeof *past.times);
  bool ok = list_all(&past, &error) && look_at_all(&past, &error);
  if (ok)
    judge_past(&past);
  past_free(&past);
  gate->base = "";
  return ok ? gate_stored_end(gate, "the history") : complain("gate", "%s", error.text);
}
