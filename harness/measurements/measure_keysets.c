/* How finding the key scales: sets of 1 to 10,000 keys, the token naming its key or not, the right key first
 * or last. Each set is a policy of its own, under which every backend starts anew; a token without kid is
 * accepted only where no other key could be meant, so there the others are keys for encryption, which have to
 * be looked at all the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/files/file.h"
#include "harness/base/files/leftover.h"
#include "harness/measurements/made_set.h"
#include "harness/measurements/measurement.h"

#define BLOCK_NS 200e3
#define WARM_NS 3e6
#define ROUNDS_LEAST 5
#define LAUNCHES_KEYS 1000 /* larger sets are started once: importing them takes seconds every time */
#define TOKENS_MAX 1000

static const unsigned sizes[] = {1, 10, 100, 1000, 10000};
#define SIZES (sizeof sizes / sizeof sizes[0])
#define SETS (SIZES * 4) /* with and without kid, first and last */

/* Tokens of the cell's algorithm under one key. */
struct bearer {
  struct right_key right;
  uint32_t list_at, list_len;
};

static bool is_kidless(const struct job *job, const struct cell *cell, const struct corpus_token *token) {
  const struct corpus_variant *variant = &job->corpus.variants[token->variant];
  return token->alg == (uint16_t)cell->alg && token->key_bits == cell->key_bits &&
         token->verdict == EXPECT_ACCEPT && token->now == CORPUS_NOW_UNSET && token->after == CORPUS_NONE &&
         bytes_eq_str(corpus_bytes(&job->corpus, variant->class_id), "kid-missing") &&
         bytes_eq_str(corpus_bytes(&job->corpus, variant->name), "one-key");
}

/* The candidates that have the first one's key. */
static bool bearer_fill(struct job *job, const uint32_t *candidates, uint32_t count, bool kid,
                        struct bearer *bearer, struct assay_error *error) {
  uint32_t list[TOKENS_MAX], len = 0;
  if (count == 0)
    return error_set(error, "the corpus has no such token");
  if (!right_key_find(&job->corpus, candidates[0], &bearer->right, error))
    return false;
  for (uint32_t i = 0; i < count && len < TOKENS_MAX; i++)
    if (right_key_fits(&job->corpus, candidates[i], &bearer->right, kid))
      list[len++] = candidates[i];
  bearer->list_at = measure_list(job, list, len);
  bearer->list_len = len;
  return (len > 0 && bearer->list_at != CORPUS_NONE) || error_set(error, "no room for the list of tokens");
}

static bool bearer_find(struct job *job, const struct cell *cell, bool kid, struct bearer *bearer,
                        struct assay_error *error) {
  *bearer = (struct bearer){0};
  if (kid)
    return bearer_fill(job, job->list + cell->list_at, cell->list_len, true, bearer, error);
  uint32_t found[64], count = 0;
  for (uint32_t i = 0; i < job->corpus.header->token_count && count < 64; i++)
    if (is_kidless(job, cell, &job->corpus.tokens[i]))
      found[count++] = i;
  return bearer_fill(job, found, count, false, bearer, error);
}

struct set_run {
  struct job *job;
  const struct cell *cell;
  const struct bearer *bearer;
  struct made_set set;
  char folder[4096], policy[4112];
  struct contestants contestants; /* under the set's policy */
};

static void file_row(struct set_run *run, unsigned owner, const struct series *series, const char *why) {
  const struct series nothing = {.subject = owner, .first_wrong = CORPUS_NONE};
  struct series own = series ? *series : nothing;
  own.subject = owner;
  struct result_speed *row = measure_speed_row(run->job, run->cell, &own, why);
  row->keys = run->set.keys;
  row->kid = !run->set.unfit;
  row->key_place = run->set.last ? KEY_PLACE_LAST : KEY_PLACE_FIRST;
}

/* Starts every backend under the set's policy; one that cannot is a row that says so. */
static void subjects_start(struct set_run *run, struct subject_host *host) {
  struct job *job = run->job;
  *host = job->host;
  host->policy_path = run->policy;
  for (unsigned s = 0; s < job->subject_count && !stop_asked; s++) {
    struct assay_error error = {0};
    if (!measure_has(job, s, run->cell) || subject_is_verifier(&job->subjects[s]))
      continue;
    if (contestant_start(&run->contestants, s, &job->subjects[s].spec, host, &error))
      continue;
    file_row(run, s, NULL, error.text);
    job_file_trouble(job, s, error.text);
  }
}

static bool set_measure(struct set_run *run, double budget_s) {
  struct job *job = run->job;
  struct subject_host host;
  struct group group = measure_group("key sets", budget_s, BLOCK_NS, WARM_NS, ROUNDS_LEAST);
  contestants_init(&run->contestants, job);
  subjects_start(run, &host);
  for (unsigned i = 0; i < run->contestants.count; i++) {
    struct control_command command = measure_command(job, run->cell, 0);
    command.list_at = run->bearer->list_at;
    command.list_len = run->bearer->list_len;
    group_add(&group, i, &command);
  }
  bool ok =
      measure_run(job, &run->contestants, &group, run->set.keys > LAUNCHES_KEYS ? 1 : measure_launches(job));
  for (unsigned i = 0; i < run->contestants.count; i++)
    file_row(run, run->contestants.items[i].owner, &group.series[i], NULL);
  group_fini(&group);
  contestants_fini(&run->contestants);
  return ok;
}

static bool set_run(struct job *job, const struct cell *cell, const struct bearer *bearer,
                    struct made_set set, double budget_s, struct assay_error *error) {
  struct set_run *run = calloc(1, sizeof *run);
  if (!run)
    return error_set(error, "no memory for a key set");
  *run = (struct set_run){.job = job, .cell = cell, .bearer = bearer, .set = set};
  bool ok = file_make_temporary(run->folder, sizeof run->folder, "keys", error);
  snprintf(run->policy, sizeof run->policy, "%s/policy.json", run->folder);
  ok = ok && made_set_write(&job->corpus, &bearer->right, &set, run->folder, error);
  ok = ok && set_measure(run, budget_s);
  file_remove_temporary(run->folder);
  free(run);
  return ok;
}

static bool keysets_of(struct job *job, const struct cell *cell, double budget_s, struct assay_error *error) {
  bool ok = true;
  measure_lists_clear(job);
  for (int kid = 1; kid >= 0 && ok; kid--) {
    struct bearer bearer;
    struct assay_error why = {0};
    bool found = bearer_find(job, cell, kid, &bearer, &why);
    if (!found) {
      char text[1200];
      snprintf(text, sizeof text, "%s: key sets were not measured %s kid: %s", assay_alg_name(cell->alg),
               kid ? "with" : "without", why.text);
      strings_add(&job->result->warnings, text);
    }
    for (unsigned i = 0; found && ok && i < SIZES * 2 && !stop_asked; i++) {
      const struct made_set set = {sizes[i / 2], i % 2 == 1, !kid};
      if (set.keys > 1 || !set.last)
        ok = set_run(job, cell, &bearer, set, budget_s / (int)SETS, error);
    }
    json_decref(bearer.right.jwk);
  }
  return ok;
}

static bool measure_keysets_run(struct job *job, double budget_s, struct assay_error *error) {
  return measure_each_lead(job, budget_s, keysets_of, error);
}

const struct measurement measurement_keysets = {
    .name = "keysets",
    .summary = "1 to 10,000 keys in the set, with and without kid, the right key first or last",
    .takes = "3 min",
    .seconds = 150,
    .run = measure_keysets_run,
};
