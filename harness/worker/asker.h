/* The contract between the worker and a kind of subject: how one is loaded and asked. All that is peculiar to
 * a kind stands in its own file, `asker_<kind>.c`, and is reached through this table; a further kind (a
 * service over a network, say) is a further file, which CMake finds in the folder.
 *
 *   module -> load -> subject -> setting_read -> setting -> open -> asking -> ask, ask, ask ...
 *
 * A subject is what a worker has loaded, one in its life. A setting is what tokens are checked against; it is
 * read once and then serves all threads. An asking is a setting in the hands of one thread. All three structs
 * are the kind's own to define.
 *
 * Every kind is asked in one way today: `ask` returns when the answer is there. One that has many tokens in
 * flight at once needs hooks to submit and to complete: they come with the first such kind, and with another
 * ASKER_VERSION. */
#ifndef ASSAY_WORKER_ASKER_H
#define ASSAY_WORKER_ASKER_H

#include "backends/verifiers/verifier.h"
#include "corpus/store/store.h"

#define ASKER_VERSION 1u

struct asker_subject;
struct asker_setting;
struct asking;

struct control_command;
struct lane;
struct vector_pass;

/* X(id, "name in the identity", what is true of such a subject) */
#define ASKER_FLAGS(X)                                                                                       \
  X(ELSEWHERE, "elsewhere", "another program answers: neither its instructions nor its memory are here")     \
  X(THREADS, "threads", "several threads may ask at once, each with an asking of its own")                   \
  X(PRIMITIVE, "primitive", "its verify can be called alone, and raw vectors be asked about")                \
  X(BATCH, "batch", "its verify takes several signatures at once")                                           \
  X(SHARES_KEYS, "shares_keys", "a key is imported once for all threads")

enum asker_flag_place {
#define X(id, name, sentence) ASKER_PLACE_##id,
  ASKER_FLAGS(X)
#undef X
};

enum asker_flag {
#define X(id, name, sentence) ASKER_##id = 1u << ASKER_PLACE_##id,
  ASKER_FLAGS(X)
#undef X
};

/* What a loaded subject is. Texts and lists live as long as the subject. */
struct asker_facts {
  unsigned flags;      /* enum asker_flag */
  const char *name;    /* as the module calls itself */
  const char *summary; /* one line: how the library is used */
  const struct assay_build *build;
  uint64_t algs; /* ASSAY_ALG_BITs; about tokens of others it is not asked */
  const struct assay_gap *gaps;
  size_t gap_count;
  const struct assay_backend *const *variants; /* NULL-terminated, or NULL */
};

/* A module that was loaded. */
struct asker_module {
  const char *path;
  const char *argument; /* what the user wrote behind its name, "" for nothing */
  const void *contract; /* what its one symbol names; nothing in it has been checked */
};

/* Where the texts of a setting come from. */
struct asker_texts {
  const struct corpus *corpus;
  uint32_t number;           /* of the corpus' settings; 0 is its default */
  struct assay_bytes policy; /* the user's own, in place of that of setting 0; ptr NULL: there is none */
  const char *policy_name;   /* its path */
  const char *policy_folder; /* that its key paths are relative to */
};

struct asker {
  uint32_t version; /* ASKER_VERSION */

  const char *kind;   /* "backend": as identities and results call it */
  const char *symbol; /* that modules of the kind export, and nothing else */

  /* Checks a module's contract and makes a subject of it. Required. Called once, before any other hook, on
   * the main thread. Fills in all of facts. NULL and a sentence where the module cannot be used. */
  struct asker_subject *(*load)(const struct asker_module *module, struct asker_facts *facts,
                                struct assay_error *error);
  void (*unload)(struct asker_subject *subject);

  /* Reads a setting, of which two are there at a time: number 0 and one other. Required. Main thread. The
   * texts are borrowed for the call. NULL and a sentence where it cannot be read, or the subject does not
   * take it. */
  struct asker_setting *(*setting_read)(struct asker_subject *subject, const struct asker_texts *texts,
                                        struct assay_error *error);
  /* After all its askings were closed. */
  void (*setting_free)(struct asker_setting *setting);

  /* Makes a setting ready for one thread, which opens, asks and closes. Required. Never timed: keys are
   * imported and memory is taken here, as far as the subject lets it be. NULL and a sentence on failure. */
  struct asking *(*open)(struct asker_setting *setting, struct assay_error *error);
  void (*close)(struct asking *asking);

  /* Asks about one token. Required. Timed.
   * token:   borrowed, any bytes, length 0 allowed.
   * Returns: REASON_OK: accepted; otherwise why not, REASON_UNSUPPORTED, REASON_FAULT, or where the
   *          subject does not tell why, REASON_UNMAPPED or REASON_UNDECIDED. */
  enum assay_reason (*ask)(struct asking *asking, struct assay_bytes token);

  /* The clock of the tokens to come, seconds since 1970; CORPUS_NOW_UNSET: the setting's own, and where that
   * has none the real one. Required. */
  void (*clock_set)(struct asking *asking, int64_t now_s);

  /* From here on a token is refused that was accepted before, beginning with none; or not any more. Optional:
   * one that cannot be told to may remember all the same. */
  void (*remember)(struct asking *asking, bool on);

  /* What it said of the last token in words of its own, "" for nothing; valid until the next. Optional. */
  const char *(*words)(const struct asking *asking);

  /* The most memory that a token has needed so far, of what open took for that. Optional. */
  size_t (*scratch_bytes)(const struct asking *asking);

  /* Runs a block of something else than whole verifications (command.h: BLOCK_PRIMITIVE, BLOCK_KEY_IMPORT,
   * BLOCK_CONTEXT, BLOCK_PREFIX, BLOCK_BATCH, BLOCK_USE) on the main thread, and fills in the lane's time and counters.
   * Exactly with ASKER_PRIMITIVE. False and a sentence where it has no such part, or cannot begin. */
  bool (*part)(struct asker_subject *subject, struct lane *lane, const struct control_command *command,
               struct assay_error *error);

  /* Answers all of a pass over raw vectors. Exactly with ASKER_PRIMITIVE. False and a sentence where it
   * cannot begin. */
  bool (*vectors)(struct asker_subject *subject, struct vector_pass *pass, struct assay_error *error);
};

/* All kinds, NULL-terminated: generated from the folder. */
extern const struct asker *const askers[];

/* For load: whether a module was built for the contract that this worker speaks. Both numbers stand first in
 * it. */
struct asker_contract {
  const char *name; /* "backend" */
  uint32_t abi, size;
};
bool asker_contract_fits(const struct asker_module *module, const struct asker_contract *spoken,
                         struct assay_error *error);

/* For setting_read: the key sets of a setting of the corpus, as views into it. */
struct trust_keys *asker_texts_keys(const struct asker_texts *texts, uint32_t *count);

#endif
