/* SPDX-License-Identifier: Apache-2.0 */
/* The calls about crossings, other domains and their faults. */
#include <ambit/calls.h>
#include <ambit/syscall.h>

static struct ambit_registers from_message(uint64_t first,
                                           const struct ambit_message *message,
                                           struct ambit_gift gift)
{
    const uint64_t *w = message->words;

    return (struct ambit_registers){first, w[0], w[1], w[2],
                                    w[3],  w[4], w[5], gift.bits};
}

static void to_message(const struct ambit_registers *io,
                       struct ambit_message *message)
{
    uint64_t *w = message->words;

    w[0] = io->rsi;
    w[1] = io->rdx;
    w[2] = io->r10;
    w[3] = io->r8;
    w[4] = io->r9;
    w[5] = io->r12;
    message->capability.bits = io->r13;
}

enum status ambit_receive(struct ambit_handle endpoint,
                          struct ambit_message *message)
{
    struct ambit_registers io = {.rdi = endpoint.bits};
    enum status status = ambit_syscall_crossing(SYSCALL_RECEIVE, &io);

    if (status == STATUS_OK) {
        to_message(&io, message);
        message->badge = io.rdi;
    }
    return status;
}

enum status ambit_reply_with(const struct ambit_message *message,
                             struct ambit_gift gift)
{
    struct ambit_registers io = from_message(0, message, gift);

    return ambit_syscall(SYSCALL_REPLY, &io);
}

enum status ambit_reply(const struct ambit_message *message)
{
    return ambit_reply_with(message, (struct ambit_gift){0});
}

enum status ambit_spawn(struct ambit_handle domain)
{
    struct ambit_registers io = {.rdi = domain.bits};

    return ambit_syscall(SYSCALL_SPAWN, &io);
}

enum status ambit_stop(struct ambit_handle domain)
{
    struct ambit_registers io = {.rdi = domain.bits};

    return ambit_syscall(SYSCALL_STOP, &io);
}

enum status ambit_wait(struct ambit_handle domain, struct ambit_outcome *out)
{
    struct ambit_registers io = {.rdi = domain.bits};
    enum status status = ambit_syscall(SYSCALL_WAIT, &io);

    if (status == STATUS_OK) {
        *out =
            (struct ambit_outcome){(enum outcome_kind)io.rdx, (int32_t)io.r10};
    }
    return status;
}

enum status ambit_fault_wait(struct ambit_handle handler,
                             struct syscall_fault *out)
{
    struct ambit_registers io = {.rdi = handler.bits, .rsi = (uint64_t)out};

    return ambit_syscall(SYSCALL_FAULT_WAIT, &io);
}

enum status ambit_fault_resume(struct ambit_handle handler, uint32_t domain,
                               enum ambit_resume decision)
{
    struct ambit_registers io = {
        .rdi = handler.bits, .rsi = domain, .rdx = (uint64_t)decision};

    return ambit_syscall(SYSCALL_FAULT_RESUME, &io);
}
