/* Why a program that the shell could not start is missing, in words that say how to get it: the interpreter of
 * its first line is looked for, and a comment below tells the packages:
 *
 *   #!/usr/bin/ruby
 *   # packages: ruby ruby-jwt
 */
#ifndef ASSAY_VERIFIERS_EXEC_MISSING_H
#define ASSAY_VERIFIERS_EXEC_MISSING_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXEC_HEAD_BYTES 1024 /* of a script: both lines are in it */
#define EXEC_PACKAGES "packages: "

/* The start of a script; "" where the command is no readable file. */
static inline void exec_head(const char *command, char head[EXEC_HEAD_BYTES]) {
  int file = open(command, O_RDONLY | O_CLOEXEC);
  ssize_t got = file >= 0 ? read(file, head, EXEC_HEAD_BYTES - 1) : 0;
  if (file >= 0)
    close(file);
  head[got > 0 ? got : 0] = '\0';
}

/* Whether the shell would find it. */
static inline bool exec_is_there(const char *name) {
  char path[4096];
  if (strchr(name, '/'))
    return access(name, X_OK) == 0;
  for (const char *at = getenv("PATH"), *next; at && *at; at = next) {
    size_t len = strcspn(at, ":");
    next = at + len + (at[len] == ':');
    snprintf(path, sizeof path, "%.*s/%s", (int)len, at, name);
    if (access(path, X_OK) == 0)
      return true;
  }
  return false;
}

/* The interpreter of `#!/usr/bin/ruby` or `#!/usr/bin/env node` where it is not there; false: it is none, or
 * it is there. */
static inline bool exec_interpreter_missing(const char *head, char *name, size_t size) {
  char path[256], of_env[256] = "";
  if (sscanf(head, "#! %255[^ \n] %255[^ \n]", path, of_env) < 1)
    return false;
  const char *stem = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
  bool by_env = strcmp(stem, "env") == 0;
  snprintf(name, size, "%s", by_env ? of_env : stem);
  return !exec_is_there(by_env ? of_env : path);
}

/* "ruby is not installed: apt install ruby ruby-jwt"; false where something else is wrong. */
static inline bool exec_missing(const char *command, char *problem, size_t size) {
  char head[EXEC_HEAD_BYTES], name[256];
  exec_head(command, head);
  if (!exec_interpreter_missing(head, name, sizeof name))
    return false;
  const char *packages = strstr(head, EXEC_PACKAGES);
  packages = packages ? packages + strlen(EXEC_PACKAGES) : "";
  snprintf(problem, size, "%s is not installed%s%.*s", name, packages[0] ? ": apt install " : "",
           (int)strcspn(packages, "\n"), packages);
  return true;
}

#endif
