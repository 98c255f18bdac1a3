/* SPDX-License-Identifier: Apache-2.0 */
/* Can anyone receive from an endpoint? Who calls where nobody can is told. */
#include "kernel.h"

static bool may_serve(const struct spec_domain *domain,
                      const struct cap_object *endpoint)
{
    for (uint32_t i = 0; i < domain->hold_count; i++) {
        const struct spec_hold *hold =
            &kernel.spec.holds[domain->first_hold + i];

        if (hold->type == CAP_ENDPOINT && hold->rights & CAP_USE &&
            kernel.endpoint_slots[hold->object]->object == endpoint) {
            return true;
        }
    }
    return false;
}

/* Of the config's domains, one that has not been started yet is awaited. */
static bool awaited(const struct cap_object *endpoint)
{
    for (uint32_t i = 0; i < kernel.spec.header->domains.count; i++) {
        if (shared.domains[i].starts == 0 &&
            may_serve(&kernel.spec.domains[i], endpoint)) {
            return true;
        }
    }
    return false;
}

bool endpoint_deserted(const struct cap_object *endpoint)
{
    return endpoint->uses == 0 && GUARD_ACT(DESERTED) && !awaited(endpoint);
}

/* All who are queued there are callers: nobody may receive. */
static void desert(struct cap_object *object)
{
    struct ipc_endpoint *endpoint = (struct ipc_endpoint *)(void *)object;
    struct ipc_outcome outcome;

    if (endpoint->first_caller == IPC_NONE || !endpoint_deserted(object)) {
        return;
    }
    ipc_close(&kernel.ipc, endpoint, &outcome);
    while (outcome.wake != IPC_NONE) {
        domain_at(outcome.wake)->waits_by = NULL;
        crossing_complete(outcome.wake);
        schedule_wake(outcome.wake);
        ipc_close(&kernel.ipc, endpoint, &outcome);
    }
}

void serve_removed(const struct cap_slot *slot)
{
    if (slot->type == CAP_ENDPOINT && slot->rights & CAP_USE) {
        desert(slot->object);
    }
}

void serve_begin(struct domain *domain)
{
    struct cap_table *table = caps_of(domain->index);

    if (domain->acts) {
        return;
    }
    fast_begin(domain, table);
    if (table) {
        cap_table_enter(table);
        domain->acts = true;
    }
}

void serve_end(struct domain *domain)
{
    struct cap_table *table = caps_of(domain->index);
    uint32_t left;

    if (!domain->acts) {
        return;
    }
    domain->acts = false;
    if (!cap_table_leave(table)) {
        return;
    }
    left = table->used;
    for (uint32_t i = 1; left != 0 && i < table->size; i++) {
        const struct cap_slot *slot = cap_table_slot(table, i);

        left -= slot->state != CAP_FREE;
        if (slot->state == CAP_LIVE) {
            serve_removed(slot);
        }
    }
}

/* It may have been given less than the config says. */
void serve_started(uint32_t index)
{
    const struct spec_domain *domain = &kernel.spec.domains[index];

    for (uint32_t i = 0; i < domain->hold_count; i++) {
        const struct spec_hold *hold =
            &kernel.spec.holds[domain->first_hold + i];

        if (hold->type == CAP_ENDPOINT) {
            desert(kernel.endpoint_slots[hold->object]->object);
        }
    }
}
