/* Builds of one library side by side, and those whose facts do not explain their speed. */
#include "reports/content/builds.h"
#include "reports/content/content.h"
#include "reports/document/terminal.h"
#include "tests/stored_results.h"

TestSuite(sides, .init = set_up, .fini = tear_down);

static struct result_subject *build(struct result *result, const char *name, const char *version,
                                    const char *compiler) {
  struct result_subject *subject = result_add_subject(result);
  result_set(&subject->name, name);
  result_set(&subject->kind, "backend");
  result_set(&subject->library, "OpenSSL");
  result_set(&subject->version, version);
  result_printf(&subject->path, "/opt/%s/lib64/libcrypto.so.3", name);
  result_printf(&subject->sha256, "%064d", (int)result->subject_count);
  subject_add_fact(subject, compiler, "library");
  strings_add(&subject->dispatch, "avx2");
  strings_add(&subject->algorithms, "RS256");
  return subject;
}

static char *sides_of(const struct result *result, int columns) {
  OWNED_DOCUMENT struct document document = {0};
  char *text = NULL;
  size_t length;
  FILE *stream = open_memstream(&text, &length);
  content_sides(&document, result->subjects, result->subject_count);
  terminal_put(&document, &(struct result_view){.columns = columns}, stream);
  fclose(stream);
  return text;
}

Test(sides, show_what_differs_and_say_once_what_does_not) {
  struct result *result = result_new();
  build(result, "old", "3.0.22", "compiler: gcc -fPIC -O2 -g");
  struct result_subject *new = build(result, "new", "3.5.7", "compiler: gcc -fPIC -O3 -g");
  strings_add(&new->algorithms, "ES512");
  subject_add_fact(new, "EC_GFp_nistp521_method: a P-521 of its own", "inferred");
  static const struct {
    int columns;
    const char *curve; /* the fact of the newer build, as wrapped at this width */
  } widths[] = {{80, "EC_GFp_nistp521_method: a P-521 of\n                  its own"},
                {100, "EC_GFp_nistp521_method: a P-521 of its own"}};
  for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
    char *text = sides_of(result, widths[i].columns);
    char expected[1024];
    snprintf(expected, sizeof expected,
             "OpenSSL: what differs\n"
             " version     old  3.0.22\n"
             "             new  3.5.7\n"
             "\n"
             " loaded      old  /opt/old/lib64/libcrypto.so.3\n"
             "             new  /opt/new/lib64/libcrypto.so.3\n"
             "\n"
             " build       old  compiler: gcc -fPIC -O2 -g\n"
             "             new  compiler: gcc -fPIC -O3 -g; %s\n"
             "\n"
             " algorithms  old  nothing else\n"
             "             new  ES512\n"
             "   The same in both: dispatch.\n",
             widths[i].curve);
    cr_expect_str_eq(text, expected);
    free(text);
  }
  result_free(result);
}

Test(sides, of_other_libraries_are_not_compared) {
  struct result *result = result_new();
  build(result, "old", "3.0.22", "compiler: gcc");
  result_set(&build(result, "boringssl", "18", "compiler: clang")->library, "BoringSSL");
  char *text = sides_of(result, 100);
  cr_expect_str_eq(text, "");
  free(text);
  result_free(result);
}

/* ---- what the facts do not explain ---- */

/* Two builds; the second three times as fast, launch by launch. */
static struct result *two_builds(const char *compiler, double times) {
  struct result *result = result_new();
  sample_fill_head(result);
  result_set(&result->reference, "plain");
  build(result, "plain", "3.5.7", "compiler: gcc");
  build(result, "nistp", "3.5.7", compiler);
  for (size_t i = 0; i < 2; i++) {
    struct result_speed *row = sample_speed_row(result, result->subjects[i].name, ASSAY_ES512, 0, "verify");
    sample_fill_figures(row, i ? 500e3 / times : 500e3);
  }
  return result;
}

#define UNEXPLAINED "the facts that they show do not explain it"

static bool reports(const char *format, const struct result *result) {
  char *text = sample_render(format, result, (struct result_view){.columns = 400});
  bool says = strstr(text, UNEXPLAINED) != NULL;
  free(text);
  return says;
}

Test(sides, that_show_the_same_do_not_explain_a_difference_in_speed) {
  static const char *const formats[] = {"terminal", "markdown", "html"};
  struct result *same = two_builds("compiler: gcc", 3), *other = two_builds("compiler: clang", 3),
                *near = two_builds("compiler: gcc", 1.02), *one = two_builds("compiler: gcc", 3);
  result_set(&one->subjects[1].sha256, one->subjects[0].sha256);
  for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
    cr_expect(reports(formats[i], same), "%s", formats[i]);
    cr_expect_not(reports(formats[i], other), "%s: the compiler may", formats[i]);
    cr_expect_not(reports(formats[i], near), "%s: 2 %% is the layout of the code", formats[i]);
    cr_expect_not(reports(formats[i], one), "%s: it is one library", formats[i]);
  }
  char *text = sample_render("terminal", same, (struct result_view){.columns = 400});
  cr_expect_not_null(strstr(text, "plain and nistp show the same version and facts, and nistp verifies ES512 "
                                  "3.00 times as fast ["),
                     "%s", text);
  free(text);
  result_free(same);
  result_free(other);
  result_free(near);
  result_free(one);
}

Test(sides, of_a_gate_are_looked_at_in_the_same_way) {
  struct result *result = two_builds("compiler: gcc", 1);
  struct result_gate *gate = sample_gate(result, "duet", "nistp", "median", GATE_HOLDS);
  result_set(&gate->base, "plain");
  result_set(&gate->alg, "ES512");
  gate->change = -0.66;
  gate->low = -0.67;
  gate->high = -0.65;
  cr_expect(reports("terminal", result));
  gate->low = -0.02;
  gate->high = 0.01;
  cr_expect_not(reports("terminal", result));
  result_free(result);
}

static void put_build(const char *name, double ns, const char *sha256, const char *fact) {
  struct given given = {.ns = ns, .low = ns * 0.99, .high = ns * 1.01};
  struct result *result = new_result(given);
  add_speed(result, given);
  result_set(&result->subjects[0].version, "3.5.7");
  result_set(&result->subjects[0].sha256, sha256);
  subject_add_fact(&result->subjects[0], fact, "library");
  keep(name, result);
}

Test(sides, of_two_results_are_looked_at_in_the_same_way) {
  put_build("a.json", 3000, "aa", "compiler: gcc");
  put_build("b.json", 1000, "bb", "compiler: gcc");
  put_build("c.json", 1000, "cc", "compiler: clang");
  const char *text = unfolded(assay("compare a.json b.json"));
  cr_expect_not_null(strstr(text, "openssl shows the same version and facts in both, and verifies ES256 3.00 "
                                  "times as fast in b.json: " UNEXPLAINED),
                     "%s", text);
  text = unfolded(assay("compare a.json c.json"));
  cr_expect_null(strstr(text, UNEXPLAINED), "%s", text);
}
