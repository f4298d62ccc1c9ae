/* Verdict rows folded into class rows and taken apart again: nothing is lost, and what contradicts itself is
 * refused. */
#include <criterion/criterion.h>
#include <jansson.h>

#include "reports/model/class_rows.h"
#include "tests/sample_result.h"
#include "tests/verdict_rows.h"

static const struct result_view plain = {.columns = 100};

static struct result *parse(const char *text, struct assay_error *error) {
  return result_parse(text, strlen(text), "r.json", error);
}

static struct result *written_and_read(const struct result *result) {
  struct assay_error error = {0};
  char *text = sample_render("json", result, plain);
  struct result *again = parse(text, &error);
  cr_assert_not_null(again, "%s", error.text);
  free(text);
  return again;
}

/* ---- rows are the same ---- */

static void assert_same_row(const struct result_verdict *a, const struct result_verdict *b, size_t row) {
  const char *texts[][2] = {{level_word(a->level), level_word(b->level)},
                            {a->subject, b->subject},
                            {a->class_id, b->class_id},
                            {a->variant, b->variant},
                            {a->stage, b->stage},
                            {a->alg, b->alg},
                            {a->expected, b->expected}};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    cr_assert_str_eq(texts[i][0], texts[i][1], "row %zu", row);
  cr_assert_eq(a->pinned, b->pinned);
  cr_assert_eq(a->severity, b->severity, "row %zu", row);
  cr_assert_eq(a->tokens, b->tokens, "row %zu", row);
  cr_assert_eq(a->forbidden, b->forbidden);
  for (int kind = 0; kind <= KIND_COUNT; kind++)
    cr_assert_eq(result_count(a, (enum answer_kind)kind), result_count(b, (enum answer_kind)kind));
  cr_assert_eq(a->given_count, b->given_count);
  for (size_t i = 0; i < a->given_count; i++) {
    cr_assert_str_eq(a->given[i].kind, b->given[i].kind);
    cr_assert_str_eq(a->given[i].answer, b->given[i].answer);
    cr_assert_str_eq(a->given[i].example, b->given[i].example, "row %zu", row);
    cr_assert_eq(a->given[i].tokens, b->given[i].tokens);
  }
  cr_assert_eq(a->examples.count, b->examples.count);
  for (size_t i = 0; i < a->examples.count; i++)
    cr_assert_str_eq(a->examples.items[i], b->examples.items[i], "row %zu", row);
}

static void assert_same_rows(const struct result *a, const struct result *b) {
  cr_assert_eq(a->verdict_count, b->verdict_count, "%zu rows of %zu", b->verdict_count, a->verdict_count);
  for (size_t i = 0; i < a->verdict_count; i++)
    assert_same_row(&a->verdicts[i], &b->verdicts[i], i);
}

/* ---- rows by chance ---- */

static uint32_t chance;

static unsigned below(unsigned end) {
  chance = chance * 1664525 + 1013904223;
  return (chance >> 16) % end;
}

#define PICK(list) ((list)[below(sizeof(list) / sizeof((list)[0]))])

static const char *const variants[] = {"", "a", "b", "{alg}", "{{x}}", "ES256", "naïve"};
static const char *const algs[] = {"RS256", "ES256", "EdDSA", "", "{variant}"};
static const char *const subjects[] = {"openssl", "joe", "joe:strict", "null"};

static void any_example(char *id, size_t size, const struct result_verdict *row) {
  const char *parts[] = {row->variant, row->alg, "{alg}", "{variant}", "{",   "{}",
                         "{{",         "}}",     "",      "x{y}",      "0001"};
  snprintf(id, size, "%s/%s/%s", PICK(parts), PICK(parts), PICK(parts));
}

