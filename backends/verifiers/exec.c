/* Any program as a verifier, over its standard input and output: one JSON object a line (exec_protocol.h and
 * adapters/README.md). One request is in flight at a time, so that a program that dies or falls silent does
 * so on a token that is known: the worker then dies or waits with it, which the host counts as crash or hang.
 *
 * build: pkg-config jansson
 */
#include "backends/verifiers/exec_missing.h"
#include "backends/verifiers/exec_protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HELLO_LIMIT_MS 30000
#define BREACHES_MAX 20 /* after so many broken answers the program is not asked any more */
#define NOISE_MAX 65536
#define FAKETIME_GLOB "/usr/lib/*/faketime/libfaketime.so.1"

struct assay_verifier_state {
  char *members; /* of the setting, as they stand in a request */
};

/* The one program of this process. */
static struct {
  const char *command;
  pid_t pid; /* 0: not running */
  int in, out;
  char *line; /* what was read and not used yet */
  size_t used, room;
  int noise; /* a file in memory: its standard error */
  bool faketime;
  int clock;           /* a file in memory that libfaketime reads its time from */
  char clock_path[64]; /* by which the program finds it */
  int64_t clock_s;
  unsigned breaches;
  json_t *hello;                           /* what `told` is made of */
  const struct assay_verifier_state *told; /* the setting that the program has now */
} program;

/* Starting and stopping -------------------------------------------------------------------------------- */

static bool clock_set(int64_t now_s) {
  char text[64];
  struct tm utc;
  time_t when = (time_t)now_s;
  if (program.clock_s == now_s)
    return true;
  if (!gmtime_r(&when, &utc))
    return false;
  size_t len = strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S\n", &utc);
  if (pwrite(program.clock, text, len, 0) != (ssize_t)len || ftruncate(program.clock, (off_t)len) != 0)
    return false;
  program.clock_s = now_s;
  return true;
}

/* libfaketime reads the file on every look at the clock, which then stands still at that second. The file has
 * no name of its own, so that nothing is left of it when this process is killed. */
static bool clock_open(char *problem, size_t size) {
  glob_t found = {0};
  if (glob(FAKETIME_GLOB, 0, NULL, &found) != 0) {
    globfree(&found);
    snprintf(problem, size,
             "its library takes no clock, and libfaketime is not installed: apt install libfaketime");
    return false;
  }
  setenv("FAKETIME_LIB", found.gl_pathv[0], 1);
  globfree(&found);
  program.clock = memfd_create("assay-clock", MFD_CLOEXEC);
  snprintf(program.clock_path, sizeof program.clock_path, "/proc/%d/fd/%d", (int)getpid(), program.clock);
  program.faketime = program.clock >= 0 && clock_set(1);
  if (!program.faketime)
    snprintf(problem, size, "cannot make a clock for libfaketime: %s", strerror(errno));
  return program.faketime;
}

/* What a program says on its standard error is nobody's answer. It is kept for the sentence that tells why
 * the program cannot be used, and dropped between tokens once it is longer than NOISE_MAX. */
static void noise_open(void) {
  if (program.noise > 0)
    return;
  program.noise = memfd_create("assay-noise", MFD_CLOEXEC);
  if (program.noise >= 0)
    fcntl(program.noise, F_SETFL, O_APPEND);
}

static void noise_drop(off_t more_than) {
  struct stat st;
  if (program.noise >= 0 && fstat(program.noise, &st) == 0 && st.st_size > more_than &&
      ftruncate(program.noise, 0) != 0)
    program.noise = -1;
}

/* The last line of it, or "". */
static const char *noise_last(void) {
  static char text[200];
  struct stat st;
  if (program.noise < 0 || fstat(program.noise, &st) != 0)
    return "";
  off_t from = st.st_size > (off_t)sizeof text - 1 ? st.st_size - (off_t)sizeof text + 1 : 0;
  ssize_t got = pread(program.noise, text, sizeof text - 1, from);
  text[got > 0 ? got : 0] = '\0';
  for (size_t len = strlen(text); len > 0 && strchr("\r\n ", text[len - 1]); len--)
    text[len - 1] = '\0';
  const char *end = strrchr(text, '\n');
  return end ? end + 1 : text;
}

