/* A module of another time: its abi is none that the harness knows, and every pointer after it would be a
 * mistake to follow. */
#include "backends/backend.h"

const struct assay_backend assay_backend = {.abi = 999, .size = sizeof(struct assay_backend)};
