/* The tables of fields, and what can be done with a record by its table alone. */
#include "reports/model/fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text/allocate.h"

#define SHAPE(type, table)                                                                                   \
  { sizeof(type), (table), sizeof(table) / sizeof((table)[0]) }
#define FIELD(kind, presence, type, member, name)                                                            \
  { (name), (kind), (presence), offsetof(type, member), 0, NULL, NULL }
#define PLAIN(kind, type, member, name) FIELD(kind, ALWAYS, type, member, name)
#define LATER(kind, type, member, name) FIELD(kind, OPTIONAL, type, member, name)
#define COUNTER(type, member, name) FIELD(FIELD_COUNT, SPARSE, type, member, name)
#define TALLY(type, member, name) FIELD(FIELD_UNSIGNED, SPARSE, type, member, name)
#define INSIDE(type, member, name, shape)                                                                    \
  { (name), FIELD_OBJECT, ALWAYS, offsetof(type, member), 0, (shape), NULL }
#define MANY(kind, type, member, counter, name, shape)                                                       \
  { (name), (kind), ALWAYS, offsetof(type, member), offsetof(type, counter), (shape), NULL }

#define T struct result_tool
static const struct field tool_fields[] = {
    PLAIN(FIELD_STRING, T, version, "version"),     PLAIN(FIELD_STRING, T, commit, "commit"),
    PLAIN(FIELD_STRING, T, compiler, "compiler"),   PLAIN(FIELD_STRING, T, flags, "flags"),
    PLAIN(FIELD_STRING, T, sanitizer, "sanitizer"),
};
static const struct shape tool_shape = SHAPE(T, tool_fields);
#undef T

#define T struct result_run
static const struct field run_fields[] = {
    PLAIN(FIELD_UNSIGNED, T, launches, "launches"),
    PLAIN(FIELD_UNSIGNED, T, rounds, "rounds"),
    PLAIN(FIELD_FIGURE, T, block_ns, "block_ns"),
    PLAIN(FIELD_INDEX, T, pinned_cpu, "pinned_cpu"),
    PLAIN(FIELD_SEED, T, order_seed, "order_seed"),
    PLAIN(FIELD_FIGURE, T, steal, "steal"),
    PLAIN(FIELD_COUNT, T, involuntary_switches, "involuntary_switches"),
    PLAIN(FIELD_FIGURE, T, duration_s, "duration_s"),
    LATER(FIELD_STRING, T, counted_by, "counted_by"),
};
static const struct shape run_shape = SHAPE(T, run_fields);
#undef T

#define T struct result_machine
static const struct field machine_fields[] = {
    LATER(FIELD_STRING, T, host, "host"),
    PLAIN(FIELD_STRING, T, cpu, "cpu"),
    PLAIN(FIELD_STRING, T, flags, "flags"),
    PLAIN(FIELD_UNSIGNED, T, cores, "cores"),
    LATER(FIELD_FIGURE, T, mhz, "mhz"),
    PLAIN(FIELD_STRING, T, governor, "governor"),
    PLAIN(FIELD_STRING, T, boost, "boost"),
    PLAIN(FIELD_STRING, T, smt, "smt"),
    PLAIN(FIELD_STRING, T, aslr, "aslr"),
    PLAIN(FIELD_STRING, T, hypervisor, "hypervisor"),
    PLAIN(FIELD_STRING, T, kernel, "kernel"),
    PLAIN(FIELD_STRING, T, microcode, "microcode"),
    PLAIN(FIELD_STRING, T, clock, "clock"),
    PLAIN(FIELD_FIGURE, T, timer_ns, "timer_ns"),
    PLAIN(FIELD_STRING, T, counters, "counters"),
    PLAIN(FIELD_FIGURE, T, load, "load"),
    PLAIN(FIELD_STRINGS, T, warnings, "warnings"),
};
static const struct shape machine_shape = SHAPE(T, machine_fields);
#undef T

