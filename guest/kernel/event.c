/* SPDX-License-Identifier: Apache-2.0 */
/* Every way in from ring 3: a system call, the timer, or a fault. */
#include "kernel.h"

/* Null: the number is no call's. */
static syscall_function *const calls[SYSCALL_COUNT] = {
    [SYSCALL_EXIT] = sys_exit,
    [SYSCALL_YIELD] = sys_yield,
    [SYSCALL_CONSOLE] = sys_console,
    [SYSCALL_REPORT] = sys_report,
    [SYSCALL_CAPABILITY] = sys_capability,
    [SYSCALL_LOCATE] = sys_locate,
    [SYSCALL_INSPECT] = sys_inspect,
    [SYSCALL_DERIVE] = sys_derive,
    [SYSCALL_DELETE] = sys_delete,
    [SYSCALL_REVOKE] = sys_revoke,
    [SYSCALL_COMPOSE] = sys_compose,
    [SYSCALL_DERIVE_REPLACED] = sys_derive_replaced,
    [SYSCALL_MEMBER] = sys_member,
    [SYSCALL_ATTACH] = sys_attach,
    [SYSCALL_GROW] = sys_grow,
    [SYSCALL_ALLOCATE] = sys_allocate,
    [SYSCALL_OPEN] = sys_open,
    [SYSCALL_READ] = sys_read,
    [SYSCALL_LIST] = sys_list,
    [SYSCALL_CALL] = sys_call,
    [SYSCALL_RECEIVE] = sys_receive,
    [SYSCALL_REPLY] = sys_reply,
    [SYSCALL_REPLY_RECEIVE] = sys_reply_receive,
    [SYSCALL_SPAWN] = sys_spawn,
    [SYSCALL_STOP] = sys_stop,
    [SYSCALL_WAIT] = sys_wait,
    [SYSCALL_TRY] = sys_try,
    [SYSCALL_RANDOM] = sys_random,
    [SYSCALL_FAULT_WAIT] = sys_fault_wait,
    [SYSCALL_FAULT_RESUME] = sys_fault_resume,
    [SYSCALL_MOVE] = sys_move,
    [SYSCALL_BADGE] = sys_badge,
    [SYSCALL_OPEN_WITH] = sys_open_with,
    [SYSCALL_QUOTA_SPLIT] = sys_quota_split,
    [SYSCALL_QUOTA_TRADE] = sys_quota_trade,
    [SYSCALL_QUOTA_RETURN] = sys_quota_return,
    [SYSCALL_POOL_SPLIT] = sys_pool_split,
    [SYSCALL_POOL_RETURN] = sys_pool_return,
    [SYSCALL_RANGE_CREATE] = sys_range_create,
    [SYSCALL_MAP] = sys_map,
    [SYSCALL_UNMAP] = sys_unmap,
    [SYSCALL_ENDPOINT_CREATE] = sys_endpoint_create,
    [SYSCALL_NOTIFICATION_CREATE] = sys_notification_create,
    [SYSCALL_SIGNAL] = sys_signal,
    [SYSCALL_AWAIT] = sys_await,
    [SYSCALL_CPU_READ] = sys_cpu_read,
    [SYSCALL_CPU_WRITE] = sys_cpu_write,
    [SYSCALL_STEP] = sys_step,
    [SYSCALL_PAUSE] = sys_pause,
    [SYSCALL_CONTINUE] = sys_continue,
    [SYSCALL_PAUSE_WAIT] = sys_pause_wait,
    [SYSCALL_PART_OF] = sys_part_of,
    [SYSCALL_ATTACH_TO] = sys_attach_to,
    [SYSCALL_HANDLER_BIND] = sys_handler_bind,
    [SYSCALL_TIME_SET] = sys_time_set,
    [SYSCALL_TIME_QUERY] = sys_time_query,
    [SYSCALL_TIME_BIND] = sys_time_bind,
    [SYSCALL_TIME_CREATE] = sys_time_create,
    [SYSCALL_DOMAIN_CREATE] = sys_domain_create,
    [SYSCALL_DOMAIN_START] = sys_domain_start,
    [SYSCALL_DOMAIN_DESTROY] = sys_domain_destroy,
};

#define SYSCALL_BYTES 2u /* of the instruction */

static void system_call(struct domain *domain)
{
    struct arch_frame *frame = &domain->frame;
    uint64_t number = frame->rax;
    bool known = number < SYSCALL_COUNT && calls[number];
    enum status status = STATUS_NO_SUCH_CALL;

    share_event(EVENT_CALL, domain->index,
                known ? (uint32_t)number : UINT32_MAX, frame->rip);
    domain_result(domain)->calls++;
    shared.system_calls++;
    if (GUARD(CALL_NUMBER, known)) {
        status = calls[number](domain, frame);
    }
    if (kernel.flush) {
        share_step(); /* a right was taken away */
    }
    if (status == STATUS_MORE) {
        frame->rip -= SYSCALL_BYTES;
    } else if (domain->state != DOMAIN_CROSSING) {
        frame->rax = status;
    }
    share_event(EVENT_RETURN, domain->index,
                domain->state == DOMAIN_CROSSING ? EVENT_BLOCKED : status,
                number);
}

_Noreturn void kernel_trap(struct arch_frame *frame)
{
    struct domain *domain = (struct domain *)(void *)frame;
    struct arch_trap trap;

    if (attempting()) {
        attempt_trap(frame);
    }
    if (kernel.current != domain->index) {
        fast_settle(domain);
    }
    arch_trap_read(frame, &trap);
    domain->fast = trap.kind == TRAP_SYSCALL;
    switch (trap.kind) {
    case TRAP_SYSCALL:
        system_call(domain);
        if (kernel.preferred == NO_DOMAIN && schedule_undisturbed(domain)) {
            kernel.entered = frame->rip;
            arch_resume(frame, true);
        }
        break;
    case TRAP_TIMER:
        share_event(EVENT_TIMER, domain->index, 0, frame->rip);
        arch_timer_acknowledge();
        schedule_tick();
        break;
    case TRAP_SPURIOUS:
        break;
    case TRAP_FAULT:
        fault_handle(domain, &trap);
        break;
    }
    schedule();
}
