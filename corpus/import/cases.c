/* Format "cases": case lines (case_line.h), with the policy and key sets beside them. Every corpus has its
 * tokens in this form too, and it is the one for a user's own. */
#include "corpus/import/shared/import.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "corpus/base/fatal.h"
#include "corpus/readers/case_keys.h"
#include "corpus/store/case_line.h"
#include "corpus/store/token_alg.h"
#include "harness/base/files/file.h"
#include "harness/base/utf8.h"

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
  struct import_faults faults;
  bool any_is_json; /* some line is an object: what is wrong elsewhere is worth telling */
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

/* Nothing stands beside a pipe. */
static bool is_file(const char *path) {
  struct stat st;
  return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* The one that was named, or the one beside the cases, or none. */
static bool find_policy(struct import *import, const char *path, const char *policy,
                        struct assay_error *error) {
  char copy[4096], beside[4096 + 16];
  if (policy)
    return read_policy(import, policy, error);
  if (!is_file(path))
    return true;
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

/* Takes in what is wrong at a member of a line. */
static void wrong(struct import *import, const struct import_line *place, const char *member,
                  const char *sentence) {
  struct assay_error fault;
  error_set(&fault, "%s:%u:%u: %s", place->path, place->number, case_line_column(place->text, member),
            sentence);
  import_fault(&import->faults, &fault);
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
  wrong(import, place, "id", sentence);
  return false;
}

/* ---- algorithms ---- */

/* What a label means: "EdDSA" is either curve, and the key says which. */
static bool label_holds(enum jose_alg label, const struct token_header *header, enum assay_alg alg) {
  if (label == header->alg)
    return true;
  return header->alg == JOSE_EDDSA && label == (enum jose_alg)alg;
}

static void label_fault(struct import *import, const struct case_line *line,
                        const struct token_header *header, const struct import_line *place) {
  char sentence[512];
  const char *says = header->alg_text;
  snprintf(
      sentence, sizeof sentence,
      "'alg' is %s, but the token's header %s%.100s%s; leave 'alg' out, or name what the token attacks as "
      "'target'",
      jose_alg_name(line->alg), says ? "says '" : "has none", says ? says : "", says ? "'" : "");
  wrong(import, place, "alg", sentence);
}

/* Files a case that is in the book under its header's algorithm, or under what it attacks. A label cannot
 * contradict a header that cannot be read. */
static void settle_alg(struct import *import, const struct case_line *line, const struct import_line *place) {
  struct corpus_case *one = &import->book->cases[import->book->case_count - 1];
  struct token_header header;
  token_header_read(bytes_of(one->token, one->token_len), &header);
  one->alg = token_alg(import->book, one->setting, &header);
  bool labelled = line->alg != JOSE_ALG_COUNT;
  if (labelled && header.is_readable && !label_holds(line->alg, &header, one->alg))
    label_fault(import, line, &header, place);
  if (line->target != JOSE_ALG_COUNT)
    one->alg = jose_alg_primitive(line->target, CURVE_NONE);
  else if (labelled && !header.is_readable)
    one->alg = jose_alg_primitive(line->alg, CURVE_NONE);
  token_header_fini(&header);
}

/* ---- lines ---- */

static void remember_after(struct import *import, struct case_line *line, const struct import_line *place) {
  if (!line->after)
    return;
  import->pending = must_have_one_more(import->pending, import->pending_count, sizeof *import->pending);
  import->pending[import->pending_count++] =
      (struct pending){.from = import->book->case_count - 1,
                       .column = case_line_column(place->text, "after"),
                       .after = line->after};
  line->after = NULL;
}

static void add_line(struct import *import, struct case_line *line, const struct import_line *place) {
  struct assay_error why;
  if (!check_id(import, line->one.id, place))
    return;
  line->one.variant = import_variant(import->book, line->group, line->class_id, line->variant);
  line->one.line = place->number;
  if (!case_keys_settle(&import->keys, &line->one, &why)) {
    wrong(import, place, line->one.keys ? "keys" : "policy", why.text);
    return;
  }
  if (!book_add(import->book, &line->one, &why)) {
    wrong(import, place, line->one.policy ? "policy" : "keys", why.text);
    return;
  }
  line->one = (struct corpus_case){0};
  settle_alg(import, line, place);
  remember_after(import, line, place);
}

static bool take_line(void *arg, const struct import_line *place) {
  struct import *import = arg;
  struct case_line line;
  struct assay_error why, fault;
  unsigned column;
  bool is_json = true;
  if (case_line_read(place->text, &line, &column, &why)) {
    add_line(import, &line, place);
    case_line_fini(&line);
  } else {
    const char *foreign = foreign_text(place->text);
    error_set(&fault, "%s:%u:%u: %s%s", place->path, place->number, column, foreign ? foreign : why.text,
              place->cut ? " (the file ends within this line)" : "");
    import_fault(&import->faults, &fault);
    is_json = case_line_is_object(place->text);
  }
  import->any_is_json = import->any_is_json || is_json;
  return import->any_is_json || import->faults.count < IMPORT_FAULTS_MAX;
}

static void settle(struct import *import, const char *path) {
  for (size_t i = 0; i < import->pending_count; i++) {
    const struct pending *one = &import->pending[i];
    struct corpus_case *from = &import->book->cases[one->from];
    struct assay_error fault;
    from->after = *pool_value(&import->ids, bytes_str(one->after));
    if (from->after != CORPUS_NONE && from->after != one->from)
      continue;
    error_set(&fault, "%s:%u:%u: 'after' names '%s', which is no other case", path, from->line, one->column,
              one->after);
    import_fault(&import->faults, &fault);
  }
}

static void import_fini(struct import *import) {
  for (size_t i = 0; i < import->pending_count; i++)
    free(import->pending[i].after);
  free(import->pending);
  case_keys_fini(&import->keys);
  policy_keys_fini(&import->policy);
  pool_fini(&import->ids);
}

/* A file without a single object is something else, which one sentence says as well as twenty. */
static void spare_noise(struct import *import) {
  if (!import->any_is_json && import->faults.count > 1)
    import->faults.count = 1;
}

static bool read_lines(struct import *import, const struct import_request *request,
                       struct assay_error *error) {
  bool read = import_each_line(request->path, take_line, import, error) || import->faults.count > 0;
  if (import->faults.count == 0)
    settle(import, file_stream_name(request->path));
  spare_noise(import);
  return import_faults_end(&import->faults, request, error) && read;
}

static bool import_cases(struct casebook *book, const struct import_request *request,
                         struct assay_error *error) {
  struct import import = {.book = book};
  bool ok = find_policy(&import, request->path, request->policy, error);
  case_keys_init(&import.keys, &import.policy);
  ok = ok && read_lines(&import, request, error);
  import_fini(&import);
  return ok;
}

const struct importer importer_cases = {
    .name = "cases",
    .summary = "one JSON object a line, as in tokens.jsonl; policy.yaml beside it, or one of their own",
    .takes_policy = true,
    .run = import_cases,
};
