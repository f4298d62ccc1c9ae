/* The policies that cases bring with them: each distinct one is read before any token is asked about, so that
 * a mistake in one ends the run at once, by the name and the line of the user's own file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/files/file.h"
#include "harness/job/job.h"
#include "harness/terminal/complain.h"

#define TOLD_MAX 20
#define INNER "policy" /* what the reader calls a policy that has no file; it is one line of JSON */

/* A policy, and the first line that has it. */
struct written {
  uint64_t policy_at;
  uint32_t setting, line;
};

static int by_policy(const void *a, const void *b) {
  const struct written *x = a, *y = b;
  if (x->policy_at != y->policy_at)
    return x->policy_at < y->policy_at ? -1 : 1;
  return (x->line > y->line) - (x->line < y->line);
}

static int by_line(const void *a, const void *b) {
  const struct written *x = a, *y = b;
  return (x->line > y->line) - (x->line < y->line);
}

bool job_has_policy(const struct job *job) {
  char path[4200];
  snprintf(path, sizeof path, "%s/policy.yaml", job->corpus.folder);
  return access(path, F_OK) == 0;
}

/* Each distinct policy of a case's own once, in the order of lines. Returns how many. */
static size_t policies_of(const struct job *job, struct written *list) {
  const struct corpus *corpus = &job->corpus;
  const struct corpus_header *header = corpus->header;
  bool skip_default = job_has_policy(job);
  size_t count = 0, kept = 0;
  for (uint32_t i = 0; i < header->setting_count; i++)
    list[i] = (struct written){corpus->settings[i].policy.at, i, UINT32_MAX};
  for (uint64_t i = 0; i < header->token_count; i++) {
    struct written *own = &list[corpus->tokens[i].setting];
    if (corpus->tokens[i].line < own->line)
      own->line = corpus->tokens[i].line;
  }
  qsort(list, header->setting_count, sizeof *list, by_policy);
  for (uint64_t i = 0; i < header->setting_count; i++)
    if (i == 0 || list[i].policy_at != list[count - 1].policy_at)
      list[count++] = list[i];
  for (size_t i = 0; i < count; i++)
    if (!skip_default || list[i].policy_at != corpus->settings[0].policy.at)
      list[kept++] = list[i];
  qsort(list, kept, sizeof *list, by_line);
  return kept;
}

/* Its keys are left out: what is wrong with them is a token's answer. */
static bool policy_reads(const struct corpus *corpus, uint32_t number, struct assay_error *why) {
  const struct corpus_setting *setting = &corpus->settings[number];
  struct trust_keys *keys = calloc(setting->key_count + 1, sizeof *keys);
  if (!keys)
    return error_set(why, "no memory to read it");
  for (uint32_t i = 0; i < setting->key_count; i++)
    keys[i].iss = corpus_bytes(corpus, corpus->keys[setting->first_key + i].iss);
  struct trust *trust =
      trust_read(corpus_bytes(corpus, setting->policy), INNER, NULL, keys, setting->key_count, why);
  free(keys);
  if (trust)
    trust_free(trust);
  return trust != NULL;
}

/* "cases.jsonl:3: policy: unknown field 'isuers', did you mean 'issuers'?" */
static void sentence_of(const struct job *job, uint32_t line, const struct assay_error *why,
                        struct assay_error *out) {
  static const char inner[] = INNER ":1: ";
  const char *text = why->text;
  text += strncmp(text, inner, sizeof inner - 1) == 0 ? sizeof inner - 1 : 0;
  if (job->options->cases)
    error_set(out, "%s:%u: policy: %s", job_tokens_name(job), line, text);
  else
    error_set(out, "%s: the policy of line %u of its cases: %s", job_tokens_name(job), line, text);
}

static bool policies_hold(const struct job *job, const struct written *list, size_t count,
                          struct assay_error *error) {
  unsigned wrong = 0;
  for (size_t i = 0; i < count; i++) {
    struct assay_error why;
    if (policy_reads(&job->corpus, list[i].setting, &why))
      continue;
    if (wrong > 0 && wrong <= TOLD_MAX)
      complain(job->options->command, "%s", error->text);
    if (++wrong <= TOLD_MAX)
      sentence_of(job, list[i].line, &why, error);
  }
  if (wrong > TOLD_MAX)
    error_set(error, "%s: %u more policies are wrong", job_tokens_name(job), wrong - TOLD_MAX);
  return wrong == 0;
}

const char *job_tokens_name(const struct job *job) {
  const char *own = job->options->cases ? job->options->cases : job->options->own.tokens;
  return own ? file_stream_name(own) : job->corpus.folder;
}

bool job_settings_hold(const struct job *job, struct assay_error *error) {
  if (strcmp(job->result->corpus.profile, "import") != 0)
    return true;
  struct written *list = calloc(job->corpus.header->setting_count + 1, sizeof *list);
  if (!list)
    return error_set(error, "no memory for the policies of %s", job_tokens_name(job));
  bool ok = policies_hold(job, list, policies_of(job, list), error);
  free(list);
  return ok;
}
