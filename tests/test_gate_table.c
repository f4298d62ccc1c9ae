/* Every situation of a gate: each answer of the base beside each answer of the head, on a good and on a bad
 * token, of backends and verifiers, asked live and read from stored results. Nothing graver passes, nothing
 * equal or better fails; scripts/GATE-A-PULL-REQUEST.md shows the table that holds here. */
#include "tests/cli.h"
#include "tests/sample_result.h"

enum said {
  ACCEPTED,
  CRASH,
  HANG,
  FAULT,
  REFUSED,
  UNDECIDED,
  OTHER_REASON,
  UNMAPPED,
  UNSUPPORTED,
  RIGHT,
  ABSENT, /* no row in a stored result */
  SAIDS
};

/* gravity: written down once more, so that the order in the harness cannot change unseen. live: whether a
 * backend and a verifier can be made to say it to a good and to a bad token. */
static const struct answer_row {
  const char *words;
  unsigned gravity;
  bool good, bad;
  char letter;      /* of tests/modules/told.c; 0: no backend says so */
  const char *word; /* of tests/modules/parrot.c */
} said[SAIDS] = {
    [ACCEPTED] = {"accepts a bad one", 9, false, true, 'M', "accept"},
    [CRASH] = {"crash", 8, true, true, 'C', "crash"},
    [HANG] = {"hang", 8, true, true, 'H', "hang"},
    [FAULT] = {"fault", 7, true, true, 'F', "fault"},
    [REFUSED] = {"refuses a good one", 6, true, false, 'N', "signature.invalid"},
    [UNDECIDED] = {"undecided", 5, true, true, 0, "undecided"},
    [OTHER_REASON] = {"other reason", 4, false, true, 0, "registered-claims.expired"},
    [UNMAPPED] = {"no reason told", 3, false, true, 0, "unmapped"},
    [UNSUPPORTED] = {"unsupported", 1, true, true, 'U', "unsupported"},
    [RIGHT] = {"right", 0, true, true, 0, NULL},
    [ABSENT] = {"absent", 0, true, true, 0, NULL},
};

static bool can(enum said one, bool good) {
  return good ? said[one].good : said[one].bad;
}

static bool is_cell(enum said base, enum said head, bool good) {
  return can(base, good) && can(head, good) && (base != ABSENT || head != ABSENT);
}

/* What has to become of it. */
static int code_of(enum said base, enum said head) {
  if (head == ABSENT)
    return 3;
  return base != ABSENT && said[head].gravity > said[base].gravity ? 2 : 0;
}

static void name_of(char name[32], enum said base, enum said head, bool good) {
  snprintf(name, 32, "%s-%02d-%02d", good ? "good" : "bad", base, head);
}

/* ---- what a gate found ---- */

static char folder[64];

static void set_up(void) {
  snprintf(folder, sizeof folder, "%s", fresh_folder());
}

static void tear_down(void) {
  shell("rm -rf %s", folder);
}

TestSuite(gate_table, .init = set_up, .fini = tear_down, .timeout = 600);

static json_t *json_of(const struct ran *ran) {
  const char *start = strchr(ran->out, '{');
  json_error_t problem;
  json_t *json = start ? json_loads(start, 0, &problem) : NULL;
  cr_assert_not_null(json, "exit %d: %s", ran->code, ran->out);
  return json;
}

static const json_t *verdicts_of(const json_t *json) {
  return json_array_get(json_object_get(json, "gates"), 0);
}

/* Whether a finding is of that class. */
static bool is_found(const json_t *json, const char *class) {
  size_t i;
  json_t *finding;
  json_array_foreach(json_object_get(verdicts_of(json), "findings"), i, finding) {
    if (strstr(json_string_value(json_object_get(finding, "where")), class))
      return true;
  }
  return false;
}

/* Of one run over all cells: those that are graver were found, and no others. */
static void assert_found(const json_t *json, bool (*asked)(enum said base, enum said head, bool good),
                         const char *how) {
  char name[32];
  for (int good = 0; good < 2; good++)
    for (enum said base = 0; base < SAIDS; base++)
      for (enum said head = 0; head < SAIDS; head++) {
        if (!asked(base, head, good))
          continue;
        name_of(name, base, head, good);
        cr_expect_eq(is_found(json, name), code_of(base, head) == 2, "%s, a %s token: base %s, head %s", how,
                     good ? "good" : "bad", said[base].words, said[head].words);
      }
}

/* ---- stored ---- */

