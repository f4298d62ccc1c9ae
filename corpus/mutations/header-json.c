/* The header as text: strict UTF-8, strict JSON (RFC 8259), one object, no name twice, not too deep (RFC 7515
 * 4). The faults are in the text alone: each header says what a good one says to who reads past them, and the
 * signature is right for it. */
#include "corpus/spoil/json_spoil.h"
#include "corpus/spoil/mutation.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define ON_HEADER(fault)                                                                                     \
  static void fault(struct draft *draft) {                                                                   \
    spoil_##fault(draft, &draft->header_text);                                                               \
    draft_reencode(draft);                                                                                   \
  }

ON_HEADER(member)
ON_HEADER(member_first)
ON_HEADER(member_last)
ON_HEADER(around)
ON_HEADER(quoted)
ON_HEADER(truncated)
ON_HEADER(garbage)
ON_HEADER(raw_nul)
ON_HEADER(nul_behind)
ON_HEADER(utf)
ON_HEADER(deep)
ON_HEADER(escaped_name)

/* The draft's own value of a header member, as JSON. */
static void repeat(struct draft *draft, const char *written_name) {
  OWNED_BYTES struct text again = {0};
  text_addf(&again, "%s:\"%s\"", written_name,
            json_string_value(json_object_get(draft->header, draft->row_text)));
  text_add(&again, "", 1);
  json_text_add(&draft->header_text, draft->index % 2 == 0, (const char *)again.ptr);
  draft_reencode(draft);
}

/* row_text: a name that the header has; it comes again with the same value. */
static void repeated(struct draft *draft) {
  OWNED_BYTES struct text name = {0};
  text_addf(&name, "\"%s\"", draft->row_text);
  text_add(&name, "", 1);
  repeat(draft, (const char *)name.ptr);
}

/* The same, and the second time its first letter is an escape: equal only after unescaping (RFC 7515 5.3). */
static void repeated_escaped(struct draft *draft) {
  OWNED_BYTES struct text name = {0};
  text_addf(&name, "\"\\u%04x%s\"", (unsigned)draft->row_text[0], draft->row_text + 1);
  text_add(&name, "", 1);
  repeat(draft, (const char *)name.ptr);
}

/* row_text: the name that is written for alg, between its quotes. */
static void alg_renamed(struct draft *draft) {
  OWNED_BYTES struct text name = {0};
  text_addf(&name, "\"%s\":", draft->row_text);
  text_replace(&draft->header_text, "\"alg\":", name.ptr, name.len);
  draft_reencode(draft);
}

/* row_text: what is put behind the value of the member alg or typ, before its closing quote. */
static void value_lengthened(struct draft *draft, const char *name) {
  OWNED_BYTES struct text old = {0}, longer = {0};
  text_addf(&old, "\"%s\":\"%s", name, json_string_value(json_object_get(draft->header, name)));
  text_add(&longer, old.ptr, old.len);
  text_add_str(&longer, draft->row_text);
  text_add(&old, "", 1);
  text_replace(&draft->header_text, (const char *)old.ptr, longer.ptr, longer.len);
  draft_reencode(draft);
}

static void alg_lengthened(struct draft *draft) {
  value_lengthened(draft, "alg");
}

static void typ_lengthened(struct draft *draft) {
  value_lengthened(draft, "typ");
}

/* ---- rows ---- */

static const struct mutation_variant hdr_not_json[] = {
    {"garbage", REASON_HEADER_SYNTAX, .encode = garbage},
    {"truncated", REASON_HEADER_SYNTAX, .encode = truncated},
    {"white-space", REASON_HEADER_SYNTAX, .encode = around, .text = " \n"},
    {"raw-nul", REASON_HEADER_SYNTAX, .encode = raw_nul},
};

static const struct mutation_variant hdr_not_object[] = {
    {"array", REASON_HEADER_NOT_OBJECT, .encode = around, .text = "[@]"},
    {"string", REASON_HEADER_NOT_OBJECT, .encode = quoted},
    {"null", REASON_HEADER_NOT_OBJECT, .encode = around, .text = "null"},
    {"number", REASON_HEADER_NOT_OBJECT, .encode = around, .text = "256"},
    {"true", REASON_HEADER_NOT_OBJECT, .encode = around, .text = "true"},
};

