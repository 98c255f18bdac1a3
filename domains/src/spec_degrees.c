/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The judge of domains/judge.h, asked about each domain of a spec: what its
 * parent has is what the parent's own judgement said, and what the domains
 * before it have left of quotas and pools.
 */
#include "check.h"

#include <capabilities/cap.h>

static enum status refuse(struct spec_check *c, const struct pd_refusal *why)
{
    if (why->refusal == REFUSAL_NONE) {
        return check__malformed(c, "a degree is unknown");
    }
    return check__refuse(c, why->status, why->pd_class, why->refusal);
}

/* What is left beneath all the ceilings of a quota. */
static uint64_t quota_left(const struct spec_check *c, uint32_t owner)
{
    uint64_t left = c->quota_left[owner];

    while (owner != CHECK_MACHINE &&
           c->spec.domains[owner].degree[PD_QUOTA] == PD_PART) {
        owner = c->quota_above[owner];
        left = c->quota_left[owner] < left ? c->quota_left[owner] : left;
    }
    return left;
}

static void quota_split(struct spec_check *c, uint32_t owner, uint32_t pages)
{
    c->quota_left[owner] -= pages;
    while (owner != CHECK_MACHINE &&
           c->spec.domains[owner].degree[PD_QUOTA] == PD_PART) {
        owner = c->quota_above[owner];
        c->quota_left[owner] -= pages;
    }
}

/* The parent's standing now; the root domain's when there is none. */
static const struct pd_standing *parent_standing(struct spec_check *c,
                                                 uint32_t parent)
{
    struct pd_standing *s = &c->root;

    if (parent == SPEC_NONE) {
        s->quota_left = c->quota_left[CHECK_MACHINE];
        s->pool_left = c->pool_left[CHECK_MACHINE];
        return s;
    }
    s = &c->standing[parent];
    s->quota_left = quota_left(c, c->quota[parent]);
    s->pool_left = c->pool_left[c->pool[parent]];
    return s;
}

/* Who owns the quota and pool that it uses, and what is left of them now. */
static void take_shares(struct spec_check *c, const struct spec_domain *d)
{
    uint32_t self = c->domain, parent = d->parent;
    uint32_t quota = parent == SPEC_NONE ? CHECK_MACHINE : c->quota[parent];
    uint32_t pool = parent == SPEC_NONE ? CHECK_MACHINE : c->pool[parent];

    c->quota_above[self] = (uint8_t)quota;
    if (d->degree[PD_QUOTA] == PD_NEW) {
        quota_split(c, quota, d->quota_pages);
    }
    if (d->degree[PD_QUOTA] == PD_NEW || d->degree[PD_QUOTA] == PD_PART) {
        c->quota_left[self] = d->quota_pages;
        quota = self;
    }
    if (d->degree[PD_POOL] == PD_NEW) {
        c->pool_left[pool] -= d->pool_pages;
        c->pool_left[self] = d->pool_pages;
        pool = self;
    }
    c->quota[self] = (uint8_t)quota;
    c->pool[self] = (uint8_t)pool;
}

/* A part with a list: what it keeps must be there to keep. */
static enum status check_keeps(struct spec_check *c,
                               const struct spec_domain *d,
                               const struct pd_standing *parent)
{
    const struct spec_keep *k = &c->spec.keeps[d->first_keep];
    struct pd_refusal why;

    if (d->degree[PD_SPACE] != PD_PART || d->keep_all) {
        return STATUS_OK;
    }
    for (uint32_t i = 0; i < d->keep_count; i++, k++) {
        c->item = d->first_keep + i;
        if (k->what > SPEC_KEEP_RANGE) {
            return check__malformed(c, "a keep is unknown");
        }
        if (k->what == SPEC_KEEP_RANGE &&
            k->range >= c->spec.header->ranges.count) {
            return check__malformed(c, "a kept range is not listed");
        }
        if (pd_judge_keep(parent, k, &c->standing[c->domain], &why) !=
            STATUS_OK) {
            return refuse(c, &why);
        }
    }
    c->item = SPEC_NONE;
    return STATUS_OK;
}

enum status check__degrees(struct spec_check *c)
{
    const struct spec_domain *d = &c->spec.domains[c->domain];
    const struct pd_standing *parent = parent_standing(c, d->parent);
    struct pd_refusal why;

    if (pd_judge(parent, d, c->spec.header->memory_pages,
                 &c->standing[c->domain], &why) != STATUS_OK) {
        return refuse(c, &why);
    }
    take_shares(c, d);
    return check_keeps(c, d, parent);
}
