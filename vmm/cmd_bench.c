/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "command.h"
#include "json_file.h"
#include "results_parts.h"
#include "run.h"
#include "signals.h"

#include <bench/bench.h>
#include <embedded.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define GUEST_TIMEOUT_NS 300000000000ull

static bool to_stdout(const char *file)
{
    return file && strcmp(file, "-") == 0;
}

static int check_options(const struct options *options)
{
    const char *unknown =
        bench_unknown(options->operands, options->operand_count);

    if (unknown) {
        fprintf(stderr,
                "ambit: bench: no such operation '%s' (there are:", unknown);
        for (unsigned i = 0; bench_operation(i); i++) {
            fprintf(stderr, " %s", bench_operation(i));
        }
        fputs(")\n", stderr);
        return EXIT_USAGE;
    }
    if (to_stdout(options->json) && to_stdout(options->lattice.csv)) {
        fputs("ambit: --json - and --csv - both want standard output\n",
              stderr);
        return EXIT_USAGE;
    }
    return EXIT_MET;
}

static void say_progress(const char *what)
{
    fprintf(stderr, "\r\033[Kbench: %s ...", what);
}

static void complain(const struct failure *failure)
{
    (void)run_say_failure(failure);
}

/* What was measured, when, by whom, and on what. */
static json_t *make_json(const struct options *options,
                         const struct bench_table *table)
{
    struct results results = {0};
    json_t *out = bench_json(table);
    json_t *argv = json_array();
    time_t now = time(NULL);
    struct tm parts;
    char text[32];

    for (int i = 0; i < options->argc; i++) {
        results_append(&results, argv, results_text(options->argv[i]));
    }
    results_set(&results, out, "argv", argv);
    if (gmtime_r(&now, &parts) &&
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts)) {
        results_set(&results, out, "ended", json_string(text));
    }
    results_set(&results, out, "env", results_env(&results));
    if (results.failed) {
        json_decref(out);
        return NULL;
    }
    return out;
}

/* What is printed, and what is known besides. */
struct telling {
    const struct bench_table *table;
    const json_t *about;
};

static void print_csv(const struct telling *telling, FILE *out)
{
    bench_print_csv(telling->table, out);
}

static void print_html(const struct telling *telling, FILE *out)
{
    bench_print_html(telling->table, telling->about, out);
}

/* Files that are opened before anything is measured, so that one that cannot be
 * written is found out then. A path of null: not wanted, or standard output. */
struct reports {
    struct late_file json, csv, html;
};

static int open_report(struct late_file *file, const char *path,
                       struct failure *failure)
{
    return path && !to_stdout(path) ? late_file_open(file, path, failure) : 0;
}

static int open_reports(const struct options *options, struct reports *reports)
{
    struct failure failure = {0};

    if (open_report(&reports->json, options->json, &failure) < 0 ||
        open_report(&reports->csv, options->lattice.csv, &failure) < 0 ||
        open_report(&reports->html, options->bench.html, &failure) < 0) {
        return run_say_failure(&failure);
    }
    return EXIT_MET;
}

static void drop_reports(struct reports *reports)
{
    late_file_drop(&reports->json);
    late_file_drop(&reports->csv);
    late_file_drop(&reports->html);
}

/* Prints into memory, then into a file that appears whole. */
static int write_text(void (*print)(const struct telling *, FILE *),
                      struct late_file *file, const struct telling *telling,
                      struct failure *failure)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    int result;

    if (out) {
        print(telling, out);
    }
    if (!out || fclose(out) != 0) {
        free(text);
        return failure_set(failure, EXIT_HOST, "no memory on the host");
    }
    result = late_file_write(file, text, bytes, failure);
    result = result < 0 ? -1 : late_file_commit(file, failure);
    free(text);
    return result;
}

/* All that were asked for, whatever becomes of one of them. */
static int write_reports(const struct options *options, struct reports *reports,
                         const struct telling *telling)
{
    struct failure failure = {0};
    int exit_code = EXIT_MET;

    if (options->json &&
        json_file_write_late(telling->about, &reports->json, &failure) < 0) {
        exit_code = run_say_failure(&failure);
    }
    if (to_stdout(options->lattice.csv)) {
        print_csv(telling, stdout);
    }
    if (reports->csv.path &&
        write_text(print_csv, &reports->csv, telling, &failure) < 0) {
        exit_code = run_say_failure(&failure);
    }
    if (reports->html.path &&
        write_text(print_html, &reports->html, telling, &failure) < 0) {
        exit_code = run_say_failure(&failure);
    }
    return exit_code;
}

