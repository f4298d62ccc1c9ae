/* The help of assay-corpus: of the program, and of each command. */
#include "corpus/program/usage.h"

#include <stdbool.h>
#include <string.h>

#include "corpus/import/shared/import.h"

#define COLUMN 11 /* where the texts begin behind the commands' names */

static const struct part {
  const char *name;
  const char *synopsis; /* without the program's name; a second line as it stands in the list of all */
  const char *text;     /* what it does */
  const char *options;  /* but for those that several commands have */
  const char *examples;
} parts[] = {
    {"generate",
     "generate --out DIR [--seed N] [--profile NAME|FILE] [--tokens N] [--token-bytes N]\n"
     "                             [--per-variant N] [--threads N] [--json]\n",
     "makes a corpus from a seed: the same seed gives the same bytes everywhere. A corpus in DIR is\n"
     "replaced, and named where it was another one; a folder with anything else in it is left alone\n",
     "  --seed N         default 1\n"
     "  --profile NAME   default: 1,000 good tokens per algorithm (200 with RSA 3072 and 4096) and every\n"
     "                   class; small: 40, and one token per variant, for tests\n"
     "  --token-bytes N  size every good token (class valid) to about N bytes, or the least that its\n"
     "                   signature and the policy leave room for; without it, and for mutations, the\n"
     "                   natural mix of 400 to 1,500\n"
     "  --per-variant N  tokens per variant and algorithm (default 4; small 1): half of it under ES256,\n"
     "                   a quarter under the other ECDSA algorithms, where a check is dear. With the\n"
     "                   default profile a variant has 8 or more in all, if they can differ\n"
     "  --profile FILE   a learned profile: good tokens of its algorithms, lengths and claims\n"
     "  --tokens N       how many good tokens then (default 10,000)\n",
     "  assay-corpus generate --out corpus --seed 7\n"
     "  assay-corpus generate --out like-ours --profile ours.json\n"},
    {"learn", "learn FILE|- [--pattern REGEX] [--out PROFILE]\n",
     "reads real tokens, one a line, and writes a profile (JSON) of their algorithms, lengths and\n"
     "claims. No value and no unregistered name that stood in a token is in it; issuers are told\n"
     "apart by hashes under a salt that is thrown away\n",
     "  --pattern REGEX  lines of a log: the first group of every match is a token (POSIX extended)\n"
     "  --out PROFILE    default: standard output\n",
     "  assay-corpus learn access.log --pattern 'Bearer ([^ \"]+)' --out ours.json\n"},
    {"import",
     "import FILE --out DIR [--format NAME] [--policy FILE] [--mapping FILE]\n"
     "                           [--threads N] [--json]\n",
     "takes in tokens that somebody else made, with the policy.yaml beside them or the one named\n",
     "  --format NAME    of the file, see below; default cases\n"
     "  --mapping FILE   with --format suite, a JSON object that says where things stand, by JSON Pointers:\n"
     "                   tests, token, result and keys (or a list of places), and as needed groups, id,\n"
     "                   valid and invalid (the words of a result), class, now (seconds since 1970)\n"
     "  --keys FILE      with --format tokens, in place of a policy: as of `keys`; several with commas, or\n"
     "                   the option again. Likewise --secret-file FILE, --issuer ISS, --audience AUD,\n"
     "                   --alg LIST, and --now SECONDS since 1970 for a clock that stands\n",
     "  assay-corpus import cases.jsonl --out mine --policy policy.yaml\n"
     "  assay-corpus import json_web_signature_test.json --format wycheproof-jws --out suite\n"
     "  assay-corpus import tokens.txt --format tokens --out mine --keys k.pem --issuer "
     "https://login.example\n"},
    {"keys", "keys FILE... [--secret-file FILE]\n",
     "prints public keys as a JWK Set: JWK Sets, single JWKs, PEM and DER of keys and certificates,\n"
     "X.509 maps ({kid: certificate}). What is something else is named for what it is; a private key\n"
     "is refused\n",
     "  --secret-file FILE  a secret for HMAC, as it is; the end of a line behind it is left out\n",
     "  assay-corpus keys server.pem > keys.jwks\n"},
    {"policy", "policy FILE --out DIR\n",
     "writes a copy of a policy into DIR whose key files are JWK Sets, whatever they were: what assay\n"
     "itself reads\n",
     "", "  assay-corpus policy policy.yaml --out resolved\n"},
    {"verify", "verify DIR [--threads N]\n", "compares every file of a corpus with its manifest\n", "",
     "  assay-corpus verify corpus\n"},
    {"sha256", "sha256 FILE...\n", "prints the SHA-256 of files\n", "",
     "  assay-corpus sha256 corpus/tokens.bin\n"},
    {"classes", "classes [--json]\n", "lists what a corpus can hold\n", "", "  assay-corpus classes\n"},
    {"show", "show CLASS [--corpus DIR] [--json]\n", "explains one class, with a token of it decoded\n",
     "  --corpus DIR     take the token from there instead of making one\n",
     "  assay-corpus show exp-past\n"},
};
#define PART_COUNT (sizeof parts / sizeof parts[0])

