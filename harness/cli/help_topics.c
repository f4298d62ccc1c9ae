/* The topics of `assay help`: written once for all commands that they concern. */
#include "harness/cli/help_topics.h"

#include "harness/base/alg.h"
#include "harness/base/reason.h"
#include "harness/subject/subject_spec.h"
#include "reports/model/result.h"

#define TERM_MOST 26

static void print_subjects(struct sheet *sheet) {
  static const struct sheet_item items[] = {
      {"NAME", "a module that `assay list` shows: openssl, libjwt"},
      {"NAME:VARIANT", "another way of using the same library: openssl:init-per-call"},
      {"NAME@PREFIX",
       "the backend, built for the library that is installed under PREFIX, and kept (`assay "
       "backend --help`). A comma ends a subject: a folder with one in its name is named by a link"},
      {"LABEL=SUBJECT", "called LABEL in reports: mine=openssl@/opt/openssl"},
      {"PATH.so, PATH.so@PREFIX", "a module's file; with the library looked for under PREFIX"},
      {"exec:COMMAND", "any program that speaks assay-exec/1, the protocol that the documentation tells in "
                       "backends/verifiers/adapters/README.md"},
      {"default",
       SUBJECTS_DEFAULT ": what run, bench and leak take without --subject; check takes the verifiers, too"},
      {"backends, verifiers, all", "every module of a kind, or both kinds"},
      {0}};
  sheet_text(sheet, "A subject is written as one of");
  sheet_items(sheet, items, TERM_MOST);
  sheet_text(
      sheet,
      "A backend is a crypto library, asked behind assay's own checks of the token; a verifier is a whole "
      "JWT library, which makes them itself. `null` does nothing: its times are what assay itself costs.");
}

static void print_exit_codes(struct sheet *sheet) {
  static const struct sheet_item items[] = {
      {"0", "holds"},
      {"1",
       "regression (gate, compare), no subject carries the load (choose), or wait: it costs more (advise)"},
      {"2", "wrong verdict, crash, hang or fault of a backend; of a verifier with --fail-on; a worse verdict "
            "(gate, compare --threshold, advise); a leak (leak)"},
      {"3", "too noisy to say, or incomplete: not everything could be compared"},
      {"4", "usage or set-up; one sentence on standard error says what and where"},
      {"130", "interrupted; a result that was written is valid and marked partial"},
      {0}};
  sheet_items(sheet, items, TERM_MOST);
}

static void print_environment(struct sheet *sheet) {
  static const struct sheet_item items[] = {
      {"NO_COLOR", "set to anything: no colour"},
      {"TERM", "dumb: no colour, no bars and no progress line"},
      {"LC_ALL, LC_CTYPE, LANG", "bars of latency are drawn where they name UTF-8"},
      {"CC", "the C compiler of NAME@PREFIX, and options for it; else the one that assay was built with"},
      {"LD_LIBRARY_PATH", "for modules named by their path and for programs. Modules of assay's own do not "
                          "look there: NAME@PREFIX measures another build of a library"},
      {"ASSAY_CACHE",
       "folder of the default corpus, of modules for NAME@PREFIX and of the self-test's answer; else $XDG_CACHE_HOME/assay, "
       "else ~/.cache/assay"},
      {"ASSAY_HISTORY", "file of `assay history`; else $XDG_DATA_HOME/assay/history.sqlite, else "
                        "~/.local/share/assay/history.sqlite"},
      {"ASSAY_HOST", "what results and the host_name of --format gbench call this machine; unset: nothing, "
                     "since results are passed on and network names tell of their owners"},
      {"TMPDIR", "folder for what a run makes and removes again (/tmp)"},
      {"ASSAY_BIN", "folder of the programs, where assay is embedded elsewhere"},
      {0}};
  sheet_items(sheet, items, TERM_MOST);
  sheet_text(
      sheet,
      "Colour and the progress line appear only on a terminal. Pipes and files get plain text, and standard error a line of progress every ten seconds.");
}

static void print_algorithms(struct sheet *sheet) {
  char lines[ASSAY_ALG_COUNT * 16] = "";
  size_t used = 0;
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
    used +=
        (size_t)snprintf(lines + used, sizeof lines - used, "  %s\n", assay_alg_name((enum assay_alg)alg));
  sheet_text(sheet, "Algorithms of --alg and --mix (RFC 7518, 8037, 8812, 9864):");
  sheet_text(sheet, lines);
}

static void print_formats(struct sheet *sheet) {
  sheet_head(sheet, "Output formats of `assay report RESULT --format NAME`:");
  for (const struct result_format *const *format = result_formats; *format; format++)
    sheet_item(sheet, 15, (*format)->name, (*format)->summary);
}

