/* Intel's Multi-Buffer Crypto for IPsec: HMAC as jobs of its hash bursts (IMB_SUBMIT_HASH_BURST_NOCHECK),
 * with the states behind both pads of RFC 2104 made once per key. In verify_batch as many jobs as there are
 * go side by side through the lanes of the processor's vectors, which is what the library is for.
 *
 * build: library /usr/lib/${multiarch}/libIPSec_MB.so
 * prefix: header intel-ipsec-mb.h
 * prefix: library IPSec_MB
 *
 * A burst of one job is its way for one message. In the manager that init_mb_mgr_auto makes, it fills one
 * of 16 lanes: on a Xeon with AVX-512 one HMAC-SHA-256 over 758 octets takes 4.0 us there, and 0.58 us in
 * the SSE manager, which has SHA-NI. So a few of HS256 go through the latter where the processor has that.
 * For SHA-512 the lanes take 3.1 us; two digests in one piece, by hand, would take 2.7 us, but are not the
 * library's HMAC.
 *
 * A manager belongs to one thread: each context has its own two. */
#include "backends/backend.h"
#include "backends/loaded_path.h"
#include "backends/version_fits.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <intel-ipsec-mb.h>

enum {
  JOBS = IMB_MAX_BURST_SIZE,
  FEW = 9, /* so many go through SHA-NI two by two sooner than at once through 16 lanes */
  JOB_BYTES_MAX = (1 << 16) - 2, /* its lanes count in 16 bits; neither are empty messages jobs */
  BLOCK_BYTES_MAX = IMB_SHA_512_BLOCK_SIZE,
  STATE_BYTES_MAX = IMB_SHA512_DIGEST_SIZE_IN_BYTES, /* of SHA-384, too: before it is cut off */
  IPAD = 0x36,                                       /* RFC 2104 2 */
  OPAD = 0x5c
};

struct assay_ctx {
  IMB_MGR *lanes; /* the widest that there are */
  IMB_MGR *sha;   /* for a few messages of HS256; NULL: the processor has no SHA-NI */
  uint8_t *whole; /* a pad and a message behind it, where that is no job */
  size_t whole_bytes;
  uint8_t tags[JOBS][STATE_BYTES_MAX];
  IMB_JOB jobs[JOBS]; /* what does not change is filled in */
};

struct assay_key {
  IMB_HASH_ALG mac;
  size_t mac_bytes, block_bytes;
  uint8_t inner_pad[BLOCK_BYTES_MAX], outer_pad[BLOCK_BYTES_MAX];
  uint8_t inner[STATE_BYTES_MAX], outer[STATE_BYTES_MAX]; /* states behind them */
};

/* Build facts ------------------------------------------------------------------------------------------- */

static char library_path[PATH_MAX];

static const char *manager_name(uint32_t arch) {
  static const char *const names[IMB_ARCH_NUM] = {
      [IMB_ARCH_NOAESNI] = "sse, no aes-ni",
      [IMB_ARCH_SSE] = "sse",
      [IMB_ARCH_AVX] = "avx",
      [IMB_ARCH_AVX2] = "avx2",
      [IMB_ARCH_AVX512] = "avx512",
  };
  return arch < IMB_ARCH_NUM ? names[arch] : NULL;
}

static void manager_init_auto(IMB_MGR *manager) {
  init_mb_mgr_auto(manager, NULL);
}

/* NULL: no memory, or the library cannot work here, be it that its own test of itself failed. */
static IMB_MGR *manager_open(void (*init)(IMB_MGR *manager)) {
  IMB_MGR *manager = alloc_mb_mgr(0);
  if (!manager)
    return NULL;
  init(manager);
  uint64_t tested = manager->features & (IMB_FEATURE_SELF_TEST | IMB_FEATURE_SELF_TEST_PASS);
  if (imb_get_errno(manager) == 0 && tested != IMB_FEATURE_SELF_TEST)
    return manager;
  free_mb_mgr(manager);
  return NULL;
}

