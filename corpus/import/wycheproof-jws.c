/* Format "wycheproof-jws": json_web_signature_test.json and json_web_key_test.json of C2SP Wycheproof. Groups
 * whose keys are secret have them as "private" alone. */
#include "corpus/import/shared/suite.h"

static bool import_wycheproof(struct casebook *book, const struct import_request *request,
                              struct assay_error *error) {
  static const struct suite_mapping mapping = {.class_id = "wycheproof-jws",
                                               .groups = "/testGroups",
                                               .tests = "/tests",
                                               .token = "/jws",
                                               .result = "/result",
                                               .id = "/tcId",
                                               .keys = {"/public", "/private"},
                                               .now = CORPUS_NOW_UNSET};
  return suite_read(book, request, &mapping, error);
}

const struct importer importer_wycheproof_jws = {
    .name = "wycheproof-jws",
    .summary = "JSON Web Signature and JSON Web Key tests of Wycheproof",
    .run = import_wycheproof,
};
