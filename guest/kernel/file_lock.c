/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that one domain has opened for itself. Each file has one lock; the
 * capability made by an exclusive open refers to it instead of to the object
 * that all files share. It is the only one: nothing is derived from it. The
 * lock is open again when that capability goes, and its holder's end takes it.
 */
#include "kernel.h"

bool file_is_exclusive(const struct cap_slot *slot)
{
    return slot->type == CAP_FILE && slot->object != &kernel.file_object;
}

uint32_t file_holder(uint32_t node)
{
    const struct file_lock *lock = &kernel.file_locks[node];

    return lock->slot ? lock->owner : NO_DOMAIN;
}

struct cap_object *file_lock_object(uint32_t node)
{
    kernel.file_locks[node].object.type = CAP_FILE;
    return &kernel.file_locks[node].object;
}

void file_lock(struct domain *domain, uint32_t node, struct cap_slot *slot)
{
    struct file_lock *lock = &kernel.file_locks[node];

    lock->slot = slot;
    lock->owner = domain->index;
    lock->next = domain->first_lock;
    domain->first_lock = node + 1;
}

void file_removed(const struct cap_slot *slot)
{
    struct file_lock *lock = &kernel.file_locks[slot->first];
    struct domain *owner = domain_at(lock->owner);
    uint32_t *link = owner ? &owner->first_lock : NULL;

    if (!file_is_exclusive(slot) || lock->slot != slot) {
        return;
    }
    while (link && *link && *link != slot->first + 1) {
        link = &kernel.file_locks[*link - 1].next;
    }
    if (link && *link) {
        *link = lock->next;
    }
    lock->slot = NULL;
    lock->next = 0;
}

void file_forget(struct domain *domain)
{
    while (domain->first_lock && GUARD_ACT(FILE_END)) {
        struct file_lock *lock = &kernel.file_locks[domain->first_lock - 1];

        domain->first_lock = lock->next;
        if (lock->slot && lock->owner == domain->index) {
            cap_delete(&cap_context, lock->slot);
        }
    }
}
