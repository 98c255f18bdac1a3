/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of another domain: its registers, its space, its handler. What a
 * debugger, a pager and a supervisor are made of. Out-parameters and statuses
 * of handles as in <ambit/calls.h>.
 */
#ifndef AMBIT_PARTS_H
#define AMBIT_PARTS_H

#include <ambit/calls.h>

/*
 * Derives a capability to a part of a domain: AMBIT_TYPE_CPU,
 * AMBIT_TYPE_SPACE or AMBIT_TYPE_HANDLER.
 * Needs: read on the domain for read on the part; write for write and use.
 * Returns OK; NO_RIGHTS; NOT_RUNNING (it does not exist just now);
 * INVALID_ARGUMENT (no such part: a space that it shares is its creator's; or a
 * right that its type does not know);
 * REVOKING; NO_SLOT; TOO_BIG (128 derivations deep).
 */
MUST_CHECK enum status ambit_part_of(struct ambit_handle domain,
                                     enum ambit_type type, uint32_t rights,
                                     struct ambit_handle *out);

/*
 * Stops a domain between two instructions, wherever it is, until it is
 * continued; again for one that is stopped has no effect. What it waits for
 * goes on: the reply that it gets and the call that it receives arrive, and
 * whoever calls it waits. `*stand` says where it stands (abi/syscall.h). One
 * that is not started yet can be paused, too, and then started. It goes on when
 * the caller ends: nothing is wrong with it.
 * Needs: write on the cpu. Returns OK; NO_RIGHTS; NOT_RUNNING (it has ended);
 * BUSY (another domain has paused it); WOULD_DEADLOCK (oneself).
 */
MUST_CHECK enum status ambit_pause(struct ambit_handle cpu,
                                   enum syscall_stand *stand);

/*
 * Lets a paused domain go on, whoever has paused it. One that stands at a fault
 * waits for its handler's decision still.
 * Needs: write on the cpu. Returns OK; NO_RIGHTS; NOT_RUNNING; NOT_FOUND (it is
 * not paused).
 */
MUST_CHECK enum status ambit_continue(struct ambit_handle cpu);

/*
 * Waits until a domain stands still: its steps are done, or it stands at a
 * fault that its handler is told of.
 * Needs: read on the cpu. Returns OK; NO_RIGHTS; NOT_RUNNING (it has ended,
 * perhaps meanwhile); WOULD_DEADLOCK (oneself).
 */
MUST_CHECK enum status ambit_pause_wait(struct ambit_handle cpu,
                                        enum syscall_stand *stand);

/*
 * Reads the general registers of a domain that stands still: paused, at a
 * fault, or made at run time and not started yet. Steps are not in the flags.
 * Needs: read on the cpu. Returns OK; NO_RIGHTS; BUSY (it does not stand still:
 * it runs, or waits for something); NOT_RUNNING (it is gone).
 */
MUST_CHECK enum status ambit_cpu_read(struct ambit_handle cpu,
                                      struct syscall_registers *out);

/*
 * Writes them. Of the flags only those that a program can set itself are
 * taken, and TF is not: ambit_step asks for steps.
 * Needs: write on the cpu. Returns OK; NO_RIGHTS; BUSY (likewise; also while it
 * stands in a crossing, whose values will be written there); NOT_RUNNING;
 * INVALID_ARGUMENT (rip is in the kernel's half).
 */
MUST_CHECK enum status ambit_cpu_write(struct ambit_handle cpu,
                                       const struct syscall_registers *in);

/*
 * When the domain goes on, it stops after so many instructions; 0 takes that
 * back. If it is paused, or one that was paused is stepping, it is paused
 * again then (ambit_pause_wait); else it stops with a fault of type
 * FAULT_DEBUG, which its handler is told of. A system call and the instruction
 * behind it count as one. The domain does not see TF in its flags.
 * Needs: write on the cpu. Returns OK; NO_RIGHTS; BUSY; NOT_RUNNING;
 * OUT_OF_RANGE (more than SYSCALL_STEPS_MAX).
 */
MUST_CHECK enum status ambit_step(struct ambit_handle cpu, uint32_t count);

/*
 * Attaches a range to another's space. The attachment is the caller's: it can
 * be deleted, and revoking the range detaches.
 * Needs: use on the range and `rights`; write on the space. Returns as
 * ambit_attach, NO_RIGHTS also for what the config does not let that space
 * have, and NOT_RUNNING (it does not exist just now).
 */
MUST_CHECK enum status ambit_attach_to(struct ambit_handle range,
                                       uint32_t rights,
                                       struct ambit_handle space,
                                       struct ambit_handle *out);

/*
 * Has a handler decide about a domain's faults from now on, where its config
 * says `on_fault: handler`.
 * Needs: use on the handler, write on the domain. Returns OK; NO_RIGHTS;
 * NOT_RUNNING; WOULD_DEADLOCK (the domain's own handler); UNSUPPORTED (the
 * handler of a domain that was made at run time).
 */
MUST_CHECK enum status ambit_handler_bind(struct ambit_handle handler,
                                          struct ambit_handle domain);

#endif
