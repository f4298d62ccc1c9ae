/* Programs as verifiers: what they answer, how they may break the protocol, and that nothing is lost by it.
 */
#include "backends/verifiers/exec_protocol.h"
#include "tests/cli.h"
#include "tests/guard.h"
#include "tests/verdict_rows.h"

#define ODD "exec:" ASSAY_SOURCE_DIR "/tests/programs/odd_verifier.py"
#define TRUST(iss)                                                                                           \
  "\"keys\":{\"" iss "\":{\"keys\":[]}},\"policy\":{\"schema\":\"assay-policy/1\",\"now\":1000000000,"       \
  "\"issuers\":[{\"iss\":\"" iss "\",\"algorithms\":[\"HS256\"]}]}"
#define EXPECT_REJECT "\"expect\":{\"verdict\":\"reject\",\"reason\":\"signature.invalid\"}"
#define CASE(id, token, more) "{\"id\":\"" id "\",\"token\":\"" token "\",\"alg\":\"HS256\"," more "}\n"

static const char *folder_with(const char *lines) {
  const char *folder = fresh_folder();
  char path[128];
  snprintf(path, sizeof path, "%s/cases.jsonl", folder);
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  fputs(lines, file);
  cr_assert_eq(fclose(file), 0);
  return folder;
}

/* Three tokens, the one in the middle being the one that the program misbehaves on. */
#define THREE                                                                                                \
  CASE("a", "bad", "\"class\":\"first\"," EXPECT_REJECT "," TRUST("joe"))                                    \
  CASE("b", "odd", "\"class\":\"odd\"," EXPECT_REJECT "," TRUST("joe"))                                      \
  CASE("c", "bad", "\"class\":\"last\"," EXPECT_REJECT "," TRUST("joe"))

static long long count(const json_t *result, const char *class_id, const char *field) {
  size_t i;
  json_t *row;
  json_array_foreach(verdict_rows(result), i, row) {
    if (strcmp(json_string_value(json_object_get(row, "class")), class_id) == 0)
      return json_integer_value(json_object_get(row, field));
  }
  return -1;
}

/* The odd token counts as `field`, its neighbours are answered. */
static void assert_survives(const char *way, const char *field) {
  const char *folder = folder_with(THREE);
  const struct ran *ran = shell(BIN "/assay check --cases %s/cases.jsonl --subject 'odd=" ODD
                                    " %s' --hang-after 3 --json 2>/dev/null",
                                folder, way);
  cr_assert_eq(ran->code, 0, "%s: exit %d: %s", way, ran->code, ran->out);
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(result, "%s: %s", way, ran->out);
  cr_expect_eq(count(result, "first", "right"), 1, "%s: the token before", way);
  cr_expect_eq(count(result, "odd", field), 1, "%s is not counted as %s", way, field);
  cr_expect_eq(count(result, "last", "right"), 1, "%s: the token behind", way);
  json_decref(result);
  shell("rm -rf %s", folder);
}

Test(exec, a_broken_answer_is_a_fault_of_its_token_alone) {
  static const char *const ways[] = {"garbage",        "array",     "another-token", "unknown-verdict",
                                     "unknown-reason", "no-reason", "long"};
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
    assert_survives(ways[i], "fault");
}

Test(exec, a_program_that_dies_or_hangs_does_so_on_a_token_that_is_known) {
  assert_survives("die", "crash");
  assert_survives("killed", "crash");
  assert_survives("hang", "hang");
}

Test(exec, what_it_says_on_standard_error_is_no_answer_and_disturbs_nobody) {
  const char *folder = folder_with(THREE);
  const struct ran *ran =
      shell(BIN "/assay check --cases %s/cases.jsonl --subject 'odd=" ODD " noisy' 2>&1 >/dev/null", folder);
  cr_expect_eq(ran->code, 0);
  cr_expect_null(strstr(ran->out, "noise"), "%.200s", ran->out);
  shell("rm -rf %s", folder);
  assert_survives("noisy", "right");
}

/* The second answer is noticed before the next token is asked: whichever it is meant for, it is not believed.
 */
