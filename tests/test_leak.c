/* The t-test on timings, and the tokens that it is made with. What a machine's timings are is never asserted,
 * but that a backend is caught which hides nothing. Runs alone. */
#include "build_facts.h"
#include "harness/base/random.h"
#include "harness/measurements/leak_tokens.h"
#include "tests/cli.h"

/* So many samples around a time, with a long tail now and then. */
static struct hist *samples(uint64_t seed, unsigned count, uint64_t ns) {
  struct hist *hist = calloc(1, sizeof *hist);
  for (unsigned i = 0; i < count; i++) {
    uint64_t drawn = random_next(&seed);
    uint64_t around = ns + drawn % 64 + (drawn >> 8) % 64;
    hist_record(hist, (drawn >> 20) % 1000 == 0 ? around + 50000 + (drawn >> 40) % 100000 : around);
  }
  return hist;
}

static const struct leak_test quiet = {.t = 1};

static struct leak_test judged(uint64_t one_ns, uint64_t other_ns) {
  struct hist *one = samples(1, 100000, one_ns), *other = samples(2, 100000, other_ns);
  struct leak_test test = leak_judge(one, other);
  free(one);
  free(other);
  return test;
}

Test(leak, sees_two_nanoseconds_and_their_direction) {
  struct leak_test slower = judged(1002, 1000), faster = judged(1000, 1002);
  cr_assert_eq(leak_answer(&slower, &quiet), LEAK_FOUND, "t = %g", slower.t);
  cr_assert_eq(leak_answer(&slower, &slower), LEAK_NONE_SEEN, "no larger than the noise");
  cr_assert_gt(slower.t, 0);
  cr_assert_float_eq(slower.difference_ns, 2, 0.7, "%g ns at crop %g", slower.difference_ns, slower.crop);
  cr_assert_lt(slower.crop, 1, "the tail hides it before it is cropped");
  cr_assert_eq(leak_answer(&faster, &quiet), LEAK_FOUND);
  cr_assert_lt(faster.t, 0);
}

Test(leak, sees_nothing_in_samples_of_the_same_kind) {
  for (uint64_t seed = 0; seed < 40; seed++) {
    struct hist *one = samples(1000 + seed, 20000, 900), *other = samples(2000 + seed, 20000, 900);
    struct leak_test test = leak_judge(one, other);
    cr_assert_neq(leak_answer(&test, &quiet), LEAK_FOUND, "seed %d: t = %g", (int)seed, test.t);
    free(one);
    free(other);
  }
}

Test(leak, says_nothing_of_too_few_samples) {
  struct hist *one = samples(1, 50, 100), *other = samples(2, 50, 900);
  struct leak_test test = leak_judge(one, other);
  cr_assert_eq(leak_answer(&test, &quiet), LEAK_NONE_SEEN);
  free(one);
  free(other);
}

/* Of the line with the given number: its MAC, and what stands before it. */
static const char *mac_of(char *line, const char **before) {
  char *token = strstr(line, "\"token\":\"") + 9, *mac = strchr(strchr(token, '.') + 1, '.') + 1;
  mac[-1] = mac[43] = '\0';
  *before = token;
  return mac;
}

