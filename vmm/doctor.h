/* SPDX-License-Identifier: Apache-2.0 */
/* What this host offers, found out by trying. */
#ifndef VMM_DOCTOR_H
#define VMM_DOCTOR_H

#include "run.h"

#define DOCTOR_ENGINES 4u

struct doctor_engine {
    const char *name;
    struct engine_probe probe;
    bool works;             /* usable, and a tiny guest ran on it */
    bool registers_host;    /* what that guest said */
    uint32_t features;      /* enum shared_feature, likewise */
    struct failure failure; /* why the tiny guest did not run */
};

struct doctor {
    struct doctor_engine engines[DOCTOR_ENGINES];
    uint32_t engine_count;
    struct sandbox_report sandbox; /* what a run would apply */
    const char *chosen;            /* what `auto` takes, or null */
    uint64_t memory_bytes;         /* available to a guest; 0: unknown */
};

void doctor_look(struct doctor *doctor, const struct options *options);

/* What a kind of ring 0 means for results: one sentence or two. */
const char *doctor_ring0_meaning(const char *ring0);

#endif
