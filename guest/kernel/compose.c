/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's side of building a domain: domains/build.c says what, these say
 * how. `reserve` is the only one that can fail.
 */
#include "kernel.h"

#include <capabilities/assert.h>

static bool is_new(uint32_t domain, enum pd_class c)
{
    const struct plan_domain *p = &kernel.plan.domains[domain];

    return (c == PD_QUOTA ? p->quota : p->pool) == domain;
}

static struct quota *parent_quota(uint32_t domain)
{
    uint32_t parent = kernel.spec.domains[domain].parent;

    return parent == SPEC_NONE ? ROOT_QUOTA : quota_of(parent);
}

static struct pool *parent_pool(uint32_t domain)
{
    uint32_t parent = kernel.spec.domains[domain].parent;

    return parent == SPEC_NONE ? ROOT_POOL : pool_of(parent);
}

/* A quota of its own is taken out of the parent's, whole; a part is a ceiling
 * on it. */
static enum status quota_carve(uint32_t domain)
{
    if (kernel.spec.domains[domain].degree[PD_QUOTA] == PD_PART) {
        pd_quota_part(parent_quota(domain), &kernel.quotas[domain],
                      kernel.spec.domains[domain].quota_pages);
        return STATUS_OK;
    }
    return pd_quota_split(parent_quota(domain), &kernel.quotas[domain],
                          kernel.spec.domains[domain].quota_pages);
}

static enum status reserve_own(uint32_t domain)
{
    enum status status = STATUS_OK;

    if (is_new(domain, PD_QUOTA)) {
        status = quota_carve(domain);
    }
    if (status == STATUS_OK && is_new(domain, PD_POOL)) {
        status = pool_carve(&kernel.pools[domain], parent_pool(domain),
                            kernel.spec.domains[domain].pool_pages);
        if (status != STATUS_OK && is_new(domain, PD_QUOTA)) {
            quota_merge(&kernel.quotas[domain]);
        }
    }
    return status;
}

static void unreserve_own(uint32_t domain)
{
    if (is_new(domain, PD_POOL)) {
        pool_return(&kernel.pools[domain]);
    }
    if (is_new(domain, PD_QUOTA)) {
        quota_merge(&kernel.quotas[domain]);
    }
}

static enum status reserve(void *context, uint32_t domain,
                           const struct pd_needs *needs)
{
    enum status status = reserve_own(domain);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    status = pages_reserve(planned_quota(kernel.plan.domains[domain].quota),
                           planned_pool(kernel.plan.domains[domain].pool),
                           needs->total, needs->total);
    if (status != STATUS_OK) {
        unreserve_own(domain);
    }
    return status;
}

/* The plan's word, as the record that all domains have. */
static void is_planned(struct composition *is, uint32_t index)
{
    const struct spec_domain *spec = &kernel.spec.domains[index];
    const struct plan_domain *plan = &kernel.plan.domains[index];

    is->parent = spec->parent;
    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        is->degree[i] = spec->degree[i];
    }
    is->on_fault = spec->on_fault;
    is->caps = plan->caps;
    is->files = plan->files;
    is->handler = plan->handler;
    is->quota = planned_quota(plan->quota);
    is->pool = planned_pool(plan->pool);
    is->space = &kernel.spaces[plan->root];
    is->image = &kernel.ranges[plan->image];
    is->heap = plan->heap == PLAN_NONE ? NULL : &kernel.ranges[plan->heap];
    is->stack = &kernel.ranges[plan->stack];
    is->name = spec_string(&kernel.spec, spec->name);
}

static void make_domain(void *context, uint32_t index)
{
    struct pool *pool = planned_pool(kernel.plan.domains[index].pool);
    struct domain *domain = arch_physical(frame_take(pool));

    (void)context;
    domain_init(domain, index);
    is_planned(&domain->is, index);
    domain_join(domain);
    time_bind(domain, time_default(index));
}

static void make_table(void *context, uint32_t index, enum pd_class class)
{
    const struct spec_domain *spec = &kernel.spec.domains[index];
    struct domain *domain = kernel.domains[index];
    struct cap_table *table =
        class == PD_FILES ? &domain->files : &domain->caps;
    uint32_t slots = class == PD_FILES ? spec->files_slots : spec->caps_slots;

    (void)context;
    table_make(table, domain->is.pool, slots);
}

