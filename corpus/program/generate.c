/* Plans every token, makes them on all threads, and files them in the order of the plan. */
#include "corpus/program/generate.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/base/parallel.h"
#include "corpus/make/policy_yaml.h"

static const unsigned other_rsa_bits[] = {3072, 4096};

static const struct mutation_variant valid_variants[] = {{.name = "", .reason = REASON_OK}};
static const struct mutation_class valid_classes[] = {
    {.id = "valid",
     .brief = "good tokens",
     .sentence = "A good token: everything about it is right.",
     .reference = "RFC 7519 7.2",
     .algs = ALGS_ALL,
     VARIANTS(valid_variants)}};
const struct mutation_group valid_group = {.name = "valid", .classes = valid_classes, .class_count = 1};

/* One token to be made, and what came of it. */
struct planned {
  const struct mutation_group *group;
  const struct mutation_class *class;
  const struct mutation_variant *variant;
  enum assay_alg alg;
  unsigned key_bits, index;
  const struct learned_shape *shape; /* of a learned profile; NULL: none */
  struct corpus_case made;
  uint8_t *first; /* a token to be sent before it; NULL: none */
  size_t first_len;
  bool first_by_default; /* checked against the default policy and keys */
};

struct generation {
  const struct generate_options *options;
  const struct keyring *ring;
  struct planned *plan;
  size_t count;
  atomic_size_t done;
  pthread_mutex_t lock; /* of progress */
};

const char *const generate_profiles[] = {"default", "small", NULL};

bool generate_profile(const char *profile, struct generate_options *options) {
  *options = (struct generate_options){.profile = "default",
                                       .seed = 1,
                                       .keys = KEYRING_FULL,
                                       .valid_main = 1000,
                                       .valid_other = 200,
                                       .per_variant = 4,
                                       .least = 8,
                                       .threads = 1};
  if (strcmp(profile, "default") == 0)
    return true;
  options->profile = "small";
  options->keys = KEYRING_SMALL;
  options->valid_main = options->valid_other = 40;
  options->per_variant = options->least = 1;
  return strcmp(profile, "small") == 0;
}

static const struct mutation_class *class_in(const struct mutation_group *group, const char *id) {
  for (size_t i = 0; i < group->class_count; i++)
    if (strcmp(group->classes[i].id, id) == 0)
      return &group->classes[i];
  return NULL;
}

const struct mutation_class *class_find(const char *id, const struct mutation_group **group) {
  const struct mutation_class *class = class_in(*group = &valid_group, id);
  for (size_t i = 0; !class && mutation_groups[i]; i++)
    class = class_in(*group = mutation_groups[i], id);
  return class;
}

/* ---- planning ---- */

static bool ring_serves(const struct keyring *ring, enum assay_alg alg, unsigned bits) {
  for (size_t i = 0; i < ring->issuer_count; i++)
    if (keyring_pick(&ring->issuers[i], alg, bits, 0))
      return true;
  return false;
}

static unsigned main_bits(enum assay_alg alg) {
  return ALGS_RSA & ASSAY_ALG_BIT(alg) ? MAIN_RSA_BITS : 0;
}

static void plan_token(struct generation *g, const struct planned *planned) {
  g->plan = must_have_one_more(g->plan, g->count, sizeof *g->plan);
  g->plan[g->count++] = *planned;
}

static void plan_tokens(struct generation *g, struct planned like, unsigned count) {
  if (!ring_serves(g->ring, like.alg, like.key_bits))
    return;
  for (unsigned i = 0; i < count; i++) {
    like.index = i;
    plan_token(g, &like);
  }
}

static void plan_valid(struct generation *g) {
  struct planned like = {.group = &valid_group, .class = valid_classes, .variant = valid_variants};
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++) {
    like.alg = (enum assay_alg)alg;
    like.key_bits = main_bits(like.alg);
    plan_tokens(g, like, g->options->valid_main);
    for (size_t i = 0; like.key_bits && i < sizeof other_rsa_bits / sizeof other_rsa_bits[0]; i++) {
      struct planned other = like;
      other.key_bits = other_rsa_bits[i];
      plan_tokens(g, other, g->options->valid_other);
    }
  }
}

/* The nearest size that the ring has keys of. */
static unsigned ring_bits(unsigned bits) {
  return bits == 0 ? 0 : bits < 2560 ? MAIN_RSA_BITS : bits < 3584 ? 3072 : 4096;
}