/* Who answered, and in which form the result keeps it. */
struct form {
  const char *name;
  enum result_level level;
  bool pinned, told; /* told: which answers differ from what is pinned; older results do not keep it */
};
static const struct form forms[] = {
    {"stored backend", LEVEL_PIPELINE, false, true},
    {"stored verifier", LEVEL_WHOLE, false, true},
    {"stored verifier, pinned", LEVEL_WHOLE, true, true},
    {"stored verifier, pinned, of an older version", LEVEL_WHOLE, true, false}};

static unsigned answer_for(enum said one, bool good) {
  switch (one) {
  case CRASH: return ANSWER_CRASH;
  case HANG: return ANSWER_HANG;
  case FAULT: return REASON_FAULT;
  case UNDECIDED: return REASON_UNDECIDED;
  case UNMAPPED: return REASON_UNMAPPED;
  case UNSUPPORTED: return REASON_UNSUPPORTED;
  case OTHER_REASON: return REASON_EXPIRED;
  case ACCEPTED: return REASON_OK;
  case REFUSED: return REASON_SIGNATURE_INVALID;
  default: return good ? REASON_OK : REASON_SIGNATURE_INVALID;
  }
}

static void add_row(struct result *result, const struct form *form, const char *class, enum said one,
                    bool good) {
  static const uint16_t reasons[] = {REASON_SIGNATURE_INVALID};
  struct expectation expected = {good ? EXPECT_ACCEPT : EXPECT_REJECT, reasons, !good, form->pinned};
  const struct answerer who = {form->level == LEVEL_WHOLE, NULL};
  unsigned answer = answer_for(one, good);
  enum answer_kind kind = answer_kind(answer, &expected, &who);
  char text[96];
  struct result_verdict *row = result_add_verdict(result);
  row->level = form->level;
  result_set(&row->subject, "one");
  result_set(&row->class_id, class);
  result_set(&row->stage, "signature");
  result_set(&row->alg, "HS256");
  result_set(&row->expected, expectation_text(&expected, text, sizeof text));
  row->pinned = form->pinned;
  verdict_count(row, kind, 1);
  if (kind != KIND_RIGHT && kind != KIND_UNSUPPORTED)
    strings_add(&row->examples, class);
  if (form->told && (kind == KIND_DIFFERS || kind == KIND_REASON || kind == KIND_REFUSED))
    verdict_add_given(row, kind, answer_text(answer, text, sizeof text), class);
}

/* One side of all cells that are wanted. */
static void keep(const char *file, const struct form *form, bool is_head,
                 bool (*wanted)(enum said base, enum said head, bool good)) {
  struct result *result = result_new();
  struct result_subject *subject = result_add_subject(result);
  char name[32], path[128];
  result_printf(&result->started, "2026-01-0%dT00:00:00Z", is_head ? 2 : 1);
  result_set(&result->tool.sanitizer, "none");
  result_set(&subject->name, "one");
  result_set(&subject->kind, form->level == LEVEL_WHOLE ? "verifier" : "backend");
  add_row(result, form, "filler", RIGHT, true);
  for (int good = 0; good < 2; good++)
    for (enum said base = 0; base < SAIDS; base++)
      for (enum said head = 0; head < SAIDS; head++) {
        enum said one = is_head ? head : base;
        name_of(name, base, head, good);
        if (wanted(base, head, good) && one != ABSENT)
          add_row(result, form, name, one, good);
      }
  snprintf(path, sizeof path, "%s/%s", folder, file);
  char *text = sample_render("json", result, (struct result_view){.columns = 100});
  FILE *out = fopen(path, "w");
  cr_assert_not_null(out);
  fputs(text, out);
  cr_assert_eq(fclose(out), 0);
  free(text);
  result_free(result);
}

static const struct ran *stored(const struct form *form,
                                bool (*wanted)(enum said base, enum said head, bool good)) {
  keep("base.json", form, false, wanted);
  keep("head.json", form, true, wanted);
  return shell(BIN "/assay gate %s/head.json --against %s/base.json --json 2>&1", folder, folder);
}

static bool in_both(enum said base, enum said head, bool good) {
  return is_cell(base, head, good) && base != ABSENT && head != ABSENT;
}

static bool not_graver(enum said base, enum said head, bool good) {
  return in_both(base, head, good) && code_of(base, head) == 0;
}

static bool head_lacks(enum said base, enum said head, bool good) {
  return is_cell(base, head, good) && head == ABSENT;
}

