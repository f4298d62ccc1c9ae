/* Bad input on the command line and in files: one sentence that names what is wrong and where, exit code 4,
 * and nothing half-written under a final name. */
#include "tests/cli.h"

Test(cli_input, unknown_command_and_option_suggest_the_nearest) {
  COMPLAINS(shell(BIN "/assay chekc 2>&1"), "chekc", "did you mean 'check'");
  COMPLAINS(shell(BIN "/assay check --corpsu x 2>&1"), "--corpsu", "did you mean '--corpus'");
  COMPLAINS(shell(BIN "/assay check --alg RS257 2>&1"), "RS257", "did you mean");
  COMPLAINS(shell(BIN "/assay check --alg rs256 2>&1"), "rs256", "did you mean 'RS256'?");
  COMPLAINS(shell(BIN "/assay --verison 2>&1"), "no option '--verison'", "did you mean '--version'?");
  COMPLAINS(shell(BIN "/assay-corpus --verison 2>&1"), "no option '--verison'", "did you mean '--version'?");
  COMPLAINS(shell(BIN "/assay report x.json --format md 2>&1"), "did you mean 'markdown'?");
  COMPLAINS(shell(BIN "/assay help exit 2>&1"), "did you mean 'exit-codes'?");
  COMPLAINS(shell(BIN "/assay check stray 2>&1"), "stray");
}

Test(cli_input, help_and_version_answer_on_stdout) {
  cr_assert_eq(shell(BIN "/assay --help 2>/dev/null")->code, 0);
  cr_assert_not_null(strstr(shell(BIN "/assay --version 2>/dev/null")->out, "assay 0."));
  cr_assert_not_null(strstr(shell(BIN "/assay run --help 2>/dev/null")->out, "--quick"));
}

Test(cli_input, zero_threads_and_other_numbers_out_of_range) {
  COMPLAINS(shell(BIN "/assay bench --threads 0 2>&1"), "--threads", "from 1 to");
  COMPLAINS(shell(BIN "/assay bench --threads two 2>&1"), "--threads", "two");
  COMPLAINS(shell(BIN "/assay bench --cpu 1023 2>&1"), "--cpu 1023", "no such core");
  COMPLAINS(shell(BIN "/assay selftest --cpu 1023 2>&1"), "--cpu 1023", "no such core");
  COMPLAINS(shell(BIN "/assay bench --launches 1.5 2>&1"), "--launches", "whole number");
  COMPLAINS(shell(BIN "/assay bench --seconds nan 2>&1"), "--seconds");
  COMPLAINS(shell(BIN "/assay bench --seconds 2>&1"), "--seconds", "needs a value");
}

/* The first value would be dropped without a word. */
Test(cli_input, an_option_given_twice_is_refused_by_every_command) {
  static const struct {
    const char *arguments, *option;
  } twice[] = {
      {"check --corpus a --corpus b", "check: --corpus"},
      {"check --cases a --cases b", "check: --cases"},
      {"check --policy a --policy b", "check: --policy"},
      {"check --tokens a --tokens b", "check: --tokens"},
      {"check --issuer a --issuer b", "check: --issuer"},
      {"check --secret-file a --secret-file b", "check: --secret-file"},
      {"check --answers a --answers b", "check: --answers"},
      {"check --answers=a --format=json --answers b", "check: --answers"},
      {"bench --seconds 1 --seconds 2", "bench: --seconds"},
      {"run --output a --output b", "run: --output"},
      {"gate --base a --base b", "gate: --base"},
      {"gate --head a --hea b", "gate: --head"},
      {"compare a b --threshold 1 --threshold 2", "compare: --threshold"},
      {"history show --subject a --subject b", "history: --subject"},
      {"history show --key-bits 2048 --key-bits 3072", "history: --key-bits"},
      {"report a --sort p99 --sort p50", "report: --sort"},
      {"choose a --rate 1 --rate 2", "choose: --rate"},
      {"leak --samples 1000 --samples 2000", "leak: --samples"},
      {"selftest --trials 5 --trials 6", "selftest: --trials"},
  };
  for (size_t i = 0; i < sizeof twice / sizeof twice[0]; i++)
    COMPLAINS(shell(BIN "/assay %s 2>&1", twice[i].arguments), twice[i].option, " is given twice");
}

/* Lists go on, and what is meant to stand there again stays as it is; flags say the same twice. */
Test(cli_input, a_list_goes_on_where_its_option_stands_again) {
  COMPLAINS(
      shell(BIN "/assay check --subject null,openssl --subject nowhere --corpus %s 2>&1", test_corpus()),
      "no subject 'nowhere'");
  COMPLAINS(shell(BIN "/assay check --alg RS256 --alg ES256,RS257 2>&1"), "'RS257'");
  COMPLAINS(shell(BIN "/assay check --alg RS257 --alg ES256 2>&1"), "'RS257'");
  COMPLAINS(shell(BIN "/assay check --fail-on acept --fail-on reject 2>&1"), "no answer 'acept'");
  COMPLAINS(shell(BIN "/assay choose r.json --mix RS256 --mix RS256 --rate 5 2>&1"),
            "--mix names RS256 twice");
  COMPLAINS(shell(BIN "/assay gate --threshold 1 --threshold RS256=2 --json --json 2>&1"),
            "needs one of --base");
}

