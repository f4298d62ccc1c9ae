/* Policies with their key files; see policy_keys.h. */
#include "corpus/readers/policy_keys.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus/base/fatal.h"
#include "corpus/readers/policy_outline.h"
#include "harness/base/files/file.h"
#include "harness/base/utf8.h"

#define PATH_BYTES 4096

/* ---- reading ---- */

/* Whether a name stays within the folder of the policy, and can be used in a copy of it. */
static bool is_inside(const char *path) {
  return path[0] != '/' && strcmp(path, "..") != 0 && strncmp(path, "../", 3) != 0 && !strstr(path, "/../") &&
         strncmp(path, "./", 2) != 0 && strcmp(path, "policy.yaml") != 0 && strlen(path) < 1024;
}

static bool is_named(const struct policy_outline *outline, const char *path) {
  for (size_t i = 0; i < outline->issuer_count; i++)
    if (outline->issuers[i].keys && strcmp(outline->issuers[i].keys, path) == 0)
      return true;
  return false;
}

/* A name in keys/ that no issuer uses. For free(). */
static char *free_name(const struct policy_outline *outline, size_t index) {
  char name[64];
  for (unsigned n = 0;; n++) {
    snprintf(name, sizeof name, "keys/%zu-%u.jwks", index + 1, n);
    if (!is_named(outline, name))
      return must(strdup(name));
  }
}

/* From the policy's folder on; "-" is a name like any other here. */
static void path_of(const char *keys, const char *folder, char *path, size_t size) {
  bool beside = strcmp(folder, ".") == 0 && strcmp(keys, "-") != 0;
  bool whole = keys[0] == '/' || strstr(keys, "://") || beside;
  snprintf(path, size, "%s%s%s", whole ? "" : folder, whole ? "" : "/", keys);
}

static bool read_set(const struct policy_outline_issuer *issuer, const char *name, const char *folder,
                     struct policy_key_set *set, struct assay_error *error) {
  char path[2 * PATH_BYTES];
  if (!issuer->keys)
    return error_set(error, "%s:%zu: the issuer '%.200s' has no keys", name, issuer->line, issuer->iss);
  path_of(issuer->keys, folder, path, sizeof path);
  if (!keyfile_read(path, &set->keyfile, error))
    return error_prefix(error, "%s:%zu: ", name, issuer->line);
  set->iss = must(strdup(issuer->iss));
  return true;
}

static bool read_sets(const struct policy_outline *outline, const char *name, struct policy_keys *out,
                      struct assay_error *error) {
  char folder[PATH_BYTES];
  snprintf(folder, sizeof folder, "%s", name);
  const char *beside = dirname(folder);
  out->sets = must(calloc(outline->issuer_count + 1, sizeof *out->sets));
  for (; out->count < outline->issuer_count; out->count++)
    if (!read_set(&outline->issuers[out->count], name, beside, &out->sets[out->count], error))
      return false;
  return true;
}

/* Files from elsewhere get a name of their own here. */
static void rename_sets(const struct policy_outline *outline, struct assay_bytes text,
                        struct policy_keys *out) {
  char **paths = must(calloc(outline->issuer_count + 1, sizeof *paths));
  for (size_t i = 0; i < outline->issuer_count; i++) {
    bool inside = is_inside(outline->issuers[i].keys);
    out->sets[i].path = inside ? must(strdup(outline->issuers[i].keys)) : free_name(outline, i);
    paths[i] = inside ? NULL : out->sets[i].path;
  }
  out->policy = policy_outline_rename(outline, text, paths);
  free(paths);
}

static bool read_text(struct assay_bytes text, const char *name, struct policy_keys *out,
                      struct assay_error *error) {
  struct policy_outline outline;
  if (!policy_outline_read(text, name, &outline, error))
    return false;
  bool ok = read_sets(&outline, name, out, error);
  out->now = outline.now;
  if (ok)
    rename_sets(&outline, text, out);
  policy_outline_fini(&outline);
  return ok;
}

bool policy_keys_read(const char *path, struct policy_keys *out, struct assay_error *error) {
  char *text;
  size_t len;
  *out = (struct policy_keys){0};
  if (!file_read(path, &text, &len, error))
    return false;
  bool ok = read_text(utf8_without_mark(bytes_of(text, len)), path, out, error);
  free(text);
  if (!ok)
    policy_keys_fini(out);
  return ok;
}

/* ---- writing ---- */

static bool write_one(const char *folder, const char *name, const char *text, struct assay_error *error) {
  char path[2 * PATH_BYTES], copy[2 * PATH_BYTES];
  struct file_writer file;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  snprintf(copy, sizeof copy, "%s", path);
  if (!file_make_dirs(dirname(copy), error) || !file_open(&file, path, error))
    return false;
  fputs(text, file.stream); /* file_commit sees whether it failed */
  return file_commit(&file, error);
}

bool policy_keys_write(const struct policy_keys *keys, const char *folder, struct assay_error *error) {
  for (size_t i = 0; i < keys->count; i++)
    if (!write_one(folder, keys->sets[i].path, keys->sets[i].keyfile.jwks, error))
      return false;
  return write_one(folder, "policy.yaml", keys->policy, error);
}

void policy_keys_fini(struct policy_keys *keys) {
  for (size_t i = 0; i < keys->count; i++) {
    free(keys->sets[i].iss);
    free(keys->sets[i].path);
    keyfile_fini(&keys->sets[i].keyfile);
  }
  free(keys->sets);
  free(keys->policy);
  *keys = (struct policy_keys){0};
}
