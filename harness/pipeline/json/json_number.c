/* JSON numbers as times. A double would round silently and an integer would wrap, so the digits are taken as
 * they stand: 0.DDD... times a power of ten. */
#include "harness/pipeline/json/hash.h"
#include "harness/pipeline/json/json.h"
#include "harness/pipeline/json/json_text.h"

#define SECONDS_MAX                                                                                          \
  INT64_C(9007199254740991) /* 2^53 - 1: what every JSON reader holds exactly (RFC 7493 2.2) */
#define SECONDS_DIGITS 16
#define EXPONENT_MAX INT64_C(1000000000000) /* far beyond any text's own length */

/* Eight digits, the first in the lowest byte, to their number: pairs, then fours, then all eight at once.
 * False where one is no digit. */
static inline bool read_8_digits(uint64_t text, uint32_t *value) {
  uint64_t digits = text ^ UINT64_C(0x3030303030303030);
  if (!are_8_digits(text))
    return false;
  digits = digits * 10 + (digits >> 8);
  digits = (digits & UINT64_C(0x00ff00ff00ff00ff)) * 100 + (digits >> 16 & UINT64_C(0x00ff00ff00ff00ff));
  digits = (digits & UINT64_C(0x0000ffff0000ffff)) * 10000 + (digits >> 32 & UINT64_C(0x0000ffff0000ffff));
  *value = (uint32_t)digits;
  return true;
}

/* The plain case: 8 to 15 digits and nothing else, as all times between 1970 and the year 5000
 * and more are. */
static inline bool read_plain(struct assay_bytes number, int64_t *seconds) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  uint32_t high = 0, low;
  if (number.len < 8 || number.len >= SECONDS_DIGITS ||
      !read_8_digits(load_8(number.ptr + number.len - 8), &low))
    return false;
  unsigned rest =
      8 * (16 - (unsigned)number.len); /* bits that make the other digits eight, as zeros in front */
  if (rest < 64 &&
      !read_8_digits(load_8(number.ptr) << rest | UINT64_C(0x3030303030303030) >> (64 - rest), &high))
    return false;
  *seconds = (int64_t)high * 100000000 + low;
  return true;
#else
  (void)number, (void)seconds;
  return false;
#endif
}

static int64_t read_exponent(const uint8_t *p, const uint8_t *end) {
  bool minus = *p == '-';
  int64_t value = 0;
  if (*p == '-' || *p == '+')
    p++;
  for (; p < end; p++)
    if (value < EXPONENT_MAX)
      value = value * 10 + (*p - '0');
  return minus ? -value : value;
}

/* A number taken apart: its magnitude is 0.(significant digits) * 10^point. */
struct decimal {
  bool minus;
  int64_t point;
  int64_t whole;       /* the first min(point, SECONDS_DIGITS) digits as a number, filled up with zeros */
  int64_t significant; /* digits met from the first that is not zero on */
  bool fraction;       /* a digit behind the point is not zero */
};

static void take_digit(struct decimal *decimal, unsigned digit) {
  if (decimal->significant == 0 && digit == 0)
    return;
  if (decimal->significant < decimal->point && decimal->significant < SECONDS_DIGITS)
    decimal->whole = decimal->whole * 10 + digit;
  else if (decimal->significant >= decimal->point && digit != 0)
    decimal->fraction = true;
  decimal->significant++;
}

/* Where the decimal point stands, counted from the first digit that is not zero; INT64_MIN: all are zero. */
static int64_t find_point(const uint8_t *p, const uint8_t *end) {
  int64_t first = -1, dot = -1, digits = 0, exponent = 0;
  for (; p < end; p++) {
    if (*p == '.') {
      dot = digits;
      continue;
    }
    if (*p == 'e' || *p == 'E') {
      exponent = read_exponent(p + 1, end);
      break;
    }
    if (*p != '0' && first < 0)
      first = digits;
    digits++;
  }
  int64_t before = dot < 0 ? digits : dot;
  return first < 0 ? INT64_MIN : before - first + exponent;
}

static void read_decimal(struct assay_bytes number, struct decimal *decimal) {
  const uint8_t *p = number.ptr, *end = p + number.len;
  *decimal = (struct decimal){.minus = *p == '-'};
  p += decimal->minus;
  decimal->point = find_point(p, end);
  if (decimal->point == INT64_MIN || decimal->point > SECONDS_DIGITS)
    return;
  for (; p < end && *p != 'e' && *p != 'E'; p++)
    if (*p != '.')
      take_digit(decimal, *p - (unsigned)'0');
  for (; decimal->significant < decimal->point; decimal->significant++)
    decimal->whole *= 10;
}

enum json_range json_seconds(struct assay_bytes number, int64_t *seconds) {
  if (read_plain(number, seconds))
    return JSON_IN_RANGE;
  struct decimal decimal;
  read_decimal(number, &decimal);
  if (decimal.point > SECONDS_DIGITS || decimal.whole > SECONDS_MAX ||
      (decimal.whole == SECONDS_MAX && decimal.fraction))
    return JSON_OUT_OF_RANGE;
  *seconds = decimal.minus ? -decimal.whole : decimal.whole + decimal.fraction;
  return JSON_IN_RANGE;
}

bool json_has_fraction(struct assay_bytes number) {
  int64_t seconds;
  struct decimal decimal;
  if (read_plain(number, &seconds))
    return false;
  read_decimal(number, &decimal);
  return decimal.fraction;
}

/* The digits behind the decimal point of a number, one after the other. */
struct fraction {
  int64_t zeros; /* before the digits at p: an exponent may put any number of them there */
  const uint8_t *p, *end;
};

static int next_digit(struct fraction *fraction) {
  if (fraction->zeros > 0) {
    fraction->zeros--;
    return 0;
  }
  if (fraction->p < fraction->end && *fraction->p == '.')
    fraction->p++;
  bool over = fraction->p >= fraction->end || *fraction->p == 'e' || *fraction->p == 'E';
  return over ? -1 : *fraction->p++ - '0';
}

/* Of a number that has a fraction. */
static struct fraction fraction_of(struct assay_bytes number) {
  const uint8_t *p = number.ptr, *end = p + number.len;
  p += *p == '-';
  int64_t point = find_point(p, end);
  while (*p == '0' || *p == '.')
    p++;
  struct fraction fraction = {point < 0 ? -point : 0, p, end};
  for (int64_t i = 0; i < point; i++)
    next_digit(&fraction);
  return fraction;
}

static int compare_fractions(struct fraction a, struct fraction b) {
  int64_t both = a.zeros < b.zeros ? a.zeros : b.zeros;
  a.zeros -= both;
  b.zeros -= both;
  for (;;) {
    int x = next_digit(&a), y = next_digit(&b);
    if (x < 0 && y < 0)
      return 0;
    x = x < 0 ? 0 : x;
    y = y < 0 ? 0 : y;
    if (x != y)
      return x < y ? -1 : 1;
  }
}

/* Seconds are rounded up: a positive number is the further below them the smaller its fraction is, a negative
 * one the larger. Numbers with the same seconds and both with a fraction have the same sign. */
int json_fraction_order(struct assay_bytes a, struct assay_bytes b) {
  bool below_a = json_has_fraction(a), below_b = json_has_fraction(b);
  if (!below_a || !below_b)
    return (int)below_b - (int)below_a;
  int order = compare_fractions(fraction_of(a), fraction_of(b));
  return *a.ptr == '-' ? -order : order;
}