static bool base_lacks(enum said base, enum said head, bool good) {
  return is_cell(base, head, good) && base == ABSENT;
}

static void assert_stored(const struct form *form) {
  const struct ran *ran = stored(form, in_both);
  cr_expect_eq(ran->code, 2, "%s: exit %d", form->name, ran->code);
  json_t *json = json_of(ran);
  assert_found(json, in_both, form->name);
  json_decref(json);
  ran = stored(form, not_graver);
  cr_expect_eq(ran->code, 0, "%s, nothing is graver: exit %d: %s", form->name, ran->code, ran->out);
  ran = stored(form, head_lacks);
  cr_expect_eq(ran->code, 3, "%s, the head lacks it: exit %d: %s", form->name, ran->code, ran->out);
  ran = stored(form, base_lacks);
  cr_expect_eq(ran->code, 0, "%s, only the head has it: exit %d: %s", form->name, ran->code, ran->out);
}

Test(gate_table, stored_backends) {
  assert_stored(&forms[0]);
}

Test(gate_table, stored_verifiers) {
  assert_stored(&forms[1]);
  assert_stored(&forms[2]);
}

/* Where it is not known which answer differs, a gate may say so, and neither pass what is graver nor fail
 * what is not. */
Test(gate_table, stored_verifiers_of_which_not_all_is_known) {
  json_t *json = json_of(stored(&forms[3], in_both));
  char name[32];
  for (int good = 0; good < 2; good++)
    for (enum said base = 0; base < SAIDS; base++)
      for (enum said head = 0; head < SAIDS; head++) {
        name_of(name, base, head, good);
        if (in_both(base, head, good) && code_of(base, head) == 0)
          cr_expect_not(is_found(json, name), "base %s, head %s", said[base].words, said[head].words);
      }
  json_decref(json);
}

static enum said only_base, only_head;
static bool only_good;

static bool only(enum said base, enum said head, bool good) {
  return base == only_base && head == only_head && good == only_good;
}

Test(gate_table, stored_verifiers_of_which_not_all_is_known_pass_nothing_graver) {
  only_good = false;
  for (only_base = 0; only_base < ABSENT; only_base++)
    for (only_head = 0; only_head < ABSENT; only_head++) {
      if (!in_both(only_base, only_head, only_good) || code_of(only_base, only_head) == 0 ||
          (only_base == OTHER_REASON &&
           only_head == ACCEPTED)) /* both differ, and nothing tells them apart */
        continue;
      const struct ran *ran = stored(&forms[3], only);
      cr_expect(ran->code == 2 || ran->code == 3, "base %s, head %s: exit %d", said[only_base].words,
                said[only_head].words, ran->code);
    }
}

/* ---- live ---- */

#define KEYS                                                                                                 \
  "\"keys\":{\"joe\":{\"keys\":[{\"kty\":\"oct\",\"k\":"                                                     \
  "\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}]}},"          \
  "\"policy\":{\"schema\":\"assay-policy/1\",\"now\":77,\"issuers\":[{\"iss\":\"joe\","                      \
  "\"algorithms\":[\"HS256\"]}]}"

/* {"alg":"HS256"}.{"iss":"joe","exp":99999} */
#define START "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLCJleHAiOjk5OTk5fQ."

static char letter_for(enum said one, bool good) {
  return one == RIGHT ? (good ? 'M' : 'N') : said[one].letter;
}

static const char *word_for(enum said one, bool good) {
  return one == RIGHT ? (good ? "accept" : "signature.invalid") : said[one].word;
}

/* 32 bytes that begin with the two letters, in base64url. */
static void put_signature(FILE *out, char base, char head, unsigned number) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  uint8_t bytes[33] = {(uint8_t)base, (uint8_t)head, (uint8_t)(number >> 8), (uint8_t)number};
  for (size_t i = 0; i < 33; i += 3) {
    unsigned three = (unsigned)bytes[i] << 16 | (unsigned)bytes[i + 1] << 8 | bytes[i + 2];
    for (int place = 18; place >= (i == 30 ? 6 : 0); place -= 6)
      fputc(digits[three >> place & 63], out);
  }
}

static unsigned lines;

static void put_case(FILE *out, bool whole, const char *class, enum said base, enum said head, bool good) {
  fprintf(out, "{\"id\":\"%s-%u\",\"class\":\"%s\",\"alg\":\"HS256\",\"token\":\"", class, ++lines, class);
  if (whole)
    fprintf(out, "%s~%s", word_for(base, good), word_for(head, good));
  else {
    fputs(START, out);
    put_signature(out, letter_for(base, good), letter_for(head, good), lines);
  }
  fprintf(out, "\",\"expect\":{\"verdict\":\"%s\"%s}," KEYS "}\n", good ? "accept" : "reject",
          good ? "" : ",\"reason\":\"signature.invalid\"");
}

