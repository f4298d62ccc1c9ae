/* The outer form (RFC 7515 7.1): three parts, two dots, ASCII, nothing around them, and not too long.
 * What is done to a finished token leaves its parts valid and rightly signed, so that only the form
 * speaks against it. */
#include <stdio.h>
#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/make/draft_tools.h"
#include "corpus/spoil/jwe.h"
#include "corpus/spoil/mutation.h"
#include "harness/base/text/base64.h"

#define TOKEN_LIMIT 16384 /* the policy's default for token_bytes */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct assay_bytes text_bytes(const struct text *text) {
  return bytes_of(text->ptr, text->len);
}

/* row_text: the token, written with h, p and s for its parts and all else as it is. */
static void tamper_form(struct draft *draft) {
  text_clear(&draft->token);
  for (const char *c = draft->row_text; *c; c++) {
    const struct text *part = *c == 'h'   ? &draft->header_part
                              : *c == 'p' ? &draft->payload_part
                              : *c == 's' ? &draft->signature_part
                                          : NULL;
    text_add(&draft->token, part ? (const void *)part->ptr : c, part ? part->len : 1);
  }
}

/* ---- empty, too few, too many ---- */

static void tamper_white_space(struct draft *draft) {
  static const char kinds[] = " \n\t\r";
  text_clear(&draft->token);
  for (uint32_t left = 1 + rng_below(&draft->rng, 64); left > 0; left--)
    text_add(&draft->token, &kinds[rng_below(&draft->rng, sizeof kinds - 1)], 1);
}

static void dots_add(struct draft *draft) {
  uint32_t room = (uint32_t)(TOKEN_LIMIT - draft->token.len);
  for (uint32_t left = 2000 + rng_below(&draft->rng, room - 2000); left > 0; left--)
    text_add(&draft->token, ".", 1);
}

static void tamper_dots_only(struct draft *draft) {
  text_clear(&draft->token);
  dots_add(draft);
}

static void encode_no_header(struct draft *draft) {
  text_clear(&draft->header_text);
  draft_reencode(draft);
}

/* Spaces in the header, so that tokens of little else differ. */
static void encode_spaced(struct draft *draft) {
  for (unsigned i = 0; i < draft->index; i++)
    text_insert(&draft->header_text, 1, " ", 1);
  draft_reencode(draft);
}

static void encode_no_payload(struct draft *draft) {
  encode_spaced(draft);
  text_clear(&draft->payload_text);
  draft_reencode(draft);
}

/* ---- other serialisations ---- */

static void tamper_jwe_dir(struct draft *draft) {
  text_clear(&draft->token);
  jwe_dir(draft->key, text_bytes(&draft->payload_text), &draft->rng, &draft->token);
}

static void tamper_jwe_rsa(struct draft *draft) {
  text_clear(&draft->token);
  jwe_rsa1_5(draft->key, text_bytes(&draft->payload_text), &draft->rng, &draft->token);
}

/* The valid JWS header, three parts of a JWE's lengths, and the signature last. */
static void tamper_five_parts(struct draft *draft) {
  uint8_t octets[256];
  const size_t lengths[] = {256, 12, 32 + rng_below(&draft->rng, 128)};
  text_set(&draft->token, draft->header_part.ptr, draft->header_part.len);
  for (size_t i = 0; i < COUNT(lengths); i++) {
    rng_bytes(&draft->rng, octets, lengths[i]);
    text_add_str(&draft->token, ".");
    text_add_b64url(&draft->token, octets, lengths[i]);
  }
  text_add_str(&draft->token, ".");
  text_add(&draft->token, draft->signature_part.ptr, draft->signature_part.len);
}

/* Claims that the signer never saw. */
static void forged_payload(const struct draft *draft, struct text *out) {
  json_t *claims = must(json_copy(draft->claims));
  json_object_set_new(claims, "sub", json_string("admin"));
  char *json = must(json_dumps(claims, JSON_COMPACT));
  text_add_b64url(out, json, strlen(json));
  free(json);
  json_decref(claims);
}

