/* The engine that times everything, driven by a script: planned times, disturbed blocks, subjects that crash,
 * hang, answer wrongly or do not start. */
#include <criterion/criterion.h>

#include "harness/engine/duet.h"
#include "harness/engine/engine.h"
#include "scripted.h"

#define LIST 1000

static struct scripted script;
static struct runner runner;
static struct engine engine;
static struct {
  unsigned count, subject;
  enum subject_event event;
  uint32_t token;
  char why[160];
} found;

static void finding(void *arg, unsigned subject, enum subject_event event, uint32_t token, const char *why) {
  (void)arg;
  found.count++;
  found.subject = subject;
  found.event = event;
  found.token = token;
  snprintf(found.why, sizeof found.why, "%s", why);
}

static struct control_command command_of(uint32_t count) {
  return (struct control_command){
      .kind = COMMAND_BLOCK, .block = BLOCK_VERIFY, .threads = 1, .list_len = LIST, .count = count};
}

/* One group in which every subject has a series that is paired with the first. */
static void set_up(struct group *group, unsigned subjects, unsigned launches) {
  const struct control_command command = command_of(0);
  script.count = subjects;
  script.random = 5;
  for (unsigned i = 0; i < subjects && script.subjects[i].ns == 0; i++)
    script.subjects[i].ns = 1000;
  runner = scripted_runner(&script);
  *group = (struct group){
      .budget_s = 0.2, .block_ns = 100e3, .lead_share = 0.5, .warm_ns = 1e6, .rounds_least = 5};
  for (unsigned i = 0; i < subjects; i++) {
    group_add(group, i, &command);
    group_pair(group, i, 0);
  }
  engine = (struct engine){.runner = &runner,
                           .groups = group,
                           .group_count = 1,
                           .launches = launches,
                           .random = 11,
                           .stop = &script.stop,
                           .finding = finding};
}

static void tear_down(struct group *group) {
  group_fini(group);
  free(script.blocks);
}

/* The blocks of rounds: they are the ones with a lead. */
static bool is_timed(const struct scripted_block *block) {
  return block->lead > 0;
}

static unsigned timed_of(unsigned subject, unsigned launch) {
  unsigned count = 0;
  for (unsigned i = 0; i < script.block_count; i++)
    count += is_timed(&script.blocks[i]) && script.blocks[i].subject == subject &&
             (launch == 0 || script.blocks[i].launch == launch);
  return count;
}

Test(engine, a_ratio_is_what_the_times_say) {
  struct group group;
  script.subjects[0].ns = 1000;
  script.subjects[1].ns = 1500;
  set_up(&group, 2, 4);
  cr_assert(engine_run(&engine));
  cr_assert_eq(engine.launches_done, 4);
  cr_assert_eq(group.series[0].ns.count, 4);
  cr_assert_float_eq(samples_median(&group.series[0].ns), 1000, 0.1);
  cr_assert_float_eq(samples_median(&group.series[1].ns), 1500, 0.1);
  cr_assert_float_eq(samples_median(&group_pair_of(&group, 1, 0)->log_ratio), log(1.5), 1e-3);
  cr_assert_float_eq(samples_median(&group_pair_of(&group, 1, 0)->log_sum_ratio), log(1.5), 1e-3);
  cr_assert_eq(found.count, 0);
  tear_down(&group);
}

Test(engine, blocks_are_as_long_as_the_fastest_but_the_floor_makes_them) {
  struct group group;
  script.subjects[0].ns = 2000;
  script.subjects[1].ns = 5000;
  script.subjects[2].ns = 10;
  set_up(&group, 3, 1);
  group.series[2].sets_no_length = true;
  cr_assert(engine_run(&engine));
  cr_assert_eq(group.operations, 50);
  for (unsigned i = 0; i < script.block_count; i++)
    if (is_timed(&script.blocks[i])) {
      cr_assert_eq(script.blocks[i].count, 50);
      cr_assert_eq(script.blocks[i].lead, 25);
    }
  tear_down(&group);
}

