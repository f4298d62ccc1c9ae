/* assay-corpus show: every class explained, readable in any terminal, with a token that is what the class
 * says. */
#include "corpus/spoil/mutation.h"
#include "reports/text/display.h"
#include "tests/cli.h"

#define SHOW BIN "/assay-corpus show "

Test(corpus_show, tells_class_variants_and_example) {
  const struct ran *ran = shell(SHOW "exp-boundary 2>&1");
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  cr_expect_eq(strncmp(ran->out, "registered-claims/exp-boundary\nmutation    ", 43), 0, "%s", ran->out);
  cr_expect_not_null(
      strstr(
          ran->out,
          "\nreference   RFC 7519 4.1.4\nseverity    wrong audience or time: A real "
          "token is taken where, when or for what it does not count.\nalgorithms  all\npinned      no: every verifier "
          "should answer so\nvariants\n"),
      "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "reject registered-claims.expired\n"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "  accept\n"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "/ES256/0000, generated with seed 1\n"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "\nclock       1767225600 (2026-01-01T00:00:00Z)\nheader      \""),
                     "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "the clock\n"), "%s", ran->out);
  cr_expect_eq(shell(SHOW "bitflip 2>&1")->code, 0);
}

/* What is a choice and what is a rule: told of every variant where a class has both. */
Test(corpus_show, tells_which_variants_are_pinned) {
  const struct ran *ran = shell(SHOW "jku-x5u 2>&1");
  cr_expect_not_null(strstr(ran->out, "\npinned      in part: where a variant says so, "), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "  x5u                             reject header-policy.key-url\n"),
                     "%s", ran->out);
  cr_expect_not_null(
      strstr(ran->out, "  jku-own                         reject header-policy.key-url, pinned, form\n"),
      "%s", ran->out);
  cr_expect_not_null(
      strstr(ran->out, "\nseverity    forgery: What the key's owner never signed is believed.\n"), "%s",
      ran->out);
  ran = shell(SHOW "sub-invalid 2>&1");
  cr_expect_not_null(strstr(ran->out, "\npinned      yes: "), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "  not-required                    accept, pinned\n"), "%s", ran->out);
  ran = shell(BIN "/assay-corpus classes | grep -A4 /jku-x5u");
  cr_expect_not_null(strstr(ran->out, "header-policy/jku-x5u  forgery  The header says where"), "%s",
                     ran->out);
  cr_expect_not_null(strstr(ran->out, "    x5u                          header-policy.key-url\n"), "%s",
                     ran->out);
  cr_expect_not_null(
      strstr(ran->out, "    jku-own                      header-policy.key-url, pinned, form\n"), "%s",
      ran->out);
}

Test(corpus_show, json_tells_it_of_every_variant) {
  const struct ran *ran = shell(SHOW "jku-x5u --json 2>/dev/null");
  json_t *shown = json_loads(ran->out, 0, NULL), *variant;
  size_t i;
  cr_assert_not_null(shown, "%s", ran->out);
  cr_expect(json_is_false(json_object_get(shown, "pinned")), "not all are");
  cr_expect_str_eq(json_string_value(json_object_get(shown, "severity")), "forgery");
  json_array_foreach(json_object_get(shown, "variants"), i, variant) {
    bool own = strcmp(json_string_value(json_object_get(variant, "variant")), "jku-own") == 0;
    cr_expect_eq(json_is_true(json_object_get(variant, "pinned")), own);
    cr_expect_str_eq(json_string_value(json_object_get(variant, "severity")), own ? "form" : "forgery");
  }
  json_decref(shown);
}

Test(corpus_show, a_class_is_found_with_its_group_and_missed_with_its_nearest_name) {
  cr_expect_eq(shell(SHOW "registered-claims/exp-past 2>&1")->code, 0);
  const struct ran *ran = shell(SHOW "exp-pst 2>&1");
  cr_expect_eq(ran->code, 4);
  cr_expect_str_eq(ran->out, "assay corpus: there is no class 'exp-pst'; did you mean 'exp-past'?\n");
  ran = shell(SHOW "zzzzzzzzzzzz 2>&1");
  cr_expect_eq(ran->code, 4);
  cr_expect_str_eq(ran->out,
                   "assay corpus: there is no class 'zzzzzzzzzzzz'; `assay corpus classes` lists them\n");
  ran = shell(SHOW "signature/exp-past 2>&1");
  cr_expect_eq(ran->code, 4);
  cr_expect_str_eq(ran->out, "assay corpus: the class 'exp-past' is of the group registered-claims: "
                             "registered-claims/exp-past\n");
  COMPLAINS(shell(SHOW "2>&1"), "assay corpus: show: CLASS is missing");
}

