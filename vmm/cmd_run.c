/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "dump.h"
#include "judge.h"
#include "report.h"
#include "results.h"
#include "run.h"

/* What a file that could not be written makes of an exit code. */
static int lesser(int exit_code, int failed)
{
    return exit_code == EXIT_MET || exit_code == EXIT_MISSED ? failed
                                                             : exit_code;
}

/* Judges, prints, writes: what follows a guest that has ended. */
static int conclude(struct run *run)
{
    struct judgement judgement;
    struct failure failure = {0};
    int exit_code;

    report_end(run);
    if (judge(run, &judgement) < 0) {
        fputs("ambit: no memory on the host to judge the run\n", stderr);
        return EXIT_HOST;
    }
    exit_code = judgement.exit_code;
    if (!options_json_only(run->options)) {
        report_print(run, &judgement, stdout);
    }
    if (run->options->dump && dump_write(run, &failure) < 0) {
        run_say_failure(&failure);
        judgement.exit_code = lesser(exit_code, failure.exit_code);
        exit_code = judgement.exit_code;
    }
    if (run->options->trace && tracing_write(run, &failure) < 0) {
        run_say_failure(&failure);
        judgement.exit_code = lesser(exit_code, failure.exit_code);
        exit_code = judgement.exit_code;
    }
    if (run->options->json && results_write(run, &judgement, &failure) < 0) {
        run_say_failure(&failure);
        exit_code = lesser(exit_code, failure.exit_code);
    }
    judge_free(&judgement);
    return exit_code;
}

int cmd_run(const struct options *options)
{
    struct run run;
    int exit_code;

    if (run_make(&run, options) < 0) {
        exit_code = run.exit_code;
    } else {
        run_guest(&run);
        exit_code = conclude(&run);
    }
    run_free(&run);
    return exit_code;
}
