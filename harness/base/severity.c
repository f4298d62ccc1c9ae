/* The words of severity.h. */
#include "harness/base/severity.h"

const char *assay_severity_word(enum assay_severity severity) {
#define SEVERITY_WORD(value, word) [value] = (word),
  static const char *const words[] = {SEVERITY_WORDS(SEVERITY_WORD)};
#undef SEVERITY_WORD
  return words[severity];
}

const char *assay_severity_meaning(enum assay_severity severity) {
  switch (severity) {
  case SEVERITY_FORGERY: return "What the key's owner never signed is believed.";
  case SEVERITY_CONTEXT: return "A real token is taken where, when or for what it does not count.";
  case SEVERITY_PARSING: return "A malformed token is taken, on whose meaning parsers do not agree.";
  case SEVERITY_FORM: return "Less strict than was asked, and nothing is lost by it.";
  default: return "";
  }
}