Test(engine, times_out_of_all_proportion_still_give_a_length) {
  struct group group;
  script.subjects[0].ns = 1e12;
  set_up(&group, 1, 1);
  cr_assert(engine_run(&engine));
  cr_assert_eq(group.operations, 1);
  group_fini(&group);
  script.subjects[0] = (struct scripted_subject){.ns = 1e-6};
  set_up(&group, 1, 1);
  cr_assert(engine_run(&engine));
  cr_assert_leq(group.operations, 1000000);
  cr_assert_gt(samples_median(&group.series[0].ns), 0);
  tear_down(&group);
}

Test(engine, one_that_is_slower_by_far_shortens_all_blocks) {
  struct group group;
  script.subjects[0].ns = 10;
  script.subjects[1].ns = 1e8 - 1;
  set_up(&group, 2, 1);
  cr_assert(engine_run(&engine));
  cr_expect_eq(group.operations, 1, "a tenth of a second of the slow one");
  tear_down(&group);
}

/* Every series once a round, with the same tokens, and not always in the same order. */
Test(engine, a_round_has_every_series_once_on_the_same_tokens) {
  enum { SUBJECTS = 4 };
  struct group group;
  unsigned rounds = 0, first[SUBJECTS] = {0};
  set_up(&group, SUBJECTS, 3);
  cr_assert(engine_run(&engine));
  for (unsigned i = 0; i < script.block_count;) {
    unsigned seen = 0;
    if (!is_timed(&script.blocks[i])) {
      i++;
      continue;
    }
    first[script.blocks[i].subject]++;
    for (unsigned j = 0; j < SUBJECTS; j++) {
      cr_assert(is_timed(&script.blocks[i + j]));
      cr_assert_eq(script.blocks[i + j].start, script.blocks[i].start);
      seen |= 1u << script.blocks[i + j].subject;
    }
    cr_assert_eq(seen, (1u << SUBJECTS) - 1);
    rounds++;
    i += SUBJECTS;
  }
  cr_assert_geq(rounds, 3 * 5);
  for (unsigned s = 0; s < SUBJECTS; s++)
    cr_expect_gt(first[s], 0);
  tear_down(&group);
}

Test(engine, launches_share_the_budget_and_each_has_its_least) {
  struct group group;
  set_up(&group, 2, 4);
  group.budget_s = 1;
  cr_assert(engine_run(&engine));
  cr_expect_float_eq((double)group.used_ns / 1e9, 1, 0.01);
  cr_expect_leq(abs((int)timed_of(0, 1) - (int)timed_of(0, 4)), 2);
  tear_down(&group);
  script = (struct scripted){0};
  set_up(&group, 2, 4);
  group.budget_s = 0;
  cr_assert(engine_run(&engine));
  for (unsigned launch = 1; launch <= 4; launch++)
    cr_expect_eq(timed_of(1, launch), 5);
  cr_expect_eq(group.rounds, 5);
  tear_down(&group);
}

Test(engine, the_first_launch_takes_fresh_subjects_as_they_are) {
  struct group group;
  set_up(&group, 2, 3);
  cr_assert(engine_run(&engine));
  cr_expect_eq(script.subjects[0].launches, 3);
  tear_down(&group);
  script = (struct scripted){0};
  set_up(&group, 2, 3);
  engine.first_is_fresh = true;
  cr_assert(engine_run(&engine));
  cr_expect_eq(script.subjects[0].launches, 3, "started by its first block, then twice");
  tear_down(&group);
}

/* ---- disturbed blocks ---- */

Test(engine, a_disturbed_block_is_run_again_and_its_time_counts_for_nothing) {
  struct group group;
  script.subjects[1].disturbed_at = 12;
  script.subjects[1].disturbed_times = 3;
  set_up(&group, 2, 1);
  cr_assert(engine_run(&engine));
  cr_expect_eq(engine.repeated, 3);
  cr_expect_eq(timed_of(1, 0), timed_of(0, 0) + 3);
  cr_expect_float_eq(samples_median(&group_pair_of(&group, 1, 0)->log_sum_ratio), 0, 1e-6);
  tear_down(&group);
}

