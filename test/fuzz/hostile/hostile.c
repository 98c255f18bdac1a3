/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hostile kernel: the real one, which at each entry from ring 3 also spoils
 * what the VMM reads. The config's seed says how (boot_module.seed). The
 * linker puts these functions around the real ones (--wrap).
 */
#include "kernel.h"

_Noreturn void __real_schedule(void);
_Noreturn void __real_share_finish(void);
_Noreturn void __wrap_schedule(void);
_Noreturn void __wrap_share_finish(void);

static uint64_t state;

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t draw(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint64_t below(uint64_t limit)
{
    return draw() % limit;
}

static uint64_t odd(void)
{
    static const uint64_t values[] = {
        0,   1,          63,         64,         255,        256,
        512, 0x7fffffff, 0x80000000, 0xffffffff, UINT64_MAX, 1ull << 63};

    return below(3) ? values[below(sizeof(values) / sizeof(values[0]))]
                    : draw();
}

/* Words of the header, but for magic and version: then nobody would look. */
static void spoil_header(void)
{
    uint32_t *words = (uint32_t *)(void *)&shared;

    words[2 + below(offsetof(struct shared, domains) / 4 - 2)] =
        (uint32_t)odd();
}

static void spoil_records(void)
{
    uint64_t *words = (uint64_t *)(void *)&shared.domains;
    uint64_t count =
        (offsetof(struct shared, console) - offsetof(struct shared, domains)) /
        8;

    for (uint64_t i = below(64); i > 0; i--) {
        words[below(count)] = odd();
    }
    shared.fault_count += (uint32_t)below(8);
    shared.report_count += (uint32_t)below(8);
}

static void spoil_console(void)
{
    for (uint64_t i = below(512); i > 0; i--) {
        shared.console[below(SHARED_CONSOLE_BYTES)] = (uint8_t)draw();
    }
    shared.console_written += (uint32_t)(below(8) ? below(512) : odd());
    arch_out8(HOSTCALL_DOORBELL_PORT, HOSTCALL_CONSOLE);
}

/* A root that leads into tables that lead anywhere, itself included. */
static void spoil_roots(void)
{
    uint64_t frame = below(kernel.memory >> ABI_PAGE_SHIFT) << ABI_PAGE_SHIFT;

    shared.roots[below(SHARED_ROOTS)].cr3 = below(4) ? frame : odd();
    if (frame >= 2 * ABI_GRANULE_SIZE && frame < kernel.module_physical) {
        uint64_t *entries = arch_physical(frame);

        for (uint32_t i = 0; i < 512; i += 1 + (uint32_t)below(16)) {
            entries[i] = (below(2) ? frame : odd()) | 7;
        }
    }
}

static void ring(void)
{
    static const uint8_t bells[] = {HOSTCALL_CONSOLE, HOSTCALL_PHASE,
                                    HOSTCALL_STEP, 0, 0xff};

    arch_out8(HOSTCALL_DOORBELL_PORT, bells[below(sizeof(bells))]);
}

/* Rarely: an end of its own choosing, or none. */
static void end(void)
{
    switch (below(60)) {
    case 0:
        arch_out8(HOSTCALL_EXIT_PORT, HOSTCALL_EXIT_DONE);
        break;
    case 1:
        arch_out8(HOSTCALL_EXIT_PORT, HOSTCALL_EXIT_PANIC);
        break;
    case 2:
        arch_out8(HOSTCALL_EXIT_PORT, (uint8_t)draw());
        break;
    case 3:
        arch_out32(HOSTCALL_REGISTERS_PORT, (uint32_t)draw());
        break;
    case 4:
        for (;;) {
            ring();
        }
    default:
        break;
    }
}

static void spoil(void)
{
    static void (*const ways[])(void) = {
        spoil_header, spoil_records, spoil_console, spoil_roots, ring, end};

    if (!state) {
        state = kernel.module->seed;
    }
    for (uint64_t i = below(12); i > 0; i--) {
        ways[below(sizeof(ways) / sizeof(ways[0]))]();
    }
}

_Noreturn void __wrap_schedule(void)
{
    spoil();
    __real_schedule();
}

_Noreturn void __wrap_share_finish(void)
{
    spoil();
    __real_share_finish();
}
