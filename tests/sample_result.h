/* Results for tests of the report formats: a rich one, such as a full run gives, and one with hostile names.
 * The figures are made up. */
#ifndef ASSAY_TESTS_SAMPLE_RESULT_H
#define ASSAY_TESTS_SAMPLE_RESULT_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/alg.h"
#include "harness/base/hist.h"
#include "reports/model/result.h"

#define SAMPLE_SUBJECTS 3

/* A subject of the sample and how its speed relates to a made-up base time. */
struct sample_subject {
  const char *name, *library, *version, *note, *package, *fact;
  double factor;
  uint64_t lacks; /* ASSAY_ALG_BITs */
};

static const struct sample_subject sample_subjects[SAMPLE_SUBJECTS] = {
    {"openssl", "OpenSSL", "3.0.22", "", "libssl3 3.0.22-1", "no-fips", 1.0, 0},
    {"boringssl", "BoringSSL", "13.0.0", "small", "android-libboringssl 13.0.0-3", "OPENSSL_SMALL", 1.18,
     ASSAY_ALG_BIT(ASSAY_ES256K) | ASSAY_ALG_BIT(ASSAY_ED448)},
    {"wolfssl", "wolfSSL", "5.5.4", "no asm", "libwolfssl35 5.5.4-2", "built without assembly", 3.79, 0},
};

static inline void sample_fill_head(struct result *result) {
  result_set(&result->tool.version, "0.1.0");
  result_set(&result->tool.commit, "0123456789ab");
  result_set(&result->tool.compiler, "GNU 12.2.0");
  result_set(&result->tool.flags, "-O2 -g -DNDEBUG");
  result_set(&result->tool.sanitizer, "none");
  strings_add(&result->command, "assay");
  strings_add(&result->command, "run");
  strings_add(&result->command, "--subject");
  strings_add(&result->command, "openssl,boringssl,wolfssl,null");
  result_set(&result->started, "2026-01-01T12:00:00Z");
  result_set(&result->reference, "openssl");
  result->run.launches = 12;
  result->run.rounds = 480;
  result->run.block_ns = 200000;
  result->run.pinned_cpu = 1;
  result->run.order_seed = UINT64_C(18446744073709551615);
  result->run.steal = 0.00312;
  result->run.involuntary_switches = 1234;
  result->run.duration_s = 38.4;
}

static inline void sample_fill_place(struct result *result) {
  struct result_machine *machine = &result->machine;
  result_set(&machine->cpu, "Intel(R) Xeon(R) Processor @ 2.80GHz");
  result_set(&machine->flags, "sse2 ssse3 avx2 bmi2 adx sha_ni");
  result_set(&machine->governor, "not known");
  result_set(&machine->hypervisor, "KVM");
  result_set(&machine->kernel, "6.1.0-18-amd64");
  result_set(&machine->clock, "kvm-clock");
  result_set(&machine->counters, "none");
  result_set(&machine->host, "build-machine-7");
  machine->cores = 2;
  machine->mhz = 2599.996;
  machine->timer_ns = 38.2;
  machine->load = 0.42;
  strings_add(&machine->warnings, "the governor cannot be read: the clock rate may change during the run");
  strings_add(&result->warnings, "0.3 % of CPU time was stolen by other guests");
  result_set(&result->corpus.profile, "default");
  result_set(&result->corpus.generator, "0.1.0-0123456789abcdef");
  result_set(&result->corpus.sha256, "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae");
  result->corpus.seed = 1;
  result->corpus.tokens = 19200;
  result->corpus.classes = 64;
}

static inline void sample_fill_subjects(struct result *result) {
  for (size_t i = 0; i < SAMPLE_SUBJECTS; i++) {
    const struct sample_subject *from = &sample_subjects[i];
    struct result_subject *subject = result_add_subject(result);
    result_set(&subject->name, from->name);
    result_set(&subject->kind, "backend");
    result_set(&subject->library, from->library);
    result_set(&subject->version, from->version);
    result_set(&subject->note, from->note);
    result_set(&subject->package, from->package);
    result_printf(&subject->path, "/usr/lib/x86_64-linux-gnu/lib%s.so", from->name);
    subject_add_fact(subject, from->fact, "package");
    strings_add(&subject->dispatch, "sha-ni");
    strings_add(&subject->dispatch, "avx2");
    strings_add(&subject->algorithms, "RS256");
    result_set(&subject->module_compiler, "GNU 12.2.0");
    result_set(&subject->module_flags, "-O2");
    result_set(&subject->module_sanitizer, "none");
  }
  struct result_subject *floor = result_add_subject(result);
  result_set(&floor->name, "null");
  result_set(&floor->kind, "backend");
  result_set(&floor->library, "null");
  result_set(&floor->version, "1");
}

