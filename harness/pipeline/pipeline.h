/* The verification pipeline: nine stages in one fixed order, the first that refuses decides.
 *
 *   1 compact-split   2 base64url       3 header-json    4 header-policy       5 claims-json
 *   6 key-selection   7 signature       8 registered-claims                    9 authorisation
 *
 * Between stages 8 and 9 a decision point can be asked, see below. The order is part of the interface: it
 * fixes which of two faults is reported. Members of the header that some issuers of a policy tolerate are
 * judged in stage 6, once the token's issuer is known. Nothing of the payload is trusted before stage 7; only
 * what names the issuer is read: iss, the claim of a template, or sub where a trust domain stands for iss.
 * After warm-up a token costs no heap allocation: a token is a view, what is decoded from it lives in the
 * session's arena. */
#ifndef ASSAY_PIPELINE_PIPELINE_H
#define ASSAY_PIPELINE_PIPELINE_H

#include "backends/backend.h"
#include "harness/base/reason.h"
#include "harness/pipeline/policy/trust_current.h"

#define PIPELINE_STAGES 9

/* One thread's verifier: a backend context, the keys of every trust imported into it, arena, replay memory.
 * Threads: opened, used and closed by one thread. */
struct session;

/* Imports every key of every trust for every algorithm that its issuer allows and its JWK fits. A key that
 * the library refuses is kept as key-import.invalid-key, one whose algorithm it lacks as unsupported.
 * trusts: borrowed for the life of the session.
 * Returns NULL and a sentence where the backend faults or memory runs out. */
struct session *session_open(const struct assay_backend *backend, const struct trust *const *trusts,
                             size_t trust_count, struct assay_error *error);
/* The same with the one trust that holds at the moment; session_follow goes over to what holds by then.
 * import_on_use: few tokens are checked against it, and a key is imported when the first of them selects it.
 * current: borrowed for the life of the session. */
struct session *session_open_current(const struct assay_backend *backend, struct trust_current *current,
                                     bool import_on_use, struct assay_error *error);
void session_close(struct session *session);

/* Between two tokens: goes over to the trust that holds now, as session_use would, and imports its keys.
 * Costs a load and a comparison where nothing has changed, and allocates only where something has. What an
 * accepted token said is gone then; tokens that were seen stay seen, in the replay memory as it was opened.
 * False and a sentence where the backend faults or memory runs out: the session keeps to the trust that it
 * has, which holds no longer; whether to go on is for the caller to say. */
bool session_follow(struct session *session, struct assay_error *error);
/* What the next token is checked against. */
const struct trust *session_trust(const struct session *session);

/* Chooses the trust that the next tokens are checked against; starts with trust 0 and its clock. */
void session_use(struct session *session, size_t trust);
/* Sets the clock until the next session_use; TIME_UNSET: the trust's own. */
void session_set_now(struct session *session, int64_t now_s);
/* Forgets every jti seen. Replay is looked for only after session_replay(session, true). */
void session_replay(struct session *session, bool on);
void session_replay_reset(struct session *session);

/* Verifies one compact JWS as a JWT. token: borrowed, any bytes, length 0 allowed, must stay readable during
 * the call only. Returns REASON_OK, the reason of the stage that refused, or REASON_UNSUPPORTED/_FAULT. */
enum assay_reason pipeline_verify(struct session *session, struct assay_bytes token);

/* The same, cut off after the first `stages` stages (0..9): for the ledger. REASON_OK if none refused. */
enum assay_reason pipeline_prefix(struct session *session, struct assay_bytes token, unsigned stages);

/* What a token says whose signature has been verified. */
struct verified_claims {
  struct assay_bytes json; /* the decoded payload */
  const struct issuer *issuer;
  const struct jwk *key;
};
/* Of an accepted token: valid until the next token of this session, and only after REASON_OK. */
struct verified_claims session_accepted(const struct session *session);

/* A policy decision point beside the policy: an engine with rules of its own. */
struct decision_point {
  /* Whether a token may pass. Asked between stages 8 and 9, of tokens alone that all stages before have let
   * pass, registered and required claims included; never by pipeline_prefix with fewer than all stages.
   * claims:  borrowed for the call.
   * Returns: REASON_OK: it may, as far as this goes, and stage 9 decides. A reason of stage 9 refuses it:
   *          REASON_DENIED, where none says it better. REASON_FAULT, and any other number: it cannot
   *          say, and the token is not accepted.
   * Threads: of each session that has it.
   * Timed:   yes. */
  enum assay_reason (*decide)(void *arg, const struct verified_claims *claims);
  void *arg;
};
/* point: borrowed until it is set anew or the session is closed. NULL, as at first: nobody is asked. */
void session_ask_decisions(struct session *session, const struct decision_point *point);

/* What a backend is given of a JWK to import it for one algorithm: views into it. */
struct assay_public_key jwk_public_key(const struct jwk *jwk, enum assay_alg alg);
/* The key that the last token selected, for the algorithm it was imported for; only after REASON_OK. It lives as long
 * as the session's trust. */
struct assay_public_key session_last_key(const struct session *session);

/* Splits and decodes a token up to its signature check and hands out what `verify` of the backend would get:
 * for measuring the bare primitive. input points into token; sig is copied to sig_buffer (at
 * least ASSAY_SIGNATURE_BYTES_MAX). Returns REASON_OK, or why the token does not come that far. */
enum assay_reason pipeline_prepare(struct session *session, struct assay_bytes token, uint8_t *sig_buffer,
                                   struct assay_check *check);

/* The context that the session's keys belong to, for calling the backend directly. */
struct assay_ctx *session_ctx(struct session *session);

/* Most bytes of arena that any token so far has needed. */
size_t session_arena_high_water(const struct session *session);

/* The last raw outcome of the backend's verify, for the primitive table; 0 if none was called. */
enum assay_outcome session_last_outcome(const struct session *session);

#endif
