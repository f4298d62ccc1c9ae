/* Rows that say everything themselves; see claim_rows.h. */
#include "corpus/make/claim_rows.h"

#include "corpus/base/fatal.h"

static json_t *value_of(const char *row, size_t len, const char *self) {
  OWNED_BYTES struct text text = {0};
  for (size_t i = 0; i < len; i++) {
    if (row[i] == '@')
      text_add_str(&text, self);
    else
      text_add(&text, row[i] == '\'' ? "\"" : row + i, 1);
  }
  json_t *value = json_loadb((const char *)text.ptr, text.len, JSON_DECODE_ANY, NULL);
  if (!value)
    fatal("a row's text is not JSON: %.*s", (int)text.len, (const char *)text.ptr);
  return value;
}

json_t *row_value(const char *row, const char *self) {
  return value_of(row, strlen(row), self);
}

/* row: the members of an object, without its braces. */
static void members_merge(json_t *into, const char *row, size_t len, const char *self) {
  OWNED_BYTES struct text braced = {0};
  text_addf(&braced, "{%.*s}", (int)len, row);
  json_t *members = value_of((const char *)braced.ptr, braced.len, self);
  json_object_update(into, members);
  json_decref(members);
}

static void claims_merge(struct draft *draft, const char *row) {
  if (row[0] != '-')
    members_merge(draft->claims, row, strlen(row), draft->issuer->audience);
  else
    json_object_del(draft->claims, row + 1); /* some drafts lack the claim to begin with */
}

void claims_change(struct draft *draft) {
  claims_merge(draft, draft->row_text);
}

void claims_demand(struct draft *draft) {
  const char *bar = strstr(draft->row_text, " | ");
  if (!bar)
    fatal("a row has no ' | ' between policy and claims: %s", draft->row_text);
  members_merge(draft_policy_issuer(draft), draft->row_text, (size_t)(bar - draft->row_text),
                draft->issuer->audience);
  claims_merge(draft, bar + strlen(" | "));
}

void first_same(struct draft *draft) {
  text_set(&draft->first, draft->token.ptr, draft->token.len);
}

void first_take(struct draft *draft) {
  draft_sign(draft);
  draft_join(draft);
  first_same(draft);
}