/* Nanoseconds per token, made up, of OpenSSL's order of magnitude. */
static inline double sample_ns(enum assay_alg alg, unsigned key_bits) {
  switch (assay_alg_info(alg)->family) {
  case FAMILY_HMAC: return 1210.37 + 100.0 * alg;
  case FAMILY_RSA_PKCS1: return 26912.3 * key_bits / 2048.0 * key_bits / 2048.0 + 11.0 * alg;
  case FAMILY_RSA_PSS: return 28411.8 * key_bits / 2048.0 * key_bits / 2048.0 + 11.0 * alg;
  case FAMILY_ECDSA: return alg == ASSAY_ES256 ? 71230.5 : 512345.6 + 1000.0 * alg;
  case FAMILY_EDDSA: return 104567.8;
  }
  return NAN;
}

static inline struct result_speed *sample_speed_row(struct result *result, const char *subject,
                                                    enum assay_alg alg, unsigned key_bits,
                                                    const char *metric) {
  struct result_speed *row = result_add_speed(result);
  result_set(&row->subject, subject);
  result_set(&row->alg, assay_alg_name(alg));
  row->metric = metric_value(metric);
  row->mode = MODE_DIVERSE;
  row->key_bits = key_bits;
  row->threads = 1;
  row->batch = 1;
  row->keys = 16;
  row->kid = true;
  row->verdicts_ok = true;
  row->block_operations = strcmp(metric, "verify") == 0 ? 128 : 0;
  return row;
}

/* 10,000 samples around a time, with a tail. */
static inline void sample_fill_histogram(struct result_histogram *histogram, double ns) {
  static const double at[] = {0.97, 0.992, 1.04, 1.16, 1.82, 9.8};
  static const uint64_t counts[] = {400, 5000, 3600, 900, 90, 10};
  for (int i = 0; i < 6; i++) {
    uint64_t low_ns = hist_slot_low(hist_slot((uint64_t)(ns * at[i])));
    histogram_add_slot(histogram, low_ns, counts[i]);
    histogram->sum_ns += low_ns * counts[i];
  }
  histogram->min_ns = histogram->low_ns[0];
  histogram->max_ns = histogram->low_ns[5];
}

static inline void sample_fill_figures(struct result_speed *row, double ns) {
  row->ns = ns;
  row->tokens_per_s = 1e9 / ns;
  row->p50_ns = ns * 0.992;
  row->p90_ns = ns * 1.04;
  row->p99_ns = ns * 1.16;
  row->p999_ns = ns * 1.82;
  row->max_ns = ns * 9.9;
  for (int i = 0; i < 12; i++)
    speed_add_sample(row, ns * (0.99 + 0.002 * i));
  sample_fill_histogram(&row->histogram, ns);
}

static inline void sample_add_verify(struct result *result, const struct sample_subject *subject,
                                     enum assay_alg alg, unsigned key_bits) {
  struct result_speed *row = sample_speed_row(result, subject->name, alg, key_bits, "verify");
  if (subject->lacks & ASSAY_ALG_BIT(alg)) {
    speed_add_missing(row, "ns", "not in this library");
    return;
  }
  sample_fill_figures(row, sample_ns(alg, key_bits) * subject->factor);
  row->of_primitive = 0.98;
  if (key_bits > 2048) {
    row->p999_ns = NAN;
    speed_add_missing(row, "p999_ns", "too few samples");
  }
  if (subject->factor > 1) {
    row->ratio = 1 / subject->factor;
    row->ratio_low = row->ratio * 0.976;
    row->ratio_high = row->ratio * 1.026;
    row->resolved = true;
  }
}

