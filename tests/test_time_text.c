/* Dates and times as people write them, against what date(1) says of them. */
#include <criterion/criterion.h>

#include "harness/base/text/time_text.h"

static const struct {
  const char *text;
  int64_t seconds;
} right[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"1970-01-01", 0},
    {"2026-01-01T00:00:00Z", 1767225600},
    {"2026-01-01t00:00:00z", 1767225600},
    {"2026-01-01 00:00:00Z", 1767225600},
    {"2026-01-01T01:00:00+01:00", 1767225600},
    {"2025-12-31T18:30:00-05:30", 1767225600},
    {"2026-01-01T00:00:00.999Z", 1767225600},
    {"2024-02-29T12:34:56Z", 1709210096},
    {"2000-02-29", 951782400},
    {"1969-12-31T23:59:59Z", -1},
    {"1990-12-31T23:59:60Z", 662688000}, /* a leap second: RFC 3339 5.8 */
    {"0000-01-01", -62167219200},
    {"9999-12-31T23:59:59Z", 253402300799},
};

static const char *const wrong[] = {
    "",
    "2026",
    "2026-1-1",
    "2026-13-01",
    "2026-00-01",
    "2026-02-29",
    "1900-02-29",
    "2026-04-31",
    "2026-01-01T",
    "2026-01-01T00:00Z",
    "2026-01-01T00:00:00", /* whose midnight? */
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:61Z",
    "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00+0100",
    "2026-01-01T00:00:00+24:00",
    "2026-01-01T00:00:00Zx",
    " 2026-01-01",
    "+2026-01-01",
    "20260101",
};

Test(time_text, reads_rfc_3339_to_the_second) {
  for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
    int64_t seconds = 7;
    cr_expect(time_read(bytes_str(right[i].text), &seconds), "%s", right[i].text);
    cr_expect_eq(seconds, right[i].seconds, "%s: %lld", right[i].text, (long long)seconds);
  }
}

Test(time_text, refuses_what_is_no_moment) {
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    int64_t seconds = 7;
    cr_expect_not(time_read(bytes_str(wrong[i]), &seconds), "%s", wrong[i]);
    cr_expect_eq(seconds, 7);
  }
  int64_t seconds;
  cr_expect_not(time_read(bytes_of("2026-01-01\0", 11), &seconds));
}
