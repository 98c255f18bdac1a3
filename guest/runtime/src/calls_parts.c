/* SPDX-License-Identifier: Apache-2.0 */
/* The calls about parts of other domains. */
#include <ambit/parts.h>
#include <ambit/syscall.h>

static enum status to_handle(uint64_t number, struct ambit_registers io,
                             struct ambit_handle *out)
{
    enum status status = ambit_syscall(number, &io);

    if (status == STATUS_OK) {
        out->bits = io.rdx;
    }
    return status;
}

enum status ambit_part_of(struct ambit_handle domain, enum ambit_type type,
                          uint32_t rights, struct ambit_handle *out)
{
    return to_handle(SYSCALL_PART_OF,
                     (struct ambit_registers){.rdi = domain.bits,
                                              .rsi = (uint64_t)type,
                                              .rdx = rights},
                     out);
}

enum status ambit_attach_to(struct ambit_handle range, uint32_t rights,
                            struct ambit_handle space, struct ambit_handle *out)
{
    return to_handle(SYSCALL_ATTACH_TO,
                     (struct ambit_registers){
                         .rdi = range.bits, .rsi = rights, .rdx = space.bits},
                     out);
}

static enum status to_stand(uint64_t number, struct ambit_handle cpu,
                            enum syscall_stand *stand)
{
    struct ambit_registers io = {.rdi = cpu.bits};
    enum status status = ambit_syscall(number, &io);

    if (status == STATUS_OK) {
        *stand = (enum syscall_stand)io.rdx;
    }
    return status;
}

enum status ambit_pause(struct ambit_handle cpu, enum syscall_stand *stand)
{
    return to_stand(SYSCALL_PAUSE, cpu, stand);
}

enum status ambit_pause_wait(struct ambit_handle cpu, enum syscall_stand *stand)
{
    return to_stand(SYSCALL_PAUSE_WAIT, cpu, stand);
}

enum status ambit_continue(struct ambit_handle cpu)
{
    struct ambit_registers io = {.rdi = cpu.bits};

    return ambit_syscall(SYSCALL_CONTINUE, &io);
}

enum status ambit_cpu_read(struct ambit_handle cpu,
                           struct syscall_registers *out)
{
    struct ambit_registers io = {.rdi = cpu.bits, .rsi = (uint64_t)out};

    return ambit_syscall(SYSCALL_CPU_READ, &io);
}

enum status ambit_cpu_write(struct ambit_handle cpu,
                            const struct syscall_registers *in)
{
    struct ambit_registers io = {.rdi = cpu.bits, .rsi = (uint64_t)in};

    return ambit_syscall(SYSCALL_CPU_WRITE, &io);
}

enum status ambit_step(struct ambit_handle cpu, uint32_t count)
{
    struct ambit_registers io = {.rdi = cpu.bits, .rsi = count};

    return ambit_syscall(SYSCALL_STEP, &io);
}

enum status ambit_handler_bind(struct ambit_handle handler,
                               struct ambit_handle domain)
{
    struct ambit_registers io = {.rdi = handler.bits, .rsi = domain.bits};

    return ambit_syscall(SYSCALL_HANDLER_BIND, &io);
}
