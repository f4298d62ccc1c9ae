/* The options of assay-corpus, which are one table, and its help. */
#include "corpus/program/usage.h"

#include <string.h>
#include <unistd.h>

#include "corpus/base/parallel.h"
#include "corpus/export/shared/export.h"
#include "corpus/import/shared/import.h"
#include "corpus/program/generate.h"
#include "corpus/program/show.h"
#include "harness/options/sheet.h"

#define SEED_MOST 9223372036854775807.0L

/* ---- words and values ---- */

static const char *profile_word(unsigned number) {
  return generate_profiles[number];
}

static const char *format_word(unsigned number) {
  return number == 0 ? "tokens" : importers[number - 1] ? importers[number - 1]->name : NULL;
}

static const char *tool_word(unsigned number) {
  return exporters[number] ? exporters[number]->name : NULL;
}

/* Commas part files, unless a file is called so. */
static bool take_keys(void *member, const char *list, struct assay_error *error) {
  (void)error;
  while (list[0] && access(list, F_OK) != 0 && strchr(list, ',')) {
    size_t len = strcspn(list, ",");
    own_trust_add_keys(member, list, len);
    list += len + 1;
  }
  own_trust_add_keys(member, list, strlen(list));
  return true;
}

static bool take_audience(void *member, const char *name, struct assay_error *error) {
  (void)error;
  own_trust_add_audience(member, name);
  return true;
}

static bool take_now(void *member, const char *text, struct assay_error *error) {
  double seconds;
  bool ok = option_number("now", text, 0, (double)(INT64_C(1) << 53), &seconds, error);
  *(int64_t *)member = (int64_t)seconds;
  return ok;
}

/* ---- the table ---- */

/* Whose an option is. */
#define BIT(command) (1u << (command))
#define GENERATE BIT(COMMAND_GENERATE)
#define LEARN BIT(COMMAND_LEARN)
#define IMPORT BIT(COMMAND_IMPORT)
#define KEYS BIT(COMMAND_KEYS)
#define POLICY BIT(COMMAND_POLICY)
#define VERIFY BIT(COMMAND_VERIFY)
#define CLASSES BIT(COMMAND_CLASSES)
#define SHOW BIT(COMMAND_SHOW)
#define EXPORT BIT(COMMAND_EXPORT)

