/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest kernel as a part of this process: its C files over fake memory, a
 * fake processor with a TLB, and page tables in the hardware's own format, so
 * that the audit of the VMM reads them.
 *
 * The kernel never returns; it resumes a domain or ends. Here each of both is
 * a jump back to who entered it.
 */
#ifndef HOSTED_MACHINE_H
#define HOSTED_MACHINE_H

#include "arch.h"

#include <image/image.h>
#include <stdbool.h>
#include <stddef.h>

/* A config's image, laid out in memory of its own. */
struct scene {
    struct config *config;
    struct image *image;
    uint8_t *memory; /* guest physical 0 */
    uint64_t bytes;
    uint64_t module; /* guest physical */
};

/* Loads a config once and for all; what cannot be loaded is a failure. */
void scene_open(struct scene *scene, const char *path);
/* The same of a config that is open already; `image` may be freed later. */
void scene_place(struct scene *scene, struct config *config,
                 struct image *image);
void scene_close(struct scene *scene);

enum machine_state { MACHINE_RING3, MACHINE_DONE };

struct machine_options {
    bool native; /* `syscall` enters ring 0 */
    bool holes;  /* the host saves registers */
    bool steps;  /* audit whenever a view has changed */
};

/* Boots: everything is as after a reset, but for the module. */
enum machine_state machine_boot(const struct scene *scene,
                                const struct machine_options *options);

/* The domain in ring 3; only while it is there. */
struct domain;
struct domain *machine_domain(void);
struct arch_frame *machine_frame(void);

/* Ring 3 does something that enters the kernel. */
enum machine_state machine_syscall(void); /* registers are in the frame */
enum machine_state machine_timer(void);
enum machine_state machine_fault(uint64_t vector, uint64_t error,
                                 uint64_t address);

/* An access of ring 3, through its page tables: what is mapped is accessed,
 * byte by byte, up to the first byte that is not. Returns how many were. */
size_t machine_write(uint64_t address, const void *from, size_t bytes);
size_t machine_read(uint64_t address, void *to, size_t bytes);

/* Every invariant of the kernel between two entries: books, states, counts. */
void machine_check(void);
void machine_check_books(void); /* its part on quotas and pools */
/* Those of the cores. Cost: live slots, squared. */
void machine_check_cores(void);
/* Walks all page tables as the VMM does: no violation. */
void machine_audit(void);
/* Free memory is zero. Cost: all of it. */
void machine_check_free(void);

/* For arch.c and machine.c. */
struct machine {
    const struct scene *scene;
    struct machine_options options;
    uint64_t arena, arena_end; /* out of the kernel's mapping */
    struct arch_frame *frame;  /* of the domain in ring 3 */
    enum machine_state state;
    uint64_t ticks;
};
extern struct machine machine;
void machine_enter(void (*enter)(void)); /* until the kernel leaves */
_Noreturn void machine_leave(enum machine_state state);
void arch_fake_reset(void);
/* Physical address that ring 3 reaches, or 0; rights are cap_rights bits. */
uint64_t arch_fake_translate(uint64_t address, uint8_t rights);
#define FAKE_ROOT 0x2c0000ull /* the kernel's own tables */

#endif
