/* Options as every command takes them: the same sentences for what is unknown, lacks its value or is out of
 * bounds. */
#ifndef ASSAY_CLI_OPTIONS_H
#define ASSAY_CLI_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

#include "reports/model/result.h"

enum { OPTIONS_END = -1, OPTIONS_BAD = -2 };

/* In the `val` of an option with a value: what happens where it stands there a second time. Without either
 * that is refused, since the first value would be dropped without a word. */
enum {
  OPTION_AGAIN = 1 << 20, /* each value is taken by itself */
  OPTION_LIST = 1 << 21   /* the values are one list, with commas between */
};
#define OPTION_KEY(option) ((option)->val & ~(OPTION_AGAIN | OPTION_LIST))

/* To be called before the first options_next of a command. */
void options_start(void);
/* The next option's key, its `val` of the table without what is above, with optarg; OPTIONS_END behind the
 * last, with optind at the operands; OPTIONS_BAD after a complaint. name: the option without its dashes;
 * NULL: nobody asks. */
int options_next(const char *command, const struct option *table, int argc, char **argv, const char **name);

/* The whole text as a number within bounds; false after a complaint. */
bool options_number(const char *command, const char *option, const char *text, double low, double high,
                    double *value);
bool options_whole(const char *command, const char *option, const char *text, double low, double high,
                   unsigned *value);
/* What --count can count; NULL-terminated. */
extern const char *const options_counts[];
/* Whether the value of --count is what can be counted; false after a complaint. */
bool options_count(const char *command, const char *text);
/* A core that a process may be pinned to now; false after a complaint. */
bool options_core(const char *command, const char *option, const char *text, int *core);
/* The output format of that name; NULL after a complaint, which lists `also` too, a word that the caller has
 * looked at; NULL: none. */
const struct result_format *options_format(const char *command, const char *name, const char *also);
/* The place of a word in a NULL-terminated list; -1 after a complaint that calls it `what`: "there is no verb
 * 'ad'; did you mean 'add'?" or what there is instead. */
int options_word(const char *command, const char *what, const char *word, const char *const *words);

/* Where only, shown_columns or sort of the view name what the result's tables have not: false after a
 * complaint. */
bool options_selection(const char *command, const struct result *result, const struct result_view *view);

#endif