static const struct mutation_variant hdr_trailing_garbage[] = {
    {"letter", REASON_HEADER_TRAILING, .encode = around, .text = "@x"},
    {"brace", REASON_HEADER_TRAILING, .encode = around, .text = "@}"},
    {"comma", REASON_HEADER_TRAILING, .encode = around, .text = "@,"},
    {"second-object", REASON_HEADER_TRAILING, .encode = around, .text = "@{\"alg\":\"none\"}"},
    {"nul", REASON_HEADER_TRAILING, .encode = nul_behind},
    {"white-space", REASON_OK, .encode = around, .text = "@ \r\n\t"},
};

static const struct mutation_variant hdr_dup_key[] = {
    {"alg-none-first", REASON_HEADER_DUPLICATE, .encode = member_first, .text = "\"alg\":\"none\""},
    {"alg-none-last", REASON_HEADER_DUPLICATE, .encode = member_last, .text = "\"alg\":\"none\""},
    {"alg-same", REASON_HEADER_DUPLICATE, .encode = repeated, .text = "alg"},
    {"kid-other-first", REASON_HEADER_DUPLICATE, .encode = member_first, .text = "\"kid\":\"other\""},
    {"kid-other-last", REASON_HEADER_DUPLICATE, .encode = member_last, .text = "\"kid\":\"other\""},
    {"nested", REASON_HEADER_DUPLICATE, .encode = member, .text = "\"note\":[{\"a\":1,\"b\":2,\"a\":3}]"},
    {"nested-apart", REASON_OK, .encode = member, .text = "\"note\":[{\"a\":1,\"alg\":2},{\"a\":3}]"},
};

static const struct mutation_variant hdr_escaped_dup[] = {
    {"alg-none-first", REASON_HEADER_DUPLICATE, .encode = member_first, .text = "\"\\u0061lg\":\"none\""},
    {"alg-none-last", REASON_HEADER_DUPLICATE, .encode = member_last, .text = "\"\\u0061lg\":\"none\""},
    {"alg-same", REASON_HEADER_DUPLICATE, .encode = repeated_escaped, .text = "alg"},
    {"kid-same", REASON_HEADER_DUPLICATE, .encode = repeated_escaped, .text = "kid"},
    {"once", REASON_OK, .encode = escaped_name, .text = "alg"},
};

static const struct mutation_variant hdr_case_name[] = {
    {"upper", REASON_ALG_MISSING, .encode = alg_renamed, .text = "ALG"},
    {"title", REASON_ALG_MISSING, .encode = alg_renamed, .text = "Alg"},
    {"fullwidth", REASON_ALG_MISSING, .encode = alg_renamed, .text = "\xef\xbd\x81lg"},
    {"beside", REASON_OK, .encode = member, .text = "\"ALG\":\"none\""},
};

static const struct mutation_variant hdr_invalid_utf8[] = {
    {"lone-continuation", REASON_HEADER_UTF8, .encode = member, .text = "\"note\":\"a\x80z\""},
    {"truncated-sequence", REASON_HEADER_UTF8, .encode = member, .text = "\"note\":\"a\xe2\x82\""},
    {"latin-1", REASON_HEADER_UTF8, .encode = member, .text = "\"note\":\"caf\xe9 z\""},
    {"overlong-2", REASON_HEADER_UTF8, .encode = member, .text = "\"note\":\"a\xc0\xafz\""},
    {"overlong-3", REASON_HEADER_UTF8, .encode = member, .text = "\"note\":\"a\xe0\x80\xafz\""},
    {"overlong-4", REASON_HEADER_UTF8, .encode = member, .text = "\"note\":\"a\xf0\x80\x80\xafz\""},
    {"overlong-nul", REASON_HEADER_UTF8, .encode = member, .text = "\"note\":\"a\xc0\x80z\""},
    {"surrogate", REASON_HEADER_UTF8, .encode = member, .text = "\"note\":\"a\xed\xa0\x80z\""},
    {"beyond-unicode", REASON_HEADER_UTF8, .encode = member, .text = "\"note\":\"a\xf4\x90\x80\x80z\""},
    {"five-octets", REASON_HEADER_UTF8, .encode = member, .text = "\"note\":\"a\xf8\x88\x80\x80\x80z\""},
    {"octet-ff", REASON_HEADER_UTF8, .encode = member, .text = "\"note\":\"a\xffz\""},
    {"in-name", REASON_HEADER_UTF8, .encode = member, .text = "\"no\xffte\":1"},
    {"valid", REASON_OK, .encode = member, .text = "\"note\":\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x94\x91\""},
};

