/* The log of HdrHistogram, version 1.2: one whole histogram a line, told apart by tags, which are the names
 * of the rows with everything escaped that a tag cannot hold. The slots of harness/base/hist.h are those of
 * an HdrHistogram with three significant figures, so nothing is rounded. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "harness/base/text/base64.h"
#include "reports/formats/shared/latency.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"
#include "reports/text/escape.h"

#define COOKIE_PLAIN 0x1c849313u /* V2, counts as ZigZag LEB128 */
#define COOKIE_DEFLATED 0x1c849314u
#define HEADER_BYTES 40
#define COUNT_BYTES 9 /* at most, of one count */

static unsigned char *put_be(unsigned char *at, uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; i--)
    *at++ = (unsigned char)(value >> (8 * i));
  return at;
}

/* ZigZag LEB128 of HdrHistogram: seven bits a byte, but all eight of the ninth. */
static unsigned char *put_count(unsigned char *at, int64_t value) {
  uint64_t rest = value < 0 ? ~((uint64_t)value << 1) : (uint64_t)value << 1;
  for (int i = 0; i < COUNT_BYTES - 1; i++) {
    if (rest < 0x80) {
      *at++ = (unsigned char)rest;
      return at;
    }
    *at++ = (unsigned char)(rest | 0x80);
    rest >>= 7;
  }
  *at++ = (unsigned char)rest;
  return at;
}

/* The counts up to the last that is not 0, a run of n zeros as -n. */
static unsigned char *put_counts(unsigned char *at, const struct hist *hist) {
  unsigned zeros = 0;
  for (unsigned slot = 0; slot < HIST_SLOTS; slot++) {
    if (hist->counts[slot] == 0) {
      zeros++;
      continue;
    }
    if (zeros)
      at = put_count(at, -(int64_t)zeros);
    at = put_count(at, (int64_t)hist->counts[slot]);
    zeros = 0;
  }
  return at;
}

static size_t encode(unsigned char *out, const struct hist *hist) {
  double ratio = 1.0;
  uint64_t ratio_bits;
  memcpy(&ratio_bits, &ratio, sizeof ratio_bits);
  unsigned char *end = put_counts(out + HEADER_BYTES, hist), *at = out;
  at = put_be(at, COOKIE_PLAIN, 4);
  at = put_be(at, (uint64_t)(end - out - HEADER_BYTES), 4);
  at = put_be(at, 0, 4); /* normalizing offset */
  at = put_be(at, 3, 4); /* significant figures */
  at = put_be(at, 1, 8);
  at = put_be(at, HIST_MAX_NS, 8);
  put_be(at, ratio_bits, 8);
  return (size_t)(end - out);
}

/* NULL: no memory. free() it. */
static char *payload(const struct hist *hist) {
  unsigned char *plain = allocated(malloc(HEADER_BYTES + (size_t)COUNT_BYTES * 2 * HIST_SLOTS));
  size_t length = encode(plain, hist);
  uLongf packed_length = compressBound(length);
  unsigned char *packed = allocated(malloc(8 + packed_length));
  bool ok = compress(packed + 8, &packed_length, plain, length) == Z_OK;
  put_be(put_be(packed, COOKIE_DEFLATED, 4), packed_length, 4);
  char *text = ok ? allocated(base64_text(bytes_of(packed, 8 + packed_length))) : NULL;
  free(packed);
  free(plain);
  return text;
}

/* Start 0 is the run's start; the length is what the samples add up to, in seconds; the largest in ms, as
 * HdrHistogram's own writer has it. */
static bool put_line(FILE *stream, const struct hist *hist, const char *name) {
  OWNED_TEXT char *text = payload(hist), *tag = percent_encode(name, "/:@+");
  if (text)
    fprintf(stream, "Tag=%s,0.000,%.6f,%.6f,%s\n", tag, (double)hist->sum_ns / 1e9,
            (double)hist->max_ns / 1e6, text);
  bool ok = text != NULL;
  return ok;
}

static void put_head(FILE *stream, const struct result *result) {
  struct tm tm = {0};
  OWNED_TEXT char *started = display_clean(result->started);
  const char *end = strptime(started, "%Y-%m-%dT%H:%M:%S", &tm);
  OWNED_TEXT char *version = display_clean(result->tool.version);
  fputs("#[Histogram log format version 1.2]\n", stream);
  fprintf(stream, "#[Logged by assay %s; values are nanoseconds, Interval_Max is in milliseconds]\n",
          version);
  if (end)
    fprintf(stream, "#[StartTime: %lld.000 (seconds since epoch), %s]\n", (long long)timegm(&tm), started);
}

static bool write_hlog(const struct result *result, const struct result_view *view, FILE *stream) {
  struct row_names names = row_names_of(result);
  struct hist *hist = allocated(malloc(sizeof *hist));
  bool ok = true;
  put_head(stream, result);
  put_latency_comments(stream, result, &names, view->only);
  fputs("\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n",
        stream);
  for (size_t i = 0; ok && i < result->speed_count; i++) {
    if (!latency_is_chosen(&result->speed[i], names.of[i], view->only))
      continue;
    latency_load(hist, &result->speed[i].histogram);
    ok = put_line(stream, hist, names.of[i]);
  }
  free(hist);
  row_names_fini(&names);
  return ok;
}

const struct result_format format_hlog = {
    .name = "hlog",
    .summary = "whole histograms, each with a tag; --only for some of them",
    .extension = "hlog",
    .readers = "HdrHistogram's log processors and analysers",
    .takes_only = true,
    .write = write_hlog,
};
