/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where things are: physical and virtual addresses that the host, the
 * kernel and ring 3 agree on. All sizes are in bytes unless named otherwise.
 */
#ifndef ABI_LAYOUT_H
#define ABI_LAYOUT_H

#define ABI_PAGE_SHIFT 12u
#define ABI_PAGE_SIZE 0x1000ull
#define ABI_GRANULE_SHIFT 21u
#define ABI_GRANULE_SIZE 0x200000ull
#define ABI_GRANULE_PAGES 512u

/*
 * The kernel image: linked at ABI_KERNEL_VIRT, loaded at ABI_KERNEL_PHYS,
 * at most one granule. The pages shared with the host (abi/shared.h) are its
 * first pages, so their physical address is ABI_SHARED_PHYS on every substrate.
 */
#define ABI_KERNEL_PHYS 0x200000ull
#define ABI_KERNEL_OFFSET 0xffffffff80000000ull
#define ABI_KERNEL_VIRT 0xffffffff80200000ull
#define ABI_SHARED_PHYS ABI_KERNEL_PHYS

/* All RAM, writable, never executable; holes: kernel image, exec arena. */
#define ABI_DIRECT_MAP 0xffff800000000000ull

/* Ring 3: one address layout for the whole machine. */
#define ABI_USER_BASE 0x40000000ull
#define ABI_USER_LIMIT 0x8000000000ull
/* From here on: what is made at run time. Below: what is planned. */
#define ABI_RUNTIME_BASE 0x4000000000ull
/* Numbers of ranges: the plan's come first. */
#define ABI_RUNTIME_RANGES 0x10000u
#define ABI_MADE_RANGES                                                        \
    0x80000000u /* of those that are no domain's own: set                      \
                   above their object's physical address                       \
                   / ABI_MADE_RANGE_UNIT */
#define ABI_MADE_RANGE_UNIT 128u

/*
 * The only page that ring 3 may reach in the kernel's own root, and only while
 * the kernel probes the substrate or empties segment registers: read and
 * execute, of the frame that abi/shared.h's probe_frame names.
 */
#define ABI_PROBE_ADDRESS ABI_USER_BASE

/* Guest memory that a machine may have. */
#define ABI_MEMORY_MIN (16ull << 20)
#define ABI_MEMORY_MAX (2ull << 30)

#endif
