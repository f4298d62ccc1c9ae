/* Format "cases": case lines (case_line.h), with the policy and key sets beside them. Every corpus has its
 * tokens in this form too, and it is the one for a user's own. */
#include "corpus/import.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "corpus/case_line.h"
#include "corpus/fatal.h"
#include "corpus/keyfile/case_keys.h"

/* A reference to another case, settled when all are known. */
struct pending {
  size_t from; /* index of the case that has it */
  unsigned column;
  char *after;
};

struct import {
  struct casebook *book;
  struct policy_keys policy; /* the default one */
  struct case_keys keys;
  struct pool ids; /* id -> index of the case */
  struct pending *pending;
  size_t pending_count;
  struct assay_error *error;
};

/* ---- the default policy ---- */

static struct book_keys *book_keys_of(const struct policy_keys *policy) {
  struct book_keys *keys = must(calloc(policy->count + 1, sizeof *keys));
  for (size_t i = 0; i < policy->count; i++) {
    const struct policy_key_set *set = &policy->sets[i];
    keys[i] = (struct book_keys){.iss = must(strdup(set->iss)),
                                 .path = must(strdup(set->path)),
                                 .jwks = must(strdup(set->keyfile.jwks))};
  }
  return keys;
}

static bool read_policy(struct import *import, const char *name, struct assay_error *error) {
  struct casebook *book = import->book;
  if (!policy_keys_read(name, &import->policy, error))
    return false;
  book->clock = import->policy.now;
  book_set_default(book, must(strdup(import->policy.policy)), book_keys_of(&import->policy),
                   import->policy.count);
  return true;
}

/* The one that was named, or the one beside the cases, or none. */
static bool find_policy(struct import *import, const char *path, const char *policy,
                        struct assay_error *error) {
  char copy[4096], beside[4096 + 16];
  if (policy)
    return read_policy(import, policy, error);
  if ((size_t)snprintf(copy, sizeof copy, "%s", path) >= sizeof copy)
    return error_set(error, "%.64s...: name too long", path);
  const char *folder = dirname(copy);
  if (strcmp(folder, ".") == 0 && strchr(path, '/') == NULL)
    snprintf(beside, sizeof beside, "policy.yaml");
  else
    snprintf(beside, sizeof beside, "%s/policy.yaml", folder);
  return access(beside, F_OK) != 0 || read_policy(import, beside, error);
}

/* ---- cases ---- */

static bool wrong(struct import *import, const struct import_line *place, const char *member,
                  const char *sentence) {
  return error_set(import->error, "%s:%u:%u: %s", place->path, place->number,
                   case_line_column(place->text, member), sentence);
}

static bool check_id(struct import *import, const char *id, const struct import_line *place) {
  const struct casebook *book = import->book;
  uint32_t *index = pool_value(&import->ids, bytes_str(id));
  char sentence[768];
  if (*index == CORPUS_NONE) {
    *index = (uint32_t)book->case_count;
    return true;
  }
  snprintf(sentence, sizeof sentence, "the id '%s' stands in line %u already", id, book->cases[*index].line);
  return wrong(import, place, "id", sentence);
}

static void remember_after(struct import *import, struct case_line *line, const struct import_line *place) {
  if (!line->after)
    return;
  import->pending = must(realloc(import->pending, (import->pending_count + 1) * sizeof *import->pending));
  import->pending[import->pending_count++] =
      (struct pending){.from = import->book->case_count - 1,
                       .column = case_line_column(place->text, "after"),
                       .after = line->after};
  line->after = NULL;
}

static bool add_line(struct import *import, struct case_line *line, const struct import_line *place) {
  struct assay_error why;
  if (!check_id(import, line->one.id, place))
    return false;
  line->one.variant = import_variant(import->book, line->group, line->class_id, line->variant, line->pinned);
  line->one.line = place->number;
  if (!case_keys_settle(&import->keys, &line->one, &why))
    return wrong(import, place, line->one.keys ? "keys" : "policy", why.text);
  if (!book_add(import->book, &line->one, &why))
    return wrong(import, place, line->one.policy ? "policy" : "keys", why.text);
  line->one = (struct corpus_case){0};
  remember_after(import, line, place);
  return true;
}

static bool take_line(void *arg, const struct import_line *place) {
  struct import *import = arg;
  struct case_line line;
  struct assay_error why;
  unsigned column;
  if (!case_line_read(place->text, &line, &column, &why))
    return error_set(import->error, "%s:%u:%u: %s%s", place->path, place->number, column, why.text,
                     place->cut ? " (the file ends within this line)" : "");
  bool ok = add_line(import, &line, place);
  case_line_fini(&line);
  return ok;
}

static bool settle(struct import *import, const char *path) {
  for (size_t i = 0; i < import->pending_count; i++) {
    const struct pending *one = &import->pending[i];
    struct corpus_case *from = &import->book->cases[one->from];
    from->after = *pool_value(&import->ids, bytes_str(one->after));
    if (from->after == CORPUS_NONE || from->after == one->from)
      return error_set(import->error, "%s:%u:%u: 'after' names '%s', which is no other case", path,
                       from->line, one->column, one->after);
  }
  return true;
}

static void import_fini(struct import *import) {
  for (size_t i = 0; i < import->pending_count; i++)
    free(import->pending[i].after);
  free(import->pending);
  case_keys_fini(&import->keys);
  policy_keys_fini(&import->policy);
  pool_fini(&import->ids);
}

static bool run(struct casebook *book, const char *path, const char *policy, struct assay_error *error) {
  struct import import = {.book = book, .error = error};
  bool ok = find_policy(&import, path, policy, error);
  case_keys_init(&import.keys, &import.policy);
  ok = ok && import_each_line(path, take_line, &import, error) && settle(&import, path);
  import_fini(&import);
  return ok;
}

const struct importer importer_cases = {
    .name = "cases",
    .summary = "one JSON object a line, as in tokens.jsonl; policy.yaml beside it, or one of their own",
    .run = run,
};