/* `A | B` is several programs: they end together, with their group. */
static void child(int in, int out, pid_t worker) {
  setpgid(0, 0);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != worker)
    _exit(127);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  if (program.noise >= 0)
    dup2(program.noise, STDERR_FILENO);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGINT, SIG_IGN);
  if (program.faketime) {
    setenv("LD_PRELOAD", getenv("FAKETIME_LIB"), 1);
    setenv("FAKETIME_TIMESTAMP_FILE", program.clock_path, 1);
    setenv("FAKETIME_NO_CACHE", "1", 1);
    setenv("TZ", "UTC", 1);
  }
  char *line;
  if (asprintf(&line, "exec %s", program.command) > 0)
    execl("/bin/sh", "sh", "-c", line, (char *)NULL);
  _exit(127);
}

static bool start_adapter(void) {
  int to[2], from[2];
  if (pipe2(to, O_CLOEXEC) != 0)
    return false;
  if (pipe2(from, O_CLOEXEC) != 0) {
    close(to[0]);
    close(to[1]);
    return false;
  }
  program.used = 0;
  program.told = NULL;
  noise_open();
  noise_drop(0);
  pid_t worker = getpid();
  program.pid = fork();
  if (program.pid == 0)
    child(to[0], from[1], worker);
  if (program.pid > 0)
    setpgid(program.pid, program.pid); /* whoever comes first */
  close(to[0]);
  close(from[1]);
  program.in = to[1];
  program.out = from[0];
  return program.pid > 0;
}

static void stop_adapter(void) {
  if (program.pid <= 0)
    return;
  close(program.in);
  close(program.out);
  kill(-program.pid, SIGKILL);
  while (waitpid(program.pid, NULL, 0) < 0 && errno == EINTR) {
  }
  program.pid = 0;
}

/* At the end of the process, in whatever order it comes. */
static __attribute__((destructor)) void clean_up(void) {
  stop_adapter();
}

/* Lines ------------------------------------------------------------------------------------------------- */

enum line_state { LINE_READ, LINE_END, LINE_LONG, LINE_LATE };

static bool line_room(void) {
  if (program.used < program.room)
    return true;
  size_t room = program.room ? program.room * 2 : 65536;
  char *grown = realloc(program.line, room);
  if (!grown)
    return false;
  program.line = grown;
  program.room = room;
  return true;
}

/* The next line, as the first *len bytes of program.line. limit_ms: -1 for none. */
static enum line_state line_read(size_t *len, int limit_ms) {
  for (size_t looked = 0;;) {
    char *end = program.used > looked ? memchr(program.line + looked, '\n', program.used - looked) : NULL;
    if (end) {
      *len = (size_t)(end - program.line);
      return LINE_READ;
    }
    looked = program.used;
    if (program.used > EXEC_LINE_MAX || !line_room())
      return LINE_LONG;
    struct pollfd wait = {.fd = program.out, .events = POLLIN};
    if (limit_ms >= 0 && poll(&wait, 1, limit_ms) == 0)
      return LINE_LATE;
    ssize_t got = read(program.out, program.line + program.used, program.room - program.used);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return LINE_END;
    program.used += (size_t)got;
  }
}

static void line_drop(size_t len) {
  program.used -= len + 1;
  memmove(program.line, program.line + len + 1, program.used);
}

/* Whether it speaks without having been asked: a second answer, or one that comes too late. */
static bool is_talking(void) {
  struct pollfd now = {.fd = program.out, .events = POLLIN};
  return program.used > 0 || (poll(&now, 1, 0) > 0 && (now.revents & POLLIN));
}

static bool write_all(const char *text, size_t len) {
  while (len > 0) {
    ssize_t put = write(program.in, text, len);
    if (put < 0 && errno == EINTR)
      continue;
    if (put <= 0)
      return false;
    text += put;
    len -= (size_t)put;
  }
  return true;
}

/* Hello ------------------------------------------------------------------------------------------------- */

static struct assay_gap gaps[EXEC_LISTED_MAX];
static struct assay_fact build_facts[EXEC_LISTED_MAX];
static struct assay_verifier_facts told = {.is_elsewhere = true, .gaps = gaps};

static const char *hello_text(const json_t *hello, const char *name) {
  const char *text = json_string_value(json_object_get(hello, name));
  return text ? text : "";
}

