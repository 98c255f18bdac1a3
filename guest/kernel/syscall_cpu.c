/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls about another domain's parts: its registers, which are read and
 * written while it stands still, and who handles its faults.
 */
#include "kernel.h"

static uint32_t cpu_number(const struct cap_object *object)
{
    uint64_t planned =
        ((uintptr_t)object - (uintptr_t)kernel.cpu_objects) / sizeof(*object);
    const struct domain *domain;

    if (planned < SPEC_MAX_DOMAINS) {
        return (uint32_t)planned;
    }
    domain = (const struct domain *)(const void *)((const uint8_t *)object -
                                                   offsetof(struct domain,
                                                            cpu_object));
    return domain->index;
}

enum status cpu_for(const struct domain *domain, uint64_t handle,
                    uint8_t rights, struct domain **out)
{
    struct cap_slot *slot;
    struct domain *target;
    enum status status = handle_for(domain, handle, CAP_CPU, rights, &slot);

    if (status != STATUS_OK) {
        return status;
    }
    target = domain_at(cpu_number(slot->object));
    if (!target || target->state == DOMAIN_ENDED) {
        return STATUS_NOT_RUNNING;
    }
    *out = target;
    return STATUS_OK;
}

/* The same of one that stands still. */
static enum status stopped_for(const struct domain *domain, uint64_t handle,
                               uint8_t rights, struct domain **out)
{
    enum status status = cpu_for(domain, handle, rights, out);

    if (status == STATUS_OK && !GUARD(CPU_STOPPED, stands_still(*out))) {
        return STATUS_BUSY;
    }
    return status;
}

enum status sys_cpu_read(struct domain *domain, struct arch_frame *frame)
{
    struct domain *target;
    struct syscall_registers out;
    enum status status = stopped_for(domain, frame->rdi, CAP_READ, &target);

    if (status != STATUS_OK) {
        return status;
    }
    out = (struct syscall_registers){
        .r15 = target->frame.r15,
        .r14 = target->frame.r14,
        .r13 = target->frame.r13,
        .r12 = target->frame.r12,
        .r11 = target->frame.r11,
        .r10 = target->frame.r10,
        .r9 = target->frame.r9,
        .r8 = target->frame.r8,
        .rbp = target->frame.rbp,
        .rdi = target->frame.rdi,
        .rsi = target->frame.rsi,
        .rdx = target->frame.rdx,
        .rcx = target->frame.rcx,
        .rbx = target->frame.rbx,
        .rax = target->frame.rax,
        .rip = target->frame.rip,
        .rflags = step_flags(target),
        .rsp = target->frame.rsp,
    };
    return arch_copy_out(frame->rsi, &out, sizeof(out));
}

static void registers_set(struct domain *domain,
                          const struct syscall_registers *in)
{
    struct arch_frame *to = &domain->frame;

    to->r15 = in->r15;
    to->r14 = in->r14;
    to->r13 = in->r13;
    to->r12 = in->r12;
    to->r11 = in->r11;
    to->r10 = in->r10;
    to->r9 = in->r9;
    to->r8 = in->r8;
    to->rbp = in->rbp;
    to->rdi = in->rdi;
    to->rsi = in->rsi;
    to->rdx = in->rdx;
    to->rcx = in->rcx;
    to->rbx = in->rbx;
    to->rax = in->rax;
    to->rip = in->rip;
    to->rsp = in->rsp;
    step_flags_set(domain, in->rflags);
}

/* Whatever is written is made harmless at once: what is read then is what the
 * domain goes on with. */
enum status sys_cpu_write(struct domain *domain, struct arch_frame *frame)
{
    struct syscall_registers in;
    struct domain *target;
    enum status status = stopped_for(domain, frame->rdi, CAP_WRITE, &target);