/* Every shape gets its share, and at least one token; indices run on over all shapes of an algorithm. */
static void plan_learned(struct generation *g) {
  const struct learned *learned = g->options->learned;
  for (size_t i = 0; i < learned->shape_count; i++) {
    const struct learned_shape *shape = &learned->shapes[i];
    struct planned like = {.group = &valid_group,
                           .class = valid_classes,
                           .variant = valid_variants,
                           .alg = shape->alg,
                           .key_bits = ring_bits(shape->key_bits),
                           .shape = shape};
    for (size_t j = 0; j < g->count; j++)
      like.index += g->plan[j].alg == like.alg && g->plan[j].key_bits == like.key_bits;
    unsigned count = (unsigned)(shape->share * g->options->learned_tokens + 0.5);
    for (unsigned k = 0; k < (count ? count : 1); k++, like.index++)
      plan_token(g, &like);
  }
}

/* On elliptic curves a check is slow, and so is the import of a key, which every token that brings its own
 * key set or policy costs anew: what libraries spend there is spent on fewer tokens. */
static unsigned share_of(enum assay_alg alg, unsigned per_variant) {
  unsigned share = per_variant;
  if (alg == ASSAY_ES256)
    share = per_variant / 2;
  else if (ALGS_EC & ASSAY_ALG_BIT(alg))
    share = per_variant / 4;
  return share ? share : 1;
}

static enum assay_severity severity_of(const struct mutation_class *class, const char *name) {
  for (size_t i = 0; i < class->variant_count; i++)
    if (strcmp(class->variants[i].name, name) == 0)
      return variant_severity(class, &class->variants[i]);
  return class->severity;
}

struct book_variant class_variant(const struct mutation_group *group, const struct mutation_class *class,
                                  const char *name) {
  return (struct book_variant){.group = group->name,
                               .class_id = class->id,
                               .name = name,
                               .sentence = class->sentence,
                               .reference = class->reference,
                               .brief = class->brief,
                               .severity = severity_of(class, name)};
}

static uint64_t algs_of(const struct mutation_class *class, const struct mutation_variant *variant) {
  return variant->algs ? variant->algs : class->algs;
}

unsigned generate_count(const struct generate_options *options, const struct mutation_class *class,
                        const struct mutation_variant *variant, enum assay_alg alg) {
  uint64_t algs = algs_of(class, variant);
  if (options->per_variant == 0 || !(algs & ASSAY_ALG_BIT(alg)))
    return 0;
  if (variant->fixed)
    return 1;
  unsigned kinds = (unsigned)__builtin_popcountll(algs), share = share_of(alg, options->per_variant);
  unsigned floor = (options->least + kinds - 1) / kinds;
  return share > floor ? share : floor;
}

static void plan_class(struct generation *g, const struct mutation_group *group,
                       const struct mutation_class *class) {
  for (size_t i = 0; i < class->variant_count; i++) {
    const struct mutation_variant *variant = &class->variants[i];
    struct planned like = {.group = group, .class = class, .variant = variant};
    for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++) {
      like.alg = (enum assay_alg)alg;
      like.key_bits = main_bits(like.alg);
      if (!g->options->learned || g->options->learned->algs & ASSAY_ALG_BIT(alg))
        plan_tokens(g, like, generate_count(g->options, class, variant, like.alg));
    }
  }
}

static void plan_all(struct generation *g) {
  if (g->options->learned)
    plan_learned(g);
  else
    plan_valid(g);
  for (size_t i = 0; mutation_groups[i]; i++)
    for (size_t j = 0; j < mutation_groups[i]->class_count; j++)
      plan_class(g, mutation_groups[i], &mutation_groups[i]->classes[j]);
}

/* ---- making ---- */

static void call(mutation_hook *hook, struct draft *draft) {
  if (hook)
    hook(draft);
}

/* From a good draft to the finished token, through the variant's hooks. */
static void finish_draft(struct draft *draft, const struct mutation_variant *variant, size_t token_bytes) {
  draft->row_text = variant->text ? variant->text : "";
  draft->row_number = variant->number;
  if (token_bytes)
    draft_fit(draft, token_bytes);
  call(variant->edit, draft);
  draft_encode(draft);
  call(variant->encode, draft);
  if (variant->forge)
    variant->forge(draft);
  else
    draft_sign(draft);
  draft_join(draft);
  call(variant->tamper, draft);
}

