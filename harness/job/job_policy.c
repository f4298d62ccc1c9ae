/* The policy of a job, whichever way it came: named by --policy, beside the cases, or of the corpus.
 * assay-corpus reads its key files, which are of many forms, into JWK Sets; here it is read once before any
 * worker starts, so that what is wrong in it is told with the user's own file and line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/files/file.h"
#include "harness/base/files/leftover.h"
#include "harness/base/text/names.h"
#include "harness/base/utf8.h"
#include "harness/job/job.h"
#include "harness/pipeline/policy/policy_json.h"
#include "harness/terminal/complain.h"

/* ---- where keys come from ---- */

/* "policy.yaml:6: keys.jwks" of an issuer, or "a.pem, b.pem" of --keys: as the user has written it, whatever
 * the copies are called that assay works with. */
struct key_place {
  const char *policy; /* the user's file */
  struct assay_bytes iss;
  char text[4096];
};

static void keys_named(void *arg, const char *iss, const char *path, size_t line) {
  struct key_place *place = arg;
  if (bytes_eq_str(place->iss, iss))
    snprintf(place->text, sizeof place->text, "%s:%zu: %s", place->policy, line, path);
}

static void find_in_policy(struct key_place *place) {
  char *text;
  size_t len;
  snprintf(place->text, sizeof place->text, "policy %s", place->policy);
  if (!file_read(place->policy, &text, &len, NULL))
    return;
  policy_key_paths(utf8_without_mark(bytes_of(text, len)), place->policy, keys_named, place, NULL);
  free(text);
}

static bool add_file(void *arg, const char *path, struct assay_error *error) {
  struct key_place *place = arg;
  size_t used = strlen(place->text);
  (void)error;
  snprintf(place->text + used, sizeof place->text - used, "%s%s", used ? ", " : "", file_stream_name(path));
  return true;
}

static void find_in_options(const struct own_options *own, struct key_place *place) {
  place->text[0] = '\0';
  for (unsigned i = 0; i < own->key_count; i++)
    names_each(own->keys[i], add_file, place, NULL);
  if (own->secret_file)
    add_file(place, own->secret_file, NULL);
}

/* ---- what is wrong with keys ---- */

struct key_faults {
  const struct job *job;
  struct key_place place;
  struct assay_error *error;
  bool set_refused;
};

static const char *place_of(struct key_faults *faults, struct assay_bytes iss) {
  const struct own_options *own = &faults->job->options->own;
  faults->place.iss = iss;
  if (own->tokens)
    find_in_options(own, &faults->place);
  else
    find_in_policy(&faults->place);
  return faults->place.text;
}

/* kid: NULL where the whole set is meant. */
static void name_what(struct assay_bytes iss, const struct assay_bytes *kid, char *text, size_t size) {
  if (!kid)
    snprintf(text, size, "the key set of %.*s", (int)iss.len, (const char *)iss.ptr);
  else if (!kid->ptr)
    snprintf(text, size, "a key of %.*s without a kid", (int)iss.len, (const char *)iss.ptr);
  else
    snprintf(text, size, "the key '%.*s' of %.*s", (int)kid->len, (const char *)kid->ptr, (int)iss.len,
             (const char *)iss.ptr);
}

/* A refused key is a warning, since the others go on (RFC 7517 5); a refused set leaves its issuer with
 * nothing. */
static void key_fault(void *arg, struct assay_bytes iss, const struct assay_bytes *kid,
                      enum assay_reason reason) {
  struct key_faults *faults = arg;
  struct assay_error text;
  char what[600];
  name_what(iss, kid, what, sizeof what);
  error_set(&text, "%s: %s is refused: %s: %s", place_of(faults, iss), what, assay_reason_dotted(reason),
            assay_reason_sentence(reason));
  if (!kid) {
    faults->set_refused = true;
    *faults->error = text;
    return;
  }
  fprintf(stderr, "assay %s: %s\n", faults->job->options->command, text.text);
  strings_add(&faults->job->result->warnings, text.text);
}

/* ---- what is tolerated ---- */

#define TOLERANT_MAX 20 /* issuers that are told; a set of cases may have a policy a line */

struct tolerant {
  struct result_strings *warnings;
  unsigned told;
  char iss[256], line[1024]; /* of the issuer at hand */
};

static bool has_line(const struct result_strings *strings, const char *line) {
  for (size_t i = 0; i < strings->count; i++)
    if (strcmp(strings->items[i], line) == 0)
      return true;
  return false;
}

static void tolerant_tell(struct tolerant *tolerant) {
  if (tolerant->line[0] && !has_line(tolerant->warnings, tolerant->line)) {
    strings_add(tolerant->warnings, tolerant->line);
    tolerant->told++;
  }
  tolerant->line[0] = '\0';
}

