/* `assay help cases`: what can stand in a case line. */
#include <stdio.h>

#include "harness/cli/help.h"

/* The key is "a secret of 32 octets, for shows". */
#define EXAMPLE_TRUST                                                                                        \
  "\"keys\":{\"joe\":{\"keys\":[{\"kty\":\"oct\",\"k\":\"YSBzZWNyZXQgb2YgMzIgb2N0ZXRzLCBmb3"                 \
  "Igc2hvd3M\"}]}},\"policy\":{\"schema\":\"assay-policy/1\",\"issuers\":[{\"iss\":\"joe\","                 \
  "\"algorithms\":[\"HS256\"]}]}"

static const char fields[] =
    "`assay check --cases FILE` asks about your own tokens: one JSON object a line, from a file, a pipe,\n"
    "or, for -, standard input. Nothing is asked while a line is wrong; the first 20 are told in words.\n\n"
    "  id          names the case, once in a file\n"
    "  token       the compact token; or token_b64, any bytes in base64 (RFC 4648 4)\n"
    "  keys        {ISSUER: keys}: a JWK Set, a JWK, PEM text or an X.509 map\n"
    "  policy      what is trusted (`assay help policy`), as JSON. Without it, what --policy names, or\n"
    "              the policy.yaml beside FILE\n"
    "  expect      {\"verdict\": \"accept\"}, {\"verdict\": \"reject\"} for any reason, or with \"reason\": "
    "one\n"
    "              or a list of those that are right (`assay help reasons`); STAGE.* is every reason of\n"
    "              a stage. Without expect nothing is scored, and what each subject says is shown\n"
    "  also        a list of further right reasons\n"
    "  now         the clock: seconds since 1970, or 2026-01-01T12:00:00Z (RFC 3339); else the\n"
    "              policy's, else the real one\n"
    "  after       id of a case to be sent just before, for replay\n"
    "  pinned      true: one of several defensible behaviours; a verifier that answers otherwise differs\n"
    "  class, variant, group   what the case is filed under; its class is case where none is named\n"
    "  alg         as the token's own header says it; best left out\n"
    "  target      the algorithm that is attacked and filed under, where the header names another\n"
    "  key_bits    the length of an RSA key, to be filed under\n"
    "  comment     is not read\n";

static const char example[] =
    "\nExample, three lines for `assay check --cases FILE`:\n\n"
    "  {\"id\":\"good\",\"token\":\"eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLCJleHAiOjE3NjcyMzAw"
    "MDB9.vU6GrtiEO7djjOlSNuf6kW_gZ0-OuwUY8VtlRuuwGlI\"," EXAMPLE_TRUST
    ",\"now\":\"2026-01-01T00:00:00Z\",\"expect\":{\"verdict\":\"accept\"}}\n"
    "  {\"id\":\"late\",\"token\":\"eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLCJleHAiOjE3NjcyMzAw"
    "MDB9.vU6GrtiEO7djjOlSNuf6kW_gZ0-OuwUY8VtlRuuwGlI\"," EXAMPLE_TRUST
    ",\"now\":1767240000,\"expect\":{\"verdict\":\"reject\",\"reason\":\"registered-claims.ex"
    "pired\"}}\n"
    "  {\"id\":\"forged\",\"token\":\"eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLCJleHAiOjE3NjcyMz"
    "AwMDB9.vU6GrtiEO7djjOlSNuf6kW_gZ0-OuwUY8VtlRuAwGlI\"," EXAMPLE_TRUST
    ",\"now\":1767225600,\"expect\":{\"verdict\":\"reject\",\"reason\":[\"signature.*\"]}}\n";

void help_cases(void) {
  fputs(fields, stdout);
  fputs(example, stdout);
}
