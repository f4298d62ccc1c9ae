/* What whole verifiers say of the tokens of a verdict pass, in words of their own, each in the memory
 * shared with its worker. It lies there packed, one text behind the other, so that a corpus of any size
 * costs what was said; pages in which nothing was said take no memory. Threads: the worker writes while
 * the host waits. */
#ifndef ASSAY_WIRE_KEPT_WORDS_H
#define ASSAY_WIRE_KEPT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backends/verifiers/verifier.h"

struct control;
struct control_layout;

/* Octets that they need at most, for so many tokens. */
size_t kept_words_size(size_t tokens);
/* The host: sets the fields of layout, which has its token_count and ends kept_words_size behind `at`. */
void kept_words_init(struct control_layout *layout, uint64_t at);
/* The host, before a worker starts: what was kept stays, unless a library wrote over where it ends. */
void kept_words_renew(struct control *control, const struct control_layout *layout);
/* The worker: keeps what was said of a token. What has no room any more is not kept. */
void words_keep(struct control *control, uint32_t token, const char *words);
/* The host: what was said, as far as it lies within the memory. Control characters come as they were told.
 * False: nothing, or nothing is kept. */
bool kept_words(const struct control *control, const struct control_layout *layout, uint32_t token,
                char words[ASSAY_WORDS_BYTES]);

#endif