static void fill_by_chance(struct result_verdict *row) {
  char id[256];
  row->right = below(3) ? 0 : below(3);
  row->accepted = below(2);
  row->wrong_reason = below(2);
  row->unscored = below(4) == 0;
  row->tokens = row->right + row->accepted + row->wrong_reason + row->unscored + (below(5) == 0);
  if (row->tokens == 0)
    return;
  row->forbidden = below(6) == 0;
  any_example(id, sizeof id, row);
  if (row->accepted)
    strings_add(&row->examples, id);
  any_example(id, sizeof id, row);
  if (row->wrong_reason)
    verdict_add_given(row, KIND_REASON, "reject header-policy.alg-unknown", id);
}

static void add_row(struct result *result, const char *class_id, const char *variant, const char *alg,
                    const char *subject) {
  struct result_verdict *row = result_add_verdict(result);
  row->level = strncmp(subject, "joe", 3) == 0 ? LEVEL_WHOLE : LEVEL_PIPELINE;
  result_set(&row->subject, subject);
  result_set(&row->class_id, class_id);
  result_set(&row->variant, variant);
  result_set(&row->stage, "-");
  result_set(&row->alg, alg);
  result_set(&row->expected, below(20) ? "accept" : "any");
  row->pinned = below(30) == 0;
  row->severity = (enum assay_severity)((strlen(class_id) + strlen(variant)) % SEVERITY_COUNT);
  row->tokens = row->right = 1 + (below(20) == 0);
  if (below(4) == 0)
    fill_by_chance(row);
  verdict_settle(row); /* what is not counted is not scored */
}

/* Mostly the grid that a run leaves, with gaps, repetitions and rows that stand elsewhere. */
static struct result *by_chance(uint32_t seed) {
  static const char *const classes[] = {"alg-none", "exp-past", "kid"};
  struct result *result = result_new();
  chance = seed;
  const unsigned gaps = 4 + below(60);
  for (size_t class = 0; class < 3; class ++)
    for (size_t variant = 0; variant < 7; variant++)
      for (size_t alg = 0; alg < 5; alg++)
        for (size_t subject = 0; subject < 4; subject++) {
          if (below(gaps) == 0)
            add_row(result, PICK(classes), PICK(variants), PICK(algs), PICK(subjects));
          if (below(gaps))
            add_row(result, classes[class], variants[variant], algs[alg], subjects[subject]);
        }
  return result;
}

Test(class_rows, lose_nothing_not_even_the_order) {
  for (uint32_t seed = 1; seed <= 300; seed++) {
    struct result *result = by_chance(seed), *again = written_and_read(result);
    assert_same_rows(result, again);
    result_free(again);
    result_free(result);
  }
}

/* Read by somebody else's program. */
Test(class_rows, are_what_is_told_of_them) {
  for (uint32_t seed = 1; seed <= 50; seed++) {
    struct result *result = by_chance(seed);
    char *text = sample_render("json", result, plain), *old = as_version_1(text);
    struct assay_error error = {0};
    struct result *again = parse(old, &error);
    cr_assert_not_null(again, "%s", error.text);
    assert_same_rows(result, again);
    result_free(again);
    free(old);
    free(text);
    result_free(result);
  }
}

/* Names that are one name once they are valid UTF-8 stay apart. */
Test(class_rows, keep_names_apart_that_read_alike) {
  static const char *const bad[] = {"x\xff", "x\xfe"};
  for (int which = 0; which < 8; which++) {
    struct result *result = result_new();
    for (int i = 0; i < 2; i++) {
      add_row(result, "c", which & 1 ? bad[i] : "a", which & 2 ? bad[i] : "RS256",
              which & 4 ? bad[i] : "joe");
      result->verdicts[i].accepted = result->verdicts[i].right = (unsigned)i + 1;
      result->verdicts[i].tokens = 2 * ((unsigned)i + 1);
    }
    struct result *again = written_and_read(result);
    cr_assert_eq(again->verdict_count, 2, "%d", which);
    for (unsigned i = 0; i < 2; i++)
      cr_assert_eq(again->verdicts[i].accepted, i + 1, "%d", which);
    result_free(again);
    result_free(result);
  }
}

/* ---- small ---- */

