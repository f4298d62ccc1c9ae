/* How the result model and its JSON fit together: one table of fields for every struct of result.h, in the
 * order of assay-result/2. Making, freeing, reading and writing a result all walk these tables, so a new
 * field is one line in fields.c, one in result.h and one in result.schema.json. */
#ifndef ASSAY_REPORTS_MODEL_FIELDS_H
#define ASSAY_REPORTS_MODEL_FIELDS_H

#include "reports/model/result.h"
#include "reports/model/words.h"

/* In the model, and in JSON. Up to FIELD_BYTES one value each. */
enum field_kind {
  FIELD_STRING,   /* const char *: a string */
  FIELD_WORD,     /* an enum of words.h: a string */
  FIELD_BOOL,     /* bool: true, false */
  FIELD_INDEX,    /* int, -1 for none: a whole number, or null */
  FIELD_UNSIGNED, /* unsigned: a whole number */
  FIELD_COUNT,    /* uint64_t: a whole number */
  FIELD_SEED,     /* uint64_t: a whole number; from 2^53 on its digits in a string, since other readers would
                     round it (RFC 7493 2.2) */
  FIELD_DERIVED,  /* unsigned, what a file says: a whole number, derive() of the record, if not 0 */
  FIELD_FIGURE,   /* double, NAN for missing: a number with six significant digits, or null */
  FIELD_DIFFERENCE, /* the same, but may be negative */
  FIELD_BYTES,      /* double, NAN for missing: a whole number, or null */
  FIELD_STRINGS,    /* struct result_strings: an array of strings */
  FIELD_SAMPLES,    /* double * and size_t: an array of numbers */
  FIELD_COUNTS,     /* uint64_t * and size_t: an array of whole numbers */
  FIELD_OBJECT,     /* a struct in its place: an object */
  FIELD_LIST,       /* struct * and size_t: an array of objects */
  FIELD_MAP,        /* struct field_pair * and size_t: an object, from string to string */
  FIELD_FIGURES,    /* struct field_figure * and size_t: an object, from string to difference */
  FIELD_TALLIES     /* struct field_tally * and size_t: an object, from string to count */
};

struct shape;

enum field_presence {
  ALWAYS,   /* in every file */
  OPTIONAL, /* may be absent: it came later than the first version */
  SPARSE,   /* left out where it is zero or empty: most are, in the rows that fill a file */
  FIRST,    /* in every file of version 1, which is no longer written, and in no other */
  SECOND    /* in every file of version 2, and in none of version 1 */
};

struct field {
  const char *name;
  enum field_kind kind;
  enum field_presence presence;
  size_t at, count_at;                    /* offsets in the struct */
  const struct shape *shape;              /* OBJECT, LIST, MAP: of what */
  const struct word_table *words;         /* WORD: of which */
  uint64_t (*derive)(const void *record); /* DERIVED: from what the record has else */
};

struct shape {
  size_t size;
  const struct field *fields;
  size_t field_count;
};

/* Two strings, first in the struct: what every FIELD_MAP is a list of. */
struct field_pair {
  const char *first, *second;
};

/* First in the struct: what every FIELD_FIGURES is a list of. */
struct field_figure {
  const char *name;
  double value;
};

/* First in the struct: what every FIELD_TALLIES is a list of. */
struct field_tally {
  const char *name;
  uint64_t count;
};

extern const struct shape result_shape, subject_shape, fact_shape, gap_shape, verdict_shape, given_shape,
    asked_shape, class_tokens_shape, exception_shape, class_shape, taxon_shape, left_out_shape, drift_shape,
    answer_shape, token_shape, speed_shape, missing_shape, memory_shape, scaling_shape, ledger_shape,
    stage_shape, rejection_cost_shape, gate_shape, gate_finding_shape;

/* Makes a record of zeroes blank: strings "", figures NAN, index -1. */
void record_init(const struct shape *shape, void *record);
/* Frees what the record owns, not the record. */
void record_fini(const struct shape *shape, void *record);
/* Appends a blank record to a list and returns it. */
void *record_append(const struct shape *shape, void *items, size_t *count);
/* Frees a list and all that its records own, and leaves it empty. */
void records_drop(const struct shape *shape, void *items, size_t *count);
void strings_drop(struct result_strings *strings);

static inline void *field_at(const struct field *field, const void *record) {
  return (char *)record + field->at;
}

static inline size_t *field_count(const struct field *field, const void *record) {
  return (size_t *)((char *)record + field->count_at);
}

#endif
