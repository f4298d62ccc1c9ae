/* Growing runs of bytes, with the few edits that mutations need. */
#ifndef ASSAY_CORPUS_BASE_TEXT_H
#define ASSAY_CORPUS_BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* A growing run of bytes, owned; may hold NUL and any other byte. */
struct text {
  uint8_t *ptr;
  size_t len, capacity;
};

void text_clear(struct text *text); /* empty, keeps memory */
void text_free(struct text *text);
/* Before the declaration of a text: it is freed at the end of its block. */
#define OWNED_BYTES __attribute__((cleanup(text_free)))
void text_add(struct text *text, const void *bytes, size_t len);
void text_add_str(struct text *text, const char *s);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_set(struct text *text, const void *bytes, size_t len);
void text_set_str(struct text *text, const char *s);
/* base64url without padding, appended. */
void text_add_b64url(struct text *text, const void *bytes, size_t len);
/* Replaces the first occurrence of `old`; aborts the generator if there is none: the mutation is wrong. */
void text_replace(struct text *text, const char *old, const void *bytes, size_t len);
void text_insert(struct text *text, size_t at, const void *bytes, size_t len);
void text_erase(struct text *text, size_t at, size_t len);

#endif
