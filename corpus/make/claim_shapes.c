/* Six shapes of access token, after the claims that identity providers document, and the fitting of claims to
 * a length. No shape uses a claim whose mere presence a policy can ask for (act, cnf.jkt, nonce): a mutation
 * that takes it away or sets it wrong then knows what it starts from. */
#include "corpus/make/claim_shapes.h"

#include <stdio.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DRAWN(rng, array) ((array)[rng_below(rng, COUNT(array))])
#define UUID_CHARS 36

struct person {
  const char *given, *family, *login;
};

static const struct person people[] = {
    {"Zoë", "Brontë", "zoe.bronte"},       {"Łukasz", "Żak", "lukasz.zak"},
    {"Jürgen", "Groß", "juergen.gross"},   {"María José", "Núñez", "mj.nunez"},
    {"Søren", "Ågård", "soren.agard"},     {"Nguyễn", "Thị Hồng", "hong.nguyen"},
    {"Δημήτρης", "Παππάς", "d.pappas"},    {"Наталья", "Ковалёва", "n.kovaleva"},
    {"美咲", "佐藤", "misaki.sato"},       {"伟", "王", "wei.wang"},
    {"민준", "김", "minjun.kim"},          {"ليلى", "حداد", "layla.haddad"},
    {"Aoife", "O'Brien", "aoife.obrien"},  {"Grace", "Okafor", "g.okafor"},
    {"James", "Smith", "james.smith"},     {"Priya", "Raman", "priya.raman"},
    {"Emma", "Johnson", "emma.johnson"},   {"Liam", "Williams", "liam.williams"},
    {"Olivia", "Brown", "olivia.brown"},   {"Noah", "Davis", "noah.davis"},
    {"Ava", "Miller", "ava.miller"},       {"Lucas", "Martin", "lucas.martin"},
    {"Chloé", "Lefèvre", "chloe.lefevre"}, {"Mateo", "García", "mateo.garcia"},
};
static const char *const scopes[] = {"openid",         "profile",        "email",   "write",
                                     "orders:list",    "offline_access", "billing", "users.manage",
                                     "reports:export", "phone"};
static const char *const permissions[] = {"orders:read",  "orders:create", "invoices:read", "users:read",
                                          "users:update", "reports:run",   "audit:read",    "catalogue:edit"};
static const char *const realm_roles[] = {"default-roles", "offline_access", "uma_authorization",
                                          "operator",      "auditor",        "support"};
static const char *const methods[] = {"pwd", "mfa", "otp", "hwk", "fido", "sms"};
static const char *const clients[] = {"web-portal",   "mobile-ios", "mobile-android",
                                      "batch-import", "cli",        "partner-gateway"};
static const char *const groups[] = {"Everyone",   "Engineering", "Finance",
                                     "EMEA Sales", "On-call",     "Contractors"};
static const char *const streets[] = {"12 Rue de la Paix", "Königsallee 7", "221B Baker Street",
                                      "48 Harbour Road", "Via Roma 3"};
static const char *const towns[] = {"Paris", "Düsseldorf", "London", "Córdoba", "Zürich", "Gdańsk"};
static const char *const locales[] = {"en-GB", "de-DE", "fr-FR", "pl-PL", "ja-JP", "es-ES"};
static const char *const zones[] = {"Europe/London", "Europe/Berlin", "Asia/Tokyo", "America/New_York"};

/* What a shape works with. */
struct maker {
  json_t *claims;
  struct rng *rng;
  const struct ring_issuer *issuer;
  struct person person;
  int64_t iat, exp;
};

/* ---- values ---- */

static bool chance(struct rng *rng, unsigned percent) {
  return rng_below(rng, 100) < percent;
}

static void fill_from(struct rng *rng, const char *alphabet, char *out, size_t len) {
  for (size_t i = 0; i < len; i++)
    out[i] = alphabet[rng_below(rng, (uint32_t)strlen(alphabet))];
  out[len] = '\0';
}

static void fill_hex(struct rng *rng, char *out, size_t len) {
  fill_from(rng, "0123456789abcdef", out, len);
}