Test(exec, an_answer_that_comes_twice_is_noticed) {
  const char *folder = folder_with(THREE);
  const struct ran *ran =
      shell(BIN "/assay check --cases %s/cases.jsonl --subject 'odd=" ODD " twice' --explain c 2>&1", folder);
  cr_expect_eq(ran->code, 0, "%s", ran->out);
  ran = shell(BIN "/assay check --cases %s/cases.jsonl --subject 'odd=" ODD " twice' --json 2>/dev/null",
              folder);
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_expect_eq(count(result, "odd", "wrong_verdict"), 1, "the first answer stands: %s", ran->out);
  cr_expect_eq(count(result, "last", "fault"), 1, "%s", ran->out);
  json_decref(result);
  shell("rm -rf %s", folder);
}

Test(exec, a_program_that_cannot_be_used_is_told_in_one_sentence_and_the_others_go_on) {
  static const struct {
    const char *way, *words;
  } ways[] = {{"early", "exit code 1: its engine is cold"},
              {"other-protocol", "does not speak assay-exec/1"},
              {"other-algorithm", "assay does not know: HS1"},
              {"problem", "its library is on holiday"}};
  const char *folder = folder_with(THREE);
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    const struct ran *ran =
        shell(BIN "/assay check --cases %s/cases.jsonl --subject openssl,'odd=" ODD " %s' 2>&1 >/dev/null",
              folder, ways[i].way);
    cr_expect_eq(ran->code, 2, "openssl answers, and wrongly to these: %s", ran->out);
    cr_expect_not_null(strstr(ran->out, "assay check: odd is left out: "), "%s", ran->out);
    cr_expect_not_null(strstr(ran->out, ways[i].words), "%s", ran->out);
    cr_expect_eq(strchr(ran->out, '\n')[1], '\0', "more than one line: %s", ran->out);
  }
  const struct ran *ran =
      shell(BIN "/assay check --cases %s/cases.jsonl --subject odd=exec:/no/such 2>&1 >/dev/null", folder);
  cr_expect_eq(ran->code, 4);
  cr_expect_not_null(strstr(ran->out, "no such program"), "%s", ran->out);
  shell("rm -rf %s", folder);
}

/* The module that asks is assay's own, whatever program answers. */
Test(exec, the_file_of_the_module_is_not_that_of_the_program) {
  const char *folder = folder_with(THREE);
  const struct ran *ran = shell(
      BIN "/assay check --cases %s/cases.jsonl --subject 'odd=" ODD " choosy' --json 2>/dev/null", folder);
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(result, "%s", ran->out);
  const json_t *subject = json_array_get(json_object_get(result, "subjects"), 0);
  cr_expect_str_eq(json_string_value(json_object_get(subject, "version")), "7");
  cr_expect_str_eq(json_string_value(json_object_get(subject, "sha256")), "");
  json_decref(result);
  shell("rm -rf %s", folder);
}

Test(exec, a_hello_of_other_types_is_refused_in_one_sentence) {
  static const struct {
    const char *members, *words;
  } ways[] = {{"{\\\"algorithms\\\":null}", "`algorithms` is no list"},
              {"{\\\"algorithms\\\":[]}", "`algorithms` names none"},
              {"{\\\"algorithms\\\":[1]}", "`algorithms` is no list"},
              {"{\\\"algorithms\\\":{}}", "`algorithms` is no list"},
              {"{\\\"name\\\":1}", "`name` is no text"},
              {"{\\\"library\\\":[]}", "`library` is no text"},
              {"{\\\"version\\\":2}", "`version` is no text"},
              {"{\\\"path\\\":{}}", "`path` is no text"},
              {"{\\\"build\\\":\\\"x\\\"}", "`build` is no list"},
              {"{\\\"gaps\\\":[1]}", "`gaps` is no list"}};
  const char *folder = folder_with(THREE);
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    const struct ran *ran =
        shell(BIN "/assay check --cases %s/cases.jsonl --subject 'odd=" ODD " hello %s' 2>&1 >/dev/null",
              folder, ways[i].members);
    cr_expect_eq(ran->code, 4, "%s: exit %d", ways[i].members, ran->code);
    cr_expect_not_null(strstr(ran->out, ways[i].words), "%s: %s", ways[i].members, ran->out);
  }
  shell("rm -rf %s", folder);
}

