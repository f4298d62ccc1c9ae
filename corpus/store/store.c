/* Maps a corpus and checks every record once, so that runs may follow its offsets without looking. */
#include "corpus/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTE_ORDER_MARK 0x01020304u

struct mapping {
  const uint8_t *base;
  size_t bytes;
};

/* ---- mapping ---- */

static bool map_open_file(int fd, const char *path, struct mapping *map, struct assay_error *error) {
  struct stat st;
  if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
    return error_set(error, "%s: not a regular file", path);
  if (st.st_size == 0)
    return error_set(error, "%s: the file is empty", path);
  void *base = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
  if (base == MAP_FAILED)
    return error_set(error, "%s: cannot map the file: %s", path, strerror(errno));
  *map = (struct mapping){base, (size_t)st.st_size};
  return true;
}

static bool map_file(const char *folder, const char *name, struct mapping *map, struct assay_error *error) {
  char path[4096 + 16];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return error_set(error, "%s: %s", path, strerror(errno));
  bool ok = map_open_file(fd, path, map, error);
  close(fd);
  return ok;
}

/* ---- tokens.idx as a whole ---- */

static bool check_header(const struct corpus *corpus, struct assay_error *error) {
  const struct corpus_header *header = corpus->header;
  if (corpus->idx_bytes < sizeof *header)
    return error_set(error, "cut off: %zu bytes are no header", corpus->idx_bytes);
  if (memcmp(header->magic, CORPUS_MAGIC, sizeof header->magic) != 0)
    return error_set(error, "not the index of a corpus");
  if (header->byte_order != BYTE_ORDER_MARK)
    return error_set(error, "written in another byte order; import tokens.jsonl on this machine");
  if (header->version != CORPUS_VERSION)
    return error_set(error,
                     "format version %" PRIu32
                     ", but this assay reads version %d; generate the corpus again, "
                     "or import its tokens.jsonl",
                     header->version, CORPUS_VERSION);
  if (header->bin_bytes != corpus->bin_bytes)
    return error_set(error, "belongs to a tokens.bin of %" PRIu64 " bytes, but that one has %zu",
                     header->bin_bytes, corpus->bin_bytes);
  return true;
}

/* A table of count records at an offset: aligned, and within the file. */
static bool check_table(const struct corpus *corpus, const char *what, uint64_t at, uint64_t count,
                        size_t record_bytes, struct assay_error *error) {
  if (at % 8 != 0 || at < sizeof(struct corpus_header) || at > corpus->idx_bytes)
    return error_set(error, "the table of %s begins at byte %" PRIu64 ", which cannot be", what, at);
  if (count > (corpus->idx_bytes - at) / record_bytes || count >= CORPUS_NONE)
    return error_set(error, "cut off: the table of %s should have %" PRIu64 " records", what, count);
  return true;
}

static bool check_tables(const struct corpus *corpus, struct assay_error *error) {
  const struct corpus_header *h = corpus->header;
  return check_table(corpus, "tokens", h->tokens_at, h->token_count, sizeof(struct corpus_token), error) &&
         check_table(corpus, "variants", h->variants_at, h->variant_count, sizeof(struct corpus_variant),
                     error) &&
         check_table(corpus, "settings", h->settings_at, h->setting_count, sizeof(struct corpus_setting),
                     error) &&
         check_table(corpus, "keys", h->keys_at, h->key_count, sizeof(struct corpus_key), error) &&
         check_table(corpus, "reasons", h->reasons_at, h->reason_count, sizeof(uint16_t), error) &&
         (h->token_count > 0 || error_set(error, "the corpus has no token"));
}

static void point_at_tables(struct corpus *corpus) {
  const uint8_t *idx = (const uint8_t *)corpus->header;
  corpus->tokens = (const struct corpus_token *)(idx + corpus->header->tokens_at);
  corpus->variants = (const struct corpus_variant *)(idx + corpus->header->variants_at);
  corpus->settings = (const struct corpus_setting *)(idx + corpus->header->settings_at);
  corpus->keys = (const struct corpus_key *)(idx + corpus->header->keys_at);
  corpus->reasons = (const uint16_t *)(idx + corpus->header->reasons_at);
}

/* ---- records ---- */

static bool span_fits(const struct corpus *corpus, struct corpus_span span) {
  return span.at <= corpus->bin_bytes && span.len <= corpus->bin_bytes - span.at;
}

static bool expectation_fits(const struct corpus *corpus, const struct corpus_token *token) {
  uint64_t known = corpus->header->reason_count;
  bool rejects = token->verdict == EXPECT_REJECT;
  if (!rejects && token->verdict != EXPECT_ACCEPT && token->verdict != EXPECT_ANY)
    return false;
  if (token->first_reason > known || token->reason_count > known - token->first_reason ||
      (!rejects && token->reason_count > 0) || token->pinned > 1)
    return false;
  struct expectation expected = corpus_expectation(corpus, token);
  return token->only_answer == expectation_only_answer(&expected);
}

static bool now_fits(int64_t now) {
  return now == CORPUS_NOW_UNSET || (now >= -TIME_SECONDS_MAX && now <= TIME_SECONDS_MAX);
}

