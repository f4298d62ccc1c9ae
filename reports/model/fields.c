/* The tables of fields, and what can be done with a record by its table alone. */
#include "reports/model/fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text/allocate.h"

#define SHAPE(type, table)                                                                                   \
  { sizeof(type), (table), sizeof(table) / sizeof((table)[0]) }
#define FIELD(kind_, presence_, type, member, name_)                                                         \
  { .name = (name_), .kind = (kind_), .presence = (presence_), .at = offsetof(type, member) }
#define PLAIN(kind, type, member, name) FIELD(kind, ALWAYS, type, member, name)
#define LATER(kind, type, member, name) FIELD(kind, OPTIONAL, type, member, name)
#define COUNTER(type, member, name) FIELD(FIELD_COUNT, SPARSE, type, member, name)
#define TALLY(type, member, name) FIELD(FIELD_UNSIGNED, SPARSE, type, member, name)
/* An enum, and its words. */
#define WORD_OF(presence_, type, member, name_, words_)                                                      \
  {                                                                                                          \
    .name = (name_), .kind = FIELD_WORD, .presence = (presence_), .at = offsetof(type, member),              \
    .words = &(words_)                                                                                       \
  }
/* A struct in its place; with offset 0 flat in the struct, and an object in JSON all the same. */
#define INSIDE(presence_, offset, name_, shape_)                                                             \
  { .name = (name_), .kind = FIELD_OBJECT, .presence = (presence_), .at = (offset), .shape = (shape_) }
/* Written as it follows from the record, read into a place of its own. */
#define DERIVED(type, member, name_, derive_)                                                                \
  {                                                                                                          \
    .name = (name_), .kind = FIELD_DERIVED, .presence = SPARSE, .at = offsetof(type, member),                \
    .derive = (derive_)                                                                                      \
  }
#define MANY(kind_, presence_, type, member, counter, name_, shape_)                                         \
  {                                                                                                          \
    .name = (name_), .kind = (kind_), .presence = (presence_), .at = offsetof(type, member),                 \
    .count_at = offsetof(type, counter), .shape = (shape_)                                                   \
  }

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
    LATER(FIELD_FIGURE, T, other_load, "other_load"),
    PLAIN(FIELD_COUNT, T, involuntary_switches, "involuntary_switches"),
    LATER(FIELD_COUNT, T, tokens_to_ask, "tokens_to_ask"),
    LATER(FIELD_COUNT, T, blocks, "blocks"),
    LATER(FIELD_COUNT, T, repeated_blocks, "repeated_blocks"),
    LATER(FIELD_STRING, T, anchor, "anchor"),
    LATER(FIELD_FIGURE, T, speed_moved, "speed_moved"),
    LATER(FIELD_FIGURE, T, rows_apart, "rows_apart"),
    PLAIN(FIELD_FIGURE, T, duration_s, "duration_s"),
    WORD_OF(OPTIONAL, T, counted_by, "counted_by", counted_by_words),
};
static const struct shape run_shape = SHAPE(T, run_fields);
#undef T

#define T struct result_machine
static const struct field machine_fields[] = {
    LATER(FIELD_STRING, T, host, "host"),
    PLAIN(FIELD_STRING, T, cpu, "cpu"),
    PLAIN(FIELD_STRING, T, flags, "flags"),
    PLAIN(FIELD_UNSIGNED, T, cores, "cores"),
    LATER(FIELD_UNSIGNED, T, cpus, "cpus"),
    LATER(FIELD_UNSIGNED, T, physical_cores, "physical_cores"),
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
    LATER(FIELD_STRING, T, module_path, "path"),
    LATER(FIELD_STRING, T, module_sha256, "sha256"),
    LATER(FIELD_STRING, T, module_argument, "argument"),
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
    MANY(FIELD_LIST, ALWAYS, T, build, build_count, "build", &fact_shape),
    PLAIN(FIELD_STRINGS, T, dispatch, "dispatch"),
    INSIDE(ALWAYS, 0, "module", &module_shape),
    PLAIN(FIELD_STRINGS, T, algorithms, "algorithms"),
    MANY(FIELD_LIST, SPARSE, T, gaps, gap_count, "gaps", &gap_shape),
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
#define GIVEN(type, in) MANY(FIELD_LIST, SPARSE, type, in given, in given_count, "answers", &given_shape)
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
    WORD_OF(ALWAYS, T, level, "level", level_words),
    PLAIN(FIELD_STRING, T, subject, "subject"),
    PLAIN(FIELD_STRING, T, class_id, "class"),
    PLAIN(FIELD_STRING, T, variant, "variant"),
    PLAIN(FIELD_STRING, T, stage, "stage"),
    PLAIN(FIELD_STRING, T, alg, "alg"),
    PLAIN(FIELD_STRING, T, expected, "expected"),
    FIELD(FIELD_BOOL, SPARSE, T, pinned, "pinned"),
    WORD_OF(SPARSE, T, severity, "severity", severity_words),
    PLAIN(FIELD_UNSIGNED, T, tokens, "tokens"),
    DERIVED(T, in_file.verdict_right, "verdict_right", verdict_right_of),
    TALLY(T, right, "right"),
    DERIVED(T, in_file.wrong_verdict, "wrong_verdict", wrong_verdict_of),
    COUNTERS(T, ),
    GIVEN(T, ),
    FIELD(FIELD_STRINGS, SPARSE, T, examples, "examples"),
};
const struct shape verdict_shape = SHAPE(T, verdict_fields);
#undef T