/* "<group>/<class>[/<variant>]/<ALG>[-bits]/<NNNN>"; bits where they are not the main size. */
static char *id_of(const struct planned *planned) {
  char *id = NULL, bits[16] = "";
  const char *variant = planned->variant->name;
  if (planned->key_bits != main_bits(planned->alg))
    snprintf(bits, sizeof bits, "-%u", planned->key_bits);
  if (asprintf(&id, "%s/%s%s%s/%s%s/%04u", planned->group->name, planned->class->id, variant[0] ? "/" : "",
               variant, assay_alg_name(planned->alg), bits, planned->index) < 0)
    fatal("no memory");
  return id;
}

static char *own_json(const json_t *json) {
  return json ? must(json_dumps(json, JSON_COMPACT)) : NULL;
}

static void add_reasons(struct corpus_case *made, const struct mutation_variant *variant) {
  if (made->verdict != EXPECT_REJECT)
    return;
  case_add_reason(made, (uint16_t)variant->reason);
  for (size_t i = 0; i < sizeof variant->also / sizeof variant->also[0] && variant->also[i]; i++)
    case_add_reason(made, (uint16_t)variant->also[i]);
}

static void take_case(struct planned *planned, const struct draft *draft) {
  const struct mutation_variant *variant = planned->variant;
  struct corpus_case *made = &planned->made;
  *made = (struct corpus_case){.token = (uint8_t *)must_copy(draft->token.ptr, draft->token.len),
                               .token_len = draft->token.len,
                               .after = CORPUS_NONE,
                               .alg = planned->alg,
                               .key_bits = planned->key_bits,
                               .verdict = variant->any                   ? EXPECT_ANY
                                          : variant->reason == REASON_OK ? EXPECT_ACCEPT
                                                                         : EXPECT_REJECT,
                               .pinned = variant_is_pinned(planned->class, variant),
                               .now = draft->now == CORPUS_NOW ? CORPUS_NOW_UNSET : draft->now,
                               .policy = own_json(draft->policy),
                               .keys = own_json(draft->keys)};
  add_reasons(made, variant);
  if (draft->first.len == 0)
    return;
  planned->first = (uint8_t *)must_copy(draft->first.ptr, draft->first.len);
  planned->first_len = draft->first.len;
  planned->first_by_default = draft->first_by_default;
}

static void tell_progress(struct generation *g) {
  size_t done = atomic_fetch_add(&g->done, 1) + 1;
  if (!g->options->progress || pthread_mutex_trylock(&g->lock) != 0)
    return;
  g->options->progress(g->options->arg, "signing tokens", (double)done / (double)g->count);
  pthread_mutex_unlock(&g->lock);
}

static void make_token(void *arg, size_t index) {
  struct generation *g = arg;
  struct planned *planned = &g->plan[index];
  struct draft draft;
  char *id = id_of(planned);
  fatal_subject = id;
  if (!draft_init_like(&draft, planned->shape ? g->options->learned : NULL, g->ring, g->options->seed,
                       planned->class->id, planned->variant->name, planned->alg, planned->key_bits,
                       planned->index))
    fatal("there is no key for it, although one was planned with");
  if (planned->shape)
    draft_shape(&draft, g->options->learned, planned->shape->claims,
                planned->shape->token_bytes < LEARNED_BYTES_MAX ? planned->shape->token_bytes
                                                                : LEARNED_BYTES_MAX);
  /* Mutations keep the natural mix: one that grows a token must find room below the policy's cap. */
  finish_draft(&draft, planned->variant, planned->group == &valid_group ? g->options->token_bytes : 0);
  take_case(planned, &draft);
  planned->made.id = id;
  draft_fini(&draft);
  fatal_subject = NULL;
  tell_progress(g);
}

/* ---- filing ---- */

static void must_add(struct casebook *book, struct corpus_case *one) {
  struct assay_error error;
  fatal_subject = one->id;
  if (!book_add(book, one, &error))
    fatal("%s", error.text);
  fatal_subject = NULL;
}

/* The token to be sent first is a case of its own, under the same policy and keys (or the default ones) and
 * at the corpus' clock: the draft's own clock is when the second one comes. Its variant is one of its own
 * too: it has another verdict. */