Test(cli_input, lists_are_read_to_their_end_whatever_their_length) {
  COMPLAINS(shell("l=$(printf '%%05000d' 0 | tr 0 ,); " BIN
                  "/assay check --corpus %s --subject null${l}nowhere 2>&1",
                  test_corpus()),
            "no subject 'nowhere'");
  COMPLAINS(shell("l=$(printf '%%05000d' 0 | tr 0 ,); " BIN
                  "/assay check --corpus %s --subject null --alg HS256${l}RS999 2>&1",
                  test_corpus()),
            "'RS999'");
}

Test(cli_input, unknown_subject_lists_what_there_is) {
  COMPLAINS(shell(BIN "/assay check --corpus %s --subject opensll 2>&1", test_corpus()), "opensll", "null",
            "did you mean 'openssl'? There are: ");
}

Test(cli_input, unknown_variant_lists_what_there_is) {
  COMPLAINS(shell(BIN "/assay check --corpus %s --subject openssl:fast 2>&1", test_corpus()),
            "no variant 'fast'", "init-per-call");
}

Test(cli_input, module_that_does_not_load) {
  const char *folder = fresh_folder();
  shell("printf 'no library' > %s/junk.so", folder);
  COMPLAINS(shell(BIN "/assay check --corpus %s --subject %s/junk.so 2>&1", test_corpus(), folder), "junk.so",
            "not a shared object");
  COMPLAINS(shell(BIN "/assay check --corpus %s --subject %s/none.so 2>&1", test_corpus(), folder), "none.so",
            "no such file");
  shell("cp " TEST_MODULES "/crash.so %s/cut.so && truncate -s 3000 %s/cut.so", folder, folder);
  COMPLAINS(shell(BIN "/assay check --corpus %s --subject %s/cut.so 2>&1", test_corpus(), folder), "cut.so");
}

Test(cli_input, module_with_the_wrong_abi) {
  COMPLAINS(shell(BIN "/assay check --corpus %s --subject " TEST_MODULES "/wrong_abi.so 2>&1", test_corpus()),
            "wrong_abi.so", "ABI 999", "rebuild");
}

Test(cli_input, module_that_finds_another_library_loaded) {
  COMPLAINS(shell(BIN "/assay check --corpus %s --subject " TEST_MODULES "/mistaken.so 2>&1", test_corpus()),
            "mistaken.so: the library that was loaded is some, not none");
}

Test(cli_input, module_that_exports_more_than_its_one_symbol) {
  COMPLAINS(
      shell(BIN "/assay check --corpus %s --subject " TEST_MODULES "/two_symbols.so 2>&1", test_corpus()),
      "two_symbols.so", "must export assay_backend alone");
}

Test(cli_input, module_without_the_symbol) {
  COMPLAINS(shell(BIN "/assay check --corpus %s --subject " TEST_MODULES "/no_symbol.so 2>&1", test_corpus()),
            "no_symbol.so", "exports neither assay_backend nor assay_verifier");
}

Test(cli_input, corpus_with_a_wrong_checksum_names_the_file) {
  static const char *const files[] = {"tokens.bin", "tokens.idx", "policy.yaml", "tokens.jsonl"};
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    const char *folder = fresh_folder();
    shell("cp -r %s %s/c", test_corpus(), folder);
    shell("printf X | dd of=%s/c/%s bs=1 seek=100 conv=notrunc 2>/dev/null", folder, files[i]);
    COMPLAINS(shell(BIN "/assay check --corpus %s/c 2>&1", folder), files[i]);
    shell("rm -rf %s", folder);
  }
}

Test(cli_input, corpus_that_is_not_there_or_cut_off) {
  COMPLAINS(shell(BIN "/assay check --corpus /nonexistent 2>&1"), "/nonexistent");
  const char *folder = fresh_folder();
  shell("cp -r %s %s/c && truncate -s 1000 %s/c/tokens.idx", test_corpus(), folder, folder);
  COMPLAINS(shell(BIN "/assay check --corpus %s/c 2>&1", folder), "tokens.idx");
  shell("rm -rf %s", folder);
}

Test(cli_input, empty_corpus) {
  const char *folder = fresh_folder();
  shell(": > %s/none.jsonl", folder);
  COMPLAINS(shell(BIN "/assay corpus import %s/none.jsonl --out %s/c 2>&1", folder, folder), "none.jsonl");
  cr_assert_neq(access("c", F_OK), 0);
  shell("rm -rf %s", folder);
}