/* What is left out is not asked. */
Test(exec, a_hello_that_is_too_long_leaves_its_program_out) {
  const char *folder = folder_with(THREE);
  const struct ran *ran =
      shell(BIN "/assay check --cases %s/cases.jsonl --subject 'odd=" ODD " long-hello' --json 2>/dev/null",
            folder);
  cr_expect_eq(ran->code, 4);
  ran = shell(BIN "/assay check --cases %s/cases.jsonl --json --subject " TEST_MODULES "/parrot.so,'odd=" ODD
                  " long-hello' 2>/dev/null",
              folder);
  cr_expect_eq(ran->code, 4, "exit %d", ran->code);
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_expect_eq(json_array_size(json_object_get(result, "subjects")), 1, "%.500s", ran->out);
  cr_expect_eq(json_array_size(verdict_rows(result)), 3, "%.2000s", ran->out);
  json_decref(result);
  shell("rm -rf %s", folder);
}

/* An adapter that answers before it is asked cannot know the number. */
Test(exec, an_answer_that_comes_early_is_refused) {
  const char *folder = folder_with(THREE);
  const struct ran *ran = shell(BIN "/assay check --cases %s/cases.jsonl --json --subject 'odd=" ODD
                                    " early-answers' 2>/dev/null",
                                folder);
  json_t *result = json_loads(ran->out, 0, NULL);
  cr_assert_not_null(result, "%s", ran->out);
  cr_expect_eq(count(result, "first", "fault") + count(result, "odd", "fault") +
                   count(result, "last", "fault"),
               3, "%s", ran->out);
  json_decref(result);
  shell("rm -rf %s", folder);
}

/* The words of the answer to one case. */
static const char *words_of(const char *folder, const char *way, const char *id) {
  static char words[256];
  const struct ran *ran =
      shell(BIN "/assay check --cases %s/cases.jsonl --subject 'odd=" ODD " %s' --explain %s 2>&1", folder,
            way, id);
  const char *at = strstr(ran->out, "without saying why\n");
  cr_assert_not_null(at, "%s", ran->out);
  snprintf(words, sizeof words, "%.200s", at + strlen("without saying why\n") + 12);
  words[strcspn(words, "\n")] = '\0';
  return words;
}

Test(exec, the_clock_of_a_process_stands_still_at_the_time_of_the_token) {
  if (shell("ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null")->code != 0)
    cr_skip_test("libfaketime is not installed");
  const char *folder =
      folder_with(CASE("policy", "clock", TRUST("joe")) CASE("own", "clock", "\"now\":77," TRUST("joe")));
  cr_expect_str_eq(words_of(folder, "process-clock", "policy"), "1000000000");
  cr_expect_str_eq(words_of(folder, "process-clock", "own"), "77");
  shell("rm -rf %s", folder);
}

Test(exec, a_setting_is_sent_once_and_again_when_it_changes) {
  const char *folder = folder_with(CASE("a", "good", TRUST("joe")) CASE(
      "b", "settings", "\"after\":\"a\"," TRUST("joe")) CASE("c", "settings", TRUST("ann")));
  cr_expect_str_eq(words_of(folder, "", "b"), "id,now,token");
  cr_expect_str_eq(words_of(folder, "", "c"), "id,keys,now,policy,token");
  shell("rm -rf %s", folder);
}

/* Requests and answers as texts ------------------------------------------------------------------------ */

static json_t *request_of(const char *bytes, size_t bytes_len) {
  size_t len;
  char *line = exec_request(9, bytes_of(bytes, bytes_len), ",\"policy\":{}", -5, &len);
  cr_assert_not_null(line);
  cr_expect_eq(line[len - 1], '\n');
  cr_expect_eq(strlen(line), len);
  json_t *object = json_loadb(line, len, 0, NULL);
  cr_assert_not_null(object, "%s", line);
  free(line);
  return object;
}

Test(exec_protocol, tokens_that_are_no_printable_text_go_as_base64) {
  static const struct {
    const char *bytes, *coded;
    size_t len;
  } rows[] = {{"", NULL, 0},
              {"a\"\\.b", NULL, 5},
              {"\0", "AA==", 1},
              {"a\n", "YQo=", 2},
              {"\xff\xfe\xfd", "//79", 3},
              {"\x7f", "fw==", 1},
              {"abcd\x80", "YWJjZIA=", 5}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    json_t *object = request_of(rows[i].bytes, rows[i].len);
    const char *coded = json_string_value(json_object_get(object, "token_b64"));
    const char *plain = json_string_value(json_object_get(object, "token"));
    if (rows[i].coded)
      cr_expect(coded && !plain && strcmp(coded, rows[i].coded) == 0, "row %zu: %s", i, coded);
    else
      cr_expect(plain && !coded && strlen(plain) == rows[i].len &&
                memcmp(plain, rows[i].bytes, rows[i].len) == 0);
    cr_expect_eq(json_integer_value(json_object_get(object, "now")), -5);
    json_decref(object);
  }
}

