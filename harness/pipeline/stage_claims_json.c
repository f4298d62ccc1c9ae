/* Stage 5: the payload is one strict JSON object (RFC 7519 7.2 step 10). Nothing in it is trusted yet. */
#include "harness/pipeline/stage.h"

enum assay_reason stage_claims_json(struct session *session, struct token *token) {
  static const uint16_t reasons[] = {
      [JSON_UTF8] = REASON_CLAIMS_UTF8,
      [JSON_BOM] = REASON_CLAIMS_BOM,
      [JSON_SYNTAX] = REASON_CLAIMS_SYNTAX,
      [JSON_TRAILING] = REASON_CLAIMS_TRAILING,
      [JSON_DUPLICATE] = REASON_CLAIMS_DUPLICATE,
      [JSON_SURROGATE] = REASON_CLAIMS_SURROGATE,
      [JSON_DEPTH] = REASON_CLAIMS_DEPTH,
      [JSON_MEMBERS] = REASON_CLAIMS_MEMBERS,
      [JSON_SPACE] = REASON_FAULT,
  };
  struct json_doc *doc = &token->claims_json;
  enum json_fault fault = json_parse_members(token->payload, &session->json_limits, &session->arena,
                                             &session->names, doc, &session->known, &token->claims);
  if (fault != JSON_OK)
    return (enum assay_reason)reasons[fault];
  if (!json_is(doc->nodes, JSON_OBJECT))
    return REASON_CLAIMS_NOT_OBJECT;
  return REASON_OK;
}
