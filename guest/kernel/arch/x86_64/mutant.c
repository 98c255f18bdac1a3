/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Only in the mutation kernel: guards that are assembly or constants of boot.S,
 * where there is no condition to leave out. They are taken away here.
 */
#include <abi/layout.h>

#include "cpu.h"

#define PTE_PRESENT 0x1ull
#define PTE_USER 0x4ull
#define PTE_LARGE 0x80ull
#define PTE_NX 0x8000000000000000ull

extern uint64_t boot_pml4[512];
/* What GUARD_ASM of entry.S looks at. */
extern uint8_t guard_off_COPY_FAULT, guard_off_DIRECTION_FLAG;
uint8_t guard_off_COPY_FAULT, guard_off_DIRECTION_FLAG;

static void cr0_write(uint64_t value)
{
    __asm__ volatile("movq %0, %%cr0" : : "r"(value) : "memory");
}

static uint64_t *table_of(uint64_t entry)
{
    return arch_physical(arch_entry_frame(entry));
}

/* Data pages only: where `syscall` stays in ring 3, fetching from the kernel's
 * text has to fault. */
static void pages_open(uint64_t *table)
{
    for (uint32_t i = 0; i < 512; i++) {
        table[i] |= table[i] & PTE_PRESENT && table[i] & PTE_NX ? PTE_USER : 0;
    }
}

static void directory_open(uint64_t *directory)
{
    for (uint32_t i = 0; i < 512; i++) {
        if (directory[i] & PTE_PRESENT && !(directory[i] & PTE_LARGE)) {
            directory[i] |= PTE_USER;
            pages_open(table_of(directory[i]));
        }
    }
    pages_open(directory);
}

/* Without KERNEL_PAGES: SMEP and SMAP would find it out, so they go, too. */
static void kernel_open(uint64_t *entry)
{
    uint64_t *pointers = table_of(*entry);

    *entry |= PTE_USER;
    for (uint32_t i = 0; i < 512; i++) {
        if (pointers[i] & PTE_PRESENT) {
            pointers[i] |= PTE_USER;
            directory_open(table_of(pointers[i]));
        }
    }
}

void guards_apply(void)
{
    guard_off_COPY_FAULT = guard_off == GUARD_COPY_FAULT;
    guard_off_DIRECTION_FLAG = guard_off == GUARD_DIRECTION_FLAG;
    if (!GUARD_ACT(WRITE_PROTECT)) {
        cr0_write(cr0_read() & ~(uint64_t)CR0_WP);
    }
    if (!GUARD_ACT(KERNEL_PAGES)) {
        cr4_write(cr4_read() & ~(uint64_t)(CR4_SMEP | CR4_SMAP));
        kernel_open(&boot_pml4[256]);
        kernel_open(&boot_pml4[511]);
        cr3_write(arch_kernel_root());
    }
}
