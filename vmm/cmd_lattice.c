/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "command.h"
#include "guards.h"
#include "json_file.h"
#include "run.h"
#include "signals.h"

#include <lattice/lattice.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GUEST_TIMEOUT_NS 300000000000ull

static bool to_stdout(const char *file)
{
    return file && strcmp(file, "-") == 0;
}

static int check_options(const struct options *options)
{
    const struct lattice_options *lattice = &options->lattice;

    if (lattice->all && lattice->valid) {
        fputs("ambit: lattice takes --all or --valid, not both\n", stderr);
        return EXIT_USAGE;
    }
    if (!lattice->boot &&
        (lattice->sample || lattice->seed_given || lattice->at_run_time)) {
        fputs("ambit: --sample, --seed and --at-run-time say what to --boot\n",
              stderr);
        return EXIT_USAGE;
    }
    if (to_stdout(options->json) && to_stdout(lattice->csv)) {
        fputs("ambit: --json - and --csv - both want standard output\n",
              stderr);
        return EXIT_USAGE;
    }
    return EXIT_MET;
}

/* The config that gives kinds; null in *config if there is none. */
static int load_kinds(const struct options *options, struct config **config)
{
    struct diagnostics diagnostics = {0};
    struct failure failure = {0};
    int exit_code = EXIT_USAGE;

    *config = NULL;
    if (!options->lattice.config) {
        return EXIT_MET;
    }
    *config =
        config_load(options->lattice.config, NULL, 0, &diagnostics, &failure);
    if (*config) {
        exit_code = EXIT_MET;
    } else if (diagnostics.count) {
        diagnostics_print(&diagnostics, stderr);
    } else {
        exit_code = run_say_failure(&failure);
    }
    diagnostics_free(&diagnostics);
    return exit_code;
}

static enum lattice_show shown(const struct options *options)
{
    if (options->lattice.all) {
        return LATTICE_ALL;
    }
    return options->lattice.valid ? LATTICE_ONLY_VALID : LATTICE_SUMMARY;
}

static int write_json(const struct options *options,
                      const struct lattice_table *table,
                      struct failure *failure)
{
    json_t *value = lattice_json(table, shown(options));
    int result;

    if (!value) {
        return failure_set(failure, EXIT_HOST, "no memory on the host");
    }
    result = json_file_write(value, options->json, failure);
    json_decref(value);
    return result;
}

static int write_csv(const struct options *options,
                     const struct lattice_table *table, struct failure *failure)
{
    struct late_file file = {0};
    char *text = NULL;
    size_t bytes = 0;
    FILE *out;
    int result;

    if (to_stdout(options->lattice.csv)) {
        lattice_print_csv(table, shown(options), stdout);
        return 0;
    }
    out = open_memstream(&text, &bytes);
    if (!out) {
        return failure_set(failure, EXIT_HOST, "no memory on the host");
    }
    lattice_print_csv(table, shown(options), out);
    if (fclose(out) != 0) {
        free(text);
        return failure_set(failure, EXIT_HOST, "no memory on the host");
    }
    result = late_file_open(&file, options->lattice.csv, failure);
    if (result == 0) {
        result = late_file_write(&file, text, bytes, failure);
        result = result < 0 ? -1 : late_file_commit(&file, failure);
        late_file_drop(&file);
    }
    free(text);
    return result;
}

static int tell(const struct options *options,
                const struct lattice_table *table)
{
    struct failure failure = {0};

    if (!options->quiet && !to_stdout(options->json) &&
        !to_stdout(options->lattice.csv)) {
        lattice_print(table, shown(options), stdout);
    }
    if ((options->json && write_json(options, table, &failure) < 0) ||
        (options->lattice.csv && write_csv(options, table, &failure) < 0)) {
        return run_say_failure(&failure);
    }
    return EXIT_MET;
}

static unsigned online_cpus(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count > 0 && count < 64 ? (unsigned)count : 1;
}

static int boot(const struct options *options, struct lattice_table *table)
{
    static const char *const engines[] = {
        [CHOOSE_AUTO] = "auto", [CHOOSE_KVM] = "kvm", [CHOOSE_QEMU] = "qemu"};
    struct lattice_boot how = {
        .engine = engines[options->engine],
        .sample = options->lattice.sample,
        .seed = options->lattice.seed_given ? options->lattice.seed : 1,
        .jobs = options->jobs ? options->jobs : online_cpus(),
        .timeout_ns =
            options->timeout_given ? options->timeout_ns : GUEST_TIMEOUT_NS,
        .no_sandbox = options->no_sandbox,
        .at_run_time = options->lattice.at_run_time,
        .without_guard = options->without_guard == GUARD_NONE
                             ? NULL
                             : guards_row(options->without_guard)->name,
        .interrupted = signals_pending};
    struct failure failure = {0};
    int exit_code = lattice_boot_all(table, &how, &failure);

    if (*failure.text) {
        run_say_failure(&failure);
    }
    return exit_code;
}

/* Tries the points if that is wanted, then tells what is known. */
static int work(const struct options *options, struct lattice_table *table)
{
    int exit_code = options->lattice.boot ? boot(options, table) : EXIT_MET;
    int told = tell(options, table);

    return exit_code == EXIT_MET ? told : exit_code;
}

int cmd_lattice(const struct options *options)
{
    struct failure failure = {0};
    struct lattice_table *table;
    struct config *config;
    int exit_code = check_options(options);

    if (exit_code == EXIT_MET) {
        exit_code = load_kinds(options, &config);
    }
    if (exit_code != EXIT_MET) {
        return exit_code;
    }
    table = lattice_table_make(config, options->filter, &failure);
    exit_code = table ? work(options, table) : run_say_failure(&failure);
    lattice_table_free(table);
    config_free(config);
    return exit_code;
}
