/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Building a domain from its plan, in two phases: count the needs, reserve
 * them in one charge (the only step that can fail), then commit through
 * operations that cannot.
 */
#ifndef DOMAINS_BUILD_H
#define DOMAINS_BUILD_H

#include <domains/plan.h>

/* All in frames of 4 KiB; what `own` domain must be charged for. */
struct pd_needs {
    uint32_t control; /* control block, its registers included: 1 */
    uint32_t tables;  /* capability tables (caps and files) that are its own:
                         one frame per CAP_CHUNK_SLOTS slots */
    uint32_t upper;   /* page-table root and directories, when it is first */
    uint32_t leaves;  /* leaf tables of the ranges it owns */
    uint32_t pages;   /* writable image pages, stack */
    uint32_t total;   /* their sum */
};

/*
 * What building this domain takes. Cost: its ranges.
 * The same numbers are given back when it is destroyed.
 */
void pd_count(const struct spec *spec, const struct plan *plan, uint32_t domain,
              struct pd_needs *needs);

/*
 * Adds one range's leaf tables and frames to `needs`. A domain's own are among
 * its needs; named ranges are nobody's: the kernel charges these to the root
 * domain at boot.
 */
void pd_count_range(const struct plan *plan, uint32_t range,
                    struct pd_needs *needs);

/* The acts of building, given by the kernel. Only `reserve` may fail. */
struct pd_ops {
    /* Charges needs->total to the domain's quota and sets that many frames of
     * its pool aside. With quota: new or pool: new, first makes those out of
     * the parent's. Returns OK, NO_QUOTA, NO_MEMORY; on error nothing stays. */
    enum status (*reserve)(void *context, uint32_t domain,
                           const struct pd_needs *needs);
    /* Control block, registers; then tables (own or shared). */
    void (*make_domain)(void *context, uint32_t domain);
    void (*make_table)(void *context, uint32_t domain, enum pd_class table);
    /* Page-table root with its directories. */
    void (*make_root)(void *context, uint32_t root);
    /* Leaf tables of a range and its start pages (zero, or the image's). */
    void (*make_range)(void *context, uint32_t range);
    /* Directory entries: the range appears in the root with these rights. */
    void (*attach)(void *context, uint32_t root, uint32_t range,
                   uint8_t rights);
    /* Initial capabilities: first the standard ones, then each hold. */
    void (*give_standard)(void *context, uint32_t domain);
    void (*give_hold)(void *context, uint32_t domain, uint32_t hold);
    /* Start block and first registers. The domain can run after this. */
    void (*finish)(void *context, uint32_t domain);
};

/*
 * Builds one domain whose parent exists. Attaches its ranges in every root
 * that the plan says and some live domain runs in; ranges of domains not built
 * yet are attached when those are built. A named range is attached when the
 * root is made, whichever domain of that space holds it.
 * `live` is a bitmap of the domains that exist.
 * Returns OK; reserve's error; EXISTS (it is live), NOT_RUNNING (its parent is
 * not), BUSY (it would make a root that others still run in). On any error
 * nothing has changed.
 * Cost: roots, and when a root is made, ranges.
 */
MUST_CHECK enum status pd_build(const struct spec *spec,
                                const struct plan *plan, uint32_t domain,
                                uint64_t live, const struct pd_ops *ops,
                                void *context);

#endif
