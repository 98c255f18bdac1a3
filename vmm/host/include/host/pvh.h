/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A kernel that boots through PVH: a 64-bit ELF whose PT_NOTE holds the note
 * {"Xen", XEN_ELFNOTE_PHYS32_ENTRY = 18}, the physical address of a 32-bit
 * entry point (Xen's public headers elfnote.h and arch-x86/hvm/start_info.h).
 */
#ifndef HOST_PVH_H
#define HOST_PVH_H

#include <host/engine.h>
#include <host/failure.h>
#include <stddef.h>
#include <stdint.h>

#define PVH_SEGMENTS_MAX 16u

/* What PT_LOAD asks for; file_offset + file_bytes lie inside the file. */
struct pvh_segment {
    uint64_t paddr;
    uint64_t memory_bytes;
    uint64_t file_offset;
    uint64_t file_bytes; /* <= memory_bytes; the rest is zero */
};

struct pvh_kernel {
    uint32_t entry; /* inside one of the segments */
    uint32_t segments;
    struct pvh_segment segment[PVH_SEGMENTS_MAX];
};

/* 0, or -1 and *failure (EXIT_HOST): says what is wrong with the file. */
int pvh_parse(const void *file, size_t bytes, struct pvh_kernel *out,
              struct failure *failure);

#endif