static void file_first(struct casebook *book, struct planned *planned) {
  const struct corpus_case *made = &planned->made;
  bool own = !planned->first_by_default;
  struct corpus_case first = {.token = planned->first,
                              .token_len = planned->first_len,
                              .after = CORPUS_NONE,
                              .alg = planned->alg,
                              .key_bits = planned->key_bits,
                              .verdict = EXPECT_ACCEPT,
                              .pinned = made->pinned,
                              .now = CORPUS_NOW_UNSET,
                              .policy = own && made->policy ? must(strdup(made->policy)) : NULL,
                              .keys = own && made->keys ? must(strdup(made->keys)) : NULL};
  const char *name = planned->variant->name;
  char *variant = NULL;
  if (asprintf(&variant, "%s%sfirst", name, name[0] ? "." : "") < 0 ||
      asprintf(&first.id, "%s.first", made->id) < 0)
    fatal("no memory");
  struct book_variant told = class_variant(planned->group, planned->class, variant);
  first.variant = book_variant(book, &told);
  must_add(book, &first);
  planned->made.after = (uint32_t)(book->case_count - 1);
  free(variant);
}

static void file_planned(struct casebook *book, struct planned *planned) {
  if (planned->first)
    file_first(book, planned);
  struct book_variant told = class_variant(planned->group, planned->class, planned->variant->name);
  planned->made.variant = book_variant(book, &told);
  must_add(book, &planned->made);
}

static char *pretty_jwks(const struct ring_issuer *issuer) {
  json_t *jwks = ring_issuer_jwks(issuer);
  struct text text = {0};
  char *pretty = must(json_dumps(jwks, JSON_INDENT(2)));
  text_addf(&text, "%s\n", pretty);
  text_add(&text, "", 1);
  free(pretty);
  json_decref(jwks);
  return (char *)text.ptr;
}

static void file_default(struct casebook *book, const struct keyring *ring) {
  struct book_keys *keys = must(calloc(ring->issuer_count, sizeof *keys));
  struct text yaml = {0};
  json_t *policy = keyring_policy(ring);
  policy_yaml_add(&yaml, policy);
  text_add(&yaml, "", 1);
  for (size_t i = 0; i < ring->issuer_count; i++) {
    keys[i].iss = must(strdup(ring->issuers[i].iss));
    keys[i].jwks = pretty_jwks(&ring->issuers[i]);
    if (asprintf(&keys[i].path, "keys/%s.jwks", ring->issuers[i].host) < 0)
      fatal("no memory");
  }
  book_set_default(book, (char *)yaml.ptr, keys, ring->issuer_count);
  json_decref(policy);
}

static void tell_keys(void *arg, double share) {
  const struct generate_options *options = arg;
  if (options->progress)
    options->progress(options->arg, "making keys", share);
}

static struct keyring *make_keys(const struct generate_options *options) {
  return must(keyring_new_sized(options->keys, options->seed, options->threads, tell_keys, (void *)options));
}

static void carry_out(struct generation *g, struct keyring *ring, struct casebook *book) {
  parallel_for(g->options->threads, g->count, make_token, g);
  *book = (struct casebook){
      .profile = g->options->profile, .seed = g->options->seed, .has_seed = true, .clock = CORPUS_NOW};
  file_default(book, ring);
  for (size_t i = 0; i < g->count; i++)
    file_planned(book, &g->plan[i]);
  free(g->plan);
  keyring_free(ring);
}

void generate_cases(const struct generate_options *options, struct casebook *book) {
  struct keyring *ring = make_keys(options);
  struct generation g = {.options = options, .ring = ring, .lock = PTHREAD_MUTEX_INITIALIZER};
  plan_all(&g);
  carry_out(&g, ring, book);
}

void generate_example(const struct generate_options *options, const struct mutation_group *group,
                      const struct mutation_class *class, enum assay_alg alg, struct casebook *book) {
  struct keyring *ring = make_keys(options);
  struct generation g = {.options = options, .ring = ring, .lock = PTHREAD_MUTEX_INITIALIZER};
  const struct planned like = {
      .group = group, .class = class, .variant = class->variants, .alg = alg, .key_bits = main_bits(alg)};
  plan_tokens(&g, like, 1);
  carry_out(&g, ring, book);
}
