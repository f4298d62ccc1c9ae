/* The folder that a command leaves its result in: result.json, result.md and result.html. */
#ifndef ASSAY_JOB_RESULT_FILES_H
#define ASSAY_JOB_RESULT_FILES_H

#include "reports/model/result.h"

/* Each file is written whole or not at all. folder: exists. */
bool result_files_write(const struct result *result, const char *folder, struct assay_error *error);
/* Tells where they are, to stdout; the line goes on. */
void result_files_show(const char *folder);

#endif
