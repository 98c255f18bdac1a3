/* SPDX-License-Identifier: Apache-2.0 */
/* System calls on capabilities themselves. */
#include "kernel.h"

enum status name_copy_in(char *to, uint64_t address, uint64_t bytes,
                         uint64_t limit)
{
    enum status status;

    if (!GUARD(NAME_LIMIT, bytes <= limit)) {
        return STATUS_TOO_BIG;
    }
    status = arch_copy_in(to, address, bytes);
    if (status == STATUS_OK) {
        to[bytes] = 0;
    }
    return status;
}

static bool same_text(const char *a, const char *b)
{
    uint32_t i = 0;

    while (a[i] && a[i] == b[i]) {
        i++;
    }
    return a[i] == b[i];
}

static uint64_t handle_named(const struct domain *domain, const char *name)
{
    for (uint32_t i = 0; i < domain->name_count; i++) {
        if (domain->names[i].handle && same_text(domain->names[i].text, name)) {
            return domain->names[i].handle;
        }
    }
    return 0;
}

/* A domain that shares its parent's table shares what is in it by name: of the
 * caps table, that is; a name for another's files would lead nowhere. */
static uint64_t handle_found(const struct domain *domain, const char *name)
{
    const struct cap_table *files = files_of(domain->index);
    uint64_t handle = handle_named(domain, name);

    while (!handle) {
        const struct domain *parent = domain_at(domain->is.parent);

        if (domain->is.degree[PD_CAPS] != PD_SAME || !parent) {
            return 0;
        }
        domain = parent;
        handle = handle_named(domain, name);
    }
    if (handle_in_files(handle) && files_of(domain->index) != files) {
        return 0;
    }
    return handle;
}

enum status sys_capability(struct domain *domain, struct arch_frame *frame)
{
    char name[SYSCALL_NAME_MAX + 1];
    uint64_t handle;
    enum status status =
        name_copy_in(name, frame->rdi, frame->rsi, SYSCALL_NAME_MAX);

    if (status != STATUS_OK) {
        return status;
    }
    handle = handle_named(domain, name);
    if (!handle && is_runtime(domain)) {
        status = give_late(domain, name, &frame->rdx);
        if (status != STATUS_NOT_FOUND) {
            return status;
        }
    } else if (!handle && same_text(name, "domain")) {
        return give_composite(domain, &frame->rdx);
    } else if (!handle && same_text(name, "handler") && domain->children) {
        return give_handler(domain, &frame->rdx);
    }
    handle = handle_found(domain, name);
    if (!handle) {
        return STATUS_NOT_FOUND;
    }
    frame->rdx = handle;
    return STATUS_OK;
}

static void inspect_memory(const struct cap_slot *slot,
                           struct arch_frame *frame)
{
    if (slot->type == CAP_POOL) {
        const struct pool *pool = (const struct pool *)(void *)slot->object;

        frame->r8 = pool->free;
        frame->r9 = pool->total;
    } else if (slot->type == CAP_QUOTA) {
        const struct quota *quota = (const struct quota *)(void *)slot->object;

        frame->r8 = quota->used;
        frame->r9 = quota->limit;
    } else if (slot->type == CAP_RANGE) {
        frame->r8 =
            range_start(slot_range(slot)) + (slot->first << ABI_PAGE_SHIFT);
        frame->r9 = slot->count << ABI_PAGE_SHIFT;
    } else if (slot->type == CAP_SPACE) {
        frame->r8 = space_ranges((struct space *)(void *)slot->object);
    } else if (slot->type == CAP_FRAME) {
        frame->r8 = (uint64_t)((const struct frame *)(void *)slot->object -
                               kernel.frames);
    }
}

static void inspect_other(const struct cap_slot *slot, struct arch_frame *frame)
{
    if (slot->type == CAP_DOMAIN) {
        uint32_t index = domain_number(slot->object);
        const struct shared_domain *result = result_at(index);

        frame->r8 = domain_at(index) ? result->outcome : OUTCOME_NONE;
        frame->r9 = (uint64_t)(int64_t)result->code;
    } else if (slot->type == CAP_ENDPOINT || slot->type == CAP_NOTIFICATION) {
        frame->r8 = slot->count;
    } else if (slot->type == CAP_FILE) {
        frame->r8 = kernel.spec.nodes[slot->first].bytes;
    } else if (slot->type == CAP_DIRECTORY) {
        frame->r8 = kernel.spec.nodes[slot->first].count;
    }
}

