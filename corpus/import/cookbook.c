/* Format "cookbook": the JWS examples of github.com/ietf-jose/cookbook (RFC 7520, 7797, 8037), a JSON object
 * a file, or all such files below a folder. Their keys are private: what only a private key has is left out.
 * Examples without a compact form, and those of encryption, are no tokens of ours. */
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "corpus/import/shared/import.h"
#include "corpus/import/shared/rfc_example.h"
#include "harness/base/files/file.h"

#define DEPTH_MAX 4

struct import {
  struct casebook *book;
  struct assay_error *error;
  size_t root_len; /* of the folder's name: ids leave it out */
};

static json_t *public_jwk(const json_t *key) {
  static const char *const private_members[] = {"d", "p", "q", "dp", "dq", "qi", "oth"};
  json_t *jwk = json_deep_copy(key);
  for (size_t i = 0; i < sizeof private_members / sizeof private_members[0]; i++)
    json_object_del(jwk, private_members[i]);
  return jwk;
}

static const char *compact_form(const json_t *root) {
  if (!json_object_get(root, "signing"))
    return NULL;
  return json_string_value(json_object_get(json_object_get(root, "output"), "compact"));
}

/* Its id is the file's name, its variant the folder's. */
static bool take_example(struct import *import, const char *path, const json_t *root) {
  char id[512], variant[64];
  struct assay_error why = {0};
  const char *name = path + import->root_len, *slash = strrchr(path, '/'), *folder = slash;
  while (folder && folder > path && folder[-1] != '/')
    folder--;
  snprintf(id, sizeof id, "%.*s", (int)(strlen(name) - strlen(".json")), name);
  snprintf(variant, sizeof variant, "%.*s", folder ? (int)(slash - folder) : 0, folder ? folder : "");
  json_t *keys = json_pack("[o]", public_jwk(json_object_get(json_object_get(root, "input"), "key")));
  const struct rfc_example example = {
      .id = id, .token = compact_form(root), .variant = variant, .keys = keys, .accepts = true};
  bool ok =
      rfc_example_add(import->book, &example, 0, &why) || error_set(import->error, "%s: %s", path, why.text);
  json_decref(keys);
  return ok;
}

static bool has_key(const json_t *root) {
  return json_is_object(json_object_get(json_object_get(root, "input"), "key"));
}

static bool read_file(void *arg, const char *path) {
  struct import *import = arg;
  json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
  bool ok = !compact_form(root) || !has_key(root) || take_example(import, path, root);
  json_decref(root);
  return ok;
}

static bool import_cookbook(struct casebook *book, const struct import_request *request,
                            struct assay_error *error) {
  struct import import = {.book = book, .error = error};
  const char *path = request->path;
  struct stat st;
  if (stat(path, &st) != 0)
    return error_set(error, "%s: there is no such file or folder", path);
  const char *slash = strrchr(path, '/');
  import.root_len = S_ISDIR(st.st_mode) ? strlen(path) + 1 : slash ? (size_t)(slash - path) + 1 : 0;
  bool ok = S_ISDIR(st.st_mode) ? file_walk_json(path, DEPTH_MAX, read_file, &import, error)
                                : !file_is_json(path) || read_file(&import, path);
  if (ok && book->case_count == 0)
    return error_set(error, "%s: no example of a JWS with one key and a compact form is there", path);
  return ok;
}

const struct importer importer_cookbook = {
    .name = "cookbook",
    .summary = "JWS examples of ietf-jose/cookbook that have a compact form: a file, or all below a folder",
    .run = import_cookbook,
};
