/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the page tables are looked at, and what is learnt from each look: the
 * audit, and what the tables say about every assertion.
 */
#ifndef VMM_SAMPLER_H
#define VMM_SAMPLER_H

#include "snapshot.h"

#include <audit/audit.h>
#include <config/config.h>
#include <host/engine.h>
#include <image/image.h>
#include <stdbool.h>
#include <stdint.h>

/* What the tables said about one assertion, over all samples. */
struct sampler_assert {
    bool seen;         /* the domain's root was there to look at */
    bool broken;       /* in some sample it did not hold */
    uint64_t address;  /* first page where it did not */
    uint8_t found;     /* rights there */
    char witness[256]; /* of one about the graph: what broke it */
};

/* The most that a root was ever seen to reach of a range. */
struct sampler_reach {
    struct audit_reached most;
};

struct sampler {
    const struct config *config;
    const struct image *image;
    const void *memory;
    uint64_t memory_bytes, module_base;
    struct audit audit;
    struct sampler_assert *asserts; /* as config->asserts */
    bool graph;                     /* some assertion is about the graph */
    struct sampler_reach *reach;    /* null: not watched; per root, per range */
    bool roots_seen[PLAN_MAX_ROOTS];
    uint32_t left;       /* random pauses still to make */
    uint32_t steps_left; /* audits at doorbells still to make */
    uint64_t spread_ns;  /* mean of the next random interval */
    uint64_t spread_max_ns;
    uint64_t next_ns; /* next random pause; 0: none */
    uint64_t random;  /* state, from the config's seed */
};

/* Random pauses and doorbell samples; 0, or -1: no memory. */
int sampler_init(struct sampler *sampler, const struct config *config,
                 const struct image *image, uint32_t samples);
void sampler_free(struct sampler *sampler);

/* From now on every look notes what each root reaches of each range, and
 * looks come quickly. 0, or -1: no memory. */
int sampler_watch_reach(struct sampler *sampler);
const struct sampler_reach *sampler_reach(const struct sampler *sampler,
                                          uint32_t root, uint32_t range);

/* Sets the time of the first pause. */
void sampler_start(struct sampler *sampler, uint64_t now_ns);

/* Looks once. `vcpu_cr3`: 0 when unknown; `complete`: composition is over;
 * `at_rest`: the kernel is not at work, so its tables are whole. */
void sampler_look(struct sampler *sampler, const struct snapshot *snapshot,
                  uint64_t vcpu_cr3, bool complete, bool at_rest);

/* What is walked, at this moment; without the vCPU's root. */
struct audit_target sampler_target(const struct sampler *sampler,
                                   const struct snapshot *snapshot);

/* A random pause has been made: sets the time of the next. */
void sampler_next(struct sampler *sampler, uint64_t now_ns);

#endif
