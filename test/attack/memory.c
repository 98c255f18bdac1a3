/* SPDX-License-Identifier: Apache-2.0 */
/* Quota theft, dirty frames, and what fault records and registers tell. */
#include "attack.h"

#define PATTERN 0x5ec2e75ec2e75ec2ull
#define WORDS(bytes) ((bytes) / sizeof(uint64_t))

static enum status grow_all(uint64_t *pages)
{
    struct ambit_handle heap = attack_capability("heap");
    enum status status = STATUS_OK;
    uint64_t bytes;

    for (*pages = 0; status == STATUS_OK; *pages += status == STATUS_OK) {
        status = ambit_grow(heap, 1, &bytes);
    }
    return status;
}

/* Takes every page it can, then lets the victim try. */
AMBIT_ENTRY(thief_main)
{
    struct ambit_handle pool = attack_capability("pool"), frame;
    struct ambit_message message;
    uint64_t pages, number;

    attack_expect("grow for ever", grow_all(&pages), STATUS_NO_QUOTA);
    attack_expect("one frame more", ambit_allocate(pool, &frame, &number),
                  STATUS_NO_QUOTA);
    ambit_printf("took %lu pages\n", pages);
    attack_let_one_in(&message);
    attack_let_it_go(&message);
    return 0;
}

/* Argument: pages that it must get although the thief took all it could. */
AMBIT_ENTRY(robbed_main)
{
    uint64_t pages = 0, wanted = 0;

    ambit_assert(argc == 2 && ambit_number(argv[1], &wanted));
    attack_wait();
    attack_expect("grow for ever", grow_all(&pages), STATUS_NO_QUOTA);
    ambit_printf("got %lu pages\n", pages);
    return pages >= wanted ? 0 : ATTACK_SUCCEEDED;
}

/* ---- frames that were another's ---- */

static uint64_t heap_base(void)
{
    char name[48];
    uint64_t base, bytes;

    ambit_snprintf(name, sizeof name, "%s.heap", ambit_self()->name);
    attack_expect("heap", ambit_locate(name, &base, &bytes), STATUS_OK);
    return base;
}

static uint64_t *grown(uint64_t pages)
{
    uint64_t bytes;

    attack_expect("grow", ambit_grow(attack_capability("heap"), pages, &bytes),
                  STATUS_OK);
    return (uint64_t *)heap_base();
}

#define DIRTY_PAGES 200u

/* Fills its heap and its stack with a pattern, and ends. */
AMBIT_ENTRY(dirty_main)
{
    uint64_t *words = grown(DIRTY_PAGES);
    volatile uint64_t deep[1024];

    for (uint64_t i = 0; i < WORDS(DIRTY_PAGES * ABI_PAGE_SIZE); i++) {
        words[i] = PATTERN;
    }
    for (uint32_t i = 0; i < 1024; i++) {
        deep[i] = PATTERN;
    }
    ambit_assert(deep[77] == PATTERN && words[77] == PATTERN);
    return 0;
}

/* Runs `dirty` until its end, then takes as many frames out of the same pool,
 * and looks for what it left there. */
AMBIT_ENTRY(scavenger_main)
{
    struct ambit_handle dirty = attack_capability("dirty");
    struct ambit_outcome outcome;

    attack_expect("spawn", ambit_spawn(dirty), STATUS_OK);
    attack_expect("wait", ambit_wait(dirty, &outcome), STATUS_OK);
    ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == 0);
    const uint64_t *words = grown(DIRTY_PAGES + 40);
    for (uint64_t i = 0; i < WORDS((DIRTY_PAGES + 40) * ABI_PAGE_SIZE); i++) {
        ambit_assert(words[i] == 0);
    }
    return 0;
}

/* ---- what a fault tells ---- */

/* In landing.S: faults, and returns the 16 registers found at the landing. */
void fault_and_look(uint64_t kind, uint64_t address, uint64_t registers[16]);

enum { RAX, RBX, RCX, RDX, RSI, RDI, RBP, RSP, R8, R9, R10, R11 };

static void check_rest(const uint64_t *r)
{
    static const uint8_t must_be_zero[] = {RBX, RCX, RSI, RDI, RBP,
                                           R11, 12,  13,  14,  15};

    for (uint32_t i = 0; i < sizeof must_be_zero; i++) {
        if (r[must_be_zero[i]] != 0) {
            ambit_printf("register %u holds %lx\n", must_be_zero[i],
                         r[must_be_zero[i]]);
            ambit_exit(ATTACK_SUCCEEDED);
        }
    }
}

/*
 * A record tells about the access and nothing else: no owner for kernel
 * addresses, no address left over from another fault, no kernel registers.
 */
AMBIT_ENTRY(record_main)
{
    uint64_t r[16];

    fault_and_look(0, ABI_KERNEL_VIRT + 0x1234, r);
    ambit_assert(r[RAX] == FAULT_PAGE && r[RDX] == ACCESS_READ);
    ambit_assert(r[R10] == ABI_KERNEL_VIRT + 0x1234);
    ambit_assert(r[R8] == SHARED_NO_RANGE && r[R9] == SHARED_NO_DOMAIN);
    check_rest(r);
    for (uint32_t i = 0; i < 10; i++) {
        ambit_yield(); /* the other domain faults at addresses of its own */
        fault_and_look(1, 0, r);
        ambit_assert(r[RAX] == FAULT_UNDEFINED && r[RDX] == ACCESS_NONE);
        ambit_assert(r[R10] == 0 && r[R8] == SHARED_NO_RANGE);
        check_rest(r);
    }
    return 0;
}

#define RECORDS 2400u /* up to the kernel's own page tables, and over them */

/* What is beyond the last record is the kernel's. */
AMBIT_ENTRY(record_flood_main)
{
    struct ambit_fault fault;
    uint64_t value;

    for (uint32_t i = 0; i < RECORDS; i++) {
        ambit_assert(!ambit_try_read(8, &value, &fault));
        ambit_assert(fault.address == 8);
    }
    return 0;
}

/* Page faults at secret addresses, for CR2 to hold. */
AMBIT_ENTRY(secret_faults_main)
{
    struct ambit_fault fault;
    uint64_t value;

    for (uint64_t i = 1; i <= 10; i++) {
        ambit_assert(!ambit_try_read(i << 32 | 0x5ec2e7, &value, &fault));
        ambit_yield();
    }
    return 0;
}
