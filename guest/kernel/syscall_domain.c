/* SPDX-License-Identifier: Apache-2.0 */
/* System calls of a domain's life, and what it says to the host. */
#include "kernel.h"

enum status sys_exit(struct domain *domain, struct arch_frame *frame)
{
    domain_end(domain, OUTCOME_EXIT, (int32_t)frame->rdi);
    return STATUS_OK;
}

enum status sys_yield(struct domain *domain, struct arch_frame *frame)
{
    (void)domain;
    (void)frame;
    schedule_yield();
    return STATUS_OK;
}

enum status sys_console(struct domain *domain, struct arch_frame *frame)
{
    char bytes[SYSCALL_CONSOLE_MAX];
    enum status status;

    if (!GUARD(CONSOLE_LIMIT, frame->rsi <= SYSCALL_CONSOLE_MAX)) {
        return STATUS_TOO_BIG;
    }
    status = arch_copy_in(bytes, frame->rdi, frame->rsi);
    if (status == STATUS_OK) {
        share_console(domain->index, bytes, (uint32_t)frame->rsi);
    }
    return status;
}

static uint32_t domain_named(const char *name)
{
    for (uint32_t i = 0; i < kernel.spec.header->domains.count; i++) {
        const char *text =
            spec_string(&kernel.spec, kernel.spec.domains[i].name);
        uint32_t at = 0;

        while (text[at] && text[at] == name[at]) {
            at++;
        }
        if (text[at] == name[at]) {
            return i;
        }
    }
    return SPEC_NONE;
}

enum status sys_report(struct domain *domain, struct arch_frame *frame)
{
    struct syscall_report in;
    struct shared_report out;
    enum status status = arch_copy_in(&in, frame->rdi, sizeof(in));

    if (status != STATUS_OK) {
        return status;
    }
    in.about[sizeof(in.about) - 1] = 0;
    out = (struct shared_report){
        .by = domain->index,
        .about = in.about[0] ? domain_named(in.about) : domain->index,
        .kind = in.kind,
        .number = in.number,
    };
    if (out.about == SPEC_NONE) {
        return STATUS_NOT_FOUND;
    }
    if (in.kind > REPORT_INSTRUCTIONS) {
        return STATUS_INVALID_ARGUMENT;
    }
    for (uint32_t i = 0; i < SHARED_NAME - 1; i++) {
        out.key[i] = in.key[i];
        out.value[i] = in.value[i];
    }
    share_report(&out);
    return STATUS_OK;
}

static enum status domain_for(const struct domain *domain, uint64_t handle,
                              uint8_t rights, uint32_t *index)
{
    struct cap_slot *slot;
    enum status status = handle_for(domain, handle, CAP_DOMAIN, rights, &slot);

    if (status == STATUS_OK) {
        *index = domain_number(slot->object);
    }
    return status;
}

enum status live_domain_for(const struct domain *domain, uint64_t handle,
                            uint8_t rights, struct domain **out)
{
    uint32_t index;
    enum status status = domain_for(domain, handle, rights, &index);

    if (status == STATUS_OK && !domain_at(index)) {
        return STATUS_NOT_RUNNING;
    }
    if (status == STATUS_OK) {
        *out = domain_at(index);
    }
    return status;
}

/* A call that is repeated, with a chance for others in between. */
static enum status let_others(enum status status)
{
    if (status == STATUS_MORE) {
        schedule_yield();
    }
    return status;
}

/* Builds the domain (anew, if it has ended) and starts it. */
enum status sys_spawn(struct domain *domain, struct arch_frame *frame)
{
    uint32_t index;
    enum status status = domain_for(domain, frame->rdi, CAP_USE, &index);

    if (status != STATUS_OK) {
        return status;
    }
    if (index >= SPEC_MAX_DOMAINS) {
        return create_start(domain_at(index));
    }
    if (kernel.live >> index & 1) {
        if (!GUARD_ACT(DESTROY_RUNNING)) {
            domain_end(kernel.domains[index], OUTCOME_STOPPED, 0);
        }
        status = let_others(destroy_domain(index));
    }
    return status == STATUS_OK ? compose_domain(index) : status;
}

/* It can be started again, or destroyed. */
static enum status stop_runtime(struct domain *target)
{
    if (target->state == DOMAIN_ENDED || target->state == DOMAIN_ABSENT) {
        return STATUS_NOT_RUNNING;
    }
    domain_end(target, OUTCOME_STOPPED, 0);
    return STATUS_OK;
}

enum status sys_domain_start(struct domain *domain, struct arch_frame *frame)
{
    return sys_spawn(domain, frame);
}

/* The handle that goes last; null: there is no other. */
static struct cap_slot *keep_of(const struct domain *by, struct domain *target,
                                uint64_t handle)
{
    const struct cap_slot *first = original_of(target)->child;
    struct cap_slot *slot = NULL;

    if (!first->next && !first->child) {
        return NULL;
    }
    return handle_look_up(by, handle, &slot) == STATUS_OK ? slot : NULL;
}

