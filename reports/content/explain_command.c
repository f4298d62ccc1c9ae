/* The command that asks about a token again. */
#include <stdlib.h>
#include <string.h>

#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/display.h"

static void append_word(char **text, const char *word) {
  OWNED_TEXT char *quoted = shell_quote(word);
  result_setf(text, "%s %s", *text, quoted);
}

/* How the list of --subject names the subject; the whole list where that cannot be seen: a module by its
 * path. free() it. */
static char *subject_spec(const char *list, const char *subject) {
  size_t len = strlen(subject);
  for (const char *item = list; item; item = strchr(item, ','), item += item != NULL) {
    size_t item_len = strcspn(item, ",");
    if (strncmp(item, subject, len) == 0 && (item_len == len || item[len] == '='))
      return strndup(item, item_len);
  }
  return allocate_copy(list);
}

/* The value of an option in the words of a command; NULL: it is not there. */
static const char *option_value(const struct result_strings *words, const char *option) {
  size_t len = strlen(option);
  for (size_t i = 0; i < words->count; i++) {
    if (strncmp(words->items[i], option, len) != 0)
      continue;
    if (words->items[i][len] == '=')
      return words->items[i] + len + 1;
    if (words->items[i][len] == '\0' && i + 1 < words->count)
      return words->items[i + 1];
  }
  return NULL;
}

/* The two of an advice, as a list for --subject: by the labels that the run had given them. free() it. */
static char *advised_list(const struct result *result, const char *from, const char *to) {
  const char *const specs[] = {from, to};
  char *list = allocate_copy("");
  for (size_t i = 0; i < 2; i++) {
    const char *label = i < result->subject_count ? result->subjects[i].name : specs[i];
    size_t len = strlen(label);
    bool is_labelled = strncmp(specs[i], label, len) == 0 && (specs[i][len] == '\0' || specs[i][len] == '=');
    result_setf(&list, "%s%s%s%s%s", list, i ? "," : "", is_labelled ? "" : label, is_labelled ? "" : "=",
                specs[i]);
  }
  return list;
}

/* What --subject takes to ask the subject again; a gate's run names its builds --base and --head, an advice's
 * --from and --to. NULL: the run named none. free() it. */
static char *spec_of(const struct result *result, const char *subject) {
  const struct result_strings *command = &result->command;
  const char *list = option_value(command, "--subject"), *head = option_value(command, "--head");
  const char *from = option_value(command, "--from"), *to = option_value(command, "--to");
  if (list)
    return subject_spec(list, subject);
  OWNED_TEXT char *advised = from && to ? advised_list(result, from, to) : NULL;
  if (advised)
    return subject_spec(advised, subject);
  if (!head)
    return NULL;
  return allocate_copy(strncmp(subject, "base", 4) == 0 ? option_value(command, "--base") : head);
}

/* How many words from this one on say with what the tokens were checked: 2 for an option and its
 * value, 1 for both in one, 0 for none. --alg is such a word only beside raw tokens, where it belongs
 * to what is trusted. */
static size_t words_kept(const struct result_strings *command, size_t at) {
  static const char *const kept[] = {"--corpus",      "--cases",  "--policy",   "--tokens", "--keys",
                                     "--secret-file", "--issuer", "--audience", "--alg"};
  size_t count = sizeof kept / sizeof kept[0] - (option_value(command, "--tokens") ? 0 : 1);
  for (size_t i = 0; i < count; i++) {
    size_t len = strlen(kept[i]);
    if (strncmp(command->items[at], kept[i], len) != 0)
      continue;
    if (command->items[at][len] == '=')
      return 1;
    if (command->items[at][len] == '\0' && at + 1 < command->count)
      return 2;
  }
  return 0;
}

/* "--corpus=DIR" becomes two words, as people type it. */
static void append_option(char **text, const char *word) {
  const char *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
  OWNED_TEXT char *name = allocate_format("%.*s", (int)(equals ? equals - word : 0), word);
  if (equals)
    append_word(text, name);
  append_word(text, equals ? equals + 1 : word);
}

char *content_explain_start(const struct result *result, const char *subject) {
  char *text = allocate_copy("assay check");
  OWNED_TEXT char *spec = spec_of(result, subject);
  if (spec) {
    append_word(&text, "--subject");
    append_word(&text, spec);
  }
  for (size_t i = 0; i < result->command.count;) {
    size_t end = i + words_kept(&result->command, i);
    i += end == i;
    for (; i < end; i++)
      append_option(&text, result->command.items[i]);
  }
  append_word(&text, "--explain");
  return text;
}

char *content_explain_command(const struct result *result, const char *subject, const char *token) {
  char *text = content_explain_start(result, subject);
  append_word(&text, token);
  return text;
}

char *content_command(const struct result *result) {
  char *line = allocate_copy("");
  for (size_t i = 0; i < result->command.count; i++) {
    OWNED_TEXT char *word = shell_quote(result->command.items[i]);
    result_setf(&line, "%s%s%s", line, i ? " " : "", word);
  }
  return line;
}
