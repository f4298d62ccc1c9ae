/* Launches that lie far apart, in words: one median does not stand for them. */
#include "reports/content/content.h"
#include "reports/model/launches.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

#define ROWS_TOLD 3

/* "openssl ES384: 692 us to 1.33 ms, 2 of 5 around 696 us and 3 around 1.30 ms" */
static char *row_words(const struct result_speed *row, const struct launches *launches) {
  char low[FIGURE_BYTES], high[FIGURE_BYTES];
  OWNED_TEXT char *alg = result_alg_text(row->alg, row->key_bits);
  char *text = allocate_format("%s %s: %s to %s", row->subject, alg, figure_time(low, launches->low),
                               figure_time(high, launches->high));
  if (launches->fast)
    result_setf(&text, "%s in two groups, %zu of %zu around %s and %zu around %s", text, launches->fast,
                launches->count, figure_time(low, launches->fast_ns), launches->count - launches->fast,
                figure_time(high, launches->slow_ns));
  return text;
}

char *content_apart(const struct result_speed *const *rows, size_t count) {
  OWNED_TALLY struct tally told = {0};
  size_t more = 0;
  for (size_t i = 0; i < count; i++) {
    struct launches launches = launches_of(rows[i]);
    if (!launches_are_apart(&launches) || result_is_void(rows[i]))
      continue;
    OWNED_TEXT char *words = row_words(rows[i], &launches);
    if (told.count < ROWS_TOLD)
      names_add(&told, words);
    else
      more++;
  }
  if (told.count == 0)
    return NULL;
  OWNED_TEXT char *all = names_list(&told, "; ", "; ");
  return more ? allocate_format("launches lie far apart, so that no median stands for all: %s; and %zu more.",
                                all, more)
              : allocate_format("launches lie far apart, so that no median stands for all: %s.", all);
}
