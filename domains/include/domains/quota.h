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

/* Most quotas one above the other, as far as they are made at run time. */
#define PD_QUOTA_DEPTH_MAX 128u

/* These functions alone write limit, used and peak. */
struct quota {
    struct cap_object object; /* type CAP_QUOTA */
    struct quota *parent;     /* it was split off; null: the machine's */
    bool part;                /* a ceiling on the parent's */
    uint64_t limit;           /* pages; 0: does not exist */
    uint64_t used;            /* pages, those split off included */
    uint64_t peak;            /* most that `used` has been */
    void *slabs; /* the kernel's: where objects charged to it lie (object.c) */
    uint32_t slab_count; /* the kernel's: pages of such objects */
    uint32_t children;   /* quotas split off it, and ceilings on it */
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
        from->children++;
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
    from->children++;
}

/*
 * Gives a quota back to the one that it was split off.
 * Needs: nothing charged to it any more, and no ceiling on it.
 */
static inline void pd_quota_merge(struct quota *quota)
{
    core_assert(quota->used == 0 && quota->children == 0);
    quota->parent->children--;
    if (!quota->part) {
        pd_quota_uncharge(quota->parent, quota->limit);
    }
    quota->limit = 0;
    quota->part = false;
    quota->parent = NULL;
}

/* Quotas above this one. Cost: as many. */
static inline uint32_t pd_quota_depth(const struct quota *quota)
{
    uint32_t depth = 0;

    while (quota->parent != NULL) {
        quota = quota->parent;
        depth++;
    }
    return depth;
}

/*
 * May `from` give a part of its limit to `to`? One was split off the other, or
 * both off the same. Between others the limit would come out of those that
 * stand between them. A ceiling has nothing set aside to give or to add to.
 */
static inline bool pd_quota_neighbours(const struct quota *from,
                                       const struct quota *to)
{
    if (to->parent == from) {
        return !to->part;
    }
    return !from->part && from->parent != NULL &&
           (from->parent == to ||
            (from->parent == to->parent && from != to && !to->part));
}

/*
 * Moves `pages` of limit that nothing is charged to.
 * Returns OK; INVALID_ARGUMENT (no pages, or not neighbours); NO_QUOTA (`from`
 * has not as many left). On any error nothing has changed.
 * Cost: the ceilings, one above the other.
 */
MUST_CHECK static inline enum status
pd_quota_trade(struct quota *from, struct quota *to, uint64_t pages)
{
    enum status status;

    if (pages == 0 || from == to ||
        !GUARD(QUOTA_NEIGHBOURS, pd_quota_neighbours(from, to))) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (to->parent == from) { /* charged there as if split off now */
        status = pd_quota_charge(from, pages);
        if (status == STATUS_OK) {
            to->limit += pages;
        }
        return status;
    }
    if (!GUARD(QUOTA_LIMIT, pages <= from->limit - from->used)) {
        return STATUS_NO_QUOTA;
    }
    from->limit -= pages;
    if (from->parent == to) {
        pd_quota_uncharge(to, pages);
    } else {
        to->limit += pages;
    }
    return STATUS_OK;
}

/*
 * May the quota be merged? OK; BUSY (something is charged to it, or it has a
 * ceiling); CLOSED (it has been merged already).
 */
MUST_CHECK static inline enum status
pd_quota_returnable(const struct quota *quota)
{
    if (!GUARD(QUOTA_EMPTY, quota->used == 0 && quota->children == 0)) {
        return STATUS_BUSY;
    }
    return quota->parent != NULL ? STATUS_OK : STATUS_CLOSED;
}

/*
 * Invariants of a family of quotas, for tests: `charged[i]` is what was charged
 * to quotas[i] itself. All quotas split off one of them are among them.
 *   Q1  used is at most limit and at most peak
 *   Q2  used is what was charged here, and the limits that were split off, and
 *       what is charged to the ceilings beneath
 *   Q3  who has no parent has no ceiling; parents are in the family, and no
 *       quota is above itself
 *   Q4  a quota counts those beneath
 * Returns null, or the name of the first that does not hold. Cost: squared.
 */
const char *pd_quota_check(struct quota *const *quotas, const uint64_t *charged,
                           uint32_t count);

#endif
