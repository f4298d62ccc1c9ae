#include "harness/engine/counter.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

bool counter_open(struct counter *counter, enum counter_event event, pid_t pid, struct assay_error *error) {
  bool hardware = event == COUNTER_INSTRUCTIONS;
  struct perf_event_attr attr = {.type = hardware ? PERF_TYPE_HARDWARE : PERF_TYPE_SOFTWARE,
                                 .size = sizeof attr,
                                 .config = hardware ? PERF_COUNT_HW_INSTRUCTIONS : PERF_COUNT_SW_PAGE_FAULTS,
                                 .read_format =
                                     PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
                                 .exclude_kernel = 1,
                                 .exclude_hv = 1};
  counter->fd = (int)syscall(SYS_perf_event_open, &attr, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
  if (counter->fd >= 0)
    return true;
  if (errno == ENOENT || errno == EOPNOTSUPP || errno == ENODEV)
    return error_set(error, "this machine has no such counter");
  return error_set(error, "the kernel allows no counters: %s", strerror(errno));
}

bool counter_read(const struct counter *counter, uint64_t *count, struct assay_error *error) {
  uint64_t now[3]; /* value, time enabled, time running: as read_format asks */
  if (read(counter->fd, now, sizeof now) != sizeof now)
    return error_set(error, "the kernel's counter cannot be read: %s", strerror(errno));
  *count = now[0];
  return now[1] == now[2] ||
         error_set(error, "the processor's counter was shared with another program: stop that and try again");
}

void counter_close(struct counter *counter) {
  if (counter->fd >= 0)
    close(counter->fd);
  counter->fd = -1;
}
