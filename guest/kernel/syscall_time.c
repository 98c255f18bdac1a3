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

enum status sys_time_set(struct domain *domain, struct arch_frame *frame)
{
    struct spec_time to = {.budget = frame->rsi, .period = frame->rdx};
    struct time *time;
    enum status status = time_for(domain, frame->rdi, CAP_WRITE, &time);

    if (status != STATUS_OK) {
        return status;
    }
    to.priority =
        frame->r10 < SPEC_PRIORITIES ? (uint32_t)frame->r10 : SPEC_PRIORITIES;
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