#define T struct result_asked
static const struct field asked_fields[] = {
    WORD_OF(ALWAYS, T, level, "level", level_words),
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
    WORD_OF(SPARSE, T, severity, "severity", severity_words),
    MANY(FIELD_TALLIES, ALWAYS, T, tokens, alg_count, "tokens", &class_tokens_shape),
    MANY(FIELD_LIST, SPARSE, T, asked, asked_count, "asked", &asked_shape),
    MANY(FIELD_LIST, SPARSE, T, exceptions, exception_count, "exceptions", &exception_shape),
};
const struct shape class_shape = SHAPE(T, class_fields);
#undef T

#define T struct result_taxon
static const struct field taxon_fields[] = {
    PLAIN(FIELD_STRING, T, class_id, "class"),
    WORD_OF(SPARSE, T, severity, "severity", severity_words),
    FIELD(FIELD_STRING, SPARSE, T, brief, "brief"),
    FIELD(FIELD_STRING, SPARSE, T, sentence, "sentence"),
    FIELD(FIELD_STRING, SPARSE, T, reference, "reference"),
};
const struct shape taxon_shape = SHAPE(T, taxon_fields);
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
    MANY(FIELD_MAP, ALWAYS, T, answers, answer_count, "answers", &answer_shape),
    PLAIN(FIELD_STRING, T, example, "example"),
    LATER(FIELD_STRING, T, expected, "expected"),
    WORD_OF(SPARSE, T, severity, "severity", severity_words),
    TALLY(T, tokens, "tokens"),
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
    MANY(FIELD_COUNTS, ALWAYS, T, low_ns, slot_count, "low_ns", NULL),
    MANY(FIELD_COUNTS, ALWAYS, T, counts, count_count, "counts", NULL),
};
static const struct shape histogram_shape = SHAPE(T, histogram_fields);
#undef T

#define T struct result_speed
static const struct field speed_fields[] = {
    PLAIN(FIELD_STRING, T, subject, "subject"),
    PLAIN(FIELD_STRING, T, alg, "alg"),
    PLAIN(FIELD_UNSIGNED, T, key_bits, "key_bits"),
    WORD_OF(ALWAYS, T, metric, "metric", metric_words),
    WORD_OF(ALWAYS, T, mode, "mode", mode_words),
    PLAIN(FIELD_UNSIGNED, T, threads, "threads"),
    PLAIN(FIELD_UNSIGNED, T, batch, "batch"),
    PLAIN(FIELD_UNSIGNED, T, keys, "keys"),
    PLAIN(FIELD_BOOL, T, kid, "kid"),
    WORD_OF(OPTIONAL, T, key_place, "key_place", key_place_words),
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
    MANY(FIELD_SAMPLES, ALWAYS, T, samples, sample_count, "samples", NULL),
    INSIDE(SPARSE, offsetof(T, histogram), "histogram", &histogram_shape),
    FIELD(FIELD_STRINGS, SPARSE, T, flags, "flags"),
    MANY(FIELD_MAP, ALWAYS, T, missing, missing_count, "missing", &missing_shape),
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
    PLAIN(FIELD_STRING, T, subject, "subject"),
    PLAIN(FIELD_STRING, T, alg, "alg"),
    PLAIN(FIELD_UNSIGNED, T, key_bits, "key_bits"),
    PLAIN(FIELD_UNSIGNED, T, threads, "threads"),
    PLAIN(FIELD_FIGURE, T, tokens_per_s, "tokens_per_s"),
    PLAIN(FIELD_FIGURE, T, of_one, "of_one"),
    LATER(FIELD_FIGURE, T, one_tokens_per_s, "one_tokens_per_s"),
    LATER(FIELD_FIGURE, T, of_one_low, "of_one_low"),
    LATER(FIELD_FIGURE, T, of_one_high, "of_one_high"),
    WORD_OF(OPTIONAL, T, contexts, "contexts", contexts_words),
    PLAIN(FIELD_STRING, T, note, "note"),
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
    MANY(FIELD_FIGURES, ALWAYS, T, stages, stage_count, "stages", &stage_shape),
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
    PLAIN(FIELD_STRING, T, where, "where"),
    LATER(FIELD_STRING, T, subject, "subject"),
    PLAIN(FIELD_STRING, T, base, "base"),
    PLAIN(FIELD_STRING, T, head, "head"),
    PLAIN(FIELD_STRING, T, example, "example"),
    PLAIN(FIELD_COUNT, T, tokens, "tokens"),
    TALLY(T, gravity, "gravity"),
    WORD_OF(SPARSE, T, severity, "severity", severity_words),
};
const struct shape gate_finding_shape = SHAPE(T, gate_finding_fields);
#undef T