#define T struct result_corpus
static const struct field corpus_fields[] = {
    PLAIN(FIELD_STRING, T, profile, "profile"),     PLAIN(FIELD_SEED, T, seed, "seed"),
    PLAIN(FIELD_STRING, T, generator, "generator"), PLAIN(FIELD_STRING, T, sha256, "sha256"),
    PLAIN(FIELD_COUNT, T, tokens, "tokens"),        PLAIN(FIELD_COUNT, T, classes, "classes"),
};
static const struct shape corpus_shape = SHAPE(T, corpus_fields);
#undef T

#define T struct result_fact
static const struct field fact_fields[] = {
    PLAIN(FIELD_STRING, T, fact, "fact"),
    PLAIN(FIELD_STRING, T, source, "source"),
};
const struct shape fact_shape = SHAPE(T, fact_fields);
#undef T

#define T struct result_gap
static const struct field gap_fields[] = {
    PLAIN(FIELD_STRING, T, reasons, "reasons"),
    PLAIN(FIELD_STRING, T, why, "why"),
};
const struct shape gap_shape = SHAPE(T, gap_fields);
#undef T

#define T struct result_subject
static const struct field module_fields[] = {
    PLAIN(FIELD_STRING, T, module_compiler, "compiler"),
    PLAIN(FIELD_STRING, T, module_flags, "flags"),
    PLAIN(FIELD_STRING, T, module_sanitizer, "sanitizer"),
};
static const struct shape module_shape = SHAPE(T, module_fields);

static const struct field subject_fields[] = {
    PLAIN(FIELD_STRING, T, name, "name"),
    PLAIN(FIELD_STRING, T, variant, "variant"),
    PLAIN(FIELD_STRING, T, kind, "kind"),
    PLAIN(FIELD_STRING, T, library, "library"),
    PLAIN(FIELD_STRING, T, version, "version"),
    LATER(FIELD_STRING, T, note, "note"),
    PLAIN(FIELD_STRING, T, package, "package"),
    PLAIN(FIELD_STRING, T, path, "path"),
    PLAIN(FIELD_STRING, T, sha256, "sha256"),
    MANY(FIELD_LIST, T, build, build_count, "build", &fact_shape),
    PLAIN(FIELD_STRINGS, T, dispatch, "dispatch"),
    /* Flat in the struct, an object in JSON. */
    {"module", FIELD_OBJECT, ALWAYS, 0, 0, &module_shape, NULL},
    PLAIN(FIELD_STRINGS, T, algorithms, "algorithms"),
    {"gaps", FIELD_LIST, SPARSE, offsetof(T, gaps), offsetof(T, gap_count), &gap_shape, NULL},
};
const struct shape subject_shape = SHAPE(T, subject_fields);
#undef T

#define T struct result_given
static const struct field given_fields[] = {
    PLAIN(FIELD_STRING, T, answer, "answer"),
    PLAIN(FIELD_STRING, T, kind, "kind"),
    PLAIN(FIELD_UNSIGNED, T, tokens, "tokens"),
    PLAIN(FIELD_STRING, T, example, "example"),
};
const struct shape given_shape = SHAPE(T, given_fields);
#undef T

/* Of a verdict row, which stands in `in` in an exception. */
#define GIVEN(type, in)                                                                                      \
  {                                                                                                          \
    "answers", FIELD_LIST, SPARSE, offsetof(type, in given), offsetof(type, in given_count), &given_shape,   \
        NULL                                                                                                 \
  }
#define COUNTERS(type, in)                                                                                   \
  TALLY(type, in accepted, "accepted"), TALLY(type, in refused, "refused"),                                  \
      TALLY(type, in wrong_reason, "wrong_reason"), TALLY(type, in pinned_differs, "pinned_differs"),        \
      TALLY(type, in unmapped, "unmapped"), TALLY(type, in undecided, "undecided"),                          \
      TALLY(type, in unsupported, "unsupported"), TALLY(type, in fault, "fault"),                            \
      TALLY(type, in crash, "crash"), TALLY(type, in hang, "hang"), TALLY(type, in unscored, "unscored"),    \
      TALLY(type, in forbidden, "forbidden")

static uint64_t verdict_right_of(const void *verdict) {
  return result_verdict_right(verdict);
}