Test(engine, one_that_never_passes_undisturbed_is_taken_as_it_is) {
  struct group group;
  script.subjects[0].disturbed_at = 1;
  script.subjects[0].disturbed_times = 1000000;
  set_up(&group, 1, 1);
  group.budget_s = 0;
  cr_assert(engine_run(&engine));
  cr_expect_float_eq(samples_median(&group.series[0].ns), 10000, 1);
  cr_expect_eq(timed_of(0, 0), 5 * 6);
  tear_down(&group);
}

Test(engine, a_series_may_take_its_blocks_as_they_come) {
  struct group group;
  script.subjects[0].disturbed_at = 1;
  script.subjects[0].disturbed_times = 1000000;
  set_up(&group, 1, 1);
  group.budget_s = 0;
  group.series[0].disturbed_too = true;
  cr_assert(engine_run(&engine));
  cr_expect_eq(timed_of(0, 0), 5);
  cr_expect_eq(engine.repeated, 0);
  tear_down(&group);
}

/* ---- falling out ---- */

Test(engine, one_that_crashes_falls_out_and_the_others_go_on) {
  struct group group;
  script.subjects[1] =
      (struct scripted_subject){.ns = 1000, .breaks_at = 40, .breaks_by = EVENT_CRASH, .breaks_on = 123};
  script.subjects[0].ns = script.subjects[2].ns = 1000;
  set_up(&group, 3, 3);
  cr_assert(engine_run(&engine));
  cr_assert_eq(found.count, 1);
  cr_expect_eq(found.subject, 1);
  cr_expect_eq(found.event, EVENT_CRASH);
  cr_expect_eq(found.token, 123);
  cr_expect_str_eq(group.series[1].missing, "crashed: broke in block 40");
  cr_expect_str_eq(found.why, "broke in block 40");
  cr_expect_eq(script.subjects[1].blocks, 40, "and is asked no more");
  cr_expect_eq(group.series[0].ns.count, 3);
  cr_expect_eq(group_pair_of(&group, 2, 0)->log_ratio.count, 3);
  cr_expect_lt(group_pair_of(&group, 1, 0)->log_ratio.count, 3);
  tear_down(&group);
}

Test(engine, series_of_one_arm_fall_out_together_in_all_groups) {
  struct group groups[2];
  const struct control_command command = command_of(0);
  script.subjects[0] = (struct scripted_subject){.ns = 1000, .breaks_at = 30, .breaks_by = EVENT_HANG};
  set_up(&groups[0], 1, 2);
  groups[1] = (struct group){.block_ns = 1e5, .lead_share = 0.5, .rounds_least = 5};
  group_add(&groups[1], 0, &command);
  group_add(&groups[1], 0, &command);
  groups[0].series[0].arm = groups[1].series[0].arm = 3;
  engine.groups = groups;
  engine.group_count = 2;
  cr_assert(engine_run(&engine));
  unsigned out = (groups[0].series[0].missing[0] != 0) + (groups[1].series[0].missing[0] != 0);
  cr_assert(groups[1].series[1].missing[0] ? out == 0 : out == 2);
  cr_assert_eq(found.count, 1);
  group_fini(&groups[1]);
  tear_down(&groups[0]);
}

Test(engine, one_that_cannot_be_started_falls_out_for_good) {
  struct group group;
  script.subjects[0] = (struct scripted_subject){.ns = 1000, .fails_in_launch = 2};
  script.subjects[1].ns = 1000;
  set_up(&group, 2, 4);
  cr_assert(engine_run(&engine));
  cr_assert_eq(found.count, 1);
  cr_expect_eq(found.event, EVENT_ERROR);
  cr_expect_eq(found.token, CORPUS_NONE);
  cr_expect_str_eq(group.series[0].missing, "subject 0 does not start");
  cr_expect_eq(group.series[0].ns.count, 1, "what its launches before it gave stands");
  cr_expect_eq(script.subjects[0].launches, 2);
  cr_expect_eq(group.series[1].ns.count, 4);
  tear_down(&group);
}

