/* A corpus on disk, as the runs read it. No cryptography: checksums are checked by `assay-corpus verify`.
 *
 *   manifest.json   seed, generator, clock, counts, SHA-256 of each file        (people, cache)
 *   policy.yaml     the default policy         keys/<host>.jwks   its key sets  (people)
 *   tokens.jsonl    one case a line                                            (people, exchange)
 *   tokens.idx      header, then the tables below, fixed-size records          (mapped)
 *   tokens.bin      every string: tokens, ids, policies, key sets              (mapped)
 *
 * A *setting* is what a token is checked against: a policy and the key sets of its issuers. Setting 0 is the
 * default of the corpus; cases with their own keys or policy have others, each distinct one stored once.
 * Numbers are little-endian; records are naturally aligned. */
#ifndef ASSAY_CORPUS_STORE_STORE_H
#define ASSAY_CORPUS_STORE_STORE_H

#include "harness/base/alg.h"
#include "harness/base/answer.h"
#include "harness/base/error.h"
#include "harness/base/severity.h"
#include "harness/base/text/time_text.h"

#define CORPUS_MAGIC "assay-c1"
#define CORPUS_VERSION 3
#define CORPUS_NONE UINT32_MAX
#define CORPUS_NOW_UNSET INT64_MIN

/* A run of bytes in tokens.bin. */
struct corpus_span {
  uint64_t at;
  uint32_t len, reserved;
};

struct corpus_token {
  struct corpus_span token;
  struct corpus_span id; /* "registered-claims/exp-past/RS256/0003", unique */
  int64_t now;           /* CORPUS_NOW_UNSET: the setting's clock; else within TIME_SECONDS_MAX */
  uint32_t variant;      /* index into variants */
  uint32_t setting;
  uint32_t after;        /* index of a token to send first, or CORPUS_NONE */
  uint32_t line;         /* of the file that it was imported from, or of tokens.jsonl */
  uint32_t first_reason; /* index into reasons: what is right, see corpus_expectation */
  uint16_t reason_count;
  uint16_t only_answer; /* the one right answer, for measured loops; ANSWER_NONE where there are several */
  uint16_t alg;         /* enum assay_alg, ASSAY_ALG_NONE where it has none */
  uint16_t key_bits;    /* RSA modulus; 0 elsewhere */
  uint16_t verdict;     /* enum expect_verdict */
  uint8_t pinned;       /* 1: one choice of several; foreign verifiers may differ */
  uint8_t reserved;
};

/* A class and one of its variants. class "valid" holds the tokens for speed runs. */
struct corpus_variant {
  struct corpus_span group, class_id, name, sentence, reference;
  struct corpus_span brief; /* its class' tokens in a few words: "expired tokens" */
  uint32_t tokens;          /* how many the corpus has of it */
  uint32_t severity;        /* enum assay_severity: of accepting those that are bad */
};

struct corpus_setting {
  struct corpus_span policy; /* YAML or JSON */
  uint32_t first_key, key_count;
};

struct corpus_key {
  struct corpus_span iss, jwks;
};

struct corpus_header {
  char magic[8];
  uint32_t byte_order; /* 0x01020304 */
  uint32_t version;    /* CORPUS_VERSION */
  uint64_t bin_bytes;  /* size of the tokens.bin that belongs to it */
  uint64_t token_count, variant_count, setting_count, key_count, reason_count;
  uint64_t tokens_at, variants_at, settings_at, keys_at, reasons_at; /* offsets in tokens.idx */
};

/* An open corpus. Everything points into the two mappings, read-only; valid until corpus_close. */
struct corpus {
  char folder[4096];
  const struct corpus_header *header;
  const struct corpus_token *tokens;
  const struct corpus_variant *variants;
  const struct corpus_setting *settings;
  const struct corpus_key *keys;
  const uint16_t *reasons; /* lists of right reasons, each distinct one stored once */
  const uint8_t *bin;
  size_t idx_bytes, bin_bytes;
};

/* Maps a corpus and checks that every record stays within its files, so that nothing after this can read
 * outside. Empty corpora are refused. The sentence names the file and what is wrong with it. */
bool corpus_open(struct corpus *corpus, const char *folder, struct assay_error *error);
void corpus_close(struct corpus *corpus);

static inline struct assay_bytes corpus_bytes(const struct corpus *corpus, struct corpus_span span) {
  return bytes_of(corpus->bin + span.at, span.len);
}

/* What is expected of a token; valid as long as the corpus is open. */
struct expectation corpus_expectation(const struct corpus *corpus, const struct corpus_token *token);

/* The index of the token with this id, or CORPUS_NONE. Linear. */
uint32_t corpus_find(const struct corpus *corpus, struct assay_bytes id);

#endif
