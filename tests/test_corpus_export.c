/* `assay corpus export` from outside: which tokens are handed over, and that each tool's file sends all of
 * them. */
#include "tests/cli.h"

#define CORPUS_BIN BIN "/assay-corpus"

/* Four good tokens, one bad one, one that no header holds, and one with a policy of its own. */
static const char cases[] =
    "{\"id\":\"a\",\"token\":\"aaaa.a.a\",\"class\":\"valid\",\"expect\":{\"verdict\":\"accept\"}}\n"
    "{\"id\":\"b\",\"token\":\"bbbb.b.b\",\"class\":\"valid\",\"expect\":{\"verdict\":\"accept\"}}\n"
    "{\"id\":\"c\",\"token\":\"cccc.c.c\",\"class\":\"valid\",\"expect\":{\"verdict\":\"accept\"}}\n"
    "{\"id\":\"d\",\"token\":\"dddd.d.d\",\"class\":\"valid\",\"expect\":{\"verdict\":\"accept\"}}\n"
    "{\"id\":\"e\",\"token\":\"eeee.e.e\",\"class\":\"old\",\"expect\":{\"verdict\":\"reject\"}}\n"
    "{\"id\":\"f\",\"token\":\"f\\\" f\",\"class\":\"valid\",\"expect\":{\"verdict\":\"accept\"}}\n"
    "{\"id\":\"g\",\"token\":\"gggg.g.g\",\"class\":\"valid\",\"expect\":{\"verdict\":\"accept\"},"
    "\"policy\":{\"issuers\":[{\"iss\":\"h\",\"keys\":{\"keys\":[]}}]}}\n";
static const char policy[] = "issuers:\n  - iss: b\n    keys: keys.jwks\n";

/* A folder with a corpus of those in "corpus". */
static const char *corpus_folder(const char *lines) {
  const char *folder = fresh_folder();
  char path[512];
  const char *const files[][2] = {
      {"cases.jsonl", lines}, {"policy.yaml", policy}, {"keys.jwks", "{\"keys\":[]}"}};
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, files[i][0]);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs(files[i][1], file);
    cr_assert_eq(fclose(file), 0);
  }
  const struct ran *ran = shell("cd %s && " CORPUS_BIN " import cases.jsonl --out corpus 2>&1", folder);
  cr_assert_eq(ran->code, 0, "%s", ran->out);
  return folder;
}

static const char sorted[] = "aaaa.a.a\nbbbb.b.b\ncccc.c.c\ndddd.d.d\n";

Test(corpus_export, good_tokens_are_sent_and_others_are_counted) {
  const char *folder = corpus_folder(cases);
  const struct ran *ran = shell(
      "cd %s && " CORPUS_BIN " export corpus --format vegeta --out load/new --url http://h/x 2>&1", folder);
  cr_expect_eq(ran->code, 0);
  cr_expect_str_eq(ran->out,
                   "load/new: 4 tokens in targets.jsonl\n"
                   "left out: 2 tokens that no header can hold or whose keys, policy or token before it are "
                   "their own\n"
                   "run there: vegeta attack -format=json -targets=targets.jsonl -rate=1000 -duration=30s | "
                   "vegeta report\n");
  ran = shell("cd %s/load/new && stat -c %%a targets.jsonl && wc -l < targets.jsonl", folder);
  cr_expect_str_eq(ran->out, "600\n4\n");
}

Test(corpus_export, classes_that_are_named_stand_in_place_of_the_good_ones) {
  const char *folder = corpus_folder(cases);
  const struct ran *ran = shell(
      "cd %s && " CORPUS_BIN " export corpus --format k6 --out . --class old >out && cat tokens.txt", folder);
  cr_expect_str_eq(ran->out, "eeee.e.e\n");
}

/* Of somebody's own nothing is expected: all of them are sent. */
Test(corpus_export, tokens_of_whose_verdict_nothing_is_known_are_sent) {
  const char *folder = corpus_folder("{\"id\":\"a\",\"token\":\"aaaa.a.a\"}\n"
                                     "{\"id\":\"b\",\"token\":\"bbbb.b.b\"}\n");
  const struct ran *ran =
      shell("cd %s && " CORPUS_BIN " export corpus --format wrk --out . >out && sort tokens.txt", folder);
  cr_expect_str_eq(ran->out, "aaaa.a.a\nbbbb.b.b\n");
}

