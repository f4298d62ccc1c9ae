/* SHA-256 of files, in parallel, and the `files` of a manifest made of them:
 *
 *   {"tokens.bin": {"bytes": n, "sha256": "<hex>", "chunk_bytes": 8388608, "chunks": ["<hex>", ..]}, ..}
 *
 * chunks only where a file is longer than one; they are what is verified then, so that all cores take part,
 * and sha256 is the corpus' name and for sha256sum. */
#ifndef ASSAY_CORPUS_STORE_CHECKSUMS_H
#define ASSAY_CORPUS_STORE_CHECKSUMS_H

#include <jansson.h>

#include "harness/base/error.h"

#define MANIFEST_SCHEMA "assay-corpus/1"

/* Lowercase, NUL-terminated. */
bool checksum_file(const char *path, char hex[65], struct assay_error *error);

/* The `files` object for these names in a folder; NULL and a sentence where one cannot be
 * read. New reference. */
json_t *checksums_take(const char *folder, const char *const *names, size_t count, unsigned threads,
                       struct assay_error *error);

/* Reads <folder>/manifest.json and checks its schema. NULL and a sentence. New reference. */
json_t *manifest_read(const char *folder, struct assay_error *error);

/* Compares every file of a corpus with its manifest. The sentence names the file that differs. */
bool checksums_verify(const char *folder, unsigned threads, struct assay_error *error);

#endif
