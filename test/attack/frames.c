/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: what is left in them, whose they are, and how many one gets. */
#include "attack.h"

#define WORDS_A_PAGE (ABI_PAGE_SIZE / sizeof(uint64_t))
#define PATTERN 0x5ec2e75ec2e75ec2ull

static void run_child(int32_t code)
{
    struct ambit_handle child = attack_capability("child");
    struct ambit_outcome outcome;

    attack_expect("spawn", ambit_spawn(child), STATUS_OK);
    attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
    if (outcome.kind != OUTCOME_EXIT || outcome.code != code) {
        attack_succeeded("the child found something");
    }
}

static uint64_t grown(const char *heap, uint64_t pages)
{
    uint64_t bytes;

    attack_expect("grow", ambit_grow(attack_capability("heap"), pages, &bytes),
                  STATUS_OK);
    return attack_place(heap) + bytes - pages * ABI_PAGE_SIZE;
}

/* ---- what is left ---- */

/* Fills a pool of its own, all of it that it can get. */
AMBIT_ENTRY(pool_filler_main)
{
    uint64_t place = attack_place("child.heap"), bytes;
    struct ambit_handle heap = attack_capability("heap");

    while (ambit_grow(heap, 8, &bytes) == STATUS_OK) {
        for (uint64_t at = bytes - 8 * ABI_PAGE_SIZE; at < bytes; at += 8) {
            *(volatile uint64_t *)(place + at) = PATTERN;
        }
    }
    return 0;
}

/* Takes all of its own pool, in which the child's has been, and looks. */
AMBIT_ENTRY(pool_reader_main)
{
    uint64_t place = attack_place("app.heap"), bytes = 0;
    struct ambit_handle heap = attack_capability("heap");

    run_child(0);
    while (ambit_grow(heap, 8, &bytes) == STATUS_OK) {
    }
    ambit_assert(bytes > 256 * ABI_PAGE_SIZE);
    for (uint64_t at = 0; at < bytes; at += 8) {
        if (*(volatile uint64_t *)(place + at) != 0) {
            attack_succeeded("something is left of a pool");
        }
    }
    return 0;
}

/* Does nothing but exist: page tables, a table of capabilities, a control
 * block, data with addresses in it. */
AMBIT_ENTRY(existing_main)
{
    (void)grown("child.heap", 8);
    return 0;
}

#define SCAN_PAGES 160u

/* Takes what a child consisted of, and looks at all of it. */
AMBIT_ENTRY(table_reader_main)
{
    run_child(0);
    const uint64_t *words = (const uint64_t *)grown("app.heap", SCAN_PAGES);
    for (uint32_t i = 0; i < SCAN_PAGES * WORDS_A_PAGE; i++) {
        if (i % WORDS_A_PAGE != 0 && words[i] != 0) {
            attack_succeeded("something is left in a frame");
        }
    }
    return 0;
}

/* The first word of a free frame leads to the next one: a physical address. */
AMBIT_ENTRY(link_reader_main)
{
    run_child(0);
    const uint64_t *words = (const uint64_t *)grown("app.heap", SCAN_PAGES);
    for (uint32_t i = 0; i < SCAN_PAGES; i++) {
        if (words[i * WORDS_A_PAGE] != 0) {
            attack_succeeded("the list of free frames shows");
        }
    }
    return 0;
}

/* ---- whose they are ---- */

static volatile uint64_t variable = 1; /* in pages that the file has */

/* Two processes of one program have a variable each. */
AMBIT_ENTRY(variable_main)
{
    if (variable != 1) {
        attack_succeeded("another process has written here");
    }
    variable = PATTERN;
    ambit_yield();
    ambit_assert(variable == PATTERN);
    return 0;
}

/* ---- how many ---- */

/* Its heap may have 16 pages. */
AMBIT_ENTRY(heap_limit_main)
{
    struct ambit_handle heap = attack_capability("heap");
    uint64_t bytes;

    (void)grown("app.heap", 16);
    attack_expect("a page more", ambit_grow(heap, 1, &bytes),
                  STATUS_OUT_OF_RANGE);
    attack_expect("2^52 pages", ambit_grow(heap, 1ull << 52, &bytes),
                  STATUS_OUT_OF_RANGE);
    attack_expect("all pages", ambit_grow(heap, UINT64_MAX, &bytes),
                  STATUS_OUT_OF_RANGE);
    return 0;
}

/* Its pool has fewer pages than its quota and its heap would allow. */
AMBIT_ENTRY(pool_limit_main)
{
    struct ambit_handle heap = attack_capability("heap"), frame;
    enum status status = STATUS_OK;
    uint64_t bytes, number, pages = 0;

    for (; status == STATUS_OK && pages < 512; pages++) {
        status = ambit_grow(heap, 1, &bytes);
    }
    attack_expect("grow beyond the pool", status, STATUS_NO_MEMORY);
    ambit_assert(pages > 64);
    attack_expect("a frame beyond the pool",
                  ambit_allocate(attack_capability("pool"), &frame, &number),
                  STATUS_NO_MEMORY);
    return 0;
}

/* What the kernel keeps for it, page tables too, it pays for itself. */
AMBIT_ENTRY(table_charge_main)
{
    struct ambit_handle quota = attack_capability("quota");
    struct ambit_info before, after;

    (void)grown("app.heap", ABI_GRANULE_PAGES);
    attack_expect("inspect", ambit_inspect(quota, &before), STATUS_OK);
    (void)grown("app.heap", 1);
    attack_expect("inspect", ambit_inspect(quota, &after), STATUS_OK);
    if (after.first != before.first + 2) {
        attack_succeeded("a page table for nothing");
    }
    return 0;
}
