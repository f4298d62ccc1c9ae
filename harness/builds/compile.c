/* Runs the C compiler as CMake does for the modules beside this program. */
#include "harness/builds/compile.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build_facts.h"
#include "harness/base/files/program_file.h"
#include "harness/base/utf8.h"
#include "harness/programs/run_program.h"
#include "harness/programs/stop.h"

#define COMPILE_S 120
#define OUTPUT_BYTES 65536
#define WORDS_MAX 96
#define WORDS_BYTES 32768

/* Words of a command line, kept in one place. */
struct words {
  char *argv[WORDS_MAX + 1];
  unsigned count;
  char room[WORDS_BYTES];
  size_t used;
  bool is_cut; /* there was no room for all */
};

__attribute__((format(printf, 2, 3))) static void word_add(struct words *words, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int len = vsnprintf(words->room + words->used, sizeof words->room - words->used, format, arguments);
  va_end(arguments);
  if (words->count >= WORDS_MAX || len <= 0 || (size_t)len >= sizeof words->room - words->used) {
    words->is_cut = true;
    return;
  }
  words->argv[words->count++] = words->room + words->used;
  words->used += (size_t)len + 1;
}

#define BLANKS " \t\n"

static void words_split(struct words *words, const char *text) {
  while (*(text += strspn(text, BLANKS))) {
    size_t len = strcspn(text, BLANKS);
    word_add(words, "%.*s", (int)len, text);
    text += len;
  }
}

/* What $CC says, with options; NULL: nothing. */
static const char *own_compiler(void) {
  const char *own = getenv("CC");
  return own && own[strspn(own, BLANKS)] ? own : NULL;
}

static void compiler_add(struct words *words) {
  const char *own = own_compiler();
  words_split(words, own ? own : access(ASSAY_COMPILER_PATH, X_OK) == 0 ? ASSAY_COMPILER_PATH : "cc");
}

/* A compiler starts others, which end with it. In the C locale, so that what it says can be read here. folder: for
 * what it leaves for a while, or NULL. */
static int run(const struct words *words, const char *folder, struct program program,
               struct assay_error *error) {
  char temporary[4500];
  const char *settings[] = {"LC_ALL=C", folder ? temporary : NULL, NULL};
  snprintf(temporary, sizeof temporary, "TMPDIR=%s", folder ? folder : "");
  program.argv = (char *const *)words->argv;
  program.settings = settings;
  program.swept = true;
  int code = words->is_cut ? -1 : program_run(&program, error);
  if (words->is_cut)
    error_set(error, "the command line is longer than %d words or %d bytes", WORDS_MAX, WORDS_BYTES);
  return code;
}

static bool no_compiler(struct assay_error *error) {
  return stop_asked ? false
                    : error_prefix(error, "building a module needs a C compiler (install gcc, or name one in "
                                          "CC): ");
}

/* The options that $CC brings decide what is made as much as the compiler does. */
static void options_add(char *line, size_t size) {
  const char *own = own_compiler(), *options = own ? own + strspn(own, BLANKS) : "";
  options += strcspn(options, BLANKS);
  size_t used = strlen(line);
  snprintf(line + used, size - used, "%s", options);
}

bool compiler_version(char *line, size_t size, struct assay_error *error) {
  struct words words = {0};
  compiler_add(&words);
  word_add(&words, "--version");
  int code =
      run(&words, NULL, (struct program){.limit_s = 30, .out = line, .size = size, .quiet = true}, error);
  line[strcspn(line, "\n")] = '\0';
  options_add(line, size);
  utf8_defuse(line);
  if (code > 0)
    error_set(error, "'%s --version' ended with %d", words.argv[0], code);
  return code == 0 || no_compiler(error);
}

#define FLAGS "-std=gnu17 -D_GNU_SOURCE -fPIC -fvisibility=hidden -fno-strict-aliasing -w " ASSAY_FLAGS
#define LINK_FLAGS "-shared -Wl,--exclude-libs,ALL -Wl,-z,now -Wl,--disable-new-dtags"

const char *compile_flags(void) {
  return ASSAY_INSTRUMENT[0] ? FLAGS " " LINK_FLAGS " " ASSAY_INSTRUMENT
                             : FLAGS " " LINK_FLAGS " -Wl,-z,defs";
}

/* A shared library brings its own. Behind all that calls it. */
#define CXX_RUNTIME "-lstdc++"

