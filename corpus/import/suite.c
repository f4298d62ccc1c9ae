/* Format "suite": any suite of tokens, keys and results, by a mapping that says where
 * they stand (suite.h). */
#include "corpus/import/shared/suite.h"

static bool import_suite(struct casebook *book, const struct import_request *request,
                         struct assay_error *error) {
  struct suite_mapping mapping;
  json_t *root;
  if (!request->mapping)
    return error_set(error,
                     "import: --format suite needs --mapping FILE, which says where tokens, keys and results "
                     "stand");
  if (!suite_mapping_read(request->mapping, &mapping, &root, error))
    return false;
  bool ok = suite_read(book, request, &mapping, error);
  json_decref(root);
  return ok;
}

const struct importer importer_suite = {
    .name = "suite",
    .summary = "JSON tests with a token, a key and a result valid or invalid, by --mapping",
    .takes_mapping = true,
    .run = import_suite,
};