static inline void sample_fill_verify(struct result *result) {
  static const unsigned rsa_bits[] = {2048, 3072, 4096};
  for (int alg = 0; alg < ASSAY_ALG_COUNT; alg++) {
    enum assay_family family = assay_alg_info((enum assay_alg)alg)->family;
    bool is_rsa = family == FAMILY_RSA_PKCS1 || family == FAMILY_RSA_PSS;
    for (int size = 0; size < (is_rsa ? 3 : 1); size++)
      for (size_t i = 0; i < SAMPLE_SUBJECTS; i++)
        sample_add_verify(result, &sample_subjects[i], (enum assay_alg)alg, is_rsa ? rsa_bits[size] : 0);
  }
  sample_fill_figures(sample_speed_row(result, "null", ASSAY_HS256, 0, "verify"), 384.2);
  sample_fill_figures(sample_speed_row(result, "null", ASSAY_RS256, 2048, "verify"), 612.9);
}

static inline void sample_fill_costs(struct result *result) {
  static const enum assay_alg algs[] = {ASSAY_HS256, ASSAY_RS256, ASSAY_PS256, ASSAY_ES256, ASSAY_ED25519};
  static const double ns[] = {52.3, 175012, 174890, 12345, 980.4};
  for (size_t i = 0; i < SAMPLE_SUBJECTS; i++) {
    const struct sample_subject *subject = &sample_subjects[i];
    for (int alg = 0; alg < 5; alg++)
      sample_speed_row(result, subject->name, algs[alg], alg == 1 || alg == 2 ? 2048 : 0, "key_import")->ns =
          ns[alg] * subject->factor;
    sample_speed_row(result, subject->name, ASSAY_HS256, 0, "context")->ns = 6012 * subject->factor;
    for (int alg = 1; alg < 4; alg += 2) {
      struct result_scaling *row = result_add_scaling(result);
      result_set(&row->subject, subject->name);
      result_set(&row->alg, assay_alg_name(algs[alg]));
      row->key_bits = alg == 1 ? 2048 : 0;
      row->threads = 2;
      row->of_one = 1.93;
      row->of_one_low = 1.91;
      row->of_one_high = 1.94;
      row->one_tokens_per_s = 1e9 / (sample_ns(algs[alg], row->key_bits) * subject->factor);
      row->tokens_per_s = 1.93 * row->one_tokens_per_s;
    }
    struct result_memory *memory = result_add_memory(result);
    result_set(&memory->subject, subject->name);
    result_set(&memory->alg, "RS256");
    memory->allocations_per_token = (double)i * 3;
    memory->bytes_per_token = (double)i * 412;
    memory->peak_rss_bytes = 12345678;
    memory->arena_high_water_bytes = 3456;
  }
  result_set(&result->scaling[result->scaling_count - 1].note, "one core is busy with another guest");
  result->scaling[result->scaling_count - 1].tokens_per_s = NAN;
  result->scaling[result->scaling_count - 1].of_one = NAN;
  result->scaling[result->scaling_count - 1].of_one_low = NAN;
  result->scaling[result->scaling_count - 1].of_one_high = NAN;
}

static inline struct result_verdict *sample_verdict(struct result *result, const char *subject,
                                                    const char *class_id, const char *stage,
                                                    enum assay_alg alg, const char *expected) {
  struct result_verdict *row = result_add_verdict(result);
  row->level = LEVEL_PIPELINE;
  result_set(&row->subject, subject);
  result_set(&row->class_id, class_id);
  result_set(&row->stage, stage);
  result_set(&row->alg, assay_alg_name(alg));
  result_set(&row->expected, expected);
  row->tokens = 8;
  *(result_expects(row) == EXPECT_ANY ? &row->unscored : &row->right) = 8;
  return row;
}

/* Every counter of a row that can stand in a file, all different from 0. */
static inline void sample_fill_counters(struct result_verdict *row) {
  row->accepted = row->refused = row->wrong_reason = row->pinned_differs = row->unmapped = row->undecided = 1;
  row->unsupported = row->fault = row->crash = row->hang = row->right = row->forbidden = 2;
  row->unscored = 1;
  row->pinned = true;
  row->tokens = 17;
  verdict_add_given(row, KIND_REASON, "reject header-policy.alg-unknown",
                    "registered-claims/exp-past/RS256/0002");
  strings_add(&row->examples, "registered-claims/exp-past/RS256/0001");
}