Test(cli_input, malformed_line_names_file_line_and_column) {
  const char *folder = fresh_folder();
  shell("cp -r %s/policy.yaml %s/keys %s && head -n 2 %s/tokens.jsonl > %s/a.jsonl && echo '{\"id\": \"x\", "
        "oops}' >> %s/a.jsonl",
        test_corpus(), test_corpus(), folder, test_corpus(), folder, folder);
  COMPLAINS(shell(BIN "/assay corpus import %s/a.jsonl --out %s/c 2>&1", folder, folder), "a.jsonl:3:");
  shell("head -c 1500 %s/tokens.jsonl > %s/a.jsonl", test_corpus(), folder);
  COMPLAINS(shell(BIN "/assay corpus import %s/a.jsonl --out %s/c 2>&1", folder, folder), "a.jsonl:");
  char path[128];
  snprintf(path, sizeof path, "%s/c", folder);
  cr_assert_neq(access(path, F_OK), 0, "no half corpus is left");
  shell("rm -rf %s", folder);
}

static const char policy_head[] =
    "schema: assay-policy/1\\nissuers:\\n  - iss: https://a.example\\n    keys: k.jwks\\n"
    "    algorithms: [HS256]\\n";

/* As case lines: in the order of lines, twenty of them, and how many more. */
Test(cli_input, all_wrong_lines_of_a_policy_are_told_in_their_order) {
  const char *folder = fresh_folder();
  shell(
      "cd %s && echo '{\"keys\":[]}' >k.jwks && { printf 'schema: assay-policy/1\nleeway: 5\nissuers:\n'; "
      "for i in 1 2 3; do printf '  - iss: a%%s\n    keys: k.jwks\n    algorithms: RS256\n' $i; done; printf "
      "'now: x\n'; } >types.yaml; { printf 'schema: assay-policy/1\nissuers:\n'; for i in $(seq 12); do "
      "printf '  - {iss: a%%s, keys: k.jwks,\n     algorithms: [RS257],\n     cnf: {}}\n' $i; done; "
      "printf 'leeway_s: -1\n'; } >values.yaml",
      folder);
  const struct ran *ran = shell(BIN "/assay check --corpus %s --policy %s/types.yaml --subject null 2>&1 | "
                                    "grep -o 'yaml:[0-9]*: .*'",
                                test_corpus(), folder);
  cr_expect_str_eq(ran->out, "yaml:2: unknown field 'leeway', did you mean 'leeway_s'?\n"
                             "yaml:6: 'algorithms' must be a list, not a single value\n"
                             "yaml:9: 'algorithms' must be a list, not a single value\n"
                             "yaml:12: 'algorithms' must be a list, not a single value\n"
                             "yaml:13: 'now' must be a whole number, not 'x'\n");
  ran = shell(BIN "/assay check --corpus %s --policy %s/values.yaml --subject null 2>&1 | tail -n 2",
              test_corpus(), folder);
  cr_expect_not_null(strstr(ran->out, "values.yaml:32: 'cnf' names nothing to check"), "%s", ran->out);
  cr_expect_not_null(strstr(ran->out, "values.yaml: 5 more lines are wrong"), "%s", ran->out);
  ran = shell("cd %s && echo '{}' >cases.jsonl && sed -i 's/iss: a12, //' values.yaml && " BIN
              "/assay check --cases cases.jsonl --policy values.yaml 2>&1 | head -n 1",
              folder);
  cr_expect_not_null(strstr(ran->out, "values.yaml:4: unknown algorithm 'RS257'"), "of cases, too: %s",
                     ran->out);
  shell("rm -rf %s", folder);
}

Test(cli_input, unknown_field_of_the_policy_names_line_and_nearest_name) {
  const char *folder = fresh_folder();
  shell("echo '{\"keys\":[]}' > %s/k.jwks; printf '%s    audiance: [x]\\n' > %s/p.yaml", folder, policy_head,
        folder);
  COMPLAINS(shell(BIN "/assay check --corpus %s --policy %s/p.yaml 2>&1", test_corpus(), folder), "p.yaml:6",
            "audiance", "audience");
  shell("rm -rf %s", folder);
}

Test(cli_input, unreadable_key_set_is_named) {
  const char *folder = fresh_folder();
  shell("printf '%s' > %s/p.yaml", policy_head, folder);
  COMPLAINS(shell(BIN "/assay check --corpus %s --policy %s/p.yaml 2>&1", test_corpus(), folder), "k.jwks");
  shell("echo '{\"keys\":' > %s/k.jwks", folder);
  COMPLAINS(shell(BIN "/assay check --corpus %s --policy %s/p.yaml 2>&1", test_corpus(), folder), "k.jwks");
  shell("rm -rf %s", folder);
}