static uint64_t wrong_verdict_of(const void *verdict) {
  const struct result_verdict *row = verdict;
  return (uint64_t)row->accepted + row->refused;
}

#define T struct result_verdict
static const struct field verdict_fields[] = {
    PLAIN(FIELD_STRING, T, level, "level"),
    PLAIN(FIELD_STRING, T, subject, "subject"),
    PLAIN(FIELD_STRING, T, class_id, "class"),
    PLAIN(FIELD_STRING, T, variant, "variant"),
    PLAIN(FIELD_STRING, T, stage, "stage"),
    PLAIN(FIELD_STRING, T, alg, "alg"),
    PLAIN(FIELD_STRING, T, expected, "expected"),
    FIELD(FIELD_BOOL, SPARSE, T, pinned, "pinned"),
    PLAIN(FIELD_UNSIGNED, T, tokens, "tokens"),
    {"verdict_right", FIELD_DERIVED, SPARSE, offsetof(T, in_file.verdict_right), 0, NULL, verdict_right_of},
    TALLY(T, right, "right"),
    {"wrong_verdict", FIELD_DERIVED, SPARSE, offsetof(T, in_file.wrong_verdict), 0, NULL, wrong_verdict_of},
    COUNTERS(T, ),
    GIVEN(T, ),
    FIELD(FIELD_STRINGS, SPARSE, T, examples, "examples"),
};
const struct shape verdict_shape = SHAPE(T, verdict_fields);
#undef T

#define T struct result_asked
static const struct field asked_fields[] = {
    PLAIN(FIELD_STRING, T, level, "level"),
    PLAIN(FIELD_STRING, T, subject, "subject"),
};
const struct shape asked_shape = SHAPE(T, asked_fields);
#undef T

#define T struct result_class_tokens
static const struct field class_tokens_fields[] = {
    PLAIN(FIELD_STRING, T, alg, "alg"),
    PLAIN(FIELD_COUNT, T, tokens, "tokens"),
};
const struct shape class_tokens_shape = SHAPE(T, class_tokens_fields);
_Static_assert(sizeof(T) == sizeof(struct field_tally), "a FIELD_TALLIES lists strings and counts");
#undef T

#define T struct result_exception
static const struct field exception_fields[] = {
    PLAIN(FIELD_STRING, T, subject, "subject"),
    FIELD(FIELD_STRINGS, SPARSE, T, variants, "variants"),
    FIELD(FIELD_STRINGS, SPARSE, T, algs, "algs"),
    TALLY(T, answered.tokens, "tokens"),
    TALLY(T, answered.right, "right"),
    COUNTERS(T, answered.),
    GIVEN(T, answered.),
    FIELD(FIELD_STRINGS, SPARSE, T, answered.examples, "examples"),
};
const struct shape exception_shape = SHAPE(T, exception_fields);
#undef T

#define T struct result_class
static const struct field class_fields[] = {
    PLAIN(FIELD_STRING, T, class_id, "class"),
    FIELD(FIELD_STRINGS, SPARSE, T, variants, "variants"),
    PLAIN(FIELD_STRING, T, stage, "stage"),
    PLAIN(FIELD_STRING, T, expected, "expected"),
    FIELD(FIELD_BOOL, SPARSE, T, pinned, "pinned"),
    MANY(FIELD_TALLIES, T, tokens, alg_count, "tokens", &class_tokens_shape),
    {"asked", FIELD_LIST, SPARSE, offsetof(T, asked), offsetof(T, asked_count), &asked_shape, NULL},
    {"exceptions", FIELD_LIST, SPARSE, offsetof(T, exceptions), offsetof(T, exception_count),
     &exception_shape, NULL},
};
const struct shape class_shape = SHAPE(T, class_fields);
#undef T

#define T struct result_left_out
static const struct field left_out_fields[] = {
    PLAIN(FIELD_STRING, T, class_id, "class"),
    PLAIN(FIELD_STRING, T, reason, "reason"),
    PLAIN(FIELD_COUNT, T, tokens, "tokens"),
};
const struct shape left_out_shape = SHAPE(T, left_out_fields);
#undef T

