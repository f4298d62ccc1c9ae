/* Brings tokens that somebody else made into a casebook.
 *
 * To add a format: copy a file of corpus/import/, name it after the format, and define `const struct importer
 * importer_<format>` in it. The registry is made from the folder. */
#ifndef ASSAY_CORPUS_IMPORT_SHARED_IMPORT_H
#define ASSAY_CORPUS_IMPORT_SHARED_IMPORT_H

#include "corpus/store/casebook.h"

/* What is to be brought in. Strings are borrowed. */
struct import_request {
  const char *format;  /* a name; NULL: "cases" */
  const char *path;    /* a file or folder, a pipe, or "-": standard input */
  const char *policy;  /* a file with the default policy; NULL: the format's own way */
  const char *mapping; /* a file that says where things stand (suite.h); NULL: none */
  /* Where several places are wrong, called for each sentence but the last; NULL: only the last is told. */
  void (*tell)(void *arg, const char *sentence);
  void *arg;
};

struct importer {
  const char *name;    /* as in --format */
  const char *summary; /* one line for --help */
  bool takes_policy;   /* whether --policy says anything to it; its cases bring their own otherwise */
  bool takes_mapping;
  /* Fills an empty book. False and a sentence "<path>:<line>:<column>: what is wrong"; what the book holds by
   * then is freed by the caller. */
  bool (*run)(struct casebook *book, const struct import_request *request, struct assay_error *error);
};

/* Every format, made by the build from the folder; NULL-terminated. */
extern const struct importer *const importers[];

/* Reads what was asked for into an empty book. False and a sentence; the book is empty again then. A file of
 * raw signatures (Wycheproof, CCTV, speccheck) is told as such. */
bool import_file(const struct import_request *request, struct casebook *book, struct assay_error *error);

/* ---- for importers ---- */

#define IMPORT_FAULTS_MAX 20 /* so many are told; the others are counted */

/* What is wrong in a file, place by place, so that one run tells all of it. */
struct import_faults {
  struct assay_error *texts; /* IMPORT_FAULTS_MAX; NULL: none yet */
  unsigned count;
};

/* Takes a sentence in. Returns true: the next place may be read. */
bool import_fault(struct import_faults *faults, const struct assay_error *sentence);
/* Hands over all sentences, the last of them in error, and frees. True where there were none. */
bool import_faults_end(struct import_faults *faults, const struct import_request *request,
                       struct assay_error *error);

/* One line of a file, without its newline. */
struct import_line {
  const char *path; /* as messages call it */
  struct assay_bytes text;
  unsigned number; /* from 1 */
  bool cut;        /* the file ends within it, without a newline */
};

/* Calls take for every line that is not blank, until one fails. A byte order mark before the first is left
 * out. A file without any line is refused. */
bool import_each_line(const char *path, bool (*take)(void *arg, const struct import_line *line), void *arg,
                      struct assay_error *error);

/* Adds a variant with what the registry knows of its class: group, sentence and reference. What is expected
 * is the case's own affair, whatever its class is called. group: "" where the case has none. */
uint32_t import_variant(struct casebook *book, const char *group, const char *class_id, const char *name);

#endif
