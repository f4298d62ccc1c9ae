/* The help of assay-corpus. */
#include "corpus/usage.h"

#include "corpus/import.h"

static const char usage[] =
    "usage: assay-corpus generate --out DIR [--seed N] [--profile NAME] [--token-bytes N] [--per-variant N]\n"
    "                             [--threads N] [--json]\n"
    "       assay-corpus learn FILE|- [--pattern REGEX] [--out PROFILE]\n"
    "       assay-corpus import FILE --out DIR [--format NAME] [--policy FILE] [--threads N] [--json]\n"
    "       assay-corpus verify DIR [--threads N]\n"
    "       assay-corpus sha256 FILE...\n"
    "       assay-corpus classes [--json]\n"
    "       assay-corpus show CLASS [--corpus DIR] [--json]\n"
    "\n"
    "generate   makes a corpus from a seed: the same seed gives the same bytes everywhere\n"
    "           --seed N         default 1\n"
    "           --profile NAME   default: 1,000 good tokens per algorithm (200 with RSA 3072 and 4096) and "
    "every\n"
    "                            class; small: 40, and one token per variant, for tests\n"
    "           --token-bytes N  size every good token (class valid) to about N bytes, or the least that "
    "its\n"
    "                            signature and the policy leave room for; without it, and for mutations, "
    "the\n"
    "                            natural mix of 400 to 1,500\n"
    "           --per-variant N  tokens per variant and algorithm (default 4; small 1): half of it under "
    "ES256,\n"
    "                            a quarter under the other ECDSA algorithms, where a check is dear. With "
    "the\n"
    "                            default profile a variant has 8 or more in all, if they can differ\n"
    "           --profile FILE   a learned profile: good tokens of its algorithms, lengths and claims\n"
    "           --tokens N       how many good tokens then (default 10,000)\n"
    "learn      reads real tokens, one a line, and writes a profile (JSON) of their algorithms, lengths and\n"
    "           claims, with nothing in it that stood in a token: see corpus/learned.h\n"
    "           --pattern REGEX  lines of a log: the first group of every match is a token (POSIX extended)\n"
    "           --out PROFILE    default: standard output\n"
    "import     takes in tokens that somebody else made, with the policy.yaml beside them or the one named\n"
    "           --format NAME    of the file, see below; default cases\n"
    "verify     compares every file of a corpus with its manifest\n"
    "sha256     prints the SHA-256 of files\n"
    "classes    lists what a corpus can hold\n"
    "show       explains one class, with a token of it decoded\n"
    "           --corpus DIR     take the token from there instead of making one\n"
    "\n"
    "--threads N  default: all cores       --json  the answer as JSON\n"
    "Ends with 0, or with 4 and a sentence on stderr, or with 130 if interrupted.\n"
    "\n"
    "Formats of import:\n";

void usage_print(FILE *stream) {
  fputs(usage, stream);
  for (size_t i = 0; importers[i]; i++)
    fprintf(stream, "  %-10s %s\n", importers[i]->name, importers[i]->summary);
  fputs("\n"
        "Examples:\n"
        "  assay-corpus generate --out corpus --seed 7\n"
        "  assay-corpus learn access.log --pattern 'Bearer ([^ \"]+)' --out ours.json\n"
        "  assay-corpus generate --out like-ours --profile ours.json\n"
        "  assay-corpus import cases.jsonl --out mine --policy policy.yaml\n"
        "  assay-corpus show exp-past\n",
        stream);
}
