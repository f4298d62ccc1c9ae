/* Answers first: how many tokens every subject accepts, then which of them are refused, by whom and why. */
#include "harness/job/own_answers.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/base/answer.h"
#include "harness/base/text/fold.h"
#include "harness/job/own_claims.h"
#include "reports/content/content.h"
#include "reports/text/figures.h"

#define ONE_BY_ONE_MAX 10 /* tokens that are told one by one */
#define GROUPS_MAX 20     /* ways in which tokens are answered, where they are many */
#define NAMED_MAX 3       /* tokens of such a group that are named */

/* ---- who says what ---- */

static uint16_t answer_of(const struct job *job, unsigned subject, uint32_t token) {
  return subject_answer(&job->subjects[subject], token);
}

/* What a whole library cannot be told (an audience, say) it cannot refuse for: where another subject refuses
 * for that reason, its acceptance says nothing of the token. */
static bool is_blind(const struct job *job, unsigned subject, uint32_t token) {
  bool blind = false;
  for (unsigned s = 0; s < job->subject_count && answer_of(job, subject, token) == REASON_OK; s++)
    blind = blind || (!subject_is_floor(&job->subjects[s]) &&
                      reason_set_has(&job->subjects[subject].identity.gaps, answer_of(job, s, token)));
  return blind;
}

/* A library that has not the algorithm has no opinion of the token either. */
static bool is_opinion(const struct job *job, unsigned subject, uint32_t token) {
  uint16_t answer = answer_of(job, subject, token);
  return !subject_is_floor(&job->subjects[subject]) && answer != ANSWER_NONE &&
         answer != REASON_UNSUPPORTED && !is_blind(job, subject, token);
}

static uint32_t token_at(const struct job *job, uint32_t position) {
  return job->list[job->check_at + position];
}

/* The names as words; NULL: there are none. free() it. */
static char *join(struct tally *names) {
  char *text = names->count ? names_join(names, " and ") : NULL;
  tally_fini(names);
  return text;
}

/* Who gives this answer, but for those who accept what they cannot look at. */
static char *who_say(const struct job *job, uint32_t token, uint16_t answer) {
  struct tally names = {0};
  for (unsigned s = 0; s < job->subject_count; s++)
    if (!subject_is_floor(&job->subjects[s]) && answer_of(job, s, token) == answer &&
        !is_blind(job, s, token))
      names_add(&names, job->subjects[s].spec.label);
  return join(&names);
}

/* Who accepts a token that others refuse for this reason, since it cannot be told of it. */
static char *who_leave(const struct job *job, uint32_t token, uint16_t reason) {
  struct tally names = {0};
  for (unsigned s = 0; s < job->subject_count; s++)
    if (!subject_is_floor(&job->subjects[s]) && answer_of(job, s, token) == REASON_OK &&
        reason_set_has(&job->subjects[s].identity.gaps, reason))
      names_add(&names, job->subjects[s].spec.label);
  return join(&names);
}

enum opinion { ACCEPTED_BY_ALL, REFUSED_BY_ALL, LEFT_BY_SOME, DISPUTED, NO_OPINION, OPINION_COUNT };

static enum opinion opinion_of(const struct job *job, uint32_t token) {
  unsigned accepted = 0, others = 0, blind = 0;
  for (unsigned s = 0; s < job->subject_count; s++) {
    uint16_t answer = answer_of(job, s, token);
    blind += is_blind(job, s, token);
    if (!is_opinion(job, s, token))
      continue;
    accepted += answer == REASON_OK;
    others += answer != REASON_OK;
  }
  if (!accepted && !others)
    return NO_OPINION;
  if (!others)
    return ACCEPTED_BY_ALL;
  return accepted ? DISPUTED : blind ? LEFT_BY_SOME : REFUSED_BY_ALL;
}

/* ---- one answer ---- */

/* Its lines behind the first are deeper. */
__attribute__((format(printf, 2, 3))) static void print_sentence(int indent, const char *format, ...) {
  char text[2048];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  fold(stdout, fold_columns(stdout), printf("%*s", indent, ""), indent + 2, text);
}

static void answer_words(uint16_t answer, char *text, size_t size) {
  char short_text[128];
  if (answer == REASON_OK)
    snprintf(text, size, "accepted by");
  else if (answer == REASON_UNMAPPED)
    snprintf(text, size, "refused, without saying why, by");
  else if (answer == REASON_UNDECIDED)
    snprintf(text, size, "refused by accident by");
  else if (answer == REASON_UNSUPPORTED)
    snprintf(text, size, "its algorithm is missing in");
  else if (answer < REASON_FAULT && assay_verdict_of((enum assay_reason)answer) == VERDICT_REJECT)
    snprintf(text, size, "refused by");
  else
    snprintf(text, size, "%s of", answer_text(answer, short_text, sizeof short_text));
}

static bool has_reason(uint16_t answer) {
  return answer != REASON_OK && answer < REASON_FAULT &&
         assay_verdict_of((enum assay_reason)answer) == VERDICT_REJECT &&
         assay_reason_stage((enum assay_reason)answer) != STAGE_NONE;
}

