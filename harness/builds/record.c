/* The record is compared, never trusted: what does not read as one is none. Reading every file again at each
 * use would take longer than all else that `assay list` does, so a file whose stamp is the recorded one is
 * taken for the recorded file, as make and Git do. */
#include "harness/builds/record.h"

#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "build_facts.h"
#include "harness/base/files/file.h"
#include "harness/base/files/program_file.h"
#include "harness/base/grow.h"
#include "harness/builds/compile.h"
#include "harness/programs/sha256.h"

#define SCHEMA "assay-build/1"

/* ---- the files that a module is made of ---- */

/* A stamp of a file that was changed less than this before it was read says nothing: clocks of file systems
 * tick as slowly as that (FAT), and it can have been changed again within the tick. */
#define TICK_NS INT64_C(2000000000)

struct input {
  const char *path;
  struct file_stamp stamp;
  bool settled;               /* the stamp says something */
  char hex[SHA256_HEX_BYTES]; /* "": not read */
};

struct files {
  struct input *items;
  size_t count;
};

/* Its stamp is taken here, before it is read. */
static bool files_add(struct files *files, const char *path) {
  struct input *grown = grown_by_one(files->items, files->count, sizeof *grown), *added;
  struct timespec now;
  if (!grown)
    return false;
  files->items = grown;
  added = grown + files->count;
  clock_gettime(CLOCK_REALTIME, &now);
  *added = (struct input){.path = strdup(path), .stamp = file_stamp(path)};
  added->settled = added->stamp.changed_ns + TICK_NS < (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
  return added->path && ++files->count;
}

static void files_fini(struct files *files) {
  for (size_t i = 0; i < files->count; i++)
    free((char *)files->items[i].path);
  free(files->items);
}

/* Of all that have none yet. */
static bool files_hash(struct files *files, struct assay_error *error) {
  const char **paths = calloc(files->count + 1, sizeof *paths);
  char(*hex)[SHA256_HEX_BYTES] = calloc(files->count + 1, sizeof *hex);
  size_t count = 0;
  bool ok = (paths && hex) || error_set(error, "no memory for a record");
  for (size_t i = 0; ok && i < files->count; i++)
    if (!files->items[i].hex[0])
      paths[count++] = files->items[i].path;
  ok = ok && sha256_files(paths, count, hex, error);
  count = 0;
  for (size_t i = 0; ok && i < files->count; i++)
    if (!files->items[i].hex[0])
      memcpy(files->items[i].hex, hex[count++], sizeof *hex);
  free(paths);
  free(hex);
  return ok;
}

/* "device:inode:bytes:written:changed", or "" where it says nothing. */
static const char *stamp_text(const struct input *input, char text[128]) {
  const struct file_stamp *stamp = &input->stamp;
  snprintf(text, 128, "%" PRIu64 ":%" PRIu64 ":%" PRIu64 ":%" PRId64 ":%" PRId64, stamp->device, stamp->inode,
           stamp->bytes, stamp->written_ns, stamp->changed_ns);
  return input->settled ? text : "";
}

/* The next name of a make rule, in place, or NULL. Blanks end it, but for those behind a backslash, which also
 * stands before other characters that make would take for its own; a dollar sign is written twice. */
static char *rule_word(char **at) {
  char *from = *at, *to, *word;
  from += strspn(from, " \t\r\n");
  while (from[0] == '\\' && from[1] == '\n')
    from += 2 + strspn(from + 2, " \t\r\n");
  for (word = to = from; *from && !strchr(" \t\r\n", *from); from++) {
    if (from[0] == '\\' && from[1] == '\n')
      break;
    if ((from[0] == '\\' && from[1] && strchr(" \t#:", from[1])) || (from[0] == '$' && from[1] == '$'))
      from++;
    *to++ = *from;
  }
  *at = *from ? from + 1 : from;
  *to = '\0';
  return word[0] ? word : NULL;
}

/* "module: a.c b.h \": all behind the colon. */
static bool rule_read(const char *path, struct files *files, struct assay_error *error) {
  char *text, *word;
  size_t len;
  if (!file_read(path, &text, &len, error))
    return false;
  char *at = strstr(text, ": ");
  at = at ? at + 2 : text + len;
  bool ok = true;
  while (ok && (word = rule_word(&at)))
    ok = files_add(files, word) || error_set(error, "no memory for a record");
  free(text);
  return ok;
}

/* The module itself first, then the libraries, then what was compiled. */
static bool files_begin(const struct build *build, struct files *files) {
  bool ok = files_add(files, build->module);
  for (unsigned i = 0; ok && i < build->hints->library_count; i++)
    ok = !build->prefix->libraries[i][0] || files_add(files, build->prefix->libraries[i]);
  return ok;
}

/* What a worker has to find when it loads them. */
static void stamps_keep(struct build *build, const struct files *files) {
  build->module_stamp = files->items[0].stamp;
  build->library_stamp = files->items[1].stamp;
}

/* ---- reading ---- */

static json_t *record_load(const struct build *build) {
  char *text;
  size_t len;
  if (!file_read(build->record, &text, &len, NULL))
    return NULL;
  json_t *record = json_loadb(text, len, 0, NULL);
  free(text);
  return record;
}

static bool text_is(const json_t *record, const char *key, const char *text) {
  const char *value = json_string_value(json_object_get(record, key));
  return value && strcmp(value, text) == 0;
}

static json_t *file_of(const json_t *record, size_t index) {
  return json_array_get(json_object_get(record, "files"), index);
}

static const char *file_field(const json_t *record, size_t index, const char *key) {
  const char *text = json_string_value(json_object_get(file_of(record, index), key));
  return text ? text : "";
}

/* The files of the record, which begin with those that are there now. Of one with the stamp that is recorded
 * the recorded hash is taken. */
static bool files_of(const json_t *record, const struct build *build, struct files *files) {
  size_t recorded = json_array_size(json_object_get(record, "files"));
  char stamp[128];
  if (!files_begin(build, files) || recorded < files->count)
    return false;
  for (size_t i = 0; i < files->count; i++)
    if (strcmp(file_field(record, i, "path"), files->items[i].path) != 0)
      return false;
  while (files->count < recorded)
    if (!files_add(files, file_field(record, files->count, "path")))
      return false;
  for (size_t i = 0; i < recorded; i++)
    if (files->items[i].settled &&
        strcmp(file_field(record, i, "stamp"), stamp_text(&files->items[i], stamp)) == 0)
      snprintf(files->items[i].hex, sizeof files->items[i].hex, "%s", file_field(record, i, "sha256"));
  return true;
}

static bool hashes_hold(const json_t *record, const struct files *files, bool *was_exchanged) {
  bool hold = true;
  for (size_t i = 0; i < files->count; i++)
    if (strcmp(file_field(record, i, "sha256"), files->items[i].hex) != 0) {
      hold = false;
      *was_exchanged = *was_exchanged || i == 1; /* the library */
    }
  return hold;
}

static bool json_write(const char *path, const json_t *json, struct assay_error *error) {
  struct file_writer writer;
  if (!file_open(&writer, path, error))
    return false;
  json_dumpf(json, writer.stream, JSON_INDENT(1));
  fputc('\n', writer.stream);
  return file_commit(&writer, error);
}

/* Files that were read since their stamps were others, or said nothing, need not be the next time. A cache that
 * cannot be written is none the worse. */
static void stamps_renew(const struct build *build, json_t *record, const struct files *files) {
  char stamp[128];
  bool renewed = false;
  for (size_t i = 0; i < files->count; i++) {
    const char *text = stamp_text(&files->items[i], stamp);
    if (strcmp(file_field(record, i, "stamp"), text) == 0)
      continue;
    json_object_set_new(file_of(record, i), "stamp", json_string(text));
    renewed = true;
  }
  if (renewed)
    json_write(build->record, record, NULL);
}

/* For whoever looks for modules that nobody uses (cache_prune): the record's own time tells the day. */
static void use_note(const struct build *build) {
  enum { DAY_S = 24 * 60 * 60 };
  struct stat st;
  if (stat(build->record, &st) == 0 && st.st_mtim.tv_sec + DAY_S < time(NULL))
    utimensat(AT_FDCWD, build->record, NULL, 0);
}

bool record_holds(struct build *build, bool *was_exchanged) {
  struct files files = {0};
  json_t *record = record_load(build);
  *was_exchanged = false;
  bool holds = text_is(record, "schema", SCHEMA) && text_is(record, "compiler", build->compiler) &&
               text_is(record, "flags", compile_flags()) &&
               text_is(record, "assay", ASSAY_VERSION " " ASSAY_COMMIT) && files_of(record, build, &files) &&
               files_hash(&files, NULL) && hashes_hold(record, &files, was_exchanged);
  if (holds) {
    build->prefix->files[0].is_static = json_is_true(json_object_get(record, "static"));
    stamps_keep(build, &files);
    stamps_renew(build, record, &files);
    use_note(build);
  }
  files_fini(&files);
  json_decref(record);
  return holds;
}

/* ---- writing ---- */

static json_t *files_json(const struct files *files) {
  char stamp[128];
  json_t *list = json_array();
  for (size_t i = 0; i < files->count; i++)
    json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "path", files->items[i].path, "sha256",
                                          files->items[i].hex, "stamp", stamp_text(&files->items[i], stamp)));
  return list;
}

