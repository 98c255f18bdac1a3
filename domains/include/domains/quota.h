/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quotas of physical memory as numbers: how many pages may be held, how many
 * are. A quota of a domain's own is split off its parent's whole, and merged
 * back when the domain goes. A *ceiling* (quota: part) limits what is taken of
 * its parent's: nothing is set aside, and what is charged to it is charged to
 * the parent's, too. Inline: the kernel charges on its fast paths.
 */
#ifndef DOMAINS_QUOTA_H
#define DOMAINS_QUOTA_H

#include <abi/guard.h>
#include <abi/status.h>
#include <capabilities/assert.h>
#include <capabilities/cap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* These functions alone write limit, used and peak. */
struct quota {
    struct cap_object object; /* type CAP_QUOTA */
    struct quota *parent;     /* it was split off; null: the machine's */
    bool part;                /* a ceiling on the parent's */
    uint64_t limit;           /* pages; 0: does not exist */
    uint64_t used;            /* pages, those split off included */
    uint64_t peak;            /* most that `used` has been */
    void *slabs; /* the kernel's: where objects charged to it lie (object.c) */
};

/* The quota that this one is a ceiling on, or null. */
static inline struct quota *pd_quota_above(const struct quota *quota)
{
    return quota->part && GUARD_ACT(QUOTA_PART) ? quota->parent : NULL;
}

/*
 * Charges pages. Returns OK; NO_QUOTA (nothing has changed).
 * Needs: used at most limit. Cost: the ceilings, one above the other.
 */
MUST_CHECK static inline enum status pd_quota_charge(struct quota *quota,
                                                     uint64_t pages)
{
    for (struct quota *q = quota; q != NULL; q = pd_quota_above(q)) {
        if (!GUARD(QUOTA_LIMIT, pages <= q->limit - q->used)) {
            return STATUS_NO_QUOTA;
        }
    }
    for (struct quota *q = quota; q != NULL; q = pd_quota_above(q)) {
        q->used += pages;
        if (q->used > q->peak) {
            q->peak = q->used;
        }
    }
    return STATUS_OK;
}

/* Gives back what was charged. Needs: that many pages charged. */
static inline void pd_quota_uncharge(struct quota *quota, uint64_t pages)
{
    for (struct quota *q = quota; q != NULL; q = pd_quota_above(q)) {
        core_assert(q->used >= pages);
        q->used -= pages;
    }
}

/*
 * Makes `quota` out of `pages` of another, which are charged there. The
 * object's refs stay.
 * Returns OK; NO_QUOTA (nothing has changed).
 */
MUST_CHECK static inline enum status
pd_quota_split(struct quota *from, struct quota *quota, uint64_t pages)
{
    enum status status = pd_quota_charge(from, pages);

    if (status == STATUS_OK) {
        quota->object.type = CAP_QUOTA;
        quota->parent = from;
        quota->part = false;
        quota->limit = pages;
        quota->used = 0;
        quota->peak = 0;
    }
    return status;
}

/* Makes `quota` a ceiling of `pages` on another. The object's refs stay. */
static inline void pd_quota_part(struct quota *from, struct quota *quota,
                                 uint64_t pages)
{
    quota->object.type = CAP_QUOTA;
    quota->parent = from;
    quota->part = true;
    quota->limit = pages;
    quota->used = 0;
    quota->peak = 0;
}

/*
 * Gives a quota back to the one that it was split off.
 * Needs: nothing charged to it any more.
 */
static inline void pd_quota_merge(struct quota *quota)
{
    core_assert(quota->used == 0);
    if (!quota->part) {
        pd_quota_uncharge(quota->parent, quota->limit);
    }
    quota->limit = 0;
    quota->part = false;
    quota->parent = NULL;
}

#endif
