/* Reads /proc and /sys; what a machine does not show is said to be not visible. */
#include "harness/job/machine.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif
#include <dirent.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/stats.h"
#include "harness/engine/counter.h"
#include "reports/text/allocate.h"

#define NOT_VISIBLE "not visible"
#define CPU_FOLDER "/sys/devices/system/cpu"

/* The first line of a small file, without its newline. */
static bool line_of(const char *path, char *line, size_t size) {
  FILE *file = fopen(path, "r");
  if (!file)
    return false;
  bool ok = fgets(line, (int)size, file) != NULL;
  fclose(file);
  if (ok)
    line[strcspn(line, "\n")] = '\0';
  return ok;
}

static void set_from(const char **field, const char *path) {
  char line[256];
  result_set(field, line_of(path, line, sizeof line) ? line : NOT_VISIBLE);
}

/* The value of the first "key : value" line of /proc/cpuinfo. */
static void cpuinfo(const char *key, char *value, size_t size) {
  char line[8192];
  FILE *file = fopen("/proc/cpuinfo", "r");
  snprintf(value, size, NOT_VISIBLE);
  while (file && fgets(line, sizeof line, file)) {
    char *colon = strchr(line, ':');
    if (strncmp(line, key, strlen(key)) != 0 || !colon)
      continue;
    colon += 1 + (colon[1] == ' ');
    colon[strcspn(colon, "\n")] = '\0';
    snprintf(value, size, "%s", colon);
    break;
  }
  if (file)
    fclose(file);
}

/* Only flags that crypto libraries dispatch on. */
static void flags_set(const char **field) {
  static const char *const relevant[] = {"aes",         "pclmulqdq", "ssse3",     "avx",     "avx2",
                                         "bmi2",        "adx",       "sha_ni",    "avx512f", "avx512ifma",
                                         "avx512_vbmi", "vaes",      "vpclmulqdq"};
  char all[8192], kept[512] = "";
  cpuinfo("flags", all, sizeof all);
  for (size_t i = 0; i < sizeof relevant / sizeof relevant[0]; i++) {
    char word[32];
    snprintf(word, sizeof word, " %s ", relevant[i]);
    char padded[8200];
    snprintf(padded, sizeof padded, " %s ", all);
    if (strstr(padded, word))
      snprintf(kept + strlen(kept), sizeof kept - strlen(kept), "%s%s", kept[0] ? " " : "", relevant[i]);
  }
  result_set(field, kept);
}

#if defined(__x86_64__) || defined(__i386__)
static void hypervisor_set(const char **field) {
  unsigned a, b, c, d;
  char vendor[13] = "";
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 31))) {
    result_set(field, "none");
    return;
  }
  __cpuid(0x40000000, a, b, c, d);
  memcpy(vendor, &b, 4);
  memcpy(vendor + 4, &c, 4);
  memcpy(vendor + 8, &d, 4);
  vendor[12] = '\0';
  result_set(field, strncmp(vendor, "KVM", 3) == 0 ? "KVM" : vendor[0] ? vendor : "unnamed");
}
#else
static void hypervisor_set(const char **field) {
  result_set(field, NOT_VISIBLE);
}
#endif

static void counters_set(const char **field) {
  struct counter counter;
  bool has = counter_open(&counter, COUNTER_INSTRUCTIONS, 0, NULL);
  result_set(field, has ? "instructions" : "none");
  counter_close(&counter);
}

/* The price of one clock reading: the median over short runs of readings. */
static double timer_price_ns(void) {
  double runs[51];
  for (int i = 0; i < 51; i++) {
    uint64_t from = clock_ns(), last = from;
    for (int k = 0; k < 200; k++)
      last = clock_ns();
    runs[i] = (double)(last - from) / 200;
  }
  return median_of(runs, 51);
}

static void smt_set(const char **field) {
  char line[64];
  if (!line_of("/sys/devices/system/cpu/smt/active", line, sizeof line))
    result_set(field, NOT_VISIBLE);
  else
    result_set(field, line[0] == '1' ? "on" : "off");
}

static void boost_set(const char **field) {
  char line[64];
  if (line_of("/sys/devices/system/cpu/cpufreq/boost", line, sizeof line))
    result_set(field, line[0] == '1' ? "on" : "off");
  else if (line_of("/sys/devices/system/cpu/intel_pstate/no_turbo", line, sizeof line))
    result_set(field, line[0] == '0' ? "on" : "off");
  else
    result_set(field, NOT_VISIBLE);
}

/* A network name tells of whoever runs the machine, and results are passed on: only a name that was given. */
static void host_set(const char **field) {
  const char *named = getenv("ASSAY_HOST");
  result_set(field, named ? named : "");
}