Test(exec_protocol, an_answer_says_exactly_one_thing) {
  static const struct {
    const char *line;
    enum assay_reason reason;
  } rows[] = {{"{\"id\":3,\"verdict\":\"accept\"}", REASON_OK},
              {"{\"id\":3,\"verdict\":\"accept\",\"words\":\"w\"}", REASON_OK},
              {"{\"id\":3,\"verdict\":\"reject\",\"reason\":\"registered-claims.expired\"}", REASON_EXPIRED},
              {"{\"id\":3,\"verdict\":\"reject\",\"reason\":\"unmapped\"}", REASON_UNMAPPED},
              {"{\"id\":3,\"verdict\":\"undecided\"}", REASON_UNDECIDED},
              {"{\"id\":3,\"verdict\":\"unsupported\"}", REASON_UNSUPPORTED},
              {"{\"id\":3,\"verdict\":\"accept\",\"reason\":\"signature.invalid\"}", REASON_FAULT},
              {"{\"id\":3,\"verdict\":\"reject\",\"reason\":\"ok\"}", REASON_FAULT},
              {"{\"id\":3,\"verdict\":\"reject\"}", REASON_FAULT},
              {"{\"id\":3,\"verdict\":\"fault\"}", REASON_FAULT},
              {"{\"id\":3}", REASON_FAULT},
              {"{\"id\":4,\"verdict\":\"accept\"}", REASON_FAULT},
              {"{\"id\":\"3\",\"verdict\":\"accept\"}", REASON_FAULT},
              {"{\"id\":3.0,\"verdict\":\"accept\"}", REASON_FAULT},
              {"{\"verdict\":\"accept\"}", REASON_FAULT},
              {"{\"id\":3,\"verdict\":\"accept\"} x", REASON_FAULT},
              {"", REASON_FAULT}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct assay_answer answer = {.reason = REASON_OK};
    bool kept = exec_answer(rows[i].line, strlen(rows[i].line), 3, &answer);
    cr_expect_eq(answer.reason, rows[i].reason, "%s", rows[i].line);
    cr_expect_eq(kept, rows[i].reason != REASON_FAULT, "%s", rows[i].line);
    cr_expect(kept || answer.words[0], "a fault says why: %s", rows[i].line);
  }
}

Test(exec_protocol, answers_are_read_at_every_length_without_a_byte_beyond) {
  static const char line[] =
      "{\"id\":3,\"verdict\":\"reject\",\"reason\":\"signature.invalid\",\"words\":\"\\u00e9\"}";
  struct guard guard = guard_open(sizeof line);
  for (size_t len = 0; len < sizeof line; len++) {
    struct assay_bytes placed = guard_at_tail(&guard, bytes_of(line, len));
    struct assay_answer answer;
    exec_answer((const char *)placed.ptr, len, 3, &answer);
    cr_expect_eq(answer.reason, len == sizeof line - 1 ? REASON_SIGNATURE_INVALID : REASON_FAULT, "at %zu",
                 len);
  }
  guard_close(&guard);
}

Test(exec_protocol, a_key_set_that_is_no_json_goes_as_a_string) {
  const struct assay_setting_keys keys[] = {{"a", "{\"keys\":[]}"}, {"b", "{keys"}};
  const struct assay_setting setting = {"{\"schema\":\"assay-policy/1\"}", keys, 2};
  char *text = exec_setting_text(&setting), whole[512];
  snprintf(whole, sizeof whole, "{\"id\":1%s}", text);
  json_t *object = json_loads(whole, 0, NULL), *sets = json_object_get(object, "keys");
  cr_expect(json_is_object(json_object_get(sets, "a")), "%s", whole);
  cr_expect_str_eq(json_string_value(json_object_get(sets, "b")), "{keys");
  json_decref(object);
  free(text);
}