/* Collects the reasons of one issuer in one line. */
static void tolerance_found(void *arg, const char *iss, const char *reason) {
  struct tolerant *tolerant = arg;
  size_t used = strlen(tolerant->line);
  if (used && strncmp(tolerant->iss, iss, sizeof tolerant->iss - 1) == 0) {
    snprintf(tolerant->line + used, sizeof tolerant->line - used, ", %s", reason);
    return;
  }
  tolerant_tell(tolerant);
  snprintf(tolerant->iss, sizeof tolerant->iss, "%s", iss);
  struct assay_error line; /* whose words cannot drive a terminal */
  error_set(&line, "tolerated for %.200s: %s", iss, reason);
  snprintf(tolerant->line, sizeof tolerant->line, "%s", line.text);
}

/* A run that refuses less than the rule says so. The policy has been read, or its reader will say what is
 * wrong with it. */
static void tolerances_tell(struct tolerant *tolerant, struct assay_bytes policy) {
  if (!memmem(policy.ptr, policy.len, "tolerate", 8))
    return;
  policy_tolerances(policy, "policy", tolerance_found, tolerant, NULL);
  tolerant_tell(tolerant);
}

static void tolerances_of_corpus(const struct job *job) {
  struct tolerant tolerant = {.warnings = &job->result->warnings};
  const struct corpus *corpus = &job->corpus;
  uint32_t count = corpus->header->setting_count, i = 0;
  for (; i < count && tolerant.told < TOLERANT_MAX; i++)
    tolerances_tell(&tolerant, corpus_bytes(corpus, corpus->settings[i].policy));
  if (i < count)
    strings_add(&job->result->warnings, "other policies of the cases may tolerate more; these are the first");
}

/* ---- what is wrong with it ---- */

/* In the order of lines: the last is the error's, those before it are told at once. */
static bool tell_all(const char *command, struct assay_bytes policy, const char *folder, const char *name,
                     struct assay_error *error) {
  struct policy_faults faults;
  trust_faults(policy, name, folder, &faults);
  size_t kept = faults.count < POLICY_FAULTS_MAX ? faults.count : POLICY_FAULTS_MAX;
  size_t more = faults.count - kept;
  for (size_t i = 0; i + (more == 0) < kept; i++)
    complain(command, "%s", faults.texts[i].text);
  if (more)
    return error_set(error, "%s: %zu more %s wrong", name, more, more == 1 ? "line is" : "lines are");
  if (kept)
    *error = faults.texts[kept - 1];
  return kept == 0;
}

bool job_policy_text_holds(const char *command, const char *path, struct assay_error *error) {
  struct stat st;
  char *text;
  size_t len;
  if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
    return true;
  if (!file_read(path, &text, &len, error))
    return false;
  struct assay_bytes policy = utf8_without_mark(bytes_of(text, len));
  bool ok = foreign_text(policy) || tell_all(command, policy, NULL, path, error); /* assay-corpus names it */
  free(text);
  return ok;
}

/* folder: where policy.yaml and its key sets stand; name: what the user calls that policy. */
static bool policy_holds(const struct job *job, const char *folder, const char *name,
                         struct assay_error *error) {
  char path[4200], *text;
  size_t len;
  snprintf(path, sizeof path, "%s/policy.yaml", folder);
  if (!file_read(path, &text, &len, error))
    return error_prefix(error, "policy ");
  struct trust *trust = trust_read(bytes_of(text, len), name, folder, NULL, 0, error);
  struct tolerant tolerant = {.warnings = &job->result->warnings};
  if (trust)
    tolerances_tell(&tolerant, bytes_of(text, len));
  else
    tell_all(job->options->command, bytes_of(text, len), folder, name, error);
  free(text);
  if (!trust)
    return false;
  struct key_faults faults = {.job = job, .place.policy = name, .error = error};
  trust_key_faults(trust, key_fault, &faults);
  trust_free(trust);
  return !faults.set_refused;
}

bool job_policy_named(struct job *job, struct assay_error *error) {
  const char *policy = job->options->policy;
  if (!policy || job->options->cases) /* cases have taken it in */
    return true;
  if (!job_policy_text_holds(job->options->command, policy, error))
    return false;
  if (!file_make_temporary(job->policy_folder, sizeof job->policy_folder, "policy", error))
    return false;
  const char *arguments[] = {"policy", "--out", job->policy_folder, "--", policy, NULL};
  if (!corpus_program(job->options->command, "reading the policy", arguments, error) ||
      !policy_holds(job, job->policy_folder, policy, error))
    return false;
  snprintf(job->policy_path, sizeof job->policy_path, "%s/policy.yaml", job->policy_folder);
  job->host.policy_path = job->policy_path;
  return true;
}

bool job_policy_of_corpus(struct job *job, struct assay_error *error) {
  char path[4200];
  const char *name = job->options->policy_name;
  snprintf(path, sizeof path, "%s/policy.yaml", job->corpus.folder);
  if (job->host.policy_path)
    return true;
  tolerances_of_corpus(job);
  if (access(path, F_OK) != 0) /* it has none where every case brings its own */
    return true;
  return policy_holds(job, job->corpus.folder, name ? name : path, error);
}

void job_policy_close(struct job *job) {
  if (job->policy_folder[0])
    file_remove_temporary(job->policy_folder);
}
