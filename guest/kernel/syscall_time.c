/* SPDX-License-Identifier: Apache-2.0 */
/* System calls about processor time. */
#include "kernel.h"

#include <abi/refusals.h>

static enum status time_for(const struct domain *domain, uint64_t handle,
                            uint8_t rights, struct time **time)
{
    struct cap_slot *slot;
    enum status status = handle_for(domain, handle, CAP_TIME, rights, &slot);

    if (status == STATUS_OK) {
        *time = (struct time *)(void *)slot->object;
    }
    return status;
}

enum status sys_time_query(struct domain *domain, struct arch_frame *frame)
{
    struct time *time;
    enum status status = time_for(domain, frame->rdi, CAP_READ, &time);

    if (status != STATUS_OK) {
        return status;
    }
    frame->rdx = time->budget_ns;
    frame->r10 = time->period_ns;
    frame->r8 = time->priority;
    frame->r9 = time->period && time->left > 0
                    ? arch_nanoseconds_of((uint64_t)time->left)
                    : 0;
    return STATUS_OK;
}

static struct spec_time asked(const struct arch_frame *frame)
{
    return (struct spec_time){
        .budget = frame->rsi,
        .period = frame->rdx,
        .priority = frame->r10 < SPEC_PRIORITIES ? (uint32_t)frame->r10
                                                 : SPEC_PRIORITIES,
    };
}

enum status sys_time_set(struct domain *domain, struct arch_frame *frame)
{
    struct spec_time to = asked(frame);
    struct time *time;
    enum status status = time_for(domain, frame->rdi, CAP_WRITE, &time);

    if (status != STATUS_OK) {
        return status;
    }
    if (!GUARD(TIME_FORM, spec_time_refusal(&to) == REFUSAL_NONE)) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (!GUARD(TIME_SHARE, time_within(time, &to))) {
        return STATUS_OUT_OF_RANGE;
    }
    time_change(time, &to);
    return STATUS_OK;
}

enum status sys_time_bind(struct domain *domain, struct arch_frame *frame)
{
    struct domain *target = domain;
    struct time *time;
    enum status status = time_for(domain, frame->rdi, CAP_USE, &time);

    if (status == STATUS_OK && frame->rsi) {
        status = live_domain_for(domain, frame->rsi, CAP_WRITE, &target);
    }
    if (status != STATUS_OK) {
        return status;
    }
    time_bind(target, time);
    return STATUS_OK;
}

/* A child of the source's capability, so that revoking that one takes it
 * back. Its maker has it whole, whatever the source may be used for. */
static enum status create(struct domain *domain, struct cap_slot *source,
                          const struct spec_time *to, struct cap_ref *ref)
{
    struct cap_table *table = caps_of(domain->index);
    struct cap_object *object;
    enum status status = STATUS_NO_SLOT;

    if (!table || cap_table_free(table) == 0) {
        return status;
    }
    status = object_make(domain->index, CAP_TIME, &object);
    if (status != STATUS_OK) {
        return status;
    }
    status = cap_derive_object(source, table, object, cap_type_rights(CAP_TIME),
                               0, 0, ref);
    if (status != STATUS_OK) {
        object_drop(object); /* revoked just now, or too deep */
        return status;
    }
    /* point of no return */
    time_begin((struct time *)(void *)object,
               (struct time *)(void *)source->object, to);
    return STATUS_OK;
}

enum status sys_time_create(struct domain *domain, struct arch_frame *frame)
{
    const struct spec_time to = asked(frame);
    struct cap_slot *slot;
    struct cap_ref ref;
    enum status status =
        handle_for(domain, frame->rdi, CAP_TIME, CAP_USE, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    if (!GUARD(TIME_FORM, spec_time_refusal(&to) == REFUSAL_NONE)) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (!GUARD(TIME_SOURCE,
               time_no_more((struct time *)(void *)slot->object, &to))) {
        return STATUS_OUT_OF_RANGE;
    }
    status = create(domain, slot, &to, &ref);
    if (status == STATUS_OK) {
        frame->rdx = handle_make(ref, false);
    }
    return status;
}