#define T struct result_answer
static const struct field answer_fields[] = {
    PLAIN(FIELD_STRING, T, subject, "subject"),
    PLAIN(FIELD_STRING, T, answer, "answer"),
};
const struct shape answer_shape = SHAPE(T, answer_fields);
_Static_assert(sizeof(T) == sizeof(struct field_pair), "a FIELD_MAP lists pairs of strings");
#undef T

#define T struct result_drift
static const struct field drift_fields[] = {
    PLAIN(FIELD_STRING, T, class_id, "class"),
    PLAIN(FIELD_STRING, T, variant, "variant"),
    PLAIN(FIELD_STRING, T, alg, "alg"),
    MANY(FIELD_MAP, T, answers, answer_count, "answers", &answer_shape),
    PLAIN(FIELD_STRING, T, example, "example"),
    LATER(FIELD_STRING, T, expected, "expected"),
};
const struct shape drift_shape = SHAPE(T, drift_fields);
#undef T

#define T struct result_token
static const struct field token_fields[] = {
    PLAIN(FIELD_STRING, T, id, "id"),
    PLAIN(FIELD_STRING, T, class_id, "class"),
    PLAIN(FIELD_STRING, T, token, "token"),
};
const struct shape token_shape = SHAPE(T, token_fields);
#undef T

#define T struct result_missing
static const struct field missing_fields[] = {
    PLAIN(FIELD_STRING, T, field, "field"),
    PLAIN(FIELD_STRING, T, why, "why"),
};
const struct shape missing_shape = SHAPE(T, missing_fields);
_Static_assert(sizeof(T) == sizeof(struct field_pair), "a FIELD_MAP lists pairs of strings");
#undef T

#define T struct result_histogram
static const struct field histogram_fields[] = {
    PLAIN(FIELD_COUNT, T, min_ns, "min_ns"),
    PLAIN(FIELD_COUNT, T, max_ns, "max_ns"),
    PLAIN(FIELD_COUNT, T, sum_ns, "sum_ns"),
    MANY(FIELD_COUNTS, T, low_ns, slot_count, "low_ns", NULL),
    MANY(FIELD_COUNTS, T, counts, count_count, "counts", NULL),
};
static const struct shape histogram_shape = SHAPE(T, histogram_fields);
#undef T

#define T struct result_speed
static const struct field speed_fields[] = {
    PLAIN(FIELD_STRING, T, subject, "subject"),
    PLAIN(FIELD_STRING, T, alg, "alg"),
    PLAIN(FIELD_UNSIGNED, T, key_bits, "key_bits"),
    PLAIN(FIELD_STRING, T, metric, "metric"),
    PLAIN(FIELD_STRING, T, mode, "mode"),
    PLAIN(FIELD_UNSIGNED, T, threads, "threads"),
    PLAIN(FIELD_UNSIGNED, T, batch, "batch"),
    PLAIN(FIELD_UNSIGNED, T, keys, "keys"),
    PLAIN(FIELD_BOOL, T, kid, "kid"),
    LATER(FIELD_STRING, T, key_place, "key_place"),
    PLAIN(FIELD_FIGURE, T, bad_share, "bad_share"),
    PLAIN(FIELD_FIGURE, T, tokens_per_s, "tokens_per_s"),
    PLAIN(FIELD_FIGURE, T, ns, "ns"),
    PLAIN(FIELD_FIGURE, T, ns_low, "ns_low"),
    PLAIN(FIELD_FIGURE, T, ns_high, "ns_high"),
    PLAIN(FIELD_FIGURE, T, p50_ns, "p50_ns"),
    PLAIN(FIELD_FIGURE, T, p90_ns, "p90_ns"),
    PLAIN(FIELD_FIGURE, T, p99_ns, "p99_ns"),
    PLAIN(FIELD_FIGURE, T, p999_ns, "p999_ns"),
    PLAIN(FIELD_FIGURE, T, max_ns, "max_ns"),
    PLAIN(FIELD_FIGURE, T, of_primitive, "of_primitive"),
    PLAIN(FIELD_FIGURE, T, ratio, "ratio"),
    PLAIN(FIELD_FIGURE, T, ratio_low, "ratio_low"),
    PLAIN(FIELD_FIGURE, T, ratio_high, "ratio_high"),
    PLAIN(FIELD_BOOL, T, resolved, "resolved"),
    PLAIN(FIELD_FIGURE, T, instructions, "instructions"),
    PLAIN(FIELD_BOOL, T, verdicts_ok, "verdicts_ok"),
    COUNTER(T, block_operations, "block_operations"),
    MANY(FIELD_SAMPLES, T, samples, sample_count, "samples", NULL),
    {"histogram", FIELD_OBJECT, SPARSE, offsetof(T, histogram), 0, &histogram_shape, NULL},
    MANY(FIELD_MAP, T, missing, missing_count, "missing", &missing_shape),
};
const struct shape speed_shape = SHAPE(T, speed_fields);
#undef T

