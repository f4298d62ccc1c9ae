/* Starting the subjects, and filing what each said it is. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/builds/build.h"
#include "harness/job/job.h"
#include "harness/programs/run_program.h"
#include "harness/programs/sha256.h"
#include "harness/terminal/complain.h"
#include "harness/terminal/progress.h"

#define PACKAGE_S 5 /* of dpkg, which has a lock and a file for each package to read */

/* One line of what a program prints; "" where there is none, and where it took too long, which is told. */
static void line_of(struct job *job, char *const *argv, double limit_s, char *line, size_t size) {
  struct assay_error error = {0};
  const struct program program = {.argv = argv, .limit_s = limit_s, .out = line, .size = size, .quiet = true};
  int code = program_run(&program, &error);
  line[code == 0 ? strcspn(line, "\n") : 0] = '\0';
  if (code < 0 && !stop_asked)
    job_warn(job, error.text);
}

/* "libssl3 3.0.22-1" of the package that owns a file; "" where dpkg knows none. */
static void package_of(struct job *job, const char *path, char *package, size_t size) {
  char owner[512], version[256];
  package[0] = '\0';
  char *query[] = {"dpkg-query", "-S", (char *)path, NULL};
  if (!path[0] || job->has_no_packages)
    return;
  size_t warnings = job->result->warnings.count;
  line_of(job, query, PACKAGE_S, owner, sizeof owner);
  owner[strcspn(owner, ":")] = '\0';
  char *show[] = {"dpkg-query", "-W", "-f", "${Version}\n", owner, NULL};
  version[0] = '\0';
  if (owner[0])
    line_of(job, show, PACKAGE_S, version, sizeof version);
  job->has_no_packages = job->result->warnings.count > warnings; /* one wait is enough */
  if (version[0])
    snprintf(package, size, "%.200s %.200s", owner, version);
}

static void sha256_of(struct job *job, const char *path, char hex[SHA256_HEX_BYTES]) {
  struct assay_error error;
  hex[0] = '\0';
  if (path[0] && !sha256_files(&path, 1, (char(*)[SHA256_HEX_BYTES])hex, &error) && !stop_asked)
    job_warn(job, error.text);
}

static void file_lists(struct result_subject *row, const struct subject_identity *identity) {
  for (size_t i = 0; i < identity->build.count; i++)
    subject_add_fact(row, identity->build.items[i].text, identity->build.items[i].about);
  for (size_t i = 0; i < identity->dispatch.count; i++)
    strings_add(&row->dispatch, identity->dispatch.items[i].text);
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++)
    if (identity_has_alg(identity, (enum assay_alg)alg))
      strings_add(&row->algorithms, assay_alg_name((enum assay_alg)alg));
  for (size_t i = 0; i < identity->untold.count; i++)
    subject_add_gap(row, identity->untold.items[i].text, identity->untold.items[i].about);
}

/* Package and hash of the library; of several builds or variants of one, they are asked for once. */
static void file_library(struct job *job, struct result_subject *row, const struct subject *subject) {
  const struct subject_identity *identity = &subject->identity;
  const struct result_subject *first = job->result->subjects;
  char text[512] = "";
  while (first < row && strcmp(first->path, identity->path) != 0)
    first++;
  if (first < row && identity->path[0]) {
    result_set(&row->package, first->package);
    result_set(&row->sha256, first->sha256);
    return;
  }
  /* A module without a library of its own, the null backend, is identified by its own file. Of a verifier
   * elsewhere no file here says what it is: the module is assay's, whatever answers. */
  const char *hashed = identity->path[0] || identity->is_elsewhere ? identity->path : subject->spec.module;
  package_of(job, identity->path, text, sizeof text);
  result_set(&row->package, text);
  text[0] = '\0';
  if (hashed[0])
    sha256_of(job, hashed, text);
  result_set(&row->sha256, text);
}

/* Of several subjects with one module, it is hashed once. */
static void file_module(struct job *job, struct result_subject *row, const struct subject *subject) {
  const struct result_subject *first = job->result->subjects;
  const struct subject_spec *spec = &subject->spec;
  char hash[80] = "", path[PATH_MAX];
  bool found = realpath(spec->module, path) != NULL;
  result_set(&row->module_compiler, subject->identity.module_compiler);
  result_set(&row->module_flags, subject->identity.module_flags);
  result_set(&row->module_sanitizer, subject->identity.module_sanitizer);
  result_set(&row->module_path, found ? path : spec->module);
  while (first < row && strcmp(first->module_path, row->module_path) != 0)
    first++;
  if (first == row)
    sha256_of(job, spec->module, hash);
  result_set(&row->module_sha256, first < row ? first->module_sha256 : hash);
}