Test(corpus_export, wrong_use_is_one_sentence) {
  static const char *const rows[][2] = {
      {"", "export: DIR is missing\n"},
      {"corpus", "export: --format NAME is missing\n"},
      {"corpus --format wrk", "export: --out FOLDER is missing\n"},
      {"corpus --format wkr --out x", "there is no format 'wkr'; did you mean 'wrk'?\n"},
      {"corpus --format wrk --out x --url \"http://h/'\"",
       "--url takes a URL of http or https (RFC 3986), not 'http://h/''\n"},
      {"corpus --format wrk --out x --url h:80",
       "--url takes a URL of http or https (RFC 3986), not 'h:80'\n"},
      {"corpus --format wrk --out x --class new",
       "corpus has no token of a class 'new'; `assay corpus classes` lists them\n"},
      {"corpus --format wrk --out x --alg RS256",
       "corpus has no token of those asked for that can be sent\n"},
      {"nowhere --format wrk --out x", "nowhere"},
  };
  const char *folder = corpus_folder(cases);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const struct ran *ran = shell("cd %s && " CORPUS_BIN " export %s 2>&1", folder, rows[i][0]);
    cr_expect_eq(ran->code, 4, "%s", rows[i][0]);
    cr_expect(strncmp(ran->out, "assay corpus: ", 14) == 0 &&
                  strncmp(ran->out + 14, rows[i][1], strlen(rows[i][1])) == 0,
              "%s", ran->out);
  }
  cr_expect_eq(shell("ls %s/x 2>/dev/null", folder)->out[0], '\0', "something was written");
}

/* ---- the tools' files ---- */

Test(corpus_export, vegeta_sends_each_token_as_a_bearer_token) {
  const char *folder = corpus_folder(cases);
  const struct ran *ran = shell(
      "cd %s && " CORPUS_BIN " export corpus --format vegeta --out . --url 'https://h:1/x?y=%%20' >out && "
      "/usr/bin/python3 -c 'import json\n"
      "for line in open(\"targets.jsonl\"):\n"
      " target = json.loads(line)\n"
      " assert target[\"method\"] == \"GET\" and target[\"url\"] == \"https://h:1/x?y=%%20\"\n"
      " [value] = target[\"header\"][\"Authorization\"]\n"
      " assert value.startswith(\"Bearer \")\n"
      " print(value[7:])' 2>&1 | sort",
      folder);
  cr_expect_str_eq(ran->out, sorted);
}

/* The script itself, with k6's modules played by a few lines. */
Test(corpus_export, k6_sends_each_token_in_turn) {
  if (shell("node --version 2>&1")->code != 0)
    cr_skip_test("node is not installed");
  const char *folder = corpus_folder(cases);
  const struct ran *ran = shell(
      "cd %s && " CORPUS_BIN " export corpus --format k6 --out . --url http://h/x >out && "
      "{ echo \"const __ENV = {}, exec = { scenario: { iterationInTest: 0 } };"
      "const open = (path) => require('fs').readFileSync(path, 'utf8');"
      "const SharedArray = function (name, make) { return make(); };"
      "const http = { get: (url, how) => console.log(url, how.headers.Authorization) };\"; "
      "sed '/^import /d; s/^export default function/const send = function/' k6.js; "
      "echo \"for (let i = 0; i < 8; i++) { exec.scenario.iterationInTest = i; send(); }\"; } > played.cjs && "
      "node played.cjs 2>&1 | sort | uniq -c | sed 's/^ *//'",
      folder);
  cr_expect_str_eq(ran->out, "2 http://h/x Bearer aaaa.a.a\n2 http://h/x Bearer bbbb.b.b\n"
                             "2 http://h/x Bearer cccc.c.c\n2 http://h/x Bearer dddd.d.d\n");
}

/* The script as wrk runs it: setup in one state, init and request in the threads'. */
Test(corpus_export, wrk_sends_each_token_in_turn) {
  if (shell("luajit -v 2>&1")->code != 0)
    cr_skip_test("luajit is not installed");
  const char *folder = corpus_folder(cases);
  const struct ran *ran =
      shell("cd %s && " CORPUS_BIN " export corpus --format wrk --out load >out && "
            "luajit -e 'wrk = {format = function(m, p, headers) return headers.Authorization end} "
            "dofile(\"load/wrk.lua\") "
            "setup({set = function(thread, name, value) _G[name] = value end}) init({}) "
            "for i = 1, 8 do print(request()) end' 2>&1 | sort | uniq -c | sed 's/^ *//'",
            folder);
  cr_expect_str_eq(ran->out, "2 Bearer aaaa.a.a\n2 Bearer bbbb.b.b\n2 Bearer cccc.c.c\n2 Bearer dddd.d.d\n");
}
