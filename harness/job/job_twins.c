/* Two names for one library: a row each, as if there were two to compare. */
#include <string.h>

#include "harness/job/job.h"
#include "reports/model/measured.h"
#include "reports/text/allocate.h"

/* One told something else, a variant, is another use of it. */
static bool are_twins(const struct result_subject *a, const struct result_subject *b) {
  return a->sha256[0] && strcmp(a->sha256, b->sha256) == 0 && !result_is_floor(a->name) &&
         !result_is_floor(b->name) && strcmp(a->module_argument, b->module_argument) == 0;
}

void job_warn_of_twins(struct job *job) {
  const struct result_subject *subjects = job->result->subjects;
  for (size_t j = 1; j < job->result->subject_count; j++)
    for (size_t i = 0; i < j; i++) {
      const struct result_subject *a = &subjects[i], *b = &subjects[j];
      bool one_module = strcmp(a->module_sha256, b->module_sha256) == 0;
      if (!are_twins(a, b))
        continue;
      OWNED_TEXT char *text = allocate_format(
          "%s and %s load one library, byte for byte (%s%s), %s", a->name, b->name,
          b->path[0] ? b->path : "module ", b->path[0] ? "" : b->module_path,
          one_module
              ? "with one module: these are two names of one subject, and whatever differs between them is chance"
              : "with two modules: whatever differs between them is of the modules, or chance");
      job_warn(job, text);
      break;
    }
}