#define T struct result_memory
static const struct field memory_fields[] = {
    PLAIN(FIELD_STRING, T, subject, "subject"),
    PLAIN(FIELD_STRING, T, alg, "alg"),
    PLAIN(FIELD_FIGURE, T, allocations_per_token, "allocations_per_token"),
    PLAIN(FIELD_FIGURE, T, bytes_per_token, "bytes_per_token"),
    PLAIN(FIELD_BYTES, T, peak_rss_bytes, "peak_rss_bytes"),
    PLAIN(FIELD_BYTES, T, arena_high_water_bytes, "arena_high_water_bytes"),
    LATER(FIELD_STRING, T, note, "note"),
};
const struct shape memory_shape = SHAPE(T, memory_fields);
#undef T

#define T struct result_scaling
static const struct field scaling_fields[] = {
    PLAIN(FIELD_STRING, T, subject, "subject"),           PLAIN(FIELD_STRING, T, alg, "alg"),
    PLAIN(FIELD_UNSIGNED, T, key_bits, "key_bits"),       PLAIN(FIELD_UNSIGNED, T, threads, "threads"),
    PLAIN(FIELD_FIGURE, T, tokens_per_s, "tokens_per_s"), PLAIN(FIELD_FIGURE, T, of_one, "of_one"),
    LATER(FIELD_FIGURE, T, of_one_low, "of_one_low"),     LATER(FIELD_FIGURE, T, of_one_high, "of_one_high"),
    LATER(FIELD_STRING, T, contexts, "contexts"),         PLAIN(FIELD_STRING, T, note, "note"),
};
const struct shape scaling_shape = SHAPE(T, scaling_fields);
#undef T

#define T struct result_stage
static const struct field stage_fields[] = {
    PLAIN(FIELD_STRING, T, stage, "stage"),
    PLAIN(FIELD_DIFFERENCE, T, ns, "ns"),
};
const struct shape stage_shape = SHAPE(T, stage_fields);
_Static_assert(sizeof(T) == sizeof(struct field_figure), "a FIELD_FIGURES lists strings and numbers");
#undef T

#define T struct result_ledger
static const struct field ledger_fields[] = {
    PLAIN(FIELD_STRING, T, subject, "subject"),
    PLAIN(FIELD_STRING, T, alg, "alg"),
    PLAIN(FIELD_UNSIGNED, T, key_bits, "key_bits"),
    PLAIN(FIELD_FIGURE, T, ns, "ns"),
    MANY(FIELD_FIGURES, T, stages, stage_count, "stages", &stage_shape),
    PLAIN(FIELD_DIFFERENCE, T, residual_ns, "residual_ns"),
    LATER(FIELD_STRINGS, T, unresolved, "unresolved"),
};
const struct shape ledger_shape = SHAPE(T, ledger_fields);
#undef T

