/* Lays a casebook out in the mapped form, writes every file, and swaps the folder in. */
#include "corpus/store/writer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "corpus/base/fatal.h"
#include "corpus/store/case_line.h"
#include "corpus/store/checksums.h"
#include "generator_version.h"
#include "harness/base/files/file.h"
#include "harness/base/files/leftover.h"

/* A folder in the making. */
struct writing {
  struct casebook *book;
  char folder[4096 + 16];
  const char **names; /* of the files so far, for the manifest */
  size_t name_count;
  int lock; /* of the folder, until it has its name */
  const volatile sig_atomic_t *stop;
  struct assay_error *error;
};

/* ---- files ---- */

/* A file of the corpus, under its final name only when it is complete. */
static bool begin_file(struct writing *writing, const char *name, struct file_writer *file) {
  char path[sizeof writing->folder + 1024];
  if (writing->stop && *writing->stop)
    return error_set(writing->error, "interrupted; no corpus was left");
  snprintf(path, sizeof path, "%s/%s", writing->folder, name);
  return (writing->book->is_private ? file_open_private : file_open)(file, path, writing->error);
}

static bool end_file(struct writing *writing, const char *name, struct file_writer *file) {
  if (!file_finish(file, writing->error))
    return false;
  writing->names = must_have_one_more(writing->names, writing->name_count, sizeof *writing->names);
  writing->names[writing->name_count++] = name;
  return true;
}

static bool write_file(struct writing *writing, const char *name, const void *bytes, size_t len) {
  struct file_writer file;
  if (!begin_file(writing, name, &file))
    return false;
  fwrite(bytes, 1, len, file.stream); /* file_finish sees whether it failed */
  return end_file(writing, name, &file);
}

static bool write_text(struct writing *writing, const char *name, struct text *text) {
  bool ok = write_file(writing, name, text->ptr, text->len);
  text_free(text);
  return ok;
}

/* ---- tokens.bin and tokens.idx ---- */

/* tokens.bin: first the tokens, one behind the other, so that a run walks forward through memory; then the
 * ids; then the strings that are stored once. It is written as it comes; only the index is laid out first. */
struct layout {
  struct text idx;
  uint64_t bin_bytes; /* laid out so far */
  uint64_t strings_at;
  struct text reasons;
  struct pool reasons_of; /* a list of reasons -> where it stands */
};

static struct corpus_span reserve(struct layout *layout, size_t len) {
  struct corpus_span span = {.at = layout->bin_bytes, .len = (uint32_t)len};
  layout->bin_bytes += len;
  return span;
}

static struct corpus_span moved(const struct layout *layout, struct corpus_span span) {
  span.at += layout->strings_at;
  return span;
}

static struct corpus_span string_at(const struct layout *layout, struct casebook *book, const char *s) {
  return moved(layout, pool_add(&book->strings, bytes_str(s)));
}

static uint32_t reasons_at(struct layout *layout, const struct corpus_case *one) {
  struct assay_bytes list = bytes_of(one->reasons, one->reason_count * sizeof *one->reasons);
  uint32_t *at = pool_value(&layout->reasons_of, list);
  if (*at == CORPUS_NONE) {
    *at = (uint32_t)(layout->reasons.len / sizeof *one->reasons);
    text_add(&layout->reasons, list.ptr, list.len);
  }
  return *at;
}

static struct corpus_token record_of(struct layout *layout, const struct corpus_case *one, uint32_t number) {
  const struct expectation expected = {one->verdict, one->reasons, one->reason_count, one->pinned};
  return (struct corpus_token){.now = one->now,
                               .variant = one->variant,
                               .setting = one->setting,
                               .after = one->after,
                               .line = one->line ? one->line : number, /* of tokens.jsonl */
                               .first_reason = reasons_at(layout, one),
                               .reason_count = (uint16_t)one->reason_count,
                               .only_answer = expectation_only_answer(&expected),
                               .alg = (uint16_t)one->alg,
                               .key_bits = (uint16_t)one->key_bits,
                               .verdict = (uint16_t)one->verdict,
                               .pinned = one->pinned};
}