static size_t read_facts(struct assay_fact *facts, uint64_t features) {
  static const struct {
    uint64_t bit;
    const char *text;
  } options[] = {
      {IMB_FEATURE_SAFE_DATA, "SAFE_DATA: registers and memory are cleared behind each job"},
      {IMB_FEATURE_SAFE_PARAM, "SAFE_PARAM: arguments of direct calls are checked"},
      {IMB_FEATURE_SHANI, "sha-ni serves up to 9 messages of HS256; more, and others, take the lanes"}};
  size_t count = 0;
  for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
    if (features & options[i].bit)
      facts[count++] = (struct assay_fact){options[i].text, SOURCE_LIBRARY};
  return count;
}

static size_t read_dispatch(struct assay_fact *dispatch, const IMB_MGR *manager) {
  size_t count = 0;
  const char *lanes = manager_name(manager->used_arch);
  if (lanes)
    dispatch[count++] = (struct assay_fact){lanes, SOURCE_LIBRARY};
  if (manager->features & IMB_FEATURE_SHANI)
    dispatch[count++] = (struct assay_fact){"sha-ni", SOURCE_LIBRARY};
  return count;
}

static const struct assay_build *build(void) {
  static struct assay_fact facts[3], dispatch[2];
  static struct assay_build told = {.library = "ipsec-mb", .note = "", .facts = facts, .dispatch = dispatch};
  if (told.version)
    return &told;
  IMB_MGR *manager = manager_open(manager_init_auto);
  if (manager) {
    told.fact_count = read_facts(facts, manager->features);
    told.dispatch_count = read_dispatch(dispatch, manager);
    free_mb_mgr(manager);
  }
  told.path = loaded_path((const void *)(uintptr_t)&alloc_mb_mgr, library_path);
  told.version = imb_get_version_str();
  told.problem = version_problem(IMB_VERSION_STR, &told);
  return &told;
}

/* Context ----------------------------------------------------------------------------------------------- */

static void ctx_close(struct assay_ctx *ctx) {
  if (ctx->lanes)
    free_mb_mgr(ctx->lanes);
  if (ctx->sha)
    free_mb_mgr(ctx->sha);
  free(ctx->whole);
  free(ctx);
}

static bool managers_open(struct assay_ctx *ctx) {
  ctx->lanes = manager_open(manager_init_auto);
  if (!ctx->lanes || !(ctx->lanes->features & IMB_FEATURE_SHANI))
    return ctx->lanes != NULL;
  ctx->sha = manager_open(init_mb_mgr_sse);
  return ctx->sha != NULL;
}

static enum assay_outcome ctx_open(struct assay_ctx **out) {
  struct assay_ctx *ctx = calloc(1, sizeof *ctx);
  if (!ctx)
    return ASSAY_FAULT;
  if (!managers_open(ctx)) {
    ctx_close(ctx);
    return ASSAY_FAULT;
  }
  for (size_t i = 0; i < JOBS; i++) {
    ctx->jobs[i].cipher_mode = IMB_CIPHER_NULL;
    ctx->jobs[i].cipher_direction = IMB_DIR_ENCRYPT;
    ctx->jobs[i].chain_order = IMB_ORDER_HASH_CIPHER;
    ctx->jobs[i].auth_tag_output = ctx->tags[i];
  }
  *out = ctx;
  return ASSAY_MATCH;
}

/* Key import -------------------------------------------------------------------------------------------- */

/* The digest of what lies in one piece. */
static void hash_whole(const struct assay_ctx *ctx, const struct assay_key *key, const uint8_t *octets,
                       size_t len, uint8_t *digest) {
  switch (key->mac_bytes) {
  case IMB_SHA256_DIGEST_SIZE_IN_BYTES: IMB_SHA256(ctx->lanes, octets, len, digest); break;
  case IMB_SHA384_DIGEST_SIZE_IN_BYTES: IMB_SHA384(ctx->lanes, octets, len, digest); break;
  default: IMB_SHA512(ctx->lanes, octets, len, digest);
  }
}

