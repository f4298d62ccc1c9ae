/* Any bytes as a case line: refused with a sentence and a column, or taken, and then written and read again
 * the same. */
#include <stdlib.h>

#include "corpus/store/case_line.h"

static void check(bool holds) {
  if (!holds)
    abort();
}

static struct assay_bytes reasons_of(const struct corpus_case *one) {
  return bytes_of(one->reasons, one->reason_count * sizeof *one->reasons);
}

/* What was taken goes into a book, out as a line, and in again. */
static void round_trip(struct case_line *line) {
  struct casebook book = {.profile = "fuzz", .clock = CORPUS_NOW_UNSET};
  struct text written = {0};
  struct case_line again;
  struct assay_error error;
  unsigned column;
  line->one.variant = book_variant(
      &book, &(struct book_variant){.group = line->group, .class_id = line->class_id, .name = line->variant});
  if (book_add(&book, &line->one, &error)) {
    line->one = (struct corpus_case){0};
    case_line_add(&written, &book, 0);
    check(case_line_read(bytes_of(written.ptr, written.len), &again, &column, &error));
    const struct corpus_case *one = &book.cases[0];
    check(bytes_eq(bytes_of(again.one.token, again.one.token_len), bytes_of(one->token, one->token_len)));
    check(strcmp(again.one.id, one->id) == 0 && strcmp(again.class_id, line->class_id) == 0);
    check(again.one.verdict == one->verdict && again.one.now == one->now && again.one.pinned == one->pinned);
    check(bytes_eq(reasons_of(&again.one), reasons_of(one)));
    case_line_fini(&again);
  } else {
    check(error.text[0] != '\0');
  }
  text_free(&written);
  book_fini(&book);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct case_line line;
  struct assay_error error = {0};
  unsigned column = 0;
  if (!case_line_read(bytes_of(data, size), &line, &column, &error)) {
    check(error.text[0] != '\0' && column >= 1);
    return 0;
  }
  round_trip(&line);
  case_line_fini(&line);
  return 0;
}
