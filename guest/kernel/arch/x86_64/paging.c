/* SPDX-License-Identifier: Apache-2.0 */
/* Page tables: the kernel's own half, and what roots are made of. */
#include <abi/layout.h>
#include <capabilities/cap.h>

#include "cpu.h"

#define PTE_WRITE 0x2ull
#define PTE_USER 0x4ull
#define PTE_ACCESSED 0x20ull
#define PTE_DIRTY 0x40ull
#define PTE_LARGE 0x80ull
#define PTE_NX 0x8000000000000000ull

extern uint64_t boot_pml4[512], direct_pd[1024], high_pd[512], low_pdpt[512];
extern const uint8_t image_start[], data_end[], text_start[], text_end[],
    image_end[];

static _Alignas(4096) uint64_t image_pt[512];

static uint64_t image_physical(const void *address)
{
    return (uintptr_t)address - ABI_KERNEL_OFFSET;
}

uint64_t arch_kernel_root(void)
{
    return image_physical(boot_pml4);
}

static void image_map(const uint8_t *from, const uint8_t *to, uint64_t flags)
{
    uint64_t first = ((uintptr_t)from - ABI_KERNEL_VIRT) >> ABI_PAGE_SHIFT;
    uint64_t end = ((uintptr_t)to - ABI_KERNEL_VIRT) >> ABI_PAGE_SHIFT;
    uint64_t entry =
        image_physical(from) | flags | PTE_PRESENT | PTE_ACCESSED | PTE_DIRTY;

    for (uint64_t i = first; i < end; i++, entry += ABI_PAGE_SIZE) {
        image_pt[i] = entry;
    }
}

/* Whatever runs over the end of a stack faults, and on a stack that cannot take
 * the fault: a double fault, which has one of its own. */
static void stack_guards_unmap(void)
{
    const uint8_t *const guards[] = {kernel_stack_guard, fault_stack_guard,
                                     nmi_stack_guard, debug_stack_guard};

    for (uint32_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++) {
        image_pt[((uintptr_t)guards[i] - ABI_KERNEL_VIRT) >> ABI_PAGE_SHIFT] =
            0;
    }
}

static void direct_map(uint64_t first, uint64_t bytes, uint64_t flags)
{
    uint64_t i = first >> ABI_GRANULE_SHIFT;
    uint64_t end = (first + bytes) >> ABI_GRANULE_SHIFT;

    for (; i < end; i++) {
        direct_pd[i] = flags ? i << ABI_GRANULE_SHIFT | flags : 0;
    }
}

void arch_paging_init(uint64_t head, uint64_t head_bytes, uint64_t exec,
                      uint64_t exec_bytes)
{
    image_map(image_start, data_end, PTE_WRITE | PTE_NX);
    stack_guards_unmap();
    image_map(text_start, text_end, 0);
    image_map(text_end, image_end, PTE_NX);
    high_pd[1] = image_physical(image_pt) | PTE_WRITE | PTE_PRESENT;
    direct_map(head, head_bytes, PTE_NX | PTE_LARGE | PTE_PRESENT);
    direct_map(exec, exec_bytes, 0);
    boot_pml4[0] = 0;
    arch_root_switch(arch_kernel_root(), true);
}

uint64_t arch_leaf_entry(uint64_t frame, uint8_t rights)
{
    uint64_t entry = frame | PTE_PRESENT | PTE_USER;

    if (rights & CAP_WRITE || !GUARD_ACT(PAGE_WRITE)) {
        entry |= PTE_WRITE;
    }
    if (!(rights & CAP_EXEC) && GUARD_ACT(PAGE_EXEC)) {
        entry |= PTE_NX;
    }
    return entry;
}

/* A directory entry carries a root's rights on the whole granule (SDM vol. 3,
 * 4.6: rights of all levels are combined). */
uint64_t arch_directory_entry(uint64_t leaf, uint8_t rights)
{
    return arch_leaf_entry(leaf, rights);
}

void arch_root_init(uint64_t root, uint64_t pointers)
{
    uint64_t *pml4 = arch_physical(root);

    pml4[0] = pointers | PTE_PRESENT | PTE_WRITE | PTE_USER;
    pml4[256] = boot_pml4[256];
    pml4[511] = boot_pml4[511];
}

static uint64_t *root_pointers(uint64_t root)
{
    uint64_t *pml4 = arch_physical(root);

    return arch_physical(arch_entry_frame(pml4[0]));
}

void arch_root_add(uint64_t root, uint64_t address, uint64_t directory)
{
    root_pointers(root)[address >> 30 & 511] =
        directory | PTE_PRESENT | PTE_WRITE | PTE_USER;
}

uint64_t *arch_root_pointer(uint64_t root, uint64_t address)
{
    return &root_pointers(root)[address >> 30 & 511];
}

uint64_t arch_root_end(uint64_t root)
{
    uint64_t *pml4 = arch_physical(root);
    uint64_t pointers = arch_entry_frame(pml4[0]);

    pml4[0] = 0;
    pml4[256] = 0;
    pml4[511] = 0;
    return pointers;
}

uint64_t *arch_root_entry(uint64_t root, uint64_t address)
{
    uint64_t entry = root_pointers(root)[address >> 30 & 511];
    uint64_t *directory = arch_physical(arch_entry_frame(entry));

    if (!(entry & PTE_PRESENT)) {
        kernel_panic("a root lacks a page directory", address);
    }
    return &directory[address >> ABI_GRANULE_SHIFT & 511];
}

void arch_root_switch(uint64_t root, bool flush)
{
    struct arch_cpu *cpu = arch_this_cpu();

    if (cpu->cr3 == root && !flush) {
        return;
    }
    cpu->flushes += flush;
    cpu->cr3 = root;
    cr3_write(root);
}
