/* Base64url as RFC 7515 2 wants it: that alphabet, no padding, nothing in between, one text for every octet
 * string. A spoiled header or payload is signed as it stands, so that a lenient decoder finds a good token; a
 * signature part is spoiled afterwards. */
#include <stdlib.h>

#include "corpus/base/fatal.h"
#include "corpus/make/draft_tools.h"
#include "corpus/spoil/mutation.h"
#include "harness/base/text/base64.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char alphabet[] = BASE64URL_ALPHABET;

/* Algorithms whose signatures do not fill their last character: not 48, 96, 114 or 132 octets. RSA at 3072
 * bits fills it too. */
#define ALGS_UNUSED_BITS                                                                                     \
  (ASSAY_ALG_BIT(ASSAY_HS256) | ASSAY_ALG_BIT(ASSAY_HS512) | ALGS_RSA | ASSAY_ALG_BIT(ASSAY_ES256) |         \
   ASSAY_ALG_BIT(ASSAY_ES256K) | ASSAY_ALG_BIT(ASSAY_ED25519))

/* A stretch of base64url characters: a whole part, or the end of a token. */
struct stretch {
  struct text *text;
  size_t at;
};

static size_t stretch_len(struct stretch part) {
  return part.text->len - part.at;
}

/* The part that a row names: 'h' and 'p' before signing, 's' in the finished token. */
static struct stretch part_of(struct draft *draft) {
  switch (draft->row_text[0]) {
  case 'h': return (struct stretch){&draft->header_part, 0};
  case 'p': return (struct stretch){&draft->payload_part, 0};
  case 's': return (struct stretch){&draft->token, token_signature_at(&draft->token)};
  default: fatal("a base64url row names no part: '%s'", draft->row_text);
  }
}

/* Spaces within the JSON until its last group of three octets has `left` of them (0: it is full). */
static void group_end(struct draft *draft, size_t left) {
  struct text *json = draft->row_text[0] == 'h' ? &draft->header_text : &draft->payload_text;
  while (json->len % 3 != left)
    text_insert(json, 1, " ", 1);
  draft_reencode(draft);
}

/* ---- padding ---- */

static void pad(struct stretch part) {
  do
    text_add_str(part.text, "=");
  while (stretch_len(part) % 4 != 0);
}

static void encode_padded(struct draft *draft) {
  group_end(draft, 1 + draft->index % 2);
  pad(part_of(draft));
}

static void encode_overpadded(struct draft *draft) {
  group_end(draft, 0);
  pad(part_of(draft));
}

static void tamper_padded(struct draft *draft) {
  pad(part_of(draft));
}

/* ---- bytes outside the alphabet ---- */

/* Three octets whose last six bits make the 63rd character, or the 64th, wherever the group begins. */
static void encode_std(struct draft *draft, const char *note, char from, char to) {
  struct text *json = draft->row_text[0] == 'h' ? &draft->header_text : &draft->payload_text;
  text_insert(json, json->len - 1, note, strlen(note));
  draft_reencode(draft);
  const struct text *part = part_of(draft).text;
  for (size_t i = 0; i < part->len; i++)
    if (part->ptr[i] == (uint8_t)from)
      part->ptr[i] = (uint8_t)to;
}

static void encode_plus(struct draft *draft) {
  encode_std(draft, ",\"note\":\">>>\"", '-', '+');
}

static void encode_slash(struct draft *draft) {
  encode_std(draft, ",\"note\":\"???\"", '_', '/');
}

static void tamper_std(struct draft *draft) {
  bool changed = false;
  while (!changed) {
    struct stretch part = part_of(draft);
    for (size_t i = part.at; i < part.text->len; i++) {
      uint8_t *byte = &part.text->ptr[i];
      changed |= *byte == '-' || *byte == '_';
      *byte = *byte == '-' ? '+' : *byte == '_' ? '/' : *byte;
    }
    if (!changed)
      draft_respin(draft);
  }
}

