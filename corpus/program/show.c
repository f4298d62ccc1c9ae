/* assay-corpus show: a class in words, and one token of it laid open. */
#include "corpus/program/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "corpus/base/fatal.h"
#include "corpus/make/policy_yaml.h"
#include "corpus/program/generate.h"
#include "corpus/program/show_example.h"
#include "harness/base/text/fold.h"

#define WIDTH 100
#define INDENT 12
#define SHOWN_MAX 1200  /* bytes of a part or token */
#define KEY_TEXT_MAX 24 /* of the long numbers of a key, this much is shown */

static const char *expectation_name(const struct mutation_variant *variant) {
  return variant->any ? "any" : variant->reason == REASON_OK ? "accept" : "reject";
}

/* ---- lines of at most WIDTH columns ---- */

static void print_words(const char *head, const char *text) {
  fold(stdout, WIDTH, printf("%-*s", INDENT, head), INDENT, text);
}

/* A token that floods tells no more by its thousandth dot than by its first: the beginning is shown. */
static void print_bytes(const char *head, struct assay_bytes bytes) {
  int column = printf("%-*s", INDENT, head);
  fold_bytes(stdout, WIDTH, column, INDENT,
             bytes_of(bytes.ptr, bytes.len > SHOWN_MAX ? SHOWN_MAX : bytes.len));
  if (bytes.len == 0)
    printf("(empty)");
  if (bytes.len > SHOWN_MAX)
    printf("\n%*s... and so on, %zu bytes in all", INDENT, "", bytes.len);
  putchar('\n');
}

static void print_str(const char *head, const char *text) {
  print_bytes(head, bytes_str(text));
}

/* ---- the class ---- */

static void print_algorithms(uint64_t algs) {
  char list[256] = "";
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++) {
    size_t used = strlen(list);
    if (algs & ASSAY_ALG_BIT(alg))
      snprintf(list + used, sizeof list - used, "%s%s", used ? " " : "", assay_alg_name((enum assay_alg)alg));
  }
  print_words("algorithms", algs == ALGS_ALL ? "all" : list);
}

static void print_variant(const struct mutation_class *class, const struct mutation_variant *variant) {
  printf("  %-30s  %s", variant->name[0] ? variant->name : "-", expectation_name(variant));
  if (!variant->any && variant->reason != REASON_OK)
    printf(" %s", assay_reason_dotted(variant->reason));
  for (size_t i = 0; i < sizeof variant->also / sizeof variant->also[0] && variant->also[i]; i++)
    printf("\n  %-30s  or %s", "", assay_reason_dotted(variant->also[i]));
  printf("%s%s%s\n", variant_is_pinned(class, variant) ? ", pinned" : "", variant->severity ? ", " : "",
         assay_severity_word(variant->severity));
}

static size_t count_pinned(const struct mutation_class *class) {
  size_t count = 0;
  for (size_t i = 0; i < class->variant_count; i++)
    count += variant_is_pinned(class, &class->variants[i]);
  return count;
}

static const char *pinned_words(const struct mutation_class *class) {
  size_t count = count_pinned(class);
  if (count == 0)
    return "no: every verifier should answer so";
  return count == class->variant_count
             ? "yes: the policy pins one of several defensible behaviours"
             : "in part: where a variant says so, the policy pins one of several defensible behaviours";
}

static void print_severity(enum assay_severity severity) {
  char *words = NULL;
  if (asprintf(&words, "%s: %s", assay_severity_word(severity), assay_severity_meaning(severity)) < 0)
    fatal("no memory");
  if (severity)
    print_words("severity", words);
  free(words);
}

static void print_class(const struct mutation_group *group, const struct mutation_class *class) {
  printf("%s/%s\n", group->name, class->id);
  print_words("mutation", class->sentence);
  if (class->reference[0])
    print_words("reference", class->reference);
  print_severity(class->severity);
  print_algorithms(class->algs);
  print_words("pinned", pinned_words(class));
  puts("variants");
  for (size_t i = 0; i < class->variant_count; i++)
    print_variant(class, &class->variants[i]);
}

