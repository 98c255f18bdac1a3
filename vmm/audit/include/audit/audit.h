/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit: walks live page tables from outside and compares every reachable
 * page with the view recomputed from the spec.
 */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include <domains/plan.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum audit_kind {
    AUDIT_EXTRA,    /* reachable, though no view allows it */
    AUDIT_RIGHTS,   /* reachable with more rights than the view allows */
    AUDIT_MISSING,  /* the view demands it, the tables lack it */
    AUDIT_W_AND_X,  /* a frame is writable somewhere, executable somewhere */
    AUDIT_OWNER,    /* a frame backs two ranges, or a page table or kernel
                       frame is reachable from ring 3 */
    AUDIT_TABLE,    /* a page-table entry leads outside RAM or to itself */
    AUDIT_ROOT      /* the vCPU's CR3 is no published root */
};

struct audit_violation {
    enum audit_kind kind;
    uint32_t root;     /* plan root, or PLAN_NONE */
    uint32_t domain;   /* a domain that runs in it, or PLAN_NONE */
    uint32_t range;    /* plan range, or PLAN_NONE */
    uint64_t address;  /* virtual */
    uint64_t frame;    /* physical */
    uint8_t expected, found; /* rights */
};

#define AUDIT_VIOLATIONS_MAX 64u

struct audit {
    uint64_t pages;   /* ring-3 pages compared, over all samples */
    uint64_t samples; /* walks made */
    uint64_t violation_count;
    struct audit_violation violations[AUDIT_VIOLATIONS_MAX];
};

/* What is walked: guest memory as the host maps it, read page by page. */
struct audit_target {
    const void *memory;
    uint64_t memory_bytes;
    const struct spec *spec;
    const struct plan *plan;
    uint64_t module_base;  /* guest physical */
    uint64_t module_bytes;
    uint64_t vcpu_cr3;     /* 0: unknown (the guest has ended) */
    bool complete; /* composition is over: missing pages are violations too */
    uint64_t live; /* bitmap of domains that exist (from shared pages) */
};

/*
 * One sample. Walks the vCPU's root, the published roots (abi/shared.h) and
 * the kernel's half once; adds to `audit`. Memory-safe whatever the guest
 * wrote. Returns the number of new violations.
 */
uint64_t audit_sample(struct audit *audit, const struct audit_target *target);

/* One line: "guard reaches app.stack at 0x40a1f000: expected nothing, found rw
 * (frame 0x1234000)". */
void audit_describe(const struct audit_violation *violation,
                    const struct spec *spec, const struct plan *plan,
                    char *out, size_t bytes);

#endif