Test(engine, without_anybody_left_it_ends) {
  struct group group;
  script.subjects[0] = (struct scripted_subject){.ns = 1000, .fails_in_launch = 2};
  set_up(&group, 1, 50);
  cr_assert(engine_run(&engine), "it was not stopped");
  cr_expect_eq(engine.launches_done, 1);
  tear_down(&group);
}

Test(engine, wrong_verdicts_are_counted_untimed_ones_too) {
  struct group group;
  script.subjects[0] = (struct scripted_subject){.ns = 1000, .wrong_at = 1};
  script.subjects[1] = (struct scripted_subject){.ns = 1000, .wrong_at = 25};
  set_up(&group, 2, 1);
  cr_assert(engine_run(&engine));
  for (unsigned s = 0; s < 2; s++) {
    cr_expect_eq(group.series[s].wrong, 2);
    cr_expect_eq(group.series[s].first_wrong, 7);
    cr_expect_eq(group.series[s].wrong_reason, REASON_SIGNATURE_INVALID);
    cr_expect(!group.series[s].missing[0]);
  }
  tear_down(&group);
}

/* ---- interruption ---- */

Test(engine, an_interrupted_launch_gives_no_value_and_those_before_stand) {
  struct group group;
  set_up(&group, 2, 3);
  cr_assert(engine_run(&engine));
  unsigned all = script.block_count, values = 0;
  tear_down(&group);
  for (unsigned at = 1; at < all; at += all / 40 + 1) {
    script = (struct scripted){.stops_at = at};
    set_up(&group, 2, 3);
    cr_assert(!engine_run(&engine));
    cr_assert_eq(group.series[0].ns.count, engine.launches_done);
    cr_assert_eq(group.series[1].ns.count, engine.launches_done);
    cr_assert_eq(group_pair_of(&group, 1, 0)->log_ratio.count, engine.launches_done);
    cr_assert_geq(engine.launches_done, values, "no fewer, the later it comes");
    values = engine.launches_done;
    tear_down(&group);
  }
  cr_assert_geq(values, 1);
  cr_assert_eq(found.count, 0);
}

Test(engine, the_time_of_a_block_that_was_not_measured_ends_the_program, .signal = SIGABRT) {
  const struct block block = {.event = EVENT_CRASH, .count = 4, .outcome = {.elapsed_ns = 100}};
  block_ns(&block);
}

/* ---- what groups ask for ---- */

Test(engine, every_series_gives_the_latencies_that_are_wanted) {
  struct group group;
  set_up(&group, 2, 3);
  script.subjects[0].ns = 1000;
  script.subjects[1].ns = 3000;
  group.latencies = 3000;
  group.budget_s = 60;
  for (unsigned s = 0; s < 2; s++) {
    group.series[s].command.latency = 1;
    group.series[s].disturbed_too = true;
  }
  cr_assert(engine_run(&engine));
  for (unsigned s = 0; s < 2; s++) {
    cr_assert_not_null(group.series[s].latency);
    cr_expect_geq(group.series[s].latency->total, 3000);
    cr_expect_leq(group.series[s].latency->total, 3600);
  }
  for (unsigned i = 0; i < script.block_count; i++)
    cr_expect_eq(script.blocks[i].latency, is_timed(&script.blocks[i]), "warm-up is in no histogram");
  cr_expect_lt((double)group.used_ns / 1e9, 1, "and that ends the group");
  tear_down(&group);
}