/* A compact token is hidden in a member name: who splits at dots reads other claims than who parses JSON. */
static void tamper_polyglot(struct draft *draft) {
  OWNED_BYTES struct text forged = {0};
  forged_payload(draft, &forged);
  text_set_str(&draft->token, "{\"");
  text_add(&draft->token, draft->header_part.ptr, draft->header_part.len);
  text_add_str(&draft->token, ".");
  text_add(&draft->token, forged.ptr, forged.len);
  text_add_str(&draft->token, ".\":\"\",\"protected\":\"");
  text_add(&draft->token, draft->header_part.ptr, draft->header_part.len);
  text_add_str(&draft->token, "\",\"payload\":\"");
  text_add(&draft->token, draft->payload_part.ptr, draft->payload_part.len);
  text_add_str(&draft->token, "\",\"signature\":\"");
  text_add(&draft->token, draft->signature_part.ptr, draft->signature_part.len);
  text_add_str(&draft->token, "\"}");
}

/* RFC 7515 7.2.2 and 7.2.1. */
static void tamper_flattened(struct draft *draft) {
  text_clear(&draft->token);
  text_addf(&draft->token, "{\"payload\":\"%.*s\",\"protected\":\"%.*s\",\"signature\":\"%.*s\"}",
            (int)draft->payload_part.len, (const char *)draft->payload_part.ptr, (int)draft->header_part.len,
            (const char *)draft->header_part.ptr, (int)draft->signature_part.len,
            (const char *)draft->signature_part.ptr);
}

static void tamper_general(struct draft *draft) {
  text_clear(&draft->token);
  text_addf(&draft->token,
            "{\"payload\":\"%.*s\",\"signatures\":[{\"protected\":\"%.*s\",\"signature\":\"%.*s\"}]}",
            (int)draft->payload_part.len, (const char *)draft->payload_part.ptr, (int)draft->header_part.len,
            (const char *)draft->header_part.ptr, (int)draft->signature_part.len,
            (const char *)draft->signature_part.ptr);
}

/* ---- bytes that do not belong ---- */

static void tamper_nul_behind(struct draft *draft) {
  text_add(&draft->token, "", 1);
  text_add_str(&draft->token, draft->row_text);
}

/* Before signing, so that who drops the byte or stops at it finds a rightly signed token. */
static void put_inside(struct draft *draft, const char *bytes, size_t len) {
  size_t at = 1 + rng_below(&draft->rng, (uint32_t)draft->payload_part.len - 1);
  text_insert(&draft->payload_part, at, bytes, len);
}

static void encode_nul_inside(struct draft *draft) {
  put_inside(draft, "", 1);
}

/* row_text: a sequence of bytes. */
static void encode_inside(struct draft *draft) {
  put_inside(draft, draft->row_text, strlen(draft->row_text));
}

static void encode_high_bit(struct draft *draft) {
  draft->header_part.ptr[rng_below(&draft->rng, (uint32_t)draft->header_part.len)] |= 0x80;
}

/* ---- length ---- */

/* No base64url text has 4n + 1 characters: then a space in the header shifts what is left for the payload. */
static size_t payload_chars_for(struct draft *draft, size_t token_bytes) {
  size_t rest = 2 + base64url_encoded_chars(draft_signature_octets(draft));
  while ((token_bytes - rest - draft->header_part.len) % 4 == 1) {
    text_insert(&draft->header_text, 1, " ", 1);
    draft_reencode(draft);
  }
  return token_bytes - rest - draft->header_part.len;
}

/* A claim of letters that brings the whole token to exactly so many bytes. */
static void encode_grown(struct draft *draft, size_t token_bytes) {
  size_t octets = payload_chars_for(draft, token_bytes) * 3 / 4;
  OWNED_BYTES struct text claim = {0};
  text_add_str(&claim, ",\"pad\":\"");
  while (draft->payload_text.len + claim.len + 1 < octets) {
    char letter = (char)('a' + rng_below(&draft->rng, 26));
    text_add(&claim, &letter, 1);
  }
  text_add_str(&claim, "\"");
  text_insert(&draft->payload_text, draft->payload_text.len - 1, claim.ptr, claim.len);
  draft_reencode(draft);
}

static void encode_exactly(struct draft *draft) {
  encode_grown(draft, (size_t)draft->row_number);
}

static void encode_far(struct draft *draft) {
  encode_grown(draft, 2 * TOKEN_LIMIT + rng_below(&draft->rng, 2 * TOKEN_LIMIT));
}

/* ---- rows ---- */

static const struct mutation_variant empty_token[] = {
    {"empty", REASON_EMPTY, .tamper = tamper_form, .text = "", .fixed = "there is one empty text"},
    {"white-space", REASON_EMPTY, .tamper = tamper_white_space},
};

