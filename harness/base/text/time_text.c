/* RFC 3339 and nothing wider: ISO 8601 alone would allow texts that no two people read alike. */
#include "harness/base/text/time_text.h"

struct reader {
  const uint8_t *at, *end;
};

struct moment {
  int year, month, day, hour, minute, second, offset_minutes;
};

static bool take_character(struct reader *reader, const char *any_of) {
  if (reader->at >= reader->end || *reader->at == '\0' || !strchr(any_of, *reader->at))
    return false;
  reader->at++;
  return true;
}

/* Exactly so many digits, and a number within the limits. */
static bool number(struct reader *reader, int digits, int low, int high, int *out) {
  int value = 0;
  for (int i = 0; i < digits; i++) {
    if (reader->at >= reader->end || *reader->at < '0' || *reader->at > '9')
      return false;
    value = value * 10 + (*reader->at++ - '0');
  }
  *out = value;
  return value >= low && value <= high;
}

static int days_in(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap);
}

static bool date(struct reader *reader, struct moment *moment) {
  return number(reader, 4, 0, 9999, &moment->year) && take_character(reader, "-") &&
         number(reader, 2, 1, 12, &moment->month) && take_character(reader, "-") &&
         number(reader, 2, 1, days_in(moment->year, moment->month), &moment->day);
}

static bool fraction(struct reader *reader) {
  if (!take_character(reader, "."))
    return true;
  const uint8_t *first = reader->at;
  while (take_character(reader, "0123456789")) {
  }
  return reader->at > first;
}

static bool offset(struct reader *reader, struct moment *moment) {
  int hours, minutes;
  bool behind = reader->at < reader->end && *reader->at == '-';
  if (take_character(reader, "Zz"))
    return true;
  if (!take_character(reader, "+-") || !number(reader, 2, 0, 23, &hours) || !take_character(reader, ":") ||
      !number(reader, 2, 0, 59, &minutes))
    return false;
  moment->offset_minutes = (hours * 60 + minutes) * (behind ? -1 : 1);
  return true;
}

static bool time_of_day(struct reader *reader, struct moment *moment) {
  return number(reader, 2, 0, 23, &moment->hour) && take_character(reader, ":") &&
         number(reader, 2, 0, 59, &moment->minute) && take_character(reader, ":") &&
         number(reader, 2, 0, 60, &moment->second) && fraction(reader) && offset(reader, moment);
}

/* Days since 1970-01-01 in the Gregorian calendar, with years that begin in March, so that a leap
 * day ends one. */
static int64_t days_since_1970(const struct moment *moment) {
  int64_t year = moment->year - (moment->month <= 2), month = (moment->month + 9) % 12;
  int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
  int64_t of_year = (153 * month + 2) / 5 + moment->day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool time_read(struct assay_bytes text, int64_t *seconds) {
  struct reader reader = {text.ptr, text.ptr + text.len};
  struct moment moment = {0};
  if (!date(&reader, &moment))
    return false;
  if (reader.at < reader.end && (!take_character(&reader, "Tt ") || !time_of_day(&reader, &moment)))
    return false;
  if (reader.at < reader.end)
    return false;
  *seconds = days_since_1970(&moment) * 86400 + moment.hour * 3600 + moment.minute * 60 + moment.second -
             moment.offset_minutes * 60;
  return true;
}
