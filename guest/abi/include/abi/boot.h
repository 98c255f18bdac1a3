/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The boot module: the one blob that the VMM hands to the kernel through PVH.
 *
 *   page 0            struct boot_module
 *   spec_page         the spec blob (domains/spec.h)
 *   ...               program data templates, read-only segments, files
 *   exec_page         the executable arena: every page that some domain may
 *                     execute, and nothing else; a multiple of a granule
 *
 * The module is loaded at a granule boundary and ends one page short of the
 * end of memory or earlier; bytes from its end to the next granule are unused.
 * Page numbers are relative to the module's first page.
 */
#ifndef ABI_BOOT_H
#define ABI_BOOT_H

#include <stdint.h>

#define BOOT_MODULE_MAGIC 0x54494241u /* "ABIT" */
#define BOOT_MODULE_VERSION 2u

/* The engine answers register host calls (abi/hostcall.h). */
#define BOOT_FLAG_HOST_REGISTERS 1u
/* The TSC counts executed instructions. */
#define BOOT_FLAG_ICOUNT 2u
/* Ring HOSTCALL_STEP at every change of a view (abi/hostcall.h). */
#define BOOT_FLAG_STEPS 4u

struct boot_module {
    uint32_t magic;
    uint32_t version;
    uint32_t flags;
    uint32_t pages; /* of the whole module */
    uint32_t spec_page;
    uint32_t spec_bytes;
    uint32_t exec_page; /* first page of the executable arena */
    uint32_t exec_pages;
    uint64_t seed;
    uint32_t
        without_guard; /* enum abi_guard: the mutation kernel leaves it out */
    uint32_t trace_records; /* 0: none is kept; see abi/shared.h's trace */
    uint64_t reserved[2];
};
_Static_assert(sizeof(struct boot_module) == 64, "boot_module is 64 bytes");

/* PVH start information, as Xen's public header hvm/start_info.h defines it. */
#define PVH_START_MAGIC 0x336ec578u
#define PVH_MEMMAP_RAM 1u

struct pvh_start_info {
    uint32_t magic;
    uint32_t version;
    uint32_t flags;
    uint32_t module_count;
    uint64_t module_list;
    uint64_t cmdline;
    uint64_t rsdp;
    uint64_t memmap;
    uint32_t memmap_entries;
    uint32_t reserved;
};
_Static_assert(sizeof(struct pvh_start_info) == 56, "pvh_start_info");

struct pvh_module {
    uint64_t paddr;
    uint64_t size;
    uint64_t cmdline;
    uint64_t reserved;
};
_Static_assert(sizeof(struct pvh_module) == 32, "pvh_module");

struct pvh_memmap_entry {
    uint64_t addr;
    uint64_t size;
    uint32_t type;
    uint32_t reserved;
};
_Static_assert(sizeof(struct pvh_memmap_entry) == 24, "pvh_memmap_entry");

#endif
