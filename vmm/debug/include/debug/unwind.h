/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A backtrace of code that keeps no frame pointers, from outside: the call
 * frame information (.debug_frame) of its ELF file says where each caller's
 * registers are, and guest memory holds them. Costs the guest nothing.
 */
#ifndef DEBUG_UNWIND_H
#define DEBUG_UNWIND_H

#include <host/memory.h>

#define UNWIND_FRAMES 32u

struct unwind;

/* Why there is no further frame. */
enum unwind_end {
    UNWIND_BOTTOM,   /* the code says that nobody called it */
    UNWIND_NO_INFO,  /* no call frame information for this address */
    UNWIND_MEMORY,   /* the stack is not mapped there */
    UNWIND_NO_SENSE, /* information or stack that leads nowhere */
    UNWIND_MANY      /* more than UNWIND_FRAMES */
};

struct unwind_frame {
    uint64_t rip;
    bool call; /* rip is where a call returns: the caller is before it */
};

struct unwind_trace {
    uint32_t count;
    struct unwind_frame frames[UNWIND_FRAMES];
    enum unwind_end end;
};

/* Borrows the bytes. Null: no memory, no ELF, or no such information. */
struct unwind *unwind_open(const uint8_t *elf, size_t bytes);
void unwind_close(struct unwind *unwind);

/*
 * From `registers` up. `bias` is what was added to the file's addresses when
 * it was loaded. Guest memory may hold anything; the trace is bounded.
 */
void unwind_make(const struct unwind *unwind, uint64_t bias,
                 const struct guest_memory *memory,
                 const struct engine_registers *registers,
                 struct unwind_trace *out);

/* "the stack is not mapped there": for people. "memory": for results. */
const char *unwind_end_words(enum unwind_end end);
const char *unwind_end_name(enum unwind_end end);

#endif