static const struct option_row option_rows[] = {
    {"out", "DIR", "where the corpus goes", TEXT_IN(struct options, out), .of = GENERATE | IMPORT},
    {"out", "DIR", "where the copy goes", TEXT_IN(struct options, out), .of = POLICY},
    {"seed", "N", "where randomness comes from (default: 1)", WHOLE_IN(struct options, seed, 0, SEED_MOST),
     .of = GENERATE},
    {"profile", "NAME|FILE",
     "what is made; default: 1,000 good tokens per algorithm (200 with RSA 3072 and 4096) and every class; "
     "small: 40, and one token per variant, for tests; a file that learn wrote: good tokens of its "
     "algorithms, lengths and claims",
     TEXT_IN(struct options, profile), .of = GENERATE, .word = profile_word, .fallback = "default"},
    {"tokens", "N", "how many good tokens of a learned profile (default: 10,000)",
     WHOLE_IN(struct options, tokens, 1, 10000000), .of = GENERATE},
    {"token-bytes", "N",
     "size every good token (class valid) to about N bytes, or the least that its signature and the policy "
     "leave room for; without it, and for mutations, the natural mix of 400 to 1,500",
     WHOLE_IN(struct options, token_bytes, 1, 16000), .of = GENERATE},
    {"per-variant", "N",
     "tokens per variant and algorithm (default: 4; small 1): half of it under ES256, a quarter under the "
     "other ECDSA algorithms, where a check is slow. With the default profile a variant has 8 or more in "
     "all, if they can differ",
     WHOLE_IN(struct options, per_variant, 1, 9999), .of = GENERATE},
    {"pattern", "REGEX", "lines of a log: the first group of every match is a token (POSIX extended)",
     TEXT_IN(struct options, pattern), .of = LEARN},
    {"out", "PROFILE", "where the profile goes (default: standard output)", TEXT_IN(struct options, out),
     .of = LEARN},
    {"format", "NAME", "of the file, see below", TEXT_IN(struct options, format), .fallback = "cases",
     .of = IMPORT, .word = format_word},
    {"policy", "FILE", "in place of the policy.yaml beside the file", TEXT_IN(struct options, policy),
     .of = IMPORT},
    {"mapping", "FILE",
     "with --format suite, a JSON object that says where things stand, by JSON Pointers: tests, token, "
     "result and keys (or a list of places), and as needed groups, id, valid and invalid (the words of a "
     "result), class, now (seconds since 1970)",
     TEXT_IN(struct options, mapping), .of = IMPORT},
    {"secret-file", "FILE", "a secret for HMAC, as it is, without the end of line behind it",
     TEXT_IN(struct options, own.secret_file), .of = KEYS},
    {"corpus", "DIR", "take the token from there instead of making one", TEXT_IN(struct options, corpus),
     .of = SHOW},
    {"format", "NAME", "the tool that they are for, see below", WORD_IN(struct options, format, tool_word),
     .of = EXPORT},
    {"out", "FOLDER", "where the files go; those of their names are replaced", TEXT_IN(struct options, out),
     .of = EXPORT},
    {"alg", "LIST", "tokens of these algorithms alone", LIST_IN(struct options, algs), .of = EXPORT,
     .word = alg_word},
    {"class", "LIST",
     "tokens of these classes instead, bad ones too (default: the good ones, class valid; of tokens that "
     "were imported, all that are not expected to be refused)",
     LIST_IN(struct options, class_ids), .of = EXPORT, .word = class_word},
    {"url", "URL", "what the service answers at", TEXT_IN(struct options, url), .of = EXPORT,
     .fallback = EXPORT_URL},
    {"threads", "N", "threads to work with (default: all cores)", WHOLE_IN(struct options, threads, 1, 256),
     .of = GENERATE | IMPORT | VERIFY},
    {"json", NULL, "the answer as JSON", FLAG_IN(struct options, json),
     .of = GENERATE | IMPORT | CLASSES | SHOW},
    {"keys", "FILE", "as of `assay corpus keys`; several with commas, or the option again",
     TAKEN_AS(OPTION_EACH, struct options, own, take_keys), .of = IMPORT,
     .group = "With --format tokens, in place of a policy:"},
    {"secret-file", "FILE", "a secret for HMAC, as it is, without the end of line behind it",
     TEXT_IN(struct options, own.secret_file), .of = IMPORT},
    {"issuer", "ISS", "the issuer that the tokens have to be from", TEXT_IN(struct options, own.issuer),
     .of = IMPORT},
    {"audience", "AUD",
     "for whom they have to be; any: it does not matter. The option again for a second name",
     TAKEN_AS(OPTION_EACH, struct options, own, take_audience), .of = IMPORT},
    {"alg", "LIST", "what is allowed (default: what the keys are for)", LIST_IN(struct options, own.algs),
     .of = IMPORT, .word = jose_alg_word},
    {"now", "SECONDS", "since 1970: the clock stands still there",
     TAKEN_AS(OPTION_TEXT, struct options, own.now, take_now), .of = IMPORT},
    {0}};

/* ---- the commands ---- */

static void list_formats(struct sheet *sheet) {
  sheet_head(sheet, "Formats of import:");
  sheet_item(sheet, 18, "tokens", "compact tokens as they are, one a line; \"Bearer ...\" too");
  for (size_t i = 0; importers[i]; i++)
    sheet_item(sheet, 18, importers[i]->name, importers[i]->summary);
}

static void list_tools(struct sheet *sheet) {
  sheet_head(sheet, "Formats of export:");
  for (size_t i = 0; exporters[i]; i++)
    sheet_item(sheet, 18, exporters[i]->name, exporters[i]->summary);
}

#define COMMAND(which, word)                                                                                 \
  .name = "assay corpus " word, .options = option_rows, .of = BIT(which), .notes = USAGE_ENDS

