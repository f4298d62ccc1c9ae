/* Results that are written by a test, so that every figure is known, for the commands that read them. */
#ifndef ASSAY_TESTS_STORED_RESULTS_H
#define ASSAY_TESTS_STORED_RESULTS_H

#include "tests/cli.h"
#include "tests/sample_result.h"

/* A result of one subject and algorithm: time per token and its interval, bad answers, day of the month. */
struct given {
  double ns, low, high;
  unsigned wrong, day;
  const char *corpus, *cpu, *sanitizer;
  bool wrong_loop, no_ask; /* a verdict in the measured loop was wrong; no verdicts are kept */
};

static inline struct result_speed *add_speed(struct result *result, struct given given) {
  struct result_speed *row = result_add_speed(result);
  result_set(&row->subject, "openssl");
  result_set(&row->alg, "ES256");
  row->metric = METRIC_VERIFY;
  row->mode = MODE_DIVERSE;
  row->threads = row->batch = 1;
  row->bad_share = 0;
  row->kid = true;
  row->verdicts_ok = !given.wrong_loop;
  row->ns = given.ns;
  row->ns_low = given.low;
  row->ns_high = given.high;
  row->tokens_per_s = 1e9 / given.ns;
  return row;
}

static inline void add_verdict(struct result *result, unsigned wrong) {
  struct result_verdict *verdict = result_add_verdict(result);
  verdict->level = LEVEL_PIPELINE;
  result_set(&verdict->subject, "openssl");
  result_set(&verdict->class_id, "bitflip");
  result_set(&verdict->variant, "signature");
  result_set(&verdict->stage, "signature");
  result_set(&verdict->alg, "ES256");
  result_set(&verdict->expected, "reject signature.invalid");
  verdict->tokens = 100;
  verdict->accepted = wrong;
  verdict->right = 100 - wrong;
}

static inline struct result *new_result(struct given given) {
  struct result *result = result_new();
  result_printf(&result->started, "2026-01-%02uT00:00:00Z", given.day ? given.day : 1);
  result_set(&result->tool.sanitizer, given.sanitizer ? given.sanitizer : "none");
  result_set(&result->corpus.sha256, given.corpus ? given.corpus : "c0");
  result_set(&result->machine.cpu, given.cpu ? given.cpu : "some processor");
  result->machine.cores = 2;
  result->run.pinned_cpu = 1;
  struct result_subject *subject = result_add_subject(result);
  result_set(&subject->name, "openssl");
  result_set(&subject->kind, "backend");
  if (!given.no_ask)
    add_verdict(result, given.wrong);
  return result;
}

static char folder[64];

static inline void set_up(void) {
  snprintf(folder, sizeof folder, "%s", fresh_folder());
}

static inline void tear_down(void) {
  shell("rm -rf %s", folder);
}

/* Writes the result and frees it. */
static inline void keep(const char *name, struct result *result) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  char *text = sample_render("json", result, (struct result_view){.columns = 100});
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file, "%s", path);
  fputs(text, file);
  fclose(file);
  free(text);
  result_free(result);
}

static inline void put(const char *name, struct given given) {
  struct result *result = new_result(given);
  add_speed(result, given);
  keep(name, result);
}

/* Runs in the folder of the results. */
static inline const struct ran *assay(const char *arguments) {
  return shell("cd %s && " BIN "/assay %s 2>&1", folder, arguments);
}

static const struct given quiet = {.ns = 1000, .low = 990, .high = 1010};

/* What a CI reads: a test case for every gate, that fails, is in error or passes. */
static inline const char *junit_of(const char *arguments, int code) {
  char line[256];
  snprintf(line, sizeof line, "gate %s --output kept", arguments);
  const struct ran *ran = assay(line);
  cr_assert_eq(ran->code, code, "%s: %s", line, ran->out);
  cr_assert_not_null(strstr(ran->out, "kept/result.json"), "%s", ran->out);
  ran = assay("report kept/result.json --format junit");
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  const char *suite = strstr(ran->out, "<testsuite name=\"gate\"");
  cr_assert_not_null(suite, "%s", ran->out);
  return suite;
}

/* A figure under a set of keys that was made for it. */
static inline void add_keyset(struct result *result, struct given given, unsigned keys, bool kid,
                              const char *place) {
  struct result_speed *row = add_speed(result, given);
  row->keys = keys;
  row->kid = kid;
  row->key_place = key_place_value(place);
}

/* The plain figure and one of every other kind, 100 ns apart. */
static const char *const kinds[] = {
    "", "hot", "2 threads", "batch of 8", "1 key, first", "1,000 keys, no kid, last", "30 % bad"};
#define KINDS (sizeof kinds / sizeof kinds[0])

static inline struct result *with_every_kind(double factor) {
  struct result *result = new_result(quiet);
  for (size_t i = 0; i < KINDS; i++) {
    double ns = (1000 + 100 * (double)i) * factor;
    struct given given = {.ns = ns, .low = ns * 0.999, .high = ns * 1.001};
    if (i == 4 || i == 5)
      add_keyset(result, given, i == 4 ? 1 : 1000, i == 4, i == 4 ? "first" : "last");
    else
      add_speed(result, given);
  }
  result->speed[1].mode = MODE_HOT;
  result->speed[2].threads = 2;
  result->speed[3].batch = 8;
  result->speed[6].bad_share = 0.3;
  return result;
}

/* The words of a text, whatever its lines were folded to and wherever a page may break them. */
static inline const char *unfolded(const struct ran *ran) {
  static char text[1 << 16];
  size_t used = 0;
  for (const char *at = ran->out; *at && used + 1 < sizeof text; at++)
    if (strncmp(at, "<wbr>", 5) == 0)
      at += 4;
    else if (!strchr(" \n", *at) || (used && text[used - 1] != ' '))
      text[used++] = strchr(" \n", *at) ? ' ' : *at;
  text[used] = '\0';
  return text;
}

#endif