static json_t *record_json(const struct build *build, const struct files *files) {
  char made[32];
  time_t now = time(NULL);
  struct tm utc;
  gmtime_r(&now, &utc);
  strftime(made, sizeof made, "%Y-%m-%dT%H:%M:%SZ", &utc);
  const struct library_file *library = &build->prefix->files[0];
  return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "schema", SCHEMA,
                   "backend", build->name, "prefix", build->prefix->root, "library",
                   build->prefix->libraries[0], "static", (int)library->is_static, "soname", library->soname,
                   "build_id", library->build_id, "compiler", build->compiler, "flags", compile_flags(),
                   "assay", ASSAY_VERSION " " ASSAY_COMMIT, "made", made, "files", files_json(files));
}

/* A prefix may well be called as that folder is: /opt/openssl. */
static bool lies_under(const char *path, const char *folder) {
  size_t len = strlen(folder);
  return strncmp(path, folder, len) == 0 && path[len] == '/';
}

/* Of a path that does not lie under the prefix: what stands behind its folder of headers, from there on where the
 * names of a backend's headers begin alike ("openssl/", "sodium"); NULL: it is no such header. Any folder above
 * may be called like that, too: an account, a checkout, where a compiler lies. */
static const char *own_header(const struct build *build, const char *path) {
  const char *header = build->hints->header, *slash = strchr(header, '/'), *folder = path, *last = NULL;
  char common[130], sources[4200];
  program_file("sources", sources, sizeof sources);
  if (lies_under(path, sources) || lies_under(path, build->prefix->root))
    return NULL;
  for (const char *at = path; (at = strstr(at, "/include/")); at++)
    folder = at + strlen("/include");
  snprintf(common, sizeof common, "/%.*s", slash ? (int)(slash - header) + 1 : (int)strcspn(header, "."),
           header);
  for (const char *at = folder; (at = strstr(at, common)); at++)
    last = at + 1;
  return last;
}