Test(cli_input, refused_key_set_and_key_are_named_with_kid_and_reason) {
  const char *folder = fresh_folder();
  shell("printf '%s' > %s/p.yaml", policy_head, folder);
  shell("echo '{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\",\"d\":\"AA\"}]}' > %s/k.jwks",
        folder);
  COMPLAINS(shell(BIN "/assay check --corpus %s --policy %s/p.yaml 2>&1", test_corpus(), folder),
            "/p.yaml:", "/k.jwks: a private key as a JWK");
  shell("echo '{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AAAA\"},"
        "{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AAAA\"}]}' > %s/k.jwks",
        folder);
  COMPLAINS(shell(BIN "/assay check --corpus %s --policy %s/p.yaml 2>&1", test_corpus(), folder),
            "/p.yaml:4: k.jwks: ", "https://a.example", "key-import.duplicate-kid");
  shell("echo '{\"keys\":[{\"kty\":\"oct\",\"kid\":\"short-one\",\"k\":\"AAAA\"}]}' > %s/k.jwks", folder);
  const struct ran *ran =
      shell(BIN "/assay check --corpus %s --policy %s/p.yaml --subject null 2>&1", test_corpus(), folder);
  cr_assert_not_null(strstr(ran->out, "short-one"), "%s", ran->out);
  cr_assert_not_null(strstr(ran->out, "key-import.hmac-short"), "%s", ran->out);
  shell("rm -rf %s", folder);
}

Test(cli_input, disk_full_leaves_no_half_result) {
  const char *folder = fresh_folder();
  const struct ran *ran =
      shell(BIN "/assay check --corpus %s --subject openssl --output %s/out >/dev/null 2>&1", test_corpus(),
            folder);
  cr_assert_eq(ran->code, 0);
  /* 100 kB a file, which no page has room in. */
  ran = shell("ulimit -f 200; " BIN "/assay report %s/out --format html --output %s/out/page.html 2>&1",
              folder, folder);
  COMPLAINS(ran, "cannot write", "page.html");
  ran = shell("ls -A %s/out; tail -c 2 %s/out/result.json", folder, folder);
  cr_assert_str_eq(ran->out, "result.html\nresult.json\nresult.md\n}\n", "left behind: %s", ran->out);
  shell("rm -rf %s", folder);
}

/* An answer that is lost is none: of the program itself, of a command, of lists for programs. */
Test(cli_input, output_that_is_lost_fails_whatever_it_was) {
  static const char *const lines[] = {
      "assay --version",     "assay --help",           "assay help exit-codes",
      "assay help --names",  "assay list --names",     "assay check --help",
      "assay-corpus --help", "assay-corpus --version", "assay-corpus classes"};
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
    COMPLAINS(shell(BIN "/%s 2>&1 >/dev/full", lines[i]), "cannot write to standard output");
  cr_expect_eq(shell(BIN "/assay chekc >/dev/full 2>&1")->code, 4);
}

Test(cli_input, a_corpus_that_grows_beyond_the_limit_of_files_is_told) {
  const char *folder = fresh_folder();
  COMPLAINS(shell("ulimit -f 64; " BIN "/assay-corpus generate --profile small --out %s/c 2>&1", folder),
            "assay corpus: ");
  shell("rm -rf %s", folder);
}

Test(cli_input, report_of_what_is_no_result) {
  const char *folder = fresh_folder();
  shell("echo '{\"schema\":\"other/1\"}' > %s/r.json", folder);
  COMPLAINS(shell(BIN "/assay report %s/r.json 2>&1", folder), "r.json");
  COMPLAINS(shell(BIN "/assay report %s/none.json 2>&1", folder), "none.json");
  COMPLAINS(shell(BIN "/assay report %s/r.json --format tables 2>&1", folder), "tables", "markdown");
  shell("rm -rf %s", folder);
}

/* A dpkg-query that knows every package but one stands in front of the real one. */
Test(cli_input, missing_package_is_named_and_not_installed_when_forbidden) {
  const char *folder = fresh_folder();
  shell("printf '#!/bin/sh\\nfor p; do case $p in -*|libwolfssl-dev) ;; *) echo \"installed $p\";; esac; "
        "done\\n' > %s/dpkg-query "
        "&& chmod +x %s/dpkg-query",
        folder, folder);
  COMPLAINS(shell("PATH=%s:$PATH " ASSAY_SOURCE_DIR "/scripts/bench --no-install --quick 2>&1", folder),
            "bench:", "libwolfssl-dev", "--no-install");
  cr_assert_eq(shell("PATH=%s:$PATH " ASSAY_SOURCE_DIR "/scripts/setup --no-install test 2>&1", folder)->code,
               0);
  shell("rm -rf %s", folder);
}
