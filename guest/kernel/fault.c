/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Faults of ring 3: a record for the host and for the handler, then what the
 * domain's try, its config or its handler says. Nothing here can panic.
 */
#include "kernel.h"

enum { FAULT_TRIED = 1, FAULT_SKIPPED, FAULT_RETRIED };

/* One made at run time may outlive who made it. */
static uint32_t owner_of(const struct range *range)
{
    return object_made(&range->object) && !domain_at(range->owner)
               ? SHARED_NO_DOMAIN
               : range->owner;
}

static void record_make(struct domain *domain, const struct arch_trap *trap)
{
    const struct range *range =
        trap->type == FAULT_PAGE ? address_range(trap->address) : NULL;

    domain->fault = (struct shared_fault){
        .domain = domain->index,
        .type = trap->type,
        .access = trap->access,
        .address = trap->address,
        .rip = domain->frame.rip,
        .rsp = domain->frame.rsp,
        .range = range ? range->number : SHARED_NO_RANGE,
        .owner = range ? owner_of(range) : SHARED_NO_DOMAIN,
        .vector = (uint32_t)domain->frame.vector,
        .error = (uint32_t)domain->frame.error,
        .cr3 = arch_this_cpu()->cr3,
    };
}

static void try_land(struct domain *domain)
{
    const struct shared_fault *fault = &domain->fault;

    arch_frame_init(&domain->frame, domain->try_landing, domain->try_rsp, 0);
    domain->frame.rax = fault->type;
    domain->frame.rdx = fault->access;
    domain->frame.r10 = fault->address;
    domain->frame.r8 = fault->range;
    domain->frame.r9 = fault->owner;
    domain->try_landing = 0;
    step_landed(domain);
}

/* The access is left out: on to the next instruction, or, where the access was
 * the fetch itself, back to whoever called. */
static bool skip(struct domain *domain)
{
    struct arch_frame *frame = &domain->frame;
    uint8_t code[15];
    uint32_t have = 0, length;

    if (domain->fault.access == ACCESS_EXEC) {
        uint64_t target;

        if (arch_copy_in(&target, frame->rsp, 8) != STATUS_OK) {
            return false;
        }
        frame->rip = target;
        frame->rsp += 8;
        return true;
    }
    while (have < sizeof(code) &&
           arch_copy_in(&code[have], frame->rip + have, 1) == STATUS_OK) {
        have++;
    }
    length = arch_instruction_length(code, have);
    frame->rip += length;
    return length != 0;
}

static bool handler_wants(uint32_t domain)
{
    const struct domain *handler = domain_at(domain_at(domain)->is.handler);

    return handler && handler->state != DOMAIN_ENDED;
}

static void handler_tell(struct domain *domain)
{
    uint32_t index = domain->is.handler;
    struct domain *handler = domain_at(index);

    domain->told = handler_of(index);
    schedule_wait(domain, DOMAIN_FAULTED, &domain->told->pending);
    if (handler->state == DOMAIN_HANDLING) {
        schedule_wake(index); /* it asks again */
    }
    waiters_wake(domain); /* it stands still */
}

static void fatal(struct domain *domain)
{
    uint32_t record = share_fault(&domain->fault);

    domain_result(domain)->fault = record;
    domain_end(domain, OUTCOME_FAULT, 0);
}

void fault_handle(struct domain *domain, const struct arch_trap *trap)
{
    uint8_t policy = domain->is.on_fault;
    bool step = trap->type == FAULT_DEBUG && domain->steps;

    if (step && (!step_done(domain) || pause_stepped(domain) ||
                 !handler_wants(domain->index))) {
        return;
    }
    record_make(domain, trap);
    share_event(EVENT_FAULT, domain->index,
                (uint32_t)(domain->frame.vector | domain->frame.error << 8),
                trap->type == FAULT_PAGE ? trap->address : domain->frame.rip);
    domain_result(domain)->faults++;
    if (step) {
        handler_tell(domain);
    } else if (domain->try_landing) {
        domain->fault.tried = FAULT_TRIED;
        share_fault(&domain->fault);
        try_land(domain);
    } else if (policy == SPEC_FAULT_CONTINUE && skip(domain)) {
        domain->fault.tried = FAULT_SKIPPED;
        share_fault(&domain->fault);
    } else if (policy == SPEC_FAULT_HANDLER && handler_wants(domain->index)) {
        handler_tell(domain);
    } else {
        fatal(domain);
    }
}

