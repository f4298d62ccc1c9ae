/* Which CPUs are halves of one core, from folders like that of the kernel, and what reports say of it. */
#include "harness/job/machine.h"
#include "reports/content/content.h"
#include "tests/cli.h"
#include "tests/sample_result.h"

static char folder[64];

static void set_up(void) {
  snprintf(folder, sizeof folder, "%s", fresh_folder());
}

static void tear_down(void) {
  shell("rm -rf %s", folder);
}

TestSuite(machine_cores, .init = set_up, .fini = tear_down);

/* As the kernel has it: a line for each CPU. */
static void tell(int cpu, const char *siblings) {
  shell("mkdir -p %s/cpu%d/topology && echo '%s' > %s/cpu%d/topology/thread_siblings_list", folder, cpu,
        siblings, folder, cpu);
}

static const int cpus[] = {0, 1, 2, 3};

Test(machine_cores, halves_share_a_number) {
  int cores[4];
  for (int cpu = 0; cpu < 4; cpu++)
    tell(cpu, cpu % 2 ? "1,3" : "0,2");
  cr_expect_eq(machine_cores_of(folder, cpus, 4, cores), 2);
  cr_expect(cores[0] == cores[2] && cores[1] == cores[3] && cores[0] != cores[1]);
  for (int cpu = 0; cpu < 4; cpu++)
    tell(cpu, cpu < 2 ? "0-1" : "2-3");
  cr_expect_eq(machine_cores_of(folder, cpus, 4, cores), 2);
  cr_expect(cores[0] == cores[1] && cores[2] == cores[3] && cores[0] != cores[2]);
  cr_expect_eq(machine_cores_of(folder, cpus + 1, 2, cores), 2, "one half of each");
}

Test(machine_cores, what_is_not_told_is_not_guessed) {
  static const char *const odd[] = {"", "x", "-1", "99999999999999999999", "2"};
  int cores[4];
  cr_expect_eq(machine_cores_of(folder, cpus, 4, cores), 0);
  for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
    tell(0, "0");
    tell(1, odd[i]);
    cr_expect_eq(machine_cores_of(folder, cpus, 2, cores), 0, "'%s'", odd[i]);
    cr_expect(cores[0] == 0 && cores[1] == 1, "each stands for itself: '%s'", odd[i]);
  }
}

Test(machine_cores, other_halves_come_last) {
  int order[] = {3, 1, 0, 2};
  const int cores[] = {1, 1, 0, 0};
  machine_spread(order, cores, 4);
  cr_expect(order[0] == 3 && order[1] == 0 && order[2] == 1 && order[3] == 2);
}

/* What this machine shows is said in a whole sentence, whatever it is. */
Test(machine_cores, of_this_machine_are_no_more_than_its_cpus) {
  struct result *result = result_new();
  machine_read(&result->machine);
  cr_expect(result->machine.cpus >= 1 && result->machine.cpus <= result->machine.cores);
  cr_expect_leq(result->machine.physical_cores, result->machine.cpus);
  result_free(result);
}

static void expect_words(unsigned all, unsigned usable, unsigned cores, const char *head,
                         const char *places) {
  struct result *result = result_new();
  result->machine.cores = all;
  result->machine.cpus = usable;
  result->machine.physical_cores = cores;
  char *said = content_cores(&result->machine), *place = content_places(&result->machine, 2);
  cr_expect_str_eq(said, head);
  cr_expect_str_eq(place ? place : "", places);
  free(said);
  free(place);
  result_free(result);
}

Test(machine_cores, are_told_as_what_they_are) {
  expect_words(2, 0, 0, "2 cores", "");
  expect_words(2, 2, 2, "2 cores", "2 threads on 2 cores");
  expect_words(2, 2, 1, "2 CPUs, on 1 core", "2 threads on the 2 halves of one core");
  expect_words(8, 8, 4, "8 CPUs, on 4 cores", "2 threads on 2 cores");
  expect_words(8, 2, 1, "2 CPUs of the 8, on 1 core", "2 threads on the 2 halves of one core");
  expect_words(2, 2, 0, "2 CPUs (cores not visible)",
               "cores are not visible here: the 2 CPUs may be the halves of one");
  expect_words(1, 1, 0, "1 CPU (cores not visible)", "2 threads on 1 CPU");
}

static char *threads_table(const struct result *result, int columns) {
  char *text = sample_render("terminal", result, (struct result_view){.columns = columns});
  const char *from = strstr(text, "Two threads"), *end = from ? strstr(from, "\n\n") : NULL;
  cr_assert_not_null(end, "%s", text);
  char *table = strndup(from, (size_t)(end - from) + 1);
  free(text);
  return table;
}

Test(machine_cores, stand_below_the_table_of_threads) {
  struct result *result = sample_rich();
  result->machine.cpus = 2;
  result->machine.physical_cores = 1;
  for (int columns = 80; columns <= 100; columns += 20) {
    char *table = threads_table(result, columns);
    cr_expect_not_null(strstr(table, "\n   2 threads on the 2 halves of one core."), "%s", table);
    free(table);
  }
  result->machine.physical_cores = 0;
  char *table = threads_table(result, 100);
  cr_expect_not_null(strstr(table, "cores are not visible here"), "%s", table);
  free(table);
  result_free(result);
}
