/* Hashes parts of files, each part a job of its own. */
#include "corpus/store/checksums.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "corpus/base/fatal.h"
#include "corpus/base/parallel.h"
#include "harness/base/files/file.h"

#define CHUNK_BYTES (UINT64_C(8) << 20)
#define BUFFER_BYTES (UINT64_C(256) << 10)
#define HEX_CHARS 64

/* A run of bytes of one file, and its hash. */
struct part {
  const char *folder, *name;
  uint64_t at, len;
  const char *expected; /* NULL: only taken */
  char hex[HEX_CHARS + 1];
  bool ok;
  struct assay_error error;
};

struct parts {
  struct part *items;
  size_t count;
};

/* ---- hashing ---- */

static bool hash_range(int fd, uint64_t at, uint64_t len, struct sha256_ctx *hash) {
  uint8_t *buffer = must(malloc(BUFFER_BYTES));
  ssize_t n = 0;
  while (len > 0) {
    n = pread(fd, buffer, len < BUFFER_BYTES ? len : BUFFER_BYTES, (off_t)at);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      break;
    sha256_update(hash, (size_t)n, buffer);
    at += (uint64_t)n;
    len -= (uint64_t)n;
  }
  if (n == 0 && len > 0)
    errno = EIO; /* shorter than it just was */
  free(buffer);
  return len == 0;
}

