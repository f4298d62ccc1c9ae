/* Matching result files. */
#include "harness/gate/stored.h"

#include <math.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

static bool is_sanitized(const struct result *result) {
  bool sanitized = strcmp(result->tool.sanitizer, "none") != 0;
  for (size_t i = 0; i < result->subject_count; i++) {
    const char *module = result->subjects[i].module_sanitizer;
    sanitized = sanitized || (module[0] && strcmp(module, "none") != 0);
  }
  return sanitized;
}

static bool is_whole(const struct result *result, const char *path, struct assay_error *error) {
  bool timed = false;
  for (size_t i = 0; i < result->speed_count; i++)
    timed |= result->speed[i].ns > 0;
  if (timed && result->run.pinned_cpu < 0)
    return error_set(error, "%s was measured without being pinned to a core; --anyway compares it", path);
  if (is_sanitized(result))
    return error_set(error, "%s was measured with sanitizers: its times mean nothing; --anyway compares it",
                     path);
  return !result->partial ||
         error_set(error, "%s is partial: its run was cut off; --anyway compares it", path);
}

bool stored_comparable(const struct result *a, const char *a_path, const struct result *b, const char *b_path,
                       struct assay_error *error) {
  char a_cores[FIGURE_NOUN_BYTES], b_cores[FIGURE_NOUN_BYTES];
  if (!is_whole(a, a_path, error) || !is_whole(b, b_path, error))
    return false;
  if (strcmp(a->corpus.sha256, b->corpus.sha256) != 0)
    return error_set(error, "%s and %s were measured on different corpora; --anyway compares them", a_path,
                     b_path);
  if (strcmp(a->machine.cpu, b->machine.cpu) != 0 || a->machine.cores != b->machine.cores)
    return error_set(error,
                     "%s and %s were measured on different machines (%s, %s; %s, %s); --anyway "
                     "compares them",
                     a_path, b_path, a->machine.cpu, figure_noun(a_cores, a->machine.cores, "core"),
                     b->machine.cpu, figure_noun(b_cores, b->machine.cores, "core"));
  if (a->run.counted_by && b->run.counted_by && a->run.counted_by != b->run.counted_by)
    return error_set(error,
                     "instructions were counted by %s in %s and by %s in %s, which do not see the same code; "
                     "--anyway compares them",
                     counted_by_word(a->run.counted_by), a_path, counted_by_word(b->run.counted_by), b_path);
  return true;
}

/* Rows of good tokens alone may leave the share out. */
static double bad_share(const struct result_speed *row) {
  return isnan(row->bad_share) ? 0 : row->bad_share;
}

static bool same_speed(const struct result_speed *a, const struct result_speed *b) {
  return strcmp(a->subject, b->subject) == 0 && strcmp(a->alg, b->alg) == 0 && a->key_bits == b->key_bits &&
         a->metric == b->metric && a->mode == b->mode && a->threads == b->threads && a->batch == b->batch &&
         a->keys == b->keys && a->kid == b->kid && a->key_place == b->key_place &&
         fabs(bad_share(a) - bad_share(b)) < 1e-9;
}

/* The row that measured the same thing, whose verdicts were right and which has the figure at the offset. */
static const struct result_speed *find_speed(const struct result *in, const struct result_speed *row,
                                             size_t offset) {
  for (size_t i = 0; i < in->speed_count; i++) {
    const struct result_speed *other = &in->speed[i];
    const void *figure = (const char *)other + offset;
    if (same_speed(other, row) && *(const double *)figure > 0 && other->verdicts_ok)
      return other;
  }
  return NULL;
}

const struct result_speed *stored_speed(const struct result *in, const struct result_speed *row) {
  return find_speed(in, row, offsetof(struct result_speed, ns));
}

const struct result_speed *stored_count(const struct result *in, const struct result_speed *row) {
  return find_speed(in, row, offsetof(struct result_speed, instructions));
}

struct stored_ratio stored_compare(const struct result_speed *of, const struct result_speed *to) {
  struct stored_ratio ratio = {of->ns / to->ns, of->ns_low / to->ns_high, of->ns_high / to->ns_low};
  if (!isfinite(ratio.low) || !isfinite(ratio.high))
    ratio.low = ratio.high = (double)NAN;
  return ratio;
}