static void cxx_add(struct words *words, const struct build *build) {
  bool is_cxx = false;
  for (unsigned i = 0; i < build->hints->library_count; i++)
    is_cxx = is_cxx || build->prefix->files[i].is_cxx;
  if (is_cxx)
    words_split(words, "-Wl,--as-needed " CXX_RUNTIME);
}

/* A library that is not there is the system's. A shared one is looked for where the module lies before anywhere
 * else, LD_LIBRARY_PATH included: DT_RPATH, not DT_RUNPATH (ld.so(8)). */
static void libraries_add(struct words *words, const struct build *build) {
  char rpath[128] = "-Wl,-rpath,$ORIGIN";
  size_t used = strlen(rpath);
  word_add(words, "-Wl,--start-group"); /* static ones may call each other */
  for (unsigned i = 0; i < build->hints->library_count; i++) {
    const char *file = build->prefix->libraries[i];
    word_add(words, "%s%s", file[0] ? "" : "-l", file[0] ? file : build->hints->libraries[i]);
    if (file[0])
      used += (size_t)snprintf(rpath + used, sizeof rpath - used, ":$ORIGIN/" LIBRARY_FOLDER "%u", i);
  }
  word_add(words, "-Wl,--end-group");
  word_add(words, "%s", rpath);
}

/* ---- what went wrong ---- */

/* Of a text in which `at` lies: its line. */
static void line_at(const char *text, const char *at, char *line, size_t size) {
  while (at > text && at[-1] != '\n')
    at--;
  snprintf(line, size, "%.*s", (int)strcspn(at, "\n"), at);
}

/* What stands between `mark` and the next quote. */
static void quoted_after(const char *at, const char *mark, char *word, size_t size) {
  at += strlen(mark);
  snprintf(word, size, "%.*s", (int)strcspn(at, "'\"\n"), at);
}

/* Whether it only says that there was something before it. */
static bool is_summary(const char *line) {
  return strstr(line, "ld returned") || strstr(line, "linker command failed") || strstr(line, "n function `");
}

/* The first line that says what is wrong: an error, or else what a linker says. */
static void line_choose(const char *said, char *line, size_t size) {
  static const char *const marks[] = {"error:", "ld: ", "", NULL};
  char each[400];
  line[0] = '\0';
  for (const char *const *mark = marks; *mark && !line[0]; mark++)
    for (const char *at = said; *at && !line[0]; at += strcspn(at, "\n"), at += *at != '\0') {
      line_at(said, at, each, sizeof each);
      if (strstr(each, *mark) && !is_summary(each))
        snprintf(line, size, "%s", each);
    }
}

/* Sentences of the commonest mistakes: false where it is none of them. */
typedef bool explanation(const struct build *build, const char *said, struct assay_error *error);

static bool is_full(const struct build *build, const char *said, struct assay_error *error) {
  if (!strstr(said, "No space left on device") && !strstr(said, "Disk quota exceeded"))
    return false;
  error_set(error, "there is no room for a module in %s: make some, or name another place in ASSAY_CACHE",
            build->folder);
  return true;
}

static bool is_fixed(const struct build *build, const char *said, struct assay_error *error) {
  const char *at = strstr(said, "when making a shared object"), *file = build->prefix->libraries[0];
  char line[600] = "";
  if (at)
    line_at(said, at, line, sizeof line);
  if (!build->prefix->files[0].is_static || !strstr(line, strrchr(file, '/')))
    return false;
  error_set(
      error,
      "%s was built without position independence and fits into no module: build it with -fPIC, or as a "
      "shared library",
      file);
  return true;
}

static bool lacks_cxx(const struct build *build, const char *said, struct assay_error *error) {
  if (!strstr(said, "cannot find " CXX_RUNTIME))
    return false;
  error_set(error,
            "%s has parts in C++ and needs its runtime to become part of a module: install g++, or build it "
            "as a shared library",
            build->prefix->libraries[0]);
  return true;
}

/* Of the place where a linker complains: the archive under the prefix whose object it is about, or NULL. The line
 * that names it may be some before. */
static const char *archive_at(const struct build *build, const char *said, const char *at) {
  static const char mark[] = "): in function `";
  const char *last = NULL;
  char line[900];
  for (const char *each = said; (each = strstr(each, mark)) && each < at; each++)
    last = each;
  if (!last)
    return NULL;
  line_at(said, last, line, sizeof line);
  for (unsigned i = 0; i < build->hints->library_count; i++)
    if (build->prefix->libraries[i][0] && strstr(line, build->prefix->libraries[i]))
      return build->prefix->libraries[i];
  return NULL;
}