/* ---- the example ---- */

/* "3 min 20 s after the clock" for a time in the claims. */
static void print_distance(int64_t time, int64_t clock) {
  uint64_t apart = time > clock ? (uint64_t)time - (uint64_t)clock : (uint64_t)clock - (uint64_t)time;
  if (apart == 0)
    printf("   the clock itself");
  else if (apart < 7200)
    printf("   %" PRIu64 " s %s the clock", apart, time > clock ? "after" : "before");
  else
    printf("   %.3g %s %s the clock", apart < 172800 ? (double)apart / 3600 : (double)apart / 86400,
           apart < 172800 ? "h" : "days", time > clock ? "after" : "before");
}

static bool is_time(const char *name) {
  return strcmp(name, "exp") == 0 || strcmp(name, "nbf") == 0 || strcmp(name, "iat") == 0 ||
         strcmp(name, "auth_time") == 0;
}

static void print_member(const char *head, const char *name, const json_t *value, int64_t clock) {
  json_t *string = must(json_string(name));
  char *quoted = must(json_dumps(string, JSON_ENCODE_ANY | JSON_ENSURE_ASCII));
  char *text = must(json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII));
  if (json_is_integer(value) && is_time(name)) {
    printf("%-*s%s: %s", INDENT, head, quoted, text);
    print_distance(json_integer_value(value), clock);
    putchar('\n');
  } else {
    char *line = NULL;
    if (asprintf(&line, "%s: %s", quoted, text) < 0)
      fatal("no memory");
    print_str(head, line);
    free(line);
  }
  json_decref(string);
  free(quoted);
  free(text);
}

/* One member a line, but only where that loses nothing: JSON that Jansson would write back the same. */
static bool print_members(const char *head, const struct text *raw, int64_t clock) {
  json_t *object = json_loadb((const char *)raw->ptr, raw->len, JSON_REJECT_DUPLICATES, NULL), *value;
  char *again = json_is_object(object) ? json_dumps(object, JSON_COMPACT) : NULL;
  bool same = again && bytes_eq_str(bytes_of(raw->ptr, raw->len), again);
  const char *name, *label = head;
  if (same)
    json_object_foreach(object, name, value) {
      print_member(label, name, value, clock);
      label = "";
    }
  free(again);
  json_decref(object);
  return same;
}

static void print_part(const char *head, const struct show_example *example, int part, int64_t clock) {
  OWNED_BYTES struct text raw = {0};
  if (!show_example_part(example, part, &raw)) {
    print_bytes(head, bytes_of(raw.ptr, raw.len));
    print_words("", "(no base64url: this is the part as it stands in the token)");
  } else if (!print_members(head, &raw, clock)) {
    print_bytes(head, bytes_of(raw.ptr, raw.len));
  }
}

/* The numbers of a key are long and tell nothing: their beginnings do. */
static void shorten(json_t *value) {
  size_t i;
  const char *name;
  json_t *item;
  void *next;
  json_array_foreach(value, i, item) {
    shorten(item);
  }
  json_object_foreach_safe(value, next, name, item) {
    shorten(item);
    if (!json_is_string(item) || json_string_length(item) <= 2 * KEY_TEXT_MAX)
      continue;
    char text[96];
    snprintf(text, sizeof text, "%.*s... (%zu characters)", KEY_TEXT_MAX, json_string_value(item),
             json_string_length(item));
    json_object_set_new(value, name, json_string(text));
  }
}

static void print_own_keys(const json_t *keys) {
  json_t *copy = must(json_deep_copy(keys)), *set, *jwk;
  const char *iss, *head = "keys";
  size_t i;
  shorten(copy);
  json_object_foreach(copy, iss, set) {
    print_str(head, iss);
    head = "";
    json_array_foreach(json_object_get(set, "keys"), i, jwk) {
      char *text = must(json_dumps(jwk, JSON_ENCODE_ANY | JSON_ENSURE_ASCII));
      print_str("", text);
      free(text);
    }
    if (json_array_size(json_object_get(set, "keys")) == 0)
      print_words("", "no key");
  }
  json_decref(copy);
}