/* A name that is not known here is no algorithm left out in silence: its tokens would never be asked. */
static bool hello_algorithms(const json_t *hello, char *problem, size_t size) {
  const json_t *algorithms = json_object_get(hello, "algorithms");
  told.algs = 0;
  for (size_t i = 0; i < json_array_size(algorithms); i++) {
    const char *name = json_string_value(json_array_get(algorithms, i));
    enum assay_alg alg = name ? assay_alg_by_name(name) : ASSAY_ALG_NONE;
    if (alg == ASSAY_ALG_NONE) {
      snprintf(problem, size, "'%.200s' names an algorithm that assay does not know: %.40s", program.command,
               name ? name : "no text");
      return false;
    }
    told.algs |= ASSAY_ALG_BIT(alg);
  }
  return true;
}

static void hello_lists(const json_t *hello) {
  const json_t *own = json_object_get(hello, "gaps"), *build = json_object_get(hello, "build");
  told.gap_count = told.build.fact_count = 0;
  for (size_t i = 0; i < json_array_size(own) && i < EXEC_LISTED_MAX; i++)
    gaps[told.gap_count++] = (struct assay_gap){hello_text(json_array_get(own, i), "reasons"),
                                                hello_text(json_array_get(own, i), "why")};
  for (size_t i = 0; i < json_array_size(build) && i < EXEC_LISTED_MAX; i++)
    if (json_is_string(json_array_get(build, i)))
      build_facts[told.build.fact_count++] =
          (struct assay_fact){json_string_value(json_array_get(build, i)), SOURCE_LIBRARY};
}

/* The strings of the hello are used as long as the process lives, and so is what holds them. */
static bool hello_take(const json_t *hello, char *problem, size_t size) {
  if (strcmp(hello_text(hello, "protocol"), EXEC_PROTOCOL) != 0) {
    snprintf(problem, size, "'%.200s' does not speak " EXEC_PROTOCOL ": its first line is no hello",
             program.command);
    return false;
  }
  const char *wrong = exec_hello_wrong(hello);
  if (wrong) {
    snprintf(problem, size, "'%.200s' says hello in a way that " EXEC_PROTOCOL " does not know: %s",
             program.command, wrong);
    return false;
  }
  told.build.library = hello_text(hello, "library");
  told.build.version = hello_text(hello, "version");
  told.build.path = hello_text(hello, "path");
  told.build.note = "";
  told.build.facts = build_facts;
  hello_lists(hello);
  return hello_algorithms(hello, problem, size);
}

static const char *why_no_line(enum line_state state) {
  static char text[128];
  int status;
  if (state == LINE_LATE)
    return "it said nothing for 30 s";
  if (state == LINE_LONG)
    return "its first line does not end";
  if (waitpid(program.pid, &status, 0) != program.pid)
    return "it ended";
  program.pid = 0;
  if (WIFSIGNALED(status))
    snprintf(text, sizeof text, "it died at once by signal %d (%s)", WTERMSIG(status),
             strsignal(WTERMSIG(status)));
  else
    snprintf(text, sizeof text, "it ended at once with exit code %d%s", WEXITSTATUS(status),
             WEXITSTATUS(status) == 127 ? " (no such program)" : "");
  return text;
}

/* Starts the program, and keeps its hello in place of an earlier one; false and one sentence where it cannot
 * be spoken to. */
static bool greet(char *problem, size_t size) {
  size_t len;
  if (!start_adapter()) {
    snprintf(problem, size, "'%.200s' cannot be started: %s", program.command, strerror(errno));
    return false;
  }
  enum line_state state = line_read(&len, HELLO_LIMIT_MS);
  if (state != LINE_READ) {
    const char *why = why_no_line(state), *noise = noise_last();
    if (!exec_missing(program.command, problem, size))
      snprintf(problem, size, "'%.200s' cannot be used: %s%s%s", program.command, why, noise[0] ? ": " : "",
               noise);
    stop_adapter();
    return false;
  }
  json_t *hello = json_loadb(program.line, len, 0, NULL);
  line_drop(len);
  const char *own = hello_text(hello, "problem"); /* a library of its own that is not installed, say */
  bool ok = !own[0] && hello_take(hello, problem, size);
  if (own[0])
    snprintf(problem, size, "%.400s", own);
  json_decref(ok ? program.hello : hello);
  if (ok)
    program.hello = hello;
  else
    stop_adapter();
  return ok;
}

