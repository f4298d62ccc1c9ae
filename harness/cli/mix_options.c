/* --mix and --rate: see mix_options.h. */
#include "harness/cli/mix_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text/names.h"

/* ---- --mix RS256=70,RS256:4096=5,ES256=25 ---- */

static bool read_alg(struct choice_share *share, const char *name, struct assay_error *error) {
  int alg = word_find("algorithm", name, alg_word, error);
  share->alg = alg < 0 ? NULL : alg_word((unsigned)alg);
  return share->alg || error_prefix(error, "--mix: ");
}

static bool read_bits(struct choice_share *share, const char *text, struct assay_error *error) {
  char *end;
  unsigned long bits = strtoul(text, &end, 10);
  share->key_bits = (unsigned)bits;
  return (text[0] >= '1' && text[0] <= '9' && *end == '\0' && bits <= 65536) ||
         error_set(error, "--mix: '%s' is no key size in bits, as in RS256:4096=10", text);
}

static bool read_share(struct choice_share *share, const char *text, struct assay_error *error) {
  char *end;
  share->share = strtod(text, &end);
  return (end != text && *end == '\0' && share->share > 0 && share->share <= 1e12) ||
         error_set(error, "--mix: '%s' is no share; a positive number is, as in RS256=70", text);
}

static bool add_share(void *arg, const char *text, struct assay_error *error) {
  struct choice_wish *wish = arg;
  struct choice_share share = {.share = 1};
  char item[64];
  if ((size_t)snprintf(item, sizeof item, "%s", text) >= sizeof item)
    return error_set(error, "--mix: '%s' names no algorithm", text);
  if (wish->mix_count == CHOICE_MIX_MAX)
    return error_set(error, "--mix takes at most %d algorithms", CHOICE_MIX_MAX);
  char *weight = strchr(item, '=');
  if (weight)
    *weight++ = '\0';
  char *bits = strchr(item, ':');
  if (bits)
    *bits++ = '\0';
  if (!read_alg(&share, item, error) || (bits && !read_bits(&share, bits, error)) ||
      (weight && !read_share(&share, weight, error)))
    return false;
  for (unsigned m = 0; m < wish->mix_count; m++)
    if (wish->mix[m].alg == share.alg && wish->mix[m].key_bits == share.key_bits)
      return error_set(error, "--mix names %s twice", item);
  wish->mix[wish->mix_count++] = share;
  return true;
}

bool take_mix(void *member, const char *text, struct assay_error *error) {
  struct choice_wish *wish = member;
  wish->mix_count = 0;
  return names_each(text, add_share, wish, error) &&
         (wish->mix_count || error_set(error, "--mix names no algorithm"));
}

/* ---- figures with units ---- */

bool number_with_unit(const char *text, const struct unit *units, double most, double *value) {
  char *end;
  double number = strtod(text, &end);
  for (; units->name && end != text; units++)
    if (strcmp(end + strspn(end, " "), units->name) == 0) {
      *value = number * units->factor;
      return *value > 0 && *value <= most;
    }
  return false;
}

bool take_rate(void *member, const char *text, struct assay_error *error) {
  static const struct unit units[] = {{"", 1},    {"/s", 1},    {"k", 1e3}, {"k/s", 1e3},
                                      {"M", 1e6}, {"M/s", 1e6}, {NULL, 0}};
  return number_with_unit(text, units, 1e9, member) ||
         error_set(error, "--rate takes tokens a second, such as 20000 or 20k, not '%s'", text);
}
