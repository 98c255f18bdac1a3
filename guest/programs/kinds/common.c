/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds.h"

#define CALLS 8u

struct ambit_handle held(const char *name)
{
    struct ambit_handle handle = {0};

    must(ambit_capability(name, &handle));
    return handle;
}

uint64_t base_of(const char *range)
{
    uint64_t base = 0, bytes;

    must(ambit_locate(range, &base, &bytes));
    return base;
}

static uint64_t charged(void)
{
    struct ambit_info info;

    must(ambit_inspect(held("quota"), &info));
    return info.first;
}

void start(const char *child)
{
    uint64_t before = charged();
    char text[24];

    must(ambit_spawn(held(child)));
    ambit_snprintf(text, sizeof text, "%lu",
                   (unsigned long)(charged() - before));
    ambit_report_about(child, "pages", text);
}

void ended(const char *child, enum outcome_kind kind)
{
    struct ambit_outcome outcome;

    must(ambit_wait(held(child), &outcome));
    ambit_assert(outcome.kind == kind);
    ambit_assert(kind != OUTCOME_EXIT || outcome.code == 0);
}

void report_call(struct ambit_handle endpoint)
{
    uint64_t best = UINT64_MAX;

    for (uint32_t i = 0; i < CALLS; i++) {
        struct ambit_message message = {.words = {WORK_ECHO}};
        uint64_t begin = ambit_ticks();
        must(ambit_call(endpoint, &message));
        uint64_t ticks = ambit_ticks() - begin;
        best = ticks < best ? ticks : best;
    }
    ambit_report_instructions("call instructions", best);
}

void serve_echoes(struct ambit_handle endpoint, struct ambit_message *message)
{
    must(ambit_receive(endpoint, message));
    while (message->words[0] == WORK_ECHO) {
        must(ambit_reply_receive(endpoint, message));
    }
}

const char *try_word(uint64_t address)
{
    struct ambit_fault fault;
    uint64_t value = 0;
    bool read = ambit_try_read(address, &value, &fault);
    bool written = ambit_try_write(address, value, &fault);

    if (read) {
        return written ? "rw" : "r";
    }
    return written ? "w" : "fault";
}

void report_try(const char *range)
{
    ambit_report(range, try_word(base_of(range)));
}

uint32_t take_all(enum status *status)
{
    struct ambit_handle frames[FRAMES_MAX], pool = held("pool");
    uint32_t count = 0, taken;
    uint64_t number;

    *status = STATUS_OK;
    while (count < FRAMES_MAX && *status == STATUS_OK) {
        *status = ambit_allocate(pool, &frames[count], &number);
        count += *status == STATUS_OK;
    }
    taken = count;
    while (count > 0) {
        must(ambit_delete(frames[--count]));
    }
    return taken;
}