Test(leak, makes_tokens_that_differ_in_nothing_else) {
  struct corpus corpus;
  char *text, *lines[LEAK_CASES], *next;
  const char *heads[LEAK_CLASSES], *macs[LEAK_CLASSES], *good_head;
  size_t len;
  cr_assert(corpus_open(&corpus, test_corpus(), NULL));
  FILE *stream = open_memstream(&text, &len);
  cr_assert(leak_tokens_write(&corpus, stream, NULL));
  fclose(stream);
  unsigned count = 0;
  for (char *line = strtok_r(text, "\n", &next); line && count < LEAK_CASES;
       line = strtok_r(NULL, "\n", &next))
    lines[count++] = line;
  cr_assert_eq(count, LEAK_CASES);
  for (unsigned class = 0; class < LEAK_CLASSES; class ++)
    macs[class] = mac_of(lines[class * LEAK_MACS * LEAK_TOKENS + 7], &heads[class]);
  const char *near = mac_of(lines[((LEAK_NEAR + 1) * LEAK_MACS - 1) * LEAK_TOKENS + 7], &good_head);
  cr_assert_str_eq(heads[LEAK_RANDOM], heads[LEAK_NEAR]);
  cr_assert_str_eq(heads[LEAK_RANDOM], heads[LEAK_AGAIN]);
  cr_assert_str_neq(heads[LEAK_RANDOM], heads[LEAK_EXPIRED]);
  cr_assert_eq(strlen(heads[LEAK_RANDOM]), strlen(heads[LEAK_EXPIRED]));
  cr_assert_str_neq(macs[LEAK_RANDOM], macs[LEAK_AGAIN]);
  cr_assert_eq(strncmp(near, macs[LEAK_NEAR], 41), 0, "all but the last octet is the right MAC's");
  cr_assert_str_neq(near, macs[LEAK_NEAR]);
  bool found = false;
  for (uint64_t i = 0; i < corpus.header->token_count && !found; i++)
    found = memmem(corpus_bytes(&corpus, corpus.tokens[i].token).ptr, corpus.tokens[i].token.len, near, 41);
  cr_assert(found, "it is a right MAC");
  corpus_close(&corpus);
  free(text);
}

static json_t *leak_of(const char *subject, int *code) {
  test_corpus();
  const struct ran *ran =
      shell(BIN "/assay leak --corpus " TEST_CORPUS " --subject %s --samples 20000 --json 2>&1", subject);
  *code = ran->code;
  json_t *json = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(json, "%s", ran->out);
  return json;
}

Test(leak, catches_a_backend_that_stops_at_the_first_octet_that_differs) {
  if (strcmp(ASSAY_SANITIZER, "none") != 0)
    cr_skip_test("times are taken on the Release build");
  int code;
  json_t *json = leak_of(TEST_MODULES "/leaky.so", &code);
  const json_t *row = json_array_get(json_object_get(json, "subjects"), 0);
  const json_t *mac = json_object_get(row, "mac");
  cr_assert_str_eq(json_string_value(json_object_get(mac, "answer")), "LEAK");
  cr_assert_gt(json_real_value(json_object_get(mac, "t")), 0);
  cr_assert_geq(json_integer_value(json_object_get(mac, "samples")), 20000);
  cr_assert(code == 2 || code == 3, "exit %d", code);
  json_decref(json);
}

Test(leak, says_so_when_it_is_interrupted) {
  const struct ran *ran = shell("timeout --preserve-status -s INT 2 " BIN
                                "/assay leak --corpus %s --subject openssl --samples 1e9 2>&1 >/dev/null",
                                test_corpus());
  cr_expect_eq(ran->code, 130, "exit %d: %s", ran->code, ran->out);
  cr_expect_str_eq(ran->out, "assay leak: interrupted; too few timings to say anything\n");
}

Test(leak, refuses_what_it_does_not_know) {
  COMPLAINS(shell(BIN "/assay leak --samples none 2>&1"), "--samples", "none");
  COMPLAINS(shell(BIN "/assay leak --sample 1 2>&1"), "--sample");
  const char *folder = fresh_folder();
  test_corpus();
  const struct ran *ran =
      shell("grep '\"alg\":\"ES256\"' " TEST_CORPUS "/tokens.jsonl >%s/es.jsonl; " BIN
            "/assay-corpus import --out %s/es --policy " TEST_CORPUS "/policy.yaml -- %s/es.jsonl 2>&1",
            folder, folder, folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  COMPLAINS(shell(BIN "/assay leak --corpus %s/es 2>&1", folder), "fewer than 64 good HS256 tokens");
  shell("rm -rf %s", folder);
}