static void print_hex(struct sha256_ctx *hash, char *hex) {
  uint8_t digest[SHA256_DIGEST_SIZE];
  sha256_digest(hash, sizeof digest, digest);
  for (size_t i = 0; i < sizeof digest; i++)
    snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static bool hash_path(const char *path, uint64_t at, uint64_t len, char *hex, struct assay_error *error) {
  struct sha256_ctx hash;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return error_set(error, "%s: %s", path, strerror(errno));
  sha256_init(&hash);
  bool ok = hash_range(fd, at, len, &hash) || error_set(error, "%s: %s", path, strerror(errno));
  close(fd);
  print_hex(&hash, hex);
  return ok;
}

static bool size_of(const char *path, uint64_t *bytes, struct assay_error *error) {
  struct stat st;
  if (stat(path, &st) != 0)
    return error_set(error, "%s: %s", path, strerror(errno));
  if (!S_ISREG(st.st_mode))
    return error_set(error, "%s: not a regular file", path);
  *bytes = (uint64_t)st.st_size;
  return true;
}

bool checksum_file(const char *path, char hex[65], struct assay_error *error) {
  uint64_t bytes;
  return size_of(path, &bytes, error) && hash_path(path, 0, bytes, hex, error);
}

/* ---- parts ---- */

static void path_of(const struct part *part, char *path, size_t size) {
  snprintf(path, size, "%s/%s", part->folder, part->name);
}

static void hash_part(void *arg, size_t index) {
  struct part *part = &((struct parts *)arg)->items[index];
  char path[8192];
  path_of(part, path, sizeof path);
  part->ok = hash_path(path, part->at, part->len, part->hex, &part->error);
  if (part->ok && part->expected && strcmp(part->hex, part->expected) != 0)
    part->ok = error_set(&part->error,
                         "%s differs from what manifest.json says of it (SHA-256 of the %" PRIu64
                         " bytes from %" PRIu64 " on); make the corpus anew",
                         path, part->len, part->at);
}

static struct part *add_part(struct parts *parts, const char *folder, const char *name, uint64_t at,
                             uint64_t len) {
  parts->items = must_have_one_more(parts->items, parts->count, sizeof *parts->items);
  struct part *part = &parts->items[parts->count++];
  *part = (struct part){.folder = folder, .name = name, .at = at, .len = len};
  return part;
}

static size_t chunk_count(uint64_t bytes) {
  return bytes > CHUNK_BYTES ? (size_t)((bytes + CHUNK_BYTES - 1) / CHUNK_BYTES) : 0;
}

static uint64_t chunk_len(uint64_t bytes, size_t chunk) {
  uint64_t rest = bytes - chunk * CHUNK_BYTES;
  return rest < CHUNK_BYTES ? rest : CHUNK_BYTES;
}

static bool hash_parts(struct parts *parts, unsigned threads, struct assay_error *error) {
  parallel_for(threads, parts->count, hash_part, parts);
  for (size_t i = 0; i < parts->count; i++)
    if (!parts->items[i].ok)
      return error_set(error, "%s", parts->items[i].error.text);
  return true;
}

/* ---- taking ---- */

/* The whole file, then its chunks if it has more than one. */
static bool plan_file(struct parts *parts, const char *folder, const char *name, struct assay_error *error) {
  char path[8192];
  uint64_t bytes;
  path_of(add_part(parts, folder, name, 0, 0), path, sizeof path);
  if (!size_of(path, &bytes, error))
    return false;
  parts->items[parts->count - 1].len = bytes;
  for (size_t i = 0; i < chunk_count(bytes); i++)
    add_part(parts, folder, name, i * CHUNK_BYTES, chunk_len(bytes, i));
  return true;
}

static json_t *files_of(const struct parts *parts) {
  json_t *files = must(json_object());
  for (size_t i = 0; i < parts->count;) {
    const struct part *whole = &parts->items[i++];
    json_t *file = must(json_pack("{s:I, s:s}", "bytes", (json_int_t)whole->len, "sha256", whole->hex));
    json_object_set_new(files, whole->name, file);
    size_t chunks = chunk_count(whole->len);
    if (chunks == 0)
      continue;
    json_t *list = must(json_array());
    for (size_t end = i + chunks; i < end; i++)
      json_array_append_new(list, json_string(parts->items[i].hex));
    json_object_set_new(file, "chunk_bytes", json_integer((json_int_t)CHUNK_BYTES));
    json_object_set_new(file, "chunks", list);
  }
  return files;
}

json_t *checksums_take(const char *folder, const char *const *names, size_t count, unsigned threads,
                       struct assay_error *error) {
  struct parts parts = {0};
  bool ok = true;
  for (size_t i = 0; ok && i < count; i++)
    ok = plan_file(&parts, folder, names[i], error);
  json_t *files = ok && hash_parts(&parts, threads, error) ? files_of(&parts) : NULL;
  free(parts.items);
  return files;
}

/* ---- verifying ---- */

json_t *manifest_read(const char *folder, struct assay_error *error) {
  char path[8192];
  json_error_t problem;
  snprintf(path, sizeof path, "%s/manifest.json", folder);
  json_t *manifest = json_load_file(path, JSON_REJECT_DUPLICATES, &problem);
  if (!manifest) {
    if (problem.line > 0)
      error_set(error, "%s:%d:%d: %s", path, problem.line, problem.column, problem.text);
    else
      error_set(error, "%s: %s", path,
                access(path, F_OK) == 0 ? "cannot be read" : "not there: this is no corpus");
    return NULL;
  }
  const char *schema = json_string_value(json_object_get(manifest, "schema"));
  if (schema && strcmp(schema, MANIFEST_SCHEMA) == 0)
    return manifest;
  error_set(error, "%s: the schema is not %s", path, MANIFEST_SCHEMA);
  json_decref(manifest);
  return NULL;
}

/* Names come from a file: nothing outside the folder. */
static bool name_is_inside(const char *name) {
  return name[0] && name[0] != '/' && !strstr(name, "..") && strlen(name) < 1024;
}

static bool expect_hex(struct part *part, const json_t *hex) {
  part->expected = json_string_value(hex);
  return part->expected && strlen(part->expected) == HEX_CHARS;
}

static bool expect_file(struct parts *parts, const char *folder, const char *name, const json_t *file,
                        struct assay_error *error) {
  char path[8192];
  uint64_t bytes;
  if (!name_is_inside(name))
    return error_set(error, "%s/manifest.json: '%s' is not a file of the corpus", folder, name);
  snprintf(path, sizeof path, "%s/%s", folder, name);
  if (!size_of(path, &bytes, error))
    return false;
  if (json_integer_value(json_object_get(file, "bytes")) != (json_int_t)bytes)
    return error_set(error, "%s has %" PRIu64 " bytes, but manifest.json says %" JSON_INTEGER_FORMAT, path,
                     bytes, json_integer_value(json_object_get(file, "bytes")));
  size_t chunks = chunk_count(bytes);
  const json_t *list = json_object_get(file, "chunks");
  bool ok =
      json_array_size(list) == chunks &&
      (chunks == 0 || json_integer_value(json_object_get(file, "chunk_bytes")) == (json_int_t)CHUNK_BYTES);
  if (chunks == 0)
    ok = ok && expect_hex(add_part(parts, folder, name, 0, bytes), json_object_get(file, "sha256"));
  for (size_t i = 0; ok && i < chunks; i++)
    ok = expect_hex(add_part(parts, folder, name, i * CHUNK_BYTES, chunk_len(bytes, i)),
                    json_array_get(list, i));
  return ok || error_set(error, "%s/manifest.json: the checksums of %s are not readable", folder, name);
}

static bool expect_files(struct parts *parts, const char *folder, const json_t *files,
                         struct assay_error *error) {
  static const char *const needed[] = {"tokens.bin", "tokens.idx", "tokens.jsonl"};
  const char *name;
  json_t *file;
  for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
    if (!json_object_get(files, needed[i]))
      return error_set(error, "%s/manifest.json: no checksum of %s", folder, needed[i]);
  json_object_foreach((json_t *)files, name, file) {
    if (!expect_file(parts, folder, name, file, error))
      return false;
  }
  return true;
}

bool checksums_verify(const char *folder, unsigned threads, struct assay_error *error) {
  struct parts parts = {0};
  json_t *manifest = manifest_read(folder, error);
  bool ok = manifest && expect_files(&parts, folder, json_object_get(manifest, "files"), error) &&
            hash_parts(&parts, threads, error);
  free(parts.items);
  json_decref(manifest);
  return ok;
}
