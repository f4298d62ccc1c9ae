/* Keeps the first mistakes of a policy in the order of its lines, and counts the others. */
#include <stdlib.h>
#include <string.h>

#include "harness/pipeline/policy/policy_reader.h"

/* "policy.yaml:12: ..": 12, or 0 where the sentence is about no line. */
static size_t line_of(const char *name, const char *sentence) {
  size_t len = strlen(name);
  return strlen(sentence) > len && sentence[len] == ':' ? strtoul(sentence + len + 1, NULL, 10) : 0;
}

bool policy_fault_add(struct policy_faults *faults, const char *name, struct assay_error *sentence) {
  size_t line = line_of(name, sentence->text);
  size_t kept = faults->count < POLICY_FAULTS_MAX ? faults->count : POLICY_FAULTS_MAX, place = kept;
  if (!sentence->text[0]) /* those inside have been taken in */
    return true;
  while (place > 0 && faults->lines[place - 1] > line)
    place--;
  faults->count++;
  if (place < POLICY_FAULTS_MAX) {
    size_t behind = (kept < POLICY_FAULTS_MAX ? kept : POLICY_FAULTS_MAX - 1) - place;
    memmove(&faults->texts[place + 1], &faults->texts[place], behind * sizeof *faults->texts);
    memmove(&faults->lines[place + 1], &faults->lines[place], behind * sizeof *faults->lines);
    faults->texts[place] = *sentence;
    faults->lines[place] = line;
  }
  sentence->text[0] = '\0';
  return true;
}
