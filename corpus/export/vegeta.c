/* Targets of vegeta in its JSON format: an object a line, a token each, asked in turn. */
#include "corpus/export/shared/export.h"

static void write_vegeta(FILE *stream, const struct export_tokens *tokens, const char *url) {
  for (size_t i = 0; i < tokens->count; i++) {
    struct assay_bytes text = export_token(tokens, i);
    fprintf(stream, "{\"method\":\"GET\",\"url\":\"%s\",\"header\":{\"Authorization\":[\"Bearer %.*s\"]}}\n",
            url, (int)text.len, (const char *)text.ptr);
  }
}

const struct exporter exporter_vegeta = {
    .name = "vegeta",
    .summary = "targets.jsonl, a target for each token",
    .file = "targets.jsonl",
    .command = "vegeta attack -format=json -targets=targets.jsonl -rate=1000 -duration=30s | vegeta report",
    .write = write_vegeta,
};