static bool backend_says(enum said one) {
  return one == RIGHT || (one < ABSENT && said[one].letter);
}

static bool of_backends(enum said base, enum said head, bool good) {
  return in_both(base, head, good) && backend_says(base) && backend_says(head);
}

static bool of_backends_not_graver(enum said base, enum said head, bool good) {
  return of_backends(base, head, good) && code_of(base, head) == 0;
}

/* A corpus of the cells that are wanted, and of good tokens that both accept, to be measured. */
static void make_corpus(bool whole, bool (*wanted)(enum said base, enum said head, bool good)) {
  char path[128], name[32];
  snprintf(path, sizeof path, "%s/cases.jsonl", folder);
  FILE *out = fopen(path, "w");
  cr_assert_not_null(out);
  for (int i = 0; i < 4; i++)
    put_case(out, whole, "valid", RIGHT, RIGHT, true);
  for (int good = 0; good < 2; good++)
    for (enum said base = 0; base < ABSENT; base++)
      for (enum said head = 0; head < ABSENT; head++) {
        name_of(name, base, head, good);
        if (wanted(base, head, good))
          put_case(out, whole, name, base, head, good);
      }
  cr_assert_eq(fclose(out), 0);
  const struct ran *ran =
      shell("rm -rf %s/corpus; " BIN "/assay-corpus import --out %s/corpus -- %s 2>&1", folder, folder, path);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
}

static const struct ran *live(const char *module) {
  double budget = 3;
  for (int i = 0; i < 3; i++) {
    const struct ran *ran = shell(BIN "/assay gate --corpus %s/corpus --base %s --head %s:head --json "
                                      "--hang-after 0.2 --budget %.0f 2>&1",
                                  folder, module, module, budget);
    const char *told = ran->code == 4 ? strstr(ran->out, "prove nothing, take ") : NULL;
    if (!told)
      return ran;
    budget = 2 * strtod(told + strlen("prove nothing, take "), NULL);
  }
  cr_assert_fail("no budget is long enough");
  return NULL;
}

static void assert_live(const char *module, bool whole,
                        bool (*all)(enum said base, enum said head, bool good),
                        bool (*kept)(enum said base, enum said head, bool good)) {
  make_corpus(whole, all);
  const struct ran *ran = live(module);
  cr_assert_eq(ran->code, 2, "%s: exit %d: %s", module, ran->code, ran->out);
  json_t *json = json_of(ran);
  assert_found(json, all, module);
  json_decref(json);
  make_corpus(whole, kept);
  ran = live(module);
  cr_assert(ran->code == 0 || ran->code == 1 || ran->code == 3, "%s: exit %d: %s", module, ran->code,
            ran->out);
  json = json_of(ran);
  const json_t *verdicts = verdicts_of(json);
  cr_expect_str_eq(json_string_value(json_object_get(verdicts, "answer")), "holds", "%s", ran->out);
  json_decref(json);
}

Test(gate_table, live_backends) {
  assert_live(TEST_MODULES "/told.so", false, of_backends, of_backends_not_graver);
}

Test(gate_table, live_verifiers) {
  assert_live(TEST_MODULES "/parrot.so", true, in_both, not_graver);
}

/* ---- the table on the page ---- */

static void put_cell(char *line, size_t size, enum said base, enum said head) {
  bool any = is_cell(base, head, false) || is_cell(base, head, true);
  size_t used = strlen(line);
  if (any)
    snprintf(line + used, size - used, " %d |", code_of(base, head));
  else
    snprintf(line + used, size - used, " - |");
}

Test(gate_table, is_the_one_on_the_page) {
  const char *page = ASSAY_SOURCE_DIR "/scripts/GATE-A-PULL-REQUEST.md";
  for (enum said base = 0; base < SAIDS; base++) {
    char line[256];
    snprintf(line, sizeof line, "| %s |", said[base].words);
    for (enum said head = 0; head < SAIDS; head++)
      put_cell(line, sizeof line, base, head);
    const struct ran *ran = shell("grep -cxF '%s' %s", line, page);
    cr_expect_str_eq(ran->out, "1\n", "the page lacks: %s", line);
  }
}
