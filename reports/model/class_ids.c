/* Ids of examples with their variant and algorithm left open. */
#include <string.h>

#include "reports/model/class_rows.h"
#include "reports/text/allocate.h"

#define ALG "{alg}"
#define VARIANT "{variant}"

struct names {
  const char *variant, *alg;
};

static bool is_name(const char *part, size_t length, const char *name) {
  return length && strncmp(part, name, length) == 0 && name[length] == '\0';
}

/* Whether it begins and ends with so many braces. */
static bool is_in_braces(const char *part, size_t length, size_t braces) {
  return length >= 2 * braces && memcmp(part, "{{", braces) == 0 &&
         memcmp(part + length - braces, "}}", braces) == 0;
}

static void put_folded(FILE *text, const char *part, size_t length, const struct names *names) {
  if (is_name(part, length, names->alg))
    fputs(ALG, text);
  else if (is_name(part, length, names->variant))
    fputs(VARIANT, text);
  else
    fprintf(text, is_in_braces(part, length, 1) ? "{%.*s}" : "%.*s", (int)length, part);
}

static void put_unfolded(FILE *text, const char *part, size_t length, const struct names *names) {
  if (is_name(part, length, ALG))
    fputs(names->alg, text);
  else if (is_name(part, length, VARIANT))
    fputs(names->variant, text);
  else if (is_in_braces(part, length, 2))
    fwrite(part + 1, 1, length - 2, text);
  else
    fwrite(part, 1, length, text);
}

static char *put_parts(const char *id, const struct names *names,
                       void (*put)(FILE *text, const char *part, size_t length, const struct names *names)) {
  char *text = NULL;
  size_t size;
  FILE *stream = allocated(open_memstream(&text, &size));
  for (const char *part = id;; part++) {
    size_t length = strcspn(part, "/");
    put(stream, part, length, names);
    part += length;
    if (*part == '\0')
      break;
    fputc('/', stream);
  }
  fclose(stream);
  return allocated(text);
}

char *class_id_fold(const char *id, const char *variant, const char *alg) {
  return put_parts(id, &(struct names){variant, alg}, put_folded);
}

char *class_id_unfold(const char *folded, const char *variant, const char *alg) {
  return put_parts(folded, &(struct names){variant, alg}, put_unfolded);
}
