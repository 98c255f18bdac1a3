/* SPDX-License-Identifier: Apache-2.0 */
#include <domains/build.h>

#include <abi/guard.h>
#include <capabilities/cap.h>
#include <stdbool.h>

#define ROOT_TABLES 2u /* PML4 and the one PDPT that the user window needs */

struct builder {
    const struct spec *spec;
    const struct plan *plan;
    const struct pd_ops *ops;
    void *context;
    uint32_t domain;
};

static uint32_t chunks(uint32_t slots)
{
    return (slots + CAP_CHUNK_SLOTS - 1) / CAP_CHUNK_SLOTS;
}

void pd_count_range(const struct plan *plan, uint32_t range,
                    struct pd_needs *needs)
{
    const struct plan_range *r = &plan->ranges[range];

    needs->leaves += r->leaves;
    needs->pages += r->frames;
    needs->total += r->leaves + r->frames;
}

void pd_count(const struct spec *spec, const struct plan *plan, uint32_t domain,
              struct pd_needs *needs)
{
    const struct spec_domain *s = &spec->domains[domain];
    const struct plan_domain *d = &plan->domains[domain];
    const struct plan_root *root = &plan->roots[d->root];
    uint32_t leaves = 0, pages = 0;

    for (uint32_t r = d->own; r <= d->stack; r++) {
        leaves += plan->ranges[r].leaves;
        pages += plan->ranges[r].frames;
    }
    needs->control = 1;
    needs->tables = d->caps == domain ? chunks(s->caps_slots) : 0;
    needs->tables += d->files == domain ? chunks(s->files_slots) : 0;
    needs->upper = root->first == domain ? ROOT_TABLES + root->directories : 0;
    needs->leaves = leaves;
    needs->pages = pages;
    needs->total =
        needs->control + needs->tables + needs->upper + leaves + pages;
}

/* Roots that a live domain runs in. */
static uint64_t live_roots(const struct plan *plan, uint64_t live)
{
    uint64_t roots = 0;

    for (uint32_t d = 0; live != 0; d++, live >>= 1) {
        if ((live & 1) != 0) {
            roots |= 1ull << plan->domains[d].root;
        }
    }
    return roots;
}

static void make(const struct builder *b, const struct plan_domain *d)
{
    b->ops->make_domain(b->context, b->domain);
    if (d->files == b->domain) {
        b->ops->make_table(b->context, b->domain, PD_FILES);
    }
    if (d->caps == b->domain) {
        b->ops->make_table(b->context, b->domain, PD_CAPS);
    }
    if (b->plan->roots[d->root].first == b->domain) {
        b->ops->make_root(b->context, d->root);
    }
    for (uint32_t r = d->own; r <= d->stack; r++) {
        b->ops->make_range(b->context, r);
    }
}

static void attach_in(const struct builder *b, uint32_t range, uint64_t roots)
{
    for (uint32_t root = 0; roots != 0; root++, roots >>= 1) {
        if ((roots & 1) != 0) {
            b->ops->attach(b->context, root, range,
                           b->plan->attached[root][range]);
        }
    }
}

/* Its own ranges appear in every root that exists. */
static void attach_own(const struct builder *b, const struct plan_domain *d,
                       uint64_t live)
{
    uint64_t self = 1ull << d->root;

    for (uint32_t r = d->own; r <= d->stack; r++) {
        uint64_t roots = b->plan->ranges[r].roots;

        if (roots == self) { /* all stacks, and most others */
            b->ops->attach(b->context, d->root, r,
                           b->plan->attached[d->root][r]);
        } else {
            attach_in(b, r, roots & (self | live_roots(b->plan, live)));
        }
    }
}

/*
 * A new root gets every range of others that exists: those it has from above,
 * which come before its own, as parents come before their children. What
 * domains of the same space own cannot exist yet.
 */
static void attach_others(const struct builder *b, const struct plan_domain *d,
                          uint64_t live)
{
    const uint8_t *row = b->plan->attached[d->root];

    for (uint32_t r = 0; r < d->own; r++) {
        uint32_t owner = b->plan->ranges[r].owner;

        if (row[r] != 0 && (owner == SPEC_NONE || (live >> owner & 1) != 0)) {
            b->ops->attach(b->context, d->root, r, row[r]);
        }
    }
}

static enum status buildable(const struct builder *b, uint64_t live)
{
    uint32_t parent = b->spec->domains[b->domain].parent;
    uint32_t root = b->plan->domains[b->domain].root;

    if ((live >> b->domain & 1) != 0) {
        return STATUS_EXISTS;
    }
    if (!GUARD(SPAWN_PARENT,
               parent == SPEC_NONE || (live >> parent & 1) != 0)) {
        return STATUS_NOT_RUNNING;
    }
    if (b->plan->roots[root].first == b->domain && (live >> b->domain) != 0 &&
        (live_roots(b->plan, live) >> root & 1)) {
        return STATUS_BUSY;
    }
    return STATUS_OK;
}

enum status pd_build(const struct spec *spec, const struct plan *plan,
                     uint32_t domain, uint64_t live, const struct pd_ops *ops,
                     void *context)
{
    const struct builder b = {spec, plan, ops, context, domain};
    const struct spec_domain *s = &spec->domains[domain];
    const struct plan_domain *d = &plan->domains[domain];
    struct pd_needs needs;
    enum status status = buildable(&b, live);

    if (status != STATUS_OK) {
        return status;
    }
    pd_count(spec, plan, domain, &needs);
    status = ops->reserve(context, domain, &needs);
    if (status != STATUS_OK) {
        return status;
    }
    /* point of no return */
    make(&b, d);
    attach_own(&b, d, live);
    if (plan->roots[d->root].first == domain) {
        attach_others(&b, d, live);
    }
    ops->give_standard(context, domain);
    for (uint32_t i = 0; i < s->hold_count; i++) {
        ops->give_hold(context, domain, s->first_hold + i);
    }
    ops->finish(context, domain);
    return STATUS_OK;
}
