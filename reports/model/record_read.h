/* Reading records from JSON, and saying where in the file one is wrong. */
#ifndef ASSAY_REPORTS_MODEL_RECORD_READ_H
#define ASSAY_REPORTS_MODEL_RECORD_READ_H

#include <jansson.h>

#include "harness/base/files/file.h"
#include "reports/model/fields.h"

/* Where in the file the reader is: "result.json", "speed[3].missing". */
struct reader {
  const char *file;
  char path[160];
  struct assay_error *error;
  unsigned version;     /* of the file's schema; 0: not known yet */
  struct file_map *map; /* where the text is, and is given back as it is read; NULL: somewhere else */
};

/* Notes the version that the schema of the file is of; false and a sentence where it is none that is read. */
bool reader_set_version(struct reader *reader, const json_t *schema);

/* "an object", "null": what the value is, for messages. */
const char *reader_kind_of(const json_t *json);

/* Whether files of the reader's version have the field. */
bool reader_knows(const struct reader *reader, const struct field *field);

/* Fills a record from an object; false and a sentence where a field is not what its shape says. */
bool record_read(struct reader *reader, const struct shape *shape, void *record, const json_t *json);

/* The same for the value of one field. */
bool field_read(struct reader *reader, const struct field *field, void *record, const json_t *json);

#endif