/* Ends it if it runs. What stands on it must have gone before. */
static enum status destroy_runtime(const struct domain *by,
                                   struct domain *target, uint64_t handle)
{
    struct work work = work_begin();

    if (!GUARD(STOP_SELF, target != by)) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (!GUARD(CREATE_CHILDREN, target->children == 0)) {
        return STATUS_BUSY;
    }
    if (target->state != DOMAIN_ENDED && target->state != DOMAIN_ABSENT) {
        domain_end(target, OUTCOME_STOPPED, 0);
    }
    return let_others(
        create_remove(target, &work, keep_of(by, target, handle)));
}

enum status sys_domain_destroy(struct domain *domain, struct arch_frame *frame)
{
    struct domain *target;
    uint32_t index;
    enum status status = domain_for(domain, frame->rdi, CAP_WRITE, &index);

    if (status != STATUS_OK) {
        return status;
    }
    target = domain_at(index);
    return target && is_runtime(target)
               ? destroy_runtime(domain, target, frame->rdi)
               : sys_stop(domain, frame);
}

/* Ends the domain if it runs, and gives back all it had. */
enum status sys_stop(struct domain *domain, struct arch_frame *frame)
{
    struct domain *target;
    uint32_t index;
    enum status status = domain_for(domain, frame->rdi, CAP_WRITE, &index);

    if (status != STATUS_OK) {
        return status;
    }
    target = domain_at(index);
    if (!target) {
        return STATUS_NOT_RUNNING;
    }
    if (!GUARD(STOP_SELF, target != domain)) {
        return STATUS_INVALID_ARGUMENT; /* that is what EXIT is for */
    }
    if (is_runtime(target)) {
        return stop_runtime(target);
    }
    if (!GUARD(DESTROY_PARENT, !depended_on(index))) {
        return STATUS_BUSY;
    }
    if (target->state != DOMAIN_ENDED) {
        domain_end(target, OUTCOME_STOPPED, 0);
    }
    return let_others(destroy_domain(index));
}

static void outcome_tell(struct arch_frame *frame, uint32_t index)
{
    const struct shared_domain *result = result_at(index);

    frame->rdx = result->outcome;
    frame->r10 = (uint64_t)(int64_t)result->code;
}

/* The end has been told. A domain of the config gives back all it had when it
 * may be stopped by the handle, one of run time when that is asked for. BUSY (a
 * child of its still exists) is no failure to wait for the first. */
static enum status wait_end(struct domain *domain, struct arch_frame *frame,
                            struct domain *target)
{
    struct cap_slot *slot;

    if (is_runtime(target)) {
        return frame->rsi ? destroy_runtime(domain, target, frame->rdi)
                          : STATUS_OK;
    }
    if (handle_look_up(domain, frame->rdi, &slot) == STATUS_OK &&
        GUARD(WAIT_DESTROY, slot->rights & CAP_WRITE)) {
        if (let_others(destroy_domain(target->index)) == STATUS_MORE) {
            domain->waits_for = target->index; /* its outcome is told still */
            return STATUS_MORE;
        }
    }
    return STATUS_OK;
}

enum status sys_wait(struct domain *domain, struct arch_frame *frame)
{
    const uint8_t rights =
        frame->rsi ? CAP_READ | CAP_WRITE : (uint8_t)CAP_READ;
    struct domain *target;
    uint32_t index;
    uint32_t waited_for = domain->waits_for;
    enum status status = domain_for(domain, frame->rdi, rights, &index);

    domain->waits_for = NO_DOMAIN; /* whatever comes of it: a number comes back
                                      with another domain */
    if (status != STATUS_OK) {
        return status;
    }
    if (frame->rsi > SYSCALL_WAIT_DESTROY) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (index == domain->index) {
        return STATUS_WOULD_DEADLOCK;
    }
    target = domain_at(index);
    if (!target || target->state == DOMAIN_ABSENT) {
        if (waited_for != index) {
            return STATUS_NOT_RUNNING;
        }
        outcome_tell(frame, index); /* stopped, and gone already */
        return STATUS_OK;
    }
    if (target->state != DOMAIN_ENDED) {
        domain->waits_for = index;
        schedule_wait(domain, DOMAIN_WAITING, &target->waiters);
        return STATUS_MORE; /* asks again when woken */
    }
    outcome_tell(frame, index);
    return wait_end(domain, frame, target);
}

enum status sys_try(struct domain *domain, struct arch_frame *frame)
{
    if (!GUARD(FRAME_RIP, frame->rdi < ABI_USER_LIMIT) ||
        frame->rsi >= ABI_USER_LIMIT) {
        return STATUS_INVALID_ARGUMENT;
    }
    domain->try_landing = frame->rdi;
    domain->try_rsp = frame->rsi;
    return STATUS_OK;
}

/* xorshift64*: the same numbers in every run with the same seed. */
enum status sys_random(struct domain *domain, struct arch_frame *frame)
{
    uint64_t x = domain->random;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    domain->random = x;
    frame->rdx = x * 0x2545f4914f6cdd1du;
    return STATUS_OK;
}