/* wolfssl accepts two forgeries and gives one other reason; boringssl lacks an algorithm. */
static inline void sample_fill_verdicts(struct result *result) {
  for (size_t i = 0; i < SAMPLE_SUBJECTS; i++) {
    const char *subject = sample_subjects[i].name;
    sample_verdict(result, subject, "exp-past", "registered-claims", ASSAY_RS256,
                   "reject registered-claims.expired");
    sample_verdict(result, subject, "exp-boundary", "registered-claims", ASSAY_RS256, "accept");
    sample_verdict(result, subject, "pkcs1-missing-null", "signature", ASSAY_RS256,
                   "reject signature.invalid");
    sample_verdict(result, subject, "ed-cofactor", "signature", ASSAY_ED25519, "any");
    sample_verdict(result, subject, "sig-high-s", "signature", ASSAY_ES256K, "reject signature.invalid");
  }
  struct result_verdict *lacking = &result->verdicts[9]; /* boringssl, ES256K */
  lacking->right = 0;
  lacking->unsupported = 8;
  struct result_verdict *wrong = &result->verdicts[12];
  wrong->right = 6;
  wrong->accepted = 2;
  strings_add(&wrong->examples, "signature/pkcs1-missing-null/RS256/0003");
  struct result_verdict *reason = &result->verdicts[10];
  reason->right = 7;
  reason->wrong_reason = 1;
  strings_add(&reason->examples, "registered-claims/exp-past/RS256/0001");
  struct result_drift *drift = result_add_drift(result);
  result_set(&drift->class_id, "pkcs1-missing-null");
  result_set(&drift->alg, "RS256");
  result_set(&drift->example, "signature/pkcs1-missing-null/RS256/0003");
  for (size_t i = 0; i < SAMPLE_SUBJECTS; i++) {
    struct result_answer *answer = drift_add_answer(drift);
    result_set(&answer->subject, sample_subjects[i].name);
    result_set(&answer->answer, i == 2 ? "accept" : "reject signature.invalid");
  }
}

static inline void sample_token(struct result *result, const char *id, const char *class_id,
                                const char *text) {
  struct result_token *token = result_add_token(result);
  result_set(&token->id, id);
  result_set(&token->class_id, class_id);
  result_set(&token->token, text);
}

/* {"alg":"RS256","kid":"k1"}.{"iss":"https://issuer.example","exp":1767225600}.signature */
#define SAMPLE_TOKEN                                                                                         \
  "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0."                                                                     \
  "eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiZXhwIjoxNzY3MjI1NjAwfQ.c2lnbmF0dXJl"

/* Of a wrong answer, and of a class that was answered rightly. */
static inline void sample_fill_tokens(struct result *result) {
  sample_token(result, "signature/pkcs1-missing-null/RS256/0003", "pkcs1-missing-null", SAMPLE_TOKEN);
  sample_token(result, "registered-claims/exp-boundary/RS256/0001", "exp-boundary", SAMPLE_TOKEN);
}

/* Subjects that differ over a token of which no one answer is expected. */
static inline void sample_fill_unscored(struct result *result) {
  struct result_drift *drift = result_add_drift(result);
  result_set(&drift->class_id, "ed-cofactor");
  result_set(&drift->alg, "Ed25519");
  result_set(&drift->example, "signature/ed-cofactor/Ed25519/0001");
  result_set(&drift->expected, "any");
  for (size_t i = 0; i < SAMPLE_SUBJECTS; i++) {
    struct result_answer *answer = drift_add_answer(drift);
    result_set(&answer->subject, sample_subjects[i].name);
    result_set(&answer->answer, i == 0 ? "accept" : "reject signature.invalid");
  }
}

static inline struct result_verdict *sample_whole(struct result *result, const char *subject,
                                                  const char *class_id, const char *variant,
                                                  const char *expected) {
  struct result_verdict *row =
      sample_verdict(result, subject, class_id, "registered-claims", ASSAY_RS256, expected);
  row->level = LEVEL_WHOLE;
  result_set(&row->variant, variant);
  return row;
}

