/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quotas of physical memory as numbers: how many pages may be held, how many
 * are. A quota of a domain's own is split off its parent's whole, and merged
 * back when the domain goes. Inline: the kernel charges on its fast paths.
 */
#ifndef DOMAINS_QUOTA_H
#define DOMAINS_QUOTA_H

#include <abi/guard.h>
#include <abi/status.h>
#include <capabilities/assert.h>
#include <capabilities/cap.h>
#include <stddef.h>
#include <stdint.h>

/* These functions alone write limit, used and peak. */
struct quota {
    struct cap_object object; /* type CAP_QUOTA */
    struct quota *parent;     /* it was split off; null: the machine's */
    uint64_t limit;           /* pages; 0: does not exist */
    uint64_t used;            /* pages, those split off included */
    uint64_t peak;            /* most that `used` has been */
};

/*
 * Charges pages. Returns OK; NO_QUOTA (nothing has changed).
 * Needs: used at most limit.
 */
MUST_CHECK static inline enum status pd_quota_charge(struct quota *quota,
                                                     uint64_t pages)
{
    if (!GUARD(QUOTA_LIMIT, pages <= quota->limit - quota->used)) {
        return STATUS_NO_QUOTA;
    }
    quota->used += pages;
    if (quota->used > quota->peak) {
        quota->peak = quota->used;
    }
    return STATUS_OK;
}

/* Gives back what was charged. Needs: that many pages charged. */
static inline void pd_quota_uncharge(struct quota *quota, uint64_t pages)
{
    core_assert(quota->used >= pages);
    quota->used -= pages;
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
        quota->limit = pages;
        quota->used = 0;
        quota->peak = 0;
    }
    return status;
}

/*
 * Gives a quota back to the one that it was split off.
 * Needs: nothing charged to it any more.
 */
static inline void pd_quota_merge(struct quota *quota)
{
    core_assert(quota->used == 0);
    pd_quota_uncharge(quota->parent, quota->limit);
    quota->limit = 0;
    quota->parent = NULL;
}

#endif