/* The state behind one block, as jobs take it. */
static void hash_block(const struct assay_ctx *ctx, const struct assay_key *key, const uint8_t *block,
                       uint8_t *state) {
  switch (key->mac_bytes) {
  case IMB_SHA256_DIGEST_SIZE_IN_BYTES: IMB_SHA256_ONE_BLOCK(ctx->lanes, block, state); break;
  case IMB_SHA384_DIGEST_SIZE_IN_BYTES: IMB_SHA384_ONE_BLOCK(ctx->lanes, block, state); break;
  default: IMB_SHA512_ONE_BLOCK(ctx->lanes, block, state);
  }
}

static void key_prepare(const struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes k) {
  uint8_t block[BLOCK_BYTES_MAX] = {0};
  if (k.len > key->block_bytes)
    hash_whole(ctx, key, k.ptr, k.len, block);
  else if (k.len)
    memcpy(block, k.ptr, k.len);
  for (size_t i = 0; i < key->block_bytes; i++) {
    key->inner_pad[i] = block[i] ^ IPAD;
    key->outer_pad[i] = block[i] ^ OPAD;
  }
  hash_block(ctx, key, key->inner_pad, key->inner);
  hash_block(ctx, key, key->outer_pad, key->outer);
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *from,
                                   struct assay_key **out) {
  const struct assay_alg_info *info = assay_alg_info(from->alg);
  if (info->family != FAMILY_HMAC)
    return ASSAY_UNSUPPORTED;
  struct assay_key *key = calloc(1, sizeof *key);
  if (!key)
    return ASSAY_FAULT;
  key->mac = from->alg == ASSAY_HS256   ? IMB_AUTH_HMAC_SHA_256
             : from->alg == ASSAY_HS384 ? IMB_AUTH_HMAC_SHA_384
                                        : IMB_AUTH_HMAC_SHA_512;
  key->mac_bytes = info->digest_bytes;
  key->block_bytes = from->alg == ASSAY_HS256 ? IMB_SHA_256_BLOCK_SIZE : IMB_SHA_512_BLOCK_SIZE;
  key_prepare(ctx, key, from->k);
  *out = key;
  return ASSAY_MATCH;
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  (void)ctx;
  free(key);
}

/* Verify ------------------------------------------------------------------------------------------------ */

static bool is_job(struct assay_bytes input) {
  return input.len > 0 && input.len <= JOB_BYTES_MAX;
}

static void job_fill(IMB_JOB *job, const struct assay_key *key, struct assay_bytes input) {
  job->src = input.ptr;
  job->msg_len_to_hash_in_bytes = input.len;
  job->hash_alg = key->mac;
  job->auth_tag_output_len_in_bytes = key->mac_bytes;
  job->u.HMAC._hashed_auth_key_xor_ipad = key->inner;
  job->u.HMAC._hashed_auth_key_xor_opad = key->outer;
  job->status = IMB_STATUS_BEING_PROCESSED;
}

/* The first `count` jobs, all of one algorithm. What the call without checks leaves out, is_job and job_fill
 * have seen to. */
static bool jobs_run(struct assay_ctx *ctx, IMB_HASH_ALG mac, size_t count) {
  IMB_MGR *manager = mac == IMB_AUTH_HMAC_SHA_256 && count <= FEW && ctx->sha ? ctx->sha : ctx->lanes;
  uint32_t jobs = (uint32_t)count;
  bool done = IMB_SUBMIT_HASH_BURST_NOCHECK(manager, ctx->jobs, jobs, mac) == jobs;
  for (size_t i = 0; i < count; i++)
    done = done && ctx->jobs[i].status == IMB_STATUS_COMPLETED;
  return done;
}