/* 100 variants under 15 algorithms, asked of 20 subjects, of which one accepts all of one algorithm's. */
static struct result *large(void) {
  struct result *result = result_new();
  for (int variant = 0; variant < 100; variant++)
    for (int alg = 0; alg < 15; alg++)
      for (int subject = 0; subject < 20; subject++) {
        struct result_verdict *row = result_add_verdict(result);
        row->level = LEVEL_PIPELINE;
        result_printf(&row->subject, "subject-%d", subject);
        result_set(&row->class_id, "exp-past");
        result_printf(&row->variant, "variant-%d", variant);
        result_set(&row->stage, "registered-claims");
        result_printf(&row->alg, "ALG%d", alg);
        result_set(&row->expected, "reject registered-claims.expired");
        verdict_count(row, subject == 7 && alg != 3 ? KIND_ACCEPTED : KIND_RIGHT, 5);
        char *id = NULL;
        result_setf(&id, "exp-past/variant-%d/ALG%d/0000", variant, alg);
        if (row->accepted)
          strings_add(&row->examples, id);
        free(id);
      }
  return result;
}

Test(class_rows, tell_what_is_alike_once) {
  struct result *result = large(), *again = written_and_read(result), folded = {0};
  assert_same_rows(result, again);
  class_rows_fold(result, &folded);
  cr_assert_eq(folded.asked_count, 20);
  cr_assert_eq(folded.class_count, 1);
  cr_assert_eq(folded.classes[0].exception_count, 1);
  const struct result_exception *exception = &folded.classes[0].exceptions[0];
  cr_assert_eq(exception->variants.count, 0);
  cr_assert_eq(exception->algs.count, 14);
  cr_assert_str_eq(exception->answered.examples.items[0], "exp-past/{variant}/{alg}/0000");
  class_rows_drop(&folded);
  char *text = sample_render("json", result, plain);
  cr_assert_lt(strlen(text), 6000, "30,000 rows took %zu bytes", strlen(text));
  free(text);
  result_free(again);
  result_free(result);
}

/* Who was not asked is not said to have answered. */
Test(class_rows, of_an_interrupted_run_have_what_was_answered) {
  struct result *result = large();
  for (size_t i = 0; i < result->verdict_count; i += 3)
    result->verdicts[i].tokens = result->verdicts[i].right = result->verdicts[i].accepted = (i & 1) != 0;
  for (size_t i = 0; i < result->verdict_count; i += 3)
    result->verdicts[i].tokens *= 2;
  struct result *again = written_and_read(result);
  assert_same_rows(result, again);
  result_free(again);
  result_free(result);
}

/* ---- both versions ---- */

Test(class_rows, a_result_of_version_1_is_read_as_ever) {
  struct result *all[] = {sample_rich(), sample_hostile(), large()};
  for (size_t i = 0; i < 3; i++) {
    char *text = sample_render("json", all[i], plain), *old = as_version_1(text);
    struct assay_error error = {0};
    struct result *again = parse(old, &error);
    cr_assert_not_null(again, "%s", error.text);
    char *rendered = sample_render("json", again, plain);
    cr_assert_str_eq(rendered, text);
    free(rendered);
    result_free(again);
    free(old);
    free(text);
    result_free(all[i]);
  }
}

/* A field of the other version is a field that nobody knows. */
Test(class_rows, versions_do_not_mix) {
  struct result *result = sample_rich();
  char *text = sample_render("json", result, plain), *old = as_version_1(text);
  json_t *newer = json_loads(text, 0, NULL), *older = json_loads(old, 0, NULL);
  json_object_set(newer, "verdicts", json_object_get(older, "verdicts"));
  json_object_set(older, "classes", json_object_get(newer, "classes"));
  json_object_set_new(older, "asked", json_true());
  json_t *both[] = {newer, older};
  for (size_t i = 0; i < 2; i++) {
    struct assay_error error = {0};
    char *mixed = json_dumps(both[i], JSON_COMPACT | JSON_REAL_PRECISION(15));
    struct result *again = parse(mixed, &error);
    cr_assert_not_null(again, "%s", error.text);
    assert_same_rows(result, again);
    result_free(again);
    free(mixed);
    json_decref(both[i]);
  }
  free(old);
  free(text);
  result_free(result);
}

