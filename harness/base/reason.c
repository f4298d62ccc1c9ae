/* The tables behind reason.h. */
#include "harness/base/reason.h"

struct reason_row {
  enum assay_reason number;
  enum assay_stage stage;
  const char *name, *sentence;
};

static const struct reason_row rows[] = {
#define X(number, id, stage, name, sentence) {(enum assay_reason)(number), STAGE_##stage, name, sentence},
    ASSAY_REASONS(X)
#undef X
};

static const char *const stage_names[STAGE_COUNT] = {
    [STAGE_NONE] = "-",
    [STAGE_COMPACT_SPLIT] = "compact-split",
    [STAGE_BASE64URL] = "base64url",
    [STAGE_HEADER_JSON] = "header-json",
    [STAGE_HEADER_POLICY] = "header-policy",
    [STAGE_CLAIMS_JSON] = "claims-json",
    [STAGE_KEY_SELECTION] = "key-selection",
    [STAGE_SIGNATURE] = "signature",
    [STAGE_REGISTERED_CLAIMS] = "registered-claims",
    [STAGE_AUTHORISATION] = "authorisation",
    [STAGE_KEY_IMPORT] = "key-import",
};

#define COMPACT_SPLIT_TEXT "compact-split"
#define BASE64URL_TEXT "base64url"
#define HEADER_JSON_TEXT "header-json"
#define HEADER_POLICY_TEXT "header-policy"
#define CLAIMS_JSON_TEXT "claims-json"
#define KEY_SELECTION_TEXT "key-selection"
#define SIGNATURE_TEXT "signature"
#define REGISTERED_CLAIMS_TEXT "registered-claims"
#define AUTHORISATION_TEXT "authorisation"
#define KEY_IMPORT_TEXT "key-import"

static const char *const dotted[] = {
#define X(number, id, stage, name, sentence) stage##_TEXT "." name,
    ASSAY_REASONS(X)
#undef X
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* What else a subject can say, of no stage. */
static const struct reason_row others[] = {
    {REASON_UNSUPPORTED, STAGE_NONE, "unsupported", "The library, or this build of it, lacks the algorithm."},
    {REASON_FAULT, STAGE_NONE, "fault", "The library failed, or there was no memory."},
    {REASON_UNMAPPED, STAGE_NONE, "unmapped", "The token is refused, but the words do not say why."},
    {REASON_UNDECIDED, STAGE_NONE, "undecided", "The token is refused by accident, not by decision."},
};
#define OTHER_COUNT (sizeof others / sizeof others[0])

static const struct reason_row *other_of(enum assay_reason reason) {
  for (size_t i = 0; i < OTHER_COUNT; i++)
    if (others[i].number == reason)
      return &others[i];
  return NULL;
}

static int row_of(enum assay_reason reason) {
  for (size_t i = 0; i < ROW_COUNT; i++)
    if (rows[i].number == reason)
      return (int)i;
  return -1;
}

bool assay_reason_known(unsigned number) {
  switch (number) {
  case REASON_OK:
  case REASON_UNSUPPORTED:
  case REASON_FAULT:
  case REASON_UNMAPPED:
  case REASON_UNDECIDED:
#define X(value, id, stage, name, sentence) case value:
    ASSAY_REASONS(X)
#undef X
    return true;
  default: return false;
  }
}

const char *assay_reason_name(enum assay_reason reason) {
  int row = row_of(reason);
  if (row >= 0)
    return rows[row].name;
  const struct reason_row *other = other_of(reason);
  return other ? other->name : reason == REASON_OK ? "ok" : "?";
}

const char *assay_reason_dotted(enum assay_reason reason) {
  int row = row_of(reason);
  return row >= 0 ? dotted[row] : assay_reason_name(reason);
}

const char *assay_reason_sentence(enum assay_reason reason) {
  int row = row_of(reason);
  if (row >= 0)
    return rows[row].sentence;
  const struct reason_row *other = other_of(reason);
  return other ? other->sentence : "";
}

enum assay_stage assay_reason_stage(enum assay_reason reason) {
  int row = row_of(reason);
  return row >= 0 ? rows[row].stage : STAGE_NONE;
}

int assay_reason_by_dotted(struct assay_bytes text) {
  if (bytes_eq_str(text, "ok"))
    return REASON_OK;
  for (size_t i = 0; i < ROW_COUNT; i++)
    if (bytes_eq_str(text, dotted[i]))
      return rows[i].number;
  return -1;
}

const char *assay_stage_name(enum assay_stage stage) {
  return (unsigned)stage < STAGE_COUNT ? stage_names[stage] : "?";
}

const char *assay_verdict_name(enum assay_verdict verdict) {
  static const char *const names[VERDICT_COUNT] = {
      [VERDICT_NONE] = "not asked", [VERDICT_ACCEPT] = "accept",
      [VERDICT_REJECT] = "reject",  [VERDICT_UNSUPPORTED] = "unsupported",
      [VERDICT_FAULT] = "fault",    [VERDICT_CRASH] = "crash",
      [VERDICT_HANG] = "hang",      [VERDICT_UNDECIDED] = "undecided",
  };
  return (unsigned)verdict < VERDICT_COUNT ? names[verdict] : "?";
}

enum assay_verdict assay_verdict_of(enum assay_reason reason) {
  switch (reason) {
  case REASON_OK: return VERDICT_ACCEPT;
  case REASON_UNSUPPORTED: return VERDICT_UNSUPPORTED;
  case REASON_FAULT: return VERDICT_FAULT;
  case REASON_UNDECIDED: return VERDICT_UNDECIDED;
  default: return VERDICT_REJECT;
  }
}
