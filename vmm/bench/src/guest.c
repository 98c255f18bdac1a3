/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "guest.h"

#include "child.h"
#include "privileged.h"

#include <stdlib.h>
#include <string.h>

#define TAIL_BYTES 1200

/* Files of one guest. */
struct files {
    char config[FOLDER_PATH], json[FOLDER_PATH];
    char out[FOLDER_PATH], err[FOLDER_PATH], counts[FOLDER_PATH];
};

static int write_config(const struct bench_work *work, const char *name,
                        const char *operation, struct failure *failure)
{
    char *text = NULL, file[BENCH_WORD + 16];
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    int result;

    if (!out) {
        return failure_set(failure, EXIT_HOST, "no memory on the host");
    }
    guest_config(operation, work->options->repeat, out);
    if (fclose(out) != 0) {
        free(text);
        return failure_set(failure, EXIT_HOST, "no memory on the host");
    }
    snprintf(file, sizeof(file), "%s.yaml", name);
    result = folder_write(&work->folder, file, text, bytes, 0600, failure);
    free(text);
    return result;
}

/* What we give QEMU after what its user does: the processor of this place, and
 * the plugin. */
static void qemu_arguments(const struct bench_work *work,
                           enum bench_place place, const struct files *files,
                           char out[3 * FOLDER_PATH])
{
    const char *given = getenv("AMBIT_QEMU_ARGS");
    int used = snprintf(out, 3 * FOLDER_PATH, "AMBIT_QEMU_ARGS=%.400s%s",
                        given ? given : "",
                        place == BENCH_BARE ? " -cpu max,-fsgsbase" : "");

    if (!*work->privileged->reason) {
        snprintf(out + used, 3 * FOLDER_PATH - (size_t)used,
                 " -plugin %s,out=%s", work->privileged->plugin, files->counts);
    }
}

static int run(const struct bench_work *work, enum bench_place place,
               const struct files *files, struct failure *failure)
{
    char timeout[32], variable[3 * FOLDER_PATH];
    const char *words[16] = {"ambit",     "run",       files->config,
                             "--json",    files->json, "--engine",
                             NULL,        "--samples", "0",
                             "--timeout", timeout,     NULL};
    size_t count = 11;
    struct child child = {.program = work->ambit,
                          .words = (char *const *)(uintptr_t)words,
                          .out = files->out,
                          .err = files->err,
                          .timeout_ns =
                              work->options->timeout_ns + 15000000000ull,
                          .interrupted = work->options->interrupted};

    words[6] = bench_counts(place) ? "qemu" : "kvm";
    snprintf(timeout, sizeof(timeout), "%llums",
             (unsigned long long)(work->options->timeout_ns / 1000000));
    if (bench_counts(place)) {
        words[count++] = "--icount";
        qemu_arguments(work, place, files, variable);
        child.variable = variable;
    }
    if (work->options->no_sandbox) {
        words[count++] = "--no-sandbox";
    }
    return child_run(&child, failure);
}

/* What stands between the app and each child, as the plan says. */
static void take_boundaries(struct bench_table *table, enum bench_place place,
                            const char *operation, const json_t *results)
{
    const json_t *list = json_object_get(results, "boundaries");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const json_t *two = json_object_get(one, "between");
        const char *a = json_string_value(json_array_get(two, 0));
        const char *b = json_string_value(json_array_get(two, 1));
        const char *mechanism =
            json_string_value(json_object_get(one, "mechanism"));

        if (a && b && mechanism &&
            (strcmp(a, "app") == 0 || strcmp(b, "app") == 0)) {
            rows_boundary(table, place, operation,
                          strcmp(a, "app") == 0 ? b : a, mechanism);
        }
    }
}

static void take_site(struct bench_site *site, const json_t *results)
{
    json_t *engine = json_object_get(results, "engine");
    const char *ring0 = json_string_value(json_object_get(engine, "ring0"));

    if (!site->engine) {
        site->engine = json_incref(engine);
        site->versions = json_incref(json_object_get(results, "versions"));
        snprintf(site->ring0, sizeof(site->ring0), "%s", ring0 ? ring0 : "");
    }
    site->usable = true;
}

