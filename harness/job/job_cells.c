/* Which tokens are measured together, and which are asked about. */
#include <stdlib.h>
#include <string.h>

#include "harness/job/explain.h"
#include "reports/text/allocate.h"

#define MAIN_RSA_BITS 2048
#define QUICK_TOKENS 2
#define EXTRA_ROOM 65536 /* for lists that measurements make, beside one of every token */

/* Those that stand for their families. */
static bool is_leading(enum assay_alg alg, unsigned key_bits) {
  return alg == ASSAY_HS256 || alg == ASSAY_ES256 || alg == ASSAY_ED25519 ||
         (alg == ASSAY_RS256 && key_bits == MAIN_RSA_BITS);
}

bool job_is_foreign(const struct job *job) {
  return strcmp(job->result->corpus.profile, "import") == 0;
}

/* Good tokens of the default policy, filed under the class `valid`. Somebody's own have whatever class, and
 * mostly nothing is expected of them: measure_common_tokens leaves those that are accepted. */
static bool for_speed(const struct job *job, const struct corpus_token *token) {
  const struct corpus_variant *variant = &job->corpus.variants[token->variant];
  bool fits = job_is_foreign(job) ? token->verdict != EXPECT_REJECT
                                  : token->verdict == EXPECT_ACCEPT &&
                                        bytes_eq_str(corpus_bytes(&job->corpus, variant->class_id), "valid");
  return fits && token->setting == 0 && token->after == CORPUS_NONE && token->alg < ASSAY_ALG_COUNT &&
         (job->alg_mask & ASSAY_ALG_BIT(token->alg));
}

static struct cell *cell_of(struct job *job, const struct corpus_token *token) {
  for (unsigned i = 0; i < job->cell_count; i++)
    if ((unsigned)job->cells[i].alg == token->alg && job->cells[i].key_bits == token->key_bits)
      return &job->cells[i];
  job->cells = allocate_one_more(job->cells, job->cell_count, sizeof *job->cells);
  struct cell *cell = &job->cells[job->cell_count++];
  *cell = (struct cell){.alg = (enum assay_alg)token->alg, .key_bits = token->key_bits};
  cell->full = is_leading(cell->alg, cell->key_bits);
  cell->main = cell->key_bits == 0 || cell->key_bits == MAIN_RSA_BITS;
  return cell;
}

static int by_alg(const void *a, const void *b) {
  const struct cell *x = a, *y = b;
  return x->alg != y->alg ? (int)x->alg - (int)y->alg : (int)x->key_bits - (int)y->key_bits;
}

static void count_tokens(struct job *job) {
  for (uint64_t i = 0; i < job->corpus.header->token_count; i++)
    if (for_speed(job, &job->corpus.tokens[i]))
      cell_of(job, &job->corpus.tokens[i])->list_len++;
  if (job->cell_count)
    qsort(job->cells, job->cell_count, sizeof job->cells[0], by_alg);
}

static void fill_cells(struct job *job) {
  uint32_t at = 0;
  for (unsigned i = 0; i < job->cell_count; i++) {
    job->cells[i].list_at = at;
    at += job->cells[i].list_len;
    job->cells[i].list_len = 0;
  }
  for (uint32_t i = 0; i < job->corpus.header->token_count; i++) {
    if (!for_speed(job, &job->corpus.tokens[i]))
      continue;
    struct cell *cell = cell_of(job, &job->corpus.tokens[i]);
    job->list[cell->list_at + cell->list_len++] = i;
  }
  job->check_at = at;
}

void job_cells_free(struct job *job) {
  for (unsigned i = 0; i < job->cell_count; i++)
    free(job->cells[i].refused_by);
  free(job->cells);
}

/* A quick job asks about every variant under every algorithm, but only so many tokens of each. Tokens of one
 * variant and algorithm stand together in a corpus. */
struct quota {
  const struct corpus_token *last;
  unsigned taken;
};

static bool within_quota(struct quota *quota, const struct corpus_token *token) {
  if (!quota->last || quota->last->variant != token->variant || quota->last->alg != token->alg ||
      quota->last->key_bits != token->key_bits)
    quota->taken = 0;
  quota->last = token;
  return quota->taken++ < QUICK_TOKENS;
}

/* A token without an algorithm is asked about unless algorithms were named. */
static bool is_asked(const struct job *job, const struct corpus_token *token, struct quota *quota) {
  if (token->alg < ASSAY_ALG_COUNT ? !(job->alg_mask & ASSAY_ALG_BIT(token->alg))
                                   : job->options->algs != NULL)
    return false;
  return !job->options->quick || within_quota(quota, token) || for_speed(job, token);
}

static void fill_check(struct job *job) {
  uint32_t at = job->check_at;
  struct quota quota = {0};
  if (job->explained != CORPUS_NONE)
    job->list[at++] = job->explained;
  for (uint32_t i = 0; i < job->corpus.header->token_count && job->explained == CORPUS_NONE; i++)
    if (is_asked(job, &job->corpus.tokens[i], &quota))
      job->list[at++] = i;
  job->check_len = at - job->check_at;
  job->list_len = at;
}

static bool has_cell(const struct job *job, enum assay_alg alg) {
  bool has = false;
  for (unsigned i = 0; i < job->cell_count; i++)
    has = has || job->cells[i].alg == alg;
  return has;
}

/* Whether there is something to measure; of an algorithm that was named, too. */
static bool cells_suffice(const struct job *job, struct assay_error *error) {
  if (job->cell_count == 0)
    return error_set(error, "corpus %s has no valid token to measure with", job->corpus.folder);
  for (int alg = 0; job->options->algs && alg < ASSAY_ALG_COUNT; alg++)
    if ((job->alg_mask & ASSAY_ALG_BIT(alg)) && !has_cell(job, (enum assay_alg)alg))
      return error_set(error, "corpus %s has no valid token of %s to measure with", job->corpus.folder,
                       assay_alg_name((enum assay_alg)alg));
  return true;
}

bool job_cells(struct job *job, struct assay_error *error) {
  job->explained = CORPUS_NONE;
  if (job->options->explain && !explain_find(job, &job->explained, error))
    return false;
  job->extra_len = job->options->measure ? (uint32_t)job->corpus.header->token_count + EXTRA_ROOM : 0;
  job->list = calloc(job->corpus.header->token_count * 2 + job->extra_len + 1, sizeof *job->list);
  if (!job->list)
    return error_set(error, "no memory for the lists of %llu tokens",
                     (unsigned long long)job->corpus.header->token_count);
  count_tokens(job);
  fill_cells(job);
  fill_check(job);
  if (job->check_len == 0)
    return error_set(error, "%s has no token of the algorithms asked for", job_tokens_name(job));
  return !job->options->bench || cells_suffice(job, error);
}
