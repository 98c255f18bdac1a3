/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "report.h"
#include "scene.h"

#include <capabilities/cap.h>
#include <stdlib.h>
#include <string.h>

#define HEAD                                                                   \
    "ambit: 1\nendpoints: {kv: {}}\nranges: {ring: {size: 4KiB}}\ndomains:\n"
#define APP "  app: {kind: process, program: hello"

static void setup(void)
{
    scene_load(HEAD APP ", holds: {kv: serve}}\n"
                        "  guard: {parent: app, kind: tis, holds: {kv: call}}\n"
                        "  late: {parent: app, kind: tis, start: manual}\n");
    scene_end("late", OUTCOME_NONE, 0);
}

static void print_report(FILE *out)
{
    report_print(&scene.run, &scene.judgement, out);
}

static void reports(const char *line)
{
    char *text = scene_text(print_report);

    if (!strstr(text, line)) {
        ck_abort_msg("no '%s' in: %s", line, text);
    }
    free(text);
}

static void missed(const char *name, const char *why)
{
    ck_assert_int_eq(scene_judge(), EXIT_MISSED);
    ck_assert_uint_eq(scene.judgement.missed, 1);
    ck_assert(!scene_verdict(name)->met);
    ck_assert_str_eq(scene_verdict(name)->why, why);
    reports(why);
}

static void wait_at(const char *name, uint32_t endpoint)
{
    scene_end(name, OUTCOME_BLOCKED, 0);
    scene.shared->domains[scene_domain(name)].blocked_on = endpoint;
    scene.shared->domains[scene_domain(name)].waits = WAITS_TO_RECEIVE;
}

START_TEST(all_met)
{
    ck_assert_int_eq(scene_judge(), EXIT_MET);
    ck_assert_uint_eq(scene.judgement.missed, 0);
    reports("met: 3 of 3 domains\n");
}
END_TEST

START_TEST(bad_exit)
{
    scene_end("guard", OUTCOME_EXIT, -3);
    missed("guard", "exited with -3; expected exit 0");
    ck_assert_str_eq(judge_outcome_name(&scene.run, scene_domain("guard")),
                     "exit");
}
END_TEST

START_TEST(fatal_fault)
{
    uint32_t guard = scene_domain("guard");

    scene_end("guard", OUTCOME_FAULT, 0);
    scene.shared->domains[guard].fault = 0;
    missed("guard", "ended by a fault; expected exit 0");
    scene.run.snapshot.faults = 1;
    scene.shared->faults[0] = (struct shared_fault){
        .domain = guard,
        .type = FAULT_PAGE,
        .access = ACCESS_WRITE,
        .range = scene.run.image->plan->domains[scene_domain("app")].stack,
        .rip = 0x10,
    };
    missed("guard", "ended by a fault: write to app.stack at 0x10; expected "
                    "exit 0");
}
END_TEST

/* A server waits for the next call when nobody is left to make one. */
START_TEST(blocked_server)
{
    wait_at("app", 0);
    ck_assert_int_eq(scene_judge(), EXIT_MET);
    ck_assert(scene_verdict("app")->served);
    ck_assert(!scene_verdict("app")->stuck);
}
END_TEST

/* A thread serves through its parent's capability. */
START_TEST(blocked_server_without_a_hold)
{
    wait_at("guard", 0);
    ck_assert_int_eq(scene_judge(), EXIT_MET);
    ck_assert(scene_verdict("guard")->served);
}
END_TEST

START_TEST(deadlock)
{
    wait_at("guard", SHARED_NO_RANGE);
    missed("guard", "still waits for another domain; expected exit 0");
    ck_assert(scene_verdict("guard")->stuck);
    wait_at("app", 77); /* names no endpoint */
    ck_assert_int_eq(scene_judge(), EXIT_MISSED);
    ck_assert_uint_eq(scene.judgement.missed, 2);
    ck_assert_str_eq(scene_verdict("app")->why,
                     "still waits for another domain; expected exit 0");
}
END_TEST

START_TEST(never_started)
{
    scene_end("guard", OUTCOME_NONE, 0);
    missed("guard", "was never started; expected exit 0");
    scene_end("guard", 99, 0); /* no outcome that there is */
    missed("guard", "was never started; expected exit 0");
    ck_assert_str_eq(judge_outcome_name(&scene.run, scene_domain("guard")),
                     "none");
}
END_TEST

