/* Which subjects a run is about: from what a user writes to modules on disk. Read once, where options are
 * read; a list is an array from there on. */
#ifndef ASSAY_SUBJECT_SUBJECT_SPEC_H
#define ASSAY_SUBJECT_SUBJECT_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/files/file_stamp.h"
#include "harness/base/text/names.h"

/* A backend stands behind assay's own pipeline; a verifier, a whole JWT library, answers by itself. */
enum subject_kind { SUBJECT_BACKEND, SUBJECT_VERIFIER };

/* The module that does nothing but what every backend has to do. */
#define FLOOR_NAME "null"
/* Whom a command asks where nobody is named, in this order; the group `default`. */
#define SUBJECTS_DEFAULT "openssl,boringssl,wolfssl," FLOOR_NAME
/* The verifier that hands every token to a program of its own; no subject without that. */
#define EXEC_MODULE "exec"

/* What a user wrote: `name`, `name:variant`, `name@prefix`, `label=...`, a module's path or `exec:command`.
 */
struct subject_spec {
  char label[64];      /* how reports call it */
  char name[64];       /* the module's stem, or the adapter's */
  char argument[4096]; /* what the module is told: a variant, exec's command; "" for nothing */
  char module[4096];   /* path of the module */
  char prefix[4096];   /* where another build of its library lies, absolute; "": the packaged one */
  char library[4096];  /* the file that has to be loaded, without links, or that is in the module, where it
                          is static; "": whatever the module loads. Of builds, which harness/builds completes */
  struct file_stamp library_stamp, module_stamp; /* of that file, and of a module that was made for it */
  bool is_static;
  enum subject_kind kind; /* as its folder tells; of a path SUBJECT_BACKEND, for which the identity has it */
  bool is_floor;          /* the null module, by whatever path and label */
  bool is_file; /* named by its path, or a program: where its libraries lie is the user's own matter */
  bool by_name; /* asked for by itself, not only as one of a group */
};

/* A backend whose module has to be made for the library under its prefix. */
static inline bool subject_spec_is_build(const struct subject_spec *spec) {
  return spec->prefix[0] && spec->kind == SUBJECT_BACKEND && !spec->is_file && !spec->is_floor;
}

/* Start with zeroes. */
struct subject_specs {
  struct subject_spec *items;
  size_t count;
  char absent[64]; /* of the group `default`, what is not here: "boringssl, wolfssl"; "": all is */
};

/* Parses one subject. label: of one that brings none; NULL: made of its name. An unknown name is an error
 * that lists what there is. */
bool subject_spec_parse(struct subject_spec *spec, const char *text, const char *label,
                        struct assay_error *error);

/* Adds one; two of the same label are an error. */
bool subject_specs_add(struct subject_specs *specs, const struct subject_spec *spec,
                       struct assay_error *error);
/* Adds what a list with commas names: subjects, and groups, each in an order of its own. The floor is moved
 * behind all others. Reports know it by its name: neither may anything else have that here, nor the floor
 * another one. A list may name nothing. */
bool subject_specs_add_list(struct subject_specs *specs, const char *list, struct assay_error *error);
/* Whether a word stands for several subjects: backends, verifiers, all. */
bool subject_is_group(const char *word);
void subject_specs_fini(struct subject_specs *specs);
word_list subject_group_word; /* the groups' names: default, backends, verifiers, all */

/* A subject that can be had by its name: a module beside this program, an adapter script that the module
 * `exec` runs, or a build that was given a name. */
struct subject_found {
  const char *name;
  enum subject_kind kind;
  const char *module;   /* path; "" of a build */
  const char *argument; /* "", or the adapter's path */
  const char *build;    /* "", or the BACKEND@PREFIX that it stands for */
};

/* By number from 0: backends, verifiers, builds, each sorted by name; NULL behind the last. */
const struct subject_found *subject_found(unsigned number);
/* The one of that name; NULL: there is none. */
const struct subject_found *subject_found_named(const char *name);
/* The path of a backend's source, from which it is built for a prefix. False: there is none. */
bool subject_source(const char *backend, char *path, size_t size);
word_list subject_word;    /* their names */
word_list subject_unbuilt; /* names of backends whose sources are here and whose modules are not */

#endif
