/* Brings tokens that somebody else made into a casebook.
 *
 * To add a format: copy a file of corpus/import/, name it after the format, and define `const struct importer
 * importer_<format>` in it. The registry is made from the folder. */
#ifndef ASSAY_CORPUS_IMPORT_H
#define ASSAY_CORPUS_IMPORT_H

#include "corpus/casebook.h"

struct importer {
  const char *name;    /* as in --format */
  const char *summary; /* one line for --help */
  /* Fills an empty book. False and a sentence "<path>:<line>:<column>: what is wrong"; what the book holds by
   * then is freed by the caller. policy: a file with the default policy; NULL: the format's own way. A format
   * whose cases all bring their own may leave it unused. */
  bool (*run)(struct casebook *book, const char *path, const char *policy, struct assay_error *error);
};

/* Every format, made by the build from the folder; NULL-terminated. */
extern const struct importer *const importers[];

/* Reads a file in a format into an empty book. format: a name; NULL: "cases". False and a sentence; the book
 * is empty again then. A file of raw signatures (Wycheproof, CCTV, speccheck) is told as such. */
bool import_file(const char *format, const char *path, const char *policy, struct casebook *book,
                 struct assay_error *error);

/* ---- for importers ---- */

/* One line of a file, without its newline. */
struct import_line {
  const char *path;
  struct assay_bytes text;
  unsigned number; /* from 1 */
  bool cut;        /* the file ends within it, without a newline */
};

/* Calls take for every line that is not blank, until one fails. A file without any is refused. */
bool import_each_line(const char *path, bool (*take)(void *arg, const struct import_line *line), void *arg,
                      struct assay_error *error);

/* Adds a variant with what the registry knows of its class: group, sentence, reference and pinned. group: ""
 * where the line has none. */
uint32_t import_variant(struct casebook *book, const char *group, const char *class_id, const char *name,
                        bool pinned);

#endif