static void lay_tokens(struct layout *layout, const struct casebook *book) {
  size_t first = layout->idx.len;
  for (size_t i = 0; i < book->case_count; i++) {
    struct corpus_token token = record_of(layout, &book->cases[i], (uint32_t)i + 1);
    token.token = reserve(layout, book->cases[i].token_len);
    text_add(&layout->idx, &token, sizeof token);
  }
  struct corpus_token *tokens = (struct corpus_token *)(layout->idx.ptr + first);
  for (size_t i = 0; i < book->case_count; i++)
    tokens[i].id = reserve(layout, strlen(book->cases[i].id));
}

static void lay_variants(struct layout *layout, struct casebook *book) {
  for (size_t i = 0; i < book->variant_count; i++) {
    const struct book_variant *from = &book->variants[i];
    struct corpus_variant variant;
    memset(&variant, 0, sizeof variant);
    variant.group = string_at(layout, book, from->group);
    variant.class_id = string_at(layout, book, from->class_id);
    variant.name = string_at(layout, book, from->name);
    variant.sentence = string_at(layout, book, from->sentence);
    variant.reference = string_at(layout, book, from->reference);
    variant.brief = string_at(layout, book, from->brief);
    variant.tokens = from->tokens;
    variant.severity = from->severity;
    text_add(&layout->idx, &variant, sizeof variant);
  }
}

static void lay_settings(struct layout *layout, const struct casebook *book) {
  for (size_t i = 0; i < book->setting_count; i++) {
    struct corpus_setting setting = book->settings[i];
    setting.policy = moved(layout, setting.policy);
    text_add(&layout->idx, &setting, sizeof setting);
  }
}

static void lay_keys(struct layout *layout, const struct casebook *book) {
  for (size_t i = 0; i < book->key_count; i++) {
    const struct corpus_key key = {moved(layout, book->keys[i].iss), moved(layout, book->keys[i].jwks)};
    text_add(&layout->idx, &key, sizeof key);
  }
}

/* Tables in the order of their records' sizes, so that each begins aligned. */
static void lay_out(struct layout *layout, struct casebook *book) {
  struct corpus_header header = {.magic = CORPUS_MAGIC,
                                 .byte_order = 0x01020304u,
                                 .version = CORPUS_VERSION,
                                 .token_count = book->case_count,
                                 .variant_count = book->variant_count,
                                 .setting_count = book->setting_count,
                                 .key_count = book->key_count};
  text_add(&layout->idx, &header, sizeof header);
  header.tokens_at = layout->idx.len;
  lay_tokens(layout, book);
  layout->strings_at = layout->bin_bytes;
  header.variants_at = layout->idx.len;
  lay_variants(layout, book);
  header.settings_at = layout->idx.len;
  lay_settings(layout, book);
  header.keys_at = layout->idx.len;
  lay_keys(layout, book);
  header.reasons_at = layout->idx.len;
  header.reason_count = layout->reasons.len / sizeof(uint16_t);
  text_add(&layout->idx, layout->reasons.ptr, layout->reasons.len);
  header.bin_bytes = layout->strings_at + book->strings.bytes.len;
  memcpy(layout->idx.ptr, &header, sizeof header);
}

static bool write_bin(struct writing *writing) {
  const struct casebook *book = writing->book;
  struct file_writer file;
  if (!begin_file(writing, "tokens.bin", &file))
    return false;
  for (size_t i = 0; i < book->case_count; i++)
    fwrite(book->cases[i].token, 1, book->cases[i].token_len, file.stream);
  for (size_t i = 0; i < book->case_count; i++)
    fwrite(book->cases[i].id, 1, strlen(book->cases[i].id), file.stream);
  fwrite(book->strings.bytes.ptr, 1, book->strings.bytes.len, file.stream);
  return end_file(writing, "tokens.bin", &file);
}

