/* The part of a policy that is about an issuer's tokens: how they are known, which claims are held against
 * what, and which refusals are lifted. */
#include <stdio.h>
#include <stdlib.h>

#include "harness/base/text/base64.h"
#include "harness/pipeline/policy/claim_path.h"
#include "harness/pipeline/policy/policy_reader.h"

#define TRUST_DOMAIN_MAX 255     /* SPIFFE-ID 2.1 */
#define THUMBPRINT_CHARACTERS 43 /* of SHA-256 in base64url */

/* "policy.yaml:7: " and then the words. */
#define FAIL(spot, line, ...)                                                                                \
  (error_set((spot)->reader->error, __VA_ARGS__),                                                            \
   error_prefix((spot)->reader->error, "%s:%zu: ", (spot)->reader->source.name, (size_t)(line)))

/* ---- how its tokens are known ---- */

const char *issuer_written_name(const struct policy_issuer *written) {
  return written->iss ? written->iss : written->trust_domain;
}

/* line: where the name or pointer stands. */
static bool path_read(const struct spot *spot, size_t line, struct assay_bytes text,
                      struct claim_path *path) {
  switch (claim_path_read(text, path)) {
  case CLAIM_PATH_READ: return true;
  case CLAIM_PATH_ESCAPE:
    return FAIL(spot, line, "'%.*s' is no JSON Pointer: '~' stands before 0 or 1 only (RFC 6901 3)",
                (int)(text.len < 200 ? text.len : 200), (const char *)text.ptr);
  default: return no_memory(spot->reader);
  }
}

static bool template_fail(const struct spot *spot, const char *iss) {
  return FAIL(spot, spot_line(spot, "iss"),
              "the issuer '%.200s' is no template: one claim may stand in it, as {tenantid}", iss);
}

/* A scheme and a whole host, so that no claim can choose the server: "https://login.example/". */
static bool fixes_host(struct assay_bytes before) {
  const uint8_t *scheme_end = memmem(before.ptr, before.len, "://", 3), *host, *end = before.ptr + before.len;
  if (!scheme_end || scheme_end == before.ptr)
    return false;
  for (host = scheme_end + 3; host < end && !memchr("/?#", *host, 3);)
    host++;
  return host > scheme_end + 3 && host < end;
}

static bool is_iss(const struct claim_path *path) {
  return path->count == 1 && bytes_eq_str(path->steps[0], "iss");
}

/* A template that every token fits, by what it says of itself, would check nothing. */
static bool template_holds(const struct spot *spot, const char *iss, const struct issuer_template *template) {
  if (!fixes_host(template->before))
    return FAIL(spot, spot_line(spot, "iss"),
                "the issuer '%.200s' is a template without fixed text: scheme and host must stand before the "
                "claim, as in https://login.example/{tenantid}",
                iss);
  return !is_iss(&template->claim) || FAIL(spot, spot_line(spot, "iss"),
                                           "the issuer '%.200s' takes its part from iss itself, which any "
                                           "part fits: name another claim, as "
                                           "in https://login.example/{tenantid}",
                                           iss);
}

/* before{claim}after */
static bool template_read(const struct spot *spot, const char *iss, struct issuer *issuer) {
  size_t open = strcspn(iss, "{}");
  if (iss[open] == '\0')
    return true;
  const char *claim = iss + open + 1;
  size_t len = strcspn(claim, "{}");
  if (iss[open] != '{' || claim[len] != '}' || len == 0 || strpbrk(claim + len + 1, "{}"))
    return template_fail(spot, iss);
  issuer->kind = ISSUER_TEMPLATE;
  issuer->template.before = bytes_of(iss, open);
  issuer->template.after = bytes_str(claim + len + 1);
  return path_read(spot, spot_line(spot, "iss"), bytes_of(claim, len), &issuer->template.claim) &&
         template_holds(spot, iss, &issuer->template);
}

static bool is_trust_domain(const char *name) {
  size_t len = strlen(name);
  return len <= TRUST_DOMAIN_MAX && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == len;
}

/* JWT-SVID 3: such a token has sub, aud and exp. */
static bool trust_domain_read(const struct spot *spot, const char *name, struct issuer *issuer) {
  issuer->kind = ISSUER_TRUST_DOMAIN;
  issuer->required |= REQUIRE_SUB | REQUIRE_AUD | REQUIRE_EXP;
  return is_trust_domain(name) ||
         FAIL(spot, spot_line(spot, "trust_domain"),
              "'trust_domain' is '%.200s', and must be a name such as example.org: small letters, digits, "
              "'.', '-' and '_'",
              name);
}

