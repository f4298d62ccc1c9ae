/* The lines that are exchanged with a program: assay-exec/1. What adapters have to do stands in
 * adapters/README.md; here lines are written and read. Nothing in an answer is trusted: it comes from a
 * program under test. */
#ifndef ASSAY_BACKENDS_VERIFIERS_EXEC_PROTOCOL_H
#define ASSAY_BACKENDS_VERIFIERS_EXEC_PROTOCOL_H

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/verifiers/verifier.h"
#include "harness/base/text/base64.h"

#define EXEC_PROTOCOL "assay-exec/1"
#define EXEC_LINE_MAX ((size_t)1 << 20) /* of an answer or a hello */

static inline bool exec_is_printable(struct assay_bytes token) {
  for (size_t i = 0; i < token.len; i++)
    if (token.ptr[i] < 0x20 || token.ptr[i] > 0x7e)
      return false;
  return true;
}

/* The members of a setting as they stand in a request, a comma before them. A key set that is no JSON goes
 * as a string. free() it; NULL: no memory. */
static inline char *exec_setting_text(const struct assay_setting *setting) {
  json_t *members = json_object(), *keys = json_object();
  json_object_set_new(members, "policy", json_loads(setting->policy, 0, NULL));
  json_object_set_new(members, "keys", keys);
  for (size_t i = 0; i < setting->key_count; i++) {
    json_t *set = json_loads(setting->keys[i].jwks, JSON_DECODE_ANY, NULL);
    if (!set)
      set = json_string(setting->keys[i].jwks);
    json_object_set_new(keys, setting->keys[i].iss, set ? set : json_null());
  }
  char *text = json_dumps(members, JSON_COMPACT), *inner = NULL;
  size_t len = text ? strlen(text) : 0;
  if (len > 2 && (inner = malloc(len))) {
    inner[0] = ',';
    memcpy(inner + 1, text + 1, len - 2); /* without its braces */
    inner[len - 1] = '\0';
  }
  free(text);
  json_decref(members);
  return inner;
}

/* One request, its line feed included; setting: exec_setting_text, or "" where it is as before. free() it. */
static inline char *exec_request(uint64_t id, struct assay_bytes token, const char *setting, int64_t now_s,
                                 size_t *len) {
  bool printable = exec_is_printable(token);
  char *coded = printable ? NULL : base64_text(token), *line = NULL;
  json_t *text = printable ? json_stringn((const char *)token.ptr, token.len) : json_string(coded);
  char *quoted = text ? json_dumps(text, JSON_ENCODE_ANY) : NULL;
  int written = -1;
  if (quoted)
    written = asprintf(&line, "{\"id\":%llu,\"now\":%lld,\"%s\":%s%s}\n", (unsigned long long)id,
                       (long long)now_s, printable ? "token" : "token_b64", quoted, setting);
  free(quoted);
  free(coded);
  json_decref(text);
  *len = written > 0 ? (size_t)written : 0;
  return written > 0 ? line : NULL;
}

#define EXEC_LISTED_MAX 64 /* entries of a list in a hello */
#define EXEC_TEXT_MAX 500  /* bytes of a text in it */
#define EXEC_PATH_MAX 4095

static inline bool exec_is_text(const json_t *value, size_t most) {
  return json_is_string(value) && json_string_length(value) <= most &&
         strlen(json_string_value(value)) == json_string_length(value);
}

static inline bool exec_is_gap(const json_t *gap) {
  return exec_is_text(json_object_get(gap, "reasons"), EXEC_TEXT_MAX) &&
         exec_is_text(json_object_get(gap, "why"), EXEC_TEXT_MAX);
}

static inline bool exec_is_list(const json_t *list, bool of_gaps) {
  bool ok = json_is_array(list) && json_array_size(list) <= EXEC_LISTED_MAX;
  for (size_t i = 0; ok && i < json_array_size(list); i++)
    ok =
        of_gaps ? exec_is_gap(json_array_get(list, i)) : exec_is_text(json_array_get(list, i), EXEC_TEXT_MAX);
  return ok;
}

/* NULL, or which member of a hello is not what it has to be. */
static inline const char *exec_hello_wrong(const json_t *hello) {
  static const struct {
    const char *name, *wrong;
    enum { TEXT, PATH, TEXTS, GAPS } kind;
    bool required;
  } members[] = {
      {"name", "`name` is no text of at most 500 bytes", TEXT, false},
      {"library", "`library` is no text of at most 500 bytes", TEXT, true},
      {"version", "`version` is no text of at most 500 bytes", TEXT, false},
      {"path", "`path` is no text of at most 4095 bytes", PATH, false},
      {"clock", "`clock` is no text of at most 500 bytes", TEXT, false},
      {"algorithms", "`algorithms` is no list of at most 64 names", TEXTS, true},
      {"build", "`build` is no list of at most 64 texts", TEXTS, false},
      {"gaps", "`gaps` is no list of at most 64 objects with the texts `reasons` and `why`", GAPS, false}};
  for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
    const json_t *value = json_object_get(hello, members[i].name);
    bool is_text = members[i].kind == TEXT || members[i].kind == PATH;
    if (!value && !members[i].required)
      continue;
    if (is_text ? !exec_is_text(value, members[i].kind == PATH ? EXEC_PATH_MAX : EXEC_TEXT_MAX)
                : !exec_is_list(value, members[i].kind == GAPS))
      return members[i].wrong;
  }
  return json_array_size(json_object_get(hello, "algorithms")) == 0 ? "`algorithms` names none" : NULL;
}

static inline void exec_copy_words(char *words, const char *from) {
  snprintf(words, ASSAY_WORDS_BYTES, "%s", from ? from : "");
}

/* REASON_FAULT: it is no verdict. */
static inline enum assay_reason exec_verdict(const char *verdict, const char *reason) {
  if (!verdict)
    return REASON_FAULT;
  if (strcmp(verdict, "accept") == 0)
    return reason ? REASON_FAULT : REASON_OK;
  if (strcmp(verdict, "undecided") == 0)
    return REASON_UNDECIDED;
  if (strcmp(verdict, "unsupported") == 0)
    return REASON_UNSUPPORTED;
  if (strcmp(verdict, "reject") != 0 || !reason)
    return REASON_FAULT;
  if (strcmp(reason, "unmapped") == 0)
    return REASON_UNMAPPED;
  int number = assay_reason_by_dotted(bytes_str(reason));
  return number > 0 ? (enum assay_reason)number : REASON_FAULT;
}

/* Reads an answer. line: any bytes, without its line feed. Where it breaks the protocol the answer is a fault
 * whose words say how, and false. */
static inline bool exec_answer(const char *line, size_t len, uint64_t id, struct assay_answer *answer) {
  json_t *object = json_loadb(line, len, 0, NULL);
  const json_t *own = json_object_get(object, "id"), *verdict = json_object_get(object, "verdict");
  const json_t *reason = json_object_get(object, "reason");
  answer->reason = REASON_FAULT;
  if (!json_is_object(object)) {
    exec_copy_words(answer->words, "the answer is no JSON object on a line");
  } else if (!json_is_integer(own) || (uint64_t)json_integer_value(own) != id) {
    exec_copy_words(answer->words, "the answer is for another token");
  } else {
    answer->reason = exec_verdict(json_string_value(verdict), json_string_value(reason));
    exec_copy_words(answer->words, answer->reason == REASON_FAULT
                                       ? "the answer has no verdict and reason that assay knows"
                                       : json_string_value(json_object_get(object, "words")));
  }
  json_decref(object);
  return answer->reason != REASON_FAULT;
}

#endif