#define T struct result_gate
static const struct field gate_fields[] = {
    WORD_OF(ALWAYS, T, kind, "kind", gate_kind_words),
    PLAIN(FIELD_STRING, T, subject, "subject"),
    PLAIN(FIELD_STRING, T, base, "base"),
    PLAIN(FIELD_STRING, T, alg, "alg"),
    PLAIN(FIELD_UNSIGNED, T, key_bits, "key_bits"),
    LATER(FIELD_STRING, T, conditions, "conditions"),
    WORD_OF(ALWAYS, T, measure, "measure", gate_measure_words),
    PLAIN(FIELD_DIFFERENCE, T, change, "change"),
    PLAIN(FIELD_DIFFERENCE, T, low, "change_low"),
    PLAIN(FIELD_DIFFERENCE, T, high, "change_high"),
    PLAIN(FIELD_FIGURE, T, noise, "noise"),
    PLAIN(FIELD_FIGURE, T, threshold, "threshold"),
    COUNTER(T, tokens, "tokens"),
    COUNTER(T, wrong, "wrong"),
    WORD_OF(ALWAYS, T, answer, "answer", gate_answer_words),
    PLAIN(FIELD_STRING, T, reason, "reason"),
    MANY(FIELD_LIST, SPARSE, T, findings, finding_count, "findings", &gate_finding_shape),
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
    INSIDE(ALWAYS, 0, "aa", &aa_shape),
    PLAIN(FIELD_FIGURE, T, min_detectable, "min_detectable"),
    LATER(FIELD_FIGURE, T, comparison_s, "comparison_s"),
};
static const struct shape noise_shape = SHAPE(T, noise_fields);
#undef T

#define T struct result
static const struct field result_fields[] = {
    INSIDE(ALWAYS, offsetof(T, tool), "tool", &tool_shape),
    PLAIN(FIELD_STRINGS, T, command, "command"),
    PLAIN(FIELD_STRING, T, started, "started"),
    PLAIN(FIELD_BOOL, T, partial, "partial"),
    LATER(FIELD_STRING, T, reference, "reference"),
    INSIDE(ALWAYS, offsetof(T, run), "run", &run_shape),
    INSIDE(ALWAYS, offsetof(T, machine), "machine", &machine_shape),
    INSIDE(ALWAYS, offsetof(T, corpus), "corpus", &corpus_shape),
    MANY(FIELD_LIST, ALWAYS, T, subjects, subject_count, "subjects", &subject_shape),
    MANY(FIELD_LIST, FIRST, T, verdicts, verdict_count, "verdicts", &verdict_shape),
    MANY(FIELD_LIST, SECOND, T, asked, asked_count, "asked", &asked_shape),
    MANY(FIELD_LIST, SECOND, T, classes, class_count, "classes", &class_shape),
    MANY(FIELD_LIST, OPTIONAL, T, taxonomy, taxon_count, "taxonomy", &taxon_shape),
    MANY(FIELD_LIST, OPTIONAL, T, left_out, left_out_count, "left_out", &left_out_shape),
    MANY(FIELD_LIST, ALWAYS, T, drift, drift_count, "drift", &drift_shape),
    LATER(FIELD_COUNT, T, answers_left_out, "answers_left_out"),
    MANY(FIELD_LIST, OPTIONAL, T, tokens, token_count, "tokens", &token_shape),
    MANY(FIELD_LIST, ALWAYS, T, speed, speed_count, "speed", &speed_shape),
    MANY(FIELD_LIST, ALWAYS, T, memory, memory_count, "memory", &memory_shape),
    MANY(FIELD_LIST, ALWAYS, T, scaling, scaling_count, "scaling", &scaling_shape),
    MANY(FIELD_LIST, OPTIONAL, T, ledger, ledger_count, "ledger", &ledger_shape),
    MANY(FIELD_LIST, OPTIONAL, T, rejection_cost, rejection_cost_count, "rejection_cost",
         &rejection_cost_shape),
    MANY(FIELD_LIST, OPTIONAL, T, gates, gate_count, "gates", &gate_shape),
    MANY(FIELD_LIST, SPARSE, T, base_subjects, base_subject_count, "base_subjects", &subject_shape),
    INSIDE(SPARSE, offsetof(T, noise), "noise", &noise_shape),
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