bool issuer_name_read(const struct spot *spot, const struct policy_issuer *written, struct issuer *issuer) {
  const char *name = issuer_written_name(written);
  if (!name)
    return FAIL(spot, spot_line(spot, ""), "an entry of 'issuers' lacks the field 'iss'");
  if (written->iss && written->trust_domain)
    return FAIL(spot, spot_line(spot, "trust_domain"),
                "the issuer '%.200s' has a 'trust_domain' too, which is for tokens without iss: "
                "make it an entry of its own",
                written->iss);
  issuer->iss = bytes_str(name);
  return written->iss ? template_read(spot, name, issuer) : trust_domain_read(spot, name, issuer);
}

/* ---- what is tolerated ---- */

#define REASON_OF(id, reason, what) [TOLERANCE_##id] = REASON_##reason,
#define MEANING_OF(id, reason, what) [TOLERANCE_##id] = what,

enum assay_reason tolerance_reason(enum tolerance tolerance) {
  static const uint16_t reasons[] = {TOLERANCES(REASON_OF)};
  return (enum assay_reason)reasons[tolerance];
}

const char *tolerance_meaning(enum tolerance tolerance) {
  static const char *const meanings[] = {TOLERANCES(MEANING_OF)};
  return meanings[tolerance];
}

static bool tolerance_fail(const struct spot *spot, size_t index, const char *word) {
  const char *names[TOLERANCE_COUNT + 1] = {0}, *near;
  char field[64];
  for (int i = 0; i < TOLERANCE_COUNT; i++)
    names[i] = assay_reason_dotted(tolerance_reason((enum tolerance)i));
  near = near_miss(word, names);
  snprintf(field, sizeof field, "tolerate/%zu", index);
  if (!near && assay_reason_by_dotted(bytes_str(word)) > REASON_OK)
    return FAIL(spot, spot_line(spot, field), "'%.100s' cannot be tolerated", word);
  return FAIL(spot, spot_line(spot, field), "'%.100s' is no reason that can be tolerated%s%s%s", word,
              near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
}

bool issuer_tolerate_read(const struct spot *spot, const struct policy_issuer *written,
                          struct issuer *issuer) {
  for (size_t i = 0; i < written->tolerate_count; i++) {
    int reason = assay_reason_by_dotted(bytes_str(written->tolerate[i]));
    int tolerance = 0;
    while (tolerance < TOLERANCE_COUNT && (int)tolerance_reason((enum tolerance)tolerance) != reason)
      tolerance++;
    if (tolerance == TOLERANCE_COUNT)
      return tolerance_fail(spot, i, written->tolerate[i]);
    issuer->tolerates |= 1u << tolerance;
  }
  spot->reader->trust->tolerates |= issuer->tolerates;
  return true;
}

/* ---- what its claims are held against ---- */

static struct assay_bytes node_text(const yaml_node_t *node) {
  return bytes_of(node->data.scalar.value, node->data.scalar.length);
}

/* Of a list's node. Its texts live as long as the document. */
static bool texts_read(const struct spot *spot, const yaml_node_t *node, struct string_list *list) {
  const yaml_node_item_t *start = node->data.sequence.items.start;
  size_t count = (size_t)(node->data.sequence.items.top - start);
  list->items = calloc(count + 1, sizeof *list->items);
  if (!list->items)
    return no_memory(spot->reader);
  for (; list->count < count; list->count++)
    list->items[list->count] =
        node_text(yaml_document_get_node(&spot->reader->source.document, start[list->count]));
  return true;
}

/* scope: [read], or scope: {claim: scp, all: [read]} */
static bool claim_list_read(const struct spot *spot, const char *field, struct claim_path *claim,
                            struct string_list *list) {
  const yaml_node_t *node = spot_node(spot, field);
  char claim_field[32], all_field[32];
  if (!node)
    return true;
  if (node->type == YAML_SEQUENCE_NODE)
    return texts_read(spot, node, list);
  snprintf(claim_field, sizeof claim_field, "%s/claim", field);
  snprintf(all_field, sizeof all_field, "%s/all", field);
  return path_read(spot, spot_line(spot, claim_field), node_text(spot_node(spot, claim_field)), claim) &&
         texts_read(spot, spot_node(spot, all_field), list);
}

/* RFC 6749 3.3. An array of another claim may have any texts. */
static bool is_scope_token(struct assay_bytes text) {
  for (size_t i = 0; i < text.len; i++)
    if (text.ptr[i] <= ' ' || text.ptr[i] > '~' || text.ptr[i] == '"' || text.ptr[i] == '\\')
      return false;
  return true;
}

static bool scope_read(const struct spot *spot, struct issuer *issuer) {
  char field[32];
  if (!claim_list_read(spot, "scope", &issuer->scope_claim, &issuer->scope))
    return false;
  for (size_t i = 0; i < issuer->scope.count && !issuer->scope_claim.count; i++) {
    snprintf(field, sizeof field, "scope/%zu", i);
    if (!is_scope_token(issuer->scope.items[i]))
      return FAIL(spot, spot_line(spot, field),
                  "'%.100s' is no scope: it has a character that separates scopes or that none has (RFC 6749 "
                  "3.3); each is an entry of its own",
                  (const char *)issuer->scope.items[i].ptr);
  }
  return true;
}

/* audience: [me], or audience: any */
static bool audience_read(const struct spot *spot, const struct policy_issuer *written,
                          struct issuer *issuer) {
  const yaml_node_t *node = spot_node(spot, "audience");
  bool any = node && node->type == YAML_SCALAR_NODE;
  if (node && !any && !texts_read(spot, node, &issuer->audience))
    return false;
  if (written->sole_audience && issuer->audience.count == 0)
    return FAIL(spot, spot_line(spot, "sole_audience"),
                "'sole_audience' needs a list of 'audience' to be held against");
  issuer->audience_rule = any ? AUDIENCE_ANY : written->sole_audience ? AUDIENCE_SOLE : AUDIENCE_LISTED;
  return true;
}

static bool client_read(const struct spot *spot, const struct policy_issuer *written, struct issuer *issuer) {
  if (!written->client)
    return true;
  if (written->azp_count == 0)
    return FAIL(spot, spot_line(spot, "client"),
                "'client' names the claim of the client, and 'azp' lists no client");
  return path_read(spot, spot_line(spot, "client"), bytes_str(written->client), &issuer->client_claim);
}

static bool cnf_read(const struct spot *spot, const char *field, const char *written, struct cnf_rule *rule) {
  if (!written)
    return true;
  rule->required = true;
  if (strcmp(written, "any") == 0)
    return true;
  rule->thumbprint = bytes_str(written);
  return (rule->thumbprint.len == THUMBPRINT_CHARACTERS &&
          written[strspn(written, BASE64URL_ALPHABET)] == '\0') ||
         FAIL(spot, spot_line(spot, field),
              "the thumbprint '%.100s' must be %d characters of base64url, or any", written,
              THUMBPRINT_CHARACTERS);
}

static bool cnf_holds(const struct spot *spot) {
  const yaml_node_t *node = spot_node(spot, "cnf");
  return !node || node->data.mapping.pairs.start != node->data.mapping.pairs.top ||
         FAIL(spot, spot_line(spot, "cnf"), "'cnf' names nothing to check: fill it or leave it out");
}

/* name: of the claim, as the policy writes it. */
static bool value_read(const struct spot *spot, const yaml_node_t *name, const yaml_node_t *node,
                       struct claim_value *value) {
  size_t line = name->start_mark.line + 1;
  policy_value_type(node, &value->type); /* policy_source_check has seen that it has one */
  value->text = node_text(node);
  if (!path_read(spot, line, node_text(name), &value->claim))
    return false;
  if (value->type != VALUE_NUMBER)
    return true;
  value->number = strtoll((const char *)node->data.scalar.value, NULL, 10);
  return (value->number >= -SECONDS_MAX && value->number <= SECONDS_MAX) ||
         FAIL(spot, line, "'%.100s' is %lld, and must be from %lld to %lld",
              (const char *)name->data.scalar.value, (long long)value->number, (long long)-SECONDS_MAX,
              (long long)SECONDS_MAX);
}

static bool values_read(const struct spot *spot, struct issuer *issuer) {
  const yaml_node_t *node = spot_node(spot, "values");
  if (!node)
    return true;
  const yaml_node_pair_t *start = node->data.mapping.pairs.start;
  size_t count = (size_t)(node->data.mapping.pairs.top - start);
  yaml_document_t *document = &spot->reader->source.document;
  issuer->values = calloc(count + 1, sizeof *issuer->values);
  if (!issuer->values)
    return no_memory(spot->reader);
  for (size_t i = 0; i < count; i++) {
    struct claim_value *value = &issuer->values[issuer->value_count++];
    if (!value_read(spot, yaml_document_get_node(document, start[i].key),
                    yaml_document_get_node(document, start[i].value), value))
      return false;
  }
  return true;
}

bool issuer_claims_read(const struct spot *spot, const struct policy_issuer *written, struct issuer *issuer) {
  issuer->cnf_jkt.required = written->cnf_jkt;
  return audience_read(spot, written, issuer) && scope_read(spot, issuer) &&
         claim_list_read(spot, "roles", &issuer->roles_claim, &issuer->roles) &&
         client_read(spot, written, issuer) && cnf_holds(spot) &&
         cnf_read(spot, "cnf/jkt", written->cnf.jkt, &issuer->cnf_jkt) &&
         cnf_read(spot, "cnf/x5t_s256", written->cnf.x5t_s256, &issuer->cnf_x5t_s256) &&
         values_read(spot, issuer);
}

void issuer_claims_fini(struct issuer *issuer) {
  struct claim_path *paths[] = {&issuer->template.claim, &issuer->scope_claim, &issuer->roles_claim,
                                &issuer->client_claim};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
    claim_path_fini(paths[i]);
  for (size_t i = 0; i < issuer->value_count; i++)
    claim_path_fini(&issuer->values[i].claim);
  free(issuer->values);
}
