/* Stage 3: the header is one strict JSON object (RFC 7515 4, 5.2 step 3). */
#include "harness/pipeline/stage.h"

enum assay_reason stage_header_json(struct session *session, struct token *token) {
  static const uint16_t reasons[] = {
      [JSON_UTF8] = REASON_HEADER_UTF8,
      [JSON_BOM] = REASON_HEADER_BOM,
      [JSON_SYNTAX] = REASON_HEADER_SYNTAX,
      [JSON_TRAILING] = REASON_HEADER_TRAILING,
      [JSON_DUPLICATE] = REASON_HEADER_DUPLICATE,
      [JSON_SURROGATE] = REASON_HEADER_SURROGATE,
      [JSON_DEPTH] = REASON_HEADER_DEPTH,
      [JSON_MEMBERS] = REASON_HEADER_MEMBERS,
      [JSON_SPACE] = REASON_FAULT,
  };
  struct json_doc *doc = &token->header_json;
  enum json_fault fault = json_parse_members(token->header, &session->json_limits, &session->arena,
                                             &session->names, doc, &session->known, &token->header_members);
  if (fault != JSON_OK)
    return (enum assay_reason)reasons[fault];
  if (!json_is(doc->nodes, JSON_OBJECT))
    return REASON_HEADER_NOT_OBJECT;
  return REASON_OK;
}