static void print_policy(const char *policy) {
  json_t *json = json_loads(policy, JSON_ALLOW_NUL, NULL);
  const char *head = "policy";
  OWNED_BYTES struct text yaml = {0};
  if (json)
    policy_yaml_add(&yaml, json);
  else
    text_set_str(&yaml, policy);
  for (size_t at = 0; at < yaml.len; head = "") {
    const uint8_t *end = memchr(yaml.ptr + at, '\n', yaml.len - at);
    size_t len = end ? (size_t)(end - yaml.ptr) - at : yaml.len - at;
    print_bytes(head, bytes_of(yaml.ptr + at, len));
    at += len + 1;
  }
  json_decref(json);
}

static void print_fault(const struct mutation_class *class) {
  const struct mutation_variant *variant = &class->variants[0];
  const char *first = variant->name;
  char *sentence = NULL;
  int len;
  if (variant->any)
    len = asprintf(&sentence, "%s Libraries differ by design, and nothing is scored.", class->sentence);
  else if (variant->reason == REASON_OK)
    len = asprintf(&sentence, "none, it must be accepted: %s", class->sentence);
  else
    len = asprintf(&sentence, "%s%s%s Refused as %s: %s", first, first[0] ? ": " : "", class->sentence,
                   assay_reason_dotted(variant->reason), assay_reason_sentence(variant->reason));
  if (len < 0)
    fatal("no memory");
  print_words("fault", sentence);
  free(sentence);
}

static void print_clock(int64_t now) {
  char stamp[32];
  struct tm utc;
  time_t time = (time_t)now;
  gmtime_r(&time, &utc);
  strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &utc);
  printf("%-*s%" PRId64 " (%s)\n", INDENT, "clock", now, stamp);
}

static void print_example(const struct show_example *example, const struct mutation_class *class,
                          int64_t clock) {
  struct assay_bytes signature = show_example_signature(example);
  printf("\n%-*s", INDENT, "example");
  printf("%s, %s\n", example->id, example->source);
  print_fault(class);
  print_clock(clock);
  print_part("header", example, 0, clock);
  print_part("payload", example, 1, clock);
  print_bytes("signature", signature);
  if (example->policy)
    print_policy(example->policy);
  if (example->keys)
    print_own_keys(example->keys);
  if (example->first.len)
    print_bytes("sent first", bytes_of(example->first.ptr, example->first.len));
  print_bytes("compact", bytes_of(example->token.ptr, example->token.len));
}

/* ---- JSON ---- */

static json_t *names_of(uint64_t algs) {
  json_t *list = must(json_array());
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
    if (algs & ASSAY_ALG_BIT(alg))
      json_array_append_new(list, json_string(assay_alg_name((enum assay_alg)alg)));
  return list;
}

static json_t *variant_json(const struct mutation_class *class, const struct mutation_variant *variant) {
  json_t *also = must(json_array());
  json_t *expect = must(json_pack("{s:s}", "verdict", expectation_name(variant)));
  if (!variant->any && variant->reason != REASON_OK)
    json_object_set_new(expect, "reason", json_string(assay_reason_dotted(variant->reason)));
  for (size_t i = 0; i < sizeof variant->also / sizeof variant->also[0] && variant->also[i]; i++)
    json_array_append_new(also, json_string(assay_reason_dotted(variant->also[i])));
  return must(json_pack("{s:s, s:o, s:o, s:b, s:s*, s:o}", "variant", variant->name, "expect", expect, "also",
                        also, "pinned", (int)variant_is_pinned(class, variant), "severity",
                        variant_severity_word(class, variant), "algorithms",
                        names_of(variant->algs ? variant->algs : class->algs)));
}

