/* SPDX-License-Identifier: Apache-2.0 */
/* A machine for tests: one engine, one of the guests in guest/. */
#ifndef TEST_MACHINE_H
#define TEST_MACHINE_H

#include <host/engine.h>
#include <stdbool.h>

#define MIB 0x100000ull
#define MACHINE_INPUT 0x400000u  /* the test writes, before open */
#define MACHINE_OUTPUT 0x401000u /* guest/tiny.S writes */

/* What guest/tiny.S can be. */
enum tiny {
    TINY_HELLO,
    TINY_PANIC,
    TINY_BAD_EXIT,
    TINY_TRIPLE_FAULT,
    TINY_SPIN,
    TINY_HALT,
    TINY_RING,
    TINY_FLOOD,
    TINY_START,
    TINY_UNKNOWN_PORT,
    TINY_UNKNOWN_MEMORY,
    TINY_UNKNOWN_CALL,
    TINY_WIDE_BELL
};

struct machine {
    const struct engine_ops *ops;
    struct engine_guest guest;
    struct engine_options options;
    struct engine *engine; /* null: not open */
    struct engine_result result;
    struct failure failure; /* of machine_open() */
    uint64_t module_at;
};

/* Kernel file, empty module and memory; the test may still change *machine
 * before it opens. */
void machine_make(struct machine *machine, const struct engine_ops *ops,
                  const char *kernel, uint64_t memory_bytes);
/* The same for guest/tiny.S in 64 MiB. */
void machine_make_tiny(struct machine *machine, const struct engine_ops *ops,
                       enum tiny tiny);
int machine_open(struct machine *machine);
/* Runs for at most `ms` (0: for ever). */
enum engine_event machine_run(struct machine *machine, unsigned ms);
void machine_free(struct machine *machine);

/* A 32-bit word of guest memory. */
volatile uint32_t *machine_word(struct machine *machine, uint64_t at);
uint64_t machine_now_ns(void);
/* Descriptors that this process has open. */
unsigned machine_descriptors(void);

/* For main(): 0 if the engine is usable, else what to exit with, told. */
int machine_unusable(const struct engine_ops *ops);

#endif