static double clock_mhz(void) {
  char text[64], *end;
  cpuinfo("cpu MHz", text, sizeof text);
  double mhz = strtod(text, &end);
  return end != text && mhz > 0 ? mhz : (double)NAN;
}

/* The CPUs that this process may run on, in ascending order; none where that cannot be told. */
static size_t usable_cpus(int *cpus, size_t most) {
  cpu_set_t set;
  size_t count = 0;
  if (sched_getaffinity(0, sizeof set, &set) != 0)
    CPU_ZERO(&set);
  for (int i = 0; i < CPU_SETSIZE && count < most; i++)
    if (CPU_ISSET((size_t)i, &set))
      cpus[count++] = i;
  return count;
}

/* A hypervisor that shows no halves may hide them: what it calls a core is a thread of its own, which the machine
 * below runs wherever it likes. */
static void cores_set(struct result_machine *machine) {
  int cpus[CPU_SETSIZE], cores[CPU_SETSIZE];
  size_t count = usable_cpus(cpus, CPU_SETSIZE);
  size_t distinct = machine_cores_of(CPU_FOLDER, cpus, count, cores);
  bool is_guest = strcmp(machine->hypervisor, "none") != 0 && strcmp(machine->hypervisor, NOT_VISIBLE) != 0;
  machine->cores = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
  machine->cpus = (unsigned)count;
  machine->physical_cores = is_guest && distinct == count ? 0 : (unsigned)distinct;
}

void machine_read(struct result_machine *machine) {
  char text[512];
  struct utsname names;
  double load;
  cpuinfo("model name", text, sizeof text);
  result_set(&machine->cpu, text);
  cpuinfo("microcode", text, sizeof text);
  result_set(&machine->microcode, text);
  flags_set(&machine->flags);
  set_from(&machine->governor, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  boost_set(&machine->boost);
  smt_set(&machine->smt);
  set_from(&machine->aslr, "/proc/sys/kernel/randomize_va_space");
  set_from(&machine->clock, "/sys/devices/system/clocksource/clocksource0/current_clocksource");
  hypervisor_set(&machine->hypervisor);
  counters_set(&machine->counters);
  if (uname(&names) == 0)
    result_printf(&machine->kernel, "%s %s %s", names.sysname, names.release, names.machine);
  host_set(&machine->host);
  machine->mhz = clock_mhz();
  cores_set(machine);
  machine->timer_ns = timer_price_ns();
  machine->load = getloadavg(&load, 1) == 1 ? load : (double)NAN;
}

/* ---- while a run lasts ---- */

#define OTHER_LOAD_SHARE 0.1 /* of all cores: more is warned of */

/* What /proc/stat counts of a core, "cpu1", or of all, "cpu". */
struct core_ticks {
  unsigned long long user, nice, system, idle, waiting, irq, softirq, stolen;
};

static bool core_ticks_read(const char *core, struct core_ticks *ticks) {
  char line[256], name[16];
  bool found = false;
  FILE *file = fopen("/proc/stat", "r");
  while (file && !found && fgets(line, sizeof line, file))
    found = sscanf(line, "%15s %llu %llu %llu %llu %llu %llu %llu %llu", name, &ticks->user, &ticks->nice,
                   &ticks->system, &ticks->idle, &ticks->waiting, &ticks->irq, &ticks->softirq,
                   &ticks->stolen) == 9 &&
            strcmp(name, core) == 0;
  if (file)
    fclose(file);
  return found;
}

static void read_cores(struct machine_watch *watch) {
  struct core_ticks ticks;
  if (!core_ticks_read("cpu", &ticks))
    return;
  watch->busy = ticks.user + ticks.nice + ticks.system + ticks.irq + ticks.softirq;
  watch->stolen = ticks.stolen;
  watch->all = watch->busy + ticks.idle + ticks.waiting + ticks.stolen;
}

struct process {
  int pid, parent;
  unsigned long long ticks; /* its own, and those of children that have ended */
  bool is_own;
};

static bool process_read(const char *pid, struct process *process) {
  char path[300], line[1024];
  unsigned long long user, system, child_user, child_system;
  snprintf(path, sizeof path, "/proc/%s/stat", pid);
  if (!line_of(path, line, sizeof line))
    return false;
  const char *after = strrchr(line, ')'); /* a program's name may hold anything */
  if (!after || sscanf(after, ") %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %llu %llu",
                       &process->parent, &user, &system, &child_user, &child_system) != 5)
    return false;
  process->pid = atoi(pid);
  process->ticks = user + system + child_user + child_system;
  process->is_own = process->pid == getpid();
  return true;
}

static struct process *processes_read(size_t *count) {
  struct process *processes = NULL;
  DIR *folder = opendir("/proc");
  *count = 0;
  for (struct dirent *entry; folder && (entry = readdir(folder));) {
    struct process process;
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || !process_read(entry->d_name, &process))
      continue;
    processes = allocate_one_more(processes, *count, sizeof *processes);
    processes[(*count)++] = process;
  }
  if (folder)
    closedir(folder);
  return processes;
}

