/* assay check --explain: everything about one token, readable in any terminal, whatever bytes it has. */
#include "harness/job/explain.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/text/fold.h"
#include "harness/pipeline/json/base64url.h"
#include "reports/content/content.h"
#include "reports/document/screen.h"
#include "reports/text/allocate.h"

#define INDENT 12

/* Lines are folded for a person, and left whole for a program. */
static void print_bytes(const char *head, struct assay_bytes bytes) {
  int columns = isatty(STDOUT_FILENO) ? fold_columns(stdout) : INT_MAX;
  fold_bytes(stdout, columns, printf("%-*s", INDENT, head), INDENT, bytes);
  putchar('\n');
}

static void print_text(const char *head, const char *text) {
  printf("%-*s%s\n", INDENT, head, text);
}

/* A part decoded; where it is no base64url, as it stands, and why. */
static void print_part(const char *head, struct assay_bytes part) {
  uint8_t *decoded = malloc(base64url_decoded_bytes(part.len) + BASE64URL_SLACK);
  if (!decoded)
    return;
  enum assay_reason reason = base64url_decode(part, decoded);
  if (reason == REASON_OK) {
    print_bytes(head, bytes_of(decoded, base64url_decoded_bytes(part.len)));
  } else {
    print_bytes(head, part);
    printf("%-*sdoes not decode: %s\n", INDENT, "", assay_reason_dotted(reason));
  }
  free(decoded);
}

static void print_parts(struct assay_bytes token) {
  static const char *const names[] = {"header", "payload", "signature"};
  const uint8_t *at = token.ptr, *end = token.ptr + token.len;
  for (int i = 0; i < 3 && at <= end && token.len; i++) {
    const uint8_t *dot = memchr(at, '.', (size_t)(end - at));
    if (!dot || i == 2)
      dot = end;
    if (i < 2)
      print_part(names[i], bytes_of(at, (size_t)(dot - at)));
    else
      printf("%-*s%zu bytes of base64url\n", INDENT, names[i], (size_t)(dot - at));
    at = dot + 1;
  }
}

static void answer_print(unsigned answer) {
  char text[128];
  enum assay_reason reason = (enum assay_reason)answer;
  if (answer == REASON_UNMAPPED)
    puts("reject, without saying why");
  else if (answer == REASON_UNDECIDED)
    puts("undecided: refused, but not by decision");
  else if (answer > REASON_OK && answer < REASON_FAULT && assay_verdict_of(reason) == VERDICT_REJECT)
    printf("%s: %s\n", answer_text(answer, text, sizeof text), assay_reason_sentence(reason));
  else
    puts(answer_text(answer, text, sizeof text));
}

/* One reason that is right; a whole stage's number stands for any of it. */
static void print_reason(unsigned reason) {
  if (reason % 100 == 0)
    printf("reject, for any reason of %s\n", assay_stage_name((enum assay_stage)(reason / 100)));
  else
    answer_print(reason);
}

/* Of somebody's own tokens nobody has said what is right. */
static const char *any_words(const struct job *job) {
  return strcmp(job->result->corpus.profile, "import") == 0
             ? "nothing: nobody said what is right, so nothing is scored"
             : "any: libraries differ by design, and nothing is scored";
}

static void print_expectation(const struct job *job, const struct corpus_token *token) {
  const struct corpus *corpus = &job->corpus;
  struct expectation expected = corpus_expectation(corpus, token);
  printf("%-*s", INDENT, "expected");
  if (expected.verdict == EXPECT_ANY)
    puts(any_words(job));
  else if (expected.verdict == EXPECT_ACCEPT)
    puts("accept");
  else if (expected.reason_count == 0)
    puts("reject, for any reason");
  for (size_t i = 0; expected.verdict == EXPECT_REJECT && i < expected.reason_count; i++) {
    if (i > 0)
      printf("%-*sor ", INDENT, "");
    print_reason(expected.reasons[i]);
  }
  if (expected.pinned)
    print_text("", "This is one of several defensible behaviours, which the policy pins.");
}

