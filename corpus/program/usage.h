/* What assay-corpus takes, and what it says of itself. */
#ifndef ASSAY_CORPUS_PROGRAM_USAGE_H
#define ASSAY_CORPUS_PROGRAM_USAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "corpus/readers/own_trust.h"
#include "harness/options/options.h"

#define USAGE_ENDS "Ends with 0, or with 4 and a sentence on stderr, or with 130 if interrupted."

enum corpus_command {
  COMMAND_GENERATE,
  COMMAND_LEARN,
  COMMAND_IMPORT,
  COMMAND_KEYS,
  COMMAND_POLICY,
  COMMAND_VERIFY,
  COMMAND_SHA256,
  COMMAND_CLASSES,
  COMMAND_SHOW,
  COMMAND_EXPORT,
  COMMAND_COUNT
};

/* Of all commands; each has its own of them. */
struct options {
  const char *out, *policy, *profile, *format, *mapping, *corpus, *pattern, *algs, *class_ids, *url;
  struct own_trust own;
  uint64_t seed, token_bytes, per_variant, threads, tokens;
  bool has_seed, json;
  char **operands;
  int operand_count;
};

/* What a command says of itself; NULL behind the last. */
const struct usage *usage_at(unsigned number);
/* The options of a command line behind the command's name, argv[0]. False and a sentence; own_trust_fini in
 * either case. */
bool usage_read(enum corpus_command command, int argc, char **argv, struct options *options,
                struct assay_error *error);

#endif
