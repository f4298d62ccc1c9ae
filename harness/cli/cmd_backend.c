/* assay backend: builds of libraries beside the packaged ones. */
#include <stdio.h>
#include <string.h>

#include "harness/builds/build.h"
#include "harness/cli/command.h"
#include "harness/cli/common_options.h"

struct request {
  const char *label;
  bool json;
};

enum verb { VERB_BUILD, VERB_FORGET, VERB_COUNT };

static const char *verb_word(unsigned number) {
  static const char *const verbs[] = {[VERB_BUILD] = "build", [VERB_FORGET] = "forget"};
  return number < VERB_COUNT ? verbs[number] : NULL;
}

static const struct option_row option_rows[] = {
    {"label", "NAME", "of build: a name that every command takes for this build from then on",
     TEXT_IN(struct request, label)},
    {"json", NULL, "of build: what was built, for programs, as `assay list --json` has it",
     FLAG_IN(struct request, json)},
    {0}};

static const struct usage usage = {
    .name = "assay backend",
    .summary = "builds of libraries beside the packaged ones: NAME@PREFIX",
    .forms = "build NAME@PREFIX [--label NAME] [--json]\nforget LABEL",
    .about =
        "build compiles the backend NAME, with the C compiler of $CC, against the "
        "headers in PREFIX/include, and links it with the library in PREFIX/lib, lib64 or the like, shared if "
        "there is a shared one, and with no other; then it shows what was built, as `assay list NAME@PREFIX` "
        "does. The module is kept in the cache beside a record of what it was made from: the SHA-256 of the library "
        "and of every header, the library's GNU build-id, the compiler and its flags. Where any of that has "
        "changed it is made again before it is used, so a library that was exchanged is never measured under "
        "an old name.\n"
        "Every command does the same by itself for NAME@PREFIX wherever a subject can stand (`assay help "
        "subjects`), so this one is needed for a label alone, or to see whether a build works. A backend "
        "whose library Debian does not have (awslc) can be had this way only.\n"
        "forget frees a label; the module stays in the cache, which may be emptied at any time; one that was "
        "not used for 30 days, or whose library is gone, goes by itself when another is made.",
    .options = option_rows,
    .operand = verb_word,
    .operands = 2,
    .operands_wrong = "a verb and what it is about: `assay backend build openssl@/opt/openssl`",
    .examples = "assay backend build openssl@/opt/openssl-3.5 --label openssl-3.5\n"
                "assay run --subject openssl,openssl-3.5 --alg ES384,EdDSA\n"
                "assay gate --base old=openssl@/opt/a --head new=openssl@/opt/b"};

/* By the command that tells all of a subject. */
static int show(const char *subject, const struct request *request) {
  extern const struct command command_list;
  char *argv[] = {"list", (char *)subject, request->json ? "--json" : NULL, NULL};
  return command_list.run(request->json ? 3 : 2, argv);
}

static int build(const char *subject, const struct request *request) {
  struct subject_spec spec;
  struct assay_error error = {0};
  if (!subject_spec_parse(&spec, subject, NULL, &error))
    return complain("backend", "%s", error.text);
  if (!subject_spec_is_build(&spec))
    return complain(
        "backend",
        "'%s' is no build: NAME@PREFIX names a backend and the folder where its library is installed",
        subject);
  if (request->label && !build_label_is_fit(&spec, request->label, &error))
    return complain("backend", "%s", error.text);
  if (!build_prepare(&spec, &error))
    return complain("backend", "%s: %s", subject, error.text);
  int code = show(subject, request); /* one that does not load gets no name */
  return code != EXIT_HOLDS || !request->label || build_label(&spec, request->label, &error)
             ? code
             : complain("backend", "%s", error.text);
}

static int forget(const char *label, const struct request *request) {
  struct assay_error error = {0};
  if (request->label || request->json)
    return complain("backend", "--%s is an option of build", request->label ? "label" : "json");
  return build_forget(label, &error) ? EXIT_HOLDS : complain("backend", "%s", error.text);
}

static int run_backend(int argc, char **argv) {
  static int (*const runs[])(const char *about,
                             const struct request *request) = {[VERB_BUILD] = build, [VERB_FORGET] = forget};
  struct request request = {0};
  struct options_given given;
  struct assay_error error = {0};
  if (!command_read(&usage, &request, argc, argv, &given))
    return EXIT_USAGE;
  int verb = word_find("verb", given.operands[0], verb_word, &error);
  return verb < 0 ? complain("backend", "%s", error.text) : runs[verb](given.operands[1], &request);
}

const struct command command_backend = {.usage = &usage, .run = run_backend};