static void print_severity(enum assay_severity severity) {
  OWNED_TEXT char *words =
      allocate_format("%s: %s", assay_severity_word(severity), assay_severity_meaning(severity));
  print_text("severity", words);
}

/* The class in words, where the corpus has them. */
static void print_class(const struct corpus *corpus, const struct corpus_token *token) {
  const struct corpus_variant *variant = &corpus->variants[token->variant];
  printf("%-*s%s%s%s%s%s, %s\n", INDENT, "class", span_text(corpus, variant->group),
         variant->group.len ? ", " : "", span_text(corpus, variant->class_id), variant->name.len ? " / " : "",
         span_text(corpus, variant->name), assay_alg_name((enum assay_alg)token->alg));
  if (variant->sentence.len)
    print_text("", span_text(corpus, variant->sentence));
  if (variant->reference.len)
    print_text("reference", span_text(corpus, variant->reference));
  if (variant->severity && token->verdict == EXPECT_REJECT)
    print_severity((enum assay_severity)variant->severity);
}

/* As the user calls it. */
static const char *policy_words(const struct job *job) {
  const struct job_options *options = job->options;
  return options->policy ? options->policy : options->policy_name ? options->policy_name : "the corpus' own";
}

static void print_setting(const struct job *job, const struct corpus_token *token) {
  const struct corpus *corpus = &job->corpus;
  const struct corpus_setting *setting = &corpus->settings[token->setting];
  if (token->now != CORPUS_NOW_UNSET)
    printf("%-*s%lld\n", INDENT, "now", (long long)token->now);
  if (token->setting == 0 && job_has_policy(job)) {
    print_text("policy", policy_words(job));
    return;
  }
  print_bytes("policy", corpus_bytes(corpus, setting->policy));
  for (uint32_t i = 0; i < setting->key_count; i++) {
    const struct corpus_key *key = &corpus->keys[setting->first_key + i];
    print_bytes(i == 0 ? "keys" : "", corpus_bytes(corpus, key->iss));
    print_bytes("", corpus_bytes(corpus, key->jwks));
  }
}

static void print_answers(const struct job *job, uint32_t token) {
  char words[ASSAY_WORDS_BYTES];
  puts("");
  for (unsigned i = 0; i < job->subject_count; i++) {
    if (subject_is_floor(&job->subjects[i]))
      continue;
    printf("%-*s", INDENT, job->subjects[i].spec.label);
    if (strlen(job->subjects[i].spec.label) >= INDENT)
      printf("  ");
    answer_print(subject_answer(&job->subjects[i], token));
    if (subject_words(&job->subjects[i], token, words))
      print_bytes("", bytes_str(words));
  }
}

void explain_print(const struct job *job, uint32_t index) {
  const struct corpus *corpus = &job->corpus;
  const struct corpus_token *token = &corpus->tokens[index];
  print_text("token", span_text(corpus, token->id));
  print_class(corpus, token);
  print_expectation(job, token);
  if (token->after != CORPUS_NONE)
    print_text("after", span_text(corpus, corpus->tokens[token->after].id));
  print_setting(job, token);
  puts("");
  print_bytes("compact", corpus_bytes(corpus, token->token));
  print_parts(corpus_bytes(corpus, token->token));
  print_answers(job, index);
  char *command = content_explain_command(job->result, "", span_text(corpus, token->id));
  printf("\n%-*s%s\n", INDENT, "reproduce", command);
  free(command);
}

bool explain_find(const struct job *job, uint32_t *token, struct assay_error *error) {
  const char *id = job->options->explain;
  *token = corpus_find(&job->corpus, bytes_str(id));
  if (*token != CORPUS_NONE)
    return true;
  for (uint64_t i = 0; i < job->corpus.header->token_count; i++) {
    struct assay_bytes other = corpus_bytes(&job->corpus, job->corpus.tokens[i].id);
    if (other.len > strlen(id) && memcmp(other.ptr, id, strlen(id)) == 0)
      return error_set(error, "%s has no token '%s'; the first that begins so is '%.*s'",
                       job_tokens_name(job), id, (int)other.len, (const char *)other.ptr);
  }
  return error_set(error, "%s has no token '%s'", job_tokens_name(job), id);
}