static const struct mutation_variant hdr_bom[] = {
    {"", REASON_HEADER_BOM, .encode = around, .text = "\xef\xbb\xbf@"},
};

static const struct mutation_variant hdr_utf16[] = {
    {"utf16-le", REASON_HEADER_SYNTAX, .encode = utf, .text = "le", .number = 16},
    {"utf16-be", REASON_HEADER_SYNTAX, .encode = utf, .text = "be", .number = 16},
    {"utf16-le-bom", REASON_HEADER_UTF8, .encode = utf, .text = "le-bom", .number = 16},
    {"utf16-be-bom", REASON_HEADER_UTF8, .encode = utf, .text = "be-bom", .number = 16},
    {"utf32-le", REASON_HEADER_SYNTAX, .encode = utf, .text = "le", .number = 32},
    {"utf32-be", REASON_HEADER_SYNTAX, .encode = utf, .text = "be", .number = 32},
    {"utf32-le-bom", REASON_HEADER_UTF8, .encode = utf, .text = "le-bom", .number = 32},
    {"utf32-be-bom", REASON_HEADER_SYNTAX, .encode = utf, .text = "be-bom", .number = 32},
};

static const struct mutation_variant hdr_lone_surrogate[] = {
    {"high", REASON_HEADER_SURROGATE, .encode = member, .text = "\"note\":\"\\ud800\""},
    {"high-then-text", REASON_HEADER_SURROGATE, .encode = member, .text = "\"note\":\"\\uD83Dz\""},
    {"high-twice", REASON_HEADER_SURROGATE, .encode = member, .text = "\"note\":\"\\ud800\\ud800\""},
    {"low", REASON_HEADER_SURROGATE, .encode = member, .text = "\"note\":\"\\udc00\""},
    {"reversed", REASON_HEADER_SURROGATE, .encode = member, .text = "\"note\":\"\\udd11\\ud83d\""},
    {"in-name", REASON_HEADER_SURROGATE, .encode = member, .text = "\"\\ud800\":1"},
    {"pair", REASON_OK, .encode = member, .text = "\"note\":\"\\ud83d\\udd11\""},
};

static const struct mutation_variant hdr_nul_escape[] = {
    {"alg", REASON_ALG_UNKNOWN, .encode = alg_lengthened, .text = "\\u0000"},
    {"alg-and-text", REASON_ALG_UNKNOWN, .encode = alg_lengthened, .text = "\\u0000evil"},
    {"alg-name", REASON_ALG_MISSING, .encode = alg_renamed, .text = "alg\\u0000"},
    {"typ", REASON_TYP_WRONG, .encode = typ_lengthened, .text = "\\u0000"},
    {"unknown-member", REASON_OK, .encode = member, .text = "\"note\":\"a\\u0000z\""},
};

static const struct mutation_variant hdr_deep_nesting[] = {
    {"32-arrays", REASON_OK, .encode = deep, .text = "[", .number = 32},
    {"33-arrays", REASON_HEADER_DEPTH, .encode = deep, .text = "[", .number = 33},
    {"32-objects", REASON_OK, .encode = deep, .text = "{", .number = 32},
    {"33-objects", REASON_HEADER_DEPTH, .encode = deep, .text = "{", .number = 33},
    {"4000-arrays", REASON_HEADER_DEPTH, .encode = deep, .text = "[", .number = 4000},
    {"10000-open", REASON_HEADER_DEPTH, .encode = deep, .text = "[...", .number = 10000},
};

