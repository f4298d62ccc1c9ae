/* The verdict pass: every subject is asked about every token once, all subjects side by side on all cores. */
#ifndef ASSAY_SUBJECT_CHECK_H
#define ASSAY_SUBJECT_CHECK_H

#include "harness/subject/subject.h"

/* A subject that dies more often than this is given up; its remaining answers stay ANSWER_NONE. */
#define CHECK_DEATHS_MAX 500
/* So often it may die in a row before it is at work on any token. */
#define CHECK_STALLS_MAX 3

struct check {
  struct subject *subjects;
  unsigned subject_count;
  uint32_t list_at, list_len; /* the slice of the subjects' lists */
  enum command_kind ask;      /* 0: about tokens. COMMAND_PRIMITIVE, COMMAND_GUARDED: the lists name
                                 raw vectors; the former's answers are outcomes */
  const volatile sig_atomic_t *stop;
  void (*progress)(void *arg, const char *what, double share);
  void *arg;
};

/* Finds every subject's answers (subject_answer): a reason, ANSWER_CRASH or ANSWER_HANG. All of the slice
 * is answered then: what a subject left open although it said that it was done is a fault, and what it was
 * not asked because it could not go on is counted in its `error`. False when stopped, where what was answered
 * by then stands, and when a subject's `error` says what is wrong with it; the others finish. */
bool check_run(struct check *check);

#endif
