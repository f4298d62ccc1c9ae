/* A backend that writes over the memory it shares with the host, on the trigger (trigger.h) for the time that
 * ASSAY_TEST_TIME tells (default: the first) and ever after where ASSAY_TEST_EVER is set. ASSAY_TEST_WAY
 * names the field, or `all`; ASSAY_TEST_FILL is the byte that it is filled with. It matches everything. */
#include "tests/modules/control_find.h"
#include "tests/modules/trigger.h"

#include <fcntl.h>
#include <unistd.h>

#define FIELD(name)                                                                                          \
  { #name, offsetof(struct control, name), sizeof(((struct control *)0)->name) }

static const struct {
  const char *name;
  size_t at, bytes;
} fields[] = {
    FIELD(abi),
    FIELD(layout),
    FIELD(layout.bytes),
    FIELD(layout.answers_at),
    FIELD(layout.lists_at),
    FIELD(layout.words_at),
    FIELD(layout.hists_at),
    FIELD(layout.token_count),
    FIELD(turn),
    FIELD(done),
    FIELD(command),
    FIELD(reply),
    FIELD(reply.state),
    FIELD(reply.error),
    FIELD(words_used),
    FIELD(died_lane),
    FIELD(lanes),
    FIELD(identity),
    FIELD(times),
};

/* Makes the memory shorter, if it can. */
static void truncate_all(void) {
  char path[32];
  for (int fd = 3; fd < 64; fd++)
    if (ftruncate(fd, 0) == 0)
      return;
  snprintf(path, sizeof path, "/proc/self/fd/%d", CONTROL_FD);
  int again = open(path, O_RDWR | O_TRUNC | O_CLOEXEC);
  if (again >= 0)
    close(again);
}

static void scribble(const char *way, int fill) {
  size_t bytes;
  struct control *control = control_find(&bytes);
  if (strcmp(way, "truncate") == 0)
    truncate_all();
  if (strcmp(way, "all") == 0)
    memset(control, fill, bytes);
  if (strcmp(way, "behind") == 0) /* answers, lists, histograms and words */
    memset(control + 1, fill, bytes - sizeof *control);
  if (strcmp(way, "hists") == 0)
    memset(control_hists(control, &control->layout), fill, control->layout.hist_count * sizeof(struct hist));
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
    if (strcmp(way, fields[i].name) == 0)
      memset((char *)control + fields[i].at, fill, fields[i].bytes);
}

static enum assay_outcome verify(struct assay_ctx *ctx, struct assay_key *key, struct assay_bytes input,
                                 struct assay_bytes sig) {
  (void)ctx, (void)key, (void)sig;
  static long times;
  const char *way = getenv("ASSAY_TEST_WAY"), *time = getenv("ASSAY_TEST_TIME"),
             *fill = getenv("ASSAY_TEST_FILL");
  long due = time ? atol(time) : 1;
  if (way && test_triggered(input) && (++times == due || (times > due && getenv("ASSAY_TEST_EVER"))))
    scribble(way, fill ? (int)strtol(fill, NULL, 16) : 0xff);
  return ASSAY_MATCH;
}

const struct assay_backend assay_backend = {TEST_MODULE("scribbler", verify)};