/* A token that answers are told of: itself, or the first of many that are answered alike. */
struct told {
  uint32_t token;
  struct own_claims claims;
  bool is_example;
};

static unsigned unnamed_in(struct assay_bytes jwks) {
  json_t *set = json_loadb((const char *)jwks.ptr, jwks.len, JSON_ALLOW_NUL, NULL), *jwk;
  unsigned count = 0;
  size_t i;
  json_array_foreach(json_object_get(set, "keys"), i, jwk) {
    count += !json_object_get(jwk, "kid");
  }
  json_decref(set);
  return count;
}

/* Keys that a token's kid does not lead to. */
static unsigned unnamed_keys(const struct job *job, uint32_t token) {
  const struct corpus *corpus = &job->corpus;
  const struct corpus_setting *setting = &corpus->settings[corpus->tokens[token].setting];
  unsigned count = 0;
  for (uint32_t i = 0; i < setting->key_count; i++)
    count += unnamed_in(corpus_bytes(corpus, corpus->keys[setting->first_key + i].jwks));
  return count;
}

static void print_hint(const struct job *job, const struct told *told, enum assay_reason reason) {
  char hint[900];
  own_claims_hint(&told->claims, &job->options->own, unnamed_keys(job, told->token), reason, hint,
                  sizeof hint);
  if (hint[0] && told->is_example)
    print_sentence(4, "%s: %s.", span_text(&job->corpus, job->corpus.tokens[told->token].id), hint);
  else if (hint[0])
    print_sentence(4, "%c%s.", toupper((unsigned char)hint[0]), hint + 1);
}

/* Why, and who does not look at it: told below the reason, since it is of that one. */
static void print_reason(const struct job *job, const struct told *told, enum assay_reason reason) {
  char *who = who_leave(job, told->token, (uint16_t)reason);
  print_sentence(4, "%s: %s", assay_reason_dotted(reason), assay_reason_sentence(reason));
  print_hint(job, told, reason);
  if (who)
    print_sentence(2, "let through by %s: this is left to the caller", who);
  free(who);
}

static void print_answer(const struct job *job, const struct told *told, uint16_t answer) {
  char words[160], *who = who_say(job, told->token, answer);
  answer_words(answer, words, sizeof words);
  if (who)
    print_sentence(2, "%s %s", words, who);
  free(who);
  if (has_reason(answer))
    print_reason(job, told, (enum assay_reason)answer);
}

/* Each answer once, in the order of the subjects that give it. */
static void print_answers(const struct job *job, const struct told *told) {
  for (unsigned s = 0; s < job->subject_count; s++) {
    uint16_t answer = answer_of(job, s, told->token);
    bool is_told = subject_is_floor(&job->subjects[s]) || answer == ANSWER_NONE;
    for (unsigned before = 0; before < s && !is_told; before++)
      is_told = !subject_is_floor(&job->subjects[before]) && answer_of(job, before, told->token) == answer;
    if (!is_told)
      print_answer(job, told, answer);
  }
}

static struct told told_of(const struct job *job, uint32_t token, bool is_example) {
  struct told told = {.token = token, .is_example = is_example};
  own_claims_read(corpus_bytes(&job->corpus, job->corpus.tokens[token].token), &told.claims);
  return told;
}

/* ---- tokens one by one ---- */

static void print_token(const struct job *job, uint32_t token, int64_t now) {
  struct told told = told_of(job, token, false);
  char times[160], about[400], line[600];
  own_claims_times(&told.claims, now, times, sizeof times);
  own_claims_describe(&told.claims, about, sizeof about);
  snprintf(line, sizeof line, "%s%s%s", times, times[0] ? "; " : "", about);
  putchar('\n');
  int column = printf("%s  ", span_text(&job->corpus, job->corpus.tokens[token].id));
  fold(stdout, fold_columns(stdout), column, 4, line);
  print_answers(job, &told);
  own_claims_fini(&told.claims);
}

/* ---- many tokens, by their answers ---- */

static const struct job *sort_job;

static int by_answers(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  for (unsigned s = 0; s < sort_job->subject_count; s++) {
    uint16_t left = answer_of(sort_job, s, x), right = answer_of(sort_job, s, y);
    if (!subject_is_floor(&sort_job->subjects[s]) && left != right)
      return left < right ? -1 : 1;
  }
  return (x > y) - (x < y);
}

static bool same_answers(const struct job *job, uint32_t a, uint32_t b) {
  for (unsigned s = 0; s < job->subject_count; s++)
    if (!subject_is_floor(&job->subjects[s]) && answer_of(job, s, a) != answer_of(job, s, b))
      return false;
  return true;
}

struct group {
  uint32_t at, count; /* in the sorted list */
};

static int by_count(const void *a, const void *b) {
  const struct group *x = a, *y = b;
  return x->count != y->count ? (x->count < y->count ? 1 : -1) : (x->at > y->at) - (x->at < y->at);
}

