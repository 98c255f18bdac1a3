/* SPDX-License-Identifier: Apache-2.0 */
/* A run that is looked at often, and what each root really reached. */
#include "audit_report.h"
#include "command.h"
#include "json_file.h"
#include "judge.h"
#include "report.h"
#include "results_parts.h"

#define AUDIT_SAMPLES 200u

static void print_summary(const struct run *run)
{
    if (run->options->quiet) {
        if (run->sampler.audit.violation_count) {
            report_audit(run, stdout);
        }
        return;
    }
    audit_report_print(run, stdout);
    report_audit(run, stdout);
    report_claims(run, stdout);
}

/* The results of a run, and in its audit what was reached. */
static json_t *make_results(const struct run *run,
                            const struct judgement *judgement)
{
    struct results results = {.run = run, .judgement = judgement};
    json_t *out = results_make(run, judgement);
    json_t *audit = out ? json_object_get(out, "audit") : NULL;

    if (!out) {
        return NULL;
    }
    results_set(&results, audit, "reached", audit_report_json(&results));
    if (results.failed) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static int write_results(struct run *run, const struct judgement *judgement)
{
    struct failure failure = {0};
    json_t *value = make_results(run, judgement);

    if (!value) {
        failure_set(&failure, EXIT_HOST, "no memory on the host");
    } else {
        (void)json_file_write_late(value, &run->results, &failure);
        json_decref(value);
    }
    return failure.exit_code ? run_say_failure(&failure) : EXIT_MET;
}

/* A violation outweighs however the run ended. */
static int conclude(struct run *run, struct judgement *judgement)
{
    int written = EXIT_MET;

    if (run->sampler.audit.violation_count) {
        judgement->exit_code = EXIT_VIOLATED;
    }
    fflush(stdout);
    report_end(run);
    if (!options_json_only(run->options) && run->snapshot.valid) {
        print_summary(run);
    }
    if (run->options->json) {
        written = write_results(run, judgement);
    }
    return judgement->exit_code == EXIT_MET ? written : judgement->exit_code;
}

static int audit(struct run *run)
{
    struct judgement judgement;
    int exit_code;

    if (sampler_watch_reach(&run->sampler) == 0) {
        run_guest(run);
        if (judge(run, &judgement) == 0) {
            exit_code = conclude(run, &judgement);
            judge_free(&judgement);
            return exit_code;
        }
    }
    fputs("ambit: no memory on the host\n", stderr);
    return EXIT_HOST;
}

int cmd_audit(const struct options *given)
{
    struct options options = *given;
    struct run run;
    int exit_code;

    if (!options.samples_given) {
        options.samples = AUDIT_SAMPLES;
    }
    exit_code = run_make(&run, &options) < 0 ? run.exit_code : audit(&run);
    run_free(&run);
    return exit_code;
}