/* Names that begin with two underscores are the compiler's and its runtime's (C11 7.1.3), of which it is no
 * header that promises them. */
static bool lacks_one(const struct build *build, const char *said, struct assay_error *error) {
  static const char undefined[] = "undefined reference to `";
  const char *at = strstr(said, undefined), *archive;
  char symbol[128] = "";
  if (at)
    quoted_after(at, undefined, symbol, sizeof symbol);
  if (!at || strncmp(symbol, "__", 2) == 0)
    return false;
  archive = archive_at(build, said, at);
  if (archive)
    error_set(error,
              "%s calls %s of yet another library, which a static one does not bring along: build it as a "
              "shared library, or without the part that calls it",
              archive, symbol);
  else
    error_set(
        error,
        "%s lacks %s, which its header promises and %s calls: headers and library are not of one build, "
        "or it was built without that part",
        build->prefix->libraries[0], symbol, strrchr(build->hints->source, '/') + 1);
  return true;
}

/* What the backend's own file says of headers that are another library's. */
static bool is_refused(const struct build *build, const char *said, struct assay_error *error) {
  static const char mark[] = "error: #error \"", other[] = "error: \"";
  const char *at = strstr(said, mark), *shorter = strstr(said, other); /* of GCC, and of Clang */
  char line[600] = "", words[300];
  if (!at && !shorter)
    return false;
  line_at(said, at ? at : shorter, line, sizeof line);
  if (!strstr(line, build->hints->source))
    return false;
  quoted_after(at ? at : shorter, at ? mark : other, words, sizeof words);
  error_set(error, "%s: %s", build->prefix->includes[0], words);
  return true;
}

static bool explain(const struct build *build, const char *said, int code, struct assay_error *error) {
  static explanation *const all[] = {is_full, is_fixed, lacks_cxx, lacks_one, is_refused, NULL};
  const char *own = own_compiler(), *source = strrchr(build->hints->source, '/') + 1;
  char line[400];
  for (explanation *const *each = all; *each; each++)
    if ((*each)(build, said, error))
      return false;
  line_choose(said, line, sizeof line);
  if (!line[0])
    snprintf(line, sizeof line, "the compiler ended with %d and said nothing", code);
  return error_set(error, "%s does not compile against %s: %s%s%s%s", source, build->prefix->includes[0],
                   line, own ? " (CC is '" : "", own ? own : "", own ? "')" : "");
}

/* One that ends well and has made nothing is none. */
static bool is_made(const char *module, const char *compiler, struct assay_error *error) {
  return access(module, R_OK) == 0 ||
         error_set(error, "'%s' is no C compiler: it ended well and made no module", compiler);
}

bool compile_module(const struct build *build, const char *module, struct assay_error *error) {
  struct words words = {0};
  char said[OUTPUT_BYTES], sources[4200], base[4200], what[100];
  program_file("sources", sources, sizeof sources);
  program_file("libassay_base.a", base, sizeof base);
  snprintf(what, sizeof what, "building %.60s", build->name);
  compiler_add(&words);
  words_split(&words, compile_flags());
  word_add(&words, "-DASSAY_PACKAGE_VERSION=\"\"");
  word_add(&words, "-DASSAY_OF_PREFIX");
  for (unsigned i = 0; i < build->prefix->include_count; i++)
    word_add(&words, "-I%s", build->prefix->includes[i]);
  word_add(&words, "-I%s", sources);
  word_add(&words, "-MD");
  word_add(&words, "-MTmodule");
  word_add(&words, "-MF%s", build->inputs);
  word_add(&words, "-o%s", module);
  word_add(&words, "%s", build->hints->source);
  word_add(&words, "%s", base);
  libraries_add(&words, build);
  cxx_add(&words, build);
  words_split(&words, "-lpthread -ldl -lm");
  int code = run(
      &words, build->making,
      (struct program){.limit_s = COMPILE_S, .out = said, .size = sizeof said, .mixed = true, .what = what},
      error);
  if (code == 0)
    return is_made(module, words.argv[0], error);
  return code > 0 ? explain(build, said, code, error) : no_compiler(error);
}
