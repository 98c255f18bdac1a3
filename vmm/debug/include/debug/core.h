/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest as an ELF core file, for gdb: registers as threads, and memory at
 * the virtual addresses that one root maps. Guest memory is in the file once,
 * by physical address and without its zero pages; every segment points into
 * it. So the file is never larger than guest memory and some pages, and is
 * sparse.
 */
#ifndef DEBUG_CORE_H
#define DEBUG_CORE_H

#include <host/memory.h>

#define CORE_THREADS 2u
#define CORE_RUNS_MAX 8192u

/* Adjacent pages, virtually and physically, with equal rights. */
struct core_run {
    uint64_t address, physical, bytes;
    uint32_t flags; /* PF_R, PF_W, PF_X */
};

struct core_runs {
    uint32_t count;
    bool cut; /* there were more than fit, or tables without end */
    struct core_run run[CORE_RUNS_MAX];
};

/* What the registers' root maps of guest memory, in address order. With
 * paging off: all of it, where it is. Guest memory may hold anything. */
void core_runs_make(const struct guest_memory *memory,
                    const struct engine_registers *registers,
                    struct core_runs *out);

struct core_request {
    const struct guest_memory *memory;
    int memory_fd; /* the same memory; its holes are skipped */
    uint32_t threads;
    struct engine_registers thread[CORE_THREADS]; /* the first one's root */
};

struct core_written {
    uint64_t bytes; /* size of the file */
    uint64_t data;  /* bytes of guest memory that were written */
    uint32_t runs;
    bool cut;
};

/* Writes to an empty, seekable file. 0, or -1 and errno. */
int core_write(int fd, const struct core_request *request,
               struct core_written *out);

/* Notes of the threads: bytes of `room` used. For core.c. */
#define CORE_NOTES_BYTES 1024u
size_t core_notes_make(const struct core_request *request,
                       uint8_t room[CORE_NOTES_BYTES]);

#endif
