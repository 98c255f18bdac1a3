/* SPDX-License-Identifier: Apache-2.0 */
/* Endpoints and notifications made at run time; signals. */
#include "kernel.h"

#include <capabilities/assert.h>

static struct ipc_endpoint *endpoint_in(struct cap_object *object)
{
    return (struct ipc_endpoint *)(void *)object;
}
_Static_assert(sizeof(struct ipc_endpoint) <= OBJECT_BYTES, "it is an object");

/* Who paid for the object is the object's to say. */
void endpoint_begin(struct cap_object *object)
{
    struct cap_object said = *object;

    if (said.type == CAP_NOTIFICATION) {
        ipc_notification_init(endpoint_in(object));
    } else {
        ipc_endpoint_init(endpoint_in(object));
    }
    *object = said;
}

static enum status create(struct domain *domain, struct arch_frame *frame,
                          enum cap_type type)
{
    struct cap_table *table = caps_of(domain->index);
    struct cap_object *object;
    struct cap_ref ref;
    enum status status = STATUS_NO_SLOT;

    if (!table || cap_table_free(table) == 0) {
        return status;
    }
    status = object_make(domain->index, type, &object);
    if (status != STATUS_OK) {
        return status;
    }
    /* point of no return: there is a slot */
    endpoint_begin(object);
    status = cap_insert(table, object, cap_type_rights(type), 0, 0, &ref);
    core_assert(status == STATUS_OK);
    frame->rdx = handle_make(ref, false);
    return status;
}

enum status sys_endpoint_create(struct domain *domain, struct arch_frame *frame)
{
    return create(domain, frame, CAP_ENDPOINT);
}

enum status sys_notification_create(struct domain *domain,
                                    struct arch_frame *frame)
{
    return create(domain, frame, CAP_NOTIFICATION);
}

/* Whoever waited there did so by a capability, and has been woken. */
void crossing_removed(const struct cap_slot *slot, bool last)
{
    crossing_revoked(slot);
    serve_removed(slot);
    if (last && object_quota(slot->object)) {
        object_drop(slot->object);
    }
}

/* A badge says which bits are the signaller's. */
enum status sys_signal(struct domain *domain, struct arch_frame *frame)
{
    uint64_t bits = frame->rsi;
    struct ipc_outcome outcome;
    struct cap_slot *slot;
    enum status status =
        handle_for(domain, frame->rdi, CAP_NOTIFICATION, CAP_WRITE, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    if (slot->count != 0 && GUARD_ACT(SIGNAL_BADGE)) {
        bits = slot->count;
    }
    if (bits == 0) {
        return STATUS_INVALID_ARGUMENT;
    }
    ipc_signal(&kernel.ipc, endpoint_in(slot->object), bits, &outcome);
    share_event(EVENT_SIGNAL, domain->index, outcome.wake, bits);
    crossing_apply(&outcome);
    kernel.preferred = NO_DOMAIN; /* who signals goes on */
    return STATUS_OK;
}

enum status sys_await(struct domain *domain, struct arch_frame *frame)
{
    struct ipc_outcome outcome;
    struct cap_slot *slot;
    enum status status =
        handle_for(domain, frame->rdi, CAP_NOTIFICATION, CAP_USE, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    if (frame->rsi > 1) {
        return STATUS_INVALID_ARGUMENT;
    }
    ipc_await(&kernel.ipc, domain->index, endpoint_in(slot->object),
              frame->rsi == 1, &outcome);
    if (!outcome.block) {
        frame->rdx = domain->party.message.words[0];
    }
    return crossing_block(domain, slot, &outcome);
}