/*
 * A domain has ended: those whose faults waited for its decision end by them,
 * one after another: each may have been a handler, too, and nesting is no
 * deeper for the kernel's stack.
 */
void fault_forget(struct domain *domain)
{
    struct handler *own = handler_of(domain->index);
    bool outermost = kernel.orphans.first == NULL && !kernel.orphaning;

    if (GUARD_ACT(HANDLER_FORGET)) {
        domain->told = NULL;
    }
    while (own->pending.first && GUARD_ACT(HANDLER_ORPHAN)) {
        if (GUARD_ACT(ORPHAN_QUEUE)) {
            schedule_wait(own->pending.first, DOMAIN_FAULTED, &kernel.orphans);
        } else {
            fatal(own->pending.first);
        }
    }
    kernel.orphaning = true;
    while (outermost && kernel.orphans.first) {
        fatal(kernel.orphans.first);
    }
    kernel.orphaning = !outermost;
}

/*
 * Copies the record of one waiting domain to the handler's FAULT_WAIT buffer.
 * Returns OK (rdx: which domain), NOT_FOUND (none waits), BAD_POINTER.
 */
enum status fault_deliver(struct domain *handler)
{
    struct handler *h = handler_of(handler->index);
    const struct shared_fault *fault;
    struct syscall_fault out;

    if (!h->pending.first) {
        return STATUS_NOT_FOUND;
    }
    fault = &h->pending.first->fault;
    out = (struct syscall_fault){
        .domain = fault->domain,
        .type = fault->type,
        .access = fault->access,
        .range = fault->range,
        .owner = fault->owner,
        .address = fault->address,
        .rip = fault->rip,
    };
    if (arch_copy_out(handler->frame.rsi, &out, sizeof(out)) != STATUS_OK) {
        return STATUS_BAD_POINTER;
    }
    handler->frame.rdx = out.domain;
    return STATUS_OK;
}

enum status sys_fault_wait(struct domain *domain, struct arch_frame *frame)
{
    struct cap_slot *slot;
    enum status status =
        handle_for(domain, frame->rdi, CAP_HANDLER, CAP_READ, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    if (slot->object != &handler_of(domain->index)->object) {
        return STATUS_INVALID_ARGUMENT;
    }
    status = fault_deliver(domain);
    if (status == STATUS_NOT_FOUND) {
        schedule_block(domain, DOMAIN_HANDLING);
        return STATUS_MORE; /* asks again when woken */
    }
    return status;
}

enum { RESUME_STOP, RESUME_SKIP, RESUME_RETRY };

enum status sys_fault_resume(struct domain *domain, struct arch_frame *frame)
{
    struct handler *h;
    struct cap_slot *slot;
    struct domain *target;
    enum status status =
        handle_for(domain, frame->rdi, CAP_HANDLER, CAP_WRITE, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    h = (struct handler *)(void *)slot->object;
    target = frame->rsi < NO_DOMAIN ? domain_at((uint32_t)frame->rsi) : NULL;
    if (!GUARD(HANDLER_PENDING, target && target->told == h)) {
        return STATUS_NOT_FOUND;
    }
    if (!GUARD(HANDLER_DECISION, frame->rdx <= RESUME_RETRY)) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (GUARD_ACT(HANDLER_ONCE)) {
        target->told = NULL;
    }
    return fault_resume(target, frame->rdx);
}

/* Acts on a domain that waits for its handler. `skip` needs the domain's own
 * root: its code is read. */
enum status fault_resume(struct domain *target, uint64_t action)
{

    if (action == RESUME_RETRY) {
        target->fault.tried = FAULT_RETRIED;
        if (target->fault.type != FAULT_DEBUG) { /* a step is no access */
            share_fault(&target->fault);
        }
        schedule_wake(target->index);
        return STATUS_OK;
    }
    if (action == RESUME_SKIP) {
        uint64_t own = arch_this_cpu()->cr3;
        bool skipped;

        arch_root_switch(target->is.space->root, false);
        skipped = skip(target);
        arch_root_switch(own, false);
        if (skipped) {
            target->fault.tried = FAULT_SKIPPED;
            share_fault(&target->fault);
            schedule_wake(target->index);
            return STATUS_OK;
        }
    }
    fatal(target);
    return action == RESUME_STOP ? STATUS_OK : STATUS_UNSUPPORTED;
}
