/* What the three files that ask backends share: asker_backend.c, and backend_parts.c and backend_vectors.c
 * for what is not a whole verification. */
#ifndef ASSAY_WORKER_ASKER_BACKEND_H
#define ASSAY_WORKER_ASKER_BACKEND_H

#include "harness/pipeline/pipeline.h"
#include "harness/worker/worker.h"

/* Tokens of a slice of the lists, split and decoded: ready for the bare primitive. */
struct prepared {
  uint32_t list_at, list_len;
  struct assay_check *checks;
  struct assay_public_key *keys; /* that each was selected by its token */
  uint8_t *signatures;
};

/* What the backend's verify leaves behind, of an algorithm. */
struct aftermath {
  bool known;
  uint32_t side_effects; /* enum side_effect */
};

struct asker_subject {
  const struct assay_backend *backend;
  struct prepared prepared; /* with keys of thread 0 */
  struct aftermath aftermaths[ASSAY_ALG_COUNT];
};

struct asker_setting {
  struct asker_subject *subject;
  struct trust_current *trusted;
  bool is_default; /* many tokens are asked under it */
};

struct asking {
  struct session *session;
};

/* backend_parts.c */
bool backend_part(struct asker_subject *subject, struct lane *lane, const struct control_command *command,
                  struct assay_error *error);
void prepared_free(struct prepared *prepared);
/* backend_vectors.c */
bool backend_vectors(struct asker_subject *subject, struct vector_pass *pass, struct assay_error *error);

#endif
