/* Any bytes as the answer of a program: a verdict that assay knows or a fault that says why; and any bytes as
 * a token or a key set: a request that is one line of JSON. */
#include "backends/verifiers/exec_protocol.h"

static void promise(bool kept) {
  if (!kept)
    abort();
}

static void answer_check(const uint8_t *data, size_t size) {
  struct assay_answer answer = {.words = ""};
  bool kept = exec_answer((const char *)data, size, 7, &answer);
  promise(kept == (answer.reason != REASON_FAULT));
  promise(kept || answer.words[0]);
  promise(memchr(answer.words, 0, sizeof answer.words) != NULL);
  promise(!kept || strcmp(assay_reason_dotted(answer.reason), "?") != 0);
}

static void request_check(const uint8_t *data, size_t size) {
  char *set = strndup((const char *)data, size);
  const struct assay_setting_keys keys = {"i", set ? set : ""};
  const struct assay_setting setting = {"{}", &keys, 1};
  char *members = exec_setting_text(&setting);
  size_t len = 0;
  char *line = exec_request(1, bytes_of(data, size), members ? members : "", 0, &len);
  if (line) { /* NULL: no memory */
    promise(len > 0 && memchr(line, '\n', len) == line + len - 1);
    json_t *object = json_loadb(line, len, JSON_ALLOW_NUL, NULL);
    promise(json_is_object(object));
    json_decref(object);
  }
  free(line);
  free(members);
  free(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  answer_check(data, size);
  request_check(data, size);
  return 0;
}
