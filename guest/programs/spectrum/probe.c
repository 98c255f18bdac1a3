/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The probe: what every child runs, whatever it is composed of. Each cell of
 * its row is something it tried.
 */
#include "protocol.h"
#include <ambit/ambit.h>

#define CALLS 8u /* the cheapest counts: the others met a timer tick */

struct probe {
    struct ambit_handle turn, work;
    uint64_t marked, mark; /* address and value in the app's heap */
};

static void must(enum status status)
{
    ambit_assert(status == STATUS_OK);
}

/* Waits until it is this child's turn. */
static void enter(struct probe *probe, const char *name)
{
    struct ambit_message message = {0};

    must(ambit_capability("turn", &probe->turn));
    must(ambit_capability("work", &probe->work));
    ambit_snprintf((char *)message.words, NAME_WORDS * sizeof(uint64_t), "%s",
                   name);
    must(ambit_call(probe->turn, &message));
    probe->marked = message.words[0];
    probe->mark = message.words[1];
}

static void work(const struct probe *probe, enum work what, uint64_t word)
{
    struct ambit_message message = {.words = {what, word}};

    must(ambit_call(probe->work, &message));
}

/* Reads a word and writes the same value back. */
static const char *try_word(uint64_t address, uint64_t *value)
{
    struct ambit_fault fault;
    bool read = ambit_try_read(address, value, &fault);
    bool written = ambit_try_write(address, *value, &fault);

    return access_text(read, written);
}

/* Its own stack must be there: else every "fault" would prove nothing. */
static void control(const char *name)
{
    char stack[40];
    uint64_t base, bytes, value = 0;

    ambit_snprintf(stack, sizeof stack, "%s.stack", name);
    must(ambit_locate(stack, &base, &bytes));
    ambit_assert(strcmp(try_word(base, &value), "rw") == 0);
}

static void probe_memory(const struct probe *probe, const char *name)
{
    uint64_t base, bytes, value = probe->mark;

    control(name);
    ambit_report("app.heap", try_word(probe->marked, &value));
    ambit_assert(value == probe->mark);
    /* The lowest word of the app's stack: unused, the app is not that deep. */
    value = 0;
    must(ambit_locate("app.stack", &base, &bytes));
    ambit_report("app.stack", try_word(base, &value));
    work(probe, WORK_PROBE_STACK, 0);
}

/* "r" only if bytes have really come. */
static const char *try_file(const char *path)
{
    struct ambit_handle files, file;
    char byte;
    size_t got = 0;

    must(ambit_capability("files", &files));
    enum status status = ambit_open(files, path, &file);
    if (status != STATUS_OK) {
        return ambit_status_text(status);
    }
    must(ambit_read(file, 0, &byte, 1, &got));
    must(ambit_delete(file));
    return got == 1 ? "r" : "empty";
}

static const char *file_cell(const char *path)
{
    const char *text = try_file(path);

    return strcmp(text, ambit_status_text(STATUS_NOT_FOUND)) == 0 ? "not found"
                                                                  : text;
}

static uint64_t free_pages(void)
{
    struct ambit_handle pool;
    struct ambit_info info;

    must(ambit_capability("pool", &pool));
    must(ambit_inspect(pool, &info));
    return info.first;
}

/* Guesses what the app did from what this domain's allocator shows. */
static void probe_allocator(const struct probe *probe)
{
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint64_t before = free_pages();
        work(probe, WORK_ROUND, 0);
        work(probe, WORK_GUESS, free_pages() < before);
    }
    work(probe, WORK_SCORE, 0);
}

static void probe_call(const struct probe *probe)
{
    uint64_t best = UINT64_MAX;

    for (uint32_t i = 0; i < CALLS; i++) {
        struct ambit_message message = {.words = {WORK_ECHO}};
        uint64_t start = ambit_ticks();
        must(ambit_call(probe->work, &message));
        uint64_t ticks = ambit_ticks() - start;
        best = ticks < best ? ticks : best;
    }
    ambit_report_instructions("call instructions", best);
}

AMBIT_ENTRY(probe_main)
{
    struct probe probe;

    enter(&probe, argv[0]);
    probe_memory(&probe, argv[0]);
    ambit_report("public file", file_cell("public.txt"));
    ambit_report("secret file", file_cell("secret.txt"));
    probe_allocator(&probe);
    probe_call(&probe);
    work(&probe, WORK_DONE, 0);
    return 0;
}
