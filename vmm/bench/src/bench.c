/* SPDX-License-Identifier: Apache-2.0 */
/* Everything in turn; one thing at a time, so that nothing disturbs a time. */
#define _GNU_SOURCE
#include "guest.h"
#include "peers.h"
#include "privileged.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

#define CALIBRATE_NS 50000000

/* What is certain about the guest before what kept a number from being had. */
static int gravity(int exit_code)
{
    static const int order[] = {EXIT_MET,   EXIT_UNAVAILABLE, EXIT_MISSED,
                                EXIT_USAGE, EXIT_TIMEOUT,     EXIT_HOST,
                                EXIT_PANIC, EXIT_VIOLATED,    EXIT_INTERRUPTED};
    int most = (int)(sizeof(order) / sizeof(order[0]));

    for (int i = 0; i < most; i++) {
        if (order[i] == exit_code) {
            return i;
        }
    }
    return most;
}

void work_note(struct bench_work *work, int exit_code,
               const struct failure *failure)
{
    work->options->complain(failure);
    if (gravity(exit_code) > gravity(work->exit_code)) {
        work->exit_code = exit_code;
    }
}

static uint64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

/* How fast this host's time-stamp counter counts, by its own clock. */
static uint64_t measure_tsc(void)
{
    const struct timespec pause = {0, CALIBRATE_NS};
    uint64_t ns = now_ns(), ticks = __rdtsc();

    (void)nanosleep(&pause, NULL);
    ticks = __rdtsc() - ticks;
    ns = now_ns() - ns;
    return (uint64_t)((double)ticks * 1e9 / (double)ns);
}

static int find_program(struct bench_work *work, struct failure *failure)
{
    char path[PATH_MAX];

    if (realpath("/proc/self/exe", path) && strlen(path) < FOLDER_PATH) {
        snprintf(work->ambit, sizeof(work->ambit), "%.500s", path);
        return 0;
    }
    failure_set(failure, EXIT_HOST,
                "cannot find my own program to run guests with: "
                "/proc/self/exe: %s",
                strerror(errno));
    failure_remedy(failure, "mount /proc (mount -t proc proc /proc)");
    return -1;
}

static bool go_on(const struct bench_work *work, enum bench_place place)
{
    return work->table->sites[place].wanted &&
           work->exit_code != EXIT_INTERRUPTED;
}

static void measure_guests(struct bench_work *work, enum bench_place place)
{
    for (unsigned i = 0; bench_operation(i); i++) {
        const char *operation = bench_operation(i);
        char text[64];

        if (!bench_has(operation, false) ||
            !bench_wants(work->options, operation) || !go_on(work, place)) {
            continue;
        }
        if (work->options->progress) {
            snprintf(text, sizeof(text), "%s on %s", operation,
                     bench_place_name(place));
            work->options->progress(text);
        }
        guest_measure(work, place, operation);
    }
}

static void blank_all(struct bench_table *table, const char *reason)
{
    for (unsigned i = 0; i < BENCH_PLACES; i++) {
        rows_blank(table, (enum bench_place)i, NULL, reason);
    }
}

static void measure_all(struct bench_work *work)
{
    struct privileged privileged = {.reason = "nothing runs under QEMU"};

    work->privileged = &privileged;
    if (work->options->places[BENCH_QEMU]) {
        privileged_prepare(work, &privileged);
    }
    measure_guests(work, BENCH_QEMU);
    measure_guests(work, BENCH_BARE);
    peers_measure(work, BENCH_LINUX);
    measure_guests(work, BENCH_KVM);
    peers_measure(work, BENCH_HOST);
    blank_all(work->table, work->exit_code == EXIT_INTERRUPTED
                               ? "interrupted"
                               : "nothing was told");
}

static int no_memory(const struct bench_options *options)
{
    struct failure failure = {0};

    failure_set(&failure, EXIT_HOST, "no memory on the host");
    options->complain(&failure);
    return EXIT_HOST;
}

int bench_run(struct bench_table *table, const struct bench_options *options)
{
    struct bench_work work = {.table = table, .options = options};
    struct failure failure = {0};

    *table = (struct bench_table){.repeat = options->repeat};
    for (unsigned i = 0; i < BENCH_PLACES; i++) {
        table->sites[i].wanted = options->places[i];
    }
    if (rows_make(table, options) < 0) {
        return no_memory(options);
    }
    if (find_program(&work, &failure) < 0 ||
        folder_make(&work.folder, options->keep, &failure) < 0) {
        options->complain(&failure);
        blank_all(table, failure.text);
        return EXIT_HOST;
    }
    if (options->places[BENCH_KVM] || options->places[BENCH_HOST]) {
        table->tsc_hz = measure_tsc();
    }
    measure_all(&work);
    if (!options->keep) {
        folder_remove(&work.folder);
    }
    return rows_finish(table) < 0 ? no_memory(options) : work.exit_code;
}