static const struct assay_verifier_facts *facts(const char *argument, char *problem, size_t problem_bytes) {
  program.command = strdup(argument);
  program.clock_s = INT64_MIN;
  signal(SIGPIPE, SIG_IGN); /* a program that is gone is noticed by what it does not answer */
  if (!program.command || !argument[0]) {
    snprintf(problem, problem_bytes, "exec needs a command: exec:COMMAND");
    return NULL;
  }
  if (!greet(problem, problem_bytes))
    return NULL;
  if (strcmp(hello_text(program.hello, "clock"), "process") != 0)
    return &told;
  stop_adapter(); /* once more, with a clock that can be set */
  return clock_open(problem, problem_bytes) && greet(problem, problem_bytes) ? &told : NULL;
}

/* Settings and tokens ----------------------------------------------------------------------------------- */

static enum assay_outcome open_setting(const struct assay_setting *setting,
                                       struct assay_verifier_state **state) {
  *state = calloc(1, sizeof **state);
  if (*state && ((*state)->members = exec_setting_text(setting)))
    return ASSAY_MATCH;
  free(*state);
  return ASSAY_FAULT;
}

static void close_setting(struct assay_verifier_state *state) {
  if (program.told == state)
    program.told = NULL;
  free(state->members);
  free(state);
}

/* The program is gone: so is the worker, in the same way, for the host to see what and on which token. */
static void follow(void) {
  int status;
  pid_t pid = program.pid;
  program.pid = 0;
  if (waitpid(pid, &status, 0) == pid && WIFSIGNALED(status)) {
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
  }
  _exit(WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status) : 1);
}

/* Whatever it says from now on cannot be told apart from what it should have said. */
static void breach(struct assay_answer *answer, const char *words) {
  answer->reason = REASON_FAULT;
  if (words)
    exec_copy_words(answer->words, words);
  program.breaches++;
  stop_adapter();
}

static bool restart(struct assay_answer *answer) {
  char problem[ASSAY_WORDS_BYTES];
  if (program.pid > 0)
    return true;
  if (program.breaches > BREACHES_MAX) {
    breach(answer, "not asked any more: the program broke the protocol too often");
    return false;
  }
  bool ok = greet(problem, sizeof problem);
  if (!ok)
    breach(answer, problem);
  return ok;
}

/* Nobody can answer what was not asked: a number that cannot be guessed, and that every JSON library keeps
 * exactly (RFC 8259 6). */
static uint64_t id_new(void) {
  uint64_t id = 0;
  while (getrandom(&id, sizeof id, 0) != sizeof id && errno == EINTR)
    continue;
  return id >> 11;
}

static bool send_request(struct assay_verifier_state *state, uint64_t id, struct assay_bytes token,
                         int64_t now_s, struct assay_answer *answer) {
  size_t len;
  char *line = exec_request(id, token, program.told == state ? "" : state->members, now_s, &len);
  if (!line || (program.faketime && !clock_set(now_s))) {
    answer->reason = REASON_FAULT;
    free(line);
    return false;
  }
  program.told = state;
  if (!write_all(line, len))
    follow();
  free(line);
  return true;
}

static void verify(struct assay_verifier_state *state, struct assay_bytes token, int64_t now_s,
                   struct assay_answer *answer) {
  size_t len;
  if (!restart(answer))
    return;
  if (is_talking()) {
    breach(answer, "the program spoke without being asked: an answer that came twice or too late");
    return;
  }
  uint64_t id = id_new();
  if (!send_request(state, id, token, now_s, answer))
    return;
  enum line_state line = line_read(&len, -1);
  noise_drop(NOISE_MAX);
  if (line == LINE_END)
    follow();
  if (line == LINE_LONG) {
    breach(answer, "the answer is longer than a line may be");
    return;
  }
  if (exec_answer(program.line, len, id, answer))
    line_drop(len);
  else
    breach(answer, NULL);
}

ASSAY_EXPORT const struct assay_verifier assay_verifier = {
    .abi = ASSAY_VERIFIER_ABI,
    .size = sizeof(struct assay_verifier),
    .name = "exec",
    .summary = "a program of its own, asked line by line",
    .facts = facts,
    .open = open_setting,
    .close = close_setting,
    .verify = verify,
};
