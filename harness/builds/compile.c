/* Runs the C compiler as CMake does for the modules beside this program. */
#include "harness/builds/compile.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build_facts.h"
#include "harness/base/files/program_file.h"
#include "harness/programs/run_program.h"

#define COMPILE_S 600
#define OUTPUT_BYTES 65536
#define WORDS_MAX 96
#define WORDS_BYTES 32768

/* Words of a command line, kept in one place. */
struct words {
  char *argv[WORDS_MAX + 1];
  unsigned count;
  char room[WORDS_BYTES];
  size_t used;
};

__attribute__((format(printf, 2, 3))) static void word_add(struct words *words, const char *format, ...) {
  va_list arguments;
  if (words->count >= WORDS_MAX)
    return;
  va_start(arguments, format);
  int len = vsnprintf(words->room + words->used, sizeof words->room - words->used, format, arguments);
  va_end(arguments);
  if (len <= 0 || (size_t)len >= sizeof words->room - words->used)
    return;
  words->argv[words->count++] = words->room + words->used;
  words->used += (size_t)len + 1;
}

static void words_split(struct words *words, const char *text) {
  while (*(text += strspn(text, " "))) {
    size_t len = strcspn(text, " ");
    word_add(words, "%.*s", (int)len, text);
    text += len;
  }
}

/* In the C locale, so that what it says can be read here. */
static void compiler_add(struct words *words) {
  const char *own = getenv("CC");
  word_add(words, "env");
  word_add(words, "LC_ALL=C");
  words_split(words, own && own[0]                            ? own
                     : access(ASSAY_COMPILER_PATH, X_OK) == 0 ? ASSAY_COMPILER_PATH
                                                              : "cc");
}

static bool no_compiler(const char *name, struct assay_error *error) {
  return error_set(
      error, "building a module needs a C compiler, and '%s' does not run: install gcc, or name one in CC",
      name);
}

bool compiler_version(char *line, size_t size, struct assay_error *error) {
  struct words words = {0};
  compiler_add(&words);
  word_add(&words, "--version");
  const struct program program = {
      .argv = words.argv, .limit_s = 30, .out = line, .size = size, .quiet = true};
  int code = program_run(&program, error);
  line[strcspn(line, "\n")] = '\0';
  return code == 0 || (code > 0 && no_compiler(words.argv[2], error));
}

#define FLAGS "-std=gnu17 -D_GNU_SOURCE -fPIC -fvisibility=hidden -fno-strict-aliasing -w " ASSAY_FLAGS
#define LINK_FLAGS "-shared -Wl,--exclude-libs,ALL -Wl,-z,now -Wl,--disable-new-dtags"

const char *compile_flags(void) {
  return ASSAY_INSTRUMENT[0] ? FLAGS " " LINK_FLAGS " " ASSAY_INSTRUMENT
                             : FLAGS " " LINK_FLAGS " -Wl,-z,defs";
}

/* A library that is not there is the system's. A shared one is looked for where it lies before anywhere else,
 * LD_LIBRARY_PATH included: DT_RPATH, not DT_RUNPATH (ld.so(8)). */
static void libraries_add(struct words *words, const struct hints *hints, const struct prefix *prefix) {
  for (unsigned i = 0; i < hints->library_count; i++) {
    const char *file = prefix->libraries[i], *slash = strrchr(file, '/');
    if (!file[0]) {
      word_add(words, "-l%s", hints->libraries[i]);
      continue;
    }
    word_add(words, "%s", file);
    word_add(words, "-Wl,-rpath,%.*s", (int)(slash - file), file);
  }
}

/* ---- what went wrong ---- */

/* Of a text in which `at` lies: its line, without what stands before `from`. */
static void line_at(const char *text, const char *at, char *line, size_t size) {
  while (at > text && at[-1] != '\n')
    at--;
  snprintf(line, size, "%.*s", (int)strcspn(at, "\n"), at);
}

/* What stands between `mark` and the next quote. */
static void quoted_after(const char *at, const char *mark, char *word, size_t size) {
  at += strlen(mark);
  snprintf(word, size, "%.*s", (int)strcspn(at, "'\n"), at);
}

static bool explain(const struct hints *hints, const struct prefix *prefix, const char *said,
                    struct assay_error *error) {
  static const char undefined[] = "undefined reference to `";
  const char *file = prefix->libraries[0], *at;
  char line[400], symbol[128];
  if (strstr(said, "when making a shared object"))
    return error_set(error,
                     "%s was built without position independence and fits into no module: build it with "
                     "-fPIC, or as a shared library",
                     file);
  if ((at = strstr(said, undefined))) {
    quoted_after(at, undefined, symbol, sizeof symbol);
    return error_set(error, "%s lacks %s, which its header promises and %s calls", file, symbol,
                     strrchr(hints->source, '/') + 1);
  }
  if (strstr(said, "file format not recognized") || strstr(said, "skipping incompatible"))
    return error_set(error, "%s is no library for this machine", file);
  if ((at = strstr(said, "error: ")) || (at = strstr(said, "error:")))
    line_at(said, at, line, sizeof line);
  else
    snprintf(line, sizeof line, "%.*s", (int)strcspn(said, "\n"), said);
  return error_set(error, "%s does not compile against %s: %s", strrchr(hints->source, '/') + 1,
                   prefix->includes[0], line);
}

bool compile_module(const char *name, const struct hints *hints, const struct prefix *prefix,
                    const char *module, const char *inputs, struct assay_error *error) {
  struct words words = {0};
  char said[OUTPUT_BYTES], sources[4200], base[4200], what[100];
  program_file("sources", sources, sizeof sources);
  program_file("libassay_base.a", base, sizeof base);
  snprintf(what, sizeof what, "building %.60s", name);
  compiler_add(&words);
  words_split(&words, compile_flags());
  word_add(&words, "-DASSAY_PACKAGE_VERSION=\"\"");
  word_add(&words, "-DASSAY_OF_PREFIX");
  for (unsigned i = 0; i < prefix->include_count; i++)
    word_add(&words, "-I%s", prefix->includes[i]);
  word_add(&words, "-I%s", sources);
  word_add(&words, "-MD");
  word_add(&words, "-MF%s", inputs);
  word_add(&words, "-o%s", module);
  word_add(&words, "%s", hints->source);
  word_add(&words, "%s", base);
  libraries_add(&words, hints, prefix);
  words_split(&words, "-lpthread -ldl -lm");
  const struct program program = {.argv = words.argv,
                                  .limit_s = COMPILE_S,
                                  .out = said,
                                  .size = sizeof said,
                                  .mixed = true,
                                  .what = what};
  int code = program_run(&program, error);
  if (code == 0)
    return true;
  if (code == 127)
    return no_compiler(words.argv[2], error);
  return code > 0 && explain(hints, prefix, said, error);
}
