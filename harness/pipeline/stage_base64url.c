/* Stage 2: the three parts are decoded into the arena, in their order. */
#include "harness/pipeline/json/base64url.h"
#include "harness/pipeline/stage.h"

/* Room behind a part: for the decoder's last vector, then for the JSON reader. */
#define PART_SLACK (BASE64URL_SLACK > JSON_SLACK ? BASE64URL_SLACK : JSON_SLACK)

static enum assay_reason decode_part(struct arena *arena, struct assay_bytes part,
                                     struct assay_bytes *decoded) {
  size_t len = base64url_decoded_bytes(part.len);
  uint8_t *out = arena_take(arena, len + PART_SLACK);
  if (!out)
    return REASON_FAULT; /* session_open has sized the arena so that this cannot be */
  *decoded = bytes_of(out, len);
  enum assay_reason reason = base64url_decode(part, out);
  out[len] = 0;
  return reason;
}

enum assay_reason stage_base64url(struct session *session, struct token *token) {
  struct arena *arena = &session->arena;
  enum assay_reason reason = decode_part(arena, token->header_part, &token->header);
  if (reason == REASON_OK)
    reason = decode_part(arena, token->payload_part, &token->payload);
  if (reason == REASON_OK)
    reason = decode_part(arena, token->signature_part, &token->signature);
  return reason;
}
