/* The report as Markdown: nothing in a name is markup, tables stay tables, nothing wrong is left out. */
#include <criterion/criterion.h>

#include "reports/text/display.h"
#include "tests/sample_result.h"

static const struct result_view plain = {.columns = 100};

/* Cells of a table line: '|' that are not escaped, less one. */
static size_t cell_count(const char *line, size_t length) {
  size_t bars = 0;
  for (size_t i = 0; i < length; i++) {
    if (line[i] == '\\')
      i++;
    else
      bars += line[i] == '|';
  }
  return bars - 1;
}

static void assert_tables_are_square(const char *text) {
  size_t columns = 0, tables = 0;
  for (const char *line = text; *line;) {
    size_t length = strcspn(line, "\n");
    if (line[0] != '|') {
      columns = 0;
    } else if (columns == 0) {
      columns = cell_count(line, length);
      tables++;
      cr_assert(strncmp(line + length, "\n| -", 4) == 0, "no line below the head: %.*s", (int)length, line);
    } else {
      cr_assert_eq(cell_count(line, length), columns, "%.*s", (int)length, line);
      cr_assert(!(memmem(line, length, "|  |", 4)), "a blank cell: %.*s", (int)length, line);
    }
    line += length + (line[length] == '\n');
  }
  cr_assert_geq(tables, 5);
}

Test(report_markdown, has_summary_machine_builds_and_command) {
  struct result *result = sample_rich();
  char *report = sample_render("markdown", result, plain);
  const char *summary = strstr(report, "openssl verifies RS256 1.18 times as fast as boringssl");
  const char *machine = strstr(report, "- **machine**: Intel(R) Xeon(R) Processor @ 2.80GHz, 2 cores, KVM, ");
  const char *table =
      strstr(report, "\n## Verify, one thread\n\n| algorithm | subject | tokens/s | per token | p50 | ");
  const char *builds = strstr(
      report, "\n## Builds\n\n- **assay**: 0.1.0; commit 0123456789ab; compiled by GNU 12.2.0 with -O2 -g "
              "-DNDEBUG\n- **openssl**: OpenSSL 3.0.22, package libssl3 3.0.22-1, ");
  cr_assert(strncmp(report, "# Token verification, 2026-01-01T12:00:00Z\n", 43) == 0);
  bool in_order = summary && summary < machine && machine < table && table < builds;
  cr_assert(in_order);
  cr_assert(strstr(report, "OPENSSL\\_SMALL (package)"));
  cr_assert(
      strstr(report, "\n## Reproduce\n\n```sh\nassay run --subject openssl,boringssl,wolfssl,null\n```\n"));
  cr_assert(strstr(report,
                   "| RS256 2048 | openssl 3.0.22 | **37.1 k** | **26.9 us** | 26.7 us | 31.3 us | 49.0 us | "
                   "0.98 | reference |\n"));
  cr_assert(strstr(report, "| ES256K | boringssl 13.0.0 (small) | not in this library | - |"));
  cr_assert(strstr(
      report, "| RS256 3072 | wolfssl 5.5.4 (no asm) | 4.36 k | 230 us | 228 us | 266 us | too few samples "
              "| 0.98 | 0.264 |\n"));
  assert_tables_are_square(report);
  free(report);
  result_free(result);
}

Test(report_markdown, shows_wrong_verdicts) {
  struct result *result = sample_rich();
  char *text = sample_render("markdown", result, plain);
  cr_assert(strstr(text, "\nWrong: wolfssl accepted 2 bad tokens.\n"));
  cr_assert(strstr(text, "\n- pkcs1-missing-null RS256: wolfssl accepted 2 bad tokens of 8; expected: reject "
                         "signature.invalid\n"
                         "  - openssl and boringssl: reject signature.invalid; wolfssl: accept\n"
                         "  - reproduce: `assay check --subject wolfssl --explain "
                         "signature/pkcs1-missing-null/RS256/0003`\n"));
  free(text);
  result_free(result);
}

/* A subject with wrong verdicts may be called slow, but by nobody fast. */
Test(report_markdown, calls_nobody_fast_whose_verdicts_are_wrong) {
  struct result *result = sample_rich();
  for (size_t i = 0; i < result->speed_count; i++)
    if (strcmp(result->speed[i].subject, "wolfssl") == 0)
      result->speed[i].ns /= 100;
  char *text = sample_render("markdown", result, plain);
  cr_assert(strstr(text, "wolfssl accepted 2 bad tokens"));
  cr_assert(strstr(text, "openssl verifies RS256 1.18 times as fast as boringssl"), "%s", text);
  cr_assert_not(strstr(text, "wolfssl verifies"), "%s", text);
  free(text);
  result_free(result);
}

Test(report_markdown, says_that_a_result_is_partial) {
  struct result *result = sample_rich();
  result->partial = true;
  char *text = sample_render("markdown", result, plain);
  cr_assert(strstr(
      text, "**partial**: partial result: interrupted after 38 s; what is missing was not measured\n"));
  free(text);
  result_free(result);
}

/* Takes away what is code, where no markup is read: fenced blocks and spans. */
static char *without_code(const char *text) {
  char *out = malloc(strlen(text) + 1);
  size_t length = 0;
  for (const char *at = text; *at;) {
    size_t ticks = at > text && at[-1] == '\\' ? 0 : strspn(at, "`");
    if (ticks == 0) {
      out[length++] = *at++;
      continue;
    }
    const char *end = at + ticks;
    for (;;) { /* a run of exactly as many backticks closes it (CommonMark 0.30, 6.1 and 4.5) */
      end += strcspn(end, "`");
      cr_assert(*end != '\0', "code that does not end: %.80s", at);
      size_t run = strspn(end, "`");
      end += run;
      if (run == ticks)
        break;
    }
    at = end;
  }
  out[length] = '\0';
  return out;
}

Test(report_markdown, escapes_hostile_names) {
  struct result *result = sample_hostile();
  char *text = sample_render("markdown", result, plain);
  assert_tables_are_square(text);
  char *prose = without_code(text);
  cr_assert(!strchr(prose, '<') && !strchr(prose, 0x1b));
  cr_assert(strstr(prose, "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;"));
  cr_assert(strstr(prose, "line break  tab pipe\\|backtick\\`star\\*under\\_score\\[link\\](x)"));
  for (const char *at = prose; (at = strpbrk(at, "`*_[]")) != NULL; at++)
    cr_assert(at[-1] == '\\' || *at == '*', "not escaped: %.30s", at);
  for (const char *at = text; *at;) {
    int32_t c = utf8_next(&at);
    cr_assert(c == '\n' || (c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0)), "control character %d", c);
  }
  free(prose);
  free(text);
  result_free(result);
}

Test(report_markdown, fences_a_command_with_backticks) {
  struct result *result = result_new();
  strings_add(&result->command, "assay");
  strings_add(&result->command, "````");
  strings_add(&result->command, "two\nlines");
  char *text = sample_render("markdown", result, plain);
  cr_assert(strstr(text, "\n`````sh\nassay '````' $'two\\012lines'\n`````\n"));
  free(text);
  result_free(result);
}

Test(report_markdown, takes_an_empty_result) {
  struct result *result = result_new();
  char *text = sample_render("markdown", result, plain);
  cr_assert(strncmp(text, "# Token verification\n", 21) == 0);
  cr_assert(!strstr(text, "nan") && !strstr(text, "\n## "));
  free(text);
  result_free(result);
}