static bool write_mapped(struct writing *writing) {
  struct layout layout = {0};
  lay_out(&layout, writing->book);
  bool ok = write_bin(writing) && write_file(writing, "tokens.idx", layout.idx.ptr, layout.idx.len);
  text_free(&layout.idx);
  text_free(&layout.reasons);
  pool_fini(&layout.reasons_of);
  return ok;
}

/* ---- the files for people ---- */

static bool write_lines(struct writing *writing) {
  OWNED_BYTES struct text line = {0};
  struct file_writer file;
  if (!begin_file(writing, "tokens.jsonl", &file))
    return false;
  for (size_t i = 0; i < writing->book->case_count; i++) {
    text_clear(&line);
    case_line_add(&line, writing->book, i);
    fwrite(line.ptr, 1, line.len, file.stream);
  }
  return end_file(writing, "tokens.jsonl", &file);
}

static bool name_is_known(const struct writing *writing, const char *name) {
  for (size_t i = 0; i < writing->name_count; i++)
    if (strcmp(writing->names[i], name) == 0)
      return true;
  return false;
}

static bool keys_folder_make(struct writing *writing, const char *path) {
  return file_make_dirs(path, writing->error) && (!writing->book->is_private || chmod(path, 0700) == 0 ||
                                                  error_set(writing->error, "%s: %s", path, strerror(errno)));
}

static bool write_key_file(struct writing *writing, const struct book_keys *keys) {
  char path[sizeof writing->folder + 1024];
  if (name_is_known(writing, keys->path))
    return true;
  snprintf(path, sizeof path, "%s/%s", writing->folder, keys->path);
  return keys_folder_make(writing, dirname(path)) &&
         write_file(writing, keys->path, keys->jwks, strlen(keys->jwks));
}

static bool write_trust(struct writing *writing) {
  const struct casebook *book = writing->book;
  if (book->policy && !write_file(writing, "policy.yaml", book->policy, strlen(book->policy)))
    return false;
  for (size_t i = 0; i < book->default_key_count; i++)
    if (!write_key_file(writing, &book->default_keys[i]))
      return false;
  return true;
}

static json_t *manifest_of(const struct casebook *book, json_t *files) {
  json_t *counts =
      must(json_pack("{s:I, s:I, s:I, s:I, s:I}", "tokens", (json_int_t)book->case_count, "classes",
                     (json_int_t)book->class_count, "variants", (json_int_t)book->variant_count, "settings",
                     (json_int_t)book->setting_count, "key_sets", (json_int_t)book->key_count));
  return must(json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "schema", MANIFEST_SCHEMA, "generator",
                        GENERATOR_VERSION, "profile", book->profile, "seed",
                        book->has_seed ? json_integer((json_int_t)book->seed) : json_null(), "clock",
                        book->clock != CORPUS_NOW_UNSET ? json_integer(book->clock) : json_null(), "counts",
                        counts, "files", files));
}

static bool write_manifest(struct writing *writing, unsigned threads) {
  json_t *files =
      checksums_take(writing->folder, writing->names, writing->name_count, threads, writing->error);
  if (!files)
    return false;
  json_t *manifest = manifest_of(writing->book, files);
  char *pretty = must(json_dumps(manifest, JSON_INDENT(2)));
  struct text text = {0};
  text_addf(&text, "%s\n", pretty);
  free(pretty);
  json_decref(manifest);
  return write_text(writing, "manifest.json", &text);
}

/* ---- folders ---- */

/* Whether everything under the folder is a file of the manifest, or the manifest. below: the path from the
 * corpus to it, "" or ending in a slash. */
static bool holds_only(const char *folder, const char *below, const json_t *manifest,
                       struct assay_error *error) {
  char path[8192];
  bool ok = true;
  snprintf(path, sizeof path, "%s/%s", folder, below);
  DIR *dir = opendir(path);
  if (!dir)
    return error_set(error, "%s: %s", path, strerror(errno));
  for (struct dirent *entry; ok && (entry = readdir(dir));) {
    char name[4096], inside[4098];
    struct stat st;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
      continue;
    snprintf(name, sizeof name, "%s%s", below, entry->d_name);
    if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode)) {
      snprintf(inside, sizeof inside, "%s/", name);
      ok = holds_only(folder, inside, manifest, error);
    } else if (strcmp(name, "manifest.json") != 0 &&
               !json_object_get(json_object_get(manifest, "files"), name))
      ok = error_set(error, "%s: %s in it is no part of a corpus, so it is left alone; name another folder",
                     folder, name);
  }
  closedir(dir);
  return ok;
}