Test(engine, lengths_of_their_own_and_whole_batches) {
  struct group group;
  script.subjects[0].ns = 1000;
  script.subjects[1].ns = 100;
  set_up(&group, 2, 1);
  group.own_lengths = true;
  cr_assert(engine_run(&engine));
  cr_expect_eq(group.series[0].command.count, 100);
  cr_expect_eq(group.series[1].command.count, 1000);
  tear_down(&group);
  script = (struct scripted){0};
  set_up(&group, 1, 1);
  group.series[0].command.batch = 64;
  cr_assert(engine_run(&engine));
  for (unsigned i = 0; i < script.block_count; i++)
    cr_expect_eq(script.blocks[i].count % 64, 0);
  tear_down(&group);
}

Test(engine, commands_that_say_how_many_keep_that_and_rounds_have_a_most) {
  struct group group;
  set_up(&group, 1, 2);
  group.block_ns = 0;
  group.rounds_least = group.rounds_most = 7;
  group.budget_s = 100;
  group.series[0].command = command_of(13);
  group.series[0].command.lead = 2;
  cr_assert(engine_run(&engine));
  cr_expect_eq(timed_of(0, 1), 7);
  cr_expect_eq(timed_of(0, 2), 7);
  for (unsigned i = 0; i < script.block_count; i++)
    cr_expect(!is_timed(&script.blocks[i]) || script.blocks[i].count == 13);
  tear_down(&group);
}

Test(engine, as_many_subjects_as_there_are) {
  struct group group;
  set_up(&group, SCRIPTED_MOST, 2);
  script.subjects[SCRIPTED_MOST - 1].ns = 2000;
  cr_assert(engine_run(&engine));
  for (unsigned s = 0; s < SCRIPTED_MOST; s++)
    cr_assert_eq(group.series[s].ns.count, 2);
  cr_expect_float_eq(samples_median(&group_pair_of(&group, SCRIPTED_MOST - 1, 0)->log_ratio), log(2), 1e-3);
  tear_down(&group);
}

/* ---- duets ---- */

enum { BASE, HEAD, AGAIN, SIDES };

static bool duet_of(struct duet *duet, double budget_s, struct assay_error *error) {
  const struct control_command command = command_of(0);
  script.count = SIDES;
  script.random = 17;
  runner = scripted_runner(&script);
  *duet = (struct duet){.engine = {.runner = &runner, .random = 3, .stop = &script.stop, .finding = finding},
                        .budget_s = budget_s};
  struct group *group = duet_item(duet, "an item");
  for (unsigned s = 0; s < SIDES; s++)
    group_add(group, s, &command);
  return duet_plan(duet, error) && duet_run(duet);
}

/* The gravest answer of both measures; which: the measure that gave it. */
static enum duet_answer answer_of(double head_ns, double spread, double rare_ns, enum duet_measure *which) {
  static const int gravity[] = {[DUET_HOLDS] = 0, [DUET_NOISY] = 1, [DUET_SLOWER] = 2};
  struct duet duet;
  struct duet_effect effects[DUET_MEASURES];
  enum duet_answer gravest = DUET_HOLDS;
  struct assay_error error = {0};
  script = (struct scripted){.subjects = {[BASE] = {.ns = 1000, .spread = spread},
                                          [HEAD] = {.ns = head_ns, .spread = spread, .rare_ns = rare_ns},
                                          [AGAIN] = {.ns = 1000, .spread = spread}}};
  cr_assert(duet_of(&duet, 10, &error), "%s", error.text);
  cr_assert_eq(duet_effects(&duet, HEAD, 0, 1, effects), DUET_MEASURES);
  for (int i = 0; i < DUET_MEASURES; i++) {
    enum duet_answer answer = duet_answer(&effects[i], log1p(0.03));
    if (gravity[answer] > gravity[gravest]) {
      gravest = answer;
      *which = effects[i].measure;
    }
  }
  duet_fini(&duet);
  free(script.blocks);
  return gravest;
}