static const struct mutation_variant too_few_parts[] = {
    {"header-only", REASON_PART_COUNT, .encode = encode_spaced, .tamper = tamper_form, .text = "h"},
    {"unsigned", REASON_PART_COUNT, .tamper = tamper_form, .text = "h.p"},
    {"first-dot-dropped", REASON_PART_COUNT, .tamper = tamper_form, .text = "hp.s",
     .severity = SEVERITY_PARSING},
    {"signature-dot-dropped", REASON_PART_COUNT, .tamper = tamper_form, .text = "h.ps",
     .severity = SEVERITY_PARSING},
    {"no-dots", REASON_PART_COUNT, .tamper = tamper_form, .text = "hps", .severity = SEVERITY_PARSING},
};

static const struct mutation_variant extra_parts[] = {
    {"fourth", REASON_PART_COUNT, .tamper = tamper_form, .text = "h.p.s.s"},
    {"empty-fourth", REASON_PART_COUNT, .tamper = tamper_form, .text = "h.p.s."},
    {"empty-first", REASON_PART_COUNT, .tamper = tamper_form, .text = ".h.p.s"},
    {"empty-middle", REASON_PART_COUNT, .tamper = tamper_form, .text = "h.p..s"},
    {"two-tokens", REASON_PART_COUNT, .tamper = tamper_form, .text = "h.p.s.h.p.s"},
};

static const struct mutation_variant dot_flood[] = {
    {"dots-only", REASON_PART_COUNT, .tamper = tamper_dots_only},
    {"behind-token", REASON_PART_COUNT, .tamper = dots_add},
};

static const struct mutation_variant empty_header[] = {
    {"", REASON_EMPTY_HEADER, .encode = encode_no_header},
};

static const struct mutation_variant empty_payload[] = {
    {"", REASON_EMPTY_PAYLOAD, .encode = encode_no_payload},
};

static const struct mutation_variant empty_signature[] = {
    {"", REASON_SIGNATURE_LENGTH, .tamper = tamper_form, .text = "h.p."},
};

static const struct mutation_variant detached_payload[] = {
    {"", REASON_EMPTY_PAYLOAD, .tamper = tamper_form, .text = "h..s"},
};

static const struct mutation_variant jwe_as_jws[] = {
    {"dir", REASON_PART_COUNT, .tamper = tamper_jwe_dir, .algs = ALGS_HMAC},
    {"rsa1_5", REASON_PART_COUNT, .tamper = tamper_jwe_rsa, .algs = ALGS_RSA},
    {"jws-header", REASON_PART_COUNT, .tamper = tamper_five_parts},
};

static const struct mutation_variant json_serialisation[] = {
    {"flattened", REASON_JSON_SERIALISATION, .tamper = tamper_flattened},
    {"general", REASON_JSON_SERIALISATION, .tamper = tamper_general},
    {"polyglot", REASON_JSON_SERIALISATION, .tamper = tamper_polyglot},
};

static const struct mutation_variant outer_whitespace[] = {
    {"leading-space", REASON_SURROUNDED, .tamper = tamper_form, .text = " h.p.s"},
    {"trailing-space", REASON_SURROUNDED, .tamper = tamper_form, .text = "h.p.s "},
    {"leading-newline", REASON_SURROUNDED, .tamper = tamper_form, .text = "\nh.p.s"},
    {"trailing-newline", REASON_SURROUNDED, .tamper = tamper_form, .text = "h.p.s\n"},
    {"trailing-crlf", REASON_SURROUNDED, .tamper = tamper_form, .text = "h.p.s\r\n"},
    {"leading-tab", REASON_SURROUNDED, .tamper = tamper_form, .text = "\th.p.s"},
    {"bearer", REASON_SURROUNDED, .tamper = tamper_form, .text = "Bearer h.p.s"},
};

static const struct mutation_variant nul_truncation[] = {
    {"behind", REASON_NUL_BYTE, .tamper = tamper_nul_behind, .text = ""},
    {"behind-with-text", REASON_NUL_BYTE, .tamper = tamper_nul_behind, .text = "evil"},
    {"inside", REASON_NUL_BYTE, .encode = encode_nul_inside},
};