static const struct usage usages[COMMAND_COUNT] = {
    [COMMAND_GENERATE] =
        {COMMAND(COMMAND_GENERATE, "generate"), .forms = "--out DIR [OPTION...]",
         .summary = "makes a corpus from a seed",
         .about =
             "Makes a corpus from a seed: the same seed gives the same bytes everywhere. A corpus in DIR is "
             "replaced, and named where it was another one; a folder with anything else in it is left alone.",
         .examples = "assay corpus generate --out corpus --seed 7\n"
                     "assay corpus generate --out like-ours --profile ours.json"},
    [COMMAND_LEARN] = {COMMAND(COMMAND_LEARN, "learn"), .forms = "FILE|- [--pattern REGEX] [--out PROFILE]",
                       .summary = "reads real tokens and writes a profile of them",
                       .about =
                           "Reads real tokens, one a line, and writes a profile (JSON) of their algorithms, "
                           "lengths and claims. No value and no unregistered name that stood in a token is "
                           "in it; issuers are told apart by hashes under a salt that is thrown away.",
                       .examples =
                           "assay corpus learn access.log --pattern 'Bearer ([^ \"]+)' --out ours.json"},
    [COMMAND_IMPORT] =
        {COMMAND(COMMAND_IMPORT, "import"), .forms = "FILE --out DIR [OPTION...]",
         .summary = "takes in tokens that somebody else made",
         .about =
             "Takes in tokens that somebody else made, with the policy.yaml beside them or the one named.",
         .examples = "assay corpus import cases.jsonl --out mine --policy policy.yaml\n"
                     "assay corpus import json_web_signature_test.json --format wycheproof-jws --out suite\n"
                     "assay corpus import tokens.txt --format tokens --out mine --keys k.pem --issuer "
                     "https://login.example",
         .lists = list_formats},
    [COMMAND_KEYS] = {COMMAND(COMMAND_KEYS, "keys"), .forms = "FILE... [--secret-file FILE]",
                      .summary = "prints public keys as a JWK Set",
                      .about =
                          "Prints public keys as a JWK Set: JWK Sets, single JWKs, PEM and DER of keys "
                          "and certificates, X.509 maps ({kid: certificate}). Anything else is named for "
                          "what it is; a private key is refused.",
                      .examples = "assay corpus keys server.pem > keys.jwks"},
    [COMMAND_POLICY] = {COMMAND(COMMAND_POLICY, "policy"), .forms = "FILE --out DIR",
                        .summary = "writes a copy of a policy whose key files are JWK Sets",
                        .about = "Writes a copy of a policy into DIR whose key files are JWK Sets, whatever "
                                 "they were: what assay itself reads.",
                        .examples = "assay corpus policy policy.yaml --out resolved"},
    [COMMAND_VERIFY] = {COMMAND(COMMAND_VERIFY, "verify"), .forms = "DIR [--threads N]",
                        .summary = "compares every file of a corpus with its manifest",
                        .examples = "assay corpus verify corpus"},
    [COMMAND_SHA256] = {COMMAND(COMMAND_SHA256, "sha256"), .forms = "FILE...",
                        .summary = "prints the SHA-256 of files, as sha256sum does",
                        .examples = "assay corpus sha256 corpus/tokens.bin"},
    [COMMAND_CLASSES] = {COMMAND(COMMAND_CLASSES, "classes"), .forms = "[--json]",
                         .summary = "lists what a corpus can hold", .examples = "assay corpus classes"},
    [COMMAND_SHOW] = {COMMAND(COMMAND_SHOW, "show"), .forms = "CLASS [--corpus DIR] [--json]",
                      .summary = "explains one class, with a token of it decoded",
                      .examples = "assay corpus show exp-past", .operand = class_word},
    [COMMAND_EXPORT] =
        {COMMAND(COMMAND_EXPORT, "export"), .forms = "DIR --format NAME --out FOLDER [OPTION...]",
         .summary = "writes the tokens of a corpus for a tool that puts load on a service",
         .about =
             "Writes the tokens of a corpus for a tool that puts load on a service: thousands of different "
             "ones, as bearer tokens (RFC 6750 2.1), all algorithms mixed. The service has to trust the key "
             "sets in DIR/keys by the rules of DIR/policy.yaml, and its clock has to stand where the "
             "corpus's does, as under faketime: at 2026-01-01T00:00:00Z, unless the tokens are your own, "
             "imported. Tokens that need keys or a policy of their own, or that no header can hold, are "
             "left out and counted.",
         .examples = "assay corpus export corpus --format wrk --out load --alg RS256,ES256\n"
                     "assay corpus export corpus --format vegeta --out load --url https://test.example/me\n"
                     "assay corpus export corpus --format k6 --out load --class exp-past",
         .lists = list_tools},
};

const struct usage *usage_at(unsigned number) {
  return number < COMMAND_COUNT ? &usages[number] : NULL;
}

bool usage_read(enum corpus_command command, int argc, char **argv, struct options *options,
                struct assay_error *error) {
  struct options_given given;
  *options = (struct options){.threads = parallel_cores(), .own.now = CORPUS_NOW_UNSET};
  if (!options_read(&usages[command], options, argc, argv, &given, error))
    return false;
  options->has_seed = option_is_given(&usages[command], &given, "seed");
  options->operands = given.operands;
  options->operand_count = given.operand_count;
  return true;
}
