/* SPDX-License-Identifier: Apache-2.0 */
/* Which points are tried, in which guests, some at a time. */
#define _GNU_SOURCE
#include "boot.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POLL_NS 5000000

struct booting {
    struct lattice_table *table;
    const struct lattice_boot *boot;
    struct boot_folder folder;
    char program[PATH_MAX];
    struct boot_guest *guests;
    uint32_t guest_count;
    struct failure *failure;
    int exit_code; /* gravest so far */
};

static uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * 0x2545f4914f6cdd1du;
}

/* Moves a sample to the front. The same seed gives the same one. */
static void shuffle(uint32_t *points, uint32_t count, uint32_t sample,
                    uint64_t seed)
{
    uint64_t state = seed ^ 0x9e3779b97f4a7c15u;

    state = state ? state : 1;
    for (uint32_t i = 0; i < sample; i++) {
        uint32_t j = i + (uint32_t)(next_random(&state) % (count - i));
        uint32_t held = points[i];

        points[i] = points[j];
        points[j] = held;
    }
}

/* As many points in each guest as in any other, but one. */
static int deal(struct booting *b, const uint32_t *points, uint32_t count)
{
    uint32_t most = b->boot->at_run_time ? BOOT_LATE : BOOT_CHILDREN;
    uint32_t guests = (count + most - 1) / most;

    /* What is refused is asked for in the first guest, in any case. */
    guests = guests || !b->boot->at_run_time ? guests : 1;
    b->guests = calloc(guests ? guests : 1, sizeof(*b->guests));
    if (!b->guests) {
        return failure_set(b->failure, EXIT_HOST, "no memory on the host");
    }
    b->guest_count = guests;
    for (uint32_t i = 0; i < guests; i++) {
        b->guests[i].number = i;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct boot_guest *guest = &b->guests[i % guests];

        guest->points[guest->count++] = points[i];
    }
    return 0;
}

static int choose(struct booting *b)
{
    uint32_t *points = calloc(LATTICE_POINTS, sizeof(*points));
    uint32_t count = 0;
    int result;

    if (!points) {
        return failure_set(b->failure, EXIT_HOST, "no memory on the host");
    }
    for (uint32_t i = 0; i < LATTICE_POINTS; i++) {
        const struct lattice_row *row = &b->table->rows[i];

        if (row->selected && row->judgement.verdict == LATTICE_VALID) {
            points[count++] = i;
        }
    }
    if (b->boot->sample && b->boot->sample < count) {
        shuffle(points, count, b->boot->sample, b->boot->seed);
        count = b->boot->sample;
    }
    result = deal(b, points, count);
    free(points);
    return result;
}

/* What is certain about the guest before what kept a verdict from being had. */
static int gravity(int exit_code)
{
    static const int order[] = {
        EXIT_MET,  EXIT_MISSED, EXIT_TIMEOUT,  EXIT_UNAVAILABLE, EXIT_USAGE,
        EXIT_HOST, EXIT_PANIC,  EXIT_VIOLATED, EXIT_INTERRUPTED};
    int most = (int)(sizeof(order) / sizeof(order[0]));

    for (int i = 0; i < most; i++) {
        if (order[i] == exit_code) {
            return i;
        }
    }
    return most;
}

static void take_end(struct booting *b, struct boot_guest *guest, int status)
{
    struct failure failure = {0};
    int exit_code;

    guest->pid = 0;
    guest->done = true;
    guest->status = status;
    exit_code =
        boot_read(b->table, guest, &b->folder, b->boot->at_run_time, &failure);
    if (gravity(exit_code) > gravity(b->exit_code)) {
        b->exit_code = exit_code;
        *b->failure = failure;
    }
}

static int write_guest(const struct booting *b, const struct boot_guest *guest)
{
    return b->boot->at_run_time
               ? boot_late_write(b->table, guest, &b->folder, b->failure)
               : boot_config_write(b->table, guest, &b->folder, b->failure);
}

/* Starts the next guests, as long as fewer than `jobs` run. */
static unsigned start_some(struct booting *b, uint32_t *next)
{
    unsigned running = 0;

    for (uint32_t i = 0; i < *next; i++) {
        running += b->guests[i].pid != 0;
    }
    while (*next < b->guest_count && running < b->boot->jobs &&
           b->exit_code != EXIT_HOST) {
        struct boot_guest *guest = &b->guests[*next];

        if (write_guest(b, guest) < 0 ||
            boot_start(guest, &b->folder, b->program, b->boot, b->failure) <
                0) {
            b->exit_code = EXIT_HOST;
            break;
        }
        (*next)++;
        running++;
    }
    return running;
}

static void reap(struct booting *b)
{
    for (uint32_t i = 0; i < b->guest_count; i++) {
        struct boot_guest *guest = &b->guests[i];
        int status;

        if (guest->pid && waitpid(guest->pid, &status, WNOHANG) == guest->pid) {
            take_end(b, guest, status);
        }
    }
}

static void stop_all(struct booting *b)
{
    for (uint32_t i = 0; i < b->guest_count; i++) {
        struct boot_guest *guest = &b->guests[i];

        if (guest->pid) {
            (void)kill(guest->pid, SIGTERM);
            (void)waitpid(guest->pid, &guest->status, 0);
            guest->pid = 0;
        }
    }
}

static void run_all(struct booting *b)
{
    struct timespec pause = {0, POLL_NS};
    uint32_t next = 0;

    while (start_some(b, &next)) {
        (void)nanosleep(&pause, NULL);
        reap(b);
        if (b->boot->interrupted()) {
            stop_all(b);
            b->exit_code =
                failure_set(b->failure, EXIT_INTERRUPTED, "interrupted") < 0
                    ? EXIT_INTERRUPTED
                    : EXIT_HOST;
            return;
        }
    }
}

static int find_program(struct booting *b)
{
    if (realpath("/proc/self/exe", b->program)) {
        return 0;
    }
    failure_set(b->failure, EXIT_HOST,
                "cannot find my own program to run guests with: "
                "/proc/self/exe: %s",
                strerror(errno));
    failure_remedy(b->failure, "mount /proc (mount -t proc proc /proc)");
    return -1;
}

int lattice_boot_all(struct lattice_table *table,
                     const struct lattice_boot *boot, struct failure *failure)
{
    struct booting b = {.table = table, .boot = boot, .failure = failure};

    if (find_program(&b) < 0 || choose(&b) < 0) {
        free(b.guests);
        return EXIT_HOST;
    }
    if (boot_folder_make(&b.folder, failure) < 0) {
        free(b.guests);
        return EXIT_HOST;
    }
    run_all(&b);
    boot_folder_remove(&b.folder);
    free(b.guests);
    if ((table->mismatches || table->refused_wrong || table->leaks) &&
        gravity(b.exit_code) < gravity(EXIT_VIOLATED)) {
        b.exit_code = EXIT_VIOLATED;
    }
    return b.exit_code;
}
