/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan: views turned into ranges with addresses, page-table roots and
 * tables. A pure function of the spec, computed alike in the kernel (to build)
 * and on the host (to check, to print).
 *
 * Every range has one virtual address in the machine. Roots are shared by the
 * domains that have the same space.
 */
#ifndef DOMAINS_PLAN_H
#define DOMAINS_PLAN_H

#include <domains/spec.h>

#define PLAN_MAX_RANGES (3u * SPEC_MAX_DOMAINS + SPEC_MAX_RANGES)
#define PLAN_MAX_ROOTS SPEC_MAX_DOMAINS
#define PLAN_NONE 0xffffffffu

enum plan_range_kind {
    PLAN_IMAGE, /* a program instance: page rights come from its segments */
    PLAN_HEAP,  /* grows from page 0 */
    PLAN_STACK, /* pages end one guard page below the granule's end */
    PLAN_NAMED  /* of `ranges:`; all pages present */
};

struct plan_range {
    uint8_t kind;   /* enum plan_range_kind */
    uint8_t rights; /* most that any page of it can have */
    uint16_t reserved;
    uint32_t owner;  /* domain that creates (and is charged for) it; named:
                        SPEC_NONE, charged to the root domain */
    uint32_t object; /* image: program; named: spec range */
    uint32_t granules;
    uint64_t base;        /* virtual address of page 0, in its first granule */
    uint32_t pages;       /* most pages it may have */
    uint32_t start_pages; /* present from the start: image and stack and named:
                             all; heap: 0 */
    uint32_t frames; /* of the start pages, those that get frames of their own:
                        image: the writable ones; else all */
    uint32_t leaves; /* leaf tables from the start: its granules; heap: 1 */
    uint64_t roots;  /* bitmap of the roots it is attached in */
};

struct plan_domain {
    uint32_t root;               /* plan root */
    uint32_t image, heap, stack; /* plan ranges; heap may be PLAN_NONE */
    uint32_t own; /* it owns the ranges own .. stack: image and heap, unless
                     they are an ancestor's, and its stack */
    uint32_t caps, files, quota, pool; /* the domain whose table / quota / pool
                                          it uses: itself, an ancestor, or
                                          PLAN_NONE: the root domain's (quota,
                                          pool) or none at all (caps, files) */
    uint32_t handler; /* domain that handles its faults, or PLAN_NONE: the
                         config (on_fault) */
};

struct plan_root {
    uint32_t first;        /* the domain it is made (and charged) for */
    uint32_t directories;  /* page directories it needs: gibibytes it touches */
    uint64_t gibibytes[8]; /* bitmap over the 512 GiB user window */
};

struct plan {
    uint32_t range_count, root_count;
    struct plan_domain domains[SPEC_MAX_DOMAINS];
    struct plan_root roots[PLAN_MAX_ROOTS];
    /* In address order: first the named ones, in the spec's order (so a named
       range has the same index in spec and plan), then each domain's. */
    struct plan_range ranges[PLAN_MAX_RANGES];
    /* rights of each range in each root; 0: not attached */
    uint8_t attached[PLAN_MAX_ROOTS][PLAN_MAX_RANGES];
    uint8_t kept[PLAN_MAX_RANGES]; /* scratch of the planner */
};

/*
 * Plans a validated spec. `plan` must be zeroed memory.
 * Returns OK, OUT_OF_RANGE (the user window is too small).
 * Cost: domains x ranges.
 */
MUST_CHECK enum status plan_make(const struct spec *spec, struct plan *plan);

/* First virtual address of the range's pages (a stack's are not at base). */
uint64_t plan_range_start(const struct plan_range *range);

/*
 * Range whose granules cover an address (a stack's guards included), or
 * PLAN_NONE. Cost: logarithmic in the ranges.
 */
uint32_t plan_range_at(const struct plan *plan, uint64_t address);

/*
 * Rights of one page of a range (image: its segment's; 0 in a hole and past
 * its end), before the attachment narrows them. Pages count from
 * plan_range_start.
 */
uint8_t plan_page_rights(const struct spec *spec, const struct plan *plan,
                         uint32_t range, uint32_t page);

/*
 * Expected view: rights that `root` may have on the page at `address`, and the
 * range it is in, attached to this root or not (PLAN_NONE: in no range). This
 * is what the audit compares with.
 */
uint8_t plan_view(const struct spec *spec, const struct plan *plan,
                  uint32_t root, uint64_t address, uint32_t *range);

/*
 * Finds "domain.image|heap|stack" or a named range. `name` is not
 * NUL-terminated. Returns OK or NOT_FOUND.
 */
MUST_CHECK enum status plan_locate(const struct spec *spec,
                                   const struct plan *plan, const char *name,
                                   uint32_t bytes, uint32_t *range);

/* Writes "app.stack" or "ring" into out (NUL-terminated, cut to size). */
void plan_range_name(const struct spec *spec, const struct plan *plan,
                     uint32_t range, char *out, uint32_t size);

#endif