static const struct mutation_variant non_ascii_token[] = {
    {"high-bit", REASON_NOT_ASCII, .encode = encode_high_bit},
    {"letter", REASON_NOT_ASCII, .encode = encode_inside, .text = "\xc3\xa9"},
    {"invalid-utf8", REASON_NOT_ASCII, .encode = encode_inside, .text = "\xff"},
    {"zero-width", REASON_NOT_ASCII, .encode = encode_inside, .text = "\xe2\x80\x8b"},
    {"bom", REASON_NOT_ASCII, .tamper = tamper_form, .text = "\xef\xbb\xbfh.p.s"},
    {"no-break-space", REASON_NOT_ASCII, .tamper = tamper_form, .text = "h.p.s\xc2\xa0"},
};

static const struct mutation_variant oversize_token[] = {
    {"at-limit", REASON_OK, .encode = encode_exactly, .number = TOKEN_LIMIT},
    {"one-above", REASON_OVERSIZE, .encode = encode_exactly, .number = TOKEN_LIMIT + 1},
    {"far-above", REASON_OVERSIZE, .encode = encode_far},
};

static const struct mutation_class classes[] = {
    {"empty-token", SEVERITY_FORGERY, "the empty token", "Nothing, or only white space, stands for a token.",
     "RFC 7515 7.1", ALGS_ALL, VARIANTS(empty_token)},
    {"too-few-parts", SEVERITY_FORGERY, "tokens without their signature",
     "A part or a dot of the token is left out.", "RFC 7515 7.1", ALGS_ALL, VARIANTS(too_few_parts)},
    {"extra-parts", SEVERITY_PARSING, "tokens of more than three parts",
     "The token has a fourth part, empty or not.", "RFC 7515 7.1", ALGS_ALL, VARIANTS(extra_parts)},
    {"dot-flood", SEVERITY_PARSING, "tokens with thousands of dots",
     "Thousands of dots, for whoever splits before he counts.", "", ALGS_ALL, VARIANTS(dot_flood)},
    {"empty-header", SEVERITY_PARSING, "an empty header",
     "The header part is empty, and the signature is right for that.", "RFC 7515 5.2", ALGS_ALL,
     VARIANTS(empty_header)},
    {"empty-payload", SEVERITY_PARSING, "an empty payload",
     "The payload is empty and signed so: a valid JWS that is no JWT.", "RFC 7519 7.2", ALGS_ALL,
     VARIANTS(empty_payload)},
    {"empty-signature", SEVERITY_FORGERY, "an empty signature", "The signature part is empty.",
     "RFC 7515 5.2", ALGS_ALL, VARIANTS(empty_signature)},
    {"detached-payload", SEVERITY_PARSING, "a payload that is not there",
     "The payload was signed and then taken out of the token.", "RFC 7515 appendix F", ALGS_ALL,
     .pinned = true, VARIANTS(detached_payload)},
    {"jwe-as-jws", SEVERITY_FORGERY, "encrypted tokens in place of signed ones",
     "A JWE of five parts stands for a signed token.", "RFC 7519 7.2", ALGS_ALL, VARIANTS(jwe_as_jws)},
    {"json-serialisation", SEVERITY_PARSING, "tokens written as JSON",
     "The rightly signed token is written as JSON.", "RFC 7515 7.2", ALGS_ALL, VARIANTS(json_serialisation)},
    {"outer-whitespace", SEVERITY_PARSING, "white space around the token",
     "White space or the scheme Bearer stands around a good token.", "RFC 7515 7.1", ALGS_ALL,
     VARIANTS(outer_whitespace)},
    {"nul-truncation", SEVERITY_PARSING, "a NUL in or behind the token",
     "A NUL where a C string would end, in or behind a good token.", "RFC 7515 7.1", ALGS_ALL,
     VARIANTS(nul_truncation)},
    {"non-ascii-token", SEVERITY_PARSING, "bytes beyond ASCII in or beside the token",
     "A byte of 0x80 or above stands in or beside a good token.", "RFC 7515 7.1", ALGS_ALL,
     VARIANTS(non_ascii_token)},
    {"oversize-token", SEVERITY_FORM, "tokens above the size limit",
     "A good token above 16,384 bytes, and its control of just so many.", "", ALGS_ALL, .pinned = true,
     VARIANTS(oversize_token)},
};

const struct mutation_group mutations_compact_split = {"compact-split", classes, COUNT(classes)};