/* True where the folder may be replaced: it is not there, or empty, or a corpus and nothing else. */
static bool may_replace(const char *folder, struct assay_error *error) {
  struct stat st;
  if (lstat(folder, &st) != 0)
    return true;
  if (!S_ISDIR(st.st_mode))
    return error_set(error, "%s: not a folder", folder);
  json_t *manifest = manifest_read(folder, NULL);
  bool ours = manifest && holds_only(folder, "", manifest, error);
  json_decref(manifest);
  if (ours || (!manifest && rmdir(folder) == 0))
    return true;
  if (manifest)
    return false;
  return error_set(error, "%s: neither empty nor a corpus, so it is left alone; name another folder", folder);
}

static int sync_one(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
  (void)st, (void)ftw;
  struct assay_error problem;
  return kind == FTW_DP && !file_sync_folder(path, &problem);
}

/* The names of all files, so that after a power cut the folder is not there, or whole. */
static bool sync_names(const char *folder, struct assay_error *error) {
  return nftw(folder, sync_one, 16, FTW_DEPTH | FTW_PHYS) == 0 ||
         error_set(error, "%s: the names of its files could not be written to disk", folder);
}

/* The final name, in one step. What stood there before ends up under the temporary name, and is removed. */
static bool swap_in(const char *temporary, const char *folder, struct assay_error *error) {
  if (rename(temporary, folder) == 0)
    return file_sync_entry(folder, error);
  if (renameat2(AT_FDCWD, temporary, AT_FDCWD, folder, RENAME_EXCHANGE) != 0)
    return error_set(error, "cannot give %s its name: %s", folder, strerror(errno));
  bool ok = file_sync_entry(folder, error);
  folder_remove(AT_FDCWD, temporary);
  return ok;
}

static mode_t folder_mode(const struct writing *writing) {
  return writing->book->is_private ? 0700 : 0777;
}

static bool open_folder(struct writing *writing, const char *folder) {
  char parent[4096];
  snprintf(parent, sizeof parent, "%s", folder);
  if (!file_make_dirs(dirname(parent), writing->error))
    return false;
  snprintf(writing->folder, sizeof writing->folder, "%s.part-", folder);
  leftover_sweep(writing->folder);
  strcat(writing->folder, "XXXXXX");
  writing->lock = leftover_make_folder(writing->folder, folder_mode(writing));
  return writing->lock >= 0 ||
         error_set(writing->error, "cannot make a folder beside %s: %s", folder, strerror(errno));
}

bool corpus_write(struct casebook *book, const char *folder, unsigned threads,
                  const volatile sig_atomic_t *stop, struct assay_error *error) {
  struct writing writing = {.book = book, .stop = stop, .error = error};
  char name[4096];
  size_t len = (size_t)snprintf(name, sizeof name, "%s", folder);
  if (len == 0 || len >= sizeof name)
    return error_set(error, "the folder's name is empty or too long");
  while (len > 1 && name[len - 1] == '/')
    name[--len] = '\0';
  if (book->case_count == 0)
    return error_set(error, "there is no case to write");
  if (!may_replace(name, error) || !open_folder(&writing, name))
    return false;
  bool ok = write_trust(&writing) && write_lines(&writing) && write_mapped(&writing) &&
            write_manifest(&writing, threads) && sync_names(writing.folder, error) &&
            swap_in(writing.folder, name, error);
  if (!ok)
    folder_remove(AT_FDCWD, writing.folder);
  close(writing.lock);
  free(writing.names);
  return ok;
}
