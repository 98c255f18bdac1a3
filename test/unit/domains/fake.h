/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A kernel without a machine: counts the frames that each act of building
 * takes, keeps what is attached where, and notices acts out of order.
 */
#ifndef TEST_DOMAINS_FAKE_H
#define TEST_DOMAINS_FAKE_H

#include <domains/build.h>
#include <stdbool.h>

struct fake {
    const struct spec *spec;
    const struct plan *plan;
    enum status reserve; /* what the next reserve returns */
    uint64_t live;
    uint64_t roots;    /* made and not dropped */
    uint32_t stage;    /* of the building under way */
    uint32_t acts;     /* ever */
    uint32_t left;     /* frames reserved and not taken */
    uint32_t holds;    /* given to the domain under way */
    const char *fault; /* the first thing that went wrong */
    bool made[PLAN_MAX_RANGES];
    uint8_t attached[PLAN_MAX_ROOTS][PLAN_MAX_RANGES];
};

extern const struct pd_ops fake_ops;

void fake_init(struct fake *f, const struct spec *spec,
               const struct plan *plan);
/* pd_build; a domain that is built joins `live`. */
enum status fake_build(struct fake *f, uint32_t domain);
/* Takes a live domain's ranges, and its root with the last one in it. */
void fake_destroy(struct fake *f, uint32_t domain);
/* Name of what went wrong, or of the first root that does not hold just what
 * the plan says of the ranges that exist; null when all is well. */
const char *fake_fault(struct fake *f);

#endif
