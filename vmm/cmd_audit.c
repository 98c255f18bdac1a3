/* SPDX-License-Identifier: Apache-2.0 */
/* A run that is looked at often, and what each root really reached. */
#include "command.h"
#include "judge.h"
#include "report.h"
#include "results.h"

#include <capabilities/cap.h>

#define AUDIT_SAMPLES 200u

static void print_range(const struct run *run, uint32_t root, uint32_t range)
{
    const struct sampler_reach *reach =
        sampler_reach(&run->sampler, root, range);
    const struct plan *plan = run->image->plan;
    const struct audit_reached *r = &reach->most;
    char name[2 * SPEC_NAME_MAX + 8], expected[8], found[8];

    if (!plan->attached[root][range] && !r->pages) {
        return;
    }
    plan_range_name(&run->image->spec, plan, range, name, sizeof(name));
    judge_rights_text(plan->attached[root][range], expected, sizeof(expected));
    judge_rights_text((r->readable ? (uint32_t)CAP_READ : 0u) |
                          (r->writable ? (uint32_t)CAP_WRITE : 0u) |
                          (r->executable ? (uint32_t)CAP_EXEC : 0u),
                      found, sizeof(found));
    printf("  %-24s may %-4s found %-4s %6u pages (%u r, %u w, %u x)\n", name,
           *expected ? expected : "-", *found ? found : "-", r->pages,
           r->readable, r->writable, r->executable);
}

static void print_root(const struct run *run, uint32_t root)
{
    const struct plan *plan = run->image->plan;

    printf("root %u:", root);
    for (uint32_t i = 0; i < run->config->domain_count; i++) {
        if (plan->domains[i].root == root) {
            printf(" %s", run->config->domains[i].name.text);
        }
    }
    if (!run->sampler.roots_seen[root]) {
        puts(" (never seen: no domain ran in it when it was looked at)");
        return;
    }
    putchar('\n');
    for (uint32_t range = 0; range < plan->range_count; range++) {
        print_range(run, root, range);
    }
}

static void print_summary(const struct run *run)
{
    for (uint32_t i = 0; i < run->image->plan->root_count; i++) {
        print_root(run, i);
    }
    report_audit(run, stdout);
    printf("%s\n", report_threat_model);
}

/* What was expected of the programs is not the question here. */
static int exit_code_of(const struct judgement *judgement)
{
    return judgement->exit_code == EXIT_MISSED ? EXIT_MET
                                               : judgement->exit_code;
}

static int finish(const struct run *run, const struct judgement *judgement)
{
    const struct options *options = run->options;
    struct failure failure = {0};

    fflush(stdout);
    report_end(run);
    if (!options_json_only(options) && run->snapshot.valid) {
        if (options->quiet && run->sampler.audit.violation_count) {
            report_audit(run, stdout);
        } else if (!options->quiet) {
            print_summary(run);
        }
    }
    if (options->json &&
        results_write(run, judgement, options->json, &failure) < 0) {
        return run_say_failure(&failure);
    }
    return exit_code_of(judgement);
}

int cmd_audit(const struct options *given)
{
    struct options options = *given;
    struct judgement judgement;
    struct run run;
    int exit_code;

    if (!options.samples_given) {
        options.samples = AUDIT_SAMPLES;
    }
    if (run_make(&run, &options) < 0) {
        exit_code = run.exit_code;
        run_free(&run);
        return exit_code;
    }
    if (sampler_watch_reach(&run.sampler) < 0) {
        run_free(&run);
        fputs("ambit: no memory on the host\n", stderr);
        return EXIT_HOST;
    }
    run_guest(&run);
    exit_code = EXIT_HOST;
    if (judge(&run, &judgement) == 0) {
        exit_code = finish(&run, &judgement);
        judge_free(&judgement);
    }
    run_free(&run);
    return exit_code;
}