/* One that the prefix lacks may have been found among the system's, or where CPATH says, and one that it has where an
 * option of CC says. first: the first of what was compiled. */
static bool headers_are_its_own(const struct build *build, const struct files *files, size_t first,
                                struct assay_error *error) {
  const char *include = build->prefix->includes[0], *path = "", *header = NULL;
  for (size_t i = first; i < files->count && !header; i++)
    header = own_header(build, path = files->items[i].path);
  if (!header)
    return true;
  if (prefix_has_header(build->prefix, header))
    return error_set(error, "%s, of another build, was taken before that of %s: CC names its folder", path,
                     include);
  return error_set(error, "%s has no %s, and %s, of another build, was taken for it: %s", include, header,
                   path, "a build needs all headers of its library");
}

bool record_write(struct build *build, struct assay_error *error) {
  struct files files = {0};
  bool ok = files_begin(build, &files) || error_set(error, "no memory for a record");
  size_t first = files.count;
  ok = ok && rule_read(build->inputs, &files, error) && headers_are_its_own(build, &files, first, error) &&
       files_hash(&files, error);
  json_t *record = ok ? record_json(build, &files) : NULL;
  ok = ok &&
       (record ? json_write(build->record, record, error)
               : error_set(error, "%s: a path that is no UTF-8 cannot be recorded", build->prefix->root));
  if (ok)
    stamps_keep(build, &files);
  json_decref(record);
  files_fini(&files);
  return ok;
}
