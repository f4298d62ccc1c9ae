/* A pipe that never makes the worker wait, and the end of what came through it. */
#include "harness/subject/said.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/utf8.h"

/* As much as a pipe holds: one that writes faster than this reads does not keep the host. */
#define READS_MAX 128

bool said_open(struct said *said, int *writing) {
  int ends[2];
  said_close(said);
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
    return false;
  said->fd = ends[0];
  *writing = ends[1];
  return true;
}

static void keep(struct said *said, const char *bytes, size_t len) {
  if (len > sizeof said->tail) {
    bytes += len - sizeof said->tail;
    len = sizeof said->tail;
  }
  size_t stays = said->len + len > sizeof said->tail ? sizeof said->tail - len : said->len;
  memmove(said->tail, said->tail + said->len - stays, stays);
  memcpy(said->tail + stays, bytes, len);
  said->len = stays + len;
}

void said_read(struct said *said) {
  char bytes[SAID_BYTES];
  for (int i = 0; i < READS_MAX && said->fd >= 0; i++) {
    ssize_t got = read(said->fd, bytes, sizeof bytes);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return;
    keep(said, bytes, (size_t)got);
  }
}

void said_clear(struct said *said) {
  said_read(said);
  said->len = 0;
}

const char *said_last(struct said *said) {
  static char line[SAID_BYTES + 1];
  said_read(said);
  size_t end = said->len, from;
  while (end > 0 && strchr("\r\n\t ", said->tail[end - 1])) /* NUL, too, which strchr finds */
    end--;
  for (from = end; from > 0 && said->tail[from - 1] != '\n';)
    from--;
  size_t len = 0;
  for (; from < end; from++)
    line[len++] = said->tail[from] ? said->tail[from] : '?';
  line[len] = '\0';
  utf8_defuse(line);
  return line;
}

void said_close(struct said *said) {
  if (said->fd >= 0)
    close(said->fd);
  said->fd = -1;
  said->len = 0;
}