Test(duet_script, slower_equal_and_hopeless) {
  enum duet_measure which;
  cr_expect_eq(answer_of(1500, 0.005, 0, &which), DUET_SLOWER);
  cr_expect_eq(answer_of(1500, 0, 0, &which), DUET_SLOWER);
  cr_expect_eq(answer_of(1000, 0.005, 0, &which), DUET_HOLDS);
  cr_expect_eq(answer_of(1000, 0, 0, &which), DUET_HOLDS);
  cr_expect_eq(answer_of(700, 0.005, 0, &which), DUET_HOLDS);
  cr_expect_eq(answer_of(1010, 0.5, 0, &which), DUET_NOISY);
}

/* One block of twenty takes four times as long: 15 % in all, of which the median knows nothing. */
Test(duet_script, a_rare_cost_is_seen_by_the_sum_alone) {
  enum duet_measure which = DUET_MEDIAN;
  cr_expect_eq(answer_of(1000, 0.002, 1.2e6, &which), DUET_SLOWER);
  cr_expect_eq(which, DUET_SUM);
}

Test(duet_script, a_budget_that_proves_nothing_is_refused) {
  struct duet duet;
  struct assay_error error = {0};
  script.subjects[BASE].ns = script.subjects[HEAD].ns = script.subjects[AGAIN].ns = 1000;
  cr_assert(!duet_of(&duet, 0.1, &error));
  cr_expect_not_null(strstr(error.text, "a budget of 0.1 s is too short"), "%s", error.text);
  duet_fini(&duet);
  free(script.blocks);
}

/* Processes that start slower than the first, on a machine that has become busy, take from the same budget. */
Test(duet_script, the_budget_is_kept_where_starts_become_slower) {
  struct duet duet;
  struct assay_error error = {0};
  script.subjects[BASE].ns = script.subjects[HEAD].ns = script.subjects[AGAIN].ns = 1000;
  script.later_start_ns = 3 * START_NS;
  cr_assert(duet_of(&duet, 10, &error), "%s", error.text);
  cr_expect_lt((double)script.now_ns / 1e9, 10.5);
  cr_expect_gt((double)script.now_ns / 1e9, 9.5);
  duet_fini(&duet);
  free(script.blocks);
}

Test(duet_script, a_side_that_does_not_start_is_told) {
  struct duet duet;
  struct assay_error error = {0};
  script.subjects[BASE].ns = script.subjects[HEAD].ns = script.subjects[AGAIN].ns = 1000;
  script.subjects[HEAD].fails_in_launch = 1;
  cr_assert(!duet_of(&duet, 10, &error));
  cr_expect_str_eq(error.text, "subject 1 does not start");
  duet_fini(&duet);
}

Test(duet_script, a_head_that_crashes_has_no_claim_of_all_launches) {
  struct duet duet;
  struct duet_effect effects[DUET_MEASURES];
  struct assay_error error = {0};
  script.subjects[BASE].ns = script.subjects[AGAIN].ns = 1000;
  script.subjects[HEAD] = (struct scripted_subject){.ns = 900, .breaks_at = 60, .breaks_by = EVENT_CRASH};
  cr_assert(duet_of(&duet, 10, &error));
  cr_expect_eq(found.count, 1);
  cr_expect_eq(found.subject, HEAD);
  unsigned count = duet_effects(&duet, HEAD, 0, 1, effects);
  for (unsigned i = 0; i < count; i++) {
    cr_expect_lt(effects[i].launches, duet.launches);
    cr_expect_eq(duet_answer(&effects[i], log1p(0.03)), DUET_NOISY);
  }
  duet_fini(&duet);
  free(script.blocks);
}

/* ---- spread over the run, with an anchor ---- */

/* Two groups of a subject each, and the anchor of a third. */
static void set_up_spread(struct group *groups, struct anchor *anchor, unsigned launches) {
  const struct control_command command = command_of(0);
  set_up(&groups[0], 1, launches);
  script.count = runner.count = 3;
  for (unsigned i = 0; i < 3; i++)
    script.subjects[i].ns = 1000;
  groups[1] = groups[0];
  groups[1].series = NULL;
  groups[1].pairs = NULL;
  groups[1].count = groups[1].pair_count = 0;
  group_add(&groups[1], 1, &command);
  anchor_make(anchor, 100e3, 1e6);
  group_add(&anchor->group, 2, &command);
  engine.group_count = 2;
  engine.groups = groups;
  engine.anchor = anchor;
}

