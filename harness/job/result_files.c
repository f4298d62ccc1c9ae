/* Writes the result in the three formats that a folder holds. */
#include "harness/job/result_files.h"

#include <stdio.h>

#include "harness/base/files/file.h"

static bool write_one(const struct result *result, const char *folder, const char *format, const char *name,
                      struct assay_error *error) {
  char path[4200];
  struct file_writer writer;
  const struct result_view view = {.verbose = true};
  const struct result_format *writes = result_format_by_name(format);
  snprintf(path, sizeof path, "%s/%s", folder, name);
  if (!file_open(&writer, path, error))
    return false;
  if (!writes->write(result, &view, writer.stream)) {
    file_abandon(&writer);
    return error_set(error, "cannot write %s: no memory", path);
  }
  return file_commit(&writer, error);
}

bool result_files_write(const struct result *result, const char *folder, struct assay_error *error) {
  return write_one(result, folder, "json", RESULT_FILE, error) &&
         write_one(result, folder, "markdown", "result.md", error) &&
         write_one(result, folder, "html", "result.html", error);
}

void result_files_show(const char *folder) {
  printf("Report   %s/result.html   %s/result.md   %s/result.json", folder, folder, folder);
}