#define ENDS "Ends with 0, or with 4 and a sentence on stderr, or with 130 if interrupted.\n"

/* Every line behind so many spaces. */
static void put_indented(FILE *stream, const char *text, int indent) {
  for (const char *end; *text; text = end) {
    end = strchr(text, '\n') + 1;
    fprintf(stream, "%*s%.*s", indent, "", (int)(end - text), text);
  }
}

static void put_formats(FILE *stream) {
  fputs("\nFormats of import:\n", stream);
  fprintf(stream, "  %-14s %s\n", "tokens", "compact tokens as they are, one a line; \"Bearer ...\" too");
  for (size_t i = 0; importers[i]; i++)
    fprintf(stream, "  %-14s %s\n", importers[i]->name, importers[i]->summary);
}

/* Options that several commands have. */
static void put_shared(FILE *stream, const struct part *part) {
  if (strstr(part->synopsis, "--threads"))
    fputs("  --threads N      default: all cores\n", stream);
  if (strstr(part->synopsis, "--json"))
    fputs("  --json           the answer as JSON\n", stream);
}

static void put_texts(FILE *stream) {
  for (size_t i = 0; i < PART_COUNT; i++) {
    const char *second = strchr(parts[i].text, '\n') + 1;
    fprintf(stream, "%-*s%.*s", COLUMN, parts[i].name, (int)(second - parts[i].text), parts[i].text);
    put_indented(stream, second, COLUMN);
    put_indented(stream, parts[i].options, COLUMN - 2);
  }
}

void usage_print(FILE *stream) {
  for (size_t i = 0; i < PART_COUNT; i++)
    fprintf(stream, "%s assay-corpus %s", i == 0 ? "usage:" : "      ", parts[i].synopsis);
  putc('\n', stream);
  put_texts(stream);
  fputs("\n--threads N  default: all cores       --json  the answer as JSON\n" ENDS, stream);
  put_formats(stream);
  fputs("\nExamples:\n", stream);
  for (size_t i = 0; i < PART_COUNT; i++)
    fputs(parts[i].examples, stream);
}

bool usage_print_command(FILE *stream, const char *name) {
  const struct part *part = parts;
  while (part < parts + PART_COUNT && strcmp(part->name, name) != 0)
    part++;
  if (part == parts + PART_COUNT)
    return false;
  fprintf(stream, "usage: assay-corpus %s\n%c%.*s.\n", part->synopsis, part->text[0] - 'a' + 'A',
          (int)strlen(part->text) - 2, part->text + 1);
  if (part->options[0] || strstr(part->synopsis, "--"))
    putc('\n', stream);
  fputs(part->options, stream);
  put_shared(stream, part);
  fputs("\n" ENDS, stream);
  if (strcmp(name, "import") == 0)
    put_formats(stream);
  fprintf(stream, "\nExamples:\n%s", part->examples);
  return true;
}