enum status sys_inspect(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *slot;
    enum status status = handle_look_up(domain, frame->rdi, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    frame->rdx = slot->type;
    frame->r10 = slot->rights;
    frame->r8 = 0;
    frame->r9 = 0;
    if (GUARD(INSPECT_READ, slot->rights & CAP_READ)) {
        inspect_memory(slot, frame);
        inspect_other(slot, frame);
    }
    return STATUS_OK;
}

static struct cap_table *table_beside(const struct domain *domain,
                                      uint64_t handle)
{
    struct cap_ref ref;

    return handle_table(domain, handle, &ref);
}

static uint64_t handle_beside(uint64_t source, struct cap_ref ref)
{
    return handle_make(ref, (source >> 24 & 1) != 0);
}

/* An attachment is the mapping itself: there is nothing to derive from it. */
enum status sys_derive(struct domain *domain, struct arch_frame *frame)
{
    struct cap_part part = {
        .rights = (uint8_t)frame->rsi,
        .narrow = frame->r10 != 0,
        .first = frame->rdx,
        .count = frame->r10,
    };
    struct cap_slot *slot;
    struct cap_ref ref;
    enum status status = handle_look_up(domain, frame->rdi, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    if (frame->rsi > CAP_ALL || !slot_copies(slot)) {
        return STATUS_INVALID_ARGUMENT;
    }
    status = cap_derive(slot, table_beside(domain, frame->rdi), &part, &ref);
    if (status == STATUS_OK) {
        frame->rdx = handle_beside(frame->rdi, ref);
    }
    return status;
}

enum status sys_delete(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *slot;
    enum status status = handle_look_up(domain, frame->rdi, &slot);

    if (status == STATUS_OK) {
        cap_delete(&cap_context, slot);
    }
    return status;
}

/* MORE: the call is repeated, with a chance for others in between. */
enum status sys_revoke(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *slot;
    enum status status = handle_look_up(domain, frame->rdi, &slot);

    if (status == STATUS_OK) {
        struct work work = {WORK_STEPS, 0};

        if (!work_revoke(&work, slot)) {
            schedule_yield();
            status = STATUS_MORE;
        }
    }
    return status;
}

enum status sys_compose(struct domain *domain, struct arch_frame *frame)
{
    uint64_t handles[SYSCALL_COMPOSE_MAX];
    struct cap_slot *members[SYSCALL_COMPOSE_MAX];
    struct cap_table *table = caps_of(domain->index);
    uint32_t count = (uint32_t)frame->rsi;
    struct cap_ref ref;
    enum status status;

    if (!GUARD(COMPOSE_COUNT,
               frame->rsi != 0 && frame->rsi <= SYSCALL_COMPOSE_MAX) ||
        !table) {
        return STATUS_INVALID_ARGUMENT;
    }
    status = arch_copy_in(handles, frame->rdi, count * sizeof(handles[0]));
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        status = handle_look_up(domain, handles[i], &members[i]);
        if (status == STATUS_OK &&
            !GUARD(FILES_APART, members[i]->table == table)) {
            status = STATUS_INVALID_ARGUMENT; /* files stay in files */
        }
        if (status == STATUS_OK && !slot_copies(members[i])) {
            status = STATUS_WRONG_TYPE;
        }
    }
    if (status == STATUS_OK) {
        status = cap_compose(table, members, count, &ref);
    }
    if (status == STATUS_OK) {
        frame->rdx = handle_make(ref, false);
    }
    return status;
}

enum status sys_derive_replaced(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *source, *replacement;
    struct cap_ref ref;
    enum status status = handle_look_up(domain, frame->rdi, &source);

    if (status == STATUS_OK) {
        status = handle_look_up(domain, frame->rdx, &replacement);
    }
    if (status == STATUS_OK && frame->r10 > CAP_ALL) {
        status = STATUS_INVALID_ARGUMENT;
    }
    if (status == STATUS_OK && frame->rsi >= CAP_COMPOSITE_MAX) {
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status =
            cap_derive_replaced(source, source->table, (uint32_t)frame->rsi,
                                replacement, (uint8_t)frame->r10, &ref);
    }
    if (status == STATUS_OK) {
        frame->rdx = handle_make(ref, false);
    }
    return status;
}

enum status sys_member(struct domain *domain, struct arch_frame *frame)
{
    struct cap_part part = {.rights = (uint8_t)frame->rdx};
    struct cap_slot *composite, *member;
    struct cap_ref ref;
    enum status status = handle_look_up(domain, frame->rdi, &composite);

    if (status == STATUS_OK &&
        (frame->rdx > CAP_ALL || frame->rsi >= CAP_COMPOSITE_MAX)) {
        status =
            frame->rdx > CAP_ALL ? STATUS_INVALID_ARGUMENT : STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = cap_member(composite, (uint32_t)frame->rsi, &member);
    }
    if (status == STATUS_OK) {
        status = cap_derive(member, composite->table, &part, &ref);
    }
    if (status == STATUS_OK) {
        frame->rdx = handle_make(ref, false);
    }
    return status;
}