#define T struct result_rejection_cost
static const struct field rejection_cost_fields[] = {
    PLAIN(FIELD_STRING, T, subject, "subject"),
    PLAIN(FIELD_STRING, T, alg, "alg"),
    PLAIN(FIELD_UNSIGNED, T, key_bits, "key_bits"),
    PLAIN(FIELD_STRING, T, reason, "reason"),
    PLAIN(FIELD_STRING, T, class_id, "class"),
    PLAIN(FIELD_STRING, T, variant, "variant"),
    PLAIN(FIELD_FIGURE, T, ns, "ns"),
    LATER(FIELD_FIGURE, T, ns_low, "ns_low"),
    LATER(FIELD_FIGURE, T, ns_high, "ns_high"),
    PLAIN(FIELD_FIGURE, T, tokens_per_s, "tokens_per_s"),
    PLAIN(FIELD_FIGURE, T, of_good, "of_good"),
    LATER(FIELD_FIGURE, T, of_good_low, "of_good_low"),
    LATER(FIELD_FIGURE, T, of_good_high, "of_good_high"),
};
const struct shape rejection_cost_shape = SHAPE(T, rejection_cost_fields);
#undef T

#define T struct result_gate_finding
static const struct field gate_finding_fields[] = {
    PLAIN(FIELD_STRING, T, where, "where"),     LATER(FIELD_STRING, T, subject, "subject"),
    PLAIN(FIELD_STRING, T, base, "base"),       PLAIN(FIELD_STRING, T, head, "head"),
    PLAIN(FIELD_STRING, T, example, "example"), PLAIN(FIELD_COUNT, T, tokens, "tokens"),
};
const struct shape gate_finding_shape = SHAPE(T, gate_finding_fields);
#undef T

#define T struct result_gate
static const struct field gate_fields[] = {
    PLAIN(FIELD_STRING, T, kind, "kind"),
    PLAIN(FIELD_STRING, T, subject, "subject"),
    PLAIN(FIELD_STRING, T, base, "base"),
    PLAIN(FIELD_STRING, T, alg, "alg"),
    PLAIN(FIELD_UNSIGNED, T, key_bits, "key_bits"),
    LATER(FIELD_STRING, T, conditions, "conditions"),
    PLAIN(FIELD_STRING, T, measure, "measure"),
    PLAIN(FIELD_DIFFERENCE, T, change, "change"),
    PLAIN(FIELD_DIFFERENCE, T, low, "change_low"),
    PLAIN(FIELD_DIFFERENCE, T, high, "change_high"),
    PLAIN(FIELD_FIGURE, T, noise, "noise"),
    PLAIN(FIELD_FIGURE, T, threshold, "threshold"),
    COUNTER(T, tokens, "tokens"),
    COUNTER(T, wrong, "wrong"),
    PLAIN(FIELD_STRING, T, answer, "answer"),
    PLAIN(FIELD_STRING, T, reason, "reason"),
    {"findings", FIELD_LIST, SPARSE, offsetof(T, findings), offsetof(T, finding_count), &gate_finding_shape,
     NULL},
};
const struct shape gate_shape = SHAPE(T, gate_fields);
#undef T

#define T struct result_noise
static const struct field aa_fields[] = {
    PLAIN(FIELD_COUNT, T, trials, "trials"),
    PLAIN(FIELD_FIGURE, T, false_positive_rate, "false_positive_rate"),
};
static const struct shape aa_shape = SHAPE(T, aa_fields);

static const struct field noise_fields[] = {
    /* Flat in the struct, an object in JSON. */
    {"aa", FIELD_OBJECT, ALWAYS, 0, 0, &aa_shape, NULL},
    PLAIN(FIELD_FIGURE, T, min_detectable, "min_detectable"),
};
static const struct shape noise_shape = SHAPE(T, noise_fields);
#undef T

