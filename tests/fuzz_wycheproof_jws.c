/* Any octets as Wycheproof's JSON Web Signature tests: cases that stay the same when they are written as
 * lines and read again, or sentences. */
#include "corpus/import/shared/import.h"
#include "corpus/store/case_line.h"
#include "tests/fuzz_folder.h"

static void case_check(const struct casebook *book, size_t index) {
  const struct corpus_case *one = &book->cases[index];
  struct text written = {0};
  struct case_line again;
  struct assay_error error;
  unsigned column;
  case_line_add(&written, book, index);
  promise(case_line_read(bytes_of(written.ptr, written.len), &again, &column, &error));
  promise(bytes_eq(bytes_of(again.one.token, again.one.token_len), bytes_of(one->token, one->token_len)));
  promise(bytes_eq(bytes_str(again.one.id), bytes_str(one->id)) && again.one.verdict == one->verdict);
  case_line_fini(&again);
  text_free(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *path;
  struct casebook book;
  struct assay_error error = {""};
  if (!path)
    path = fuzz_file("tests.json");
  fuzz_file_write(path, data, size);
  bool ok = import_file(&(struct import_request){.format = "wycheproof-jws", .path = path}, &book, &error);
  promise(ok == !*error.text && ok == (book.case_count > 0));
  for (size_t i = 0; i < book.case_count; i++)
    case_check(&book, i);
  book_fini(&book);
  return 0;
}