static void print_group(const struct job *job, const uint32_t *tokens, const struct group *group) {
  char count[FIGURE_NOUN_BYTES];
  printf("\n%s: ", figure_noun(count, group->count, "token"));
  for (uint32_t i = 0; i < group->count && i < NAMED_MAX; i++)
    printf("%s%s", i ? ", " : "", span_text(&job->corpus, job->corpus.tokens[tokens[group->at + i]].id));
  puts(group->count > NAMED_MAX ? " ..." : "");
  struct told told = told_of(job, tokens[group->at], true);
  print_answers(job, &told);
  own_claims_fini(&told.claims);
}

static size_t find_groups(const struct job *job, const uint32_t *tokens, struct group *groups) {
  size_t count = 0;
  for (uint32_t at = 0; at < job->check_len; at++) {
    if (at == 0 || !same_answers(job, tokens[at - 1], tokens[at]))
      groups[count++] = (struct group){at, 0};
    groups[count - 1].count++;
  }
  qsort(groups, count, sizeof *groups, by_count);
  return count;
}

static void print_groups(const struct job *job) {
  char figure[FIGURE_NOUN_BYTES];
  uint32_t *tokens = calloc(job->check_len + 1, sizeof *tokens);
  struct group *groups = calloc(job->check_len + 1, sizeof *groups);
  if (tokens && groups) {
    memcpy(tokens, job->list + job->check_at, job->check_len * sizeof *tokens);
    sort_job = job;
    qsort(tokens, job->check_len, sizeof *tokens, by_answers);
    size_t count = find_groups(job, tokens, groups);
    for (size_t i = 0; i < count && i < GROUPS_MAX; i++)
      print_group(job, tokens, &groups[i]);
    if (count > GROUPS_MAX)
      printf("\nand %s of tokens; --json has them all\n",
             figure_noun(figure, count - GROUPS_MAX, "more group"));
  }
  free(tokens);
  free(groups);
}

/* ---- all of it ---- */

static void print_line(uint32_t count, const char *one, const char *many) {
  char figure[FIGURE_BYTES];
  if (count)
    printf("  %s %s\n", figure_count(figure, count), count == 1 ? one : many);
}

static void print_summary(const struct job *job, int64_t now) {
  uint32_t opinions[OPINION_COUNT] = {0}, expired = 0;
  unsigned subjects = 0;
  char tokens[FIGURE_NOUN_BYTES], asked[FIGURE_NOUN_BYTES];
  for (uint32_t i = 0; i < job->check_len; i++) {
    struct own_claims claims;
    uint32_t token = token_at(job, i);
    own_claims_read(corpus_bytes(&job->corpus, job->corpus.tokens[token].token), &claims);
    opinions[opinion_of(job, token)]++;
    expired += own_claims_expired(&claims, now);
    own_claims_fini(&claims);
  }
  for (unsigned s = 0; s < job->subject_count; s++)
    subjects += !subject_is_floor(&job->subjects[s]);
  printf("%s, %s\n", figure_noun(tokens, job->check_len, "token"), figure_noun(asked, subjects, "subject"));
  print_line(expired, "has expired", "have expired");
  print_line(opinions[ACCEPTED_BY_ALL], "is accepted by all", "are accepted by all");
  print_line(opinions[REFUSED_BY_ALL], "is refused by all", "are refused by all");
  print_line(opinions[LEFT_BY_SOME], "is refused by some and left to the caller by others",
             "are refused by some and left to the caller by others");
  print_line(opinions[DISPUTED], "is accepted by some and refused by others",
             "are accepted by some and refused by others");
  print_line(opinions[NO_OPINION], "is of an algorithm that no subject has",
             "are of algorithms that no subject has");
}

void own_answers_print(const struct job *job) {
  int64_t now = (int64_t)time(NULL);
  print_summary(job, now);
  if (job->check_len > ONE_BY_ONE_MAX)
    print_groups(job);
  else
    for (uint32_t i = 0; i < job->check_len; i++)
      print_token(job, token_at(job, i), now);
}

bool own_answers_none(const struct job *job, struct assay_error *error) {
  char words[160], text[160];
  for (unsigned s = 0; s < job->subject_count && job->check_at; s++) {
    uint32_t token = job->list[0];
    uint16_t answer = answer_of(job, s, token);
    if (!is_opinion(job, s, token) || answer == REASON_OK)
      continue;
    answer_text(answer, text, sizeof text);
    snprintf(words, sizeof words, "%s",
             has_reason(answer) ? assay_reason_sentence((enum assay_reason)answer) : "");
    return error_set(
        error, "no token is accepted by every subject, so there is nothing to measure: of %s, %s says %s%s%s",
        span_text(&job->corpus, job->corpus.tokens[token].id), job->subjects[s].spec.label, text,
        words[0] ? ": " : "", words);
  }
  return error_set(error, "no token is accepted by every subject, so there is nothing to measure");
}