START_TEST(stopped_by_its_holder)
{
    scene_end("guard", OUTCOME_STOPPED, 0);
    ck_assert_int_eq(scene_judge(), EXIT_MET);
    ck_assert(scene_verdict("guard")->met);
}
END_TEST

START_TEST(timeout)
{
    scene_end("guard", OUTCOME_RUNNING, 0);
    missed("guard", "still ran; expected exit 0");
    scene.run.end = RUN_TIMEOUT;
    ck_assert_int_eq(scene_judge(), EXIT_TIMEOUT);
    ck_assert(scene_verdict("guard")->timeout);
    ck_assert_str_eq(scene_verdict("guard")->why,
                     "still ran when the time was up; expected exit 0");
    ck_assert_str_eq(judge_outcome_name(&scene.run, scene_domain("guard")),
                     "timeout");
}
END_TEST

START_TEST(shortfalls)
{
    scene.shared->compose_shortfalls = 2;
    ck_assert_int_eq(scene_judge(), EXIT_MISSED);
    ck_assert_uint_eq(scene.judgement.missed, 0);
    reports("2 capabilities found no slot: raise `slots`\n");
    scene.options.quiet = true;
    reports("2 capabilities found no slot: raise `slots`\n");
    scene.shared->compose_shortfalls = 1;
    ck_assert_int_eq(scene_judge(), EXIT_MISSED);
    reports("1 capability found no slot: raise `slots`\n");
}
END_TEST

START_TEST(which_exit_code_wins)
{
    scene_end("guard", OUTCOME_EXIT, 1);
    scene.run.end = RUN_INTERRUPTED;
    ck_assert_int_eq(scene_judge(), EXIT_INTERRUPTED);
    scene.run.sampler.audit.violation_count = 1;
    ck_assert_int_eq(scene_judge(), EXIT_VIOLATED);
    scene.run.end = RUN_FAILED;
    ck_assert_int_eq(scene_judge(), EXIT_HOST);
    scene.run.end = RUN_UNMET;
    scene.run.failure.exit_code = EXIT_UNAVAILABLE;
    ck_assert_int_eq(scene_judge(), EXIT_UNAVAILABLE);
    scene.run.end = RUN_PANIC;
    ck_assert_int_eq(scene_judge(), EXIT_PANIC);
}
END_TEST

static void load_expecting(const char *expect)
{
    char text[512];

    snprintf(text, sizeof(text), HEAD APP ", expect: %s}\n", expect);
    scene_free();
    scene_load(text);
}

START_TEST(expected_exit)
{
    load_expecting("{exit: 3}");
    missed("app", "exited with 0; expected exit 3");
    scene_end("app", OUTCOME_EXIT, 3);
    ck_assert_int_eq(scene_judge(), EXIT_MET);
    reports("app: exited with 3, as expected\n");
    scene_end("app", OUTCOME_STOPPED, 0);
    missed("app", "was stopped; expected exit 3");
    wait_at("app", 0);
    missed("app", "still waits at endpoint kv; expected exit 3");
}
END_TEST

START_TEST(expected_end_by_fault)
{
    load_expecting("{exit: fault}");
    missed("app", "exited with 0; expected it to end by a fault");
    scene_end("app", OUTCOME_FAULT, 0);
    ck_assert_int_eq(scene_judge(), EXIT_MET);
}
END_TEST

static void add_fault(uint32_t access, uint32_t range, uint32_t tried)
{
    scene.shared->faults[scene.run.snapshot.faults++] = (struct shared_fault){
        .type = FAULT_PAGE,
        .access = (uint16_t)access,
        .range = range,
        .tried = tried,
    };
}

START_TEST(expected_faults)
{
    load_expecting("{faults: [{access: r, to: ring}, {access: w, to: "
                   "app.stack}]}");
    uint32_t stack = scene.run.image->plan->domains[0].stack;

    missed("app", "expected fault 1 (read ring) did not occur");
    add_fault(ACCESS_WRITE, stack, 2);
    add_fault(ACCESS_READ, 0, 1); /* its own, caught */
    missed("app", "expected fault 1 (read ring) did not occur");
    add_fault(ACCESS_READ, 0, 2);
    missed("app", "expected fault 2 (write app.stack) did not occur");
    add_fault(ACCESS_WRITE, 0xfffffff0u, 2);
    missed("app", "expected fault 2 (write app.stack) did not occur");
    add_fault(ACCESS_WRITE, stack, 2);
    ck_assert_int_eq(scene_judge(), EXIT_MET);
}
END_TEST

