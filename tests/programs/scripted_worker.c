/* Stands where assay-worker does and asks no library: it answers every token rightly and takes the time that
 * its script says, so that what the host makes of times, and of workers that break, can be told beforehand.
 * The script is the argument of the subject, words with semicolons between; numbers of blocks count from 1 in
 * every process:
 *
 *   ns1000     nanoseconds a token            spread0.1  of the logarithm of it, from launch to launch
 *   crash9     ends by a signal in block 9    hang9      does not come back from it
 *   wrong9     has a wrong verdict in its ninth block of verifying: how many of which kind come before depends
 *              on how fast the machine is
 *   unsaid9    says that it is done and has not answered
 *   garbage9   fills its reply with ones      after9     answers block 9 and dies
 *   checks9    ends by a signal at the ninth token of a verdict pass
 *   lane1      the thread in which it does that; blocks without it are not counted then
 *   upper1     leaves the upper halves of the vector registers in use
 *   starts3    cannot be started more often: launches are counted in a file beside the module
 *
 * A number alone is the percentage by which it is slower than 1,000 ns. A module called null takes half of
 * it.
 */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "corpus/store/store.h"
#include "harness/base/clock.h"
#include "harness/base/random.h"
#include "harness/wire/control.h"
#include "harness/wire/futex.h"

#define FLOOR_NS 500 /* a token of a module called null */

struct script {
  double ns, spread;
  unsigned crash, hang, wrong, unsaid, garbage, after, checks, lane, starts, upper;
};

static struct control *control;
static struct corpus corpus;
static struct script script = {.ns = 1000};
static unsigned blocks, verify_blocks;

static void script_set(const char *name, double value) {
  const struct {
    const char *name;
    unsigned *number;
  } numbers[] = {{"crash", &script.crash},   {"hang", &script.hang},   {"wrong", &script.wrong},
                 {"unsaid", &script.unsaid}, {"after", &script.after}, {"garbage", &script.garbage},
                 {"checks", &script.checks}, {"lane", &script.lane},   {"starts", &script.starts},
                 {"upper", &script.upper}};
  if (strcmp(name, "ns") == 0)
    script.ns = value;
  if (strcmp(name, "spread") == 0)
    script.spread = value;
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    if (strcmp(name, numbers[i].name) == 0)
      *numbers[i].number = (unsigned)value;
}

static void script_read(char *text) {
  char *rest = NULL, *end;
  double percent = strtod(text, &end);
  if (end != text && *end == '\0')
    script.ns = 1000 * (1 + percent / 100);
  for (char *item = strtok_r(text, ";", &rest); item; item = strtok_r(NULL, ";", &rest)) {
    double value = atof(item + strcspn(item, "0123456789"));
    item[strcspn(item, "0123456789")] = '\0';
    script_set(item, value);
  }
  uint64_t random = clock_ns() ^ (uint64_t)getpid();
  double normal = -6;
  for (int i = 0; i < 12; i++)
    normal += (double)(random_next(&random) >> 11) / 9007199254740992.0;
  script.ns *= exp(script.spread * normal);
}

/* How often this module has been started, this time included. */
static unsigned launches_count(const char *module) {
  char path[4200];
  struct stat st = {0};
  snprintf(path, sizeof path, "%s.launches", module);
  FILE *file = fopen(path, "a");
  if (file) {
    fputc('x', file);
    fclose(file);
  }
  return stat(path, &st) == 0 ? (unsigned)st.st_size : 1;
}

static void answer(uint32_t turn) {
  for (unsigned i = 0; i < CONTROL_THREADS_MAX; i++)
    atomic_store(&control->lanes[i].in_flight, 0);
  atomic_store(&control->done, turn);
  futex_wake(&control->done);
}

static void in_flight_set(uint32_t position, uint32_t token) {
  atomic_store(&control->lanes[script.lane].in_flight, (uint64_t)(position + 1) << 32 | token);
}

static void crash(void) {
  atomic_store(&control->died_lane, script.lane + 1);
  signal(SIGSEGV, SIG_DFL);
  raise(SIGSEGV);
}

static uint32_t *list_of(const struct control_command *command) {
  return control_lists(control, &control->layout) + command->list_at;
}