/* row_text: the part's letter, then the bytes of which one is put in, never at an end of the part. */
static void insert_inside(struct draft *draft) {
  struct stretch part = part_of(draft);
  const char *bytes = draft->row_text + 1;
  size_t at = part.at + 1 + rng_below(&draft->rng, (uint32_t)stretch_len(part) - 1);
  text_insert(part.text, at, &bytes[draft->index % strlen(bytes)], 1);
}

/* ---- lengths and last bits ---- */

static void lengthen(struct draft *draft) {
  struct stretch part = part_of(draft);
  do
    text_add(part.text, &alphabet[rng_below(&draft->rng, COUNT(alphabet) - 1)], 1);
  while (stretch_len(part) % 4 != 1);
}

static void encode_lengthened(struct draft *draft) {
  group_end(draft, 0);
  lengthen(draft);
}

/* Two characters hold one octet and four bits more, three hold two and two bits more (RFC 4648 3.5). */
static void set_unused_bits(struct draft *draft) {
  struct stretch part = part_of(draft);
  uint8_t *last = &part.text->ptr[part.text->len - 1];
  uint32_t unused = stretch_len(part) % 4 == 2 ? 15 : 3;
  size_t digit = (size_t)(strchr(alphabet, *last) - alphabet);
  *last = (uint8_t)alphabet[digit | (1 + rng_below(&draft->rng, unused))];
}

static void encode_unused_bits(struct draft *draft) {
  group_end(draft, 1 + draft->index % 2);
  set_unused_bits(draft);
}

/* ---- undecodable from the first byte to the last ---- */

static void all_bad(struct draft *draft) {
  static const char bad[] = "!#$%&*?@~";
  struct stretch part = part_of(draft);
  for (size_t i = part.at; i < part.text->len; i++)
    part.text->ptr[i] = (uint8_t)bad[rng_below(&draft->rng, COUNT(bad) - 1)];
}

static void one_character(struct draft *draft) {
  struct stretch part = part_of(draft);
  part.text->len = part.at;
  text_add(part.text, &alphabet[rng_below(&draft->rng, COUNT(alphabet) - 1)], 1);
}

/* ---- rows ---- */

static const struct mutation_variant b64_padding[] = {
    {"header", REASON_B64_PADDING, .encode = encode_padded, .text = "h"},
    {"payload", REASON_B64_PADDING, .encode = encode_padded, .text = "p"},
    {"signature", REASON_B64_PADDING, .tamper = tamper_padded, .text = "s"},
    {"superfluous", REASON_B64_PADDING, .encode = encode_overpadded, .text = "p"},
    {"inside", REASON_B64_PADDING, .encode = insert_inside, .text = "p="},
};

static const struct mutation_variant b64_std_alphabet[] = {
    {"header-plus", REASON_B64_ALPHABET, .encode = encode_plus, .text = "h"},
    {"header-slash", REASON_B64_ALPHABET, .encode = encode_slash, .text = "h"},
    {"payload-plus", REASON_B64_ALPHABET, .encode = encode_plus, .text = "p"},
    {"payload-slash", REASON_B64_ALPHABET, .encode = encode_slash, .text = "p"},
    {"signature", REASON_B64_ALPHABET, .tamper = tamper_std, .text = "s"},
};

static const struct mutation_variant b64_bad_char[] = {
    {"header", REASON_B64_ALPHABET, .encode = insert_inside, .text = "h?#%"},
    {"payload", REASON_B64_ALPHABET, .encode = insert_inside, .text = "p?#%"},
    {"signature", REASON_B64_ALPHABET, .tamper = insert_inside, .text = "s?#%"},
    {"other", REASON_B64_ALPHABET, .encode = insert_inside, .text = "p!$&*~,:;@\\|'\"`^"},
};

