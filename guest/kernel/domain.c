/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Acts of building and taking apart that are the same for every domain,
 * whether the config names it or another has made it.
 */
#include "kernel.h"

#include <capabilities/assert.h>

void *memcpy(void *to, const void *from, size_t count);

uint32_t domain_number(const struct cap_object *object)
{
    const struct domain *domain;
    uint64_t planned = ((uintptr_t)object - (uintptr_t)kernel.domain_objects) /
                       sizeof(*object);

    if (planned < SPEC_MAX_DOMAINS) {
        return (uint32_t)planned;
    }
    domain =
        (const struct domain *)(const void *)((const uint8_t *)object -
                                              offsetof(struct domain, object));
    return domain->index;
}

/* Over a zeroed frame. */
void domain_init(struct domain *domain, uint32_t number)
{
    domain->index = number;
    domain->state = DOMAIN_ABSENT;
    domain->waits_for = NO_DOMAIN;
    domain->random = kernel.spec.header->seed * 0x9e3779b97f4a7c15u +
                     (number + 1) * 0xbf58476d1ce4e5b9u;
}

/* From here on it has a number; its parent has a child more. */
void domain_join(struct domain *domain)
{
    struct domain *parent = domain_at(domain->is.parent);

    kernel.domains[domain->index] = domain;
    if (domain->index >= kernel.domain_end) {
        kernel.domain_end = domain->index + 1;
        shared.domain_end = kernel.domain_end;
    }
    if (parent) {
        parent->children++;
    }
    ipc_join(&kernel.ipc, domain->index, &domain->party);
}

void domain_part(struct domain *domain)
{
    struct domain *parent = domain_at(domain->is.parent);

    if (parent) {
        parent->children--;
    }
    time_bind(domain, NULL);
    if (domain->debugger | domain->debugs) {
        pause_forget(domain);
    }
    if (kernel.resident == domain->index) {
        kernel.resident = NO_DOMAIN;
    }
    kernel.domains[domain->index] = NULL;
    ipc_forget(&kernel.ipc, domain->index);
}

void table_make(struct cap_table *table, struct pool *pool, uint32_t slots)
{
    cap_table_init(table);
    for (uint32_t have = 0; have < slots; have += CAP_CHUNK_SLOTS) {
        cap_table_add(table, arch_physical(frame_take(pool)));
    }
}

/*
 * The start block and the arguments go to the top of the stack, and the stack's
 * last word points to the block (abi/syscall.h).
 */
void start_write(struct domain *domain, const struct start *how)
{
    const struct composition *is = &domain->is;
    uint64_t base = range_start(is->stack);
    uint64_t room = ABI_PAGE_SIZE - 8;
    uint64_t last = base + ((uint64_t)(is->stack->limit - 1) << ABI_PAGE_SHIFT);
    uint64_t args = (room - how->args_bytes) & ~15ull;
    uint64_t block = (args - sizeof(struct syscall_start)) & ~15ull;
    uint8_t *page = arch_physical(
        arch_entry_frame(*range_page(is->stack, is->stack->limit - 1)));
    struct syscall_start *start =
        (struct syscall_start *)(void *)(page + block);
    uint64_t *pointer = (uint64_t *)(void *)(page + room);

    start->bytes = sizeof(*start);
    start->image_base = is->image->base;
    start->entry = start->image_base + how->entry;
    start->args = last + args;
    start->argc = how->argc;
    start->domain = domain->index;
    start->seed = kernel.spec.header->seed;
    for (uint32_t i = 0; i < SPEC_NAME_MAX && is->name[i]; i++) {
        start->name[i] = is->name[i];
    }
    if (how->args_bytes) {
        memcpy(page + args, how->args, how->args_bytes);
    }
    *pointer = last + block;
    arch_frame_init(&domain->frame,
                    is->image->base +
                        kernel.spec.programs[is->image->program].entry,
                    last + block - 8, last + block);
}
