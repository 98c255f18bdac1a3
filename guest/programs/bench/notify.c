/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a notification costs, by who waits for it. Arguments: samples, then the
 * waiters' names. Each NAME has a waiter of our own priority, by `bell-NAME`,
 * and one that goes before us, by `first-NAME`.
 */
#include "samples.h"

/* Where a waiter that goes first leaves the counter; a range of both. */
static volatile uint64_t *board(void)
{
    uint64_t base, bytes;

    must(ambit_locate("board", &base, &bytes));
    return (volatile uint64_t *)base;
}

static struct ambit_handle named(const char *stem, const char *name)
{
    struct ambit_handle handle;
    char text[40];

    ambit_snprintf(text, sizeof(text), "%s-%s", stem, name);
    must(ambit_capability(text, &handle));
    return handle;
}

static struct ambit_handle held(const char *name)
{
    struct ambit_handle handle;

    must(ambit_capability(name, &handle));
    return handle;
}

/* Nobody waits: the bits are kept, and taken. */
static void alone(struct samples *samples)
{
    struct ambit_handle bell;
    uint64_t word;

    must(ambit_notification_create(&bell));
    SAMPLES(samples, must(ambit_signal(bell, 1)));
    samples_print(samples, (struct series){"notify", "self", "signal", 1});
    must(ambit_poll(bell, &word));
    SAMPLES(samples, must(ambit_poll(bell, &word)));
    samples_print(samples, (struct series){"notify", "self", "poll", 1});
}

static void there_and_back(struct ambit_handle bell, struct ambit_handle back)
{
    uint64_t word;

    must(ambit_signal(bell, 1));
    must(ambit_await(back, &word));
}

/* It runs at once, and waits again: the sample ends where it has woken. */
static uint64_t wake(struct ambit_handle first, struct ambit_handle back)
{
    volatile uint64_t *woken = board();
    uint64_t start = sample_begin(), word;

    must(ambit_signal(first, 1));
    must(ambit_await(back, &word));
    return *woken - start;
}

static void with_waiter(struct samples *samples, const char *name)
{
    struct ambit_handle bell = named("bell", name), back = held("back");
    struct ambit_handle first = named("first", name);

    SAMPLES(samples, there_and_back(bell, back));
    samples_print(samples, (struct series){"notify", name, "round-trip", 1});
    there_and_back(first, back);
    for (uint32_t i = 0; i < samples->wanted; i++) {
        samples->values[i] = wake(first, back);
    }
    samples_print(samples, (struct series){"notify", name, "wake", 1});
}

AMBIT_ENTRY(notify_main)
{
    struct samples samples;

    samples_begin(&samples, argc, argv);
    alone(&samples);
    for (int i = 2; i < argc; i++) {
        with_waiter(&samples, argv[i]);
    }
    return 0;
}

AMBIT_ENTRY(waiter_main)
{
    struct ambit_handle bell = held("bell"), back = held("back");
    uint64_t word;

    for (;;) {
        must(ambit_await(bell, &word));
        must(ambit_signal(back, 1));
    }
}

AMBIT_ENTRY(first_main)
{
    struct ambit_handle bell = held("bell"), back = held("back");
    volatile uint64_t *woken = board();
    uint64_t word;

    for (;;) {
        must(ambit_await(bell, &word));
        *woken = sample_end(0);
        must(ambit_signal(back, 1));
    }
}