int guest_take_rows(struct bench_work *work, enum bench_place place,
                    const char *out, const char *counts,
                    struct failure *failure)
{
    const char *reason = work->privileged->reason;
    struct windows *windows = NULL;
    int result;

    if (!bench_counts(place)) {
        reason = "only QEMU's instructions can be told apart";
    } else if (!*reason) {
        windows = windows_read(counts, &reason);
    }
    result = rows_take_file(work->table, place, out, windows, failure);
    if (windows && !windows_whole(windows)) {
        rows_uncount(work->table, place);
        reason = "samples and what QEMU's plugin saw do not match";
    }
    windows_free(windows);
    if (*reason) {
        snprintf(work->table->sites[place].uncounted,
                 sizeof(work->table->sites[place].uncounted), "%s", reason);
    }
    return result;
}

static int take(struct bench_work *work, enum bench_place place,
                const char *operation, const struct files *files,
                struct failure *failure)
{
    json_t *results = json_load_file(files->json, 0, NULL);

    if (!results) {
        return failure_set(failure, EXIT_HOST, "a guest left no results");
    }
    take_site(&work->table->sites[place], results);
    take_boundaries(work->table, place, operation, results);
    json_decref(results);
    return guest_take_rows(work, place, files->out, files->counts, failure);
}

/* The engine is not there: the place is off, for good. */
static void miss(struct bench_work *work, enum bench_place place,
                 const char *why)
{
    struct bench_site *site = &work->table->sites[place];
    const char *end = strchr(why, '\n');
    int bytes = end ? (int)(end - why) : (int)strlen(why);

    site->wanted = false;
    bytes = bytes > 180 ? 180 : bytes;
    if (strncmp(why, "ambit: ", 7) == 0) {
        why += 7;
        bytes -= 7;
    }
    snprintf(site->reason, sizeof(site->reason), "%.*s", bytes, why);
    if (end) {
        snprintf(site->remedy, sizeof(site->remedy), "%s",
                 end + strspn(end, "\n "));
    }
    rows_blank(work->table, place, NULL, site->reason);
}

/* Its message and the end of what it said. */
static void explain(struct failure *failure, int exit_code,
                    const char *operation, enum bench_place place,
                    const char *said)
{
    struct failure told = *failure;

    failure_set(failure, exit_code, "bench %s on %s ended with %d%s%s%s%s",
                operation, bench_place_name(place), exit_code,
                *told.text ? ": " : "", told.text, *said ? ":\n" : "", said);
}

void guest_measure(struct bench_work *work, enum bench_place place,
                   const char *operation)
{
    char name[BENCH_WORD + 8], tail[TAIL_BYTES];
    struct failure failure = {0};
    struct files files;
    int exit_code = EXIT_HOST;

    snprintf(name, sizeof(name), "%.20s-%s", operation,
             bench_place_name(place));
    folder_file(&work->folder, name, ".yaml", files.config);
    folder_file(&work->folder, name, ".json", files.json);
    folder_file(&work->folder, name, ".out", files.out);
    folder_file(&work->folder, name, ".err", files.err);
    privileged_file(work, name, files.counts);
    if (write_config(work, name, operation, &failure) == 0) {
        exit_code = run(work, place, &files, &failure);
    }
    child_tail(files.err, tail, sizeof(tail));
    if (!*tail) {
        child_tail(files.out, tail, sizeof(tail));
    }
    if (exit_code == EXIT_UNAVAILABLE) {
        miss(work, place, tail);
        return;
    }
    if (exit_code == EXIT_MET &&
        take(work, place, operation, &files, &failure) < 0) {
        exit_code = failure.exit_code;
    }
    if (exit_code != EXIT_MET) {
        explain(&failure, exit_code, operation, place, tail);
        rows_blank(work->table, place, operation, "its guest failed");
        work_note(work, exit_code, &failure);
    }
}
