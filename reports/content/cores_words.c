/* Cores in words: what the machine shows of them. Two threads on the two halves of one core are not two cores. */
#include "reports/content/content.h"
#include "reports/text/allocate.h"
#include "reports/text/figures.h"

char *content_cores(const struct result_machine *machine) {
  char cpus[FIGURE_NOUN_BYTES], cores[FIGURE_NOUN_BYTES];
  if (!machine->cores)
    return allocate_copy("cores not known");
  if (!machine->cpus)
    return allocate_copy(figure_noun(cores, machine->cores, "core"));
  figure_noun(cpus, machine->cpus, "CPU");
  OWNED_TEXT char *usable = machine->cpus < machine->cores
                                ? allocate_format("%s of the %u", cpus, machine->cores)
                                : allocate_copy(cpus);
  if (!machine->physical_cores)
    return allocate_format("%s (cores not visible)", usable);
  figure_noun(cores, machine->physical_cores, "core");
  return machine->physical_cores == machine->cores ? allocate_copy(cores)
                                                   : allocate_format("%s, on %s", usable, cores);
}

/* Of so many threads at once, "on 2 cores". */
static char *place_of(const struct result_machine *machine, unsigned threads) {
  unsigned used = threads < machine->cpus ? threads : machine->cpus;
  char cores[FIGURE_NOUN_BYTES];
  if (machine->cpus == 1)
    return allocate_copy("on 1 CPU");
  if (machine->physical_cores == 1)
    return allocate_format("on the %u %s of one core", used, machine->cpus == 2 ? "halves" : "threads");
  figure_noun(cores, used < machine->physical_cores ? used : machine->physical_cores, "core");
  return used <= machine->physical_cores ? allocate_format("on %s", cores)
                                         : allocate_format("on %u threads of %s", used, cores);
}

char *content_places(const struct result_machine *machine, unsigned threads) {
  if (!machine->cpus)
    return NULL;
  if (machine->cpus > 1 && !machine->physical_cores)
    return allocate_format("cores are not visible here: the %u CPUs may be %s", machine->cpus,
                           machine->cpus == 2 ? "the halves of one" : "halves of fewer");
  OWNED_TEXT char *place = place_of(machine, threads);
  return allocate_format("%u threads %s", threads, place);
}
