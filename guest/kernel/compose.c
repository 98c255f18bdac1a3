/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's side of building a domain: domains/build.c says what, these say
 * how. `reserve` is the only one that can fail.
 */
#include "kernel.h"

#include <capabilities/assert.h>

void *memcpy(void *to, const void *from, size_t count);

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
    status = pages_reserve(quota_of(domain), pool_of(domain), needs->total,
                           needs->total);
    if (status != STATUS_OK) {
        unreserve_own(domain);
    }
    return status;
}

static void make_domain(void *context, uint32_t index)
{
    struct domain *domain = arch_physical(frame_take(pool_of(index)));

    (void)context;
    domain->index = index;
    domain->state = DOMAIN_ABSENT;
    domain->waits_for = NO_DOMAIN;
    domain->random = kernel.spec.header->seed * 0x9e3779b97f4a7c15u +
                     (index + 1) * 0xbf58476d1ce4e5b9u;
    kernel.domains[index] = domain;
    ipc_join(&kernel.ipc, index, &domain->party);
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
    cap_table_init(table);
    for (uint32_t have = 0; have < slots; have += CAP_CHUNK_SLOTS) {
        cap_table_add(table, arch_physical(frame_take(pool_of(index))));
    }
}

static void make_root(void *context, uint32_t root)
{
    (void)context;
    root_make(root);
}

static void make_range(void *context, uint32_t range)
{
    (void)context;
    range_make(range);
}

/* Named ranges are attached through the capability that reaches them
 * (give.c), so that revoking it detaches them. */
static void attach(void *context, uint32_t root, uint32_t range, uint8_t rights)
{
    (void)context;
    if (kernel.plan.ranges[range].kind != PLAN_NAMED) {
        space_attach(root, range, rights);
    }
}

/*
 * The start block and the arguments go to the top of the stack, and the stack's
 * last word points to the block (abi/syscall.h).
 */
static uint64_t start_write(uint32_t index)
{
    const struct spec_domain *spec = &kernel.spec.domains[index];
    const struct plan_domain *plan = &kernel.plan.domains[index];
    const struct plan_range *stack = &kernel.plan.ranges[plan->stack];
    uint64_t base = plan_range_start(stack);
    uint64_t room = ABI_PAGE_SIZE - 8;
    uint64_t last = base + ((uint64_t)(stack->pages - 1) << ABI_PAGE_SHIFT);
    uint64_t args = (room - spec->args_bytes) & ~15ull;
    uint64_t block = (args - sizeof(struct syscall_start)) & ~15ull;
    uint8_t *page = arch_physical(
        arch_entry_frame(*range_page(plan->stack, stack->pages - 1)));
    struct syscall_start *start =
        (struct syscall_start *)(void *)(page + block);
    uint64_t *pointer = (uint64_t *)(void *)(page + room);
    const char *name = spec_string(&kernel.spec, spec->name);

    start->bytes = sizeof(*start);
    start->image_base = kernel.plan.ranges[plan->image].base;
    start->entry = start->image_base + spec->entry;
    start->args = last + args;
    start->argc = spec->argc;
    start->domain = index;
    start->seed = kernel.spec.header->seed;
    for (uint32_t i = 0; i < SPEC_NAME_MAX && name[i]; i++) {
        start->name[i] = name[i];
    }
    if (spec->args_bytes) {
        memcpy(page + args, spec_string(&kernel.spec, spec->args),
               spec->args_bytes);
    }
    *pointer = last + block;
    return last + block;
}

static void finish(void *context, uint32_t index)
{
    const struct plan_domain *plan = &kernel.plan.domains[index];
    struct domain *domain = kernel.domains[index];
    const struct plan_range *image = &kernel.plan.ranges[plan->image];
    uint64_t block = start_write(index);

    (void)context;
    arch_frame_init(&domain->frame,
                    image->base + kernel.spec.programs[image->object].entry,
                    block - 8, block);
    share_root(plan->root, kernel.spaces[plan->root].root, 1ull << index);
    kernel.live |= 1ull << index;
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
        result->root = kernel.plan.domains[index].root;
        result->outcome = OUTCOME_RUNNING;
        result->fault = SHARED_NO_RANGE;
        result->blocked_on = SHARED_NO_RANGE;
        result->frame = arch_physical_of(kernel.domains[index]);
        share_step();
    }
    share_event(EVENT_CREATE, index, status, result->frame);
    return status;
}

/* A domain may hold another before that one is built. */
static void objects_init(uint32_t count)
{
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