/* ---- what is refused ---- */

#define CLASS "{\"class\":\"c\",\"variants\":[\"a\",\"b\"],\"stage\":\"-\",\"expected\":\"accept\","
#define TOKENS "\"tokens\":{\"RS256\":1,\"ES256\":2}"

/* An empty result but for these classes, asked of `s`. */
static char *with_classes(const char *classes) {
  struct result *result = result_new();
  char *text = sample_render("json", result, plain), *out = NULL, *asked = strstr(text, "\"asked\":[]");
  const char *rest = strstr(text, "\"left_out\":");
  cr_assert(asked && rest);
  *asked = '\0';
  result_setf(&out, "%s\"asked\":[{\"level\":\"whole\",\"subject\":\"s\"}],\"classes\":[%s],%s", text,
              classes, rest);
  free(text);
  result_free(result);
  return out;
}

static void assert_refused(const char *classes, const char *sentence) {
  struct assay_error error = {0};
  char *text = with_classes(classes);
  cr_assert_null(parse(text, &error), "%s", classes);
  cr_assert_str_eq(error.text, sentence);
  free(text);
}

Test(class_rows, that_contradict_themselves_are_no_result) {
#define AT "r.json: classes[0].exceptions[0]"
  assert_refused(CLASS TOKENS ",\"exceptions\":[{\"subject\":\"t\",\"right\":1}]}",
                 AT ": nothing was asked of the subject t");
  assert_refused(CLASS TOKENS ",\"exceptions\":[{\"subject\":\"s\",\"variants\":[\"a\",\"z\"]}]}",
                 AT ": the class has no variant z");
  assert_refused(CLASS TOKENS ",\"exceptions\":[{\"subject\":\"s\",\"algs\":[\"ES384\"]}]}",
                 AT ": no tokens were asked about of the algorithm ES384");
  assert_refused(CLASS TOKENS ",\"exceptions\":[{\"subject\":\"s\",\"tokens\":1,\"crash\":1,\"hang\":1}]}",
                 AT ": its counters come to more than its tokens");
  assert_refused(CLASS TOKENS ",\"exceptions\":[{\"subject\":\"s\",\"algs\":[\"RS256\"]},{\"subject\":\"s\","
                              "\"variants\":[\"b\"]}]}",
                 "r.json: classes[0].exceptions[1] is about what another one is about");
  assert_refused(CLASS "\"tokens\":{\"RS256\":4294967296}}",
                 "r.json: classes[0].tokens: 4294967296 are too many");
  assert_refused(CLASS "\"tokens\":{\"RS256\":1,\"RS256\":1}}",
                 "r.json:12:147: not valid JSON: duplicate object key near '\"RS256\"'");
  assert_refused(CLASS TOKENS ",\"asked\":[{\"level\":\"whole\"}]}",
                 "r.json: classes[0].asked[0] has no subject");
}

/* A small file must not stand for more rows than there is memory for. */
Test(class_rows, too_many_are_refused_before_there_is_no_memory_left) {
  char *classes = strdup("{\"class\":\"c\",\"stage\":\"-\",\"expected\":\"accept\",\"tokens\":{\"RS256\":1");
  for (int i = 0; i < 500; i++)
    result_setf(&classes, "%s,\"A%d\":1", classes, i);
  result_setf(&classes, "%s},\"variants\":[\"v\"", classes);
  for (int i = 0; i < 500; i++)
    result_setf(&classes, "%s,\"v%d\"", classes, i);
  result_setf(&classes, "%s],\"asked\":[{\"level\":\"whole\",\"subject\":\"s\"}", classes);
  for (int i = 0; i < 500; i++)
    result_setf(&classes, "%s,{\"level\":\"whole\",\"subject\":\"s%d\"}", classes, i);
  result_setf(&classes, "%s]}", classes);
  assert_refused(classes, "r.json: classes stand for more than 67108864 rows");
  free(classes);
}
