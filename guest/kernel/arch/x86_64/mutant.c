/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Only in the mutation kernel: guards that are assembly or constants of boot.S,
 * where there is no condition to leave out. They are taken away here.
 */
#include <abi/layout.h>

#include "cpu.h"

#define PTE_USER 0x4ull

extern uint64_t boot_pml4[512], direct_pdpt[512], direct_pd[1024];
/* What GUARD_ASM of entry.S and fast.S looks at. */
#define IN_ASSEMBLY(X)                                                         \
    X(COPY_FAULT)                                                              \
    X(DIRECTION_FLAG)                                                          \
    X(SELECTORS)                                                               \
    X(REGISTERS_CLEAR)                                                         \
    X(SEGMENT_BASES)                                                           \
    X(FAST_SAYS)                                                               \
    X(FAST_ALONE)                                                              \
    X(FAST_PRIORITY)                                                           \
    X(FAST_STEPPED)                                                            \
    X(FAST_RIGHTS)                                                             \
    X(FAST_NOTE)                                                               \
    X(HANDLE_INDEX)                                                            \
    X(HANDLE_GENERATION)                                                       \
    X(REPLY_OWED)

#define DEFINE(id)                                                             \
    extern uint8_t guard_off_##id;                                             \
    uint8_t guard_off_##id;
IN_ASSEMBLY(DEFINE)

static void cr0_write(uint64_t value)
{
    __asm__ volatile("movq %0, %%cr0" : : "r"(value) : "memory");
}

/*
 * The first granule of the direct map becomes ring 3's, too. The kernel is done
 * with what is there (what PVH left), so that SMAP does not find it out.
 */
static void kernel_open(void)
{
    boot_pml4[ABI_DIRECT_MAP >> 39 & 511] |= PTE_USER;
    direct_pdpt[0] |= PTE_USER;
    direct_pd[0] |= PTE_USER;
    cr3_write(arch_kernel_root());
}

void guards_apply(void)
{
#define SELECT(id) guard_off_##id = guard_off == GUARD_##id;
    IN_ASSEMBLY(SELECT)
    if (!GUARD_ACT(WRITE_PROTECT)) {
        cr0_write(cr0_read() & ~(uint64_t)CR0_WP);
    }
    if (!GUARD_ACT(KERNEL_PAGES)) {
        kernel_open();
    }
}