static bool own_child(struct process *processes, size_t count, struct process *process) {
  for (size_t i = 0; i < count && !process->is_own; i++)
    process->is_own = processes[i].is_own && processes[i].pid == process->parent;
  return process->is_own;
}

/* Keepers, workers, and what verifiers start. */
static unsigned long long own_ticks(void) {
  size_t count;
  struct process *processes = processes_read(&count);
  unsigned long long ticks = 0;
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < count; i++)
      more |= !processes[i].is_own && own_child(processes, count, &processes[i]);
  }
  for (size_t i = 0; i < count; i++)
    ticks += processes[i].is_own ? processes[i].ticks : 0;
  free(processes);
  return ticks;
}

struct machine_watch machine_watch_begin(void) {
  struct machine_watch watch = {.from_ns = clock_ns()};
  read_cores(&watch);
  watch.own = own_ticks();
  return watch;
}

static void warn_of_other_load(struct result_machine *machine, const struct result_run *run) {
  char text[200];
  if (!(run->other_load > OTHER_LOAD_SHARE * machine->cores))
    return;
  snprintf(text, sizeof text, "other load: other programs kept %.1f of %u cores busy during the run",
           run->other_load, machine->cores);
  strings_add(&machine->warnings, text);
}

void machine_watch_end(const struct machine_watch *then, struct result *result) {
  struct machine_watch now = machine_watch_begin();
  struct result_run *run = &result->run;
  run->duration_s = (double)(now.from_ns - then->from_ns) / 1e9;
  if (now.all <= then->all)
    return;
  double all = (double)(now.all - then->all), busy = (double)(now.busy - then->busy),
         own = (double)(now.own - then->own);
  run->steal = (double)(now.stolen - then->stolen) / all;
  run->other_load = fmax(busy - own, 0) / all * result->machine.cores;
  warn_of_other_load(&result->machine, run);
}

/* The kernel alone knows, so it is asked to move there and back. */
bool machine_has_core(int core) {
  cpu_set_t before, there;
  CPU_ZERO(&there);
  CPU_SET((size_t)core, &there);
  if (sched_getaffinity(0, sizeof before, &before) != 0)
    return false;
  bool has = sched_setaffinity(0, sizeof there, &there) == 0;
  return sched_setaffinity(0, sizeof before, &before) == 0 && has;
}

#define LOOK_NS 100000000

/* Clock ticks in which the core had nothing to do; -1: there is no such core. */
static long long idle_ticks(int core) {
  struct core_ticks ticks;
  char name[16];
  snprintf(name, sizeof name, "cpu%d", core);
  return core_ticks_read(name, &ticks) ? (long long)(ticks.idle + ticks.waiting) : -1;
}

struct core {
  int number;
  long long idle, quietest; /* quietest: the least that any half of its core was idle */
};

static int compare_cores(const void *a, const void *b) {
  const struct core *first = a, *second = b;
  if (first->quietest != second->quietest)
    return first->quietest < second->quietest ? 1 : -1;
  if (first->idle != second->idle)
    return first->idle < second->idle ? 1 : -1;
  return second->number - first->number;
}

/* What the other half of a core does bears on what runs on it. */
static void note_quietest(struct core *all, const int *halves, size_t count) {
  for (size_t i = 0; i < count; i++) {
    all[i].quietest = all[i].idle;
    for (size_t j = 0; j < count; j++)
      if (halves[j] == halves[i] && all[j].idle < all[i].quietest)
        all[i].quietest = all[j].idle;
  }
}

size_t machine_quiet_cores(int *cores, size_t most) {
  struct core *all = allocate_items(most, sizeof *all);
  int *halves = allocate_items(most, sizeof *halves);
  size_t count = usable_cpus(cores, most);
  for (size_t i = 0; i < count; i++)
    all[i] = (struct core){.number = cores[i], .idle = -idle_ticks(cores[i])};
  if (count > 1)
    nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
  for (size_t i = 0; i < count; i++)
    all[i].idle += idle_ticks(all[i].number);
  machine_cores_of(CPU_FOLDER, cores, count, halves);
  note_quietest(all, halves, count);
  qsort(all, count, sizeof *all, compare_cores);
  for (size_t i = 0; i < count; i++)
    cores[i] = all[i].number;
  machine_cores_of(CPU_FOLDER, cores, count, halves);
  machine_spread(cores, halves, count);
  free(halves);
  free(all);
  return count;
}

int machine_last_core(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0)
    return -1;
  for (int i = CPU_SETSIZE - 1; i >= 0; i--)
    if (CPU_ISSET((size_t)i, &set))
      return i;
  return -1;
}
