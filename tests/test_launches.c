/* Launches that do not agree: found by their times, marked in tables, and told in words. */
#include "reports/model/measured.h"
#include "tests/cli.h"
#include "tests/sample_result.h"

static struct launches of(size_t count, const double *ns) {
  struct result_speed row = {.samples = (double *)ns, .sample_count = count};
  return launches_of(&row);
}
#define OF(...) of(sizeof((double[]){__VA_ARGS__}) / sizeof(double), (double[]){__VA_ARGS__})

Test(launches, fall_into_two_groups_where_a_gap_is_wider_than_either) {
  struct launches launches = OF(1332e3, 1303e3, 1232e3, 692e3, 700e3);
  cr_expect_eq(launches.count, 5);
  cr_expect_eq(launches.fast, 2);
  cr_expect_eq(launches.low, 692e3);
  cr_expect_eq(launches.high, 1332e3);
  cr_expect_eq(launches.fast_ns, 696e3);
  cr_expect_eq(launches.slow_ns, 1303e3);
  cr_expect(launches_are_apart(&launches));
  launches = OF(100, 101, 99, 118, 119, 120);
  cr_expect_eq(launches.fast, 3, "within 30 %%, and two groups all the same");
  cr_expect(launches_are_apart(&launches));
}

Test(launches, that_are_merely_far_apart_are_told_without_groups) {
  struct launches launches = OF(100, 110, 120, 130, 140, 150);
  cr_expect_eq(launches.fast, 0);
  cr_expect(launches_are_apart(&launches));
  launches = OF(100, 101, 102, 103, 104, 190);
  cr_expect_eq(launches.fast, 0, "one by itself is no group");
  cr_expect(launches_are_apart(&launches));
  launches = OF(100, 135);
  cr_expect(launches_are_apart(&launches));
}

Test(launches, that_agree_are_nothing_to_tell) {
  struct launches none = of(0, NULL), one = OF(100), six = OF(100, 104, 109, 113, 120, 129),
                  near = OF(100, 100, 100, 108, 108, 108);
  cr_expect_not(launches_are_apart(&none));
  cr_expect_not(launches_are_apart(&one));
  cr_expect_not(launches_are_apart(&six));
  cr_expect_not(launches_are_apart(&near), "8 %% is no matter");
}

/* The row of openssl's ES384 with these times, and one of boringssl that cannot be. */
static struct result *unsteady(void) {
  static const double ns[] = {1332e3, 1303e3, 1232e3, 692e3, 700e3};
  struct result *result = sample_rich();
  for (size_t i = 0; i < result->speed_count; i++) {
    struct result_speed *row = &result->speed[i];
    if (row->metric != METRIC_VERIFY || strcmp(row->alg, "ES384") != 0)
      continue;
    if (strcmp(row->subject, "boringssl") == 0)
      row->of_primitive = 0.21;
    if (strcmp(row->subject, "openssl") != 0)
      continue;
    row->ns = ns[2];
    row->sample_count = 5;
    memcpy(row->samples, ns, sizeof ns);
  }
  return result;
}

/* The words of a text, whatever its lines were folded to; a page keeps a unit on the line of its figure. */
static char *unfolded(const char *format, const struct result *result, struct result_view view) {
  char *text = sample_render(format, result, view), *to = text;
  for (const char *at = text; *at; at++) {
    bool is_kept = strncmp(at, "&nbsp;", 6) == 0;
    if (is_kept || !strchr(" \n", *at))
      *to++ = is_kept ? ' ' : *at;
    else if (to > text && to[-1] != ' ')
      *to++ = ' ';
    at += is_kept ? 5 : 0;
  }
  *to = '\0';
  return text;
}

static void expect_told(const char *format, struct result_view view) {
  static const char *const words[] = {
      "openssl ES384: 692 us to 1.33 ms in two groups, 2 of 5 around 696 us and 3 around 1.30 ms",
      "outside of 0.3 to 1.05"};
  struct result *result = unsteady(), *steady = sample_rich();
  char *text = unfolded(format, result, view), *other = unfolded(format, steady, view);
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    cr_expect_not_null(strstr(text, words[i]), "%s at %d: '%s' is not in: %s", format, view.columns, words[i],
                       text);
    cr_expect_null(strstr(other, words[i]), "%s: '%s' of a steady run", format, words[i]);
  }
  free(text);
  free(other);
  result_free(result);
  result_free(steady);
}

Test(launches, are_told_of_below_the_table_that_marks_them) {
  expect_told("terminal", (struct result_view){.columns = 80});
  expect_told("terminal", (struct result_view){.columns = 100});
  expect_told("markdown", (struct result_view){0});
  expect_told("html", (struct result_view){0});
}

Test(launches, carry_a_mark_at_every_width) {
  struct result *result = unsteady();
  for (int columns = 80; columns <= 200; columns += 20) {
    char *text = sample_render("terminal", result, (struct result_view){.columns = columns});
    cr_expect_not_null(strstr(text, "1.2 ms ~"), "%d: %s", columns, text);
    free(text);
  }
  result_free(result);
}

Test(launches, and_what_cannot_be_are_flags_for_programs) {
  struct result *result = unsteady();
  result_flag_rows(result);
  result_flag_rows(result);
  char *text = sample_render("json", result, (struct result_view){0});
  json_t *json = json_loads(text, 0, NULL), *row;
  size_t i, flagged = 0;
  json_array_foreach(json_object_get(json, "speed"), i, row) {
    const json_t *flags = json_object_get(row, "flags");
    const char *subject = json_string_value(json_object_get(row, "subject"));
    if (!flags)
      continue;
    flagged++;
    cr_expect_eq(json_array_size(flags), 1);
    cr_expect_str_eq(json_string_value(json_array_get(flags, 0)),
                     strcmp(subject, "openssl") == 0 ? "launches" : "of_primitive");
  }
  cr_expect_eq(flagged, 2, "%zu", flagged);
  json_decref(json);
  free(text);
  result_free(result);
}
