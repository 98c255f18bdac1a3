/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handles and names: from what a program says to the slot it means. A handle is
 * looked up in the tables of the domain that says it, and in no other.
 */
#include "kernel.h"

#define HANDLE_FILES (1ull << 24)
#define HANDLE_INDEX 0xffffffull

uint64_t handle_make(struct cap_ref ref, bool files)
{
    return (uint64_t)ref.generation << 32 | (files ? HANDLE_FILES : 0) |
           ref.index;
}

bool handle_in_files(uint64_t handle)
{
    return (handle & HANDLE_FILES) != 0;
}

struct cap_table *caps_of(uint32_t domain)
{
    struct domain *owner = domain_at(domain_at(domain)->is.caps);

    return owner ? &owner->caps : NULL;
}

struct cap_table *files_of(uint32_t domain)
{
    struct domain *owner = domain_at(domain_at(domain)->is.files);

    return owner ? &owner->files : NULL;
}

struct cap_table *handle_table(const struct domain *domain, uint64_t handle,
                               struct cap_ref *ref)
{
    uint64_t low = handle & 0xffffffffull;

    ref->index = (uint32_t)(low & HANDLE_INDEX);
    ref->generation = (uint32_t)(handle >> 32);
    if (low >> 24 > 1) {
        return NULL;
    }
    return low & HANDLE_FILES ? files_of(domain->index)
                              : caps_of(domain->index);
}

enum status handle_look_up(const struct domain *domain, uint64_t handle,
                           struct cap_slot **out)
{
    struct cap_ref ref;
    struct cap_table *table = handle_table(domain, handle, &ref);

    return table ? cap_look_up(table, ref, out) : STATUS_INVALID_HANDLE;
}

enum status handle_for(const struct domain *domain, uint64_t handle,
                       enum cap_type type, uint8_t rights,
                       struct cap_slot **out)
{
    struct cap_ref ref;
    struct cap_table *table = handle_table(domain, handle, &ref);

    return table ? cap_look_up_for(table, ref, type, rights, out)
                 : STATUS_INVALID_HANDLE;
}

void name_add(struct domain *domain, const char *text, uint64_t handle)
{
    if (domain->name_count < DOMAIN_NAMES) {
        domain->names[domain->name_count].text = text;
        domain->names[domain->name_count++].handle = handle;
    }
}