static const struct mutation_variant hdr_json5[] = {
    {"block-comment", REASON_HEADER_SYNTAX, .encode = around, .text = "/* header */@"},
    {"comment-inside", REASON_HEADER_SYNTAX, .encode = member, .text = "/**/\"note\":1"},
    {"line-comment", REASON_HEADER_SYNTAX, .encode = member, .text = "// header\n\"note\":1"},
    {"hash-comment", REASON_HEADER_SYNTAX, .encode = member, .text = "# header\n\"note\":1"},
    {"nan", REASON_HEADER_SYNTAX, .encode = member, .text = "\"note\":NaN"},
    {"infinity", REASON_HEADER_SYNTAX, .encode = member, .text = "\"note\":-Infinity"},
    {"hex-number", REASON_HEADER_SYNTAX, .encode = member, .text = "\"note\":0x1F"},
    {"trailing-comma", REASON_HEADER_SYNTAX, .encode = member_last, .text = "\"note\":1,"},
    {"trailing-comma-array", REASON_HEADER_SYNTAX, .encode = member, .text = "\"note\":[1,]"},
    {"single-quotes", REASON_HEADER_SYNTAX, .encode = member, .text = "'note':'1'"},
    {"bare-name", REASON_HEADER_SYNTAX, .encode = member, .text = "note:1"},
    {"raw-newline", REASON_HEADER_SYNTAX, .encode = member, .text = "\"note\":\"a\nz\""},
    {"bad-escape", REASON_HEADER_SYNTAX, .encode = member, .text = "\"note\":\"\\x41\""},
};

static const struct mutation_class classes[] = {
    {"hdr-not-json", SEVERITY_PARSING, "headers that are no JSON",
     "The header is no JSON text at all, or a piece of one.", "RFC 7515 5.2", ALGS_ALL,
     VARIANTS(hdr_not_json)},
    {"hdr-not-object", SEVERITY_PARSING, "headers that are no JSON object",
     "The header is JSON but an array, a string, a number or a literal.", "RFC 7515 4", ALGS_ALL,
     VARIANTS(hdr_not_object)},
    {"hdr-trailing-garbage", SEVERITY_PARSING, "text behind the header",
     "Something follows the header's object; white space may.", "RFC 8259 2", ALGS_ALL,
     VARIANTS(hdr_trailing_garbage)},
    {"hdr-dup-key", SEVERITY_PARSING, "headers with a name twice",
     "A name occurs twice in one object of the header.", "RFC 7515 4", ALGS_ALL, .pinned = true,
     VARIANTS(hdr_dup_key)},
    {"hdr-escaped-dup", SEVERITY_PARSING, "headers with an escaped name twice",
     "A name occurs twice in the header, the second time written with an escape.", "RFC 7515 5.3", ALGS_ALL,
     .pinned = true, VARIANTS(hdr_escaped_dup)},
    {"hdr-case-name", SEVERITY_PARSING, "ALG in place of alg",
     "alg is written in other letters: names are compared octet by octet.", "RFC 7515 5.3", ALGS_ALL,
     VARIANTS(hdr_case_name)},
    {"hdr-invalid-utf8", SEVERITY_PARSING, "headers that are no UTF-8",
     "The header has octets that are no UTF-8, overlong forms among them.", "RFC 3629 3", ALGS_ALL,
     VARIANTS(hdr_invalid_utf8)},
    {"hdr-bom", SEVERITY_PARSING, "headers behind a byte order mark",
     "The header begins with a byte order mark.", "RFC 8259 8.1", ALGS_ALL, .pinned = true,
     VARIANTS(hdr_bom)},
    {"hdr-utf16", SEVERITY_PARSING, "headers in UTF-16 or UTF-32",
     "The header is written in UTF-16 or UTF-32.", "RFC 7519 7.2", ALGS_ALL, VARIANTS(hdr_utf16)},
    {"hdr-lone-surrogate", SEVERITY_PARSING, "headers with half a surrogate pair",
     "A string escape is half of a surrogate pair.", "RFC 8259 8.2", ALGS_ALL, .pinned = true,
     VARIANTS(hdr_lone_surrogate)},
    {"hdr-nul-escape", SEVERITY_PARSING, "headers with an escaped NUL",
     "A NUL, escaped, where a C string would end: what is before it would be right.", "RFC 7515 5.3",
     ALGS_ALL, VARIANTS(hdr_nul_escape)},
    {"hdr-deep-nesting", SEVERITY_FORM, "headers nested too deep",
     "A header member is nested deeper than 32 levels.", "RFC 8259 9", ALGS_ALL, VARIANTS(hdr_deep_nesting)},
    {"hdr-json5", SEVERITY_PARSING, "headers in JSON5",
     "The header is JSON5 or JavaScript: comments, NaN, trailing commas.", "RFC 8259", ALGS_ALL,
     VARIANTS(hdr_json5)},
};

const struct mutation_group mutations_header_json = {"header-json", classes, COUNT(classes)};
