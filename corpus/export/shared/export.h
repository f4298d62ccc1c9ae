/* Hands the tokens of a corpus to tools that put load on a service, each of which reads them in a form of its
 * own.
 *
 * To add a tool: copy a file of corpus/export/, name it after the tool, and define `const struct exporter
 * exporter_<tool>` in it. The registry is made from the folder. */
#ifndef ASSAY_CORPUS_EXPORT_SHARED_EXPORT_H
#define ASSAY_CORPUS_EXPORT_SHARED_EXPORT_H

#include <stdio.h>

#include "corpus/store/store.h"

#define EXPORT_URL "http://127.0.0.1:8080/"
#define EXPORT_TOKENS "tokens.txt" /* the list of tokens, for tools whose script reads one */

/* What is to be handed over. Strings are borrowed. */
struct export_request {
  const char *corpus;    /* a folder */
  const char *algs;      /* a list; NULL: all */
  const char *class_ids; /* a list; NULL: the good tokens */
  const char *url;       /* what the service answers at */
  const char *out;       /* the folder for the files, made if it is not there */
  const char *format;    /* a name */
};

/* The tokens, in an order in which all algorithms stand mixed, the same every time. */
struct export_tokens {
  struct corpus corpus;
  uint32_t *list;
  size_t count;
  size_t left_out; /* wanted, but no header can hold them, or they have a policy or keys of their own */
};

struct exporter {
  const char *name;     /* as in --format */
  const char *summary;  /* one line for --help */
  const char *file;     /* what it writes */
  const char *command;  /* how the tool is run with it, in the folder */
  bool command_has_url; /* whether the URL stands behind that */
  bool takes_list;      /* whether EXPORT_TOKENS is written beside it */
  void (*write)(FILE *stream, const struct export_tokens *tokens, const char *url);
};

/* Every tool, made by the build from the folder; NULL-terminated. */
extern const struct exporter *const exporters[];

/* Writes the files, for their owner alone, in place of any of those names, and tells on stdout what they hold
 * and how the tool is run. False and a sentence. */
bool export_write(const struct export_request *request, struct assay_error *error);

/* ---- for exporters ---- */

/* The text of a token: of characters that an HTTP header (RFC 9110 5.5), JSON and any script hold as they
 * are. */
struct assay_bytes export_token(const struct export_tokens *tokens, size_t index);

#endif
