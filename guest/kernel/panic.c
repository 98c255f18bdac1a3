/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end that must not be: what the host needs to say why goes into the
 * shared pages, since on some substrates nothing else is left afterwards.
 */
#include "kernel.h"

_Static_assert(sizeof(struct arch_frame) == sizeof(struct shared_registers),
               "a frame is published as it is");
_Static_assert(offsetof(struct domain, frame) == 0,
               "shared_domain.frame is the control block's address");

/* `frame`: registers where the kernel gave up, or where it faulted. */
_Noreturn void kernel_panic_frame(const char *what, uint64_t value,
                                  const struct arch_frame *frame)
{
    uint32_t i = 0;

    for (; what[i] && i < sizeof(shared.panic) - 1; i++) {
        shared.panic[i] = what[i];
    }
    shared.panic[i] = 0;
    shared.panic_value = value;
    __builtin_memcpy(&shared.panic_registers, frame,
                     sizeof(shared.panic_registers));
    arch_control_read(&shared.control);
    share_event(EVENT_PANIC, kernel.current, (uint32_t)frame->vector, value);
    share_phase(PHASE_PANIC);
    arch_out8(HOSTCALL_EXIT_PORT, HOSTCALL_EXIT_PANIC);
    arch_halt();
}

_Noreturn void core_assert_fail(const char *what, const char *file,
                                unsigned line);
_Noreturn void core_assert_fail(const char *what, const char *file,
                                unsigned line)
{
    (void)file;
    kernel_panic(what, line);
}