static void fill_word(struct rng *rng, char *out, size_t len) {
  fill_from(rng, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", out, len);
}

/* Version 4 (RFC 9562 5.4). */
static void fill_uuid(struct rng *rng, char *out) {
  fill_hex(rng, out, UUID_CHARS);
  out[8] = out[13] = out[18] = out[23] = '-';
  out[14] = '4';
  out[19] = "89ab"[rng_below(rng, 4)];
}

/* `count` different entries of a list, in the list's order. */
static json_t *some_of(struct rng *rng, const char *const *list, size_t size, size_t count) {
  json_t *array = must(json_array());
  for (size_t i = 0; i < size && count > 0; i++)
    if (rng_below(rng, (uint32_t)(size - i)) < count) {
      json_array_append_new(array, json_string(list[i]));
      count--;
    }
  return array;
}

/* ---- claims ---- */

static void put_claim(struct maker *m, const char *name, json_t *value) {
  if (json_object_set_new(m->claims, name, value) != 0)
    fatal("cannot set the claim %s", name);
}

static void put_str(struct maker *m, const char *name, const char *value) {
  put_claim(m, name, json_string(value));
}

static void put_uuid(struct maker *m, const char *name) {
  char uuid[UUID_CHARS + 1];
  fill_uuid(m->rng, uuid);
  put_str(m, name, uuid);
}

static void put_word(struct maker *m, const char *name, const char *prefix, size_t len) {
  char word[128];
  int at = snprintf(word, sizeof word, "%s", prefix);
  fill_word(m->rng, word + at, len);
  put_str(m, name, word);
}

static void put_email(struct maker *m, const char *name) {
  char email[96];
  snprintf(email, sizeof email, "%s%u@mail.example", m->person.login, rng_below(m->rng, 1000));
  put_str(m, name, email);
}

static void put_name(struct maker *m) {
  put_claim(m, "name", json_sprintf("%s %s", m->person.given, m->person.family));
}

static void put_times(struct maker *m) {
  put_claim(m, "iat", json_integer(m->iat));
  put_claim(m, "exp", json_integer(m->exp));
}

static void put_auth_time(struct maker *m) {
  put_claim(m, "auth_time", json_integer(m->iat - rng_below(m->rng, 3600)));
}

/* One string, or an array that has the audience first or second (RFC 7519 4.1.3). */
static void put_aud(struct maker *m, const char *other) {
  if (!other) {
    put_str(m, "aud", m->issuer->audience);
    return;
  }
  bool first = chance(m->rng, 50);
  put_claim(m, "aud",
            json_pack("[s, s]", first ? m->issuer->audience : other, first ? other : m->issuer->audience));
}

static void put_iss(struct maker *m) {
  put_str(m, "iss", m->issuer->iss);
}

/* Words of the list with "read" somewhere among them (RFC 6749 3.3). */
static void put_scope(struct maker *m, size_t others) {
  char scope[256] = "";
  json_t *words = some_of(m->rng, scopes, COUNT(scopes), others);
  json_array_insert_new(words, rng_below(m->rng, (uint32_t)others + 1), json_string("read"));
  size_t at = 0, i;
  json_t *word;
  json_array_foreach(words, i, word) at +=
      (size_t)snprintf(scope + at, sizeof scope - at, "%s%s", i ? " " : "", json_string_value(word));
  put_str(m, "scope", scope);
  json_decref(words);
}

/* ---- shapes ---- */

/* A machine talks to a machine (RFC 9068 2.2, client credentials). */
static void shape_service(struct maker *m) {
  char client[64];
  int at = snprintf(client, sizeof client, "%s-", DRAWN(m->rng, clients));
  fill_hex(m->rng, client + at, 8);
  put_iss(m);
  put_str(m, "sub", client);
  put_aud(m, NULL);
  put_times(m);
  put_uuid(m, "jti");
  if (chance(m->rng, 60))
    put_str(m, "client_id", client);
  put_scope(m, rng_below(m->rng, 3));
}

/* A user of an API platform: scopes, permissions, and not much about the person. */
static void shape_platform(struct maker *m) {
  char sub[40] = "idp|";
  fill_hex(m->rng, sub + 4, 24);
  put_iss(m);
  put_str(m, "sub", sub);
  put_aud(m, chance(m->rng, 70) ? "https://userinfo.example/v1" : NULL);
  put_times(m);
  put_word(m, "azp", "", 32);
  put_scope(m, 3 + rng_below(m->rng, 3));
  put_claim(m, "permissions", some_of(m->rng, permissions, COUNT(permissions), 2 + rng_below(m->rng, 5)));
  put_word(m, "jti", "", 22);
  if (chance(m->rng, 30))
    put_claim(m, "https://claims.example/plan",
              json_pack("{s:s, s:i, s:b}", "tier", "team", "seats", (int)(5 + rng_below(m->rng, 500)),
                        "trial", (int)chance(m->rng, 20)));
}

/* An open-source realm server: role objects, session, and a profile. */
static void shape_realm(struct maker *m) {
  put_claim(m, "exp", json_integer(m->exp));
  put_claim(m, "iat", json_integer(m->iat));
  if (chance(m->rng, 60))
    put_auth_time(m);
  put_uuid(m, "jti");
  put_iss(m);
  put_aud(m, chance(m->rng, 60) ? "account" : NULL);
  put_uuid(m, "sub");
  put_str(m, "typ", "Bearer");
  put_str(m, "azp", DRAWN(m->rng, clients));
  put_uuid(m, "sid");
  put_str(m, "acr", "1");
  put_claim(m, "realm_access",
            json_pack("{s:o}", "roles",
                      some_of(m->rng, realm_roles, COUNT(realm_roles), 1 + rng_below(m->rng, 4))));
  put_scope(m, 2);
  put_claim(m, "email_verified", json_boolean(chance(m->rng, 80)));
  put_name(m);
  put_str(m, "preferred_username", m->person.login);
  put_str(m, "given_name", m->person.given);
  put_str(m, "family_name", m->person.family);
  put_email(m, "email");
}

/* A directory of a large company: many short claims, nbf always. */
static void shape_directory(struct maker *m) {
  put_aud(m, NULL);
  put_iss(m);
  put_claim(m, "iat", json_integer(m->iat));
  put_claim(m, "nbf", json_integer(m->iat));
  put_claim(m, "exp", json_integer(m->exp));
  put_claim(m, "acct", json_integer(0));
  put_str(m, "acr", "1");
  put_claim(m, "amr", some_of(m->rng, methods, COUNT(methods), 1 + rng_below(m->rng, 3)));
  put_uuid(m, "appid");
  put_str(m, "appidacr", "0");
  put_str(m, "family_name", m->person.family);
  put_str(m, "given_name", m->person.given);
  put_claim(m, "ipaddr", json_sprintf("203.0.113.%u", 1 + rng_below(m->rng, 254)));
  put_name(m);
  put_uuid(m, "oid");
  put_scope(m, 1 + rng_below(m->rng, 2));
  put_word(m, "sub", "", 43);
  put_email(m, "upn");
  put_word(m, "uti", "", 22);
  put_uuid(m, "jti");
  put_str(m, "ver", "2.0");
  char role[UUID_CHARS + 1];
  fill_uuid(m->rng, role);
  put_claim(m, "wids", json_pack("[s]", role));
}

/* A workforce identity cloud: short ids with prefixes, groups. */
static void shape_workforce(struct maker *m) {
  put_claim(m, "ver", json_integer(1));
  put_word(m, "jti", "AT.", 43);
  put_iss(m);
  put_aud(m, NULL);
  put_times(m);
  put_word(m, "cid", "0oa", 17);
  put_word(m, "uid", "00u", 17);
  put_scope(m, 2 + rng_below(m->rng, 3));
  put_auth_time(m);
  put_email(m, "sub");
  if (chance(m->rng, 70))
    put_claim(m, "groups", some_of(m->rng, groups, COUNT(groups), 1 + rng_below(m->rng, 5)));
  if (chance(m->rng, 30))
    put_claim(m, "risk", json_real(rng_below(m->rng, 16) / 16.0));
}

/* A customer of a shop: the standard profile (OpenID Connect Core 5.1), sometimes bound to a certificate. */
static void shape_customer(struct maker *m) {
  put_iss(m);
  put_uuid(m, "sub");
  put_aud(m, chance(m->rng, 50) ? "https://shop.example" : NULL);
  put_times(m);
  if (chance(m->rng, 50))
    put_claim(m, "nbf", json_integer(m->iat));
  put_uuid(m, "jti");
  put_scope(m, 1 + rng_below(m->rng, 3));
  put_str(m, "client_id", DRAWN(m->rng, clients));
  put_name(m);
  put_email(m, "email");
  put_claim(m, "email_verified", json_true());
  put_claim(m, "address",
            json_pack("{s:s, s:s, s:s}", "street_address", DRAWN(m->rng, streets), "locality",
                      DRAWN(m->rng, towns), "postal_code", "40212"));
  put_str(m, "locale", DRAWN(m->rng, locales));
  put_str(m, "zoneinfo", DRAWN(m->rng, zones));
  put_claim(m, "updated_at", json_integer(m->iat - rng_below(m->rng, 30000000)));
  put_claim(m, "marketing_opt_in", chance(m->rng, 30) ? json_null() : json_boolean(chance(m->rng, 50)));
  if (chance(m->rng, 25)) { /* RFC 8705 3.1 */
    char thumbprint[44];
    fill_word(m->rng, thumbprint, 43);
    put_claim(m, "cnf", json_pack("{s:s}", "x5t#S256", thumbprint));
  }
}

json_t *claims_make(const struct ring_issuer *issuer, int64_t now, struct rng *rng) {
  static void (*const shapes[])(struct maker *) = {shape_service,   shape_service, shape_platform,
                                                   shape_platform,  shape_realm,   shape_directory,
                                                   shape_workforce, shape_customer};
  struct maker m = {
      .claims = must(json_object()), .rng = rng, .issuer = issuer, .person = DRAWN(rng, people)};
  uint32_t lifetime = 300 + rng_below(rng, 12 * 3600 - 300 + 1);
  uint32_t age_most = lifetime - 120 < 1800 ? lifetime - 120 : 1800;
  m.iat = now - 1 - rng_below(rng, age_most);
  m.exp = m.iat + lifetime;
  DRAWN(rng, shapes)(&m);
  return m.claims;
}

/* ---- fitting ---- */

static size_t compact_bytes(const json_t *claims) {
  return json_dumpb(claims, NULL, 0, JSON_COMPACT);
}

static bool must_stay(const char *name) {
  static const char *const names[] = {"iss", "sub", "aud", "iat", "exp", "jti", "scope"};
  for (size_t i = 0; i < COUNT(names); i++)
    if (strcmp(name, names[i]) == 0)
      return true;
  return false;
}

static const char *last_optional(json_t *claims) {
  const char *name, *last = NULL;
  json_t *value;
  json_object_foreach(claims, name, value) {
    if (!must_stay(name))
      last = name;
  }
  return last;
}

void claims_trim(json_t *claims, size_t max_bytes) {
  while (compact_bytes(claims) > max_bytes) {
    const char *name = last_optional(claims);
    if (!name)
      return;
    json_object_del(claims, name);
  }
}

static void shorten(json_t *claims, const struct ring_issuer *issuer, struct rng *rng) {
  char sub[9], jti[13];
  fill_word(rng, sub, sizeof sub - 1);
  fill_word(rng, jti, sizeof jti - 1);
  json_object_set_new(claims, "sub", json_string(sub));
  json_object_set_new(claims, "aud", json_string(issuer->audience));
  json_object_set_new(claims, "jti", json_string(jti));
  json_object_set_new(claims, "scope", json_string("read"));
}

/* Adds `,"entitlements":["<uuid>",..]` while there is room; returns what room is left. */
static size_t fill_with_ids(json_t *claims, size_t room, struct rng *rng) {
  const size_t first = strlen(",\"entitlements\":[]") + UUID_CHARS + 2, next = UUID_CHARS + 3;
  json_t *ids = must(json_array());
  for (size_t cost = first; room >= cost; cost = next) {
    char uuid[UUID_CHARS + 1];
    fill_uuid(rng, uuid);
    json_array_append_new(ids, json_string(uuid));
    room -= cost;
  }
  if (json_array_size(ids) > 0)
    json_object_set(claims, "entitlements", ids);
  json_decref(ids);
  return room;
}

/* The last few bytes: a claim of its own if one fits, else a longer jti. */
static void fill_rest(json_t *claims, size_t room, struct rng *rng) {
  const size_t frame = strlen(",\"ctx\":\"\"");
  char word[64];
  if (room > frame) {
    fill_word(rng, word, room - frame);
    json_object_set_new(claims, "ctx", json_string(word));
    return;
  }
  fill_word(rng, word, room);
  json_object_set_new(claims, "jti",
                      json_sprintf("%s%s", json_string_value(json_object_get(claims, "jti")), word));
}

void claims_fit(json_t *claims, const struct ring_issuer *issuer, size_t bytes, struct rng *rng) {
  claims_trim(claims, bytes);
  if (compact_bytes(claims) > bytes)
    shorten(claims, issuer, rng);
  size_t size = compact_bytes(claims);
  if (size < bytes)
    fill_rest(claims, fill_with_ids(claims, bytes - size, rng), rng);
}
