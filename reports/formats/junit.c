/* JUnit XML: a suite for each subject and level, a test case for each class, one for the verdicts inside each
 * measured loop, and one for each gate, which fails where it is slower or wrong and is an error where it is
 * too noisy to say: that is no pass. A wrong verdict is a failure, as is another reason of a backend, and a
 * crash, hang or fault an error; what the subject has no means for is skipped. Another reason of a verifier,
 * an unmapped one or a pinned choice is told and fails nothing. */
#include <string.h>

#include "reports/content/content.h"
#include "reports/content/rows.h"
#include "reports/text/allocate.h"
#include "reports/text/escape.h"

enum state { PASSED, SKIPPED, FAILED, BROKEN, STATES };

/* The kinds that fail a case: those that end a run in exit code 2, and wrong verdicts of whomsoever. */
static unsigned failing_kinds(const struct verdict_sum *sum) {
  return KINDS_WRONG | (sum->fails ? 1u << KIND_REASON : 0);
}

static enum state state_of(const struct verdict_sum *sum) {
  if (sum->of[KIND_FAULT] || sum->of[KIND_CRASH] || sum->of[KIND_HANG])
    return BROKEN;
  if (sum->wrong || sum->fails)
    return FAILED;
  return sum->tokens && sum->of[KIND_UNSUPPORTED] == sum->tokens ? SKIPPED : PASSED;
}

static void put_attribute(FILE *stream, const char *name, const char *value) {
  fprintf(stream, " %s=\"", name);
  put_xml(stream, value);
  fputc('"', stream);
}

static void put_counts(FILE *stream, const size_t counts[STATES]) {
  fprintf(stream, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
          counts[PASSED] + counts[SKIPPED] + counts[FAILED] + counts[BROKEN], counts[FAILED], counts[BROKEN],
          counts[SKIPPED]);
}

static const char *worst_kind(const struct verdict_sum *sum, enum state state) {
  for (int kind = state == BROKEN ? KIND_CRASH : KIND_ACCEPTED; kind < KIND_UNDECIDED; kind++)
    if (sum->of[kind])
      return kind_name((enum answer_kind)kind);
  return kind_name(KIND_REASON);
}

/* Every row that is not right, with a token to look at. */
static void put_details(FILE *stream, const struct result *result, const struct verdict_sums *sums,
                        const struct verdict_sum *sum, unsigned kinds) {
  for (size_t i = (size_t)(sum->first - result->verdicts); i != SIZE_MAX; i = sums->next_row[i]) {
    const struct result_verdict *row = &result->verdicts[i];
    struct verdict_sum one = {.tokens = row->tokens};
    for (int kind = 0; kind < KIND_COUNT; kind++)
      one.of[kind] = result_count(row, (enum answer_kind)kind);
    OWNED_TEXT char *words = verdict_words(&one, kinds);
    if (words[0]) {
      OWNED_TEXT char *sentence = verdict_sentence(row, kinds);
      put_xml(stream, sentence);
      const char *example = verdict_example(row, kinds);
      fputs(example[0] ? "; token: " : "", stream);
      put_xml(stream, example);
      fputc('\n', stream);
    }
  }
}

static void put_wrong(FILE *stream, const struct result *result, const struct verdict_sums *sums,
                      const struct verdict_sum *sum, enum state state) {
  const char *element = state == BROKEN ? "error" : "failure";
  unsigned kinds = failing_kinds(sum);
  OWNED_TEXT char *words = verdict_words(sum, kinds);
  fprintf(stream, "   <%s", element);
  put_attribute(stream, "message", words);
  put_attribute(stream, "type", worst_kind(sum, state));
  fputc('>', stream);
  put_details(stream, result, sums, sum, kinds);
  fprintf(stream, "</%s>\n", element);
}

/* "registered-claims/exp-past": the stage that has to refuse, and the class. Where none has to, what is
 * right stands in its place. */
static char *case_name(const struct result_verdict *row) {
  const char *first = row->stage;
  if (strcmp(row->stage, "-") == 0)
    first = strcmp(row->expected, "accept") == 0 ? "good tokens"
            : strcmp(row->expected, "any") == 0  ? "any answer"
                                                 : "any stage";
  char *name = allocate_format("%s/%s", first, row->class_id);
  return name;
}

static void put_case(FILE *stream, const struct result *result, const struct verdict_sums *sums,
                     const struct verdict_sum *sum) {
  const unsigned told = (1u << KIND_UNDECIDED | 1u << KIND_REASON | 1u << KIND_UNMAPPED | 1u << KIND_DIFFERS |
                         1u << KIND_UNSUPPORTED) &
                        ~failing_kinds(sum);
  const struct result_verdict *row = sum->first;
  enum state state = state_of(sum);
  OWNED_TEXT char *class_name = allocate_format("%s.%s", level_word(row->level), row->subject);
  OWNED_TEXT char *name = case_name(row);
  OWNED_TEXT char *words = verdict_words(sum, told);
  fputs("  <testcase", stream);
  put_attribute(stream, "classname", class_name);
  put_attribute(stream, "name", name);
  fputs(">\n", stream);
  if (state == SKIPPED)
    fputs("   <skipped message=\"unsupported\"/>\n", stream);
  if (state == FAILED || state == BROKEN)
    put_wrong(stream, result, sums, sum, state);
  if (words[0] && state != SKIPPED) {
    fputs("   <system-out>", stream);
    put_details(stream, result, sums, sum, told);
    fputs("</system-out>\n", stream);
  }
  fputs("  </testcase>\n", stream);
}

static bool same_suite(const struct verdict_sum *a, const struct verdict_sum *b) {
  return a->first->level == b->first->level && strcmp(a->first->subject, b->first->subject) == 0;
}