/* What is wrong with a token's record, or NULL. */
static const char *token_fault(const struct corpus *corpus, uint64_t index) {
  const struct corpus_token *token = &corpus->tokens[index];
  if (!span_fits(corpus, token->token) || !span_fits(corpus, token->id))
    return "points outside tokens.bin";
  if (token->variant >= corpus->header->variant_count)
    return "names a variant that is not there";
  if (token->setting >= corpus->header->setting_count)
    return "names a setting that is not there";
  if (token->after != CORPUS_NONE && (token->after >= corpus->header->token_count || token->after == index))
    return "is to follow a token that is not there";
  if (token->alg > ASSAY_ALG_NONE)
    return "has an unknown algorithm";
  if (!now_fits(token->now))
    return "has a clock beyond 2^53 - 1 seconds";
  if (!expectation_fits(corpus, token))
    return "expects no known verdict and reason";
  return NULL;
}

static bool check_tokens(const struct corpus *corpus, struct assay_error *error) {
  for (uint64_t i = 0; i < corpus->header->token_count; i++) {
    const char *fault = token_fault(corpus, i);
    if (fault)
      return error_set(error, "token %" PRIu64 " %s", i, fault);
  }
  return true;
}

static bool check_reasons(const struct corpus *corpus, struct assay_error *error) {
  for (uint64_t i = 0; i < corpus->header->reason_count; i++)
    if (!reason_pattern_known(corpus->reasons[i]))
      return error_set(error, "reason %" PRIu64 " is none that is known", i);
  return true;
}

static bool check_variants(const struct corpus *corpus, struct assay_error *error) {
  for (uint64_t i = 0; i < corpus->header->variant_count; i++) {
    const struct corpus_variant *v = &corpus->variants[i];
    const struct corpus_span spans[] = {v->group, v->class_id, v->name, v->sentence, v->reference, v->brief};
    for (size_t j = 0; j < sizeof spans / sizeof spans[0]; j++)
      if (!span_fits(corpus, spans[j]))
        return error_set(error, "variant %" PRIu64 " points outside tokens.bin", i);
    if (v->severity >= SEVERITY_COUNT)
      return error_set(error, "variant %" PRIu64 " has an unknown severity", i);
  }
  return true;
}

static bool check_settings(const struct corpus *corpus, struct assay_error *error) {
  const struct corpus_header *header = corpus->header;
  for (uint64_t i = 0; i < header->setting_count; i++) {
    const struct corpus_setting *setting = &corpus->settings[i];
    if (!span_fits(corpus, setting->policy))
      return error_set(error, "setting %" PRIu64 " points outside tokens.bin", i);
    if (setting->first_key > header->key_count || setting->key_count > header->key_count - setting->first_key)
      return error_set(error, "setting %" PRIu64 " names key sets that are not there", i);
  }
  for (uint64_t i = 0; i < header->key_count; i++)
    if (!span_fits(corpus, corpus->keys[i].iss) || !span_fits(corpus, corpus->keys[i].jwks))
      return error_set(error, "key set %" PRIu64 " points outside tokens.bin", i);
  return true;
}

/* ---- the interface ---- */

static bool check_all(struct corpus *corpus, struct assay_error *error) {
  if (!check_header(corpus, error) || !check_tables(corpus, error))
    return false;
  point_at_tables(corpus);
  return check_reasons(corpus, error) && check_tokens(corpus, error) && check_variants(corpus, error) &&
         check_settings(corpus, error);
}

bool corpus_open(struct corpus *corpus, const char *folder, struct assay_error *error) {
  struct mapping idx = {0}, bin = {0};
  *corpus = (struct corpus){0};
  if ((size_t)snprintf(corpus->folder, sizeof corpus->folder, "%s", folder) >= sizeof corpus->folder)
    return error_set(error, "%.64s...: name too long", folder);
  bool mapped = map_file(folder, "tokens.idx", &idx, error) && map_file(folder, "tokens.bin", &bin, error);
  corpus->header = (const struct corpus_header *)idx.base;
  corpus->idx_bytes = idx.bytes;
  corpus->bin = bin.base;
  corpus->bin_bytes = bin.bytes;
  if (mapped && check_all(corpus, error))
    return true;
  if (mapped)
    error_prefix(error, "%s/tokens.idx: ", folder);
  corpus_close(corpus);
  return false;
}

void corpus_close(struct corpus *corpus) {
  if (corpus->header)
    munmap((void *)corpus->header, corpus->idx_bytes);
  if (corpus->bin)
    munmap((void *)corpus->bin, corpus->bin_bytes);
  *corpus = (struct corpus){0};
}

uint32_t corpus_find(const struct corpus *corpus, struct assay_bytes id) {
  for (uint64_t i = 0; i < corpus->header->token_count; i++)
    if (bytes_eq(corpus_bytes(corpus, corpus->tokens[i].id), id))
      return (uint32_t)i;
  return CORPUS_NONE;
}

struct expectation corpus_expectation(const struct corpus *corpus, const struct corpus_token *token) {
  return (struct expectation){.verdict = (enum expect_verdict)token->verdict,
                              .reasons = corpus->reasons + token->first_reason,
                              .reason_count = token->reason_count,
                              .pinned = token->pinned != 0};
}