static void make_root(void *context, uint32_t root)
{
    (void)context;
    root_make(&kernel.spaces[root]);
}

static void make_range(void *context, uint32_t range)
{
    (void)context;
    range_make(&kernel.ranges[range]);
}

/* Named ranges are attached through the capability that reaches them
 * (give.c), so that revoking it detaches them. */
static void attach(void *context, uint32_t root, uint32_t range, uint8_t rights)
{
    (void)context;
    if (kernel.plan.ranges[range].kind != PLAN_NAMED) {
        space_attach(&kernel.spaces[root], &kernel.ranges[range], rights);
    }
}

static void finish(void *context, uint32_t index)
{
    const struct spec_domain *spec = &kernel.spec.domains[index];
    struct domain *domain = domain_at(index);
    const struct start start = {
        .entry = spec->entry,
        .args = spec_string(&kernel.spec, spec->args),
        .args_bytes = spec->args_bytes,
        .argc = spec->argc,
    };

    (void)context;
    start_write(domain, &start);
    share_root(domain->is.space->number, domain->is.space->root, 1ull << index);
    kernel.live |= 1ull << index;
    serve_begin(domain);
    schedule_wake(index);
}

static const struct pd_ops ops = {
    .reserve = reserve,
    .make_domain = make_domain,
    .make_table = make_table,
    .make_root = make_root,
    .make_range = make_range,
    .attach = attach,
    .give_standard = give_standard,
    .give_hold = give_hold,
    .finish = finish,
};

/*
 * Builds a domain that does not exist; its parent does.
 * Returns OK, NO_QUOTA, NO_MEMORY, NOT_RUNNING (no parent).
 */
enum status compose_domain(uint32_t index)
{
    struct shared_domain *result = &shared.domains[index];
    uint32_t parent = kernel.spec.domains[index].parent;
    uint64_t start = arch_ticks();
    enum status status;

    if (!GUARD(SPAWN_PARENT,
               parent == SPEC_NONE || kernel.live >> parent & 1)) {
        return STATUS_NOT_RUNNING;
    }
    status =
        pd_build(&kernel.spec, &kernel.plan, index, kernel.live, &ops, NULL);
    if (status == STATUS_OK) {
        result->create_ticks = arch_ticks() - start;
        result->starts++;
        serve_started(index);
        result->root = kernel.plan.domains[index].root;
        result->outcome = OUTCOME_RUNNING;
        result->fault = SHARED_NO_RANGE;
        result->blocked_on = SHARED_NO_RANGE;
        result->frame = arch_physical_of(kernel.domains[index]);
        share_tables(kernel.domains[index]);
        share_step();
    }
    share_event(EVENT_CREATE, index, status, result->frame);
    return status;
}

/* A domain may hold another before that one is built. */
static void objects_init(uint32_t count)
{
    for (uint32_t i = 0; i < kernel.plan.root_count; i++) {
        uint32_t first = kernel.plan.roots[i].first;

        kernel.spaces[i].number = i;
        kernel.spaces[i].first = first;
        kernel.spaces[i].any =
            kernel.spec.domains[first].degree[PD_SPACE] == PD_NEW;
    }
    for (uint32_t i = 0; i < count; i++) {
        kernel.domain_objects[i].type = CAP_DOMAIN;
        kernel.cpu_objects[i].type = CAP_CPU;
        kernel.handlers[i].object.type = CAP_HANDLER;
    }
}

/* Every domain that the config starts. */
void compose_init(void)
{
    uint32_t count = kernel.spec.header->domains.count;

    ipc_init(&kernel.ipc, kernel.parties, IPC_PARTIES);
    objects_init(count);
    for (uint32_t i = 0; i < count; i++) {
        if (kernel.spec.domains[i].start == SPEC_START_BOOT &&
            compose_domain(i) != STATUS_OK) {
            kernel_panic("a domain does not fit its quota or memory", i);
        }
    }
}
