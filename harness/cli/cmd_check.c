/* assay check: verdicts and reasons alone, on a corpus or on somebody's own cases. */
#include <stddef.h>

#include "harness/cli/command.h"
#include "harness/cli/main_job.h"

static int run(int argc, char **argv) {
  struct job_options options = {
      .command = "check", .check = true, .launches = 1, .seconds = 1, .threads = 1, .hang_s = 5, .cpu = -1};
  int code = job_parse(&options, argc, argv);
  if (code >= 0)
    return code;
  if (!options.subjects)
    options.subjects = options.vectors ? "backends" : "all";
  return main_job(&options, argc, argv);
}

const struct command command_check = {
    .name = "check",
    .summary = "verdicts and reasons alone",
    .usage =
        "usage: assay check [OPTION...]\n\n"
        "Asks every subject about every token of a corpus and compares verdict and reason with what\n"
        "the corpus' construction expects. Takes the options of `assay run`, but asks verifiers too\n"
        "unless --subject names others; files are written only where --output names a folder. Exit\n"
        "code 2 where any answer of a backend is wrong; what verifiers answer wrongly is a finding.\n\n"
        "  --cases FILE      your own tokens instead of a corpus, one JSON object a line:\n"
        "                    {\"id\", \"token\" (or \"token_b64\"), \"expect\": {\"verdict\", \"reason\"}, "
        "\"also\",\n"
        "                    \"class\", \"variant\", \"alg\", \"keys\": {ISSUER: JWKS}, \"policy\", \"now\", "
        "\"after\"}\n"
        "                    id and token are needed; policy where no policy.yaml stands beside FILE and\n"
        "                    --policy names none. -: standard input. `assay help cases` tells more\n"
        "                    where a set of keys is asked for, a JWK, PEM and an X.509 map serve as well\n"
        "  --tokens FILE|-   your own tokens as they are, one a line, \"Bearer ...\" too; nothing is "
        "expected of\n"
        "                    them, and the clock is the real one. Instead of a policy there are\n"
        "  --keys FILE       JWK Set, JWK, public key or certificate in PEM or DER, X.509 map; several with\n"
        "                    commas, or the option again. A key without a kid serves any kid\n"
        "  --secret-file FILE\n"
        "                    a secret for HMAC, as it is but for the end of its line\n"
        "  --issuer ISS      whose tokens they have to be\n"
        "  --audience AUD    who you are: a token has to be meant for you; any: it does not matter. The\n"
        "                    option again for a second name\n"
        "  --alg LIST        with --tokens, what is allowed; without it, what the keys are for\n"
        "  --level primitive --vectors DIR\n"
        "                    raw vectors instead of tokens, through each library's bare verify and without\n"
        "                    our guards: the JSON of Wycheproof, CCTV ed25519 and ed25519-speccheck\n"
        "                    under DIR. What libraries answer wrongly there is a finding: exit code 0\n"
        "  --level guarded --vectors DIR\n"
        "                    the same vectors behind our guards, the key import and form checks of the\n"
        "                    pipeline. A disagreement with a suite is an error there: exit code 2\n"
        "  --fail-on LIST    exit code 2 also for what verifiers answer: accept (a bad token), reject (a "
        "good\n"
        "                    one), reason, unmapped, undecided, unsupported, differs, crash, hang, fault\n"
        "  --answers FILE    what each subject said of each token, whatever their number: JSON Lines,\n"
        "                    or CSV where FILE ends in .csv, or JUnit where it ends in .xml; - is standard\n"
        "                    output, in place of the tables\n"
        "  --explain ID      lay one token open and show what each backend says of it\n\n"
        "Examples:\n"
        "  assay check\n"
        "  assay check --cases mine.jsonl\n"
        "  assay check --tokens tokens.txt --keys keys.jwks --issuer https://login.example --audience api\n"
        "  assay check --explain signature/pkcs1-missing-null/RS256/0000\n"
        "  assay check --fail-on accept,reject,crash\n"
        "  assay check --level guarded --vectors wycheproof/testvectors_v1\n"
        "  assay check --subject wolfssl --alg PS256,ES384 --json\n",
    .run = run,
};