/* The classes whose tokens are hard on a terminal: NUL, bytes above 0x7f, floods, and keys of their own. */
Test(corpus_show, fits_100_columns_and_any_terminal) {
  static const char *const ids[] = {"nul-truncation",     "non-ascii-token",  "dot-flood",
                                    "hdr-invalid-utf8",   "claims-nul",       "claims-deep",
                                    "rsa-huge",           "hs-rs-confusion",  "jti-replay",
                                    "json-serialisation", "outer-whitespace", "valid"};
  for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
    const struct ran *ran = shell(SHOW "%s 2>&1", ids[i]);
    cr_assert_eq(ran->code, 0, "%s: %s", ids[i], ran->out);
    for (const char *line = ran->out; *line;) {
      size_t len = strcspn(line, "\n");
      char *one = strndup(line, len);
      cr_expect_leq(display_width(one), 100, "%s: %s", ids[i], one);
      for (const char *at = one; *at;)
        cr_assert(utf8_is_safe(utf8_next(&at)), "%s: what no terminal should get in %s", ids[i], one);
      free(one);
      line += len + (line[len] == '\n');
    }
  }
}

static const char *text_in(const json_t *object, const char *name) {
  const char *text = json_string_value(json_object_get(object, name));
  return text ? text : "";
}

Test(corpus_show, json_has_the_same_and_the_token_decodes_to_what_it_says) {
  const struct ran *ran = shell(SHOW "alg-none --json 2>/dev/null");
  cr_assert_eq(ran->code, 0);
  json_t *shown = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(shown, "%s", ran->out);
  const json_t *example = json_object_get(shown, "example"),
               *first = json_array_get(json_object_get(shown, "variants"), 0);
  cr_expect_str_eq(text_in(shown, "group"), "header-policy");
  cr_expect_str_eq(text_in(shown, "class"), "alg-none");
  cr_expect(json_is_false(json_object_get(shown, "pinned")));
  cr_expect_str_eq(text_in(json_object_get(first, "expect"), "reason"), "header-policy.alg-none");
  cr_expect_not_null(strstr(text_in(example, "header"), "\"alg\":\"none\""), "%s",
                     text_in(example, "header"));
  cr_expect_eq(json_integer_value(json_object_get(example, "now")), 1767225600);
  cr_expect_eq(text_in(example, "payload")[0], '{');
  json_decref(shown);
}

/* The same token as in a corpus of the same seed, when it is taken from there. */
Test(corpus_show, takes_the_token_from_a_corpus_that_is_named) {
  struct ran *ran = malloc(sizeof *ran);
  *ran = *shell(SHOW "exp-past --json --corpus %s", test_corpus());
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  json_t *shown = json_loads(ran->out, 0, NULL);
  const json_t *example = json_object_get(shown, "example");
  cr_expect_str_eq(text_in(example, "source"), "from corpus " TEST_CORPUS);
  const struct ran *line =
      shell("grep -F '\"id\":\"%s\"' %s/tokens.jsonl", text_in(example, "id"), test_corpus());
  cr_expect_not_null(strstr(line->out, text_in(example, "token")), "%s", line->out);
  json_decref(shown);
  free(ran);
  const char *folder = fresh_folder();
  shell("head -n 1 %s/tokens.jsonl > %s/one.jsonl && cp -r %s/policy.yaml %s/keys %s && " BIN
        "/assay-corpus import %s/one.jsonl --out %s/c",
        test_corpus(), folder, test_corpus(), test_corpus(), folder, folder, folder);
  const struct ran *none = shell(SHOW "exp-past --corpus %s/c 2>&1", folder);
  char expected[256];
  snprintf(expected, sizeof expected, "assay corpus: corpus %s/c has no token of the class 'exp-past'\n",
           folder);
  cr_expect_eq(none->code, 4);
  cr_expect_str_eq(none->out, expected);
  shell("rm -rf %s", folder);
}