START_TEST(expected_output)
{
    load_expecting("{output: all good}");
    missed("app", "never printed \"all good\"");
    scene.run.console.streams[0].match.found = true;
    ck_assert_int_eq(scene_judge(), EXIT_MET);
}
END_TEST

#define ASSERTS HEAD APP "}\n  guard: {parent: app, kind: tis}\nassert:\n"

static const struct judged_assert *assertion(const char *yaml, int exit_code)
{
    char text[512];

    snprintf(text, sizeof(text), ASSERTS "  it: %s\n", yaml);
    scene_free();
    scene_load(text);
    ck_assert_int_eq(scene_judge(), exit_code);
    return &scene.judgement.asserts[0];
}

START_TEST(assertion_by_model)
{
    const struct judged_assert *a =
        assertion("{deny: {from: guard, to: app.stack, access: rw}}", EXIT_MET);

    ck_assert(a->held);
    ck_assert_int_eq(a->model, FINDING_HOLDS);
    ck_assert_int_eq(a->tables, FINDING_UNKNOWN);
    ck_assert_str_eq(a->no_tables, "no sample was taken while the domain and "
                                   "the range were there");
    a = assertion("{deny: {from: guard, to: app.heap, access: w}}",
                  EXIT_VIOLATED);
    ck_assert(!a->held);
    ck_assert_int_eq(a->model, FINDING_BROKEN);
    ck_assert_ptr_nonnull(strstr(a->witness, "model: rw at 0x"));
    reports("assertion it (deny: {from: guard, to: app.heap, access: w}) is "
            "violated: model BROKEN, tables unknown, probe unknown; model: rw "
            "at 0x");
    a = assertion("{allow: {from: app, to: guard.stack, access: r}}",
                  EXIT_VIOLATED);
    ck_assert_ptr_nonnull(strstr(a->witness, "model: no access at 0x"));
}
END_TEST

START_TEST(assertion_by_tables_and_probe)
{
    const struct judged_assert *a =
        assertion("{deny: {from: guard, to: app.stack, access: rw}}", EXIT_MET);
    struct sampler_assert *seen = scene.run.sampler.asserts;

    *seen = (struct sampler_assert){.seen = true};
    add_fault(ACCESS_READ,
              scene.run.image->plan->domains[scene_domain("app")].stack, 1);
    scene.shared->faults[0].domain = scene_domain("guard");
    ck_assert_int_eq(scene_judge(), EXIT_MET);
    a = &scene.judgement.asserts[0];
    ck_assert_int_eq(a->tables, FINDING_HOLDS);
    ck_assert_int_eq(a->probe, FINDING_UNKNOWN);
    scene.run.snapshot.faults = 2;
    scene.shared->faults[1] = scene.shared->faults[0];
    scene.shared->faults[1].access = ACCESS_WRITE;
    ck_assert_int_eq(scene_judge(), EXIT_MET);
    a = &scene.judgement.asserts[0];
    ck_assert_int_eq(a->probe, FINDING_HOLDS);
    *seen = (struct sampler_assert){
        .seen = true, .broken = true, .address = 0x40000000, .found = CAP_READ};
    ck_assert_int_eq(scene_judge(), EXIT_VIOLATED);
    ck_assert_str_eq(scene.judgement.asserts[0].witness,
                     "tables: r at 0x40000000");
}
END_TEST

Suite *suite_judge(void)
{
    const TTest *const tests[] = {
        all_met,
        bad_exit,
        fatal_fault,
        blocked_server,
        blocked_server_without_a_hold,
        deadlock,
        never_started,
        stopped_by_its_holder,
        timeout,
        shortfalls,
        which_exit_code_wins,
        expected_exit,
        expected_end_by_fault,
        expected_faults,
        expected_output,
        assertion_by_model,
        assertion_by_tables_and_probe,
    };
    Suite *suite = suite_create("judge");
    TCase *all = tcase_create("judge");

    tcase_set_timeout(all, 60);
    tcase_add_checked_fixture(all, setup, scene_free);
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        tcase_add_test(all, tests[i]);
    }
    suite_add_tcase(suite, all);
    return suite;
}
