/* Places in a policy, as its readers name them. */
#include <stdio.h>

#include "harness/pipeline/policy/policy_reader.h"

static void path_of(const struct spot *spot, const char *field, char *path, size_t size) {
  snprintf(path, size, "%s%s%s", spot->path, *spot->path ? "/" : "", field);
}

size_t spot_line(const struct spot *spot, const char *field) {
  char path[192];
  path_of(spot, field, path, sizeof path);
  return policy_source_line(&spot->reader->source, path);
}

const yaml_node_t *spot_node(const struct spot *spot, const char *field) {
  char path[192];
  path_of(spot, field, path, sizeof path);
  return policy_source_find(&spot->reader->source, path);
}

bool no_memory(const struct reader *reader) {
  return error_set(reader->error, "%s: no memory to read it", reader->source.name);
}