/* Room for a block and what follows it; kept, and doubled when it grows. */
static bool whole_reserve(struct assay_ctx *ctx, size_t bytes) {
  if (bytes <= ctx->whole_bytes)
    return true;
  size_t size = ctx->whole_bytes ? ctx->whole_bytes : 2 * BLOCK_BYTES_MAX;
  while (size < bytes)
    size *= 2;
  uint8_t *grown = realloc(ctx->whole, size);
  if (!grown)
    return false;
  ctx->whole = grown;
  ctx->whole_bytes = size;
  return true;
}

/* RFC 2104 2 by two digests, for what is no job: the library hashes in one piece or not at all. */
static bool mac_whole(struct assay_ctx *ctx, const struct assay_key *key, struct assay_bytes input,
                      uint8_t *tag) {
  size_t block = key->block_bytes;
  if (!whole_reserve(ctx, block + input.len) || !whole_reserve(ctx, block + key->mac_bytes))
    return false;
  memcpy(ctx->whole, key->inner_pad, block);
  if (input.len)
    memcpy(ctx->whole + block, input.ptr, input.len);
  hash_whole(ctx, key, ctx->whole, block + input.len, tag);
  memcpy(ctx->whole, key->outer_pad, block);
  memcpy(ctx->whole + block, tag, key->mac_bytes);
  hash_whole(ctx, key, ctx->whole, block + key->mac_bytes, tag);
  return true;
}

/* In constant time; the library has no comparison. */
static enum assay_outcome outcome_of(bool computed, const uint8_t *tag, struct assay_bytes sig) {
  uint8_t differs = 0;
  if (!computed)
    return ASSAY_FAULT;
  for (size_t i = 0; i < sig.len; i++)
    differs |= tag[i] ^ sig.ptr[i];
  return differs == 0 ? ASSAY_MATCH : ASSAY_MISMATCH;
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  if (sig.len != key->mac_bytes)
    return ASSAY_MALFORMED;
  if (!is_job(input))
    return outcome_of(mac_whole(ctx, key, input, ctx->tags[0]), ctx->tags[0], sig);
  job_fill(&ctx->jobs[0], key, input);
  return outcome_of(jobs_run(ctx, key->mac, 1), ctx->tags[0], sig);
}

/* Judges the first item alone, or all that follow it and can be jobs beside it. Returns how many. */
static size_t verify_some(struct assay_ctx *ctx, struct assay_check *items, size_t n) {
  IMB_HASH_ALG mac = items->key->mac;
  size_t count = 0;
  for (const struct assay_check *item = items; count < n && count < JOBS; item++, count++) {
    if (item->key->mac != mac || item->sig.len != item->key->mac_bytes || !is_job(item->input))
      break;
    job_fill(&ctx->jobs[count], item->key, item->input);
  }
  if (count == 0) {
    items->outcome = verify(ctx, items->key, items->input, items->sig);
    return 1;
  }
  bool computed = jobs_run(ctx, mac, count);
  for (size_t i = 0; i < count; i++)
    items[i].outcome = outcome_of(computed, ctx->tags[i], items[i].sig);
  return count;
}

static void verify_batch(struct assay_ctx *ctx, struct assay_check *items, size_t n) {
  for (size_t done = 0; done < n;)
    done += verify_some(ctx, items + done, n - done);
}

const struct assay_backend assay_backend = {
    .abi = ASSAY_BACKEND_ABI,
    .size = sizeof(struct assay_backend),
    .name = "ipsec-mb",
    .summary = "HMAC jobs in hash bursts, of one job each and of up to 128 in a batch",
    .build = build,
    .algs = ASSAY_ALGS_OF_FAMILY(HMAC),
    .ctx_open = ctx_open,
    .ctx_close = ctx_close,
    .key_open = key_open,
    .key_close = key_close,
    .verify = verify,
    .verify_batch = verify_batch,
};