/* One kind of answer for a whole row, with a token to show for it. */
static inline void sample_answer(struct result_verdict *row, unsigned *kind, unsigned count) {
  row->right = row->tokens - count;
  *kind = count;
  char *example = NULL;
  result_setf(&example, "registered-claims/%s/RS256/0001", row->class_id);
  strings_add(&row->examples, example);
  free(example);
}

/* What results tell of classes since severities are kept. */
static inline void sample_classify(struct result *result, const char *class_id, enum assay_severity severity,
                                   const char *brief) {
  struct result_taxon *taxon = result_add_taxon(result);
  result_set(&taxon->class_id, class_id);
  result_set(&taxon->brief, brief);
  taxon->severity = severity;
  result_set(&taxon->sentence, "They must not be accepted.");
  result_set(&taxon->reference,
             severity == SEVERITY_FORM ? "RFC 7515 appendix F" : "RFC 7519 4.1.4, RFC 8725 2");
  for (size_t i = 0; i < result->verdict_count; i++)
    if (strcmp(result->verdicts[i].class_id, class_id) == 0 &&
        result_expects(&result->verdicts[i]) == EXPECT_REJECT)
      result->verdicts[i].severity = severity;
  for (size_t i = 0; i < result->drift_count; i++)
    if (strcmp(result->drift[i].class_id, class_id) == 0)
      result->drift[i].severity = severity;
}

/* Two whole verifiers: libjwt accepts a bad token and tells few reasons, cjose cannot be told of claims. */
static inline void sample_fill_whole(struct result *result) {
  static const char *const names[] = {"libjwt", "cjose"};
  for (size_t i = 0; i < 2; i++) {
    struct result_subject *subject = result_add_subject(result);
    result_set(&subject->name, names[i]);
    result_set(&subject->kind, "verifier");
    result_set(&subject->version, i ? "0.6.2" : "1.10.2");
    strings_add(&subject->algorithms, "RS256");
    subject_add_gap(subject, "authorisation.*", i ? "it checks signatures only" : "it checks no claims");
    if (i)
      subject_add_gap(subject, "registered-claims.*", "it checks signatures only");
  }
  struct result_verdict *row = sample_whole(result, "libjwt", "exp-past", "hour", "reject x");
  sample_answer(row, &row->accepted, 8);
  row = sample_whole(result, "cjose", "exp-past", "hour", "reject x");
  sample_answer(row, &row->unsupported, 8);
  row = sample_whole(result, "libjwt", "exp-boundary", "", "accept");
  row = sample_whole(result, "cjose", "exp-boundary", "", "accept");
  sample_answer(row, &row->refused, 1);
  row = sample_whole(result, "libjwt", "pkcs1-missing-null", "", "reject x");
  sample_answer(row, &row->unmapped, 8);
  row = sample_whole(result, "cjose", "pkcs1-missing-null", "", "reject x");
  sample_answer(row, &row->undecided, 3);
  row = sample_whole(result, "libjwt", "hdr-bom", "", "reject x");
  sample_answer(row, &row->pinned_differs, 4);
  sample_whole(result, "cjose", "hdr-bom", "", "reject x");
  sample_whole(result, "libjwt", "iat-type", "", "reject x");
  sample_whole(result, "cjose", "iat-type", "", "reject x");
}

static inline void sample_fill_ledgers(struct result *result) {
  static const char *const stages[] = {"compact-split", "base64url",         "header-json",
                                       "header-policy", "key-selection",     "signature",
                                       "claims-json",   "registered-claims", "authorisation"};
  static const double share[] = {0.02, 0.05, 0.09, 0.01, 0.02, 0.6, 0.15, 0.05, -0.01};
  for (size_t i = 0; i < SAMPLE_SUBJECTS; i++) {
    struct result_ledger *ledger = result_add_ledger(result);
    result_set(&ledger->subject, sample_subjects[i].name);
    result_set(&ledger->alg, "HS256");
    ledger->ns = sample_ns(ASSAY_HS256, 0) * sample_subjects[i].factor;
    ledger->residual_ns = ledger->ns;
    for (int stage = 0; stage < 9; stage++) {
      ledger_add_stage(ledger, stages[stage], ledger->ns * share[stage]);
      ledger->residual_ns -= ledger->ns * share[stage];
    }
    struct result_rejection_cost *cost = result_add_rejection_cost(result);
    result_set(&cost->subject, sample_subjects[i].name);
    result_set(&cost->alg, "HS256");
    result_set(&cost->reason, "registered-claims.expired");
    result_set(&cost->class_id, "exp-past");
    result_set(&cost->variant, "by-a-day");
    cost->of_good = 0.97;
    cost->of_good_low = 0.95;
    cost->of_good_high = 1.01;
    cost->ns = ledger->ns * cost->of_good;
    cost->tokens_per_s = 1e9 / cost->ns;
  }
  result->noise = (struct result_noise){20, 0, 0.0074};
}

