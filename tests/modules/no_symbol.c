/* A shared object that is no module: it exports nothing by the name of assay_backend. */
#include "backends/backend.h"

ASSAY_EXPORT int something_else(void);

int something_else(void) {
  return 1;
}