#define T struct result
static const struct field result_fields[] = {
    INSIDE(T, tool, "tool", &tool_shape),
    PLAIN(FIELD_STRINGS, T, command, "command"),
    PLAIN(FIELD_STRING, T, started, "started"),
    PLAIN(FIELD_BOOL, T, partial, "partial"),
    LATER(FIELD_STRING, T, reference, "reference"),
    INSIDE(T, run, "run", &run_shape),
    INSIDE(T, machine, "machine", &machine_shape),
    INSIDE(T, corpus, "corpus", &corpus_shape),
    MANY(FIELD_LIST, T, subjects, subject_count, "subjects", &subject_shape),
    {"verdicts", FIELD_LIST, FIRST, offsetof(T, verdicts), offsetof(T, verdict_count), &verdict_shape, NULL},
    {"asked", FIELD_LIST, SECOND, offsetof(T, asked), offsetof(T, asked_count), &asked_shape, NULL},
    {"classes", FIELD_LIST, SECOND, offsetof(T, classes), offsetof(T, class_count), &class_shape, NULL},
    {"left_out", FIELD_LIST, OPTIONAL, offsetof(T, left_out), offsetof(T, left_out_count), &left_out_shape,
     NULL},
    MANY(FIELD_LIST, T, drift, drift_count, "drift", &drift_shape),
    LATER(FIELD_COUNT, T, answers_left_out, "answers_left_out"),
    {"tokens", FIELD_LIST, OPTIONAL, offsetof(T, tokens), offsetof(T, token_count), &token_shape, NULL},
    MANY(FIELD_LIST, T, speed, speed_count, "speed", &speed_shape),
    MANY(FIELD_LIST, T, memory, memory_count, "memory", &memory_shape),
    MANY(FIELD_LIST, T, scaling, scaling_count, "scaling", &scaling_shape),
    {"ledger", FIELD_LIST, OPTIONAL, offsetof(T, ledger), offsetof(T, ledger_count), &ledger_shape, NULL},
    {"rejection_cost", FIELD_LIST, OPTIONAL, offsetof(T, rejection_cost), offsetof(T, rejection_cost_count),
     &rejection_cost_shape, NULL},
    {"gates", FIELD_LIST, OPTIONAL, offsetof(T, gates), offsetof(T, gate_count), &gate_shape, NULL},
    {"noise", FIELD_OBJECT, SPARSE, offsetof(T, noise), 0, &noise_shape, NULL},
    PLAIN(FIELD_STRINGS, T, warnings, "warnings"),
};
const struct shape result_shape = SHAPE(T, result_fields);
#undef T

static void field_init(const struct field *field, void *record) {
  void *at = field_at(field, record);
  switch (field->kind) {
  case FIELD_STRING: *(const char **)at = ""; break;
  case FIELD_INDEX: *(int *)at = -1; break;
  case FIELD_FIGURE:
  case FIELD_DIFFERENCE:
  case FIELD_BYTES: *(double *)at = NAN; break;
  case FIELD_OBJECT: record_init(field->shape, at); break;
  default: break; /* zero is blank */
  }
}

void record_init(const struct shape *shape, void *record) {
  for (size_t i = 0; i < shape->field_count; i++)
    field_init(&shape->fields[i], record);
}

void strings_drop(struct result_strings *strings) {
  for (size_t i = 0; i < strings->count; i++)
    free(strings->items[i]);
  free(strings->items);
  *strings = (struct result_strings){0};
}

void records_drop(const struct shape *shape, void *items, size_t *count) {
  char **list = items;
  for (size_t i = 0; i < *count; i++)
    record_fini(shape, *list + i * shape->size);
  free(*list);
  *list = NULL;
  *count = 0;
}

static void field_fini(const struct field *field, void *record) {
  void *at = field_at(field, record);
  switch (field->kind) {
  case FIELD_SAMPLES:
  case FIELD_COUNTS: free(*(void **)at); break;
  case FIELD_STRINGS: strings_drop(at); break;
  case FIELD_OBJECT: record_fini(field->shape, at); break;
  case FIELD_LIST:
  case FIELD_MAP:
  case FIELD_TALLIES:
  case FIELD_FIGURES: records_drop(field->shape, at, field_count(field, record)); break;
  default: break; /* owns nothing */
  }
}

void record_fini(const struct shape *shape, void *record) {
  for (size_t i = 0; i < shape->field_count; i++)
    field_fini(&shape->fields[i], record);
}

void *record_append(const struct shape *shape, void *items, size_t *count) {
  char **list = items;
  *list = allocate_one_more(*list, *count, shape->size);
  void *record = *list + (*count)++ * shape->size;
  memset(record, 0, shape->size);
  record_init(shape, record);
  return record;
}