static int tell(const struct options *options, struct reports *reports,
                const struct bench_table *table)
{
    json_t *about = make_json(options, table);
    struct telling telling = {table, about};
    struct failure failure = {0};
    int exit_code;

    if (!about) {
        failure_set(&failure, EXIT_HOST, "no memory on the host");
        return run_say_failure(&failure);
    }
    if (!options->quiet && !to_stdout(options->json) &&
        !to_stdout(options->lattice.csv)) {
        bench_print(table, stdout);
    }
    exit_code = write_reports(options, reports, &telling);
    json_decref(about);
    return exit_code;
}

/* Instructions and times, each with its peers. */
static void choose_places(const struct options *options,
                          struct bench_options *bench)
{
    bench->places[BENCH_QEMU] = options->engine != CHOOSE_KVM;
    bench->places[BENCH_BARE] = bench->places[BENCH_QEMU];
    bench->places[BENCH_KVM] = options->engine != CHOOSE_QEMU;
    bench->places[BENCH_LINUX] =
        bench->places[BENCH_QEMU] && !options->bench.no_peers;
    bench->places[BENCH_HOST] =
        bench->places[BENCH_KVM] && !options->bench.no_peers;
}

/* True if the options name what this place needs. */
static bool asked_for(const struct options *options, enum bench_place place)
{
    return options->engine == CHOOSE_ALL ||
           (place == BENCH_QEMU && options->engine == CHOOSE_QEMU) ||
           (place == BENCH_KVM && options->engine == CHOOSE_KVM) ||
           (place == BENCH_LINUX && options->bench.linux_file);
}

/* What could not be measured, on stderr; 77 where that was asked for. */
static int say_missing(const struct options *options,
                       const struct bench_table *table)
{
    bool any = false, lacks = false;

    for (unsigned i = 0; i < BENCH_PLACES; i++) {
        const struct bench_site *site = &table->sites[i];

        any |= site->usable && (i == BENCH_QEMU || i == BENCH_KVM);
        if (*site->reason) {
            lacks |= asked_for(options, (enum bench_place)i);
            fprintf(stderr, "ambit: %s: not measured: %s\n",
                    bench_place_text((enum bench_place)i), site->reason);
            if (*site->remedy) {
                fprintf(stderr, "  %s\n", site->remedy);
            }
        }
    }
    return !any || lacks ? EXIT_UNAVAILABLE : EXIT_MET;
}

int cmd_bench(const struct options *options)
{
    struct bench_options bench = {
        .operations = options->operands,
        .operation_count = options->operand_count,
        .repeat = options->bench.repeat ? options->bench.repeat : BENCH_REPEAT,
        .timeout_ns =
            options->timeout_given ? options->timeout_ns : GUEST_TIMEOUT_NS,
        .peers = embedded_peers,
        .peers_bytes = (size_t)(embedded_peers_end - embedded_peers),
        .plugin = embedded_plugin,
        .plugin_bytes = (size_t)(embedded_plugin_end - embedded_plugin),
        .keep = options->bench.keep,
        .linux_file = options->bench.linux_file,
        .no_sandbox = options->no_sandbox,
        .interrupted = signals_pending,
        .complain = complain,
        .progress =
            isatty(STDERR_FILENO) && !options->quiet ? say_progress : NULL};
    struct bench_table table = {0};
    struct reports reports = {0};
    int exit_code = check_options(options), told;

    if (exit_code == EXIT_MET) {
        exit_code = open_reports(options, &reports);
    }
    if (exit_code != EXIT_MET) {
        drop_reports(&reports);
        return exit_code;
    }
    choose_places(options, &bench);
    exit_code = bench_run(&table, &bench);
    if (bench.progress) {
        fputs("\r\033[K", stderr);
    }
    told = tell(options, &reports, &table);
    if (told == EXIT_MET) {
        told = say_missing(options, &table);
    }
    drop_reports(&reports);
    bench_free(&table);
    return exit_code == EXIT_MET ? told : exit_code;
}
