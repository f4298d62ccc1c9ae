/* What the keeper of a worker tells the host, one record after the other, through a pipe that the worker does
 * not have. See harness/keeper/keeper.c. */
#ifndef ASSAY_WIRE_KEEPER_H
#define ASSAY_WIRE_KEEPER_H

#include <stdint.h>

enum keeper_event {
  KEEPER_STARTED = 1, /* value: the worker's process */
  KEEPER_FAILED,      /* value: the error number of its exec */
  KEEPER_ENDED        /* value: its status as waitpid has it. Nothing that it started is left either */
};

struct keeper_report {
  int32_t event, value;
};

#endif
