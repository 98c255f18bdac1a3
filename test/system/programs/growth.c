/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A heap that grows over granules (2 MiB) while another root has it attached:
 * what one side has grown, the other side reads at once.
 */
#include "tools.h"
#include <abi/layout.h>

#define MIB ((uint64_t)1 << 20)

static uint64_t pages(uint64_t bytes)
{
    return bytes / ABI_PAGE_SIZE;
}

static void heap_at(uint64_t *base)
{
    uint64_t bytes;

    must(ambit_locate("app.heap", base, &bytes));
}

static void grow_to(uint64_t to)
{
    uint64_t bytes = 0;
    struct ambit_handle heap = held("heap");

    must(ambit_grow(heap, 0, &bytes));
    must(ambit_grow(heap, (to - bytes) / ABI_PAGE_SIZE, &bytes));
    ambit_assert(bytes == to);
}

static void mark(uint64_t from, uint64_t to, uint64_t with)
{
    uint64_t base;

    heap_at(&base);
    for (uint64_t at = from; at < to; at += ABI_PAGE_SIZE) {
        volatile uint64_t *word = (volatile uint64_t *)(base + at);
        ambit_assert(*word == 0);
        *word = at + with;
    }
}

static void check(uint64_t from, uint64_t to, uint64_t with)
{
    uint64_t base;

    heap_at(&base);
    for (uint64_t at = from; at < to; at += ABI_PAGE_SIZE) {
        ambit_assert(*(volatile uint64_t *)(base + at) == at + with);
    }
}

/* Grows to 3 MiB, sees the child grow to 7, and grows to 9. */
AMBIT_ENTRY(growth_app_main)
{
    struct ambit_handle line = held("line");
    struct ambit_message message = {0};

    must(ambit_receive(line, &message));
    grow_to(3 * MIB);
    mark(0, 3 * MIB, 1);
    must(ambit_reply_receive(line, &message));
    check(3 * MIB, 7 * MIB, 2);
    grow_to(9 * MIB);
    mark(7 * MIB, 9 * MIB, 3);
    must(ambit_reply(&message));
    ambit_printf("%lu pages of the child were there\n", pages(4 * MIB));
    return 0;
}

AMBIT_ENTRY(growth_child_main)
{
    struct ambit_handle line = held("line");
    struct ambit_message message = {0};
    struct ambit_fault fault;
    uint64_t base, value;

    /* The control: before it grows there is nothing. */
    heap_at(&base);
    ambit_assert(!ambit_try_read(base + 2 * MIB, &value, &fault));
    must(ambit_call(line, &message));
    check(0, 3 * MIB, 1);
    grow_to(7 * MIB);
    mark(3 * MIB, 7 * MIB, 2);
    must(ambit_call(line, &message));
    check(7 * MIB, 9 * MIB, 3);
    ambit_assert(!ambit_try_read(base + 9 * MIB, &value, &fault));
    ambit_printf("%lu pages of the app were there\n", pages(5 * MIB));
    return 0;
}