void job_told_of_itself(const struct subject *subject, struct result_subject *row) {
  const struct subject_identity *identity = &subject->identity;
  result_set(&row->name, subject->spec.label);
  result_set(&row->variant, "");
  result_set(&row->kind, subject_is_verifier(subject) ? "verifier" : "backend");
  result_set(&row->library, identity->library);
  result_set(&row->version, identity->version);
  result_set(&row->note, identity->note);
  result_set(&row->path, identity->path);
  result_set(&row->module_argument, subject->spec.argument);
  file_lists(row, identity);
}

static void file_identity(struct job *job, const struct subject *subject) {
  struct result_subject *row = result_add_subject(job->result);
  job_told_of_itself(subject, row);
  file_library(job, row, subject);
  file_module(job, row, subject);
}

static void warn_passed_over(struct job *job, const struct subject *subject) {
  struct assay_error text;
  build_tell_passed_over(&subject->spec, &subject->identity, text.text, sizeof text.text);
  if (text.text[0])
    job_warn(job, text.text);
}

static bool open_one(struct job *job, const struct subject_spec *spec, struct assay_error *error) {
  struct subject *subject = &job->subjects[job->subject_count];
  struct subject_spec ready = *spec;
  if (!build_prepare(&ready, error))
    return error_prefix(error, "%s: ", spec->label);
  if (!subject_open(subject, &ready, &job->host, error))
    return false;
  build_tell_origin(&ready, &subject->identity);
  warn_passed_over(job, subject);
  job->subject_count++;
  file_identity(job, subject);
  return true;
}

/* A verifier that cannot be had here (a program that is not installed, say) is told, and the others go on. */
static void go_on_without(struct job *job, const struct subject_spec *spec, const struct assay_error *why) {
  struct assay_error text;
  error_set(&text, "%s is left out: %s", spec->label, why->text);
  complain(job->options->command, "%s", text.text);
  strings_add(&job->result->warnings, text.text);
  job->incomplete = job->incomplete || spec->by_name;
}

/* Whoever named nobody expects them. */
static void tell_absent(struct job *job) {
  const char *absent = job->options->subjects.absent;
  struct assay_error text;
  if (!absent[0])
    return;
  error_set(&text, "of the subjects that are asked by default this build is without %s", absent);
  complain(job->options->command, "%s", text.text);
  strings_add(&job->result->warnings, text.text);
}

void job_show_start(const struct subject_specs *specs, size_t which) {
  char what[sizeof specs->items->label + 16];
  snprintf(what, sizeof what, "starting %s", specs->items[which].label);
  progress_show(NULL, what, (double)which / (double)specs->count);
}

static bool open_all(struct job *job, struct assay_error *error) {
  const struct subject_specs *specs = &job->options->subjects;
  for (size_t i = 0; i < specs->count; i++) {
    job_show_start(specs, i);
    if (open_one(job, &specs->items[i], error))
      continue;
    if (specs->items[i].kind != SUBJECT_VERIFIER || job->options->needs_all)
      return false;
    go_on_without(job, &specs->items[i], error);
  }
  return job->subject_count > 0 || error_set(error, "no subject is left");
}

static void choose_reference(struct job *job) {
  job->reference = -1;
  for (unsigned i = 0; i < job->subject_count && job->reference < 0; i++)
    if (subject_has_parts(&job->subjects[i]))
      job->reference = (int)i;
  for (unsigned i = 0; i < job->subject_count && job->reference < 0; i++)
    if (!subject_is_floor(&job->subjects[i]))
      job->reference = (int)i;
  if (job->reference >= 0)
    result_set(&job->result->reference, job->subjects[job->reference].spec.label);
}

bool job_subjects(struct job *job, struct assay_error *error) {
  if (job->options->subjects.count == 0)
    return error_set(error, "--subject names no subject, or no module stands beside this program");
  job->subjects = calloc(job->options->subjects.count + 1, sizeof *job->subjects);
  if (!job->subjects)
    return error_set(error, "no memory for %zu subjects", job->options->subjects.count);
  tell_absent(job);
  if (!open_all(job, error))
    return false;
  choose_reference(job);
  return true;
}