static const struct mutation_variant b64_inner_whitespace[] = {
    {"header-space", REASON_B64_ALPHABET, .encode = insert_inside, .text = "h "},
    {"header-newline", REASON_B64_ALPHABET, .encode = insert_inside, .text = "h\n"},
    {"payload-space", REASON_B64_ALPHABET, .encode = insert_inside, .text = "p "},
    {"payload-newline", REASON_B64_ALPHABET, .encode = insert_inside, .text = "p\n"},
    {"signature-space", REASON_B64_ALPHABET, .tamper = insert_inside, .text = "s "},
    {"signature-newline", REASON_B64_ALPHABET, .tamper = insert_inside, .text = "s\n"},
    {"tab-or-return", REASON_B64_ALPHABET, .encode = insert_inside, .text = "p\t\r"},
};

static const struct mutation_variant b64_len_mod4_1[] = {
    {"header", REASON_B64_LENGTH, .encode = encode_lengthened, .text = "h"},
    {"payload", REASON_B64_LENGTH, .encode = encode_lengthened, .text = "p"},
    {"signature", REASON_B64_LENGTH, .tamper = lengthen, .text = "s"},
};

static const struct mutation_variant b64_trailing_bits[] = {
    {"header", REASON_B64_TRAILING_BITS, .encode = encode_unused_bits, .text = "h"},
    {"payload", REASON_B64_TRAILING_BITS, .encode = encode_unused_bits, .text = "p"},
    {"signature", REASON_B64_TRAILING_BITS, .tamper = set_unused_bits, .text = "s", .algs = ALGS_UNUSED_BITS},
};

static const struct mutation_variant b64_error_swallowed[] = {
    {"header", REASON_B64_ALPHABET, .encode = all_bad, .text = "h", .severity = SEVERITY_PARSING},
    {"payload", REASON_B64_ALPHABET, .encode = all_bad, .text = "p", .severity = SEVERITY_PARSING},
    {"signature", REASON_B64_ALPHABET, .tamper = all_bad, .text = "s"},
    {"signature-of-one", REASON_B64_LENGTH, .tamper = one_character, .text = "s"},
};

static const struct mutation_class classes[] = {
    {"b64-padding", SEVERITY_PARSING, "base64url with '='",
     "A part carries '=', as other kinds of base64 do.", "RFC 7515 2", ALGS_ALL, VARIANTS(b64_padding)},
    {"b64-std-alphabet", SEVERITY_PARSING, "'+' or '/' in base64url",
     "A part is written with '+' or '/' in place of '-' or '_'.", "RFC 4648 5", ALGS_ALL,
     VARIANTS(b64_std_alphabet)},
    {"b64-bad-char", SEVERITY_PARSING, "stray bytes in base64url",
     "A byte outside the alphabet stands within a part that is good without it.", "RFC 4648 3.3", ALGS_ALL,
     VARIANTS(b64_bad_char)},
    {"b64-inner-whitespace", SEVERITY_PARSING, "white space in base64url",
     "White space stands within a part.", "RFC 4648 3.3", ALGS_ALL, VARIANTS(b64_inner_whitespace)},
    {"b64-len-mod4-1", SEVERITY_PARSING, "base64url of an impossible length",
     "A part has a length that no base64url text has.", "RFC 4648 4", ALGS_ALL, VARIANTS(b64_len_mod4_1)},
    {"b64-trailing-bits", SEVERITY_PARSING, "stray bits at the end of base64url",
     "Bits of a part's last character that say nothing are set.", "RFC 4648 3.5", ALGS_ALL, .pinned = true,
     VARIANTS(b64_trailing_bits)},
    {"b64-error-swallowed", SEVERITY_FORGERY, "parts that cannot be decoded",
     "A part cannot be decoded at all, for whoever takes the decoder's error for a length.", "", ALGS_ALL,
     VARIANTS(b64_error_swallowed)},
};

const struct mutation_group mutations_base64url = {"base64url", classes, COUNT(classes)};