    /* Its call's values will be written there. */
    if (status == STATUS_OK &&
        !GUARD(PAUSE_CALL, target->state != DOMAIN_CROSSING)) {
        return STATUS_BUSY;
    }
    if (status == STATUS_OK) {
        status = arch_copy_in(&in, frame->rsi, sizeof(in));
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!GUARD(FRAME_RIP, in.rip < ABI_USER_LIMIT)) {
        return STATUS_INVALID_ARGUMENT;
    }
    registers_set(target, &in);
    arch_frame_sanitise(&target->frame);
    target->fast = false;
    target->waits_for = NO_DOMAIN; /* it may not ask again */
    return STATUS_OK;
}

enum status sys_step(struct domain *domain, struct arch_frame *frame)
{
    struct domain *target;
    enum status status = stopped_for(domain, frame->rdi, CAP_WRITE, &target);

    if (status != STATUS_OK) {
        return status;
    }
    if (!GUARD(STEP_COUNT, frame->rsi <= SYSCALL_STEPS_MAX)) {
        return STATUS_OUT_OF_RANGE;
    }
    step_ask(target, (uint32_t)frame->rsi);
    return STATUS_OK;
}

static struct cap_object *part_of(struct domain *target, uint64_t type)
{
    switch (type) {
    case CAP_CPU:
        return target->index < SPEC_MAX_DOMAINS
                   ? &kernel.cpu_objects[target->index]
                   : &target->cpu_object;
    case CAP_SPACE: /* one that it shares is its creator's */
        return GUARD(PART_SPACE, target->is.space->first == target->index)
                   ? &target->is.space->object
                   : NULL;
    case CAP_HANDLER:
        return &handler_of(target->index)->object;
    default:
        return NULL;
    }
}

/* Who may inspect a domain may read its parts; who may stop it, change them. */
static uint8_t rights_of_parts(uint8_t rights)
{
    return (uint8_t)((rights & CAP_READ ? CAP_READ : 0) |
                     (rights & CAP_WRITE ? CAP_WRITE | CAP_USE : 0));
}

static bool rights_make_sense(const struct arch_frame *frame)
{
    uint64_t known = cap_type_rights((enum cap_type)frame->rsi);

    return frame->rdx != 0 && !(frame->rdx & ~known);
}

enum status sys_part_of(struct domain *domain, struct arch_frame *frame)
{
    struct cap_table *table = caps_of(domain->index);
    struct domain *target;
    struct cap_object *object;
    struct cap_slot *slot;
    struct cap_ref ref;
    enum status status = live_domain_for(domain, frame->rdi, 0, &target);

    if (status == STATUS_OK) {
        status = handle_look_up(domain, frame->rdi, &slot);
    }
    if (status != STATUS_OK) {
        return status;
    }
    object = part_of(target, frame->rsi);
    if (!object || !table || !rights_make_sense(frame)) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (!GUARD(PART_RIGHTS,
               !(frame->rdx & ~(uint64_t)rights_of_parts(slot->rights)))) {
        return STATUS_NO_RIGHTS;
    }
    status =
        cap_derive_object(slot, table, object, (uint8_t)frame->rdx, 0, 0, &ref);
    if (status == STATUS_OK) {
        frame->rdx = handle_make(ref, false);
    }
    return status;
}

/*
 * From now on; who stands at a fault already stays with whom it was told.
 * Only domains of the config can be bound to: theirs are the numbers that
 * stand for no other domain later.
 */
enum status sys_handler_bind(struct domain *domain, struct arch_frame *frame)
{
    struct domain *target;
    struct cap_slot *slot;
    uint64_t number;
    enum status status =
        handle_for(domain, frame->rdi, CAP_HANDLER, CAP_USE, &slot);

    if (status == STATUS_OK) {
        status = live_domain_for(domain, frame->rsi, CAP_WRITE, &target);
    }
    if (status != STATUS_OK) {
        return status;
    }
    number = ((uintptr_t)slot->object - (uintptr_t)kernel.handlers) /
             sizeof(kernel.handlers[0]);
    if (number >= SPEC_MAX_DOMAINS) {
        return STATUS_UNSUPPORTED;
    }
    if (!GUARD(HANDLER_SELF, number != target->index)) {
        return STATUS_WOULD_DEADLOCK;
    }
    target->is.handler = (uint32_t)number;
    return STATUS_OK;
}