static inline struct result_gate *sample_gate(struct result *result, const char *kind, const char *subject,
                                              const char *measure, enum result_gate_answer answer) {
  struct result_gate *gate = result_add_gate(result);
  gate->kind = gate_kind_value(kind);
  result_set(&gate->subject, subject);
  result_set(&gate->base, "main/result.json");
  gate->measure = gate_measure_value(measure);
  gate->answer = answer;
  result_printf(&gate->reason, "made up to be %s", gate_answer_word(answer));
  return gate;
}

/* Every answer that a gate can give, comparisons under other conditions and without an interval, and two that
 * differ in nothing. */
static inline void sample_fill_gates(struct result *result) {
  static const double change[] = {-0.0213, 0.0041, 0.0527, 0.013, 0.013};
  static const enum result_gate_answer answers[] = {GATE_HOLDS, GATE_HOLDS, GATE_SLOWER, GATE_NOISY,
                                                    GATE_NOISY};
  static const char *const conditions[] = {"", "hot", "", "1,000 keys, no kid, last",
                                           "1,000 keys, no kid, last"};
  struct result_gate *verdicts = sample_gate(result, "verdicts", "openssl", "", GATE_WRONG);
  verdicts->tokens = 19200;
  verdicts->wrong = 3;
  struct result_gate_finding *finding = gate_add_finding(verdicts);
  result_set(&finding->where, "pkcs1-missing-null/one RS256");
  result_set(&finding->subject, "openssl");
  result_set(&finding->base, "reject signature.invalid");
  result_set(&finding->head, "accept");
  result_set(&finding->example, "signature/pkcs1-missing-null/RS256/0003");
  finding->tokens = 3;
  finding->gravity = 9;
  finding->severity = SEVERITY_FORGERY;
  for (int i = 0; i < 5; i++) {
    struct result_gate *gate =
        sample_gate(result, i < 2 ? "stored" : "history", "openssl", "time", answers[i]);
    result_set(&gate->alg, "RS256");
    gate->key_bits = 2048;
    result_set(&gate->conditions, conditions[i]);
    gate->change = change[i];
    gate->low = i < 3 ? change[i] - 0.004 : (double)NAN;
    gate->high = i < 3 ? change[i] + 0.005 : (double)NAN;
    gate->noise = i < 3 ? 0.0062 : (double)NAN;
    gate->threshold = 0.05;
  }
}

/* What a full run over three libraries gives. */
static inline struct result *sample_rich(void) {
  struct result *result = result_new();
  sample_fill_head(result);
  sample_fill_place(result);
  sample_fill_subjects(result);
  sample_fill_verify(result);
  sample_fill_costs(result);
  sample_fill_verdicts(result);
  sample_fill_tokens(result);
  sample_fill_ledgers(result);
  return result;
}

static const char *const sample_hostile_names[] = {
    "quote\"comma,semicolon;'apostrophe",
    "<script>alert(1)</script>&amp;",
    "line\nbreak\r\ntab\tpipe|backtick`star*under_score[link](x)",
    "escape\x1b[31mred\x1b]0;title\x07 bell\x08 del\x7f",
    "Stra\xc3\x9f"
    "e \xe6\xbc\xa2\xe5\xad\x97 \xf0\x9f\x94\x91 \xd7\xa2\xd7\x91",
    "bad utf-8 \xff\xfe\xc3( \xed\xa0\x80 \xf8 end\xc2",
    "c1 \xc2\x9b"
    "31m bidi \xe2\x80\xae"
    "evil\xe2\x80\xac zero\xe2\x80\x8bwidth \xef\xbb\xbf",
    "zalgo a\xcc\x80\xcc\x81\xcc\x82\xcc\x83",
    "```\n# heading\n```",
    "%s%n%d $(reboot) `reboot` \\",
};
#define SAMPLE_HOSTILE (sizeof sample_hostile_names / sizeof sample_hostile_names[0])

