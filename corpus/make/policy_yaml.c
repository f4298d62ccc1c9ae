/* Writes policies as YAML. */
#include "corpus/make/policy_yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corpus/base/fatal.h"

/* Without quotes where YAML 1.1 and 1.2 readers all see this very string. A colon within is fine outside of
 * brackets (a URL), within them older readers stumble. */
static bool is_plain(const char *s, bool in_brackets) {
  static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
  static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-";
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strcasecmp(s, words[i]) == 0)
      return false;
  bool letter_first = (s[0] >= 'a' && s[0] <= 'z') || (s[0] >= 'A' && s[0] <= 'Z');
  size_t colon = strspn(s, safe);
  if (!in_brackets && strncmp(s + colon, "://", 3) == 0)
    s += colon + 1;
  return letter_first && s[strspn(s, safe)] == '\0';
}

static void add_scalar(struct text *out, const json_t *value, bool in_brackets) {
  if (json_is_string(value) && is_plain(json_string_value(value), in_brackets)) {
    text_add_str(out, json_string_value(value));
    return;
  }
  char *json = must(json_dumps(value, JSON_ENCODE_ANY)); /* a JSON scalar is a YAML scalar (YAML 1.2, 1.3) */
  text_add_str(out, json);
  free(json);
}

static bool is_container(const json_t *value) {
  return json_is_array(value) || json_is_object(value);
}

/* Holds nothing that holds objects: fits on one line. */
static bool is_flat(const json_t *value) {
  size_t i;
  const char *name;
  json_t *item;
  json_array_foreach(value, i, item) {
    if (is_container(item))
      return false;
  }
  json_object_foreach((json_t *)value, name, item) {
    if (json_is_object(item) || !is_flat(item))
      return false;
  }
  return true;
}

static void add_name(struct text *out, const char *name) {
  json_t *string = must(json_string(name));
  add_scalar(out, string, true);
  text_add_str(out, ": ");
  json_decref(string);
}

static void add_flow(struct text *out, const json_t *value, bool in_brackets) {
  size_t i;
  const char *name;
  json_t *item;
  if (!is_container(value)) {
    add_scalar(out, value, in_brackets);
    return;
  }
  const char *between = "";
  text_add_str(out, json_is_array(value) ? "[" : "{");
  json_array_foreach(value, i, item) {
    text_add_str(out, i ? ", " : "");
    add_flow(out, item, true);
  }
  json_object_foreach((json_t *)value, name, item) {
    text_add_str(out, between);
    add_name(out, name);
    add_flow(out, item, true);
    between = ", ";
  }
  text_add_str(out, json_is_array(value) ? "]" : "}");
}

static void add_members(struct text *out, const json_t *object, int indent, bool first_is_placed);

/* A list of objects, each behind a dash. */
static void add_list(struct text *out, const json_t *list, int indent) {
  size_t i;
  json_t *item;
  json_array_foreach(list, i, item) {
    text_addf(out, "%*s- ", indent, "");
    if (json_is_object(item)) {
      add_members(out, item, indent + 2, true);
    } else {
      add_flow(out, item, false);
      text_add_str(out, "\n");
    }
  }
}

static void add_members(struct text *out, const json_t *object, int indent, bool first_is_placed) {
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)object, name, value) {
    text_addf(out, "%*s", first_is_placed ? 0 : indent, "");
    first_is_placed = false;
    add_name(out, name);
    if (is_flat(value)) {
      add_flow(out, value, false);
      text_add_str(out, "\n");
      continue;
    }
    text_erase(out, out->len - 1, 1); /* no blank before a line's end */
    text_add_str(out, "\n");
    if (json_is_array(value))
      add_list(out, value, indent + 2);
    else
      add_members(out, value, indent + 2, false);
  }
}

void policy_yaml_add(struct text *out, const json_t *policy) {
  add_members(out, policy, 0, false);
}
