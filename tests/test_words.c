/* Words of a result: every value has one and is found by it, and one that is not known is kept and told. */
#include <criterion/criterion.h>

#include "tests/sample_result.h"

static const struct result_view plain = {.columns = 100};

static void assert_words(const char *name, const struct word_table *table, unsigned last) {
  cr_assert_eq(table->count, last + 1, "%s", name);
  for (unsigned value = 0; value < table->count; value++) {
    cr_assert_not_null(table->words[value], "%s %u", name, value);
    cr_assert_eq(word_value(table, table->words[value], strlen(table->words[value])), value, "%s %u", name,
                 value);
    cr_assert_str_eq(word_text(table, value), table->words[value]);
    for (unsigned other = 0; other < value; other++)
      cr_assert_str_neq(table->words[other], table->words[value], "%s", name);
  }
}

#define WORD_LAST(value, word) +1
#define WORD_CHECK(name, type, list) assert_words(#name, &name##_words, 0 list(WORD_LAST) - 1);

Test(words, every_value_has_a_word_and_every_word_its_value){RESULT_WORDS(WORD_CHECK)}

Test(words, of_a_later_version_have_values_of_their_own) {
  struct result *result = result_new();
  enum result_metric decrypt = metric_value("decrypt"), wrap = metric_value("wrap");
  cr_assert_not(word_is_known(&metric_words, decrypt));
  cr_assert_neq(decrypt, wrap);
  cr_assert_eq(decrypt, metric_value("decrypt"));
  cr_assert_neq(metric_value("verif"), METRIC_VERIFY);
  cr_assert_neq(metric_value("verifying"), METRIC_VERIFY);
  cr_assert_str_eq(metric_word(decrypt), "decrypt");
  cr_assert_str_eq(metric_word(wrap), "wrap");
  result_free(result);
  cr_assert_not(words_are_unknown());
}

/* A result with rows of words that no table has, written and read again. */
static struct result *later_result(void) {
  struct result *result = sample_rich(), *again;
  struct assay_error error = {0};
  result->speed[0].metric = metric_value("decrypt");
  result->speed[1].metric = metric_value("decrypt");
  result->speed[2].mode = mode_value("lukewarm");
  result->verdicts[0].level = level_value("service");
  char *text = sample_render("json", result, plain);
  again = result_parse(text, strlen(text), "later.json", &error);
  cr_assert_not_null(again, "%s", error.text);
  char *same = sample_render("json", again, plain);
  cr_assert_str_eq(same, text);
  free(same);
  free(text);
  result_free(result);
  return again;
}

Test(words, of_a_later_version_are_kept_and_told_in_every_report) {
  static const char *const formats[] = {"terminal", "markdown", "html"};
  struct result *result = later_result();
  cr_assert_str_eq(metric_word(result->speed[0].metric), "decrypt");
  for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
    char *text = sample_render(formats[i], result, plain);
    cr_expect_not_null(strstr(text, "decrypt"), "%s", formats[i]);
    cr_expect_not_null(strstr(text, "2 rows"), "%s", formats[i]);
    cr_expect_not_null(strstr(text, "lukewarm"), "%s", formats[i]);
    cr_expect_not_null(strstr(text, "service"), "%s", formats[i]);
    free(text);
  }
  char *csv = sample_render("csv", result, plain);
  cr_expect_not_null(strstr(csv, "decrypt"));
  free(csv);
  result_free(result);
}
