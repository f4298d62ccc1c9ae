/* reference_fuzz CORPUS [--count N] [--seed N]: asks pipeline and reference N times about tokens spoiled at
 * random. Every disagreement is one line of JSON on stdout, and the exit code is 1 then. */
#include <jansson.h>
#include <stdio.h>

#include "tests/reference/mutate.h"

static void print_finding(const struct duel *duel, const struct duel_question *question,
                          struct duel_answer answer) {
  struct assay_bytes policy = corpus_bytes(&duel->corpus, duel->corpus.settings[question->setting].policy);
  char *hex = malloc(2 * question->token.len + 1);
  if (!hex)
    abort();
  hex[0] = 0;
  for (size_t i = 0; i < question->token.len; i++)
    sprintf(hex + 2 * i, "%02x", question->token.ptr[i]);
  json_t *line =
      json_pack("{s:s, s:s, s:I, s:i, s:b, s:s, s:s%}", "pipeline", assay_reason_dotted(answer.pipeline),
                "reference", assay_reason_dotted(answer.reference), "now", (json_int_t)question->now,
                "setting", (int)question->setting, "replay", question->replay, "token_hex", hex, "policy",
                (const char *)policy.ptr, policy.len);
  json_dumpf(line, stdout, JSON_COMPACT);
  puts("");
  fflush(stdout);
  json_decref(line);
  free(hex);
}

/* Which reasons no token met: there the two were not compared. */
static void print_unmet(const uint64_t *met) {
  static const enum assay_reason reasons[] = {
#define X(number, id, stage, name, sentence) REASON_##id,
      ASSAY_REASONS(X)
#undef X
  };
  fprintf(stderr, "reasons that no token met:");
  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
    if (!met[reasons[i]])
      fprintf(stderr, " %s", assay_reason_dotted(reasons[i]));
  fputc('\n', stderr);
}

static uint64_t run(struct duel *duel, uint64_t count, uint64_t seed) {
  static struct mutator mutator;
  static uint64_t met[REASON_FAULT + 1];
  uint64_t findings = 0;
  mutator_init(&mutator, duel, seed);
  for (uint64_t i = 0; i < count; i++) {
    struct duel_question question = mutator_next(&mutator);
    struct duel_answer answer = duel_ask(duel, &question);
    met[answer.reference]++;
    if (answer.pipeline == answer.reference)
      continue;
    print_finding(duel, &question, answer);
    findings++;
  }
  mutator_fini(&mutator);
  print_unmet(met);
  return findings;
}

static int usage(void) {
  fprintf(stderr, "usage: reference_fuzz CORPUS [--count N] [--seed N]\n");
  return 4;
}

static bool read_number(const char *text, uint64_t *number) {
  char *end;
  *number = strtoull(text, &end, 10);
  return *text >= '0' && *text <= '9' && !*end;
}

int main(int argc, char **argv) {
  uint64_t count = 100000, seed = 1;
  struct assay_error error = {0};
  struct duel duel;
  if (argc < 2 || argc % 2 != 0)
    return usage();
  for (int i = 2; i < argc; i += 2) {
    uint64_t *number = strcmp(argv[i], "--count") == 0  ? &count
                       : strcmp(argv[i], "--seed") == 0 ? &seed
                                                        : NULL;
    if (!number || !read_number(argv[i + 1], number))
      return usage();
  }
  if (!duel_open(&duel, argv[1], &error)) {
    fprintf(stderr, "reference_fuzz: %s\n", error.text);
    return 4;
  }
  uint64_t findings = run(&duel, count, seed);
  duel_close(&duel);
  fprintf(stderr, "seed %llu: %llu tokens, %llu disagreements\n", (unsigned long long)seed,
          (unsigned long long)count, (unsigned long long)findings);
  return findings ? 1 : 0;
}
