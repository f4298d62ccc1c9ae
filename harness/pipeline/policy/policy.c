/* From a policy text and its key sets to what is trusted: says what the absence of a field means, and
 * refuses what cannot be meant. */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "harness/base/files/file.h"
#include "harness/pipeline/policy/jwks.h"
#include "harness/pipeline/policy/policy_reader.h"

#define POLICY_SCHEMA "assay-policy/1"

/* The trust and what its strings point into. */
struct trust_box {
  struct trust trust;
  struct policy *policy;
  yaml_document_t document;
};

/* A name out of a list of the policy, for sorting: a kid of revoked.kid or active_from, an iss. */
struct named {
  struct assay_bytes name;
  int64_t at;   /* of active_from */
  size_t index; /* in its list */
};

static const cyaml_config_t cyaml_config = {.mem_fn = cyaml_mem, .flags = CYAML_CFG_NO_ALIAS};

static struct spot spot_at(struct reader *reader, const char *list, size_t index) {
  struct spot spot = {.reader = reader};
  snprintf(spot.path, sizeof spot.path, "%s/%zu", list, index);
  return spot;
}

/* Whether the reader goes on behind what it read. */
static bool goes_on(const struct reader *reader, bool ok) {
  return ok || (reader->faults && policy_fault_add(reader->faults, reader->source.name, reader->error));
}

struct range {
  const char *field;
  int64_t low, high;
};

/* Leaves *out as it is where the field is absent. */
static bool number_read(const struct spot *spot, struct range range, const int64_t *written, int64_t *out) {
  if (!written)
    return true;
  if (*written < range.low || *written > range.high)
    return error_set(spot->reader->error, "%s:%zu: '%s' is %lld, and must be from %lld to %lld",
                     spot->reader->source.name, spot_line(spot, range.field), range.field,
                     (long long)*written, (long long)range.low, (long long)range.high);
  *out = *written;
  return true;
}

static bool size_read(const struct spot *spot, struct range range, const int64_t *written, size_t *out) {
  int64_t number = (int64_t)*out;
  bool ok = number_read(spot, range, written, &number);
  *out = (size_t)number;
  return ok;
}

bool list_read(struct reader *reader, char *const *texts, size_t count, struct string_list *list) {
  if (count == 0)
    return true;
  struct assay_bytes *items = calloc(count, sizeof *items);
  if (!items)
    return no_memory(reader);
  for (size_t i = 0; i < count; i++)
    items[i] = bytes_str(texts[i]);
  *list = (struct string_list){items, count};
  return true;
}

static bool limits_read(struct reader *reader) {
  const struct policy_limits *written = &reader->policy->limits;
  struct trust_limits *limits = &reader->trust->limits;
  const struct spot spot = {reader, "limits"};
  *limits = (struct trust_limits){16384, 32, 256, 256, 65536};
  return goes_on(reader, size_read(&spot, (struct range){"token_bytes", 64, 1048576}, written->token_bytes,
                                   &limits->token_bytes)) &&
         goes_on(reader, size_read(&spot, (struct range){"json_depth", 1, 1024}, written->json_depth,
                                   &limits->json_depth)) &&
         goes_on(reader, size_read(&spot, (struct range){"json_members", 1, 65536}, written->json_members,
                                   &limits->json_members)) &&
         goes_on(reader, size_read(&spot, (struct range){"kid_bytes", 1, 65536}, written->kid_bytes,
                                   &limits->kid_bytes)) &&
         size_read(&spot, (struct range){"replay_entries", 1, 16777216}, written->replay_entries,
                   &limits->replay_entries);
}

/* What holds for all issuers. */
static bool common_read(struct reader *reader) {
  const struct policy *policy = reader->policy;
  struct trust *trust = reader->trust;
  const struct spot spot = {reader, ""};
  trust->now = TIME_UNSET;
  trust->typ_required = policy->typ.required;
  return goes_on(reader, number_read(&spot, (struct range){"now", -SECONDS_MAX, SECONDS_MAX}, policy->now,
                                     &trust->now)) &&
         goes_on(reader, number_read(&spot, (struct range){"leeway_s", 0, 86400}, policy->leeway_s,
                                     &trust->leeway_s)) &&
         goes_on(reader, limits_read(reader)) &&
         list_read(reader, policy->typ.allow, policy->typ.allow_count, &trust->typ_allow);
}

