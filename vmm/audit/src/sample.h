/* SPDX-License-Identifier: Apache-2.0 */
/* State of one sample, shared by the files of this room. */
#ifndef AUDIT_SAMPLE_H
#define AUDIT_SAMPLE_H

#include "made.h"
#include "walk.h"

#include <abi/shared.h>

#define SAMPLE_ROOTS (SHARED_ROOTS + 2u) /* published, vCPU's, kernel's */

/* One tree to walk. */
struct sample_root {
    uint64_t cr3;
    uint32_t root; /* plan root, or PLAN_NONE: ring 3 has no business there */
    uint32_t made; /* number of the domain made at run time that it is of, or
                      PLAN_NONE */
};

struct sample {
    struct audit *audit;
    const struct audit_target *target;
    uint64_t frames;                   /* of RAM */
    uint64_t kernel_root, probe_frame; /* as the kernel says */
    struct sample_root *roots;         /* SAMPLE_ROOTS, and those of run time */
    uint32_t root_count;
    struct made made;
    const struct sample_root *now; /* the tree being walked */
    uint64_t kernel_half[TABLE_ENTRIES - KERNEL_HALF]; /* walked already */
    bool kernel_half_known;
    uint8_t *levels;  /* per frame: level of the table it is; 0: none */
    uint64_t *exec;   /* per frame a bit: executable somewhere */
    uint32_t *owners; /* per frame: 1 + range * 2^19 + page; 0: unknown */
};

/* Fills what a violation at `address` of the current tree has in common. */
struct audit_violation sample_violation(const struct sample *sample,
                                        enum audit_kind kind, uint64_t address,
                                        uint64_t frame);

/* Counts it, and keeps it when it is a new one. */
void sample_report(struct sample *sample,
                   const struct audit_violation *violation);

/* True if some live domain runs in the plan root. */
bool sample_root_lives(const struct audit_target *target, uint32_t root);

/* Compares one ring-3 page with the view and the frame's owner. */
void sample_page(struct sample *sample, uint64_t address, uint64_t frame,
                 uint8_t found);

/* Start pages that live domains should have and have not. */
void sample_missing(struct sample *sample);

#endif
