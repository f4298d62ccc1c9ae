/* A script of k6. The list is shared by all virtual users, which take its tokens in turn. */
#include "corpus/export/shared/export.h"

static void write_k6(FILE *stream, const struct export_tokens *tokens, const char *url) {
  (void)tokens;
  fprintf(stream,
          "// Sends the tokens of " EXPORT_TOKENS ", which stands beside this file, one after the other.\n"
          "import http from 'k6/http';\n"
          "import { SharedArray } from 'k6/data';\n"
          "import exec from 'k6/execution';\n"
          "\n"
          "const url = __ENV.URL || '%s';\n"
          "const tokens = new SharedArray('tokens', () => open('./" EXPORT_TOKENS "').trim().split('\\n'));\n"
          "\n"
          "export default function () {\n"
          "  const token = tokens[exec.scenario.iterationInTest %% tokens.length];\n"
          "  http.get(url, { headers: { Authorization: `Bearer ${token}` } });\n"
          "}\n",
          url);
}

const struct exporter exporter_k6 = {
    .name = "k6",
    .summary = "k6.js, a script, and its " EXPORT_TOKENS,
    .file = "k6.js",
    .command = "k6 run --vus 32 --duration 30s k6.js",
    .takes_list = true,
    .write = write_k6,
};