static uint16_t right_answer(uint32_t token) {
  const struct corpus_token *of = &corpus.tokens[token];
  return of->only_answer != ANSWER_NONE ? of->only_answer : corpus.reasons[of->first_reason];
}

static void check(const struct control_command *command) {
  uint16_t *answers = control_answers(control, &control->layout);
  for (uint32_t i = command->start; i < command->list_len; i++) {
    uint32_t token = list_of(command)[i];
    in_flight_set(i, token);
    if (i + 1 == script.checks)
      crash();
    answers[token] = right_answer(token);
  }
}

/* The time really passes: the host knows how long a block took at most. */
static void pass_time(double ns) {
  uint64_t until = clock_ns() + (uint64_t)ns + 1;
  while (clock_ns() < until) {
  }
}

static void block(const struct control_command *command) {
  unsigned threads = command->threads > 1 ? command->threads : 1,
           number = threads > script.lane ? ++blocks : 0;
  double ns = script.ns * command->count;
  /* The token of the last lane's last operation, say. */
  uint32_t position = command->list_len - 1, token = list_of(command)[position];
  in_flight_set(position, token);
  if (number && number == script.crash)
    crash();
  while (number && number == script.hang)
    pause();
  pass_time(ns);
  control->reply.elapsed_ns = ns < 1 ? 1 : (uint64_t)ns;
  control->reply.tokens_per_s = threads * 1e9 * command->count / (double)control->reply.elapsed_ns;
  for (uint32_t i = 0; i < command->count && command->latency; i++)
    hist_record(control_hists(control, &control->layout), (uint64_t)script.ns);
  if (number && command->block == BLOCK_VERIFY && ++verify_blocks == script.wrong) {
    control->reply.wrong = 1;
    control->reply.first_wrong = token;
    control->reply.wrong_reason = REASON_SIGNATURE_INVALID;
  }
  if (script.upper && command->block == BLOCK_PRIMITIVE)
    control->reply.side_effects = SIDE_UPPER_HALVES;
  if (number && number == script.unsaid)
    memset(&control->reply, 0, sizeof control->reply);
  if (number && number == script.garbage) {
    memset(&control->reply, 0xff, sizeof control->reply);
    control->reply.state = REPLY_OK;
  }
}

static void identity_write(const char *module) {
  snprintf(
      control->identity, sizeof control->identity,
      "{\"kind\":\"backend\",\"name\":\"scripted\",\"library\":\"scripted\",\"version\":\"1\","
      "\"path\":\"%s\",\"algorithms\":[\"HS256\",\"RS256\",\"ES256\"],\"allocations_missing\":\"no heap\"}",
      module);
}

static bool control_map(void) {
  struct stat st;
  if (fstat(CONTROL_FD, &st) != 0)
    return false;
  control = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, CONTROL_FD, 0);
  return control != MAP_FAILED && control->abi == CONTROL_ABI;
}

static bool next_turn(uint32_t *turn) {
  uint32_t now;
  while ((now = atomic_load(&control->turn)) == *turn)
    futex_wait(&control->turn, *turn, INT64_C(1000000000));
  *turn = now;
  return control->command.kind != COMMAND_QUIT;
}

static void carry_out(uint32_t turn) {
  const struct control_command command = control->command;
  memset(&control->reply, 0, sizeof control->reply);
  control->reply.state = REPLY_OK;
  control->reply.first_wrong = CORPUS_NONE;
  if (command.kind == COMMAND_CHECK)
    check(&command);
  else
    block(&command);
  answer(turn);
  if (command.kind == COMMAND_BLOCK && script.after && blocks == script.after)
    _exit(3);
}

int main(int argc, char **argv) {
  struct assay_error error = {0};
  uint32_t turn = 1;
  if (argc < 4 || !control_map())
    return 4;
  const char *slash = strrchr(argv[1], '/');
  script.ns = strcmp(slash ? slash + 1 : argv[1], "null.so") == 0 ? FLOOR_NS : script.ns;
  script_read(argv[2]);
  if (argv[3][0] && !corpus_open(&corpus, argv[3], &error))
    return 4;
  if (launches_count(argv[1]) > script.starts && script.starts)
    return 5;
  identity_write(argv[1]);
  control->reply.state = REPLY_OK;
  answer(turn);
  while (next_turn(&turn))
    carry_out(turn);
  return 0;
}
