/* What the file of a library tells before anything of it runs. Private to this folder. */
#ifndef ASSAY_BUILDS_LIBRARY_FILE_H
#define ASSAY_BUILDS_LIBRARY_FILE_H

#include "harness/base/bytes.h"
#include "harness/base/error.h"

struct library_file {
  bool is_static;     /* an archive of objects */
  bool is_program;    /* a position-independent one, which no linker takes for a library */
  bool is_cxx;        /* an archive whose objects call the runtime of C++ */
  char build_id[65];  /* GNU build-id in hex; "": it has none */
  char soname[128];   /* "": it has none */
  char sanitizer[32]; /* what it was instrumented with: "AddressSanitizer"; "": nothing */
};

/* Reads it. False and a sentence where it is no library for this machine. */
bool library_file_read(const char *path, struct library_file *told, struct assay_error *error);
/* The same of its bytes, which may be anything. path: for sentences. */
bool library_bytes_read(struct assay_bytes bytes, const char *path, struct library_file *told,
                        struct assay_error *error);

#endif
