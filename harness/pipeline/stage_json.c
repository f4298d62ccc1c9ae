/* Stages 3 and 5: header and payload are one strict JSON object each (RFC 7515 4, 5.2 step 3; RFC 7519 7.2
 * step 10). Nothing in them is trusted yet. */
#include "harness/pipeline/stage.h"

#define REASONS(PART)                                                                                        \
  {                                                                                                          \
    [JSON_UTF8] = REASON_##PART##_UTF8, [JSON_BOM] = REASON_##PART##_BOM,                                    \
    [JSON_SYNTAX] = REASON_##PART##_SYNTAX, [JSON_TRAILING] = REASON_##PART##_TRAILING,                      \
    [JSON_DUPLICATE] = REASON_##PART##_DUPLICATE, [JSON_SURROGATE] = REASON_##PART##_SURROGATE,              \
    [JSON_DEPTH] = REASON_##PART##_DEPTH, [JSON_MEMBERS] = REASON_##PART##_MEMBERS,                          \
    [JSON_SPACE] = REASON_FAULT                                                                              \
  }

static USUAL enum assay_reason object_read(struct session *session, struct assay_bytes text,
                                           struct json_doc *doc, struct members *members,
                                           const uint16_t *reasons, enum assay_reason not_object) {
  enum json_fault fault = json_parse_members(text, &session->json_limits, &session->arena, &session->names,
                                             doc, &session->known, members);
  if (fault != JSON_OK)
    return (enum assay_reason)reasons[fault];
  return json_is(doc->nodes, JSON_OBJECT) ? REASON_OK : not_object;
}

enum assay_reason stage_header_json(struct session *session, struct token *token) {
  static const uint16_t reasons[] = REASONS(HEADER);
  return object_read(session, token->header, &token->header_json, &token->header_members, reasons,
                     REASON_HEADER_NOT_OBJECT);
}

enum assay_reason stage_claims_json(struct session *session, struct token *token) {
  static const uint16_t reasons[] = REASONS(CLAIMS);
  return object_read(session, token->payload, &token->claims_json, &token->claims, reasons,
                     REASON_CLAIMS_NOT_OBJECT);
}