static void put_suite(FILE *stream, const struct result *result, const struct verdict_sums *classes,
                      const struct verdict_sum *suite) {
  size_t counts[STATES] = {0};
  for (size_t i = 0; i < classes->count; i++)
    if (same_suite(&classes->items[i], suite))
      counts[state_of(&classes->items[i])]++;
  OWNED_TEXT char *name = allocate_format("%s/%s", level_word(suite->first->level), suite->first->subject);
  fputs(" <testsuite", stream);
  put_attribute(stream, "name", name);
  put_counts(stream, counts);
  for (size_t i = 0; i < classes->count; i++)
    if (same_suite(&classes->items[i], suite))
      put_case(stream, result, classes, &classes->items[i]);
  fputs(" </testsuite>\n", stream);
}

/* Rows whose verdicts are looked at inside the measured loop. */
static bool is_measured(const struct result_speed *row) {
  return (row->metric == METRIC_VERIFY || row->metric == METRIC_BATCH) && row->ns > 0 &&
         !result_is_floor(row->subject);
}

static void count_measured(const struct result *result, size_t counts[STATES]) {
  for (size_t i = 0; i < result->speed_count; i++)
    if (is_measured(&result->speed[i]))
      counts[result_is_void(&result->speed[i]) ? FAILED : PASSED]++;
}

static void put_measured(FILE *stream, const struct result *result, const struct row_names *names) {
  size_t counts[STATES] = {0};
  count_measured(result, counts);
  fputs(" <testsuite name=\"measured\"", stream);
  put_counts(stream, counts);
  for (size_t i = 0; i < result->speed_count; i++) {
    if (!is_measured(&result->speed[i]))
      continue;
    fputs("  <testcase", stream);
    put_attribute(stream, "classname", "measured");
    put_attribute(stream, "name", names->of[i]);
    if (result_is_void(&result->speed[i]))
      fputs(">\n   <failure message=\"" RESULT_VOID "\" type=\"void\"/>\n  </testcase>\n", stream);
    else
      fputs("/>\n", stream);
  }
  fputs(" </testsuite>\n", stream);
}

static enum state gate_state(const struct result_gate *gate) {
  static const enum state states[GATE_ANSWERS] = {[GATE_HOLDS] = PASSED,
                                                  [GATE_NOISY] = BROKEN,
                                                  [GATE_INCOMPLETE] = BROKEN,
                                                  [GATE_SLOWER] = FAILED,
                                                  [GATE_WRONG] = FAILED};
  return states[gate_answer(gate)];
}

static void count_gates(const struct result *result, size_t counts[STATES]) {
  for (size_t i = 0; i < result->gate_count; i++)
    counts[gate_state(&result->gates[i])]++;
}

static void put_gate_failure(FILE *stream, const struct result_gate *gate) {
  const char *element = gate_state(gate) == BROKEN ? "error" : "failure";
  fprintf(stream, ">\n   <%s", element);
  put_attribute(stream, "message", gate->reason);
  put_attribute(stream, "type", gate_answer_word(gate->answer));
  fputc('>', stream);
  for (size_t i = 0; i < gate->finding_count; i++) {
    OWNED_TEXT char *words = gate_finding_words(&gate->findings[i]);
    put_xml(stream, words);
    if (gate->findings[i].example[0]) {
      fputs("; token: ", stream);
      put_xml(stream, gate->findings[i].example);
    }
    fputc('\n', stream);
  }
  fprintf(stream, "</%s>\n  </testcase>\n", element);
}

static void put_gate_passed(FILE *stream, const struct result_gate *gate) {
  fputs(">\n   <system-out>", stream);
  put_xml(stream, gate->reason);
  fputs("</system-out>\n  </testcase>\n", stream);
}

static void put_gates(FILE *stream, const struct result *result, struct row_names *names) {
  size_t counts[STATES] = {0};
  count_gates(result, counts);
  fputs(" <testsuite name=\"gate\"", stream);
  put_counts(stream, counts);
  for (size_t i = 0; i < result->gate_count; i++) {
    fputs("  <testcase classname=\"gate\"", stream);
    put_attribute(stream, "name", row_names_add_gate(names, &result->gates[i]));
    if (gate_state(&result->gates[i]) == PASSED)
      put_gate_passed(stream, &result->gates[i]);
    else
      put_gate_failure(stream, &result->gates[i]);
  }
  fputs(" </testsuite>\n", stream);
}

static bool write_junit(const struct result *result, const struct result_view *view, FILE *stream) {
  (void)view;
  struct verdict_sums suites = verdict_sums_by(result, key_of_subject);
  struct verdict_sums classes = verdict_sums_by(result, key_of_class);
  size_t counts[STATES] = {0};
  struct row_names names = row_names_of(result);
  count_measured(result, counts);
  count_gates(result, counts);
  for (size_t i = 0; i < classes.count; i++)
    counts[state_of(&classes.items[i])]++;
  fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"assay\"", stream);
  put_counts(stream, counts);
  for (size_t i = 0; i < suites.count; i++)
    put_suite(stream, result, &classes, &suites.items[i]);
  put_measured(stream, result, &names);
  if (result->gate_count)
    put_gates(stream, result, &names);
  fputs("</testsuites>\n", stream);
  verdict_sums_fini(&classes);
  verdict_sums_fini(&suites);
  row_names_fini(&names);
  return true;
}

const struct result_format format_junit = {
    .name = "junit",
    .summary = "a test case per subject and class, and per gate; wrong verdicts and regressions fail",
    .extension = "xml",
    .readers = "Jenkins, GitLab, Azure Pipelines and most other CI",
    .write = write_junit,
};
