/* The verdict pass: every subject is asked about every token once, all subjects side by side on all cores. */
#ifndef ASSAY_SUBJECT_CHECK_H
#define ASSAY_SUBJECT_CHECK_H

#include "harness/subject/subject.h"

/* A subject that dies more often than this is given up; its remaining answers stay ANSWER_NONE. */
#define CHECK_DEATHS_MAX 500

struct check {
  struct subject *subjects;
  unsigned subject_count;
  uint32_t list_at, list_len; /* the slice of the subjects' lists */
  enum command_kind ask;      /* 0: about tokens. COMMAND_PRIMITIVE, COMMAND_GUARDED: the lists name
                                 raw vectors; the former's answers are outcomes */
  int vectors_fd;             /* of vectors_seal, where the lists name raw vectors */
  const volatile sig_atomic_t *stop;
  void (*progress)(void *arg, const char *what, double share);
  void *arg;
};

/* Writes every subject's answers (control_answers): a reason, ANSWER_CRASH or ANSWER_HANG. False when stopped
 * or when a subject cannot go on: its `error` says why, the others finish. */
bool check_run(struct check *check);

#endif