/* Those of the stages, or the answers that belong to none. Most numbers in between name nothing. */
static void list_reasons(struct sheet *sheet, bool of_stages) {
  sheet_gap(sheet);
  for (int number = 1; number <= REASON_LAST; number++) {
    enum assay_reason reason = (enum assay_reason)number;
    if ((assay_reason_stage(reason) != STAGE_NONE) == of_stages && assay_reason_sentence(reason)[0])
      sheet_item(sheet, 47, assay_reason_dotted(reason), assay_reason_sentence(reason));
  }
}

static void print_reasons(struct sheet *sheet) {
  sheet_text(sheet,
             "Why a token is refused. The name is STAGE.REASON; the first stage that refuses decides.");
  list_reasons(sheet, true);
  sheet_text(sheet, "Answers that name no such reason:");
  list_reasons(sheet, false);
}

/* ---- what can stand in a case line ---- */

/* The key is "a secret of 32 octets, for shows". */
#define EXAMPLE_TRUST                                                                                        \
  "\"keys\":{\"joe\":{\"keys\":[{\"kty\":\"oct\",\"k\":\"YSBzZWNyZXQgb2YgMzIgb2N0ZXRzLCBmb3"                 \
  "Igc2hvd3M\"}]}},\"policy\":{\"schema\":\"assay-policy/1\",\"issuers\":[{\"iss\":\"joe\","                 \
  "\"algorithms\":[\"HS256\"]}]}"

static const struct sheet_item case_fields[] = {
    {"id", "names the case, once in a file"},
    {"token", "the compact token; or token_b64, any bytes in base64 (RFC 4648 4)"},
    {"keys", "{ISSUER: keys}: a JWK Set, a JWK, PEM text or an X.509 map"},
    {"policy", "what is trusted (`assay help policy`), as JSON. Without it, what --policy names, or the "
               "policy.yaml beside FILE"},
    {"expect", "{\"verdict\": \"accept\"}, {\"verdict\": \"reject\"} for any reason, or with \"reason\": one "
               "or a list of those that are right (`assay help reasons`); STAGE.* is every reason of a "
               "stage. Without expect nothing is scored, and what each subject says is shown"},
    {"also", "a list of further right reasons"},
    {"now", "the clock: seconds since 1970, or 2026-01-01T12:00:00Z (RFC 3339); else the policy's, else the "
            "real one"},
    {"after", "id of a case to be sent just before, for replay"},
    {"pinned", "true: one of several defensible behaviours; a verifier that answers otherwise differs"},
    {"class, variant, group", "what the case is filed under; its class is case where none is named"},
    {"alg", "as the token's own header says it; best left out"},
    {"target", "the algorithm that is attacked and filed under, where the header names another"},
    {"key_bits", "the length of an RSA key, to be filed under"},
    {"comment", "is not read"},
    {0}};

static const char case_example[] =
    "  "
    "{\"id\":\"good\",\"token\":\"eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLCJleHAiOjE3NjcyMzAwMDB9."
    "vU6GrtiEO7djjOlSNuf6kW_gZ0-OuwUY8VtlRuuwGlI\"," EXAMPLE_TRUST
    ",\"now\":\"2026-01-01T00:00:00Z\",\"expect\":{\"verdict\":\"accept\"}}\n"
    "  {\"id\":\"late\",\"token\":\"eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLCJleHAiOjE3NjcyMzAw"
    "MDB9.vU6GrtiEO7djjOlSNuf6kW_gZ0-OuwUY8VtlRuuwGlI\"," EXAMPLE_TRUST
    ",\"now\":1767240000,\"expect\":{\"verdict\":\"reject\",\"reason\":\"registered-claims.expired\"}}\n"
    "  "
    "{\"id\":\"forged\",\"token\":\"eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLCJleHAiOjE3NjcyMzAwMDB9."
    "vU6GrtiEO7djjOlSNuf6kW_gZ0-OuwUY8VtlRuAwGlI\"," EXAMPLE_TRUST
    ",\"now\":1767225600,\"expect\":{\"verdict\":\"reject\",\"reason\":[\"signature.*\"]}}\n";

static void print_cases(struct sheet *sheet) {
  sheet_text(
      sheet,
      "`assay check --cases FILE` asks about your own tokens: one JSON object a line, from a file, a pipe, "
      "or, for -, standard input. Nothing is asked while a line is wrong; the first 20 are told in words.");
  sheet_items(sheet, case_fields, 12);
  sheet_head(sheet, "Example, three lines for `assay check --cases FILE`:");
  sheet_text(sheet, case_example);
}

const struct topic topics[] = {{"subjects", "how the things under test are named", print_subjects},
                               {"exit-codes", "what a command's end means", print_exit_codes},
                               {"environment", "variables that are read", print_environment},
                               {"algorithms", "signature algorithms by name", print_algorithms},
                               {"formats", "output formats of reports", print_formats},
                               {"reasons", "why a token can be refused", print_reasons},
                               {"cases", "how own tokens are written for --cases", print_cases},
                               {"policy", "what can be said in a policy", help_policy},
                               {0}};