/* Every name in the result is hostile: each of the list above, and one with 300 characters. */
static inline struct result *sample_hostile(void) {
  struct result *result = sample_rich();
  char longest[301];
  /* {"kid":"<img src=x onerror=alert(1)>"} with a letter in it that turns what follows around */
  static const char token[] = "eyJraWQiOiI8aW1nIHNyYz14IG9uZXJyb3I9YWxlcnQoMSk-4oCuIn0.<b>not base64url</b>.";
  memset(longest, 'x', 300);
  longest[300] = '\0';
  for (size_t i = 0; i <= SAMPLE_HOSTILE; i++) {
    const char *name = i < SAMPLE_HOSTILE ? sample_hostile_names[i] : longest;
    struct result_subject *subject = result_add_subject(result);
    result_set(&subject->name, name);
    result_set(&subject->variant, name);
    result_set(&subject->version, name);
    result_set(&subject->note, name);
    result_set(&subject->package, name);
    subject_add_fact(subject, name, name);
    strings_add(&subject->dispatch, name);
    struct result_speed *speed = sample_speed_row(result, name, ASSAY_RS256, 2048, "verify");
    sample_fill_figures(speed, 3e4 + (double)i);
    result_printf(&speed->subject, "%s:%s", name, name);
    struct result_speed *lacking = sample_speed_row(result, name, ASSAY_ES256, 0, "verify");
    speed_add_missing(lacking, "ns", name);
    struct result_speed *import = sample_speed_row(result, name, ASSAY_ES256, 0, "key_import");
    result_set(&import->alg, name);
    struct result_verdict *verdict = sample_verdict(result, name, name, name, ASSAY_RS256, name);
    result_set(&verdict->variant, name);
    result_set(&verdict->alg, name);
    verdict->accepted = 1;
    verdict->right = 7;
    strings_add(&verdict->examples, name);
    sample_token(result, name, name, i % 2 ? name : token);
    struct result_drift *drift = result_add_drift(result);
    result_set(&drift->class_id, name);
    result_set(&drift->variant, name);
    result_set(&drift->alg, name);
    struct result_answer *answer = drift_add_answer(drift);
    result_set(&answer->subject, name);
    result_set(&answer->answer, name);
    strings_add(&result->warnings, name);
    strings_add(&result->command, name);
    result_set(&result_add_memory(result)->subject, name);
    struct result_scaling *scaling = result_add_scaling(result);
    result_set(&scaling->subject, name);
    result_set(&scaling->alg, name);
    result_set(&scaling->note, name);
    scaling->threads = 2;
    struct result_gate *gate = sample_gate(result, name, name, name, GATE_HOLDS);
    result_set(&gate->base, name);
    result_set(&gate->alg, name);
    gate->answer = gate_answer_value(name);
    result_set(&gate->reason, name);
    struct result_gate_finding *finding = gate_add_finding(gate);
    result_set(&finding->where, name);
    result_set(&finding->base, name);
    result_set(&finding->head, name);
    result_set(&finding->example, name);
  }
  result_set(&result->machine.cpu, longest);
  result_set(&result->machine.host, sample_hostile_names[5]);
  result_set(&result->tool.version, longest);
  result_set(&result->corpus.profile, sample_hostile_names[3]);
  return result;
}

/* The whole report as text; free() it. Not inlined: GCC 12 then takes the text for a local variable of it. */
__attribute__((noinline, unused)) static char *sample_render(const char *format, const struct result *result,
                                                             struct result_view view) {
  char *text = NULL;
  size_t length = 0;
  FILE *stream = open_memstream(&text, &length);
  bool ok = stream && result_format_by_name(format)->write(result, &view, stream);
  if (!stream || fclose(stream) != 0 || !ok)
    abort();
  return text;
}

/* The rich sample as a result file. */
static inline void sample_write(const char *path) {
  struct result *result = sample_rich();
  char *text = sample_render("json", result, (struct result_view){0});
  FILE *file = fopen(path, "w");
  cr_assert_not_null(file);
  fputs(text, file);
  fclose(file);
  free(text);
  result_free(result);
}

#endif