/* Names are exact (RFC 7515 4.1.1), so the wrong case is the likeliest mistake. */
static const char *algorithm_near(const char *word) {
  const char *names[JOSE_ALG_COUNT + 1] = {0};
  for (int i = 0; i < JOSE_ALG_COUNT; i++) {
    names[i] = jose_alg_name((enum jose_alg)i);
    if (strcasecmp(word, names[i]) == 0)
      return names[i];
  }
  return near_miss(word, names);
}

static bool algorithm_fail(const struct spot *spot, size_t index, const char *word) {
  const char *name = spot->reader->source.name, *near = algorithm_near(word);
  char field[64];
  snprintf(field, sizeof field, "algorithms/%zu", index);
  size_t line = spot_line(spot, field);
  if (strcmp(word, "none") == 0)
    return error_set(spot->reader->error,
                     "%s:%zu: the algorithm 'none' cannot be allowed: such a token is unsecured", name, line);
  return error_set(spot->reader->error, "%s:%zu: unknown algorithm '%.100s'%s%s%s", name, line, word,
                   near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static bool algorithms_read(const struct spot *spot, const struct policy_issuer *written,
                            struct issuer *issuer) {
  for (size_t i = 0; i < written->algorithms_count; i++) {
    enum jose_alg alg = jose_alg_by_name(bytes_str(written->algorithms[i]));
    if (alg == JOSE_ALG_COUNT)
      return algorithm_fail(spot, i, written->algorithms[i]);
    issuer->algorithms |= JOSE_ALG_BIT(alg);
  }
  spot->reader->trust->algorithms |= issuer->algorithms;
  return issuer->algorithms != 0 ||
         error_set(spot->reader->error, "%s:%zu: the issuer '%.200s' allows no algorithm",
                   spot->reader->source.name, spot_line(spot, "algorithms"), issuer_written_name(written));
}

static uint32_t required_bit(const char *claim) {
  static const struct {
    const char *name;
    uint32_t bit;
  } claims[] = {{"exp", REQUIRE_EXP}, {"nbf", REQUIRE_NBF}, {"iat", REQUIRE_IAT},
                {"sub", REQUIRE_SUB}, {"jti", REQUIRE_JTI}, {"aud", REQUIRE_AUD}};
  for (size_t i = 0; i < sizeof claims / sizeof *claims; i++)
    if (strcmp(claim, claims[i].name) == 0)
      return claims[i].bit;
  return 0;
}

static bool required_read(struct reader *reader, const struct policy_issuer *written, struct issuer *issuer) {
  size_t others = 0;
  struct assay_bytes *items = calloc(written->required_count + 1, sizeof *items);
  if (!items)
    return no_memory(reader);
  for (size_t i = 0; i < written->required_count; i++) {
    uint32_t bit = required_bit(written->required[i]);
    issuer->required |= bit;
    if (!bit)
      items[others++] = bytes_str(written->required[i]);
  }
  if (issuer->audience.count)
    issuer->required |= REQUIRE_AUD;
  issuer->required_other = (struct string_list){items, others};
  return true;
}

static bool issuer_lists_read(struct reader *reader, const struct policy_issuer *written,
                              struct issuer *issuer) {
  const struct policy_revoked *revoked = &written->revoked;
  return list_read(reader, written->azp, written->azp_count, &issuer->azp) &&
         list_read(reader, written->acr, written->acr_count, &issuer->acr) &&
         list_read(reader, revoked->jti, revoked->jti_count, &issuer->revoked_jti) &&
         list_read(reader, revoked->sid, revoked->sid_count, &issuer->revoked_sid) &&
         list_read(reader, revoked->sub, revoked->sub_count, &issuer->revoked_sub) &&
         required_read(reader, written, issuer);
}

/* A limit on a claim asks for the claim: a token must not escape it by leaving the claim out. */
static void limits_require(struct issuer *issuer) {
  if (issuer->max_lifetime_s != TIME_UNSET)
    issuer->required |= REQUIRE_EXP | REQUIRE_IAT;
  if (issuer->max_age_s != TIME_UNSET)
    issuer->required |= REQUIRE_IAT;
  if (issuer->replay_window_s != TIME_UNSET)
    issuer->required |= REQUIRE_JTI;
}

static bool issuer_times_read(const struct spot *spot, const struct policy_issuer *written,
                              struct issuer *issuer) {
  const struct {
    const char *field;
    const int64_t *written;
    int64_t *out;
  } times[] = {{"max_lifetime_s", written->max_lifetime_s, &issuer->max_lifetime_s},
               {"max_age_s", written->max_age_s, &issuer->max_age_s},
               {"replay_window_s", written->replay_window_s, &issuer->replay_window_s},
               {"max_auth_age_s", written->max_auth_age_s, &issuer->max_auth_age_s}};
  for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
    *times[i].out = TIME_UNSET;
    if (!goes_on(spot->reader, number_read(spot, (struct range){times[i].field, 0, SECONDS_MAX},
                                           times[i].written, times[i].out)))
      return false;
  }
  limits_require(issuer);
  return true;
}

static bool actors_read(const struct spot *spot, const struct policy_actors *written, struct issuer *issuer) {
  if (!written)
    return true;
  struct spot inside = {.reader = spot->reader};
  snprintf(inside.path, sizeof inside.path, "%.50s/actors", spot->path);
  issuer->has_actors = true;
  issuer->actors_max_depth = 1;
  return list_read(spot->reader, written->allow, written->allow_count, &issuer->actors_allow) &&
         number_read(&inside, (struct range){"max_depth", 1, 1024}, written->max_depth,
                     &issuer->actors_max_depth);
}

static int keys_order(const void *a, const void *b) {
  const struct trust_keys *left = *(const struct trust_keys *const *)a;
  const struct trust_keys *right = *(const struct trust_keys *const *)b;
  int order = bytes_compare(left->iss, right->iss);
  return order ? order : (left > right) - (left < right);
}

static int keys_match(const void *iss, const void *keys) {
  return bytes_compare(*(const struct assay_bytes *)iss, (*(const struct trust_keys *const *)keys)->iss);
}

/* By issuer, since a policy may have any number of them. */
static bool keys_sort(struct reader *reader) {
  reader->by_iss = calloc(reader->key_count + 1, sizeof *reader->by_iss);
  if (!reader->by_iss)
    return no_memory(reader);
  for (size_t i = 0; i < reader->key_count; i++)
    reader->by_iss[i] = &reader->keys[i];
  qsort(reader->by_iss, reader->key_count, sizeof *reader->by_iss, keys_order);
  return true;
}

/* The JWKS that the caller gave for this issuer, or NULL. */
static const struct trust_keys *keys_given(const struct reader *reader, struct assay_bytes iss) {
  const struct trust_keys *const *found =
      bsearch(&iss, reader->by_iss, reader->key_count, sizeof *reader->by_iss, keys_match);
  return found ? *found : NULL;
}

static bool keys_file_read(const struct spot *spot, const char *path, struct issuer *issuer) {
  const struct reader *reader = spot->reader;
  size_t line = spot_line(spot, "keys"), len;
  struct assay_error not_json;
  char *text;
  if (!file_read(path, &text, &len, reader->error))
    return error_prefix(reader->error, "%s:%zu: ", reader->source.name, line);
  bool ok = jwks_read(bytes_of(text, len), issuer->tolerates, &issuer->keys, &not_json);
  explicit_bzero(text, len); /* HMAC keys are secrets */
  free(text);
  if (!ok)
    return no_memory(reader);
  return !*not_json.text ||
         error_set(reader->error, "%s:%zu: %s:%s", reader->source.name, line, path, not_json.text);
}

/* Where the policy's `keys` path leads: from the policy's own folder, if it is relative. */
static bool keys_path(const struct spot *spot, const char *written, char *path, size_t size) {
  const struct reader *reader = spot->reader;
  bool relative = *written != '/';
  if (relative && !reader->folder)
    return error_set(reader->error,
                     "%s:%zu: 'keys' names the file '%.200s', and there is no folder to look in",
                     reader->source.name, spot_line(spot, "keys"), written);
  int length = snprintf(path, size, "%s%s%s", relative ? reader->folder : "", relative ? "/" : "", written);
  return (length > 0 && (size_t)length < size) ||
         error_set(reader->error, "%s:%zu: the path of 'keys' is too long", reader->source.name,
                   spot_line(spot, "keys"));
}

static bool keys_read(const struct spot *spot, const struct policy_issuer *written, struct issuer *issuer) {
  const struct reader *reader = spot->reader;
  const struct trust_keys *given = keys_given(reader, issuer->iss);
  char path[4096];
  if (reader->faults && !reader->folder)
    return true;
  if (given)
    return key_set_read(given->jwks, issuer->tolerates, &issuer->keys) || no_memory(reader);
  if (!written->keys)
    return error_set(reader->error, "%s:%zu: the issuer '%.200s' has no keys", reader->source.name,
                     spot_line(spot, written->iss ? "iss" : "trust_domain"), issuer_written_name(written));
  return keys_path(spot, written->keys, path, sizeof path) && keys_file_read(spot, path, issuer);
}

static int named_order(const void *a, const void *b) {
  const struct named *left = a, *right = b;
  int order = bytes_compare(left->name, right->name);
  return order ? order : (left->index > right->index) - (left->index < right->index);
}

static int named_match(const void *kid, const void *rule) {
  return bytes_compare(*(const struct assay_bytes *)kid, ((const struct named *)rule)->name);
}

static void revoked_apply(struct key_set *set, const struct named *rules, size_t count) {
  for (size_t i = 0; i < set->count; i++)
    if (set->keys[i].has_kid)
      set->keys[i].revoked = bsearch(&set->keys[i].kid, rules, count, sizeof *rules, named_match) != NULL;
}

static void active_apply(struct key_set *set, const struct named *rules, size_t count) {
  for (size_t i = 0; i < set->count; i++) {
    struct jwk *key = &set->keys[i];
    const struct named *rule =
        key->has_kid ? bsearch(&key->kid, rules, count, sizeof *rules, named_match) : NULL;
    if (rule)
      key->active_from = rule->at;
  }
}

static bool revoked_read(struct reader *reader, const struct policy_revoked *written, struct key_set *set) {
  struct named *rules = calloc(written->kid_count + 1, sizeof *rules);
  if (!rules)
    return no_memory(reader);
  for (size_t i = 0; i < written->kid_count; i++)
    rules[i] = (struct named){bytes_str(written->kid[i]), 0, i};
  qsort(rules, written->kid_count, sizeof *rules, named_order);
  revoked_apply(set, rules, written->kid_count);
  free(rules);
  return true;
}

/* One kid with two times could mean either. */
static bool active_check(const struct spot *spot, const struct named *rules, size_t count) {
  for (size_t i = 0; i < count; i++) {
    char field[64];
    snprintf(field, sizeof field, "active_from/%zu", rules[i].index);
    if (rules[i].at < -SECONDS_MAX || rules[i].at > SECONDS_MAX)
      return error_set(spot->reader->error, "%s:%zu: 'at' is %lld, and must be from %lld to %lld",
                       spot->reader->source.name, spot_line(spot, field), (long long)rules[i].at,
                       (long long)-SECONDS_MAX, (long long)SECONDS_MAX);
    if (i > 0 && bytes_eq(rules[i - 1].name, rules[i].name))
      return error_set(spot->reader->error, "%s:%zu: 'active_from' names the kid '%.200s' twice",
                       spot->reader->source.name, spot_line(spot, field), (const char *)rules[i].name.ptr);
  }
  return true;
}

static bool active_read(const struct spot *spot, const struct policy_issuer *written, struct key_set *set) {
  size_t count = written->active_from_count;
  struct named *rules = calloc(count + 1, sizeof *rules);
  if (!rules)
    return no_memory(spot->reader);
  for (size_t i = 0; i < count; i++)
    rules[i] = (struct named){bytes_str(written->active_from[i].kid), written->active_from[i].at, i};
  qsort(rules, count, sizeof *rules, named_order);
  bool ok = active_check(spot, rules, count);
  if (ok)
    active_apply(set, rules, count);
  free(rules);
  return ok;
}

static bool issuer_read(const struct spot *spot, const struct policy_issuer *written, struct issuer *issuer) {
  const struct reader *reader = spot->reader;
  issuer->nonce = written->nonce;
  issuer->tenant = bytes_str(written->tenant);
  return goes_on(reader, issuer_name_read(spot, written, issuer)) && issuer->iss.ptr &&
         goes_on(reader, algorithms_read(spot, written, issuer)) &&
         goes_on(reader, issuer_tolerate_read(spot, written, issuer)) &&
         goes_on(reader, issuer_claims_read(spot, written, issuer)) &&
         issuer_lists_read(spot->reader, written, issuer) &&
         goes_on(reader, issuer_times_read(spot, written, issuer)) &&
         goes_on(reader, actors_read(spot, written->actors, issuer)) &&
         goes_on(reader, keys_read(spot, written, issuer)) &&
         revoked_read(spot->reader, &written->revoked, &issuer->keys) &&
         active_read(spot, written, &issuer->keys);
}

/* An issuer that stands twice would have two policies, and the order would decide. */
static bool issuers_distinct(struct reader *reader) {
  const struct policy *policy = reader->policy;
  struct named *names = calloc(policy->issuers_count + 1, sizeof *names);
  size_t twice = 0;
  if (!names)
    return no_memory(reader);
  for (size_t i = 0; i < policy->issuers_count; i++)
    names[i] = (struct named){bytes_str(issuer_written_name(&policy->issuers[i])), 0, i};
  qsort(names, policy->issuers_count, sizeof *names, named_order);
  for (size_t i = 1; i < policy->issuers_count && !twice; i++)
    if (names[i].name.ptr && bytes_eq(names[i - 1].name, names[i].name))
      twice = names[i].index;
  free(names);
  if (!twice)
    return true;
  const struct spot spot = spot_at(reader, "issuers", twice);
  return error_set(reader->error, "%s:%zu: the issuer '%.200s' stands twice", reader->source.name,
                   spot_line(&spot, policy->issuers[twice].iss ? "iss" : "trust_domain"),
                   issuer_written_name(&policy->issuers[twice]));
}

static bool issuers_read(struct reader *reader) {
  struct trust *trust = reader->trust;
  size_t count = reader->policy->issuers_count;
  if (count == 0)
    return error_set(reader->error, "%s:%zu: the list of issuers is empty", reader->source.name,
                     policy_source_line(&reader->source, "issuers"));
  if (!goes_on(reader, issuers_distinct(reader)))
    return false;
  trust->issuers = calloc(count, sizeof *trust->issuers);
  if (!trust->issuers)
    return no_memory(reader);
  for (; trust->issuer_count < count; trust->issuer_count++) {
    const struct spot spot = spot_at(reader, "issuers", trust->issuer_count);
    struct issuer *issuer = &trust->issuers[trust->issuer_count];
    if (!goes_on(reader, issuer_read(&spot, &reader->policy->issuers[trust->issuer_count], issuer))) {
      trust->issuer_count++; /* what was read of it is freed with the others */
      return false;
    }
  }
  return true;
}

/* First of all: a policy of another version may well have fields that are unknown here. */
static bool version_check(struct reader *reader) {
  const yaml_node_t *schema = policy_source_find(&reader->source, "schema");
  if (!schema || schema->type != YAML_SCALAR_NODE)
    return true; /* said better by policy_source_check */
  const char *written = (const char *)schema->data.scalar.value;
  return strcmp(written, POLICY_SCHEMA) == 0 ||
         error_set(reader->error, "%s:%zu: the schema is '%.100s', and this version reads '%s'",
                   reader->source.name, schema->start_mark.line + 1, written, POLICY_SCHEMA);
}

static struct trust *trust_build(struct reader *reader, struct policy *policy) {
  struct trust_box *box = calloc(1, sizeof *box);
  if (!box) {
    cyaml_free(&cyaml_config, &policy_schema, policy, 0);
    no_memory(reader);
    return NULL;
  }
  box->policy = policy;
  reader->policy = policy;
  reader->trust = &box->trust;
  bool ok = keys_sort(reader) && goes_on(reader, common_read(reader)) && issuers_read(reader);
  free(reader->by_iss);
  if (ok && !(reader->faults && reader->faults->count))
    return &box->trust;
  trust_free(&box->trust);
  return NULL;
}

static struct trust *document_read(struct reader *reader, struct assay_bytes text) {
  struct policy *policy = NULL;
  if (!version_check(reader) ||
      !policy_source_check(&reader->source, &policy_schema, reader->faults, reader->error))
    return NULL;
  cyaml_err_t problem =
      cyaml_load_data(text.ptr, text.len, &cyaml_config, &policy_schema, (cyaml_data_t **)&policy, NULL);
  if (problem != CYAML_OK) {
    error_set(reader->error, "%s: libcyaml cannot load it: %s", reader->source.name, cyaml_strerror(problem));
    return NULL;
  }
  return trust_build(reader, policy);
}

static struct trust *read_with(struct reader *reader, struct assay_bytes policy, const char *name) {
  if (!policy_source_open(&reader->source, policy, name, reader->error))
    return NULL;
  struct trust *trust = document_read(reader, policy);
  if (trust)
    ((struct trust_box *)trust)->document = reader->source.document; /* texts of the trust lie in it */
  else
    policy_source_close(&reader->source);
  return trust;
}

struct trust *trust_read(struct assay_bytes policy, const char *name, const char *folder,
                         const struct trust_keys *keys, size_t key_count, struct assay_error *error) {
  struct reader reader = {.folder = folder, .keys = keys, .key_count = key_count, .error = error};
  return read_with(&reader, policy, name);
}

void trust_faults(struct assay_bytes policy, const char *name, const char *folder,
                  struct policy_faults *faults) {
  struct assay_error error = {0};
  struct reader reader = {.folder = folder, .error = &error, .faults = faults};
  faults->count = 0;
  trust_free(read_with(&reader, policy, name));
  policy_fault_add(faults, name, &error);
}

static void issuer_fini(struct issuer *issuer) {
  const struct string_list *lists[] = {&issuer->audience,     &issuer->required_other, &issuer->azp,
                                       &issuer->acr,          &issuer->scope,          &issuer->roles,
                                       &issuer->actors_allow, &issuer->revoked_jti,    &issuer->revoked_sid,
                                       &issuer->revoked_sub};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    free(lists[i]->items);
  issuer_claims_fini(issuer);
  key_set_fini(&issuer->keys);
}

void trust_free(struct trust *trust) {
  if (!trust)
    return;
  struct trust_box *box = (struct trust_box *)trust; /* its first member */
  for (size_t i = 0; i < trust->issuer_count; i++)
    issuer_fini(&trust->issuers[i]);
  free(trust->issuers);
  free(trust->typ_allow.items);
  cyaml_free(&cyaml_config, &policy_schema, box->policy, 0);
  yaml_document_delete(&box->document);
  free(box);
}

void trust_key_faults(const struct trust *trust,
                      void (*tell)(void *arg, struct assay_bytes iss, const struct assay_bytes *kid,
                                   enum assay_reason reason),
                      void *arg) {
  static const struct assay_bytes no_kid = {0};
  for (size_t i = 0; i < trust->issuer_count; i++) {
    const struct issuer *issuer = &trust->issuers[i];
    if (issuer->keys.refused != REASON_OK)
      tell(arg, issuer->iss, NULL, issuer->keys.refused);
    for (size_t k = 0; k < issuer->keys.count; k++) {
      const struct jwk *key = &issuer->keys.keys[k];
      if (key->refused != REASON_OK)
        tell(arg, issuer->iss, key->has_kid ? &key->kid : &no_kid, key->refused);
    }
  }
}
