/* A backend that is slower by a known amount, for `assay selftest` and tests: it passes everything on to
 * another module and verifies so many per cent of the signatures a second time. What it adds is the library's
 * own work on the same input, not a loop that waits; the second times are spread evenly over the tokens.
 *
 * The variant is the per cent: `slower.so:0.5`. The module behind it is openssl.so in the folder above, or
 * what ASSAY_SLOWER_OF names. `slower.so:0` adds nothing but the call in between, so that it is what the
 * others are compared with. */
#include "backends/backend.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct assay_backend *inner;

struct assay_ctx {
  struct assay_ctx *inner;
  double share; /* of tokens that are verified twice */
};

/* What has gathered of the next second time: beyond the life of a context, or a worker that opens many of
 * them would owe a part in each. */
static _Thread_local double owed;

static const struct assay_build *refuse(const char *why) {
  static char text[600];
  static struct assay_build told = {.library = text, .version = "", .path = "", .note = ""};
  snprintf(text, sizeof text, "nothing: %s", why);
  return &told;
}

static void module_path(char *path, size_t size) {
  Dl_info own;
  const char *named = getenv("ASSAY_SLOWER_OF");
  if (named && named[0]) {
    snprintf(path, size, "%s", named);
    return;
  }
  path[0] = '\0';
  if (!dladdr(&inner, &own) || !own.dli_fname)
    return;
  const char *slash = strrchr(own.dli_fname, '/');
  int folder = slash ? (int)(slash - own.dli_fname) : 0;
  snprintf(path, size, "%.*s/../openssl.so", folder, own.dli_fname);
}

static const struct assay_build *build(void) {
  char path[4096];
  module_path(path, sizeof path);
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  const struct assay_backend *found = handle ? dlsym(handle, ASSAY_BACKEND_SYMBOL) : NULL;
  if (!found || found->abi != ASSAY_BACKEND_ABI || found->size != sizeof *found)
    return refuse(handle ? "the module inside is of another contract" : dlerror());
  inner = found;
  return inner->build();
}

static enum assay_outcome open_share(struct assay_ctx **ctx, double share) {
  struct assay_ctx *made = inner ? calloc(1, sizeof *made) : NULL;
  if (!made)
    return ASSAY_FAULT;
  made->share = share;
  enum assay_outcome outcome = inner->ctx_open(&made->inner);
  if (outcome == ASSAY_MATCH)
    *ctx = made;
  else
    free(made);
  return outcome;
}

static void ctx_close(struct assay_ctx *ctx) {
  inner->ctx_close(ctx->inner);
  free(ctx);
}

static enum assay_outcome key_open(struct assay_ctx *ctx, const struct assay_public_key *public_key,
                                   struct assay_key **key) {
  return inner->key_open(ctx->inner, public_key, key);
}

static void key_close(struct assay_ctx *ctx, struct assay_key *key) {
  inner->key_close(ctx->inner, key);
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  owed += ctx->share;
  if (owed >= 1) {
    owed -= 1;
    inner->verify(ctx->inner, key, input, sig);
  }
  return inner->verify(ctx->inner, key, input, sig);
}

#define HOOKS(stem, per_cent, opens, more)                                                                   \
  .abi = ASSAY_BACKEND_ABI, .size = sizeof(struct assay_backend), .name = stem,                              \
  .summary = "another module, with " per_cent " % of the signatures verified twice", .build = build,         \
  .algs = ASSAY_ALGS_ALL, .ctx_open = opens, .ctx_close = ctx_close, .key_open = key_open,                   \
  .key_close = key_close, .verify = verify, .variants = more

/* The contract has no argument for a variant: each per cent is one of its own, told by its ctx_open. */
#define VARIANT(id, per_cent)                                                                                \
  static enum assay_outcome ctx_open_##id(struct assay_ctx **ctx) {                                          \
    return open_share(ctx, (per_cent) / 100.0);                                                              \
  }                                                                                                          \
  static const struct assay_backend variant_##id = {HOOKS(#per_cent, #per_cent, ctx_open_##id, NULL)};

#define VARIANTS(X)                                                                                          \
  X(a, 0) X(b, 0.1) X(c, 0.2) X(d, 0.3) X(e, 0.5) X(f, 1) X(g, 2) X(h, 3) X(i, 5) X(j, 10) X(k, 50)

VARIANTS(VARIANT)

#define LISTED(id, per_cent) &variant_##id,
static const struct assay_backend *const variants[] = {VARIANTS(LISTED) NULL};

const struct assay_backend assay_backend = {HOOKS("slower", "0", ctx_open_a, variants)};