static void tear_down_spread(struct group *groups, struct anchor *anchor) {
  group_fini(&groups[1]);
  anchor_fini(anchor);
  tear_down(&groups[0]);
}

Test(engine, every_launch_has_rounds_of_all_groups) {
  struct group groups[2];
  struct anchor anchor;
  set_up_spread(groups, &anchor, 4);
  cr_assert(engine_run(&engine));
  for (unsigned launch = 1; launch <= 4; launch++)
    for (unsigned subject = 0; subject < 2; subject++)
      cr_expect_geq(timed_of(subject, launch), 5, "subject %u in launch %u", subject, launch);
  cr_expect_geq(groups[0].rounds, 5);
  tear_down_spread(groups, &anchor);
}

Test(engine, a_steady_machine_moves_by_nothing) {
  struct group groups[2];
  struct anchor anchor;
  set_up_spread(groups, &anchor, 20);
  cr_assert(engine_run(&engine));
  const struct group *rows[] = {&groups[0], &groups[1]};
  cr_expect_geq(anchor.readings.count, 20);
  cr_expect_float_eq(anchor_moved(&anchor), 0, 1e-9, "%g", anchor_moved(&anchor));
  cr_expect_float_eq(anchor_apart(rows, 2), 0, 1e-9);
  cr_expect_eq(groups[0].drift.count, 20, "one value a launch");
  tear_down_spread(groups, &anchor);
}

/* A machine that is half as fast from one moment on: of one launch one of the groups has it all. */
static double apart_with(unsigned launches) {
  struct group groups[2];
  struct anchor anchor;
  set_up_spread(groups, &anchor, launches);
  script.slower_from_ns = (uint64_t)0.25e9;
  cr_assert(engine_run(&engine));
  const struct group *rows[] = {&groups[0], &groups[1]};
  double apart = anchor_apart(rows, 2), moved = anchor_moved(&anchor);
  cr_expect(anchor.readings.count < 20 ? isnan(moved) : fabs(moved - 1) < 1e-6, "moved by %g", moved);
  tear_down_spread(groups, &anchor);
  memset(&script, 0, sizeof script);
  return apart;
}

Test(engine, launches_make_groups_comparable_on_a_machine_that_changes_speed) {
  cr_expect_gt(apart_with(1), 0.3, "measured one after the other");
  cr_expect_lt(apart_with(20), 0.1);
}

/* What an anchor took for a wrong verdict tells nothing of the machine. */
Test(engine, an_anchor_with_a_wrong_verdict_tells_nothing) {
  struct group groups[2];
  struct anchor anchor;
  set_up_spread(groups, &anchor, 20);
  script.subjects[2].wrong_at = 12;
  cr_assert(engine_run(&engine));
  cr_expect_eq(anchor.group.series[0].wrong, 2);
  cr_expect_geq(anchor.readings.count, 20);
  cr_expect(isnan(anchor_moved(&anchor)));
  cr_expect_eq(groups[0].series[0].wrong, 0);
  tear_down_spread(groups, &anchor);
}

Test(engine, an_anchor_that_falls_out_tells_nothing_and_the_groups_go_on) {
  struct group groups[2];
  struct anchor anchor;
  set_up_spread(groups, &anchor, 2);
  script.subjects[2].breaks_at = 1;
  script.subjects[2].breaks_by = EVENT_CRASH;
  cr_assert(engine_run(&engine));
  cr_expect_eq(found.event, EVENT_CRASH);
  cr_expect(isnan(anchor_moved(&anchor)));
  cr_expect_geq(groups[0].rounds, 5);
  cr_expect_eq(groups[0].series[0].ns.count, 2);
  tear_down_spread(groups, &anchor);
}