/* Bytes as a JSON string: as they are where they are text, else with \xNN for what is none. */
static json_t *bytes_json(const void *octets, size_t len) {
  json_t *string = len ? json_stringn(octets, len) : json_string("");
  OWNED_BYTES struct text escaped = {0};
  if (string)
    return string;
  for (size_t i = 0; i < len; i++) {
    uint8_t c = ((const uint8_t *)octets)[i];
    text_addf(&escaped, c >= 0x20 && c < 0x7f ? "%c" : "\\x%02x", c);
  }
  string = must(json_stringn((const char *)escaped.ptr, escaped.len));
  return string;
}

static json_t *part_json(const struct show_example *example, int part) {
  OWNED_BYTES struct text raw = {0};
  json_t *json = show_example_part(example, part, &raw) ? bytes_json(raw.ptr, raw.len) : json_null();
  return json;
}

static json_t *example_json(const struct show_example *example, int64_t clock) {
  struct assay_bytes signature = show_example_signature(example);
  json_t *json = must(
      json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:o}", "id", example->id, "source", example->source,
                "alg", assay_alg_name(example->alg), "now", (json_int_t)clock, "token",
                bytes_json(example->token.ptr, example->token.len), "header", part_json(example, 0),
                "payload", part_json(example, 1), "signature", bytes_json(signature.ptr, signature.len)));
  if (example->policy)
    json_object_set_new(json, "policy", bytes_json(example->policy, strlen(example->policy)));
  if (example->keys)
    json_object_set(json, "keys", example->keys);
  if (example->first.len)
    json_object_set_new(json, "after", bytes_json(example->first.ptr, example->first.len));
  return json;
}

static void print_json(const struct mutation_group *group, const struct mutation_class *class,
                       const struct show_example *example, int64_t clock) {
  json_t *variants = must(json_array());
  for (size_t i = 0; i < class->variant_count; i++)
    json_array_append_new(variants, variant_json(class, &class->variants[i]));
  json_t *json = must(json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:o, s:o}", "group", group->name,
                                "class", class->id, "severity", assay_severity_word(class->severity), "brief",
                                class->brief ? class->brief : "", "sentence", class->sentence, "reference",
                                class->reference, "algorithms", names_of(class->algs), "pinned",
                                (int)(count_pinned(class) == class->variant_count), "variants", variants,
                                "example", example_json(example, clock)));
  json_dumpf(json, stdout, JSON_INDENT(2));
  putchar('\n');
  json_decref(json);
}

/* ---- the interface ---- */

const char *class_word(unsigned number) {
  for (size_t i = 0; mutation_groups[i]; number -= (unsigned)mutation_groups[i++]->class_count)
    if (number < mutation_groups[i]->class_count)
      return mutation_groups[i]->classes[number].id;
  return number == 0 ? valid_group.classes[0].id : NULL;
}

/* By its id, or by group and id. */
static const struct mutation_class *find_class(const char *id, const struct mutation_group **group,
                                               struct assay_error *error) {
  const char *slash = strchr(id, '/'), *bare = slash ? slash + 1 : id;
  const struct mutation_class *class = class_find(bare, group);
  if (class && (!slash || (strncmp(id, (*group)->name, (size_t)(slash - id)) == 0 &&
                           (*group)->name[slash - id] == '\0')))
    return class;
  if (class)
    error_set(error, "the class '%s' is of the group %s: %s/%s", bare, (*group)->name, (*group)->name, bare);
  const char *near = class ? NULL : word_near(bare, class_word);
  if (!class)
    error_set(error, "there is no class '%s'%s%s%s", id,
              near ? "; did you mean '" : "; `assay corpus classes` lists them", near ? near : "",
              near ? "'?" : "");
  return NULL;
}

bool class_show(const char *id, const char *folder, bool json, struct assay_error *error) {
  const struct mutation_group *group;
  const struct mutation_class *class = find_class(id, &group, error);
  struct show_example example;
  if (!class)
    return false;
  bool ok = show_example_get(&example, group, class, folder, error);
  int64_t clock = example.now == CORPUS_NOW_UNSET ? CORPUS_NOW : example.now;
  if (ok && json)
    print_json(group, class, &example, clock);
  if (ok && !json) {
    print_class(group, class);
    print_example(&example, class, clock);
  }
  show_example_fini(&example);
  return ok;
}
